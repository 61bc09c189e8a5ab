//! Exact look-ups: who has this number, e-mail, screen name or identifier. Look-ups by number are
//! answered from renderings, see `engine/render.rs`.

use crate::api::context::RequestContext;
use crate::api::route::{HandlerResult, Source};
use crate::engine::render;
use crate::handlers::expand::{self, Expand, Shown};
use crate::message::answer::Answer;
use crate::message::error::Failure;
use crate::message::parameters::{LOOKUP_VALUE, Parameters};
use carnet_book::{BookError, EntityKind, Renderings, Snapshot};
use carnet_model::{Contact, FaultKind, Invalid};
use carnet_wire::contact::ExternalContact;
use carnet_wire::identifier::{self, Key};
use serde::Serialize;

#[derive(Serialize)]
struct FoundContacts<'a> {
    contacts: Vec<ExternalContact<'a>>,
}

/// `GET /reversewhitepageslookup`: everybody with this number, e-mail or screen name, oldest
/// first. An unknown value gives an empty list.
pub(crate) fn reverse(
    context: &RequestContext,
    source: Source<'_>,
) -> Result<Option<Answer>, Failure> {
    let parameters = context.parameters()?;
    let mut invalid = Invalid::default();
    let expand = Expand::read(&parameters, expand::REVERSE, &mut invalid);
    let value = parameters.first(LOOKUP_VALUE).unwrap_or_default();
    if value.trim().is_empty() {
        invalid.add(LOOKUP_VALUE, FaultKind::Required);
    }
    if !invalid.is_empty() {
        return Err(invalid.into());
    }
    match source {
        Source::Memory => Ok(rendered(context, value, expand, &parameters)),
        Source::Store(snapshot) => read(context, value, expand, &parameters, snapshot).map(Some),
    }
}

/// The answer of renderings, where nothing is asked for that they do not show.
fn rendered(
    context: &RequestContext,
    value: &str,
    expand: Expand,
    parameters: &Parameters,
) -> Option<Answer> {
    if expand != Expand::default() || parameters.first(DIVISION).is_some() {
        return None;
    }
    let mut found = Renderings::default();
    let region = context.rules.default_region;
    render::reverse(&context.state, value, region, &mut found).ok()??;
    let mut body = Vec::with_capacity(render::reverse_length(&found));
    render::write_reverse(&found, &mut body);
    Some(Answer::json_bytes(body).with_origin(found.origin()))
}

/// The answer of the store, from which everything can be answered.
fn read(
    context: &RequestContext,
    value: &str,
    expand: Expand,
    parameters: &Parameters,
    snapshot: &Snapshot,
) -> HandlerResult {
    let mut contacts = snapshot.reverse_lookup(value, context.rules.default_region)?;
    // `*` is the vendor's default and means no division in particular.
    if let Some(division) = parameters.first(DIVISION).filter(|id| !matches!(*id, "" | "*")) {
        contacts.retain(|contact| contact.division.id == division);
    }
    let shown = Shown::new(expand, &contacts, snapshot)?;
    let contacts = contacts.iter().map(|contact| shown.contact(contact)).collect();
    Ok(Answer::json(&FoundContacts { contacts }))
}

const DIVISION: &str = "divisionId";

/// `POST /identifierlookup/contacts`: the contact that had this identifier first; 404 when none has
/// it.
pub(crate) fn identifier(context: &RequestContext, snapshot: &Snapshot) -> HandlerResult {
    let mut checked = identifier::read(&context.json()?, context.rules.internal_numbers);
    let expand = Expand::read(&context.parameters()?, expand::CONTACT, &mut checked.invalid);
    let identifier = checked.into_result()?;
    for key in identifier.key().into_iter().chain(identifier.equivalent_keys()) {
        if let Some(owner) = owner(snapshot, key)? {
            let shown = Shown::new(expand, [&owner], snapshot)?;
            return Ok(Answer::json(&shown.contact(&owner)));
        }
    }
    Err(BookError::NotFound(EntityKind::Contact).into())
}

/// The contact that had this key first.
fn owner(snapshot: &Snapshot, key: Key) -> Result<Option<Contact>, BookError> {
    Ok(match key {
        Key::Phone(number) => snapshot.contacts_by_number(number, 1)?.into_iter().next(),
        Key::External(id) => snapshot.contact_by_external_id(&id)?,
        Key::Other(key) => snapshot.contacts_by_identifier(&key, 1)?.into_iter().next(),
    })
}
