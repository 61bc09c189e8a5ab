//! From what a person typed, or a machine sent, to a number.
//!
//! At the core is Google's reading, exactly; carnet's own rules are applied before and after it,
//! and can be switched one by one.

mod buffer;
mod candidate;
mod country;
mod extension;
mod uri;

use buffer::TextBuffer;
use country::{Resolved, after_international_prefix, resolve, resolve_plain};

use crate::describe::{Description, describe_national};
use crate::digits::Digits;
use crate::e164::DIGITS_MIN;
use crate::limits::{TEXT_BYTES_MAX, TEXT_CHARS_MAX};
use crate::tables::{Code, Territory, territory_of};
use crate::{E164, Extension, Number, Reason, Region, Rules};

/// The fewest digits that are sure to have the shape of a number.
const STRICT_DIGITS_MIN: usize = 4;

/// The most digits that the standard allows a number (ITU-T E.164).
const STANDARD_DIGITS_MAX: usize = 15;

/// Reads what a person typed, with carnet's own rules.
///
/// # Errors
///
/// The reason why the text is no number that can be called.
pub fn normalise(text: &str, default_region: Region) -> Result<Number, Reason> {
    normalise_with(text, Some(default_region), Rules::CARNET)
}

/// Reads what a person typed, with the rules given. Without a default region (or with
/// [`Region::WORLD`], which has no national numbers) only numbers that carry their country code are
/// read.
///
/// # Errors
///
/// The reason why the text is no number that can be called.
pub fn normalise_with(
    text: &str,
    default_region: Option<Region>,
    rules: Rules,
) -> Result<Number, Reason> {
    if let Some(number) = strict(text) {
        return Ok(number);
    }
    let home = default_region
        .filter(|region| *region != Region::WORLD)
        .map(|region| territory_of(region.place()));
    // No text has more characters than bytes, so most are spared the count.
    let long = text.len() > TEXT_CHARS_MAX;
    if long && (text.len() > TEXT_BYTES_MAX || text.chars().count() > TEXT_CHARS_MAX) {
        return Err(Reason::TextTooLong);
    }
    if text.trim().is_empty() {
        return Err(Reason::Empty);
    }
    read(text, home, rules)
}

/// `+` and ASCII digits, as machines write numbers, where nothing has to be looked for and no
/// rule has anything to say. `None` says nothing, only that the text has to be read.
#[inline]
fn strict(text: &str) -> Option<Number> {
    let mut values = [0; STANDARD_DIGITS_MAX];
    let (e164, code, national) = strict_parts(text, &mut values)?;
    Some(described(e164, None, describe_national(code, national)))
}

/// The E.164 number that [`normalise`] reads in a text of `+` and 4 to 15 ASCII digits, whatever
/// the default region is, and nothing more: a third of the time. `None` for every other text.
pub fn strict_e164(text: &str) -> Option<E164> {
    strict_parts(text, &mut [0; STANDARD_DIGITS_MAX]).map(|(e164, ..)| e164)
}

/// The number, its country code, and the digits behind that.
#[inline]
fn strict_parts<'v>(
    text: &str,
    values: &'v mut [u8; STANDARD_DIGITS_MAX],
) -> Option<(E164, &'static Code, &'v [u8])> {
    let bytes = text.as_bytes().strip_prefix(b"+")?;
    if !(STRICT_DIGITS_MIN..=STANDARD_DIGITS_MAX).contains(&bytes.len()) {
        return None;
    }
    let mut number = 0;
    for (value, byte) in values.iter_mut().zip(bytes) {
        // A byte below `0` wraps to a large value, so one comparison finds both.
        *value = byte.wrapping_sub(b'0');
        if *value > 9 {
            return None;
        }
        number = number * 10 + u64::from(*value);
    }
    let (code, national) = resolve_plain(&values[..bytes.len()])?;
    Some((E164::from_digits(number)?, code, national))
}

fn described(e164: E164, extension: Option<Extension>, description: Description) -> Number {
    let Description { valid, region, kind, .. } = description;
    Number { e164, extension, valid, region, kind }
}

/// Google's reading with carnet's rules before it.
fn read(text: &str, home: Option<&'static Territory>, rules: Rules) -> Result<Number, Reason> {
    let mut buffer = TextBuffer::new();
    let text = if rules.uris { uri::number_in(text, &mut buffer)? } else { text };
    if rules.refuse_extension_only && extension::is_all_of(text) {
        return Err(Reason::ExtensionOnly);
    }
    let candidate = candidate::find(text)?;
    let read_as = |plus: bool, digits: &Digits| {
        if !plus && home.is_none() {
            return Err(Reason::NoCountryCode);
        }
        finish(resolve(plus, digits, home)?, candidate.extension, rules)
    };
    let digits = &candidate.digits;
    // If no number comes of it, the blank was a blank.
    if rules.space_for_plus
        && lost_plus(text)
        && let Ok(number) = read_as(true, digits)
    {
        return Ok(number);
    }
    let plain = read_as(candidate.plus, digits);
    // A number that is valid as it stands was meant so.
    if !rules.leading_zero_zero || candidate.plus || plain.is_ok_and(|number| number.valid) {
        return plain;
    }
    match without_zero_zero(digits, home) {
        // A possible number wins over an error; of two errors, the one about the number that was
        // meant is the better.
        Some(rest) => match (read_as(true, &rest), plain) {
            (Err(_), Ok(number)) => Ok(number),
            (abroad, _) => abroad,
        },
        None => plain,
    }
}

/// Whether this begins as a URL's text does when its plus was not escaped: with one space, right
/// before a digit that a country code may begin with.
fn lost_plus(text: &str) -> bool {
    matches!(text.as_bytes(), [b' ', b'1'..=b'9', ..])
}

/// The digits behind a leading 00, unless 00 is the home country's international prefix.
fn without_zero_zero(digits: &Digits, home: Option<&'static Territory>) -> Option<Digits> {
    let dialled = home.is_some_and(|home| after_international_prefix(home, digits).is_some());
    (digits.starts_with(&[0, 0]) && !dialled).then(|| digits.without_first(2))
}

fn finish(
    resolved: Resolved,
    extension: Option<Extension>,
    rules: Rules,
) -> Result<Number, Reason> {
    let Resolved { code, national, local_only } = resolved;
    if local_only && rules.refuse_local_only {
        return Err(Reason::LocalOnly);
    }
    let len = usize::from(code.digits) + national.len();
    if len > STANDARD_DIGITS_MAX && rules.refuse_over_15_digits {
        return Err(Reason::TooLong);
    }
    let digits = national.iter().fold(u64::from(code.code), |n, digit| n * 10 + u64::from(*digit));
    // `from_digits` does not say which of its bounds was passed.
    let too = if len < DIGITS_MIN { Reason::TooShort } else { Reason::TooLong };
    let e164 = E164::from_digits(digits).ok_or(too)?;
    Ok(described(e164, extension, describe_national(code, &national)))
}
