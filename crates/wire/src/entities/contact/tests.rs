use super::*;
use carnet_model::Timestamp;
use carnet_phone::Region;
use proptest::prelude::*;
use serde_json::json;

const ID: &str = "01890a5d-ac96-774b-bcce-b302099a8057";
const ORGANIZATION_ID: &str = "01890a5d-ac96-774b-bcce-b302099a8058";

fn free_rules() -> Rules {
    Rules { require_names: false, ..Rules::default() }
}

/// Tells everything that is wrong with a body, as text.
fn faults(body: &Value, rules: &Rules) -> Vec<String> {
    let invalid = read(body, rules).invalid;
    invalid.faults.iter().map(ToString::to_string).collect()
}

fn answer(contact: &Contact) -> Value {
    serde_json::to_value(ExternalContact::new(contact, &Linked::default())).unwrap()
}

/// A body with every field that a client can write.
fn full_body() -> Value {
    json!({
        "division": { "id": "d-7", "name": "Sales" },
        "firstName": " Żaneta ", "middleName": "Maria", "lastName": "Œuvrard",
        "salutation": "Mrs", "title": "Head of purchasing",
        "externalOrganization": { "id": ORGANIZATION_ID },
        "workEmail": "Zaneta@example.org", "personalEmail": "z@example.com",
        "otherEmail": "zaneta@example.net",
        "workPhone": { "display": "(317) 222-2222 x 12", "acceptsSMS": false },
        "cellPhone": { "display": "06 12 34 56 78", "normalizationCountryCode": "FR", "acceptsSMS": true },
        "homePhone": { "display": "020-2672-6670", "extension": 7 },
        "otherPhone": { "display": "+870 773 111 632" },
        "externalSystemUrl": "https://crm.example.org/people/7",
        "twitterId": { "id": "12", "name": "Żaneta", "screenName": "@zaneta_o", "verified": true },
        "lineId": { "ids": [{ "userId": "U4af4980629" }], "displayName": "zaneta" },
        "whatsAppId": { "phoneNumber": { "display": "33612345678" }, "displayName": "Ż." },
        "facebookId": { "ids": [{ "scopedId": "4242" }], "displayName": "Żaneta Œ" },
        "instagramId": { "ids": [{ "scopedId": "17" }], "displayName": "Ż", "handle": "zaneta.o" },
        "appleOpaqueIds": [{ "value": "urn:mbid:AQAAY" }],
        "address": {
            "address1": "1 rue de la Paix", "address2": "Escalier B", "city": "Paris",
            "state": "Île-de-France", "postalCode": "75002", "countryCode": "FR",
        },
        "surveyOptOut": true,
        "schema": { "id": ID, "version": 3 },
        "customFields": { "vip_checkbox": true, "score_number": 0.1, "kinds_tag": ["a", "b"] },
        "externalIds": [
            { "externalSource": { "id": "s-1", "name": "CRM" }, "value": "A-1" },
            { "externalSource": { "name": "ERP" }, "value": "4711" },
        ],
    })
}

fn full_contact() -> Contact {
    let mut contact = read(&full_body(), &Rules::default()).into_result().unwrap();
    contact.id = ID.parse().unwrap();
    contact.create_date = Timestamp(1_767_323_045_678);
    contact.modify_date = Timestamp(1_767_323_046_000);
    contact
}

#[test]
fn the_answer_for_a_full_contact_is_as_recorded() {
    let contact = full_contact();
    let linked = Linked { organization_name: Some("Acme"), identifiers: true, ..Linked::default() };
    let answer = ExternalContact::new(&contact, &linked);
    let text = serde_json::to_string_pretty(&answer).unwrap() + "\n";
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests-data/contact.json");
    if std::env::var_os("CARNET_BLESS").is_some() {
        std::fs::write(path, &text).unwrap();
    }
    assert_eq!(text, std::fs::read_to_string(path).unwrap());
}

#[test]
fn every_fault_of_a_body_is_named() {
    let body = json!({
        "firstName": 5,
        "title": "x".repeat(1001),
        "workEmail": "nobody",
        "workPhone": { "display": "x123" },
        "externalIds": [{ "externalSource": { "name": "CRM" }, "value": " " }],
        "externalOrganization": { "id": "acme" },
        "surveyOptOut": "yes",
        "address": { "city": "a\0b" },
    });
    assert_eq!(
        faults(&body, &Rules::default()),
        [
            "lastName is required",
            "firstName must be a text",
            "title is longer than 1000",
            "externalOrganization.id: this is not a UUID",
            "workEmail: this is not an e-mail address",
            "workPhone.display: this is only an extension",
            "address.city: control characters are not allowed",
            "surveyOptOut must be true or false",
            "externalIds[0].value is required",
        ]
    );
}

