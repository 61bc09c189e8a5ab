//! `GET /api/v2/carnet/fields/{key}/{value}`: who has this value in a custom field of type identifier.

use crate::api::context::RequestContext;
use crate::api::route::Source;
use crate::message::answer::Answer;
use crate::message::error::Failure;
use carnet_model::{Contact, CoreType, FaultKind, Invalid};
use carnet_wire::lookup;

/// The contacts and the organisations with the value, oldest first; without any, two empty lists.
pub(crate) fn one(context: &RequestContext, source: Source<'_>) -> Result<Option<Answer>, Failure> {
    let (key, value) = (context.variables.get(0), context.variables.get(1));
    if CoreType::of_key(key) != Some(CoreType::Identifier) {
        let why = "only fields of type identifier are looked up; their keys end with `_identifier`";
        return Err(Invalid::one("key", FaultKind::Value(why.to_owned())).into());
    }
    // The values of fields are not kept in memory.
    let Source::Store(snapshot) = source else { return Ok(None) };
    let contacts = snapshot.contacts_by_field(key, value)?;
    let organizations = snapshot.organizations_of(&contacts)?;
    let name = |contact: &Contact| Some(organizations.get(&contact.organization?)?.name.as_str());
    let mut out = Vec::with_capacity(512);
    let with_value = snapshot.organizations_by_field(key, value)?;
    lookup::write_field(key, value, &contacts, name, &with_value, &mut out);
    Ok(Some(Answer::json_bytes(out)))
}
