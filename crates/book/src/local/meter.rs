//! The pulse of a book: how its writer and its folder fare, for whoever watches over it. Figures
//! without anybody's data; asking for them reads no record.

use crate::AddressBook;
use crate::counters::{Count, Timings};
use crate::limits::QUEUE_WRITES_MAX;
use crate::queries::Pulse;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// What writer and folder note as they go.
pub(crate) struct Meter {
    start: Instant,
    /// When the newest snapshot was published, in nanoseconds after the start.
    published: AtomicU64,
    /// Of the writer's thread.
    commits: Timings,
    committed: Count,
    refused: Count,
    /// Of the folder's thread.
    folds: Timings,
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
    pub(crate) fn folded(&self, began: Instant) {
        self.folds.note(began.elapsed(), 1);
    }
}

impl AddressBook {
    /// How the book fares. Always there, whatever became of the store. It asks the system for the
    /// sizes of files, so it may block the thread.
    pub fn pulse(&self) -> Pulse {
        let meter = &self.core.meter;
        let (index_lag, overlay) = {
            let desk = self.core.desk();
            (desk.lag(), desk.overlay.len())
        };
        let published = Duration::from_nanos(meter.published.load(Ordering::Relaxed));
        Pulse {
            commits: meter.commits.read(),
            writes_committed: meter.committed.get(),
            batches_refused: meter.refused.get(),
            writes_waiting: QUEUE_WRITES_MAX.saturating_sub(self.core.orders.capacity()),
            folds: meter.folds.read(),
            snapshot_age: meter.start.elapsed().saturating_sub(published),
            index_lag,
            overlay,
            store_bytes: self.store_bytes(),
            index_bytes: self.index_bytes(),
            ready_bytes: self.core.hot.ready.file_bytes(),
            lookup_memory_bytes: self.core.hot.memory_bytes() as u64,
        }
    }
}
