//! What people and spreadsheets write, made what the API takes: a bare number is its `display`, a
//! bare organisation its name; several numbers or addresses in one field go to free ones.

use crate::Rules;
use crate::import::{ImportOptions, Notice, RecordKind, addresses, phones};
use serde_json::{Map, Value, json};
use std::borrow::Cow;

/// A record that is being tidied: as it came, and the fields that have another value now.
pub(super) struct Draft<'a> {
    body: &'a Map<String, Value>,
    edits: Vec<(&'static str, Value)>,
    keep_missing: bool,
}

impl Draft<'_> {
    /// The value of a field; a null is none.
    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        let edited = self.edits.iter().rev().find(|(edited, _)| *edited == name);
        let value = edited.map(|(_, value)| value).or_else(|| self.body.get(name))?;
        Some(value).filter(|value| !value.is_null())
    }

    /// Gives a field another value.
    pub(super) fn set(&mut self, name: &'static str, value: Value) {
        self.edits.push((name, value));
    }

    /// Whether nothing is lost when a value is put into a field that the record leaves empty. Where
    /// fields that it does not mention stay as they are, only a field that it empties is free.
    pub(super) fn is_free(&self, name: &str) -> bool {
        self.get(name).is_none_or(is_empty) && (!self.keep_missing || self.body.contains_key(name))
    }
}

/// Whether a value says nothing.
fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Object(fields) => fields.iter().all(|(name, value)| {
            // A switch without a number says nothing.
            name == "acceptsSMS" || is_empty(value)
        }),
        Value::Array(entries) => entries.iter().all(is_empty),
        Value::Bool(_) | Value::Number(_) => false,
    }
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
    let mut draft = Draft { body, edits: Vec::new(), keep_missing: options.keep_missing };
    match kind {
        RecordKind::Contact => {
            for name in phones::OF_CONTACTS {
                unwrap_bare(&mut draft, name, "display");
            }
            unwrap_bare(&mut draft, "externalOrganization", "name");
            unwrap_bare(&mut draft, "twitterId", "screenName");
            unwrap_whats_app(&mut draft);
            phones::tidy(&mut draft, &phones::OF_CONTACTS, rules.default_region, notices);
            addresses::tidy(&mut draft, notices);
        }
        RecordKind::Organization => {
            for name in phones::OF_ORGANIZATIONS {
                unwrap_bare(&mut draft, name, "display");
            }
            phones::tidy(&mut draft, &phones::OF_ORGANIZATIONS, rules.default_region, notices);
        }
        RecordKind::Note => {}
    }
    let edits = draft.edits;
    if edits.is_empty() {
        return Cow::Borrowed(value);
    }
    let mut body = body.clone();
    for (name, value) in edits {
        body.insert(name.to_owned(), value);
    }
    Cow::Owned(Value::Object(body))
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
