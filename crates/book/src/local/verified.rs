//! Verified credentials, kept in memory so that each is checked against the store once. It does not
//! know how they are verified.

use crate::clock::now;
use crate::limits::{VERIFIED_SECRET_LIFE, VERIFIED_TOKENS_MAX};
use crate::principal::Principal;
use carnet_model::{Account, Timestamp};
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use subtle::ConstantTimeEq;

/// Tokens, secrets and keys that were verified, with the principal that each stands for and the
/// moment until which that is believed.
#[derive(Default)]
pub(crate) struct VerifiedCredentials {
    tokens: Memo<Verified>,
    /// By the id of the client.
    secrets: Memo<VerifiedSecret>,
    keys: Memo<Verified>,
    /// Counts the calls of [`VerifiedCredentials::forget`] and [`VerifiedCredentials::forget_all`].
    epoch: AtomicU64,
}

/// At most [`VERIFIED_TOKENS_MAX`] entries; a full one begins anew.
type Memo<T> = RwLock<HashMap<String, T>>;

#[derive(Clone)]
struct Verified {
    principal: Arc<Principal>,
    until: Timestamp,
}

impl Verified {
    fn in_force(&self) -> Option<Arc<Principal>> {
        (self.until > now()).then(|| Arc::clone(&self.principal))
    }
}

struct VerifiedSecret {
    secret: String,
    verified: Verified,
}

impl VerifiedCredentials {
    /// A number that is another one after tokens ended before their time.
    pub(crate) fn epoch(&self) -> u64 {
        // Acquire: pairs with the additions in `forget` and `forget_all`, after which no entry of that
        // account, or of any, is left.
        self.epoch.load(Ordering::Acquire)
    }

    /// The principal of a token, and when the token ends.
    pub(crate) fn token(&self, token: &str) -> Option<(Arc<Principal>, Timestamp)> {
        let tokens = self.tokens.read().unwrap_or_else(PoisonError::into_inner);
        tokens.get(token).map(|known| (Arc::clone(&known.principal), known.until))
    }

    /// Keeps a token that was verified and ends at `until`.
    pub(crate) fn keep_token(&self, token: &str, principal: Arc<Principal>, until: Timestamp) {
        keep(&self.tokens, token, Verified { principal, until });
    }

    /// The principal of an id with this secret.
    pub(crate) fn secret(&self, id: &str, secret: &str) -> Option<Arc<Principal>> {
        let secrets = self.secrets.read().unwrap_or_else(PoisonError::into_inner);
        let known = secrets.get(id)?;
        // Found by its id, not by a hash of everything: so the time must not tell how much fits.
        let fits: bool = known.secret.as_bytes().ct_eq(secret.as_bytes()).into();
        known.verified.in_force().filter(|_| fits)
    }

    /// Keeps a client's secret that was verified.
    pub(crate) fn keep_secret(&self, secret: &str, principal: Arc<Principal>) {
        let id = principal.author.clone();
        let verified = verified_now(principal);
        keep(&self.secrets, &id, VerifiedSecret { secret: secret.to_owned(), verified });
    }

    /// The principal of a key.
    pub(crate) fn key(&self, key: &str) -> Option<Arc<Principal>> {
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        keys.get(key)?.in_force()
    }

    /// Keeps a key that was verified.
    pub(crate) fn keep_key(&self, key: &str, principal: Arc<Principal>) {
        keep(&self.keys, key, verified_now(principal));
    }

    /// Forgets everything that stands for an account.
    pub(crate) fn forget(&self, account: &Account) {
        let mut tokens = self.tokens.write().unwrap_or_else(PoisonError::into_inner);
        tokens.retain(|_, known| known.principal.account != *account);
        drop(tokens);
        if let Account::Client(id) = account {
            self.secrets.write().unwrap_or_else(PoisonError::into_inner).remove(id);
        }
        let mut keys = self.keys.write().unwrap_or_else(PoisonError::into_inner);
        keys.retain(|_, known| known.principal.account != *account);
        drop(keys);
        // Release: pairs with the load in `epoch`.
        self.epoch.fetch_add(1, Ordering::Release);
    }

    /// Forgets everything: the store may hold other accounts and tokens than those that were verified.
    pub(crate) fn forget_all(&self) {
        self.tokens.write().unwrap_or_else(PoisonError::into_inner).clear();
        self.secrets.write().unwrap_or_else(PoisonError::into_inner).clear();
        self.keys.write().unwrap_or_else(PoisonError::into_inner).clear();
        // Release: pairs with the load in `epoch`.
        self.epoch.fetch_add(1, Ordering::Release);
    }
}

/// A secret is believed for a while, as it has no end of its own.
fn verified_now(principal: Arc<Principal>) -> Verified {
    let life = i64::try_from(VERIFIED_SECRET_LIFE.as_millis()).unwrap_or(i64::MAX);
    Verified { principal, until: Timestamp(now().0.saturating_add(life)) }
}

fn keep<T>(memo: &Memo<T>, name: &str, value: T) {
    let mut memo = memo.write().unwrap_or_else(PoisonError::into_inner);
    if memo.len() >= VERIFIED_TOKENS_MAX {
        memo.clear();
    }
    memo.insert(name.to_owned(), value);
}
