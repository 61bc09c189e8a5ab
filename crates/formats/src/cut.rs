//! Cuts bytes into records, lines of JSON or rows of CSV, without looking inside, in bounded
//! memory. It knows where a record ends and on which line it began; what a record means, and
//! where the bytes come from, it does not know.

use std::io::{self, ErrorKind, Read};
use std::mem;
use std::ops::Range;

/// Bytes of the longest line or row that an import from a file reads: a contact with every field
/// full has some 64 KiB and 32 KiB of custom fields; a longer line is skipped and reported.
pub const LINE_BYTES_MAX: usize = 1 << 20;

/// Bytes read at a time from a reader.
const BUFFER_BYTES: usize = 256 << 10;

/// The form of the records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// One JSON object a line, which a line feed ends.
    Lines,
    /// One JSON object a line, which a carriage return may end, too.
    ReturnLines,
    /// Rows of CSV with this delimiter; quoted cells may hold line ends.
    Rows {
        /// The byte between cells.
        delimiter: u8,
    },
}

/// Why the text of a record is not given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CutError {
    /// The record's first line has more bytes than a record may have.
    TooLong,
    /// A quotation mark is not closed within the bytes that a record may have, or before the end
    /// of the input. The lines after the first are read as records of their own.
    OpenQuote {
        /// The line on which that mark stands, from 1.
        line: u64,
    },
}

/// One record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The line on which it begins, from 1.
    pub line: u64,
    /// The bytes of the text, behind which its line end is; or why it is not given.
    pub range: Result<Range<usize>, CutError>,
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
    /// The bytes of a record, or why there are none.
    ///
    /// # Errors
    /// That of the record.
    pub fn bytes(&self, record: &Record) -> Result<&[u8], CutError> {
        Ok(self.text.get(record.range.clone()?).unwrap_or_default())
    }
}

/// Cuts a stream that comes in pieces.
#[derive(Debug)]
pub struct Cutter {
    shape: Shape,
    record_bytes_max: usize,
    buffer: Vec<u8>,
    /// The bytes of the buffer that were pushed and not yet cut.
    unread: Range<usize>,
    is_finished: bool,
    /// Bytes cut since the beginning of the stream.
    position: u64,
    /// The line of the next byte, from 1.
    line: u64,
    /// Whether the last byte of a table was a carriage return: a line feed behind it ends no line.
    after_return: bool,
    /// The record whose end has not come yet.
    begun: Option<Begun>,
    /// The bytes so far of the record under way, at most those of one record.
    held: Vec<u8>,
}

/// The state of a record that has begun.
#[derive(Clone, Copy, Debug)]
struct Begun {
    /// The line on which it began.
    line: u64,
    state: CellState,
    /// It has too many bytes; nothing of it is held, and the rest of its line is passed over.
    too_long: bool,
}

/// The place of the cut in a row of CSV. Lines of JSON never leave `CellStart`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum CellState {
    CellStart,
    Plain,
    Quoted,
    /// A quotation mark within quotation marks: the end of them, or the first half of a pair.
    QuoteInQuoted,
}

impl CellState {
    /// The state behind a byte that does not end the row.
    fn after(self, byte: u8, delimiter: u8) -> CellState {
        match (self, byte) {
            (CellState::Quoted, b'"') => CellState::QuoteInQuoted,
            (CellState::Quoted, _) => CellState::Quoted,
            // The beginning of a quoted cell, or the second half of a pair.
            (CellState::CellStart | CellState::QuoteInQuoted, b'"') => CellState::Quoted,
            (_, byte) if byte == delimiter => CellState::CellStart,
            _ => CellState::Plain,
        }
    }
}

impl Cutter {
    /// Begins a stream. A record has at most `record_bytes_max` bytes, without its line end.
    pub fn new(shape: Shape, record_bytes_max: usize) -> Cutter {
        Cutter {
            shape,
            record_bytes_max,
            buffer: Vec::new(),
            unread: 0..0,
            is_finished: false,
            position: 0,
            line: 1,
            after_return: false,
            begun: None,
            held: Vec::new(),
        }
    }

    /// Sets the form of the records. To be called before the first is taken.
    pub fn set_shape(&mut self, shape: Shape) {
        self.shape = shape;
    }

    /// Takes the next piece of the stream.
    pub fn push(&mut self, piece: &[u8]) {
        self.make_room(piece.len());
        let end = self.unread.end + piece.len();
        if let Some(free) = self.buffer.get_mut(self.unread.end..end) {
            free.copy_from_slice(piece);
            self.unread.end = end;
        }
    }

