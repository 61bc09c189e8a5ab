//! Caller ID without a socket: spellings, formats, what is dropped, who may ask, and that nothing
//! but a name ever has a body.

use super::{House, Reply, person};
use crate::Timeouts;
use crate::caller_id::settings::CallerId;
use crate::{NameFormat, Origins, Peer, RequestBody, Service};
use hyper::Request;
use serde_json::json;

/// A house with Ada, who has a mobile in France, and her company.
async fn house() -> House {
    let house = House::with(|settings| settings.require_names = false).await;
    let acme = house.post("/organizations", json!({"name": "Acme; \"GmbH\""})).await;
    let mut ada = person("Żaneta", "O'Müller");
    ada["cellPhone"] = json!({"display": "+33612345678"});
    ada["middleName"] = json!("Mary");
    ada["externalOrganization"] = json!({"id": acme["id"]});
    house.add(ada).await;
    house
}

async fn ask(house: &House, target: &str) -> Reply {
    let authorization = format!("Bearer {}", house.token);
    let headers = [("authorization", authorization.as_str())];
    house.ask_raw("GET", target, &headers, RequestBody::empty()).await
}

async fn check(house: &House, target: &str, expect: &str) {
    let reply = ask(house, target).await;
    let body = String::from_utf8(reply.bytes.clone()).unwrap();
    assert_eq!((reply.status, body.as_str()), (200, expect), "{target}");
    assert_eq!(reply.header("content-type"), "text/plain; charset=utf-8");
    assert_eq!(reply.header("content-length"), expect.len().to_string());
}

fn is_silent(reply: &Reply, status: u16, what: &str) {
    assert_eq!((reply.status, reply.bytes.len()), (status, 0), "{what}");
    assert_eq!(reply.header("content-length"), "0", "{what}");
}

#[tokio::test]
async fn every_spelling_of_a_number_finds_its_owner() {
    let house = house().await;
    for number in [
        "33612345678",
        "%2B33612345678",
        "+33612345678",
        "%2033612345678",
        "0033612345678",
        "01133612345678",
        "%2B33%206%2012%2034%2056%2078",
        "tel:%2B33-6-12-34-56-78",
        "tel:+33612345678;tgrp=x",
        "sip:%2B33612345678@10.0.0.1:5060;user=phone",
        "sip:+33612345678@example.com",
        "sips:33612345678@example.com;transport=tls",
        "%20%2033612345678%20",
        "33612345678%0D%0A",
        "0612345678&region=FR",
        "%200612345678&region=fr",
        "06.12.34.56.78&region=FR",
    ] {
        check(&house, &format!("/cid?number={number}"), "Żaneta O'Müller").await;
        let path = number.replacen('&', "?", 1);
        check(&house, &format!("/cid/{path}"), "Żaneta O'Müller").await;
    }
    check(&house, "/cid?number=0612345678", "").await;
}

#[tokio::test]
async fn a_number_after_a_blank_is_read_as_national_too() {
    let house = House::new().await;
    let mut bob = person("Bob", "B");
    bob["workPhone"] = json!({"display": "+13175551234"});
    house.add(bob).await;
    for number in ["3175551234", "+3175551234", "%20%203175551234%20", "13175551234"] {
        check(&house, &format!("/cid?number={number}"), "Bob B").await;
    }
}

#[tokio::test]
async fn anything_in_the_number_is_a_miss_and_nothing_else() {
    let house = house().await;
    let long = "%00".repeat(9_000);
    let nines = "9".repeat(30_000);
    let accents = "%CC%81".repeat(5_000);
    for number in [
        "",
        "anonymous",
        "unknown",
        "Restricted",
        "%00",
        "%FF%FE%C0%80",
        "%",
        "%zz",
        "%F0%9F%93%9E",
        "sip:anonymous@anonymous.invalid",
        "tel:",
        "sip:@",
        "-1",
        "911",
        "*69",
        "1e400",
        "%22%3E%3Cscript%3E",
        "..%2F..%2F",
        "1",
        "00000000000000000000",
        &long,
        &nines,
        &accents,
    ] {
        check(&house, &format!("/cid?number={number}"), "").await;
        check(&house, &format!("/cid?number={number}&miss=UNKNOWN"), "UNKNOWN").await;
        // An empty segment is no number but another path.
        if !number.is_empty() {
            check(&house, &format!("/cid/{number}"), "").await;
        }
    }
    is_silent(&ask(&house, "/cid").await, 400, "no number");
    is_silent(&ask(&house, "/cid/").await, 404, "an empty segment");
}

