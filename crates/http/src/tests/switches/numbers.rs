//! Numbers that are kept as typed: counted, named, read anew; and the house's own internal numbers.

use super::{House, Reply, id_of, person};
use crate::RequestBody;
use carnet_model::InternalNumbers;
use carnet_phone::Region;
use serde_json::{Value, json};

const UNREAD: &str = "/api/v2/carnet/numbers/unread";
const REREAD: &str = "/api/v2/carnet/numbers/reread";

fn with_phone(first: &str, last: &str, text: &str) -> Value {
    let mut body = person(first, last);
    body["workPhone"] = json!({ "display": text });
    body
}

/// A house in this country, with internal numbers of these lengths.
async fn house(region: &str, internal: &str) -> House {
    House::with(|settings| {
        settings.default_region = Region::parse(region).unwrap();
        settings.internal_numbers = InternalNumbers::parse(internal).ok();
    })
    .await
}

async fn ask(house: &House, method: &str, target: &str, body: &str) -> Reply {
    let authorization = format!("Bearer {}", house.token);
    let headers = [("authorization", authorization.as_str()), ("content-type", "application/json")];
    house.ask_raw(method, target, &headers, RequestBody::whole(body.to_owned())).await
}

async fn caller(house: &House, number: &str) -> String {
    let reply = ask(house, "GET", &format!("/cid?number={number}"), "").await;
    assert_eq!(reply.status, 200);
    String::from_utf8(reply.bytes).unwrap().trim_end().to_owned()
}

