//! PATCH: a list of changes to single fields.
//!
//! The changes are applied to the record's JSON, which is then read again like any other body,
//! so that every rule of a whole record holds for a patched one. Numbers that no change names
//! keep their stored state, whatever reading them again would make of them.

mod apply;
mod change;
mod shape;

use crate::entities::contact::{ExternalContact, Linked};
use crate::entities::organization::ExternalOrganization;
use crate::entities::{contact, note, organization};
use crate::json::exact;
use crate::json::reader::{ROOT, read_body};
use crate::{Checked, Rules};
use apply::strip;
use carnet_model::{Contact, Division, FaultKind, Invalid, Note, Organization, Phone, Twitter};
use change::Change;
use serde::Serialize;
use serde_json::{Map, Value};
use shape::Shape;

pub use change::PATCH_VALUES_MAX;

/// Changes of one patch.
pub const PATCH_CHANGES_MAX: usize = 200;

/// The fields of a telephone number that the server makes from the others. They leave before a
/// patch is applied, or an emptied `display` would be filled from them again.
const PHONE_SERVER_FIELDS: [&str; 3] = ["userInput", "e164", "countryCode"];

/// Changes to a record, in the order in which they are applied.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Patch {
    changes: Vec<Change>,
}

/// Why a record cannot be patched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PatchError {
    /// The patch names a field and also a part of it; the sentence says which.
    Conflict(String),
    /// Changes that cannot be, or a record that could not be so; every fault of it.
    Invalid(Invalid),
}

impl std::fmt::Display for PatchError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            PatchError::Conflict(why) => f.write_str(why),
            PatchError::Invalid(invalid) => invalid.fmt(f),
        }
    }
}

impl std::error::Error for PatchError {}

impl From<Invalid> for PatchError {
    fn from(invalid: Invalid) -> Self {
        PatchError::Invalid(invalid)
    }
}

/// Reads a patch. Its fields are checked when it is applied.
pub fn read(body: &Value) -> Checked<Patch> {
    read_body(body, |at| {
        let Some(at) = at.body() else {
            return Patch::default();
        };
        let changes = at.field("changes");
        changes.require();
        let changes = changes.list(PATCH_CHANGES_MAX);
        Patch { changes: changes.filter_map(|change| Change::read(&change)).collect() }
    })
}

/// The next state of `old`: the same identity and dates, other values.
///
/// # Errors
///
/// When the changes contradict each other, name a field that cannot be changed, or make a record
/// that the rules refuse.
pub fn apply_contact(old: &Contact, patch: &Patch, rules: &Rules) -> Result<Contact, PatchError> {
    patch.check(shape::CONTACT)?;
    let mut fields = fields_of(&ExternalContact::new(old, &Linked::default()))?;
    for name in ["workPhone", "cellPhone", "homePhone", "otherPhone"] {
        strip(fields.get_mut(name), &PHONE_SERVER_FIELDS);
    }
    let account = fields.get_mut("whatsAppId");
    strip(account.and_then(|account| account.get_mut("phoneNumber")), &PHONE_SERVER_FIELDS);
    strip_profile_url(&mut fields, old.twitter.as_ref());
    let mut new =
        contact::read(&patch.apply_divided(fields, &old.division)?, rules).into_result()?;
    new.succeed(old);
    new.modify_date = old.modify_date;
    patch.keep_phone(&["workPhone"], new.work_phone.as_mut(), old.work_phone.as_ref());
    patch.keep_phone(&["cellPhone"], new.cell_phone.as_mut(), old.cell_phone.as_ref());
    patch.keep_phone(&["homePhone"], new.home_phone.as_mut(), old.home_phone.as_ref());
    patch.keep_phone(&["otherPhone"], new.other_phone.as_mut(), old.other_phone.as_ref());
    patch.keep_phone(
        &["whatsAppId", "phoneNumber"],
        new.whats_app.as_mut().map(|account| &mut account.phone),
        old.whats_app.as_ref().map(|account| &account.phone),
    );
    Ok(new)
}

/// The next state of `old`: the same identity and dates, other values.
///
/// # Errors
///
/// Those of [`apply_contact`].
pub fn apply_organization(
    old: &Organization,
    patch: &Patch,
    rules: &Rules,
) -> Result<Organization, PatchError> {
    patch.check(shape::ORGANIZATION)?;
    let mut fields = fields_of(&ExternalOrganization::new(old))?;
    for name in ["phoneNumber", "faxNumber"] {
        strip(fields.get_mut(name), &PHONE_SERVER_FIELDS);
    }
    strip_profile_url(&mut fields, old.twitter.as_ref());
    let mut new =
        organization::read(&patch.apply_divided(fields, &old.division)?, rules).into_result()?;
    new.succeed(old);
    new.modify_date = old.modify_date;
    patch.keep_phone(&["phoneNumber"], new.phone.as_mut(), old.phone.as_ref());
    patch.keep_phone(&["faxNumber"], new.fax.as_mut(), old.fax.as_ref());
    Ok(new)
}

