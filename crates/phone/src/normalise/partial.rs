//! Parts of numbers, as someone types them who searches: `+33612`, `212-555`, `(030) 123`,
//! `800-FLOW`. It knows nothing of stored numbers, and promises nothing about a part: there may be
//! no number that has it.

use super::country::international;
use crate::digits::Digits;
use crate::e164::DIGITS_MAX;
use crate::tables::territory_of;
use crate::text::{digit_of, is_letter, is_plus, is_unseen, is_word, key_of};
use crate::{Region, limits};

/// Digits that have to be typed: fewer are in too many numbers.
const DIGITS_TYPED_MIN: usize = 4;
/// Digits before the first letter, and digits and letters together, from which on letters are those
/// of a keypad: a word after a digit or two is a word.
const DIGITS_BEFORE_LETTERS_MIN: usize = 3;
const DIGITS_WITH_LETTERS_MIN: usize = 7;

/// Digits that a number in E.164, without its plus, may have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partial {
    /// The digits, as ASCII characters: 4 to 18.
    pub digits: String,
    /// Whether a number begins with them, country code included; else they may be anywhere in it.
    pub begins: bool,
}

/// The parts of numbers that a text of digits and marks may be, or one in which letters of a keypad
/// follow the digits. Digits without a country code may be anywhere in a number, or the beginning of
/// one of `region`, whose national prefix is taken away; a zero before them may be the prefix of any
/// other country. None for other texts.
///
/// ```
/// use carnet_phone::{Region, partials};
///
/// let parts = partials("030 123", Region::parse("DE").unwrap());
/// assert!(parts.iter().any(|part| part.begins && part.digits == "4930123"));
/// ```
pub fn partials(text: &str, region: Region) -> Vec<Partial> {
    let Some(typed) = Typed::read(text) else { return Vec::new() };
    let mut found: Vec<Partial> = Vec::new();
    let mut add = |digits: &[u8], begins| {
        let part =
            Partial { digits: digits.iter().map(|d| char::from(b'0' + d)).collect(), begins };
        if (DIGITS_TYPED_MIN..=DIGITS_MAX).contains(&digits.len()) && !found.contains(&part) {
            found.push(part);
        }
    };
    let digits = &typed.digits;
    if typed.plus {
        add(digits, true);
        return found;
    }
    add(digits, false);
    // Most of the world dials abroad with two zeros, and writes them in any country.
    if let Some(abroad) = digits.strip_prefix(&[0, 0]) {
        add(abroad, true);
    } else if let Some(rest) = digits.strip_prefix(&[0]) {
        add(rest, false);
    }
    let mut home = Digits::new();
    digits.iter().for_each(|digit| home.push(*digit));
    let territory = (region != Region::WORLD).then(|| territory_of(region.place()));
    if let Some(digits) = international(false, &home, territory) {
        add(&digits, true);
    }
    found
}

/// What a text has of a number.
struct Typed {
    plus: bool,
    digits: Vec<u8>,
}

impl Typed {
    /// `None` where a text has something that no number has, or not enough.
    fn read(text: &str) -> Option<Typed> {
        let mut typed = Typed { plus: false, digits: Vec::new() };
        let mut before_letters = None;
        // `+49 (0)30`: the zero is dialled only without the country code.
        let text = match text.find("(0)") {
            Some(at) if text[..at].contains(is_plus) => [&text[..at], &text[at + 3..]].concat(),
            _ => text.to_owned(),
        };
        for c in text.chars().filter(|c| !is_unseen(*c)) {
            if let Some(digit) = digit_of(c) {
                typed.digits.push(digit);
            } else if is_letter(c) {
                before_letters.get_or_insert(typed.digits.len());
                typed.digits.push(key_of(c)?);
            } else if is_word(c) || c == '@' {
                return None;
            } else if is_plus(c) && typed.digits.is_empty() {
                typed.plus = true;
            }
            if typed.digits.len() > limits::TEXT_CHARS_MAX {
                return None;
            }
        }
        let enough = match before_letters {
            Some(before) => {
                before >= DIGITS_BEFORE_LETTERS_MIN && typed.digits.len() >= DIGITS_WITH_LETTERS_MIN
            }
            None => typed.digits.len() >= DIGITS_TYPED_MIN,
        };
        enough.then_some(typed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The parts as text; `^` before those that a number begins with.
    fn check(text: &str, region: &str, expected: &[&str]) {
        let parts = partials(text, Region::parse(region).unwrap());
        let told: Vec<String> = parts
            .iter()
            .map(|part| format!("{}{}", if part.begins { "^" } else { "" }, part.digits))
            .collect();
        assert_eq!(told, expected, "{text} in {region}");
    }

    #[test]
    fn marks_are_no_part_of_a_number() {
        for text in ["212555", "212 555", "212-555", "212.555", "(212)555", "212\u{2010}555"] {
            check(text, "US", &["212555", "^1212555"]);
        }
        check("٢١٢٥٥٥", "US", &["212555", "^1212555"]);
        check("21\u{200b}2555", "US", &["212555", "^1212555"]);
    }

    #[test]
    fn a_plus_begins_a_number() {
        check("+33612", "US", &["^33612"]);
        check("(+33) 612", "US", &["^33612"]);
        check("+49 (0)30 12", "DE", &["^493012"]);
        check("0033612", "US", &["0033612", "^33612", "^10033612"]);
        check("01133612", "US", &["01133612", "1133612", "^33612"]);
    }

    #[test]
    fn the_national_prefix_is_taken_away() {
        check("030 123", "DE", &["030123", "30123", "^4930123"]);
        check("030 123", "US", &["030123", "30123", "^1030123"]);
        check("06 12", "FR", &["0612", "^33612"]);
        check("8 912 345", "RU", &["8912345", "^7912345"]);
        check("06 20 12", "HU", &["062012", "62012", "^362012"]);
        check("1-800", "US", &["1800", "^1800"]);
    }

    #[test]
    fn letters_of_a_keypad_follow_digits() {
        check("1-800-FLOWERS", "US", &["18003569377", "^18003569377"]);
        check("800-FLOW", "US", &["8003569", "^18003569"]);
        for text in ["FLOWERS", "800-FL", "3com", "a@555123", "555 Müller", "+", "123", ""] {
            check(text, "US", &[]);
        }
    }
}