#[test]
fn a_wrong_type_an_overlong_text_and_a_missing_field_are_three_faults() {
    let body = json!({ "firstName": ["Anna"], "title": "x".repeat(1001) });
    assert_eq!(faults(&body, &Rules::default()).len(), 3);
}

#[test]
fn names_are_required_where_the_rules_say_so() {
    let both = ["firstName is required", "lastName is required"];
    let id = json!({ "title": "Dr", "id": ID });
    assert_eq!(faults(&id, &Rules::default()), both);
    let unseen = json!({ "firstName": "\u{200b}", "lastName": "\u{202e}\u{2066}" });
    assert_eq!(faults(&unseen, &Rules::default())[..2], both);
    let body = json!({ "title": "Dr", "firstName": "  " });
    assert_eq!(faults(&body, &Rules::default()), both);
    assert!(faults(&body, &free_rules()).is_empty());
}

#[test]
fn a_contact_of_nothing_is_refused() {
    for body in [json!({}), json!({ "title": "", "address": {}, "id": ID, "customFields": {} })] {
        assert_eq!(faults(&body, &free_rules()), ["$: a contact needs at least one field"]);
    }
    for body in [json!(null), json!([]), json!("Anna")] {
        assert_eq!(faults(&body, &free_rules()), ["$ must be an object"]);
    }
}

#[test]
fn blank_texts_and_nulls_are_absent() {
    let body = json!({
        "firstName": "Anna", "lastName": "B", "workEmail": "", "externalSystemUrl": " ",
        "middleName": null, "workPhone": { "display": "" }, "externalIds": null, "customFields": null,
    });
    let contact = read(&body, &Rules::default()).into_result().unwrap();
    let expected = Contact {
        first_name: Some("Anna".into()),
        last_name: Some("B".into()),
        ..Contact::default()
    };
    assert_eq!(contact, expected);
}

#[test]
fn server_fields_are_ignored_whatever_their_type() {
    let mut body = full_body();
    let expected = read(&body, &Rules::default()).into_result().unwrap();
    for name in [
        "id",
        "selfUri",
        "createDate",
        "modifyDate",
        "type",
        "canonicalContact",
        "mergeSet",
        "mergedFrom",
        "mergedTo",
        "mergeOperation",
        "identifiers",
        "externalDataSources",
        "trustor",
        "unheardOf",
    ] {
        body[name] = json!([7]);
    }
    for name in ["e164", "userInput", "countryCode"] {
        body["workPhone"][name] = json!(7);
    }
    assert_eq!(read(&body, &Rules::default()).into_result().unwrap(), expected);
}

#[test]
fn the_lines_of_a_street_may_break() {
    let body = json!({ "title": "Dr", "address": {
        "address1": "1 rue de la Paix\r\nB\u{e2}t. C\n", "address2": "Escalier\tB",
    } });
    let address = read(&body, &free_rules()).into_result().unwrap().address.unwrap();
    assert_eq!(address.address1.as_deref(), Some("1 rue de la Paix, Bât. C"));
    assert_eq!(address.address2.as_deref(), Some("Escalier B"));
}

#[test]
fn an_organization_is_linked_by_id() {
    let body = |organization: Value| json!({ "title": "Dr", "externalOrganization": organization });
    let named = body(json!({ "name": " Acme " }));
    assert_eq!(faults(&named, &free_rules()), ["externalOrganization.id is required"]);
    let import = read_import(&named, &free_rules()).into_result().unwrap();
    assert_eq!(import.organization_name.as_deref(), Some("Acme"));
    assert_eq!(import.contact.organization, None);
    let linked = read(&body(json!({ "id": ORGANIZATION_ID })), &free_rules());
    assert_eq!(linked.into_result().unwrap().organization, ORGANIZATION_ID.parse().ok());
    let wrong = body(json!("Acme"));
    assert_eq!(faults(&wrong, &free_rules()), ["externalOrganization must be an object"]);
}

#[test]
fn an_expanded_organization_is_shown_whole() {
    let contact = full_contact();
    let organization = Organization {
        id: ORGANIZATION_ID.parse().unwrap(),
        name: "Acme".into(),
        ..Organization::default()
    };
    let linked = Linked { organization: Some(&organization), ..Linked::default() };
    let expanded = serde_json::to_value(ExternalContact::new(&contact, &linked)).unwrap();
    assert_eq!(expanded["externalOrganization"]["name"], "Acme");
    let mut again = read(&expanded, &Rules::default()).into_result().unwrap();
    again.succeed(&contact);
    again.modify_date = contact.modify_date;
    assert_eq!(again, contact);
}

