//! Cuts a stream into records, lines of JSON or rows of CSV, without looking inside, in
//! bounded memory. It knows where a record ends and on which line it began; what it means is
//! for others, on other threads.

use std::io::{self, ErrorKind, Read};
use std::ops::Range;

/// Bytes of the longest line or row that is read: a contact with every field full has some 64 KiB
/// and 32 KiB of custom fields; a longer line is skipped and reported.
pub const LINE_BYTES_MAX: usize = 1 << 20;

/// Records of one batch, which are parsed together: enough that handing them on costs nothing, few
/// enough that their text stays in a core's own cache and its memory is used again.
pub const BATCH_RECORDS_MAX: usize = 1_000;

/// Bytes of records after which a batch is full whatever their number.
const BATCH_BYTES_MAX: usize = 2 << 20;

/// Bytes read at a time; also how far is looked for the end of the first line.
const BUFFER_BYTES: usize = 256 << 10;

/// What the records are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// One JSON object a line.
    Lines,
    /// Rows of CSV with this delimiter; quoted cells may hold line ends.
    Rows {
        /// What stands between cells.
        delimiter: u8,
    },
}

/// Why a record cannot be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    /// Its first line has more than [`LINE_BYTES_MAX`] bytes.
    TooLong,
    /// A quotation mark is not closed within [`LINE_BYTES_MAX`] bytes, or before the end of the
    /// input. What stands on the lines after its first is read as records of its own.
    OpenQuote,
}

/// One record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The line on which it begins, from 1.
    pub line: u64,
    /// Where it is in the text of its batch; empty when it is broken.
    pub place: Range<usize>,
    /// Why it cannot be looked at, if so.
    pub broken: Option<Broken>,
}

/// Records that travel together.
#[derive(Debug, Default)]
pub struct Batch {
    /// The text of all records, a line end after each.
    pub text: Vec<u8>,
    /// The records, in order.
    pub records: Vec<Record>,
    /// Bytes of the input up to the end of this batch.
    pub read: u64,
}

impl Batch {
    /// The bytes of a record.
    pub fn bytes(&self, record: &Record) -> &[u8] {
        self.text.get(record.place.clone()).unwrap_or_default()
    }
}

/// A stream being cut.
pub struct Records<R> {
    reader: R,
    buffer: Box<[u8]>,
    /// What of the buffer was read and not yet cut.
    unread: Range<usize>,
    /// Bytes taken from the stream and cut.
    cut: u64,
    /// What was cut as part of a record with an open quotation mark and is to be cut anew, before
    /// the stream is read on. It has at most the bytes of one record and of the buffer.
    again: Vec<u8>,
    line: u64,
    shape: Shape,
    state: State,
    /// An error that came behind records of a batch: the next batch tells it.
    failed: Option<io::Error>,
}

/// Where in a row of CSV the cut is. Lines of JSON never leave `CellStart`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    CellStart,
    Plain,
    Quoted,
    /// A quotation mark within quotation marks: the end of them, or the first half of a pair.
    QuoteInQuoted,
}

impl<R: Read> Records<R> {
    /// Begins with a stream: skips a byte order mark and takes a look at the first line, from
    /// which [`Records::first_line`] tells.
    ///
    /// # Errors
    /// When the stream cannot be read, or is UTF-16.
    pub fn new(reader: R) -> io::Result<Records<R>> {
        let mut records = Records {
            reader,
            buffer: vec![0; BUFFER_BYTES].into_boxed_slice(),
            unread: 0..0,
            cut: 0,
            again: Vec::new(),
            line: 1,
            shape: Shape::Lines,
            state: State::CellStart,
            failed: None,
        };
        while !records.first_bytes().contains(&b'\n') && records.read_more()? {}
        if records.first_bytes().starts_with(b"\xEF\xBB\xBF") {
            records.take(3);
        }
        if records.first_bytes().starts_with(b"\xFF\xFE")
            || records.first_bytes().starts_with(b"\xFE\xFF")
        {
            let why = "the text is UTF-16; save it as UTF-8";
            return Err(io::Error::new(ErrorKind::InvalidData, why));
        }
        Ok(records)
    }

