//! Internal numbers: the short numbers of a telephone system, which no country knows. Whether a text has
//! some is decided here; where they are looked for is not.

use carnet_phone::{short_numbers, uri_user};
use std::fmt;

/// Digits of the shortest internal number.
const INTERNAL_DIGITS_MIN: usize = 1;
/// Digits of the longest internal number: one more would be a number of some town.
pub const INTERNAL_DIGITS_MAX: usize = 6;

/// The digits of each number of a text that may be an internal one, those of a URI too, whose host is
/// then the telephone system. Which lengths internal numbers have is a setting.
pub fn internal_digits(text: &str) -> Vec<String> {
    short_numbers(uri_user(text).unwrap_or(text), INTERNAL_DIGITS_MAX)
}

/// The lengths of a telephone system's internal numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InternalNumbers {
    shortest: usize,
    longest: usize,
}

/// Why a text says no such lengths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadInternalNumbers;

impl fmt::Display for BadInternalNumbers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "must be the fewest and the most digits of an internal number, such as 2-5, each from \
             {INTERNAL_DIGITS_MIN} to {INTERNAL_DIGITS_MAX}"
        )
    }
}

impl std::error::Error for BadInternalNumbers {}

impl InternalNumbers {
    /// Reads `2-5`, or `4` for one length only.
    ///
    /// # Errors
    /// Anything else, and lengths that no internal number has.
    pub fn parse(text: &str) -> Result<InternalNumbers, BadInternalNumbers> {
        let (shortest, longest) = text.split_once('-').unwrap_or((text, text));
        let length = |text: &str| {
            let length = text.trim().parse().map_err(|_| BadInternalNumbers)?;
            let known = INTERNAL_DIGITS_MIN..=INTERNAL_DIGITS_MAX;
            if known.contains(&length) { Ok(length) } else { Err(BadInternalNumbers) }
        };
        let (shortest, longest) = (length(shortest)?, length(longest)?);
        if shortest > longest {
            return Err(BadInternalNumbers);
        }
        Ok(InternalNumbers { shortest, longest })
    }

    /// Whether internal numbers have so many digits.
    pub fn have(self, digits: usize) -> bool {
        (self.shortest..=self.longest).contains(&digits)
    }

    /// The digits of each internal number of a text that has no other number: bare digits, also with a
    /// label, or several of one length. Empty for any other text.
    pub fn read(self, text: &str) -> Vec<String> {
        let mut numbers = short_numbers(text, INTERNAL_DIGITS_MAX);
        numbers.retain(|digits| self.have(digits.len()));
        numbers
    }
}

impl fmt::Display for InternalNumbers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.shortest, self.longest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_two_or_one() {
        for (text, shown) in [("2-5", "2-5"), (" 1 - 6 ", "1-6"), ("4", "4-4"), ("3-3", "3-3")] {
            assert_eq!(InternalNumbers::parse(text).unwrap().to_string(), shown, "{text}");
        }
        for text in ["", "-", "0-5", "2-7", "5-2", "2-", "-5", "2-3-4", "two", "2..5", "-1"] {
            assert_eq!(InternalNumbers::parse(text), Err(BadInternalNumbers), "{text}");
        }
    }

    #[test]
    fn an_internal_number_is_bare_digits_and_perhaps_a_label() {
        let house = InternalNumbers::parse("2-5").unwrap();
        for (text, digits) in [
            ("1047", "1047"),
            (" 10 47\u{a0}", "1047"),
            ("007", "007"),
            ("\u{200e}12", "12"),
            ("ext 12", "12"),
            ("1052 (Küche)", "1052"),
        ] {
            assert_eq!(house.read(text), [digits], "{text:?}");
        }
        for text in ["7", "123456", "+1047", "1047#", "10-47", "ext 7", "*12", "7 / 8", "", " "] {
            assert!(house.read(text).is_empty(), "{text:?}");
        }
        assert_eq!(house.read("1050 / 1051"), ["1050", "1051"]);
    }
}
