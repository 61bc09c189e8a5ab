//! Clients, people, and the tokens that they were given. None of them is in the change log, which is
//! about the contacts; secrets and tokens are kept as their SHA-256 alone.

use crate::error::{OrStoreError, StoreError};
use crate::record::{decode, encode};
use crate::tables::{Mode, Tables};
use crate::write::WriteTxn;
use carnet_model::{Account, Client, Timestamp, Token, User};
use redb::ReadableTable;

/// Tokens have no key in errors: not even the hash of one may get into a log.
const NO_KEY: &str = "";

impl<M: Mode> Tables<M> {
    pub(crate) fn client(&self, id: &str) -> Result<Option<Client>, StoreError> {
        match self.clients.get(id).or_store_error()? {
            Some(bytes) => decode(bytes.value(), &id).map(Some),
            None => Ok(None),
        }
    }

    pub(crate) fn clients(&self) -> Result<Vec<Client>, StoreError> {
        let rows = self.clients.iter().or_store_error()?;
        let clients = rows.map(|row| {
            let (id, bytes) = row.or_store_error()?;
            decode(bytes.value(), &id.value())
        });
        clients.collect()
    }

    pub(crate) fn user(&self, key: &str) -> Result<Option<User>, StoreError> {
        match self.users.get(key).or_store_error()? {
            Some(bytes) => decode(bytes.value(), &key).map(Some),
            None => Ok(None),
        }
    }

    pub(crate) fn users(&self) -> Result<Vec<User>, StoreError> {
        let rows = self.users.iter().or_store_error()?;
        let users = rows.map(|row| {
            let (key, bytes) = row.or_store_error()?;
            decode(bytes.value(), &key.value())
        });
        users.collect()
    }

    pub(crate) fn token(&self, sha256: &[u8; 32]) -> Result<Option<Token>, StoreError> {
        match self.tokens.get(sha256).or_store_error()? {
            Some(bytes) => decode(bytes.value(), &NO_KEY).map(Some),
            None => Ok(None),
        }
    }
}

impl WriteTxn<'_> {
    /// Adds a client, or replaces the one with its id.
    pub fn put_client(&mut self, client: &Client) -> Result<(), StoreError> {
        let bytes = encode(client, &client.id)?;
        self.tables.clients.insert(client.id.as_str(), bytes.as_slice()).or_store_error()?;
        self.changed = true;
        Ok(())
    }

    /// Removes a client and its tokens. False when there is none with this id.
    pub fn remove_client(&mut self, id: &str) -> Result<bool, StoreError> {
        if self.tables.clients.remove(id).or_store_error()?.is_none() {
            return Ok(false);
        }
        self.changed = true;
        self.remove_tokens_of(&Account::Client(id.to_owned()))?;
        Ok(true)
    }

    /// Adds a person, or replaces the one with the same [`User::key`].
    pub fn put_user(&mut self, user: &User) -> Result<(), StoreError> {
        let key = User::key(&user.name);
        let bytes = encode(user, &key)?;
        self.tables.users.insert(key.as_str(), bytes.as_slice()).or_store_error()?;
        self.changed = true;
        Ok(())
    }

    /// Removes the person with this [`User::key`], and the sessions. False when there is none.
    pub fn remove_user(&mut self, key: &str) -> Result<bool, StoreError> {
        if self.tables.users.remove(key).or_store_error()?.is_none() {
            return Ok(false);
        }
        self.changed = true;
        self.remove_tokens_of(&Account::User(key.to_owned()))?;
        Ok(true)
    }

    /// Keeps a token under its SHA-256.
    pub fn put_token(&mut self, sha256: [u8; 32], token: &Token) -> Result<(), StoreError> {
        let bytes = encode(token, &NO_KEY)?;
        self.tables.tokens.insert(&sha256, bytes.as_slice()).or_store_error()?;
        self.changed = true;
        Ok(())
    }

    /// Removes the token with this SHA-256. False when there is none.
    pub fn remove_token(&mut self, sha256: &[u8; 32]) -> Result<bool, StoreError> {
        let was_there = self.tables.tokens.remove(sha256).or_store_error()?.is_some();
        self.changed |= was_there;
        Ok(was_there)
    }

    /// Removes the tokens that ended before this moment, and says how many. It reads every token.
    pub fn remove_tokens_expired_before(&mut self, at: Timestamp) -> Result<usize, StoreError> {
        self.remove_tokens(|token| token.expires < at)
    }

    /// Removes the tokens of an account, and says how many. It reads every token.
    pub fn remove_tokens_of(&mut self, account: &Account) -> Result<usize, StoreError> {
        self.remove_tokens(|token| token.account == *account)
    }

    fn remove_tokens(&mut self, ended: impl Fn(&Token) -> bool) -> Result<usize, StoreError> {
        // Read first, remove then: one that cannot be read leaves all as they are.
        let mut gone: Vec<[u8; 32]> = Vec::new();
        for row in self.tables.tokens.iter().or_store_error()? {
            let (sha256, bytes) = row.or_store_error()?;
            if ended(&decode(bytes.value(), &NO_KEY)?) {
                gone.push(*sha256.value());
            }
        }
        for sha256 in &gone {
            self.tables.tokens.remove(sha256).or_store_error()?;
        }
        self.changed |= !gone.is_empty();
        Ok(gone.len())
    }
}
