//! What readers, writer and folder share, and how they publish: one snapshot at a time, whole.

use crate::BookError;
use crate::error::{REOPENING, STOPPING};
use crate::limits::{FOLD_CHANGES, SNAPSHOT_WAIT};
use crate::local::edit::effect::Effect;
use crate::local::edit::queue::Command;
use crate::local::memory::Hot;
use crate::local::memory::sync::{ArcSwapOption, Condvar, Mutex, MutexGuard};
use crate::local::meter::Meter;
use crate::local::snapshot::Snapshot;
use crate::local::verified::VerifiedCredentials;
use crate::queries::Status;
use crate::settings::Settings;
use carnet_model::{ChangeNo, ContactNo, OrganizationNo};
use carnet_phone::E164;
use carnet_search::{Committed, Overlay, View};
use carnet_storage::{ReadTxn, Store};
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError};
use std::thread::JoinHandle;
use tokio::sync::{mpsc, watch};

/// What every part of a book shares.
pub(crate) struct Inner {
    pub(crate) settings: Settings,
    /// The newest snapshot; none while the store is being opened again.
    published: ArcSwapOption<Snapshot>,
    /// Counts publications, for those who wait for one.
    publications: watch::Sender<u64>,
    working_state: Mutex<WorkingState>,
    /// Told when there is something to fold, and at the end.
    pub(crate) flush_wanted: Condvar,
    /// Told when the overlay was folded.
    pub(crate) flushed: Condvar,
    pub(crate) commands: mpsc::Sender<Command>,
    pub(crate) closing: AtomicBool,
    /// The writer has done everything that was asked of it.
    pub(crate) writer_done: AtomicBool,
    /// Changes up to here are in the index for good and may be dropped from the log.
    pub(crate) trim_log_through: AtomicU64,
    pub(crate) verified: VerifiedCredentials,
    pub(crate) hot: Hot,
    pub(crate) meter: Meter,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

/// What the next snapshot is made of. Writer and folder take turns at it.
pub(crate) struct WorkingState {
    /// The newest read transaction; none while the store is being opened again.
    pub(crate) read: Option<Arc<ReadTxn>>,
    /// The last change that `read` sees.
    pub(crate) change: ChangeNo,
    /// For the how many-th time the store is open.
    pub(crate) opening: u64,
    /// Everything that changed since `committed`.
    pub(crate) overlay: Overlay,
    /// The index as far as it goes; none until it is level with the store for the first time.
    pub(crate) committed: Option<Committed>,
    /// The last change that `committed` has.
    pub(crate) committed_through: ChangeNo,
    /// The last change that was given to the index: `folded`, or more during a bulk batch.
    pub(crate) indexed_through: ChangeNo,
    /// Contacts that lost their organisation with it, until the index knows.
    pub(crate) unlinked: HashMap<OrganizationNo, (ChangeNo, Vec<ContactNo>)>,
    /// Numbers that changed while the number index was being built.
    pub(crate) unindexed: Vec<E164>,
    /// The lag that starts a fold: larger while much comes at once.
    pub(crate) flush_at: usize,
    /// The store, when the writer has stopped: the folder reads on until it stops too.
    pub(crate) released_store: Option<Store>,
    /// What is wrong with the store or the index, if anything is.
    pub(crate) failure: Option<String>,
}

impl WorkingState {
    /// How many changes the index is behind.
    pub(crate) fn lag(&self) -> usize {
        usize::try_from(self.change.0.saturating_sub(self.indexed_through.0)).unwrap_or(usize::MAX)
    }

    /// Takes in what an edit changes for search.
    pub(crate) fn apply(&mut self, effect: Effect) {
        match effect {
            Effect::Contact { no, at, known, entry, .. } => {
                self.overlay.put_contact(no, at, known, entry);
            }
            Effect::Organization { no, at, known, entry, unlinked } => {
                self.overlay.put_organization(no, at, known, entry);
                if !unlinked.is_empty() {
                    self.unlinked.insert(no, (at, unlinked));
                }
            }
            // Not kept here: the writer ends the tokens once the change is shown.
            Effect::Client { .. } => {}
        }
    }
}

impl Inner {
    pub(crate) fn new(
        settings: Settings,
        commands: mpsc::Sender<Command>,
        read: Arc<ReadTxn>,
        change: ChangeNo,
    ) -> Inner {
        let hot = Hot::open(&settings);
        let state = WorkingState {
            read: Some(read),
            change,
            opening: 1,
            overlay: Overlay::default(),
            committed: None,
            committed_through: ChangeNo(0),
            indexed_through: ChangeNo(0),
            unlinked: HashMap::new(),
            unindexed: Vec::new(),
            flush_at: FOLD_CHANGES,
            released_store: None,
            failure: None,
        };
        Inner {
            settings,
            published: ArcSwapOption::empty(),
            publications: watch::Sender::new(0),
            working_state: Mutex::new(state),
            flush_wanted: Condvar::new(),
            flushed: Condvar::new(),
            commands,
            closing: AtomicBool::new(false),
            writer_done: AtomicBool::new(false),
            trim_log_through: AtomicU64::new(0),
            verified: VerifiedCredentials::default(),
            hot,
            meter: Meter::new(),
            threads: Mutex::new(Vec::new()),
        }
    }

