//! What the import of one file has come to: its rows by outcome, its report, the fields that were not
//! known, and the rows that wait for what another row may bring.

use std::collections::{BTreeMap, BTreeSet};
use std::mem;

use carnet_formats::claims::Claims;
use carnet_formats::rows::RowError;
use carnet_model::{Invalid, InvalidFields, InvalidReference};
use carnet_wire::error::{invalid_fields, invalid_reference};
use carnet_wire::import::{Imported, Notice};

use super::report::{Report, reason};
use super::tally::Tally;
use crate::failure::Failure;

/// Rows of a file that wait for others, at most; one more is refused at once.
const DEFERRED_ROWS_MAX: usize = 4_000_000;

/// Names of unknown fields that are kept; rows that have others are not counted.
const UNKNOWN_FIELDS_MAX: usize = 100;

/// The fields that were not known, with the number of rows that have them.
pub(super) type UnknownFields = BTreeMap<String, u64>;

/// What is known of a row before its outcome.
pub(super) struct Said {
    /// Whether it has neither an id nor an external id.
    pub(super) unkeyed: bool,
    pub(super) notices: Vec<Notice>,
    pub(super) unknown: Vec<String>,
}

impl Said {
    /// Of a record.
    pub(super) fn of(read: &mut Imported) -> Said {
        Said {
            unkeyed: read.item.is_unkeyed(),
            notices: mem::take(&mut read.notices),
            unknown: mem::take(&mut read.unknown),
        }
    }
}

/// What the import of a file has come to.
pub(super) struct Account {
    pub(super) tally: Tally,
    pub(super) report: Report,
    pub(super) unknown: UnknownFields,
    /// The external ids of the rows so far.
    pub(super) claims: Claims,
    deferred: BTreeMap<u64, usize>,
    /// Field and reason of what rows wait for, each once.
    reasons: Vec<(String, String)>,
}

impl Account {
    /// Of a file that has not been read yet.
    pub(super) fn new(report: Report) -> Account {
        Account {
            tally: Tally::default(),
            report,
            unknown: UnknownFields::new(),
            claims: Claims::default(),
            deferred: BTreeMap::new(),
            reasons: Vec::new(),
        }
    }

    /// Notes what is said about a row that was taken.
    pub(super) fn tell(&mut self, line: u64, said: Said) -> Result<(), Failure> {
        for notice in said.notices {
            self.tally.note(notice.kind);
            self.report.row(line, &notice.field, &notice.reason)?;
        }
        for field in said.unknown {
            self.count_unknown(field, 1);
        }
        Ok(())
    }

    /// Notes what is said about a row that changed nothing: what is so, and not what was done.
    pub(super) fn tell_unchanged(&mut self, line: u64, mut said: Said) -> Result<(), Failure> {
        said.notices.retain(|notice| !notice.kind.is_of_change());
        self.tell(line, said)
    }

    /// Counts rows that have a field that is not known.
    pub(super) fn count_unknown(&mut self, field: String, rows: u64) {
        let is_full = self.unknown.len() >= UNKNOWN_FIELDS_MAX;
        if !is_full || self.unknown.contains_key(&field) {
            *self.unknown.entry(field).or_default() += rows;
        }
    }

    /// Refuses a row that cannot be read.
    pub(super) fn refuse(&mut self, line: u64, error: &RowError) -> Result<(), Failure> {
        self.tally.skipped += 1;
        self.report.row_error(line, error)
    }

    /// Refuses a row whose reference leads nowhere, or lets it wait.
    pub(super) fn refuse_reference(
        &mut self,
        line: u64,
        reference: InvalidReference,
    ) -> Result<(), Failure> {
        self.refuse_faults(line, &invalid_reference(reference), reference.may_come())
    }

    /// Refuses a row whose custom fields are wrong, or lets it wait for their schema.
    pub(super) fn refuse_fields(
        &mut self,
        line: u64,
        invalid: &InvalidFields,
    ) -> Result<(), Failure> {
        self.refuse_faults(line, &invalid_fields(invalid), invalid.may_come())
    }

    fn refuse_faults(
        &mut self,
        line: u64,
        invalid: &Invalid,
        may_come: bool,
    ) -> Result<(), Failure> {
        for fault in &invalid.faults {
            let reason = reason(&fault.kind);
            if may_come && self.defer(line, &fault.field, &reason) {
                return Ok(());
            }
            self.report.row(line, &fault.field, &reason)?;
        }
        self.tally.skipped += 1;
        Ok(())
    }

    /// Lets a row wait for what another may bring; false when it cannot.
    pub(super) fn defer(&mut self, line: u64, field: &str, reason: &str) -> bool {
        if self.deferred.len() >= DEFERRED_ROWS_MAX {
            return false;
        }
        let known = self.reasons.iter().position(|(f, r)| f == field && r == reason);
        let place = known.unwrap_or_else(|| {
            self.reasons.push((field.to_owned(), reason.to_owned()));
            self.reasons.len() - 1
        });
        self.deferred.insert(line, place);
        true
    }

    /// How many rows wait.
    pub(super) fn waiting(&self) -> usize {
        self.deferred.len()
    }

    /// The lines of the rows that wait, for another try.
    pub(super) fn take_waiting(&mut self) -> BTreeSet<u64> {
        mem::take(&mut self.deferred).into_keys().collect()
    }

    /// Refuses the rows that still wait: nothing has brought what they need.
    pub(super) fn settle(&mut self) -> Result<(), Failure> {
        for (line, place) in mem::take(&mut self.deferred) {
            self.tally.skipped += 1;
            let Some((field, reason)) = self.reasons.get(place) else { continue };
            self.report.row(line, field, reason)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use carnet_model::SchemaFault;

    #[test]
    fn a_row_waits_only_for_what_may_come() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("report.csv");
        let mut account = Account::new(Report::at(path.clone()));
        account.refuse_reference(3, InvalidReference::Contact).unwrap();
        account.refuse_reference(4, InvalidReference::Organization).unwrap();
        account.refuse_reference(5, InvalidReference::NoteSubject).unwrap();
        account.refuse_reference(6, InvalidReference::NoteContact).unwrap();
        account.refuse_fields(7, &InvalidFields::Schema(SchemaFault::Unknown)).unwrap();
        account.refuse_fields(8, &InvalidFields::Schema(SchemaFault::Disabled)).unwrap();
        assert_eq!((account.tally.skipped, account.waiting()), (3, 3));
        assert_eq!(account.take_waiting(), [4, 6, 7].into());
        account.refuse_reference(6, InvalidReference::NoteContact).unwrap();
        account.settle().unwrap();
        account.report.finish().unwrap();
        assert_eq!(account.tally.skipped, 4);
        let report = std::fs::read_to_string(path).unwrap();
        let lines: Vec<&str> = report.lines().map(|row| row.split(',').next().unwrap()).collect();
        assert_eq!(lines, ["line", "3", "5", "8", "6"]);
    }

    #[test]
    fn names_of_unknown_fields_are_bounded_and_those_that_are_known_are_counted_on() {
        let mut account = Account::new(Report::at("unused".into()));
        for n in 0..=UNKNOWN_FIELDS_MAX {
            account.count_unknown(format!("f{n:03}"), 1);
        }
        account.count_unknown("f000".to_owned(), 2);
        assert_eq!(account.unknown.len(), UNKNOWN_FIELDS_MAX);
        assert_eq!(account.unknown["f000"], 3);
    }
}
