//! Import, export, check and figures: what the command line asks of a running daemon.

use super::{House, Reply, id_of, person};
use crate::RequestBody;
use serde_json::{Value, json};

const IMPORT: &str = "/api/v2/carnet/import";
const EXPORT: &str = "/api/v2/carnet/export";

async fn import(house: &House, lines: impl Into<bytes::Bytes>) -> Reply {
    let authorization = format!("Bearer {}", house.token);
    let headers =
        [("authorization", authorization.as_str()), ("content-type", "application/x-ndjson")];
    house.ask_raw("POST", IMPORT, &headers, RequestBody::whole(lines.into())).await
}

fn counts(report: &Value) -> [u64; 4] {
    ["added", "updated", "unchanged", "skipped"].map(|name| report[name].as_u64().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_exported_can_be_imported_and_loses_nothing() {
    let house = House::new().await;
    let organization = id_of(&house.post("/organizations", json!({"name": "Kontor"})).await);
    for i in 0..30 {
        let mut body = person(&format!("Ünïcode {i}"), "Berg");
        body["workPhone"] = json!({"display": format!("(317) 222-{:04}", 2000 + i)});
        if i % 2 == 0 {
            body["externalOrganization"] = json!({"id": organization});
        }
        let id = house.add(body).await;
        house
            .post(&format!("/contacts/{id}/notes"), json!({"noteText": format!("note {i}\n2")}))
            .await;
    }
    let exported = house.ask("GET", EXPORT, None).await;
    assert_eq!((exported.status, exported.header("content-type")), (200, "application/x-ndjson"));
    let lines = exported.bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    assert_eq!(lines.count(), 61);

    let other = House::new().await;
    let report = import(&other, exported.bytes.clone()).await.json();
    assert_eq!(counts(&report), [61, 0, 0, 0], "{report}");
    let again = import(&other, exported.bytes.clone()).await.json();
    assert_eq!(counts(&again), [0, 0, 61, 0], "{again}");
    let back = other.ask("GET", EXPORT, None).await;
    assert_eq!(String::from_utf8(back.bytes), String::from_utf8(exported.bytes));
    assert_eq!(other.get("/contacts?q=kontor&pageSize=1").await["total"], 15);
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_lines_are_skipped_and_named() {
    let house = House::new().await;
    let lines = [
        r#"{"firstName":"A","lastName":"B"}"#,
        "",
        r#"{"firstName":"A","#,
        r#"{"firstName":1,"title":true,"lastName":"C"}"#,
        &format!(r#"{{"firstName":"{}"}}"#, "x".repeat(2 << 20)),
        r#"{"firstName":"D","lastName":"E"}"#,
    ];
    let report = import(&house, lines.join("\r\n")).await.json();
    assert_eq!(counts(&report), [2, 0, 0, 3], "{report}");
    let errors = report["errors"].as_array().unwrap();
    let places: Vec<(u64, Option<&str>)> = errors
        .iter()
        .map(|error| (error["line"].as_u64().unwrap(), error["field"].as_str()))
        .collect();
    assert_eq!(places[0], (3, None));
    assert!(places.contains(&(4, Some("firstName"))) && places.contains(&(4, Some("title"))));
    assert_eq!(places.last(), Some(&(5, Some("$"))));
    assert!(errors.iter().all(|error| !error["reason"].as_str().unwrap().is_empty()));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_says_what_it_did_with_lines_that_it_took() {
    let house = House::new().await;
    let id = "0193c2a4-0000-7000-8000-000000000001";
    let lines = [
        json!({"firstName": "A", "lastName": "B", "workPhone": "3.36123E+10", "shoeSize": 1}),
        json!({"firstName": "C", "lastName": "D", "externalOrganization": {"id": id}}),
        json!({"firstName": "E", "lastName": "F", "workPhone": "+33 1 23 45 67 01 / +33 6 12 34 56 01"}),
        json!({"id": id, "name": "Acme", "tags": ["x"], "shoeSize": 2}),
        json!({"noteText": "x", "entityId": id, "entityType": "organization"}),
    ];
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    let report = import(&house, text.clone()).await.json();
    assert_eq!(counts(&report), [4, 0, 0, 1], "{report}");
    assert_eq!(
        (&report["errors"][0]["line"], &report["errors"][0]["mayCome"]),
        (&json!(2), &json!(true))
    );
    let notices: Vec<(u64, &str)> = report["notices"]
        .as_array()
        .unwrap()
        .iter()
        .map(|notice| (notice["line"].as_u64().unwrap(), notice["kind"].as_str().unwrap()))
        .collect();
    assert_eq!(notices, [(1, "unread"), (3, "moved")]);
    assert_eq!(report["unknownFields"], json!({"shoeSize": 2}));
    let ask = async |query: &str, lines: &str| {
        let authorization = format!("Bearer {}", house.token);
        let headers = [("authorization", authorization.as_str())];
        let body = RequestBody::whole(bytes::Bytes::from(lines.to_owned()));
        house.ask_raw("POST", &format!("{IMPORT}?{query}"), &headers, body).await
    };
    let strict = ask("strict=true", &text).await.json();
    assert_eq!(strict["errors"][0]["field"], "shoeSize", "{strict}");
    let key = json!([{"externalSource": {"name": "CRM"}, "value": "7"}]);
    let full = json!({"firstName": "G", "lastName": "H", "title": "Boss", "externalIds": key});
    let part = json!({"workEmail": "g@example.com", "externalIds": key});
    assert_eq!(counts(&ask("", &full.to_string()).await.json()), [1, 0, 0, 0]);
    assert_eq!(counts(&ask("keepMissing=true", &part.to_string()).await.json()), [0, 1, 0, 0]);
    let kept = house.get("/contacts?q=g@example.com").await;
    assert_eq!(kept["entities"][0]["title"], "Boss", "{kept}");
    assert_eq!(ask("strict=perhaps", "").await.status, 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_of_an_import_checks_what_the_import_checks_and_keeps_nothing() {
    let house = House::new().await;
    let known = house.add(person("Ann", "Bell")).await;
    let id = "0193c2a4-0000-7000-8000-000000000001";
    let note = |subject: &str| {
        json!({"noteText": "x", "entityId": subject, "entityType": "contact"}).to_string()
    };
    let lines = [
        json!({"id": id, "firstName": "Bea", "lastName": "Cole"}).to_string(),
        note(id),
        note(&known),
        note("0193c2a4-0000-7000-8000-0000000000ff"),
        json!({"id": known, "firstName": "Ann", "lastName": "Other"}).to_string(),
        json!({"carnet": "organization", "id": known, "name": "Acme"}).to_string(),
        json!({"foo": 1}).to_string(),
    ]
    .join("\n");
    let ask = async |query: &str| {
        let authorization = format!("Bearer {}", house.token);
        let headers = [("authorization", authorization.as_str())];
        let body = RequestBody::whole(bytes::Bytes::from(lines.clone()));
        house.ask_raw("POST", &format!("{IMPORT}{query}"), &headers, body).await.json()
    };
    for counted in [[3, 1, 0, 3], [0, 0, 4, 3]] {
        let mut told = ask("?dryRun=true").await;
        assert_eq!(told["dryRun"], true, "{told}");
        told.as_object_mut().unwrap().remove("dryRun");
        assert_eq!(counts(&told), counted, "{told}");
        let errors: Vec<(u64, &str)> = told["errors"]
            .as_array()
            .unwrap()
            .iter()
            .map(|error| (error["line"].as_u64().unwrap(), error["field"].as_str().unwrap()))
            .collect();
        assert!(errors.contains(&(4, "entityId")), "{told}");
        assert!(errors.contains(&(6, "id")) && errors.contains(&(7, "$")), "{told}");
        assert_eq!(told, ask("").await);
    }
    assert_eq!(house.get("/contacts").await["total"], 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_of_many_batches_names_a_bounded_number_of_faults() {
    let house = House::new().await;
    let lines: String = (0..2_500)
        .map(|i| match i % 2 {
            0 => format!("{{\"firstName\":\"P{i}\",\"lastName\":\"L\"}}\n"),
            _ => "{}\n".to_owned(),
        })
        .collect();
    let report = import(&house, lines).await.json();
    assert_eq!(counts(&report), [1_250, 0, 0, 1_250]);
    let listed = report["errors"].as_array().unwrap().len();
    assert_eq!(listed, crate::limits::IMPORT_ERRORS_MAX);
    assert!(report["errorsOmitted"].as_u64().unwrap() > 0);
    assert_eq!(house.get("/contacts?q=l&pageSize=1").await["total"], 1_250);
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_and_a_check_are_given_to_the_administrator() {
    let house = House::new().await;
    let mut body = person("Anna", "Berg");
    body["workPhone"] = json!({"display": "+33 1 70 18 99 00"});
    house.add(body).await;
    let stats = house.get("/api/v2/carnet/stats").await;
    assert_eq!((&stats["contacts"], &stats["numbers"]), (&json!(1), &json!(1)));
    assert!(stats["storeBytes"].as_u64().unwrap() > 0);
    let report = house.get("/api/v2/carnet/check").await;
    assert_eq!((&report["contacts"], &report["problemCount"]), (&json!(1), &json!(0)), "{report}");
    assert_eq!(report["problems"], json!([]));
}

/// The import of a table.
async fn import_table(house: &House, query: &str, table: &str) -> Reply {
    let authorization = format!("Bearer {}", house.token);
    let headers = [("authorization", authorization.as_str()), ("content-type", "text/csv")];
    let body = RequestBody::whole(bytes::Bytes::from(table.to_owned()));
    house.ask_raw("POST", &format!("{IMPORT}?{query}"), &headers, body).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_is_exported_and_imported_as_the_command_does() {
    let house = House::new().await;
    let mut ann = person("Ann", "Bell, \"A\"");
    ann["workPhone"] = json!({"display": "(317) 222-2000", "acceptsSMS": true});
    ann["title"] = json!("two\nlines");
    let id = house.add(ann).await;
    let table = house.ask("GET", &format!("{EXPORT}?format=csv"), None).await;
    assert_eq!(
        (table.status, table.header("content-type")),
        (200, "text/csv; charset=utf-8; header=present")
    );
    let text = String::from_utf8(table.bytes).unwrap();
    assert_eq!(counts(&import_table(&house, "", &text).await.json()), [0, 0, 1, 0], "{text}");
    let marked = house.ask("GET", &format!("{EXPORT}?format=csv&bom=true"), None).await;
    assert_eq!(String::from_utf8(marked.bytes).unwrap(), format!("\u{feff}{text}"));
    for wrong in ["format=xml", "bom=true", "format=csv&bom=perhaps"] {
        assert_eq!(
            house.ask("GET", &format!("{EXPORT}?{wrong}"), None).await.status,
            400,
            "{wrong}"
        );
    }

    // What a row does not mention stays only where that is asked for; a fault names its line.
    let table = format!(
        "id,first name,lastName,shoe size,workPhone\r\n{id},Ann,Other,38,\n,,\"No\nname\",,x 12\n"
    );
    let tried = import_table(&house, "dryRun=true", &table).await.json();
    assert_eq!(counts(&tried), [0, 1, 0, 1], "{tried}");
    assert_eq!(tried["unknownFields"], json!({"shoe size": 1}));
    let faults = tried["errors"].as_array().unwrap();
    assert!(faults.iter().all(|fault| fault["line"] == 3), "{tried}");
    let fields: Vec<_> = faults.iter().map(|fault| fault["field"].as_str().unwrap()).collect();
    assert!(fields.contains(&"firstName") && fields.contains(&"workPhone.display"), "{fields:?}");
    let kept = format!("id,lastName\n{id},Kept\n");
    assert_eq!(counts(&import_table(&house, "keepMissing=true", &kept).await.json()), [0, 1, 0, 0]);
    let contact = house.get(&format!("/contacts/{id}")).await;
    assert_eq!((&contact["lastName"], &contact["title"]), (&json!("Kept"), &json!("two\nlines")));

    for (query, table, part) in [
        ("", "a,b\n1,2\n", "No column"),
        ("strict=true", "firstName,lastName,shoe size\nA,B,3\n", "shoe size"),
        ("", "\"firstName\nA\n", "header"),
    ] {
        let refused = import_table(&house, query, table).await;
        let message = refused.json()["message"].as_str().unwrap().to_owned();
        assert!(refused.status == 400 && message.contains(part), "{table}: {message}");
    }
    assert_eq!(counts(&import_table(&house, "", "firstName,lastName\n").await.json()), [0; 4]);
    assert_eq!(counts(&import_table(&house, "", "").await.json()), [0; 4]);
}
