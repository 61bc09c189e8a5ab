//! What an address book is asked, and what it answers: plain values. Nothing here asks or answers.

use crate::counters::Times;
use carnet_model::{Contact, ContactNo, Invalid, Page, Sort};
use carnet_phone::Number;
use std::time::Duration;
use uuid::Uuid;

/// Entries of a listing, and how many there are in all.
#[derive(Clone, Debug)]
pub struct Listing<T> {
    /// How many match, over all pages.
    pub total: usize,
    /// Those of the page that was asked for.
    pub entries: Vec<T>,
}

/// A question for contacts. Without any of it: all of them, oldest first.
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
    /// Which page.
    pub page: Page,
}

/// A question for organisations.
#[derive(Clone, Copy, Debug)]
pub struct OrganizationSearch<'a> {
    /// Words, each of which must match.
    pub text: Option<&'a str>,
    /// Only organisations of these divisions; empty for all.
    pub divisions: &'a [String],
    /// The order; empty for best match first.
    pub sort: &'a [Sort],
    /// Which page.
    pub page: Page,
}

/// A page of a scan.
#[derive(Clone, Debug)]
pub struct ScanPage {
    /// The contacts, by ascending number.
    pub entries: Vec<Contact>,
    /// Where the next page begins; `None` when this is the last.
    pub after: Option<ContactNo>,
}

/// What a look-up came to.
#[derive(Clone, Debug)]
pub struct Found {
    /// The number as it was read: where somebody has it, the reading that was found. `None` for
    /// a text that is no number.
    pub number: Option<Number>,
    /// Who has it, oldest first, at most `LOOKUP_CONTACTS_MAX`.
    pub contacts: Vec<Contact>,
}

/// What a check found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CheckReport {
    /// How many contacts were checked.
    pub contacts: u64,
    /// How many organisations were checked.
    pub organizations: u64,
    /// How many notes were checked.
    pub notes: u64,
    /// Problems, each a sentence; the first `PROBLEMS_MAX` of the store, and of the index.
    pub problems: Vec<String>,
    /// How many problems there are.
    pub problem_count: u64,
}

/// Whether the book can answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// Look-ups and reads are answered.
    pub readable: bool,
    /// Search is answered too: the index is level with the store.
    pub searchable: bool,
    /// Why not, in one sentence.
    pub why: Option<String>,
}

/// What the book holds.
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
    /// Other identifiers of contacts.
    pub identifiers: u64,
    /// The number of the last change.
    pub changes: u64,
    /// Bytes of the store's file.
    pub store_bytes: u64,
    /// Bytes of the index's files.
    pub index_bytes: u64,
    /// Bytes of the file of answers that are kept ready.
    pub ready_bytes: u64,
    /// Bytes of memory that look-ups are answered from: number index, places of ready answers.
    pub lookup_memory_bytes: u64,
    /// Changes that the index does not have yet; they are found all the same.
    pub overlay: usize,
}

/// How a book fares.
#[derive(Clone, Debug)]
pub struct Pulse {
    /// Transactions: from when the writer takes up a batch until it is durable and readers see it.
    pub commits: Times,
    /// Writes that they carried.
    pub writes_committed: u64,
    /// Batches of which nothing was kept, or which could not be shown.
    pub batches_refused: u64,
    /// Writes that wait for the writer.
    pub writes_waiting: usize,
    /// Folds of the newest changes into the index.
    pub folds: Times,
    /// How long ago the newest snapshot was published.
    pub snapshot_age: Duration,
    /// Changes that the index is behind the store. They are found all the same.
    pub index_lag: usize,
    /// Entries of the overlay, in which they are found.
    pub overlay: usize,
    /// Bytes of the store's file.
    pub store_bytes: u64,
    /// Bytes of the index's files.
    pub index_bytes: u64,
    /// Bytes of the file of answers that are kept ready.
    pub ready_bytes: u64,
    /// Bytes of memory that look-ups are answered from: number index, places of ready answers.
    pub lookup_memory_bytes: u64,
}

/// What became of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImportOutcome {
    /// It is new.
    Added,
    /// It was there and has other values now.
    Updated,
    /// It was there just so.
    Unchanged,
    /// It was refused, for these reasons.
    Skipped(Invalid),
}
