//! From what a person typed, or a machine sent, to a number.
//!
//! At the core is Google's reading, exactly; carnet's own rules are applied before and after it,
//! and can be switched one by one.

mod buffer;
mod candidate;
mod carrier;
mod country;
mod extension;
mod marks;
mod partial;
mod several;
mod short;
mod spreadsheet;
mod strangers;
mod tidy;
mod uri;
mod words;

pub use partial::{Partial, partials};
pub use several::NUMBERS_MAX;
pub use short::short_numbers;
pub use uri::uri_user;

use buffer::TextBuffer;
use country::{
    Resolved, after_international_prefix, home_code, international, resolve, resolve_plain,
    without_foreign_zero,
};
use several::Count;

use crate::describe::{Description, describe_national};
use crate::digits::Digits;
use crate::e164::DIGITS_MIN;
use crate::limits::{TEXT_BYTES_MAX, TEXT_CHARS_MAX};
use crate::renumbering::{has_changed, renumbered};
use crate::tables::{Code, Territory, territory_of};
use crate::{E164, Extension, Number, NumberKind, Reason, Region, Rules};
use std::ops::Range;

/// The fewest digits that are sure to have the shape of a number.
const STRICT_DIGITS_MIN: usize = 4;

/// Digits of an extension behind a single comma or semicolon, at most: more may be a second number.
const PAUSED_DIGITS_MAX: usize = 5;

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
    if let Some(number) = strict(text)
        && (number.valid || !(rules.renumbered || rules.trunk_zero))
    {
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
    if !rules.refuse_several {
        return read(text, home, rules);
    }
    let valid = |part: &str| valid_part(part, default_region, rules);
    let count = if is_plain(text) { Count::Unknown } else { several::find(text, valid).0 };
    let found = match count {
        Count::Unknown => read(text, home, rules),
        Count::One(number) => return Ok(number),
        Count::Several => return Err(Reason::Several),
    };
    if found.is_ok_and(|number| number.valid) {
        return found;
    }
    match several::find_by_blank(text, valid) {
        Some((Count::One(number), _)) => Ok(number),
        Some((Count::Several, _)) => Err(Reason::Several),
        Some((Count::Unknown, _)) | None => found,
    }
}

/// Whether a text has digits, blanks and hyphens only, perhaps behind a plus: most do, and are spared the
/// looking for anything else.
fn is_plain(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or(text);
    digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b' ' | b'-'))
}

/// The numbers of a text that has more than one, each with the bytes of the text that it was read
/// from. Empty for a text of one number, or of none.
pub fn several(text: &str, default_region: Region) -> Vec<(Range<usize>, Number)> {
    let read = |part: &str| valid_part(part, Some(default_region), Rules::CARNET);
    let counted = match several::find(text, read) {
        (Count::Unknown, _) if read(text).is_none() => several::find_by_blank(text, read),
        counted => Some(counted),
    };
    match counted {
        Some((Count::Several, found)) => found.into_iter().flatten().collect(),
        _ => Vec::new(),
    }
}

/// A valid number that is a part of a text.
fn valid_part(part: &str, default_region: Option<Region>, rules: Rules) -> Option<Number> {
    let rules = Rules { refuse_several: false, ..rules };
    normalise_with(part, default_region, rules).ok().filter(|number| number.valid)
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
    let mut values = [0; STANDARD_DIGITS_MAX];
    let (e164, code, national) = strict_parts(text, &mut values)?;
    // An old number is another one today, and a zero may not belong to it.
    let is_sure = !has_changed(code) && national.first() != Some(&0);
    (is_sure || describe_national(code, national).valid).then_some(e164)
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
    let reader = Reader { home, rules, lost_plus: rules.space_for_plus && lost_plus(text) };
    if rules.marks && is_plain(text) {
        return marks::read(text, |text| reader.number(text));
    }
    // Buffers are cleared when they are made, so they are made where they are needed.
    let (mut tidied, mut buffer);
    let text = if rules.plain_characters && !tidy::is_tidy(text) {
        tidied = TextBuffer::new();
        tidy::tidy(text, &mut tidied)
    } else {
        text
    };
    if rules.spreadsheets
        && let Some((plus, digits)) = spreadsheet::digits(text)?
    {
        return match plus {
            true => reader.possible(true, &digits),
            false => reader.quantity(&digits),
        };
    }
    let text = if rules.uris && uri::may_be_one(text) {
        buffer = TextBuffer::new();
        uri::number_in(text, &mut buffer)?
    } else {
        text
    };
    if !rules.marks {
        return reader.number(text);
    }
    let mut carried;
    let text = match carrier::place(text) {
        Some(place) => {
            let is_home = home.is_some_and(|home| home.code().code == carrier::BRAZIL);
            // In another country such signs are hidden digits.
            if !is_home && !text.contains("+55") && !text.starts_with("0055") {
                return Err(Reason::Hidden);
            }
            carried = TextBuffer::new();
            carrier::without(text, place, &mut carried)
        }
        None => text,
    };
    marks::read(text, |text| reader.number(text))
}

/// Reads one number, its surroundings taken away.
struct Reader {
    home: Option<&'static Territory>,
    rules: Rules,
    /// Whether a plus may have been lost before the text.
    lost_plus: bool,
}

