//! Numbers as people write them.

use std::fmt;
use std::ops::Deref;

use crate::digits::Digits;
use crate::tables::{code_of, fill};
use crate::{E164, Extension, Number};

/// A number as people write it: a short text kept in place, without the heap.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Formatted {
    bytes: [u8; Formatted::BYTES_MAX],
    len: u8,
}

impl Formatted {
    /// A code, 17 digits, the separators between them, and an extension with its label.
    const BYTES_MAX: usize = 87;

    const EMPTY: Formatted = Formatted { bytes: [0; Formatted::BYTES_MAX], len: 0 };

    fn push(&mut self, byte: u8) {
        if let Some(place) = self.bytes.get_mut(usize::from(self.len)) {
            *place = byte;
            self.len += 1;
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        // Only whole texts are ever pushed, so the other arm is not reached.
        std::str::from_utf8(&self.bytes[..usize::from(self.len)]).unwrap_or_default()
    }
}

impl Deref for Formatted {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl AsRef<str> for Formatted {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Display for Formatted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Formatted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl E164 {
    /// As it is written abroad: `+49 1511 2345678`. A number whose calling code is not in use
    /// stays as it is.
    pub fn international(self) -> Formatted {
        written(self, None, Notation::International)
    }

    /// As it is written in its country, with the national prefix where it is usual:
    /// `01511 2345678`. A number whose calling code is not in use stays as it is.
    pub fn national(self) -> Formatted {
        written(self, None, Notation::National)
    }
}

impl Number {
    /// As it is written abroad, the extension after it: `+49 1511 2345678 ext. 12`.
    pub fn international(&self) -> Formatted {
        written(self.e164, self.extension, Notation::International)
    }

    /// As it is written in its country, the extension after it: `01511 2345678 ext. 12`.
    pub fn national(&self) -> Formatted {
        written(self.e164, self.extension, Notation::National)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Notation {
    National,
    International,
}

fn written(number: E164, extension: Option<Extension>, style: Notation) -> Formatted {
    let digits = Digits::of(number.digits());
    let mut out = Formatted::EMPTY;
    let Some(code) = code_of(&digits) else {
        out.push(b'+');
        digits.iter().for_each(|digit| out.push(b'0' + digit));
        return out;
    };
    let (prefix, national) = digits.split_at(usize::from(code.digits));
    let (inland, abroad) = code.templates(national);
    let template = if style == Notation::National { inland } else { abroad };
    if style == Notation::International {
        out.push(b'+');
        prefix.iter().for_each(|digit| out.push(b'0' + digit));
        out.push(b' ');
    }
    if template.is_empty() {
        national.iter().for_each(|digit| out.push(b'0' + digit));
    } else {
        fill(template, national, |byte| out.push(byte));
    }
    if let Some(extension) = extension {
        code.extension.bytes().chain(extension.as_str().bytes()).for_each(|byte| out.push(byte));
    }
    out
}
