//! The one writer: takes what waits, makes it durable in one transaction, shows it to readers,
//! answers. Batches form by themselves under load; a lone write does not wait.

use crate::clock::now;
use crate::error::{BookError, STOPPING};
use crate::limits::{
    BATCH_ENTITIES_MAX, BATCH_WRITES_MAX, FOLD_BULK_EFFECTS, FOLD_CHANGES, FOLD_CHANGES_BULK,
    FOLD_WAIT, OVERLAY_ENTRIES_BULK_MAX, OVERLAY_ENTRIES_MAX, REOPEN_PAUSE_MAX,
};
use crate::local::data_dir::open_store;
use crate::local::edit::effect::Effect;
use crate::local::edit::queue::{OVERLOADED, Order, REFUSED, Task};
use crate::local::edit::transaction::{Edit, NameCache};
use crate::local::index::entries::to_entries;
use crate::local::memory::invalidation::Touched;
use crate::local::state::Inner;
use crate::local::workers::number_builder::start_numbers;
use carnet_model::{ChangeNo, Timestamp};
use carnet_storage::{Readable, Store, StoreError};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// The writer's thread.
pub(crate) struct Writer {
    core: Arc<Inner>,
    orders: mpsc::Receiver<Order>,
    store: Option<Store>,
    names: NameCache,
    /// The time of the newest batch: stamps never run backwards.
    last: Timestamp,
}

impl Writer {
    pub(crate) fn new(core: Arc<Inner>, orders: mpsc::Receiver<Order>, store: Store) -> Writer {
        Writer { core, orders, store: Some(store), names: NameCache::default(), last: Timestamp(0) }
    }

    pub(crate) fn run(mut self) {
        while let Some((batch, mend)) = self.next_batch() {
            if mend {
                self.withdraw();
                self.reopen();
            }
            if !batch.is_empty() {
                self.commit(batch);
            }
        }
        self.orders.close();
        while let Ok(order) = self.orders.try_recv() {
            if let Order::Write { task, .. } = order {
                task.finish(Some(STOPPING));
            }
        }
        // The folder still reads from it; closing the book drops it.
        let mut desk = self.core.desk();
        desk.parked = self.store.take();
        self.core.writer_done.store(true, Ordering::Release);
        self.core.fold_wanted.notify_all();
    }

    /// Waits for the first order and takes what else is there. `None` when the book closes and
    /// everything that was asked is done.
    fn next_batch(&mut self) -> Option<(Vec<Box<dyn Task>>, bool)> {
        let mut tasks = Vec::new();
        let mut mend = false;
        let mut entities = 0;
        let mut next = match self.orders.try_recv() {
            Ok(order) => Some(order),
            Err(_) if self.core.is_closing() => return None,
            Err(_) => self.orders.blocking_recv(),
        };
        next.as_ref()?;
        while let Some(order) = next.take() {
            match order {
                Order::Write { weight, task } => {
                    entities += weight;
                    tasks.push(task);
                }
                Order::Mend { opening } => mend |= opening == self.core.desk().opening,
                Order::Wake => {}
            }
            if tasks.len() < BATCH_WRITES_MAX && entities < BATCH_ENTITIES_MAX {
                next = self.orders.try_recv().ok();
            }
        }
        Some((tasks, mend))
    }

    fn commit(&mut self, mut batch: Vec<Box<dyn Task>>) {
        let mut broken = false;
        let began = Instant::now();
        let refused = match self.store.is_some() && self.overlay_has_room() {
            true => self.try_commit(&mut batch, &mut broken),
            false if self.store.is_some() => Some(OVERLOADED),
            false => Some(REFUSED),
        };
        self.core.meter.tried(began, batch.len(), refused.is_none());
        if broken {
            self.withdraw();
        }
        for task in batch {
            task.finish(refused);
        }
        if broken {
            self.reopen();
        }
    }

