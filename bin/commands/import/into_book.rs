//! Where parsed rows end: in an open book, or checked and forgotten in a dry run.

use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

use carnet_book::{AddressBook, BookError, ImportOutcome, Who};
use carnet_formats::rows::{Row, RowError};
use carnet_model::ImportItem;

use super::Tally;
use super::dry_run::{Against, DryRun};
use super::report::Report;
use crate::failure::Failure;
use crate::target::open_book::{self, OpenBook};
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
pub(super) enum Keeper {
    /// Into a book.
    Book(Box<Book>),
    /// Nowhere.
    Dry(Box<DryRun>),
}

/// A book, and the transaction that is being filled.
pub(super) struct Book {
    book: Arc<OpenBook>,
    under_way: Option<UnderWay>,
    /// Rows that were added or changed.
    written: u64,
}

/// A transaction that is being filled.
struct UnderWay {
    batches: SyncSender<Vec<ImportItem>>,
    outcomes: JoinHandle<Result<Vec<ImportOutcome>, Failure>>,
    fates: Vec<Fate>,
    /// Where in the input it began.
    begun: u64,
}

/// The line of a row, and what is wrong with it, or whether nothing recognises it.
type Fate = (u64, Result<bool, RowError>);

impl Keeper {
    /// Keeps rows in a book.
    pub(super) fn book(book: OpenBook) -> Keeper {
        Keeper::Book(Box::new(Book { book: Arc::new(book), under_way: None, written: 0 }))
    }

    /// Checks rows.
    pub(super) fn dry(against: Against) -> Keeper {
        Keeper::Dry(Box::new(DryRun::new(against)))
    }

    /// Takes the rows of a batch; `read` says how far the input was read. They count when their
    /// transaction ends: at [`Keeper::finish`] at the latest.
    pub(super) fn keep(
        &mut self,
        rows: Vec<Row<ImportItem>>,
        read: u64,
        tally: &mut Tally,
        report: &mut Report,
    ) -> Result<(), Failure> {
        // Good rows go into the book together; bad ones wait so that the report is in order.
        let mut items = Vec::with_capacity(rows.len());
        let mut fates = Vec::with_capacity(rows.len());
        for Row { line, item } in rows {
            match item {
                Ok(item) => {
                    fates.push((line, Ok(item.is_unkeyed())));
                    items.push(item);
                }
                Err(error) => fates.push((line, Err(error))),
            }
        }
        match self {
            Keeper::Book(book) => book.keep(items, fates, read, tally, report),
            Keeper::Dry(dry_run) => {
                let outcomes = if items.is_empty() { Vec::new() } else { dry_run.check(items)? };
                count(fates, outcomes, tally, report)
            }
        }
    }

    /// Rows that do not count yet.
    pub(super) fn rows_under_way(&self) -> u64 {
        match self {
            Keeper::Book(book) => book.under_way.as_ref().map_or(0, |one| one.fates.len() as u64),
            Keeper::Dry(_) => 0,
        }
    }

    /// Ends the transaction: what was taken is durable when this returns.
    pub(super) fn finish(&mut self, tally: &mut Tally, report: &mut Report) -> Result<(), Failure> {
        match self {
            Keeper::Book(book) => book.finish(tally, report),
            Keeper::Dry(_) => Ok(()),
        }
    }

    /// Closes the book, and makes its file small when much was written. A file that stays large
    /// is worth a word in the log and no failure.
    pub(super) fn close(self, drawn: bool) {
        let Keeper::Book(book) = self else { return };
        if book.written < COMPACT_ROWS_MIN {
            return;
        }
        let waiting = progress::waiting("the store is being compacted", drawn);
        if let Err(error) = book.book.close_compacted() {
            tracing::warn!(%error, "the store could not be compacted");
        }
        waiting.finish_and_clear();
    }
}

impl Book {
    fn keep(
        &mut self,
        items: Vec<ImportItem>,
        fates: Vec<Fate>,
        read: u64,
        tally: &mut Tally,
        report: &mut Report,
    ) -> Result<(), Failure> {
        let book = &self.book;
        let under_way = self.under_way.get_or_insert_with(|| UnderWay::begin(book, read));
        let sent = under_way.batches.send(items);
        under_way.fates.extend(fates);
        let full = under_way.fates.len() >= TRANSACTION_RECORDS_MAX
            || read.saturating_sub(under_way.begun) >= TRANSACTION_BYTES_MAX;
        // When the book takes no more, the end of the transaction says why.
        if full || sent.is_err() { self.finish(tally, report) } else { Ok(()) }
    }

    fn finish(&mut self, tally: &mut Tally, report: &mut Report) -> Result<(), Failure> {
        let Some(UnderWay { batches, outcomes, fates, .. }) = self.under_way.take() else {
            return Ok(());
        };
        drop(batches);
        let outcomes = outcomes.join().map_err(|_| Failure::failed("the import failed"))??;
        let before = tally.added + tally.updated;
        let counted = count(fates, outcomes, tally, report);
        self.written += tally.added + tally.updated - before;
        counted
    }
}

impl UnderWay {
    fn begin(book: &Arc<OpenBook>, begun: u64) -> UnderWay {
        // Without room: what was sent has been taken.
        let (batches, to_come) = sync_channel(0);
        let book: AddressBook = AddressBook::clone(book);
        let outcomes = thread::spawn(move || {
            let who = Who::command_line();
            let outcomes: Result<_, BookError> =
                open_book::wait_for(book.import_batches(&who, to_come))?;
            Ok(outcomes?)
        });
        UnderWay { batches, outcomes, fates: Vec::new(), begun }
    }
}

/// Counts what became of rows, and reports the bad ones.
fn count(
    fates: Vec<Fate>,
    outcomes: Vec<ImportOutcome>,
    tally: &mut Tally,
    report: &mut Report,
) -> Result<(), Failure> {
    let mut outcomes = outcomes.into_iter();
    for (line, fate) in fates {
        match fate {
            Err(error) => {
                report.row_error(line, &error)?;
                tally.skipped += 1;
            }
            Ok(unkeyed) => match outcomes.next() {
                Some(ImportOutcome::Added) => {
                    tally.added += 1;
                    tally.unkeyed += u64::from(unkeyed);
                }
                Some(ImportOutcome::Updated) => tally.updated += 1,
                Some(ImportOutcome::Unchanged) => tally.unchanged += 1,
                Some(ImportOutcome::Skipped(invalid)) => {
                    report.invalid(line, &invalid)?;
                    tally.skipped += 1;
                }
                None => return Err(Failure::failed("the book lost count of an import")),
            },
        }
    }
    Ok(())
}
