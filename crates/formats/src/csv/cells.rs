//! The text of a table: its delimiter, its header, and the cells of its rows.

use crate::csv::Header;
use crate::csv::columns::squeezed;
use crate::csv::foreign::{Foreign, foreign};

/// Columns of a table that are not read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ignored {
    /// Columns that are no field of a contact.
    pub unknown: Vec<String>,
    /// Columns that are there already; the first of them is read.
    pub repeated: Vec<String>,
}

/// Why a header cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HeaderError {
    /// It is not UTF-8.
    NotUtf8,
    /// No column is a field of a contact.
    Unknown,
    /// Another program has written it: something of it that must not be lost is not understood.
    Foreign(Foreign),
    /// Less than half of its columns are fields of a contact.
    FewKnown(Ignored),
    /// It has columns that are no field of a contact, and none may be left out.
    Strict(Ignored),
    /// A column that is to have another name is not there, or there is no such field.
    Rename(String),
}

/// The choices of who imports a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HeaderOptions {
    /// Columns of the header, and the column of ours that each of them is.
    pub renames: Vec<(String, String)>,
    /// Columns that are not known are left out, however many they are.
    pub ignore_unknown: bool,
    /// No column may be left out.
    pub strict: bool,
}

/// Why a row cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellsError {
    /// It is not UTF-8.
    NotUtf8,
    /// For the reader of the cells it begins elsewhere than for the cut into records.
    Misplaced,
}

/// Reads a header: its columns, and those of them that are not read.
///
/// # Errors
/// When it is no header of contacts, or one of which too little is understood.
pub fn read_header(
    text: &[u8],
    delimiter: u8,
    options: &HeaderOptions,
) -> Result<(Header, Ignored), HeaderError> {
    let mut cells = csv::StringRecord::new();
    let read = reader(text, delimiter).read_record(&mut cells);
    read.map_err(|_| HeaderError::NotUtf8)?;
    let cells = renamed(cells.iter().map(tidied).collect(), &options.renames)?;
    let header = Header::new(&cells);
    // A column that is known when it is alone was left out because it came twice.
    let is_known = |name: &String| !Header::new(&[name]).is_unknown();
    let (repeated, unknown) = header.ignored().iter().cloned().partition(is_known);
    let ignored = Ignored { unknown, repeated };
    if options.strict && !(ignored.unknown.is_empty() && ignored.repeated.is_empty()) {
        return Err(HeaderError::Strict(ignored));
    }
    if !options.ignore_unknown {
        let all: Vec<&str> = cells.iter().map(String::as_str).collect();
        if let Some(mut foreign) = foreign(&all) {
            // The advice is whole: with what was said already.
            foreign.renames.splice(..0, options.renames.iter().cloned());
            return Err(HeaderError::Foreign(foreign));
        }
        let named = all.iter().filter(|cell| !cell.is_empty()).count();
        if !header.is_unknown() && ignored.unknown.len() * 2 > named {
            return Err(HeaderError::FewKnown(ignored));
        }
    }
    match header.is_unknown() {
        true => Err(HeaderError::Unknown),
        false => Ok((header, ignored)),
    }
}

/// A name of a header, without the quotation marks that a blank before them has left in the cell.
fn tidied(cell: &str) -> String {
    let cell = cell.trim_start_matches('\u{feff}').trim();
    let inner = cell.strip_prefix('"').and_then(|cell| cell.strip_suffix('"'));
    inner.unwrap_or(cell).trim().to_owned()
}

/// The names of a header, some of which are to be others.
fn renamed(
    mut cells: Vec<String>,
    renames: &[(String, String)],
) -> Result<Vec<String>, HeaderError> {
    for (theirs, ours) in renames {
        let place = cells.iter().position(|cell| squeezed(cell) == squeezed(theirs));
        let Some(place) = place else { return Err(HeaderError::Rename(theirs.clone())) };
        if Header::new(&[ours]).is_unknown() {
            return Err(HeaderError::Rename(ours.clone()));
        }
        cells[place].clone_from(ours);
    }
    Ok(cells)
}

/// The delimiter of a CSV file, told from its header: the commonest of comma, semicolon and tab
/// outside quotation marks, as spreadsheets of different countries write them.
pub fn delimiter_of(header: &[u8]) -> u8 {
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0)];
    let mut quoted = false;
    for byte in header {
        // A doubled quotation mark turns it twice, which changes nothing.
        quoted ^= *byte == b'"';
        for (delimiter, count) in &mut counts {
            *count += u32::from(!quoted && byte == delimiter);
        }
    }
    // The first of equals wins, so a header with a single column is read with a comma.
    let best = counts.into_iter().reduce(|best, next| if next.1 > best.1 { next } else { best });
    best.map_or(b',', |(delimiter, _)| delimiter)
}

