//! A backing in memory, allocated a mebibyte at a time.

use crate::local::memory::cache::backing::{Backing, LINE_BYTES};
use crate::local::memory::sync::{AtomicU64, MODELLED, Ordering, fence};
use std::io;
use std::sync::OnceLock;

/// Words of a chunk, which is allocated at once: 1 MiB.
const CHUNK_WORDS: usize = if MODELLED { 16 } else { 1 << 17 };
/// Chunks for 4 GiB.
const CHUNKS: usize = if MODELLED { 4 } else { 1 << 12 };

/// Memory in words of 8 bytes, each read and written as a whole: plain bytes would be a data race
/// between a reader and the writer.
pub(super) struct Heap(Box<[OnceLock<Box<[AtomicU64]>>]>);

impl Default for Heap {
    fn default() -> Heap {
        Heap((0..CHUNKS).map(|_| OnceLock::new()).collect())
    }
}

impl Heap {
    /// `count` words from `offset` on, all in one chunk; allocates the chunk if `make`.
    fn words(&self, offset: u64, count: usize, make: bool) -> Option<&[AtomicU64]> {
        let word = usize::try_from(offset / 8).ok()?;
        let chunk = self.0.get(word / CHUNK_WORDS)?;
        let words = match chunk.get() {
            // Only when something is written there: an empty cache takes little memory.
            None if make => {
                chunk.get_or_init(|| (0..CHUNK_WORDS).map(|_| AtomicU64::new(0)).collect())
            }
            words => words?,
        };
        let first = word % CHUNK_WORDS;
        words.get(first..first + count)
    }
}

impl Backing for Heap {
    const PIECE_BYTES: u64 = 8 * CHUNK_WORDS as u64;
    const STEP_BYTES: u64 = 8;

    fn read(&self, offset: u64, length: usize, into: &mut Vec<u8>) -> bool {
        let Some(words) = self.words(offset, length.div_ceil(8), false) else {
            return false;
        };
        let start = into.len();
        into.resize(start + 8 * words.len(), 0);
        let (eights, _) = into[start..].as_chunks_mut::<8>();
        for (eight, word) in eights.iter_mut().zip(words) {
            *eight = word.load(Ordering::Relaxed).to_le_bytes();
        }
        into.truncate(start + length);
        // Acquire: pairs with the release fence in `write`, through the words. A reader that saw a
        // word of a newer entry then sees in the slot, too, that the old one was invalidated.
        fence(Ordering::Acquire);
        true
    }

    fn prefetch(&self, offset: u64, length: usize) -> u64 {
        let words = self.words(offset, length.div_ceil(8), false).unwrap_or_default();
        let lines = words.iter().step_by(LINE_BYTES / 8).chain(words.last());
        lines.fold(0, |sum, word| sum ^ word.load(Ordering::Relaxed))
    }

    fn write(&self, offset: u64, head: &[u8; 4], bytes: &[u8]) -> io::Result<()> {
        let count = (head.len() + bytes.len()).div_ceil(8);
        let words = self.words(offset, count, true).ok_or(io::ErrorKind::StorageFull)?;
        let mut all = head.iter().chain(bytes).copied();
        // Release: pairs with the acquire fence in `read`. Before it the log invalidated the slots
        // of the entries that lay here.
        fence(Ordering::Release);
        for word in words {
            let bytes = std::array::from_fn(|_| all.next().unwrap_or(0));
            word.store(u64::from_le_bytes(bytes), Ordering::Relaxed);
        }
        Ok(())
    }

    fn clear(&self) {
        // Readers may be in it, so the memory stays for the next entries.
    }

    fn bytes(&self) -> u64 {
        let chunks = self.0.iter().filter(|chunk| chunk.get().is_some()).count();
        (size_of_val(&*self.0) + chunks * CHUNK_WORDS * 8) as u64
    }
}
