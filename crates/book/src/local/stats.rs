//! What the book holds, in figures.

use crate::local::recovery::{index_folder, store_file};
use crate::queries::Stats;
use crate::{AddressBook, BookError};
use std::path::Path;

impl AddressBook {
    /// What the book holds.
    ///
    /// # Errors
    /// When the store fails.
    pub fn stats(&self) -> Result<Stats, BookError> {
        let snapshot = self.snapshot_now()?;
        let rows = self.ask(&snapshot, |snapshot| snapshot.read.stats())?;
        Ok(Stats {
            contacts: rows.contacts,
            organizations: rows.organizations,
            notes: rows.notes,
            numbers: rows.contact_numbers,
            identifiers: rows.contact_identifiers,
            changes: snapshot.change().0,
            store_bytes: self.store_bytes(),
            index_bytes: self.index_bytes(),
            ready_bytes: self.core.hot.ready.file_bytes(),
            lookup_memory_bytes: self.core.hot.memory_bytes() as u64,
            overlay: self.core.desk().overlay.len(),
        })
    }

    /// Bytes of the store's file.
    pub(crate) fn store_bytes(&self) -> u64 {
        bytes(&store_file(&self.core.settings))
    }

    /// Bytes of the index's files.
    pub(crate) fn index_bytes(&self) -> u64 {
        let files = std::fs::read_dir(index_folder(&self.core.settings));
        files.into_iter().flatten().flatten().map(|file| bytes(&file.path())).sum()
    }
}

fn bytes(path: &Path) -> u64 {
    std::fs::metadata(path).map_or(0, |file| file.len())
}
