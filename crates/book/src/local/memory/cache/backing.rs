//! The backing of a circular log: memory, or files. A reader may read bytes while they are written;
//! the log tells it afterwards that it did. A backing knows offsets, and neither contacts nor slots.

use std::io;

/// Bytes by offset. One thread writes at a time, readers come at any time.
pub(super) trait Backing {
    /// Bytes of a piece. No entry may lie in two pieces.
    const PIECE_BYTES: u64;
    /// Each half of a log is a multiple of this.
    const STEP_BYTES: u64;

    /// Appends `length` bytes from `offset` to `into`. False when they are not there. Everything is
    /// read before a load that follows the call.
    fn read(&self, offset: u64, length: usize, into: &mut Vec<u8>) -> bool;
    /// Reads a little of each line of the processor's cache in which an entry lies, so that the
    /// lines are there when it is read.
    fn prefetch(&self, offset: u64, length: usize) -> u64;
    /// Writes head and bytes at `offset`, a multiple of 8. Nothing is written before a store that
    /// precedes the call.
    fn write(&self, offset: u64, head: &[u8; 4], bytes: &[u8]) -> io::Result<()>;
    /// Gives room on the disk back.
    fn clear(&self);
    /// Bytes that it takes.
    fn bytes(&self) -> u64;
}

/// Bytes of a line of the processor's cache.
pub(super) const LINE_BYTES: usize = 64;
