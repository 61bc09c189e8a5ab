//! Several numbers in one text: `01 23 45 67 01 / 06 12 34 56 01`. Each part has to be a valid number
//! by itself, so that an area code with a stroke behind it is none.

use crate::text::digit_of;
use crate::{E164, Extension, Number};
use std::ops::Range;

/// Numbers of one text, at most; a text with more has them named up to here.
pub const NUMBERS_MAX: usize = 8;

/// Digits of a number in brackets, at least: fewer are an area code or an extension.
pub(super) const NUMBER_DIGITS_MIN: usize = 7;

/// Digits of another end of a number, at most.
const END_DIGITS_MAX: usize = 3;

/// Digits that stand before another end without a sign between them and the number, at least: a group
/// of fewer belongs to the number with the end.
const WHOLE_GROUP_DIGITS_MIN: usize = 5;

/// Hours that never end, and no ends of two numbers.
pub(super) const ALWAYS: &str = "24/7";

/// Words between two numbers, in small letters and with blanks around them; a short form may have a
/// full stop.
const WORDS: [&str; 24] = [
    "or", "ou", "oder", "o", "od", "oppure", "of", "eller", "lub", "или", "veya", "and", "et",
    "und", "u", "e", "y", "en", "og", "och", "ja", "ve", "i", "и",
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

/// The numbers between the separators; none when a part with digits is no valid number. A stroke parts
/// an area code from its number, too, so a part that is none is read with the next.
fn numbers_in(text: &str, read: impl Fn(&str) -> Option<Number>) -> Found {
    let mut found = NONE;
    let mut count: usize = 0;
    // Where a part begins that may be an area code.
    let mut area: Option<usize> = None;
    for part in parts(text) {
        let piece = &text[part.clone()];
        if !piece.contains(|c: char| digit_of(c).is_some()) {
            continue;
        }
        let before = &text[..part.start];
        let start = area.take().filter(|_| ends_with_stroke(before)).unwrap_or(part.start);
        let whole = start..part.end;
        let last = count.checked_sub(1).and_then(|last| found[last].as_ref());
        // Behind a number with strokes of its own the next digits may belong to it.
        let strokes = last.map(|(range, _)| &text[range.clone()]).filter(|last| last.contains('/'));
        let own = strokes.is_none() || begins_as_number(&text[whole.clone()]);
        let end =
            announces_end(before, piece) && strokes.is_none_or(|last| is_end_behind(last, piece));
        let alone = own.then(|| read(&text[whole.clone()])).flatten();
        let number = alone.or_else(|| {
            let (_, number) = last.filter(|_| end)?;
            with_other_end(number, piece, &read)
        });
        let Some(number) = number else {
            let is_area = text[part.end..].trim_start().starts_with('/')
                && (count == 0 || begins_as_number(piece));
            if !is_area {
                return NONE;
            }
            area = Some(start);
            continue;
        };
        if let Some(place) = found.get_mut(count) {
            *place = Some((whole, number));
            count += 1;
        }
    }
    match area {
        None => found,
        Some(_) => NONE,
    }
}

fn ends_with_stroke(before: &str) -> bool {
    before.trim_end().ends_with('/')
}

/// Whether the sign or word at the end of a text may have another end of a number behind it. Behind a
/// comma a hyphen must say so: else it would be an extension.
fn announces_end(before: &str, end: &str) -> bool {
    let before = before.trim_end();
    before.ends_with(|c: char| matches!(c, '/' | '&' | '.') || c.is_alphabetic())
        || before.ends_with(',') && end.starts_with('-')
}

/// Whether the digits of a part begin as those of a whole number do.
fn begins_as_number(part: &str) -> bool {
    let is_digit = |c: char| c == '+' || digit_of(c).is_some();
    part.find(is_digit).is_some_and(|at| part[at..].starts_with(['0', '+']))
}

/// Whether digits behind a number with strokes of its own can only be another end of it: a hyphen
/// parts as many digits from the number, or the end is short and the last group of the number is long.
/// `030/12345-12/13`, but not `0664/1234/567`.
fn is_end_behind(number: &str, end: &str) -> bool {
    let digits = end.trim_start_matches('-').len();
    let mut groups = number.rsplit(|c: char| digit_of(c).is_none());
    let last = groups.next().map_or(0, str::len);
    let by_hyphen = || number[..number.len() - last].ends_with('-') && digits == last;
    end.starts_with('-')
        || by_hyphen()
        || (digits < END_DIGITS_MAX && last >= WHOLE_GROUP_DIGITS_MIN)
}

/// The number that a few digits behind another stand for: `030 12345-12/13` and `030 12345-12 u. 13`
/// are also 030 12345-13. Behind an extension they are another one of the same number.
fn with_other_end(
    number: &Number,
    end: &str,
    read: impl Fn(&str) -> Option<Number>,
) -> Option<Number> {
    let end = end.trim_start_matches('-');
    let few = (1..=END_DIGITS_MAX).contains(&end.len()) && end.bytes().all(|b| b.is_ascii_digit());
    let digits: u64 = end.parse().ok().filter(|_| few)?;
    if number.extension.is_some() {
        return Some(Number { extension: Extension::parse(end), ..*number });
    }
    let scale = 10_u64.pow(u32::try_from(end.len()).ok()?);
    read(&E164::from_digits(number.e164.digits() / scale * scale + digits)?.to_string())
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
            '/' if is_always(text, at) => {}
            '/' | '／' | ',' | '，' | '、' | '|' | '｜' | '\n' | '\r' | '&' => {
                return Some((at, end));
            }
            ';' | '；' if !is_parameter(rest) => return Some((at, end)),
            // A single colon stands behind a word, as in "Tel: 030 …".
            ':' if rest.starts_with("::") => return Some((at, end + 2)),
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
