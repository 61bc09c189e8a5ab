//! Each kind of fault has the number of the public report that it was found in, and inputs of our
//! own beside it.

use super::*;
use carnet_phone::Region;
use serde_json::json;

mod fields;
mod kinds;

const ID: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

fn rules(region: &str) -> Rules {
    Rules {
        default_region: Region::parse(region).unwrap(),
        require_names: false,
        ..Rules::default()
    }
}

fn imported(body: &Value, region: &str) -> (Contact, Vec<Notice>) {
    let read = read(RecordKind::Contact, body, &rules(region), ImportOptions::default());
    let Imported { item, notices, .. } = read.into_result().unwrap();
    let ImportItem::Contact(import) = item else { panic!("{body} is a contact") };
    (import.contact, notices)
}

/// The numbers of work, cell, home and other, as E.164 or as typed.
fn numbers(contact: &Contact) -> [String; 4] {
    [&contact.work_phone, &contact.cell_phone, &contact.home_phone, &contact.other_phone].map(
        |phone| match phone {
            Some(phone) => match phone.e164 {
                Some(number) => number.to_string(),
                None => format!("as typed: {}", phone.input),
            },
            None => String::new(),
        },
    )
}

fn kinds(notices: &[Notice]) -> Vec<(&str, NoticeKind)> {
    notices.iter().map(|notice| (&*notice.field, notice.kind)).collect()
}

/// owncloud-archive/contacts#818, #574; alltheplaces/alltheplaces PR#9548; instedd/verboice#682
#[test]
fn several_numbers_in_one_field_go_to_free_ones() {
    let (work, cell, other) = ("+33123456701", "+33612345601", "+33123456702");
    for (display, expect) in [
        ("01 23 45 67 01 / 06 12 34 56 01", [work, cell, "", ""]),
        ("0123456701 ::: 0612345601", [work, cell, "", ""]),
        ("0123456701 ou 0612345601", [work, cell, "", ""]),
        ("0123456701;0612345601", [work, cell, "", ""]),
        ("0123456701; 0612345601", [work, cell, "", ""]),
        ("+33 1 23 45 67 01, 01 23 45 67 02", [work, "", "", other]),
        ("01 23 45 67 01 | 01 23 45 67 02 | 06 12 34 56 01", [work, cell, "", other]),
        ("0123456701 or 0123456701 or 0612345601", [work, cell, "", ""]),
    ] {
        for body in
            [json!({ "workPhone": { "display": display } }), json!({ "workPhone": display })]
        {
            let (contact, notices) = imported(&body, "FR");
            assert_eq!(numbers(&contact), expect, "{body}");
            assert_eq!(kinds(&notices), [("workPhone.display", NoticeKind::Moved)]);
            assert!(contact.work_phone.unwrap().extension.is_none());
        }
    }
    // One number twice is one number, and nothing is to be said.
    let (contact, notices) = imported(&json!({ "workPhone": "0123456701 / +33123456701" }), "FR");
    assert_eq!((numbers(&contact), notices.len()), ([work, "", "", ""].map(str::to_owned), 0));
}

#[test]
fn the_short_form_of_a_second_number_goes_to_a_free_field_in_full() {
    for (region, display, first, second) in [
        ("US", "212-555-0190/91", "+12125550190", "+12125550191"),
        ("US", "212-555-0190 or 0191", "+12125550190", "+12125550191"),
        ("DE", "+49 30 123456-70 / -71", "+493012345670", "+493012345671"),
        ("DE", "030 12345-12 u. 13", "+49301234512", "+49301234513"),
        ("DE", "Tel. 030 12345-12 / Fax -46", "+49301234512", "+49301234546"),
        ("FR", "01 23 45 67 01/02", "+33123456701", "+33123456702"),
        ("GB", "020 7946 0958/9", "+442079460958", "+442079460959"),
    ] {
        let (contact, notices) = imported(&json!({ "workPhone": display }), region);
        assert_eq!(numbers(&contact), [first, "", "", second], "{display}");
        assert_eq!(kinds(&notices), [("workPhone.display", NoticeKind::Moved)], "{display}");
        assert_eq!(contact.other_phone.unwrap().input, second, "{display}");
    }
}

