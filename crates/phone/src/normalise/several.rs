//! Several numbers in one text: `01 23 45 67 01 / 06 12 34 56 01`. Each number has to be valid by
//! itself, so that an area code with a slash behind it is none. What is none beside them counts for
//! nothing, where the text as a whole is no number either.

mod local;
mod separator;

use super::strangers::is_date;
use crate::text::digit_of;
use crate::{E164, Extension, Number};
use separator::by_blank;
pub(super) use separator::{NUMBER_DIGITS_MIN, parts};
use std::ops::Range;

/// Numbers of one text, at most; a text with more has them named up to here.
pub const NUMBERS_MAX: usize = 8;

/// Parts of a text with numbers, at most: an area code, a number and two that are none for each.
const PARTS_MAX: usize = 4 * NUMBERS_MAX;

/// Digits of another end of a number, at most; one more where the last group of the number has as many.
const END_DIGITS_MAX: usize = 3;

/// Digits of a text that is no end of a number, at least, behind a slash that has blanks around it and a
/// number that is long enough to be whole.
const APART_DIGITS_MIN: usize = 4;
/// Digits of that number, at least.
const APART_NUMBER_DIGITS_MIN: usize = 9;

/// Digits that stand before another end without a sign between them and the number, at least: a group
/// of fewer belongs to the number with the end.
const WHOLE_GROUP_DIGITS_MIN: usize = 5;

/// Hours that never end, and no ends of two numbers.
pub(super) const ALWAYS: &str = "24/7";

/// How many numbers a text with separators has.
pub(super) enum Count {
    /// None, or one that has to be read as a whole.
    Unknown,
    /// One: the same in several spellings, or beside something that is none.
    One(Number),
    Several,
}

/// The numbers of a text with the bytes that they were read from, and how many they are; `read` reads
/// a part, and gives valid numbers only.
pub(super) fn find(text: &str, read: impl Fn(&str) -> Option<Number>) -> (Count, Found) {
    // Most texts have no separator, and are spared the reading of parts; so are those with too many.
    if !(2..=PARTS_MAX).contains(&parts(text).take(PARTS_MAX + 1).count()) {
        return (Count::Unknown, NONE);
    }
    let Parts { found, rest } = numbers_in(text, &read);
    // A text that is one number as a whole is one, unless a part of it stands apart.
    let sure = match rest {
        Rest::Nothing => true,
        Rest::Apart => false,
        Rest::Digits if read(text).is_some() => return (Count::Unknown, NONE),
        Rest::Digits => false,
    };
    (count(&found, sure), found)
}

/// The same of a text in which [`find`] tells nothing and that is no valid number as a whole.
pub(super) fn find_by_blank(
    text: &str,
    read: impl Fn(&str) -> Option<Number>,
) -> Option<(Count, Found)> {
    let [first, second] = by_blank(text, read)?;
    let mut found = NONE;
    [found[0], found[1]] = [Some(first), Some(second)];
    Some((count(&found, true), found))
}

/// How many numbers these are. One alone is believed beside something else if it is long enough; `sure`
/// says that there is nothing else.
fn count(found: &Found, sure: bool) -> Count {
    let mut numbers = found.iter().flatten();
    let Some((range, first)) = numbers.next() else { return Count::Unknown };
    let is_alone = found.iter().flatten().nth(1).is_none();
    if is_alone && (sure || range.len() < NUMBER_DIGITS_MIN) {
        return Count::Unknown;
    }
    match numbers.all(|(_, other)| other.e164 == first.e164) {
        true => Count::One(*first),
        false => Count::Several,
    }
}

/// The numbers that were found, in their order.
pub(super) type Found = [Option<(Range<usize>, Number)>; NUMBERS_MAX];

const NONE: Found = [const { None }; NUMBERS_MAX];

/// The numbers between the separators, and what else has digits.
struct Parts {
    found: Found,
    rest: Rest,
}

