//! What a ring lies on: memory, or a file. Readers may read a place while it is written; the ring
//! tells them afterwards that they did.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{OnceLock, PoisonError, RwLock};

/// Something with places. One thread writes at a time.
pub(super) trait Medium {
    /// Puts `length` bytes from a place at the end of `into`. False when they are not there.
    fn read(&self, place: u64, length: usize, into: &mut Vec<u8>) -> bool;
    /// Writes head and bytes at a place, a multiple of 8.
    fn write(&self, place: u64, head: &[u8; 4], bytes: &[u8]) -> io::Result<()>;
    /// Gives room on the disk back.
    fn clear(&self);
    /// Bytes that it takes.
    fn bytes(&self) -> u64;
}

/// Words of memory that are made at once: 1 MiB.
const CHUNK_WORDS: usize = 1 << 17;
/// Chunks for 4 GiB.
const CHUNKS: usize = 1 << 12;

/// Memory, in words that are read and written as a whole.
pub(super) struct Memory(Box<[OnceLock<Box<[AtomicU64]>>]>);

impl Default for Memory {
    fn default() -> Memory {
        Memory((0..CHUNKS).map(|_| OnceLock::new()).collect())
    }
}

impl Memory {
    /// The words from this one to the end of its chunk, which is made when it is missing and
    /// `make` says so.
    fn words(&self, word: usize, make: bool) -> Option<&[AtomicU64]> {
        let chunk = self.0.get(word / CHUNK_WORDS)?;
        let words = match chunk.get() {
            None if make => {
                chunk.get_or_init(|| (0..CHUNK_WORDS).map(|_| AtomicU64::new(0)).collect())
            }
            words => words?,
        };
        words.get(word % CHUNK_WORDS..)
    }
}

/// Which word a place is.
fn word_of(place: u64) -> usize {
    usize::try_from(place / 8).unwrap_or(usize::MAX)
}

impl Medium for Memory {
    fn read(&self, place: u64, length: usize, into: &mut Vec<u8>) -> bool {
        let end = into.len() + length;
        into.reserve(length + 8);
        let mut word = word_of(place);
        while into.len() < end {
            let Some(words) = self.words(word, false) else {
                return false;
            };
            let wanted = (end - into.len()).div_ceil(8).min(words.len());
            let bytes =
                words[..wanted].iter().flat_map(|w| w.load(Ordering::Relaxed).to_le_bytes());
            into.extend(bytes);
            word += wanted;
        }
        into.truncate(end);
        // The ring looks at its word after this, and not before.
        std::sync::atomic::fence(Ordering::Acquire);
        true
    }

    fn write(&self, place: u64, head: &[u8; 4], bytes: &[u8]) -> io::Result<()> {
        let mut all = head.iter().chain(bytes).copied();
        let mut word = word_of(place);
        let mut left = (head.len() + bytes.len()).div_ceil(8);
        // Whoever sees any of this sees, too, that the ring has thrown away what was here.
        std::sync::atomic::fence(Ordering::Release);
        while left > 0 {
            let words = self.words(word, true).ok_or(io::ErrorKind::StorageFull)?;
            let now = left.min(words.len());
            for word in &words[..now] {
                let bytes = std::array::from_fn(|_| all.next().unwrap_or(0));
                word.store(u64::from_le_bytes(bytes), Ordering::Relaxed);
            }
            word += now;
            left -= now;
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

/// Bytes that are collected for one write. Measured with random reads of 1,100 bytes from a file of
/// 230 MB in the page cache: written in pieces of 1 KiB 1,190 ns a read, of 1 MiB 760 ns, as the
/// system then keeps it in larger pieces.
const PENDING_BYTES: usize = 1 << 20;

/// A file, and the end of it that waits to be written.
pub(super) struct Disk {
    file: Option<File>,
    path: PathBuf,
    pending: RwLock<Pending>,
    /// Where the pending bytes belong: whoever reads elsewhere need not take the lock.
    begin: AtomicU64,
}

#[derive(Default)]
struct Pending {
    begin: u64,
    bytes: Vec<u8>,
}

impl Disk {
    /// A file at `path`, emptied; none, and none there, unless it is wanted.
    pub(super) fn open(path: PathBuf, wanted: bool) -> Disk {
        let file = wanted.then(|| create(&path)).and_then(|made| {
            let why = |error: &io::Error| {
                tracing::warn!(%error, "answers are not kept ready: their file cannot be made");
            };
            made.inspect_err(why).ok()
        });
        if file.is_none() {
            // What an earlier run left, perhaps with other settings.
            let _ = std::fs::remove_file(&path);
        }
        Disk { file, path, pending: RwLock::default(), begin: AtomicU64::new(0) }
    }

    /// Copies from what is pending. `None` when the place is not in it.
    fn read_pending(&self, place: u64, length: usize, into: &mut Vec<u8>) -> Option<()> {
        let pending = self.pending.read().unwrap_or_else(PoisonError::into_inner);
        let from = usize::try_from(place.checked_sub(pending.begin)?).ok()?;
        into.extend_from_slice(pending.bytes.get(from..from.checked_add(length)?)?);
        Some(())
    }

    fn flush(file: &File, pending: &mut Pending, begin: u64) -> io::Result<()> {
        if !pending.bytes.is_empty() {
            write_at(file, &pending.bytes, pending.begin)?;
        }
        pending.bytes.clear();
        pending.begin = begin;
        Ok(())
    }
}

impl Medium for Disk {
    fn read(&self, place: u64, length: usize, into: &mut Vec<u8>) -> bool {
        let begin = self.begin.load(Ordering::Acquire);
        let near = place >= begin && place < begin + 2 * PENDING_BYTES as u64;
        if near && self.read_pending(place, length, into).is_some() {
            return true;
        }
        let start = into.len();
        into.resize(start + length, 0);
        let read = self.file.as_ref().map(|file| read_at(file, &mut into[start..], place));
        matches!(read, Some(Ok(())))
    }

    fn write(&self, place: u64, head: &[u8; 4], bytes: &[u8]) -> io::Result<()> {
        let file = self.file.as_ref().ok_or(io::ErrorKind::StorageFull)?;
        let mut pending = self.pending.write().unwrap_or_else(PoisonError::into_inner);
        let end = pending.begin + pending.bytes.len() as u64;
        if place < end || place > end + 8 || pending.bytes.len() >= PENDING_BYTES {
            Disk::flush(file, &mut pending, place)?;
            self.begin.store(place, Ordering::Release);
        }
        // Runs begin at multiples of eight.
        let at = usize::try_from(place - pending.begin).unwrap_or(usize::MAX);
        pending.bytes.resize(at, 0);
        pending.bytes.extend_from_slice(head);
        pending.bytes.extend_from_slice(bytes);
        Ok(())
    }

    fn clear(&self) {
        let mut pending = self.pending.write().unwrap_or_else(PoisonError::into_inner);
        *pending = Pending::default();
        self.begin.store(0, Ordering::Release);
        if let Some(Err(error)) = self.file.as_ref().map(|file| file.set_len(0)) {
            tracing::warn!(%error, "the file of ready answers cannot be emptied");
        }
    }

    fn bytes(&self) -> u64 {
        let length = |file: &File| file.metadata().map_or(0, |file| file.len());
        self.file.as_ref().map_or(0, length)
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        if self.file.take().is_some() {
            // A next start would empty it anyway.
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(unix)]
fn read_at(file: &File, into: &mut [u8], place: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, into, place)
}

#[cfg(unix)]
fn write_at(file: &File, bytes: &[u8], place: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::write_all_at(file, bytes, place)
}
