//! Where one number of a text ends and the next begins: slashes, commas, words, a plus. Whether a part is
//! a number is asked of the caller.

use super::local::is_complete;
use crate::normalise::strangers::{is_account, is_date};
use crate::normalise::words::{is_telephone_label, is_word_between};
use crate::text::digit_of;
use crate::{Number, NumberKind};
use std::ops::Range;

/// Digits of a whole number, at least: fewer in brackets are an area code or an extension.
pub(in crate::normalise) const NUMBER_DIGITS_MIN: usize = 7;

/// Digits of a number with all its prefixes and an extension, at most.
const NUMBER_DIGITS_MAX: usize = 26;

/// What parts the last three digits of a number from the others.
const LAST_DIGITS: u64 = 1_000;

/// Digits behind a word for telephones that make it the label of another number, at least.
const LABELLED_DIGITS_MIN: usize = 6;

/// Digits of each of two numbers that are nothing but digits, at least: fewer may be a bank card's.
const BARE_DIGITS_MIN: usize = 9;

/// The parts of a text between slashes, semicolons, commas, bars, line ends and the words between
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
                // The word is left to the number behind it.
                if begins_with_label(&text[at..]) && digits(&text[from..at]) >= NUMBER_DIGITS_MIN {
                    return Some((at, at));
                }
            }
            _ => {}
        }
        before = c;
    }
    None
}

/// Where a word between two numbers ends with which a text begins.
fn end_of_word(text: &str) -> Option<usize> {
    let end = text.find(|c: char| !c.is_alphabetic())?;
    let word = &text[..end];
    let stop = text[end..].strip_prefix('.');
    let behind = stop.unwrap_or(&text[end..]);
    // Behind a full stop the blank may be missing.
    let apart = behind.starts_with(char::is_whitespace)
        || stop.is_some() && behind.starts_with(|c: char| digit_of(c).is_some());
    (is_word_between(word) && apart).then_some(text.len() - behind.len())
}

/// Whether a text begins with a word for telephones, or a letter with its sign, and a number behind it:
/// `Fax 030 …`, `cell: (212) …`, `M: 0151 …`.
fn begins_with_label(text: &str) -> bool {
    let end = text.find(|c: char| !c.is_alphabetic()).unwrap_or(text.len());
    let (word, behind) = text.split_at(end);
    let number = behind.trim_start_matches([' ', '.', ':']);
    let marked = behind.starts_with([':', '.']);
    let is_label = is_telephone_label(word) && (word.chars().nth(1).is_some() || marked);
    let number = number.split(|c: char| c.is_alphabetic() || c == '/').next().unwrap_or_default();
    is_label
        && !is_date(number.trim())
        && number.starts_with(|c: char| matches!(c, '+' | '(') || digit_of(c).is_some())
        && digits(number) >= LABELLED_DIGITS_MIN
}

fn digits(text: &str) -> usize {
    text.chars().filter(|c| digit_of(*c).is_some()).count()
}

