//! The indexer, one thread: flushes the overlay of the newest changes into the index, in the
//! background, and rebuilds the index when it cannot be used. It does not know how a record becomes
//! an entry.

use crate::limits::{COMMIT_CHANGES_BULK, FLUSH_AFTER, REOPEN_PAUSE_MAX};
use crate::local::data_dir::index_folder;
use crate::local::index::open::open_index;
use crate::local::index::updates::{AllUpdates, FlushBatch, contacts_of_changed_organizations};
use crate::local::state::{Inner, WorkingState};
use carnet_model::ChangeNo;
use carnet_search::{SearchIndex, Update};
use carnet_storage::StoreError;
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};
use std::time::Instant;
use uuid::Uuid;

/// The indexer's thread.
pub(crate) struct Indexer {
    inner: Arc<Inner>,
    store: Uuid,
    /// None: it must be rebuilt.
    index: Option<SearchIndex>,
    /// The last change of the commit before the last one. The change log is trimmed up to there only,
    /// as tantivy does not sync the folder after renaming its metadata.
    previous_commit: ChangeNo,
}

/// The reason why a flush failed.
enum FlushError {
    Store(StoreError),
    Index(String),
}

impl From<StoreError> for FlushError {
    fn from(error: StoreError) -> FlushError {
        FlushError::Store(error)
    }
}

impl Indexer {
    pub(crate) fn new(inner: Arc<Inner>, store: Uuid) -> Indexer {
        Indexer { inner, store, index: None, previous_commit: ChangeNo(0) }
    }

    /// Takes an index that is level up to `through` but for the overlay.
    pub(crate) fn take_over(&mut self, index: SearchIndex, through: ChangeNo) {
        self.index = Some(index);
        self.previous_commit = through;
    }

    pub(crate) fn run(mut self) {
        if self.index.is_none() {
            self.rebuild_until_done();
        }
        while let Some(batch) = self.wait_for_batch() {
            let began = Instant::now();
            match self.flush(batch) {
                Ok(()) => self.inner.meter.flushed(began),
                Err(FlushError::Store(error)) => {
                    tracing::error!(%error, "the index waits for the store");
                    // Acquire: pairs with the store at the end of `Writer::run`.
                    if self.inner.writer_done.load(Ordering::Acquire) {
                        // The store is not opened again any more; the next start catches up.
                        return;
                    }
                    self.pause();
                }
                Err(FlushError::Index(why)) => {
                    tracing::error!(why, "the index failed and is built anew");
                    self.index = None;
                    self.rebuild_until_done();
                }
            }
        }
    }

    /// Waits for a while, or until it is notified.
    fn pause(&self) {
        let state = self.inner.working_state();
        let waited = self.inner.flush_wanted.wait_timeout(state, REOPEN_PAUSE_MAX);
        drop(waited.unwrap_or_else(PoisonError::into_inner));
    }

    /// Waits until a flush is due. `None` when the book is closing and nothing is left.
    fn wait_for_batch(&self) -> Option<FlushBatch> {
        let mut state = self.inner.working_state();
        let mut due: Option<Instant> = None;
        loop {
            // Acquire: pairs with the store at the end of the writer.
            let done = self.inner.writer_done.load(Ordering::Acquire);
            let lag = state.lag();
            let level = state.change == state.committed_through;
            if done && (level || state.read.is_none() || self.index.is_none()) {
                return None;
            }
            if (lag > 0 || done) && state.read.is_some() {
                let due = *due.get_or_insert_with(|| Instant::now() + FLUSH_AFTER);
                let left = due.saturating_duration_since(Instant::now());
                if done || lag >= state.flush_at || left.is_zero() {
                    let bulk = self.inner.settings.bulk && !done;
                    return batch(&state).map(|batch| FlushBatch { bulk, ..batch });
                }
                let waited = self.inner.flush_wanted.wait_timeout(state, left);
                state = waited.unwrap_or_else(PoisonError::into_inner).0;
            } else {
                due = None;
                let waited =
                    self.inner.flush_wanted.wait_timeout(state, REOPEN_PAUSE_MAX.max(FLUSH_AFTER));
                state = waited.unwrap_or_else(PoisonError::into_inner).0;
            }
        }
    }

