//! Tables and lines of other programs: refused as what they are, and imported as the refusal says.

use super::*;

/// The header that a refusal advises.
fn advised(said: &str) -> &str {
    let (_, line) = said.split_once("its header:\n").unwrap_or_else(|| panic!("{said}"));
    line.lines().next().unwrap()
}

/// A column that is not known costs no number, and the advice brings every one of them in.
#[test]
fn a_table_with_the_advised_header_brings_every_number_and_address() {
    for (header, row, sign) in [
        (
            "First Name,Last Name,Account Name,Title,Phone,Mobile,Email",
            "Ann,Bell,Acme,Boss,(317) 222-2222,(317) 222-2223,a@x.org",
            "Salesforce",
        ),
        (
            "firstName;lastName;mobilePhone;email;phone;company",
            "Ann;Bell;(317) 222-2222;a@x.org;(317) 222-2223;Acme",
            "English",
        ),
        (
            "firstName,lastName,Téléphone mobile,Home phone,Correo,Owner,organisme",
            "Ann,Bell,(317) 222-2222,(317) 222-2223,a@x.org,me,Acme",
            "left",
        ),
        (
            "firstName\tlastName\t携帯電話\t会社電話\tメール\t会社名",
            "Ann\tBell\t(317) 222-2222\t(317) 222-2223\ta@x.org\tAcme",
            "Japanese",
        ),
        (
            "firstName,lastName,Tel. 1,Tel. 2,E-mail 1,Employer",
            "Ann,Bell,(317) 222-2222,(317) 222-2223,a@x.org,Acme",
            "another program",
        ),
    ] {
        let place = Place::new("US");
        let said = place.refused(&[&place.file("theirs.csv", format!("{header}\n{row}\n"))]);
        let sign = if sign == "left" { "leaves out" } else { sign };
        assert!(said.contains(sign), "{header}: {said}");
        let table = format!("{}\n{row}\n", advised(&said));
        place.imported(&[&place.file("ours.csv", table), "--strict"]);
        assert!(place.finds("+13172222222") && place.finds("+13172222223"), "{header}");
        assert_eq!(place.contacts()[0]["workEmail"], "a@x.org", "{header}");
        assert_eq!((place.names(), place.organizations()), (vec!["Ann Bell".to_owned()], 1));
    }
}

#[test]
fn lines_of_the_vendors_other_models_are_refused_one_by_one() {
    let place = Place::new("US");
    let id = "0193c2a4-0000-7000-8000-000000000009";
    let lines = [
        json!({
            "id": id, "user": { "id": id }, "externalOrganization": { "id": id },
            "relationship": "Account Manager",
        }),
        json!({ "id": id, "name": "CRM", "active": true }),
        json!({ "id": id, "name": "Ann", "username": "ann", "title": "Agent" }),
        json!({ "name": "Acme", "phone": "2125550101", "email": "a@x.org" }),
        json!({ "firstName": "A", "lastName": "B", "mobile": "2125550101" }),
        json!({ "firstName": "Ann", "lastName": "Bell", "organization": "Acme" }),
    ];
    let lines: String = lines.iter().map(|line| format!("{line}\n")).collect();
    let said = place.imported(&[&place.file("mixed.jsonl", lines)]);
    assert!(said.contains("1 added, 0 updated, 0 unchanged, 5 skipped"), "{said}");
    for row in [
        "\n1,$,\"this looks like a relationship",
        "\n2,$,\"this looks like an external",
        "\n3,$,\"this looks like a user",
        "\n4,$,",
        "\n5,mobile,",
    ] {
        assert!(said.contains(row), "{row}: {said}");
    }
    assert_eq!((place.names(), place.organizations()), (vec!["Ann Bell".to_owned()], 1));
}

#[test]
fn a_table_may_name_its_delimiter_in_a_line_before_its_header() {
    for (first, header, row) in [
        ("sep=;", "firstName;lastName;workPhone", ";Bad;\r\nAnn;Bell, jr.;(317) 222-2222"),
        ("\"sep=,\"", "firstName,lastName,workPhone", ",Bad,\r\nAnn,\"Bell, jr.\",(317) 222-2222"),
        ("\u{feff}SEP=|", "firstName|lastName|workPhone", "|Bad|\r\nAnn|Bell, jr.|(317) 222-2222"),
        ("sep=\t", "firstName\tlastName\tworkPhone", "\tBad\t\r\nAnn\tBell, jr.\t(317) 222-2222"),
    ] {
        let place = Place::new("US");
        let table = format!("{first}\r\n{header}\r\n{row}\r\n");
        let said = place.imported(&[&place.file("a.csv", table)]);
        assert!(said.contains("1 added") && said.contains("\n3,firstName,"), "{first}: {said}");
        assert!(place.finds("+13172222222"), "{first}");
        assert_eq!(place.names(), ["Ann Bell, jr."], "{first}");
    }
}

#[test]
fn an_open_quotation_mark_is_reported_with_its_line() {
    let place = Place::new("US");
    let table = "firstName,lastName,title\nAnn,\"Be\nll\",\"Boss\nBea,Cole,Boss\n";
    let said = place.imported(&[&place.file("open.csv", table)]);
    assert!(
        said.contains("\n2,,\"a quotation mark that is opened on line 3 is not closed"),
        "{said}"
    );
}

/// What a row does not mention is not said to be full.
#[test]
fn numbers_that_keep_missing_leaves_in_one_field_are_told_why() {
    let place = Place::new("FR");
    let ids = "externalIds.0.externalSource.name,externalIds.0.value";
    let first = format!("firstName,lastName,{ids}\nAnn,Bell,CRM,7\n");
    place.imported(&[&place.file("first.csv", first)]);
    let two = format!("workPhone,{ids}\n01 23 45 67 01 / 06 12 34 56 01,CRM,7\n");
    let said = place.imported(&[&place.file("two.csv", two), "--keep-missing"]);
    assert!(said.contains("1 updated") && said.contains("that the row mentions"), "{said}");
    assert!(place.finds("+33123456701") && place.finds("+33612345601"));
    let free = format!("workPhone,homePhone,{ids}\n01 23 45 67 01 / 01 99 88 77 66,,CRM,7\n");
    let said = place.imported(&[&place.file("free.csv", free), "--keep-missing"]);
    assert!(said.contains("in homePhone now"), "{said}");
}
