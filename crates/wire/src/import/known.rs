//! The fields of a record that are known: those that carnet keeps, and those that a server sets and
//! an import reads over. Whatever else a line has is named, so that nothing is lost unseen. The tests
//! hold the tables against what the readers take, in both directions.

use crate::import::record::RecordKind;
use serde_json::Value;

/// What stands under a field.
#[derive(Clone, Copy)]
enum Shape {
    /// A value that is read as a whole.
    Taken,
    /// A value that a server sets, and that is read over as a whole.
    Over,
    /// An object of these fields.
    Object(Rows),
    /// A list of such objects.
    List(Rows),
}

type Rows = &'static [(&'static str, Shape)];

use Shape::{List, Object, Over, Taken};

const PHONE: Rows = &[
    ("display", Taken),
    ("extension", Taken),
    ("acceptsSMS", Taken),
    ("normalizationCountryCode", Taken),
    ("userInput", Taken),
    ("e164", Taken),
    ("countryCode", Over),
];
const ADDRESS: Rows = &[
    ("address1", Taken),
    ("address2", Taken),
    ("city", Taken),
    ("state", Taken),
    ("postalCode", Taken),
    ("countryCode", Taken),
];
const TWITTER: Rows = &[
    ("id", Taken),
    ("name", Taken),
    ("screenName", Taken),
    ("verified", Taken),
    ("profileUrl", Taken),
];
/// Whether a source is in use, and how it links, belongs to the source.
const SOURCE: Rows = &[
    ("id", Taken),
    ("name", Taken),
    ("active", Over),
    ("linkConfiguration", Over),
    ("selfUri", Over),
];
const EXTERNAL_ID: Rows = &[("externalSource", Object(SOURCE)), ("value", Taken)];
/// The rest of a schema belongs to the schema.
const SCHEMA: Rows = &[
    ("id", Taken),
    ("version", Taken),
    ("name", Over),
    ("appliesTo", Over),
    ("enabled", Over),
    ("createdBy", Over),
    ("dateCreated", Over),
    ("jsonSchema", Over),
    ("selfUri", Over),
];
const REFERENCE: Rows = &[("id", Taken), ("name", Taken), ("starred", Over), ("selfUri", Over)];
/// An organisation within a contact: what it is beyond its name, a record of its own says.
const ORGANIZATION: Rows = &[
    ("id", Taken),
    ("name", Taken),
    ("division", Over),
    ("companyType", Over),
    ("industry", Over),
    ("primaryContactId", Over),
    ("address", Over),
    ("phoneNumber", Over),
    ("faxNumber", Over),
    ("employeeCount", Over),
    ("revenue", Over),
    ("tags", Over),
    ("websites", Over),
    ("tickers", Over),
    ("twitterId", Over),
    ("externalSystemUrl", Over),
    ("modifyDate", Over),
    ("createDate", Over),
    ("trustor", Over),
    ("schema", Over),
    ("customFields", Over),
    ("identifiers", Over),
    ("externalIds", Over),
    ("externalDataSources", Over),
    ("starred", Over),
    ("selfUri", Over),
];
const SCOPED_IDS: Shape = List(&[("scopedId", Taken)]);

/// The fields of every record.
const OF_ALL: Rows = &[
    ("id", Taken),
    ("createDate", Taken),
    ("modifyDate", Taken),
    ("selfUri", Over),
    ("externalDataSources", Over),
    // Whether the one who asked has marked it.
    ("starred", Over),
];

/// The fields that contacts and organisations have.
const OF_BOTH: Rows = &[
    ("division", Object(REFERENCE)),
    ("externalSystemUrl", Taken),
    ("twitterId", Object(TWITTER)),
    ("address", Object(ADDRESS)),
    ("schema", Object(SCHEMA)),
    ("customFields", Taken),
    ("externalIds", List(EXTERNAL_ID)),
    // Made of the other fields by a server.
    ("identifiers", Over),
];

/// The fields that only contacts have, and that tell one.
const OF_CONTACTS: Rows = &[
    ("firstName", Taken),
    ("middleName", Taken),
    ("lastName", Taken),
    ("salutation", Taken),
    ("title", Taken),
    ("externalOrganization", Object(ORGANIZATION)),
    ("workEmail", Taken),
    ("personalEmail", Taken),
    ("otherEmail", Taken),
    ("workPhone", Object(PHONE)),
    ("cellPhone", Object(PHONE)),
    ("homePhone", Object(PHONE)),
    ("otherPhone", Object(PHONE)),
    ("lineId", Object(&[("ids", List(&[("userId", Taken)])), ("displayName", Taken)])),
    ("whatsAppId", Object(&[("phoneNumber", Object(PHONE)), ("displayName", Taken)])),
    ("facebookId", Object(&[("ids", SCOPED_IDS), ("displayName", Taken)])),
    ("instagramId", Object(&[("ids", SCOPED_IDS), ("displayName", Taken), ("handle", Taken)])),
    ("appleOpaqueIds", List(&[("value", Taken)])),
    ("surveyOptOut", Taken),
];

