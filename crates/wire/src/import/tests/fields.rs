//! What people write into e-mails, external ids and phones.

use super::*;

fn emails_of(body: &Value, options: ImportOptions) -> Result<(Vec<String>, Vec<Notice>), String> {
    let read = read(RecordKind::Contact, body, &rules("US"), options).into_result();
    let Imported { item, notices, .. } = read.map_err(|invalid| invalid.to_string())?;
    let ImportItem::Contact(import) = item else { panic!("it is a contact") };
    Ok((import.contact.emails().map(str::to_owned).collect(), notices))
}

#[test]
fn labels_beside_addresses_are_dropped_and_others_than_labels_are_refused() {
    let one = &["a@x.org"][..];
    let two = &["a@x.org", "b@x.org"][..];
    for (text, expect) in [
        ("a@x.org (privat)", one),
        ("a@x.org(privat)", one),
        ("[work] a@x.org", one),
        ("privat: a@x.org", one),
        ("E-Mail: a@x.org", one),
        ("a@x.org - at home", one),
        ("Ann (a@x.org)", one),
        ("\"Bell, Ann\" <a@x.org>", one),
        ("a@x.org; ", one),
        ("a@x.org (work); b@x.org (at home)", two),
        ("a@x.org / b@x.org", two),
        ("a@x.org oder b@x.org", two),
        ("a@x.org b@x.org", two),
        ("a@x.org | b@x.org", two),
        ("\"Bell, Ann\" <a@x.org>, \"Cole, Bea\" <b@x.org>", two),
    ] {
        let (found, notices) =
            emails_of(&json!({ "workEmail": text }), ImportOptions::default()).unwrap();
        assert_eq!(found, expect, "{text}");
        let moved = usize::from(expect.len() > 1);
        assert_eq!(notices.len(), moved, "{text}: {notices:?}");
    }
    for text in [
        "a@x.org (left the company in 2020)",
        "none; a@x.org",
        "a@x.org; ask Ann",
        "a@b@x.org",
        "a@x.org or b@",
        "Ann at x.org",
    ] {
        let said = emails_of(&json!({ "workEmail": text }), ImportOptions::default()).unwrap_err();
        assert_eq!(said, "workEmail: this is not an e-mail address", "{text}");
    }
}

#[test]
fn several_addresses_without_a_free_field_are_refused_as_such() {
    let keep = ImportOptions { keep_missing: true, strict: false };
    let two = "a@x.org; b@x.org";
    for (body, options) in [
        (json!({ "workEmail": "a@x.org; b@x.org; c@x.org; d@x.org" }), ImportOptions::default()),
        (
            json!({ "workEmail": two, "personalEmail": "c@x.org", "otherEmail": "d@x.org" }),
            ImportOptions::default(),
        ),
        (json!({ "id": ID, "workEmail": two }), keep),
    ] {
        let said = emails_of(&body, options).unwrap_err();
        assert!(said.contains("too few free e-mail fields"), "{body}: {said}");
    }
    for body in [
        json!({ "id": ID, "workEmail": two, "otherEmail": null }),
        json!({ "firstName": "A", "lastName": "B", "workEmail": two }),
    ] {
        assert_eq!(emails_of(&body, keep).unwrap().0, ["a@x.org", "b@x.org"], "{body}");
    }
}

#[test]
fn why_several_numbers_stay_in_one_field_is_told_truly() {
    let keep = ImportOptions { keep_missing: true, strict: false };
    let two = "01 23 45 67 01 / 06 12 34 56 01";
    let full = json!({
        "workPhone": two, "cellPhone": "0699887766", "homePhone": "0199887766",
        "otherPhone": "0299887766",
    });
    for (body, options, part) in [
        (json!({ "id": ID, "workPhone": two }), keep, "among those that the row mentions"),
        (full, keep, "field, and too few free ones: it"),
        (json!({ "workPhone": format!("{two} / ask for Zoé") }), keep, "among other words"),
    ] {
        let read = read(RecordKind::Contact, &body, &rules("FR"), options).into_result().unwrap();
        assert!(read.notices[0].reason.contains(part), "{:?}", read.notices);
    }
}

#[test]
fn an_external_id_that_stands_there_twice_counts_once() {
    let id = |source: Value, value: &str| json!({ "externalSource": source, "value": value });
    let crm = json!({ "name": "CRM" });
    let keyed = json!({ "id": "1", "name": "CRM" });
    for (ids, count) in [
        (json!([id(crm.clone(), "7"), id(crm.clone(), "7")]), 1),
        (json!([id(keyed.clone(), "7"), id(json!({ "id": "1" }), "7"), id(crm.clone(), "7")]), 1),
        (json!([id(crm.clone(), "7"), id(keyed.clone(), "7")]), 1),
        (json!([id(crm.clone(), "7"), id(crm.clone(), "8"), id(crm.clone(), "7")]), 2),
        (json!([id(crm.clone(), "7"), id(json!({ "name": "ERP" }), "7")]), 2),
        (json!([id(keyed, "7"), id(json!({ "id": "2", "name": "CRM" }), "7")]), 2),
    ] {
        let (contact, _) = imported(&json!({ "firstName": "A", "externalIds": ids }), "US");
        assert_eq!(contact.external_ids.len(), count, "{ids}");
        assert_eq!(contact.external_ids[0].source.name.as_deref(), Some("CRM"));
    }
}
