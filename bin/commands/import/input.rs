//! The input of an import: a file or standard input, its format, and the header of a table.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use carnet_formats::csv::cells::HeaderOptions;
use carnet_formats::cut::Shape;
use carnet_formats::encoding::TextEncoding;
use carnet_formats::json_lines::Document;
use carnet_formats::rows::Reading;
use carnet_formats::stream::Records;

use super::format::{Format, format_of, name_of};
use super::header;
use super::source::{Opening, Source};
use crate::failure::Failure;

/// How an export of an address book as vCard begins.
const VCARD: &[u8] = b"BEGIN:VCARD";

/// An input that is open, up to its first record.
pub(super) struct Input {
    /// Its records.
    pub(super) records: Records<Box<dyn Read + Send>>,
    /// How they are read.
    pub(super) reading: Reading,
    /// Its size, when it is read as it is.
    pub(super) bytes: Option<u64>,
    /// Its encoding, where it is not UTF-8.
    pub(super) encoding: Option<TextEncoding>,
}

impl Input {
    /// Opens an input and reads the header of a table; columns that are not read are named on
    /// standard error. `None` when standard input is an empty table. What comes from a pipe is kept
    /// in `spooled`. `unreadable` makes a failure of an error of reading.
    pub(super) fn open(
        opening: Opening<'_>,
        spooled: &mut Option<File>,
        header: &HeaderOptions,
        unreadable: impl Fn(io::Error) -> Failure,
    ) -> Result<Option<Input>, Failure> {
        let path = opening.path;
        let Source { reader, bytes, encoding } = opening.open(spooled, &unreadable)?;
        let mut records = Records::new(reader).map_err(&unreadable)?;
        let first_line = records.first_line().trim_ascii_start();
        if first_line.get(..VCARD.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(VCARD)) {
            return Err(Failure::failed(format!(
                "{} is a vCard file, which carnet does not read yet; export the address book as \
                 CSV, or convert it to a table with columns such as firstName, lastName, \
                 workPhone",
                name_of(path)
            )));
        }
        let reading = match opening.format.unwrap_or_else(|| format_of(path, first_line)) {
            Format::Jsonl => {
                let document = Document::of_head(records.head());
                refuse_document(document)
                    .map_err(|what| Failure::failed(format!("{} is {what}", name_of(path))))?;
                if document == Document::ReturnLines {
                    records.set_shape(Shape::ReturnLines);
                }
                Reading::Lines
            }
            Format::Csv => {
                let name = name_of(path);
                match header::read(&mut records, &name, header, opening.is_quiet, unreadable)? {
                    Some(reading) => reading,
                    // An export of nothing, piped on.
                    None if path == Path::new("-") => return Ok(None),
                    None => return Err(Failure::failed(format!("{name} has no header"))),
                }
            }
        };
        Ok(Some(Input { records, reading, bytes, encoding }))
    }
}

/// Refuses a text that is one JSON document, with what it is and how lines are made of it.
fn refuse_document(document: Document) -> Result<(), String> {
    let (what, filter) = match document {
        Document::Lines | Document::ReturnLines => return Ok(()),
        Document::List => ("one JSON list", "'.[]'"),
        Document::Page => ("a page of a list, {\"entities\": […]}", "'.entities[]'"),
        Document::Spread => ("a JSON document that is spread over several lines", "."),
    };
    Err(format!("{what}; an import reads one record a line, as `jq -c {filter}` makes them"))
}
