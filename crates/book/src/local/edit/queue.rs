//! The writer's queue: what can be put into it, and how a write carries its answer back.

use crate::BookError;
use crate::local::edit::transaction::Transaction;
use tokio::sync::oneshot;

pub(crate) const REFUSED: &str = "the store refused the write; nothing of it was kept";
pub(crate) const OVERLOADED: &str = "the index cannot keep up with the writes";

/// What can be put into the writer's queue.
pub(crate) enum Command {
    /// A write.
    Write {
        /// How many entities it carries, for the bound of a batch.
        weight: usize,
        task: Box<dyn Task>,
    },
    /// A read found the store broken, as it was opened for this time.
    Reopen { opening: u64 },
    /// Look up from the queue: the book is closing.
    Wake,
}

/// A write that waits.
pub(crate) trait Task: Send {
    /// Checks and edits. Refusals are kept for `finish`; an error of an engine ends the batch.
    fn run(&mut self, transaction: &mut Transaction<'_, '_>) -> Result<(), BookError>;
    /// Answers the caller: with what `run` came to, or with why it was not kept.
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
            // A refusal that wrote nothing stands, whatever became of the rest of the batch.
            (Some(_), Some(Err(error))) => Err(error),
            (refused, _) => Err(BookError::Unavailable(refused.unwrap_or(REFUSED))),
        };
        // Nobody waits for the answer when the caller has gone.
        let _ = self.reply.send(outcome);
    }
}
