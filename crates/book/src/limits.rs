//! Bounds of the address book's queue, batches, and memory.

use std::time::Duration;

/// Writes that may wait for the writer; later ones wait at the door.
pub const QUEUE_WRITES_MAX: usize = 4_096;
/// Writes that one transaction takes. Measured with 64 clients: more than the clients send at
/// once gains nothing, and the first of a batch waits for the last.
pub const BATCH_WRITES_MAX: usize = 512;
/// Entities that one transaction takes, bulk and import counted by what they carry.
pub const BATCH_ENTITIES_MAX: usize = 8_192;
/// Changes that start a fold of the overlay into the index. In tests few, so that folds happen.
pub const FOLD_CHANGES: usize = if cfg!(test) { 25 } else { 2_000 };
/// Changes that start a fold while batches of at least [`FOLD_BULK_EFFECTS`] come: an import is
/// not slowed by commits of the index, and a search meanwhile walks a longer overlay.
pub const FOLD_CHANGES_BULK: usize = 20_000;
/// Changes in one transaction that count as bulk.
pub const FOLD_BULK_EFFECTS: usize = 500;
/// Changes that the index takes before it commits while the book is opened for a bulk load: each
/// commit ends its segments, and small ones are merged later at their own cost again.
pub const COMMIT_CHANGES_BULK: u64 = if cfg!(test) { 150 } else { 128_000 };
/// How long a change stays in the overlay when few come.
pub const FOLD_AFTER: Duration = Duration::from_secs(2);
/// Entries of the overlay beyond which writers wait for the fold.
pub const OVERLAY_ENTRIES_MAX: usize = 50_000;
/// The same while the book is opened for a bulk load: nobody searches the overlay then, and it
/// holds what one transaction made while the next is being filled.
pub const OVERLAY_ENTRIES_BULK_MAX: usize = 100_000;
/// How long a writer waits for the fold before the write is refused.
pub const FOLD_WAIT: Duration = Duration::from_secs(60);
/// How long a read waits while the store is being opened again.
pub const SNAPSHOT_WAIT: Duration = Duration::from_secs(2);
/// Longest pause between two tries to open a store that failed.
pub const REOPEN_PAUSE_MAX: Duration = Duration::from_secs(1);
/// Records that a scan of the store takes at a time.
pub const SCAN_RECORDS: usize = 1_000;
/// Names of organisations that an export remembers: some megabytes.
pub const EXPORT_NAMES_MAX: usize = 50_000;
/// Tokens that are remembered as checked.
pub const REMEMBERED_TOKENS_MAX: usize = 10_000;
/// How long a client's secret is remembered as checked.
pub const REMEMBERED_SECRET_LIFE: Duration = Duration::from_secs(60 * 60);
/// Dots of a key at which it is tried to be a client's id and its secret.
pub const KEY_DOTS_MAX: usize = 8;
/// Names of organisations that the writer remembers folded.
pub const REMEMBERED_NAMES_MAX: usize = 50_000;
/// How often a look-up starts anew because the writer changed something under it, before it takes a
/// snapshot.
pub const LOOKUP_TRIES_MAX: usize = 3;
/// Rows after which the building of the number index looks whether the book is closing.
pub const NUMBERS_CHECK: usize = 1 << 16;
/// Contacts whose answers are made ahead from one snapshot.
pub const AHEAD_CONTACTS: u64 = if cfg!(test) { 16 } else { 256 };
