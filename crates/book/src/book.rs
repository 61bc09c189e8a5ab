//! The address book as a program sees it: opened, asked for snapshots, closed. Its other calls lie in
//! the files of this room, one a subject. They know the rules of an address book; how it is kept is
//! known to [`crate::local`] alone.

pub(crate) mod auth;
mod contacts;
pub(crate) mod export;
mod import;
mod lookup;
mod maintenance;
mod notes;
mod numbers;
pub(crate) mod organization_names;
mod organizations;
mod schemas;
pub(crate) mod settings;

use crate::error::{BookError, OpenError};
use crate::local::snapshot::Snapshot;
use crate::local::state::Inner;
use crate::queries::Status;
use crate::settings::Settings;
use std::sync::Arc;

/// An address book in a data directory. Cheap to clone; every clone is the same book.
#[derive(Clone)]
pub struct AddressBook {
    pub(crate) inner: Arc<Inner>,
}

impl AddressBook {
    /// Opens the data directory, making it when it is missing. Look-ups are answered at once;
    /// search is when the index is level with the store, which takes long only when it must be
    /// built anew.
    ///
    /// # Errors
    /// [`OpenError`] says in one sentence why the directory cannot be used.
    pub fn open(settings: Settings) -> Result<AddressBook, OpenError> {
        Ok(AddressBook { inner: Inner::open(settings)? })
    }

    /// The settings with which it was opened.
    pub fn settings(&self) -> &Settings {
        &self.inner.settings
    }

    /// The present state of everything, store and index at one moment. Every write that was
    /// answered before this call is in it.
    ///
    /// # Errors
    /// [`BookError::Unavailable`] when the store is being opened again and does not come back
    /// within [`SNAPSHOT_WAIT`](crate::limits::SNAPSHOT_WAIT).
    pub async fn snapshot(&self) -> Result<Arc<Snapshot>, BookError> {
        self.inner.snapshot().await
    }

    /// The present state of everything, as [`snapshot`](Self::snapshot) gives it, without waiting.
    ///
    /// # Errors
    /// [`BookError::Unavailable`] while the store is being opened again.
    pub fn snapshot_now(&self) -> Result<Arc<Snapshot>, BookError> {
        self.inner.snapshot_now()
    }

    /// Whether the book can answer.
    pub fn status(&self) -> Status {
        self.inner.status()
    }

    /// Waits until search is answered. For the command line; it blocks the thread.
    ///
    /// # Errors
    /// [`BookError::Unavailable`] when the book is closed before.
    pub fn wait_until_searchable(&self) -> Result<(), BookError> {
        self.inner.wait_until_searchable()
    }

    /// Has the store opened again, for a caller whose read of `snapshot` met a [`BookError`] that
    /// asks for it; the book's own calls see to it by themselves. Nothing happens when the store
    /// was opened again since the snapshot was taken.
    pub fn reopen_after(&self, snapshot: &Snapshot) {
        self.inner.reopen_after(snapshot);
    }

    /// Finishes the writes that were submitted, flushes the overlay into the index, and closes store
    /// and index. Blocks the thread. Later writes, and reads that need the store anew, are refused.
    pub fn close(&self) {
        drop(self.inner.end());
    }

    /// Closes, and then gives the space that nothing uses in the store's file back to the disk:
    /// worth its seconds after much was written. Without effect while a snapshot is held.
    ///
    /// # Errors
    /// [`BookError::Engine`] when the file could not be made smaller; it is whole all the same.
    pub fn close_compacted(&self) -> Result<(), BookError> {
        match self.inner.end() {
            Some(mut store) => Ok(store.compact()?),
            None => Ok(()),
        }
    }
}