    /// The state. A panic of another holder leaves it whole: every change to it is a plain move.
    pub(crate) fn working_state(&self) -> MutexGuard<'_, WorkingState> {
        self.working_state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes what lies on the state the snapshot that every later read sees.
    pub(crate) fn publish(&self, state: &WorkingState) {
        let snapshot = state.read.as_ref().map(|read| {
            let overlay = Arc::new(state.overlay.clone());
            let view =
                state.committed.as_ref().map(|committed| View::new(committed.clone(), overlay));
            Arc::new(Snapshot {
                read: Arc::clone(read),
                view,
                change: state.change,
                opening: state.opening,
                default_region: self.settings.default_region,
            })
        });
        self.published.store(snapshot);
        self.meter.published();
        self.publications.send_modify(|count| *count = count.wrapping_add(1));
    }

    pub(crate) fn is_closing(&self) -> bool {
        self.closing.load(Ordering::Acquire)
    }

    pub(crate) fn keep_thread(&self, thread: JoinHandle<()>) {
        self.threads.lock().unwrap_or_else(PoisonError::into_inner).push(thread);
    }
    /// The present state of everything, store and index at one moment. Every write that was
    /// answered before this call is in it.
    ///
    /// # Errors
    /// [`BookError::Unavailable`] when the store is being opened again and does not come back
    /// within [`SNAPSHOT_WAIT`].
    pub(crate) async fn snapshot(&self) -> Result<Arc<Snapshot>, BookError> {
        if let Some(snapshot) = self.published.load_full() {
            return Ok(snapshot);
        }
        let mut publications = self.publications.subscribe();
        let wait = async {
            loop {
                if let Some(snapshot) = self.published.load_full() {
                    return snapshot;
                }
                // The sender lives in `core`, which `self` holds: this cannot fail.
                let _ = publications.changed().await;
            }
        };
        let waited = tokio::time::timeout(SNAPSHOT_WAIT, wait).await;
        waited.map_err(|_| BookError::Unavailable(REOPENING))
    }

    /// The same without waiting.
    ///
    /// # Errors
    /// [`BookError::Unavailable`] while the store is being opened again.
    pub(crate) fn snapshot_now(&self) -> Result<Arc<Snapshot>, BookError> {
        let snapshot = self.published.load_full();
        snapshot.ok_or(BookError::Unavailable(REOPENING))
    }

    /// Whether the book can answer.
    pub(crate) fn status(&self) -> Status {
        let state = self.working_state();
        let readable = state.read.is_some();
        let searchable = readable && state.committed.is_some();
        let why = if self.is_closing() {
            Some(STOPPING.to_owned())
        } else if !readable {
            Some(state.failure.clone().unwrap_or_else(|| REOPENING.to_owned()))
        } else if !searchable {
            Some("the index is being brought level with the store".to_owned())
        } else {
            None
        };
        Status { readable, searchable, why }
    }

    /// Waits until search is answered. For the command line; it blocks the thread.
    ///
    /// # Errors
    /// [`BookError::Unavailable`] when the book is closed before.
    pub(crate) fn wait_until_searchable(&self) -> Result<(), BookError> {
        let mut state = self.working_state();
        while state.committed.is_none() {
            if self.is_closing() {
                return Err(BookError::Unavailable(STOPPING));
            }
            let waited = self.flushed.wait(state);
            state = waited.unwrap_or_else(PoisonError::into_inner);
        }
        Ok(())
    }

    /// Ends the threads, and returns the store if it is open.
    pub(crate) fn end(&self) -> Option<Store> {
        self.closing.store(true, Ordering::Release);
        // The writer looks at `closing` when an command wakes it; a full queue wakes it by itself.
        let _ = self.commands.try_send(Command::Wake);
        let threads = {
            let mut threads = self.threads.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::take(&mut *threads)
        };
        {
            // Taken so that no thread is between looking at `closing` and going to sleep.
            let _state = self.working_state();
            self.flush_wanted.notify_all();
            self.flushed.notify_all();
        }
        for thread in threads {
            // A thread that panicked has already been logged by the panic hook.
            let _ = thread.join();
        }
        let mut state = self.working_state();
        state.read = None;
        state.committed = None;
        self.hot.change(|hot| {
            self.publish(&state);
            hot.forget_everything();
        });
        state.released_store.take()
    }
}