/// zammad/zammad#4555, nextcloud/contacts#3807, FreePBX/issue-tracker#587: in Germany, where a number
/// may have any length, and in countries where it may not.
#[tokio::test(flavor = "multi_thread")]
async fn a_call_from_inside_the_house_shows_the_colleague() {
    for region in ["DE", "FR", "US", "GB", "AT"] {
        let house = house(region, "2-5").await;
        let reception = house.add(with_phone("Empfang", "Intern", "1047")).await;
        house.add(with_phone("Haus", "Meister", "12345")).await;
        house.add(with_phone("Bank", "Sms", "22456")).await;
        for (number, name) in [
            ("1047", "Empfang Intern"),
            ("12345", "Haus Meister"),
            ("22456", "Bank Sms"),
            ("sip:1047@10.0.0.5", "Empfang Intern"),
            ("10%2047", "Empfang Intern"),
            ("1048", ""),
            ("104", ""),
        ] {
            assert_eq!(caller(&house, number).await, name, "{number} in {region}");
        }
        let contact = house.get(&format!("/contacts/{reception}")).await;
        let phone = json!({"display": "1047", "userInput": "1047", "acceptsSMS": false});
        assert_eq!(contact["workPhone"], phone, "{region}");
        let back = house.good("PUT", &format!("/contacts/{reception}"), Some(contact)).await;
        assert_eq!(back["workPhone"], phone, "{region}");
        let found = house.get("/contacts?q=1047").await;
        assert_eq!(found["entities"][0]["id"], json!(reception), "{region}");
        let found = house.get("/reversewhitepageslookup?lookupVal=1047").await;
        assert_eq!(found["contacts"][0]["id"], json!(reception), "{region}");
        let body = json!({"type": "Phone", "value": "1047"});
        let found = house.post("/identifierlookup/contacts", body).await;
        assert_eq!(id_of(&found), reception, "{region}");
        let found = ask(&house, "GET", "/lookup/1047", "").await.json();
        assert_eq!(found["contacts"][0]["firstName"], "Empfang", "{region}");
        assert_eq!(found["contacts"][0]["phoneLabel"], "work", "{region}");
        assert_eq!(found["e164"], Value::Null);
        for (show, field) in [("names", "name"), ("contacts", "contacts"), ("ids", "ids")] {
            let target = format!("/lookup?show={show}");
            let reply = ask(&house, "POST", &target, r#"["1047"]"#).await;
            let line: Value = serde_json::from_slice(&reply.bytes).unwrap();
            let shown = line[field].to_string();
            assert!(shown.contains("Empfang") || shown.contains(&reception), "{line}");
        }
        assert_eq!(house.get("/api/v2/carnet/stats").await["numbersUnread"], 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_setting_nobody_has_a_short_number_and_the_figures_say_so() {
    let house = house("FR", "").await;
    let id = house.add(with_phone("Empfang", "Intern", "1047")).await;
    house.add(with_phone("Fine", "One", "06 12 34 56 78")).await;
    assert_eq!(caller(&house, "1047").await, "");
    assert_eq!(house.get("/contacts?q=1047").await["total"], 0);
    assert_eq!(house.get("/api/v2/carnet/stats").await["numbersUnread"], 1);
    let metrics = ask(&house, "GET", "/metrics", "").await;
    let metrics = String::from_utf8(metrics.bytes).unwrap();
    assert!(metrics.contains("\ncarnet_numbers_unread 1\n"), "{metrics}");
    let listed = house.get(UNREAD).await;
    let expected = json!({"numbers": [{
        "contactId": id, "name": "Empfang Intern", "field": "workPhone", "text": "1047",
        "reason": "the number is too short",
    }]});
    assert_eq!(listed, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn texts_are_read_anew_in_another_region() {
    let house = house("US", "").await;
    let id = house.add(with_phone("Anne", "Petit", "06 12 34 56 78")).await;
    house.add(with_phone("John", "Doe", "(317) 222-2222")).await;
    let change = json!({
        "contactId": id, "name": "Anne Petit", "field": "workPhone", "text": "06 12 34 56 78",
        "old": null, "new": "+33612345678", "reason": null,
    });
    let dry = house.good("POST", &format!("{REREAD}?region=FR&dryRun=true"), None).await;
    let expected = json!({"contacts": 2, "changes": [change], "kept": 1});
    assert_eq!(dry, expected);
    assert_eq!(house.get("/api/v2/carnet/stats").await["numbersUnread"], 1);
    assert_eq!(house.good("POST", &format!("{REREAD}?region=FR"), None).await, expected);
    assert_eq!(caller(&house, "%2B33612345678").await, "Anne Petit");
    assert_eq!(caller(&house, "%2B13172222222").await, "John Doe");
    let again = house.good("POST", &format!("{REREAD}?region=FR"), None).await;
    assert_eq!(again["changes"], json!([]));
    assert_eq!(house.get(UNREAD).await["numbers"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn parameters_that_make_no_sense_are_named() {
    let house = house("US", "").await;
    for (target, field) in
        [(format!("{REREAD}?dryRun=maybe"), "dryRun"), (format!("{REREAD}?after=42"), "after")]
    {
        let reply = house.ask("POST", &target, None).await;
        assert_eq!((reply.status, reply.faulty_fields()), (400, vec![field.to_owned()]));
    }
    let reply = house.ask("GET", &format!("{UNREAD}?after=x"), None).await;
    assert_eq!((reply.status, reply.faulty_fields()), (400, vec!["after".to_owned()]));
    let reply = house.ask("POST", &format!("{REREAD}?region=XX"), None).await;
    assert_eq!(reply.status, 400);
}

/// SpartnerNL/Laravel-Excel#300, Automattic/camptix#40: lines whose numbers were spoilt are good, and
/// are named all the same.
#[tokio::test(flavor = "multi_thread")]
async fn an_import_names_the_numbers_that_nobody_will_find() {
    let house = house("FR", "").await;
    let texts = [
        "612345601",
        "3.3612345602E+10",
        "3.36123E+10",
        "3,36123E+10",
        "33612345605.0",
        "06 12 34 XX XX",
        "ask Ann",
        "1047",
    ];
    let lines: Vec<String> =
        texts.iter().map(|text| with_phone("P", text, text).to_string()).collect();
    let authorization = format!("Bearer {}", house.token);
    let headers =
        [("authorization", authorization.as_str()), ("content-type", "application/x-ndjson")];
    let body = RequestBody::whole(lines.join("\n"));
    let report = house.ask_raw("POST", "/api/v2/carnet/import", &headers, body).await.json();
    assert_eq!((&report["added"], &report["numbersUnread"]), (&json!(8), &json!(5)), "{report}");
    let places: Vec<u64> = report["notices"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            assert_eq!(
                (&one["field"], &one["kind"]),
                (&json!("workPhone.display"), &json!("unread"))
            );
            one["line"].as_u64().unwrap()
        })
        .collect();
    assert_eq!(places, [3, 4, 6, 7, 8]);
    let reasons = report["notices"].to_string();
    for part in ["its last digits are lost", "are hidden", "too short", "not a telephone number"] {
        assert!(reasons.contains(part), "{reasons}");
    }
    assert_eq!(house.get("/api/v2/carnet/stats").await["numbersUnread"], 5);
}
