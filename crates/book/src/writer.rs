//! The one writer: takes what waits, makes it durable in one transaction, shows it to readers,
//! answers. Batches form by themselves under load; a lone write does not wait.

use crate::core::{Core, STOPPING};
use crate::edit::{Edit, Effect, NameCache};
use crate::hot::{Touched, start_numbers};
use crate::limits::{
    BATCH_ENTITIES_MAX, BATCH_WRITES_MAX, FOLD_BULK_EFFECTS, FOLD_CHANGES, FOLD_CHANGES_BULK,
    FOLD_WAIT, OVERLAY_ENTRIES_BULK_MAX, OVERLAY_ENTRIES_MAX, REOPEN_PAUSE_MAX,
};
use crate::open::{open_store, to_entries};
use crate::{AddressBook, BookError, Snapshot};
use carnet_model::{ChangeNo, Timestamp};
use carnet_storage::{ReadTxn, Readable, Store, StoreError};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tokio::sync::{mpsc, oneshot};

const REFUSED: &str = "the store refused the write; nothing of it was kept";
const OVERLOADED: &str = "the index cannot keep up with the writes";

/// What can be put into the writer's queue.
pub(crate) enum Order {
    /// A write.
    Write {
        /// How many entities it carries, for the bound of a batch.
        weight: usize,
        task: Box<dyn Task>,
    },
    /// A read found the store broken, as it was opened for this time.
    Mend { opening: u64 },
    /// Look up from the queue: the book is closing.
    Wake,
}

/// A write that waits.
pub(crate) trait Task: Send {
    /// Checks and edits. Refusals are kept for `finish`; an error of the store ends the batch.
    fn run(&mut self, edit: &mut Edit<'_, '_>) -> Result<(), StoreError>;
    /// Answers the caller: with what `run` came to, or with why it was not kept.
    fn finish(self: Box<Self>, refused: Option<&'static str>);
}

struct Write<F, R> {
    edit: Option<F>,
    outcome: Option<Result<R, BookError>>,
    reply: oneshot::Sender<Result<R, BookError>>,
}

impl<F, R> Task for Write<F, R>
where
    F: FnOnce(&mut Edit<'_, '_>) -> Result<R, BookError> + Send,
    R: Send,
{
    fn run(&mut self, edit: &mut Edit<'_, '_>) -> Result<(), StoreError> {
        let Some(run) = self.edit.take() else {
            return Ok(());
        };
        match run(edit) {
            Err(BookError::Store(error)) => Err(error),
            outcome => {
                self.outcome = Some(outcome);
                Ok(())
            }
        }
    }

    fn finish(self: Box<Self>, refused: Option<&'static str>) {
        let outcome = match (refused, self.outcome) {
            (None, Some(outcome)) => outcome,
            // A refusal that wrote nothing stands, whatever became of the rest of the batch.
            (Some(_), Some(Err(error))) => Err(error),
            (refused, _) => Err(BookError::Unavailable(refused.unwrap_or(REFUSED))),
        };
        // Nobody waits for the answer when the caller has gone.
        let _ = self.reply.send(outcome);
    }
}

impl AddressBook {
    /// Puts a write into the queue and waits until it is durable and visible. `edit` must check
    /// everything before it changes the first thing: what it changed before it refused stays.
    pub(crate) async fn write<R: Send + 'static>(
        &self,
        weight: usize,
        edit: impl FnOnce(&mut Edit<'_, '_>) -> Result<R, BookError> + Send + 'static,
    ) -> Result<R, BookError> {
        if self.core.is_closing() {
            return Err(BookError::Unavailable(STOPPING));
        }
        let (reply, answer) = oneshot::channel();
        let task = Box::new(Write { edit: Some(edit), outcome: None, reply });
        let sent = self.core.orders.send(Order::Write { weight, task }).await;
        sent.map_err(|_| BookError::Unavailable(STOPPING))?;
        answer.await.unwrap_or(Err(BookError::Unavailable(STOPPING)))
    }

    /// Has the writer open the store again, for a caller whose read of `snapshot` met a
    /// [`StoreError`] that asks for it; the book's own calls see to it by themselves. Nothing
    /// happens when the store was opened again since the snapshot was taken.
    pub fn mend(&self, snapshot: &Snapshot) {
        // A full queue means that the writer is about to meet the fault by itself.
        let _ = self.core.orders.try_send(Order::Mend { opening: snapshot.opening });
    }

    /// Asks a snapshot; where the store proves broken, has the writer open it again.
    pub(crate) fn ask<T, E: Into<BookError>>(
        &self,
        snapshot: &Snapshot,
        question: impl FnOnce(&Snapshot) -> Result<T, E>,
    ) -> Result<T, BookError> {
        let answer = question(snapshot).map_err(Into::into);
        if let Err(BookError::Store(error)) = &answer
            && error.needs_reopen()
        {
            self.mend(snapshot);
        }
        answer
    }
}

/// The writer's thread.
pub(crate) struct Writer {
    core: Arc<Core>,
    orders: mpsc::Receiver<Order>,
    store: Option<Store>,
    names: NameCache,
    /// The time of the newest batch: stamps never run backwards.
    last: Timestamp,
}

impl Writer {
    pub(crate) fn new(core: Arc<Core>, orders: mpsc::Receiver<Order>, store: Store) -> Writer {
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
            store.write(|txn| -> Result<(), StoreError> {
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
                tracing::error!(%error, "a commit failed");
                self.names.clear();
                *broken = error.needs_reopen();
                Some(REFUSED)
            }
            // The panic hook has logged it. The transaction was dropped, so nothing was kept.
            Err(_) => {
                self.names.clear();
                Some("the write failed inside carnet; nothing of it was kept")
            }
        }
    }

    /// Publishes what was committed. Returns why it cannot be shown, if it cannot.
    fn show(&mut self, effects: Vec<Effect>, broken: &mut bool) -> Option<&'static str> {
        let read = self.store.as_ref()?.read().and_then(|read| {
            let change = read.last_change()?;
            Ok((Arc::new(read), change))
        });
        match read {
            Ok((read, change)) => {
                self.core.show(read, change, effects);
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
            effect.apply(&mut desk);
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

impl Core {
    /// Publishes the state after a commit: the snapshot, and what look-ups are answered from.
    pub(crate) fn show(&self, read: Arc<ReadTxn>, change: ChangeNo, effects: Vec<Effect>) {
        let mut desk = self.desk();
        let was_level = desk.lag() == 0;
        let much = effects.len() >= FOLD_BULK_EFFECTS;
        desk.fold_at = if much { FOLD_CHANGES_BULK } else { FOLD_CHANGES };
        let mut ended = Vec::new();
        let mut touched = Touched::default();
        for effect in effects {
            touched.note(&effect);
            match effect {
                Effect::Client { id } => ended.push(id),
                effect => effect.apply(&mut desk),
            }
        }
        desk.read = Some(read);
        desk.change = change;
        self.hot.change(|hot| {
            self.publish(&desk);
            hot.show(&mut desk, &touched);
        });
        // After publishing: nobody can verify them anew from the snapshot before.
        ended.iter().for_each(|id| self.remembered.forget_client(id));
        if was_level || desk.lag() >= desk.fold_at {
            self.fold_wanted.notify_all();
        }
    }
}

/// The present moment. A clock before 1970 counts as 1970.
pub(crate) fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
