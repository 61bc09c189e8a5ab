//! Contact types: a schema says which custom fields a contact or an organisation has, and what they
//! hold. A schema has versions; one that was made never changes, and a record keeps the version that
//! it was written with. How a schema is written as JSON is not known here.

pub(crate) mod check;
pub(crate) mod core_type;

use crate::Timestamp;
use core_type::{CoreType, Restrictions};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What a schema is of.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub enum SchemaKind {
    /// Contacts.
    #[default]
    #[serde(rename = "c")]
    Contact,
    /// Organisations.
    #[serde(rename = "o")]
    Organization,
}

/// One version of a schema.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DataSchema {
    /// The schema's identifier, the same in all versions.
    #[serde(rename = "id")]
    pub id: Uuid,
    /// What it is of, the same in all versions.
    #[serde(rename = "k")]
    pub kind: SchemaKind,
    /// Its name.
    #[serde(rename = "n")]
    pub name: String,
    /// The version, from 1.
    #[serde(rename = "v")]
    pub version: i64,
    /// Whether records may be given this schema. The newest version decides.
    #[serde(rename = "e")]
    pub enabled: bool,
    /// The fields.
    #[serde(rename = "d")]
    pub definition: Definition,
    /// When the first version was made.
    #[serde(rename = "c")]
    pub create_date: Timestamp,
    /// The id of the client that made the first version; empty for the command line.
    #[serde(rename = "cb", default, skip_serializing_if = "String::is_empty")]
    pub created_by: String,
    /// When this version was made.
    #[serde(rename = "m")]
    pub modify_date: Timestamp,
    /// The id of the client that made this version; empty for the command line.
    #[serde(rename = "mb", default, skip_serializing_if = "String::is_empty")]
    pub modified_by: String,
}

/// The fields of a schema, and what is said about all of them together.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Definition {
    /// An identifier that the author gave the document.
    #[serde(rename = "i", default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// A title for people.
    #[serde(rename = "t", default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// A description for people.
    #[serde(rename = "d", default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Keys of the fields that every record must have.
    #[serde(rename = "r", default, skip_serializing_if = "Vec::is_empty")]
    pub required: Vec<String>,
    /// The fields, in the author's order; no key twice.
    #[serde(rename = "p", default, skip_serializing_if = "Vec::is_empty")]
    pub properties: Vec<Property>,
}

impl Definition {
    /// The field of this key.
    pub fn property(&self, key: &str) -> Option<&Property> {
        self.properties.iter().find(|property| property.key == key)
    }
}

/// One custom field of a schema.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Property {
    /// Its key, which ends with the name of its core type.
    #[serde(rename = "k")]
    pub key: String,
    /// A title for people.
    #[serde(rename = "t", default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// A description for people.
    #[serde(rename = "d", default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The core type that it is built from.
    #[serde(rename = "c")]
    pub core_type: CoreType,
    /// What narrows the core type.
    #[serde(rename = "r")]
    pub restrictions: Restrictions,
}

/// A schema as a client writes it, before the book has checked and numbered it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SchemaDraft {
    /// Its name.
    pub name: String,
    /// The version that the client has seen; `None` where it names none.
    pub version: Option<i64>,
    /// Whether records may be given this schema; `None` where that is not said.
    pub enabled: Option<bool>,
    /// The fields.
    pub definition: Definition,
}

/// Why the schema that a record names cannot be its schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SchemaFault {
    /// There is none with this id.
    Unknown,
    /// It is one of the other kind: of organisations for a contact, or the other way round.
    OtherKind,
    /// It has no such version.
    UnknownVersion,
    /// It is switched off.
    Disabled,
    /// It is not known here, so its newest version is not known either.
    VersionMissing,
}

impl std::fmt::Display for SchemaFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            SchemaFault::Unknown => "there is no schema with this id",
            SchemaFault::OtherKind => "the schema with this id is one of the other kind of record",
            SchemaFault::UnknownVersion => "the schema has no such version",
            SchemaFault::Disabled => "the schema with this id is switched off",
            SchemaFault::VersionMissing => "a schema that is not known needs its version",
        })
    }
}

/// Why a record with these custom fields is refused. The fields are named by their keys; which field
/// of a format has them is the matter of the format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InvalidFields {
    /// The schema that it names is wrong.
    Schema(SchemaFault),
    /// It has custom fields and names no schema.
    NoSchema,
    /// The schema refuses these fields, each named by its key.
    Fields(crate::Invalid),
}

impl InvalidFields {
    /// Whether another record of an import may bring what is missing.
    pub fn may_come(&self) -> bool {
        let InvalidFields::Schema(fault) = self else { return false };
        match fault {
            SchemaFault::Unknown | SchemaFault::UnknownVersion | SchemaFault::VersionMissing => {
                true
            }
            SchemaFault::OtherKind | SchemaFault::Disabled => false,
        }
    }
}

impl std::fmt::Display for InvalidFields {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            InvalidFields::Schema(fault) => fault.fmt(f),
            InvalidFields::NoSchema => f.write_str(
                "custom fields need a schema, named by its id in `schema`; the setting `[contacts] \
                 free_fields` takes them without one",
            ),
            InvalidFields::Fields(invalid) => invalid.fmt(f),
        }
    }
}
