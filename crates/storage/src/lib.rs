//! Contacts, organisations, notes, clients and the change log, kept in one redb file.
//!
//! This crate is the only one that names redb and MessagePack, and callers see neither: they speak
//! of contacts, not of tables. It knows nothing of the search index, of HTTP, or of who asks; it
//! reads no clock and makes no decisions about what a contact may hold. What it promises:
//!
//! * a write that returned `Ok` is on disk, with every index row and its change, or none of it;
//! * a [`ReadTxn`] sees one moment, whatever is written meanwhile;
//! * every index row is derived from the records, and [`check()`] proves it.
//!
//! The file format is drawn in `tables.rs`.

mod check;
mod deferred;
mod entities;
mod error;
mod read;
mod record;
mod store;
mod tables;
#[cfg(test)]
mod tests;
mod write;

pub use check::{CheckReport, PROBLEMS_MAX, SharedExternalId, SharedExternalIds, Stats, check};
pub use error::{AddError, EditError, OpenError, RecordError, StoreError};
pub use read::{ReadTxn, Readable};
#[cfg(any(test, feature = "faults"))]
pub use store::faults::Faults;
pub use store::{CACHE_BYTES_DEFAULT, QUICK_REPAIR_DEFAULT, Store, StoreOptions};
pub use write::{Stamp, WriteTxn};
