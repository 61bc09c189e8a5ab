//! Watching over a book: the check, and figures about it.

use crate::book::AddressBook;
use crate::error::BookError;
use crate::queries::{CheckReport, Pulse, Stats};

impl AddressBook {
    /// Checks everything. `progress` is told now and then how many records were looked at, out of
    /// how many. Blocks the thread; edits go on meanwhile and are not seen.
    ///
    /// # Errors
    /// [`BookError::Unavailable`] while the index is being built; when the store fails so that
    /// the check cannot go on.
    pub fn check(&self, progress: &mut dyn FnMut(u64, u64)) -> Result<CheckReport, BookError> {
        self.inner.check(progress)
    }

    /// What the book holds.
    ///
    /// # Errors
    /// When the store fails.
    pub fn stats(&self) -> Result<Stats, BookError> {
        self.inner.stats()
    }

    /// How the book fares. Always there, whatever became of the store. It asks the system for the
    /// sizes of files, so it may block the thread.
    pub fn pulse(&self) -> Pulse {
        self.inner.pulse()
    }
}
