//! Clients of a running daemon: their list, and that a client that is removed or gets another
//! secret is shut out at once.

use super::house::{House, Reply, ids_of};
use crate::RequestBody;
use hyper::Request;
use serde_json::{Value, json};
use std::pin::pin;
use std::task::{Context, Waker};
use std::time::Duration;

const CLIENTS: &str = "/api/v2/carnet/clients";
const CONTACTS: &str = "/api/v2/externalcontacts/contacts";
/// Every kind of character that has a meaning in an address.
const ODD_ID: &str = "../a%2Fb?c#d+e;{f}\"";
const ODD_ID_IN_PATH: &str = "..%2Fa%252Fb%3Fc%23d%2Be%3B%7Bf%7D%22";

async fn token(house: &House, client: &Value) -> Option<String> {
    let (id, secret) = (client["id"].as_str().unwrap(), client["secret"].as_str().unwrap());
    house.book.sign_in(id, secret).await.unwrap().map(|token| token.token)
}

async fn ask_as(house: &House, token: &str, method: &str, path: &str) -> Reply {
    let authorization = format!("Bearer {token}");
    let headers = [("authorization", authorization.as_str())];
    house.ask_raw(method, path, &headers, RequestBody::empty()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_is_added_listed_rotated_and_removed_while_the_daemon_runs() {
    let house = House::new().await;
    let body = json!({"name": " Switch ", "role": "viewer", "id": ODD_ID});
    let client = house.post(CLIENTS, body).await;
    assert_eq!((&client["id"], client.as_object().unwrap().len()), (&json!(ODD_ID), 2));
    let old = token(&house, &client).await.unwrap();
    assert_eq!(ask_as(&house, &old, "GET", CONTACTS).await.status, 200);

    let listed = house.get(CLIENTS).await;
    let listed = listed["clients"].as_array().unwrap();
    let mut entry = listed.iter().find(|entry| entry["id"] == ODD_ID).unwrap().clone();
    let date = entry.as_object_mut().unwrap().remove("createDate").unwrap();
    assert!(date.as_str().unwrap().ends_with('Z'), "{date}");
    assert_eq!(entry, json!({"id": ODD_ID, "name": "Switch", "role": "viewer"}));

    let path = format!("{CLIENTS}/{ODD_ID_IN_PATH}");
    let rotated = house.good("POST", &format!("{path}/rotate"), None).await;
    assert_eq!(rotated["id"], ODD_ID);
    assert_ne!(rotated["secret"], client["secret"]);
    assert_eq!(ask_as(&house, &old, "GET", CONTACTS).await.status, 401);
    assert_eq!(token(&house, &client).await, None);
    let new = token(&house, &rotated).await.unwrap();
    assert_eq!(ask_as(&house, &new, "GET", CONTACTS).await.status, 200);

    assert_eq!(house.good("DELETE", &path, None).await, json!({}));
    assert_eq!(ask_as(&house, &new, "GET", CONTACTS).await.status, 401);
    assert_eq!(token(&house, &rotated).await, None);
    assert!(!ids_of(&house.get(CLIENTS).await["clients"]).contains(&ODD_ID.to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_and_a_secret_may_be_brought_or_are_made() {
    let house = House::new().await;
    let own = json!({"name": "Own", "role": "lookup", "id": "own", "secret": "sixteen-characters"});
    let brought = house.post(CLIENTS, own).await;
    let key = "own.sixteen-characters";
    assert_eq!(brought, json!({"id": "own", "secret": "sixteen-characters", "key": key}));
    let body = json!({"name": "Made", "role": "lookup", "id": null, "secret": null});
    let made = house.post(CLIENTS, body).await;
    assert_eq!(made["secret"].as_str().unwrap().len(), 40);
    // Only who may look up and nothing else has a key.
    let viewer = house.post(CLIENTS, json!({"name": "Viewer", "role": "viewer"})).await;
    assert_eq!(viewer.get("key"), None);
    for client in [brought, made] {
        assert!(token(&house, &client).await.is_some(), "{}", client["id"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn all_faults_of_a_client_are_named_at_once_and_nobody_is_made() {
    // A role without a name does not turn a missing one into it.
    let house = House::with(|settings| {
        settings.roles.insert(String::new(), carnet_model::Permissions::NONE);
    })
    .await;
    house.book.add_client("Taken", "viewer", Some("taken".into()), None).await.unwrap();
    let before = house.get(CLIENTS).await;
    for (body, faults) in [
        ("[]", "$ invalid.value"),
        ("null", "$ invalid.value"),
        ("{}", "name required, role required"),
        (r#"{"name":" ","role":null}"#, "name required, role required"),
        (r#"{"name":"A"}"#, "role required"),
        (r#"{"name":"A","role":7}"#, "role invalid.value"),
        (r#"{"name":["A"],"role":"viewer"}"#, "name invalid.value"),
        (r#"{"name":"A","role":"viewer","id":7}"#, "id invalid.value"),
        (r#"{"name":"A","role":"viewer","secret":7}"#, "secret invalid.value"),
        (
            r#"{"name":"A","role":"viewer","id":"","secret":""}"#,
            "id invalid.value, secret invalid.value",
        ),
        (r#"{"name":"A","role":"viewer","id":"taken"}"#, "id invalid.value"),
        (
            r#"{"name":7,"role":"king","id":"a:b","secret":"short"}"#,
            "name invalid.value, role invalid.value, id invalid.value, secret invalid.value",
        ),
        (
            r#"{"secret":"short","id":["x"],"role":true}"#,
            "name required, role invalid.value, id invalid.value, secret invalid.value",
        ),
    ] {
        let reply = house.ask("POST", CLIENTS, Some(body.parse().unwrap())).await;
        assert_eq!(reply.status, 400, "{body}");
        let details = reply.json()["details"].as_array().unwrap().clone();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let named = details.iter().map(|d| text(&d["fieldName"]) + " " + &text(&d["errorCode"]));
        assert_eq!(named.collect::<Vec<_>>().join(", "), faults, "{body}");
        let answer = String::from_utf8(reply.bytes).unwrap();
        assert!(!answer.contains("short\""), "a secret was said back: {answer}");
    }
    assert_eq!(house.get(CLIENTS).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_is_not_there_is_not_found() {
    let house = House::new().await;
    for (method, path) in [
        ("DELETE", format!("{CLIENTS}/nobody")),
        ("POST", format!("{CLIENTS}/nobody/rotate")),
        ("DELETE", format!("{CLIENTS}/%FF")),
    ] {
        let reply = house.ask(method, &path, None).await;
        assert_eq!(reply.status, 404, "{method} {path}");
        assert_eq!(reply.json()["message"], "There is no such client.");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_may_remove_itself_and_is_gone() {
    let house = House::new().await;
    let client = house.post(CLIENTS, json!({"name": "Own", "role": "admin", "id": "own"})).await;
    let token = token(&house, &client).await.unwrap();
    let path = format!("{CLIENTS}/own");
    assert_eq!(ask_as(&house, &token, "DELETE", &path).await.status, 200);
    assert_eq!(ask_as(&house, &token, "DELETE", &path).await.status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_hash_of_a_secret_is_listed() {
    let house = House::new().await;
    let listed = house.get(CLIENTS).await;
    for entry in listed["clients"].as_array().unwrap() {
        let mut names: Vec<&str> = entry.as_object().unwrap().keys().map(String::as_str).collect();
        names.sort_unstable();
        assert_eq!(names, ["createDate", "id", "name", "role"]);
    }
}

/// A caller who hangs up as soon as the removal is under way must not keep the removed client's
/// tokens alive: they were verified before, and the process remembers them. On one thread nothing
/// can be done between asking and hanging up.
#[tokio::test]
async fn who_breaks_off_a_removal_or_rotation_still_ends_the_tokens() {
    let house = House::new().await;
    for (method, tail) in [("DELETE", ""), ("POST", "/rotate")] {
        let body = json!({"name": "Gone", "role": "viewer", "id": "gone"});
        let gone = token(&house, &house.post(CLIENTS, body).await).await.unwrap();
        assert_eq!(ask_as(&house, &gone, "GET", CONTACTS).await.status, 200);
        let request = Request::builder()
            .method(method)
            .uri(format!("{CLIENTS}/gone{tail}"))
            .header("authorization", format!("Bearer {}", house.token))
            .body(RequestBody::empty())
            .unwrap();
        {
            let mut answer = pin!(house.service.answer(request));
            let first = answer.as_mut().poll(&mut Context::from_waker(Waker::noop()));
            assert!(first.is_pending(), "{method}: answered before it could break off");
        }
        let shut_out = async {
            while ask_as(&house, &gone, "GET", CONTACTS).await.status != 401 {
                tokio::task::yield_now().await;
            }
        };
        let in_time = tokio::time::timeout(Duration::from_secs(10), shut_out).await;
        assert!(in_time.is_ok(), "{method}: the token of a client that is gone lets in");
        house.book.remove_client("gone").await.unwrap();
    }
}