#[tokio::test]
async fn a_name_is_written_as_the_request_wants_it() {
    let house = house().await;
    for (wish, expect) in [
        ("", "Żaneta O'Müller"),
        ("format=%7Blast%7D,+%7Bfirst%7D", "O'Müller, Żaneta"),
        ("format=%7Borg%7D", "Acme GmbH"),
        ("format=%7Bfirst%7D+%7Blast%7D+(%7Borg%7D)", "Żaneta O'Müller (Acme GmbH)"),
        ("format=%7Bfirst%7D+%7Bmiddle%7D", "Żaneta Mary"),
        ("format=%7Btitle%7D", "Żaneta O'Müller"),
        ("format=", "Żaneta O'Müller"),
        ("max=15", "Żaneta O'Müller"),
        ("max=11", "Żaneta O'Mü"),
        ("max=7", "Żaneta"),
        ("max=1", "Ż"),
        ("max=1000", "Żaneta O'Müller"),
        ("ascii=1", "Zaneta O'Muller"),
        ("ascii=0&miss=no", "Żaneta O'Müller"),
        ("prefix=VIP:+", "VIP: Żaneta O'Müller"),
        ("prefix=%22%0D%0AX:%20&max=6&ascii=1", "X: Zan"),
    ] {
        check(&house, &format!("/cid?number=33612345678&{wish}"), expect).await;
    }
    // A miss has no prefix, and its text is cleaned like a name.
    check(&house, "/cid?number=1&prefix=VIP&miss=%22no%0D%0A%3Bbody%24%22", "nobody").await;
    check(&house, "/cid?number=1&miss=unknown&max=3", "unk").await;
    for wish in [
        "format=%7Bfrist%7D",
        "format=x",
        "format=%7Bfirst",
        "max=0",
        "max=1001",
        "max=-1",
        "max=many",
        "ascii=maybe",
        "region=XX",
    ] {
        is_silent(&ask(&house, &format!("/cid?number=33612345678&{wish}")).await, 400, wish);
    }
    let many = "a=1&".repeat(65);
    is_silent(&ask(&house, &format!("/cid?{many}number=1")).await, 400, "parameters");
}

#[tokio::test]
async fn the_oldest_of_several_is_named_and_all_are_counted() {
    let house = House::with(|settings| settings.require_names = false).await;
    let phone = json!({"display": "+49 1511 2345678"});
    let company = house.post("/organizations", json!({"name": "Bäckerei"})).await;
    for (first, last) in [("First", "Come"), ("Second", "Served")] {
        let mut contact = person(first, last);
        contact["workPhone"] = phone.clone();
        house.add(contact).await;
    }
    let reply = ask(&house, "/cid?number=4915112345678").await;
    assert_eq!((&*reply.bytes, reply.header("x-carnet-matches")), (&b"First Come"[..], "2"));
    let reply = ask(&house, "/cid?number=4915112345679").await;
    assert_eq!((&*reply.bytes, reply.header("x-carnet-matches")), (&b""[..], "0"));
    let nameless = json!({
        "cellPhone": {"display": "+4915112345679"},
        "externalOrganization": {"id": company["id"]},
    });
    house.add(nameless).await;
    check(&house, "/cid?number=4915112345679", "Bäckerei").await;
    house.add(json!({"cellPhone": {"display": "+4915112345670"}})).await;
    check(&house, "/cid?number=4915112345670", "").await;
    check(&house, "/cid?number=4915112345670&miss=none", "none").await;
}