#[test]
fn several_numbers_that_an_export_has_kept_in_one_field_stay_there() {
    for text in ["212-555-0190/91", "01 23 45 67 01 / 06 12 34 56 01", "030 12345, 030 12346"] {
        for region in ["US", "FR", "DE"] {
            let body = json!({ "workPhone": { "display": text, "userInput": text } });
            let (contact, notices) = imported(&body, region);
            assert_eq!(contact.work_phone.as_ref().unwrap().input, text, "{region}");
            assert_eq!(contact.phones().count(), 1, "{text} in {region}");
            assert!(!notices.iter().any(|notice| notice.kind == NoticeKind::Moved), "{notices:?}");
        }
    }
}

#[test]
fn an_extension_that_an_export_has_kept_is_kept_and_another_is_refused() {
    let read = |body: Value| {
        read(RecordKind::Contact, &body, &rules("DE"), ImportOptions::default()).into_result()
    };
    for text in ["ext 1056", "x12", "#123"] {
        let kept = read(json!({ "id": ID, "workPhone": { "display": text, "userInput": text } }));
        let ImportItem::Contact(import) = kept.unwrap().item else { panic!("it is a contact") };
        assert_eq!(import.contact.work_phone.unwrap().input, text);
        assert!(read(json!({ "id": ID, "workPhone": text })).is_err(), "{text}");
    }
}

#[test]
fn a_field_that_is_not_free_is_left_alone() {
    let two = "01 23 45 67 01 / 06 12 34 56 01";
    let (contact, notices) =
        imported(&json!({ "homePhone": two, "cellPhone": "06 99 88 77 66" }), "FR");
    let expect = ["", "+33699887766", "+33123456701", "+33612345601"];
    assert_eq!(numbers(&contact), expect);
    assert!(notices[0].reason.contains("otherPhone"), "{notices:?}");
    // A number that the contact has already needs no field.
    let (contact, notices) =
        imported(&json!({ "workPhone": two, "cellPhone": "+33612345601" }), "FR");
    assert_eq!(numbers(&contact)[..2], ["+33123456701", "+33612345601"]);
    assert_eq!(notices, []);
    let full = json!({
        "workPhone": two, "cellPhone": "0699887766", "homePhone": "0199887766",
        "otherPhone": "0299887766",
    });
    let words = json!({ "workPhone": "01 23 45 67 01 / 06 12 34 56 01 / ask for Zoé" });
    for body in [full, words] {
        let (contact, notices) = imported(&body, "FR");
        assert_eq!(contact.work_phone.unwrap().input, body["workPhone"].as_str().unwrap());
        assert_eq!(kinds(&notices), [("workPhone.display", NoticeKind::Crowded)], "{body}");
    }
}

#[test]
fn an_absent_field_is_not_free_where_absent_fields_stay() {
    let options = ImportOptions { keep_missing: true, strict: false };
    let two = "01 23 45 67 01 / 06 12 34 56 01";
    for (body, kind) in [
        (json!({ "id": ID, "workPhone": two }), NoticeKind::Crowded),
        (json!({ "id": ID, "workPhone": two, "cellPhone": null }), NoticeKind::Moved),
        // Without a key it is a new contact, and has no other fields.
        (json!({ "firstName": "A", "lastName": "B", "workPhone": two }), NoticeKind::Moved),
    ] {
        let read = read(RecordKind::Contact, &body, &rules("FR"), options).into_result().unwrap();
        assert_eq!(kinds(&read.notices), [("workPhone.display", kind)], "{body}");
    }
}

/// SpartnerNL/Laravel-Excel#300; Automattic/camptix#40; hizzle-co/noptin#602
#[test]
fn a_number_that_a_spreadsheet_has_rounded_is_named() {
    for text in ["3.36123E+10", "3,36123E+10", "3.3612345E+10", "4.4E+11", "3.361234E+010"] {
        let (contact, notices) = imported(&json!({ "cellPhone": { "display": text } }), "FR");
        assert_eq!(numbers(&contact)[1], format!("as typed: {text}"));
        assert_eq!(kinds(&notices), [("cellPhone.display", NoticeKind::Unread)], "{text}");
    }
    for (whole, number) in [
        (json!("3.3612345602E+10"), "+33612345602"),
        (json!("33612345605.0"), "+33612345605"),
        (json!(33612345605_u64), "+33612345605"),
        (json!(33612345605.0), "+33612345605"),
        (json!(612345601), "+33612345601"),
    ] {
        let (contact, notices) = imported(&json!({ "cellPhone": whole }), "FR");
        assert_eq!((&*numbers(&contact)[1], notices), (number, vec![]), "{whole}");
    }
}

