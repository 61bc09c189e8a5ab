//! The writer, one thread: takes the writes in the queue, commits them in one transaction, publishes
//! them and answers. Batches form by themselves under load; a lone write does not wait. It does not
//! know what is written.

use crate::clock::now;
use crate::error::{BookError, STOPPING};
use crate::limits::{
    BATCH_ENTITIES_MAX, BATCH_WRITES_MAX, FLUSH_BULK_EFFECTS, FLUSH_CHANGES, FLUSH_CHANGES_BULK,
    FLUSH_WAIT, OVERLAY_ENTRIES_BULK_MAX, OVERLAY_ENTRIES_MAX, REOPEN_PAUSE_MAX,
};
use crate::local::data_dir::open_store;
use crate::local::edit::effect::Effect;
use crate::local::edit::queue::{Command, OVERLOADED, REFUSED, Task};
use crate::local::edit::transaction::{Transaction, TransactionMemory};
use crate::local::index::entries::effects_since;
use crate::local::memory::invalidation::Invalidation;
use crate::local::state::Inner;
use crate::local::workers::number_builder::start_numbers;
use carnet_model::{ChangeNo, Timestamp};
use carnet_storage::{ReadTxn, Readable, Store, StoreError};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// The writer's thread.
pub(crate) struct Writer {
    inner: Arc<Inner>,
    commands: mpsc::Receiver<Command>,
    store: Option<Store>,
    memory: TransactionMemory,
    /// The time of the newest batch: timestamps never run backwards.
    last: Timestamp,
}

/// Commands that are taken from the queue together.
#[derive(Default)]
struct Batch {
    /// Writes, for one transaction.
    tasks: Vec<Box<dyn Task>>,
    /// Writes to be rolled back, each in a transaction of its own.
    dry_runs: Vec<Box<dyn Task>>,
    /// Whether the store is to be opened again first.
    reopen: bool,
}

impl Writer {
    pub(crate) fn new(
        inner: Arc<Inner>,
        commands: mpsc::Receiver<Command>,
        store: Store,
    ) -> Writer {
        let memory = TransactionMemory::default();
        Writer { inner, commands, store: Some(store), memory, last: Timestamp(0) }
    }

    pub(crate) fn run(mut self) {
        while let Some(Batch { tasks, dry_runs, reopen }) = self.next_batch() {
            if reopen {
                self.unpublish();
                self.reopen();
            }
            if !tasks.is_empty() {
                self.commit(tasks);
            }
            for task in dry_runs {
                self.dry_run(task);
            }
        }
        self.commands.close();
        while let Ok(command) = self.commands.try_recv() {
            if let Command::Write { task, .. } | Command::DryRun { task } = command {
                task.finish(Some(STOPPING));
            }
        }
        // The indexer still reads from it; it is dropped when the book is closed.
        let mut state = self.inner.working_state();
        state.released_store = self.store.take();
        // Release: pairs with the loads in the indexer, which then finds `released_store`.
        self.inner.writer_done.store(true, Ordering::Release);
        self.inner.flush_wanted.notify_all();
    }

    /// Waits for a command, and takes those behind it. `None` when the book is closing and the queue is
    /// empty.
    fn next_batch(&mut self) -> Option<Batch> {
        let mut batch = Batch::default();
        let mut entities = 0;
        let mut next = match self.commands.try_recv() {
            Ok(command) => Some(command),
            Err(_) if self.inner.is_closing() => return None,
            Err(_) => self.commands.blocking_recv(),
        };
        next.as_ref()?;
        while let Some(command) = next.take() {
            match command {
                Command::Write { weight, task } => {
                    entities += weight;
                    batch.tasks.push(task);
                }
                Command::DryRun { task } => batch.dry_runs.push(task),
                Command::Reopen { opening } => {
                    batch.reopen |= opening == self.inner.working_state().opening
                }
                Command::Wake => {}
            }
            if batch.tasks.len() < BATCH_WRITES_MAX && entities < BATCH_ENTITIES_MAX {
                next = self.commands.try_recv().ok();
            }
        }
        Some(batch)
    }

    fn commit(&mut self, mut batch: Vec<Box<dyn Task>>) {
        let mut broken = false;
        let began = Instant::now();
        let refused = match self.store.is_some() && self.overlay_has_room() {
            true => self.try_commit(&mut batch, &mut broken),
            false if self.store.is_some() => Some(OVERLOADED),
            false => Some(REFUSED),
        };
        self.inner.meter.tried(began, batch.len(), refused.is_none());
        if broken {
            self.unpublish();
        }
        for task in batch {
            task.finish(refused);
        }
        if broken {
            self.reopen();
        }
    }

