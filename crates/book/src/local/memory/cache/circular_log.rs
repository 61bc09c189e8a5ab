//! A ring of runs of bytes, one a contact: new ones go behind the last, and the oldest make room.
//!
//! In memory stands one word a contact ([`super::slots`]): where its run is, and how often it was
//! thrown away, so that an answer made before a change is never kept after it. Readers take no lock:
//! a run is as it should be when the word is the same before and after it was read, and the run
//! names its contact.
//!
//! ```text
//! run:  | contact no u32 | bytes |
//! ```
//!
//! The medium is written in two halves: when one is full the runs of the other are thrown away and
//! it is written anew. So it never grows beyond its bound, and what was asked for lately is there.
//! At the end of the second half the ring grows first, as far as the number of contacts warrants.

use super::backing::Medium;
use super::slots::{Lane, Tag, UNIT, VERSION, Words, emptied, empty_word, split};
use crate::local::memory::sync::{AtomicU64, MODELLED, Mutex, Ordering};
use carnet_model::ContactNo;
use std::ops::Range;
use std::sync::{Arc, PoisonError};

#[cfg(test)]
mod tests;

/// Bytes before those that are kept.
const HEAD: usize = 4;
/// Bytes of the longest run.
pub(super) const RUN_BYTES_MAX: usize = if MODELLED { 64 } else { u16::MAX as usize };

/// The ring.
pub(super) struct Ring<M> {
    words: Arc<Words>,
    lane: Lane,
    medium: M,
    bounds: Bounds,
    /// There is too little room to keep anything.
    off: bool,
    /// Where the next run goes; whoever holds it may write.
    next: Mutex<Next>,
}

/// How large a ring is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    /// Bytes to begin with.
    pub(super) first: u64,
    /// Bytes a contact, beyond which it does not grow.
    pub(super) per_contact: u64,
    /// Bytes at most.
    pub(super) most: u64,
}

impl Bounds {
    /// Of one size.
    pub(super) fn fixed(bytes: u64) -> Bounds {
        Bounds { first: bytes, per_contact: 0, most: bytes }
    }

    fn first_half<M: Medium>(&self) -> u64 {
        half_of::<M>(self.first.min(self.most))
    }
}

fn half_of<M: Medium>(bytes: u64) -> u64 {
    (bytes / 2).min(u64::from(u32::MAX / 2) * UNIT) / M::STEP * M::STEP
}

#[derive(Clone, Copy, Debug)]
struct Next {
    at: u64,
    /// Bytes of one half, a multiple of [`UNIT`].
    half: u64,
    /// The second half is being written, and was swept. `at` alone does not tell: at the end of the
    /// first half it is where the second begins.
    second: bool,
    /// It has come back to the beginning once: nothing is empty any more.
    round: bool,
    /// Writing failed: nothing is kept until everything is thrown away.
    failed: bool,
}

impl Next {
    fn first<M: Medium>(bounds: &Bounds) -> Next {
        Next { at: 0, half: bounds.first_half::<M>(), second: false, round: false, failed: false }
    }

    /// Whether a run would fit at this place, which is in the half that is being written.
    fn is_room(&self, at: u64, room: u64) -> bool {
        at + room <= if self.second { 2 * self.half } else { self.half }
    }
}

/// Why something is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Why {
    /// It was asked for; the oldest make room.
    Asked,
    /// It may be asked for; nothing makes room.
    Ahead,
}

impl<M: Medium> Ring<M> {
    /// On a medium, with the words of this lane; with less room than for four of the longest runs
    /// nothing is kept.
    pub(super) fn new(medium: M, bounds: Bounds, words: Arc<Words>, lane: Lane) -> Ring<M> {
        let next = Next::first::<M>(&bounds);
        let off = next.half < 2 * RUN_BYTES_MAX as u64;
        Ring { words, lane, medium, bounds, off, next: Mutex::new(next) }
    }

    fn word(&self, no: ContactNo) -> Option<&AtomicU64> {
        if self.off { None } else { self.words.row(no).map(|row| row.word(self.lane)) }
    }

    /// To be asked before the state is read from which a run is made.
    pub(super) fn tag(&self, no: ContactNo) -> Tag {
        Tag::of(self.word(no))
    }

    /// Puts what is kept of a contact at the end of `into`. `None` when nothing is.
    pub(super) fn read(&self, no: ContactNo, into: &mut Vec<u8>) -> Option<Range<usize>> {
        self.read_begin(no, usize::MAX, into)
    }

