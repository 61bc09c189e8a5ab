//! Several numbers in one text: `01 23 45 67 01 / 06 12 34 56 01`. Each part has to be a valid number
//! by itself, so that an area code with a stroke behind it is none.

use crate::text::digit_of;
use crate::{E164, Number};
use std::ops::Range;

/// Numbers of one text, at most; a text with more has them named up to here.
pub const NUMBERS_MAX: usize = 8;

/// Digits of a number in brackets, at least: fewer are an area code or an extension.
const NUMBER_DIGITS_MIN: usize = 7;

/// Digits of another end of a number, at most.
const END_DIGITS_MAX: usize = 3;

/// Words between two numbers, in small letters and with blanks around them.
const WORDS: [&str; 16] = [
    "or", "ou", "oder", "o", "oppure", "of", "eller", "lub", "или", "and", "et", "und", "e", "y",
    "en", "и",
];

/// How many numbers a text with separators has.
pub(super) enum Count {
    /// None, or one that has to be read as a whole.
    Unknown,
    /// The same number in several spellings.
    Same(Number),
    Several,
}

/// The numbers of a text with the bytes that they were read from, and how many they are; `read` reads
/// a part, and gives valid numbers only.
pub(super) fn find(text: &str, read: impl Fn(&str) -> Option<Number>) -> (Count, Found) {
    // Most texts have no separator, and are spared the reading of parts.
    if parts(text).nth(1).is_none() {
        return (Count::Unknown, NONE);
    }
    let found = numbers_in(text, read);
    let mut numbers = found.iter().flatten().map(|(_, number)| *number);
    let count = match (numbers.next(), numbers.next()) {
        (Some(first), Some(second)) => {
            match first.e164 == second.e164 && numbers.all(|other| other.e164 == first.e164) {
                true => Count::Same(first),
                false => Count::Several,
            }
        }
        _ => Count::Unknown,
    };
    (count, found)
}

/// The numbers that were found, in their order.
pub(super) type Found = [Option<(Range<usize>, Number)>; NUMBERS_MAX];

const NONE: Found = [const { None }; NUMBERS_MAX];

/// The numbers between the separators; none when a part with digits is no valid number.
fn numbers_in(text: &str, read: impl Fn(&str) -> Option<Number>) -> Found {
    let mut found = NONE;
    let mut count: usize = 0;
    for part in parts(text) {
        let piece = &text[part.clone()];
        if !piece.contains(|c: char| digit_of(c).is_some()) {
            continue;
        }
        let before = count.checked_sub(1).and_then(|last| found[last].as_ref());
        let stroke = text[..part.start].trim_end().ends_with('/');
        let before = before.filter(|_| stroke);
        let other_end = before.and_then(|(_, number)| with_other_end(number, piece));
        let Some(number) = read(piece).or_else(|| read(&other_end?.to_string())) else {
            return NONE;
        };
        if let Some(place) = found.get_mut(count) {
            *place = Some((part, number));
            count += 1;
        }
    }
    found
}

/// The number that a few digits behind another stand for: `030 12345-12/13` is also 030 12345-13.
fn with_other_end(number: &Number, end: &str) -> Option<E164> {
    let end = end.trim_start_matches('-');
    let few = (1..=END_DIGITS_MAX).contains(&end.len()) && end.bytes().all(|b| b.is_ascii_digit());
    let digits: u64 = end.parse().ok().filter(|_| few)?;
    let scale = 10_u64.pow(u32::try_from(end.len()).ok()?);
    E164::from_digits(number.e164.digits() / scale * scale + digits)
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
    // Two numbers have more digits than one; a bracket in fewer has an area code.
    let many = text.bytes().filter(u8::is_ascii_digit).count() >= 2 * NUMBER_DIGITS_MIN;
    let plain = |b: u8| match b {
        b'0'..=b'9' | b' ' | b'-' | b'+' | b'.' => true,
        b'(' | b')' => !many,
        _ => false,
    };
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
            // A whole number in brackets behind another.
            '(' | '[' if at > 0 && is_number_like(rest) => return Some((at, end)),
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

/// Whether a bracket has as many digits as a number, up to its end.
fn is_number_like(rest: &str) -> bool {
    let inside = rest.split([')', ']']).next().unwrap_or_default();
    inside.chars().filter(|c| digit_of(*c).is_some()).count() >= NUMBER_DIGITS_MIN
}

/// Whether what follows a semicolon is a parameter of a URI, as `ext=12` or `npdi`.
fn is_parameter(rest: &str) -> bool {
    let name = rest.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '-');
    rest.starts_with(|c: char| c.is_ascii_alphabetic())
        && (name.is_empty() || name.starts_with(['=', ';', '@', '>']))
}
