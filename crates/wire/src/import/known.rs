//! The fields of a record that are known: those that carnet keeps, and those that a server sets and
//! an import reads over. Whatever else a line has is named, so that nothing is lost unseen.

use crate::import::record::RecordKind;
use serde_json::Value;

/// What may stand under a field.
enum Shape {
    /// A value that is read as a whole, or read over as a whole.
    Any,
    /// An object of these fields.
    Object(Fields),
    /// A list of such objects.
    List(Fields),
}

type Fields = &'static [(&'static str, Shape)];

use Shape::{Any, List, Object};

const PHONE: Fields = &[
    ("display", Any),
    ("extension", Any),
    ("acceptsSMS", Any),
    ("normalizationCountryCode", Any),
    ("userInput", Any),
    ("e164", Any),
    ("countryCode", Any),
];
const ADDRESS: Fields = &[
    ("address1", Any),
    ("address2", Any),
    ("city", Any),
    ("state", Any),
    ("postalCode", Any),
    ("countryCode", Any),
];
const TWITTER: Fields =
    &[("id", Any), ("name", Any), ("screenName", Any), ("verified", Any), ("profileUrl", Any)];
/// Whether a source is in use, and how it links, belongs to the source.
const SOURCE: Fields =
    &[("id", Any), ("name", Any), ("active", Any), ("linkConfiguration", Any), ("selfUri", Any)];
const EXTERNAL_ID: Fields = &[("externalSource", Object(SOURCE)), ("value", Any)];
/// The rest of a schema belongs to the schema.
const SCHEMA: Fields = &[
    ("id", Any),
    ("version", Any),
    ("name", Any),
    ("appliesTo", Any),
    ("enabled", Any),
    ("createdBy", Any),
    ("dateCreated", Any),
    ("jsonSchema", Any),
    // What an export says beyond the API.
    ("firstDateCreated", Any),
    ("versionCreatedBy", Any),
    ("removed", Any),
    ("selfUri", Any),
];
const DIVISION: Fields = &[("id", Any), ("name", Any), ("selfUri", Any)];
const REFERENCE: Fields = &[("id", Any), ("name", Any), ("selfUri", Any)];

const CONTACT: Fields = &[
    ("id", Any),
    ("type", Any),
    ("division", Object(DIVISION)),
    ("firstName", Any),
    ("middleName", Any),
    ("lastName", Any),
    ("salutation", Any),
    ("title", Any),
    ("externalOrganization", Object(REFERENCE)),
    ("workEmail", Any),
    ("personalEmail", Any),
    ("otherEmail", Any),
    ("workPhone", Object(PHONE)),
    ("cellPhone", Object(PHONE)),
    ("homePhone", Object(PHONE)),
    ("otherPhone", Object(PHONE)),
    ("externalSystemUrl", Any),
    ("twitterId", Object(TWITTER)),
    ("lineId", Object(&[("ids", List(&[("userId", Any)])), ("displayName", Any)])),
    ("whatsAppId", Object(&[("phoneNumber", Object(PHONE)), ("displayName", Any)])),
    ("facebookId", Object(&[("ids", List(&[("scopedId", Any)])), ("displayName", Any)])),
    (
        "instagramId",
        Object(&[("ids", List(&[("scopedId", Any)])), ("displayName", Any), ("handle", Any)]),
    ),
    ("appleOpaqueIds", List(&[("value", Any)])),
    ("address", Object(ADDRESS)),
    ("surveyOptOut", Any),
    ("schema", Object(SCHEMA)),
    ("customFields", Any),
    ("externalIds", List(EXTERNAL_ID)),
    ("createDate", Any),
    ("modifyDate", Any),
    ("selfUri", Any),
    // Made of the other fields by a server, or of its own doing.
    ("identifiers", Any),
    ("externalDataSources", Any),
    ("canonicalContact", Any),
    ("mergeSet", Any),
    ("mergedFrom", Any),
    ("mergedTo", Any),
    ("mergeOperation", Any),
];

const ORGANIZATION: Fields = &[
    ("id", Any),
    ("division", Object(DIVISION)),
    ("name", Any),
    ("companyType", Any),
    ("industry", Any),
    ("address", Object(ADDRESS)),
    ("phoneNumber", Object(PHONE)),
    ("faxNumber", Object(PHONE)),
    ("employeeCount", Any),
    ("revenue", Any),
    ("tags", Any),
    ("websites", Any),
    ("tickers", List(&[("symbol", Any), ("exchange", Any)])),
    ("twitterId", Object(TWITTER)),
    ("externalSystemUrl", Any),
    ("schema", Object(SCHEMA)),
    ("customFields", Any),
    ("externalIds", List(EXTERNAL_ID)),
    ("createDate", Any),
    ("modifyDate", Any),
    ("selfUri", Any),
    ("identifiers", Any),
    ("externalDataSources", Any),
];

const NOTE: Fields = &[
    ("id", Any),
    ("division", Object(DIVISION)),
    ("entityId", Any),
    ("entityType", Any),
    ("noteText", Any),
    ("createdBy", Any),
    ("createDate", Any),
    ("modifyDate", Any),
    ("selfUri", Any),
    ("externalDataSources", Any),
];

/// The key by which a line says its kind.
const TAG: &str = "carnet";

/// The paths of the fields of a record that are not known and hold something, each once.
pub(super) fn unknown_fields(kind: RecordKind, value: &Value) -> Vec<String> {
    let fields = match kind {
        RecordKind::Contact => CONTACT,
        RecordKind::Organization => ORGANIZATION,
        RecordKind::Note => NOTE,
        RecordKind::Schema => SCHEMA,
    };
    let mut unknown = Vec::new();
    gather(fields, value, "", &mut unknown);
    unknown
}

fn gather(fields: Fields, value: &Value, path: &str, unknown: &mut Vec<String>) {
    let Value::Object(given) = value else { return };
    for (name, value) in given {
        if value.is_null() || (path.is_empty() && name == TAG) {
            continue;
        }
        let whole = || match path {
            "" => name.clone(),
            path => format!("{path}.{name}"),
        };
        match fields.iter().find(|(known, _)| known == name) {
            Some((_, Any)) => {}
            Some((_, Object(below))) => gather(below, value, &whole(), unknown),
            Some((_, List(below))) => {
                for entry in value.as_array().into_iter().flatten() {
                    gather(below, entry, &whole(), unknown);
                }
            }
            None => {
                let whole = whole();
                if !unknown.contains(&whole) {
                    unknown.push(whole);
                }
            }
        }
    }
}
