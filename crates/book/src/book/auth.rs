//! Who asks: clients, their secrets, and the tokens that stand for them. Only SHA-256 of secrets
//! and tokens is stored; the process remembers the tokens that it has verified.

use crate::clock::now;
use crate::limits::{KEY_DOTS_MAX, REMEMBERED_SECRET_LIFE, REMEMBERED_TOKENS_MAX};
use crate::principal::Who;
use crate::{AddressBook, BookError};
use carnet_model::{Client, FaultKind, Invalid, Permission, Permissions, Role, Timestamp, Token};
use carnet_storage::{Readable, StoreError};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;
use subtle::ConstantTimeEq;
use uuid::Uuid;

/// Characters of a client's name or id.
const CLIENT_CHARS_MAX: usize = 200;
/// Characters that a secret must at least have when someone brings their own.
const SECRET_CHARS_MIN: usize = 16;

/// A client that was just made: the only time that its secret is seen.
#[derive(Clone, PartialEq, Eq)]
pub struct NewClient {
    /// The id with which it signs in.
    pub id: String,
    /// Its secret.
    pub secret: String,
    /// Its id and secret in one text, for an address: only of a client that may look up and
    /// nothing else. [`AddressBook::authenticate_pair`] reads it.
    pub key: Option<String>,
}

impl NewClient {
    fn new(id: String, secret: String, permissions: Option<Permissions>) -> NewClient {
        let weak = permissions == Some(Permissions::of(&[Permission::Lookup]));
        let key = weak.then(|| format!("{id}.{secret}"));
        NewClient { id, secret, key }
    }
}

