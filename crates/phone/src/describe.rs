//! Region, kind and validity of a number, from its digits alone.

use crate::digits::Digits;
use crate::tables::{Code, code_of};
use crate::{E164, NumberKind, Region};

/// Region, kind and validity of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Description {
    /// Where the number belongs; `None` where a calling code is shared and no region claims it.
    pub region: Option<Region>,
    /// The sort of line; `Unknown` unless valid.
    pub kind: NumberKind,
    /// Whether the number fits a pattern of its region.
    pub valid: bool,
    /// The country calling code; 0 if the number begins with none that is in use.
    pub calling_code: u16,
    /// The region if known, else the main region of the calling code. `WORLD` for numbers that
    /// belong to no country, and for those without a calling code that is in use.
    pub country: Region,
}

/// Describes a number.
pub fn describe(number: E164) -> Description {
    let digits = Digits::of(number.digits());
    match code_of(&digits) {
        Some(code) => describe_national(code, &digits[usize::from(code.digits)..]),
        None => Description {
            region: None,
            kind: NumberKind::Unknown,
            valid: false,
            calling_code: 0,
            country: Region::WORLD,
        },
    }
}

/// Describes a number that is split into country code and national digits.
pub(crate) fn describe_national(code: &'static Code, national: &[u8]) -> Description {
    let (region, kind) = code.classify(national);
    let kind = NumberKind::ALL[kind];
    Description {
        region: region.map(Region::at),
        kind,
        valid: kind != NumberKind::Unknown,
        calling_code: code.code,
        country: Region::at(region.unwrap_or_else(|| code.main().region)),
    }
}
