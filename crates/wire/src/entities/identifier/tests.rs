use super::*;
use carnet_model::FaultKind;
use serde_json::json;

fn key(kind: &str, value: &str) -> Option<Key> {
    let body = json!({ "type": kind, "value": value });
    read(&body, None).into_result().unwrap().key()
}

fn other(kind: IdentifierKind, value: &str) -> Option<Key> {
    Some(Key::Other(IdentifierKey::new(kind, value)))
}

#[test]
fn numbers_are_read_with_blanks_and_country_code() {
    let number = E164::parse("+17042984733").map(Key::Phone);
    assert_eq!(key("Phone", "+1 704 298 4733"), number);
    assert_eq!(key("Phone", " +17042984733 "), number);
    let account = other(IdentifierKind::SocialWhatsapp, "+33612345678");
    assert_eq!(key("SocialWhatsapp", "33612345678"), account);
    assert_eq!(key("SocialWhatsapp", "+33 6 12 34 56 78"), account);
}

#[test]
fn other_identifiers_are_folded_as_their_kind_asks() {
    assert_eq!(key("Email", "Anna@Example.org"), other(IdentifierKind::Email, "anna@example.org"));
    assert_eq!(key("SocialTwitter", "@AnnaB"), other(IdentifierKind::SocialTwitter, "annab"));
    assert_eq!(key("SocialLine", "U4aF"), other(IdentifierKind::SocialLine, "U4aF"));
}

#[test]
fn an_external_id_is_looked_up_by_both_names_of_its_source() {
    let source = json!({ "id": "s-1", "name": "CRM" });
    let body = json!({ "type": "ExternalId", "value": "A-1", "externalSource": source });
    let Some(Key::External(id)) = read(&body, None).into_result().unwrap().key() else {
        panic!("an external id has a key of its own");
    };
    assert_eq!((id.value.as_str(), id.keys().count()), ("A-1", 2));
}

#[test]
fn wrong_identifiers_name_the_field() {
    let check = |body: Value, expected: &[&str]| {
        let invalid = read(&body, None).invalid;
        let fields: Vec<_> = invalid.faults.iter().map(|fault| fault.field.as_str()).collect();
        assert_eq!(fields, expected);
    };
    check(json!({}), &["type", "value"]);
    check(json!({ "type": "Telepathy", "value": 5 }), &["type", "value"]);
    check(json!({ "type": "Phone", "value": "704 298 4733" }), &["value"]);
    check(json!({ "type": "Phone", "value": "17042984733" }), &["value"]);
    check(json!({ "type": "Phone", "value": "+1" }), &["value"]);
    check(json!({ "type": "ExternalId", "value": "A-1" }), &["externalSource"]);
    check(json!([]), &["$"]);
}

#[test]
fn a_value_may_be_as_long_as_a_record_holds() {
    for (kind, max) in [("Email", 256), ("Phone", 512), ("SocialWhatsapp", 512), ("Cookie", 255)] {
        for (length, is_long) in [(max, false), (max + 1, true)] {
            let body = json!({ "type": kind, "value": "x".repeat(length) });
            let faults = read(&body, None).invalid.faults;
            let told = faults.iter().any(|fault| fault.kind == FaultKind::TooLong { max });
            assert_eq!(told, is_long, "{kind} of {length}");
        }
    }
    assert!(key("Email", &"x".repeat(256)).is_some());
}

#[test]
fn every_kind_has_its_name() {
    for (kind, name) in KINDS {
        assert_eq!(kind_name(kind), name);
    }
}

#[test]
fn a_contact_is_found_by_every_identifier_that_it_shows() {
    let body = json!({
        "firstName": "A", "lastName": "B", "workEmail": "a@b.org", "otherEmail": "a@b.org",
        "cellPhone": { "display": "317-222-2222" }, "homePhone": { "display": "+13172222222" },
        "whatsAppId": { "phoneNumber": { "display": "33612345678" } },
        "twitterId": { "screenName": "@ab" }, "lineId": { "ids": [{ "userId": "U1" }] },
        "facebookId": { "ids": [{ "scopedId": "F1" }] },
        "instagramId": { "ids": [{ "scopedId": "I1" }], "handle": "A.B" },
        "appleOpaqueIds": [{ "value": "P1" }],
        "externalIds": [{ "externalSource": { "name": "CRM" }, "value": "A-1" }],
    });
    let contact =
        crate::entities::contact::read(&body, &crate::Rules::default()).into_result().unwrap();
    let shown = serde_json::to_value(Identifiers::of(&contact)).unwrap();
    let mut phones = Vec::new();
    let mut others = Vec::new();
    for identifier in shown.as_array().unwrap() {
        match read(identifier, None).into_result().unwrap().key().unwrap() {
            Key::Phone(number) => phones.push(number),
            Key::External(id) => others.extend(id.keys()),
            Key::Other(key) => others.push(key),
        }
    }
    others.sort_unstable();
    assert_eq!(phones, contact.numbers());
    assert_eq!(others, contact.identifier_keys());
}

#[test]
fn bare_digits_are_an_internal_number_where_the_settings_know_such() {
    let internal = InternalNumbers::parse("2-5").ok();
    for (value, digits) in [("1047", "1047"), (" 10 47 ", "1047"), ("007", "007")] {
        let body = json!({ "type": "Phone", "value": value });
        let key = read(&body, internal).into_result().unwrap().key();
        assert_eq!(key, other(IdentifierKind::Internal, digits), "{value}");
        assert!(read(&body, None).into_result().is_err(), "{value}");
    }
    for value in ["7", "123456", "1047#"] {
        let body = json!({ "type": "Phone", "value": value });
        assert!(read(&body, internal).into_result().is_err(), "{value}");
    }
    let number = json!({ "type": "Phone", "value": "+17042984733" });
    let key = read(&number, internal).into_result().unwrap().key();
    assert!(matches!(key, Some(Key::Phone(_))));
}
