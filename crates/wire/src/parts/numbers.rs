//! Numbers that are kept as they were typed, and numbers whose texts were read anew, as carnet's own
//! answers have them. An unknown value is `null`, so that every object has the same fields.

use carnet_model::{NumberReading, PhoneLabel, RereadNumber, UnreadNumber, Uuid};
use carnet_phone::E164;
use serde::Serialize;

/// The field of a contact that has a number.
pub fn field(label: PhoneLabel) -> &'static str {
    match label {
        PhoneLabel::Work => "workPhone",
        PhoneLabel::Cell => "cellPhone",
        PhoneLabel::Home => "homePhone",
        PhoneLabel::Other => "otherPhone",
        PhoneLabel::WhatsApp => "whatsAppId.phoneNumber",
    }
}

/// A number that no look-up finds.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Unread {
    contact_id: Uuid,
    name: String,
    field: &'static str,
    text: String,
    reason: String,
}

impl From<UnreadNumber> for Unread {
    fn from(number: UnreadNumber) -> Unread {
        let UnreadNumber { contact: contact_id, name, label, text, reason } = number;
        Unread { contact_id, name, field: field(label), text, reason: reason.to_string() }
    }
}

/// A number whose text was read anew. An internal number is its digits, without a plus.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Reread {
    contact_id: Uuid,
    name: String,
    field: &'static str,
    text: String,
    old: Option<String>,
    new: Option<String>,
    /// Why there is no new number.
    reason: Option<String>,
}

impl From<RereadNumber> for Reread {
    fn from(number: RereadNumber) -> Reread {
        let RereadNumber { contact: contact_id, name, label, text, old, new } = number;
        let (new, reason) = match new {
            NumberReading::Number(number) => (Some(number.e164.to_string()), None),
            NumberReading::Several(numbers) => {
                let numbers: Vec<String> = numbers.iter().map(E164::to_string).collect();
                (Some(numbers.join(" ")), None)
            }
            NumberReading::Internal(numbers) => (Some(numbers.join(" ")), None),
            NumberReading::Nothing(reason) => (None, Some(reason.to_string())),
        };
        let old = old.map(|number| number.to_string());
        Reread { contact_id, name, field: field(label), text, old, new, reason }
    }
}
