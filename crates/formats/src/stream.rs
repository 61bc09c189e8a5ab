//! The records of a reader, in batches. It shows the first line, by which callers tell a format,
//! and passes over a byte order mark. It does not know what a record means.

use crate::cut::{Batch, Cutter, LINE_BYTES_MAX, Record, Shape, ends_line};
use std::io::{self, ErrorKind, Read};

/// Records of one batch, which are parsed together: enough that handing them on costs nothing, few
/// enough that their text stays in a core's own cache and its memory is used again.
pub const BATCH_RECORDS_MAX: usize = 1_000;

/// Bytes of records after which a batch is full whatever their number.
const BATCH_BYTES_MAX: usize = 2 << 20;

/// Bytes at the beginning of the text that are buffered for detection; all of a shorter text.
const HEAD_BYTES_MIN: usize = 16 << 10;

/// Bytes that are searched for the end of the first line.
const FIRST_LINE_BYTES_MAX: usize = 256 << 10;

/// The mark that some editors put before the first line of a file.
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// A reader being cut.
pub struct Records<R> {
    reader: R,
    cutter: Cutter,
    /// An error that came behind records of a batch, kept for the next batch.
    failed: Option<io::Error>,
}

impl<R: Read> Records<R> {
    /// Begins with a reader: passes over a byte order mark and looks at the first line, which
    /// [`Records::first_line`] gives. The records are lines until [`Records::set_shape`] says
    /// otherwise.
    ///
    /// # Errors
    /// When the reader fails, or the text is UTF-16.
    pub fn new(mut reader: R) -> io::Result<Records<R>> {
        let mut cutter = Cutter::new(Shape::Lines, LINE_BYTES_MAX);
        while (cutter.unread().len() < HEAD_BYTES_MIN
            || !cutter.unread().iter().any(|byte| ends_line(*byte)))
            && cutter.unread().len() < FIRST_LINE_BYTES_MAX
        {
            if cutter.push_from(&mut reader)? == 0 {
                break;
            }
        }
        if cutter.unread().starts_with(BYTE_ORDER_MARK) {
            cutter.skip(BYTE_ORDER_MARK.len());
        }
        if cutter.unread().starts_with(b"\xFF\xFE") || cutter.unread().starts_with(b"\xFE\xFF") {
            let why = "the text is UTF-16; save it as UTF-8";
            return Err(io::Error::new(ErrorKind::InvalidData, why));
        }
        Ok(Records { reader, cutter, failed: None })
    }

    /// The beginning of the text, before its first record is taken.
    pub fn head(&self) -> &[u8] {
        self.cutter.unread()
    }

    /// The first line as far as it is known, up to an end of any kind; longer ones are cut off.
    pub fn first_line(&self) -> &[u8] {
        self.cutter.unread().split(|byte| ends_line(*byte)).next().unwrap_or_default()
    }

    /// Sets the form of the records. To be called before the first is taken.
    pub fn set_shape(&mut self, shape: Shape) {
        self.cutter.set_shape(shape);
    }

    /// The next records; `None` at the end of the reader.
    ///
    /// # Errors
    /// When the reader fails; what came before is given first.
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
        batch.read = self.cutter.position();
        Ok((!batch.records.is_empty()).then_some(batch))
    }

    /// The next record, its text and a line end put behind `text`; `None` at the end of the
    /// reader.
    ///
    /// # Errors
    /// When the reader fails.
    pub fn next(&mut self, text: &mut Vec<u8>) -> io::Result<Option<Record>> {
        loop {
            if let Some(record) = self.cutter.next(text) {
                return Ok(Some(record));
            }
            if self.cutter.is_finished() {
                return Ok(None);
            }
            if self.cutter.push_from(&mut self.reader)? == 0 {
                self.cutter.finish();
            }
        }
    }
}

#[cfg(test)]
mod tests;