/// The delimiter that the first line of a CSV file names, as `sep=;` does for spreadsheets; the header is
/// on the next line then. `None` for any other line.
pub fn delimiter_named(first_line: &[u8]) -> Option<u8> {
    let line = first_line.trim_ascii_start();
    // Some write the line as a cell.
    let quoted =
        line.strip_prefix(b"\"").and_then(|line| line.trim_ascii_end().strip_suffix(b"\""));
    let line = quoted.unwrap_or(line);
    let (key, rest) = line.split_at_checked(b"sep=".len())?;
    let (delimiter, behind) = rest.split_first()?;
    // Spreadsheets fill the line with empty cells.
    let is_filled = behind.iter().all(|byte| byte == delimiter || byte.is_ascii_whitespace());
    let is_named = key.eq_ignore_ascii_case(b"sep=") && is_filled;
    (is_named && !matches!(delimiter, b'"' | b'\r' | b'\n') && delimiter.is_ascii())
        .then_some(*delimiter)
}

/// The cells of the rows of a text, taken in order.
pub(crate) struct Cells<'a> {
    reader: csv::Reader<&'a [u8]>,
    row: csv::StringRecord,
}

impl<'a> Cells<'a> {
    pub(crate) fn new(text: &'a [u8], delimiter: u8) -> Cells<'a> {
        Cells { reader: reader(text, delimiter), row: csv::StringRecord::new() }
    }

    /// The cells of the next row, which must begin at `start` of the text.
    pub(crate) fn of(&mut self, start: usize) -> Result<Vec<&str>, CellsError> {
        let read = self.reader.read_record(&mut self.row);
        if read.is_err() {
            return Err(CellsError::NotUtf8);
        }
        // Cut and read follow the same rules; were it otherwise, no cell may go to a wrong line.
        let begins = self.row.position().and_then(|place| usize::try_from(place.byte()).ok());
        if begins != Some(start) {
            return Err(CellsError::Misplaced);
        }
        Ok(self.row.iter().collect())
    }
}

fn reader(text: &[u8], delimiter: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new()
        .has_headers(false)
        // The number of cells is checked by `Header::value_of_row`, which names the fault.
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_tells_the_delimiter() {
        assert_eq!(delimiter_of(b"firstName,lastName"), b',');
        assert_eq!(delimiter_of(b"firstName;lastName;\"a,b,c\""), b';');
        assert_eq!(delimiter_of(b"firstName\tlastName"), b'\t');
        assert_eq!(delimiter_of(b"firstName"), b',');
    }

    #[test]
    fn the_first_line_may_name_the_delimiter() {
        for (line, delimiter) in [
            ("sep=;", Some(b';')),
            ("SEP=,", Some(b',')),
            ("sep=\t", Some(b'\t')),
            ("\"sep=|\"", Some(b'|')),
            ("sep=;;;;", Some(b';')),
            ("sep=, ", Some(b',')),
            ("sep=", None),
            ("sep=firstName", None),
            ("sep", None),
            ("firstName;sep=;", None),
        ] {
            assert_eq!(delimiter_named(line.as_bytes()), delimiter, "{line}");
        }
    }

    #[test]
    fn a_header_without_a_known_column_is_refused() {
        let read = |text: &[u8]| read_header(text, b',', &HeaderOptions::default());
        assert_eq!(read(b"nothing,known\n").unwrap_err(), HeaderError::Unknown);
        assert_eq!(read(b"\xFF,known\n").unwrap_err(), HeaderError::NotUtf8);
        let (_, ignored) = read(b"firstName,shoeSize,firstname\n").unwrap();
        assert_eq!(ignored.unknown, ["shoeSize"]);
        assert_eq!(ignored.repeated, ["firstname"]);
    }

    #[test]
    fn a_header_of_which_little_is_known_is_refused_unless_that_is_wanted() {
        let text = b"firstName,shoeSize,hat size\n";
        let read = |options: &HeaderOptions| read_header(text, b',', options);
        let Err(HeaderError::FewKnown(ignored)) = read(&HeaderOptions::default()) else {
            panic!("two of three are unknown")
        };
        assert_eq!(ignored.unknown, ["shoeSize", "hat size"]);
        let ignoring = HeaderOptions { ignore_unknown: true, ..HeaderOptions::default() };
        assert_eq!(read(&ignoring).unwrap().1.unknown.len(), 2);
        let strict = HeaderOptions { strict: true, ..HeaderOptions::default() };
        assert!(matches!(read(&strict), Err(HeaderError::Strict(_))));
        let renames = vec![("Hat Size".to_owned(), "lastName".to_owned())];
        let renaming = HeaderOptions { renames, ..HeaderOptions::default() };
        assert_eq!(read(&renaming).unwrap().1.unknown, ["shoeSize"]);
        for (theirs, ours) in [("hat", "lastName"), ("hat size", "hat")] {
            let renames = vec![(theirs.to_owned(), ours.to_owned())];
            let renaming = HeaderOptions { renames, ..HeaderOptions::default() };
            assert_eq!(read(&renaming).unwrap_err(), HeaderError::Rename("hat".into()));
        }
    }

    /// SuiteCRM/SuiteCRM#5197, and inputs of our own
    #[test]
    fn case_blanks_and_hyphens_of_a_header_do_not_count() {
        for name in [
            "FIRSTNAME",
            " firstName ",
            "First Name",
            "first_name",
            "first-name",
            "\u{feff}First\u{a0}Name",
            "FIRST  NAME",
            " \"firstName\"",
        ] {
            let text = format!("{name},lastName\n");
            let read = read_header(text.as_bytes(), b',', &HeaderOptions::default());
            assert_eq!(read.unwrap().1, Ignored::default(), "{name:?}");
        }
    }
}
