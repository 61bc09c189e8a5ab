//! Limits of the address book's queue, batches, and memory.

use std::time::Duration;

/// Writes that may wait for the writer; later ones wait at the door.
pub const QUEUE_WRITES_MAX: usize = 4_096;
/// Writes that one transaction takes. Measured with 64 clients: more than the clients send at
/// once gains nothing, and the first of a batch waits for the last.
pub const BATCH_WRITES_MAX: usize = 512;
/// Entities that one transaction takes, bulk and import counted by what they carry.
pub const BATCH_ENTITIES_MAX: usize = 8_192;
// In tests few, so that flushes happen.
/// Changes that start a flush of the overlay into the index.
pub const FLUSH_CHANGES: usize = if cfg!(test) { 25 } else { 2_000 };
/// Changes that start a flush while batches of at least [`FLUSH_BULK_EFFECTS`] come: an import is
/// not slowed by commits of the index, and a search meanwhile walks a longer overlay.
pub const FLUSH_CHANGES_BULK: usize = 20_000;
/// Changes in one transaction that count as bulk.
pub const FLUSH_BULK_EFFECTS: usize = 500;
/// Changes that the index takes before it commits while the book is opened for a bulk load: each
/// commit ends its segments, and small ones are merged later at their own cost again.
pub const COMMIT_CHANGES_BULK: u64 = if cfg!(test) { 150 } else { 128_000 };
/// How long a change stays in the overlay when few come.
pub const FLUSH_AFTER: Duration = Duration::from_secs(2);
/// Entries of the overlay beyond which writers wait for the flush.
pub const OVERLAY_ENTRIES_MAX: usize = 50_000;
/// Entries of the overlay beyond which writers wait while the book is opened for a bulk load: there
/// are no searches then, and it holds the changes of one transaction while the next is being filled.
pub const OVERLAY_ENTRIES_BULK_MAX: usize = 100_000;
/// How long a writer waits for the flush before the write is refused.
pub const FLUSH_WAIT: Duration = Duration::from_secs(60);
/// How long a read waits while the store is being opened again.
pub const SNAPSHOT_WAIT: Duration = Duration::from_secs(2);
/// Longest pause between two tries to open a store that failed.
pub const REOPEN_PAUSE_MAX: Duration = Duration::from_secs(1);
/// Records that a scan of the store takes at a time.
pub const SCAN_RECORDS: usize = 1_000;
/// Contacts whose numbers are read anew, or searched for unread ones, at a time.
pub const NUMBERS_CONTACTS: usize = if cfg!(test) { 8 } else { 10_000 };
/// Unread numbers, or contacts whose numbers change, after which such a part ends.
pub const NUMBERS_FOUND_MAX: usize = if cfg!(test) { 3 } else { 1_000 };
/// Names of organisations that an export remembers, and so the warm-up of the render cache: some
/// megabytes.
pub const ORGANIZATION_NAMES_MAX: usize = 50_000;
/// Verified tokens that are kept in memory; as many secrets, and as many keys.
pub const VERIFIED_TOKENS_MAX: usize = 10_000;
/// Seconds that a session lasts: a working day, so that one signs in once a day.
pub const SESSION_SECONDS: u64 = 12 * 60 * 60;
/// Seconds that the link for the first administrator is good: somebody may install on a Friday.
pub const FIRST_LINK_SECONDS: u64 = 7 * 24 * 60 * 60;
/// How long a verified secret or key is kept in memory.
pub const VERIFIED_SECRET_LIFE: Duration = Duration::from_secs(60 * 60);
/// Dots of a key at which it is tried as a client's id and its secret.
pub const KEY_DOTS_MAX: usize = 8;
/// Names of organisations that the writer keeps in memory in the form that search compares.
pub const WRITER_NAMES_MAX: usize = 50_000;
/// Versions of schemas that the writer keeps in memory.
pub const WRITER_SCHEMAS_MAX: usize = 256;
/// How often a look-up reads the look-up memory, if the writer changes it meanwhile, before it takes
/// a snapshot.
pub const LOOKUP_TRIES_MAX: usize = 3;
/// Rows of the number index after which its builder checks whether the book is closing.
pub const NUMBERS_CHECK: usize = 1 << 16;
/// Contacts that the warm-up renders from one snapshot.
pub const WARM_UP_CONTACTS: u64 = if cfg!(test) { 16 } else { 256 };