    /// The same of the first `most` bytes.
    pub(super) fn read_begin(
        &self,
        no: ContactNo,
        most: usize,
        into: &mut Vec<u8>,
    ) -> Option<Range<usize>> {
        let word = self.word(no)?;
        let seen = word.load(Ordering::Acquire);
        let (length, place) = split(seen);
        if length < HEAD {
            return None;
        }
        let length = length.min(most.saturating_add(HEAD));
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

    /// Reads a word of every line of the cache in which the run lies. `None` when nothing is kept.
    pub(super) fn touch(&self, no: ContactNo) -> Option<u64> {
        let (length, place) = split(self.word(no)?.load(Ordering::Acquire));
        (length >= HEAD).then(|| self.medium.touch(place, length))
    }

    /// Keeps what was made from a state read after `tag`. False when there is no room ahead.
    pub(super) fn keep(&self, no: ContactNo, tag: Tag, bytes: &[u8], why: Why) -> bool {
        let Some(word) = self.word(no) else {
            return false;
        };
        let length = HEAD + bytes.len();
        let (Ok(length16), Ok(no32)) = (u16::try_from(length), u32::try_from(no.0)) else {
            return true;
        };
        // Under the lock: a run that is written late would fall on another one's place.
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        // It may be there already, or another thread have kept it first.
        if next.failed || split(tag.0).0 > 0 || word.load(Ordering::Relaxed) != tag.0 {
            return !next.failed;
        }
        let room = (length as u64).next_multiple_of(UNIT);
        if !self.make_room(&mut next, room, why) {
            return false;
        }
        if let Err(error) = self.medium.write(next.at, &no32.to_le_bytes(), bytes) {
            tracing::warn!(%error, "answers are not kept ready: their file cannot be written");
            self.empty(&mut next);
            next.failed = true;
            return false;
        }
        let place = next.at / UNIT;
        next.at += room;
        let new = (tag.0 & VERSION) | u64::from(length16) << 32 | place;
        // Not when it was thrown away meanwhile.
        let _ = word.compare_exchange(tag.0, new, Ordering::AcqRel, Ordering::Relaxed);
        true
    }

    /// Moves to where a run of these bytes can go. False when others would have to make room and
    /// need not.
    fn make_room(&self, next: &mut Next, room: u64, why: Why) -> bool {
        if next.round && why == Why::Ahead {
            return false;
        }
        loop {
            let piece_end = (next.at / M::PIECE + 1) * M::PIECE;
            if next.at + room > piece_end && next.is_room(piece_end, room) {
                next.at = piece_end;
            }
            if next.is_room(next.at, room) {
                return true;
            }
            if !next.second {
                (next.at, next.second) = (next.half, true);
                self.sweep(next.half..2 * next.half);
            } else if let Some(half) = self.grown(next.half) {
                // What is there stays where it is; there is nothing beyond.
                (next.half, next.second) = (half, next.at >= half);
            } else if why == Why::Ahead {
                return false;
            } else {
                (next.at, next.second) = (0, false);
                next.round = true;
                self.sweep(0..next.half);
            }
        }
    }

    /// The half of a ring that is larger than this one, if it may be.
    fn grown(&self, half: u64) -> Option<u64> {
        let warranted = self.words.contacts().saturating_mul(self.bounds.per_contact);
        let grown = half_of::<M>((4 * half).min(warranted).min(self.bounds.most));
        (grown > half).then_some(grown)
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
        self.empty(&mut next);
    }

    fn empty(&self, next: &mut Next) {
        self.words.each(self.lane, empty_word);
        *next = Next::first::<M>(&self.bounds);
        self.medium.clear();
    }

    /// Throws away every run in a part of the medium. Each counts as thrown away, though it is as
    /// new as ever: a reader that stands still until the ring has come round twice, and has put the
    /// same run at the same place again, would else take what it read of others for its own.
    fn sweep(&self, part: Range<u64>) {
        self.words.each(self.lane, |word| {
            let _ = word.fetch_update(Ordering::AcqRel, Ordering::Acquire, |word| {
                let (length, place) = split(word);
                (length > 0 && part.contains(&place)).then(|| emptied(word))
            });
        });
    }

    /// Bytes of the medium.
    pub(super) fn medium_bytes(&self) -> u64 {
        self.medium.bytes()
    }
}
