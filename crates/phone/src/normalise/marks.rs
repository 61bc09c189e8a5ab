//! What people and telephones write around a whole number: a name behind it or in brackets, an
//! extension by a word or mark that Google does not know, the place in a list, a date. It knows nothing
//! of countries: whether a part is a number is asked of the caller.
//!
//! A text with such marks can be read in several ways, each of which takes one part of it for the
//! number: [`READINGS`]. One rule chooses: the first reading in the list whose number is valid. A
//! reading that the text itself announces ([`Trust::Told`]) is believed when its number is only
//! possible. Where none of these is found, the first possible number of a plain reading is the answer,
//! else the reason why the text as it stands is none.

use super::buffer::TextBuffer;
use super::strangers::{
    KEYS_MIN, has_currency, has_hidden_digits, has_word_within, is_account, is_date,
};
use super::words::{before_extension_word, begins_with_unit};
use super::{extension, several};
use crate::{Extension, Number, Reason};

/// Digits of an extension behind a star or in brackets, at most: with more it is something else.
const EXTENSION_DIGITS_MAX: usize = 6;

/// Digits of an extension behind a word, at most: with more it is another number.
const EXTENSION_DIGITS_BEHIND_WORD_MAX: usize = 6;

/// Digits of a group that may be a floor, an hour or a place in a list, at most.
const LABEL_DIGITS_MAX: usize = 2;

/// Digits of a postal code or a customer's number.
const PLACE_DIGITS: std::ops::RangeInclusive<usize> = 4..=5;

/// Digits of a word's own behind a number, such as a year or a floor: of one group, and of all.
const REMARK_GROUP_DIGITS_MAX: usize = 4;
const REMARK_DIGITS_MAX: usize = 6;

/// How often a part is taken apart again: a name and an extension and a place in a list.
const DEPTH_MAX: usize = 3;

/// One way to read a text: the part that is the number, and the extension behind it.
struct Part<'t> {
    number: &'t str,
    extension: Option<Extension>,
}

/// How much a reading says about the text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Trust {
    /// The text says itself where the number ends, and a possible number is believed.
    Told,
    /// A valid number is believed; one that is only possible, if there is nothing better.
    Plain,
    /// Only a valid number is believed.
    Guessed,
}

/// The part of a text that one way of reading takes.
type Find = for<'t> fn(&'t str) -> Option<Part<'t>>;

/// The ways to read a text, in the order in which they are believed: those that explain more of it
/// first.
const READINGS: &[(Find, Trust)] = &[
    (behind_label, Trust::Guessed),
    (before_codes, Trust::Told),
    (before_marked_extension, Trust::Told),
    (before_lettered_label, Trust::Told),
    (before_bracket_apart, Trust::Guessed),
    (before_short_group, Trust::Guessed),
    (before_date, Trust::Guessed),
    (before_words, Trust::Plain),
    // Letters behind a number that no other reading makes valid are keys, as in +1 555 555 CARS.
    (whole, Trust::Plain),
    (before_remark, Trust::Guessed),
    // A bracket or a group right behind the number may have been part of it, and so may digits before
    // it.
    (before_bracket_joined, Trust::Guessed),
    (before_hyphen, Trust::Guessed),
    (behind_place, Trust::Guessed),
];

/// Reads a text with such marks; `read` reads one without them.
///
/// # Errors
/// [`Reason::Hidden`], and the reasons of `read`.
pub(super) fn read(
    text: &str,
    read: impl Fn(&str) -> Result<Number, Reason>,
) -> Result<Number, Reason> {
    let text = behind_hiding_code(text);
    if !may_have_marks(text) {
        let plain = read(text);
        // Of the readings that a text without marks has, these come after the plain one.
        let has_others = || before_hyphen(text).is_some() || behind_place(text).is_some();
        if plain.is_ok_and(|number| number.valid) || !has_others() {
            return plain;
        }
    }
    if has_hidden_digits(text) {
        return Err(Reason::Hidden);
    }
    let mut buffer = TextBuffer::new();
    let text = without_bracketed_words(text, &mut buffer);
    if has_currency(text) || is_account(text) || is_date(text.trim()) {
        return Err(Reason::NotANumber);
    }
    choose(text, &read, 0)
}

