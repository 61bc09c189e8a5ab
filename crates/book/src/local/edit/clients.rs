//! Clients and their tokens in a transaction. It sees hashes of secrets only.

use crate::error::BookError;
use crate::local::edit::effect::Effect;
use crate::local::edit::transaction::Transaction;
use carnet_model::{Client, FaultKind, Invalid, Timestamp, Token};
use carnet_storage::Readable;

impl Transaction<'_, '_> {
    /// Adds a client, made at the time of the transaction.
    pub(crate) fn add_client(&mut self, mut client: Client) -> Result<(), BookError> {
        if self.txn.client(&client.id)?.is_some() {
            let why = FaultKind::Value("a client with this id exists already".into());
            return Err(BookError::Invalid(Invalid::one("id", why)));
        }
        client.create_date = self.at;
        Ok(self.txn.put_client(&client)?)
    }

    /// Removes a client. False when there is none.
    pub(crate) fn remove_client(&mut self, id: &str) -> Result<bool, BookError> {
        self.end_tokens_of(id);
        Ok(self.txn.remove_client(id)?)
    }

    /// Gives a client another secret, and ends its tokens. Returns its role.
    pub(crate) fn rotate_client(
        &mut self,
        id: &str,
        secret_sha256: [u8; 32],
    ) -> Result<Option<String>, BookError> {
        let Some(mut client) = self.txn.client(id)? else {
            return Ok(None);
        };
        client.secret_sha256 = secret_sha256;
        self.txn.put_client(&client)?;
        // Those of the store, and below those that the book remembers as verified.
        self.txn.remove_tokens_of(id)?;
        self.end_tokens_of(id);
        Ok(Some(client.role))
    }

    /// Gives a client a token that lasts `seconds`. False when its secret is no longer the one that
    /// was verified.
    pub(crate) fn give_token(
        &mut self,
        client: String,
        secret_sha256: [u8; 32],
        token_sha256: [u8; 32],
        seconds: u64,
    ) -> Result<bool, BookError> {
        // The secret was verified before this transaction, and may have been rotated since.
        let current = self.txn.client(&client)?;
        if current.is_none_or(|current| current.secret_sha256 != secret_sha256) {
            return Ok(false);
        }
        let millis = i64::try_from(seconds).unwrap_or(i64::MAX).saturating_mul(1_000);
        let expires = Timestamp(self.at.0.saturating_add(millis));
        // Here, as nothing else removes tokens that have ended.
        self.txn.remove_tokens_expired_before(self.at)?;
        self.txn.put_token(token_sha256, &Token { client, expires })?;
        Ok(true)
    }

    /// Has the credentials of a client forgotten that were verified.
    fn end_tokens_of(&mut self, id: &str) {
        self.effects.push(Effect::Client { id: id.to_owned() });
    }
}
