//! The kind of a record that does not say it, told from the link to itself and from its fields; and
//! what a record of the vendor's API looks like that is none of an address book.

use crate::import::{known, record::RecordKind};
use serde_json::Value;

/// Fields that a sentence names, at most.
const NAMED_MAX: usize = 3;

/// Other models of the vendor's API, and the fields that tell them: all of one group.
const OTHERS: &[(&str, &[&[&str]])] = &[
    ("a relationship", &[&["relationship"], &["user", "externalOrganization"]]),
    (
        "a user",
        &[
            &["username"],
            &["primaryContactInfo"],
            &["acdAutoAnswer"],
            &["routingStatus"],
            &["presence"],
            &["preferredName"],
            &["chat", "version"],
            &["email", "state"],
        ],
    ),
    ("an external source", &[&["linkConfiguration"], &["name", "active"], &["uriTemplate"]]),
    ("a conversation", &[&["participants"], &["conversationId"], &["communicationId"]]),
    ("a session", &[&["customerIdType"], &["externalContact"], &["segmentAssignments"]]),
    ("a division", &[&["homeDivision"], &["objectCounts"]]),
    ("an identifier", &[&["type", "value"], &["operation", "identifier"]]),
    ("a job of an export", &[&["queryConditions"], &["resultRowCount"]]),
    (
        "a job of an import",
        &[&["executionStep"], &["settingsId"], &["importFields"], &["mappings"]],
    ),
    (
        "a result of a bulk call",
        &[&["success", "entity"], &["success", "status"], &["success", "error"]],
    ),
    ("a request to enrich", &[&["matchingIdentifiers"], &["fieldRules"]]),
    ("a request to merge", &[&["sourceContactId"], &["contactIds"], &["sourceContact"]]),
    ("a link to another company", &[&["trustorOrgId"], &["authorization"]]),
    ("a cluster of contacts", &[&["clusterScan"], &["mergeInfo"], &["totalClusters"]]),
    ("a type of custom fields", &[&["validationFields"], &["itemValidationFields"]]),
    ("a group", &[&["memberCount"], &["rulesVisible"]]),
    ("an error", &[&["contextId"], &["code", "message"]]),
];

/// Folders of the vendor's API that hold other records.
const FOLDERS: &[(&str, &str)] = &[
    ("relationships", "a relationship"),
    ("users", "a user"),
    ("externalsources", "an external source"),
    ("conversations", "a conversation"),
    ("sessions", "a session"),
    ("divisions", "a division"),
    ("exports", "a job of an export"),
    ("import", "a job of an import"),
    ("scans", "a scan for doubles"),
    ("clusters", "a cluster of contacts"),
    ("coretypes", "a type of custom fields"),
    ("groups", "a group"),
    ("queues", "a queue"),
    ("trustors", "a link to another company"),
];

/// What a link to a record tells.
enum Link {
    /// Its kind.
    Kind(RecordKind),
    /// What it is, of none of our kinds.
    Other(String),
}

/// The kind of a record that does not say it.
///
/// # Errors
/// A sentence, when it is of another model, or it is not certain what it is.
pub(super) fn kind_of(value: &Value) -> Result<RecordKind, String> {
    let has = |name: &str| value.get(name).is_some_and(|value| !value.is_null());
    let is_contact = known::certain_of_contacts().any(has);
    match value.get("selfUri").and_then(Value::as_str).and_then(linked) {
        Some(Link::Kind(kind)) => return Ok(kind),
        Some(Link::Other(what)) if !is_contact => return Err(looks_like(&what)),
        _ => {}
    }
    if is_contact {
        return Ok(RecordKind::Contact);
    }
    if has("jsonSchema") {
        return Ok(RecordKind::Schema);
    }
    if has("noteText") || (has("entityId") && has("entityType")) {
        return Ok(RecordKind::Note);
    }
    let maybe_contact = known::of_contacts().any(has);
    let is_named = has("name") && !maybe_contact;
    if is_named && known::certain_of_organizations().any(has) {
        return Ok(RecordKind::Organization);
    }
    if let Some(why) = other(value) {
        return Err(why);
    }
    let kind = if is_named { RecordKind::Organization } else { RecordKind::Contact };
    // A record that may be of several kinds must not have a field that none of them has.
    let unknown = known::unknown_fields(kind, value);
    match unknown.is_empty() {
        true => Ok(kind),
        false => Err(uncertain(kind, &unknown)),
    }
}

/// A sentence about a record of another model, told from its fields.
pub(super) fn other(value: &Value) -> Option<String> {
    let has = |name: &str| value.get(name).is_some_and(|value| !value.is_null());
    let is_other = |groups: &&[&[&str]]| {
        groups.iter().any(|group| group.iter().all(|name| has(name) && !is_ours(name, value)))
    };
    let (what, _) = OTHERS.iter().find(|(_, groups)| is_other(groups))?;
    Some(looks_like(what))
}

/// Whether a field that tells another model is not that field here: a type of a contact is one.
fn is_ours(name: &str, value: &Value) -> bool {
    name == "type" && matches!(value["type"].as_str(), Some("Curated" | "Identified" | "Ephemeral"))
}

fn looks_like(what: &str) -> String {
    format!("this looks like {what}, and is no contact, no organisation and no note")
}

fn uncertain(kind: RecordKind, unknown: &[String]) -> String {
    let names = unknown.iter().take(NAMED_MAX).map(String::as_str).collect::<Vec<_>>().join(", ");
    let more = if unknown.len() > NAMED_MAX { " and others" } else { "" };
    let (none, tag) = match kind {
        RecordKind::Organization => ("no organisation", "organization"),
        _ => ("no contact", "contact"),
    };
    format!(
        "this is {none} for certain: it has {names}{more}, and no field that only such a record has; \
         with \"carnet\": \"{tag}\" it is read as one"
    )
}

/// What the link to a record tells; `None` for a link of another server.
fn linked(uri: &str) -> Option<Link> {
    let (_, path) = uri.split_once("/api/v2/")?;
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let steps: Vec<&str> = path.split('/').filter(|step| !step.is_empty()).collect();
    let kind = match steps.as_slice() {
        ["externalcontacts", "contacts" | "organizations", "schemas", _, ..] => RecordKind::Schema,
        ["externalcontacts", "contacts" | "organizations", _, "notes", ..] => RecordKind::Note,
        ["externalcontacts", "contacts", _, "unresolved"] => RecordKind::Contact,
        ["externalcontacts", "contacts", _] => RecordKind::Contact,
        ["externalcontacts", "organizations", _] => RecordKind::Organization,
        steps => {
            let known = |step: &&str| FOLDERS.iter().find(|(folder, _)| folder == step);
            let what = steps.iter().rev().find_map(known).map(|(_, what)| (*what).to_owned());
            let folder = steps.iter().take(2).copied().collect::<Vec<_>>().join("/");
            return Some(Link::Other(what.unwrap_or_else(|| format!("a record of {folder}"))));
        }
    };
    Some(Link::Kind(kind))
}
