//! Contacts found by name, e-mail, organisation and number, with tantivy.
//!
//! The index on disk is always a little behind the store: the newest changes are in an [`Overlay`]
//! as tokenised contacts, are matched there directly and masked out of the index's hits, and are
//! flushed into tantivy in the background by the owner of the [`SearchIndex`]. A [`View`] is a
//! committed index and the overlay that belongs to it; it answers as if both were one. The store
//! stays the truth: the index can always be deleted and built again.
//!
//! This crate is the only one that names tantivy. It knows nothing of redb, of HTTP or of
//! permissions; it answers numbers and scores.

mod analysis;
mod entry;
mod error;
mod index;
mod overlay;
mod query;
mod ranking;
mod view;

pub use entry::{Entry, Fingerprint, OrganizationEntry, OrganizationName};
pub use error::SearchError;
pub use index::{Committed, Opened, SearchIndex, SearchOptions};
pub use overlay::{Overlay, Update};
pub use view::{ContactQuery, Found, Hit, OrganizationQuery, View};
