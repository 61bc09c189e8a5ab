//! One row of the change log, and one of the log of settings.

use crate::{ContactNo, NoteNo, OrganizationNo, Timestamp};
use serde::{Deserialize, Serialize};

/// The entity that was changed.
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

/// The kind of edit.
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

/// One change: which client edited which entity, and when. Never the values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The entity.
    #[serde(rename = "e")]
    pub entity: Entity,
    /// The kind of edit.
    #[serde(rename = "a")]
    pub action: Action,
    /// When.
    #[serde(rename = "t")]
    pub at: Timestamp,
    /// The id of the client that asked for it; empty for the command line.
    #[serde(rename = "by", default, skip_serializing_if = "String::is_empty")]
    pub by: String,
}

/// One change of a setting: the last one of a name is in force, and all of them tell who decided what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingChange {
    /// The setting's name with its table, such as `contacts.default_region`.
    #[serde(rename = "n")]
    pub name: String,
    /// The new value as text.
    #[serde(rename = "v")]
    pub value: String,
    /// When it was changed.
    #[serde(rename = "t")]
    pub at: Timestamp,
    /// The client or person who changed it; empty for the command line.
    #[serde(rename = "b")]
    pub by: String,
}
