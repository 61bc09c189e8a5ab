//! Accounts: the programs and people that may ask carnet, and the tokens that they were given.

use crate::Timestamp;
use serde::{Deserialize, Serialize};

/// A program that may ask carnet. Its secret is known to it alone; carnet keeps the SHA-256.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Client {
    /// The id with which it signs in.
    #[serde(rename = "id")]
    pub id: String,
    /// Its name for people.
    #[serde(rename = "n")]
    pub name: String,
    /// The name of its role.
    #[serde(rename = "r")]
    pub role: String,
    /// SHA-256 of its secret.
    #[serde(rename = "h")]
    pub secret_sha256: [u8; 32],
    /// When it was added.
    #[serde(rename = "c")]
    pub create_date: Timestamp,
}

/// A person who may sign in. The password is known to the person alone; carnet keeps what argon2id
/// makes of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// The name with which the person signs in, and under which changes and notes are kept.
    #[serde(rename = "n")]
    pub name: String,
    /// The name of the person's role.
    #[serde(rename = "r")]
    pub role: String,
    /// The password's hash with its salt and costs, in the PHC string format.
    #[serde(rename = "p")]
    pub password_hash: String,
    /// When the person was added.
    #[serde(rename = "c")]
    pub create_date: Timestamp,
}

impl User {
    /// The form in which names are compared: case and surrounding blanks do not count.
    pub fn key(name: &str) -> String {
        name.trim().to_lowercase()
    }
}

/// A bearer token that was given out, or a session. The store keeps it under its own SHA-256.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    /// The account that it was given to, in the form of [`Account`].
    #[serde(rename = "cl")]
    pub account: Account,
    /// When it ends.
    #[serde(rename = "e")]
    pub expires: Timestamp,
}

/// Who a token was given to. In text it is a client's id, or a kind with a colon behind it, which
/// no client's id has.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", from = "String")]
pub enum Account {
    /// A program, by its id.
    Client(String),
    /// A person, by [`User::key`].
    User(String),
    /// Nobody yet: whoever brings this token may become the first administrator.
    First,
}

const USER: &str = "user:";
const FIRST: &str = "first:";

impl From<String> for Account {
    fn from(text: String) -> Account {
        match text.strip_prefix(USER) {
            Some(key) => Account::User(key.to_owned()),
            None if text == FIRST => Account::First,
            None => Account::Client(text),
        }
    }
}

impl From<Account> for String {
    fn from(account: Account) -> String {
        match account {
            Account::Client(id) => id,
            Account::User(key) => format!("{USER}{key}"),
            Account::First => FIRST.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_the_same_from_its_text() {
        for account in
            [Account::Client("a-b".into()), Account::User("ada l.".into()), Account::First]
        {
            assert_eq!(Account::from(String::from(account.clone())), account);
        }
        assert_eq!(String::from(Account::Client("c".into())), "c");
    }

    #[test]
    fn names_of_people_are_compared_without_case_and_blanks() {
        assert_eq!(User::key(" Ada LOVELACE "), User::key("ada lovelace"));
        assert_ne!(User::key("ada"), User::key("a da"));
    }
}