/// Codes that are dialled before a number so that the caller's own is hidden or shown.
const HIDING_CODES: &[&str] = &["*31#", "#31#", "*30#", "#30#", "*67", "*82"];

/// Such codes of digits only: Japan's, the United Kingdom's and Australia's. The number behind them has
/// its zero.
const HIDING_DIGITS: &[&str] = &["184", "186", "141", "1470", "1831", "1832"];

/// The text behind such a code. Few digits behind it are dialled for something else.
fn behind_hiding_code(text: &str) -> &str {
    let mut codes = HIDING_CODES.iter();
    let Some(rest) = codes.find_map(|code| text.trim_start().strip_prefix(code)) else {
        return text;
    };
    let digits = rest.bytes().filter(u8::is_ascii_digit).count();
    let number = rest.trim_start_matches([' ', '-', ',']);
    let begins = number.starts_with(|c: char| matches!(c, '+' | '(') || c.is_ascii_digit());
    if begins && digits >= several::NUMBER_DIGITS_MIN { number } else { text }
}

/// The rule of choice, as the head of this file has it. A part of the text is read in the same ways.
fn choose<R>(text: &str, read: &R, depth: usize) -> Result<Number, Reason>
where
    R: Fn(&str) -> Result<Number, Reason>,
{
    let mut plain = Err(Reason::NotANumber);
    for (find, trust) in READINGS {
        let Some(part) = find(text) else { continue };
        let found = match part.number.len() < text.len() && may_have_marks(part.number) {
            true if depth == DEPTH_MAX => Err(Reason::NotANumber),
            true => choose(part.number, read, depth + 1),
            false => read(part.number),
        };
        let found = match part.extension {
            Some(extension) => found.and_then(|number| with_extension(number, extension)),
            None => found,
        };
        match (trust, found) {
            (Trust::Told, Ok(_)) => return found,
            (_, Ok(number)) if number.valid => return found,
            (Trust::Plain, found) => plain = plain.or(found),
            _ => {}
        }
    }
    plain
}

/// A quick look that spares most texts the rest.
fn may_have_marks(text: &str) -> bool {
    let plain = |b| matches!(b, b'0'..=b'9' | b' ' | b'-' | b'.' | b'/' | b'+' | b'(' | b')');
    text.ends_with(')')
        || !text.bytes().all(plain)
        || behind_label(text).is_some()
        || may_end_in_date(text)
        || text.contains('.') && text.contains("...")
}

/// The number with this extension, unless it has one of its own already.
fn with_extension(number: Number, extension: Extension) -> Result<Number, Reason> {
    match number.extension {
        None => Ok(Number { extension: Some(extension), ..number }),
        Some(_) => Err(Reason::NotANumber),
    }
}

/// The text without brackets that have words or amounts in them. Such a bracket may have the extension,
/// which stays; and one with digits and capitals may be what is to be typed, as in 1 (800-FLOWERS).
fn without_bracketed_words<'a>(text: &'a str, buffer: &'a mut TextBuffer) -> &'a str {
    let mut rest = text;
    let mut found = false;
    while let Some(open) = rest.find(['(', '[', '{']) {
        let close = match rest.as_bytes()[open] {
            b'(' => ')',
            b'[' => ']',
            _ => '}',
        };
        let inside = &rest[open + 1..];
        // A bracket that is not closed reaches to the end.
        let end = inside.find(close).unwrap_or(inside.len());
        let after = inside.get(end + 1..).unwrap_or_default();
        let inside = &inside[..end];
        let is_key = |c: char| c.is_ascii_digit() || c.is_ascii_uppercase() || c == '-';
        let keys = inside.starts_with(|c: char| c.is_ascii_digit())
            && inside.chars().all(is_key)
            && inside.chars().filter(char::is_ascii_uppercase).count() >= KEYS_MIN;
        let is_words = inside.contains(char::is_alphabetic) || has_currency(inside);
        let before = text.len() - rest.len() + open;
        if !(is_words || is_remark(&text[..before], inside)) || keys {
            buffer.push(&rest[..rest.len() - after.len()]);
        } else {
            found = true;
            buffer.push(&rest[..open]);
            let marked = || before_marked_extension(inside).filter(|part| part.number.is_empty());
            let extension = extension::at_start(inside).or_else(|| marked()?.extension);
            if let Some(extension) = extension {
                buffer.push(";ext=");
                buffer.push(extension.as_str());
            } else {
                buffer.push(" ");
            }
        }
        rest = after;
    }
    if !found {
        return text;
    }
    buffer.push(rest);
    buffer.as_str().trim_end()
}

