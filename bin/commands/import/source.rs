//! The bytes of an input: a file or standard input, in whatever encoding it is, as UTF-8. Both are
//! looked through before, so that they are read whole or refused whole.

use std::fs::File;
use std::io::{self, Read, Seek};
use std::path::Path;

use carnet_formats::encoding::{Decoded, EncodingError, TextEncoding, check, survey};

use super::format::{Format, name_of};
use super::spool;
use crate::failure::Failure;
use crate::terminal::signals::Stop;

/// Bytes at the beginning of an input that are read to recognise another kind of file.
const HEAD_BYTES: u64 = 4 << 10;

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
    /// Its size, when it is read as it is.
    pub(super) bytes: Option<u64>,
    /// Its encoding, where it is not UTF-8.
    pub(super) encoding: Option<TextEncoding>,
}

/// How an input is opened.
#[derive(Clone, Copy)]
pub(super) struct Opening<'a> {
    pub(super) path: &'a Path,
    pub(super) format: Option<Format>,
    /// The encoding that was named.
    pub(super) encoding: Option<TextEncoding>,
    /// The region where the text probably comes from.
    pub(super) region: &'a str,
    /// The directory for what comes from a pipe.
    pub(super) spool: &'a Path,
    pub(super) stop: &'a Stop,
    /// Whether everything was said before.
    pub(super) is_quiet: bool,
}

impl Opening<'_> {
    /// Opens the input. What comes from a pipe is put into a file first, which is left in `spooled`
    /// to be opened again.
    pub(super) fn open(
        self,
        spooled: &mut Option<File>,
        unreadable: impl Fn(io::Error) -> Failure,
    ) -> Result<Source, Failure> {
        let file = match spooled {
            Some(file) => file.try_clone().map_err(&unreadable)?,
            None => self.file(spooled, &unreadable)?,
        };
        self.source(file, unreadable)
    }

    /// The input as a file.
    fn file(
        self,
        spooled: &mut Option<File>,
        unreadable: impl Fn(io::Error) -> Failure,
    ) -> Result<File, Failure> {
        let pipe = match self.path == Path::new("-") {
            true => self.stop.interrupts(io::stdin()),
            false => {
                let file = File::open(self.path).map_err(&unreadable)?;
                let facts = file.metadata().map_err(&unreadable)?;
                if facts.is_dir() {
                    return Err(unreadable(io::Error::from(io::ErrorKind::IsADirectory)));
                }
                if facts.is_file() {
                    return Ok(file);
                }
                self.stop.interrupts(file)
            }
        };
        let file = spool::spool(pipe, self.spool, &name_of(self.path), &unreadable)?;
        let again = file.try_clone().map_err(&unreadable)?;
        *spooled = Some(again);
        Ok(file)
    }

    fn source(
        self,
        mut file: File,
        unreadable: impl Fn(io::Error) -> Failure,
    ) -> Result<Source, Failure> {
        file.rewind().map_err(&unreadable)?;
        let mut head = Vec::new();
        file.by_ref().take(HEAD_BYTES).read_to_end(&mut head).map_err(&unreadable)?;
        self.refuse_others(&head)?;
        file.rewind().map_err(&unreadable)?;
        let encoding = match self.encoding {
            Some(encoding) => encoding,
            None => {
                let surveyed = survey(&mut file, self.region).map_err(&unreadable)?;
                surveyed.map_err(|error| self.refused(error))?
            }
        };
        file.rewind().map_err(&unreadable)?;
        // A survey has seen that all of it is UTF-8.
        if encoding.is_utf_8() && self.encoding.is_none() {
            let bytes = file.metadata().map_err(&unreadable)?.len();
            return Ok(Source { reader: Box::new(file), bytes: Some(bytes), encoding: None });
        }
        check(&mut file, encoding).map_err(&unreadable)?.map_err(|error| self.refused(error))?;
        file.rewind().map_err(&unreadable)?;
        let shown = Some(encoding).filter(|encoding| !encoding.is_utf_8());
        let reader = Box::new(Decoded::new(file, encoding));
        Ok(Source { reader, bytes: None, encoding: shown })
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
            EncodingError::Unsure { line, like: Some(like) } => {
                let like = like.name();
                format!(
                    "{name}: line {line} is not UTF-8; the text may be {like}, but that is not \
                     sure; nothing was imported. Name its encoding, as in --encoding {like}, or \
                     save it as UTF-8, as `iconv -f {like} -t utf-8` does"
                )
            }
            EncodingError::Unsure { line, like: None } => format!(
                "{name}: line {line} is not UTF-8, and it is not sure which encoding the text has; \
                 nothing was imported. Save it as UTF-8, or name its encoding, as in --encoding \
                 windows-1252"
            ),
            EncodingError::Malformed { encoding } => format!(
                "{name}: not all of it is {}; nothing was imported. Save it as UTF-8, or name its \
                 encoding with --encoding",
                encoding.name()
            ),
        })
    }
}
