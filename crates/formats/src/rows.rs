//! What the records of a batch say: parsed and checked here, on threads of their own, so that
//! the book's writer gets nothing but good items.

use carnet_model::{ImportItem, Invalid};
use carnet_wire::Rules;

use crate::csv::{COLUMNS, Header};
use crate::cut::{Batch, Broken, LINE_BYTES_MAX, Record};
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
        /// What stands between cells.
        delimiter: u8,
    },
}

/// A record that was read, or why it could not be.
#[derive(Debug)]
pub struct Row<T> {
    /// The line on which it begins, from 1.
    pub line: u64,
    /// What it says.
    pub item: Result<T, Trouble>,
}

/// Why a record is bad.
#[derive(Debug, PartialEq, Eq)]
pub enum Trouble {
    /// As a whole.
    Line(String),
    /// In these fields.
    Fields(Invalid),
}

impl From<Invalid> for Trouble {
    fn from(invalid: Invalid) -> Trouble {
        Trouble::Fields(invalid)
    }
}

impl From<LineError> for Trouble {
    fn from(error: LineError) -> Trouble {
        match error {
            LineError::Invalid(invalid) => Trouble::Fields(invalid),
            json @ LineError::Json { .. } => Trouble::Line(json.to_string()),
        }
    }
}

impl From<Broken> for Trouble {
    fn from(broken: Broken) -> Trouble {
        Trouble::Line(match broken {
            Broken::TooLong => format!("the line is longer than {LINE_BYTES_MAX} bytes"),
            Broken::OpenQuote => format!(
                "a quotation mark that is opened here is not closed within {LINE_BYTES_MAX} bytes"
            ),
        })
    }
}

/// Columns of a table that are not read.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Ignored {
    /// They mean nothing here.
    pub unknown: Vec<String>,
    /// They stand there already; the first of them is read.
    pub repeated: Vec<String>,
}

/// Reads a header: how rows are read under it, and the columns that are not read.
///
/// # Errors
/// A sentence, when no column is known.
pub fn read_header(text: &[u8], delimiter: u8) -> Result<(Reading, Ignored), String> {
    let mut cells = csv::StringRecord::new();
    let read = reader(text, delimiter).read_record(&mut cells);
    read.map_err(|_| "it is not UTF-8".to_owned())?;
    let header = Header::new(&cells.iter().collect::<Vec<_>>());
    if header.is_unknown() {
        let known = COLUMNS;
        let some = known.iter().take(4).copied().collect::<Vec<_>>().join(", ");
        return Err(format!("none of its columns is a field of a contact, such as {some}"));
    }
    let is_known = |name: &String| !Header::new(&[name]).is_unknown();
    let (repeated, unknown) = header.ignored().iter().cloned().partition(is_known);
    let ignored = Ignored { unknown, repeated };
    Ok((Reading::Rows { header, delimiter }, ignored))
}

impl Reading {
    /// The items of a batch, in order.
    pub fn items(&self, batch: &Batch, rules: &Rules) -> Vec<Row<ImportItem>> {
        match self {
            Reading::Lines => {
                rows(batch, |record| Ok(json_lines::read(batch.bytes(record), rules)?))
            }
            Reading::Rows { header, delimiter } => {
                let mut cells = Cells::new(batch, *delimiter);
                rows(batch, |record| {
                    let read = header.read_row(&cells.of(record)?, rules).into_result()?;
                    Ok(ImportItem::Contact(read))
                })
            }
        }
    }

    /// The records of a batch as lines of JSON, in order, unchecked but for what only a table
    /// can have wrong: for a daemon, which has rules of its own.
    pub fn lines(&self, batch: &Batch) -> Vec<Row<Vec<u8>>> {
        match self {
            Reading::Lines => rows(batch, |record| Ok(batch.bytes(record).to_vec())),
            Reading::Rows { header, delimiter } => {
                let mut cells = Cells::new(batch, *delimiter);
                rows(batch, |record| {
                    let value = header.value_of_row(&cells.of(record)?).into_result()?;
                    Ok(value.to_string().into_bytes())
                })
            }
        }
    }
}

