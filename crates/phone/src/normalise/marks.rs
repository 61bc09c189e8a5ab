//! What people and telephones write around a whole number: a name behind it or in brackets, an
//! extension by a word or mark that Google does not know, signs in place of digits that are not to be
//! seen. It knows nothing of countries: whether a part is a number is asked of the caller.

use super::buffer::TextBuffer;
use super::extension;
use crate::{Extension, Number, Reason};

/// Digits of an extension behind a star or in brackets, at most: with more it is something else.
const EXTENSION_DIGITS_MAX: usize = 6;

/// Capitals that make a word to be typed, at least.
const KEYS_MIN: usize = 3;

/// Digits of a group that may be a floor, an hour or a place in a list, at most.
const LABEL_DIGITS_MAX: usize = 2;

/// Words before an extension, in small letters, beside those that Google knows: French, German,
/// Italian and Spanish, Dutch, Polish, Czech, Swedish, Danish, Portuguese, Turkish, Russian and
/// Ukrainian, Chinese, Japanese, Korean.
const EXTENSION_WORDS: &[&str] = &[
    "poste",
    "durchwahl",
    "durchw",
    "dw",
    "dwl",
    "app",
    "apparat",
    "nbst",
    "kl",
    "ha",
    "alanumero",
    "nebenstelle",
    "nst",
    "klappe",
    "interno",
    "interna",
    "interne",
    "intern",
    "toestel",
    "tst",
    "wewnętrzny",
    "wew",
    "wewn",
    "linka",
    "anknytning",
    "ankn",
    "lokal",
    "lokalnummer",
    "ramal",
    "dahili",
    "вн",
    "внутр",
    "внутренний",
    "分机",
    "分機",
    "转",
    "轉",
    "内線",
    "內線",
    "내선",
];

/// Reads a text with such marks; `read` reads one without them.
///
/// # Errors
/// [`Reason::Hidden`], and the reasons of `read`.
pub(super) fn read(
    text: &str,
    read: impl Fn(&str) -> Result<Number, Reason>,
) -> Result<Number, Reason> {
    if !may_have_marks(text) {
        return read(text);
    }
    if has_hidden_digits(text) {
        return Err(Reason::Hidden);
    }
    let mut buffer = TextBuffer::new();
    let text = without_bracketed_words(text, &mut buffer);
    if let Some(number) = behind_label(text).and_then(|rest| read(rest).ok())
        && number.valid
    {
        return Ok(number);
    }
    if let Some((before, extension)) = marked_extension(text)
        && let Some(number) = with_extension(read(before), extension)
    {
        return Ok(number);
    }
    // A bracket that stands apart has an extension; one right behind the number may be part of it, and
    // is asked after the plain reading.
    let bracketed = bracketed_extension(text).and_then(|(before, extension)| {
        let number = with_extension(read(before), extension).filter(|number| number.valid)?;
        Some((before.ends_with(' '), number))
    });
    if let Some((true, number)) = bracketed {
        return Ok(number);
    }
    let before_words = before_words(text);
    if let Some(number) = before_words.and_then(before_group).and_then(|rest| read(rest).ok())
        && number.valid
    {
        return Ok(number);
    }
    if has_word_within(text) {
        return Err(Reason::NotANumber);
    }
    if let Some(before) = before_words
        && let Ok(number) = read(before)
        && number.valid
    {
        return Ok(number);
    }
    let plain = read(text);
    if plain.is_ok_and(|number| number.valid) {
        return plain;
    }
    if let Some((false, number)) = bracketed {
        return Ok(number);
    }
    // Letters behind a number that is only possible are keys before they are a name, as in
    // +1 555 555 CARS.
    plain.or_else(|reason| before_words.and_then(|before| read(before).ok()).ok_or(reason))
}

/// A quick look that spares most texts the rest.
fn may_have_marks(text: &str) -> bool {
    text.ends_with(')')
        || behind_label(text).is_some()
        || text.contains("...")
        || text
            .bytes()
            .any(|b| !matches!(b, b'0'..=b'9' | b' ' | b'-' | b'.' | b'/' | b'+' | b'(' | b')'))
}

/// The number with this extension, unless it has one of its own already.
fn with_extension(number: Result<Number, Reason>, extension: Extension) -> Option<Number> {
    let number = number.ok().filter(|number| number.extension.is_none())?;
    Some(Number { extension: Some(extension), ..number })
}

/// Whether two or more signs stand side by side that people put in the place of digits. An x that
/// has another letter beside it belongs to a word.
fn has_hidden_digits(text: &str) -> bool {
    let mut before = None;
    let mut digits_seen = 0;
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let mut length = 1;
        while rest.next_if(|next| next.eq_ignore_ascii_case(&c)).is_some() {
            length += 1;
        }
        let hides = match c {
            // `0xx11` and `0**11`: Brazil's place for the code of any carrier.
            'x' | 'X' | '*' if length == 2 && before == Some('0') && digits_seen == 1 => false,
            'x' | 'X' => {
                let is_in_word = |c: Option<char>| c.is_some_and(char::is_alphabetic);
                !is_in_word(before) && !is_in_word(rest.peek().copied())
            }
            // Codes of the network begin with these, as *#21#.
            '*' | '#' => digits_seen > 0,
            // Middle dots and bullets have become dots.
            '_' | '?' | '×' | '●' | '○' | '■' | '█' | '•' => true,
            '.' => length > 2,
            _ => false,
        };
        if hides && length > 1 {
            return true;
        }
        digits_seen += if c.is_ascii_digit() { length } else { 0 };
        before = Some(c);
    }
    false
}