#[tokio::test]
async fn a_name_that_some_read_as_none_is_answered_as_it_is() {
    // Superfecta takes "1" for nothing, FreeSWITCH "UNKNOWN": theirs to decide, not ours.
    let house = House::with(|settings| settings.require_names = false).await;
    for (number, name) in [("+13175551230", "1"), ("+13175551231", "UNKNOWN")] {
        house.add(json!({"firstName": name, "cellPhone": {"display": number}})).await;
    }
    check(&house, "/cid?number=3175551230", "1").await;
    check(&house, "/cid?number=3175551231", "UNKNOWN").await;
}

#[tokio::test]
async fn every_failure_is_a_status_without_a_body() {
    let house = house().await;
    let good = format!("Bearer {}", house.token);
    let weak = format!("Bearer {}", house.token_of("but carnet:lookup").await);
    let none = format!("Bearer {}", house.token_of("only externalContacts:contact:add").await);
    for (method, target, authorization, status) in [
        ("GET", "/cid?number=1", None, 401),
        ("GET", "/cid/1", Some("Bearer x"), 401),
        ("GET", "/cid/1", Some("Basic ???"), 401),
        ("GET", "/cid/1", Some("Digest x"), 401),
        ("GET", "/cid/1", Some(&*none), 403),
        ("GET", "/cid/1", Some(&*weak), 200),
        ("POST", "/cid?number=1", Some(&*good), 405),
        ("BREW", "/cid/1", Some(&*good), 405),
        ("GET", "/cid/1/2", Some(&*good), 404),
        ("HEAD", "/cid?number=1", Some(&*good), 200),
        ("HEAD", "/cid", Some(&*good), 400),
    ] {
        let headers: Vec<_> =
            authorization.into_iter().map(|value| ("authorization", value)).collect();
        let reply = house.ask_raw(method, target, &headers, RequestBody::empty()).await;
        is_silent(&reply, status, &format!("{method} {target} {authorization:?}"));
        if status == 401 {
            assert_eq!(reply.header("www-authenticate"), "Basic realm=\"carnet\", Bearer");
        }
    }
    // What goes wrong inside, too.
    house.book.close();
    is_silent(&ask(&house, "/cid?number=1").await, 503, "closed");
}

#[tokio::test]
async fn the_head_alone_says_how_long_the_name_is() {
    let house = house().await;
    let authorization = format!("Bearer {}", house.token);
    let headers = [("authorization", authorization.as_str())];
    let target = "/cid?number=33612345678";
    let reply = house.ask_raw("HEAD", target, &headers, RequestBody::empty()).await;
    let length = "Żaneta O'Müller".len().to_string();
    assert_eq!((reply.status, reply.header("content-length")), (200, &*length));
    assert!(reply.bytes.is_empty());
    assert_eq!(reply.header("x-carnet-matches"), "1");
    assert_eq!(reply.header("cache-control"), "no-cache, no-store, must-revalidate");
    assert_eq!(reply.header("etag"), "");
}

