//! `POST /api/v2/carnet/import`: lines of JSON or a table, read as they come and applied in batches,
//! so any number of them takes the same memory; a dry run rolls each batch back. A bad line is skipped
//! and named. Doing it twice changes nothing the second time, so a client that lost the answer sends
//! everything again.

use crate::api::context::RequestContext;
use crate::api::offload::offload;
use crate::api::route::HandlerFuture;
use crate::limits::{
    IMPORT_BATCH_BYTES_MAX, IMPORT_BATCH_LINES_MAX, IMPORT_ERRORS_MAX, IMPORT_LINE_BYTES_MAX,
    IMPORT_PAUSE, IMPORT_TRIES_MAX, IMPORT_UNKNOWN_FIELDS_MAX,
};
use crate::message::answer::Answer;
use crate::message::error::Failure;
use crate::message::media_type::is_table;
use carnet_book::{AddressBook, BookError, ImportOutcome, Principal};
use carnet_formats::claims::Claims;
use carnet_formats::csv::cells::{CellsError, HeaderError, HeaderOptions, Ignored, read_header};
use carnet_formats::cut::{Batch, CutError, Cutter, Shape};
use carnet_formats::json_lines::LineError;
use carnet_formats::rows::{Reading, Row, RowError};
use carnet_model::{FaultKind, ImportItem, Invalid};
use carnet_wire::Rules;
use carnet_wire::error::{external_ids_taken, invalid_fields, invalid_reference};
use carnet_wire::import::{ImportOptions, Imported, NoticeKind};
use serde::Serialize;
use std::collections::BTreeMap;
use std::mem;
use std::sync::Arc;
use std::sync::mpsc::{RecvError, sync_channel};
use tokio::time::{sleep, timeout};

/// The result of an import.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct ImportReport {
    added: u64,
    updated: u64,
    unchanged: u64,
    skipped: u64,
    /// True where nothing of it was kept.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    dry_run: bool,
    /// The first faults of the skipped lines.
    errors: Vec<LineFault>,
    /// Faults that are not listed any more.
    #[serde(skip_serializing_if = "is_zero")]
    errors_omitted: u64,
    /// Numbers of good lines that are kept as they were typed, and that no look-up finds.
    numbers_unread: u64,
    /// What a person has to know about lines that were taken.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notices: Vec<LineNotice>,
    /// Notices that are not listed any more.
    #[serde(skip_serializing_if = "is_zero")]
    notices_omitted: u64,
    /// The fields that are not known and were left out, with the number of lines that have them.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    unknown_fields: BTreeMap<String, u64>,
}

