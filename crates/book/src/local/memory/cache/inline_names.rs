//! Inline names: the short form of a contact, in the line of its slots, so that a look-up reads it
//! where it looks for it. It does not know how a name is made.
//!
//! Read without a lock: a name is whole when its slot is the same before and after it was read.
//! Written under a lock, one name at a time.

use super::slots::{Generation, NAME_WORDS, SlotKind, SlotLine, Slots, filled, invalidate, unpack};
use crate::local::memory::sync::{AtomicU64, Mutex, Ordering, fence};
use carnet_model::ContactNo;
use std::ops::Range;
use std::sync::{Arc, PoisonError};

/// Bytes of the longest name that is kept. Of a million made-up ones hardly any is longer.
pub(super) const NAME_BYTES_MAX: usize = NAME_WORDS * 8;
/// Added to the length in the slot: a name may be empty, and a length of 0 says that there is none.
const LENGTH_OFFSET: usize = 1;

/// The names.
pub(super) struct InlineNames {
    slots: Arc<Slots>,
    /// The lock of the writers.
    writing: Mutex<()>,
    wanted: bool,
}

impl InlineNames {
    /// Names in the lines of `slots`; none are kept unless `wanted`.
    pub(super) fn new(slots: Arc<Slots>, wanted: bool) -> InlineNames {
        InlineNames { slots, writing: Mutex::new(()), wanted }
    }

    /// Whether any are kept.
    pub(super) fn are_kept(&self) -> bool {
        self.wanted
    }

    fn line(&self, no: ContactNo) -> Option<&SlotLine> {
        if self.wanted { self.slots.line(no) } else { None }
    }

    fn slot(&self, no: ContactNo) -> Option<&AtomicU64> {
        self.line(no).map(|line| line.slot(SlotKind::Name))
    }

    /// The generation of a contact's name, to be taken before the state is read from which the name
    /// is made.
    pub(super) fn generation(&self, no: ContactNo) -> Generation {
        Generation::of(self.slot(no))
    }

    /// Reads a word of the contact's line.
    pub(super) fn prefetch(&self, no: ContactNo) -> u64 {
        let line = self.slots.line(no);
        line.map_or(0, |line| line.slot(SlotKind::Name).load(Ordering::Relaxed))
    }

    /// Appends the name to `into`. `None` when it is not kept.
    pub(super) fn read(&self, no: ContactNo, into: &mut Vec<u8>) -> Option<Range<usize>> {
        let line = self.line(no)?;
        // Acquire: pairs with the exchange in `insert`, which comes after the words of the name.
        let seen = line.slot(SlotKind::Name).load(Ordering::Acquire);
        let length = unpack(seen).0.checked_sub(LENGTH_OFFSET)?;
        let mut name = [0; NAME_BYTES_MAX];
        let (eights, _) = name.as_chunks_mut::<8>();
        for (eight, word) in eights.iter_mut().zip(&line.name) {
            *eight = word.load(Ordering::Relaxed).to_le_bytes();
        }
        // Acquire: pairs with the release fence in `insert`, through the words. A reader that saw a
        // word of a newer name then sees that the slot was invalidated before.
        fence(Ordering::Acquire);
        let unchanged = line.slot(SlotKind::Name).load(Ordering::Relaxed) == seen;
        let name = name.get(..length).filter(|_| unchanged)?;
        let start = into.len();
        into.extend_from_slice(name);
        Some(start..into.len())
    }

