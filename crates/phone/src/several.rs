//! Several numbers in one text: `01 23 45 67 01 / 06 12 34 56 01`. Each part has to be a valid number
//! by itself, so that an area code with a stroke behind it is none.

use crate::normalise::normalise_with;
use crate::number::Rules;
use crate::{Number, Region};
use std::ops::Range;

/// Numbers of one text, at most; a text with more has them named up to here.
pub const NUMBERS_MAX: usize = 8;

/// Words between two numbers, in small letters and with blanks around them.
const WORDS: [&str; 16] = [
    "or", "ou", "oder", "o", "oppure", "of", "eller", "lub", "или", "and", "et", "und", "e", "y",
    "en", "и",
];

/// The numbers of a text that has more than one, each with the bytes of the text that it was read
/// from. Empty for a text of one number, or of none.
pub fn several(text: &str, default_region: Region) -> Vec<(Range<usize>, Number)> {
    match count(text, Some(default_region), Rules::CARNET) {
        Count::Unknown | Count::Same(_) => Vec::new(),
        Count::Several => {
            numbers_in(text, Some(default_region), Rules::CARNET).into_iter().flatten().collect()
        }
    }
}

/// How many numbers a text with separators has.
pub(crate) enum Count {
    /// None, or one that has to be read as a whole.
    Unknown,
    /// The same number in several spellings.
    Same(Number),
    Several,
}

/// Counts the numbers of a text.
pub(crate) fn count(text: &str, default_region: Option<Region>, rules: Rules) -> Count {
    // Most texts have no separator, and are spared the reading of parts.
    if parts(text).nth(1).is_none() {
        return Count::Unknown;
    }
    let found = numbers_in(text, default_region, rules);
    let mut numbers = found.into_iter().flatten().map(|(_, number)| number);
    match (numbers.next(), numbers.next()) {
        (Some(first), Some(second)) => {
            match first.e164 == second.e164 && numbers.all(|other| other.e164 == first.e164) {
                true => Count::Same(first),
                false => Count::Several,
            }
        }
        _ => Count::Unknown,
    }
}

type Found = [Option<(Range<usize>, Number)>; NUMBERS_MAX];

/// The numbers between the separators; none when a part with digits is no valid number.
fn numbers_in(text: &str, default_region: Option<Region>, rules: Rules) -> Found {
    let mut found: Found = [const { None }; NUMBERS_MAX];
    let rules = Rules { refuse_several: false, ..rules };
    let mut count = 0;
    for part in parts(text) {
        let piece = &text[part.clone()];
        if !piece.contains(|c: char| crate::text::digit_of(c).is_some()) {
            continue;
        }
        let Some(number) = normalise_with(piece, default_region, rules).ok().filter(|n| n.valid)
        else {
            return [const { None }; NUMBERS_MAX];
        };
        if let Some(place) = found.get_mut(count) {
            *place = Some((part, number));
            count += 1;
        }
    }
    found
}

/// The parts of a text between strokes, semicolons, commas, bars, line ends and the words between
/// two numbers, without the blanks around them.
fn parts(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut from = 0;
    let mut done = false;
    std::iter::from_fn(move || {
        if done {
            return None;
        }
        let (end, next) = separator(text, from).unwrap_or((text.len(), text.len()));
        done = end == text.len() && next == text.len();
        let part = &text[from..end];
        let start = from + (part.len() - part.trim_start().len());
        let range = start..(start + part.trim().len());
        from = next;
        Some(range)
    })
}

/// The first separator from a place on: where it begins and where it ends.
fn separator(text: &str, from: usize) -> Option<(usize, usize)> {
    let plain = |b: u8| matches!(b, b'0'..=b'9' | b' ' | b'-' | b'+' | b'.' | b'(' | b')');
    if text.bytes().all(plain) {
        return None;
    }
    let mut before = '\0';
    for (at, c) in text[from..].char_indices() {
        let at = from + at;
        let end = at + c.len_utf8();
        let rest = &text[end..];
        match c {
            '/' | '／' | ',' | '，' | '、' | '|' | '｜' | '\n' | '\r' | '&' => {
                return Some((at, end));
            }
            ';' | '；' if !is_parameter(rest) => return Some((at, end)),
            // A single colon stands behind a word, as in "Tel: 030 …".
            ':' if rest.starts_with("::") => return Some((at, end + 2)),
            _ if c.is_alphabetic() && before.is_whitespace() => {
                let word = text[at..].split_whitespace().next().unwrap_or_default();
                let behind = &text[at + word.len()..];
                if behind.starts_with(char::is_whitespace)
                    && WORDS
                        .iter()
                        .any(|known| known.chars().eq(word.chars().flat_map(char::to_lowercase)))
                {
                    return Some((at, at + word.len()));
                }
            }
            _ => {}
        }
        before = c;
    }
    None
}

/// Whether what follows a semicolon is a parameter of a URI, as `ext=12` or `npdi`.
fn is_parameter(rest: &str) -> bool {
    let name = rest.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '-');
    rest.starts_with(|c: char| c.is_ascii_alphabetic())
        && (name.is_empty() || name.starts_with(['=', ';', '@', '>']))
}
