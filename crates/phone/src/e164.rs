//! A number in E.164 form, the key of everything in carnet. It knows nothing of countries: see
//! `describe` for the meaning of a number.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// The fewest digits that an [`E164`] has, calling code included.
pub const DIGITS_MIN: usize = 4;

/// The most digits that an [`E164`] has, calling code included. The standard says 15; Google
/// counts some longer ones as possible, and 18 decimal digits fit in 60 bits.
pub const DIGITS_MAX: usize = 18;

/// A number in E.164 form. Holding one is proof that it was checked: 4 to 18 digits, the first
/// of them not 0. It orders as an integer, not as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct E164(u64);

impl E164 {
    /// Reads `+` and 4 to 18 ASCII digits, the first not 0, as a switchboard sends them. What a
    /// person typed goes through [`normalise`](crate::normalise()) first.
    pub fn parse(text: &str) -> Option<E164> {
        let digits = text.strip_prefix('+')?;
        if digits.len() > DIGITS_MAX || digits.starts_with('0') {
            return None;
        }
        let number = digits.bytes().try_fold(0, |n: u64, byte| {
            byte.is_ascii_digit().then(|| n * 10 + u64::from(byte - b'0'))
        })?;
        // A shorter one is a smaller one, because the first digit is not 0.
        E164::from_digits(number)
    }

    /// Takes the digits as an integer, if there are 4 to 18 of them.
    pub fn from_digits(digits: u64) -> Option<E164> {
        (1_000..1_000_000_000_000_000_000).contains(&digits).then_some(E164(digits))
    }

    /// The digits, calling code first, as an integer.
    pub fn digits(self) -> u64 {
        self.0
    }
}

/// `+` and the digits.
impl fmt::Display for E164 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "+{}", self.0)
    }
}

/// As the integer of its digits.
impl Serialize for E164 {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(self.0)
    }
}

/// From the integer of its digits, checked again: stored bytes may come from anywhere.
impl<'de> Deserialize<'de> for E164 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<E164, D::Error> {
        let digits = u64::deserialize(deserializer)?;
        E164::from_digits(digits)
            .ok_or_else(|| de::Error::custom(format_args!("{digits} is not a number in E.164")))
    }
}
