//! A backing in memory, made a mebibyte at a time.

use crate::local::memory::cache::backing::{LINE_BYTES, Medium};
use crate::local::memory::sync::{AtomicU64, MODELLED, Ordering, fence};
use std::io;
use std::sync::OnceLock;

/// Words of memory that are made at once: 1 MiB.
const CHUNK_WORDS: usize = if MODELLED { 16 } else { 1 << 17 };
/// Chunks for 4 GiB.
const CHUNKS: usize = if MODELLED { 4 } else { 1 << 12 };

/// Memory, in words that are read and written as a whole.
pub(super) struct Memory(Box<[OnceLock<Box<[AtomicU64]>>]>);

impl Default for Memory {
    fn default() -> Memory {
        Memory((0..CHUNKS).map(|_| OnceLock::new()).collect())
    }
}

impl Memory {
    /// So many words from a place on, all in one chunk, which is made when it is missing and
    /// `make` says so.
    fn words(&self, place: u64, count: usize, make: bool) -> Option<&[AtomicU64]> {
        let word = usize::try_from(place / 8).ok()?;
        let chunk = self.0.get(word / CHUNK_WORDS)?;
        let words = match chunk.get() {
            None if make => {
                chunk.get_or_init(|| (0..CHUNK_WORDS).map(|_| AtomicU64::new(0)).collect())
            }
            words => words?,
        };
        let first = word % CHUNK_WORDS;
        words.get(first..first + count)
    }
}

impl Medium for Memory {
    const PIECE: u64 = 8 * CHUNK_WORDS as u64;
    const STEP: u64 = 8;

    fn read(&self, place: u64, length: usize, into: &mut Vec<u8>) -> bool {
        let Some(words) = self.words(place, length.div_ceil(8), false) else {
            return false;
        };
        let start = into.len();
        into.resize(start + 8 * words.len(), 0);
        let (eights, _) = into[start..].as_chunks_mut::<8>();
        for (eight, word) in eights.iter_mut().zip(words) {
            *eight = word.load(Ordering::Relaxed).to_le_bytes();
        }
        into.truncate(start + length);
        // The ring looks at its word after this, and not before.
        fence(Ordering::Acquire);
        true
    }

    fn touch(&self, place: u64, length: usize) -> u64 {
        let words = self.words(place, length.div_ceil(8), false).unwrap_or_default();
        let lines = words.iter().step_by(LINE_BYTES / 8).chain(words.last());
        lines.fold(0, |sum, word| sum ^ word.load(Ordering::Relaxed))
    }

    fn write(&self, place: u64, head: &[u8; 4], bytes: &[u8]) -> io::Result<()> {
        let count = (head.len() + bytes.len()).div_ceil(8);
        let words = self.words(place, count, true).ok_or(io::ErrorKind::StorageFull)?;
        let mut all = head.iter().chain(bytes).copied();
        // Whoever sees any of this sees, too, that the ring has thrown away what was here.
        fence(Ordering::Release);
        for word in words {
            let bytes = std::array::from_fn(|_| all.next().unwrap_or(0));
            word.store(u64::from_le_bytes(bytes), Ordering::Relaxed);
        }
        Ok(())
    }

    fn clear(&self) {
        // Readers may be in it, so the memory stays for the next.
    }

    fn bytes(&self) -> u64 {
        let chunks = self.0.iter().filter(|chunk| chunk.get().is_some()).count();
        (size_of_val(&*self.0) + chunks * CHUNK_WORDS * 8) as u64
    }
}
