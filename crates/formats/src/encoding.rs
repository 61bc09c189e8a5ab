//! The encoding of a text: told from its bytes before anything of it is read, so that a text is read
//! whole or not at all. UTF-8 is what carnet writes; windows-1252 and its sisters are what
//! spreadsheets write as "CSV", UTF-16 what they call "Unicode text".

use encoding_rs::{
    BIG5, Decoder, DecoderResult, EUC_KR, Encoding, GBK, SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE,
    WINDOWS_874, WINDOWS_1250, WINDOWS_1251, WINDOWS_1252, WINDOWS_1253, WINDOWS_1254,
    WINDOWS_1255, WINDOWS_1256, WINDOWS_1257, WINDOWS_1258,
};
use std::io::{self, ErrorKind, Read};
use std::ops::Range;

/// Bytes that are read and decoded at a time.
const CHUNK_BYTES: usize = 64 << 10;

/// Bytes that are looked at to tell UTF-16 without a mark.
const HEAD_BYTES_MAX: usize = 1 << 10;

/// Letters beyond ASCII that follow each other in a text of Latin script, at most: more are the words
/// of another script.
const LATIN_RUN_MAX: usize = 4;

/// Bytes that stand for nothing in windows-1252.
const NO_LETTERS: [u8; 5] = [0x81, 0x8D, 0x8F, 0x90, 0x9D];

/// An encoding of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextEncoding(&'static Encoding);

/// Why a text cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EncodingError {
    /// It is UTF-8 in some places and not in others; the first such line is named.
    Mixed {
        /// The line, from 1.
        line: u64,
    },
    /// It is not UTF-8, and does not look like the encoding that is usual in the region.
    Unlike {
        /// The first line that is not UTF-8.
        line: u64,
        /// The usual encoding.
        usual: TextEncoding,
    },
    /// It has bytes that mean nothing in its encoding.
    Malformed {
        /// The encoding.
        encoding: TextEncoding,
    },
}

impl TextEncoding {
    /// UTF-8.
    pub const UTF_8: TextEncoding = TextEncoding(UTF_8);

    /// The encoding of this name, as browsers know it: `windows-1252`, `latin1`, `utf-16le`.
    pub fn parse(label: &str) -> Option<TextEncoding> {
        Encoding::for_label_no_replacement(label.trim().as_bytes()).map(TextEncoding)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// The encoding in which spreadsheets of a region, by its two letters, write a CSV file.
    pub fn usual_in(region: &str) -> TextEncoding {
        TextEncoding(match region {
            "AL" | "BA" | "CZ" | "HR" | "HU" | "ME" | "PL" | "RO" | "SI" | "SK" => WINDOWS_1250,
            "BG" | "BY" | "KG" | "KZ" | "MK" | "MN" | "RS" | "RU" | "TJ" | "UA" => WINDOWS_1251,
            "CY" | "GR" => WINDOWS_1253,
            "AZ" | "TR" => WINDOWS_1254,
            "IL" => WINDOWS_1255,
            "AE" | "BH" | "DZ" | "EG" | "IQ" | "IR" | "JO" | "KW" | "LB" | "LY" | "MA" | "OM"
            | "PK" | "QA" | "SA" | "SD" | "SY" | "TN" | "YE" => WINDOWS_1256,
            "EE" | "LT" | "LV" => WINDOWS_1257,
            "VN" => WINDOWS_1258,
            "TH" => WINDOWS_874,
            "JP" => SHIFT_JIS,
            "CN" | "SG" => GBK,
            "HK" | "MO" | "TW" => BIG5,
            "KR" => EUC_KR,
            _ => WINDOWS_1252,
        })
    }

    /// UTF-16 and UTF-8 with a mark, told from the first bytes of a text; and UTF-16 without one,
    /// because every other byte of its Latin letters and delimiters is zero.
    pub fn of_head(head: &[u8]) -> Option<TextEncoding> {
        if let Some((encoding, _)) = Encoding::for_bom(head) {
            return Some(TextEncoding(encoding));
        }
        let head = head.get(..HEAD_BYTES_MAX).unwrap_or(head);
        let zeros = |first: usize| head.iter().skip(first).step_by(2).filter(|b| **b == 0).count();
        let (even, odd, half) = (zeros(0), zeros(1), head.len() / 2);
        // Half of half: the header may have letters of another script.
        match half > 0 {
            true if odd * 2 > half && even * 8 < half => Some(TextEncoding(UTF_16LE)),
            true if even * 2 > half && odd * 8 < half => Some(TextEncoding(UTF_16BE)),
            _ => None,
        }
    }

    /// Whether it is UTF-8, which needs no decoding.
    pub fn is_utf_8(self) -> bool {
        self.0 == UTF_8
    }
}

/// What the bytes of a text are, as far as UTF-8 goes.
#[derive(Debug, Default)]
struct Facts {
    head: Vec<u8>,
    /// Letters beyond ASCII in UTF-8.
    has_utf_8: bool,
    /// Places that are not UTF-8.
    has_others: bool,
    feeds: u64,
    returns: u64,
    /// The line feeds and carriage returns before the first place that is not UTF-8.
    before_others: (u64, u64),
    /// Letters beyond ASCII one after the other, and the most of them.
    run: usize,
    run_max: usize,
    has_no_letters: bool,
}

/// Tells the encoding of a whole text: UTF-8, UTF-16, or the usual one of a region.
///
/// # Errors
/// When the reader fails; inside, when the encoding of the text cannot be recognised.
pub fn survey(
    mut reader: impl Read,
    usual: TextEncoding,
) -> io::Result<Result<TextEncoding, EncodingError>> {
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
            return Ok(facts.encoding(usual));
        }
    }
}

