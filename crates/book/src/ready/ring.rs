//! A ring of runs of bytes, one a contact: new ones go behind the last, and the oldest make room.
//!
//! In memory stands one word a contact: where its run is, and how often it was thrown away, so that
//! an answer made before a change is never kept after it. Readers take no lock: a run is as it
//! should be when the word is the same before and after it was read, and the run names its contact.
//!
//! ```text
//! word: | times thrown away u16 | length in bytes u16, 0 for nothing | place in 8 bytes u32 |
//! run:  | contact no u32 | bytes |
//! ```
//!
//! The medium is written in two halves: when one is full the runs of the other are thrown away and
//! it is written anew. So it never grows beyond its bound, and what was asked for lately is there.

use super::medium::Medium;
use carnet_model::ContactNo;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

#[cfg(test)]
mod tests;

/// Words that are made at once.
const CHUNK: usize = 1 << 16;
/// Chunks for every contact that the number index can hold.
const CHUNKS: usize = (1 << 31) / CHUNK;
/// Places are counted in so many bytes.
const UNIT: u64 = 8;
/// Bytes before those that are kept.
const HEAD: usize = 4;
/// Bytes of the longest run.
pub(super) const RUN_BYTES_MAX: usize = u16::MAX as usize;

/// The ring.
pub(super) struct Ring<M> {
    words: Box<[OnceLock<Box<[AtomicU64]>>]>,
    medium: M,
    /// Bytes of one half, a multiple of [`UNIT`]; 0 when nothing is kept.
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

/// What was there for a contact: goes with what is to be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tag(u64);

impl<M: Medium> Ring<M> {
    /// On a medium, of at most `bytes`; with less than four of the longest runs nothing is kept.
    pub(super) fn new(medium: M, bytes: u64) -> Ring<M> {
        let half = (bytes / 2).min(u64::from(u32::MAX / 2) * UNIT) / UNIT * UNIT;
        Ring {
            words: (0..CHUNKS).map(|_| OnceLock::new()).collect(),
            medium,
            half: if half >= 2 * RUN_BYTES_MAX as u64 { half } else { 0 },
            next: Mutex::new(Next::default()),
        }
    }

    fn word(&self, no: ContactNo) -> Option<&AtomicU64> {
        if self.half == 0 {
            return None;
        }
        let at = usize::try_from(no.0).ok()?;
        let chunk = self.words.get(at / CHUNK)?;
        let words = chunk.get_or_init(|| (0..CHUNK).map(|_| AtomicU64::new(0)).collect());
        words.get(at % CHUNK)
    }

    /// To be asked before the state is read from which a run is made.
    pub(super) fn tag(&self, no: ContactNo) -> Tag {
        Tag(self.word(no).map_or(0, |word| word.load(Ordering::Acquire)))
    }

    /// Puts what is kept of a contact at the end of `into`. `None` when nothing is.
    pub(super) fn read(&self, no: ContactNo, into: &mut Vec<u8>) -> Option<Range<usize>> {
        let word = self.word(no)?;
        let seen = word.load(Ordering::Acquire);
        let (length, place) = split(seen);
        if length < HEAD {
            return None;
        }
        let start = into.len();
        let read = self.medium.read(place, length, into);
        // Changed meanwhile: the place may belong to another contact now.
        let stands = read && word.load(Ordering::Acquire) == seen;
        let run = into.get(start..).and_then(|run| run.first_chunk::<HEAD>());
        let ours = run.is_some_and(|head| u64::from(u32::from_le_bytes(*head)) == no.0);
        if stands && ours && into.len() == start + length {
            Some(start + HEAD..into.len())
        } else {
            into.truncate(start);
            None
        }
    }

    /// Keeps what was made from a state read after `tag`.
    pub(super) fn keep(&self, no: ContactNo, tag: Tag, bytes: &[u8]) {
        let Some(word) = self.word(no) else {
            return;
        };
        let length = HEAD + bytes.len();
        let (Ok(length16), Ok(no32)) = (u16::try_from(length), u32::try_from(no.0)) else {
            return;
        };
        // Under the lock: a run that is written late would fall on another one's place.
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        // It may be there already, or another thread have kept it first.
        if next.failed || split(tag.0).0 > 0 || word.load(Ordering::Relaxed) != tag.0 {
            return;
        }
        let room = (length as u64).next_multiple_of(UNIT);
        if next.at % self.half + room > self.half {
            next.at = if next.at < self.half { self.half } else { 0 };
            self.sweep(next.at..next.at + self.half);
        }
        if let Err(error) = self.medium.write(next.at, &no32.to_le_bytes(), bytes) {
            tracing::warn!(%error, "answers are not kept ready: their file cannot be written");
            next.failed = true;
            self.empty(&mut next);
            return;
        }
        let place = next.at / UNIT;
        next.at += room;
        let new = (tag.0 & VERSION) | u64::from(length16) << 32 | place;
        // Not when it was thrown away meanwhile.
        let _ = word.compare_exchange(tag.0, new, Ordering::AcqRel, Ordering::Relaxed);
    }

    /// Throws away what is kept of a contact, and what is being made.
    pub(super) fn forget(&self, no: ContactNo) {
        if let Some(word) = self.word(no) {
            empty_word(word);
        }
    }

    /// Throws away everything, and gives the file's room back.
    pub(super) fn clear(&self) {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        next.failed = false;
        self.empty(&mut next);
    }

    fn empty(&self, next: &mut Next) {
        self.words.iter().filter_map(OnceLock::get).flatten().for_each(empty_word);
        next.at = 0;
        self.medium.clear();
    }

    /// Throws away every run in a part of the medium.
    fn sweep(&self, part: Range<u64>) {
        for word in self.words.iter().filter_map(OnceLock::get).flatten() {
            let _ = word.fetch_update(Ordering::AcqRel, Ordering::Acquire, |word| {
                let (length, place) = split(word);
                (length > 0 && part.contains(&place)).then_some(word & VERSION)
            });
        }
    }

    /// Bytes of the words.
    pub(super) fn word_bytes(&self) -> usize {
        let chunks = self.words.iter().filter(|chunk| chunk.get().is_some()).count();
        CHUNKS * size_of::<OnceLock<Box<[AtomicU64]>>>() + chunks * CHUNK * size_of::<u64>()
    }

    /// Bytes of the medium.
    pub(super) fn medium_bytes(&self) -> u64 {
        self.medium.bytes()
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