    /// Takes the next piece of the stream from a reader, and says how many bytes it has; zero is
    /// the end of the reader.
    ///
    /// # Errors
    /// When the reader fails.
    pub fn push_from(&mut self, reader: &mut impl Read) -> io::Result<usize> {
        self.make_room(BUFFER_BYTES);
        loop {
            let free = self.buffer.get_mut(self.unread.end..).unwrap_or_default();
            match reader.read(free) {
                Ok(count) => {
                    self.unread.end += count;
                    return Ok(count);
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Says that the stream is over: bytes without a line end are a record, too.
    pub fn finish(&mut self) {
        self.is_finished = true;
    }

    /// Whether the stream is over.
    pub fn is_finished(&self) -> bool {
        self.is_finished
    }

    /// Bytes of the stream that were cut.
    pub fn position(&self) -> u64 {
        self.position
    }

    /// The bytes that were pushed and not yet cut.
    pub fn unread(&self) -> &[u8] {
        self.buffer.get(self.unread.clone()).unwrap_or_default()
    }

    /// Passes over the next bytes of those that were pushed.
    pub fn skip(&mut self, count: usize) {
        let count = count.min(self.unread.len());
        self.unread.start += count;
        self.position += u64::try_from(count).unwrap_or_default();
    }

    /// The next record, its text and a line end put behind `text`; blank lines are none. `None`
    /// when the end of the record has not come yet, or the stream is over.
    pub fn next(&mut self, text: &mut Vec<u8>) -> Option<Record> {
        loop {
            let start = text.len();
            let (line, cut) = self.cut_one(text)?;
            if let Err(error) = cut {
                text.truncate(start);
                return Some(Record { line, range: Err(error) });
            }
            if text.get(start..).unwrap_or_default().trim_ascii().is_empty() {
                text.truncate(start);
                continue;
            }
            let range = start..text.len();
            text.push(b'\n');
            return Some(Record { line, range: Ok(range) });
        }
    }

    /// Puts the bytes up to the next end of a record behind `text`; gives the line on which it
    /// began. `None` when there is no such end yet.
    fn cut_one(&mut self, text: &mut Vec<u8>) -> Option<(u64, Result<(), CutError>)> {
        loop {
            if self.unread.is_empty() {
                return if self.is_finished { self.cut_last(text) } else { None };
            }
            let mut begun = self.begun.unwrap_or(Begun {
                line: self.line,
                state: CellState::CellStart,
                too_long: false,
            });
            let end = self.end_in_buffer(&mut begun);
            let used = end.unwrap_or(self.unread.len());
            if !begun.too_long && self.held.len() + used > self.record_bytes_max {
                // Probably a quotation mark without its partner: only the first line is lost.
                if self.spans_lines(used) {
                    self.hold(used);
                    return Some((begun.line, Err(self.back_to_second_line(begun.line))));
                }
                begun.too_long = true;
                self.held.clear();
                // A quoted cell does not hide the end of a line that is too long.
                self.begun = Some(begun);
                continue;
            }
            self.count_lines(used);
            if end.is_none() {
                if !begun.too_long {
                    self.hold(used);
                } else {
                    self.skip(used);
                }
                self.begun = Some(begun);
                continue;
            }
            if !begun.too_long {
                text.append(&mut self.held);
                text.extend_from_slice(self.unread().get(..used).unwrap_or_default());
            }
            self.skip(used);
            // The byte that ends the record is the first one left.
            self.count_lines(1);
            self.skip(1);
            self.begun = None;
            let cut = if begun.too_long { Err(CutError::TooLong) } else { Ok(()) };
            return Some((begun.line, cut));
        }
    }

    /// The record that the end of the stream ends, if one has begun.
    fn cut_last(&mut self, text: &mut Vec<u8>) -> Option<(u64, Result<(), CutError>)> {
        let begun = self.begun.take()?;
        if begun.too_long {
            return Some((begun.line, Err(CutError::TooLong)));
        }
        if begun.state == CellState::Quoted {
            return Some((begun.line, Err(self.back_to_second_line(begun.line))));
        }
        text.append(&mut self.held);
        Some((begun.line, Ok(())))
    }

    /// How many bytes of the buffer come before the end of the record, if that is in it. A row
    /// is cut exactly as the `csv` crate reads it: a quotation mark counts at the beginning of a
    /// cell, and both kinds of line end count outside of quotation marks.
    fn end_in_buffer(&self, begun: &mut Begun) -> Option<usize> {
        let delimiter = match self.shape {
            Shape::Lines => return self.unread().iter().position(|byte| *byte == b'\n'),
            Shape::ReturnLines => return self.unread().iter().position(|&byte| ends_line(byte)),
            Shape::Rows { delimiter } => delimiter,
        };
        if begun.too_long {
            return self.unread().iter().position(|&byte| ends_line(byte));
        }
        let mut state = begun.state;
        let end = self.unread().iter().position(|&byte| {
            if state != CellState::Quoted && ends_line(byte) {
                return true;
            }
            state = state.after(byte, delimiter);
            false
        });
        begun.state = state;
        end
    }

    /// Whether the held and the next bytes are a row of more than one line.
    fn spans_lines(&self, used: usize) -> bool {
        let piece = self.unread().get(..used).unwrap_or_default();
        matches!(self.shape, Shape::Rows { .. })
            && self.held.iter().chain(piece).any(|&byte| ends_line(byte))
    }

    /// Takes bytes of the buffer to what is held.
    fn hold(&mut self, count: usize) {
        let piece = self.buffer.get(self.unread.start..self.unread.start + count);
        self.held.extend_from_slice(piece.unwrap_or_default());
        self.skip(count);
    }

    /// Goes back to the end of the first line of what is held: the lines after it are cut again.
    /// `line` is the number of that first line.
    fn back_to_second_line(&mut self, line: u64) -> CutError {
        let held = mem::take(&mut self.held);
        let opened = line + self.lines_before_open_quote(&held);
        // The line end stays: the second line may be one of two bytes, and is then blank.
        let first = held.iter().position(|&byte| ends_line(byte)).unwrap_or(held.len());
        let rest = held.get(first..).unwrap_or_default();
        self.position -= u64::try_from(rest.len()).unwrap_or_default();
        // The bytes before the unread ones are used up, so the held ones take their place.
        self.buffer.splice(..self.unread.start, rest.iter().copied());
        self.unread = 0..rest.len() + self.unread.len();
        self.line = line;
        self.after_return = false;
        self.begun = None;
        CutError::OpenQuote { line: opened }
    }

    /// How many lines of a row end before the quotation mark that is open at its end.
    fn lines_before_open_quote(&self, row: &[u8]) -> u64 {
        let Shape::Rows { delimiter } = self.shape else { return 0 };
        let (mut state, mut opened) = (CellState::CellStart, 0);
        for (at, &byte) in row.iter().enumerate() {
            // The second half of a pair opens nothing anew.
            if state == CellState::CellStart && byte == b'"' {
                opened = at;
            }
            state = state.after(byte, delimiter);
        }
        let before = row.get(..opened).unwrap_or_default();
        let returns = before.iter().filter(|&&byte| byte == b'\r').count();
        let feeds = before.iter().filter(|&&byte| byte == b'\n').count();
        let pairs = before.windows(2).filter(|pair| *pair == b"\r\n").count();
        u64::try_from(returns + feeds - pairs).unwrap_or_default()
    }

    /// Counts the line ends of the next bytes. A line of JSON ends at a line feed only, unless its
    /// shape says more; one of a table also at a carriage return, and both together are one end.
    fn count_lines(&mut self, count: usize) {
        let bytes = self.unread().get(..count).unwrap_or_default();
        let feeds = bytes.iter().filter(|byte| **byte == b'\n').count();
        let mut ends = feeds;
        if self.shape != Shape::Lines {
            let after = bytes.windows(2).filter(|pair| *pair == b"\r\n").count();
            let joined = after + usize::from(self.after_return && bytes.first() == Some(&b'\n'));
            ends += bytes.iter().filter(|byte| **byte == b'\r').count();
            ends -= joined;
            self.after_return = match bytes.last() {
                Some(last) => *last == b'\r',
                None => self.after_return,
            };
        }
        self.line += u64::try_from(ends).unwrap_or_default();
    }

    /// Makes room behind what is unread.
    fn make_room(&mut self, count: usize) {
        if self.unread.is_empty() {
            self.unread = 0..0;
        }
        if self.buffer.len() < self.unread.end + count {
            self.buffer.resize(self.unread.end + count, 0);
        }
    }
}

/// Both kinds of line end end a row of a table.
pub(crate) fn ends_line(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

#[cfg(test)]
mod tests;