/// Whether every byte of a text means something in an encoding.
///
/// # Errors
/// When the reader fails; inside, when one does not.
pub fn check(reader: impl Read, encoding: TextEncoding) -> io::Result<Result<(), EncodingError>> {
    let mut decoded = Decoded::new(reader, encoding);
    let mut buffer = vec![0; CHUNK_BYTES];
    loop {
        match decoded.read(&mut buffer) {
            Ok(0) => return Ok(Ok(())),
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::InvalidData => {
                return Ok(Err(EncodingError::Malformed { encoding }));
            }
            Err(error) => return Err(error),
        }
    }
}

fn read_some(reader: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    loop {
        match reader.read(buffer) {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            read => return read,
        }
    }
}

impl Facts {
    /// Takes the next bytes, and says how many of them, at the end, have to come again with more.
    fn add(&mut self, mut bytes: &[u8], is_last: bool) -> usize {
        loop {
            let error = match std::str::from_utf8(bytes) {
                Ok(text) => {
                    self.add_utf_8(text.as_bytes());
                    return 0;
                }
                Err(error) => error,
            };
            let (valid, rest) = bytes.split_at(error.valid_up_to());
            self.add_utf_8(valid);
            let others = match error.error_len() {
                Some(len) => len,
                None if is_last => rest.len(),
                None => return rest.len(),
            };
            if !self.has_others {
                self.has_others = true;
                self.before_others = (self.feeds, self.returns);
            }
            let (others, rest) = rest.split_at(others);
            self.add_others(others);
            bytes = rest;
        }
    }

    fn add_utf_8(&mut self, bytes: &[u8]) {
        if bytes.is_empty() {
            return;
        }
        self.has_utf_8 |= !bytes.is_ascii();
        let count = |one: u8| bytes.iter().filter(|byte| **byte == one).count();
        self.feeds += u64::try_from(count(b'\n')).unwrap_or_default();
        self.returns += u64::try_from(count(b'\r')).unwrap_or_default();
        self.run = 0;
    }

    fn add_others(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.run = if *byte >= 0xC0 { self.run + 1 } else { 0 };
            self.run_max = self.run_max.max(self.run);
            self.has_no_letters |= NO_LETTERS.contains(byte);
        }
    }

    fn encoding(self, usual: TextEncoding) -> Result<TextEncoding, EncodingError> {
        if let Some(encoding) = TextEncoding::of_head(&self.head) {
            return Ok(encoding);
        }
        if !self.has_others {
            return Ok(TextEncoding::UTF_8);
        }
        let (feeds, returns) = self.before_others;
        let line = 1 + if self.feeds > 0 { feeds } else { returns };
        if self.has_utf_8 {
            return Err(EncodingError::Mixed { line });
        }
        let is_latin = self.run_max < LATIN_RUN_MAX && !self.has_no_letters;
        match usual == TextEncoding(WINDOWS_1252) && !is_latin {
            true => Err(EncodingError::Unlike { line, usual }),
            false => Ok(usual),
        }
    }
}

/// A text as UTF-8, whatever it is encoded in. A byte order mark is taken off.
pub struct Decoded<R> {
    reader: R,
    decoder: Decoder,
    bytes: Vec<u8>,
    /// The bytes that are not decoded yet.
    undecoded: Range<usize>,
    text: Vec<u8>,
    /// The text that is not read yet.
    unread: Range<usize>,
    is_finished: bool,
}

impl<R: Read> Decoded<R> {
    /// Decodes a reader.
    pub fn new(reader: R, encoding: TextEncoding) -> Decoded<R> {
        Decoded {
            reader,
            decoder: encoding.0.new_decoder_with_bom_removal(),
            bytes: vec![0; CHUNK_BYTES],
            undecoded: 0..0,
            text: vec![0; CHUNK_BYTES],
            unread: 0..0,
            is_finished: false,
        }
    }

    /// Decodes until there is some text, or nothing is left.
    fn decode(&mut self) -> io::Result<()> {
        while self.unread.is_empty() && !(self.is_finished && self.undecoded.is_empty()) {
            if self.undecoded.is_empty() {
                let read = read_some(&mut self.reader, &mut self.bytes)?;
                self.undecoded = 0..read;
                self.is_finished = read == 0;
            }
            let bytes = self.bytes.get(self.undecoded.clone()).unwrap_or_default();
            let (result, read, written) = self.decoder.decode_to_utf8_without_replacement(
                bytes,
                &mut self.text,
                self.is_finished,
            );
            self.undecoded.start += read;
            self.unread = 0..written;
            if let DecoderResult::Malformed(..) = result {
                let why = "the text has bytes that mean nothing in its encoding";
                return Err(io::Error::new(ErrorKind::InvalidData, why));
            }
            // The decoder may be given the end of the input only once.
            if self.is_finished && result == DecoderResult::InputEmpty {
                break;
            }
        }
        Ok(())
    }
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.unread.is_empty() && !self.is_finished {
            self.decode()?;
        }
        let text = self.text.get(self.unread.clone()).unwrap_or_default();
        let count = text.len().min(out.len());
        out[..count].copy_from_slice(&text[..count]);
        self.unread.start += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests;
