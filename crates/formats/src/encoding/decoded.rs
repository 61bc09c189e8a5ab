//! A text as UTF-8, whatever it is encoded in.

use super::name::{EncodingError, TextEncoding};
use encoding_rs::{Decoder, DecoderResult};
use std::io::{self, ErrorKind, Read};
use std::ops::Range;

/// Bytes that are read and decoded at a time.
pub(super) const CHUNK_BYTES: usize = 64 << 10;

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

/// Reads once, again where a signal came between.
pub(super) fn read_some(reader: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    loop {
        match reader.read(buffer) {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            read => return read,
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
