//! A second number without its area code: `030 2345678, 2345679`. It takes the area of the first, where a
//! valid number of about the same length comes of it. Alone it would be a number of another place, so
//! it is read alone only if it has all digits of a number of its country.

use crate::normalise::strangers::{KEYS_MIN, is_date};
use crate::normalise::words::{is_telephone_label, is_word_between};
use crate::text::{digit_of, is_blank, is_hyphen};
use crate::{E164, Number};

/// Digits of a second number without its area code, at least: fewer may be an extension or a postal
/// code.
const LOCAL_DIGITS_MIN: usize = 6;

/// How many digits more or fewer than the first one a second number may have.
const LENGTH_DIFFERENCE_MAX: usize = 1;

/// Digits of the first group of a second number of another length, at least: fewer may be a floor.
const FIRST_GROUP_DIGITS_MIN: usize = 3;

/// The years that two groups of four digits may be.
const YEARS: std::ops::Range<u64> = 1900..2100;

/// The number that is meant by a piece without a zero or plus of its own, where the text of another
/// number stands beside it. `alone` is the piece read alone, `comma` whether only a comma is between
/// the two.
pub(super) fn beside(
    (text, first): (&str, &Number),
    piece: &str,
    comma: bool,
    alone: Option<Number>,
    read: impl Fn(&str) -> Option<Number>,
) -> Option<Number> {
    let complete = alone.filter(|found| is_complete(found, piece));
    let (Some(plan), Some(digits)) = (Plan::of(first), Run::of(piece)) else { return complete };
    let valid = |number: u64| read(&E164::from_digits(number)?.to_string());
    let scale = digits.scale()?;
    let behind = |front: u64| front.checked_mul(scale)?.checked_add(digits.value);
    // The area of the first one and all of these digits, whatever their length.
    let wide = behind(plan.area).and_then(valid);
    let is_same = digits.count == plan.local;
    let is_number = digits.may_be_local(piece, comma);
    let local = if !is_number {
        None
    } else if !is_same && first.extension.is_none() && ends_apart(text, first.e164, digits.count) {
        valid(first.e164.digits() / scale * scale + digits.value)
    } else {
        let is_near = digits.count.abs_diff(plan.local) <= LENGTH_DIFFERENCE_MAX;
        wide.filter(|_| is_same || is_near && digits.first_group() >= FIRST_GROUP_DIGITS_MIN)
    };
    if let Some(complete) = complete {
        return match local {
            Some(local) if is_same && local.e164 != complete.e164 => None,
            _ => Some(complete),
        };
    }
    if digits.count != plan.national {
        // A short number of its own is none of the area, and the other way round.
        let other = || read(piece).filter(|found| is_complete(found, piece));
        return local.filter(|local| other().is_none_or(|other| other.e164 == local.e164));
    }
    // As many digits as the first has with its area: its own area is among them, if nothing else is
    // possible.
    let whole = behind(plan.code).and_then(valid).filter(|_| is_number || alone.is_some());
    match (whole, alone) {
        (Some(whole), Some(alone)) if whole.e164 != alone.e164 => None,
        (Some(whole), _) if wide.is_none() => Some(whole),
        _ => None,
    }
}

/// Whether a number was written with all digits that people of its country write, or with its country
/// code. Letters may stand for digits.
pub(super) fn is_complete(number: &Number, piece: &str) -> bool {
    let typed: String = piece.chars().filter_map(digit_of).map(|v| char::from(b'0' + v)).collect();
    let written = number.e164.national();
    let written: String = written.as_str().chars().filter(char::is_ascii_digit).collect();
    let keys = || piece.bytes().filter(u8::is_ascii_uppercase).count() >= KEYS_MIN;
    typed.contains(&written)
        || typed.contains(&number.e164.digits().to_string())
        || typed.len() < LOCAL_DIGITS_MIN && keys()
}

/// What the first number says of the area.
struct Plan {
    /// The country code.
    code: u64,
    /// The country code and the area code.
    area: u64,
    /// Digits behind the country code.
    national: usize,
    /// Digits behind the area code.
    local: usize,
}

