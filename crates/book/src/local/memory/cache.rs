//! Answers kept ready: what was said about a contact the last time, so that it need not be read and
//! written out again. Opaque bytes, made by whoever answers; thrown away when the contact or its
//! organisation changes, and when the book is opened.
//!
//! The short form (a name) is in memory. Both forms are in mapped files, which the system's page
//! cache holds, and the long form (everything) of contacts who are asked for again and again in
//! memory, too.

mod backing;
mod circular_log;
mod heap;
mod inline_names;
mod mapped_files;
#[cfg(test)]
#[cfg(any(feature = "shuttle", feature = "loom"))]
mod models;
mod slots;

use crate::local::memory::rendering::{Form, Prepared};
use crate::local::memory::sync::{AtomicU32, MODELLED, Ordering};
use carnet_model::ContactNo;
use circular_log::{Bounds, Ring, Why};
use heap::Memory;
use inline_names::Names;
use mapped_files::Disk;
use slots::{Lane, Tag, Words};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Marks of contacts that were asked for lately.
const MARKS: usize = if MODELLED { 2 } else { 1 << 16 };
/// Bytes of the files to begin with. In tests few, so that it grows.
const FILE_BYTES_FIRST: u64 = if cfg!(test) { 1 << 20 } else { 64 << 20 };
/// Bytes of the files that a contact warrants: its answers twice, as edited ones go behind the others
/// until the ring comes round.
const FILE_BYTES_PER_CONTACT: u64 = 2_560;
/// Bytes before both forms in a file: how long the short one is.
const LENGTH_BYTES: usize = 2;
/// Bytes that are read where the short form alone is wanted: few are longer.
const SHORT_BYTES: usize = LENGTH_BYTES + 126;

/// The answers.
pub(crate) struct Ready {
    words: Arc<Words>,
    names: Names,
    often: Ring<Memory>,
    both: Ring<Disk>,
    /// By the low bits of its number, the contact that was read from disk last.
    marks: Box<[AtomicU32]>,
}

/// Room for answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Room {
    /// Bytes of memory, for what is asked for often. Names have their own, none when this is 0.
    pub(crate) memory: u64,
    /// Bytes of the files.
    pub(crate) file: u64,
}

/// What was there for a contact before it was looked up: goes with the answer that is to be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tags {
    name: Tag,
    both: Tag,
}

impl Ready {
    /// With files in a folder at `path`, emptied. Without room, or where the folder cannot be made,
    /// less is kept, and everything is answered all the same.
    pub(crate) fn open(path: PathBuf, room: Room) -> Ready {
        let words = Arc::new(Words::default());
        let folder = path.parent().map(Path::to_owned);
        // What an earlier run left is gone then, and counts as free.
        let disk = Disk::open(path, room.file > 0);
        let free = folder.as_deref().and_then(mapped_files::free_bytes).unwrap_or(u64::MAX);
        let memory = Bounds::fixed(room.memory);
        let file = Bounds {
            first: FILE_BYTES_FIRST,
            per_contact: FILE_BYTES_PER_CONTACT,
            // What is kept ready must not take the room of what is to be kept for good.
            most: room.file.min(free / 2),
        };
        Ready {
            names: Names::new(Arc::clone(&words), room.memory > 0),
            often: Ring::new(Memory::default(), memory, Arc::clone(&words), Lane::Often),
            both: Ring::new(disk, file, Arc::clone(&words), Lane::Both),
            words,
            marks: (0..MARKS).map(|_| AtomicU32::new(0)).collect(),
        }
    }

    /// To be asked before the state is read from which an answer is made.
    pub(crate) fn tags(&self, no: ContactNo) -> Tags {
        Tags { name: self.names.tag(no), both: self.both.tag(no) }
    }