#[test]
fn import_keeps_what_the_server_sets() {
    let mut body = answer(&full_contact());
    body["type"] = json!("Identified");
    let import = read_import(&body, &Rules::default()).into_result().unwrap();
    let expected = Contact {
        kind: ContactKind::Identified,
        create_date: Timestamp::default(),
        modify_date: Timestamp::default(),
        ..full_contact()
    };
    assert_eq!(import.contact, expected);
    assert_eq!(import.create_date, Some(Timestamp(1_767_323_045_678)));
    assert_eq!(import.modify_date, Some(Timestamp(1_767_323_046_000)));
}

#[test]
fn import_refuses_wrong_ids_and_dates() {
    let body = json!({
        "title": "Dr", "id": "7", "createDate": "yesterday", "modifyDate": 12, "type": "Unheard",
    });
    let import = read_import(&body, &free_rules());
    let fields: Vec<_> = import.invalid.faults.iter().map(|f| f.field.as_str()).collect();
    assert_eq!(fields, ["id", "createDate", "modifyDate"]);
    assert_eq!(import.value.contact.kind, ContactKind::Curated);
    let zeros = json!({ "title": "Dr", "id": Uuid::nil() });
    assert!(!read_import(&zeros, &free_rules()).invalid.is_empty());
}

/// Texts as people send them: any script, blanks about them, sometimes nothing.
fn text() -> impl Strategy<Value = Value> {
    prop_oneof!["\\PC{0,12}", Just(" Anna ".to_owned()), Just(String::new())].prop_map(Value::from)
}

fn phone() -> impl Strategy<Value = Value> {
    let display = prop_oneof![
        proptest::sample::select(vec![
            "(317) 222-2222",
            "+33 6 12 34 56 78",
            "01 42 68 53 00",
            "+870773111632",
            "1234",
            "321-700-1243 x 123",
            "011 44 20 7946 0958",
            "tel:+1-201-555-0123",
            "33612345678",
            "0044 121 331 5000",
            "nobody knows",
            "",
        ])
        .prop_map(str::to_owned),
        "\\+?[0-9 ()-]{3,18}",
        "\\+[1-9][0-9]{6,14}",
    ];
    let region = proptest::option::of(proptest::sample::select(vec!["US", "FR", "AR", "001"]));
    (display, region, any::<bool>(), proptest::option::of(0..99_999u32)).prop_map(
        |(display, region, sms, extension)| {
            let mut phone = json!({ "display": display, "acceptsSMS": sms });
            if let Some(region) = region {
                phone["normalizationCountryCode"] = json!(region);
            }
            // An extension alone would be refused.
            if let Some(extension) = extension.filter(|_| !display.trim().is_empty()) {
                phone["extension"] = json!(extension);
            }
            phone
        },
    )
}

fn body() -> impl Strategy<Value = Value> {
    let phones = (phone(), phone(), phone());
    let texts = (text(), text(), text(), text());
    (phones, texts, "@?[A-Za-z0-9_]{1,9}", any::<bool>()).prop_map(
        |((work, cell, whats_app), (first, last, city, custom), screen_name, opt_out)| {
            json!({
                "firstName": first, "lastName": last, "address": { "city": city },
                "workPhone": work, "cellPhone": cell, "whatsAppId": { "phoneNumber": whats_app },
                "twitterId": { "screenName": screen_name }, "surveyOptOut": opt_out,
                "customFields": { "a": custom },
            })
        },
    )
}

proptest! {
    #[test]
    fn putting_back_what_was_read_changes_nothing(body in body()) {
        let rules = free_rules();
        let old = read(&body, &rules);
        prop_assume!(old.invalid.is_empty());
        let old = old.value;
        let mut new = read(&answer(&old), &rules).into_result().unwrap();
        new.succeed(&old);
        prop_assert_eq!(new, old);
    }

    #[test]
    fn an_answer_is_imported_as_it_was_even_under_another_default(body in body()) {
        let old = read(&body, &free_rules());
        prop_assume!(old.invalid.is_empty());
        let old = old.value;
        let import = read_import(&answer_with_id(&old), &free_rules()).into_result().unwrap();
        let expected = Contact { id: import.contact.id, ..old.clone() };
        prop_assert_eq!(import.contact, expected);
        let french = Rules { default_region: Region::parse("FR").unwrap(), ..free_rules() };
        if let Ok(import) = read_import(&answer_with_id(&old), &french).into_result() {
            // A text that was no number at home may be one there, but no number is lost.
            let kept = import.contact.numbers();
            prop_assert!(old.numbers().iter().all(|number| kept.contains(number)));
        }
    }
}

fn answer_with_id(contact: &Contact) -> Value {
    let mut value = answer(contact);
    value["id"] = json!(ID);
    value
}