/// Whether the slash at a place is that of [`ALWAYS`].
fn is_always(text: &str, slash: usize) -> bool {
    let is_digit = |c: char| digit_of(c).is_some();
    let (before, rest) = (text[..slash].strip_suffix("24"), text[slash + 1..].strip_prefix('7'));
    before.is_some_and(|before| before.is_empty() || before.ends_with([' ', '(', '[']))
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

/// Two numbers with nothing but a blank or a hyphen between them, or a word that is no sign of two, where
/// the text as a whole is no number. Both begin with their zero, plus or bracket, as in `030 1234567
/// 0151 12345678`, or are written alike with more than blanks, as in `212-555-0123 212-555-0124`, or are
/// nothing but as many digits.
pub(super) fn by_blank(
    text: &str,
    read: impl Fn(&str) -> Option<Number>,
) -> Option<[(Range<usize>, Number); 2]> {
    let enough = 2 * NUMBER_DIGITS_MIN..=2 * NUMBER_DIGITS_MAX;
    if !enough.contains(&digits(text)) || is_account(text) {
        return None;
    }
    let pair = |(at, sign)| {
        let (first, second) = (text[..at].trim_end(), text[at + 1..].trim_start());
        let enough = NUMBER_DIGITS_MIN..=NUMBER_DIGITS_MAX;
        if !enough.contains(&digits(first)) || !enough.contains(&digits(second)) {
            return None;
        }
        let starts = second.starts_with(|c: char| matches!(c, '+' | '(') || digit_of(c).is_some());
        // Such a sign stands behind a place in a list, too.
        let label = first.strip_suffix(['.', ')', ':']);
        let is_list = label.is_some_and(|label| !label.ends_with(char::is_alphabetic));
        let begin = |sign: &[char]| begins_with(first, sign) && begins_with(second, sign);
        let alike = begin(&['+', '0']) || begin(&['(']) || are_alike(first, second, sign == "-");
        let is_day = [first, second].into_iter().filter_map(number_part).any(is_date);
        if !starts || is_list || !alike || is_day {
            return None;
        }
        let start = text.len() - second.len();
        let found = [(0..first.len(), read(first)?), (start..text.len(), read(second)?)];
        let is_whole = |(range, number): &(Range<usize>, Number)| {
            !is_bare(&text[range.clone()])
                || number.kind == NumberKind::Mobile
                || is_complete(number, &text[range.clone()])
        };
        (ends_as_typed(first, &found[0].1) && found.iter().all(is_whole)).then_some(found)
    };
    text.match_indices([' ', '-']).find_map(pair)
}

/// Whether the digits of a text end as its number does: else those of the second one begin in it.
fn ends_as_typed(text: &str, number: &Number) -> bool {
    let typed: String = text.chars().filter_map(digit_of).map(|v| char::from(b'0' + v)).collect();
    let extension = number.extension.as_ref().map_or("", |extension| extension.as_str());
    let is_told = || text.contains(|c: char| c.is_alphabetic() || matches!(c, '#' | '(' | '*'));
    typed.strip_suffix(extension).is_some_and(|typed| {
        let last = number.e164.digits() % LAST_DIGITS;
        typed.ends_with(&format!("{last:03}"))
    }) && (extension.is_empty() || is_told())
}

/// Whether the first digit of a text has one of these signs before it or is one of them.
fn begins_with(text: &str, signs: &[char]) -> bool {
    let first = text.find(|c: char| matches!(c, '+' | '(') || digit_of(c).is_some());
    first.is_some_and(|at| text[at..].starts_with(signs))
}

/// A text from its first digit to its last.
pub(super) fn number_part(text: &str) -> Option<&str> {
    let is_digit = |c: char| digit_of(c).is_some();
    let (from, to) = (text.find(is_digit)?, text.rfind(is_digit)?);
    text.get(from..to + text[to..].chars().next()?.len_utf8())
}

/// Whether a number is written in digits only, without a zero or plus before it.
fn is_bare(text: &str) -> bool {
    !begins_with(text, &['+', '0', '('])
        && number_part(text).is_some_and(|number| number.chars().all(|c| digit_of(c).is_some()))
}

/// Whether two texts have digits and signs in the same places, and one of them more than digits and
/// blanks: groups of digits only may be a bank card's, and so may groups with hyphens between all of
/// them.
fn are_alike(one: &str, other: &str, by_hyphen: bool) -> bool {
    let (Some(one), Some(other)) = (number_part(one), number_part(other)) else { return false };
    let shape = |text: &str| -> String {
        text.chars().map(|c| if digit_of(c).is_some() { '0' } else { c }).collect()
    };
    if shape(one) != shape(other) {
        return false;
    }
    let is_plain = one.chars().all(|c| digit_of(c).is_some() || c == ' ');
    match is_plain {
        true => is_bare(one) && is_bare(other) && digits(one) >= BARE_DIGITS_MIN,
        false => !by_hyphen || !one.contains('-'),
    }
}
