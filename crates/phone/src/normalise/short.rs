//! Short numbers, as a telephone system gives them to its own telephones: `1047`, `Nst. 1055`, `1050 /
//! 1051`. No country knows them, and which of them there are is not known here.

use super::several::{NUMBERS_MAX, parts};
use super::tidy::{is_tidy, tidy};
use super::words::is_label_of_number;
use super::{TextBuffer, extension};
use crate::bare_digits;
use crate::limits::TEXT_BYTES_MAX;

/// The digits of the short numbers of a text that has nothing else but labels: words for extensions and
/// telephones before a number, words in brackets behind it. Several have the same length, or the first
/// has it and the others stand for it with other digits at its end. Empty for any other text, and where a
/// number has more than `most` digits.
///
/// ```
/// use carnet_phone::short_numbers;
///
/// assert_eq!(short_numbers("1052 (kitchen)", 6), ["1052"]);
/// assert_eq!(short_numbers("1050 / 51", 6), ["1050", "1051"]);
/// assert!(short_numbers("+1047", 6).is_empty());
/// ```
pub fn short_numbers(text: &str, most: usize) -> Vec<String> {
    // Most of them are bare digits.
    if let Some(digits) = bare_digits(text, most) {
        return vec![digits];
    }
    if text.len() > TEXT_BYTES_MAX {
        return Vec::new();
    }
    let mut buffer;
    let text = if is_tidy(text) {
        text
    } else {
        buffer = TextBuffer::new();
        tidy(text, &mut buffer)
    };
    let mut numbers: Vec<String> = Vec::new();
    for part in parts(text) {
        let Some(digits) = number_in(text[part].trim(), most) else { return Vec::new() };
        let digits = match numbers.last() {
            Some(last) if digits.len() > last.len() => return Vec::new(),
            Some(last) => format!("{}{digits}", &last[..last.len() - digits.len()]),
            None => digits,
        };
        if numbers.len() == NUMBERS_MAX {
            return Vec::new();
        }
        numbers.push(digits);
    }
    numbers
}

/// The digits of the one short number of a text, its labels taken away.
fn number_in(text: &str, most: usize) -> Option<String> {
    let text = without_bracket(text).trim();
    if let Some(digits) = bare_digits(text, most) {
        return Some(digits);
    }
    if text.starts_with(|c: char| c.is_ascii_alphabetic())
        && let Some(found) = extension::at_start(text)
    {
        return Some(found.as_str().to_owned()).filter(|digits| digits.len() <= most);
    }
    let (label, number) = text.split_at(text.find(|c: char| c.is_ascii_digit())?);
    is_label_of_number(label).then(|| bare_digits(number, most))?
}

/// The text before words in brackets at its end.
fn without_bracket(text: &str) -> &str {
    let before = |open, close| {
        let (before, inside) = text.strip_suffix(close)?.split_once(open)?;
        let is_words = inside.contains(char::is_alphabetic) && !inside.contains(char::is_numeric);
        is_words.then_some(before)
    };
    before('(', ')').or_else(|| before('[', ']')).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        assert_eq!(short_numbers(text, 6), expected, "{text:?}");
    }

    #[test]
    fn a_label_is_no_part_of_a_short_number() {
        for text in ["1055", "Nst. 1055", "Nst.1055", "Durchwahl 1055", "Durchwahl -1055"] {
            check(text, &["1055"]);
        }
        for text in ["ext 1055", "ext. 1055", "x1055", "Ext: 1055", "intern 1055", "poste n° 1055"]
        {
            check(text, &["1055"]);
        }
        for text in
            ["1055 (Küche)", "1055 [kitchen]", "Tel. 1055", "DECT 1055 (Lager)", "１０５５（台所）"]
        {
            check(text, &["1055"]);
        }
        check("内線1055", &["1055"]);
    }

    #[test]
    fn several_short_numbers_have_one_length() {
        for text in ["1050 / 1051", "1050/1051", "1050, 1051", "1050;1051", "1050 und 1051"] {
            check(text, &["1050", "1051"]);
        }
        check("1050/51", &["1050", "1051"]);
        check("1050 (Küche) / 1051 (Bad)", &["1050", "1051"]);
        check("Nst. 1050 / Nst. 1051 / 1052", &["1050", "1051", "1052"]);
        check("50 / 1051", &[]);
    }

    #[test]
    fn other_texts_have_no_short_number() {
        for text in
            ["", "Küche", "+1047", "*12", "1047#", "10-47", "12 Uhr", "PIN 1234", "Zimmer 12"]
        {
            check(text, &[]);
        }
        for text in ["1234567", "ext 1234567", "1050 / 030 1234567", "1050 (12)", "#12", "12a"] {
            check(text, &[]);
        }
    }
}