/// owncloud-archive/contacts#574, and inputs of our own
#[test]
fn addresses_with_a_name_and_several_of_them_are_read_and_others_refused() {
    let emails = |text: &str| {
        let (contact, notices) = imported(&json!({ "workEmail": text }), "US");
        let all: Vec<String> = contact.emails().map(str::to_owned).collect();
        (all, notices.len())
    };
    for (text, expect, notices) in [
        ("a@example.com; b@example.com", &["a@example.com", "b@example.com"][..], 1),
        ("a@example.com,b@example.com", &["a@example.com", "b@example.com"], 1),
        ("a@example.com;A@example.com", &["a@example.com"], 0),
        ("Ann <ann@example.com>", &["ann@example.com"], 0),
        (
            "\"Ann Bell\" <ann@example.com>; <b@example.com>",
            &["ann@example.com", "b@example.com"],
            1,
        ),
        ("mailto:m@example.com", &["m@example.com"], 0),
        ("ab @ example.com", &["ab@example.com"], 0),
        ("ab@example .com", &["ab@example.com"], 0),
        ("'sq@example.com'", &["sq@example.com"], 0),
        ("ａｂ＠ｅｘａｍｐｌｅ．ｃｏｍ", &["ab@example.com"], 0),
        ("\"a@x.fr\"; 'b@x.fr'", &["a@x.fr", "b@x.fr"], 1),
        ("ab @ x.fr; ｂ＠x.fr", &["ab@x.fr", "b@x.fr"], 1),
        ("Ann ann@example.com", &["ann@example.com"], 0),
        ("MAILTO: m@example.com", &["m@example.com"], 0),
        ("a@x.fr; b@x.fr; c@x.fr", &["a@x.fr", "b@x.fr", "c@x.fr"], 1),
    ] {
        assert_eq!(emails(text), (expect.iter().map(|one| (*one).to_owned()).collect(), notices));
    }
    for text in ["n/a", "a b@example.com", "a.c b@x.fr; d@x.fr", "a@x.fr; none", "Ann <ann>", "<@>"]
    {
        let body = json!({ "workEmail": text, "workPhone": "2125550101" });
        let read = read(RecordKind::Contact, &body, &rules("US"), ImportOptions::default());
        assert_eq!(read.invalid.to_string(), "workEmail: this is not an e-mail address", "{text}");
    }
    let (contact, _) =
        imported(&json!({ "workEmail": "a@x.fr; b@x.fr", "personalEmail": "B@x.fr" }), "US");
    assert_eq!(contact.emails().collect::<Vec<_>>(), ["a@x.fr", "B@x.fr"]);
}

#[test]
fn bare_texts_are_what_people_mean_by_them() {
    let body = json!({
        "firstName": "A", "workPhone": "+44 20 7946 0958", "whatsAppId": "+44 7911 123456",
        "externalOrganization": "Acme", "twitterId": "@ann", "homePhone": " ",
    });
    let read = read(RecordKind::Contact, &body, &rules("US"), ImportOptions::default());
    let Imported { item, unknown, .. } = read.into_result().unwrap();
    let ImportItem::Contact(import) = item else { panic!("it is a contact") };
    assert_eq!(numbers(&import.contact), ["+442079460958", "", "", ""]);
    assert_eq!(import.organization_name.as_deref(), Some("Acme"));
    assert_eq!(import.contact.whats_app.unwrap().phone.e164.unwrap().to_string(), "+447911123456");
    assert_eq!(import.contact.twitter.unwrap().screen_name.as_deref(), Some("@ann"));
    assert_eq!(unknown, Vec::<String>::new());
    // What the API itself is sent is read to the letter.
    assert!(!contact::read_import(&body, &rules("US")).invalid.is_empty());
}

