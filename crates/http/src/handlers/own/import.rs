//! `POST /api/v2/carnet/import`: JSON lines, read as they come and applied in batches, so any
//! number of them takes the same memory. A bad line is skipped and named. Doing it twice changes
//! nothing the second time, so a client that lost the answer sends everything again.

mod lines;

use crate::api::context::RequestContext;
use crate::api::offload::offload;
use crate::api::route::HandlerFuture;
use crate::limits::{
    IMPORT_BATCH_BYTES_MAX, IMPORT_BATCH_LINES_MAX, IMPORT_ERRORS_MAX, IMPORT_PAUSE,
    IMPORT_TRIES_MAX,
};
use crate::message::answer::Answer;
use crate::message::error::Failure;
use carnet_book::{AddressBook, BookError, ImportOutcome, Who};
use carnet_formats::json_lines::{self, LineError};
use carnet_model::{FaultKind, ImportItem, Invalid};
use carnet_wire::Rules;
use lines::{Given, Lines};
use serde::Serialize;
use std::sync::Arc;
use tokio::time::{sleep, timeout};

/// What an import came to.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    added: u64,
    updated: u64,
    unchanged: u64,
    skipped: u64,
    /// The first faults of the skipped lines.
    errors: Vec<LineFault>,
    /// Faults that are not listed any more.
    #[serde(skip_serializing_if = "is_zero")]
    errors_omitted: u64,
}

fn is_zero(count: &u64) -> bool {
    *count == 0
}

#[derive(Debug, Serialize)]
struct LineFault {
    /// Which line, from 1.
    line: u64,
    /// Which field; absent where the line itself is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    reason: String,
}

/// Imports what the body has.
pub(crate) fn run(context: RequestContext) -> HandlerFuture {
    Box::pin(async move {
        let RequestContext { state, principal, rules, mut stream, .. } = context;
        let _permit = state.job()?;
        let book = state.book.clone();
        let mut import = Import { book, principal, rules, report: Report::default() };
        let mut lines = Lines::default();
        loop {
            let piece = timeout(state.timeouts.body, stream.next()).await;
            let Some(piece) = piece.map_err(|_| Failure::body_too_slow())? else {
                break;
            };
            lines.push(&piece.map_err(|_| Failure::body_broken())?);
            while lines.ready() >= IMPORT_BATCH_LINES_MAX || lines.bytes() >= IMPORT_BATCH_BYTES_MAX
            {
                import.apply(lines.take(IMPORT_BATCH_LINES_MAX)).await?;
            }
        }
        lines.finish();
        while lines.ready() > 0 {
            import.apply(lines.take(IMPORT_BATCH_LINES_MAX)).await?;
        }
        Ok(Answer::json(&import.report))
    })
}

struct Import {
    book: AddressBook,
    principal: Arc<Who>,
    rules: Rules,
    report: Report,
}

impl Import {
    /// Applies a batch in one transaction.
    async fn apply(&mut self, batch: Vec<(u64, Given)>) -> Result<(), Failure> {
        let rules = self.rules;
        let read = offload(move || {
            Ok(batch
                .into_iter()
                .map(|(number, given)| (number, read(&given, &rules)))
                .collect::<Vec<_>>())
        });
        let mut numbers = Vec::new();
        let mut items = Vec::new();
        for (number, read) in read.await? {
            match read {
                Ok(item) => {
                    numbers.push(number);
                    items.push(item);
                }
                Err(fault) => self.report.skip(number, fault),
            }
        }
        if items.is_empty() {
            return Ok(());
        }
        for (number, outcome) in numbers.into_iter().zip(self.keep(items).await?) {
            match outcome {
                ImportOutcome::Added => self.report.added += 1,
                ImportOutcome::Updated => self.report.updated += 1,
                ImportOutcome::Unchanged => self.report.unchanged += 1,
                ImportOutcome::Skipped(invalid) => {
                    self.report.skip(number, LineError::Invalid(invalid));
                }
            }
        }
        Ok(())
    }

    /// Asks the book, again after a pause when it cannot just now: an hour's import should not
    /// fail because the store was busy for a second.
    async fn keep(&self, items: Vec<ImportItem>) -> Result<Vec<ImportOutcome>, Failure> {
        let mut pause = IMPORT_PAUSE;
        for _ in 1..IMPORT_TRIES_MAX {
            match self.book.import(&self.principal, items.clone()).await {
                // Nothing of the batch was kept, so nothing is done twice.
                Err(BookError::Unavailable(_)) => {
                    sleep(pause).await;
                    pause *= 2;
                }
                outcome => return Ok(outcome?),
            }
        }
        Ok(self.book.import(&self.principal, items).await?)
    }
}

impl Report {
    fn skip(&mut self, line: u64, error: LineError) {
        self.skipped += 1;
        match error {
            LineError::Json { .. } => self.name(line, None, error.to_string()),
            LineError::Invalid(invalid) => {
                for fault in invalid.faults {
                    let reason = fault.to_string();
                    self.name(line, Some(fault.field), reason);
                }
            }
        }
    }

    fn name(&mut self, line: u64, field: Option<String>, reason: String) {
        if self.errors.len() < IMPORT_ERRORS_MAX {
            self.errors.push(LineFault { line, field, reason });
        } else {
            self.errors_omitted += 1;
        }
    }
}

fn read(given: &Given, rules: &Rules) -> Result<ImportItem, LineError> {
    let bytes = match given {
        Given::Line(bytes) => bytes,
        Given::TooLong { max } => {
            return Err(Invalid::one("$", FaultKind::TooLong { max: *max }).into());
        }
    };
    json_lines::read(bytes, rules)
}
