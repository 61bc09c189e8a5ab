//! What people and spreadsheets write, made what the API takes: a bare number is its `display`, a
//! bare organisation its name; several numbers or addresses in one field go to free ones.

use crate::Rules;
use crate::import::draft::Draft;
use crate::import::record::{ImportOptions, Notice, RecordKind, is_keyed};
use crate::import::{addresses, phones};
use serde_json::{Value, json};
use std::borrow::Cow;

/// The record with the name of the API where another is as clear: a bare text in `organization` is the
/// name of a contact's organisation, as in a table.
pub(super) fn named(kind: RecordKind, value: &Value) -> Cow<'_, Value> {
    const ORGANIZATION: &str = "externalOrganization";
    let Value::Object(body) = value else { return Cow::Borrowed(value) };
    if kind != RecordKind::Contact || body.get(ORGANIZATION).is_some_and(|given| !given.is_null()) {
        return Cow::Borrowed(value);
    }
    let is_bare = |name: &&str| body.get(*name).is_some_and(|value| bare(value).is_some());
    let Some(name) = ["organization", "organisation"].into_iter().find(is_bare) else {
        return Cow::Borrowed(value);
    };
    let mut body = body.clone();
    let text = body.remove(name).unwrap_or_default();
    body.insert(ORGANIZATION.to_owned(), text);
    Cow::Owned(Value::Object(body))
}

/// The record as the API takes it.
pub(super) fn tidy<'a>(
    kind: RecordKind,
    value: &'a Value,
    rules: &Rules,
    options: ImportOptions,
    notices: &mut Vec<Notice>,
) -> Cow<'a, Value> {
    let Value::Object(body) = value else { return Cow::Borrowed(value) };
    // A record without any key is a new contact, and has no other fields.
    let mut draft = Draft::new(body, options.keep_missing && is_keyed(value));
    match kind {
        RecordKind::Contact => {
            for name in phones::OF_CONTACTS {
                unwrap_bare(&mut draft, name, "display");
            }
            unwrap_bare(&mut draft, "externalOrganization", "name");
            unwrap_bare(&mut draft, "twitterId", "screenName");
            unwrap_whats_app(&mut draft);
            phones::tidy(&mut draft, &phones::OF_CONTACTS, rules.numbers(), notices);
            addresses::tidy(&mut draft, notices);
        }
        RecordKind::Organization => {
            for name in phones::OF_ORGANIZATIONS {
                unwrap_bare(&mut draft, name, "display");
            }
            phones::tidy(&mut draft, &phones::OF_ORGANIZATIONS, rules.numbers(), notices);
        }
        RecordKind::Note | RecordKind::Schema => {}
    }
    draft.finish().map_or(Cow::Borrowed(value), |body| Cow::Owned(Value::Object(body)))
}

/// A text or a number where an object belongs is the field `inner` of it.
fn unwrap_bare(draft: &mut Draft<'_>, name: &'static str, inner: &str) {
    if let Some(text) = draft.get(name).and_then(bare) {
        draft.set(name, text.map_or(Value::Null, |text| json!({ inner: text })));
    }
}

fn unwrap_whats_app(draft: &mut Draft<'_>) {
    let name = "whatsAppId";
    unwrap_bare(draft, name, "phoneNumber");
    let Some(Value::Object(account)) = draft.get(name) else { return };
    if let Some(text) = account.get("phoneNumber").and_then(bare) {
        let mut account = account.clone();
        let phone = text.map_or(Value::Null, |text| json!({ "display": text }));
        account.insert("phoneNumber".to_owned(), phone);
        draft.set(name, Value::Object(account));
    }
}

/// A bare text or number: as text, `None` where it is blank.
fn bare(value: &Value) -> Option<Option<String>> {
    match value {
        Value::String(text) => Some(Some(text.clone()).filter(|text| !text.trim().is_empty())),
        Value::Number(number) => Some(Some(number.to_string())),
        _ => None,
    }
}
