//! What readers, writer and folder share, and how they publish: one snapshot at a time, whole.

use crate::access::Remembered;
use crate::hot::Hot;
use crate::limits::{FOLD_CHANGES, SNAPSHOT_WAIT};
use crate::pulse::Meter;
use crate::snapshot::Snapshot;
use crate::sync::{ArcSwapOption, Condvar, Mutex, MutexGuard};
use crate::writer::Order;
use crate::{BookError, Settings};
use carnet_model::{ChangeNo, ContactNo, OrganizationNo};
use carnet_phone::E164;
use carnet_search::{Committed, Overlay, View};
use carnet_storage::{ReadTxn, Store};
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError};
use std::thread::JoinHandle;
use tokio::sync::{mpsc, watch};

/// An address book in a data directory. Cheap to clone; every clone is the same book.
#[derive(Clone)]
pub struct AddressBook {
    pub(crate) core: Arc<Core>,
}

/// Whether the book can answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// Look-ups and reads are answered.
    pub readable: bool,
    /// Search is answered too: the index is level with the store.
    pub searchable: bool,
    /// Why not, in one sentence.
    pub why: Option<String>,
}

/// What every part of a book shares.
pub(crate) struct Core {
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
}

impl Core {
    pub(crate) fn new(
        settings: Settings,
        orders: mpsc::Sender<Order>,
        read: Arc<ReadTxn>,
        change: ChangeNo,
    ) -> Core {
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
        Core {
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
}

const REOPENING: &str = "the store is being opened again";
pub(crate) const STOPPING: &str = "carnet is stopping";

impl AddressBook {
    /// The settings with which it was opened.
    pub fn settings(&self) -> &Settings {
        &self.core.settings
    }

    /// The present state of everything, store and index at one moment. Every write that was
    /// answered before this call is in it.
    ///
    /// # Errors
    /// [`BookError::Unavailable`] when the store is being opened again and does not come back
    /// within [`SNAPSHOT_WAIT`].
    pub async fn snapshot(&self) -> Result<Arc<Snapshot>, BookError> {
        if let Some(snapshot) = self.core.published.load_full() {
            return Ok(snapshot);
        }
        let mut news = self.core.news.subscribe();
        let wait = async {
            loop {
                if let Some(snapshot) = self.core.published.load_full() {
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
    pub fn snapshot_now(&self) -> Result<Arc<Snapshot>, BookError> {
        let snapshot = self.core.published.load_full();
        snapshot.ok_or(BookError::Unavailable(REOPENING))
    }

    /// Whether the book can answer.
    pub fn status(&self) -> Status {
        let desk = self.core.desk();
        let readable = desk.read.is_some();
        let searchable = readable && desk.committed.is_some();
        let why = if self.core.is_closing() {
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
    pub fn wait_until_searchable(&self) -> Result<(), BookError> {
        let mut desk = self.core.desk();
        while desk.committed.is_none() {
            if self.core.is_closing() {
                return Err(BookError::Unavailable(STOPPING));
            }
            let waited = self.core.folded.wait(desk);
            desk = waited.unwrap_or_else(PoisonError::into_inner);
        }
        Ok(())
    }

    /// Finishes what was asked, folds the overlay into the index, and closes both. Blocks the
    /// thread. Later writes, and reads that need the store anew, are refused.
    pub fn close(&self) {
        drop(self.end());
    }

    /// Closes, and then gives the space that nothing uses in the store's file back to the disk:
    /// worth its seconds after much was written. Without effect when somebody still holds a
    /// snapshot.
    ///
    /// # Errors
    /// [`BookError::Store`] when the file could not be made smaller; it is whole all the same.
    pub fn close_compacted(&self) -> Result<(), BookError> {
        match self.end() {
            Some(mut store) => Ok(store.compact()?),
            None => Ok(()),
        }
    }

    /// Ends the threads, and returns the store if it is open.
    fn end(&self) -> Option<Store> {
        self.core.closing.store(true, Ordering::Release);
        // The writer looks at `closing` when an order wakes it; a full queue wakes it by itself.
        let _ = self.core.orders.try_send(Order::Wake);
        let threads = {
            let mut threads = self.core.threads.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::take(&mut *threads)
        };
        {
            // Taken so that no thread is between looking at `closing` and going to sleep.
            let _desk = self.core.desk();
            self.core.fold_wanted.notify_all();
            self.core.folded.notify_all();
        }
        for thread in threads {
            // A thread that panicked has already been logged by the panic hook.
            let _ = thread.join();
        }
        let mut desk = self.core.desk();
        desk.read = None;
        desk.committed = None;
        self.core.hot.change(|hot| {
            self.core.publish(&desk);
            hot.forget_everything();
        });
        desk.parked.take()
    }
}
