//! Statistics: counts and sizes of a book, and of its engines. How they are shown is not known here.

use crate::error::BookError;
use crate::limits::QUEUE_WRITES_MAX;
use crate::local::data_dir::{index_folder, store_file};
use crate::local::state::Inner;
use crate::queries::{EngineStats, Stats};
use std::path::Path;

impl Inner {
    /// Counts and sizes of the book.
    pub(crate) fn stats(&self) -> Result<Stats, BookError> {
        let snapshot = self.snapshot_now()?;
        let rows = self.ask(&snapshot, |snapshot| snapshot.read.stats())?;
        Ok(Stats {
            contacts: rows.contacts,
            organizations: rows.organizations,
            notes: rows.notes,
            numbers: rows.contact_numbers,
            numbers_unread: rows.unread_numbers.count(self.records().internal_numbers),
            identifiers: rows.contact_identifiers,
            changes: snapshot.change().0,
            store_bytes: self.store_bytes(),
            index_bytes: self.index_bytes(),
            ready_bytes: self.memory.cache.file_bytes(),
            lookup_memory_bytes: self.memory.memory_bytes() as u64,
            overlay: self.working_state().overlay.len(),
        })
    }

    /// Engine statistics.
    pub(crate) fn engine_stats(&self) -> EngineStats {
        let meter = &self.meter;
        let (index_lag, overlay) = {
            let state = self.working_state();
            (state.lag(), state.overlay.len())
        };
        EngineStats {
            commits: meter.commits.read(),
            writes_committed: meter.committed.get(),
            batches_refused: meter.refused.get(),
            writes_waiting: QUEUE_WRITES_MAX.saturating_sub(self.commands.capacity()),
            flushes: meter.flushes.read(),
            snapshot_age: meter.snapshot_age(),
            index_lag,
            overlay,
            store_bytes: self.store_bytes(),
            index_bytes: self.index_bytes(),
            ready_bytes: self.memory.cache.file_bytes(),
            lookup_memory_bytes: self.memory.memory_bytes() as u64,
            numbers_unread: self.numbers_unread(),
        }
    }

    /// Numbers that no look-up finds; `None` while the store is closed.
    fn numbers_unread(&self) -> Option<u64> {
        let snapshot = self.snapshot_now().ok()?;
        let unread = self.ask(&snapshot, |snapshot| snapshot.read.unread_numbers()).ok()?;
        Some(unread.count(self.records().internal_numbers))
    }

    /// Bytes of the store's file.
    fn store_bytes(&self) -> u64 {
        bytes(&store_file(&self.settings.data))
    }

    /// Bytes of the index's files.
    fn index_bytes(&self) -> u64 {
        let files = std::fs::read_dir(index_folder(&self.settings));
        files.into_iter().flatten().flatten().map(|file| bytes(&file.path())).sum()
    }
}

fn bytes(path: &Path) -> u64 {
    std::fs::metadata(path).map_or(0, |file| file.len())
}