/// Whether a bracket behind a whole number has hours, days or a date in it: two or more short groups of
/// digits with signs between them, as in `(24/7)`, `(9-17)` and `(8:00-16:30)`.
fn is_remark(before: &str, inside: &str) -> bool {
    let is_sign = |c: char| matches!(c, '/' | '-' | ':' | '.' | ' ');
    let is_year = |group: &str| group.len() == 4 && group.starts_with(['1', '2']);
    let mut groups = inside.split(is_sign).filter(|group| !group.is_empty());
    let all_short = groups.all(|group| {
        group.bytes().all(|b| b.is_ascii_digit())
            && (group.len() <= LABEL_DIGITS_MAX || group == "365" || is_year(group))
    });
    all_short
        && inside.trim().contains(is_sign)
        && before.bytes().filter(u8::is_ascii_digit).count() >= several::NUMBER_DIGITS_MIN
}

/// A text and the digits at its end, with what stands between the two taken away.
fn before_last_digits(text: &str) -> Option<(&str, Extension)> {
    let text = text.trim_end_matches([' ', '.', '#']);
    let before = text.trim_end_matches(|c: char| c.is_ascii_digit());
    let extension = Extension::parse(&text[before.len()..])?;
    Some((before.trim_end_matches([' ', '.', ':', '-', '=']), extension))
}

/// The text before an extension that a word or a mark announces: `poste 45`, `*45`; `p45` and `w45`, as
/// telephones keep a pause and a wait.
fn before_marked_extension(text: &str) -> Option<Part<'_>> {
    let (before, extension) = before_last_digits(text)?;
    let digits = extension.as_str().len();
    let part = |number| Some(Part { number, extension: Some(extension) });
    if let Some(number) = before.strip_suffix('*') {
        return part(number).filter(|_| digits <= EXTENSION_DIGITS_MAX);
    }
    if let Some(number) = before.strip_suffix(['p', 'P', 'w', 'W'])
        && !number.ends_with(char::is_alphabetic)
    {
        // What is dialled behind further pauses is for a machine, and no part of the extension.
        return match number.contains(['p', 'P', 'w', 'W', ',']) {
            true if !number.ends_with(|c: char| c.is_ascii_digit()) => None,
            true => before_marked_extension(number),
            false => part(number),
        };
    }
    // Most texts end in digits alone, and are spared the words.
    if !before.ends_with(|c: char| c.is_alphabetic() || !c.is_ascii()) {
        return None;
    }
    let number = before_extension_word(before)?.trim_end_matches([' ', ',', ';', '-', '/']);
    part(number).filter(|_| digits <= EXTENSION_DIGITS_BEHIND_WORD_MAX)
}

/// The text before pauses and several codes for a machine: `,,123456#,,9876#`, as conferences are dialled.
/// The first code is the extension.
fn before_codes(text: &str) -> Option<Part<'_>> {
    let (number, codes) = text.split_at(text.find([',', ';'])?);
    let is_code = |c: char| c.is_ascii_digit() || matches!(c, ',' | ';' | '#' | '*' | ' ');
    let mut groups = codes.split(|c: char| !c.is_ascii_digit()).filter(|group| !group.is_empty());
    let (first, _) = (groups.next()?, groups.next()?);
    // A single comma stands between two numbers, too.
    let is_paused = codes.starts_with(",,") || codes.ends_with('#');
    let extension = Extension::parse(first);
    (is_paused && codes.chars().all(is_code)).then_some(Part { number, extension })
}

