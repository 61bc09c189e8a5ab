//! Small references from a record to things that are kept elsewhere, or nowhere yet.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The division that a record belongs to. carnet keeps the id as it is given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Division {
    /// Opaque; `*` means unassigned.
    #[serde(rename = "i")]
    pub id: String,
    /// A name for people, if one was given.
    #[serde(rename = "n", default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

impl Division {
    /// The id of the division of records that were given none.
    pub const UNASSIGNED: &'static str = "*";

    /// True for the division of records that were given none.
    pub fn is_unassigned(&self) -> bool {
        self.id == Self::UNASSIGNED && self.name.is_none()
    }
}

impl Default for Division {
    fn default() -> Self {
        Division { id: Self::UNASSIGNED.to_owned(), name: None }
    }
}

/// The system that gave out an external id: by id, by name, or both.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExternalSource {
    /// Its identifier.
    #[serde(rename = "i", default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Its name.
    #[serde(rename = "n", default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// The id of a record in another system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExternalId {
    /// Which system.
    #[serde(rename = "s")]
    pub source: ExternalSource,
    /// Its identifier there.
    #[serde(rename = "v")]
    pub value: String,
}

/// The schema that describes a record's custom fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SchemaRef {
    /// The schema's identifier.
    #[serde(rename = "i")]
    pub id: Uuid,
    /// Its version, from 1; [`SchemaRef::NEWEST`] until the book has put the number in its place.
    #[serde(rename = "v")]
    pub version: i64,
}

impl SchemaRef {
    /// The version of a record that names its schema only.
    pub const NEWEST: i64 = 0;
}
