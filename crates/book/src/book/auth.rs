//! Authentication: clients with their secrets, people with their passwords, and the tokens of both.
//! Only SHA-256 of secrets and tokens and argon2id of passwords is stored; the process keeps those
//! that it has verified in memory. How credentials travel is not known here.

pub(crate) mod clients;
pub(crate) mod passwords;
mod secrets;
pub(crate) mod users;

use crate::book::AddressBook;
use crate::book::auth::secrets::{random_secret, sha256};
use crate::clock::now;
use crate::error::BookError;
use crate::limits::KEY_DOTS_MAX;
use crate::local::edit::transaction::Transaction;
use crate::local::snapshot::Snapshot;
use crate::principal::Principal;
use carnet_model::{Account, Client, Permissions, Timestamp};
use std::sync::Arc;
use std::time::Duration;
use subtle::ConstantTimeEq;

/// A new token: the only time that it is seen.
#[derive(Clone, PartialEq, Eq)]
pub struct NewToken {
    /// The token.
    pub token: String,
    /// Its life in seconds.
    pub seconds: u64,
}

impl AddressBook {
    /// Checks a client's secret and gives it a token; `None` when they do not fit. Takes the
    /// same time for an unknown id as for a wrong secret.
    ///
    /// # Errors
    /// As every write.
    pub async fn sign_in(&self, id: &str, secret: &str) -> Result<Option<NewToken>, BookError> {
        let snapshot = self.snapshot().await?;
        let client = self.inner.ask(&snapshot, |snapshot| client_with(snapshot, id, secret))?;
        let Some(Client { secret_sha256: stored, .. }) = client else {
            return Ok(None);
        };
        let token = random_secret()?;
        let seconds = self.inner.settings.token_seconds;
        let (hash, client) = (sha256(&token), id.to_owned());
        // The secret is compared once more there: it may change on the way to the writer.
        let edit = move |transaction: &mut Transaction<'_, '_>| {
            transaction.give_token(client, stored, hash, seconds)
        };
        let given = self.inner.write(1, edit).await?;
        Ok(given.then_some(NewToken { token, seconds }))
    }

    /// Counts the occasions on which tokens ended before their time. A caller that keeps an answer of
    /// [`authenticate_until`] asks again when this differs from its value before that call.
    ///
    /// [`authenticate_until`]: AddressBook::authenticate_until
    pub fn tokens_epoch(&self) -> u64 {
        self.inner.verified.epoch()
    }

    /// The principal of a token, as [`authenticate`](AddressBook::authenticate) finds it, and how
    /// long the token lasts.
    ///
    /// # Errors
    /// As [`authenticate`](AddressBook::authenticate).
    pub fn authenticate_until(
        &self,
        token: &str,
    ) -> Result<Option<(Arc<Principal>, Duration)>, BookError> {
        let Some(principal) = self.authenticate(token)? else {
            return Ok(None);
        };
        let expires = self.inner.verified.token(token).map_or(now(), |(_, expires)| expires);
        let left = u64::try_from(expires.0.saturating_sub(now().0)).unwrap_or(0);
        Ok(Some((principal, Duration::from_millis(left))))
    }

    /// The principal of a token; `None` when the token is unknown or has ended.
    ///
    /// # Errors
    /// [`BookError::Unavailable`] while the store is being opened again and the token is not in
    /// memory; [`BookError::Engine`] when the store fails.
    pub fn authenticate(&self, token: &str) -> Result<Option<Arc<Principal>>, BookError> {
        if let Some((principal, expires)) = self.inner.verified.token(token) {
            return Ok((expires > now()).then_some(principal));
        }
        let hash = sha256(token);
        let Some((principal, expires)) = self.principal_of_token(&hash)? else {
            return Ok(None);
        };
        self.inner.verified.keep_token(token, Arc::clone(&principal), expires);
        // The token may have ended between reading and keeping, or the account may do something else
        // since: then what was kept is forgotten again.
        let again = self.principal_of_token(&hash)?.map(|(principal, _)| principal);
        if again.as_ref() != Some(&principal) {
            self.inner.verified.forget(&principal.account);
        }
        Ok(again)
    }