/// The text before words with a few digits of their own: `030 1234567 seit 2020`, `030 1234567 Oma 2`. A
/// whole number comes before them.
fn before_remark(text: &str) -> Option<Part<'_>> {
    let digits = |text: &str| text.bytes().filter(u8::is_ascii_digit).count();
    let word = text.char_indices().find(|&(at, c)| {
        c.is_alphabetic()
            && text[..at].ends_with([' ', ',', ';', '-', '('])
            && digits(&text[..at]) >= several::NUMBER_DIGITS_MIN
    });
    let (number, remark) = text.split_at(word?.0);
    let number = number.trim_end_matches(|c: char| !c.is_ascii_digit());
    let mut groups = remark.split(|c: char| !c.is_ascii_digit());
    let few = groups.all(|group| group.len() <= REMARK_GROUP_DIGITS_MAX);
    (few && digits(remark) <= REMARK_DIGITS_MAX).then(|| just(number))
}

/// The text before a word for extensions behind which a letter stands, and perhaps digits: `int.B 2` is
/// a door in a house, and nothing to be dialled.
fn before_lettered_label(text: &str) -> Option<Part<'_>> {
    let before = before_last_digits(text).map_or(text, |(before, _)| before);
    let label = before.strip_suffix(char::is_alphabetic)?;
    let number = before_extension_word(label.trim_end_matches([' ', '.', ':', '-']))?;
    let apart = label.ends_with([' ', '.', ':', '-']);
    apart.then(|| just(number.trim_end_matches([' ', ',', ';', '-', '/'])))
}

/// The text before a bracket at its end that has nothing but a few digits in it and a blank before it.
fn before_bracket_apart(text: &str) -> Option<Part<'_>> {
    before_bracket(text).filter(|part| part.number.ends_with(' '))
}

/// The same where the bracket follows at once.
fn before_bracket_joined(text: &str) -> Option<Part<'_>> {
    before_bracket(text).filter(|part| !part.number.ends_with(' '))
}

fn before_bracket(text: &str) -> Option<Part<'_>> {
    let text = text.trim_end();
    let (number, inside) = match text.strip_suffix(')') {
        Some(text) => text.rsplit_once('(')?,
        None => text.strip_suffix(']')?.rsplit_once('[')?,
    };
    let inside = inside.trim();
    let extension = Extension::parse(inside).filter(|_| inside.len() <= EXTENSION_DIGITS_MAX)?;
    Some(Part { number, extension: Some(extension) })
}

/// The text up to its last digit, if there are letters behind that. Not where these make the last digits
/// an amount or an hour.
fn before_words(text: &str) -> Option<Part<'_>> {
    let (number, behind) = words_behind(text)?;
    // A postal code and its place.
    let before = number.trim_end_matches(|c: char| c.is_ascii_digit());
    let number = match before.trim_end().strip_suffix([',', ';']) {
        Some(whole) if PLACE_DIGITS.contains(&(number.len() - before.len())) => whole,
        _ => number,
    };
    (!begins_with_unit(behind)).then(|| just(number))
}

/// The text as it stands, unless there are words in it that no number has.
fn whole(text: &str) -> Option<Part<'_>> {
    let is_amount = || words_behind(text).is_some_and(|(_, behind)| begins_with_unit(behind));
    (!has_word_within(text) && !is_amount()).then(|| just(text))
}

/// The text up to its last digit, and the letters behind that.
fn words_behind(text: &str) -> Option<(&str, &str)> {
    let last = text.rfind(|c: char| c.is_ascii_digit())?;
    let (before, behind) = text.split_at(last + 1);
    behind.contains(char::is_alphabetic).then_some((before, behind))
}

/// The text behind a place in a list or in a house: `Mobil 2 0170 1234567`, `1) 030 12345`. The number
/// itself begins with a zero or a plus, and the label does not.
fn behind_label(text: &str) -> Option<Part<'_>> {
    let from = text.find(|c: char| c.is_ascii_digit() || c == '+')?;
    let label = &text[from..];
    if label.starts_with('+') {
        return None;
    }
    if let Some((date, rest)) = label.split_once(' ')
        && is_date(date)
    {
        return Some(just(rest));
    }
    let digits = label.bytes().take_while(u8::is_ascii_digit).count();
    if HIDING_DIGITS.contains(&&label[..digits]) {
        let number = label[digits..].trim_start_matches([' ', '-']);
        let apart = number.len() < label.len() - digits;
        return (apart && number.starts_with(['0', '+'])).then(|| just(number));
    }
    if !(1..=LABEL_DIGITS_MAX).contains(&digits) || label.starts_with('0') {
        return None;
    }
    let always = label.strip_prefix(several::ALWAYS);
    let label = always.unwrap_or(&label[digits..]);
    let rest = label.trim_start_matches([')', '.', ':', ' ']);
    // A single zero in brackets follows a country code.
    let number = rest.strip_prefix('(').filter(|_| !rest.starts_with("(0)")).unwrap_or(rest);
    (rest.len() < label.len() && number.starts_with(['0', '+'])).then(|| just(rest))
}

