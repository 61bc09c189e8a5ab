//! The survey of a whole text: UTF-8, UTF-16, or what its letters say.

use super::decoded::{CHUNK_BYTES, read_some};
use super::evidence::Evidence;
use super::name::{EncodingError, HEAD_BYTES_MAX, TextEncoding};
use std::io::{self, Read, Seek};

/// What the bytes of a text are, as far as UTF-8 goes.
#[derive(Debug, Default)]
struct Facts {
    head: Vec<u8>,
    /// Letters beyond ASCII in UTF-8, of two bytes and of more.
    utf_8: (u64, u64),
    /// Whether one of them is Latin, or a sign that stands among Latin letters.
    has_latin: bool,
    /// Whether one of those stands right behind an ASCII letter, where no other encoding puts such
    /// bytes by chance.
    is_utf_8_sure: bool,
    /// Places that are not UTF-8.
    others: u64,
    /// The byte before the next one.
    before: u8,
    feeds: u64,
    returns: u64,
    /// The line feeds and carriage returns before the first place that is not UTF-8.
    before_others: (u64, u64),
}

/// Tells the encoding of a whole text, from where the reader stands. `region`, by its two letters, is
/// where the text probably comes from.
///
/// # Errors
/// When the reader fails; inside, when the encoding of the text cannot be told for sure.
pub fn survey(
    mut reader: impl Read + Seek,
    region: &str,
) -> io::Result<Result<TextEncoding, EncodingError>> {
    let begin = reader.stream_position()?;
    let mut facts = Facts::default();
    let mut buffer = vec![0; CHUNK_BYTES];
    // The beginning of a letter at the end of a chunk.
    let mut held = 0;
    loop {
        let read = read_some(&mut reader, &mut buffer[held..])?;
        let end = held + read;
        if facts.head.len() < HEAD_BYTES_MAX {
            facts.head.extend_from_slice(&buffer[held..end]);
        }
        held = facts.add(&buffer[..end], read == 0);
        buffer.copy_within(end - held..end, 0);
        if read == 0 {
            break;
        }
    }
    if let Some(encoding) = TextEncoding::of_head(&facts.head) {
        return Ok(Ok(encoding));
    }
    if facts.others == 0 {
        return Ok(Ok(TextEncoding::UTF_8));
    }
    let line = facts.line();
    if facts.is_mixed() {
        return Ok(Err(EncodingError::Mixed { line }));
    }
    // Almost every text is UTF-8; only one that is not is read once more for its letters.
    reader.seek(io::SeekFrom::Start(begin))?;
    let mut evidence = Evidence::new(facts.utf_8 != (0, 0));
    loop {
        let read = read_some(&mut reader, &mut buffer)?;
        evidence.add(&buffer[..read], read == 0);
        if read == 0 {
            break;
        }
    }
    Ok(match evidence.encoding(region) {
        // In a Latin encoding no letter of UTF-8 that is Latin stands by chance.
        Ok(encoding) if facts.has_latin && encoding.is_latin() => {
            Err(EncodingError::Mixed { line })
        }
        Ok(encoding) => Ok(encoding),
        Err(like) => Err(EncodingError::Unsure { line, like }),
    })
}

impl Facts {
    /// Takes the next bytes, and says how many of them, at the end, have to come again with more.
    fn add(&mut self, mut bytes: &[u8], is_last: bool) -> usize {
        loop {
            let error = match std::str::from_utf8(bytes) {
                Ok(text) => {
                    self.add_utf_8(text);
                    return 0;
                }
                Err(error) => error,
            };
            let (valid, rest) = bytes.split_at(error.valid_up_to());
            self.add_utf_8(std::str::from_utf8(valid).unwrap_or_default());
            let others = match error.error_len() {
                Some(len) => len,
                None if is_last => rest.len(),
                None => return rest.len(),
            };
            if self.others == 0 {
                self.before_others = (self.feeds, self.returns);
            }
            self.others += 1;
            self.before = u8::MAX;
            bytes = rest.get(others..).unwrap_or_default();
        }
    }

    fn add_utf_8(&mut self, text: &str) {
        let count = |wanted: u8| {
            let found = text.as_bytes().iter().filter(|byte| **byte == wanted).count();
            u64::try_from(found).unwrap_or_default()
        };
        self.feeds += count(b'\n');
        self.returns += count(b'\r');
        let mut before = self.before;
        self.before = text.as_bytes().last().copied().unwrap_or(before);
        if text.is_ascii() {
            return;
        }
        for c in text.chars() {
            match c.len_utf8() {
                1 => {}
                2 => self.utf_8.0 += 1,
                _ => self.utf_8.1 += 1,
            }
            let is_latin = matches!(c, '\u{80}'..='\u{24F}' | '\u{1E00}'..='\u{20CF}');
            self.has_latin |= is_latin;
            self.is_utf_8_sure |= is_latin && before.is_ascii_alphabetic();
            before = u8::try_from(c).unwrap_or(u8::MAX);
        }
    }

    /// Whether a text is UTF-8 in some places and not in others. In other encodings, most of all those
    /// of East Asia and of Thailand, bytes of two letters are a letter of UTF-8 by chance, but seldom.
    fn is_mixed(&self) -> bool {
        let (of_two, of_more) = self.utf_8;
        self.is_utf_8_sure || of_two * 2 > self.others || of_more * 8 > self.others
    }

    /// The first line that is not UTF-8.
    fn line(&self) -> u64 {
        let (feeds, returns) = self.before_others;
        1 + if self.feeds > 0 { feeds } else { returns }
    }
}
