//! The address book: the rules that need store and index together.
//!
//! [`AddressBook`] is the door for embedding: a Rust program can use it without any HTTP. Writes
//! wait for the one writer and return when they are durable and visible; reads go through a
//! [`Snapshot`], which sees store and index at one moment. Nothing here knows JSON names, HTTP,
//! or status codes.

mod book;
mod counters;
mod error;
pub mod limits;
mod local;
mod settings;

pub use book::auth::{NewClient, NewToken, Who};
pub use book::import::{ImportContact, ImportItem, ImportNote, ImportOrganization, ImportOutcome};
pub use book::lookup::Found;
pub use book::{AddressBook, Status};
pub use counters::{Count, TIME_BOUNDS, Times, Timings};
pub use error::{BookError, EditError, OpenError, Thing};
pub use local::check::CheckReport;
pub use local::memory::prefetch::FETCHED_TOGETHER;
pub use local::memory::{Answers, Form, Origin, Prepared};
pub use local::meter::Pulse;
pub use local::snapshot::{ContactSearch, Listing, OrganizationSearch, ScanPage, Snapshot};
pub use local::stats::Stats;
pub use settings::Settings;

#[cfg(test)]
mod tests;