/// The text behind a postal code or a customer's number, where the text begins with four or five digits
/// and a number with its zero or plus follows: `D-10115 030 12345`.
fn behind_place(text: &str) -> Option<Part<'_>> {
    let from = text.find(|c: char| c.is_ascii_digit() || c == '+')?;
    let (place, number) = text[from..].split_once([' ', ','])?;
    let number = number.trim_start();
    let is_place = PLACE_DIGITS.contains(&place.len())
        && place.bytes().all(|b| b.is_ascii_digit())
        && !place.starts_with('0');
    (is_place && number.starts_with(['0', '+'])).then(|| just(number))
}

/// The text before a hyphen and a few digits: `010-12345678-8001`, as in China.
fn before_hyphen(text: &str) -> Option<Part<'_>> {
    let (number, digits) = text.rsplit_once('-')?;
    let extension = Extension::parse(digits).filter(|_| digits.len() <= EXTENSION_DIGITS_MAX)?;
    // Behind a pair of digits another pair is no extension, but the end of a second number: `05-06`.
    let pair = number.rsplit(|c: char| !c.is_ascii_digit()).next().is_some_and(|g| g.len() == 2);
    if pair && digits.len() == 2 {
        return None;
    }
    // Behind words it is the end of another number.
    let first = number.find(|c: char| c.is_ascii_digit())?;
    if number[first..].contains(char::is_alphabetic) {
        return None;
    }
    // A whole number comes before, not an area code.
    let is_long = number.bytes().filter(u8::is_ascii_digit).count() >= several::NUMBER_DIGITS_MIN;
    is_long.then_some(Part { number, extension: Some(extension) })
}

/// Of a text before words the part before its last group, if that is as short as a floor or an hour, or
/// the words make it an amount, and what comes before is long enough to be the end of a number: `030
/// 123456` of `030 123456 2. Stock`.
fn before_short_group(text: &str) -> Option<Part<'_>> {
    let (text, behind) = words_behind(text)?;
    let (before, group) = text.rsplit_once(' ')?;
    let digits = |text: &str| text.bytes().filter(u8::is_ascii_digit).count();
    let short = |group: &str| {
        group.split('-').all(|part| (1..=LABEL_DIGITS_MAX).contains(&digits(part)))
            && group.bytes().all(|b| b.is_ascii_digit() || b == b'-')
    };
    let amount = |group: &str| {
        begins_with_unit(behind)
            && group.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'-' | b'.' | b',' | b':'))
    };
    let last = before.trim_end().rsplit([' ', '/', '-']).next()?;
    ((short(group) || amount(group)) && digits(last) > 2 * LABEL_DIGITS_MAX).then(|| just(before))
}

/// The text before a date, or hours that never end, at its end: `030 12345 12.03.2024`, `030 12345 24/7`.
fn before_date(text: &str) -> Option<Part<'_>> {
    let (before, group) = text.trim_end().rsplit_once(' ')?;
    (is_date(group) || group == several::ALWAYS).then(|| just(before))
}

/// A quick look that spares most texts the reading of a date: its first sign stands where one does.
fn may_end_in_date(text: &str) -> bool {
    let group = text.trim_end().rsplit(' ').next().unwrap_or_default().as_bytes();
    match group.iter().position(|byte| !byte.is_ascii_digit()) {
        Some(1 | 2) => matches!(group, [_, b'.' | b'/', ..] | [_, _, b'.' | b'/', ..]),
        Some(4) => group[4] == b'-',
        _ => false,
    }
}

fn just(number: &str) -> Part<'_> {
    Part { number, extension: None }
}
