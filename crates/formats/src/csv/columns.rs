//! The columns of a table of contacts: the API's names, nested ones with dots.

use carnet_model::CoreType;
use std::collections::HashMap;
use std::sync::LazyLock;

/// The sort of the cells of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CellKind {
    Text,
    Integer,
    Boolean,
    /// A JSON object.
    Object,
    /// A number, where the row names a schema, else a text.
    Number,
    /// Texts, where the row names a schema, else a text.
    Tags,
}

/// The column that holds all custom fields.
pub(super) const CUSTOM_FIELDS: &str = "customFields";

/// The columns of an export, in their order. An import takes them in any order, and
/// `customFields.` followed by a key besides.
pub const COLUMNS: &[&str] = &[
    "id",
    "firstName",
    "middleName",
    "lastName",
    "salutation",
    "title",
    "externalOrganization.id",
    "externalOrganization.name",
    "workEmail",
    "personalEmail",
    "otherEmail",
    "workPhone.display",
    "workPhone.extension",
    "workPhone.acceptsSMS",
    "workPhone.normalizationCountryCode",
    "workPhone.userInput",
    "workPhone.e164",
    "cellPhone.display",
    "cellPhone.extension",
    "cellPhone.acceptsSMS",
    "cellPhone.normalizationCountryCode",
    "cellPhone.userInput",
    "cellPhone.e164",
    "homePhone.display",
    "homePhone.extension",
    "homePhone.acceptsSMS",
    "homePhone.normalizationCountryCode",
    "homePhone.userInput",
    "homePhone.e164",
    "otherPhone.display",
    "otherPhone.extension",
    "otherPhone.acceptsSMS",
    "otherPhone.normalizationCountryCode",
    "otherPhone.userInput",
    "otherPhone.e164",
    "externalSystemUrl",
    "address.address1",
    "address.address2",
    "address.city",
    "address.state",
    "address.postalCode",
    "address.countryCode",
    "twitterId.id",
    "twitterId.name",
    "twitterId.screenName",
    "twitterId.verified",
    "twitterId.profileUrl",
    "facebookId.ids.0.scopedId",
    "facebookId.displayName",
    "lineId.ids.0.userId",
    "lineId.displayName",
    "whatsAppId.phoneNumber.display",
    "whatsAppId.phoneNumber.extension",
    "whatsAppId.phoneNumber.acceptsSMS",
    "whatsAppId.phoneNumber.normalizationCountryCode",
    "whatsAppId.phoneNumber.userInput",
    "whatsAppId.phoneNumber.e164",
    "whatsAppId.displayName",
    "instagramId.ids.0.scopedId",
    "instagramId.displayName",
    "instagramId.handle",
    "appleOpaqueIds.0.value",
    "appleOpaqueIds.1.value",
    "appleOpaqueIds.2.value",
    "appleOpaqueIds.3.value",
    "appleOpaqueIds.4.value",
    "appleOpaqueIds.5.value",
    "appleOpaqueIds.6.value",
    "appleOpaqueIds.7.value",
    "appleOpaqueIds.8.value",
    "appleOpaqueIds.9.value",
    "surveyOptOut",
    "schema.id",
    "schema.version",
    CUSTOM_FIELDS,
    "externalIds.0.externalSource.id",
    "externalIds.0.externalSource.name",
    "externalIds.0.value",
    "externalIds.1.externalSource.id",
    "externalIds.1.externalSource.name",
    "externalIds.1.value",
    "externalIds.2.externalSource.id",
    "externalIds.2.externalSource.name",
    "externalIds.2.value",
    "externalIds.3.externalSource.id",
    "externalIds.3.externalSource.name",
    "externalIds.3.value",
    "externalIds.4.externalSource.id",
    "externalIds.4.externalSource.name",
    "externalIds.4.value",
    "externalIds.5.externalSource.id",
    "externalIds.5.externalSource.name",
    "externalIds.5.value",
    "externalIds.6.externalSource.id",
    "externalIds.6.externalSource.name",
    "externalIds.6.value",
    "externalIds.7.externalSource.id",
    "externalIds.7.externalSource.name",
    "externalIds.7.value",
    "externalIds.8.externalSource.id",
    "externalIds.8.externalSource.name",
    "externalIds.8.value",
    "externalIds.9.externalSource.id",
    "externalIds.9.externalSource.name",
    "externalIds.9.value",
    "type",
    "division.id",
    "division.name",
    "createDate",
    "modifyDate",
];

/// Other names of columns, the first of a column for people: a bare number is its `display`, a bare
/// organisation its name.
const SHORT_NAMES: &[(&str, &str)] = &[
    ("workPhone", "workPhone.display"),
    ("cellPhone", "cellPhone.display"),
    ("homePhone", "homePhone.display"),
    ("otherPhone", "otherPhone.display"),
    ("organization", "externalOrganization.name"),
    ("organisation", "externalOrganization.name"),
    ("externalOrganization", "externalOrganization.name"),
    ("whatsAppId", "whatsAppId.phoneNumber.display"),
    ("whatsAppId.phoneNumber", "whatsAppId.phoneNumber.display"),
    ("twitterId", "twitterId.screenName"),
];

