//! Parsed rows into an open book, in large transactions; or, for a dry run, into one transaction
//! of the book that is rolled back.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

use carnet_book::{AddressBook, ImportOutcome, Principal};
use carnet_formats::json_lines::LineError;
use carnet_formats::rows::{Row, RowError};
use carnet_model::ImportItem;
use carnet_wire::error::external_ids_taken;
use carnet_wire::import::Imported;

use super::account::{Account, Said};
use crate::failure::Failure;
use crate::target::open_book::{OpenBook, wait_for};
use crate::terminal::progress;

/// Records of one transaction. Ids, numbers and e-mails fall anywhere in their tables, and every
/// page that a transaction touches is written anew: the more records share it, the less is written
/// for each. It is bounded by memory: until the index has them, records are held as search sees
/// them.
const TRANSACTION_RECORDS_MAX: usize = 64_000;

/// Bytes of input after which a transaction ends whatever the number of its records.
const TRANSACTION_BYTES_MAX: u64 = 64 << 20;

/// Rows beyond which an import makes the store's file small again when it ends.
const COMPACT_ROWS_MIN: u64 = 10_000;

/// Takes rows.
pub(super) enum BookWriter {
    /// Writes them to a book.
    Import(Box<Import>),
    /// Has a book say what an import would do.
    DryRun(Box<DryRun>),
}

/// A book, and the transaction that is being filled.
pub(super) struct Import {
    book: Arc<OpenBook>,
    under_way: Option<UnderWay>,
    /// Rows that were added or changed.
    written: u64,
}

/// A transaction that is being filled.
struct UnderWay {
    batches: SyncSender<Vec<ImportItem>>,
    outcomes: JoinHandle<Result<Vec<ImportOutcome>, Failure>>,
    rows: Vec<RowResult>,
    /// Where in the input it began.
    begun: u64,
}

/// A book, and a transaction that takes all rows and is rolled back.
pub(super) struct DryRun {
    batches: SyncSender<Vec<ImportItem>>,
    outcomes: Receiver<Vec<ImportOutcome>>,
    ended: JoinHandle<Result<(), Failure>>,
    /// Held open meanwhile.
    book: Arc<OpenBook>,
}

/// The line of a row, and why it cannot be read; or what is said about it.
type RowResult = (u64, Result<Said, RowError>);

impl BookWriter {
    /// Writes rows to a book.
    pub(super) fn import(book: OpenBook) -> BookWriter {
        let import = Import { book: Arc::new(book), under_way: None, written: 0 };
        BookWriter::Import(Box::new(import))
    }

    /// Has a book say what an import would do. Everything until [`BookWriter::close`] is one
    /// transaction, so a row may name what an earlier one brings.
    pub(super) fn dry_run(book: OpenBook) -> BookWriter {
        BookWriter::DryRun(Box::new(DryRun::begin(Arc::new(book))))
    }

    /// Takes the rows of a batch; `read` says how far the input was read. They count when their
    /// transaction ends: at [`BookWriter::finish`] at the latest.
    pub(super) fn take(
        &mut self,
        rows: Vec<Row<Imported>>,
        read: u64,
        account: &mut Account,
    ) -> Result<(), Failure> {
        // Good rows go into the book together; bad ones wait so that the report is in order.
        let mut items = Vec::with_capacity(rows.len());
        let mut results = Vec::with_capacity(rows.len());
        for Row { line, item } in rows {
            match item {
                Ok(mut read) => {
                    if let ImportItem::Contact(item) = &read.item
                        && let Err(invalid) = account.claims.take(line, &item.contact)
                    {
                        results.push((line, Err(RowError::Line(LineError::Invalid(invalid)))));
                        continue;
                    }
                    results.push((line, Ok(Said::of(&mut read))));
                    items.push(read.item);
                }
                Err(error) => results.push((line, Err(error))),
            }
        }
        match self {
            BookWriter::Import(import) => import.take(items, results, read, account),
            BookWriter::DryRun(dry_run) => {
                let outcomes = dry_run.ask(items)?;
                count(results, outcomes, account)
            }
        }
    }

    /// Rows that do not count yet.
    pub(super) fn rows_under_way(&self) -> u64 {
        let under_way = match self {
            BookWriter::Import(import) => import.under_way.as_ref(),
            BookWriter::DryRun(_) => None,
        };
        under_way.map_or(0, |one| u64::try_from(one.rows.len()).unwrap_or(u64::MAX))
    }

    /// Ends the transaction: what was taken is durable when this returns.
    pub(super) fn finish(&mut self, account: &mut Account) -> Result<(), Failure> {
        match self {
            BookWriter::Import(import) => import.finish(account),
            BookWriter::DryRun(_) => Ok(()),
        }
    }

