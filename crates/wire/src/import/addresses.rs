//! E-mail addresses of a record that others have written: with a name or a label beside them, or several
//! in one field. Whatever is not made of addresses alone stays as it is, and is refused by its field.

use crate::import::draft::Draft;
use crate::import::record::{Notice, NoticeKind};
use crate::parts::reference::is_email;
use carnet_model::bare_email;
use serde_json::Value;

const FIELDS: [&str; 3] = ["workEmail", "personalEmail", "otherEmail"];

/// The scheme of a link to an address.
const SCHEME: &str = "mailto:";

/// Tidies the addresses of a contact.
pub(super) fn tidy(draft: &mut Draft<'_>, notices: &mut Vec<Notice>) {
    for name in FIELDS {
        let Some(Value::String(text)) = draft.get(name) else { continue };
        // As the field itself reads it: with blanks beside the `@`, in quotation marks, in a link.
        if is_email(&bare_email(text)) && !text.contains(is_bracket) {
            continue;
        }
        let Some(found) = addresses(text) else { continue };
        let others: Vec<String> = FIELDS
            .iter()
            .filter(|other| **other != name)
            .filter_map(|other| Some(draft.get(other)?.as_str()?.trim().to_lowercase()))
            .collect();
        let mut free: Vec<&'static str> =
            FIELDS.into_iter().filter(|other| *other != name && draft.is_free(other)).collect();
        let mut found = found.into_iter();
        let Some(first) = found.next() else { continue };
        let more: Vec<String> =
            found.filter(|address| !others.contains(&address.to_lowercase())).collect();
        // The field then says that this is no address.
        if more.len() > free.len() {
            continue;
        }
        draft.set(name, Value::from(first));
        free.truncate(more.len());
        for (place, address) in free.iter().zip(more) {
            draft.set(place, Value::from(address));
        }
        if !free.is_empty() {
            let to = free.join(" and ");
            let reason = format!("several addresses in one field; the others are in {to} now");
            notices.push(Notice { field: name.to_owned(), kind: NoticeKind::Moved, reason });
        }
    }
}

fn has_scheme(text: &str) -> bool {
    text.get(..SCHEME.len()).is_some_and(|scheme| scheme.eq_ignore_ascii_case(SCHEME))
}

/// The sentence about a field of several addresses that have no free fields to go to; `None` for any
/// other text.
pub(super) fn why_crowded(field: &str, value: Option<&Value>) -> Option<&'static str> {
    let text = value.and_then(Value::as_str).filter(|_| FIELDS.contains(&field))?;
    let several = addresses(text).is_some_and(|found| found.len() > 1);
    several.then_some(
        "several addresses in one field, and too few free e-mail fields in the record for the others",
    )
}

/// Words of a label beside an address, at most.
const LABEL_WORDS_MAX: usize = 4;

/// Words and marks between addresses that say nothing.
const BETWEEN: [&str; 14] =
    ["or", "and", "ou", "et", "oder", "und", "o", "y", "e", "of", "en", "/", "&", "+"];

fn is_bracket(c: char) -> bool {
    matches!(c, '(' | ')' | '[' | ']' | '<' | '>' | '{' | '}')
}

/// The addresses of a text that is made of such, each once, with names and short labels beside them:
/// `Ann <ann@x.org>`, `ann@x.org (private)`. `None` for any other text.
fn addresses(text: &str) -> Option<Vec<String>> {
    let mut found: Vec<String> = Vec::new();
    for part in parts(text) {
        if is_email(&bare_email(part)) && !part.contains(is_bracket) {
            let address = bare_email(part);
            if !found.iter().any(|known| known.eq_ignore_ascii_case(&address)) {
                found.push(address.into_owned());
            }
            continue;
        }
        if is_broken(part) {
            return None;
        }
        let (mut words, mut count) = (0, 0);
        let apart = part.split(|c: char| c.is_whitespace() || is_bracket(c) || c == '"');
        for token in apart.filter(|token| !token.is_empty() && !BETWEEN.contains(token)) {
            if !token.contains('@') {
                // A scheme may stand apart from its address.
                words += usize::from(!token.eq_ignore_ascii_case(SCHEME));
                continue;
            }
            let address = match has_scheme(token) {
                true => token.get(SCHEME.len()..)?,
                false => token,
            };
            if !is_email(address) {
                return None;
            }
            count += 1;
            if !found.iter().any(|known| known.eq_ignore_ascii_case(address)) {
                found.push(address.to_owned());
            }
        }
        // A part of words alone, or of many, says more than addresses do.
        if count == 0 || words > LABEL_WORDS_MAX * count {
            return None;
        }
    }
    Some(found).filter(|found| !found.is_empty())
}

/// Whether a part is one word in small letters and an address: it may be the beginning of it.
fn is_broken(part: &str) -> bool {
    let mut words = part.split_whitespace();
    match (words.next(), words.next(), words.next()) {
        (Some(word), Some(rest), None) => {
            let begins = word.starts_with(|c: char| c.is_lowercase() || c.is_ascii_digit());
            let is_plain = word.chars().all(|c| c.is_alphanumeric() || "._-+".contains(c));
            begins && is_plain && is_email(rest)
        }
        _ => false,
    }
}

/// The parts of a text between semicolons, commas and line ends outside of quotation marks.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    let is_open = move |c: char| {
        quoted ^= c == '"';
        !quoted && matches!(c, ';' | ',' | '\n' | '|')
    };
    text.split(is_open).map(str::trim).filter(|part| !part.is_empty())
}