#[test]
fn a_record_that_does_not_say_its_kind_is_told_by_its_fields() {
    use RecordKind::{Contact, Note, Organization};
    let base = "/api/v2/externalcontacts";
    for (record, kind) in [
        (json!({ "id": ID, "name": "Acme", "division": { "id": "*" } }), Organization),
        (json!({ "name": "Acme", "tags": ["gold"], "colour": 1, "active": true }), Organization),
        (json!({ "name": "Acme", "address": { "city": "Bonn" }, "externalIds": [] }), Organization),
        (json!({ "id": ID, "selfUri": format!("{base}/organizations/{ID}") }), Organization),
        (json!({ "noteText": "x", "entityId": ID, "entityType": "contact" }), Note),
        (json!({ "id": ID, "selfUri": format!("{base}/contacts/{ID}/notes/{ID}") }), Note),
        (json!({ "firstName": "A", "name": "A B" }), Contact),
        (json!({ "id": ID, "address": { "city": "Bonn" } }), Contact),
        (json!({ "name": null, "workEmail": "a@x.fr" }), Contact),
        (json!({ "name": "x", "selfUri": format!("{base}/contacts/{ID}") }), Contact),
        (json!({ "id": ID, "externalOrganization": { "id": ID, "name": "Acme" } }), Contact),
        (json!({ "cellPhone": "1", "relationship": "Uncle", "username": "ab" }), Contact),
        (json!({ "id": ID, "type": "Curated", "title": "Agent" }), Contact),
        (json!({ "id": ID, "selfUri": format!("{base}/contacts/{ID}?expand=x") }), Contact),
        (json!({ "noteText": "x", "title": "t" }), Note),
        (json!({}), Contact),
    ] {
        assert_eq!(kind_of(&record), Ok(kind), "{record}");
    }
}

#[test]
fn what_is_not_known_is_named_and_refused_where_that_is_wanted() {
    let body = json!({
        "carnet": "contact", "firstName": "A", "shoeSize": 38, "mobile": null,
        "workPhone": { "display": "2125550101", "number": "1" },
        "externalIds": [
            { "externalSource": { "name": "CRM", "kind": 1 }, "value": "1" },
            { "externalSource": { "name": "ERP", "kind": 2 }, "value": "1" },
        ],
        "customFields": { "anything": 1 }, "mergeSet": [], "selfUri": "x",
    });
    let names = ["shoeSize", "workPhone.number", "externalIds.externalSource.kind"];
    let lax = read(RecordKind::Contact, &body, &rules("US"), ImportOptions::default());
    assert_eq!(lax.into_result().unwrap().unknown, names);
    let strict = ImportOptions { strict: true, ..ImportOptions::default() };
    let invalid = read(RecordKind::Contact, &body, &rules("US"), strict).invalid;
    let fields: Vec<&str> = invalid.faults.iter().map(|fault| &*fault.field).collect();
    assert_eq!(fields, names);
}

#[test]
fn what_is_no_record_of_any_kind_is_refused_as_what_it_is() {
    for (body, part) in [
        (json!({ "foo": 1 }), "no field of a contact, an organisation or a note; it has foo"),
        (json!({ "carnet": "organization", "a": 1 }), "no field of a contact"),
        (json!({ "a": 1, "b": 2, "c": 3, "d": 4 }), "it has a, b, c and others"),
        (json!({ "entities": [{ "id": ID }], "pageSize": 25 }), "jq -c '.entities[]'"),
        (json!({ "results": [{ "id": ID }], "errorCount": 0 }), "jq -c '.results[].entity'"),
        (json!({ "contacts": [{ "id": ID }] }), "jq -c '.contacts[]'"),
        (json!([{ "firstName": "A" }]), "jq -c '.[]'"),
    ] {
        for rules in [rules("US"), Rules::default()] {
            let read = read(RecordKind::Contact, &body, &rules, ImportOptions::default());
            let faults = read.invalid.faults;
            assert!(body.get("carnet").is_some() || kind_of(&body).is_err());
            assert_eq!((faults.len(), &*faults[0].field), (1, "$"), "{body}");
            assert!(faults[0].to_string().contains(part), "{}", faults[0]);
        }
    }
    // A line with a known field is a record, whatever else it has.
    let body = json!({ "firstName": "A", "lastName": "B", "entities": [] });
    let kind = kind_of(&body).unwrap();
    assert!(read(kind, &body, &rules("US"), ImportOptions::default()).invalid.is_empty());
}