/// A column as a page tells it.
#[derive(Clone, Copy, Debug)]
pub struct ColumnFacts {
    /// Its name.
    pub name: &'static str,
    /// A shorter name.
    pub short_name: Option<&'static str>,
    /// What a cell holds, in words.
    pub holds: &'static str,
}

/// The columns of a table, and that of a single custom field.
pub fn columns() -> impl Iterator<Item = ColumnFacts> {
    let facts = |name: &'static str| {
        let short = SHORT_NAMES.iter().find(|(_, column)| *column == name);
        let holds = match kind(name) {
            CellKind::Integer => "a whole number",
            CellKind::Boolean => "true or false, yes or no, 1 or 0",
            CellKind::Object => "a JSON object of all custom fields that have no column",
            CellKind::Text | CellKind::Number | CellKind::Tags => words(name),
        };
        ColumnFacts { name, short_name: short.map(|(short, _)| *short), holds }
    };
    let holds =
        "the custom field of this key, by the type that it ends with; tags have `;` between them";
    let custom = ColumnFacts { name: "customFields.KEY", short_name: None, holds };
    COLUMNS.iter().copied().map(facts).chain([custom])
}

/// What the cells of a column of texts hold, where more is to be said.
fn words(name: &str) -> &'static str {
    match name {
        "id" => "a UUID, by which the contact is known",
        "externalOrganization.id" => "a UUID of an organisation that is there",
        "externalOrganization.name" => "a name; a missing organisation is made",
        "type" => "Curated, Identified or Ephemeral",
        "division.id" => "any text; `*` where there is none",
        _ => match name.rsplit('.').next().unwrap_or(name) {
            "display" => "a telephone number, as people write it",
            "normalizationCountryCode" => "a region of two letters, such as FR",
            "workEmail" | "personalEmail" | "otherEmail" => "an e-mail address",
            "createDate" | "modifyDate" => "a time, as 2026-01-02T03:04:05.678Z",
            "externalSystemUrl" | "profileUrl" => "an address of the web",
            _ => "a text",
        },
    }
}

/// The key of a custom field that has a column of its own. Keys are the administrator's, so their case
/// counts.
pub(super) fn custom_key(name: &str) -> Option<&str> {
    let (head, key) = name.split_once('.')?;
    (head.eq_ignore_ascii_case(CUSTOM_FIELDS) && !key.is_empty()).then_some(key)
}

/// The name of a column of [`COLUMNS`] that a header means: case, blanks, hyphens and underscores do
/// not count, and there are short names.
pub(super) fn find(name: &str) -> Option<&'static str> {
    let name = squeezed(&name.replace('[', ".").replace(']', ""));
    if let Some((_, column)) =
        SHORT_NAMES.iter().find(|(short, _)| short.eq_ignore_ascii_case(&name))
    {
        return Some(column);
    }
    COLUMNS.iter().find(|known| known.eq_ignore_ascii_case(&name)).copied()
}

/// A name without what does not count in a header.
pub(super) fn squeezed(name: &str) -> String {
    let counts = |c: &char| !c.is_whitespace() && !matches!(c, '_' | '-' | '\u{feff}' | '\u{200b}');
    name.chars().filter(counts).flat_map(char::to_lowercase).collect()
}

/// The place of a column in [`COLUMNS`], by its exact name.
pub(super) fn place(name: &str) -> Option<usize> {
    static PLACES: LazyLock<HashMap<&str, usize>> =
        LazyLock::new(|| COLUMNS.iter().enumerate().map(|(place, name)| (*name, place)).collect());
    PLACES.get(name).copied()
}

/// The sort of the cells of a column of [`COLUMNS`], by the last step of its name.
pub(super) fn kind(name: &str) -> CellKind {
    match name.rsplit('.').next().unwrap_or(name) {
        "extension" | "version" => CellKind::Integer,
        "acceptsSMS" | "verified" | "surveyOptOut" => CellKind::Boolean,
        CUSTOM_FIELDS => CellKind::Object,
        _ => CellKind::Text,
    }
}

/// The sort of the cells of a custom field, by the core type at the end of its key. All others are
/// texts; and so is a number of a row without a schema, because a customer number must keep its zeros.
pub(super) fn custom_kind(key: &str) -> CellKind {
    match CoreType::of_key(key) {
        Some(CoreType::Integer) => CellKind::Integer,
        Some(CoreType::Checkbox) => CellKind::Boolean,
        Some(CoreType::Number) => CellKind::Number,
        Some(CoreType::Tag) => CellKind::Tags,
        _ => CellKind::Text,
    }
}
