//! The meter of a book: counters that the writer and the indexer keep as they go. They hold no
//! personal data, and reading them reads no record.

use crate::counters::{Counter, Histogram};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// The counters.
pub(crate) struct Meter {
    start: Instant,
    /// The time at which the newest snapshot was published, in nanoseconds after the start. Relaxed:
    /// a figure that orders nothing.
    published: AtomicU64,
    /// Commits, which the writer adds, with their writes.
    pub(crate) commits: Histogram,
    pub(crate) committed: Counter,
    pub(crate) refused: Counter,
    /// Flushes, which the indexer adds.
    pub(crate) flushes: Histogram,
}

impl Meter {
    pub(crate) fn new() -> Meter {
        Meter {
            start: Instant::now(),
            published: AtomicU64::new(0),
            commits: Histogram::default(),
            committed: Counter::default(),
            refused: Counter::default(),
            flushes: Histogram::default(),
        }
    }

    /// Notes that a snapshot was published.
    pub(crate) fn published(&self) {
        let nanos = u64::try_from(self.start.elapsed().as_nanos()).unwrap_or(u64::MAX);
        self.published.store(nanos, Ordering::Relaxed);
    }

    /// The time since the newest snapshot was published.
    pub(crate) fn snapshot_age(&self) -> Duration {
        let published = Duration::from_nanos(self.published.load(Ordering::Relaxed));
        self.start.elapsed().saturating_sub(published)
    }

    /// Notes that a batch of writes was tried.
    pub(crate) fn tried(&self, began: Instant, writes: usize, kept: bool) {
        if kept {
            self.commits.note(began.elapsed(), 1);
            self.committed.add(writes as u64);
        } else {
            self.refused.add(1);
        }
    }

    /// Notes that the overlay was flushed into the index.
    pub(crate) fn flushed(&self, began: Instant) {
        self.flushes.note(began.elapsed(), 1);
    }
}