#[test]
fn a_line_without_a_field_of_a_contact_is_none() {
    for body in [
        json!({ "id": ID, "division": { "id": "*" }, "colour": "red" }),
        json!({ "id": ID, "colour": "red" }),
        json!({ "id": ID }),
        json!({ "id": ID, "colour": "red", "division": { "id": "north" } }),
        json!({ "id": ID, "type": "Curated", "label": "x" }),
    ] {
        let read = read(RecordKind::Contact, &body, &rules("US"), ImportOptions::default());
        assert!(!read.invalid.is_empty(), "{body}");
    }
}

#[test]
fn numbers_that_another_region_has_read_are_read_anew() {
    let phone = |shown: &str, typed: &str, e164: &str| json!({ "workPhone": { "display": shown, "userInput": typed, "e164": e164 } });
    // Read under US, and possible there by its length alone.
    let wrong = phone("+1 061-234-5678", "06 12 34 56 78", "+10612345678");
    let (contact, notices) = imported(&wrong, "FR");
    assert_eq!(numbers(&contact)[0], "+33612345678");
    assert_eq!(contact.work_phone.unwrap().input, "06 12 34 56 78");
    assert_eq!(kinds(&notices), [("workPhone.display", NoticeKind::ReadAnew)]);
    let (contact, notices) = imported(&wrong, "US");
    assert_eq!(numbers(&contact)[0], "as typed: 06 12 34 56 78");
    let both = [NoticeKind::ReadAnew, NoticeKind::Unread].map(|kind| ("workPhone.display", kind));
    assert_eq!(kinds(&notices), both);
    // Kept as typed before.
    let (contact, notices) = imported(
        &json!({ "workPhone": { "display": "06 12 34 56 78", "userInput": "06 12 34 56 78" } }),
        "FR",
    );
    assert_eq!((&*numbers(&contact)[0], notices), ("+33612345678", vec![]));
    // A valid number stays what it is, wherever its text is a number, too.
    for region in ["US", "FR", "DE", "IN"] {
        let (contact, notices) =
            imported(&phone("+1 317-222-2222", "(317) 222-2222", "+13172222222"), region);
        assert_eq!((&*numbers(&contact)[0], notices), ("+13172222222", vec![]), "{region}");
    }
    // Several numbers, the second of which was taken for an extension.
    let mut two = phone("+33 1 23 45 67 04", "0123456704;0612345604", "+33123456704");
    two["workPhone"]["extension"] = json!(612345604);
    let (contact, _) = imported(&two, "FR");
    assert_eq!(numbers(&contact)[..2], ["+33123456704", "+33612345604"]);
    assert!(contact.work_phone.unwrap().extension.is_none());
}

/// Automattic/jetpack PR#28886; Budibase/budibase#12001; Mailtrain-org/mailtrain#750
#[test]
fn a_record_of_some_fields_mentions_these() {
    let options = ImportOptions { keep_missing: true, strict: false };
    let keyed = |more: Value| {
        let mut body =
            json!({ "externalIds": [{ "externalSource": { "name": "CRM" }, "value": "7" }] });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    let rules = Rules { require_names: true, ..rules("US") };
    let read = |body: &Value| read(RecordKind::Contact, body, &rules, options);
    let body = keyed(json!({
        "cellPhone": "2125550102", "workEmail": null, "address": { "city": "Bonn" },
        "customFields": { "a": null },
    }));
    let ImportItem::Contact(import) = read(&body).into_result().unwrap().item else {
        panic!("it is a contact")
    };
    use carnet_model::ContactField::{CellPhone, City, ExternalIds, WorkEmail};
    let mentioned = import.mentioned.unwrap();
    assert_eq!(mentioned.fields, [WorkEmail, CellPhone, City, ExternalIds].into());
    assert_eq!(mentioned.custom_fields, ["a".to_owned()].into());
    assert!(import.names_required);
    // Emptying a field is a change, too; without an id or an external id it is a new contact.
    assert!(read(&json!({ "id": ID, "workEmail": null })).invalid.is_empty());
    assert_eq!(read(&json!({ "id": ID })).invalid.faults.len(), 1);
    assert_eq!(read(&json!({ "workEmail": "a@x.fr" })).invalid.faults.len(), 2);
}
