//! A circular log of entries, one a contact: new ones go behind the last, and the oldest make room.
//!
//! A slot for each contact ([`super::slots`]) tells where its entry is. Readers take no lock: an
//! entry is whole when its slot is the same before and after it was read, and it names its contact.
//! Writers take the lock of the write cursor.
//!
//! ```text
//! entry:  | contact no u32 | bytes |
//! ```
//!
//! The backing is written in two halves: when one is full, the entries of the other are evicted and
//! it is written anew. So the log never grows beyond its bound, and what was asked for lately is in
//! it. At the end of the second half the log first grows, as far as the number of contacts warrants.

use super::backing::Backing;
use super::slots::{
    Generation, OFFSET_UNIT, SlotKind, Slots, filled, invalidate, invalidated, unpack,
};
use crate::local::memory::sync::{AtomicU64, MODELLED, Mutex, Ordering};
use carnet_model::ContactNo;
use std::ops::Range;
use std::sync::{Arc, PoisonError};

#[cfg(test)]
mod tests;

/// Bytes of an entry before those that are kept.
const HEAD_BYTES: usize = 4;
/// Bytes of the longest entry.
pub(super) const ENTRY_BYTES_MAX: usize = if MODELLED { 64 } else { u16::MAX as usize };

/// The log.
pub(super) struct CircularLog<B> {
    slots: Arc<Slots>,
    kind: SlotKind,
    backing: B,
    bounds: Bounds,
    /// There is too little room to keep anything.
    off: bool,
    /// The place of the next entry, and the lock of the writers.
    cursor: Mutex<WriteCursor>,
}

/// The size of a log.
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
    /// A log that does not grow.
    pub(super) fn fixed(bytes: u64) -> Bounds {
        Bounds { first: bytes, per_contact: 0, most: bytes }
    }

    fn first_half<B: Backing>(&self) -> u64 {
        half_of::<B>(self.first.min(self.most))
    }
}

fn half_of<B: Backing>(bytes: u64) -> u64 {
    // A slot has 32 bits for an offset, and both halves must fit into them.
    (bytes / 2).min(u64::from(u32::MAX / 2) * OFFSET_UNIT) / B::STEP_BYTES * B::STEP_BYTES
}

#[derive(Clone, Copy, Debug)]
struct WriteCursor {
    offset: u64,
    /// Bytes of one half, a multiple of [`OFFSET_UNIT`].
    half: u64,
    /// The second half is being written, and was swept. `offset` alone does not tell: at the end of
    /// the first half it is where the second begins.
    second: bool,
    /// It has come back to the beginning once: nothing is empty any more.
    wrapped: bool,
    /// Writing failed: nothing is kept until everything is thrown away.
    failed: bool,
}

impl WriteCursor {
    fn first<B: Backing>(bounds: &Bounds) -> WriteCursor {
        let half = bounds.first_half::<B>();
        WriteCursor { offset: 0, half, second: false, wrapped: false, failed: false }
    }

    /// Whether `room` bytes fit in at an offset that is in the half that is being written.
    fn is_room(&self, offset: u64, room: u64) -> bool {
        offset + room <= if self.second { 2 * self.half } else { self.half }
    }
}

/// Whether older entries may make room for a new one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Eviction {
    /// The oldest are evicted: the new one was asked for.
    Allowed,
    /// Nothing is evicted: the new one only may be asked for.
    Forbidden,
}

impl<B: Backing> CircularLog<B> {
    /// A log on a backing, with the slots of a kind. With less room than for four of the longest
    /// entries nothing is kept.
    pub(super) fn new(
        backing: B,
        bounds: Bounds,
        slots: Arc<Slots>,
        kind: SlotKind,
    ) -> CircularLog<B> {
        let cursor = WriteCursor::first::<B>(&bounds);
        let off = cursor.half < 2 * ENTRY_BYTES_MAX as u64;
        CircularLog { slots, kind, backing, bounds, off, cursor: Mutex::new(cursor) }
    }

    fn slot(&self, no: ContactNo) -> Option<&AtomicU64> {
        if self.off { None } else { self.slots.line(no).map(|line| line.slot(self.kind)) }
    }

    /// The generation of a contact's entry, to be taken before the state is read from which the
    /// entry is made.
    pub(super) fn generation(&self, no: ContactNo) -> Generation {
        Generation::of(self.slot(no))
    }

    /// Appends the bytes that are kept of a contact to `into`. `None` when there are none.
    pub(super) fn read(&self, no: ContactNo, into: &mut Vec<u8>) -> Option<Range<usize>> {
        self.read_begin(no, usize::MAX, into)
    }

    /// Appends at most `most` of the bytes that are kept of a contact, the first ones.
    pub(super) fn read_begin(
        &self,
        no: ContactNo,
        most: usize,
        into: &mut Vec<u8>,
    ) -> Option<Range<usize>> {
        let slot = self.slot(no)?;
        // Acquire: pairs with the exchange in `insert`, which comes after the bytes were written.
        let seen = slot.load(Ordering::Acquire);
        let (length, offset) = unpack(seen);
        if length < HEAD_BYTES {
            return None;
        }
        let length = length.min(most.saturating_add(HEAD_BYTES));
        let start = into.len();
        let read = self.backing.read(offset, length, into);
        // Not moved: else the bytes may be another contact's by now. The backing has seen to it
        // that they were read before this; acquire pairs with `invalidate` and `sweep`.
        let unchanged = read && slot.load(Ordering::Acquire) == seen;
        let entry = into.get(start..).and_then(|entry| entry.first_chunk::<HEAD_BYTES>());
        let ours = entry.is_some_and(|head| u64::from(u32::from_le_bytes(*head)) == no.0);
        if unchanged && ours && into.len() == start + length {
            Some(start + HEAD_BYTES..into.len())
        } else {
            into.truncate(start);
            None
        }
    }