/// What has digits beside the numbers.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rest {
    Nothing,
    /// Digits that are no number.
    Digits,
    /// Digits that cannot be the end of the number before them.
    Apart,
}

impl Rest {
    fn or_digits(self) -> Rest {
        if self == Rest::Nothing { Rest::Digits } else { self }
    }
}

/// The numbers between the separators. A slash parts an area code from its number, too, so a part that
/// is none is read with the next.
fn numbers_in(text: &str, read: impl Fn(&str) -> Option<Number>) -> Parts {
    let mut found = NONE;
    let mut rest = Rest::Nothing;
    let mut count: usize = 0;
    // Where a part begins that may be an area code.
    let mut area: Option<usize> = None;
    for part in parts(text) {
        let piece = &text[part.clone()];
        if !piece.contains(|c: char| digit_of(c).is_some()) {
            continue;
        }
        if separator::number_part(piece).is_some_and(is_date) {
            rest = rest.or_digits();
            continue;
        }
        let before = &text[..part.start];
        let start = area.take().filter(|_| ends_with_slash(before)).unwrap_or(part.start);
        let last = count.checked_sub(1).and_then(|last| found[last].as_ref());
        let last = last.map(|(range, number)| (&text[range.clone()], *number));
        // Behind a code for a machine stands its `#`.
        let own = !piece.ends_with('#')
            && last.is_none_or(|(last, _)| is_of_its_own(last, &text[start..part.end]));
        let alone = own.then(|| number_of(text, start, &part, &read)).flatten();
        let number = match last.or_else(|| next_number(text, &part, &read)) {
            Some((beside, number)) if !begins_as_number(&text[start..part.end]) => {
                let comma = before.trim_end().ends_with([',', '，']);
                let alone = alone.map(|(_, number)| number);
                local::beside((beside, &number), piece, comma, alone, &read)
                    .map(|number| (part.clone(), number))
            }
            _ => alone,
        };
        let number = number.or_else(|| {
            let end = without_label(piece);
            let (last, number) = last.filter(|(last, _)| {
                announces_end(before, end) && (!last.contains('/') || is_end_behind(last, end))
            })?;
            Some((start..part.end, with_other_end(&number, last, end, &read)?))
        });
        let Some((range, number)) = number else {
            let is_area = text[part.end..].trim_start().starts_with('/')
                && (count == 0 || begins_as_number(piece));
            if is_area {
                area = Some(start);
            } else if last.is_some_and(|(last, _)| is_apart(last, before, piece)) {
                rest = Rest::Apart;
            } else {
                rest = rest.or_digits();
            }
            continue;
        };
        if range.start > start {
            rest = rest.or_digits();
        }
        if let Some(place) = found.get_mut(count) {
            *place = Some((range, number));
            count += 1;
        }
    }
    if area.is_some() {
        rest = rest.or_digits();
    }
    Parts { found, rest }
}

/// The number of a part and where it is read from: with the area code that begins at `start`, or without
/// what was taken for one.
fn number_of(
    text: &str,
    start: usize,
    part: &Range<usize>,
    read: impl Fn(&str) -> Option<Number>,
) -> Option<(Range<usize>, Number)> {
    let whole = start..part.end;
    if let Some(number) = read(&text[whole.clone()]) {
        return Some((whole, number));
    }
    let piece = Some(&text[part.clone()]);
    let piece = piece.filter(|piece| start < part.start && begins_as_number(piece))?;
    Some((part.clone(), read(piece)?))
}

/// The number behind the first part, if that begins as a whole one.
fn next_number<'t>(
    text: &'t str,
    part: &Range<usize>,
    read: impl Fn(&str) -> Option<Number>,
) -> Option<(&'t str, Number)> {
    let rest = &text[part.end..];
    let next = &rest[parts(rest).find(|next| !next.is_empty())?];
    if begins_as_number(&text[part.clone()]) || !begins_as_number(next) {
        return None;
    }
    Some((next, read(next)?))
}

