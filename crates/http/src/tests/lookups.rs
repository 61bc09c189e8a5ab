//! Look-ups for programs: one number, many, and a reader that takes nothing.

use super::connections::sockets::{Daemon, FOREVER, SOON, status};
use super::{House, Reply, id_of, ids_of, person};
use crate::RequestBody;
use crate::limits::{LOOKUP_NUMBERS_MAX, LOOKUP_PIECE_NUMBERS_MAX};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A house with two who share a number, the older at a company; and their ids.
async fn house() -> (House, [String; 2]) {
    let house = House::new().await;
    let acme = house.post("/organizations", json!({"name": "Acme"})).await;
    let mut ada = person("Ada", "Lovelace");
    ada["workPhone"] = json!({"display": "+33612345678"});
    ada["externalOrganization"] = json!({"id": id_of(&acme)});
    let ada = house.add(ada).await;
    let mut bob = person("Bob", "Noorda");
    bob["homePhone"] = json!({"display": "+33612345678"});
    let bob = house.add(bob).await;
    (house, [ada, bob])
}

async fn ask(house: &House, method: &str, target: &str, media_type: &str, body: &str) -> Reply {
    let authorization = format!("Bearer {}", house.token);
    let headers = [("authorization", authorization.as_str()), ("content-type", media_type)];
    house.ask_raw(method, target, &headers, RequestBody::whole(body.to_owned())).await
}

