//! Opening a data directory: the store first, then the index, which is brought level with it.

use crate::error::OpenError;
use crate::limits::QUEUE_WRITES_MAX;
use crate::local::data_dir::{index_folder, make_data_folder, open_store};
use crate::local::index::entries::to_entries;
use crate::local::index::open::{level_by_log, open_index};
use crate::local::state::Inner;
use crate::local::workers::indexer::Folder;
use crate::local::workers::number_builder::start_numbers;
use crate::local::workers::writer::Writer;
use crate::settings::Settings;
use carnet_storage::{Readable, StoreError};
use std::sync::Arc;
use tokio::sync::mpsc;

impl Inner {
    /// Opens the data directory, brings store and index level, and starts the threads.
    pub(crate) fn open(settings: Settings) -> Result<Arc<Inner>, OpenError> {
        make_data_folder(&settings.data)?;
        let store = open_store(&settings)?;
        let (orders, queue) = mpsc::channel(QUEUE_WRITES_MAX);
        let unreadable = |error: StoreError| OpenError::Damaged {
            path: settings.data.clone(),
            why: error.to_string(),
        };
        let read = Arc::new(store.read().map_err(unreadable)?);
        let change = read.last_change().map_err(unreadable)?;
        let opened = open_index(&settings, store.id())
            .map_err(|why| OpenError::Io { path: index_folder(&settings), why })?;
        let through = level_by_log(&read, opened.through, change).map_err(unreadable)?;
        let replay = match through {
            Some(through) => to_entries(&read, through).map_err(unreadable)?,
            None => Vec::new(),
        };
        let core = Arc::new(Inner::new(settings, orders, read, change));
        let mut folder = Folder::new(Arc::clone(&core), store.id());
        {
            let mut desk = core.desk();
            for effect in replay {
                desk.apply(effect);
            }
            if let Some(through) = through {
                desk.folded = through;
                desk.fed = through;
                desk.committed = Some(opened.index.committed());
                folder.take_over(opened.index, through);
            }
            core.publish(&desk);
        }
        start_numbers(&core);
        let writer = Writer::new(Arc::clone(&core), queue, store);
        let io = |error: std::io::Error| OpenError::Io {
            path: core.settings.data.clone(),
            why: error.to_string(),
        };
        let thread = std::thread::Builder::new().name("carnet-writer".into());
        core.keep_thread(thread.spawn(move || writer.run()).map_err(io)?);
        let thread = std::thread::Builder::new().name("carnet-folder".into());
        core.keep_thread(thread.spawn(move || folder.run()).map_err(io)?);
        Ok(core)
    }
}
