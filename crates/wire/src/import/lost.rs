//! Fields of a record that are not known and clearly hold a telephone number, an e-mail address, an
//! organisation or a name: such a record is refused, because with a warning alone these would be lost.

use crate::import::draft::is_empty;
use crate::import::phones;
use crate::import::record::{ImportOptions, RecordKind, is_keyed};
use crate::import::words::{Meaning, meaning};
use carnet_model::{Fault, FaultKind};
use serde_json::Value;

/// The fields of a phone that hold its number.
const OF_PHONE: [&str; 3] = ["display", "userInput", "e164"];

/// A fault for each field that would be lost; `unknown` are the fields that are not known.
pub(super) fn faults(
    kind: RecordKind,
    value: &Value,
    unknown: &[String],
    options: ImportOptions,
) -> Vec<Fault> {
    let fault = |field: &String| {
        let why = match field.split_once('.') {
            None if is_empty(&value[field.as_str()]) => return None,
            None => why(kind, value, meaning(field)?, options)?,
            Some((phone, below)) => why_of_phone(kind, &value[phone], phone, below)?,
        };
        Some(Fault { field: field.clone(), kind: FaultKind::Value(why.to_owned()) })
    };
    unknown.iter().filter_map(fault).collect()
}

fn why(
    kind: RecordKind,
    value: &Value,
    meaning: Meaning,
    options: ImportOptions,
) -> Option<&'static str> {
    let has = |name: &str| !is_empty(&value[name]);
    Some(match (kind, meaning) {
        (RecordKind::Contact, Meaning::Phone(_)) => {
            "a contact has no such field; its numbers are workPhone, cellPhone, homePhone and otherPhone"
        }
        (RecordKind::Contact, Meaning::Email(_)) => {
            "a contact has no such field; its addresses are workEmail, personalEmail and otherEmail"
        }
        (RecordKind::Contact, Meaning::Organization) => {
            "a contact has no such field; its organisation is externalOrganization or organization"
        }
        // With both names there, it says them again; and names that are not mentioned may stay.
        (RecordKind::Contact, _) => {
            if (has("firstName") && has("lastName")) || (options.keep_missing && is_keyed(value)) {
                return None;
            }
            "a contact has no such field; its names are firstName and lastName"
        }
        (RecordKind::Organization, Meaning::Phone(_)) => {
            "an organisation has no such field; its numbers are phoneNumber and faxNumber"
        }
        (RecordKind::Organization, Meaning::Email(_)) => {
            "an organisation has no e-mail address; a contact of it may have one"
        }
        _ => return None,
    })
}

/// Why a field below a phone is not to be left out: the phone has no number but there.
fn why_of_phone(kind: RecordKind, phone: &Value, name: &str, below: &str) -> Option<&'static str> {
    let is_phone = match kind {
        RecordKind::Contact => phones::OF_CONTACTS.contains(&name),
        RecordKind::Organization => phones::OF_ORGANIZATIONS.contains(&name),
        RecordKind::Note | RecordKind::Schema => false,
    };
    let holds_one = matches!(below, "number" | "value") || meaning(below).is_some();
    let has_number = OF_PHONE.iter().any(|name| !is_empty(&phone[*name]));
    let lost = is_phone && holds_one && !has_number && !is_empty(&phone[below]);
    lost.then_some("a telephone number is in the field display")
}
