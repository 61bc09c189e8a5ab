//! Rows by which something that is there would be lost.

use super::*;

/// The id of a contact.
const ANN: &str = "0193c2a4-0000-7000-8000-0000000000aa";

/// A line of a contact that an external system knows.
fn of_crm(value: &str, mut record: Value) -> String {
    record["externalIds"] = json!([{ "externalSource": { "name": "CRM" }, "value": value }]);
    format!("{record}\n")
}

#[test]
fn a_row_with_the_id_of_a_contact_does_not_take_its_names() {
    let place = Place::new("US");
    let full = json!({
        "id": ANN, "firstName": "Ann", "lastName": "Bell", "workEmail": "ann@example.com",
        "cellPhone": "212-555-0123", "externalOrganization": "Acme",
    });
    place.imported(&[&place.file("full.jsonl", full.to_string())]);
    let organization = place.contacts()[0]["externalOrganization"]["id"].clone();
    let named = |names: &[&str]| names.iter().map(|name| format!(",{name},")).collect::<Vec<_>>();
    for (name, text, lost) in [
        (
            "1.jsonl",
            json!({ "id": ANN, "title": "Dr." }).to_string(),
            &["firstName", "lastName"][..],
        ),
        (
            "2.jsonl",
            json!({ "id": ANN, "externalOrganization": { "id": organization } }).to_string(),
            &["firstName", "lastName"],
        ),
        ("3.jsonl", json!({ "id": ANN, "firstName": "Bea" }).to_string(), &["lastName"]),
        ("4.csv", format!("id,title\n{ANN},Dr.\n"), &["firstName", "lastName"]),
        ("5.csv", format!("id,lastName,organization\n{ANN},Bell,New\n"), &["firstName"]),
    ] {
        let file = place.file(name, text);
        for words in [&[&*file, "--dry-run"][..], &[&*file]] {
            place.refused(words);
            let said = place.import(words).1;
            let all = named(lost);
            assert!(all.iter().all(|field| said.contains(field)), "{name}: {said}");
        }
    }
    let kept = &place.contacts()[0];
    assert_eq!(kept["workEmail"], "ann@example.com");
    assert!(place.finds("2125550123"));
    assert_eq!((place.names(), place.organizations()), (vec!["Ann Bell".to_owned()], 1));
    // One of the vendor's without names is restored, and changed.
    let other = Place::new("US");
    let nameless = json!({ "id": ANN, "title": "Dr." });
    assert!(other.imported(&[&other.file("n.jsonl", nameless.to_string())]).contains("1 added"));
    let changed = json!({ "id": ANN, "title": "Prof." }).to_string();
    assert!(other.imported(&[&other.file("m.jsonl", changed)]).contains("1 updated"));
}

#[test]
fn two_people_with_one_external_id_in_a_file_are_not_one() {
    let place = Place::new("US");
    let one =
        of_crm("7", json!({ "firstName": "A", "lastName": "Aone", "workPhone": "212-555-0123" }));
    let two = of_crm("7", json!({ "firstName": "B", "lastName": "Btwo" }));
    let again =
        of_crm("7", json!({ "firstName": "a", "lastName": "Aone", "workPhone": "212-555-0123" }));
    let file = place.file("two.jsonl", format!("{one}{two}{one}"));
    for words in [&[&*file, "--dry-run"][..], &[&*file]] {
        let said = place.imported(words);
        assert!(said.contains("1 skipped") && said.contains("unchanged"), "{said}");
        assert!(said.contains("\n2,externalIds[0],\"line 1 has this external id"), "{said}");
    }
    assert_eq!(place.names(), ["A Aone"]);
    // Another file is another import: it replaces, as the page says.
    assert!(place.imported(&[&place.file("b.jsonl", two)]).contains("1 updated"));
    assert!(place.imported(&[&place.file("a.jsonl", again)]).contains("1 updated"));
    // The same in a table, and far from each other.
    let ids = "externalIds.0.externalSource.name,externalIds.0.value";
    let between: String = (0..3_000).map(|n| format!("N,Row {n},ERP,{n}\n")).collect();
    let table = format!("firstName,lastName,{ids}\nC,Cone,CRM,8\n{between}D,Dtwo,CRM,8\n");
    let said = place.imported(&[&place.file("far.csv", table)]);
    assert!(said.contains("3001 added") || said.contains("3,001 added"), "{said}");
    assert!(said.contains("\n3003,externalIds[0],\"line 2 has"), "{said}");
}

#[test]
fn a_daemon_is_not_sent_the_second_of_two_people_with_one_external_id() {
    let data = Data::new().with_client("admin");
    let daemon = Daemon::start(&data.path());
    let place = Place::new("US");
    let between: String = (0..1_500)
        .map(|n| {
            of_crm(&format!("n{n}"), json!({ "firstName": "N", "lastName": format!("Row {n}") }))
        })
        .collect();
    let one = of_crm("7", json!({ "firstName": "A", "lastName": "Aone" }));
    let two = of_crm("7", json!({ "firstName": "B", "lastName": "Btwo" }));
    let file = place.file("far.jsonl", format!("{one}{between}{two}"));
    let to = ["--url", &daemon.url, "--id", ID, "--secret", SECRET];
    let report = place.data.file("report.csv");
    let said = run(&[&["import", &file, "--report", &report], &to[..]].concat());
    assert!(said.contains("1 skipped"), "{said}");
    let report = std::fs::read_to_string(report).unwrap();
    assert!(report.contains("\n1502,externalIds[0],\"line 1 has"), "{report}");
}

#[test]
fn what_was_done_with_a_row_is_said_once() {
    let place = Place::new("FR");
    let row = of_crm(
        "7",
        json!({
            "firstName": "Two", "lastName": "Slash", "workPhone": "01 23 45 67 01 / 06 12 34 56 01",
            "workEmail": "a@example.com; b@example.com", "homePhone": "ask Anna",
        }),
    );
    let file = place.file("two.jsonl", row);
    let moved = "2 fields with several numbers or addresses";
    assert!(place.imported(&[&file]).contains(moved));
    for words in [&[&*file][..], &[&*file, "--dry-run"]] {
        let said = place.imported(words);
        assert!(said.contains("unchanged") && !said.contains(moved), "{said}");
        assert!(!said.contains("in otherPhone now"), "{said}");
        // What is so is said again.
        assert!(said.contains("1 number kept as typed"), "{said}");
    }
}
