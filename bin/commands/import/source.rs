//! The bytes of an input: a file or standard input, in whatever encoding it is, as UTF-8. A file is
//! looked through before, so that it is read whole or refused whole.

use std::fs::File;
use std::io::{self, Cursor, Read, Seek};
use std::path::Path;

use carnet_formats::encoding::{Decoded, EncodingError, TextEncoding, check, survey};

use super::format::{Format, format_of, name_of};
use crate::failure::Failure;
use crate::terminal::signals::Stop;

/// Bytes at the beginning of an input that are read to recognise its format.
const HEAD_BYTES: usize = 4 << 10;

/// How a file of another kind begins, and what it is.
const OTHER_FILES: &[(&[u8], &str)] = &[
    (b"PK\x03\x04", "a spreadsheet or another packed file; export it as CSV (UTF-8)"),
    (b"\xD0\xCF\x11\xE0", "an old spreadsheet; export it as CSV (UTF-8)"),
    (b"\x1F\x8B", "packed; unpack it first, as `gunzip -c FILE | carnet import -` does"),
    (b"%PDF", "a PDF"),
];

/// An input that is open.
pub(super) struct Source {
    pub(super) reader: Box<dyn Read + Send>,
    /// Its size, when it is a plain file that is read as it is.
    pub(super) bytes: Option<u64>,
    /// Whether it can be read once more.
    pub(super) is_plain: bool,
}

/// How an input is opened.
#[derive(Clone, Copy)]
pub(super) struct Opening<'a> {
    pub(super) path: &'a Path,
    pub(super) format: Option<Format>,
    /// The encoding that was named.
    pub(super) encoding: Option<TextEncoding>,
    /// The encoding of a file that is not UTF-8.
    pub(super) usual: TextEncoding,
    pub(super) stop: &'a Stop,
    /// Whether everything was said before.
    pub(super) is_quiet: bool,
}

impl Opening<'_> {
    /// Opens the input. What is neither UTF-8 nor UTF-16 is named on standard error.
    pub(super) fn open(self, unreadable: impl Fn(io::Error) -> Failure) -> Result<Source, Failure> {
        if self.path == Path::new("-") {
            let reader = self.stop.interrupts(io::stdin());
            return self.pipe(reader, unreadable);
        }
        let file = File::open(self.path).map_err(&unreadable)?;
        let facts = file.metadata().map_err(&unreadable)?;
        if facts.is_dir() {
            return Err(unreadable(io::Error::from(io::ErrorKind::IsADirectory)));
        }
        match facts.is_file() {
            true => self.file(file, facts.len(), unreadable),
            false => self.pipe(self.stop.interrupts(file), unreadable),
        }
    }

    fn file(
        self,
        mut file: File,
        bytes: u64,
        unreadable: impl Fn(io::Error) -> Failure,
    ) -> Result<Source, Failure> {
        let head = head_of(&mut file).map_err(&unreadable)?;
        self.refuse_others(&head)?;
        file.rewind().map_err(&unreadable)?;
        let encoding = match self.encoding {
            Some(encoding) => Ok(encoding),
            None => survey(&mut file, self.usual).map_err(&unreadable)?,
        };
        let encoding = match encoding {
            // Each line of JSON is by itself: one that is spoiled is skipped and named.
            Err(EncodingError::Mixed { .. }) if self.is_lines(&head) => TextEncoding::UTF_8,
            encoding => encoding.map_err(|error| self.refused(error))?,
        };
        file.rewind().map_err(&unreadable)?;
        if encoding.is_utf_8() {
            return Ok(Source { reader: Box::new(file), bytes: Some(bytes), is_plain: true });
        }
        check(&mut file, encoding).map_err(&unreadable)?.map_err(|error| self.refused(error))?;
        file.rewind().map_err(&unreadable)?;
        if !self.is_quiet {
            eprintln!("carnet: {}: read as {}", name_of(self.path), encoding.name());
        }
        let reader = Box::new(Decoded::new(file, encoding));
        Ok(Source { reader, bytes: None, is_plain: true })
    }

    /// A pipe cannot be looked through: its encoding is the one that was named, or that of its
    /// first bytes.
    fn pipe(
        self,
        mut reader: impl Read + Send + 'static,
        unreadable: impl Fn(io::Error) -> Failure,
    ) -> Result<Source, Failure> {
        let mut head = vec![0; HEAD_BYTES];
        let read = reader.read(&mut head).map_err(&unreadable)?;
        head.truncate(read);
        self.refuse_others(&head)?;
        let encoding = self.encoding.or_else(|| TextEncoding::of_head(&head));
        let reader = Cursor::new(head).chain(reader);
        let reader: Box<dyn Read + Send> = match encoding.filter(|encoding| !encoding.is_utf_8()) {
            Some(encoding) => Box::new(Decoded::new(reader, encoding)),
            None => Box::new(reader),
        };
        Ok(Source { reader, bytes: None, is_plain: false })
    }

    fn is_lines(self, head: &[u8]) -> bool {
        self.format.unwrap_or_else(|| format_of(self.path, head)) == Format::Jsonl
    }

    fn refuse_others(self, head: &[u8]) -> Result<(), Failure> {
        match OTHER_FILES.iter().find(|(begin, _)| head.starts_with(begin)) {
            Some((_, what)) => Err(Failure::failed(format!("{} is {what}", name_of(self.path)))),
            None => Ok(()),
        }
    }

    fn refused(self, error: EncodingError) -> Failure {
        let name = name_of(self.path);
        Failure::failed(match error {
            EncodingError::Mixed { line } => format!(
                "{name}: line {line} is not UTF-8, and others are; nothing was imported. Save it \
                 in one encoding, or name the encoding with --encoding"
            ),
            EncodingError::Unlike { line, usual } => format!(
                "{name}: line {line} is not UTF-8, and the text does not look like {}; nothing \
                 was imported. Save it as UTF-8, or name its encoding, as in --encoding \
                 windows-1251",
                usual.name()
            ),
            EncodingError::Malformed { encoding } => format!(
                "{name}: not all of it is {}; nothing was imported. Save it as UTF-8, or name its \
                 encoding with --encoding",
                encoding.name()
            ),
        })
    }
}

fn head_of(file: &mut File) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    file.take(u64::try_from(HEAD_BYTES).unwrap_or(u64::MAX)).read_to_end(&mut head)?;
    Ok(head)
}
