//! A record that is being tidied. It knows no field.

use serde_json::{Map, Value};

/// A record that is being tidied: as it came, and the fields that have another value now.
pub(super) struct Draft<'a> {
    body: &'a Map<String, Value>,
    edits: Vec<(&'static str, Value)>,
    keep_missing: bool,
}

impl<'a> Draft<'a> {
    /// A record as it came. Where `keep_missing` is true, absent fields stay as they are.
    pub(super) fn new(body: &'a Map<String, Value>, keep_missing: bool) -> Draft<'a> {
        Draft { body, edits: Vec::new(), keep_missing }
    }

    /// The record as it is now; `None` where it is as it came.
    pub(super) fn finish(self) -> Option<Map<String, Value>> {
        if self.edits.is_empty() {
            return None;
        }
        let mut body = self.body.clone();
        for (name, value) in self.edits {
            body.insert(name.to_owned(), value);
        }
        Some(body)
    }

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

    /// Whether the fields that the record does not mention stay as they are.
    pub(super) fn leaves_others(&self) -> bool {
        self.keep_missing
    }

    /// Whether the record mentions a field, be it to empty it.
    pub(super) fn mentions(&self, name: &str) -> bool {
        self.body.contains_key(name)
    }

    /// Whether nothing is lost when a value is put into a field that the record leaves empty. Where
    /// fields that it does not mention stay as they are, only a field that it empties is free.
    pub(super) fn is_free(&self, name: &str) -> bool {
        self.get(name).is_none_or(is_empty) && (!self.keep_missing || self.mentions(name))
    }
}

/// Whether a value says nothing.
pub(super) fn is_empty(value: &Value) -> bool {
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
