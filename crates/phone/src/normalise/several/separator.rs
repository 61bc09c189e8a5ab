//! Where one number of a text ends and the next begins: strokes, commas, words, a plus. Whether a part is
//! a number is asked of the caller.

use crate::Number;
use crate::normalise::strangers::is_account;
use crate::text::digit_of;
use std::ops::Range;

/// Digits of a whole number, at least: fewer in brackets are an area code or an extension.
pub(in crate::normalise) const NUMBER_DIGITS_MIN: usize = 7;

/// Words between two numbers, in small letters and with blanks around them; a short form may have a
/// full stop.
const WORDS: [&str; 24] = [
    "or", "ou", "oder", "o", "od", "oppure", "of", "eller", "lub", "или", "veya", "and", "et",
    "und", "u", "e", "y", "en", "og", "och", "ja", "ve", "i", "и",
];

/// The parts of a text between strokes, semicolons, commas, bars, line ends and the words between
/// two numbers, without the blanks around them.
pub(in crate::normalise) fn parts(text: &str) -> impl Iterator<Item = Range<usize>> {
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
        b'0'..=b'9' | b' ' | b'-' | b'.' => true,
        b'(' | b')' | b'+' => !many,
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
            '/' if is_always(text, at) => {}
            // Two commas are a pause before a code.
            ',' if rest.starts_with(',') || before == ',' => {}
            '/' | '／' | ',' | '，' | '、' | '|' | '｜' | '\n' | '\r' | '&' => {
                return Some((at, end));
            }
            ';' | '；' if !is_parameter(rest) => return Some((at, end)),
            // A single colon stands behind a word, as in "Tel: 030 …".
            ':' if rest.starts_with("::") => return Some((at, end + 2)),
            // A plus begins a number, where there was one before it.
            '+' if at > from && before == ' ' && rest.starts_with(|c| digit_of(c).is_some()) => {
                return Some((at, at));
            }
            // A whole number in brackets behind another.
            '(' | '[' if at > 0 && is_number_like(rest) => return Some((at, end)),
            _ if c.is_alphabetic() && before.is_whitespace() => {
                if let Some(end) = end_of_word(&text[at..]) {
                    return Some((at, at + end));
                }
            }
            _ => {}
        }
        before = c;
    }
    None
}

/// Where one of [`WORDS`] ends with which a text begins.
fn end_of_word(text: &str) -> Option<usize> {
    let end = text.find(|c: char| !c.is_alphabetic())?;
    let word = &text[..end];
    let small = || word.chars().flat_map(char::to_lowercase);
    let known = WORDS.iter().any(|known| known.chars().eq(small()));
    let stop = text[end..].strip_prefix('.');
    let behind = stop.unwrap_or(&text[end..]);
    // Behind a full stop the blank may be missing.
    let apart = behind.starts_with(char::is_whitespace)
        || stop.is_some() && behind.starts_with(|c: char| digit_of(c).is_some());
    (known && apart).then_some(text.len() - behind.len())
}

/// Whether the stroke at a place is that of [`ALWAYS`].
fn is_always(text: &str, stroke: usize) -> bool {
    let is_digit = |c: char| digit_of(c).is_some();
    let (before, rest) = (text[..stroke].strip_suffix("24"), text[stroke + 1..].strip_prefix('7'));
    before.is_some_and(|before| before.is_empty() || before.ends_with(' '))
        && rest.is_some_and(|rest| !rest.starts_with(is_digit))
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

/// Two numbers with nothing but a blank between them, or a word that is no sign of two, where the text as
/// a whole is no number. Both begin with their zero or plus, as in `030 1234567 0151 12345678`, or are
/// written alike with more than blanks, as in `212-555-0123 212-555-0124`.
pub(super) fn by_blank(
    text: &str,
    read: impl Fn(&str) -> Option<Number>,
) -> Option<[(Range<usize>, Number); 2]> {
    let digits = |text: &str| text.chars().filter(|c| digit_of(*c).is_some()).count();
    if digits(text) < 2 * NUMBER_DIGITS_MIN || is_account(text) {
        return None;
    }
    let begins = |text: &str| {
        let first = text.find(|c: char| c == '+' || digit_of(c).is_some());
        first.is_some_and(|at| text[at..].starts_with(['+', '0']))
    };
    let pair = |(at, _)| {
        let (first, second) = (text[..at].trim_end(), text[at..].trim_start());
        let starts = second.starts_with(|c: char| matches!(c, '+' | '(') || digit_of(c).is_some());
        // Such a sign stands behind a place in a list.
        let is_list = first.ends_with(['.', ')', ':']);
        let alike = begins(first) && begins(second) || are_alike(first, second);
        let enough = digits(first).min(digits(second)) >= NUMBER_DIGITS_MIN;
        if !starts || is_list || !alike || !enough {
            return None;
        }
        let start = text.len() - second.len();
        Some([(0..first.len(), read(first)?), (start..text.len(), read(second)?)])
    };
    text.match_indices(' ').find_map(pair)
}

/// Whether two texts have digits and signs in the same places, and one of them more than digits and
/// blanks: groups of digits only may be a bank card's.
fn are_alike(one: &str, other: &str) -> bool {
    let is_digit = |c: char| digit_of(c).is_some();
    let shape = |text: &str| -> Option<String> {
        let (from, to) = (text.find(is_digit)?, text.rfind(is_digit)?);
        Some(text[from..to].chars().map(|c| if is_digit(c) { '0' } else { c }).collect())
    };
    let is_plain = |text: &str| text.chars().all(|c| is_digit(c) || c == ' ');
    shape(one) == shape(other) && !(is_plain(one) && is_plain(other))
}
