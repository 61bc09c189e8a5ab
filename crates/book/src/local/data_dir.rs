//! The data directory: the names of what lies in it, and how it is made. It does not know what the
//! files hold.

use crate::error::OpenError;
use crate::settings::Settings;
use carnet_storage::{Store, StoreOptions};
use std::path::{Path, PathBuf};

/// The store's file in the data directory.
const STORE_FILE: &str = "carnet.redb";
/// The index's folder in the data directory. It can be deleted while carnet is stopped.
const INDEX_FOLDER: &str = "index";
/// The folder of answers kept ready. It can be deleted while carnet is stopped, which does so itself.
const READY_FOLDER: &str = "ready";

pub(crate) fn make_folder(data: &Path) -> Result<(), OpenError> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .create(data)
        .map_err(|error| OpenError::Io { path: data.to_owned(), why: error.to_string() })
}

pub(crate) fn open_store(settings: &Settings) -> Result<Store, OpenError> {
    let options = StoreOptions {
        cache_bytes: settings.store_cache_bytes,
        #[cfg(test)]
        faults: settings.faults.clone(),
        ..StoreOptions::default()
    };
    Store::open(&store_file(settings), &options).map_err(|error| match error {
        carnet_storage::OpenError::InUse => OpenError::InUse(settings.data.clone()),
        carnet_storage::OpenError::Io(error) => {
            OpenError::Io { path: settings.data.clone(), why: error.to_string() }
        }
        error => OpenError::Damaged { path: settings.data.clone(), why: error.to_string() },
    })
}

pub(crate) fn store_file(settings: &Settings) -> PathBuf {
    settings.data.join(STORE_FILE)
}

pub(crate) fn ready_folder(settings: &Settings) -> PathBuf {
    settings.data.join(READY_FOLDER)
}

pub(crate) fn index_folder(settings: &Settings) -> PathBuf {
    settings.data.join(INDEX_FOLDER)
}
