//! The render cache: the renderings of contacts that were given the last time, so that a contact
//! need not be read and written out again. Opaque bytes, made by the caller; thrown away when the
//! contact or its organisation changes, and when the book is opened.
//!
//! The short form (a name) is in memory, in the line of the contact's slots. Both forms are in mapped
//! files, which the system's page cache holds, and the long form (everything) of contacts who are
//! asked for again and again is in memory, too.

mod backing;
mod circular_log;
mod heap;
mod inline_names;
mod mapped_files;
#[cfg(test)]
#[cfg(any(feature = "shuttle", feature = "loom"))]
mod models;
mod slots;

use crate::local::memory::rendering::{Form, Rendering};
use crate::local::memory::sync::{AtomicU32, MODELLED, Ordering};
use carnet_model::ContactNo;
use circular_log::{Bounds, CircularLog, Eviction};
use heap::Heap;
use inline_names::InlineNames;
use mapped_files::MappedFiles;
use slots::{Generation, SlotKind, Slots};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Contacts that the doorkeeper remembers.
const DOORKEEPER_CONTACTS: usize = if MODELLED { 2 } else { 1 << 16 };
/// Bytes of the files to begin with. In tests few, so that the log grows.
const FILE_BYTES_FIRST: u64 = if cfg!(test) { 1 << 20 } else { 64 << 20 };
/// Bytes of the files that a contact warrants: its renderings twice, as those of edited contacts go
/// behind the others until the log comes round.
const FILE_BYTES_PER_CONTACT: u64 = 2_560;
/// Bytes before both forms in a file: how long the short one is.
const LENGTH_BYTES: usize = 2;
/// Bytes that are read where the short form alone is wanted: few are longer.
const SHORT_BYTES: usize = LENGTH_BYTES + 126;

/// The cache.
pub(crate) struct RenderCache {
    slots: Arc<Slots>,
    inline_names: InlineNames,
    /// Long forms.
    heap: CircularLog<Heap>,
    /// Both forms, the short one first.
    files: CircularLog<MappedFiles>,
    doorkeeper: Doorkeeper,
}

/// The bytes that the cache may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Capacity {
    /// Bytes of memory, for renderings that are asked for often. Names have their own memory, none
    /// when this is 0.
    pub(crate) memory: u64,
    /// Bytes of the files.
    pub(crate) file: u64,
}

/// The generations of a contact's renderings, to be taken before the contact is read: they go with
/// the rendering that is to be kept, which is not kept if they have moved since.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Generations {
    name: Generation,
    files: Generation,
}

/// The doorkeeper of the memory: a contact is admitted at the second access, so that one that is
/// asked for once does not evict others. Of each number modulo [`DOORKEEPER_CONTACTS`] it remembers
/// the contact that was read from the files last.
struct Doorkeeper(Box<[AtomicU32]>);

impl Doorkeeper {
    fn new() -> Doorkeeper {
        Doorkeeper((0..DOORKEEPER_CONTACTS).map(|_| AtomicU32::new(0)).collect())
    }

    /// Whether this contact was read before, and no other since that shares its place.
    fn admits(&self, no: ContactNo) -> bool {
        #[expect(clippy::cast_possible_truncation, reason = "the low bits are what is wanted")]
        let (place, low) = (&self.0[no.0 as usize % DOORKEEPER_CONTACTS], no.0 as u32);
        // Relaxed: a guess that orders nothing.
        if place.load(Ordering::Relaxed) == low {
            return true;
        }
        place.store(low, Ordering::Relaxed);
        false
    }
}

impl RenderCache {
    /// An empty cache with files in a folder at `path`, which is emptied. With little capacity, or
    /// where the folder cannot be made, less is kept, and everything is answered all the same.
    pub(crate) fn open(path: PathBuf, capacity: Capacity) -> RenderCache {
        let slots = Arc::new(Slots::default());
        let folder = path.parent().map(Path::to_owned);
        // Files that an earlier run left are deleted by this, and so count as free below.
        let files = MappedFiles::open(path, capacity.file > 0);
        let free = folder.as_deref().and_then(mapped_files::free_bytes).unwrap_or(u64::MAX);
        let in_memory = Bounds::fixed(capacity.memory);
        let in_files = Bounds {
            first: FILE_BYTES_FIRST,
            per_contact: FILE_BYTES_PER_CONTACT,
            // A cache must not take the room of what is to be kept for good.
            most: capacity.file.min(free / 2),
        };
        RenderCache {
            inline_names: InlineNames::new(Arc::clone(&slots), capacity.memory > 0),
            heap: CircularLog::new(Heap::default(), in_memory, Arc::clone(&slots), SlotKind::Heap),
            files: CircularLog::new(files, in_files, Arc::clone(&slots), SlotKind::Files),
            slots,
            doorkeeper: Doorkeeper::new(),
        }
    }