    /// Keeps a name that was made from a state read after `generation`, unless there is one, or it
    /// was invalidated since.
    pub(super) fn insert(&self, no: ContactNo, generation: Generation, name: &[u8]) {
        let Some(line) = self.line(no).filter(|_| name.len() <= NAME_BYTES_MAX) else {
            return;
        };
        let slot = line.slot(SlotKind::Name);
        // One at a time: two that write names of different states at once would mix their words.
        let _writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        // Acquire: pairs with the invalidation in `slots::invalidate`, so that the fence below
        // carries it on to the readers.
        if unpack(generation.0).0 > 0 || slot.load(Ordering::Acquire) != generation.0 {
            return;
        }
        let mut bytes = [0; NAME_BYTES_MAX];
        bytes[..name.len()].copy_from_slice(name);
        // Release: pairs with the acquire fence in `read`.
        fence(Ordering::Release);
        let (eights, _) = bytes.as_chunks::<8>();
        for (eight, word) in eights.iter().zip(&line.name) {
            word.store(u64::from_le_bytes(*eight), Ordering::Relaxed);
        }
        #[expect(clippy::cast_possible_truncation, reason = "at most NAME_BYTES_MAX and one")]
        let new = filled(generation, (LENGTH_OFFSET + name.len()) as u16, 0);
        // Fails when it was invalidated meanwhile, and then the name is not kept. Release: pairs
        // with the first load in `read`.
        let _ = slot.compare_exchange(generation.0, new, Ordering::AcqRel, Ordering::Relaxed);
    }

    /// Invalidates what is kept of a contact, and what is being made.
    pub(super) fn invalidate(&self, no: ContactNo) {
        if let Some(slot) = self.slot(no) {
            invalidate(slot);
        }
    }

    /// Invalidates everything.
    pub(super) fn clear(&self) {
        self.slots.each(SlotKind::Name, invalidate);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(names: &InlineNames, no: u64) -> Option<Vec<u8>> {
        let mut bytes = b"before".to_vec();
        let name = names.read(ContactNo(no), &mut bytes)?;
        assert!(bytes.starts_with(b"before") && name.end == bytes.len());
        Some(bytes[name].to_vec())
    }

    fn insert(names: &InlineNames, no: u64, name: &[u8]) {
        names.insert(ContactNo(no), names.generation(ContactNo(no)), name);
    }

    #[test]
    fn a_name_is_read_as_it_was_kept_until_it_is_thrown_away() {
        let names = InlineNames::new(Arc::default(), true);
        let long = [b'x'; NAME_BYTES_MAX];
        for (no, name) in [(1, &b"Ann"[..]), (2, b""), (70_000, &long)] {
            assert_eq!(read(&names, no), None);
            insert(&names, no, name);
            assert_eq!(read(&names, no).unwrap(), name);
        }
        // A name that is there stays: it is as new as the other.
        insert(&names, 1, b"Bob");
        assert_eq!(read(&names, 1).unwrap(), b"Ann");
        names.invalidate(ContactNo(1));
        assert_eq!(read(&names, 1), None);
        insert(&names, 1, b"Bob");
        assert_eq!(read(&names, 1).unwrap(), b"Bob");
        names.clear();
        assert_eq!((read(&names, 1), read(&names, 2)), (None, None));
    }

    #[test]
    fn what_is_too_long_or_not_wanted_or_from_before_is_not_kept() {
        let names = InlineNames::new(Arc::default(), true);
        insert(&names, 1, &[b'x'; NAME_BYTES_MAX + 1]);
        assert_eq!(read(&names, 1), None);
        let generation = names.generation(ContactNo(2));
        names.invalidate(ContactNo(2));
        names.insert(ContactNo(2), generation, b"old");
        assert_eq!(read(&names, 2), None);
        let none = InlineNames::new(Arc::default(), false);
        insert(&none, 1, b"x");
        assert_eq!(read(&none, 1), None);
    }

    #[test]
    fn readers_and_writers_at_once_see_whole_names_of_their_contact() {
        let names = InlineNames::new(Arc::default(), true);
        std::thread::scope(|scope| {
            for thread in 0..4_u64 {
                let names = &names;
                scope.spawn(move || {
                    for round in 0..30_000_u64 {
                        let no = (round * 7 + thread * 13) % 50;
                        let one_of = |name: &[u8]| {
                            let letter = name[0];
                            name.len() == NAME_BYTES_MAX && name.iter().all(|b| *b == letter)
                        };
                        match read(names, no) {
                            Some(name) => assert!(one_of(&name), "{name:?}"),
                            None => insert(names, no, &[b'a' + (round % 26) as u8; NAME_BYTES_MAX]),
                        }
                        if round % 5 == 0 {
                            names.invalidate(ContactNo(no));
                        }
                    }
                });
            }
        });
    }
}
