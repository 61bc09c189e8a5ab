//! Results of frequent prefixes in one segment, gathered once and kept while they are asked for:
//! most searches begin with the same few letters, and of 1,000,000 contacts a letter finds some
//! 100,000; and a long prefix (`elizabeth`) may have thousands of e-mails behind it, a term each.
//!
//! A segment changes only by deletions, and then it is opened anew, so that a kept result is never
//! out of date. Contacts in the overlay are no part of it.

use crate::ranking::rank::{Field, Score};
use crate::ranking::ranked::Ranks;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tantivy::DocId;

/// Bytes for all segments of a commit together.
pub(crate) const FREQUENT_BYTES_MAX: usize = 32 << 20;
/// Characters of a prefix that is kept, at most.
pub(crate) const FREQUENT_CHARS_MAX: usize = 3;
/// A prefix is frequent if at least one of this many documents of a segment has it.
pub(crate) const FREQUENT_FROM_PART: u32 = 32;

/// Terms of a long prefix from which on their result is kept.
pub(crate) const FREQUENT_TERMS_MIN: usize = 16;

/// The kept result of one prefix.
#[derive(Clone, Debug)]
pub(crate) enum Kept {
    Ranks(Arc<Ranks>),
    /// Documents and their scores.
    Hits(Arc<Vec<(DocId, Score)>>),
}

impl Kept {
    fn size(&self) -> usize {
        let own = size_of::<(PrefixKey, Kept)>();
        match self {
            Kept::Ranks(ranks) => own + ranks.size(),
            Kept::Hits(hits) => own + hits.capacity() * size_of::<(DocId, Score)>(),
        }
    }
}

/// A prefix in one field, or in all those of contacts.
type PrefixKey = (Option<Field>, Box<str>);

/// The frequent prefixes of one segment, the one that was asked for last at the end.
#[derive(Default)]
pub(crate) struct Frequent {
    kept: Mutex<Vec<(PrefixKey, Kept)>>,
    room: AtomicUsize,
}

impl Frequent {
    /// Sets how many bytes it may keep.
    pub(crate) fn set_room(&self, bytes: usize) {
        self.room.store(bytes, Ordering::Relaxed);
        self.with(|_| ());
    }

    /// The kept result of a prefix, or else that of `gather`, which is then kept; `None` where
    /// `gather` finds the prefix not frequent.
    pub(crate) fn get<E>(
        &self,
        field: Option<Field>,
        text: &str,
        gather: impl FnOnce() -> Result<Option<Kept>, E>,
    ) -> Result<Option<Kept>, E> {
        let is_it = |(known, of): &PrefixKey| *known == field && **of == *text;
        let known = self.with(|kept| {
            let at = kept.iter().rposition(|(key, _)| is_it(key))?;
            kept[at..].rotate_left(1);
            kept.last().map(|(_, found)| found.clone())
        });
        if known.is_some() {
            return Ok(known);
        }
        // Not under the lock: other searches do not wait for this one, and two that ask for the
        // same prefix at once both gather it.
        let found = gather()?;
        if let Some(found) = &found {
            self.with(|kept| {
                kept.retain(|(key, _)| !is_it(key));
                kept.push(((field, text.into()), found.clone()));
            });
        }
        Ok(found)
    }

    /// Calls `work` with the kept results, and then drops the oldest of them that do not fit.
    fn with<T>(&self, work: impl FnOnce(&mut Vec<(PrefixKey, Kept)>) -> T) -> T {
        // Each change of the list is one call of a `Vec`, so a panic leaves it whole.
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let done = work(&mut kept);
        let room = self.room.load(Ordering::Relaxed);
        let mut bytes = 0;
        let fitting = kept.iter().rev().take_while(|(_, found)| {
            bytes += found.size();
            bytes <= room
        });
        let dropped = kept.len() - fitting.count();
        kept.drain(..dropped);
        done
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::convert::Infallible;

    fn found() -> Kept {
        Kept::Ranks(Arc::new(Ranks::new(&[1; 1_000])))
    }

    fn ask(frequent: &Frequent, text: &str, gathered: &mut Vec<String>) {
        let got = frequent.get(None, text, || {
            gathered.push(text.to_owned());
            Ok::<_, Infallible>(Some(found()))
        });
        assert!(got.unwrap().is_some());
    }

    #[test]
    fn what_was_asked_for_longest_ago_makes_room() {
        let frequent = Frequent::default();
        frequent.set_room(2 * found().size());
        let mut gathered = Vec::new();
        for text in ["a", "b", "a", "c", "a", "b"] {
            ask(&frequent, text, &mut gathered);
        }
        assert_eq!(gathered, ["a", "b", "c", "b"]);
        frequent.set_room(0);
        ask(&frequent, "a", &mut gathered);
        ask(&frequent, "a", &mut gathered);
        assert_eq!(gathered[4..], ["a", "a"]);
    }

    #[test]
    fn what_is_not_much_is_not_kept() {
        let frequent = Frequent::default();
        frequent.set_room(1 << 20);
        assert!(frequent.get(None, "q", || Ok::<_, Infallible>(None)).unwrap().is_none());
        ask(&frequent, "q", &mut Vec::new());
    }
}