    /// The generations of a contact, to be taken before the state is read from which its renderings
    /// are made.
    pub(crate) fn generations(&self, no: ContactNo) -> Generations {
        Generations { name: self.inline_names.generation(no), files: self.files.generation(no) }
    }

    /// Appends the rendering of a contact to `into`. `None` when it is not kept.
    pub(crate) fn read(
        &self,
        no: ContactNo,
        form: Form,
        into: &mut Vec<u8>,
    ) -> Option<Range<usize>> {
        let in_memory = match form {
            Form::Short => self.inline_names.read(no, into),
            Form::Long => self.heap.read(no, into),
        };
        if in_memory.is_some() {
            return in_memory;
        }
        // Before the files are read: see `invalidate`.
        let generation = self.heap.generation(no);
        let found = self.read_files(no, form, into)?;
        if form == Form::Long && self.doorkeeper.admits(no) {
            // Without room in memory the files answer the next time, too.
            self.heap.insert(no, generation, &into[found.clone()], Eviction::Allowed);
        }
        Some(found)
    }

    /// Reads the slots of these contacts, none of which waits for another.
    pub(crate) fn prefetch_slots(&self, nos: &[ContactNo]) -> u64 {
        nos.iter().fold(0, |sum, no| sum ^ self.inline_names.prefetch(*no))
    }

    /// Reads the long renderings of these contacts, none of which waits for another.
    pub(crate) fn prefetch_renderings(&self, nos: &[ContactNo]) -> u64 {
        let prefetch =
            |no: &ContactNo| self.heap.prefetch(*no).or_else(|| self.files.prefetch(*no));
        nos.iter().filter_map(prefetch).fold(0, |sum, bytes| sum ^ bytes)
    }

    fn read_files(&self, no: ContactNo, form: Form, into: &mut Vec<u8>) -> Option<Range<usize>> {
        let start = into.len();
        if form == Form::Short {
            let begin = self.files.read_begin(no, SHORT_BYTES, into)?;
            if let Some(short) = short_in(into, &begin) {
                return Some(short);
            }
            // The name is longer than what was read: once more, and all of it.
            into.truncate(start);
        }
        let both = self.files.read(no, into)?;
        let short = short_in(into, &both)?;
        Some(if form == Form::Short { short } else { short.end..both.end })
    }

    /// Keeps renderings that were made from a state read after `generations`.
    pub(crate) fn insert(&self, no: ContactNo, generations: Generations, made: &Rendering) {
        self.inline_names.insert(no, generations.name, &made.short);
        self.insert_in_files(no, generations, made, Eviction::Allowed);
    }

    /// Keeps renderings that were not asked for yet, as far as there is room without evicting
    /// others. False when there is none for any of them.
    pub(crate) fn insert_if_room(
        &self,
        no: ContactNo,
        generations: Generations,
        made: &Rendering,
    ) -> bool {
        self.inline_names.insert(no, generations.name, &made.short);
        // No short circuit: both are to be tried.
        let in_files = self.insert_in_files(no, generations, made, Eviction::Forbidden);
        in_files | self.inline_names.are_kept()
    }

    fn insert_in_files(
        &self,
        no: ContactNo,
        generations: Generations,
        made: &Rendering,
        eviction: Eviction,
    ) -> bool {
        // A name so long never fits, which is no lack of room.
        let Ok(length) = u16::try_from(made.short.len()) else {
            return true;
        };
        let both = [&length.to_le_bytes(), &*made.short, &*made.long].concat();
        self.files.insert(no, generations.files, &both, eviction)
    }

    /// Throws away the renderings of a contact, and those that are being made.
    pub(crate) fn invalidate(&self, no: ContactNo) {
        self.inline_names.invalidate(no);
        // The files before the memory, which `read` fills from the files: a reader between the two
        // would else take the new generation of the memory, and keep under it for good what the
        // files still hold.
        self.files.invalidate(no);
        self.heap.invalidate(no);
    }

    /// Throws away everything, and gives the room back.
    pub(crate) fn clear(&self) {
        self.inline_names.clear();
        // In this order, as in `invalidate`.
        self.files.clear();
        self.heap.clear();
    }

    /// Bytes of the files.
    pub(crate) fn file_bytes(&self) -> u64 {
        self.files.backing_bytes()
    }

    /// Bytes of memory.
    pub(crate) fn memory_bytes(&self) -> usize {
        self.slots.bytes() + usize::try_from(self.heap.backing_bytes()).unwrap_or(usize::MAX)
    }
}

/// The range of the short form in both forms, or in their beginning. `None` when it goes beyond
/// that.
fn short_in(bytes: &[u8], both: &Range<usize>) -> Option<Range<usize>> {
    let length = bytes.get(both.clone())?.first_chunk::<LENGTH_BYTES>()?;
    let start = both.start + LENGTH_BYTES;
    let short = start..start + usize::from(u16::from_le_bytes(*length));
    (short.end <= both.end).then_some(short)
}
