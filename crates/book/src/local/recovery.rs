//! Recovery: opens a data directory, the store first, then the index, which is brought level with it
//! by the change log or by a rebuild; and starts the threads.

use crate::error::OpenError;
use crate::limits::QUEUE_WRITES_MAX;
use crate::local::data_dir::{index_folder, make_data_folder, open_store};
use crate::local::index::entries::effects_since;
use crate::local::index::open::{open_index, replay_start};
use crate::local::state::Inner;
use crate::local::workers::indexer::Indexer;
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
        let (commands, queue) = mpsc::channel(QUEUE_WRITES_MAX);
        let unreadable = |error: StoreError| OpenError::Damaged {
            path: settings.data.clone(),
            why: error.to_string(),
        };
        let read = Arc::new(store.read().map_err(unreadable)?);
        let change = read.last_change().map_err(unreadable)?;
        let opened = open_index(&settings, store.id())
            .map_err(|why| OpenError::Io { path: index_folder(&settings), why })?;
        let through = replay_start(&read, opened.through, change).map_err(unreadable)?;
        let replay = match through {
            Some(through) => effects_since(&read, through).map_err(unreadable)?,
            None => Vec::new(),
        };
        let setting_changes = read.setting_changes().map_err(unreadable)?;
        let inner = Arc::new(Inner::new(settings, commands, read, change));
        inner.take_settings(&setting_changes);
        let mut indexer = Indexer::new(Arc::clone(&inner), store.id());
        {
            let mut state = inner.working_state();
            for effect in replay {
                state.apply(effect);
            }
            if let Some(through) = through {
                state.committed_through = through;
                state.indexed_through = through;
                state.committed = Some(opened.index.committed());
                indexer.take_over(opened.index, through);
            }
            inner.publish(&state);
        }
        start_numbers(&inner);
        let writer = Writer::new(Arc::clone(&inner), queue, store);
        let io = |error: std::io::Error| OpenError::Io {
            path: inner.settings.data.clone(),
            why: error.to_string(),
        };
        let thread = std::thread::Builder::new().name("carnet-writer".into());
        inner.keep_thread(thread.spawn(move || writer.run()).map_err(io)?);
        let thread = std::thread::Builder::new().name("carnet-indexer".into());
        inner.keep_thread(thread.spawn(move || indexer.run()).map_err(io)?);
        Ok(inner)
    }
}
