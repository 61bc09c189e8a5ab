//! The text of a table: its delimiter, its header, and the cells of its rows.

use crate::csv::Header;

/// Columns of a table that are not read.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Ignored {
    /// Columns that are no field of a contact.
    pub unknown: Vec<String>,
    /// Columns that are there already; the first of them is read.
    pub repeated: Vec<String>,
}

/// Why a header cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeaderError {
    /// It is not UTF-8.
    NotUtf8,
    /// No column is a field of a contact.
    Unknown,
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
/// When it is no header of contacts.
pub fn read_header(text: &[u8], delimiter: u8) -> Result<(Header, Ignored), HeaderError> {
    let mut cells = csv::StringRecord::new();
    let read = reader(text, delimiter).read_record(&mut cells);
    read.map_err(|_| HeaderError::NotUtf8)?;
    let header = Header::new(&cells.iter().collect::<Vec<_>>());
    if header.is_unknown() {
        return Err(HeaderError::Unknown);
    }
    // A column that is known when it is alone was left out because it came twice.
    let is_known = |name: &String| !Header::new(&[name]).is_unknown();
    let (repeated, unknown) = header.ignored().iter().cloned().partition(is_known);
    let ignored = Ignored { unknown, repeated };
    Ok((header, ignored))
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
    fn a_header_without_a_known_column_is_refused() {
        assert_eq!(read_header(b"nothing,known\n", b',').unwrap_err(), HeaderError::Unknown);
        assert_eq!(read_header(b"\xFF,known\n", b',').unwrap_err(), HeaderError::NotUtf8);
        let (_, ignored) = read_header(b"firstName,shoeSize,firstname\n", b',').unwrap();
        assert_eq!(ignored.unknown, ["shoeSize"]);
        assert_eq!(ignored.repeated, ["firstname"]);
    }
}
