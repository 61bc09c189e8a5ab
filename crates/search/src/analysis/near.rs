//! Typing errors: an automaton for everything that is near to a word. It is used both for the
//! index's dictionary of terms and for the tokens of the overlay.

use crate::ranking::rank::{ERROR_STEP, NEAR_ERRORS_MAX, Score};
use levenshtein_automata::{DFA, Distance, LevenshteinAutomatonBuilder, SINK_STATE};
use std::fmt;
use std::sync::OnceLock;

/// Everything within a few typing errors of a word: letters left out, put in, changed, or two
/// neighbours swapped, each one error.
pub(crate) struct Near {
    dfa: DFA,
    /// By state.
    ways: Box<[Ways]>,
}

/// Bytes that are kept of a state with few ways on.
const WAYS_MAX: usize = 7;

/// The bytes on which a state does not get lost, ascending, where they are few.
#[derive(Clone, Copy)]
struct Ways {
    /// More than [`WAYS_MAX`]: too many to be kept.
    count: u8,
    bytes: [u8; WAYS_MAX],
}

impl Ways {
    fn of(dfa: &DFA, state: u32) -> Ways {
        let mut ways = Ways { count: 0, bytes: [0; WAYS_MAX] };
        for byte in (0..=u8::MAX).filter(|byte| dfa.transition(state, *byte) != SINK_STATE) {
            // Where they do not fit in, the count is beyond the bytes, and `only_ways` finds no
            // slice.
            let Some(place) = ways.bytes.get_mut(usize::from(ways.count)) else {
                ways.count += 1;
                break;
            };
            *place = byte;
            ways.count += 1;
        }
        ways
    }
}

impl fmt::Debug for Near {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Near").field("states", &self.dfa.num_states()).finish()
    }
}

impl Near {
    /// The automaton of a form. `None` when no errors are allowed in it: it has fewer than four
    /// characters, or no letter (other digits are another number, not an error).
    pub(crate) fn new(form: &str) -> Option<Near> {
        static BUILDERS: [OnceLock<LevenshteinAutomatonBuilder>; 2] =
            [const { OnceLock::new() }; 2];
        let errors: u8 = match form.chars().count() {
            0..=3 => return None,
            4..=7 => 1,
            _ => 2,
        };
        if !form.chars().any(char::is_alphabetic) {
            return None;
        }
        // Making a builder takes milliseconds, making an automaton of it a fraction of one.
        let builder = BUILDERS[usize::from(errors) - 1]
            .get_or_init(|| LevenshteinAutomatonBuilder::new(errors, true));
        let dfa = builder.build_dfa(form);
        let states = u32::try_from(dfa.num_states()).unwrap_or(0);
        let ways = (0..states).map(|state| Ways::of(&dfa, state)).collect();
        Some(Near { dfa, ways })
    }

    /// The state before the first byte.
    pub(crate) fn start(&self) -> u32 {
        self.dfa.initial_state()
    }

    /// The state after one more byte.
    #[inline]
    pub(crate) fn step(&self, state: u32, byte: u8) -> u32 {
        self.dfa.transition(state, byte)
    }

    /// Whether nothing near can follow on this state.
    #[inline]
    pub(crate) fn is_lost(state: u32) -> bool {
        state == SINK_STATE
    }

    /// The only bytes that lead on from a state, ascending, where they are few.
    #[inline]
    pub(crate) fn only_ways(&self, state: u32) -> Option<&[u8]> {
        let ways = self.ways.get(state as usize)?;
        ways.bytes.get(..usize::from(ways.count))
    }

    /// The errors of a term, if it is near.
    pub(crate) fn errors(&self, term: &[u8]) -> Option<Score> {
        self.errors_at(term.iter().fold(self.start(), |state, byte| self.step(state, *byte)))
    }

    /// The bonus of a match with that many errors, on top of its score.
    pub(crate) fn bonus(errors: Score) -> Score {
        NEAR_ERRORS_MAX.saturating_sub(errors) * ERROR_STEP
    }

    /// Looks at a token and at those of its beginnings that have at most `prefix_chars` characters,
    /// and calls `each` with the near ones: their errors, and whether it is the whole token.
    pub(crate) fn walk(&self, token: &str, prefix_chars: usize, mut each: impl FnMut(Score, bool)) {
        let mut state = self.dfa.initial_state();
        for (at, (start, letter)) in token.char_indices().enumerate() {
            let end = start + letter.len_utf8();
            for byte in &token.as_bytes()[start..end] {
                state = self.dfa.transition(state, *byte);
            }
            if state == SINK_STATE {
                return;
            }
            // Beginnings up to `prefix_chars` are terms of the index, so they count here as well.
            let whole = end == token.len();
            if (whole || at < prefix_chars)
                && let Some(errors) = self.errors_at(state)
            {
                each(errors, whole);
            }
        }
    }

    /// The errors of a text that ends in this state, if it is near.
    #[inline]
    pub(crate) fn errors_at(&self, state: u32) -> Option<Score> {
        match self.dfa.distance(state) {
            Distance::Exact(errors) => Some(Score::from(errors)),
            Distance::AtLeast(_) => None,
        }
    }
}

/// For walking the dictionary of terms.
impl tantivy_fst::Automaton for &Near {
    type State = u32;

    fn start(&self) -> u32 {
        self.dfa.initial_state()
    }

    fn is_match(&self, state: &u32) -> bool {
        matches!(self.dfa.distance(*state), Distance::Exact(_))
    }

    fn can_match(&self, state: &u32) -> bool {
        *state != SINK_STATE
    }

    fn accept(&self, state: &u32, byte: u8) -> u32 {
        self.dfa.transition(*state, byte)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn errors(word: &str, term: &str) -> Option<Score> {
        Near::new(word).and_then(|near| near.errors(term.as_bytes()))
    }

    #[test]
    fn the_longer_a_word_the_more_errors_are_forgiven() {
        assert_eq!(errors("ann", "anna"), None);
        assert_eq!(errors("jhon", "john"), Some(1));
        assert_eq!(errors("jhno", "john"), None);
        assert_eq!(errors("müler", "müller"), Some(1));
        assert_eq!(errors("kowalsky", "kovalski"), Some(2));
        assert_eq!(errors("1234", "1235"), None);
    }

    #[test]
    fn a_walk_finds_what_the_dictionary_would_have() {
        let near = Near::new("smiht").unwrap();
        let mut seen = Vec::new();
        near.walk("smithson", 8, |errors, whole| seen.push((errors, whole)));
        // `smith` and `smiths`.
        assert_eq!(seen, [(1, false), (1, false)]);
        seen.clear();
        near.walk("smith", 3, |errors, whole| seen.push((errors, whole)));
        assert_eq!(seen, [(1, true)]);
    }
}
