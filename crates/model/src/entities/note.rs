//! A note on a contact or an organisation.

use crate::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The subject of a note.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Subject {
    /// A contact.
    #[serde(rename = "c")]
    Contact(Uuid),
    /// An organisation.
    #[serde(rename = "o")]
    Organization(Uuid),
}

/// A text that someone left on a contact or an organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// The identifier that the API knows.
    #[serde(rename = "id")]
    pub id: Uuid,
    /// Its subject.
    #[serde(rename = "s")]
    pub subject: Subject,
    /// The text.
    #[serde(rename = "t")]
    pub text: String,
    /// The id of who wrote it: the one that the client named, else the client's own.
    #[serde(rename = "by")]
    pub author: String,
    /// When it was added.
    #[serde(rename = "c")]
    pub create_date: Timestamp,
    /// When it was last edited.
    #[serde(rename = "m")]
    pub modify_date: Timestamp,
}
