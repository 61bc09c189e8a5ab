//! Queries and their results, as plain values. Nothing here asks or answers.

use crate::counters::HistogramValue;
use carnet_model::{
    Contact, ContactNo, ExternalId, ExternalIdTaken, InvalidFields, InvalidReference, Page,
    RereadNumber, Sort, UnreadNumber,
};
use carnet_phone::Number;
use std::time::Duration;
use uuid::Uuid;

/// A page of a listing.
#[derive(Clone, Debug)]
pub struct Listing<T> {
    /// The number of matches on all pages.
    pub total: usize,
    /// The entries of the page.
    pub entries: Vec<T>,
}

/// A search for contacts. With nothing given it finds all of them, oldest first.
///
/// The search crate has a query of its own, in its index's numbers and with the book's region: no
/// type of an engine is in this crate's API. So it is with [`OrganizationSearch`].
#[derive(Clone, Copy, Debug)]
pub struct ContactSearch<'a> {
    /// Words, each of which must match.
    pub text: Option<&'a str>,
    /// Only contacts of these divisions; empty for all.
    pub divisions: &'a [String],
    /// Only these contacts.
    pub ids: Option<&'a [Uuid]>,
    /// Only contacts of this organisation.
    pub organization: Option<Uuid>,
    /// The order; empty for best match first.
    pub sort: &'a [Sort],
    /// The page.
    pub page: Page,
}

/// A search for organisations.
#[derive(Clone, Copy, Debug)]
pub struct OrganizationSearch<'a> {
    /// Words, each of which must match.
    pub text: Option<&'a str>,
    /// Only organisations of these divisions; empty for all.
    pub divisions: &'a [String],
    /// The order; empty for best match first.
    pub sort: &'a [Sort],
    /// The page.
    pub page: Page,
}

/// A page of a scan.
#[derive(Clone, Debug)]
pub struct ScanPage {
    /// The contacts, by ascending number.
    pub entries: Vec<Contact>,
    /// The contact after which the next page begins; `None` when this is the last.
    pub after: Option<ContactNo>,
}

/// The result of a look-up.
#[derive(Clone, Debug)]
pub struct Found {
    /// The number as it was read, in the reading that a contact has if there is one. `None` for a
    /// text that is no number.
    pub number: Option<Number>,
    /// The contacts that have it, oldest first, at most `LOOKUP_CONTACTS_MAX`.
    pub contacts: Vec<Contact>,
}

/// The result of a check.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CheckReport {
    /// Contacts checked.
    pub contacts: u64,
    /// Organisations checked.
    pub organizations: u64,
    /// Notes checked.
    pub notes: u64,
    /// Problems, each a sentence; the first `PROBLEMS_MAX` of the store, and as many of the index.
    pub problems: Vec<String>,
    /// Problems in all.
    pub problem_count: u64,
    /// External ids that several contacts have, from before each was a key.
    pub shared_by_contacts: SharedExternalIds,
    /// External ids that several organisations have, likewise.
    pub shared_by_organizations: SharedExternalIds,
}

/// External ids that several records of one kind have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SharedExternalIds {
    /// The first of them, at most `PROBLEMS_MAX`.
    pub listed: Vec<SharedExternalId>,
    /// Such external ids in all.
    pub count: u64,
}

/// An external id that several records of one kind have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedExternalId {
    /// The external id, as the oldest of them has it.
    pub id: ExternalId,
    /// The ids of the records, oldest first.
    pub holders: Vec<Uuid>,
}

/// Whether the book can answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// Look-ups and reads are answered.
    pub readable: bool,
    /// Search is answered too: the index is level with the store.
    pub searchable: bool,
    /// The reason why not, in one sentence.
    pub why: Option<String>,
}

/// Counts and sizes of a book.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stats {
    /// Contacts.
    pub contacts: u64,
    /// Organisations.
    pub organizations: u64,
    /// Notes.
    pub notes: u64,
    /// E.164 numbers of contacts, one a contact and number.
    pub numbers: u64,
    /// Numbers of contacts that are kept as they were typed, and found by no look-up.
    pub numbers_unread: u64,
    /// Other identifiers of contacts.
    pub identifiers: u64,
    /// The number of the last change.
    pub changes: u64,
    /// Bytes of the store's file.
    pub store_bytes: u64,
    /// Bytes of the index's files.
    pub index_bytes: u64,
    /// Bytes of the files of the render cache.
    pub ready_bytes: u64,
    /// Bytes of the look-up memory: the number index, and the render cache as far as it is in memory.
    pub lookup_memory_bytes: u64,
    /// Changes that the index does not have yet; they are found all the same.
    pub overlay: usize,
}

/// Engine statistics, for monitoring. They hold no personal data.
#[derive(Clone, Debug)]
pub struct EngineStats {
    /// Commits: the time from when the writer takes up a batch until it is durable and visible.
    pub commits: HistogramValue,
    /// Writes in all commits.
    pub writes_committed: u64,
    /// Batches of which nothing was kept, or which could not be published.
    pub batches_refused: u64,
    /// Writes that wait for the writer.
    pub writes_waiting: usize,
    /// Flushes of the overlay into the index.
    pub flushes: HistogramValue,
    /// The time since the newest snapshot was published.
    pub snapshot_age: Duration,
    /// Changes that the index does not have yet. They are found all the same.
    pub index_lag: usize,
    /// Entries of the overlay, in which those changes are found.
    pub overlay: usize,
    /// Bytes of the store's file.
    pub store_bytes: u64,
    /// Bytes of the index's files.
    pub index_bytes: u64,
    /// Bytes of the files of the render cache.
    pub ready_bytes: u64,
    /// Bytes of the look-up memory: the number index, and the render cache as far as it is in memory.
    pub lookup_memory_bytes: u64,
    /// Numbers of contacts that no look-up finds; `None` while the store is closed.
    pub numbers_unread: Option<u64>,
}

/// A part of all unread numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct UnreadPage {
    /// The numbers, by ascending contact. There may be none although more follow.
    pub entries: Vec<UnreadNumber>,
    /// The contact after which the next part begins; `None` when this is the last.
    pub after: Option<ContactNo>,
}

/// What reading the numbers of a part of all contacts anew would change.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RereadPage {
    /// Contacts that were looked at.
    pub contacts: u64,
    /// Numbers that are read in another way.
    pub changes: Vec<RereadNumber>,
    /// The contacts that have them.
    pub changed: Vec<ContactNo>,
    /// Valid numbers that their texts do not spell any more; they stay.
    pub kept: u64,
    /// The contact after which the next part begins; `None` when this is the last.
    pub after: Option<ContactNo>,
}

/// The outcome of an imported record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImportOutcome {
    /// It is new.
    Added,
    /// It was there and has other values now.
    Updated,
    /// It was there with the same values.
    Unchanged,
    /// It was refused: a reference of it leads nowhere.
    Skipped(InvalidReference),
    /// It was refused: another record of its kind has an external id of it.
    Taken(Vec<ExternalIdTaken>),
    /// It was refused: its custom fields are not those of a schema.
    Fields(InvalidFields),
}