impl Reader {
    fn number(&self, text: &str) -> Result<Number, Reason> {
        if self.rules.refuse_extension_only && extension::is_all_of(text) {
            return Err(Reason::ExtensionOnly);
        }
        let candidate = candidate::find(text)?;
        let is_second = |extension: &Extension| {
            extension.as_str().len() > PAUSED_DIGITS_MAX && extension::is_behind_single_pause(text)
        };
        if self.rules.marks && candidate.extension.as_ref().is_some_and(is_second) {
            return Err(Reason::NotANumber);
        }
        let (plus, digits) = (candidate.plus, &candidate.digits);
        let found = self.possible(plus, digits);
        let found = match found {
            Ok(number) if number.valid => Ok(number),
            found if self.rules.renumbered => match self.renumbered(plus, digits) {
                Some(number) => Ok(number),
                None => found,
            },
            found => found,
        };
        let found = match found {
            Ok(number) if number.valid => Ok(number),
            found if self.rules.trunk_zero => self.without_zero(plus, digits).map_or(found, Ok),
            found => found,
        };
        found.map(|number| Number { extension: candidate.extension, ..number })
    }

    /// The valid number of these digits without a zero behind their country code.
    fn without_zero(&self, plus: bool, digits: &Digits) -> Option<Number> {
        let home = self.home.filter(|_| !plus);
        let dialled = home.and_then(|home| after_international_prefix(home, digits));
        let abroad = dialled.or_else(|| {
            let zeros = self.rules.leading_zero_zero && !plus && digits.starts_with(&[0, 0]);
            zeros.then(|| digits.without_first(2))
        });
        let own = || home.and_then(|home| home_code(digits, home)).is_some();
        let carried = match abroad {
            Some(abroad) => abroad,
            None if plus || self.lost_plus || own() => *digits,
            None => return None,
        };
        let without = without_foreign_zero(&carried)?;
        self.resolved(true, &without).ok().filter(|number| number.valid)
    }

    /// The number of a spreadsheet, which has dropped a plus if there was one.
    fn quantity(&self, digits: &Digits) -> Result<Number, Reason> {
        let with_plus = self.resolved(true, digits).ok().filter(|number| number.valid);
        // A spreadsheet keeps no zero at the front: what begins with home's code has lost its plus.
        if let Some(number) = with_plus
            && self.home.is_some_and(|home| home_code(digits, home).is_some())
        {
            return Ok(number);
        }
        let plain = self.possible(false, digits);
        if plain.is_ok_and(|number| number.valid) {
            return plain;
        }
        with_plus.map_or(plain, Ok)
    }

    /// A possible number of these digits.
    fn possible(&self, plus: bool, digits: &Digits) -> Result<Number, Reason> {
        // If no number comes of it, the blank was a blank.
        if self.lost_plus
            && let Ok(number) = self.resolved(true, digits)
        {
            return Ok(number);
        }
        let plain = self.resolved(plus, digits);
        if let Some(number) = self.with_home_code(plus, digits, plain) {
            return Ok(number);
        }
        // A number that is valid as it stands was meant so.
        if !self.rules.leading_zero_zero || plus || plain.is_ok_and(|number| number.valid) {
            return plain;
        }
        if !digits.starts_with(&[0, 0]) {
            return plain;
        }
        match self.resolved(true, &digits.without_first(2)) {
            // Also where 00 is dialled with a carrier behind it, or means something else.
            Ok(number) if number.valid => Ok(number),
            _ if without_zero_zero(digits, self.home).is_none() => plain,
            // A possible number wins over an error; of two errors, the one about the number that was
            // meant is the better.
            Err(_) if plain.is_ok() => plain,
            abroad => abroad,
        }
    }

    /// The number that begins with home's code, though without a plus, where the general pattern takes
    /// it with that code for a number of the country: Germany's takes nearly everything. Believed of
    /// mobile numbers, which address books and messengers write so, and where a national prefix
    /// follows the code.
    fn with_home_code(
        &self,
        plus: bool,
        digits: &Digits,
        plain: Result<Number, Reason>,
    ) -> Option<Number> {
        if plus || !self.rules.home_code {
            return None;
        }
        let has_prefix = home_code(digits, self.home?)?;
        let number = self.resolved(true, digits).ok().filter(|number| number.valid)?;
        let is_mobile = |number: &Number| number.kind == NumberKind::Mobile;
        let meant =
            has_prefix || (is_mobile(&number) && !plain.is_ok_and(|plain| is_mobile(&plain)));
        meant.then_some(number)
    }

    /// The valid number that has replaced the one of these digits in its country's plan.
    fn renumbered(&self, plus: bool, digits: &Digits) -> Option<Number> {
        let valid = |new: &Digits| self.resolved(true, new).ok().filter(|number| number.valid);
        let abroad = without_zero_zero(digits, self.home).filter(|_| !plus);
        let whole = abroad.or_else(|| international(plus, digits, self.home))?;
        // The digits may have home's code already.
        renumbered(&whole, valid).or_else(|| {
            home_code(digits, self.home?).filter(|_| !plus)?;
            renumbered(digits, valid)
        })
    }

    fn resolved(&self, plus: bool, digits: &Digits) -> Result<Number, Reason> {
        if !plus && self.home.is_none() {
            return Err(Reason::NoCountryCode);
        }
        let like_region = self.rules.refuse_unlike_region;
        finish(resolve(plus, digits, self.home, like_region)?, None, self.rules)
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
