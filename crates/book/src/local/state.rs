//! The state that readers, writer and indexer share, and how it is published: one snapshot at a time,
//! as a whole. It does not know how a commit or a flush is made.

use crate::BookError;
use crate::error::{REOPENING, STOPPING};
use crate::limits::{FLUSH_CHANGES, SNAPSHOT_WAIT};
use crate::local::edit::effect::Effect;
use crate::local::edit::queue::Command;
use crate::local::memory::LookupMemory;
use crate::local::memory::sync::{ArcSwapOption, Condvar, Mutex, MutexGuard};
use crate::local::meter::Meter;
use crate::local::snapshot::Snapshot;
use crate::local::verified::VerifiedCredentials;
use crate::queries::Status;
use crate::settings::{RecordSettings, Settings};
use arc_swap::ArcSwap;
use carnet_model::{ChangeNo, ContactNo, OrganizationNo, SettingChange};
use carnet_phone::E164;
use carnet_search::{Committed, Overlay, View};
use carnet_storage::{ReadTxn, Store};
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError};
use std::thread::JoinHandle;
use tokio::sync::{mpsc, watch};

/// The parts of a book, shared by all its threads and callers.
pub(crate) struct Inner {
    pub(crate) settings: Settings,
    /// The settings for records that are in force.
    records: ArcSwap<RecordSettings>,
    /// The newest snapshot; none while the store is being opened again.
    published: ArcSwapOption<Snapshot>,
    /// Counts publications, for readers that wait for one.
    publications: watch::Sender<u64>,
    working_state: Mutex<WorkingState>,
    /// Notified when there is something to flush, and at the end.
    pub(crate) flush_wanted: Condvar,
    /// Notified when the overlay was flushed, and at the end.
    pub(crate) flushed: Condvar,
    pub(crate) commands: mpsc::Sender<Command>,
    pub(crate) closing: AtomicBool,
    /// The writer has answered every command and ended.
    pub(crate) writer_done: AtomicBool,
    /// The last change that may be dropped from the change log, as the index has it for good. The
    /// indexer raises it, the writer takes it and leaves 0.
    pub(crate) trim_log_through: AtomicU64,
    pub(crate) verified: VerifiedCredentials,
    pub(crate) memory: LookupMemory,
    pub(crate) meter: Meter,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

/// The working state: the next snapshot is made of it. Writer and indexer take turns at it.
pub(crate) struct WorkingState {
    /// The newest read transaction; none while the store is being opened again.
    pub(crate) read: Option<Arc<ReadTxn>>,
    /// The last change that `read` sees.
    pub(crate) change: ChangeNo,
    /// Counts openings of the store; a snapshot of an older opening is stale.
    pub(crate) opening: u64,
    /// The changes since `committed`.
    pub(crate) overlay: Overlay,
    /// The committed index; none until it is level with the store for the first time.
    pub(crate) committed: Option<Committed>,
    /// The last change that `committed` has.
    pub(crate) committed_through: ChangeNo,
    /// The last change that was given to the index: `committed_through`, or more during a bulk load.
    pub(crate) indexed_through: ChangeNo,
    /// Contacts of removed organisations, until the index has the removal.
    pub(crate) unlinked: HashMap<OrganizationNo, (ChangeNo, Vec<ContactNo>)>,
    /// Numbers that changed since the builder of the number index began to read; none while no
    /// builder runs.
    pub(crate) unindexed: Option<Vec<E164>>,
    /// The lag that starts a flush: larger while large batches come.
    pub(crate) flush_at: usize,
    /// The store, when the writer has ended: the indexer reads it until it ends, too.
    pub(crate) released_store: Option<Store>,
    /// The fault of the store, while there is one, in one sentence.
    pub(crate) failure: Option<String>,
}

impl WorkingState {
    /// The number of changes that the index does not have.
    pub(crate) fn lag(&self) -> usize {
        usize::try_from(self.change.0.saturating_sub(self.indexed_through.0)).unwrap_or(usize::MAX)
    }

    /// Takes the effect of an edit into the overlay.
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
            // Not for search: verified credentials are forgotten when the commit is published.
            Effect::Account(_) | Effect::Setting { .. } => {}
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
        let memory = LookupMemory::open(&settings);
        let records = ArcSwap::from_pointee(settings.records());
        let state = WorkingState {
            read: Some(read),
            change,
            opening: 1,
            overlay: Overlay::default(),
            committed: None,
            committed_through: ChangeNo(0),
            indexed_through: ChangeNo(0),
            unlinked: HashMap::new(),
            unindexed: None,
            flush_at: FLUSH_CHANGES,
            released_store: None,
            failure: None,
        };
        Inner {
            settings,
            records,
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
            memory,
            meter: Meter::new(),
            threads: Mutex::new(Vec::new()),
        }
    }

    /// The working state, locked. It is valid even after a panic of another holder, as every change
    /// to it is a plain move.
    pub(crate) fn working_state(&self) -> MutexGuard<'_, WorkingState> {
        self.working_state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The settings for records that are in force.
    pub(crate) fn records(&self) -> RecordSettings {
        **self.records.load()
    }

    /// Puts the changes that the store has in force, oldest first.
    pub(crate) fn take_settings(&self, changes: &[SettingChange]) {
        for SettingChange { name, value, .. } in changes {
            self.change_record_setting(name, value);
        }
    }

    /// Puts another value of a setting in force, unless something else decides it. A value that this
    /// carnet does not understand is left alone: a later one may have written it.
    pub(crate) fn change_record_setting(&self, name: &str, value: &str) {
        if self.settings.fixed.contains_key(name) {
            return;
        }
        match self.records().with(name, value) {
            Some(Ok(changed)) => self.records.store(Arc::new(changed)),
            _ => tracing::warn!(name, "a setting in the store is not understood and left alone"),
        }
    }

    /// Publishes the working state as the snapshot that every later read sees.
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
                rules: self.records().numbers(),
            })
        });
        self.published.store(snapshot);
        self.meter.published();
        self.publications.send_modify(|count| *count = count.wrapping_add(1));
    }

    /// Whether the book is closing.
    pub(crate) fn is_closing(&self) -> bool {
        // Acquire: pairs with the store in `end`.
        self.closing.load(Ordering::Acquire)
    }

    /// Keeps a thread, to be joined when the book is closed.
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
                // Cannot fail: the sender lives in `self`.
                let _ = publications.changed().await;
            }
        };
        let waited = tokio::time::timeout(SNAPSHOT_WAIT, wait).await;
        waited.map_err(|_| BookError::Unavailable(REOPENING))
    }

    /// The present snapshot, without waiting for one.
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

    /// Ends the threads, withdraws the snapshot, and returns the store if it is open.
    pub(crate) fn end(&self) -> Option<Store> {
        // Release: pairs with the load in `is_closing`.
        self.closing.store(true, Ordering::Release);
        // The writer checks `closing` when a command wakes it; a full queue wakes it by itself.
        let _ = self.commands.try_send(Command::Wake);
        let threads = {
            let mut threads = self.threads.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::take(&mut *threads)
        };
        {
            // Locked so that no thread is between its check of `closing` and its wait.
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
        self.memory.change(|memory| {
            self.publish(&state);
            memory.clear();
        });
        state.released_store.take()
    }
}
