//! An export is a copy: read into an empty directory, it is exported again as the same bytes.

use super::*;

/// Records with everything on them, as a dump has them.
fn everything() -> String {
    let id = |n: u8| format!("0193c2a4-0000-7000-8000-0000000000{n:02x}");
    let dates = |record: &mut Value, day: u8| {
        record["createDate"] = json!(format!("2025-01-{day:02}T03:04:05.678Z"));
        record["modifyDate"] = json!(format!("2025-02-{day:02}T03:04:05Z"));
    };
    let field = |kind: &str| json!({ "allOf": [{ "$ref": format!("#/definitions/{kind}") }] });
    let schema = |n: u8, removed: bool| {
        json!({
            "carnet": "schema", "id": id(n), "version": 1, "name": format!("Customer {n}"),
            "removed": removed,
            "jsonSchema": { "properties": {
                "a_text": field("text"), "n_integer": field("integer"), "t_tag": field("tag"),
                "m_identifier": field("identifier"), "l_longtext": field("longtext"),
                "c_checkbox": field("checkbox"), "x_number": field("number"), "d_date": field("date"),
            } },
        })
    };
    let mut acme = json!({
        "carnet": "organization", "id": id(1), "name": "Akmé \"& Söhne\", Ltd.",
        "companyType": "Private", "industry": "Möbel", "phoneNumber": { "display": "020-2672-6670" },
        "faxNumber": { "display": "(317) 222-2222", "extension": 9 }, "employeeCount": 3,
        "revenue": 12_345, "tags": ["gold", "a; b"], "websites": ["https://x.example"],
        "tickers": [{ "symbol": "AKM", "exchange": "X" }], "twitterId": { "screenName": "@akme" },
        "address": { "address1": "1 Main St", "city": "Łódź", "countryCode": "PL" },
        "externalSystemUrl": "https://crm.example/1", "division": { "id": "north", "name": "North" },
        "externalIds": [{ "externalSource": { "name": "CRM" }, "value": "O-1" }],
    });
    dates(&mut acme, 3);
    let mut bare =
        json!({ "carnet": "organization", "id": id(2), "name": "Akmé \"& Söhne\", Ltd." });
    dates(&mut bare, 1);
    let mut full = json!({
        "id": id(3), "type": "Identified", "firstName": "Zoë", "middleName": "'=1+1", "lastName": "Çelik",
        "salutation": "=Dr.", "title": "Boss, \"the\"\u{a0}one", "externalOrganization": { "id": id(1) },
        "workEmail": "z@x.example", "personalEmail": "Z+1@x.example", "otherEmail": "o'z@x.example",
        "workPhone": { "display": "020-2672-6670", "extension": 12, "acceptsSMS": true },
        "cellPhone": { "display": "06 12 34 56 78", "normalizationCountryCode": "FR" },
        "homePhone": { "display": "ask Anna" }, "otherPhone": { "display": "+870 773 111 632" },
        "address": {
            "address1": "1\u{2003}Main", "address2": "-2", "city": "東京", "state": "S",
            "postalCode": "00123", "countryCode": "JP",
        },
        "twitterId": {
            "id": "1", "name": "Z", "screenName": "@zoe", "verified": true,
            "profileUrl": "https://t.example/z",
        },
        "whatsAppId": { "phoneNumber": { "display": "+33612345678" }, "displayName": "Zoë" },
        "facebookId": { "ids": [{ "scopedId": "f1" }], "displayName": "Z" },
        "lineId": { "ids": [{ "userId": "l1" }], "displayName": "L" },
        "instagramId": { "ids": [{ "scopedId": "i1" }], "displayName": "I", "handle": "@z.c" },
        "appleOpaqueIds": [{ "value": "a1" }, { "value": "a2" }], "surveyOptOut": true,
        "externalSystemUrl": "https://crm.example/zoe?x=1", "division": { "id": "north", "name": "North" },
        "schema": { "id": id(20), "version": 1 },
        "customFields": {
            "a_text": "0049", "n_integer": 7, "t_tag": ["a", "b; c"], "m_identifier": "M-7",
            "l_longtext": "one\r\ntwo\n\"three\"", "c_checkbox": false, "x_number": 0.1,
            "d_date": "2024-02-29",
        },
        "externalIds": [
            { "externalSource": { "id": "s1", "name": "CRM" }, "value": "A-1" },
            { "externalSource": { "name": "ERP" }, "value": "-1" },
        ],
    });
    dates(&mut full, 9);
    // Older than the one before it, nameless, of a schema that was removed.
    let mut old = json!({
        "id": id(4), "type": "Ephemeral", "cellPhone": { "display": "2-2-2" },
        "schema": { "id": id(21), "version": 1 }, "customFields": { "a_text": "x" },
        "externalOrganization": { "id": id(2) },
    });
    dates(&mut old, 2);
    let mut note = json!({
        "carnet": "note", "id": id(5), "noteText": "one\n\"two\"\tthree", "entityId": id(3),
        "entityType": "contact", "createdBy": { "id": "somebody" },
    });
    dates(&mut note, 4);
    let mut of_acme = note.clone();
    of_acme["id"] = json!(id(6));
    of_acme["entityId"] = json!(id(1));
    of_acme["entityType"] = json!("organization");
    let all = [schema(20, false), schema(21, true), acme, bare, full, old, note, of_acme];
    all.iter().map(|record| format!("{record}\n")).collect()
}

#[test]
fn an_export_read_into_an_empty_directory_is_exported_as_the_same_bytes() {
    let first = Place::new("US");
    let said = first.imported(&[&first.file("all.jsonl", everything())]);
    assert!(said.contains("8 added, 0 updated, 0 unchanged, 0 skipped"), "{said}");
    let export =
        |place: &Place, words: &[&str]| place.carnet(&[&["export"], words].concat()).stdout;
    let (lines, table) = (export(&first, &[]), export(&first, &["--format", "csv"]));
    // The region is another one's: what is known of a number stays known.
    for region in ["US", "FR"] {
        let second = Place::new(region);
        let said = second.imported(&[&second.file("out.jsonl", &lines), "--strict"]);
        assert!(said.contains("0 skipped"), "{said}");
        let again = export(&second, &[]);
        assert_eq!(String::from_utf8(again), String::from_utf8(lines.clone()), "{region}");
        let again = export(&second, &["--format", "csv"]);
        assert_eq!(String::from_utf8(again), String::from_utf8(table.clone()), "{region}");
        let said = second.imported(&[&second.file("out.jsonl", &lines)]);
        assert!(said.contains("0 added, 0 updated, 8 unchanged"), "{said}");
    }
    // A table holds the contacts; the rest comes as lines before it.
    let third = Place::new("US");
    let rest = String::from_utf8(lines).unwrap();
    let rest: String = rest
        .lines()
        .filter(|line| !line.contains("\"carnet\":\"note\"") && line.contains("\"carnet\""))
        .map(|line| format!("{line}\n"))
        .collect();
    third.imported(&[&third.file("rest.jsonl", rest)]);
    let said = third.imported(&[&third.file("out.csv", &table), "--strict"]);
    assert!(said.contains("2 added") && said.contains("0 skipped"), "{said}");
    let again = export(&third, &["--format", "csv"]);
    assert_eq!(String::from_utf8(again), String::from_utf8(table));
}
