//! An address book that a command opens in a data directory, and closes however the command ends.

use std::ops::Deref;
use std::path::Path;

use carnet_book::{AddressBook, store_file};

use crate::failure::Failure;
use crate::settings::Settings;
use crate::terminal::progress;

/// An open address book that is closed when the command is done with it, however it ends.
pub(crate) struct OpenBook(AddressBook);

impl OpenBook {
    /// Opens a data directory that has a store. Nothing is made: a mistyped directory stays as
    /// it is.
    pub(crate) fn existing(settings: &Settings) -> Result<OpenBook, Failure> {
        if !settings.data.is_dir() {
            return Err(Failure::failed(format!(
                "there is no data directory {}; `carnet serve` or `carnet import` makes one, \
                 --data names another",
                settings.data.display()
            )));
        }
        let store = store_file(&settings.data);
        if !store.is_file() {
            let name = store.file_name().unwrap_or_default().display();
            return Err(Failure::failed(format!(
                "{} has no {name}, so it is no data directory of carnet; `carnet serve` or \
                 `carnet import` makes one, --data names another",
                settings.data.display()
            )));
        }
        open(settings)
    }

    /// Opens a data directory, and makes it where it is missing.
    pub(crate) fn at(settings: &Settings) -> Result<OpenBook, Failure> {
        open(settings)
    }

    /// Opens a data directory as [`OpenBook::at`] does, for an import, during which search is
    /// not answered.
    pub(crate) fn for_import(settings: &Settings) -> Result<OpenBook, Failure> {
        open_with(settings, carnet_book::Settings { bulk: true, ..settings.book() })
    }

    /// Waits until search can be answered, with a spinner while the index is made again.
    pub(crate) fn searchable(self) -> Result<OpenBook, Failure> {
        if !self.status().searchable {
            let waiting = progress::waiting("the index is being brought level", true);
            self.wait_until_searchable()?;
            waiting.finish_and_clear();
        }
        Ok(self)
    }
}

impl Deref for OpenBook {
    type Target = AddressBook;

    fn deref(&self) -> &AddressBook {
        &self.0
    }
}

impl Drop for OpenBook {
    fn drop(&mut self) {
        self.0.close();
    }
}

/// Whether a directory is a data directory already.
pub(crate) fn has_store(data: &Path) -> bool {
    store_file(data).is_file()
}

fn open(settings: &Settings) -> Result<OpenBook, Failure> {
    open_with(settings, settings.book())
}

fn open_with(settings: &Settings, book: carnet_book::Settings) -> Result<OpenBook, Failure> {
    AddressBook::open(book).map(OpenBook).map_err(|error| Failure::open(&settings.data, &error))
}

/// Runs one of the book's writes to its end. The book has threads of its own; nothing here
/// needs more than a place to wait.
pub(crate) fn wait_for<T>(write: impl Future<Output = T>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|e| Failure::file("the command cannot start", &e))?;
    Ok(runtime.block_on(write))
}
