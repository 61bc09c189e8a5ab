//! Errors, in the words of an address book. They know no status codes and no JSON names.

use carnet_model::{ExternalIdTaken, Invalid, InvalidFields, InvalidReference};
use std::path::PathBuf;

/// The store is being opened again after a failure.
pub(crate) const REOPENING: &str = "the store is being opened again";
/// The book is closing.
pub(crate) const STOPPING: &str = "carnet is stopping";

/// A kind of entity that is asked for by its id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntityKind {
    /// A contact.
    Contact,
    /// An organisation.
    Organization,
    /// A note.
    Note,
    /// A client.
    Client,
    /// A person.
    User,
    /// A schema of custom fields.
    Schema,
}

/// The reason why a call was not answered.
#[derive(Debug, thiserror::Error)]
pub enum BookError {
    /// There is no such entity.
    #[error("there is no such {}", match .0 { EntityKind::Contact => "contact", EntityKind::Organization => "organisation", EntityKind::Note => "note", EntityKind::Client => "client", EntityKind::Schema => "schema", EntityKind::User => "person" })]
    NotFound(EntityKind),
    /// Fields are wrong.
    #[error("{0}")]
    Invalid(Invalid),
    /// A reference leads nowhere.
    #[error("{0}")]
    InvalidReference(InvalidReference),
    /// Custom fields, or the schema that they are to follow, are wrong.
    #[error("{0}")]
    InvalidFields(InvalidFields),
    /// Another record of its kind has an external id of this one.
    #[error("another record of its kind has an external id of this one")]
    ExternalIdsTaken(Vec<ExternalIdTaken>),
    /// It contradicts the present state.
    #[error("{0}")]
    Conflict(String),
    /// The caller's condition on the present state is not met: somebody else was quicker.
    #[error("it was changed meanwhile")]
    Changed,
    /// Not now: the store is being opened again, the index is being built, or carnet stops.
    #[error("{0}")]
    Unavailable(&'static str),
    /// An engine below the book failed: the store, or the index.
    #[error("the {engine} failed: {source}")]
    Engine {
        /// Its name: `store` or `index`.
        engine: &'static str,
        /// It answers nothing more until it is opened again, which the book does by itself.
        reopen: bool,
        /// The engine's own error.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl From<EditError> for BookError {
    fn from(error: EditError) -> BookError {
        match error {
            EditError::Invalid(invalid) => BookError::Invalid(invalid),
            EditError::Conflict(why) => BookError::Conflict(why),
            EditError::Changed => BookError::Changed,
        }
    }
}

/// The reason why the caller's own function refused to edit an entity in its present state.
#[derive(Debug)]
pub enum EditError {
    /// The outcome would have wrong fields.
    Invalid(Invalid),
    /// The edit contradicts itself or the present state.
    Conflict(String),
    /// The entity is not in the state that the caller knows.
    Changed,
}

/// The reason why a data directory could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another carnet has it.
    #[error("the data directory {} is in use by another carnet", .0.display())]
    InUse(PathBuf),
    /// Its files cannot be read.
    #[error("the data in {} is damaged: {why}", path.display())]
    Damaged {
        /// The data directory.
        path: PathBuf,
        /// The fault, in one sentence.
        why: String,
    },
    /// It does not exist and could not be made.
    #[error("the data directory {} cannot be made: {error}", path.display())]
    NotMade {
        /// The data directory.
        path: PathBuf,
        /// The system's reason.
        error: std::io::Error,
    },
    /// It could not be read.
    #[error("the data directory {} cannot be used: {why}", path.display())]
    Io {
        /// The data directory.
        path: PathBuf,
        /// The fault, in one sentence.
        why: String,
    },
}

impl OpenError {
    /// True when another carnet has the directory.
    pub fn is_in_use(&self) -> bool {
        matches!(self, OpenError::InUse(_))
    }

    /// True when the data cannot be read.
    pub fn is_damaged(&self) -> bool {
        matches!(self, OpenError::Damaged { .. })
    }
}