/// Whether a line of JSON has neither an id nor an external id, as far as that can be told
/// without its rules.
pub fn is_unkeyed_line(text: &[u8]) -> bool {
    let Ok(value) = serde_json::from_slice::<serde_json::Value>(text) else { return false };
    let has_id = value["id"].as_str().is_some_and(|id| !id.is_empty());
    let has_external_id = value["externalIds"].as_array().is_some_and(|ids| !ids.is_empty());
    !has_id && !has_external_id
}

fn rows<T>(batch: &Batch, mut read: impl FnMut(&Record) -> Result<T, Trouble>) -> Vec<Row<T>> {
    let row = |record: &Record| Row {
        line: record.line,
        item: match record.broken {
            Some(broken) => Err(broken.into()),
            None => read(record),
        },
    };
    batch.records.iter().map(row).collect()
}

/// The cells of the rows of a batch, taken in order.
struct Cells<'a> {
    reader: csv::Reader<&'a [u8]>,
    row: csv::StringRecord,
}

impl<'a> Cells<'a> {
    fn new(batch: &'a Batch, delimiter: u8) -> Cells<'a> {
        Cells { reader: reader(&batch.text, delimiter), row: csv::StringRecord::new() }
    }

    /// The cells of a record, which must be the next one that is not broken.
    fn of(&mut self, record: &Record) -> Result<Vec<&str>, Trouble> {
        let read = self.reader.read_record(&mut self.row);
        if read.is_err() {
            return Err(Trouble::Line("the row is not UTF-8".to_owned()));
        }
        // Cut and read follow the same rules; were it otherwise, no cell may go to a wrong line.
        let begins = self.row.position().and_then(|place| usize::try_from(place.byte()).ok());
        if begins != Some(record.place.start) {
            return Err(Trouble::Line("the row cannot be told from its neighbours".to_owned()));
        }
        Ok(self.row.iter().collect())
    }
}

fn reader(text: &[u8], delimiter: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cut::{Records, Shape};

    /// Every row of a CSV text: its line, and the name of the contact or what is wrong.
    fn csv_rows(text: &str) -> Vec<(u64, Result<String, Trouble>)> {
        let mut records = Records::new(text.as_bytes()).unwrap();
        records.set_shape(Shape::Rows { delimiter: b',' });
        let mut header = Vec::new();
        records.next(&mut header).unwrap().unwrap();
        let (reading, _) = read_header(&header, b',').unwrap();
        let batch = records.next_batch().unwrap().unwrap();
        let name = |item| match item {
            ImportItem::Contact(item) => item.contact.last_name.unwrap_or_default(),
            _ => panic!("rows are contacts"),
        };
        let rows = reading.items(&batch, &Rules::default());
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
        let Err(Trouble::Fields(invalid)) = &rows[2].1 else { panic!("{rows:?}") };
        assert_eq!(invalid.faults[0].field, "lastName");
    }

    #[test]
    fn a_row_that_is_not_utf_8_spoils_no_other() {
        let text = b"lastName,firstName\nOne,A\n\xFF,B\nThree,C\n";
        let mut records = Records::new(&text[..]).unwrap();
        records.set_shape(Shape::Rows { delimiter: b',' });
        let mut header = Vec::new();
        records.next(&mut header).unwrap();
        let (reading, _) = read_header(&header, b',').unwrap();
        let batch = records.next_batch().unwrap().unwrap();
        let rows = reading.items(&batch, &Rules::default());
        let good: Vec<bool> = rows.iter().map(|row| row.item.is_ok()).collect();
        assert_eq!(good, [true, false, true]);
    }

    #[test]
    fn a_header_without_a_known_column_is_refused() {
        assert!(read_header(b"nothing,known\n", b',').unwrap_err().contains("firstName"));
        let (_, ignored) = read_header(b"firstName,shoeSize,firstname\n", b',').unwrap();
        assert_eq!(ignored.unknown, ["shoeSize"]);
        assert_eq!(ignored.repeated, ["firstname"]);
    }

    #[test]
    fn a_line_that_is_no_json_is_told_as_a_whole() {
        let mut records = Records::new(&b"{\"firstName\":\n{}\n"[..]).unwrap();
        let batch = records.next_batch().unwrap().unwrap();
        let rows = Reading::Lines.items(&batch, &Rules::default());
        assert!(matches!(&rows[0].item, Err(Trouble::Line(why)) if why.contains("JSON")));
        assert!(matches!(&rows[1].item, Err(Trouble::Fields(_))));
    }
}
