//! Answers kept ready: what was said about a contact the last time, so that it need not be read and
//! written out again. Opaque bytes, made by whoever answers; thrown away when the contact or its
//! organisation changes, and when the book is opened.
//!
//! The bytes lie in a flat file, one run a contact, and are read by one `read_at`; the system's
//! page cache is the memory for them. In memory stands one word a contact: where its bytes are, and
//! how often they were thrown away, so that an answer made before a change is never kept after it.
//!
//! ```text
//! word:  | times thrown away u16 | length in bytes u16, 0 for nothing | place in 64 bytes u32 |
//! bytes: | contact no u32 | length of the short form u16 | short form | long form |
//! ```
//!
//! The file is written in two halves: when one is full the other is emptied and written anew, so it
//! never grows beyond its bound and what was asked for lately is there.

use crate::Form;
use carnet_model::ContactNo;
use std::fs::{File, OpenOptions};
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

#[cfg(test)]
mod tests;

/// Words that are made at once.
const CHUNK: usize = 1 << 17;
/// Chunks for every contact that the number index can hold.
const CHUNKS: usize = (1 << 31) / CHUNK;
/// Places in the file are counted in so many bytes.
const UNIT: u64 = 64;
/// Bytes before the short form.
const HEAD: usize = 6;
/// Bytes that are read for a short form; almost every name fits.
const SHORT_READ_BYTES: usize = 96;
/// Bytes of the longest run that is kept.
const RUN_BYTES_MAX: usize = u16::MAX as usize;

/// The answers.
pub(crate) struct Ready {
    words: Box<[OnceLock<Box<[AtomicU64]>>]>,
    file: Option<File>,
    path: PathBuf,
    /// Bytes of one half, a multiple of [`UNIT`].
    half: u64,
    /// Where the next run goes; whoever holds it may write.
    next: Mutex<Next>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Next {
    at: u64,
    /// Writing failed: nothing is kept until everything is thrown away.
    failed: bool,
}

/// What was there for a contact before it was looked up: goes with the answer that is to be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tag(u64);

/// Where the two forms of an answer stand in a buffer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) short: Range<usize>,
    pub(crate) long: Range<usize>,
}

impl Ready {
    /// A file at `path`, emptied, of at most `bytes`; none for less than two of the longest runs.
    /// Without a file nothing is kept, and everything is answered all the same.
    pub(crate) fn open(path: PathBuf, bytes: u64) -> Ready {
        let half = (bytes / 2).min(u64::from(u32::MAX / 2) * UNIT) / UNIT * UNIT;
        let fits = half >= 2 * RUN_BYTES_MAX as u64;
        let file = fits.then(|| create(&path)).and_then(|made| {
            let why = |error: &io::Error| {
                tracing::warn!(%error, "answers are not kept ready: their file cannot be made");
            };
            made.inspect_err(why).ok()
        });
        if file.is_none() {
            // What an earlier run left, perhaps with other settings.
            let _ = std::fs::remove_file(&path);
        }
        Ready {
            words: (0..CHUNKS).map(|_| OnceLock::new()).collect(),
            file,
            path,
            half,
            next: Mutex::new(Next::default()),
        }
    }

    fn word(&self, no: ContactNo) -> Option<&AtomicU64> {
        let at = usize::try_from(no.0).ok()?;
        let chunk = self.words.get(at / CHUNK)?;
        let words = chunk.get_or_init(|| (0..CHUNK).map(|_| AtomicU64::new(0)).collect());
        words.get(at % CHUNK)
    }

    /// To be asked before the state is read from which an answer is made.
    pub(crate) fn tag(&self, no: ContactNo) -> Tag {
        Tag(self.word(no).map_or(0, |word| word.load(Ordering::Acquire)))
    }

    /// Puts the run of a contact at the end of `into`, or its front where only the short form is
    /// asked for. `None` when nothing is kept of it.
    pub(crate) fn read(&self, no: ContactNo, form: Form, into: &mut Vec<u8>) -> Option<Run> {
        let word = self.word(no)?;
        let seen = word.load(Ordering::Acquire);
        let (length, place) = split(seen);
        if length == 0 {
            return None;
        }
        let start = into.len();
        let mut wanted = if form == Form::Long { length } else { length.min(SHORT_READ_BYTES) };
        let run = loop {
            into.resize(start + wanted, 0);
            if read_at(self.file.as_ref()?, &mut into[start..], place).is_err() {
                break None;
            }
            // Changed meanwhile: the place may belong to another contact now.
            if word.load(Ordering::Acquire) != seen {
                break None;
            }
            let Some(short) = run(no, &into[start..]) else {
                break None;
            };
            if HEAD + short <= wanted {
                let end = start + HEAD + short;
                break Some(Run { short: start + HEAD..end, long: end..into.len() });
            }
            if wanted == length {
                break None;
            }
            wanted = length;
        };
        if run.is_none() {
            into.truncate(start);
        }
        run
    }

