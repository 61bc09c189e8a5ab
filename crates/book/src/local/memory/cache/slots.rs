//! Slots: one line of the processor's cache for each contact, in memory, with the slots that tell
//! where its renderings are, and its name. A look-up waits for memory once. It does not know what
//! the renderings are, nor who reads them.
//!
//! ```text
//! slot: | generation u16 | length in bytes u16, 0 for nothing | offset in 8 bytes u32 |
//! ```
//!
//! A slot is one atomic word, so a reader always sees length and offset of one moment. Invalidation
//! empties a slot and moves its generation: a rendering that was made before a change has an older
//! generation than one that was made after it, and the slot no longer takes it.

use crate::local::memory::sync::{AtomicU64, MODELLED, Ordering};
use carnet_model::ContactNo;
use std::sync::OnceLock;

/// Contacts whose lines are allocated at once.
const CHUNK: usize = if MODELLED { 4 } else { 1 << 16 };
/// Chunks for every contact that the number index can hold.
const CHUNKS: usize = if MODELLED { 2 } else { (1 << 31) / CHUNK };
/// Bytes of the unit in which offsets are counted.
pub(super) const OFFSET_UNIT: u64 = 8;
/// Words of an inline name.
pub(super) const NAME_WORDS: usize = if MODELLED { 2 } else { 5 };

/// Which of a contact's slots is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SlotKind {
    /// Of the inline name, which lies beside the slots.
    Name,
    /// Of the rendering in memory.
    Heap,
    /// Of the renderings in the files.
    Files,
}

/// The slots of one contact, and its name.
#[derive(Default)]
#[repr(align(64))]
pub(super) struct SlotLine {
    slots: [AtomicU64; 3],
    pub(super) name: [AtomicU64; NAME_WORDS],
}

impl SlotLine {
    pub(super) fn slot(&self, kind: SlotKind) -> &AtomicU64 {
        &self.slots[kind as usize]
    }
}

/// A slot as it was before the state was read from which a rendering is made. It goes with the
/// rendering, which is kept only if the slot has not moved since.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Generation(pub(super) u64);

impl Generation {
    pub(super) fn of(slot: Option<&AtomicU64>) -> Generation {
        // Acquire: pairs with the invalidation in `invalidate`, which comes after the snapshot was
        // published: a thread that reads the new generation here reads the new snapshot next.
        Generation(slot.map_or(0, |slot| slot.load(Ordering::Acquire)))
    }
}

/// The lines of all contacts.
pub(super) struct Slots(Box<[OnceLock<Box<[SlotLine]>>]>);

impl Default for Slots {
    fn default() -> Slots {
        Slots((0..CHUNKS).map(|_| OnceLock::new()).collect())
    }
}

impl Slots {
    /// The line of a contact, allocated when it is missing. `None` beyond the last chunk.
    pub(super) fn line(&self, no: ContactNo) -> Option<&SlotLine> {
        let at = usize::try_from(no.0).ok()?;
        let chunk = self.0.get(at / CHUNK)?;
        let lines = chunk.get_or_init(|| (0..CHUNK).map(|_| SlotLine::default()).collect());
        lines.get(at % CHUNK)
    }

    /// Calls `each` with every slot of a kind that is allocated.
    pub(super) fn each(&self, kind: SlotKind, each: impl FnMut(&AtomicU64)) {
        let lines = self.0.iter().filter_map(OnceLock::get).flatten();
        lines.map(|line| line.slot(kind)).for_each(each);
    }

    /// Contacts for which lines are allocated.
    pub(super) fn contacts(&self) -> u64 {
        (self.chunks() * CHUNK) as u64
    }

    fn chunks(&self) -> usize {
        self.0.iter().filter(|chunk| chunk.get().is_some()).count()
    }

    /// Bytes of memory.
    pub(super) fn bytes(&self) -> usize {
        let lines = self.chunks() * CHUNK * size_of::<SlotLine>();
        CHUNKS * size_of::<OnceLock<Box<[SlotLine]>>>() + lines
    }
}

/// Empties a slot, and sees to it that a rendering that is being made is not put into it.
pub(super) fn invalidate(slot: &AtomicU64) {
    // The closure never returns `None`, so this cannot fail. Release: pairs with the loads of the
    // slot in `Generation::of` and in the readers. Acquire: what is written over the old rendering
    // next comes after this in every thread's eyes, with the release fence before it.
    let _ = slot.fetch_update(Ordering::AcqRel, Ordering::Acquire, |slot| Some(invalidated(slot)));
}

/// An empty slot of the next generation. The generation wraps at the top.
pub(super) fn invalidated(slot: u64) -> u64 {
    (slot & GENERATION_MASK).wrapping_add(GENERATION_STEP)
}

const GENERATION_STEP: u64 = 1 << 48;
const GENERATION_MASK: u64 = !(GENERATION_STEP - 1);

/// A slot of the generation of `old` that tells of `length` bytes from an offset on, which is given
/// in units of [`OFFSET_UNIT`].
pub(super) fn filled(old: Generation, length: u16, offset_units: u64) -> u64 {
    (old.0 & GENERATION_MASK) | u64::from(length) << 32 | offset_units
}

/// Length and offset of a slot, in bytes.
pub(super) fn unpack(slot: u64) -> (usize, u64) {
    let length = (slot >> 32) & 0xffff;
    (length as usize, (slot & 0xffff_ffff) * OFFSET_UNIT)
}
