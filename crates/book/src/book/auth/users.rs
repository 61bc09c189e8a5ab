//! People: listed, added, edited, removed, and signed in. A session is a token of a person.

use crate::book::AddressBook;
use crate::book::auth::passwords::{self, NewPassword};
use crate::book::auth::secrets::{random_secret, sha256};
use crate::clock::now;
use crate::error::{BookError, EntityKind};
use crate::limits::{FIRST_LINK_SECONDS, SESSION_SECONDS};
use crate::local::edit::transaction::Transaction;
use crate::local::edit::users::AdminRoles;
use crate::local::snapshot::Snapshot;
use crate::principal::Principal;
use carnet_model::{Account, FaultKind, Invalid, Permission, Role, Timestamp, User};

/// Characters of a person's name.
const NAME_CHARS_MAX: usize = 100;

/// A person whose password was just verified.
pub struct VerifiedUser(User);

/// A new session: the only time that its token is seen.
pub struct NewSession {
    /// The token, which stands for the person until it ends.
    pub token: String,
    /// Its life in seconds.
    pub seconds: u64,
}

impl AddressBook {
    /// Every person, by name.
    ///
    /// # Errors
    /// When the store fails.
    pub fn users(&self) -> Result<Vec<User>, BookError> {
        self.inner.ask(&*self.snapshot_now()?, Snapshot::users)
    }

    /// Adds a person.
    ///
    /// # Errors
    /// [`BookError::Invalid`] for a name that is taken or no name, or a role that does not exist.
    pub async fn add_user(
        &self,
        name: &str,
        role: &str,
        password: NewPassword,
    ) -> Result<User, BookError> {
        let user = self.new_user(name, role, password)?;
        self.inner.write(1, move |transaction| transaction.add_user(user)).await
    }

    /// Gives a person another role, another password, or both. Another password ends the sessions.
    ///
    /// # Errors
    /// [`BookError::NotFound`] when there is no such person, [`BookError::Invalid`] for a role that
    /// does not exist, [`BookError::Conflict`] when no administrator would be left.
    pub async fn edit_user(
        &self,
        name: &str,
        role: Option<String>,
        password: Option<NewPassword>,
    ) -> Result<User, BookError> {
        if let Some(role) = &role {
            let mut invalid = Invalid::default();
            self.check_role(role, &mut invalid);
            refuse(invalid)?;
        }
        let (key, admins) = (User::key(name), self.admin_roles());
        let edit = move |transaction: &mut Transaction<'_, '_>| {
            transaction.edit_user(&key, role, password.map(|password| password.0), &admins)
        };
        self.inner.write(1, edit).await
    }

    /// Removes a person; the sessions end at once.
    ///
    /// # Errors
    /// [`BookError::NotFound`] when there is no such person, [`BookError::Conflict`] when no
    /// administrator would be left.
    pub async fn remove_user(&self, name: &str) -> Result<(), BookError> {
        let (key, admins) = (User::key(name), self.admin_roles());
        self.inner.write(1, move |transaction| transaction.remove_user(&key, &admins)).await
    }

    /// Compares a person's password with the one that is kept; `None` when they differ or there is
    /// no such person, which takes as long. It takes some tens of milliseconds of processor time.
    ///
    /// # Errors
    /// When the store fails.
    pub fn verify_user(
        &self,
        name: &str,
        password: &str,
    ) -> Result<Option<VerifiedUser>, BookError> {
        let key = User::key(name);
        let user = self.inner.ask(&*self.snapshot_now()?, |snapshot| snapshot.user(&key))?;
        let fits = passwords::fits(password, user.as_ref().map(|user| &*user.password_hash));
        Ok(user.filter(|_| fits).map(VerifiedUser))
    }

    /// Opens a session for a person; `None` when the password was changed since it was verified.
    ///
    /// # Errors
    /// As every write.
    pub async fn open_session(
        &self,
        VerifiedUser(user): VerifiedUser,
    ) -> Result<Option<NewSession>, BookError> {
        let token = random_secret()?;
        let (key, hash) = (User::key(&user.name), sha256(&token));
        let edit = move |transaction: &mut Transaction<'_, '_>| {
            transaction.open_session(key, &user.password_hash, hash, SESSION_SECONDS)
        };
        let opened = self.inner.write(1, edit).await?;
        Ok(opened.then_some(NewSession { token, seconds: SESSION_SECONDS }))
    }