    /// Runs the batch in one transaction and publishes it. Returns why nothing was kept, and says
    /// whether the store is of no more use.
    fn try_commit(
        &mut self,
        batch: &mut [Box<dyn Task>],
        broken: &mut bool,
    ) -> Option<&'static str> {
        let store = self.store.as_ref()?;
        self.last = now().max(self.last);
        let mut effects = Vec::new();
        let droppable = ChangeNo(self.core.droppable.swap(0, Ordering::AcqRel));
        let (at, names) = (self.last, &mut self.names);
        let committed = catch_unwind(AssertUnwindSafe(|| {
            store.write(|txn| -> Result<(), BookError> {
                let mut edit = Edit::new(txn, at, &mut effects, names);
                for task in batch.iter_mut() {
                    task.run(&mut edit)?;
                }
                if droppable > ChangeNo(0) {
                    txn.drop_changes_through(droppable)?;
                }
                Ok(())
            })
        }));
        match committed {
            Ok(Ok(())) => self.show(effects, broken),
            Ok(Err(error)) => {
                if let BookError::Engine { reopen, source, .. } = error {
                    tracing::error!(error = %source, "a commit failed");
                    *broken = reopen;
                }
                self.names.clear();
                Some(REFUSED)
            }
            // The panic hook has logged it. The transaction was dropped, so nothing was kept.
            Err(_) => {
                self.names.clear();
                Some("the write failed inside carnet; nothing of it was kept")
            }
        }
    }

    /// Publishes what was committed.
    fn show(&mut self, effects: Vec<Effect>, broken: &mut bool) -> Option<&'static str> {
        let read = self.store.as_ref()?.read().and_then(|read| {
            let change = read.last_change()?;
            Ok((Arc::new(read), change))
        });
        match read {
            Ok((read, change)) => {
                let mut desk = self.core.desk();
                let was_level = desk.lag() == 0;
                let much = effects.len() >= FOLD_BULK_EFFECTS;
                desk.fold_at = if much { FOLD_CHANGES_BULK } else { FOLD_CHANGES };
                let mut ended = Vec::new();
                let mut touched = Touched::default();
                for effect in effects {
                    touched.note(&effect);
                    match effect {
                        Effect::Client { id } => ended.push(id),
                        effect => desk.apply(effect),
                    }
                }
                desk.read = Some(Arc::clone(&read));
                desk.change = change;
                self.core.hot.change(|hot| {
                    self.core.publish(&desk);
                    hot.show(&read, &mut desk.unindexed, &touched);
                });
                // After publishing: nobody can verify them anew from the snapshot before.
                ended.iter().for_each(|id| self.core.remembered.forget_client(id));
                if was_level || desk.lag() >= desk.fold_at {
                    self.core.fold_wanted.notify_all();
                }
                None
            }
            Err(error) => {
                // Durable, but not to be shown: opening again finds it in the change log.
                tracing::error!(%error, "the store cannot be read after a commit");
                *broken = true;
                Some("the write was kept, but the store must be opened again to show it")
            }
        }
    }

    /// Waits while the overlay is full. False when the folder did not make room in time.
    fn overlay_has_room(&self) -> bool {
        let end = Instant::now() + FOLD_WAIT;
        let mut desk = self.core.desk();
        let most = match self.core.settings.bulk {
            true => OVERLAY_ENTRIES_BULK_MAX,
            false => OVERLAY_ENTRIES_MAX,
        };
        while desk.overlay.len() >= most {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() || self.core.is_closing() {
                return false;
            }
            let waited = self.core.folded.wait_timeout(desk, left);
            desk = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        true
    }

    /// After a failed commit redb answers nothing more: drops it, with every snapshot.
    fn withdraw(&mut self) {
        {
            let mut desk = self.core.desk();
            desk.read = None;
            desk.opening += 1;
            desk.trouble = Some("the store failed and is being opened again".to_owned());
            self.core.publish(&desk);
            // Its room may be what the store lacks.
            self.core.hot.ready.clear();
        }
        self.store = None;
        self.names.clear();
    }

    /// Opens the store again until that works. Writes that come meanwhile are refused at once.
    fn reopen(&mut self) {
        let mut pause = Duration::from_millis(10);
        while !self.core.is_closing() {
            match self.open_again() {
                Ok(()) => {
                    tracing::warn!("the store is open again");
                    return;
                }
                Err(error) => tracing::error!(error, "the store cannot be opened again yet"),
            }
            self.refuse_for(pause);
            pause = (pause * 2).min(REOPEN_PAUSE_MAX);
        }
    }

    /// Refuses every write that comes within `pause`.
    fn refuse_for(&mut self, pause: Duration) {
        let end = Instant::now() + pause;
        loop {
            while let Ok(order) = self.orders.try_recv() {
                if let Order::Write { task, .. } = order {
                    task.finish(Some(REFUSED));
                }
            }
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() || self.core.is_closing() {
                return;
            }
            std::thread::sleep(left.min(Duration::from_millis(20)));
        }
    }

    fn open_again(&mut self) -> Result<(), String> {
        let store = open_store(&self.core.settings).map_err(|error| error.to_string())?;
        let say = |error: StoreError| error.to_string();
        let read = Arc::new(store.read().map_err(say)?);
        let change = read.last_change().map_err(say)?;
        let mut desk = self.core.desk();
        // A commit that failed may still have reached the disk: then it is in the change log.
        let since = desk.change;
        let effects = to_entries(&read, since).map_err(say)?;
        for effect in effects {
            desk.apply(effect);
        }
        desk.read = Some(read);
        desk.change = change;
        desk.trouble = None;
        self.core.hot.change(|hot| {
            self.core.publish(&desk);
            hot.forget_everything();
        });
        drop(desk);
        start_numbers(&self.core);
        self.store = Some(store);
        Ok(())
    }
}