    /// The first line as far as it is known; longer ones are cut off.
    pub fn first_line(&self) -> &[u8] {
        self.first_bytes().split(|byte| *byte == b'\n').next().unwrap_or_default()
    }

    /// Says what the records are. To be called before the first is taken.
    pub fn set_shape(&mut self, shape: Shape) {
        self.shape = shape;
    }

    /// The next records; `None` at the end of the stream.
    ///
    /// # Errors
    /// When the stream cannot be read.
    pub fn next_batch(&mut self) -> io::Result<Option<Batch>> {
        if let Some(error) = self.failed.take() {
            return Err(error);
        }
        let mut batch = Batch::default();
        while batch.records.len() < BATCH_RECORDS_MAX && batch.text.len() < BATCH_BYTES_MAX {
            match self.next(&mut batch.text) {
                Ok(Some(record)) => batch.records.push(record),
                Ok(None) => break,
                Err(error) if batch.records.is_empty() => return Err(error),
                Err(error) => {
                    self.failed = Some(error);
                    break;
                }
            }
        }
        batch.read = self.cut;
        Ok((!batch.records.is_empty()).then_some(batch))
    }

    /// The next record, its text and a line end put behind `text`; blank lines are none.
    ///
    /// # Errors
    /// When the stream cannot be read.
    pub fn next(&mut self, text: &mut Vec<u8>) -> io::Result<Option<Record>> {
        loop {
            let (line, start) = (self.line, text.len());
            let Some(broken) = self.cut_one(text, line)? else {
                return Ok(None);
            };
            if broken.is_some() {
                text.truncate(start);
                return Ok(Some(Record { line, place: start..start, broken }));
            }
            if text.get(start..).unwrap_or_default().trim_ascii().is_empty() {
                text.truncate(start);
                continue;
            }
            let place = start..text.len();
            text.push(b'\n');
            return Ok(Some(Record { line, place, broken }));
        }
    }

    /// Puts the bytes up to the next end of a record, which begins on `line`, behind `text`. The
    /// outer `None` is the end of the stream.
    fn cut_one(&mut self, text: &mut Vec<u8>, line: u64) -> io::Result<Option<Option<Broken>>> {
        let start = text.len();
        let mut too_long = false;
        let mut any = false;
        self.state = State::CellStart;
        loop {
            if self.unread.is_empty() && !self.read_more()? {
                let open = matches!(self.shape, Shape::Rows { .. }) && self.state == State::Quoted;
                if !too_long && open {
                    self.back_to_second_line(text, start, line);
                    return Ok(Some(Some(Broken::OpenQuote)));
                }
                return Ok(any.then_some(too_long.then_some(Broken::TooLong)));
            }
            any = true;
            // What is too long ends with its line, whatever quotation marks are open.
            let end = match too_long {
                true => self.first_bytes().iter().position(|&byte| ends_line(byte)),
                false => self.end_in_buffer(),
            };
            let used = end.unwrap_or(self.unread.len());
            let piece = self.buffer.get(self.unread.start..self.unread.start + used);
            let piece = piece.unwrap_or_default();
            let length = text.len() - start + piece.len();
            if !too_long && length > LINE_BYTES_MAX {
                let is_table = matches!(self.shape, Shape::Rows { .. });
                let held = text.get(start..).unwrap_or_default();
                if is_table && held.iter().chain(piece).any(|&byte| ends_line(byte)) {
                    text.extend_from_slice(piece);
                    self.take(used);
                    self.back_to_second_line(text, start, line);
                    return Ok(Some(Some(Broken::OpenQuote)));
                }
                too_long = true;
                text.truncate(start);
            }
            self.line += newlines(piece);
            if !too_long {
                text.extend_from_slice(piece);
            }
            self.take(used);
            if end.is_some() {
                // The byte that ends the record is the first one left.
                self.line += newlines(self.first_bytes().get(..1).unwrap_or_default());
                self.take(1);
                return Ok(Some(too_long.then_some(Broken::TooLong)));
            }
        }
    }

