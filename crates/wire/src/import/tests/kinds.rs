//! Which kind a record is, which are of none, and which would lose something.

use super::*;

/// The vendor's other models have an id, a name, a title or an organisation, too.
#[test]
fn a_record_of_another_model_is_refused_by_name_with_and_without_an_id() {
    let link = |path: &str| format!("/api/v2/{path}/{ID}");
    let user = json!({ "id": ID, "name": "Ann", "selfUri": link("users") });
    for (record, what) in [
        (
            json!({
                "id": ID, "user": user, "externalOrganization": { "id": ID, "name": "Acme" },
                "relationship": "Account Manager", "selfUri": link("externalcontacts/relationships"),
            }),
            "a relationship",
        ),
        (
            json!({ "id": ID, "relationship": "Account Manager", "division": { "id": "*" } }),
            "a relationship",
        ),
        (json!({ "id": ID, "user": user, "externalOrganization": { "id": ID } }), "a relationship"),
        (user.clone(), "a user"),
        (
            json!({
                "id": ID, "name": "Ann", "division": { "id": "*" }, "title": "Agent", "state": "active",
                "email": "a@x.fr", "username": "a@x.fr", "version": 3, "acdAutoAnswer": false,
            }),
            "a user",
        ),
        (json!({ "id": ID, "name": "CRM", "active": true }), "an external source"),
        (
            json!({ "id": ID, "name": "CRM", "linkConfiguration": { "uriTemplate": "x" } }),
            "an external source",
        ),
        (
            json!({ "id": ID, "name": "CRM", "selfUri": link("externalcontacts/externalsources") }),
            "an external source",
        ),
        (
            json!({ "id": ID, "name": "Home", "selfUri": link("authorization/divisions") }),
            "a division",
        ),
        (json!({ "id": ID, "name": "Home", "homeDivision": true }), "a division"),
        (
            json!({ "id": ID, "address": "sip:a", "participants": [], "divisions": [] }),
            "a conversation",
        ),
        (
            json!({ "externalContactId": ID, "conversationId": ID, "mediaType": "CALL" }),
            "a conversation",
        ),
        (json!({ "id": ID, "selfUri": link("conversations") }), "a conversation"),
        (json!({ "id": ID, "externalContact": { "id": ID }, "type": "web" }), "a session"),
        (json!({ "type": "Email", "value": "a@x.fr", "division": { "id": "*" } }), "an identifier"),
        (json!({ "id": ID, "status": "RUNNING", "queryConditions": {} }), "a job of an export"),
        (
            json!({ "id": ID, "selfUri": link("externalcontacts/contacts/exports") }),
            "a job of an export",
        ),
        (
            json!({ "id": ID, "status": "Running", "executionStep": "Validating" }),
            "a job of an import",
        ),
        (json!({ "id": ID, "success": true, "entity": { "id": ID } }), "a result of a bulk call"),
        (
            json!({ "id": ID, "division": { "id": "*" }, "matchingIdentifiers": [] }),
            "a request to enrich",
        ),
        (
            json!({ "id": ID, "enabled": true, "organization": { "id": ID }, "authorization": {} }),
            "another company",
        ),
        (json!({ "id": ID, "name": "Q", "selfUri": link("routing/queues") }), "a queue"),
        (
            json!({ "id": ID, "name": "L", "selfUri": link("outbound/contactlists") }),
            "a record of outbound/contactlists",
        ),
        (json!({ "code": "not.found", "message": "x", "entityId": ID }), "an error"),
        // Nothing tells what these are.
        (
            json!({ "id": ID, "name": "Paris", "address": { "city": "Paris" }, "floors": [] }),
            "floors",
        ),
        (
            json!({ "name": "Acme", "phone": "2125550101", "email": "a@x.fr" }),
            "it has phone, email",
        ),
        (
            json!({ "id": ID, "title": "Home", "url": "https://x.example", "domain": "x" }),
            "url, domain",
        ),
        (json!({ "id": ID, "name": "Ann Bell", "title": "Agent" }), "it has name"),
        (json!({ "id": ID, "customFields": { "a": 1 }, "entries": 7 }), "it has entries"),
    ] {
        let invalid = kind_of(&record).unwrap_err();
        assert_eq!(invalid.faults[0].field, "$", "{record}");
        let said = invalid.to_string();
        assert!(said.contains(what), "{record}: {said}");
    }
}