    /// What the newest state says of a token that lasts: its principal, and when it ends.
    fn principal_of_token(
        &self,
        sha256: &[u8; 32],
    ) -> Result<Option<(Arc<Principal>, Timestamp)>, BookError> {
        let permissions = |role: &str| self.inner.settings.role(role).unwrap_or(Permissions::NONE);
        self.inner.ask(&*self.snapshot_now()?, |snapshot| {
            let token = snapshot.token(sha256)?;
            let Some(token) = token.filter(|token| token.expires > now()) else {
                return Ok(None);
            };
            let principal = match &token.account {
                Account::Client(id) => snapshot.client(id)?.map(|client| self.principal(client).0),
                Account::User(key) => snapshot.user(key)?.map(|user| {
                    let permissions = permissions(&user.role);
                    let account = token.account.clone();
                    Arc::new(Principal { account, author: user.name, permissions })
                }),
                // It is good for one thing, which `use_first_link` does.
                Account::First => None,
            };
            Ok::<_, BookError>(principal.map(|principal| (principal, token.expires)))
        })
    }

    /// The principal of an id with its secret, as HTTP's Basic sends them; `None` when they do not
    /// fit. A secret that fitted is kept in memory for [`VERIFIED_SECRET_LIFE`], or until the client
    /// is removed or gets another one.
    ///
    /// # Errors
    /// As [`AddressBook::authenticate`].
    ///
    /// [`VERIFIED_SECRET_LIFE`]: crate::limits::VERIFIED_SECRET_LIFE
    pub fn authenticate_basic(
        &self,
        id: &str,
        secret: &str,
    ) -> Result<Option<Arc<Principal>>, BookError> {
        if let Some(principal) = self.inner.verified.secret(id, secret) {
            return Ok(Some(principal));
        }
        let client = self.inner.ask(&*self.snapshot_now()?, |now| client_with(now, id, secret))?;
        let Some(client) = client else {
            return Ok(None);
        };
        let (principal, secret_sha256) = self.principal(client);
        self.inner.verified.keep_secret(secret, Arc::clone(&principal));
        self.unless_revoked(principal, secret_sha256)
    }

    /// The principal of a [`NewClient::key`](crate::NewClient::key), kept in memory as a secret is by
    /// [`authenticate_basic`](Self::authenticate_basic); `None` when it is no client's.
    ///
    /// # Errors
    /// As [`AddressBook::authenticate`].
    pub fn authenticate_key(&self, key: &str) -> Result<Option<Arc<Principal>>, BookError> {
        if let Some(principal) = self.inner.verified.key(key) {
            return Ok(Some(principal));
        }
        // Ids and secrets may have dots of their own, so more than one cut is possible.
        let cuts = key.match_indices('.').take(KEY_DOTS_MAX);
        let mut cuts = cuts.map(|(at, dot)| (&key[..at], &key[at + dot.len()..]));
        let client = self.inner.ask(&*self.snapshot_now()?, |now| {
            let client = cuts.find_map(|(id, secret)| client_with(now, id, secret).transpose());
            client.transpose()
        })?;
        let Some(client) = client else {
            return Ok(None);
        };
        let (principal, secret_sha256) = self.principal(client);
        self.inner.verified.keep_key(key, Arc::clone(&principal));
        self.unless_revoked(principal, secret_sha256)
    }

    /// The principal that a client is, and the hash of its secret.
    fn principal(&self, client: Client) -> (Arc<Principal>, [u8; 32]) {
        // A role that the configuration no longer knows permits nothing.
        let permissions = self.inner.settings.role(&client.role).unwrap_or(Permissions::NONE);
        (Arc::new(Principal::client(client.id, permissions)), client.secret_sha256)
    }

    /// The principal whose credentials were just kept, unless its client was removed or got another
    /// secret between reading and keeping: then they are forgotten again.
    fn unless_revoked(
        &self,
        principal: Arc<Principal>,
        secret_sha256: [u8; 32],
    ) -> Result<Option<Arc<Principal>>, BookError> {
        let client = self.inner.ask(&*self.snapshot_now()?, |now| now.client(&principal.author))?;
        if client.is_none_or(|client| client.secret_sha256 != secret_sha256) {
            self.inner.verified.forget(&principal.account);
            return Ok(None);
        }
        Ok(Some(principal))
    }
}

/// The client with this id, if this is its secret. Takes the same time for an unknown id.
fn client_with(snapshot: &Snapshot, id: &str, secret: &str) -> Result<Option<Client>, BookError> {
    let client = snapshot.client(id)?;
    let stored = client.as_ref().map_or([0; 32], |client| client.secret_sha256);
    let fits: bool = sha256(secret).ct_eq(&stored).into();
    Ok(client.filter(|_| fits))
}
