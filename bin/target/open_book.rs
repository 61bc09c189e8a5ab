//! An address book that a command opens in a data directory, and closes however the command ends.

use std::env;
use std::fs;
use std::ops::Deref;
use std::path::{Path, PathBuf};

use carnet_book::{AddressBook, store_file};
use carnet_model::Uuid;

use crate::failure::Failure;
use crate::settings::Settings;
use crate::terminal::progress;

/// An open address book that is closed when the command is done with it, however it ends.
pub(crate) struct OpenBook {
    book: AddressBook,
    /// The directory of a book that is thrown away. Dropped, and so removed, after the book is
    /// closed.
    scratch: Option<Scratch>,
}

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
        open(settings.book())
    }

    /// Opens a data directory, and makes it where it is missing.
    pub(crate) fn at(settings: &Settings) -> Result<OpenBook, Failure> {
        open(settings.book())
    }

    /// Opens a data directory as [`OpenBook::at`] does, for an import, during which search is
    /// not answered.
    pub(crate) fn for_import(settings: &Settings) -> Result<OpenBook, Failure> {
        open(carnet_book::Settings { bulk: true, ..settings.book() })
    }

    /// Opens an empty book that is thrown away, with the rules of these settings. Its directory
    /// is a temporary one.
    pub(crate) fn empty(settings: &Settings) -> Result<OpenBook, Failure> {
        let scratch = Scratch::new();
        let book = carnet_book::Settings {
            data: scratch.0.clone(),
            ready_file_bytes: 0,
            ready_memory_bytes: 0,
            bulk: true,
            ..settings.book()
        };
        let mut opened = open(book)?;
        opened.scratch = Some(scratch);
        Ok(opened)
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
        &self.book
    }
}

impl Drop for OpenBook {
    fn drop(&mut self) {
        self.book.close();
    }
}

/// Whether a directory is a data directory already.
pub(crate) fn has_store(data: &Path) -> bool {
    store_file(data).is_file()
}

fn open(settings: carnet_book::Settings) -> Result<OpenBook, Failure> {
    let data = settings.data.clone();
    match AddressBook::open(settings) {
        Ok(book) => Ok(OpenBook { book, scratch: None }),
        Err(error) => Err(Failure::open(&data, &error)),
    }
}

/// A directory that is removed with everything in it.
struct Scratch(PathBuf);

impl Scratch {
    /// A path that no other program can foresee; the book makes the directory.
    fn new() -> Scratch {
        Scratch(env::temp_dir().join(format!("carnet-{}", Uuid::new_v4())))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // Left over where that fails: it holds nothing but what was to be imported.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Runs one of the book's writes to its end. The book has threads of its own; nothing here
/// needs more than a place to wait.
pub(crate) fn wait_for<T>(write: impl Future<Output = T>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|e| Failure::file("the command cannot start", &e))?;
    Ok(runtime.block_on(write))
}