/// A token that was just given out.
#[derive(Clone, PartialEq, Eq)]
pub struct NewToken {
    /// The token.
    pub token: String,
    /// Its life in seconds.
    pub seconds: u64,
}

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
    fn get(&self, token: &str) -> Option<(Arc<Who>, Timestamp)> {
        let tokens = self.tokens.read().unwrap_or_else(PoisonError::into_inner);
        tokens.get(token).cloned()
    }

    fn put(&self, token: &str, who: Arc<Who>, expires: Timestamp) {
        let mut tokens = self.tokens.write().unwrap_or_else(PoisonError::into_inner);
        if tokens.len() >= REMEMBERED_TOKENS_MAX {
            tokens.clear();
        }
        tokens.insert(token.to_owned(), (who, expires));
    }

    fn pair(&self, pair: &str, between: char) -> Option<Arc<Who>> {
        let pairs = self.pairs.read().unwrap_or_else(PoisonError::into_inner);
        let known = pairs.get(pair)?;
        (known.between == between && known.until > now()).then(|| Arc::clone(&known.who))
    }

    fn put_pair(&self, pair: &str, between: char, who: Arc<Who>) {
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

impl AddressBook {
    /// Every client, by id.
    ///
    /// # Errors
    /// When the store fails.
    pub fn clients(&self) -> Result<Vec<Client>, BookError> {
        self.ask(&*self.snapshot_now()?, |snapshot| snapshot.read.clients())
    }

    /// Makes a client. Without `id` or `secret` it gets random ones.
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
        let mut invalid = Invalid::default();
        if name.trim().is_empty() {
            invalid.add("name", FaultKind::Required);
        }
        if name.chars().any(char::is_control) {
            let why = "a name has no line breaks or other control characters".into();
            invalid.add("name", FaultKind::Value(why));
        }
        if self.core.settings.role(role).is_none() {
            let known: Vec<&str> = Role::ALL.iter().map(|role| role.name()).collect();
            let own = self.core.settings.roles.keys().map(String::as_str);
            let known: Vec<&str> = known.into_iter().chain(own).collect();
            let why = format!("there is no role {role}; there are {}", known.join(", "));
            invalid.add("role", FaultKind::Value(why));
        }
        let id = id.unwrap_or_else(|| Uuid::new_v4().to_string());
        if id.is_empty() || !id.bytes().all(|b| b.is_ascii_graphic() && b != b':') {
            let why = "an id is made of visible ASCII characters without a colon".into();
            invalid.add("id", FaultKind::Value(why));
        }
        for (field, text) in [("name", name), ("id", &id)] {
            if text.chars().count() > CLIENT_CHARS_MAX {
                invalid.add(field, FaultKind::TooLong { max: CLIENT_CHARS_MAX });
            }
        }
        if secret.as_ref().is_some_and(|secret| secret.chars().count() < SECRET_CHARS_MIN) {
            let why = format!("a secret has at least {SECRET_CHARS_MIN} characters");
            invalid.add("secret", FaultKind::Value(why));
        }
        if !invalid.is_empty() {
            return Err(BookError::Invalid(invalid));
        }
        let secret = match secret {
            Some(secret) => secret,
            None => random_secret()?,
        };
        let mut client = Client {
            id: id.clone(),
            name: name.trim().to_owned(),
            role: role.to_owned(),
            secret_sha256: sha256(&secret),
            create_date: Timestamp(0),
        };
        self.write(1, move |edit| {
            if edit.txn.client(&client.id)?.is_some() {
                let why = FaultKind::Value("a client with this id exists already".into());
                return Err(BookError::Invalid(Invalid::one("id", why)));
            }
            client.create_date = edit.at;
            Ok(edit.txn.put_client(&client)?)
        })
        .await?;
        Ok(NewClient::new(id, secret, self.core.settings.role(role)))
    }

    /// Removes a client; its tokens end at once. False when there is none.
    ///
    /// # Errors
    /// As every write.
    pub async fn remove_client(&self, id: &str) -> Result<bool, BookError> {
        let wanted = id.to_owned();
        self.write(1, move |edit| {
            edit.end_tokens_of(&wanted);
            Ok(edit.txn.remove_client(&wanted)?)
        })
        .await
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
            .write(1, move |edit| {
                let Some(mut client) = edit.txn.client(&wanted)? else {
                    return Ok(None);
                };
                client.secret_sha256 = hash;
                edit.txn.put_client(&client)?;
                edit.txn.remove_tokens_of(&wanted)?;
                edit.end_tokens_of(&wanted);
                Ok(Some(client.role))
            })
            .await?;
        Ok(rotated
            .map(|role| NewClient::new(id.to_owned(), secret, self.core.settings.role(&role))))
    }

    /// Checks a client's secret and gives it a token; `None` when they do not fit. Takes the
    /// same time for an unknown id as for a wrong secret.
    ///
    /// # Errors
    /// As every write.
    pub async fn sign_in(&self, id: &str, secret: &str) -> Result<Option<NewToken>, BookError> {
        let client = self.ask(&*self.snapshot().await?, |snapshot| snapshot.read.client(id))?;
        let stored = client.as_ref().map_or([0; 32], |client| client.secret_sha256);
        let fits: bool = sha256(secret).ct_eq(&stored).into();
        if client.is_none() || !fits {
            return Ok(None);
        }
        let token = random_secret()?;
        let seconds = self.core.settings.token_seconds;
        let (hash, client) = (sha256(&token), id.to_owned());
        let given = self
            .write(1, move |edit| {
                // Asked again: the secret may have changed on the way to the writer.
                let current = edit.txn.client(&client)?;
                if current.is_none_or(|current| current.secret_sha256 != stored) {
                    return Ok(false);
                }
                let millis = i64::try_from(seconds).unwrap_or(i64::MAX).saturating_mul(1_000);
                let expires = Timestamp(edit.at.0.saturating_add(millis));
                edit.txn.remove_tokens_expired_before(edit.at)?;
                edit.txn.put_token(hash, &Token { client, expires })?;
                Ok(true)
            })
            .await?;
        Ok(given.then_some(NewToken { token, seconds }))
    }

    /// Moves whenever tokens end before their time: whoever remembers what [`authenticate_until`]
    /// said asks again when this has another value than before that call.
    ///
    /// [`authenticate_until`]: AddressBook::authenticate_until
    pub fn tokens_epoch(&self) -> u64 {
        self.core.remembered.forgotten.load(Ordering::Acquire)
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
        let expires = self.core.remembered.get(token).map_or(now(), |(_, expires)| expires);
        let left = u64::try_from(expires.0.saturating_sub(now().0)).unwrap_or(0);
        Ok(Some((who, Duration::from_millis(left))))
    }

    /// Who a token stands for; `None` when it is unknown or has ended.
    ///
    /// # Errors
    /// [`BookError::Unavailable`] while the store is being opened again and the token has not
    /// been seen before; when the store fails.
    pub fn authenticate(&self, token: &str) -> Result<Option<Arc<Who>>, BookError> {
        if let Some((who, expires)) = self.core.remembered.get(token) {
            return Ok((expires > now()).then_some(who));
        }
        let found = self.ask(&*self.snapshot_now()?, |snapshot| {
            let token = snapshot.read.token(&sha256(token))?;
            let Some(token) = token.filter(|token| token.expires > now()) else {
                return Ok(None);
            };
            let client = snapshot.read.client(&token.client)?;
            Ok::<_, StoreError>(client.map(|client| (token, client)))
        })?;
        let Some((found, client)) = found else {
            return Ok(None);
        };
        let (who, secret_sha256) = self.who(client);
        self.core.remembered.put(token, Arc::clone(&who), found.expires);
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
        if let Some(who) = self.core.remembered.pair(pair, between) {
            return Ok(Some(who));
        }
        // Ids and secrets may have dots of their own, an id has no colon.
        let splits = pair.match_indices(between);
        let splits = splits.take(if between == ':' { 1 } else { KEY_DOTS_MAX });
        let splits = splits.map(|(at, dot)| (&pair[..at], &pair[at + dot.len()..]));
        let found = self.ask(&*self.snapshot_now()?, |snapshot| {
            for (id, secret) in splits {
                let client = snapshot.read.client(id)?;
                let stored = client.as_ref().map_or([0; 32], |client| client.secret_sha256);
                let fits: bool = sha256(secret).ct_eq(&stored).into();
                if let Some(client) = client.filter(|_| fits) {
                    return Ok::<_, StoreError>(Some(client));
                }
            }
            Ok(None)
        })?;
        let Some(client) = found else {
            return Ok(None);
        };
        let (who, secret_sha256) = self.who(client);
        self.core.remembered.put_pair(pair, between, Arc::clone(&who));
        self.still(who, secret_sha256)
    }

    /// A client as one that asks, and the hash of its secret.
    fn who(&self, client: Client) -> (Arc<Who>, [u8; 32]) {
        // A role that the configuration no longer knows permits nothing.
        let permissions = self.core.settings.role(&client.role).unwrap_or(Permissions::NONE);
        (Arc::new(Who { client: client.id, permissions }), client.secret_sha256)
    }

    /// Who was just remembered, unless the client was removed or got another secret between
    /// reading and remembering: then it must not be remembered.
    fn still(&self, who: Arc<Who>, sha256: [u8; 32]) -> Result<Option<Arc<Who>>, BookError> {
        let still = self.ask(&*self.snapshot_now()?, |now| now.read.client(&who.client))?;
        if still.is_none_or(|still| still.secret_sha256 != sha256) {
            self.core.remembered.forget_client(&who.client);
            return Ok(None);
        }
        Ok(Some(who))
    }
}

fn sha256(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

/// 256 random bits as 64 hexadecimal digits.
fn random_secret() -> Result<String, BookError> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)
        .map_err(|_| BookError::Unavailable("the system gave no random bits"))?;
    Ok(bytes.iter().fold(String::with_capacity(64), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    }))
}