/// Whether a part behind a number can be a number of its own. Behind one with slashes of its own the next
/// digits may belong to it, and few digits without their zero are no number where the first has its own.
fn is_of_its_own(last: &str, part: &str) -> bool {
    let digits = || part.chars().filter(|c| digit_of(*c).is_some()).count();
    begins_as_number(part)
        || !last.contains('/') && (!begins_as_number(last) || digits() >= NUMBER_DIGITS_MIN)
}

/// Whether digits behind a slash with blanks around it cannot belong to the number before: it is a whole
/// one, and they are too many for another end.
fn is_apart(number: &str, before: &str, piece: &str) -> bool {
    let digits = |text: &str| text.bytes().filter(u8::is_ascii_digit).count();
    before.trim_end_matches(' ').ends_with(" /")
        && before.ends_with(' ')
        && !number.contains('/')
        && digits(number) >= APART_NUMBER_DIGITS_MIN
        && piece.len() >= APART_DIGITS_MIN
        && digits(piece) == piece.len()
}

fn ends_with_slash(before: &str) -> bool {
    before.trim_end().ends_with('/')
}

/// Another end of a number without the word before its hyphen: `-46` of `Fax -46`.
fn without_label(end: &str) -> &str {
    let behind =
        end.trim_start_matches(|c: char| c.is_alphabetic() || matches!(c, '.' | ':' | ' '));
    if behind.starts_with('-') { behind } else { end }
}

/// Whether the sign or word at the end of a text may have another end of a number behind it. Behind a
/// comma a hyphen must say so: else it would be an extension.
fn announces_end(before: &str, end: &str) -> bool {
    let before = before.trim_end();
    before.ends_with(|c: char| matches!(c, '/' | '&' | '.') || c.is_alphabetic())
        || before.ends_with(',') && end.starts_with('-')
}

/// Whether the digits of a part begin as those of a whole number do.
fn begins_as_number(part: &str) -> bool {
    let is_digit = |c: char| c == '+' || digit_of(c).is_some();
    part.find(is_digit).is_some_and(|at| part[at..].starts_with(['0', '+']))
}

/// Whether digits behind a number with slashes of its own can only be another end of it: a hyphen
/// parts as many digits from the number, or the end is short and the last group of the number is long.
/// `030/12345-12/13`, but not `0664/1234/567`.
fn is_end_behind(number: &str, end: &str) -> bool {
    let digits = end.trim_start_matches('-').len();
    let mut groups = number.rsplit(|c: char| digit_of(c).is_none());
    let last = groups.next().map_or(0, str::len);
    let by_hyphen = || number[..number.len() - last].ends_with('-') && digits == last;
    end.starts_with('-')
        || by_hyphen()
        || (digits < END_DIGITS_MAX && last >= WHOLE_GROUP_DIGITS_MIN)
}

/// The number that a few digits behind another stand for: `030 12345-12/13` and `030 12345-12 u. 13`
/// are also 030 12345-13. Behind an extension they are another one of the same number.
fn with_other_end(
    number: &Number,
    text: &str,
    end: &str,
    read: impl Fn(&str) -> Option<Number>,
) -> Option<Number> {
    let end = end.trim_start_matches('-');
    let last_group = text.rsplit(|c: char| digit_of(c).is_none()).next().map_or(0, str::len);
    let most = if last_group == END_DIGITS_MAX + 1 { last_group } else { END_DIGITS_MAX };
    let few = (1..=most).contains(&end.len()) && end.bytes().all(|b| b.is_ascii_digit());
    let digits: u64 = end.parse().ok().filter(|_| few)?;
    if number.extension.is_some() {
        return Some(Number { extension: Extension::parse(end), ..*number });
    }
    let scale = 10_u64.pow(u32::try_from(end.len()).ok()?);
    read(&E164::from_digits(number.e164.digits() / scale * scale + digits)?.to_string())
}
