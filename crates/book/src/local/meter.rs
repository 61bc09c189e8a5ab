//! The pulse of a book: how its writer and its folder fare, for whoever watches over it. Figures
//! without anybody's data; asking for them reads no record.

use crate::counters::{Count, Timings};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// What writer and folder note as they go.
pub(crate) struct Meter {
    start: Instant,
    /// When the newest snapshot was published, in nanoseconds after the start.
    published: AtomicU64,
    /// Of the writer's thread.
    pub(crate) commits: Timings,
    pub(crate) committed: Count,
    pub(crate) refused: Count,
    /// Of the folder's thread.
    pub(crate) folds: Timings,
}

impl Meter {
    pub(crate) fn new() -> Meter {
        Meter {
            start: Instant::now(),
            published: AtomicU64::new(0),
            commits: Timings::default(),
            committed: Count::default(),
            refused: Count::default(),
            folds: Timings::default(),
        }
    }

    /// A snapshot was published just now.
    pub(crate) fn published(&self) {
        let nanos = u64::try_from(self.start.elapsed().as_nanos()).unwrap_or(u64::MAX);
        self.published.store(nanos, Ordering::Relaxed);
    }

    /// How long ago the newest snapshot was published.
    pub(crate) fn snapshot_age(&self) -> Duration {
        let published = Duration::from_nanos(self.published.load(Ordering::Relaxed));
        self.start.elapsed().saturating_sub(published)
    }

    /// A batch of so many writes was tried.
    pub(crate) fn tried(&self, began: Instant, writes: usize, kept: bool) {
        if kept {
            self.commits.note(began.elapsed(), 1);
            self.committed.add(writes as u64);
        } else {
            self.refused.add(1);
        }
    }

    /// The overlay was folded into the index.
    pub(crate) fn flushed(&self, began: Instant) {
        self.folds.note(began.elapsed(), 1);
    }
}
