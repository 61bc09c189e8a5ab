//! The address book: the rules that need store and index together.
//!
//! [`AddressBook`] is the door for embedding: a Rust program can use it without any HTTP. Writes
//! wait for the one writer and return when they are durable and visible; reads go through a
//! [`Snapshot`], which sees store and index at one moment. Nothing here knows JSON names, HTTP,
//! or status codes.

mod access;
mod ahead;
mod bookkeeping;
mod check;
mod contacts;
mod core;
mod edit;
mod error;
mod fetch;
mod folder;
mod hot;
mod import;
pub mod limits;
mod lookup;
mod meter;
mod notes;
mod numbers;
mod open;
mod organizations;
mod pulse;
mod ready;
mod settings;
mod snapshot;
mod writer;

pub use access::{NewClient, NewToken, Who};
pub use bookkeeping::Stats;
pub use check::CheckReport;
pub use core::{AddressBook, Status};
pub use error::{BookError, EditError, OpenError, Thing};
pub use fetch::FETCHED_TOGETHER;
pub use hot::{Answers, Form, Origin, Prepared};
pub use import::{ImportContact, ImportItem, ImportNote, ImportOrganization, ImportOutcome};
pub use lookup::Found;
pub use meter::{Count, TIME_BOUNDS, Times, Timings};
pub use pulse::Pulse;
pub use settings::Settings;
pub use snapshot::{ContactSearch, Listing, OrganizationSearch, ScanPage, Snapshot};

/// The page beside this crate: its example is compiled and run as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

#[cfg(test)]
mod tests;
