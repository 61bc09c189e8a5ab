//! Opening the index, and whether the change log can bring it level with the store.

use crate::limits::OVERLAY_ENTRIES_MAX;
use crate::local::data_dir::index_folder;
use crate::settings::Settings;
use carnet_model::ChangeNo;
use carnet_search::{SearchError, SearchIndex, SearchOptions};
use carnet_storage::{ReadTxn, Readable, StoreError};
use uuid::Uuid;

/// Opens the index. What is there but cannot be used is thrown away, by carnet-search or here.
pub(crate) fn open_index(
    settings: &Settings,
    store: Uuid,
) -> Result<carnet_search::Opened, String> {
    // Two threads also in a bulk batch: one makes larger segments and takes 2 % less CPU time at a
    // million contacts, and half as long again.
    let options =
        SearchOptions { writer_bytes: settings.index_writer_bytes, ..SearchOptions::default() };
    let folder = index_folder(settings);
    match SearchIndex::open(&folder, store, &options) {
        Ok(opened) => Ok(opened),
        // The store is ours alone, so whoever holds the index is no carnet: it is left alone.
        Err(SearchError::InUse) => Err(SearchError::InUse.to_string()),
        Err(error) => {
            tracing::warn!(%error, "the index cannot be opened and is thrown away");
            let _ = std::fs::remove_file(&folder);
            let again = SearchIndex::destroy(&folder)
                .and_then(|()| SearchIndex::open(&folder, store, &options));
            again.map_err(|error| error.to_string())
        }
    }
}

/// The change from which the change log can bring the index level; `None` when the index is
/// new, belongs elsewhere, is ahead of the store, or so far behind that a rebuild is due.
pub(crate) fn replay_start(
    read: &ReadTxn,
    through: Option<ChangeNo>,
    last: ChangeNo,
) -> Result<Option<ChangeNo>, StoreError> {
    // A rebuild that was cut off leaves 0.
    let Some(through) =
        through.filter(|through| *through <= last && (through.0 > 0 || last.0 == 0))
    else {
        return Ok(None);
    };
    let behind = last.0 - through.0;
    let oldest = read.first_change()?.map_or(last.0 + 1, |no| no.0);
    let complete = through.0 + 1 >= oldest;
    Ok((complete && behind <= 2 * OVERLAY_ENTRIES_MAX as u64).then_some(through))
}