fn lines(reply: &Reply) -> Vec<Value> {
    assert_eq!(reply.status, 200, "{}", String::from_utf8_lossy(&reply.bytes));
    assert_eq!(reply.header("content-type"), "application/x-ndjson");
    let text = std::str::from_utf8(&reply.bytes).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[tokio::test]
async fn one_number_is_answered_with_all_that_is_known() {
    let (house, [ada, bob]) = house().await;
    let reply = ask(&house, "GET", "/lookup/0612345678?region=FR", "", "").await;
    let contact = |id: &str, first: &str, last: &str, org: Option<&str>, label: &str| {
        json!({
            "id": id, "firstName": first, "lastName": last, "organization": org,
            "phoneLabel": label, "phone": "0612345678",
        })
    };
    let expect = json!({
        "number": "0612345678",
        "e164": "+33612345678",
        "valid": true,
        "region": "FR",
        "type": "mobile",
        "national": "06 12 34 56 78",
        "contacts": [
            contact(&ada, "Ada", "Lovelace", Some("Acme"), "work"),
            contact(&bob, "Bob", "Noorda", None, "home"),
        ],
    });
    assert_eq!((reply.status, reply.json()), (200, expect));
    assert_eq!(reply.header("content-type"), "application/json");
    for number in ["anonymous", "%00", "%FF", "%22", "9999999999999999999999999"] {
        let reply = ask(&house, "GET", &format!("/lookup/{number}"), "", "").await;
        let answer = reply.json();
        assert_eq!((reply.status, &answer["valid"]), (200, &json!(false)), "{number}");
        assert_eq!((&answer["contacts"], &answer["e164"]), (&json!([]), &Value::Null));
    }
    let reply = ask(&house, "GET", "/lookup/1?region=XX", "", "").await;
    assert_eq!((reply.status, reply.json()["code"].as_str()), (400, Some("bad.request")));
}

#[tokio::test]
async fn three_cx_gets_the_number_back_letter_for_letter() {
    let (house, _) = house().await;
    // Prefix AsIs, Off, Plus and Zeros of its template, and as people type.
    for (path, number) in [
        ("+33612345678", "+33612345678"),
        ("%2B33612345678", "+33612345678"),
        ("33612345678", "33612345678"),
        ("0033612345678", "0033612345678"),
        ("%2B33%206.12-34%2F56.78", "+33 6.12-34/56.78"),
    ] {
        let answer = ask(&house, "GET", &format!("/lookup/{path}"), "", "").await.json();
        assert_eq!((&answer["number"], &answer["e164"]), (&json!(number), &json!("+33612345678")));
        for contact in answer["contacts"].as_array().unwrap() {
            assert_eq!(contact["phone"], number);
        }
        assert_eq!(answer["contacts"].as_array().unwrap().len(), 2);
    }
}

#[tokio::test]
async fn many_numbers_are_answered_in_order_as_much_as_asked() {
    let (house, [ada, bob]) = house().await;
    let body = json!(["33612345678", "x", "+13175551234"]).to_string();
    let json = "application/json";
    let names = json!([
        {"number": "33612345678", "e164": "+33612345678", "name": "Ada Lovelace", "matches": 2},
        {"number": "x", "e164": null, "name": null, "matches": 0},
        {"number": "+13175551234", "e164": "+13175551234", "name": null, "matches": 0},
    ]);
    for target in ["/lookup", "/lookup?show=names"] {
        assert_eq!(json!(lines(&ask(&house, "POST", target, json, &body).await)), names);
    }
    let plain =
        ask(&house, "POST", "/lookup", "text/plain", "33612345678\nx\r\n+13175551234").await;
    assert_eq!(json!(lines(&plain)), names);
    let ids = lines(&ask(&house, "POST", "/lookup?show=ids", json, &body).await);
    let expect = json!({"number": "33612345678", "e164": "+33612345678", "ids": [ada, bob]});
    assert_eq!((&ids[0], &ids[1]), (&expect, &json!({"number": "x", "e164": null, "ids": []})));
    let body = json!(["0612345678"]).to_string();
    let whole = lines(&ask(&house, "POST", "/lookup?show=contacts&region=FR", json, &body).await);
    let one = ask(&house, "GET", "/lookup/0612345678?region=FR", "", "").await.json();
    assert_eq!(whole, [one]);
    assert!(lines(&ask(&house, "POST", "/lookup", json, "[]").await).is_empty());
}

#[tokio::test]
async fn as_many_as_may_be_are_answered_and_one_more_is_refused() {
    let (house, _) = house().await;
    let numbers: Vec<String> = (0..LOOKUP_NUMBERS_MAX).map(|i| format!("+3361234{i:04}")).collect();
    let answers = lines(&ask(&house, "POST", "/lookup", "text/plain", &numbers.join("\n")).await);
    assert_eq!(answers.len(), LOOKUP_NUMBERS_MAX);
    for (answer, number) in answers.iter().zip(&numbers) {
        assert_eq!(answer["number"], **number);
        let matches = if number == "+33612345678" { 2 } else { 0 };
        assert_eq!(answer["matches"], matches, "{number}");
    }
    let more = format!("{}\n1", numbers.join("\n"));
    let as_json = json!(more.lines().collect::<Vec<_>>()).to_string();
    for (media_type, body) in [("text/plain", &more), ("application/json", &as_json)] {
        let reply = ask(&house, "POST", "/lookup", media_type, body).await;
        let answer = reply.json();
        assert_eq!((reply.status, &answer["code"]), (413, &json!("lookup.too.large")));
        assert!(answer["message"].as_str().unwrap().contains("10000"), "{answer}");
    }
    for (media_type, target, body, status) in [
        ("application/json", "/lookup", "{}", 400),
        ("application/json", "/lookup?show=all", "[]", 400),
        ("application/json", "/lookup?region=??", "[]", 400),
        ("text/plain; charset=latin1", "/lookup", "1", 415),
        ("text/html", "/lookup", "1", 415),
    ] {
        assert_eq!(ask(&house, "POST", target, media_type, body).await.status, status, "{body}");
    }
}

#[tokio::test]
async fn a_key_opens_look_ups_and_its_failures_have_bodies() {
    let (house, _) = house().await;
    let switch = house.book.add_client("x", "lookup", None, None).await.unwrap();
    let key = switch.key.unwrap();
    for (target, status) in [
        (format!("/lookup/33612345678?key={key}"), 200),
        (format!("/lookup/33612345678?key={key}x"), 401),
        (format!("/lookup/33612345678?key={}", house.token), 403),
        ("/lookup/33612345678".to_owned(), 401),
    ] {
        let reply = house.ask_raw("GET", &target, &[], RequestBody::empty()).await;
        assert_eq!(reply.status, status, "{target}");
        assert!(reply.json().is_object());
    }
    let headers = [("content-type", "text/plain")];
    let target = format!("/lookup?key={key}");
    let reply = house.ask_raw("POST", &target, &headers, RequestBody::whole("33612345678")).await;
    assert_eq!(lines(&reply).len(), 1);
}

/// A request for many numbers, whose answer is larger than the buffers of a socket.
fn large_request(daemon: &Daemon) -> String {
    let body = "+33612345678\n".repeat(LOOKUP_NUMBERS_MAX);
    format!(
        "POST /lookup?show=contacts HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\n\
         content-type: text/plain\r\ncontent-length: {}\r\n\r\n{body}",
        daemon.house.token,
        body.len()
    )
}

async fn twenty_callers(daemon: &Daemon) {
    for i in 0..20 {
        let mut person = person(&"x".repeat(200), &i.to_string());
        person["cellPhone"] = json!({"display": "+33612345678"});
        daemon.house.add(person).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_takes_nothing_holds_no_snapshot_and_is_given_up() {
    let daemon = Daemon::with(|settings| settings.timeouts.write_stall = 4 * SOON).await;
    twenty_callers(&daemon).await;
    let mut talk = daemon.connect().await;
    talk.send(large_request(&daemon)).await;
    // The answer begins, and then nobody reads on.
    talk.wait_for_first_byte().await;
    let snapshot = daemon.house.book.snapshot_now().unwrap();
    let deadline = Instant::now() + FOREVER;
    // The published one and ours, for several looks: a piece that is being made holds a third.
    let mut quiet = 0;
    while quiet < 20 {
        quiet = if Arc::strong_count(&snapshot) <= 2 { quiet + 1 } else { 0 };
        assert!(Instant::now() < deadline, "the snapshot is held");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    // A write takes its place; what the reader waits for does not keep the old one.
    let old = Arc::downgrade(&snapshot);
    drop(snapshot);
    daemon.house.add(person("New", "Comer")).await;
    while old.strong_count() > 0 {
        assert!(Instant::now() < deadline, "the old snapshot is held");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    // In the end the connection breaks off: the answer must not look whole.
    let answer = talk.given_up().await;
    assert_eq!(status(&answer), 200);
    assert!(!answer.ends_with("0\r\n\r\n"), "the answer looks whole");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_reader_gets_everything_in_the_end() {
    let daemon = Daemon::new().await;
    twenty_callers(&daemon).await;
    let mut talk = daemon.connect().await;
    talk.send(large_request(&daemon)).await;
    talk.wait_for_first_byte().await;
    talk.end_sending().await;
    let answer = talk.rest().await;
    assert!(answer.ends_with("0\r\n\r\n"));
    assert_eq!(answer.matches("\"national\":").count(), LOOKUP_NUMBERS_MAX);
    const { assert!(LOOKUP_NUMBERS_MAX > 4 * LOOKUP_PIECE_NUMBERS_MAX) };
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_is_explained_while_it_is_typed() {
    let house = House::with(|settings| {
        settings.default_region = carnet_phone::Region::parse("DE").unwrap();
        settings.internal_numbers = carnet_model::InternalNumbers::parse("4").ok();
    })
    .await;
    let read = async |text: &str, more: &str| {
        let text = text.replace('+', "%2B").replace(' ', "%20");
        house.get(&format!("/api/v2/carnet/numbers/read?number={text}{more}")).await
    };
    assert_eq!(
        read("(0151) 12345678 ext. 12", "").await,
        json!({
            "number": "(0151) 12345678 ext. 12", "region": "DE", "kind": "e164", "accepted": true,
            "e164": "+4915112345678", "international": "+49 1511 2345678 ext. 12",
            "national": "01511 2345678 ext. 12", "country": "DE", "lineKind": "mobile",
            "valid": true, "extension": "12",
        })
    );
    let abroad = read("06 12 34 56 78", "&region=FR").await;
    assert_eq!((&abroad["e164"], &abroad["country"]), (&json!("+33612345678"), &json!("FR")));
    assert_eq!(read("1047", "").await["kind"], "internal");
    let several = read("030 1234567 / 0151 12345678", "").await;
    assert_eq!(several["kind"], "several");
    assert_eq!(several["numbers"], json!(["+49301234567", "+4915112345678"]));
    let unread = read("via reception", "").await;
    assert_eq!((&unread["kind"], &unread["accepted"]), (&json!("unread"), &json!(true)));
    assert_eq!(unread["reason"], "this is not a telephone number");
    let extension = read("ext. 12", "").await;
    assert_eq!(
        (&extension["accepted"], &extension["reason"]),
        (&json!(false), &json!("this is only an extension"))
    );
    for path in ["", "?region=DE", "?number=1&region=XX", &format!("?number={}", "1".repeat(2_000))]
    {
        let path = format!("/api/v2/carnet/numbers/read{path}");
        assert_eq!(house.ask("GET", &path, None).await.status, 400, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_calling_is_told_with_the_reason() {
    let house = House::new().await;
    let acme = id_of(&house.post("/organizations", json!({"name": "Acme"})).await);
    let number = json!({"display": "+44 20 7946 0018"});
    let ada = json!({"firstName": "Ada", "lastName": "Lovelace", "cellPhone": number,
        "externalOrganization": {"id": acme}});
    let ada = house.add(ada).await;
    let caller = "/api/v2/carnet/caller?number=442079460018";
    let call = house.get(caller).await;
    assert_eq!(call["line"], "Ada Lovelace");
    assert_eq!(call["why"], "One contact has this number.");
    assert_eq!(
        call["contacts"],
        json!([{"id": ada, "name": "Ada Lovelace", "organization": "Acme"}])
    );
    assert_eq!(
        (&call["read"]["e164"], &call["read"]["country"]),
        (&json!("+442079460018"), &json!("GB"))
    );
    assert!(call["microseconds"].as_f64().unwrap() > 0.0);
    let mut bob = person("Bob", "B");
    bob["workPhone"] = number;
    house.add(bob).await;
    let call = house.get(caller).await;
    assert_eq!(
        (&call["line"], call["contacts"].as_array().unwrap().len()),
        (&json!("Ada Lovelace"), 2)
    );
    assert!(call["why"].as_str().unwrap().contains("oldest"));
    let nobody = house.get("/api/v2/carnet/caller?number=%2B442079460099").await;
    assert_eq!((&nobody["line"], &nobody["contacts"]), (&json!(""), &json!([])));
}

/// nextcloud/contacts#3807, mautic/mautic#7152: one address in every spelling, in each look-up.
#[tokio::test(flavor = "multi_thread")]
async fn an_address_is_looked_up_in_every_spelling() {
    let house = House::new().await;
    let mut ids = Vec::new();
    for email in ["u+news@example.com", "v@bücher.example", "ju\u{308}rgen@example.org"] {
        let mut contact = person("A", email);
        contact["workEmail"] = json!(email);
        ids.push(house.add(contact).await);
    }
    for (spelling, expected) in [
        ("u+news@ example.com", 0),
        ("u news@example.com", 0),
        (" U+NEWS@EXAMPLE.COM ", 0),
        ("u +news @ example . com", 0),
        ("mailto:u%2Bnews@example.com", 0),
        ("U News <u+news@example.com>", 0),
        ("u+\u{ad}news@exam\u{200b}ple.com", 0),
        ("v@xn--bcher-kva.example", 1),
        ("v@ XN--BCHER-KVA.example", 1),
        ("v\u{a0}@bu\u{308}cher.example", 1),
        ("v＠bücher.example", 1),
        ("jürgen@example.org", 2),
        ("JÜRGEN @example.org", 2),
    ] {
        let id = &ids[expected];
        let body = json!({"type": "Email", "value": spelling});
        let found = house.ask("POST", "/identifierlookup/contacts", Some(body)).await;
        assert_eq!(found.status, 200, "{spelling:?}");
        assert_eq!(&id_of(&found.json()), id, "{spelling:?}");
        let value =
            percent_encoding::utf8_percent_encode(spelling, percent_encoding::NON_ALPHANUMERIC);
        let reverse = house.get(&format!("/reversewhitepageslookup?lookupVal={value}")).await;
        assert_eq!(ids_of(&reverse["contacts"]), [id.as_str()], "{spelling:?}");
        let search = house.get(&format!("/contacts?q={value}")).await;
        assert_eq!(ids_of(&search["entities"]).first(), Some(id), "{spelling:?}");
    }
    let stranger = json!({"type": "Email", "value": "unews@example.com"});
    let found = house.ask("POST", "/identifierlookup/contacts", Some(stranger)).await;
    assert_eq!(found.status, 404);
}
