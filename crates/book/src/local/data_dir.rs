//! The data directory: the names in it, and how it is made, for this user only. It does not know what
//! the files hold.

use crate::error::OpenError;
use crate::settings::Settings;
use carnet_storage::{Store, StoreOptions};
use std::fs::DirBuilder;
use std::io;
use std::path::{Path, PathBuf};

/// The store's file in the data directory.
const STORE_FILE: &str = "carnet.redb";
/// The index's folder in the data directory. It can be deleted while carnet is stopped.
const INDEX_FOLDER: &str = "index";
/// The folder of the render cache. carnet deletes it when it stops and makes it anew when it starts.
const READY_FOLDER: &str = "ready";

/// The permissions of a new folder: only its owner looks into it.
#[cfg(unix)]
const PRIVATE_FOLDER_MODE: u32 = 0o700;

/// Makes the data directory when it is missing.
pub(crate) fn make_data_folder(data: &Path) -> Result<(), OpenError> {
    let made = private_folder().recursive(true).create(data);
    made.map_err(|error| OpenError::NotMade { path: data.to_owned(), error })
}

/// Makes a folder that only this user can look into.
pub(crate) fn make_private_folder(path: &Path) -> io::Result<()> {
    private_folder().create(path)
}

fn private_folder() -> DirBuilder {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, PRIVATE_FOLDER_MODE);
    builder
}

/// Opens the store of a data directory.
pub(crate) fn open_store(settings: &Settings) -> Result<Store, OpenError> {
    let options = StoreOptions {
        cache_bytes: settings.store_cache_bytes,
        #[cfg(test)]
        faults: faults::of(&settings.data),
        ..StoreOptions::default()
    };
    Store::open(&store_file(&settings.data), &options).map_err(|error| match error {
        carnet_storage::OpenError::InUse => OpenError::InUse(settings.data.clone()),
        carnet_storage::OpenError::Io(error) => {
            OpenError::Io { path: settings.data.clone(), why: error.to_string() }
        }
        error => OpenError::Damaged { path: settings.data.clone(), why: error.to_string() },
    })
}

/// The store's file of a data directory. A directory without it holds no address book.
pub fn store_file(data: &Path) -> PathBuf {
    data.join(STORE_FILE)
}

pub(crate) fn render_cache_folder(settings: &Settings) -> PathBuf {
    settings.data.join(READY_FOLDER)
}

pub(crate) fn index_folder(settings: &Settings) -> PathBuf {
    settings.data.join(INDEX_FOLDER)
}

/// Failures of the stores in some data directories, injected by tests.
#[cfg(test)]
pub(crate) mod faults {
    use carnet_storage::Faults;
    use std::path::{Path, PathBuf};
    use std::sync::{Mutex, PoisonError};

    static FAULTS: Mutex<Vec<(PathBuf, Faults)>> = Mutex::new(Vec::new());

    /// Lets every store that is opened in this data directory from now on fail when `faults` says
    /// so.
    pub(crate) fn inject(data: &Path, faults: Faults) {
        let mut all = FAULTS.lock().unwrap_or_else(PoisonError::into_inner);
        all.push((data.to_owned(), faults));
    }

    pub(super) fn of(data: &Path) -> Option<Faults> {
        let all = FAULTS.lock().unwrap_or_else(PoisonError::into_inner);
        all.iter().find(|(path, _)| path == data).map(|(_, faults)| faults.clone())
    }
}
