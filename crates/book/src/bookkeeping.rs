//! What the book holds, in figures.

use crate::open::index_folder;
use crate::{AddressBook, BookError};

/// What the book holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stats {
    /// Contacts.
    pub contacts: u64,
    /// Organisations.
    pub organizations: u64,
    /// Notes.
    pub notes: u64,
    /// E.164 numbers of contacts, one a contact and number.
    pub numbers: u64,
    /// Other identifiers of contacts.
    pub identifiers: u64,
    /// The number of the last change.
    pub changes: u64,
    /// Bytes of the store's file.
    pub store_bytes: u64,
    /// Bytes of the index's files.
    pub index_bytes: u64,
    /// Bytes of the file of answers that are kept ready.
    pub ready_bytes: u64,
    /// Bytes of memory that look-ups are answered from: number index, places of ready answers.
    pub lookup_memory_bytes: u64,
    /// Changes that the index does not have yet; they are found all the same.
    pub overlay: usize,
}

impl AddressBook {
    /// What the book holds.
    ///
    /// # Errors
    /// When the store fails.
    pub fn stats(&self) -> Result<Stats, BookError> {
        let snapshot = self.snapshot_now()?;
        let rows = self.ask(&snapshot, |snapshot| snapshot.read.stats())?;
        let bytes = |path| std::fs::metadata(path).map_or(0, |file: std::fs::Metadata| file.len());
        let index = std::fs::read_dir(index_folder(&self.core.settings));
        let index = index.into_iter().flatten().flatten();
        Ok(Stats {
            contacts: rows.contacts,
            organizations: rows.organizations,
            notes: rows.notes,
            numbers: rows.contact_numbers,
            identifiers: rows.contact_identifiers,
            changes: snapshot.change().0,
            store_bytes: bytes(crate::open::store_file(&self.core.settings)),
            index_bytes: index.map(|file| bytes(file.path())).sum(),
            ready_bytes: self.core.hot.ready.file_bytes(),
            lookup_memory_bytes: self.core.hot.memory_bytes() as u64,
            overlay: self.core.desk().overlay.len(),
        })
    }
}
