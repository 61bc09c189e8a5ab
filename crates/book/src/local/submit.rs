//! Submitting writes to the command queue, and questions to a snapshot. Where the store proves broken,
//! the writer is asked to open it again. It does not know what is written or asked.

use crate::BookError;
use crate::error::STOPPING;
use crate::local::edit::queue::{Command, Task, Write};
use crate::local::edit::transaction::Transaction;
use crate::local::snapshot::Snapshot;
use crate::local::state::Inner;
use tokio::sync::oneshot;

impl Inner {
    /// Puts a write into the queue and waits until it is durable and visible. `edit` must check
    /// everything before it changes the first thing: what it changed before it refused stays.
    pub(crate) async fn write<R: Send + 'static>(
        &self,
        weight: usize,
        edit: impl FnOnce(&mut Transaction<'_, '_>) -> Result<R, BookError> + Send + 'static,
    ) -> Result<R, BookError> {
        self.submit(edit, |task| Command::Write { weight, task }).await
    }

    /// Puts a write into the queue that is rolled back, and waits for its answer.
    pub(crate) async fn dry_run<R: Send + 'static>(
        &self,
        edit: impl FnOnce(&mut Transaction<'_, '_>) -> Result<R, BookError> + Send + 'static,
    ) -> Result<R, BookError> {
        self.submit(edit, |task| Command::DryRun { task }).await
    }

    async fn submit<R: Send + 'static>(
        &self,
        edit: impl FnOnce(&mut Transaction<'_, '_>) -> Result<R, BookError> + Send + 'static,
        command: impl FnOnce(Box<dyn Task>) -> Command,
    ) -> Result<R, BookError> {
        if self.is_closing() {
            return Err(BookError::Unavailable(STOPPING));
        }
        let (reply, answer) = oneshot::channel();
        let sent = self.commands.send(command(Box::new(Write::new(edit, reply)))).await;
        sent.map_err(|_| BookError::Unavailable(STOPPING))?;
        answer.await.unwrap_or(Err(BookError::Unavailable(STOPPING)))
    }

    /// Has the writer open the store again, for a caller whose read of `snapshot` met a
    /// [`BookError::Engine`] that asks for it; the book's own calls see to it by themselves. Nothing
    /// happens when the store was opened again since the snapshot was taken.
    pub(crate) fn reopen_after(&self, snapshot: &Snapshot) {
        // Fails when the queue is full: then the writer is about to meet the fault by itself.
        let _ = self.commands.try_send(Command::Reopen { opening: snapshot.opening });
    }

    /// Asks a snapshot; where the store proves broken, has the writer open it again.
    pub(crate) fn ask<T, E: Into<BookError>>(
        &self,
        snapshot: &Snapshot,
        question: impl FnOnce(&Snapshot) -> Result<T, E>,
    ) -> Result<T, BookError> {
        let answer = question(snapshot).map_err(Into::into);
        if let Err(BookError::Engine { reopen: true, .. }) = &answer {
            self.reopen_after(snapshot);
        }
        answer
    }
}