fn is_zero(count: &u64) -> bool {
    *count == 0
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct LineFault {
    /// Which line, from 1.
    line: u64,
    /// Which field; absent where the line itself is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    reason: String,
    /// True where the line names a record that a later line, or another import, may bring.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    may_come: bool,
}

#[derive(Debug, Serialize)]
struct LineNotice {
    /// Which line, from 1.
    line: u64,
    field: String,
    kind: &'static str,
    reason: String,
}

/// What is said about a line that is taken.
struct Said {
    line: u64,
    notices: Vec<carnet_wire::import::Notice>,
    unknown: Vec<String>,
}

/// Imports what the body has.
pub(crate) fn run(context: RequestContext) -> HandlerFuture {
    Box::pin(async move {
        let parameters = context.parameters()?;
        let options = ImportOptions {
            keep_missing: parameters.switch("keepMissing")?,
            strict: parameters.switch("strict")?,
        };
        let is_dry = parameters.switch("dryRun")?;
        let has_header = is_table(&context.parts);
        let RequestContext { state, principal, rules, mut stream, .. } = context;
        let _permit = state.job()?;
        let book = state.book.clone();
        let report = ImportReport { dry_run: is_dry, ..ImportReport::default() };
        let reading = Arc::new(Reading::Lines);
        let ignored = Vec::new();
        let claims = Claims::default();
        let mut import =
            Import { book, principal, rules, options, reading, ignored, claims, report };
        let shape = if has_header { TABLE } else { Shape::Lines };
        let mut awaits_header = has_header;
        let mut cutter = Cutter::new(shape, IMPORT_LINE_BYTES_MAX);
        let mut batch = Batch::default();
        while !cutter.is_finished() {
            let piece = timeout(state.timeouts.body, stream.next()).await;
            match piece.map_err(|_| Failure::body_too_slow())? {
                Some(piece) => cutter.push(&piece.map_err(|_| Failure::body_broken())?),
                None => cutter.finish(),
            }
            while let Some(record) = cutter.next(&mut batch.text) {
                batch.records.push(record);
                if mem::take(&mut awaits_header) {
                    import.begin_table(&mem::take(&mut batch))?;
                    continue;
                }
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

/// The byte between the cells of a table.
const DELIMITER: u8 = b',';
const TABLE: Shape = Shape::Rows { delimiter: DELIMITER };

struct Import {
    book: AddressBook,
    principal: Arc<Principal>,
    rules: Rules,
    options: ImportOptions,
    reading: Arc<Reading>,
    /// The columns of a table that are not read.
    ignored: Vec<String>,
    /// The external ids of the lines so far.
    claims: Claims,
    report: ImportReport,
}

impl Import {
    /// Reads the header, the first record of a table.
    fn begin_table(&mut self, batch: &Batch) -> Result<(), Failure> {
        if batch.records.iter().any(|record| record.range.is_err()) {
            let message = format!("The header does not end within {IMPORT_LINE_BYTES_MAX} bytes.");
            return Err(Failure::bad_request(message));
        }
        // The client chose the columns; the answer counts those that are not read.
        let strict = self.options.strict;
        let options = HeaderOptions { ignore_unknown: true, strict, ..HeaderOptions::default() };
        let header = read_header(&batch.text, DELIMITER, &options);
        let (header, Ignored { unknown, repeated }) =
            header.map_err(|error| Failure::bad_request(refused_header(&error)))?;
        self.reading = Arc::new(Reading::Rows { header, delimiter: DELIMITER });
        self.ignored = unknown.into_iter().chain(repeated).collect();
        Ok(())
    }

    /// Applies a batch in one transaction.
    async fn apply(&mut self, batch: Batch) -> Result<(), Failure> {
        let (rules, options, reading) = (self.rules, self.options, Arc::clone(&self.reading));
        let rows = offload(move || Ok(reading.items(&batch, &rules, options))).await?;
        let mut said = Vec::new();
        let mut items = Vec::new();
        for Row { line, item } in rows {
            match item {
                Ok(Imported { item, notices, unknown }) => {
                    if let ImportItem::Contact(contact) = &item
                        && let Err(invalid) = self.claims.take(line, &contact.contact)
                    {
                        self.report.skip(line, LineError::Invalid(invalid), false);
                        continue;
                    }
                    let unknown = unknown.into_iter().chain(self.ignored.iter().cloned()).collect();
                    said.push(Said { line, notices, unknown });
                    items.push(item);
                }
                Err(error) => self.report.skip(line, line_error(error), false),
            }
        }
        if items.is_empty() {
            return Ok(());
        }
        for (mut said, outcome) in said.into_iter().zip(self.keep(items).await?) {
            match outcome {
                ImportOutcome::Added => self.report.added += 1,
                ImportOutcome::Updated => self.report.updated += 1,
                ImportOutcome::Unchanged => {
                    self.report.unchanged += 1;
                    said.notices.retain(|notice| !notice.kind.is_of_change());
                }
                ImportOutcome::Skipped(reference) => {
                    let error = LineError::Invalid(invalid_reference(reference));
                    self.report.skip(said.line, error, reference.may_come());
                    continue;
                }
                ImportOutcome::Fields(invalid) => {
                    let error = LineError::Invalid(invalid_fields(&invalid));
                    self.report.skip(said.line, error, invalid.may_come());
                    continue;
                }
                ImportOutcome::Taken(taken) => {
                    let invalid = external_ids_taken(&taken);
                    self.report.skip(said.line, LineError::Invalid(invalid), false);
                    continue;
                }
            }
            self.report.tell(said);
        }
        Ok(())
    }

    /// Asks the book, again after a pause when it cannot just now: an hour's import should not
    /// fail because the store was busy for a second.
    async fn keep(&self, items: Vec<ImportItem>) -> Result<Vec<ImportOutcome>, Failure> {
        let mut pause = IMPORT_PAUSE;
        for _ in 1..IMPORT_TRIES_MAX {
            match self.ask(items.clone()).await {
                // Nothing of the batch was kept, so nothing is done twice.
                Err(BookError::Unavailable(_)) => {
                    sleep(pause).await;
                    pause *= 2;
                }
                outcome => return Ok(outcome?),
            }
        }
        Ok(self.ask(items).await?)
    }

    /// Has the book import the items, or say what that would do.
    async fn ask(&self, items: Vec<ImportItem>) -> Result<Vec<ImportOutcome>, BookError> {
        if !self.report.dry_run {
            return self.book.import(&self.principal, items).await;
        }
        // With room for the one batch and its answer: neither side waits for the other.
        let (batches, to_come) = sync_channel(1);
        let (answers, answered) = sync_channel(1);
        let lost = |_| BookError::Unavailable("the dry run was lost");
        batches.send(items).map_err(|_| lost(RecvError))?;
        drop(batches);
        self.book.import_dry_run(&self.principal, to_come, answers).await?;
        answered.recv().map_err(lost)
    }
}

impl ImportReport {
    fn skip(&mut self, line: u64, error: LineError, may_come: bool) {
        self.skipped += 1;
        match error {
            LineError::Json { .. } => {
                self.name(LineFault { line, field: None, reason: error.to_string(), may_come });
            }
            LineError::Invalid(invalid) => {
                for fault in invalid.faults {
                    let reason = fault.to_string();
                    self.name(LineFault { line, field: Some(fault.field), reason, may_come });
                }
            }
        }
    }

    fn name(&mut self, fault: LineFault) {
        if self.errors.len() < IMPORT_ERRORS_MAX {
            self.errors.push(fault);
        } else {
            self.errors_omitted += 1;
        }
    }

    /// Notes what is said about a line that was taken.
    fn tell(&mut self, said: Said) {
        for notice in said.notices {
            self.numbers_unread += u64::from(notice.kind == NoticeKind::Unread);
            if self.notices.len() < IMPORT_ERRORS_MAX {
                self.notices.push(LineNotice {
                    line: said.line,
                    field: notice.field,
                    kind: notice.kind.as_str(),
                    reason: notice.reason,
                });
            } else {
                self.notices_omitted += 1;
            }
        }
        for field in said.unknown {
            // Beyond the bound only names that are there already are counted.
            if let Some(lines) = self.unknown_fields.get_mut(&field) {
                *lines += 1;
            } else if self.unknown_fields.len() < IMPORT_UNKNOWN_FIELDS_MAX {
                self.unknown_fields.insert(field, 1);
            }
        }
    }
}

/// Why a first row is no header. Other reasons than these have no place where unknown columns are
/// left out.
fn refused_header(error: &HeaderError) -> String {
    match error {
        HeaderError::NotUtf8 => "The header is not UTF-8.".to_owned(),
        HeaderError::Strict(Ignored { unknown, repeated }) => {
            let all: Vec<&str> = unknown.iter().chain(repeated).map(String::as_str).collect();
            format!("strict leaves no column out, and these are not read: {}.", all.join(", "))
        }
        _ => "No column of the header is a field of a contact.".to_owned(),
    }
}

/// Why a record cannot be read, as a fault of its line.
fn line_error(error: RowError) -> LineError {
    let whole = |kind| LineError::Invalid(Invalid::one("$", kind));
    let why = |why: &str| whole(FaultKind::Value(why.to_owned()));
    match error {
        RowError::Line(error) => error,
        RowError::Cut(CutError::TooLong) => {
            whole(FaultKind::TooLong { max: IMPORT_LINE_BYTES_MAX })
        }
        RowError::Cut(CutError::OpenQuote { .. }) => {
            why("a quotation mark that is opened here is not closed")
        }
        RowError::Cells(CellsError::NotUtf8) => why("the row is not UTF-8"),
        RowError::Cells(CellsError::Misplaced) => why("the row cannot be told from its neighbours"),
    }
}
