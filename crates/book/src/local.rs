//! The local engine: redb and tantivy in one process, and the threads that keep them level. The only
//! room that names carnet-storage and carnet-search; errors of theirs leave it as [`BookError`]. It
//! does not know who may do what.

pub(crate) mod check;
pub(crate) mod data_dir;
pub(crate) mod lookup;
pub(crate) mod memory;
pub(crate) mod meter;
pub(crate) mod recovery;
pub(crate) mod snapshot;
pub(crate) mod state;
pub(crate) mod stats;
pub(crate) mod submit;
pub(crate) mod verified;

/// Transactions: edits of the store, and their effects on search and look-ups.
pub(crate) mod edit {
    mod clients;
    mod contacts;
    pub(crate) mod effect;
    mod import;
    mod keys;
    mod notes;
    mod numbers;
    mod organizations;
    pub(crate) mod queue;
    pub(crate) mod schemas;
    mod settings;
    pub(crate) mod transaction;
    pub(crate) mod users;
}

/// The index: opened, brought level with the store, built anew.
pub(crate) mod index {
    pub(crate) mod entries;
    pub(crate) mod open;
    pub(crate) mod updates;
}

/// The threads of a book.
pub(crate) mod workers {
    pub(crate) mod indexer;
    pub(crate) mod number_builder;
    pub(crate) mod warm_up;
    pub(crate) mod writer;
}

use crate::error::BookError;
use carnet_model::InvalidReference;
use carnet_search::SearchError;
use carnet_storage::StoreError;

impl From<StoreError> for BookError {
    fn from(error: StoreError) -> BookError {
        let reopen = error.needs_reopen();
        BookError::Engine { engine: "store", reopen, source: Box::new(error) }
    }
}

impl From<SearchError> for BookError {
    fn from(error: SearchError) -> BookError {
        BookError::Engine { engine: "index", reopen: false, source: Box::new(error) }
    }
}

impl From<carnet_storage::AddError> for BookError {
    fn from(error: carnet_storage::AddError) -> BookError {
        use carnet_storage::AddError;
        match error {
            AddError::NoSuchOrganization(_) => {
                BookError::InvalidReference(InvalidReference::Organization)
            }
            AddError::Store(error) => error.into(),
            error => BookError::Conflict(error.to_string()),
        }
    }
}

impl From<carnet_storage::EditError> for BookError {
    fn from(error: carnet_storage::EditError) -> BookError {
        use carnet_storage::EditError;
        match error {
            EditError::NoSuchOrganization(_) => {
                BookError::InvalidReference(InvalidReference::Organization)
            }
            EditError::Store(error) => error.into(),
            error => BookError::Conflict(error.to_string()),
        }
    }
}
