//! The characters that telephone numbers are written with, in all scripts.

use crate::tables::{DIGIT_ZEROS, HYPHENS, UNSEEN, WORDS};

/// The value of a decimal digit of any script.
#[inline]
pub(crate) fn digit_of(c: char) -> Option<u8> {
    if c.is_ascii() {
        return c.is_ascii_digit().then(|| c as u8 - b'0');
    }
    let point = u32::from(c);
    // The ten digits of a script are neighbours, so a table of the zeros is enough.
    let place = DIGIT_ZEROS.partition_point(|zero| *zero <= point);
    let value = point - DIGIT_ZEROS.get(place.checked_sub(1)?)?;
    u8::try_from(value).ok().filter(|value| *value < 10)
}

/// Whether this is `+`, also in its full-width form.
#[inline]
pub(crate) fn is_plus(c: char) -> bool {
    matches!(c, '+' | '\u{ff0b}')
}

/// Whether this is a letter or a number of any script.
#[inline]
pub(crate) fn is_word(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric();
    }
    is_in(c, &WORDS)
}

/// Whether this has no look of its own: marks of direction, joiners, soft hyphens and their like.
#[inline]
pub fn is_unseen(c: char) -> bool {
    !c.is_ascii() && is_in(c, &UNSEEN)
}

/// Whether this is a hyphen, a dash or a minus of any script.
pub(crate) fn is_hyphen(c: char) -> bool {
    // The others look like one, and are typed and pasted as one.
    let alike = matches!(c, '-' | '\u{2d7}' | '\u{2043}' | '\u{2212}' | '\u{30fc}');
    alike || (!c.is_ascii() && is_in(c, &HYPHENS))
}

/// Whether this is a blank of any width; some scripts have fillers that are no space to Unicode.
pub fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{2800}' | '\u{3164}' | '\u{ffa0}')
}

/// Whether this is a dot at half the height of a letter, as some write between groups of digits.
pub(crate) fn is_middle_dot(c: char) -> bool {
    matches!(
        c,
        '\u{b7}'
            | '\u{387}'
            | '\u{2022}'
            | '\u{2024}'
            | '\u{2027}'
            | '\u{2219}'
            | '\u{22c5}'
            | '\u{30fb}'
            | '\u{ff65}'
    )
}

/// The digits of a text that has nothing else but blanks and characters that cannot be seen, in ASCII
/// and with the zeros before them; `None` for any other text, and for one with more than `most`.
///
/// ```
/// assert_eq!(carnet_phone::bare_digits(" 10 47", 6).as_deref(), Some("1047"));
/// assert_eq!(carnet_phone::bare_digits("+1047", 6), None);
/// ```
pub fn bare_digits(text: &str, most: usize) -> Option<String> {
    let mut digits = String::new();
    for c in text.chars() {
        if let Some(value) = digit_of(c) {
            // Most numbers are longer, and end the walk here.
            if digits.len() == most {
                return None;
            }
            digits.push(char::from(b'0' + value));
        } else if !is_blank(c) && !is_unseen(c) {
            return None;
        }
    }
    (!digits.is_empty()).then_some(digits)
}

/// Whether one of the ranges, which are in ascending order, has the character.
fn is_in(c: char, ranges: &[(u32, u32)]) -> bool {
    let point = u32::from(c);
    let place = ranges.partition_point(|range| range.0 <= point);
    place.checked_sub(1).and_then(|place| ranges.get(place)).is_some_and(|range| point <= range.1)
}

/// Characters that may be between the digits of a number; the letter x is among them, and `*`.
#[inline]
pub(crate) fn is_punctuation(c: char) -> bool {
    matches!(
        c,
        '-' | 'x' | 'X' | ' ' | '(' | ')' | '.' | '[' | ']' | '/' | '~' | '*'
            | '\u{a0}' | '\u{ad}'
            | '\u{200b}' | '\u{2010}'..='\u{2015}' | '\u{2053}' | '\u{2060}'
            | '\u{2212}' | '\u{223c}'
            | '\u{3000}' | '\u{30fc}'
            | '\u{ff08}' | '\u{ff09}' | '\u{ff0d}'..='\u{ff0f}' | '\u{ff3b}' | '\u{ff3d}' | '\u{ff5e}'
    )
}

/// Whether this counts as one of the letters of a keypad; four letters beyond ASCII do, because
/// they are other forms of `i`, `k` and `s`.
#[inline]
pub(crate) fn is_letter(c: char) -> bool {
    c.is_ascii_alphabetic() || matches!(c, '\u{130}' | '\u{131}' | '\u{17f}' | '\u{212a}')
}

/// The key that carries a letter, as on every telephone (ITU-T E.161).
pub(crate) fn key_of(c: char) -> Option<u8> {
    Some(match fold(c) {
        'a'..='c' => 2,
        'd'..='f' => 3,
        // `İ` is its own capital, and no keypad has it.
        'g'..='i' if c != '\u{130}' => 4,
        'j'..='l' => 5,
        'm'..='o' => 6,
        'p'..='s' => 7,
        't'..='v' => 8,
        'w'..='z' => 9,
        _ => return None,
    })
}

/// The small form of the letters that labels of extensions are made of.
#[inline]
pub(crate) fn fold(c: char) -> char {
    match c {
        '\u{130}' | '\u{131}' => 'i',
        '\u{17f}' => 's',
        'Ó' => 'ó',
        'Д' => 'д',
        'О' => 'о',
        'Б' => 'б',
        // Full-width capitals.
        '\u{ff21}'..='\u{ff3a}' => char::from_u32(u32::from(c) + 0x20).unwrap_or(c),
        _ => c.to_ascii_lowercase(),
    }
}
