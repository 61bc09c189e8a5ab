//! The fields of a contact that a record mentions, for an import that leaves the others alone. An
//! absent key is not mentioned; a `null` is, and so is an empty text.

use carnet_model::{ContactField, Mentioned};
use serde_json::{Map, Value};

const FIELDS: &[(&str, ContactField)] = &[
    ("division", ContactField::Division),
    ("firstName", ContactField::FirstName),
    ("middleName", ContactField::MiddleName),
    ("lastName", ContactField::LastName),
    ("salutation", ContactField::Salutation),
    ("title", ContactField::Title),
    ("externalOrganization", ContactField::Organization),
    ("workEmail", ContactField::WorkEmail),
    ("personalEmail", ContactField::PersonalEmail),
    ("otherEmail", ContactField::OtherEmail),
    ("workPhone", ContactField::WorkPhone),
    ("cellPhone", ContactField::CellPhone),
    ("homePhone", ContactField::HomePhone),
    ("otherPhone", ContactField::OtherPhone),
    ("externalSystemUrl", ContactField::ExternalSystemUrl),
    ("twitterId", ContactField::Twitter),
    ("lineId", ContactField::Line),
    ("whatsAppId", ContactField::WhatsApp),
    ("facebookId", ContactField::Facebook),
    ("instagramId", ContactField::Instagram),
    ("appleOpaqueIds", ContactField::AppleOpaqueIds),
    ("surveyOptOut", ContactField::SurveyOptOut),
    ("schema", ContactField::Schema),
    ("externalIds", ContactField::ExternalIds),
    ("type", ContactField::Kind),
];

const ADDRESS: &[(&str, ContactField)] = &[
    ("address1", ContactField::Address1),
    ("address2", ContactField::Address2),
    ("city", ContactField::City),
    ("state", ContactField::State),
    ("postalCode", ContactField::PostalCode),
    ("countryCode", ContactField::CountryCode),
];

/// The fields that a record mentions.
pub(super) fn mentioned(body: &Map<String, Value>) -> Mentioned {
    let mut mentioned = Mentioned::default();
    let fields = FIELDS.iter().filter(|(name, _)| body.contains_key(*name));
    mentioned.fields.extend(fields.map(|(_, field)| field));
    match body.get("address") {
        // A null is every line of it.
        Some(Value::Null) => mentioned.fields.extend(ADDRESS.iter().map(|(_, field)| field)),
        Some(Value::Object(lines)) => {
            let lines = ADDRESS.iter().filter(|(name, _)| lines.contains_key(*name));
            mentioned.fields.extend(lines.map(|(_, field)| field));
        }
        _ => {}
    }
    match body.get("customFields") {
        Some(Value::Object(fields)) => mentioned.custom_fields.extend(fields.keys().cloned()),
        Some(_) => drop(mentioned.fields.insert(ContactField::CustomFields)),
        None => {}
    }
    mentioned
}
