//! What readers, writer and folder share, and how they publish: one snapshot at a time, whole.

use crate::BookError;
use crate::error::{REOPENING, STOPPING};
use crate::limits::{FOLD_CHANGES, SNAPSHOT_WAIT};
use crate::local::edit::effect::Effect;
use crate::local::edit::queue::Order;
use crate::local::memory::Hot;
use crate::local::meter::Meter;
use crate::local::snapshot::Snapshot;
use crate::local::verified::Remembered;
use crate::queries::Status;
use crate::settings::Settings;
use arc_swap::ArcSwapOption;
use carnet_model::{ChangeNo, ContactNo, OrganizationNo};
use carnet_phone::E164;
use carnet_search::{Committed, Overlay, View};
use carnet_storage::{ReadTxn, Store};
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use tokio::sync::{mpsc, watch};

/// What every part of a book shares.
pub(crate) struct Inner {
    pub(crate) settings: Settings,
    /// The newest snapshot; none while the store is being opened again.
    published: ArcSwapOption<Snapshot>,
    /// Counts publications, for those who wait for one.
    news: watch::Sender<u64>,
    desk: Mutex<Desk>,
    /// Told when there is something to fold, and at the end.
    pub(crate) fold_wanted: Condvar,
    /// Told when the overlay was folded.
    pub(crate) folded: Condvar,
    pub(crate) orders: mpsc::Sender<Order>,
    pub(crate) closing: AtomicBool,
    /// The writer has done everything that was asked of it.
    pub(crate) writer_done: AtomicBool,
    /// Changes up to here are in the index for good and may be dropped from the log.
    pub(crate) droppable: AtomicU64,
    pub(crate) remembered: Remembered,
    pub(crate) hot: Hot,
    pub(crate) meter: Meter,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

/// What the next snapshot is made of. Writer and folder take turns at it.
pub(crate) struct Desk {
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
    pub(crate) folded: ChangeNo,
    /// The last change that was given to the index: `folded`, or more during a bulk load.
    pub(crate) fed: ChangeNo,
    /// Contacts that lost their organisation with it, until the index knows.
    pub(crate) unlinked: HashMap<OrganizationNo, (ChangeNo, Vec<ContactNo>)>,
    /// Numbers that changed while the number index was being built.
    pub(crate) unindexed: Vec<E164>,
    /// The lag that starts a fold: larger while much comes at once.
    pub(crate) fold_at: usize,
    /// The store, when the writer has stopped: the folder reads on until it stops too.
    pub(crate) parked: Option<Store>,
    /// What is wrong with the store or the index, if anything is.
    pub(crate) trouble: Option<String>,
}

impl Desk {
    /// How many changes the index is behind.
    pub(crate) fn lag(&self) -> usize {
        usize::try_from(self.change.0.saturating_sub(self.fed.0)).unwrap_or(usize::MAX)
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
        orders: mpsc::Sender<Order>,
        read: Arc<ReadTxn>,
        change: ChangeNo,
    ) -> Inner {
        let hot = Hot::open(&settings);
        let desk = Desk {
            read: Some(read),
            change,
            opening: 1,
            overlay: Overlay::default(),
            committed: None,
            folded: ChangeNo(0),
            fed: ChangeNo(0),
            unlinked: HashMap::new(),
            unindexed: Vec::new(),
            fold_at: FOLD_CHANGES,
            parked: None,
            trouble: None,
        };
        Inner {
            settings,
            published: ArcSwapOption::empty(),
            news: watch::Sender::new(0),
            desk: Mutex::new(desk),
            fold_wanted: Condvar::new(),
            folded: Condvar::new(),
            orders,
            closing: AtomicBool::new(false),
            writer_done: AtomicBool::new(false),
            droppable: AtomicU64::new(0),
            remembered: Remembered::default(),
            hot,
            meter: Meter::new(),
            threads: Mutex::new(Vec::new()),
        }
    }

    /// The desk. A panic of another holder leaves it whole: every change to it is a plain move.
    pub(crate) fn desk(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes what lies on the desk the snapshot that every later read sees.
    pub(crate) fn publish(&self, desk: &Desk) {
        let snapshot = desk.read.as_ref().map(|read| {
            let overlay = Arc::new(desk.overlay.clone());
            let view =
                desk.committed.as_ref().map(|committed| View::new(committed.clone(), overlay));
            Arc::new(Snapshot {
                read: Arc::clone(read),
                view,
                change: desk.change,
                opening: desk.opening,
                default_region: self.settings.default_region,
            })
        });
        self.published.store(snapshot);
        self.meter.published();
        self.news.send_modify(|count| *count = count.wrapping_add(1));
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
        let mut news = self.news.subscribe();
        let wait = async {
            loop {
                if let Some(snapshot) = self.published.load_full() {
                    return snapshot;
                }
                // The sender lives in `core`, which `self` holds: this cannot fail.
                let _ = news.changed().await;
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
        let desk = self.desk();
        let readable = desk.read.is_some();
        let searchable = readable && desk.committed.is_some();
        let why = if self.is_closing() {
            Some(STOPPING.to_owned())
        } else if !readable {
            Some(desk.trouble.clone().unwrap_or_else(|| REOPENING.to_owned()))
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
        let mut desk = self.desk();
        while desk.committed.is_none() {
            if self.is_closing() {
                return Err(BookError::Unavailable(STOPPING));
            }
            let waited = self.folded.wait(desk);
            desk = waited.unwrap_or_else(PoisonError::into_inner);
        }
        Ok(())
    }

    /// Ends the threads, and returns the store if it is open.
    pub(crate) fn end(&self) -> Option<Store> {
        self.closing.store(true, Ordering::Release);
        // The writer looks at `closing` when an order wakes it; a full queue wakes it by itself.
        let _ = self.orders.try_send(Order::Wake);
        let threads = {
            let mut threads = self.threads.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::take(&mut *threads)
        };
        {
            // Taken so that no thread is between looking at `closing` and going to sleep.
            let _desk = self.desk();
            self.fold_wanted.notify_all();
            self.folded.notify_all();
        }
        for thread in threads {
            // A thread that panicked has already been logged by the panic hook.
            let _ = thread.join();
        }
        let mut desk = self.desk();
        desk.read = None;
        desk.committed = None;
        self.hot.change(|hot| {
            self.publish(&desk);
            hot.forget_everything();
        });
        desk.parked.take()
    }
}
