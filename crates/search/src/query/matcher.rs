//! The plan, answered for one entry in memory: the overlay's entries are matched here, with the
//! same results as documents in the index.

use crate::analysis::near::Near;
use crate::entry::{Tokens, contact_field, gram_bit, is_full_name};
use crate::index::fields::GRAM_DIGITS;
use crate::overlay::Overlay;
use crate::query::plan::{How, Leaf, Node};
use crate::ranking::rank::{Field, Kind, Score};
use crate::{Entry, OrganizationEntry};
use carnet_model::SortField;

/// An entry that answers the questions of a plan.
pub(crate) trait Matches {
    /// The score of one question. `overlay` knows the newest names of organisations.
    fn answer(&self, no: u64, leaf: &Leaf, overlay: &Overlay) -> Option<Score>;
    /// The folded text by which listings are ordered.
    fn sort_text(&self, field: SortField) -> Option<&str>;
    /// Whether no name has other than Latin letters.
    fn is_latin(&self) -> bool;
}

/// The score of a whole plan, or `None` when it does not match.
pub(crate) fn score<M: Matches>(it: &M, no: u64, node: &Node, overlay: &Overlay) -> Option<Score> {
    let score_of = |node| score(it, no, node, overlay);
    match node {
        Node::Leaf { leaf, bonus } => it.answer(no, leaf, overlay).map(|score| score + bonus),
        Node::Any(nodes) => nodes.iter().filter_map(score_of).max(),
        Node::All(nodes) => nodes.iter().try_fold(0, |sum, node| Some(sum + score_of(node)?)),
        Node::Each(nodes) => {
            let worst = |least: Score, node| Some(least.min(score_of(node)?));
            nodes.iter().try_fold(Score::MAX, worst)
        }
    }
}

impl Matches for Entry {
    fn answer(&self, no: u64, leaf: &Leaf, overlay: &Overlay) -> Option<Score> {
        match leaf {
            Leaf::Token { field: Field::Company, text, how } => {
                let (organization, name) = self.organization.as_ref()?;
                let name = match overlay.organizations.get(organization.0) {
                    // One that was removed has no name any more, whatever the contact's entry says.
                    Some(newest) => newest.entry.as_ref()?.name(),
                    None => name,
                };
                best(&name.tokens, Field::Company, |_| Field::Company, text, how)
            }
            Leaf::Token { field, text, how } => {
                best(&self.tokens, *field, contact_field, text, how)
            }
            Leaf::Exact { term, weight } => {
                self.exact.binary_search(term).is_ok().then_some(*weight)
            }
            Leaf::Number { number, weight } => {
                self.numbers.binary_search(number).is_ok().then_some(*weight)
            }
            Leaf::Digits { digits, begins, weight } => {
                // One bit rules most contacts out before any digit is compared.
                if self.grams & first_gram(digits) == 0 {
                    return None;
                }
                let has = |number: &u64| has_digits(*number, digits, *begins);
                self.numbers.iter().any(has).then_some(*weight)
            }
            Leaf::No(wanted) => (no == *wanted).then_some(0),
            Leaf::Organization(wanted) => {
                let organization = self.organization.as_ref();
                organization.is_some_and(|(no, _)| no.0 == *wanted).then_some(0)
            }
            Leaf::Division(wanted) => (self.division == *wanted).then_some(0),
            Leaf::Latin => self.is_latin.then_some(0),
        }
    }

    fn sort_text(&self, field: SortField) -> Option<&str> {
        Entry::sort_text(self, field)
    }

    fn is_latin(&self) -> bool {
        self.is_latin
    }
}

impl Matches for OrganizationEntry {
    fn answer(&self, no: u64, leaf: &Leaf, _overlay: &Overlay) -> Option<Score> {
        match leaf {
            Leaf::Token { field: Field::Name, text, how } => {
                self.name_score(text, how, Field::Name)
            }
            Leaf::No(wanted) => (no == *wanted).then_some(0),
            Leaf::Division(wanted) => (self.division == *wanted).then_some(0),
            Leaf::Latin => Some(0),
            _ => None,
        }
    }

    fn sort_text(&self, field: SortField) -> Option<&str> {
        OrganizationEntry::sort_text(self, field)
    }

    fn is_latin(&self) -> bool {
        true
    }
}

impl OrganizationEntry {
    /// The score of the name, as the organisation's own or as that of its contacts.
    pub(crate) fn name_score(&self, text: &str, how: &How, field: Field) -> Option<Score> {
        best(&self.name.tokens, field, |_| field, text, how)
    }
}

/// The best score of any token of `field`.
fn best(
    tokens: &Tokens,
    field: Field,
    field_of: impl Fn(Kind) -> Field,
    text: &str,
    how: &How,
) -> Option<Score> {
    if matches!(how, How::Begins | How::Whole) && !tokens.may_begin(text) {
        return None;
    }
    let mut best = None;
    for (token, kind) in tokens.iter() {
        match how {
            How::Begins if !token.starts_with(text) => continue,
            How::Whole if token != text => continue,
            _ if field_of(kind) != field => continue,
            How::Begins if token.len() > text.len() => best = best.max(Some(kind.prefix(field))),
            How::Begins | How::Whole => best = best.max(Some(kind.whole(field))),
            // Pairs are asked for by phrases alone, in which nothing is forgiven, and in full names
            // nothing is either.
            How::Near(_) if kind.is_pair() || is_full_name(token) => {}
            How::Near(near) => near.walk(token, field.prefix_chars_max(), |errors, whole| {
                let worth = if whole { kind.whole(field) } else { kind.prefix(field) };
                best = best.max(Some(worth + Near::bonus(errors)));
            }),
        }
    }
    best
}

/// The bit of the first four digits.
fn first_gram(digits: &str) -> u64 {
    let first = digits.bytes().take(GRAM_DIGITS);
    gram_bit(first.fold(0, |gram, digit| gram * 10 + u64::from(digit & 15)))
}

/// Whether a number has these digits inside, or begins with them.
pub(crate) fn has_digits(mut number: u64, digits: &str, begins: bool) -> bool {
    // A `u64` has at most 20 digits.
    let mut text = [0u8; 20];
    let mut start = text.len();
    while number > 0 {
        start -= 1;
        // The remainder is a digit.
        text[start] = b'0' + u8::try_from(number % 10).unwrap_or(0);
        number /= 10;
    }
    let (text, digits) = (&text[start..], digits.as_bytes());
    match begins {
        true => text.starts_with(digits),
        false => text.windows(digits.len()).any(|window| window == digits),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_found_inside_a_number() {
        for digits in ["3361", "1234", "5678", "33612345678"] {
            assert!(has_digits(33_612_345_678, digits, false), "{digits}");
        }
        assert!(has_digits(33_612_345_678, "3361", true));
        assert!(!has_digits(33_612_345_678, "6123", true));
        assert!(!has_digits(33_612_345_678, "336123456789", true));
        for digits in ["3362", "56789", "033612345678"] {
            assert!(!has_digits(33_612_345_678, digits, false), "{digits}");
        }
    }
}
