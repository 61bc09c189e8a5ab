//! The address book: the rules that need store and index together.
//!
//! [`AddressBook`] is the door for embedding: a Rust program can use it without any HTTP. Writes
//! wait for the one writer and return when they are durable and visible; reads go through a
//! [`Snapshot`], which sees store and index at one moment. Nothing here knows JSON names, HTTP,
//! or status codes.

mod book;
mod clock;
mod counters;
mod error;
pub mod limits;
mod local;
mod principal;
mod queries;
mod settings;
mod spelling;

pub use book::AddressBook;
pub use book::auth::NewToken;
pub use book::auth::clients::NewClient;
pub use book::auth::passwords::{NewPassword, PASSWORD_CHARS_MIN};
pub use book::auth::users::{NewSession, VerifiedUser};
pub use book::export::ExportItem;
pub use book::organization_names::OrganizationNames;
pub use book::settings::SettingRow;
pub use counters::{Counter, Histogram, HistogramValue, TIME_BOUNDS};
pub use error::{BookError, EditError, EntityKind, OpenError};
pub use local::data_dir::store_file;
pub use local::memory::prefetch::PREFETCH_MAX;
pub use local::memory::rendering::{Form, Origin, Rendering, Renderings};
pub use local::snapshot::Snapshot;
pub use principal::Principal;
pub use queries::{
    CheckReport, ContactSearch, EngineStats, Found, ImportOutcome, Listing, OrganizationSearch,
    RereadPage, ScanPage, SharedExternalId, SharedExternalIds, Stats, Status, UnreadPage,
};
pub use settings::{RecordSettings, SettingKind, Settings};

/// The page beside this crate: its example is compiled and run as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

#[cfg(test)]
mod tests;
