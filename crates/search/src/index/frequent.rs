//! What frequent beginnings find in one segment, gathered once and kept while they are asked for:
//! everybody who types begins with the same few letters, and of 1,000,000 contacts a letter finds
//! some 100,000; and behind a long one (`elizabeth`) stand thousands of e-mails, a term each.
//!
//! A segment never changes but for deletions, which open it anew, so nothing that is kept can be
//! out of date. What waits in the overlay is no part of it.

use crate::ranking::rank::{Field, Score};
use crate::ranking::ranked::Ranks;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tantivy::DocId;

/// Bytes for all segments of a commit together.
pub(crate) const FREQUENT_BYTES_MAX: usize = 32 << 20;
/// Characters of a beginning that is kept, at most.
pub(crate) const FREQUENT_CHARS_MAX: usize = 3;
/// The part of a segment's documents from which on a beginning is frequent.
pub(crate) const FREQUENT_FROM_PART: u32 = 32;

/// Terms of a long beginning from which on what they find is kept.
pub(crate) const FREQUENT_TERMS_MIN: usize = 16;

/// What is kept of one beginning.
#[derive(Clone, Debug)]
pub(crate) enum Kept {
    Ranks(Arc<Ranks>),
    /// Documents and their scores.
    Hits(Arc<Vec<(DocId, Score)>>),
}

impl Kept {
    fn size(&self) -> usize {
        let own = size_of::<(Key, Kept)>();
        match self {
            Kept::Ranks(ranks) => own + ranks.size(),
            Kept::Hits(hits) => own + hits.capacity() * size_of::<(DocId, Score)>(),
        }
    }
}

/// A beginning in one field, or in all those of contacts.
type Key = (Option<Field>, Box<str>);

/// The frequent beginnings of one segment, the one that was asked for last at the end.
#[derive(Default)]
pub(crate) struct Frequent {
    kept: Mutex<Vec<(Key, Kept)>>,
    room: AtomicUsize,
}

impl Frequent {
    /// Gives it so many bytes from now on.
    pub(crate) fn set_room(&self, bytes: usize) {
        self.room.store(bytes, Ordering::Relaxed);
        self.with(|_| ());
    }

    /// What is kept for a beginning, or what `gather` brings; `None` where that is not much.
    pub(crate) fn get<E>(
        &self,
        field: Option<Field>,
        text: &str,
        gather: impl FnOnce() -> Result<Option<Kept>, E>,
    ) -> Result<Option<Kept>, E> {
        let is_it = |(known, of): &Key| *known == field && **of == *text;
        let known = self.with(|kept| {
            let at = kept.iter().rposition(|(key, _)| is_it(key))?;
            kept[at..].rotate_left(1);
            kept.last().map(|(_, found)| found.clone())
        });
        if known.is_some() {
            return Ok(known);
        }
        // Nobody waits for this; whoever asks the same meanwhile gathers it as well.
        let found = gather()?;
        if let Some(found) = &found {
            self.with(|kept| {
                kept.retain(|(key, _)| !is_it(key));
                kept.push(((field, text.into()), found.clone()));
            });
        }
        Ok(found)
    }

    /// Does something with what is kept, and then drops what there is no room for.
    fn with<T>(&self, work: impl FnOnce(&mut Vec<(Key, Kept)>) -> T) -> T {
        // Whoever panicked left a list that is whole.
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