    /// Puts the answer at the end of `into`. `None` when it is not there.
    pub(crate) fn read(
        &self,
        no: ContactNo,
        form: Form,
        into: &mut Vec<u8>,
    ) -> Option<Range<usize>> {
        let in_memory = match form {
            Form::Short => self.names.read(no, into),
            Form::Long => self.often.read(no, into),
        };
        if in_memory.is_some() {
            return in_memory;
        }
        let tag = self.often.tag(no);
        let found = self.read_file(no, form, into)?;
        if form == Form::Long && self.is_asked_for_again(no) {
            self.often.keep(no, tag, &into[found.clone()], Why::Asked);
        }
        Some(found)
    }

    /// Reads the rows of these contacts, none of which waits for another.
    pub(crate) fn touch_rows(&self, nos: &[ContactNo]) -> u64 {
        nos.iter().fold(0, |sum, no| sum ^ self.names.touch(*no))
    }

    /// Reads their answers, likewise.
    pub(crate) fn touch_answers(&self, nos: &[ContactNo]) -> u64 {
        let touch = |no: &ContactNo| self.often.touch(*no).or_else(|| self.both.touch(*no));
        nos.iter().filter_map(touch).fold(0, |sum, bytes| sum ^ bytes)
    }

    fn read_file(&self, no: ContactNo, form: Form, into: &mut Vec<u8>) -> Option<Range<usize>> {
        let start = into.len();
        if form == Form::Short {
            let begin = self.both.read_begin(no, SHORT_BYTES, into)?;
            if let Some(short) = short_in(into, &begin) {
                return Some(short);
            }
            into.truncate(start);
        }
        let both = self.both.read(no, into)?;
        let short = short_in(into, &both)?;
        Some(if form == Form::Short { short } else { short.end..both.end })
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

    /// Keeps answers that were made from a state read after `tags`.
    pub(crate) fn keep(&self, no: ContactNo, tags: Tags, made: &Prepared) {
        self.names.keep(no, tags.name, &made.short);
        self.keep_in_file(no, tags, made, Why::Asked);
    }

    /// The same of answers that nobody asked for yet, as far as there is room that nothing else
    /// has. False when there is none for any of them.
    pub(crate) fn keep_ahead(&self, no: ContactNo, tags: Tags, made: &Prepared) -> bool {
        self.names.keep(no, tags.name, &made.short);
        // Both, whatever the other says.
        self.keep_in_file(no, tags, made, Why::Ahead) | self.names.are_kept()
    }

    fn keep_in_file(&self, no: ContactNo, tags: Tags, made: &Prepared, why: Why) -> bool {
        let Ok(length) = u16::try_from(made.short.len()) else {
            return true;
        };
        let both = [&length.to_le_bytes(), &*made.short, &*made.long].concat();
        self.both.keep(no, tags.both, &both, why)
    }

    /// Throws away what is kept of a contact, and what is being made.
    pub(crate) fn forget(&self, no: ContactNo) {
        self.names.forget(no);
        // The file before the memory, which `read` fills from the file: a reader between the two
        // would else take the new tag of the memory and keep under it what the file still holds.
        self.both.forget(no);
        self.often.forget(no);
    }

    /// Throws away everything, and gives the room back.
    pub(crate) fn clear(&self) {
        self.names.clear();
        // In this order, as in `forget`.
        self.both.clear();
        self.often.clear();
    }

    /// Bytes of the file.
    pub(crate) fn file_bytes(&self) -> u64 {
        self.both.medium_bytes()
    }

    /// Bytes of memory.
    pub(crate) fn memory_bytes(&self) -> usize {
        self.words.bytes() + usize::try_from(self.often.medium_bytes()).unwrap_or(usize::MAX)
    }
}

/// Where the short form is in both, or in their beginning. `None` when it goes beyond that.
fn short_in(bytes: &[u8], both: &Range<usize>) -> Option<Range<usize>> {
    let length = bytes.get(both.clone())?.first_chunk::<LENGTH_BYTES>()?;
    let start = both.start + LENGTH_BYTES;
    let short = start..start + usize::from(u16::from_le_bytes(*length));
    (short.end <= both.end).then_some(short)
}
