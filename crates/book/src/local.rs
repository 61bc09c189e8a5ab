//! The engine of this machine: redb and tantivy in one process, and the threads that keep them
//! level. The only room that names carnet-storage and carnet-search; it knows no client's secret
//! and no rule of who may do what.

pub(crate) mod check;
pub(crate) mod memory;
pub(crate) mod meter;
pub(crate) mod recovery;
pub(crate) mod snapshot;
pub(crate) mod stats;

/// Transactions: what edits do to the store, and what follows from them for search and look-ups.
pub(crate) mod edit {
    pub(crate) mod transaction;
}

/// The threads of a book.
pub(crate) mod workers {
    pub(crate) mod indexer;
    pub(crate) mod warm_up;
    pub(crate) mod writer;
}
