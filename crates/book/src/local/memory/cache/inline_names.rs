//! Names, each in the row of its contact: to be there it need not be looked for.
//!
//! Read without a lock: a name is as it should be when the word is the same before and after.

use super::slots::{Lane, NAME_WORDS, Row, Tag, VERSION, Words, empty_word, split};
use crate::local::memory::sync::{AtomicU64, Mutex, Ordering, fence};
use carnet_model::ContactNo;
use std::ops::Range;
use std::sync::{Arc, PoisonError};

/// Bytes of the longest name that is kept. Of a million made-up ones hardly any is longer.
pub(super) const NAME_BYTES_MAX: usize = NAME_WORDS * 8;
/// A name may be empty; a length of 0 says that there is none.
const HEAD: usize = 1;

/// The names.
pub(super) struct Names {
    words: Arc<Words>,
    /// Whoever holds it may write.
    writing: Mutex<()>,
    wanted: bool,
}

impl Names {
    /// None are kept unless they are wanted.
    pub(super) fn new(words: Arc<Words>, wanted: bool) -> Names {
        Names { words, writing: Mutex::new(()), wanted }
    }

    /// Whether any are kept.
    pub(super) fn are_kept(&self) -> bool {
        self.wanted
    }

    fn row(&self, no: ContactNo) -> Option<&Row> {
        if self.wanted { self.words.row(no) } else { None }
    }

    fn word(&self, no: ContactNo) -> Option<&AtomicU64> {
        self.row(no).map(|row| row.word(Lane::Name))
    }

    /// To be asked before the state is read from which a name is made.
    pub(super) fn tag(&self, no: ContactNo) -> Tag {
        Tag::of(self.word(no))
    }

    /// Reads the row.
    pub(super) fn touch(&self, no: ContactNo) -> u64 {
        self.words.row(no).map_or(0, |row| row.word(Lane::Name).load(Ordering::Relaxed))
    }

    /// Puts the name at the end of `into`. `None` when it is not kept.
    pub(super) fn read(&self, no: ContactNo, into: &mut Vec<u8>) -> Option<Range<usize>> {
        let row = self.row(no)?;
        let seen = row.word(Lane::Name).load(Ordering::Acquire);
        let length = split(seen).0.checked_sub(HEAD)?;
        let mut name = [0; NAME_BYTES_MAX];
        let (eights, _) = name.as_chunks_mut::<8>();
        for (eight, word) in eights.iter_mut().zip(&row.name) {
            *eight = word.load(Ordering::Relaxed).to_le_bytes();
        }
        fence(Ordering::Acquire);
        let stands = row.word(Lane::Name).load(Ordering::Relaxed) == seen;
        let name = name.get(..length).filter(|_| stands)?;
        let start = into.len();
        into.extend_from_slice(name);
        Some(start..into.len())
    }

    /// Keeps a name that was made from a state read after `tag`.
    pub(super) fn keep(&self, no: ContactNo, tag: Tag, name: &[u8]) {
        let Some(row) = self.row(no).filter(|_| name.len() <= NAME_BYTES_MAX) else {
            return;
        };
        let word = row.word(Lane::Name);
        // One at a time: two that write the same name would do no harm, but they need not be.
        let _writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        if split(tag.0).0 > 0 || word.load(Ordering::Acquire) != tag.0 {
            return;
        }
        let mut bytes = [0; NAME_BYTES_MAX];
        bytes[..name.len()].copy_from_slice(name);
        // Whoever sees any of this sees, too, that what was here has been thrown away.
        fence(Ordering::Release);
        let (eights, _) = bytes.as_chunks::<8>();
        for (eight, word) in eights.iter().zip(&row.name) {
            word.store(u64::from_le_bytes(*eight), Ordering::Relaxed);
        }
        let new = (tag.0 & VERSION) | ((HEAD + name.len()) as u64) << 32;
        // Not when it was thrown away meanwhile.
        let _ = word.compare_exchange(tag.0, new, Ordering::AcqRel, Ordering::Relaxed);
    }

    /// Throws away what is kept of a contact, and what is being made.
    pub(super) fn forget(&self, no: ContactNo) {
        if let Some(word) = self.word(no) {
            empty_word(word);
        }
    }

    /// Throws away everything.
    pub(super) fn clear(&self) {
        self.words.each(Lane::Name, empty_word);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(names: &Names, no: u64) -> Option<Vec<u8>> {
        let mut bytes = b"before".to_vec();
        let name = names.read(ContactNo(no), &mut bytes)?;
        assert!(bytes.starts_with(b"before") && name.end == bytes.len());
        Some(bytes[name].to_vec())
    }

    fn keep(names: &Names, no: u64, name: &[u8]) {
        names.keep(ContactNo(no), names.tag(ContactNo(no)), name);
    }

    #[test]
    fn a_name_is_read_as_it_was_kept_until_it_is_thrown_away() {
        let names = Names::new(Arc::default(), true);
        let long = [b'x'; NAME_BYTES_MAX];
        for (no, name) in [(1, &b"Ann"[..]), (2, b""), (70_000, &long)] {
            assert_eq!(read(&names, no), None);
            keep(&names, no, name);
            assert_eq!(read(&names, no).unwrap(), name);
        }
        // What is there stays: it is as new as what comes.
        keep(&names, 1, b"Bob");
        assert_eq!(read(&names, 1).unwrap(), b"Ann");
        names.forget(ContactNo(1));
        assert_eq!(read(&names, 1), None);
        keep(&names, 1, b"Bob");
        assert_eq!(read(&names, 1).unwrap(), b"Bob");
        names.clear();
        assert_eq!((read(&names, 1), read(&names, 2)), (None, None));
    }

    #[test]
    fn what_is_too_long_or_not_wanted_or_from_before_is_not_kept() {
        let names = Names::new(Arc::default(), true);
        keep(&names, 1, &[b'x'; NAME_BYTES_MAX + 1]);
        assert_eq!(read(&names, 1), None);
        let tag = names.tag(ContactNo(2));
        names.forget(ContactNo(2));
        names.keep(ContactNo(2), tag, b"old");
        assert_eq!(read(&names, 2), None);
        let none = Names::new(Arc::default(), false);
        keep(&none, 1, b"x");
        assert_eq!(read(&none, 1), None);
    }

    #[test]
    fn readers_and_writers_at_once_see_whole_names_of_their_contact() {
        let names = Names::new(Arc::default(), true);
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
                            None => keep(names, no, &[b'a' + (round % 26) as u8; NAME_BYTES_MAX]),
                        }
                        if round % 5 == 0 {
                            names.forget(ContactNo(no));
                        }
                    }
                });
            }
        });
    }
}