    /// Runs the batch in one transaction and publishes it. Returns the reason when nothing was kept;
    /// sets `broken` when the store must be opened again.
    fn try_commit(
        &mut self,
        batch: &mut [Box<dyn Task>],
        broken: &mut bool,
    ) -> Option<&'static str> {
        let store = self.store.as_ref()?;
        self.last = now().max(self.last);
        let mut effects = Vec::new();
        // Acquire: pairs with the indexer's `fetch_max`, which comes after its commit.
        let trim_log_through = ChangeNo(self.inner.trim_log_through.swap(0, Ordering::AcqRel));
        self.memory.free_fields = self.inner.records().free_fields;
        let (at, memory) = (self.last, &mut self.memory);
        let committed = catch_unwind(AssertUnwindSafe(|| {
            store.write(|txn| -> Result<(), BookError> {
                let mut transaction = Transaction::new(txn, at, &mut effects, memory);
                for task in batch.iter_mut() {
                    task.run(&mut transaction)?;
                }
                if trim_log_through > ChangeNo(0) {
                    txn.drop_changes_through(trim_log_through)?;
                }
                Ok(())
            })
        }));
        match committed {
            Ok(Ok(())) => self.publish(effects, broken),
            Ok(Err(error)) => {
                if let BookError::Engine { reopen, source, .. } = error {
                    tracing::error!(error = %source, "a commit failed");
                    *broken = reopen;
                }
                self.memory.clear();
                Some(REFUSED)
            }
            // A panic, which its hook has logged. The transaction was dropped, so nothing was kept.
            Err(_) => {
                self.memory.clear();
                Some("the write failed inside carnet; nothing of it was kept")
            }
        }
    }

    /// Runs a task in a transaction of its own and rolls it back.
    fn dry_run(&mut self, mut task: Box<dyn Task>) {
        let free_fields = self.inner.records().free_fields;
        let (refused, broken) = match &self.store {
            Some(store) => try_dry_run(store, free_fields, task.as_mut()),
            None => (Some(REFUSED), false),
        };
        if broken {
            self.unpublish();
        }
        task.finish(refused);
        if broken {
            self.reopen();
        }
    }

    /// Publishes a commit. Returns the reason when it cannot be published.
    fn publish(&mut self, effects: Vec<Effect>, broken: &mut bool) -> Option<&'static str> {
        let read = self.store.as_ref()?.read().and_then(|read| {
            let change = read.last_change()?;
            Ok((Arc::new(read), change))
        });
        match read {
            Ok((read, change)) => {
                self.inner.publish_commit(read, change, effects);
                None
            }
            Err(error) => {
                // Durable, but not visible: opening the store again finds it in the change log.
                tracing::error!(%error, "the store cannot be read after a commit");
                *broken = true;
                Some("the write was kept, but the store must be opened again to show it")
            }
        }
    }

    /// Waits while the overlay is full. False when the indexer did not make room in time.
    fn overlay_has_room(&self) -> bool {
        let end = Instant::now() + FLUSH_WAIT;
        let mut state = self.inner.working_state();
        let most = match self.inner.settings.bulk {
            true => OVERLAY_ENTRIES_BULK_MAX,
            false => OVERLAY_ENTRIES_MAX,
        };
        while state.overlay.len() >= most {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() || self.inner.is_closing() {
                return false;
            }
            let waited = self.inner.flushed.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        true
    }

    /// Withdraws the snapshot and drops the store: after a failed commit redb answers nothing more.
    fn unpublish(&mut self) {
        {
            let mut state = self.inner.working_state();
            state.read = None;
            state.opening += 1;
            state.failure = Some("the store failed and is being opened again".to_owned());
            self.inner.publish(&state);
            // Its files may take the space that the store lacks.
            self.inner.memory.cache.clear();
        }
        self.store = None;
        self.memory.clear();
    }

    /// Opens the store again until that works. Writes that come meanwhile are refused at once.
    fn reopen(&mut self) {
        let mut pause = Duration::from_millis(10);
        while !self.inner.is_closing() {
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
            while let Ok(command) = self.commands.try_recv() {
                if let Command::Write { task, .. } | Command::DryRun { task } = command {
                    task.finish(Some(REFUSED));
                }
            }
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() || self.inner.is_closing() {
                return;
            }
            std::thread::sleep(left.min(Duration::from_millis(20)));
        }
    }

    /// Opens the store, takes in what its change log has beyond the working state, and publishes.
    fn open_again(&mut self) -> Result<(), String> {
        let store = open_store(&self.inner.settings).map_err(|error| error.to_string())?;
        let say = |error: StoreError| error.to_string();
        let read = Arc::new(store.read().map_err(say)?);
        let change = read.last_change().map_err(say)?;
        // A commit that failed may have reached the disk all the same: then it is in the change log.
        let since = self.inner.working_state().change;
        let effects = effects_since(&read, since).map_err(say)?;
        // So may a change of a setting, which the change log does not name.
        self.inner.take_settings(&read.setting_changes().map_err(say)?);
        self.inner.publish_reopened(read, change, effects);
        start_numbers(&self.inner);
        self.store = Some(store);
        Ok(())
    }
}

