//! The input of an import: a file or standard input, its format, and the header of a table.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use carnet_formats::csv::COLUMNS;
use carnet_formats::csv::cells::{HeaderError, delimiter_of, read_header};
use carnet_formats::cut::{LINE_BYTES_MAX, Shape};
use carnet_formats::rows::Reading;
use carnet_formats::stream::Records;
use clap::ValueEnum;

use crate::failure::Failure;
use crate::terminal::signals::Stop;

/// The format of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Comma-separated values with a header; semicolons and tabs are recognised
    Csv,
    /// One JSON object a line
    Jsonl,
}

/// An input that is open, up to its first record.
pub(super) struct Input {
    /// Its records.
    pub(super) records: Records<Box<dyn Read + Send>>,
    /// How they are read.
    pub(super) reading: Reading,
    /// Its size, when it is a plain file.
    pub(super) bytes: Option<u64>,
}

impl Input {
    /// Opens an input and reads the header of a table; columns that are not read are named on
    /// standard error. `None` when standard input is an empty table. `unreadable` makes a
    /// failure of an error of reading.
    pub(super) fn open(
        path: &Path,
        format: Option<Format>,
        stop: &Stop,
        unreadable: impl Fn(io::Error) -> Failure,
    ) -> Result<Option<Input>, Failure> {
        let (reader, bytes) = open(path, stop).map_err(&unreadable)?;
        let mut records = Records::new(reader).map_err(&unreadable)?;
        let reading = match format.unwrap_or_else(|| format_of(path, records.first_line())) {
            Format::Jsonl if records.first_line().trim_ascii_start().starts_with(b"[") => {
                return Err(Failure::failed(format!(
                    "{} is one JSON list; an import reads one object a line, as `jq -c '.[]'` \
                     makes them",
                    name_of(path)
                )));
            }
            Format::Jsonl => Reading::Lines,
            Format::Csv => match header(&mut records, &name_of(path), unreadable)? {
                Some(reading) => reading,
                // An export of nothing, piped on.
                None if path == Path::new("-") => return Ok(None),
                None => return Err(Failure::failed(format!("{} has no header", name_of(path)))),
            },
        };
        Ok(Some(Input { records, reading, bytes }))
    }
}

/// The name of an input for people.
pub(super) fn name_of(path: &Path) -> String {
    match path == Path::new("-") {
        true => "standard input".to_owned(),
        false => path.display().to_string(),
    }
}

/// Opens an input; its size is known when it is a plain file. Others may be silent for long.
fn open(path: &Path, stop: &Stop) -> io::Result<(Box<dyn Read + Send>, Option<u64>)> {
    if path == Path::new("-") {
        return Ok((Box::new(stop.interrupts(io::stdin())), None));
    }
    let file = File::open(path)?;
    let facts = file.metadata()?;
    if facts.is_dir() {
        return Err(io::Error::from(io::ErrorKind::IsADirectory));
    }
    match facts.is_file() {
        true => Ok((Box::new(file), Some(facts.len()))),
        false => Ok((Box::new(stop.interrupts(file)), None)),
    }
}

/// The format of a file: by its ending, else by how its first line begins.
fn format_of(path: &Path, first_line: &[u8]) -> Format {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    match ending.as_deref() {
        Some("csv" | "tsv") => Format::Csv,
        Some("jsonl" | "ndjson" | "json") => Format::Jsonl,
        _ if first_line.trim_ascii_start().starts_with(b"{") => Format::Jsonl,
        _ if first_line.trim_ascii_start().starts_with(b"[") => Format::Jsonl,
        _ => Format::Csv,
    }
}

/// Reads the header of a table, and names on standard error the columns that are not read.
/// `None` when the input is empty.
fn header<R: Read>(
    records: &mut Records<R>,
    name: &str,
    unreadable: impl Fn(io::Error) -> Failure,
) -> Result<Option<Reading>, Failure> {
    let delimiter = delimiter_of(records.first_line());
    records.set_shape(Shape::Rows { delimiter });
    let mut text = Vec::new();
    let Some(header) = records.next(&mut text).map_err(unreadable)? else {
        return Ok(None);
    };
    if header.range.is_err() {
        return Err(Failure::failed(format!(
            "the header of {name} does not end within {LINE_BYTES_MAX} bytes"
        )));
    }
    let (header, ignored) = read_header(&text, delimiter)
        .map_err(|error| Failure::failed(format!("the header of {name}: {}", no_header(error))))?;
    if !ignored.unknown.is_empty() {
        eprintln!("carnet: {name}: these columns are ignored: {}", ignored.unknown.join(", "));
    }
    if !ignored.repeated.is_empty() {
        let repeated = ignored.repeated.join(", ");
        eprintln!(
            "carnet: {name}: of columns that stand there twice the first is read: {repeated}"
        );
    }
    Ok(Some(Reading::Rows { header, delimiter }))
}

/// Why a first row is no header.
fn no_header(error: HeaderError) -> String {
    match error {
        HeaderError::NotUtf8 => "it is not UTF-8".to_owned(),
        HeaderError::Unknown => {
            let some = COLUMNS.iter().take(4).copied().collect::<Vec<_>>().join(", ");
            format!("none of its columns is a field of a contact, such as {some}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_format_is_told_by_ending_else_by_the_first_line() {
        let format = |path: &str, line: &str| format_of(Path::new(path), line.as_bytes());
        assert_eq!(format("a.CSV", "{"), Format::Csv);
        assert_eq!(format("a.jsonl", "firstName"), Format::Jsonl);
        assert_eq!(format("-", "  {\"firstName\""), Format::Jsonl);
        assert_eq!(format("-", "firstName,lastName"), Format::Csv);
        assert_eq!(format("people.txt", "[{"), Format::Jsonl);
    }

    #[test]
    fn a_header_without_a_known_column_names_some() {
        assert!(no_header(HeaderError::Unknown).contains("firstName"));
    }
}
