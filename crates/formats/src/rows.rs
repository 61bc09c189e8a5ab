//! The records of a batch, read as items to be imported. It knows how a record is read and what
//! can be wrong with it; the sentences that people read about it are written elsewhere.

use carnet_model::{Invalid, Uuid};
use carnet_wire::import::{ImportOptions, Imported};
use carnet_wire::{Rules, exact};

use crate::csv::Header;
use crate::csv::cells::{Cells, CellsError};
use crate::cut::{Batch, CutError, Record};
use crate::json_lines::{self, LineError};

/// How records are read.
#[derive(Debug)]
pub enum Reading {
    /// As lines of JSON.
    Lines,
    /// As rows of CSV under a header.
    Rows {
        /// The header.
        header: Header,
        /// The byte between cells.
        delimiter: u8,
    },
}

/// A record that was read, or why it could not be.
#[derive(Debug)]
pub struct Row<T> {
    /// The line on which it begins, from 1.
    pub line: u64,
    /// The item, or why it cannot be read.
    pub item: Result<T, RowError>,
}

/// Why a record cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowError {
    /// It could not be cut out of the input.
    Cut(CutError),
    /// It is no JSON, or these fields are wrong.
    Line(LineError),
    /// Its cells cannot be told apart.
    Cells(CellsError),
}

impl From<CutError> for RowError {
    fn from(error: CutError) -> RowError {
        RowError::Cut(error)
    }
}

impl From<CellsError> for RowError {
    fn from(error: CellsError) -> RowError {
        RowError::Cells(error)
    }
}

impl From<LineError> for RowError {
    fn from(error: LineError) -> RowError {
        RowError::Line(error)
    }
}

impl From<Invalid> for RowError {
    fn from(invalid: Invalid) -> RowError {
        RowError::Line(LineError::Invalid(invalid))
    }
}

impl Reading {
    /// The items of a batch, in order.
    pub fn items(
        &self,
        batch: &Batch,
        rules: &Rules,
        options: ImportOptions,
    ) -> Vec<Row<Imported>> {
        match self {
            Reading::Lines => {
                rows(batch, |_, bytes| Ok(json_lines::import(bytes, rules, options)?))
            }
            Reading::Rows { header, delimiter } => {
                let mut cells = Cells::new(&batch.text, *delimiter);
                rows(batch, |start, _| {
                    Ok(header.import_row(&cells.of(start)?, rules, options).into_result()?)
                })
            }
        }
    }

    /// The records of a batch as lines of JSON, in order, unchecked but for faults that only a
    /// table can have: for a daemon, which has rules of its own.
    pub fn lines(&self, batch: &Batch, options: ImportOptions) -> Vec<Row<Vec<u8>>> {
        match self {
            Reading::Lines => rows(batch, |_, bytes| Ok(bytes.to_vec())),
            Reading::Rows { header, delimiter } => {
                let mut cells = Cells::new(&batch.text, *delimiter);
                rows(batch, |start, _| {
                    let row = header.value_of_row(&cells.of(start)?, options.keep_missing);
                    let mut value = row.into_result()?;
                    json_lines::mark_contact(&mut value);
                    Ok(exact::to_text(&value).into_bytes())
                })
            }
        }
    }
}

/// The id at a path, with dots, of a line of JSON.
pub fn reference_of_line(text: &[u8], path: &str) -> Option<Uuid> {
    let value: serde_json::Value = serde_json::from_slice(text).ok()?;
    let found = path.split('.').try_fold(&value, |at, name| at.get(name))?;
    Uuid::try_parse(found.as_str()?.trim()).ok()
}

/// Reads every record of a batch that could be cut, given where in the text it begins and its
/// bytes.
fn rows<T>(
    batch: &Batch,
    mut read: impl FnMut(usize, &[u8]) -> Result<T, RowError>,
) -> Vec<Row<T>> {
    let row = |record: &Record| {
        let bytes = batch.bytes(record).map_err(RowError::from);
        let start = record.range.as_ref().map_or(0, |range| range.start);
        Row { line: record.line, item: bytes.and_then(|bytes| read(start, bytes)) }
    };
    batch.records.iter().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::csv::cells::{HeaderOptions, read_header};
    use crate::cut::Shape;
    use crate::stream::Records;
    use carnet_model::ImportItem;

    /// Every row of a CSV text: its line, and the name of the contact or what is wrong.
    fn csv_rows(text: &str) -> Vec<(u64, Result<String, RowError>)> {
        let mut records = Records::new(text.as_bytes()).unwrap();
        records.set_shape(Shape::Rows { delimiter: b',' });
        let mut header = Vec::new();
        records.next(&mut header).unwrap().unwrap();
        let (header, _) = read_header(&header, b',', &HeaderOptions::default()).unwrap();
        let reading = Reading::Rows { header, delimiter: b',' };
        let batch = records.next_batch().unwrap().unwrap();
        let name = |read: Imported| match read.item {
            ImportItem::Contact(item) => item.contact.last_name.unwrap_or_default(),
            _ => panic!("rows are contacts"),
        };
        let rows = reading.items(&batch, &Rules::default(), ImportOptions::default());
        rows.into_iter().map(|row| (row.line, row.item.map(name))).collect()
    }

    #[test]
    fn rows_keep_their_lines_and_their_order() {
        let rows = csv_rows(
            "lastName,firstName,customFields.remark\nOne,A,\"two\nlines\"\n\nTwo,B,x\n,C,y\nFour,D\n",
        );
        let lines: Vec<u64> = rows.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [2, 5, 6, 7]);
        assert_eq!(rows[0].1, Ok("One".to_owned()));
        assert_eq!(rows[1].1, Ok("Two".to_owned()));
        assert_eq!(rows[3].1, Ok("Four".to_owned()));
        let Err(RowError::Line(LineError::Invalid(invalid))) = &rows[2].1 else {
            panic!("{rows:?}")
        };
        assert_eq!(invalid.faults[0].field, "lastName");
    }

    #[test]
    fn a_row_that_is_not_utf_8_spoils_no_other() {
        let text = b"lastName,firstName\nOne,A\n\xFF,B\nThree,C\n";
        let mut records = Records::new(&text[..]).unwrap();
        records.set_shape(Shape::Rows { delimiter: b',' });
        let mut header = Vec::new();
        records.next(&mut header).unwrap();
        let (header, _) = read_header(&header, b',', &HeaderOptions::default()).unwrap();
        let reading = Reading::Rows { header, delimiter: b',' };
        let batch = records.next_batch().unwrap().unwrap();
        let rows = reading.items(&batch, &Rules::default(), ImportOptions::default());
        let good: Vec<bool> = rows.iter().map(|row| row.item.is_ok()).collect();
        assert_eq!(good, [true, false, true]);
    }

    #[test]
    fn a_line_that_is_no_json_is_told_as_a_whole() {
        let mut records = Records::new(&b"{\"firstName\":\n{}\n"[..]).unwrap();
        let batch = records.next_batch().unwrap().unwrap();
        let rows = Reading::Lines.items(&batch, &Rules::default(), ImportOptions::default());
        assert!(matches!(&rows[0].item, Err(RowError::Line(LineError::Json { .. }))));
        assert!(matches!(&rows[1].item, Err(RowError::Line(LineError::Invalid(_)))));
    }
}