#[tokio::test]
async fn a_switch_shows_who_it_is_in_any_of_four_ways() {
    let house = house().await;
    let add = async |role: &str, id: &str| {
        let secret = Some("it's a && secret!".to_owned());
        house.book.add_client(role, role, Some(id.to_owned()), secret).await.unwrap()
    };
    let switch = add("lookup", "pbx.one").await;
    let viewer = add("viewer", "viewer").await;
    let token = async |client: &carnet_book::NewClient| {
        house.book.sign_in(&client.id, &client.secret).await.unwrap().unwrap().token
    };
    let (switch_token, viewer_token) = (token(&switch).await, token(&viewer).await);
    assert_eq!(switch.key.as_deref(), Some("pbx.one.it's a && secret!"));
    let key = "pbx.one.it's%20a+%26%26%20secret!";
    let basic = "Basic cGJ4Lm9uZTppdCdzIGEgJiYgc2VjcmV0IQ==";
    let viewer_basic = "Basic dmlld2VyOml0J3MgYSAmJiBzZWNyZXQh";
    let bearer = format!("Bearer {switch_token}");
    let ask = async |query: &str, authorization: Option<&str>| {
        let headers: Vec<_> =
            authorization.into_iter().map(|value| ("authorization", value)).collect();
        let target = format!("/cid/33612345678?{query}");
        house.ask_raw("GET", &target, &headers, RequestBody::empty()).await
    };
    // Twice: the second answer is from memory.
    for _ in 0..2 {
        for (query, authorization, status) in [
            ("", Some(&*bearer), 200),
            ("", Some(basic), 200),
            ("", Some(viewer_basic), 200),
            (&*format!("key={key}"), None, 200),
            (&*format!("%6Bey={key}"), None, 200),
            (&*format!("key={switch_token}"), None, 200),
            (&*format!("key={viewer_token}"), None, 403),
            ("key=viewer.it's%20a%20%26%26%20secret!", None, 403),
            ("key=viewer.wrong", None, 401),
            ("key=", None, 401),
            ("", None, 401),
            // A header that is wrong is not made good by a key.
            (&*format!("key={key}"), Some("Basic cGJ4Lm9uZTp3cm9uZw=="), 401),
        ] {
            let reply = ask(query, authorization).await;
            assert_eq!(reply.status, status, "{query} {authorization:?}");
            assert_eq!(reply.bytes.is_empty(), status != 200, "{query} {authorization:?}");
        }
    }
    let new = house.book.rotate_client("pbx.one").await.unwrap().unwrap();
    assert_eq!(ask(&format!("key={key}"), None).await.status, 401);
    assert_eq!(ask("", Some(basic)).await.status, 401);
    assert_eq!(ask(&format!("key={switch_token}"), None).await.status, 401);
    let key = new.key.unwrap();
    assert_eq!(ask(&format!("key={key}"), None).await.status, 200);
    assert!(house.book.remove_client("pbx.one").await.unwrap());
    assert_eq!(ask(&format!("key={key}"), None).await.status, 401);
}

#[tokio::test]
async fn a_network_of_the_list_needs_no_key_for_names_and_only_for_names() {
    let house = house().await;
    let caller_id = CallerId {
        allow: vec!["10.0.0.0/8".parse().unwrap()],
        format: NameFormat::parse("{last}").unwrap(),
        max_age_seconds: 300,
    };
    let service = Service::with_settings(
        house.book.clone(),
        Timeouts::default(),
        caller_id,
        Origins::default(),
    );
    let ask = async |target: &str, peer: Option<&str>| {
        let mut request = Request::get(target).body(RequestBody::empty()).unwrap();
        if let Some(peer) = peer {
            request.extensions_mut().insert(Peer(peer.parse().unwrap()));
        }
        service.answer(request).await
    };
    for (target, peer, status) in [
        ("/cid?number=33612345678", Some("10.1.2.3"), 200),
        ("/cid/33612345678", Some("::ffff:10.1.2.3"), 200),
        ("/cid/33612345678", Some("11.1.2.3"), 401),
        ("/cid/33612345678", None, 401),
        ("/cid/33612345678?key=wrong", Some("10.1.2.3"), 401),
        ("/api/v2/externalcontacts/contacts", Some("10.1.2.3"), 401),
    ] {
        let response = ask(target, peer).await;
        assert_eq!(response.status(), status, "{target} from {peer:?}");
    }
    let response = ask("/cid/33612345678", Some("10.1.2.3")).await;
    assert_eq!(response.headers()["cache-control"], "private, max-age=300");
    let body = http_body_util::BodyExt::collect(response.into_body()).await.unwrap().to_bytes();
    assert_eq!(body, "O'Müller");
}
