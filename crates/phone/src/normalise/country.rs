//! From digits to a country code and a national number, in the order in which Google does it:
//! the country code, then the national prefix, then the length.

use crate::Reason;
use crate::describe::describe_national;
use crate::digits::Digits;
use crate::tables::{Code, Territory, code_of, fill, walk};

/// The least and the most digits of a national number.
const NATIONAL_MIN: usize = 2;
const NATIONAL_MAX: usize = 17;

/// A possible number.
pub(super) struct Resolved {
    pub(super) code: &'static Code,
    pub(super) national: Digits,
    /// Whether it can be dialled only within its area.
    pub(super) local_only: bool,
}

/// The plain case: an international number in which no national prefix has to be looked at and
/// whose length is right. `None` says nothing, only that [`resolve`] has to look closer.
#[inline]
pub(super) fn resolve_plain(digits: &[u8]) -> Option<(&'static Code, &[u8])> {
    let code = code_of(digits)?;
    let national = &digits[usize::from(code.digits)..];
    let main = code.main();
    let plain = !main.has_prefix(national) && Length::of(main, national.len()) == Length::Possible;
    plain.then_some((code, national))
}

/// Finds country code and national number. `home` is the territory that numbers without country
/// code belong to. With `like_region` the general pattern of their country must take digits that come
/// without a plus.
pub(super) fn resolve(
    plus: bool,
    digits: &Digits,
    home: Option<&'static Territory>,
    like_region: bool,
) -> Result<Resolved, Reason> {
    let (code, territory, mut national) = match carried_code(plus, digits, home)? {
        Some((code, national)) => (code, code.main(), national),
        None => {
            let home = home.ok_or(Reason::NoCountryCode)?;
            (home.code(), home, *digits)
        }
    };
    if national.len() < NATIONAL_MIN {
        return Err(Reason::TooShort);
    }
    let mut stripped = national;
    strip_prefix(territory, &mut stripped);
    // A short number keeps its first digits if too little would be left without them.
    if matches!(Length::of(territory, stripped.len()), Length::Possible | Length::TooLong) {
        national = stripped;
    }
    match national.len() {
        ..NATIONAL_MIN => return Err(Reason::TooShort),
        NATIONAL_MIN..=NATIONAL_MAX => {}
        _ => return Err(Reason::TooLong),
    }
    let local_only = match Length::of(code.main(), national.len()) {
        Length::Possible => false,
        Length::LocalOnly => true,
        Length::TooShort => return Err(Reason::TooShort),
        Length::TooLong => return Err(Reason::TooLong),
        Length::Between => return Err(Reason::WrongLength),
    };
    let abroad = || home.is_some_and(|home| after_international_prefix(home, digits).is_some());
    if like_region && !plus && !local_only && !looks_like(territory, &national, abroad) {
        return Err(Reason::UnlikeRegion);
    }
    Ok(Resolved { code, national, local_only })
}

/// The calling code of North America.
const NORTH_AMERICA: u16 = 1;

/// Whether the general pattern of a territory, or of the main one that shares its plan, takes a number.
/// People write a number of such a neighbour as one of their own.
///
/// North America's general pattern takes nearly every ten digits, and half the world's mobile numbers
/// have ten: `98765 43210` is one of India. So a number there needs an area code that there is, unless
/// `abroad` says that its country code was dialled. The price is an area code that is newer than the
/// metadata: its numbers are kept as typed and named as unread, until newer metadata read them. A wrong
/// number would go in unseen. Exchanges may be newer: the metadata know few of the islands'.
fn looks_like(territory: &Territory, national: &[u8], abroad: impl Fn() -> bool) -> bool {
    let code = territory.code();
    let general =
        looks_national(territory, national) || looks_national(territory.code().main(), national);
    match code.code {
        NORTH_AMERICA => {
            general && (abroad() || may_be_american(code, national))
                || describe_national(code, national).valid
        }
        _ => general,
    }
}

/// Whether digits have an area code of North America and behind it an exchange as the plan has them
/// (NANPA): from 2 on, and not ending in 11.
fn may_be_american(code: &'static Code, national: &[u8]) -> bool {
    let [a, b, c, first, rest @ ..] = national else { return false };
    // The metadata name no area codes; one that there is has an exchange among these in all cases.
    let has_numbers = |exchange: u8| {
        let number = [*a, *b, *c, exchange / 10, exchange % 10, 4, 2, 3, 4, 5];
        describe_national(code, &number).valid
    };
    *first > 1 && !rest.starts_with(&[1, 1]) && (20..100).any(has_numbers)
}

/// The digits as they would follow a plus, the national prefix of the home country taken away.
pub(super) fn international(
    plus: bool,
    digits: &Digits,
    home: Option<&'static Territory>,
) -> Option<Digits> {
    if plus {
        return Some(*digits);
    }
    let home = home?;
    if let Some(rest) = after_international_prefix(home, digits) {
        return Some(rest);
    }
    let mut national = *digits;
    strip_prefix(home, &mut national);
    let mut all = Digits::of(u64::from(home.code().code));
    national.iter().for_each(|digit| all.push(*digit));
    Some(all)
}

