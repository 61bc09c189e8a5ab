//! The folder: takes the overlay of the newest changes into the index, in the background, and
//! builds the index anew when it cannot be used.

use crate::limits::{COMMIT_CHANGES_BULK, FOLD_AFTER, REOPEN_PAUSE_MAX};
use crate::local::data_dir::index_folder;
use crate::local::index::open::open_index;
use crate::local::index::updates::{AllUpdates, Load, contacts_of_changed_organizations};
use crate::local::state::{Desk, Inner};
use carnet_model::ChangeNo;
use carnet_search::{SearchIndex, Update};
use carnet_storage::StoreError;
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};
use std::time::Instant;
use uuid::Uuid;

/// The folder's thread.
pub(crate) struct Folder {
    core: Arc<Inner>,
    store: Uuid,
    /// None: it must be built anew.
    index: Option<SearchIndex>,
    /// What the commit before the last one had. The change log is dropped up to there only, as
    /// tantivy does not sync the folder after renaming its metadata.
    earlier: ChangeNo,
}

/// Why a fold did not come about.
enum Failure {
    Store(StoreError),
    Index(String),
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Failure {
        Failure::Store(error)
    }
}

impl Folder {
    pub(crate) fn new(core: Arc<Inner>, store: Uuid) -> Folder {
        Folder { core, store, index: None, earlier: ChangeNo(0) }
    }

    /// Takes an index that is level up to `through` but for the overlay.
    pub(crate) fn take_over(&mut self, index: SearchIndex, through: ChangeNo) {
        self.index = Some(index);
        self.earlier = through;
    }

    pub(crate) fn run(mut self) {
        if self.index.is_none() {
            self.rebuild_until_done();
        }
        while let Some(load) = self.wait_for_load() {
            let began = Instant::now();
            match self.fold(load) {
                Ok(()) => self.core.meter.folded(began),
                Err(Failure::Store(error)) => {
                    tracing::error!(%error, "the index waits for the store");
                    if self.core.writer_done.load(Ordering::Acquire) {
                        // Nobody opens the store again now; the next start catches up.
                        return;
                    }
                    self.pause();
                }
                Err(Failure::Index(why)) => {
                    tracing::error!(why, "the index failed and is built anew");
                    self.index = None;
                    self.rebuild_until_done();
                }
            }
        }
    }

    /// Lets some time go by, or less when there is news.
    fn pause(&self) {
        let desk = self.core.desk();
        let waited = self.core.fold_wanted.wait_timeout(desk, REOPEN_PAUSE_MAX);
        drop(waited.unwrap_or_else(PoisonError::into_inner));
    }

    /// Waits until a fold is due. `None` when the book closes and nothing is left.
    fn wait_for_load(&self) -> Option<Load> {
        let mut desk = self.core.desk();
        let mut due: Option<Instant> = None;
        loop {
            let done = self.core.writer_done.load(Ordering::Acquire);
            let lag = desk.lag();
            let level = desk.change == desk.folded;
            if done && (level || desk.read.is_none() || self.index.is_none()) {
                return None;
            }
            if (lag > 0 || done) && desk.read.is_some() {
                let due = *due.get_or_insert_with(|| Instant::now() + FOLD_AFTER);
                let left = due.saturating_duration_since(Instant::now());
                if done || lag >= desk.fold_at || left.is_zero() {
                    let bulk = self.core.settings.bulk && !done;
                    return load(&desk).map(|load| Load { bulk, ..load });
                }
                let waited = self.core.fold_wanted.wait_timeout(desk, left);
                desk = waited.unwrap_or_else(PoisonError::into_inner).0;
            } else {
                due = None;
                let waited =
                    self.core.fold_wanted.wait_timeout(desk, REOPEN_PAUSE_MAX.max(FOLD_AFTER));
                desk = waited.unwrap_or_else(PoisonError::into_inner).0;
            }
        }
    }

    fn fold(&mut self, load: Load) -> Result<(), Failure> {
        let Some(index) = &mut self.index else {
            return Err(Failure::Index("there is no index".to_owned()));
        };
        let fresh = contacts_of_changed_organizations(&load)?;
        let updates = load.overlay.updates_through(load.change).into_iter();
        let updates = updates.filter(|update| match update {
            Update::Contact { no, .. } => !fresh.contains_key(no),
            Update::Organization { .. } => true,
        });
        let fresh = fresh.iter().map(|(no, entry)| Update::Contact {
            no: *no,
            known: true,
            entry: entry.clone(),
        });
        let failed = |error: carnet_search::SearchError| Failure::Index(error.to_string());
        let updates = updates.chain(fresh);
        let uncommitted = load.change.0.saturating_sub(load.folded.0);
        if load.bulk && uncommitted < COMMIT_CHANGES_BULK {
            index.feed(updates).map_err(failed)?;
            let mut desk = self.core.desk();
            desk.overlay.drop_through(load.change);
            desk.unlinked.retain(|_, (at, _)| *at > load.change);
            desk.fed = load.change;
            self.core.folded.notify_all();
            return Ok(());
        }
        index.fold(updates, load.change).map_err(failed)?;
        let committed = index.committed();
        self.core.droppable.fetch_max(self.earlier.0, Ordering::AcqRel);
        self.earlier = load.change;
        let mut desk = self.core.desk();
        self.settle(&mut desk, load.change, committed);
        Ok(())
    }

    /// Puts a newer index on the desk, and takes off what it has.
    fn settle(&self, desk: &mut Desk, through: ChangeNo, committed: carnet_search::Committed) {
        desk.overlay.drop_through(through);
        desk.unlinked.retain(|_, (at, _)| *at > through);
        desk.folded = through;
        desk.fed = through;
        desk.committed = Some(committed);
        self.core.publish(desk);
        self.core.folded.notify_all();
    }

    /// Builds the index from the store, again and again until it works or the book closes. The
    /// last good searcher goes on answering meanwhile, with everything newer in the overlay.
    fn rebuild_until_done(&mut self) {
        while !self.core.is_closing() {
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
        let Some(load) = load(&self.core.desk()) else {
            return Err("the store is being opened again".to_owned());
        };
        let folder = index_folder(&self.core.settings);
        SearchIndex::destroy(&folder).map_err(|error| error.to_string())?;
        let mut index = open_index(&self.core.settings, self.store)?.index;
        let mut failed = None;
        let mut contacts = 0;
        // Through 0: should it be cut off, the next start begins anew.
        let all = AllUpdates::new(&load.read, &mut failed, &mut contacts);
        index.fold(all, ChangeNo(0)).map_err(|error| error.to_string())?;
        if let Some(error) = failed {
            return Err(error.to_string());
        }
        index.fold(std::iter::empty(), load.change).map_err(|error| error.to_string())?;
        let committed = index.committed();
        self.index = Some(index);
        self.earlier = load.change;
        let mut desk = self.core.desk();
        self.settle(&mut desk, load.change, committed);
        Ok(contacts)
    }
}

fn load(desk: &Desk) -> Option<Load> {
    Some(Load {
        read: Arc::clone(desk.read.as_ref()?),
        change: desk.change,
        overlay: desk.overlay.clone(),
        unlinked: desk.unlinked.clone(),
        folded: desk.folded,
        bulk: false,
    })
}
