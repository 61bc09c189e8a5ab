//! Errors, one small enum per operation. The messages are for logs and the command line; they name
//! numbers of records, never what the records hold.

use std::io;
use uuid::Uuid;

/// Why a store could not be opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// Another handle, in this process or another, has the file open.
    #[error("the store is in use by another carnet")]
    InUse,
    /// The file is cut short or does not agree with its checksums. A backup is the cure.
    #[error("the store is damaged: {0}")]
    Damaged(String),
    /// The file was written by a later carnet.
    #[error(
        "the store has format {found}, this carnet knows formats up to {known}: use a newer carnet"
    )]
    TooNew {
        /// The file's format.
        found: u64,
        /// The newest format that this program knows.
        known: u64,
    },
    /// There is a file, but no carnet made it.
    #[error("the file is not a carnet store")]
    NotACarnetFile,
    /// The file system refused.
    #[error("the store could not be opened: {0}")]
    Io(#[from] io::Error),
    /// The engine refused for another reason.
    #[error("the store could not be opened: {0}")]
    Engine(String),
}

/// Why an open store could not answer or keep something.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The file system failed, or the disk is full.
    #[error("the store could not be read or written: {0}")]
    Io(io::Error),
    /// An earlier failure closed the store, or it was dropped: nothing more is read or written
    /// through this handle.
    #[error("the store was closed by an earlier failure and must be opened again")]
    Broken,
    /// The commit failed. The transaction is kept wholly or not at all; which of the two is known
    /// only after the store was opened again.
    #[error("the commit failed: {0}")]
    Commit(String),
    /// The file does not agree with itself. A backup is the cure.
    #[error("the store is damaged: {0}")]
    Damaged(String),
    /// A record could not be read or written.
    #[error("{thing} {key} of the store: {source}")]
    Record {
        /// The kind of record, in words.
        thing: &'static str,
        /// Its number; empty where the key is confidential.
        key: String,
        /// The fault.
        source: RecordError,
    },
    /// The engine refused for another reason.
    #[error("the store failed: {0}")]
    Engine(String),
}

impl StoreError {
    /// Whether this handle is of no use any more: the caller must drop the store and every
    /// [`ReadTxn`](crate::ReadTxn) and open again. False where opening again would meet the same.
    pub fn needs_reopen(&self) -> bool {
        match self {
            StoreError::Io(_) | StoreError::Broken | StoreError::Commit(_) => true,
            StoreError::Engine(_) => true,
            StoreError::Damaged(_) | StoreError::Record { .. } => false,
        }
    }
}

/// Why the bytes of one record could not be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RecordError {
    /// There are no bytes.
    #[error("the record is empty")]
    Empty,
    /// A later carnet wrote it.
    #[error(
        "the record has version {found}, this carnet knows versions up to {known}: use a newer carnet"
    )]
    TooNew {
        /// The record's version.
        found: u8,
        /// The newest version that this program knows.
        known: u8,
    },
    /// The bytes do not decode as this version.
    #[error("the record is unreadable: {0}")]
    Unreadable(String),
    /// The value has no such form.
    #[error("the record cannot be written: {0}")]
    Unwritable(String),
}

/// Why something could not be added. Unless it is [`AddError::Store`], the transaction is as it
/// was before, and other edits in it may go on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AddError {
    /// Something of that kind has this id.
    #[error("the id {0} is taken")]
    IdTaken(Uuid),
    /// The contact names an organisation that is not in the store.
    #[error("there is no organisation {0}")]
    NoSuchOrganization(Uuid),
    /// The note is about something that is not in the store.
    #[error("there is nothing with the id {0} to note on")]
    NoSuchSubject(Uuid),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why something could not be edited or removed. Unless it is [`EditError::Store`], the
/// transaction is as it was before, and other edits in it may go on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EditError {
    /// The caller's old state is not the present one, or the record is gone. Index rows are derived
    /// from the difference of old and new, so nothing is done with a wrong old state.
    #[error("the record was changed meanwhile, or is gone")]
    Stale,
    /// Old and new have different ids, or a note different subjects: that is another thing.
    #[error("an edit keeps the id")]
    IdChanged,
    /// The contact names an organisation that is not in the store.
    #[error("there is no organisation {0}")]
    NoSuchOrganization(Uuid),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Converts the engine's errors into those of this crate. Functions, not `From`: the engine's types
/// stay out of what other crates can see.
pub(crate) trait OrStoreError<T> {
    /// The value, or this crate's error.
    fn or_store_error(self) -> Result<T, StoreError>;
}

impl<T, E: Into<redb::Error>> OrStoreError<T> for Result<T, E> {
    fn or_store_error(self) -> Result<T, StoreError> {
        self.map_err(|error| match error.into() {
            redb::Error::Io(error) => StoreError::Io(error),
            redb::Error::PreviousIo | redb::Error::DatabaseClosed => StoreError::Broken,
            redb::Error::Corrupted(message) => StoreError::Damaged(message),
            error @ redb::Error::TableDoesNotExist(_) => StoreError::Damaged(error.to_string()),
            error => StoreError::Engine(error.to_string()),
        })
    }
}

/// This crate's error for a file that exists and that the engine could not open.
pub(crate) fn open_error(error: redb::DatabaseError) -> OpenError {
    use redb::{DatabaseError, StorageError};
    match error {
        DatabaseError::DatabaseAlreadyOpen
        | DatabaseError::LockProtocolMismatch
        | DatabaseError::TransactionInProgress => OpenError::InUse,
        DatabaseError::RepairAborted => OpenError::Damaged("it could not be repaired".to_owned()),
        // An older engine's file: every carnet began with the present one.
        DatabaseError::UpgradeRequired(_) => OpenError::NotACarnetFile,
        DatabaseError::Storage(StorageError::Io(error)) => match error.kind() {
            io::ErrorKind::InvalidData => OpenError::NotACarnetFile,
            io::ErrorKind::UnexpectedEof => OpenError::Damaged("it is cut short".to_owned()),
            _ => OpenError::Io(error),
        },
        DatabaseError::Storage(StorageError::Corrupted(message)) => OpenError::Damaged(message),
        error => OpenError::Engine(error.to_string()),
    }
}

impl From<StoreError> for OpenError {
    fn from(error: StoreError) -> OpenError {
        match error {
            StoreError::Io(error) => OpenError::Io(error),
            StoreError::Damaged(message) => OpenError::Damaged(message),
            error => OpenError::Engine(error.to_string()),
        }
    }
}
