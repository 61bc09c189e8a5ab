//! Changes applied to a record's JSON. It knows no resource: the fields and their shapes were
//! checked before.

use super::change::{Change, PatchAction, entries};
use serde_json::{Map, Value};

impl Change {
    /// Changes the record; false where the change needs a list and there is something else.
    pub(super) fn apply(&self, record: &mut Value) -> bool {
        let given = self.value.as_ref();
        if self.action == PatchAction::Remove {
            if let Some((last, parents)) = self.path.split_last()
                && let Some(parent) = find(record, parents)
            {
                strip(Some(parent), &[last]);
            }
            return true;
        }
        let Some(given) = given else { return true };
        let empty = find(record, &self.path).is_none_or(|current| is_empty(current));
        match self.action {
            PatchAction::Remove => {}
            PatchAction::UpdateIfEmpty if !empty => {}
            PatchAction::UpdateIfExists if empty => {}
            PatchAction::Update | PatchAction::UpdateIfEmpty | PatchAction::UpdateIfExists => {
                *make(record, &self.path) = given.clone();
            }
            PatchAction::AppendToCollection => {
                let list = make(record, &self.path);
                if is_empty(list) {
                    *list = Value::Array(Vec::new());
                }
                let Value::Array(list) = list else { return false };
                let held = list.len();
                for entry in entries(given) {
                    if !list[..held].contains(entry) {
                        list.push(entry.clone());
                    }
                }
            }
            PatchAction::RemoveFromCollection => match find(record, &self.path) {
                None => {}
                Some(Value::Array(list)) => {
                    list.retain(|held| !entries(given).iter().any(|entry| matches(held, entry)));
                }
                Some(current) => return is_empty(current),
            },
        }
        true
    }
}

/// Whether `wanted` describes `held`: an object may be described by some of its fields.
fn matches(held: &Value, wanted: &Value) -> bool {
    match (held, wanted) {
        (Value::Object(held), Value::Object(wanted)) => {
            !wanted.is_empty()
                && wanted
                    .iter()
                    .all(|(name, value)| held.get(name).is_some_and(|held| matches(held, value)))
        }
        (Value::String(held), Value::String(wanted)) => held == wanted.trim(),
        _ => held == wanted,
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(entries) => entries.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// The value at `path`, if it is there.
fn find<'v>(record: &'v mut Value, path: &[String]) -> Option<&'v mut Value> {
    path.iter().try_fold(record, |value, name| value.get_mut(name))
}

/// The value at `path`, made as `null` where there was none. The shape was checked: the values
/// above a field are objects, if they are there at all.
fn make<'v>(record: &'v mut Value, path: &[String]) -> &'v mut Value {
    path.iter().fold(record, |value, name| {
        if !value.is_object() {
            *value = Value::Object(Map::new());
        }
        &mut value[name.as_str()]
    })
}

/// Takes fields out of an object, if there is one.
pub(super) fn strip(object: Option<&mut Value>, names: &[&str]) {
    if let Some(Value::Object(fields)) = object {
        // Taking single ones out would put the last field in their place.
        fields.retain(|name, _| !names.contains(&name.as_str()));
    }
}
