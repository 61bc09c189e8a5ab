//! E-mail addresses of a record that others have written: with a name before them, or several in one
//! field. Whatever is not made of addresses alone stays as it is, and is refused by its field.

use crate::import::draft::Draft;
use crate::import::record::{Notice, NoticeKind};
use crate::parts::reference::is_email;
use serde_json::Value;

const FIELDS: [&str; 3] = ["workEmail", "personalEmail", "otherEmail"];

/// The scheme of a link to an address.
const SCHEME: &str = "mailto:";

/// Tidies the addresses of a contact.
pub(super) fn tidy(draft: &mut Draft<'_>, notices: &mut Vec<Notice>) {
    for name in FIELDS {
        let Some(Value::String(text)) = draft.get(name) else { continue };
        if is_email(text.trim()) && !has_scheme(text.trim()) {
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

/// The addresses of a text that is made of such, each once; `None` for any other text.
fn addresses(text: &str) -> Option<Vec<String>> {
    let mut found: Vec<String> = Vec::new();
    for part in text.split([';', ',', '\n', '|']).map(str::trim).filter(|part| !part.is_empty()) {
        // "Ann Bell <ann@example.com>": the name is in fields of its own.
        let inner = part.strip_suffix('>').and_then(|part| Some(part.rsplit_once('<')?.1));
        let address = inner.unwrap_or(part).trim();
        let address = match has_scheme(address) {
            true => address.get(SCHEME.len()..)?.trim(),
            false => address,
        };
        if !is_email(address) {
            return None;
        }
        if !found.iter().any(|known| known.eq_ignore_ascii_case(address)) {
            found.push(address.to_owned());
        }
    }
    Some(found).filter(|found| !found.is_empty())
}