/// The text without brackets that have words in them. Such a bracket may have the extension, which
/// stays; and one with digits and capitals may be what is to be typed, as in 1 (800-FLOWERS).
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
        if !inside.contains(char::is_alphabetic) || keys {
            buffer.push(&rest[..rest.len() - after.len()]);
        } else {
            found = true;
            buffer.push(&rest[..open]);
            let extension = extension::at_start(inside).or_else(|| {
                marked_extension(inside).filter(|(before, _)| before.is_empty()).map(|(_, e)| e)
            });
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

/// The text before an extension that one of [`EXTENSION_WORDS`] or a mark announces, and that
/// extension: `*45`; `p45` and `w45`, as telephones keep a pause and a wait.
fn marked_extension(text: &str) -> Option<(&str, Extension)> {
    let text = text.trim_end_matches([' ', '.', '#']);
    let before = text.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = &text[before.len()..];
    let extension = Extension::parse(digits)?;
    let before = before.trim_end_matches([' ', '.', ':', '-']);
    if let Some(number) = before.strip_suffix('*') {
        return (digits.len() <= EXTENSION_DIGITS_MAX).then_some((number, extension));
    }
    let number = before.trim_end_matches(char::is_alphabetic);
    let word = &before[number.len()..];
    let is_pause = word.eq_ignore_ascii_case("p") || word.eq_ignore_ascii_case("w");
    if is_pause {
        // What is dialled behind further pauses is for a machine, and no part of the extension.
        let first = number.find(['p', 'P', 'w', 'W', ',']).unwrap_or(number.len());
        if first < number.len() {
            return marked_extension(number)
                .filter(|_| number.ends_with(|c: char| c.is_ascii_digit()));
        }
        return Some((number, extension));
    }
    let known = |known: &&str| *known == word || **known == *word.to_lowercase();
    (!word.is_empty() && EXTENSION_WORDS.iter().any(known))
        .then_some((number.trim_end_matches([' ', ',', ';', '-', '/']), extension))
}

/// The text before a bracket at its end that has nothing but a few digits in it, and those.
fn bracketed_extension(text: &str) -> Option<(&str, Extension)> {
    let (before, inside) = text.trim_end().strip_suffix(')')?.rsplit_once('(')?;
    let inside = inside.trim();
    let extension = Extension::parse(inside).filter(|_| inside.len() <= EXTENSION_DIGITS_MAX)?;
    Some((before, extension))
}

/// The text up to its last digit, if there are letters behind that.
fn before_words(text: &str) -> Option<&str> {
    let last = text.rfind(|c: char| c.is_ascii_digit())?;
    let (before, behind) = text.split_at(last + 1);
    behind.contains(char::is_alphabetic).then_some(before)
}

/// The text behind a place in a list or in a house: `Mobil 2 0170 1234567`, `1) 030 12345`. The number
/// itself begins with a zero or a plus, and the label does not.
fn behind_label(text: &str) -> Option<&str> {
    let from = text.find(|c: char| c.is_ascii_digit() || c == '+')?;
    let label = &text[from..];
    let digits = label.bytes().take_while(u8::is_ascii_digit).count();
    if !(1..=LABEL_DIGITS_MAX).contains(&digits) || label.starts_with('0') {
        return None;
    }
    let rest = label[digits..].trim_start_matches([')', '.', ':', ' ']);
    let parted = rest.len() < label.len() - digits;
    (parted && rest.starts_with(['0', '+'])).then_some(rest)
}

/// Of a text before words the part before its last group, if that is as short as a floor or an hour
/// and what comes before is long enough to be the end of a number: `030 123456 2` of `030 123456 2.
/// Stock`.
fn before_group(text: &str) -> Option<&str> {
    let (before, group) = text.rsplit_once(' ')?;
    let digits = |text: &str| text.bytes().filter(u8::is_ascii_digit).count();
    let short = group.split('-').all(|part| (1..=LABEL_DIGITS_MAX).contains(&digits(part)))
        && group.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    let last = before.trim_end().rsplit([' ', '/', '-']).next()?;
    (short && digits(last) > 2 * LABEL_DIGITS_MAX).then_some(before)
}

/// Whether there is a word between the digits that is neither before an extension nor to be typed.
fn has_word_within(text: &str) -> bool {
    let from = text.find(|c: char| c.is_ascii_digit()).unwrap_or(text.len());
    let number = &text[from..];
    // Parameters of a URI are words, too.
    let number = number.split(';').next().unwrap_or_default();
    let end = match extension::find(number) {
        // The x of `Fax` announces nothing.
        Some((at, _)) if number[..at].ends_with(char::is_alphabetic) => return true,
        Some((at, _)) => at,
        None => number.len(),
    };
    let number = &number[..end];
    let Some(last_digit) = number.rfind(|c: char| c.is_ascii_digit()) else { return false };
    let within = &number[..last_digit];
    let letters = || within.chars().filter(|c| c.is_alphabetic() && !matches!(c, 'x' | 'X'));
    if letters().next().is_none() {
        return false;
    }
    // To be typed: capitals, joined to digits by nothing or a hyphen.
    let keys = letters().all(|c| c.is_ascii_uppercase()) && letters().count() >= KEYS_MIN;
    let joined = !within.split(' ').any(|group| {
        group.contains(char::is_alphabetic) && !group.contains(|c: char| c.is_ascii_digit())
    });
    !(keys && joined)
}