impl Plan {
    /// The area code is the first group behind the country code.
    fn of(number: &Number) -> Option<Plan> {
        let written = number.e164.international();
        let mut groups = written.as_str().strip_prefix('+')?.split([' ', '-']);
        let (code, first) = (groups.next()?, groups.next()?);
        let local = groups.map(str::len).sum();
        let area = format!("{code}{first}").parse().ok()?;
        let found = Plan { code: code.parse().ok()?, area, national: first.len() + local, local };
        (local > 0).then_some(found)
    }
}

/// The digits of a piece and what stands around them.
struct Run<'t> {
    label: &'t str,
    inside: &'t str,
    behind: &'t str,
    value: u64,
    count: usize,
}

impl Run<'_> {
    fn of(piece: &str) -> Option<Run<'_>> {
        let is_digit = |c: char| digit_of(c).is_some();
        let (label, rest) = piece.split_at(piece.find(is_digit)?);
        let last = rest.rfind(is_digit)?;
        let end = last + rest[last..].chars().next()?.len_utf8();
        let (inside, behind) = rest.split_at(end);
        let mut run = Run { label, inside, behind, value: 0, count: 0 };
        for value in inside.chars().filter_map(digit_of) {
            run.value = run.value.checked_mul(10)?.checked_add(u64::from(value))?;
            run.count += 1;
        }
        Some(run)
    }

    fn scale(&self) -> Option<u64> {
        10_u64.checked_pow(u32::try_from(self.count).ok()?)
    }

    /// Whether this can be a number without its area code: nothing but digits and the signs that part
    /// them, no date, no place in a house before them, and no words around it but those beside a number.
    /// Six digits behind a comma may be a postal code.
    fn may_be_local(&self, piece: &str, comma: bool) -> bool {
        let is_part =
            |c: char| digit_of(c).is_some() || is_blank(c) || is_hyphen(c) || matches!(c, '.');
        let is_bare = piece.len() == self.count;
        self.count >= LOCAL_DIGITS_MIN
            && !(comma && is_bare && self.count == LOCAL_DIGITS_MIN)
            && self.inside.chars().all(is_part)
            && self.first_group() > 1
            && !is_date(self.inside)
            && !self.are_years()
            && is_beside_number(self.label)
            && is_beside_number(self.behind)
    }

    /// Digits before the first sign that parts them.
    fn first_group(&self) -> usize {
        self.inside.chars().take_while(|c| digit_of(*c).is_some()).count()
    }

    fn are_years(&self) -> bool {
        let groups = || self.inside.split(|c: char| digit_of(c).is_none());
        let groups = groups().filter(|group| !group.is_empty());
        self.count > 4
            && groups.map(str::parse).all(|year| year.is_ok_and(|year: u64| YEARS.contains(&year)))
    }
}

/// Whether these words say only what a number is, or that there is another.
fn is_beside_number(words: &str) -> bool {
    let words = words.trim_matches(|c: char| !c.is_alphabetic());
    words.is_empty() || is_telephone_label(words) || is_word_between(words)
}

/// Whether the last digits of a text stand apart from others before them, as many as there are in the
/// second number: the writer has parted the first one there.
fn ends_apart(text: &str, e164: E164, count: usize) -> bool {
    let text = text.trim_end_matches(|c: char| digit_of(c).is_none());
    let mut left = e164.digits();
    let mut rest = text;
    for _ in 0..count {
        let trimmed = rest.trim_end_matches(|c: char| digit_of(c).is_none());
        let Some(last) = trimmed.chars().next_back() else { return false };
        if digit_of(last).map(u64::from) != Some(left % 10) {
            return false;
        }
        left /= 10;
        rest = &trimmed[..trimmed.len() - last.len_utf8()];
    }
    rest.ends_with(|c: char| digit_of(c).is_none())
        && rest.contains(|c: char| digit_of(c).is_some())
}