/// The country code that the digits carry and what follows it; `None` if they carry none.
fn carried_code(
    plus: bool,
    digits: &Digits,
    home: Option<&'static Territory>,
) -> Result<Option<(&'static Code, Digits)>, Reason> {
    if !plus {
        return code_without_plus(digits, home);
    }
    match code_at_start(digits) {
        // Perhaps the plus was a mistake, as in +00 or before a national number that has the
        // country code of its own region.
        Err(Reason::UnknownCountryCode) => match code_without_plus(digits, home)? {
            Some(found) => Ok(Some(found)),
            None => Err(Reason::UnknownCountryCode),
        },
        found => found.map(Some),
    }
}

/// The country code after a plus or an international prefix.
fn code_at_start(digits: &Digits) -> Result<(&'static Code, Digits), Reason> {
    if digits.len() <= NATIONAL_MIN {
        return Err(Reason::TooShort);
    }
    let code = code_of(digits).ok_or(Reason::UnknownCountryCode)?;
    Ok((code, digits.without_first(usize::from(code.digits))))
}

fn code_without_plus(
    digits: &Digits,
    home: Option<&'static Territory>,
) -> Result<Option<(&'static Code, Digits)>, Reason> {
    let Some(home) = home else { return Ok(None) };
    if let Some(rest) = after_international_prefix(home, digits) {
        return code_at_start(&rest).map(Some);
    }
    // The home country's code without a plus: believed where the number makes no sense with it.
    let code = home.code();
    let width = usize::from(code.digits);
    if code_of(digits).is_none_or(|found| found.code != code.code) {
        return Ok(None);
    }
    let mut national = digits.without_first(width);
    strip_prefix(home, &mut national);
    let better = !looks_national(home, digits) && looks_national(home, &national);
    let too_long = Length::of(home, digits.len()) == Length::TooLong;
    Ok((better || too_long).then_some((code, national)))
}

/// Whether digits without a plus begin with the country code of their home, and whether a national
/// prefix follows it, as in 49 (0) 30.
pub(super) fn home_code(digits: &Digits, home: &Territory) -> Option<bool> {
    let code = home.code();
    code_of(digits).filter(|found| found.code == code.code)?;
    let (len, _) = home.strip(&digits.without_first(usize::from(code.digits)));
    Some(len > 0)
}

/// The digits behind the international prefix of a territory, if they begin with it. `None` when a
/// zero follows: no country code begins with one, so it was something else.
pub(super) fn after_international_prefix(home: &Territory, digits: &Digits) -> Option<Digits> {
    let len = usize::from(walk(home.international_prefix, digits));
    let rest = digits.without_first(len);
    (len > 0 && rest.first() != Some(&0)).then_some(rest)
}

/// The digits without a zero that is the national prefix and stands behind the country code all the
/// same: `+49 030 123`.
pub(super) fn without_zero_behind_code(digits: &Digits) -> Option<Digits> {
    let code = code_of(digits)?;
    let national = digits.without_first(usize::from(code.digits));
    let mut stripped = national;
    strip_prefix(code.main(), &mut stripped);
    if !national.starts_with(&[0]) || stripped.len() >= national.len() {
        return None;
    }
    let mut all = Digits::of(u64::from(code.code));
    stripped.iter().for_each(|digit| all.push(*digit));
    Some(all)
}

/// The digits without a zero behind the country code, which other countries have as their national
/// prefix: `+39 (0) 347 …`.
pub(super) fn without_foreign_zero(digits: &Digits) -> Option<Digits> {
    let code = code_of(digits)?;
    let mut national = digits.without_first(usize::from(code.digits));
    while national.first() == Some(&0) {
        national = national.without_first(1);
    }
    let mut all = Digits::of(u64::from(code.code));
    national.iter().for_each(|digit| all.push(*digit));
    (all.len() < digits.len()).then_some(all)
}

/// Takes the national prefix away or puts in what it stands for, unless the number looked right
/// with it and would not without.
fn strip_prefix(territory: &Territory, national: &mut Digits) {
    let (len, put) = territory.strip(national);
    if len == 0 && put.is_empty() {
        return;
    }
    let mut stripped = national.without_first(len);
    // The template may copy digits of the prefix: in Argentina `0 11 15` becomes `9 11`.
    if !put.is_empty() {
        let rest = stripped;
        stripped = Digits::new();
        fill(put, national, |character| stripped.push(character - b'0'));
        rest.iter().for_each(|digit| stripped.push(*digit));
    }
    if !looks_national(territory, national) || looks_national(territory, &stripped) {
        *national = stripped;
    }
}

fn looks_national(territory: &Territory, national: &[u8]) -> bool {
    walk(territory.general, national) == 1
}

/// How a length fits a territory.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Length {
    Possible,
    LocalOnly,
    TooShort,
    TooLong,
    /// Longer than some of its numbers and shorter than others.
    Between,
}

impl Length {
    #[inline]
    fn of(territory: &Territory, len: usize) -> Length {
        let bit = 1u32.checked_shl(u32::try_from(len).unwrap_or(u32::MAX)).unwrap_or(0);
        if territory.local & bit != 0 {
            Length::LocalOnly
        } else if territory.lengths & bit != 0 {
            Length::Possible
        } else if bit == 0 || bit > territory.lengths {
            // No bit for more than 31 digits; a bit above the whole mask is above its highest.
            Length::TooLong
        } else if territory.lengths & (bit - 1) == 0 {
            // It has no length below this one.
            Length::TooShort
        } else {
            Length::Between
        }
    }
}
