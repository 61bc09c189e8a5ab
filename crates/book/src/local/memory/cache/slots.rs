//! What stands in memory for each contact, one line of the processor's cache: the words that tell
//! where its answers are, and its name. A look-up waits for memory once.
//!
//! ```text
//! word: | times thrown away u16 | length in bytes u16, 0 for nothing | place in 8 bytes u32 |
//! ```
//!
//! The times tell an answer that was made before a change from one that was made after it.

use crate::local::memory::sync::{AtomicU64, MODELLED, Ordering};
use carnet_model::ContactNo;
use std::sync::OnceLock;

/// Contacts whose rows are made at once.
const CHUNK: usize = if MODELLED { 4 } else { 1 << 16 };
/// Chunks for every contact that the number index can hold.
const CHUNKS: usize = if MODELLED { 2 } else { (1 << 31) / CHUNK };
/// Places are counted in so many bytes.
pub(super) const UNIT: u64 = 8;
/// Words of a name.
pub(super) const NAME_WORDS: usize = if MODELLED { 2 } else { 5 };

/// Which of a contact's words is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lane {
    /// Of the name, which is in the row itself.
    Name,
    /// Of answers in memory.
    Often,
    /// Of answers in the file.
    Both,
}

/// What stands for one contact.
#[derive(Default)]
#[repr(align(64))]
pub(super) struct Row {
    words: [AtomicU64; 3],
    pub(super) name: [AtomicU64; NAME_WORDS],
}

impl Row {
    pub(super) fn word(&self, lane: Lane) -> &AtomicU64 {
        &self.words[lane as usize]
    }
}

/// What was there for a contact: goes with what is to be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tag(pub(super) u64);

impl Tag {
    pub(super) fn of(word: Option<&AtomicU64>) -> Tag {
        Tag(word.map_or(0, |word| word.load(Ordering::Acquire)))
    }
}

/// The rows.
pub(super) struct Words(Box<[OnceLock<Box<[Row]>>]>);

impl Default for Words {
    fn default() -> Words {
        Words((0..CHUNKS).map(|_| OnceLock::new()).collect())
    }
}

impl Words {
    /// The row of a contact, which is made when it is missing.
    pub(super) fn row(&self, no: ContactNo) -> Option<&Row> {
        let at = usize::try_from(no.0).ok()?;
        let chunk = self.0.get(at / CHUNK)?;
        let rows = chunk.get_or_init(|| (0..CHUNK).map(|_| Row::default()).collect());
        rows.get(at % CHUNK)
    }

    /// Every word of a lane that was made.
    pub(super) fn each(&self, lane: Lane, each: impl FnMut(&AtomicU64)) {
        let rows = self.0.iter().filter_map(OnceLock::get).flatten();
        rows.map(|row| row.word(lane)).for_each(each);
    }

    /// For how many contacts there are rows.
    pub(super) fn contacts(&self) -> u64 {
        (self.chunks() * CHUNK) as u64
    }

    fn chunks(&self) -> usize {
        self.0.iter().filter(|chunk| chunk.get().is_some()).count()
    }

    /// Bytes of memory.
    pub(super) fn bytes(&self) -> usize {
        CHUNKS * size_of::<OnceLock<Box<[Row]>>>() + self.chunks() * CHUNK * size_of::<Row>()
    }
}

/// Nothing is there, and what was being made is not to be kept.
pub(super) fn empty_word(word: &AtomicU64) {
    // Always some, so it cannot fail.
    let _ = word.fetch_update(Ordering::AcqRel, Ordering::Acquire, |word| Some(emptied(word)));
}

/// The word after what it tells of was thrown away. The version wraps at the top.
pub(super) fn emptied(word: u64) -> u64 {
    (word & VERSION).wrapping_add(VERSION_STEP)
}

const VERSION_STEP: u64 = 1 << 48;
pub(super) const VERSION: u64 = !(VERSION_STEP - 1);

/// Length in bytes, and place in bytes.
pub(super) fn split(word: u64) -> (usize, u64) {
    let length = (word >> 32) & 0xffff;
    (length as usize, (word & 0xffff_ffff) * UNIT)
}
