//! Parts of numbers, as someone types them who searches: `+33612`, `212-555`, `(030) 123`,
//! `800-FLOW`. It knows nothing of stored numbers, and promises nothing about a part: there may be
//! no number that has it.

use super::country::{international, without_zero_behind_code};
use super::uri::uri_user;
use crate::digits::Digits;
use crate::e164::DIGITS_MAX;
use crate::renumbering::other_beginnings;
use crate::tables::territory_of;
use crate::text::{digit_of, is_letter, is_plus, is_unseen, is_word, key_of};
use crate::{Region, limits};

/// Digits that have to be typed: fewer are in too many numbers.
const DIGITS_TYPED_MIN: usize = 4;
/// Digits before the first letter, and digits and letters together, from which on letters are those
/// of a keypad: a word after a digit or two is a word.
const DIGITS_BEFORE_LETTERS_MIN: usize = 3;
const DIGITS_WITH_LETTERS_MIN: usize = 7;

/// Beginnings in another form of a numbering plan, at most.
const OTHER_BEGINNINGS_MAX: usize = 8;

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
/// other country, and one behind a country code is that country's. Where a numbering plan has changed,
/// the beginnings in its other form are parts, too. None for other texts.
///
/// ```
/// use carnet_phone::{Region, partials};
///
/// let parts = partials("030 123", Region::parse("DE").unwrap());
/// assert!(parts.iter().any(|part| part.begins && part.digits == "4930123"));
/// ```
pub fn partials(text: &str, region: Region) -> Vec<Partial> {
    let Some(typed) = Typed::read(uri_user(text).unwrap_or(text)) else { return Vec::new() };
    let mut found = Found(Vec::new());
    let mut digits = Digits::new();
    typed.digits.iter().for_each(|digit| digits.push(*digit));
    let mut beginnings = Vec::new();
    if typed.plus {
        beginnings.push(digits);
    } else {
        found.add(&digits, false);
        // Most of the world dials abroad with two zeros, and writes them in any country.
        if digits.starts_with(&[0, 0]) {
            beginnings.push(digits.without_first(2));
        } else if digits.starts_with(&[0]) {
            found.add(&digits.without_first(1), false);
        }
        let territory = (region != Region::WORLD).then(|| territory_of(region.place()));
        beginnings.extend(international(false, &digits, territory));
    }
    for beginning in &beginnings {
        found.add(beginning, true);
    }
    for beginning in beginnings {
        let national = without_zero_behind_code(&beginning);
        if let Some(national) = &national {
            found.add(national, true);
        }
        // Some old numbers had a zero of their own there.
        let forms = [Some(beginning), national].into_iter().flatten();
        for other in forms.flat_map(|form| other_beginnings(&form)).take(OTHER_BEGINNINGS_MAX) {
            found.add(&other, true);
        }
    }
    found.0
}

/// Parts of numbers, each once.
struct Found(Vec<Partial>);

impl Found {
    /// Adds a part, unless it has too few digits or is asked for by one that is there.
    fn add(&mut self, digits: &[u8], begins: bool) {
        let text: String = digits.iter().map(|d| char::from(b'0' + d)).collect();
        let known =
            |part: &Partial| part.begins == begins && begins && text.starts_with(&part.digits);
        if (DIGITS_TYPED_MIN..=DIGITS_MAX).contains(&digits.len()) && !self.0.iter().any(known) {
            let part = Partial { digits: text, begins };
            if !self.0.contains(&part) {
                self.0.push(part);
            }
        }
    }
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
    fn a_zero_behind_the_country_code_is_its_national_prefix() {
        check("+49 030 123", "US", &["^49030123", "^4930123"]);
        check("0049 030 123", "DE", &["0049030123", "^49030123", "^4930123"]);
        // Italy has none, and its zeros are digits.
        check("+39 06 12", "US", &["^390612"]);
        check("+7 800 555", "US", &["^7800555"]);
    }

    #[test]
    fn a_scheme_is_no_part_of_a_number() {
        check("tel:+33612", "US", &["^33612"]);
        check("TEL: +33 6 12", "US", &["^33612"]);
        check("sip:+33612@pbx.example", "US", &["^33612"]);
        check("tel:Anna", "US", &[]);
    }

    #[test]
    fn a_beginning_is_one_of_the_changed_plan_too() {
        // Mexico's mobile 1, Argentina's 9, Brazil's ninth digit, Benin's 01.
        check("+5215512", "US", &["^5215512", "^525512"]);
        check("+52 1 55", "US", &["^52155", "^5255"]);
        check("+549 11 23", "US", &["^5491123", "^541123"]);
        check("+54 11 23", "US", &["^541123", "^5491123"]);
        check("+229 97 12", "US", &["^2299712", "^229019712"]);
        // Too little of it would be in every number of the country.
        check("+521", "US", &[]);
        check("+5215", "US", &["^5215"]);
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
