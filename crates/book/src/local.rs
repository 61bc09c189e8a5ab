//! The engine of this machine: redb and tantivy in one process, and the threads that keep them
//! level. The only room that names carnet-storage and carnet-search; it knows no client's secret
//! and no rule of who may do what.

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

/// Transactions: what edits do to the store, and what follows from them for search and look-ups.
pub(crate) mod edit {
    mod clients;
    mod contacts;
    pub(crate) mod effect;
    mod import;
    mod notes;
    mod organizations;
    pub(crate) mod queue;
    pub(crate) mod transaction;
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
