//! One row of the change log.

use crate::{ContactNo, NoteNo, OrganizationNo, Timestamp};
use serde::{Deserialize, Serialize};

/// What was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Entity {
    /// A contact.
    #[serde(rename = "c")]
    Contact(ContactNo),
    /// An organisation: its contacts are found by its name, so they change with it.
    #[serde(rename = "o")]
    Organization(OrganizationNo),
    /// A note.
    #[serde(rename = "n")]
    Note(NoteNo),
}

/// What was done to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Action {
    /// It is new.
    #[serde(rename = "a")]
    Added,
    /// It has other values.
    #[serde(rename = "e")]
    Edited,
    /// It is gone.
    #[serde(rename = "r")]
    Removed,
}

/// One change: who did what to which thing, and when. Never the values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Which thing.
    #[serde(rename = "e")]
    pub entity: Entity,
    /// What was done.
    #[serde(rename = "a")]
    pub action: Action,
    /// When.
    #[serde(rename = "t")]
    pub at: Timestamp,
    /// The id of the client that asked for it; empty for the command line.
    #[serde(rename = "by", default, skip_serializing_if = "String::is_empty")]
    pub by: String,
}
