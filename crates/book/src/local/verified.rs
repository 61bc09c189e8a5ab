//! Verified credentials, kept in memory so that each is checked against the store once.

use crate::clock::now;
use crate::limits::{REMEMBERED_SECRET_LIFE, REMEMBERED_TOKENS_MAX};
use crate::principal::Who;
use carnet_model::Timestamp;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

/// Tokens, and ids with their secrets, that were verified, with who they stand for and until when
/// that is believed.
#[derive(Default)]
pub(crate) struct Remembered {
    tokens: RwLock<HashMap<String, (Arc<Who>, Timestamp)>>,
    /// How often tokens were forgotten.
    forgotten: AtomicU64,
    /// By the whole text.
    pairs: RwLock<HashMap<String, Pair>>,
}

/// An id and a secret that fitted.
struct Pair {
    /// What stands between them in their text: with another character it is another pair.
    between: char,
    who: Arc<Who>,
    until: Timestamp,
}

impl Remembered {
    /// How often tokens were forgotten.
    pub(crate) fn epoch(&self) -> u64 {
        self.forgotten.load(Ordering::Acquire)
    }

    pub(crate) fn get(&self, token: &str) -> Option<(Arc<Who>, Timestamp)> {
        let tokens = self.tokens.read().unwrap_or_else(PoisonError::into_inner);
        tokens.get(token).cloned()
    }

    pub(crate) fn put(&self, token: &str, who: Arc<Who>, expires: Timestamp) {
        let mut tokens = self.tokens.write().unwrap_or_else(PoisonError::into_inner);
        if tokens.len() >= REMEMBERED_TOKENS_MAX {
            tokens.clear();
        }
        tokens.insert(token.to_owned(), (who, expires));
    }

    pub(crate) fn pair(&self, pair: &str, between: char) -> Option<Arc<Who>> {
        let pairs = self.pairs.read().unwrap_or_else(PoisonError::into_inner);
        let known = pairs.get(pair)?;
        (known.between == between && known.until > now()).then(|| Arc::clone(&known.who))
    }

    pub(crate) fn put_pair(&self, pair: &str, between: char, who: Arc<Who>) {
        let life = i64::try_from(REMEMBERED_SECRET_LIFE.as_millis()).unwrap_or(i64::MAX);
        let until = Timestamp(now().0.saturating_add(life));
        let mut pairs = self.pairs.write().unwrap_or_else(PoisonError::into_inner);
        if pairs.len() >= REMEMBERED_TOKENS_MAX {
            pairs.clear();
        }
        pairs.insert(pair.to_owned(), Pair { between, who, until });
    }

    pub(crate) fn forget_client(&self, id: &str) {
        let mut tokens = self.tokens.write().unwrap_or_else(PoisonError::into_inner);
        tokens.retain(|_, (who, _)| who.client != id);
        drop(tokens);
        let mut pairs = self.pairs.write().unwrap_or_else(PoisonError::into_inner);
        pairs.retain(|_, pair| pair.who.client != id);
        self.forgotten.fetch_add(1, Ordering::Release);
    }
}