    /// Gives the changes of a batch to the index, and commits and publishes them unless it is a bulk
    /// load with few of them.
    fn flush(&mut self, batch: FlushBatch) -> Result<(), FlushError> {
        let Some(index) = &mut self.index else {
            return Err(FlushError::Index("there is no index".to_owned()));
        };
        let fresh = contacts_of_changed_organizations(&batch)?;
        let updates = batch.overlay.updates_through(batch.change).into_iter();
        let updates = updates.filter(|update| match update {
            Update::Contact { no, .. } => !fresh.contains_key(no),
            Update::Organization { .. } => true,
        });
        let fresh = fresh.iter().map(|(no, entry)| Update::Contact {
            no: *no,
            known: true,
            entry: entry.clone(),
        });
        let failed = |error: carnet_search::SearchError| FlushError::Index(error.to_string());
        let updates = updates.chain(fresh);
        let uncommitted = batch.change.0.saturating_sub(batch.committed_through.0);
        if batch.bulk && uncommitted < COMMIT_CHANGES_BULK {
            index.feed(updates).map_err(failed)?;
            let mut state = self.inner.working_state();
            state.overlay.drop_through(batch.change);
            state.unlinked.retain(|_, (at, _)| *at > batch.change);
            state.indexed_through = batch.change;
            self.inner.flushed.notify_all();
            return Ok(());
        }
        index.flush(updates, batch.change).map_err(failed)?;
        let committed = index.committed();
        // Release: pairs with the writer's `swap`.
        self.inner.trim_log_through.fetch_max(self.previous_commit.0, Ordering::AcqRel);
        self.previous_commit = batch.change;
        let mut state = self.inner.working_state();
        self.publish_committed(&mut state, batch.change, committed);
        Ok(())
    }

    /// Publishes a newer commit of the index, without the changes in the overlay that it has.
    fn publish_committed(
        &self,
        state: &mut WorkingState,
        through: ChangeNo,
        committed: carnet_search::Committed,
    ) {
        state.overlay.drop_through(through);
        state.unlinked.retain(|_, (at, _)| *at > through);
        state.committed_through = through;
        state.indexed_through = through;
        state.committed = Some(committed);
        self.inner.publish(state);
        self.inner.flushed.notify_all();
    }

    /// Rebuilds the index from the store, until it works or the book is closing. The last good
    /// searcher answers meanwhile, with everything newer in the overlay.
    fn rebuild_until_done(&mut self) {
        while !self.inner.is_closing() {
            let begun = Instant::now();
            match self.rebuild() {
                Ok(contacts) => {
                    if contacts > 0 {
                        tracing::info!(
                            contacts,
                            seconds = begun.elapsed().as_secs_f32(),
                            "the index was built"
                        );
                    }
                    return;
                }
                Err(why) => tracing::error!(why, "the index cannot be built yet"),
            }
            self.pause();
        }
    }

    fn rebuild(&mut self) -> Result<u64, String> {
        let Some(batch) = batch(&self.inner.working_state()) else {
            return Err("the store is being opened again".to_owned());
        };
        let folder = index_folder(&self.inner.settings);
        SearchIndex::destroy(&folder).map_err(|error| error.to_string())?;
        let mut index = open_index(&self.inner.settings, self.store)?.index;
        let mut failed = None;
        let mut contacts = 0;
        // Through 0: after an interruption the next start begins anew.
        let all = AllUpdates::new(&batch.read, &mut failed, &mut contacts);
        index.flush(all, ChangeNo(0)).map_err(|error| error.to_string())?;
        if let Some(error) = failed {
            return Err(error.to_string());
        }
        index.flush(std::iter::empty(), batch.change).map_err(|error| error.to_string())?;
        let committed = index.committed();
        self.index = Some(index);
        self.previous_commit = batch.change;
        let mut state = self.inner.working_state();
        self.publish_committed(&mut state, batch.change, committed);
        Ok(contacts)
    }
}

/// The changes of the working state; none while the store is being opened again.
fn batch(state: &WorkingState) -> Option<FlushBatch> {
    Some(FlushBatch {
        read: Arc::clone(state.read.as_ref()?),
        change: state.change,
        overlay: state.overlay.clone(),
        unlinked: state.unlinked.clone(),
        committed_through: state.committed_through,
        bulk: false,
    })
}
