//! Faults of a record, field by field.

use std::fmt;
use uuid::Uuid;

/// Why a field is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// It must be there and is not.
    Required,
    /// It has more than `max` characters, entries or bytes.
    TooLong {
        /// The most that is allowed.
        max: usize,
    },
    /// It is of another type, as in a number where a text belongs.
    WrongType {
        /// The expected value, in words: `a text`, `true or false`.
        expected: &'static str,
    },
    /// The value itself cannot be; the sentence says why.
    Value(String),
    /// The value is a key, and another record has it.
    Taken {
        /// The id of the record that has it.
        holder: Uuid,
        /// The kind of that record.
        kind: HolderKind,
    },
}

/// A kind of record that has external ids. Among those of one kind each is a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HolderKind {
    /// A contact.
    Contact,
    /// An organisation.
    Organization,
}

impl HolderKind {
    /// Its name in a sentence.
    pub fn as_str(self) -> &'static str {
        match self {
            HolderKind::Contact => "contact",
            HolderKind::Organization => "organisation",
        }
    }
}

/// One field that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where it is, in the caller's own words: a path such as `workPhone.display`.
    pub field: String,
    /// The kind of fault.
    pub kind: FaultKind,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let field = &self.field;
        match &self.kind {
            FaultKind::Required => write!(f, "{field} is required"),
            FaultKind::TooLong { max } => write!(f, "{field} is longer than {max}"),
            FaultKind::WrongType { expected } => write!(f, "{field} must be {expected}"),
            FaultKind::Value(why) => write!(f, "{field}: {why}"),
            FaultKind::Taken { holder, kind } => {
                write!(f, "{field} is that of {} {holder}", kind.as_str())
            }
        }
    }
}

/// Everything that is wrong with a record. Never empty where it is an error.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Invalid {
    /// Every fault, in the order in which they were met.
    pub faults: Vec<Fault>,
}

impl Invalid {
    /// A single fault.
    pub fn one(field: impl Into<String>, kind: FaultKind) -> Invalid {
        let mut invalid = Invalid::default();
        invalid.add(field, kind);
        invalid
    }

    /// Notes another fault.
    pub fn add(&mut self, field: impl Into<String>, kind: FaultKind) {
        self.faults.push(Fault { field: field.into(), kind });
    }

    /// True while nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.faults.is_empty()
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, fault) in self.faults.iter().enumerate() {
            if i > 0 {
                f.write_str("; ")?;
            }
            fault.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for Invalid {}

/// A reference of a record to an entity that does not exist, or to the wrong one. Which field has it
/// is the matter of the format that the record came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvalidReference {
    /// The organisation of a contact does not exist.
    Organization,
    /// The contact that a note is about does not exist.
    NoteContact,
    /// The organisation that a note is about does not exist.
    NoteOrganization,
    /// The note with this id is about another contact or organisation.
    NoteSubject,
    /// No contact has the ids of an imported record that would only have changed one.
    Contact,
    /// The contact would have more external ids than a contact may have.
    ExternalIds,
    /// An imported record has the id of a contact and no field of one: it would empty it.
    NoField,
    /// An imported record would take the first or the last name from the contact that it changes.
    NameLost {
        /// Whether it would take the first name.
        first: bool,
        /// Whether it would take the last name.
        last: bool,
    },
    /// An imported organisation or note has the id of a contact.
    IdOfContact,
    /// An imported contact or note has the id of an organisation.
    IdOfOrganization,
    /// An imported contact or organisation has the id of a note.
    IdOfNote,
    /// The organisation of a contact has the id of a contact.
    OrganizationIsContact,
    /// An imported version of a schema is there already and says something else.
    SchemaVersion,
    /// An imported schema would be one more than there may be.
    TooManySchemas,
}

impl InvalidReference {
    /// Whether another record of an import may bring what is missing.
    pub fn may_come(self) -> bool {
        matches!(
            self,
            InvalidReference::Organization
                | InvalidReference::NoteContact
                | InvalidReference::NoteOrganization
        )
    }
}

impl fmt::Display for InvalidReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            InvalidReference::Organization => {
                "there is no organisation with this id; it must be added first"
            }
            InvalidReference::NoteContact => "there is no such contact for this note",
            InvalidReference::NoteOrganization => "there is no such organisation for this note",
            InvalidReference::NoteSubject => {
                "the note with this id belongs to another contact or organisation"
            }
            InvalidReference::Contact => {
                "no contact has this id or external id yet, and a new one needs a first and a last \
                 name"
            }
            InvalidReference::ExternalIds => "with this one the contact has too many external ids",
            InvalidReference::IdOfContact => "this is the id of a contact",
            InvalidReference::IdOfOrganization => "this is the id of an organisation",
            InvalidReference::IdOfNote => "this is the id of a note",
            InvalidReference::OrganizationIsContact => {
                "this is the id of a contact, and not of an organisation"
            }
            InvalidReference::NameLost { .. } => {
                "it would take this name from the contact that it changes, and names are required"
            }
            InvalidReference::SchemaVersion => {
                "this version of the schema is there already, and says something else"
            }
            InvalidReference::TooManySchemas => "there are too many schemas of this kind already",
            InvalidReference::NoField => {
                "the record has no field of a contact beside its ids, and would empty the contact \
                 that has this id"
            }
        })
    }
}

/// An external id that a record cannot have, because another one of its kind has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExternalIdTaken {
    /// Which of the record's external ids, from 0.
    pub index: usize,
    /// The id of the record that has it.
    pub holder: Uuid,
    /// The kind of both records.
    pub kind: HolderKind,
}
