//! Who asks: clients, their secrets, and the tokens that stand for them. Only SHA-256 of secrets
//! and tokens is stored; the process remembers the tokens that it has verified.

pub(crate) mod clients;
mod secrets;

use crate::book::AddressBook;
use crate::book::auth::secrets::{random_secret, sha256};
use crate::clock::now;
use crate::error::BookError;
use crate::limits::KEY_DOTS_MAX;
use crate::local::edit::transaction::Edit;
use crate::principal::Who;
use carnet_model::{Client, Permissions};
use std::sync::Arc;
use std::time::Duration;
use subtle::ConstantTimeEq;

/// A token that was just given out.
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
        let client = self.inner.ask(&*self.snapshot().await?, |snapshot| snapshot.client(id))?;
        let stored = client.as_ref().map_or([0; 32], |client| client.secret_sha256);
        let fits: bool = sha256(secret).ct_eq(&stored).into();
        if client.is_none() || !fits {
            return Ok(None);
        }
        let token = random_secret()?;
        let seconds = self.inner.settings.token_seconds;
        let (hash, client) = (sha256(&token), id.to_owned());
        // The secret is compared once more there: it may change on the way to the writer.
        let edit = move |edit: &mut Edit<'_, '_>| edit.give_token(client, stored, hash, seconds);
        let given = self.inner.write(1, edit).await?;
        Ok(given.then_some(NewToken { token, seconds }))
    }

    /// Moves whenever tokens end before their time: whoever remembers what [`authenticate_until`]
    /// said asks again when this has another value than before that call.
    ///
    /// [`authenticate_until`]: AddressBook::authenticate_until
    pub fn tokens_epoch(&self) -> u64 {
        self.inner.remembered.epoch()
    }

    /// Who a token stands for, as [`authenticate`](AddressBook::authenticate) says, and how long
    /// it lasts.
    ///
    /// # Errors
    /// The same.
    pub fn authenticate_until(
        &self,
        token: &str,
    ) -> Result<Option<(Arc<Who>, Duration)>, BookError> {
        let Some(who) = self.authenticate(token)? else {
            return Ok(None);
        };
        let expires = self.inner.remembered.get(token).map_or(now(), |(_, expires)| expires);
        let left = u64::try_from(expires.0.saturating_sub(now().0)).unwrap_or(0);
        Ok(Some((who, Duration::from_millis(left))))
    }

    /// Who a token stands for; `None` when it is unknown or has ended.
    ///
    /// # Errors
    /// [`BookError::Unavailable`] while the store is being opened again and the token has not
    /// been seen before; when the store fails.
    pub fn authenticate(&self, token: &str) -> Result<Option<Arc<Who>>, BookError> {
        if let Some((who, expires)) = self.inner.remembered.get(token) {
            return Ok((expires > now()).then_some(who));
        }
        let found = self.inner.ask(&*self.snapshot_now()?, |snapshot| {
            let token = snapshot.token(&sha256(token))?;
            let Some(token) = token.filter(|token| token.expires > now()) else {
                return Ok(None);
            };
            let client = snapshot.client(&token.client)?;
            Ok::<_, BookError>(client.map(|client| (token, client)))
        })?;
        let Some((found, client)) = found else {
            return Ok(None);
        };
        let (who, secret_sha256) = self.who(client);
        self.inner.remembered.put(token, Arc::clone(&who), found.expires);
        self.still(who, secret_sha256)
    }

    /// Who an id and its secret stand for, given as one text with `between` between them: a colon
    /// as HTTP's Basic has it, or the dot of a [`NewClient::key`]. `None` when they do not fit.
    /// What fitted is remembered for [`REMEMBERED_SECRET_LIFE`], or until the client is removed
    /// or gets another secret.
    ///
    /// # Errors
    /// As [`AddressBook::authenticate`].
    pub fn authenticate_pair(
        &self,
        pair: &str,
        between: char,
    ) -> Result<Option<Arc<Who>>, BookError> {
        if let Some(who) = self.inner.remembered.pair(pair, between) {
            return Ok(Some(who));
        }
        // Ids and secrets may have dots of their own, an id has no colon.
        let splits = pair.match_indices(between);
        let splits = splits.take(if between == ':' { 1 } else { KEY_DOTS_MAX });
        let splits = splits.map(|(at, dot)| (&pair[..at], &pair[at + dot.len()..]));
        let found = self.inner.ask(&*self.snapshot_now()?, |snapshot| {
            for (id, secret) in splits {
                let client = snapshot.client(id)?;
                let stored = client.as_ref().map_or([0; 32], |client| client.secret_sha256);
                let fits: bool = sha256(secret).ct_eq(&stored).into();
                if let Some(client) = client.filter(|_| fits) {
                    return Ok::<_, BookError>(Some(client));
                }
            }
            Ok(None)
        })?;
        let Some(client) = found else {
            return Ok(None);
        };
        let (who, secret_sha256) = self.who(client);
        self.inner.remembered.put_pair(pair, between, Arc::clone(&who));
        self.still(who, secret_sha256)
    }

    /// A client as one that asks, and the hash of its secret.
    fn who(&self, client: Client) -> (Arc<Who>, [u8; 32]) {
        // A role that the configuration no longer knows permits nothing.
        let permissions = self.inner.settings.role(&client.role).unwrap_or(Permissions::NONE);
        (Arc::new(Who { client: client.id, permissions }), client.secret_sha256)
    }

    /// Who was just remembered, unless the client was removed or got another secret between
    /// reading and remembering: then it must not be remembered.
    fn still(&self, who: Arc<Who>, sha256: [u8; 32]) -> Result<Option<Arc<Who>>, BookError> {
        let still = self.inner.ask(&*self.snapshot_now()?, |now| now.client(&who.client))?;
        if still.is_none_or(|still| still.secret_sha256 != sha256) {
            self.inner.remembered.forget_client(&who.client);
            return Ok(None);
        }
        Ok(Some(who))
    }
}
