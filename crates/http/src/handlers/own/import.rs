//! `POST /api/v2/carnet/import`: JSON lines, read as they come and applied in batches, so any
//! number of them takes the same memory. A bad line is skipped and named. Doing it twice changes
//! nothing the second time, so a client that lost the answer sends everything again.

use crate::api::context::RequestContext;
use crate::api::offload::offload;
use crate::api::route::HandlerFuture;
use crate::limits::{
    IMPORT_BATCH_BYTES_MAX, IMPORT_BATCH_LINES_MAX, IMPORT_ERRORS_MAX, IMPORT_LINE_BYTES_MAX,
    IMPORT_PAUSE, IMPORT_TRIES_MAX,
};
use crate::message::answer::Answer;
use crate::message::error::Failure;
use carnet_book::{AddressBook, BookError, ImportOutcome, Principal};
use carnet_formats::cut::{Batch, CutError, Cutter, Record, Shape};
use carnet_formats::json_lines::{self, LineError};
use carnet_model::{FaultKind, ImportItem, Invalid};
use carnet_wire::Rules;
use carnet_wire::error::{external_ids_taken, invalid_reference};
use serde::Serialize;
use std::mem;
use std::sync::Arc;
use tokio::time::{sleep, timeout};

/// The result of an import.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct ImportReport {
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
        let mut import = Import { book, principal, rules, report: ImportReport::default() };
        let mut cutter = Cutter::new(Shape::Lines, IMPORT_LINE_BYTES_MAX);
        let mut batch = Batch::default();
        while !cutter.is_finished() {
            let piece = timeout(state.timeouts.body, stream.next()).await;
            match piece.map_err(|_| Failure::body_too_slow())? {
                Some(piece) => cutter.push(&piece.map_err(|_| Failure::body_broken())?),
                None => cutter.finish(),
            }
            while let Some(record) = cutter.next(&mut batch.text) {
                batch.records.push(record);
                if batch.records.len() >= IMPORT_BATCH_LINES_MAX
                    || batch.text.len() >= IMPORT_BATCH_BYTES_MAX
                {
                    import.apply(mem::take(&mut batch)).await?;
                }
            }
        }
        if !batch.records.is_empty() {
            import.apply(batch).await?;
        }
        Ok(Answer::json(&import.report))
    })
}

struct Import {
    book: AddressBook,
    principal: Arc<Principal>,
    rules: Rules,
    report: ImportReport,
}

impl Import {
    /// Applies a batch in one transaction.
    async fn apply(&mut self, batch: Batch) -> Result<(), Failure> {
        let rules = self.rules;
        let read = offload(move || {
            let read = |record: &Record| (record.line, read(&batch, record, &rules));
            Ok(batch.records.iter().map(read).collect::<Vec<_>>())
        });
        let mut numbers = Vec::new();
        let mut items = Vec::new();
        for (number, read) in read.await? {
            match read {
                Ok(item) => {
                    numbers.push(number);
                    items.push(item);
                }
                Err(error) => self.report.skip(number, error),
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
                ImportOutcome::Skipped(reference) => {
                    let invalid = invalid_reference(reference);
                    self.report.skip(number, LineError::Invalid(invalid));
                }
                ImportOutcome::Taken(taken) => {
                    let invalid = external_ids_taken(&taken);
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

impl ImportReport {
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

fn read(batch: &Batch, record: &Record, rules: &Rules) -> Result<ImportItem, LineError> {
    match batch.bytes(record) {
        Ok(line) => json_lines::read(line, rules),
        // Nothing else can be wrong with the cut of a line.
        Err(CutError::TooLong | CutError::OpenQuote) => {
            let too_long = FaultKind::TooLong { max: IMPORT_LINE_BYTES_MAX };
            Err(Invalid::one("$", too_long).into())
        }
    }
}
