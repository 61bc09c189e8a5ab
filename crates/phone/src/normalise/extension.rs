//! Extensions at the end of a number: `ext. 12`, `x12`, `#12`, `,,12`, `;ext=12` and their like.

use crate::Extension;
use crate::text::{digit_of, fold, is_word};

/// How many digits an extension may have, by how sure its label makes it.
const DIGITS_AFTER_LABEL: usize = 20;
const DIGITS_AFTER_DIAL_PAUSE: usize = 15;
const DIGITS_AFTER_SIGN: usize = 9;
const DIGITS_BEFORE_HASH: usize = 6;

/// Signs that may mean an extension, or something else.
const SIGNS: [&str; 8] = ["x", "ｘ", "#", "＃", "~", "～", "int", "ｉｎｔ"];

/// Finds the extension that begins first and reaches to the end of `text`, and where it begins.
pub(super) fn find(text: &str) -> Option<(usize, Extension)> {
    let mut before = '\0';
    for (at, c) in text.char_indices() {
        // In a run of the same separator, the first has been tried for all.
        let tried = c == before && (c == '-' || is_separator(c));
        before = c;
        if !tried
            && could_begin(c)
            && let Some(extension) = at_start(&text[at..])
        {
            return Some((at, extension));
        }
    }
    None
}

/// The extension that all of `text` is.
pub(super) fn at_start(text: &str) -> Option<Extension> {
    if let Some(rest) = strip(text, ";ext=") {
        return digits(rest, DIGITS_AFTER_LABEL)
            .and_then(|(found, rest)| rest.is_empty().then_some(found));
    }
    let after = text.trim_start_matches(is_separator);
    after_label(after)
        .and_then(|rest| tail(rest, DIGITS_AFTER_LABEL))
        .or_else(|| SIGNS.iter().find_map(|sign| tail(strip(after, sign)?, DIGITS_AFTER_SIGN)))
        .or_else(|| before_hash(text))
        .or_else(|| after_pause(text))
}

/// The text behind a label that can only mean an extension: `ext`, `xtn`, `extension`, its Spanish
/// form (the ó in one piece or in two), full-width `ｅｘｔ`, `доб`, `anexo`.
fn after_label(text: &str) -> Option<&str> {
    let optional = |text, part| strip(text, part).unwrap_or(text);
    if let Some(rest) = strip(optional(text, "e"), "xt") {
        let long = strip(rest, "ensi").and_then(|rest| {
            let plain = strip(rest, "o").map(|rest| optional(rest, "\u{301}"));
            plain.or_else(|| strip(rest, "ó"))
        });
        return Some(optional(long.unwrap_or(rest), "n"));
    }
    if let Some(rest) = strip(optional(text, "ｅ"), "ｘｔ") {
        return Some(optional(rest, "ｎ"));
    }
    strip(text, "доб").or_else(|| strip(text, "anexo"))
}

/// `-12#`, as American switchboards write it.
fn before_hash(text: &str) -> Option<Extension> {
    let rest = text.trim_start_matches(['-', ' ']);
    let (found, rest) = digits(rest, DIGITS_BEFORE_HASH)?;
    // Without a mark before it `12#` is the end of the number.
    (rest == "#" && text.starts_with(['-', ' '])).then_some(found)
}

/// `,,12` and `;12`, which make a telephone wait before it goes on dialling, then single commas.
fn after_pause(text: &str) -> Option<Extension> {
    let rest = text.trim_start_matches([' ', '\u{a0}', '\t']);
    rest.strip_prefix(",,")
        .or_else(|| rest.strip_prefix(';'))
        .and_then(|rest| tail(rest, DIGITS_AFTER_DIAL_PAUSE))
        .or_else(|| tail(rest.strip_prefix(',')?.trim_start_matches(','), DIGITS_AFTER_SIGN))
}

/// Whether the digits at the end of a text have nothing but one comma or semicolon before them, which
/// stands between two numbers, too.
pub(super) fn is_behind_single_pause(text: &str) -> bool {
    let before = text.trim_end_matches(|c: char| digit_of(c).is_some()).trim_end();
    let pauses = before.len() - before.trim_end_matches([',', ';']).len();
    pauses == 1
}

/// The extension behind a label: a mark, separators, the digits, perhaps `#`, and the end.
fn tail(text: &str, max: usize) -> Option<Extension> {
    let text = text.strip_prefix([':', '.', '\u{ff0e}']).unwrap_or(text);
    let text = text.trim_start_matches([' ', '\u{a0}', '\t', ',', '-']);
    let (found, rest) = digits(text, max)?;
    (rest.is_empty() || rest == "#").then_some(found)
}

fn digits(text: &str, max: usize) -> Option<(Extension, &str)> {
    let mut ascii = [0; Extension::DIGITS_MAX];
    let mut len = 0;
    let mut end = 0;
    for (at, c) in text.char_indices() {
        let Some(value) = digit_of(c) else { break };
        // A longer run of digits is no extension, not the beginning of one.
        if len == max {
            return None;
        }
        *ascii.get_mut(len)? = b'0' + value;
        len += 1;
        end = at + c.len_utf8();
    }
    let found = Extension::parse(std::str::from_utf8(&ascii[..len]).ok()?)?;
    Some((found, &text[end..]))
}

/// The text behind `label`, which is in small letters; `text` may begin with either case.
fn strip<'a>(text: &'a str, label: &str) -> Option<&'a str> {
    let mut rest = text.chars();
    label.chars().all(|wanted| rest.next().map(fold) == Some(wanted)).then_some(rest.as_str())
}

fn is_separator(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '\t' | ',')
}

/// A quick look that spares most characters of a number the labels.
fn could_begin(c: char) -> bool {
    matches!(
        fold(c),
        ' ' | '\u{a0}'
            | '\t'
            | ','
            | ';'
            | '-'
            | 'e'
            | 'x'
            | 'a'
            | 'i'
            | 'д'
            | '#'
            | '~'
            | 'ｅ'
            | 'ｘ'
            | 'ｉ'
            | '＃'
            | '～'
    )
}

/// Whether an extension that reaches to the end of `text` begins somewhere from `first` to `last`.
pub(super) fn begins_within(text: &str, first: usize, last: usize) -> bool {
    text.char_indices()
        .skip_while(|&(at, _)| at < first)
        .take_while(|&(at, _)| at <= last)
        .any(|(at, c)| could_begin(c) && at_start(&text[at..]).is_some())
}

/// Whether a text is an extension only.
pub(super) fn is_all_of(text: &str) -> bool {
    let text = text.trim_start();
    // A quick look first: most texts begin with a digit or a plus.
    text.starts_with(could_begin)
        && at_start(text.trim_end_matches(|c| !is_word(c) && c != '#')).is_some()
}
