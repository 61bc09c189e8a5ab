//! The report of an import: a CSV file with line, field and reason of every fault. It is made
//! when there is something to report, and not before.

use std::collections::HashSet;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use carnet_formats::csv::cells::CellsError;
use carnet_formats::csv::writer::RowWriter;
use carnet_formats::cut::{CutError, LINE_BYTES_MAX};
use carnet_formats::json_lines::LineError;
use carnet_formats::rows::RowError;
use carnet_model::{Fault, FaultKind, Invalid};

use crate::failure::Failure;
use crate::terminal::output;

/// A report that is written as the faults come.
pub(super) struct Report {
    path: PathBuf,
    writer: Option<RowWriter<File>>,
}

impl Report {
    /// A report that would be at `path`.
    pub(super) fn at(path: PathBuf) -> Report {
        Report { path, writer: None }
    }

    /// Where the report of an input is unless someone says otherwise: in the working directory,
    /// because the input's own may be read-only. Inputs of one name get a report each: `taken`
    /// holds the paths that are given out.
    pub(super) fn default_path(input: &Path, taken: &mut HashSet<PathBuf>) -> PathBuf {
        let name = match input.file_name() {
            Some(name) if input != Path::new("-") => name,
            _ => "import".as_ref(),
        };
        let mut number = 1_u64;
        loop {
            let mut path = name.to_owned();
            path.push(".report");
            if number > 1 {
                path.push(format!("-{number}"));
            }
            path.push(".csv");
            let path = PathBuf::from(path);
            if taken.insert(path.clone()) {
                return path;
            }
            number += 1;
        }
    }

    /// Its path, if there was something to report.
    pub(super) fn path(&self) -> Option<&Path> {
        self.writer.is_some().then_some(self.path.as_path())
    }

    /// Reports why a record cannot be read.
    pub(super) fn row_error(&mut self, line: u64, error: &RowError) -> Result<(), Failure> {
        match error {
            RowError::Line(LineError::Invalid(invalid)) => self.invalid(line, invalid),
            error => self.row(line, "", &sentence(error)),
        }
    }

    /// Reports every fault of a line.
    pub(super) fn invalid(&mut self, line: u64, invalid: &Invalid) -> Result<(), Failure> {
        self.faults(line, &invalid.faults)
    }

    /// Reports what is wrong with fields of a line, which may be good all the same.
    pub(super) fn faults(&mut self, line: u64, faults: &[Fault]) -> Result<(), Failure> {
        for fault in faults {
            self.row(line, &fault.field, &reason(&fault.kind))?;
        }
        Ok(())
    }

    /// Reports one fault of a line; `field` is empty when it is the line as a whole.
    pub(super) fn row(&mut self, line: u64, field: &str, reason: &str) -> Result<(), Failure> {
        let writer = match &mut self.writer {
            Some(writer) => writer,
            None => {
                let file = output::private_file(&self.path)
                    .map_err(|error| Failure::file(self.path.display(), &error))?;
                let mut writer = RowWriter::new(file);
                let head = writer.write(["line", "field", "reason"]);
                head.map_err(|error| unwritable(&self.path, error))?;
                self.writer.insert(writer)
            }
        };
        // A field is quoted from the input: a spreadsheet must not take it for a formula.
        let field = match field.starts_with(['=', '+', '-', '@', '\t', '\r']) {
            true => &format!("'{field}"),
            false => field,
        };
        let row = writer.write([line.to_string().as_str(), field, reason]);
        row.map_err(|error| unwritable(&self.path, error))
    }

    /// Writes out what was gathered.
    pub(super) fn finish(&mut self) -> Result<(), Failure> {
        match &mut self.writer {
            Some(writer) => writer.flush().map_err(|e| Failure::file(self.path.display(), &e)),
            None => Ok(()),
        }
    }
}

fn unwritable(path: &Path, error: io::Error) -> Failure {
    Failure::failed(format!("{}: {error}", path.display()))
}

/// Why a record as a whole cannot be read.
fn sentence(error: &RowError) -> String {
    match error {
        RowError::Cut(CutError::TooLong) => {
            format!("the line is longer than {LINE_BYTES_MAX} bytes")
        }
        RowError::Cut(CutError::OpenQuote { line }) => format!(
            "a quotation mark that is opened on line {line} is not closed before the end of the file, \
             or within {LINE_BYTES_MAX} bytes"
        ),
        RowError::Line(error) => error.to_string(),
        RowError::Cells(CellsError::NotUtf8) => "the row is not UTF-8".to_owned(),
        RowError::Cells(CellsError::Misplaced) => {
            "the row cannot be told from its neighbours".to_owned()
        }
    }
}

/// Why a field is refused, without its name, which has a column of its own.
pub(super) fn reason(kind: &FaultKind) -> String {
    match kind {
        FaultKind::Required => "is required".to_owned(),
        FaultKind::TooLong { max } => format!("is longer than {max}"),
        FaultKind::WrongType { expected } => format!("must be {expected}"),
        FaultKind::Value(why) => why.clone(),
        FaultKind::Taken { holder, kind } => format!("is that of {} {holder}", kind.as_str()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_no_report_without_a_fault() {
        let directory = tempfile::tempdir().unwrap();
        let mut report = Report::at(directory.path().join("report.csv"));
        report.finish().unwrap();
        assert_eq!(report.path(), None);
        assert!(!directory.path().join("report.csv").exists());
    }

    #[test]
    fn every_fault_has_a_row() {
        let directory = tempfile::tempdir().unwrap();
        let mut report = Report::at(directory.path().join("report.csv"));
        let mut invalid = Invalid::one("firstName", FaultKind::Required);
        invalid.add("workPhone.display", FaultKind::TooLong { max: 512 });
        report.invalid(7, &invalid).unwrap();
        report.row(9, "", "not a line of JSON, really").unwrap();
        report.row(10, "=1+1", "x").unwrap();
        report.finish().unwrap();
        let text = std::fs::read_to_string(report.path().unwrap()).unwrap();
        assert_eq!(
            text,
            "line,field,reason\n7,firstName,is required\n7,workPhone.display,is longer than 512\n\
             9,,\"not a line of JSON, really\"\n10,'=1+1,x\n"
        );
    }

    #[test]
    fn a_row_that_is_bad_as_a_whole_has_a_sentence() {
        let json = LineError::Json { message: "EOF".into(), column: 7 };
        for (error, part) in [
            (RowError::Line(json), "not JSON: EOF at column 7"),
            (RowError::Cut(CutError::TooLong), "longer than 1048576 bytes"),
            (RowError::Cut(CutError::OpenQuote { line: 7 }), "opened on line 7"),
            (RowError::Cells(CellsError::NotUtf8), "UTF-8"),
        ] {
            assert!(sentence(&error).contains(part), "{error:?}");
        }
    }

    #[test]
    fn the_report_is_named_after_the_input() {
        let mut taken = HashSet::new();
        let mut name = |input: &str| Report::default_path(Path::new(input), &mut taken);
        assert_eq!(name("in/people.csv"), Path::new("people.csv.report.csv"));
        assert_eq!(name("-"), Path::new("import.report.csv"));
        assert_eq!(name("other/people.csv"), Path::new("people.csv.report-2.csv"));
        assert_eq!(name("people.csv"), Path::new("people.csv.report-3.csv"));
    }
}