    /// Keeps an answer that was made from a state read after `tag`.
    pub(crate) fn keep(&self, no: ContactNo, tag: Tag, short: &[u8], long: &[u8]) {
        let (Some(file), Some(word)) = (&self.file, self.word(no)) else {
            return;
        };
        let length = HEAD + short.len() + long.len();
        let (Ok(length16), Ok(no32), Ok(short16)) =
            (u16::try_from(length), u32::try_from(no.0), u16::try_from(short.len()))
        else {
            return;
        };
        let mut bytes = Vec::with_capacity(length);
        bytes.extend(no32.to_le_bytes());
        bytes.extend(short16.to_le_bytes());
        bytes.extend(short);
        bytes.extend(long);
        // Under the lock: a run that is written late would fall on another one's place.
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        if next.failed {
            return;
        }
        let room = (length as u64).next_multiple_of(UNIT);
        if next.at % self.half + room > self.half {
            next.at = if next.at < self.half { self.half } else { 0 };
            self.sweep(next.at..next.at + self.half);
        }
        if let Err(error) = write_at(file, &bytes, next.at) {
            tracing::warn!(%error, "answers are not kept ready: their file cannot be written");
            next.failed = true;
            self.empty(&mut next);
            return;
        }
        let place = next.at / UNIT;
        next.at += room;
        let new = (tag.0 & VERSION) | u64::from(length16) << 32 | place;
        // Another thread may have kept it first, or it was thrown away meanwhile.
        let _ = word.compare_exchange(tag.0, new, Ordering::AcqRel, Ordering::Relaxed);
    }

    /// Throws away what is kept of a contact, and what is being made.
    pub(crate) fn forget(&self, no: ContactNo) {
        if let Some(word) = self.word(no) {
            empty_word(word);
        }
    }

    /// Throws away everything, and gives the file's room back.
    pub(crate) fn clear(&self) {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        next.failed = false;
        self.empty(&mut next);
    }

    fn empty(&self, next: &mut Next) {
        self.words.iter().filter_map(OnceLock::get).flatten().for_each(empty_word);
        next.at = 0;
        if let Some(file) = &self.file
            && let Err(error) = file.set_len(0)
        {
            tracing::warn!(%error, "the file of ready answers cannot be emptied");
        }
    }

    /// Throws away every run in a part of the file.
    fn sweep(&self, part: Range<u64>) {
        for word in self.words.iter().filter_map(OnceLock::get).flatten() {
            let _ = word.fetch_update(Ordering::AcqRel, Ordering::Acquire, |word| {
                let (length, place) = split(word);
                (length > 0 && part.contains(&place)).then_some(word & VERSION)
            });
        }
    }

    /// Bytes of the file.
    pub(crate) fn file_bytes(&self) -> u64 {
        let length = |file: &File| file.metadata().map_or(0, |file| file.len());
        self.file.as_ref().map_or(0, length)
    }

    /// Bytes of the words.
    pub(crate) fn memory_bytes(&self) -> usize {
        let chunks = self.words.iter().filter(|chunk| chunk.get().is_some()).count();
        CHUNKS * size_of::<OnceLock<Box<[AtomicU64]>>>() + chunks * CHUNK * size_of::<u64>()
    }
}

impl Drop for Ready {
    fn drop(&mut self) {
        if self.file.take().is_some() {
            // A next start would empty it anyway.
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

/// Nothing is there, and what was being made is not to be kept. The version wraps at the top.
fn empty_word(word: &AtomicU64) {
    let emptied = |word: u64| Some((word & VERSION).wrapping_add(VERSION_STEP));
    // Always some, so it cannot fail.
    let _ = word.fetch_update(Ordering::AcqRel, Ordering::Acquire, emptied);
}

const VERSION_STEP: u64 = 1 << 48;
const VERSION: u64 = !(VERSION_STEP - 1);

/// Length in bytes, and place in bytes.
fn split(word: u64) -> (usize, u64) {
    let length = (word >> 32) & 0xffff;
    (length as usize, (word & 0xffff_ffff) * UNIT)
}

/// The length of the short form, if these are the bytes of this contact.
fn run(no: ContactNo, bytes: &[u8]) -> Option<usize> {
    let [a, b, c, d, e, f] = *bytes.first_chunk::<HEAD>()?;
    let short = usize::from(u16::from_le_bytes([e, f]));
    (u64::from(u32::from_le_bytes([a, b, c, d])) == no.0).then_some(short)
}

fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(unix)]
fn read_at(file: &File, into: &mut [u8], place: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, into, place)
}

#[cfg(unix)]
fn write_at(file: &File, bytes: &[u8], place: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::write_all_at(file, bytes, place)
}