impl Inner {
    /// Publishes the state of a store that was opened again, which may be newer by `effects` than the
    /// last one. Look-ups are answered from the store until the number index is built again.
    pub(crate) fn publish_reopened(
        &self,
        read: Arc<ReadTxn>,
        change: ChangeNo,
        effects: Vec<Effect>,
    ) {
        let mut state = self.working_state();
        effects.into_iter().for_each(|effect| state.apply(effect));
        state.read = Some(read);
        state.change = change;
        state.failure = None;
        self.memory.change(|memory| {
            self.publish(&state);
            memory.clear();
        });
        // A commit that removed a client or changed its secret may be among those that failed and
        // reached the disk; the change log does not name clients. After publishing, as below.
        self.verified.forget_all();
    }

    /// Publishes the state after a commit: the snapshot, and what look-ups are answered from.
    pub(crate) fn publish_commit(
        &self,
        read: Arc<ReadTxn>,
        change: ChangeNo,
        effects: Vec<Effect>,
    ) {
        let mut state = self.working_state();
        let was_level = state.lag() == 0;
        let much = effects.len() >= FLUSH_BULK_EFFECTS;
        state.flush_at = if much { FLUSH_CHANGES_BULK } else { FLUSH_CHANGES };
        let mut ended = Vec::new();
        let mut invalidation = Invalidation::default();
        for effect in effects {
            invalidation.note(&effect);
            match effect {
                Effect::Account(account) => ended.push(account),
                Effect::Setting { name, value } => self.change_record_setting(&name, &value),
                effect => state.apply(effect),
            }
        }
        state.read = Some(Arc::clone(&read));
        state.change = change;
        self.memory.change(|memory| {
            self.publish(&state);
            memory.apply(&read, &mut state.unindexed, &invalidation);
        });
        // After publishing: from the snapshot before they could be verified once more.
        ended.iter().for_each(|account| self.verified.forget(account));
        if was_level || state.lag() >= state.flush_at {
            self.flush_wanted.notify_all();
        }
    }
}

/// How a dry run leaves its transaction: always by an error, which rolls it back.
enum RolledBack {
    /// The task has run.
    Done,
    /// An engine failed.
    Failed(BookError),
}

impl From<StoreError> for RolledBack {
    fn from(error: StoreError) -> RolledBack {
        RolledBack::Failed(error.into())
    }
}

/// Runs a task and rolls back. Returns why it has no answer, and whether the store is of no more
/// use.
fn try_dry_run(
    store: &Store,
    free_fields: bool,
    task: &mut dyn Task,
) -> (Option<&'static str>, bool) {
    let mut effects = Vec::new();
    let mut memory = TransactionMemory::default();
    memory.free_fields = free_fields;
    let ran = catch_unwind(AssertUnwindSafe(|| {
        store.write(|txn| -> Result<(), RolledBack> {
            let mut transaction = Transaction::new(txn, now(), &mut effects, &mut memory);
            task.run(&mut transaction).map_err(RolledBack::Failed)?;
            Err(RolledBack::Done)
        })
    }));
    match ran {
        Ok(Ok(()) | Err(RolledBack::Done)) => (None, false),
        Ok(Err(RolledBack::Failed(error))) => {
            let broken = matches!(error, BookError::Engine { reopen: true, .. });
            tracing::error!(%error, "a dry run failed");
            (Some(REFUSED), broken)
        }
        // The panic hook has logged it.
        Err(_) => (Some("the dry run failed inside carnet"), false),
    }
}
