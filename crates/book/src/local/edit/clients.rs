//! Clients in a transaction, and what they have in common with people: tokens. It sees hashes of
//! secrets only.

use crate::error::BookError;
use crate::local::edit::effect::Effect;
use crate::local::edit::transaction::Transaction;
use carnet_model::{Account, Client, FaultKind, Invalid, Timestamp, Token};
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
        self.forget(Account::Client(id.to_owned()));
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
        let account = Account::Client(id.to_owned());
        self.txn.remove_tokens_of(&account)?;
        self.forget(account);
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
        self.put_token(Account::Client(client), token_sha256, seconds)?;
        Ok(true)
    }

    /// Keeps a token that lasts `seconds`.
    pub(crate) fn put_token(
        &mut self,
        account: Account,
        token_sha256: [u8; 32],
        seconds: u64,
    ) -> Result<(), BookError> {
        let millis = i64::try_from(seconds).unwrap_or(i64::MAX).saturating_mul(1_000);
        let expires = Timestamp(self.at.0.saturating_add(millis));
        // Here, as nothing else removes tokens that have ended.
        self.txn.remove_tokens_expired_before(self.at)?;
        Ok(self.txn.put_token(token_sha256, &Token { account, expires })?)
    }

    /// Has the credentials of an account forgotten that were verified.
    pub(crate) fn forget(&mut self, account: Account) {
        self.effects.push(Effect::Account(account));
    }
}