    /// Closes the book, and makes its file small when much was written. A file that stays large
    /// is worth a word in the log and no failure.
    pub(super) fn close(self, drawn: bool) -> Result<(), Failure> {
        match self {
            BookWriter::Import(import) => {
                if import.written >= COMPACT_ROWS_MIN {
                    compact(&import.book, drawn);
                }
                Ok(())
            }
            BookWriter::DryRun(dry_run) => dry_run.end(),
        }
    }
}

impl Import {
    fn take(
        &mut self,
        items: Vec<ImportItem>,
        results: Vec<RowResult>,
        read: u64,
        account: &mut Account,
    ) -> Result<(), Failure> {
        let book = &self.book;
        let under_way = self.under_way.get_or_insert_with(|| UnderWay::begin(book, read));
        let sent = under_way.batches.send(items);
        under_way.rows.extend(results);
        let full = under_way.rows.len() >= TRANSACTION_RECORDS_MAX
            || read.saturating_sub(under_way.begun) >= TRANSACTION_BYTES_MAX;
        // When the book takes no more, the end of the transaction says why.
        if full || sent.is_err() { self.finish(account) } else { Ok(()) }
    }

    fn finish(&mut self, account: &mut Account) -> Result<(), Failure> {
        let Some(UnderWay { batches, outcomes, rows, .. }) = self.under_way.take() else {
            return Ok(());
        };
        drop(batches);
        let outcomes = outcomes.join().map_err(|_| Failure::failed("the import failed"))??;
        let before = account.tally.added + account.tally.updated;
        let counted = count(rows, outcomes, account);
        self.written += account.tally.added + account.tally.updated - before;
        counted
    }
}

impl UnderWay {
    fn begin(book: &Arc<OpenBook>, begun: u64) -> UnderWay {
        // Without room: what was sent has been taken.
        let (batches, to_come) = sync_channel(0);
        let book = AddressBook::clone(book);
        let outcomes = thread::spawn(move || {
            Ok(wait_for(book.import_batches(&Principal::command_line(), to_come))??)
        });
        UnderWay { batches, outcomes, rows: Vec::new(), begun }
    }
}

impl DryRun {
    fn begin(book: Arc<OpenBook>) -> DryRun {
        let (batches, to_come) = sync_channel(0);
        let (answers, outcomes) = sync_channel(0);
        let own = AddressBook::clone(&book);
        let ended = thread::spawn(move || {
            Ok(wait_for(own.import_dry_run(&Principal::command_line(), to_come, answers))??)
        });
        DryRun { batches, outcomes, ended, book }
    }

    /// The outcomes of the items of a batch. Without outcomes the book has given up, and
    /// [`DryRun::end`] says why.
    fn ask(&mut self, items: Vec<ImportItem>) -> Result<Vec<ImportOutcome>, Failure> {
        let sent = self.batches.send(items).ok();
        let outcomes = sent.and_then(|()| self.outcomes.recv().ok());
        outcomes.ok_or_else(|| Failure::failed("the dry run ended early"))
    }

    fn end(self) -> Result<(), Failure> {
        let DryRun { batches, outcomes, ended, book } = self;
        drop((batches, outcomes));
        let ended = ended.join().unwrap_or_else(|_| Err(Failure::failed("the dry run failed")));
        drop(book);
        ended
    }
}

/// Makes the file of a book's store small, and closes the book.
fn compact(book: &OpenBook, drawn: bool) {
    let waiting = progress::waiting("the store is being compacted", drawn);
    if let Err(error) = book.close_compacted() {
        tracing::warn!(%error, "the store could not be compacted");
    }
    waiting.finish_and_clear();
}

/// Counts the outcomes of rows, and reports the bad rows.
fn count(
    rows: Vec<RowResult>,
    outcomes: Vec<ImportOutcome>,
    account: &mut Account,
) -> Result<(), Failure> {
    let mut outcomes = outcomes.into_iter();
    for (line, result) in rows {
        let said = match result {
            Ok(said) => said,
            Err(error) => {
                account.refuse(line, &error)?;
                continue;
            }
        };
        match outcomes.next() {
            Some(ImportOutcome::Added) => {
                account.tally.added += 1;
                account.tally.unkeyed += u64::from(said.unkeyed);
            }
            Some(ImportOutcome::Updated) => account.tally.updated += 1,
            Some(ImportOutcome::Unchanged) => {
                account.tally.unchanged += 1;
                account.tell_unchanged(line, said)?;
                continue;
            }
            Some(ImportOutcome::Skipped(reference)) => {
                account.refuse_reference(line, reference)?;
                continue;
            }
            Some(ImportOutcome::Fields(invalid)) => {
                account.refuse_fields(line, &invalid)?;
                continue;
            }
            Some(ImportOutcome::Taken(taken)) => {
                account.tally.skipped += 1;
                account.report.invalid(line, &external_ids_taken(&taken))?;
                continue;
            }
            None => return Err(Failure::failed("the book lost count of an import")),
        }
        account.tell(line, said)?;
    }
    Ok(())
}