/// The fields of [`OF_CONTACTS`] that users, relationships and others of the vendor's API have.
const SHARED_WITH_OTHERS: [&str; 3] = ["title", "externalOrganization", "surveyOptOut"];

/// The fields of contacts that tell nothing: what they are called may be a field of others, too.
const OF_CONTACTS_BESIDE: Rows = &[
    ("type", Taken),
    // A server's own doing.
    ("canonicalContact", Over),
    ("canonicalContactId", Over),
    ("mergeSet", Over),
    ("mergedFrom", Over),
    ("mergedTo", Over),
    ("mergeOperation", Over),
];

/// The fields that only organisations have.
const OF_ORGANIZATIONS: Rows = &[
    ("name", Taken),
    ("companyType", Taken),
    ("industry", Taken),
    ("phoneNumber", Object(PHONE)),
    ("faxNumber", Object(PHONE)),
    ("employeeCount", Taken),
    ("revenue", Taken),
    ("tags", Taken),
    ("websites", Taken),
    ("tickers", List(&[("symbol", Taken), ("exchange", Taken)])),
    // A server's own doing, and the link to another company.
    ("primaryContactId", Over),
    ("trustor", Over),
];

/// The fields that only notes have, and the division of their subjects.
const OF_NOTES: Rows = &[
    ("division", Over),
    ("entityId", Taken),
    ("entityType", Taken),
    ("noteText", Taken),
    // Of who wrote it the id is taken; a server may say more.
    ("createdBy", Taken),
];

/// The key by which a line says its kind.
const TAG: &str = "carnet";

/// The fields of schemas.
const OF_SCHEMAS: Rows = &[
    ("id", Taken),
    ("version", Taken),
    ("name", Taken),
    ("appliesTo", Taken),
    ("enabled", Taken),
    ("createdBy", Taken),
    ("dateCreated", Taken),
    ("jsonSchema", Taken),
    // What an export says beyond the API.
    ("firstDateCreated", Taken),
    ("versionCreatedBy", Taken),
    ("removed", Taken),
    // It tells the kind where nothing else does.
    ("selfUri", Taken),
];

/// The fields of a kind of record, in groups.
fn fields(kind: RecordKind) -> &'static [Rows] {
    match kind {
        RecordKind::Contact => &[OF_ALL, OF_BOTH, OF_CONTACTS, OF_CONTACTS_BESIDE],
        RecordKind::Organization => &[OF_ALL, OF_BOTH, OF_ORGANIZATIONS],
        RecordKind::Note => &[OF_ALL, OF_NOTES],
        RecordKind::Schema => &[OF_SCHEMAS],
    }
}

fn find(groups: &[Rows], name: &str) -> Option<Shape> {
    let mut rows = groups.iter().copied().flatten();
    rows.find(|(known, _)| *known == name).map(|(_, shape)| *shape)
}

/// The fields by which a record is certainly a contact, whatever else it has. Others have a title or
/// an organisation, too.
pub(super) fn certain_of_contacts() -> impl Iterator<Item = &'static str> {
    of_contacts().filter(|name| !SHARED_WITH_OTHERS.contains(name))
}

/// The fields by which a record that has a name is certainly an organisation.
pub(super) fn certain_of_organizations() -> impl Iterator<Item = &'static str> {
    OF_ORGANIZATIONS.iter().map(|(name, _)| *name).filter(|name| *name != "name")
}

/// The fields that contacts have and organisations have not.
pub(super) fn of_contacts() -> impl Iterator<Item = &'static str> {
    OF_CONTACTS.iter().map(|(name, _)| *name)
}

/// Whether a record has fields, and none of them is one of any kind of record.
pub(super) fn is_foreign(value: &Value) -> bool {
    let Value::Object(given) = value else { return false };
    let kinds = [RecordKind::Contact, RecordKind::Organization, RecordKind::Note];
    let is_known = |name: &str| kinds.iter().any(|kind| find(fields(*kind), name).is_some());
    let mut names = given.keys().filter(|name| *name != TAG).peekable();
    names.peek().is_some() && !names.any(|name| is_known(name))
}

/// The paths of the fields of a record that are not known and hold something, each once.
pub(super) fn unknown_fields(kind: RecordKind, value: &Value) -> Vec<String> {
    let mut unknown = Vec::new();
    gather(fields(kind), value, "", &mut unknown);
    unknown
}

fn gather(groups: &[Rows], value: &Value, path: &str, unknown: &mut Vec<String>) {
    let Value::Object(given) = value else { return };
    for (name, value) in given {
        if value.is_null() || (path.is_empty() && name == TAG) {
            continue;
        }
        let whole = || match path {
            "" => name.clone(),
            path => format!("{path}.{name}"),
        };
        match find(groups, name) {
            Some(Taken | Over) => {}
            Some(Object(below)) => gather(&[below], value, &whole(), unknown),
            Some(List(below)) => {
                for entry in value.as_array().into_iter().flatten() {
                    gather(&[below], entry, &whole(), unknown);
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

#[cfg(test)]
mod tests;
