//! The command queue of the writer: its commands, and how a write carries its answer back. It does
//! not know who takes them.

use crate::BookError;
use crate::local::edit::transaction::Transaction;
use tokio::sync::oneshot;

pub(crate) const REFUSED: &str = "the store refused the write; nothing of it was kept";
pub(crate) const OVERLOADED: &str = "the index cannot keep up with the writes";

/// A command to the writer.
pub(crate) enum Command {
    /// A write.
    Write {
        /// The number of entities that it carries, for the bound of a batch.
        weight: usize,
        task: Box<dyn Task>,
    },
    /// A write that is rolled back, whatever it answers. It has a transaction of its own.
    DryRun { task: Box<dyn Task> },
    /// A read found the store broken, in the opening of this number: it is to be opened again.
    Reopen { opening: u64 },
    /// No work: the writer is to notice that the book is closing.
    Wake,
}

/// A write in the queue.
pub(crate) trait Task: Send {
    /// Checks and edits. Refusals are kept for `finish`; an error of an engine ends the batch.
    fn run(&mut self, transaction: &mut Transaction<'_, '_>) -> Result<(), BookError>;
    /// Answers the caller: with the result of `run`, or with the reason why it was not kept.
    fn finish(self: Box<Self>, refused: Option<&'static str>);
}

/// A write with the way back to its caller.
pub(crate) struct Write<F, R> {
    edit: Option<F>,
    outcome: Option<Result<R, BookError>>,
    reply: oneshot::Sender<Result<R, BookError>>,
}

impl<F, R> Write<F, R> {
    pub(crate) fn new(edit: F, reply: oneshot::Sender<Result<R, BookError>>) -> Write<F, R> {
        Write { edit: Some(edit), outcome: None, reply }
    }
}

impl<F, R> Task for Write<F, R>
where
    F: FnOnce(&mut Transaction<'_, '_>) -> Result<R, BookError> + Send,
    R: Send,
{
    fn run(&mut self, transaction: &mut Transaction<'_, '_>) -> Result<(), BookError> {
        // Taken, because a boxed task cannot be consumed by `run`: `finish` comes after it.
        let Some(run) = self.edit.take() else {
            return Ok(());
        };
        match run(transaction) {
            Err(error @ BookError::Engine { .. }) => Err(error),
            outcome => {
                self.outcome = Some(outcome);
                Ok(())
            }
        }
    }

    fn finish(self: Box<Self>, refused: Option<&'static str>) {
        let outcome = match (refused, self.outcome) {
            (None, Some(outcome)) => outcome,
            // A refusal wrote nothing, so it holds even if the rest of the batch was not kept.
            (Some(_), Some(Err(error))) => Err(error),
            (refused, _) => Err(BookError::Unavailable(refused.unwrap_or(REFUSED))),
        };
        // Fails when the caller has gone.
        let _ = self.reply.send(outcome);
    }
}
