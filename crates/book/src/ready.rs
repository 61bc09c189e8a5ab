//! Answers kept ready: what was said about a contact the last time, so that it need not be read and
//! written out again. Opaque bytes, made by whoever answers; thrown away when the contact or its
//! organisation changes, and when the book is opened.
//!
//! Three rings hold them. The short form (a name) is in memory. The long form (everything) is in a
//! flat file, which the system's page cache holds, and that of contacts who are asked for again and
//! again in memory, too.

mod medium;
mod ring;

use crate::Form;
use carnet_model::ContactNo;
use medium::{Disk, Memory};
use ring::{Ring, Tag};
use std::ops::Range;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

/// Marks of contacts that were asked for lately.
const MARKS: usize = 1 << 16;

/// The answers.
pub(crate) struct Ready {
    short: Ring<Memory>,
    often: Ring<Memory>,
    long: Ring<Disk>,
    /// By the low bits of its number, the contact that was read from disk last.
    marks: Box<[AtomicU32]>,
}

/// Room for answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Room {
    /// Bytes of memory, for short forms and for long ones that are asked for often.
    pub(crate) memory: u64,
    /// Bytes of the file.
    pub(crate) file: u64,
}

/// What was there for a contact before it was looked up: goes with the answer that is to be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tags {
    short: Tag,
    often: Tag,
    long: Tag,
}

impl Ready {
    /// With a file at `path`, emptied. Without room, or where the file cannot be made, less is
    /// kept, and everything is answered all the same.
    pub(crate) fn open(path: PathBuf, room: Room) -> Ready {
        Ready {
            short: Ring::new(Memory::default(), room.memory / 3),
            often: Ring::new(Memory::default(), room.memory - room.memory / 3),
            long: Ring::new(Disk::open(path, room.file > 0), room.file),
            marks: (0..MARKS).map(|_| AtomicU32::new(0)).collect(),
        }
    }

    /// To be asked before the state is read from which an answer is made.
    pub(crate) fn tags(&self, no: ContactNo) -> Tags {
        Tags { short: self.short.tag(no), often: self.often.tag(no), long: self.long.tag(no) }
    }

    /// Puts the answer at the end of `into`. `None` when it is not there.
    pub(crate) fn read(
        &self,
        no: ContactNo,
        form: Form,
        into: &mut Vec<u8>,
    ) -> Option<Range<usize>> {
        if form == Form::Short {
            return self.short.read(no, into);
        }
        if let Some(found) = self.often.read(no, into) {
            return Some(found);
        }
        let tag = self.often.tag(no);
        let found = self.long.read(no, into)?;
        if self.is_asked_for_again(no) {
            self.often.keep(no, tag, &into[found.clone()]);
        }
        Some(found)
    }

    /// Whether this contact was asked for before others that share its mark.
    fn is_asked_for_again(&self, no: ContactNo) -> bool {
        #[expect(clippy::cast_possible_truncation, reason = "the low bits are what is wanted")]
        let (mark, low) = (&self.marks[no.0 as usize % MARKS], no.0 as u32);
        if mark.load(Ordering::Relaxed) == low {
            return true;
        }
        mark.store(low, Ordering::Relaxed);
        false
    }

    /// Keeps an answer that was made from a state read after `tags`.
    pub(crate) fn keep(&self, no: ContactNo, tags: Tags, short: &[u8], long: &[u8]) {
        self.short.keep(no, tags.short, short);
        self.long.keep(no, tags.long, long);
    }

    /// Throws away what is kept of a contact, and what is being made.
    pub(crate) fn forget(&self, no: ContactNo) {
        self.short.forget(no);
        self.often.forget(no);
        self.long.forget(no);
    }

    /// Throws away everything, and gives the room back.
    pub(crate) fn clear(&self) {
        self.short.clear();
        self.often.clear();
        self.long.clear();
    }

    /// Bytes of the file.
    pub(crate) fn file_bytes(&self) -> u64 {
        self.long.medium_bytes()
    }

    /// Bytes of memory.
    pub(crate) fn memory_bytes(&self) -> usize {
        let words = self.short.word_bytes() + self.often.word_bytes() + self.long.word_bytes();
        let kept = self.short.medium_bytes() + self.often.medium_bytes();
        words + usize::try_from(kept).unwrap_or(usize::MAX)
    }
}