    /// Ends a session. False when the token is none of a person's.
    ///
    /// # Errors
    /// As every write.
    pub async fn end_session(&self, token: &str) -> Result<bool, BookError> {
        let hash = sha256(token);
        self.inner.write(1, move |transaction| transaction.end_session(&hash)).await
    }

    /// A secret with which the first administrator may be made, once, within some days; `None` when
    /// there is a person already.
    ///
    /// # Errors
    /// As every write.
    pub async fn first_link(&self) -> Result<Option<String>, BookError> {
        let link = random_secret()?;
        let hash = sha256(&link);
        let edit = move |transaction: &mut Transaction<'_, '_>| {
            transaction.keep_first_link(hash, FIRST_LINK_SECONDS)
        };
        Ok(self.inner.write(1, edit).await?.then_some(link))
    }

    /// Makes the first administrator for who brings the secret of [`first_link`](Self::first_link).
    /// `None` when the secret is unknown, was used, or has ended.
    ///
    /// # Errors
    /// [`BookError::Invalid`] for a name that is none.
    pub async fn use_first_link(
        &self,
        link: &str,
        name: &str,
        password: NewPassword,
    ) -> Result<Option<User>, BookError> {
        let user = self.new_user(name, Role::Admin.name(), password)?;
        let hash = sha256(link);
        self.inner.write(1, move |transaction| transaction.use_first_link(&hash, user)).await
    }

    /// Whether the secret of a first link is still good.
    ///
    /// # Errors
    /// When the store fails.
    pub fn is_first_link(&self, link: &str) -> Result<bool, BookError> {
        let hash = sha256(link);
        let token = self.inner.ask(&*self.snapshot_now()?, |snapshot| snapshot.token(&hash))?;
        Ok(token.is_some_and(|token| token.account == Account::First && token.expires > now()))
    }

    /// The person of a principal.
    ///
    /// # Errors
    /// [`BookError::NotFound`] when the principal is a program, or the person was removed.
    pub fn user_of(&self, principal: &Principal) -> Result<User, BookError> {
        let Account::User(key) = &principal.account else {
            return Err(BookError::NotFound(EntityKind::User));
        };
        let user = self.inner.ask(&*self.snapshot_now()?, |snapshot| snapshot.user(key))?;
        user.ok_or(BookError::NotFound(EntityKind::User))
    }

    fn new_user(
        &self,
        name: &str,
        role: &str,
        NewPassword(password_hash): NewPassword,
    ) -> Result<User, BookError> {
        let mut invalid = Invalid::default();
        let name = name.trim();
        if name.is_empty() {
            invalid.add("name", FaultKind::Required);
        }
        if name.chars().count() > NAME_CHARS_MAX {
            invalid.add("name", FaultKind::TooLong { max: NAME_CHARS_MAX });
        }
        if name.chars().any(|c| c.is_control() || turns(c)) {
            let why = "a name has no line breaks or other control characters".into();
            invalid.add("name", FaultKind::Value(why));
        }
        self.check_role(role, &mut invalid);
        refuse(invalid)?;
        let (name, role) = (name.to_owned(), role.to_owned());
        Ok(User { name, role, password_hash, create_date: Timestamp(0) })
    }

    /// The roles that may do everything with the daemon.
    fn admin_roles(&self) -> AdminRoles {
        let settings = &self.inner.settings;
        let may = |role: &&str| settings.role(role).is_some_and(|p| p.has(Permission::Admin));
        AdminRoles(settings.role_names().filter(may).map(str::to_owned).collect())
    }
}

/// Whether a character turns the direction of what follows, so that one name looks like another.
fn turns(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn refuse(invalid: Invalid) -> Result<(), BookError> {
    if invalid.is_empty() { Ok(()) } else { Err(BookError::Invalid(invalid)) }
}
