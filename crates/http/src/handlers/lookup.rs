//! Exact look-ups: who has this number, e-mail, screen name or identifier. The hot path.

use crate::api::context::Ask;
use crate::caller_id::{NameFormat, name_of};
use crate::handlers::expand::{self, Expand, Shown};
use crate::message::answer::Answer;
use crate::routes::Outcome;
use carnet_book::{Answers, BookError, Prepared, Snapshot, Thing};
use carnet_model::{Contact, FaultKind, Invalid};
use carnet_wire::contact::{ExternalContact, Linked};
use carnet_wire::identifier::{self, Key};
use serde::Serialize;

#[derive(Serialize)]
struct Found<'a> {
    contacts: Vec<ExternalContact<'a>>,
}

/// What is kept ready of a contact: its name as `/cid` and `POST /lookup` give it out, and its JSON
/// as [`reverse`] shows it when nothing more is asked for.
pub(crate) fn prepare(
    snapshot: &Snapshot,
    contact: &Contact,
    format: &NameFormat,
) -> Result<Prepared, BookError> {
    let shown = ExternalContact::new(contact, &Linked::default());
    // An answer has text keys only, so there is nothing that JSON cannot say.
    let unwritable = |_| BookError::Unavailable("a contact cannot be written as JSON");
    let long = serde_json::to_vec(&shown).map_err(unwritable)?;
    Ok(Prepared { short: name_of(contact, format, snapshot)?.into_bytes(), long })
}

const FOUND_START: &[u8] = br#"{"contacts":["#;
const FOUND_END: &[u8] = b"]}";
/// Bytes of [`write_found`] beside the contacts and the commas between them.
pub(crate) const FOUND_FRAME_BYTES: usize = FOUND_START.len() + FOUND_END.len();

/// The answer of [`reverse`], from what was prepared.
pub(crate) fn write_found(answers: &Answers, out: &mut Vec<u8>) {
    out.extend_from_slice(FOUND_START);
    for (n, contact) in answers.iter().enumerate() {
        if n > 0 {
            out.push(b',');
        }
        out.extend_from_slice(contact);
    }
    out.extend_from_slice(FOUND_END);
}

const LOOKUP_VALUE: &str = "lookupVal";

/// `GET /reversewhitepageslookup`: everybody with this number, e-mail or screen name, oldest
/// first. Nobody is an empty list.
pub(crate) fn reverse(ask: &Ask, snapshot: &Snapshot) -> Outcome {
    let parameters = ask.parameters()?;
    let mut invalid = Invalid::default();
    let expand = Expand::read(&parameters, expand::REVERSE, &mut invalid);
    let value = parameters.first(LOOKUP_VALUE).unwrap_or_default();
    if value.trim().is_empty() {
        invalid.add(LOOKUP_VALUE, FaultKind::Required);
    }
    if !invalid.is_empty() {
        return Err(invalid.into());
    }
    let mut contacts = snapshot.reverse_lookup(value, ask.rules.default_region)?;
    // `*` is the vendor's default and means no division in particular.
    if let Some(division) = parameters.first("divisionId").filter(|id| !matches!(*id, "" | "*")) {
        contacts.retain(|contact| contact.division.id == division);
    }
    let shown = Shown::new(expand, &contacts, snapshot)?;
    let contacts = contacts.iter().map(|contact| shown.contact(contact)).collect();
    Ok(Answer::json(&Found { contacts }))
}

/// `POST /identifierlookup/contacts`: the contact that had this identifier first; 404 when nobody
/// has it.
pub(crate) fn identifier(ask: &Ask, snapshot: &Snapshot) -> Outcome {
    let mut checked = identifier::read(&ask.json()?);
    let expand = Expand::read(&ask.parameters()?, expand::CONTACT, &mut checked.invalid);
    let identifier = checked.into_result()?;
    let mut owner: Option<Contact> = None;
    for key in identifier.keys() {
        let first = match key {
            Key::Phone(number) => snapshot.contacts_by_number(number, 1)?,
            Key::Other(key) => snapshot.contacts_by_identifier(&key, 1)?,
        };
        let first = first.into_iter().next();
        // The same external id may be known by its source's id to one contact and by the
        // source's name to another.
        owner = match (owner, first) {
            (Some(one), Some(other)) if other.create_date < one.create_date => Some(other),
            (one, other) => one.or(other),
        };
    }
    let owner = owner.ok_or(BookError::NotFound(Thing::Contact))?;
    let shown = Shown::new(expand, [&owner], snapshot)?;
    Ok(Answer::json(&shown.contact(&owner)))
}
