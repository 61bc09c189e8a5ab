//! Maintenance of a book: the check, and figures about it.

use crate::book::AddressBook;
use crate::error::BookError;
use crate::queries::{CheckReport, EngineStats, Stats};

impl AddressBook {
    /// Checks everything. `progress` is called now and then with the number of records checked, and
    /// of all. Blocks the thread; edits go on meanwhile and are not seen.
    ///
    /// # Errors
    /// [`BookError::Unavailable`] while the index is being built; when the store fails so that
    /// the check cannot go on.
    pub fn check(&self, progress: &mut dyn FnMut(u64, u64)) -> Result<CheckReport, BookError> {
        self.inner.check(progress)
    }

    /// Counts and sizes of a book.
    ///
    /// # Errors
    /// When the store fails.
    pub fn stats(&self) -> Result<Stats, BookError> {
        self.inner.stats()
    }

    /// Engine statistics, for monitoring. They are given even while the store is closed. The sizes of
    /// files are asked of the system, so this may block the thread.
    pub fn engine_stats(&self) -> EngineStats {
        self.inner.engine_stats()
    }
}
