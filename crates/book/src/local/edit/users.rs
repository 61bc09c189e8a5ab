//! People and their sessions in a transaction. It sees hashes of passwords and tokens only.

use crate::error::{BookError, EntityKind};
use crate::local::edit::transaction::Transaction;
use carnet_model::{Account, FaultKind, Invalid, User};
use carnet_storage::Readable;

/// The names of the roles that have the permission for the daemon itself.
pub(crate) struct AdminRoles(pub(crate) Vec<String>);

impl AdminRoles {
    fn has(&self, user: &User) -> bool {
        self.0.contains(&user.role)
    }
}

impl Transaction<'_, '_> {
    /// Adds a person, made at the time of the transaction.
    pub(crate) fn add_user(&mut self, mut user: User) -> Result<User, BookError> {
        if self.txn.user(&User::key(&user.name))?.is_some() {
            let why = FaultKind::Value("somebody has this name already".into());
            return Err(BookError::Invalid(Invalid::one("name", why)));
        }
        user.create_date = self.at;
        self.txn.put_user(&user)?;
        Ok(user)
    }

    /// Gives a person another role or password. With another password the sessions end.
    pub(crate) fn edit_user(
        &mut self,
        key: &str,
        role: Option<String>,
        password_hash: Option<String>,
        admins: &AdminRoles,
    ) -> Result<User, BookError> {
        let mut user = self.user(key)?;
        if let Some(role) = role {
            let was_admin = admins.has(&user);
            user.role = role;
            if was_admin && !admins.has(&user) {
                self.expect_other_admin(key, admins)?;
            }
        }
        let account = Account::User(key.to_owned());
        if let Some(hash) = password_hash {
            user.password_hash = hash;
            self.txn.remove_tokens_of(&account)?;
        }
        self.txn.put_user(&user)?;
        self.forget(account);
        Ok(user)
    }

    /// Removes a person and the sessions.
    pub(crate) fn remove_user(&mut self, key: &str, admins: &AdminRoles) -> Result<(), BookError> {
        let user = self.user(key)?;
        if admins.has(&user) {
            self.expect_other_admin(key, admins)?;
        }
        self.txn.remove_user(key)?;
        self.forget(Account::User(key.to_owned()));
        Ok(())
    }

    /// Opens a session. False when the password is no longer the one that was verified.
    pub(crate) fn open_session(
        &mut self,
        key: String,
        password_hash: &str,
        token_sha256: [u8; 32],
        seconds: u64,
    ) -> Result<bool, BookError> {
        let user = self.txn.user(&key)?;
        if user.is_none_or(|user| user.password_hash != password_hash) {
            return Ok(false);
        }
        self.put_token(Account::User(key), token_sha256, seconds)?;
        Ok(true)
    }

    /// Ends a session. False when there is none of a person with this token.
    pub(crate) fn end_session(&mut self, token_sha256: &[u8; 32]) -> Result<bool, BookError> {
        let token = self.txn.token(token_sha256)?;
        let Some(account @ Account::User(_)) = token.map(|token| token.account) else {
            return Ok(false);
        };
        self.txn.remove_token(token_sha256)?;
        // All of the person's that were verified; those that last are verified once more.
        self.forget(account);
        Ok(true)
    }

    /// Keeps the secret for the first administrator, in place of an earlier one. False when there is
    /// a person already.
    pub(crate) fn keep_first_link(
        &mut self,
        sha256: [u8; 32],
        seconds: u64,
    ) -> Result<bool, BookError> {
        if !self.txn.users()?.is_empty() {
            return Ok(false);
        }
        self.txn.remove_tokens_of(&Account::First)?;
        self.put_token(Account::First, sha256, seconds)?;
        Ok(true)
    }

    /// Adds the first person for the secret that was kept, which ends. `None` when it is not the one
    /// that was kept, or there is a person already.
    pub(crate) fn use_first_link(
        &mut self,
        sha256: &[u8; 32],
        user: User,
    ) -> Result<Option<User>, BookError> {
        let token = self.txn.token(sha256)?;
        let is_good = token.is_some_and(|t| t.account == Account::First && t.expires > self.at);
        if !is_good || !self.txn.users()?.is_empty() {
            return Ok(None);
        }
        self.txn.remove_token(sha256)?;
        self.add_user(user).map(Some)
    }

    fn user(&self, key: &str) -> Result<User, BookError> {
        self.txn.user(key)?.ok_or(BookError::NotFound(EntityKind::User))
    }

    /// Refuses what would leave no administrator: then no person could add another one.
    fn expect_other_admin(&self, key: &str, admins: &AdminRoles) -> Result<(), BookError> {
        let mut others = self.txn.users()?.into_iter().filter(|user| User::key(&user.name) != key);
        if others.any(|user| admins.has(&user)) {
            return Ok(());
        }
        Err(BookError::Conflict("This is the last administrator; add another one first.".into()))
    }
}
