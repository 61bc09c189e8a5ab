//! The digits that are dialled once the call has been answered.

use std::fmt;

/// An extension: 1 to 20 digits, leading zeros kept, because `00123` and `123` ring two desks.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Extension {
    digits: [u8; Extension::DIGITS_MAX],
    len: u8,
}

impl Extension {
    /// The most digits that an extension has.
    pub const DIGITS_MAX: usize = 20;

    /// Takes 1 to 20 ASCII digits.
    pub fn parse(text: &str) -> Option<Extension> {
        let len = u8::try_from(text.len()).ok()?;
        if !(1..=Extension::DIGITS_MAX).contains(&text.len())
            || !text.bytes().all(|byte| byte.is_ascii_digit())
        {
            return None;
        }
        let mut digits = [b'0'; Extension::DIGITS_MAX];
        digits[..text.len()].copy_from_slice(text.as_bytes());
        Some(Extension { digits, len })
    }

    /// The digits, as they were written.
    pub fn as_str(&self) -> &str {
        // Only ASCII digits are ever put in, so the other arm is not reached.
        std::str::from_utf8(&self.digits[..usize::from(self.len)]).unwrap_or_default()
    }

    /// The digits as an integer, leading zeros lost. `None` for the few 20-digit ones that a
    /// `u64` does not hold.
    pub fn to_u64(&self) -> Option<u64> {
        self.as_str().parse().ok()
    }
}

impl AsRef<str> for Extension {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl PartialEq<str> for Extension {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for Extension {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl fmt::Display for Extension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Extension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Extension({})", self.as_str())
    }
}