/// The next state of `old`: the same identity and dates, other values. The rules say nothing of
/// notes.
///
/// # Errors
///
/// Those of [`apply_contact`].
pub fn apply_note(old: &Note, patch: &Patch) -> Result<Note, PatchError> {
    patch.check(shape::NOTE)?;
    let fields = fields_of(&note::Note::new(old))?;
    let new = note::read(&patch.apply(fields)?, &old.author).into_result()?;
    Ok(Note { text: new.text, author: new.author, ..old.clone() })
}

impl Patch {
    /// Refuses fields that are not there, actions that do not fit them, and contradictions.
    fn check(&self, shape: Shape) -> Result<(), PatchError> {
        let mut invalid = Invalid::default();
        for change in &self.changes {
            let path: Vec<&str> = change.path.iter().map(String::as_str).collect();
            match shape.at(&path) {
                None => {
                    let why = format!("$.{} is no field that can be changed", path.join("."));
                    invalid.add(change.fault_path("field"), FaultKind::Value(why));
                }
                Some(Shape::List) => {}
                Some(_) if change.action.needs_list() => {
                    invalid.add(change.fault_path("action"), not_a_list());
                }
                Some(_) => {}
            }
        }
        if !invalid.is_empty() {
            return Err(invalid.into());
        }
        self.check_nesting()
    }

    fn check_nesting(&self) -> Result<(), PatchError> {
        let mut paths: Vec<&[String]> = self.changes.iter().map(|c| c.path.as_slice()).collect();
        // In this order, what lies within a field follows it at once.
        paths.sort_unstable();
        for pair in paths.windows(2) {
            let (outer, inner) = (pair[0], pair[1]);
            if inner.len() > outer.len() && inner.starts_with(outer) {
                let (outer, inner) = (outer.join("."), inner.join("."));
                let why = format!("one patch cannot change both $.{outer} and $.{inner} within it");
                return Err(PatchError::Conflict(why));
            }
        }
        Ok(())
    }

    /// The fields after every change, in the order of the changes.
    fn apply(&self, fields: Map<String, Value>) -> Result<Value, Invalid> {
        let mut record = Value::Object(fields);
        let mut invalid = Invalid::default();
        for change in &self.changes {
            if !change.apply(&mut record) {
                invalid.add(change.fault_path("action"), not_a_list());
            }
        }
        if invalid.is_empty() { Ok(record) } else { Err(invalid) }
    }

    /// The fields after every change, for a record of the division `old`: with another id the old
    /// division's name is dropped, unless the patch changes the name.
    fn apply_divided(&self, fields: Map<String, Value>, old: &Division) -> Result<Value, Invalid> {
        let mut record = self.apply(fields)?;
        if let Some(division) = record.get_mut("division") {
            let id = division.get("id").and_then(Value::as_str).map(str::trim);
            if id != Some(&old.id) && !self.touches(&["division", "name"]) {
                strip(Some(division), &["name"]);
            }
        }
        Ok(record)
    }

    /// Whether a change names the field at `path`, a part of it, or what it is a part of.
    fn touches(&self, path: &[&str]) -> bool {
        let same = |change: &Change| change.path.iter().zip(path).all(|(a, b)| a == b);
        self.changes.iter().any(same)
    }

    /// Puts the stored number back where no change touches the fields that it was read from.
    fn keep_phone(&self, path: &[&str], new: Option<&mut Phone>, old: Option<&Phone>) {
        let (Some(new), Some(old)) = (new, old) else {
            return;
        };
        if !self.touches(path) {
            new.clone_from(old);
            return;
        }
        let within = |name| [path, &[name]].concat();
        if !self.touches(&within("display")) && !self.touches(&within("normalizationCountryCode")) {
            new.input.clone_from(&old.input);
            new.e164 = old.e164;
            new.also.clone_from(&old.also);
        }
    }
}

fn not_a_list() -> FaultKind {
    FaultKind::Value("only lists can be appended to or removed from".into())
}

/// The fields of a record as answers have them.
fn fields_of(record: &impl Serialize) -> Result<Map<String, Value>, Invalid> {
    match exact::to_value(record) {
        Ok(Value::Object(fields)) => Ok(fields),
        // Records are objects with texts as names, so this is not reached; an empty map in its
        // place would empty the record.
        _ => Err(Invalid::one(ROOT, FaultKind::Value("the record cannot be patched".into()))),
    }
}

/// Takes out the profile's address that an answer fills in: it follows the screen name.
fn strip_profile_url(fields: &mut Map<String, Value>, twitter: Option<&Twitter>) {
    if twitter.is_some_and(|twitter| twitter.profile_url.is_none()) {
        strip(fields.get_mut("twitterId"), &["profileUrl"]);
    }
}

#[cfg(test)]
mod tests;