    /// Goes back to the end of the first line of what stands behind `start`, and takes it out of
    /// `text`: the lines after it are cut again. `line` is the number of that first line.
    fn back_to_second_line(&mut self, text: &mut Vec<u8>, start: usize, line: u64) {
        let held = text.get(start..).unwrap_or_default();
        // The line end stays: the second line may be one of two bytes, and is then blank.
        let first = held.iter().position(|&byte| ends_line(byte)).unwrap_or(held.len());
        let rest = held.get(first..).unwrap_or_default();
        self.cut -= u64::try_from(rest.len()).unwrap_or_default();
        self.line = line;
        let mut again = Vec::with_capacity(rest.len() + self.unread.len() + self.again.len());
        again.extend_from_slice(rest);
        again.extend_from_slice(self.first_bytes());
        again.extend_from_slice(&self.again);
        self.again = again;
        self.unread = 0..0;
        text.truncate(start);
    }

    /// How many bytes of the buffer come before the end of the record, if that is in it. A row
    /// is cut exactly as the `csv` crate reads it: a quotation mark counts at the beginning of a
    /// cell, and both kinds of line end count outside of quotation marks.
    fn end_in_buffer(&mut self) -> Option<usize> {
        let Shape::Rows { delimiter } = self.shape else {
            return self.first_bytes().iter().position(|byte| *byte == b'\n');
        };
        let mut state = self.state;
        let end = self.first_bytes().iter().position(|&byte| {
            state = match (state, byte) {
                (State::Quoted, b'"') => State::QuoteInQuoted,
                (State::Quoted, _) => State::Quoted,
                (_, b'\n' | b'\r') => return true,
                (State::CellStart | State::QuoteInQuoted, b'"') => State::Quoted,
                (_, byte) if byte == delimiter => State::CellStart,
                _ => State::Plain,
            };
            false
        });
        self.state = state;
        end
    }

    fn first_bytes(&self) -> &[u8] {
        self.buffer.get(self.unread.clone()).unwrap_or_default()
    }

    fn take(&mut self, count: usize) {
        let count = count.min(self.unread.len());
        self.unread.start += count;
        self.cut += u64::try_from(count).unwrap_or_default();
    }

    /// Reads behind what is in the buffer. False at the end of the stream and when the buffer is
    /// full.
    fn read_more(&mut self) -> io::Result<bool> {
        if self.unread.is_empty() {
            self.unread = 0..0;
        }
        let Some(free) = self.buffer.get_mut(self.unread.end..) else {
            return Ok(false);
        };
        if !self.again.is_empty() {
            let count = free.len().min(self.again.len());
            for (to, from) in free.iter_mut().zip(self.again.drain(..count)) {
                *to = from;
            }
            self.unread.end += count;
            return Ok(count > 0);
        }
        loop {
            match self.reader.read(free) {
                Ok(count) => {
                    self.unread.end += count;
                    return Ok(count > 0);
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }
}

/// Both kinds of line end end a row of a table.
fn ends_line(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

fn newlines(bytes: &[u8]) -> u64 {
    let count = bytes.iter().filter(|byte| **byte == b'\n').count();
    u64::try_from(count).unwrap_or_default()
}

/// The delimiter of a CSV file, told from its header: the commonest of comma, semicolon and tab
/// outside quotation marks, as spreadsheets of different countries write them.
pub fn delimiter_of(header: &[u8]) -> u8 {
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0)];
    let mut quoted = false;
    for byte in header {
        quoted ^= *byte == b'"';
        for (delimiter, count) in &mut counts {
            *count += u32::from(!quoted && byte == delimiter);
        }
    }
    // The first of equals wins, so a header with a single column is read with a comma.
    let best = counts.into_iter().reduce(|best, next| if next.1 > best.1 { next } else { best });
    best.map_or(b',', |(delimiter, _)| delimiter)
}

#[cfg(test)]
mod tests;
