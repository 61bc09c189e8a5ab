//! Records to be imported: a contact, an organisation, a note or a version of a schema with the times
//! it brings along.
//! Where they come from, and what an import does with them, is not known here.

pub(crate) mod mentioned;
pub(crate) mod names;

use crate::{Contact, DataSchema, Note, Organization, Timestamp};
use mentioned::Mentioned;

/// A contact to be imported.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ImportContact {
    /// The contact, its dates unset; a nil id when it has none yet.
    pub contact: Contact,
    /// The name of its organisation, whether or not the contact has the id of one. An
    /// organisation of this name is made when there is none.
    pub organization_name: Option<String>,
    /// When it was added, if that is known.
    pub create_date: Option<Timestamp>,
    /// When it was last edited, if that is known.
    pub modify_date: Option<Timestamp>,
    /// The fields that the record mentions, where the others of a known contact are to stay;
    /// `None` where the record replaces the contact whole.
    pub mentioned: Option<Mentioned>,
    /// Whether names are required: a known contact does not lose those that it has, and one that is new
    /// with a record of some fields needs a first and a last one.
    pub names_required: bool,
}

/// An organisation to be imported.
#[derive(Clone, Debug, PartialEq)]
pub struct ImportOrganization {
    /// The organisation, its dates unset; a nil id when it has none yet.
    pub organization: Organization,
    /// When it was added, if that is known.
    pub create_date: Option<Timestamp>,
    /// When it was last edited, if that is known.
    pub modify_date: Option<Timestamp>,
}

/// A note to be imported. Its contact or organisation must exist.
#[derive(Clone, Debug, PartialEq)]
pub struct ImportNote {
    /// The note, its dates unset; a nil id when it has none yet, an empty author when none is
    /// named.
    pub note: Note,
    /// When it was added, if that is known.
    pub create_date: Option<Timestamp>,
    /// When it was last edited, if that is known.
    pub modify_date: Option<Timestamp>,
}

/// One version of a schema to be imported, as it was somewhere else: with its id, its dates and its
/// number.
#[derive(Clone, Debug, PartialEq)]
pub struct ImportSchema {
    /// The version.
    pub schema: DataSchema,
    /// Whether the schema was removed there: its versions are kept for the records that have them.
    pub removed: bool,
}

/// A record to be imported.
#[derive(Clone, Debug, PartialEq)]
#[allow(clippy::large_enum_variant, reason = "most are contacts, and an item lives shortly")]
pub enum ImportItem {
    /// A contact.
    Contact(ImportContact),
    /// An organisation.
    Organization(ImportOrganization),
    /// A note.
    Note(ImportNote),
    /// A version of a schema.
    Schema(ImportSchema),
}

impl ImportItem {
    /// Whether the record has neither an id nor an external id. Nothing tells such a record from
    /// a new one when it is imported again.
    pub fn is_unkeyed(&self) -> bool {
        let (id, external_ids) = match self {
            ImportItem::Contact(item) => (item.contact.id, item.contact.external_ids.as_slice()),
            ImportItem::Organization(item) => {
                (item.organization.id, item.organization.external_ids.as_slice())
            }
            ImportItem::Note(item) => (item.note.id, [].as_slice()),
            ImportItem::Schema(item) => (item.schema.id, [].as_slice()),
        };
        id.is_nil() && external_ids.is_empty()
    }
}
