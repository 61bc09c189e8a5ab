//! Where parsed rows end: in an open book, or checked and forgotten in a dry run.

use carnet_book::{ImportItem, ImportOutcome, Who};
use tokio::runtime::{Builder, Runtime};

use super::Tally;
use super::dry_run::{Against, DryRun};
use super::report::Report;
use super::rows::{Row, is_unkeyed};
use crate::exit::Failure;
use crate::place::OpenBook;

/// Takes rows.
pub(super) enum Keeper {
    /// Into a book.
    Book {
        /// The book.
        book: OpenBook,
        /// Where to wait for its writes.
        runtime: Runtime,
    },
    /// Nowhere.
    Dry(Box<DryRun>),
}

impl Keeper {
    /// Keeps rows in a book.
    pub(super) fn book(book: OpenBook) -> Result<Keeper, Failure> {
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|e| Failure::file("the import cannot start", &e))?;
        Ok(Keeper::Book { book, runtime })
    }

    /// Checks rows.
    pub(super) fn dry(against: Against) -> Keeper {
        Keeper::Dry(Box::new(DryRun::new(against)))
    }

    /// Takes the rows of a batch, in one transaction: durable when this returns.
    pub(super) fn keep(
        &mut self,
        rows: Vec<Row<ImportItem>>,
        tally: &mut Tally,
        report: &mut Report,
    ) -> Result<(), Failure> {
        // Good rows go into the book together; bad ones wait so that the report is in order.
        let mut items = Vec::with_capacity(rows.len());
        let mut fates = Vec::with_capacity(rows.len());
        for Row { line, item } in rows {
            match item {
                Ok(item) => {
                    fates.push((line, Ok(u64::from(is_unkeyed(&item)))));
                    items.push(item);
                }
                Err(trouble) => fates.push((line, Err(trouble))),
            }
        }
        let outcomes = match self {
            _ if items.is_empty() => Vec::new(),
            Keeper::Book { book, runtime } => {
                runtime.block_on(book.import(&Who::command_line(), items))?
            }
            Keeper::Dry(dry_run) => dry_run.check(items)?,
        };
        let mut outcomes = outcomes.into_iter();
        for (line, fate) in fates {
            match fate {
                Err(trouble) => {
                    trouble.report(line, report)?;
                    tally.skipped += 1;
                }
                Ok(unkeyed) => match outcomes.next() {
                    Some(ImportOutcome::Added) => {
                        tally.added += 1;
                        tally.unkeyed += unkeyed;
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
}
