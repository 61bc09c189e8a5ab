//! What a circular log lies on: memory, or files. Readers may read a place while it is written; the
//! log tells them afterwards that they did.

use std::io;

/// Something with places. One thread writes at a time.
pub(super) trait Medium {
    /// No run may lie in two of the pieces of so many bytes.
    const PIECE: u64;
    /// A half is a multiple of so many bytes.
    const STEP: u64;

    /// Puts `length` bytes from a place at the end of `into`. False when they are not there.
    fn read(&self, place: u64, length: usize, into: &mut Vec<u8>) -> bool;
    /// Reads a little of each line of the processor's cache that a run lies in, to have it there.
    fn touch(&self, place: u64, length: usize) -> u64;
    /// Writes head and bytes at a place, a multiple of 8.
    fn write(&self, place: u64, head: &[u8; 4], bytes: &[u8]) -> io::Result<()>;
    /// Gives room on the disk back.
    fn clear(&self);
    /// Bytes that it takes.
    fn bytes(&self) -> u64;
}

/// Bytes of a line of the processor's cache.
pub(super) const LINE_BYTES: usize = 64;
