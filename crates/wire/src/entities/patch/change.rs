//! One change of a patch: a field, an action and a value, read from the body.

use crate::json::reader::Reader;
use carnet_model::FaultKind;
use carnet_model::limits::NAME_CHARS_MAX;
use serde_json::Value;

/// Entries of a list that one change appends or removes.
pub const PATCH_VALUES_MAX: usize = 1_000;

/// One change.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Change {
    /// Its index in the body, where entries that are `null` count as well.
    pub(super) place: usize,
    /// The field's path from the record.
    pub(super) path: Vec<String>,
    pub(super) action: PatchAction,
    /// The value to write, append or remove; absent for `Remove` alone.
    pub(super) value: Option<Value>,
}

/// The effect of a change on its field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PatchAction {
    Update,
    UpdateIfEmpty,
    UpdateIfExists,
    AppendToCollection,
    Remove,
    RemoveFromCollection,
}

/// Every action with its name in the API.
const ACTIONS: [(PatchAction, &str); 6] = [
    (PatchAction::Update, "Update"),
    (PatchAction::UpdateIfEmpty, "UpdateIfEmpty"),
    (PatchAction::UpdateIfExists, "UpdateIfExists"),
    (PatchAction::AppendToCollection, "AppendToCollection"),
    (PatchAction::Remove, "Remove"),
    (PatchAction::RemoveFromCollection, "RemoveFromCollection"),
];

impl PatchAction {
    /// Whether the field must be a list.
    pub(super) fn needs_list(self) -> bool {
        matches!(self, PatchAction::AppendToCollection | PatchAction::RemoveFromCollection)
    }
}

impl Change {
    /// Reads the change at `at`; `None` when something is wrong with it.
    pub(super) fn read(at: &Reader<'_>) -> Option<Change> {
        let at = at.object()?;
        let path = read_path(&at.field("field"));
        let action = read_action(&at.field("action"));
        let value = at.field("value");
        if !matches!(action, None | Some(PatchAction::Remove)) && value.value().is_none() {
            value.fault(FaultKind::Required);
        }
        let max = PATCH_VALUES_MAX;
        if action.is_some_and(PatchAction::needs_list)
            && value.value().is_some_and(|v| entries(v).len() > max)
        {
            value.fault(FaultKind::TooLong { max });
        }
        Some(Change {
            place: at.index()?,
            path: path?,
            action: action?,
            value: value.value().cloned(),
        })
    }

    /// The path of one of its three fields, for faults.
    pub(super) fn fault_path(&self, name: &str) -> String {
        format!("changes[{}].{name}", self.place)
    }
}

fn read_path(at: &Reader<'_>) -> Option<Vec<String>> {
    at.require();
    let text = at.line(NAME_CHARS_MAX)?;
    let names = text.strip_prefix("$.").map(|names| names.split('.'));
    let path: Vec<String> = names.into_iter().flatten().map(str::to_owned).collect();
    if path.is_empty() || path.iter().any(String::is_empty) {
        at.refuse("a field is named by its path, such as $.address.city");
        return None;
    }
    Some(path)
}

fn read_action(at: &Reader<'_>) -> Option<PatchAction> {
    at.require();
    let name = at.line(NAME_CHARS_MAX)?;
    let action = ACTIONS.iter().find(|(_, known)| *known == name);
    if action.is_none() {
        let known = ACTIONS.map(|(_, name)| name).join(", ");
        at.refuse(format!("the actions are {known}"));
    }
    action.map(|(action, _)| *action)
}

/// The entries to append or remove: those of a list, or the one value.
pub(super) fn entries(given: &Value) -> &[Value] {
    match given {
        Value::Array(entries) => entries,
        one => std::slice::from_ref(one),
    }
}