/// A warning at the end is not enough for what people are called and called by.
#[test]
fn a_record_never_loses_a_number_an_address_or_a_name_to_an_unknown_field() {
    use RecordKind::{Contact, Organization};
    let named =
        |name: &str, value: Value| json!({ "firstName": "A", "lastName": "B", name: value });
    for (kind, record, field) in [
        (Contact, named("phone", json!("2125550101")), "phone"),
        (Contact, named("mobilePhone", json!(2125550101_u64)), "mobilePhone"),
        (Contact, named("phoneNumbers", json!([{ "value": "2125550101" }])), "phoneNumbers"),
        (Contact, named("email", json!("a@x.fr")), "email"),
        (Contact, named("emails", json!(["a@x.fr"])), "emails"),
        (Contact, named("company", json!("Acme")), "company"),
        (Contact, named("organization", json!({ "name": "Acme" })), "organization"),
        (Contact, named("téléphone", json!("0612345601")), "téléphone"),
        (Contact, named("workPhone", json!({ "number": "2125550101" })), "workPhone.number"),
        (Contact, json!({ "id": ID, "name": "Ann Bell", "workEmail": "a@x.fr" }), "name"),
        (Contact, json!({ "id": ID, "given_name": "Ann", "lastName": "B" }), "given_name"),
        (Organization, json!({ "name": "Acme", "tags": ["x"], "phone": "2125550101" }), "phone"),
        (Organization, json!({ "name": "Acme", "tags": ["x"], "email": "a@x.fr" }), "email"),
        (
            Organization,
            json!({ "name": "Acme", "phoneNumber": { "value": "1" } }),
            "phoneNumber.value",
        ),
    ] {
        for strict in [false, true] {
            let options = ImportOptions { strict, ..ImportOptions::default() };
            let faults = read(kind, &record, &rules("US"), options).invalid.faults;
            let fields: Vec<&str> = faults.iter().map(|fault| &*fault.field).collect();
            assert_eq!(fields, [field], "{record}");
        }
    }
    for record in [
        named("name", json!("A B")),
        named("phone", json!("")),
        named("emails", json!([])),
        named("emailVerified", json!(true)),
        named("workPhone", json!({ "display": "2125550101", "number": "2125550101" })),
    ] {
        let read = read(Contact, &record, &rules("US"), ImportOptions::default());
        assert_eq!(read.into_result().unwrap().unknown.len(), 1, "{record}");
    }
    let keeping = ImportOptions { keep_missing: true, strict: false };
    let record = json!({ "id": ID, "name": "Ann Bell", "workEmail": "a@x.fr" });
    assert!(read(Contact, &record, &rules("US"), keeping).invalid.is_empty());
}

/// The bare name of an organisation in a line, as in a table.
#[test]
fn a_bare_organization_is_the_name_of_a_contacts_organisation() {
    for (field, value) in [
        ("organization", json!("Acme")),
        ("organisation", json!("Acme")),
        ("externalOrganization", json!("Acme")),
        ("externalOrganization", json!({ "name": "Acme", "industry": "x", "tags": ["a"] })),
    ] {
        let body = json!({ "firstName": "A", "lastName": "B", field: value });
        let strict = ImportOptions { strict: true, ..ImportOptions::default() };
        let kind = kind_of(&body).unwrap();
        let read = read(kind, &body, &rules("US"), strict).into_result().unwrap();
        let ImportItem::Contact(import) = read.item else { panic!("it is a contact") };
        assert_eq!(import.organization_name.as_deref(), Some("Acme"), "{body}");
    }
    let both = json!({ "lastName": "B", "organization": "Acme", "externalOrganization": "Bell" });
    let read = read(RecordKind::Contact, &both, &rules("US"), ImportOptions::default());
    assert_eq!(read.invalid.faults[0].field, "organization");
}

/// The fields of the vendor's models, as its definitions have them: a dump of a scan is taken under
/// `--strict`, whatever of it a server has set.
#[test]
fn every_field_of_the_vendors_models_is_known() {
    let contact = "id division firstName middleName lastName salutation title workPhone cellPhone \
        homePhone otherPhone workEmail personalEmail otherEmail address twitterId lineId whatsAppId \
        facebookId instagramId appleOpaqueIds externalIds identifiers modifyDate createDate \
        externalOrganization surveyOptOut externalSystemUrl schema customFields externalDataSources \
        type canonicalContact canonicalContactId mergeSet mergedFrom mergedTo mergeOperation selfUri \
        starred";
    let organization = "id name division companyType industry primaryContactId address phoneNumber \
        faxNumber employeeCount revenue tags websites tickers twitterId externalSystemUrl modifyDate \
        createDate trustor schema customFields identifiers externalIds externalDataSources selfUri \
        starred";
    let note = "id division entityId entityType noteText modifyDate createDate createdBy \
        externalDataSources selfUri";
    let below = [
        ("division", "id name starred selfUri"),
        (
            "workPhone",
            "display extension acceptsSMS normalizationCountryCode userInput e164 countryCode",
        ),
        (
            "phoneNumber",
            "display extension acceptsSMS normalizationCountryCode userInput e164 countryCode",
        ),
        ("address", "address1 address2 city state postalCode countryCode"),
        ("twitterId", "id name screenName verified profileUrl"),
        ("lineId", "ids displayName"),
        ("whatsAppId", "phoneNumber displayName"),
        ("facebookId", "ids displayName"),
        ("instagramId", "ids displayName handle"),
        ("schema", "id name version appliesTo enabled createdBy dateCreated jsonSchema selfUri"),
        ("externalOrganization", organization),
    ];
    for (kind, fields) in [
        (RecordKind::Contact, contact),
        (RecordKind::Organization, organization),
        (RecordKind::Note, note),
    ] {
        let mut record = serde_json::Map::new();
        for field in fields.split_whitespace() {
            let inner = below.iter().find(|(name, _)| *name == field && kind != RecordKind::Note);
            let inner: Value = inner.map_or(json!("x"), |(_, inner)| {
                inner.split_whitespace().map(|name| (name.to_owned(), json!("x"))).collect()
            });
            record.insert(field.to_owned(), inner);
        }
        let entry = json!([{
            "externalSource": {
                "id": "1", "name": "x", "active": true, "linkConfiguration": {}, "selfUri": "x",
            },
            "value": "7",
        }]);
        if kind != RecordKind::Note {
            record.insert("externalIds".to_owned(), entry);
        }
        let record = Value::Object(record);
        assert_eq!(known::unknown_fields(kind, &record), Vec::<String>::new(), "{kind:?}");
    }
}