    /// Reads a word of every line of the processor's cache in which the entry lies. `None` when
    /// there is none.
    pub(super) fn prefetch(&self, no: ContactNo) -> Option<u64> {
        // Acquire: pairs with the exchange in `insert`, as in `read_begin`.
        let (length, offset) = unpack(self.slot(no)?.load(Ordering::Acquire));
        (length >= HEAD_BYTES).then(|| self.backing.prefetch(offset, length))
    }

    /// Keeps bytes that were made from a state read after `generation`, unless the contact has an
    /// entry, or was invalidated since. False when there is no room for them without eviction.
    pub(super) fn insert(
        &self,
        no: ContactNo,
        generation: Generation,
        bytes: &[u8],
        eviction: Eviction,
    ) -> bool {
        let Some(slot) = self.slot(no) else {
            return false;
        };
        let length = HEAD_BYTES + bytes.len();
        // Neither ever fits, whatever is evicted, so there is no lack of room.
        let (Ok(length16), Ok(no32)) = (u16::try_from(length), u32::try_from(no.0)) else {
            return true;
        };
        // The slot is filled under the lock, too: an entry whose slot were filled late could by
        // then have been written over.
        let mut cursor = self.cursor.lock().unwrap_or_else(PoisonError::into_inner);
        // It may be there already, or another thread have kept it first.
        let moved = || slot.load(Ordering::Relaxed) != generation.0;
        if cursor.failed || unpack(generation.0).0 > 0 || moved() {
            return !cursor.failed;
        }
        let room = (length as u64).next_multiple_of(OFFSET_UNIT);
        if !self.make_room(&mut cursor, room, eviction) {
            return false;
        }
        if let Err(error) = self.backing.write(cursor.offset, &no32.to_le_bytes(), bytes) {
            tracing::warn!(%error, "renderings are not kept: their file cannot be written");
            self.empty(&mut cursor);
            cursor.failed = true;
            return false;
        }
        let new = filled(generation, length16, cursor.offset / OFFSET_UNIT);
        cursor.offset += room;
        // Fails when it was invalidated meanwhile, and then the entry belongs to no contact.
        // Release: pairs with the first load in `read_begin`.
        let _ = slot.compare_exchange(generation.0, new, Ordering::AcqRel, Ordering::Relaxed);
        true
    }

    /// Moves the cursor to an offset at which `room` bytes fit in. False when entries would have to
    /// be evicted and must not.
    fn make_room(&self, cursor: &mut WriteCursor, room: u64, eviction: Eviction) -> bool {
        if cursor.wrapped && eviction == Eviction::Forbidden {
            return false;
        }
        loop {
            // No entry lies in two pieces of the backing: the rest of a piece stays empty.
            let piece_end = (cursor.offset / B::PIECE_BYTES + 1) * B::PIECE_BYTES;
            if cursor.offset + room > piece_end && cursor.is_room(piece_end, room) {
                cursor.offset = piece_end;
            }
            if cursor.is_room(cursor.offset, room) {
                return true;
            }
            if !cursor.second {
                (cursor.offset, cursor.second) = (cursor.half, true);
                self.sweep(cursor.half..2 * cursor.half);
            } else if let Some(half) = self.grown(cursor.half) {
                // Entries stay where they are; there is nothing beyond them.
                (cursor.half, cursor.second) = (half, cursor.offset >= half);
            } else if eviction == Eviction::Forbidden {
                return false;
            } else {
                (cursor.offset, cursor.second) = (0, false);
                cursor.wrapped = true;
                self.sweep(0..cursor.half);
            }
        }
    }

    /// A larger half than this one, if the log may grow.
    fn grown(&self, half: u64) -> Option<u64> {
        // Twice as large: `half_of` takes the bytes of both halves.
        let warranted = self.slots.contacts().saturating_mul(self.bounds.per_contact);
        let grown = half_of::<B>((4 * half).min(warranted).min(self.bounds.most));
        (grown > half).then_some(grown)
    }

    /// Invalidates the entry of a contact, and one that is being made.
    pub(super) fn invalidate(&self, no: ContactNo) {
        if let Some(slot) = self.slot(no) {
            invalidate(slot);
        }
    }

    /// Invalidates everything, and gives the file's room back.
    pub(super) fn clear(&self) {
        let mut cursor = self.cursor.lock().unwrap_or_else(PoisonError::into_inner);
        self.empty(&mut cursor);
    }

    fn empty(&self, cursor: &mut WriteCursor) {
        self.slots.each(self.kind, invalidate);
        *cursor = WriteCursor::first::<B>(&self.bounds);
        self.backing.clear();
    }

    /// Evicts every entry in a part of the backing. Each gets another generation, though it is as
    /// new as ever: a reader that is interrupted until the log has come round twice, and has put the
    /// same entry at the same offset again, would else take what it read of others for its own.
    fn sweep(&self, part: Range<u64>) {
        self.slots.each(self.kind, |slot| {
            // Release and acquire as in `slots::invalidate`.
            let _ = slot.fetch_update(Ordering::AcqRel, Ordering::Acquire, |slot| {
                let (length, offset) = unpack(slot);
                (length > 0 && part.contains(&offset)).then(|| invalidated(slot))
            });
        });
    }

    /// Bytes of the backing.
    pub(super) fn backing_bytes(&self) -> u64 {
        self.backing.bytes()
    }
}
