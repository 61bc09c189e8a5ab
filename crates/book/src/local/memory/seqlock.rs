//! A seqlock: readers without a lock beside one writer.
//!
//! A counter is odd while the writer changes what lies under it, and even, and another, afterwards.
//! A reader loads the counter, reads, and loads the counter again: the same even value both times
//! means that everything in between belongs to one state. Otherwise what was read is thrown away.
//!
//! ```text
//! writer:  counter + 1 | release fence | stores ...... | counter + 1 (release)
//! reader:  counter (acquire) | loads ...... | acquire fence | counter
//! ```
//!
//! The first pair, the writer's last addition and the reader's first load, shows a reader all of
//! the state that it begins with. The second pair, the two fences, makes sure that a reader who saw
//! any store of a change also sees that the counter has moved. What lies under it may be loaded and
//! stored with any order; it has to be atomics (or locks), as both happen at the same time.
//!
//! One writer at a time, which is its owner's business (see [`memory`](super)). What a writer
//! acknowledges after `write` has returned, every later `optimistic_read` sees.
//!
//! It does not know what lies under it.

use crate::local::memory::sync::{AtomicU64, Ordering, fence};

/// The counter.
#[derive(Default)]
pub(crate) struct Seqlock(AtomicU64);

/// The state that a reader began with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Version(u64);

impl Seqlock {
    /// Begins to read. `None` while the writer is in the middle of a change.
    #[inline]
    pub(crate) fn optimistic_read(&self) -> Option<Version> {
        // Acquire: pairs with the last addition in `write`.
        let version = self.0.load(Ordering::Acquire);
        version.is_multiple_of(2).then_some(Version(version))
    }

    /// Whether everything that was read since `version` was taken belongs to that state.
    #[inline]
    pub(crate) fn validate_read(&self, version: Version) -> bool {
        // Acquire: pairs with the release fence in `write`, through whatever was read in between.
        fence(Ordering::Acquire);
        self.0.load(Ordering::Relaxed) == version.0
    }

    /// Runs a change. The caller holds the lock of the writers, so there is one at a time.
    pub(crate) fn write<T>(&self, change: impl FnOnce() -> T) -> T {
        self.0.fetch_add(1, Ordering::Relaxed);
        // Release: pairs with the acquire fence in `validate_read`, through every store of `change`.
        fence(Ordering::Release);
        let changed = change();
        // Release: pairs with the load in `optimistic_read`.
        self.0.fetch_add(1, Ordering::Release);
        changed
    }
}
