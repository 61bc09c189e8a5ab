//! Clients: listed, added, removed, and given another secret.

use crate::book::AddressBook;
use crate::book::auth::secrets::{random_secret, sha256};
use crate::error::BookError;
use crate::local::snapshot::Snapshot;
use carnet_model::{Client, FaultKind, Invalid, Permission, Permissions, Timestamp};
use uuid::Uuid;

/// Characters of a client's name or id.
const CLIENT_CHARS_MAX: usize = 200;
/// Characters of the shortest secret that a client may be given instead of a random one.
const SECRET_CHARS_MIN: usize = 16;

/// A new client: the only time that its secret is seen.
#[derive(Clone, PartialEq, Eq)]
pub struct NewClient {
    /// The id with which it signs in.
    pub id: String,
    /// Its secret.
    pub secret: String,
    /// Its id and secret in one text, for an address: only of a client that may look up and
    /// nothing else. [`AddressBook::authenticate_key`] reads it.
    pub key: Option<String>,
}

impl NewClient {
    fn new(id: String, secret: String, permissions: Option<Permissions>) -> NewClient {
        let weak = permissions == Some(Permissions::of(&[Permission::Lookup]));
        let key = weak.then(|| format!("{id}.{secret}"));
        NewClient { id, secret, key }
    }
}

impl AddressBook {
    /// Every client, by id.
    ///
    /// # Errors
    /// When the store fails.
    pub fn clients(&self) -> Result<Vec<Client>, BookError> {
        self.inner.ask(&*self.snapshot_now()?, Snapshot::clients)
    }

    /// Adds a client. Without `id` or `secret` it gets random ones.
    ///
    /// # Errors
    /// [`BookError::Invalid`] for a role that does not exist, an id that is taken, or a secret
    /// that is too short.
    pub async fn add_client(
        &self,
        name: &str,
        role: &str,
        id: Option<String>,
        secret: Option<String>,
    ) -> Result<NewClient, BookError> {
        let id = id.unwrap_or_else(|| Uuid::new_v4().to_string());
        let invalid = self.faults_of_client(name, role, &id, secret.as_deref());
        if !invalid.is_empty() {
            return Err(BookError::Invalid(invalid));
        }
        let secret = match secret {
            Some(secret) => secret,
            None => random_secret()?,
        };
        let client = Client {
            id: id.clone(),
            name: name.trim().to_owned(),
            role: role.to_owned(),
            secret_sha256: sha256(&secret),
            create_date: Timestamp(0),
        };
        self.inner.write(1, move |transaction| transaction.add_client(client)).await?;
        Ok(NewClient::new(id, secret, self.inner.settings.role(role)))
    }

    /// Every fault of a client that is to be added.
    fn faults_of_client(&self, name: &str, role: &str, id: &str, secret: Option<&str>) -> Invalid {
        let mut invalid = Invalid::default();
        if name.trim().is_empty() {
            invalid.add("name", FaultKind::Required);
        }
        if name.chars().any(char::is_control) {
            let why = "a name has no line breaks or other control characters".into();
            invalid.add("name", FaultKind::Value(why));
        }
        self.check_role(role, &mut invalid);
        if id.is_empty() || !id.bytes().all(|b| b.is_ascii_graphic() && b != b':') {
            let why = "an id is made of visible ASCII characters without a colon".into();
            invalid.add("id", FaultKind::Value(why));
        }
        for (field, text) in [("name", name), ("id", id)] {
            if text.chars().count() > CLIENT_CHARS_MAX {
                invalid.add(field, FaultKind::TooLong { max: CLIENT_CHARS_MAX });
            }
        }
        if secret.is_some_and(|secret| secret.chars().count() < SECRET_CHARS_MIN) {
            let why = format!("a secret has at least {SECRET_CHARS_MIN} characters");
            invalid.add("secret", FaultKind::Value(why));
        }
        invalid
    }

    /// Adds a fault for a role that does not exist.
    pub(super) fn check_role(&self, role: &str, invalid: &mut Invalid) {
        if self.inner.settings.role(role).is_none() {
            let known: Vec<&str> = self.inner.settings.role_names().collect();
            let why = format!("there is no role {role}; there are {}", known.join(", "));
            invalid.add("role", FaultKind::Value(why));
        }
    }

    /// Removes a client; its tokens end at once. False when there is none.
    ///
    /// # Errors
    /// As every write.
    pub async fn remove_client(&self, id: &str) -> Result<bool, BookError> {
        let id = id.to_owned();
        self.inner.write(1, move |transaction| transaction.remove_client(&id)).await
    }

    /// Gives a client another secret; the old one and every token end at once. `None` when there
    /// is no such client.
    ///
    /// # Errors
    /// As every write.
    pub async fn rotate_client(&self, id: &str) -> Result<Option<NewClient>, BookError> {
        let secret = random_secret()?;
        let (wanted, hash) = (id.to_owned(), sha256(&secret));
        let rotated = self
            .inner
            .write(1, move |transaction| transaction.rotate_client(&wanted, hash))
            .await?;
        let rotated = rotated
            .map(|role| NewClient::new(id.to_owned(), secret, self.inner.settings.role(&role)));
        Ok(rotated)
    }
}
