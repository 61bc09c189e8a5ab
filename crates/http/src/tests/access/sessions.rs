//! Sessions of people: signing in and out, the cookie, pages of other origins, and tries that fail.

use super::house::{House, Reply};
use super::*;
use crate::caller_id::network::Peer;
use carnet_book::NewPassword;
use hyper::Request;

pub(super) const SESSION: &str = "/api/v2/carnet/session";
const PASSWORD: &str = "correct horse";
const OURS: (&str, &str) = ("sec-fetch-site", "same-origin");

/// Adds a person with this role and [`PASSWORD`].
pub(super) async fn add_person(house: &House, name: &str, role: &str) {
    house.book.add_user(name, role, NewPassword::new(PASSWORD).unwrap()).await.unwrap();
}

/// Asks with these headers, as a browser does.
async fn ask(
    house: &House,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: Option<Value>,
) -> Reply {
    let mut all = vec![("content-type", "application/json")];
    all.extend(headers);
    let body = body.map_or_else(RequestBody::empty, |body| RequestBody::whole(body.to_string()));
    house.ask_raw(method, path, &all, body).await
}

/// The cookie that an answer sets, as a browser sends it back.
fn cookie_of(reply: &Reply) -> String {
    let set = reply.header("set-cookie");
    assert!(set.contains("; HttpOnly; SameSite=Strict"), "{set}");
    set.split(';').next().unwrap().to_owned()
}

/// Signs in, and returns the cookie.
pub(super) async fn sign_in(house: &House, name: &str, password: &str) -> Result<String, Reply> {
    let body = json!({"name": name, "password": password});
    let reply = ask(house, "POST", SESSION, &[OURS], Some(body)).await;
    if reply.status == 200 { Ok(cookie_of(&reply)) } else { Err(reply) }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_signs_in_works_under_the_own_name_and_signs_out() {
    let house = House::new().await;
    add_person(&house, "Ada Lovelace", "agent").await;
    let cookie = sign_in(&house, "ada lovelace ", PASSWORD).await.ok().unwrap();
    let mine = ("cookie", &*cookie);
    let who = ask(&house, "GET", SESSION, &[mine], None).await.json();
    assert_eq!(who["name"], "Ada Lovelace");
    assert_eq!((&who["role"], &who["defaultRegion"]), (&json!("agent"), &json!("US")));
    let may = who["permissions"].as_array().unwrap();
    assert!(may.contains(&json!("externalContacts:contact:add")));
    assert!(!may.contains(&json!("carnet:admin")));

    let contacts = format!("{}/contacts", house::API);
    let added =
        ask(&house, "POST", &contacts, &[mine, OURS], Some(person("Grace", "Hopper"))).await;
    assert_eq!(added.status, 200);
    let notes = format!("{contacts}/{}/notes", id_of(&added.json()));
    let note = ask(&house, "POST", &notes, &[mine, OURS], Some(json!({"noteText": "x"}))).await;
    assert_eq!(note.json()["createdBy"]["id"], "Ada Lovelace");
    // What the role does not permit stays forbidden.
    let users = ask(&house, "GET", "/api/v2/carnet/users", &[mine], None).await;
    assert_eq!(users.status, 403);

    let out = ask(&house, "DELETE", SESSION, &[mine, OURS], None).await;
    assert_eq!(out.status, 200);
    assert!(out.header("set-cookie").starts_with("carnet_session=; Path=/; Max-Age=0;"));
    assert_eq!(ask(&house, "GET", SESSION, &[mine], None).await.status, 401);
    assert_eq!(ask(&house, "GET", &contacts, &[mine], None).await.status, 401);
    // Signing out once more is no fault.
    assert_eq!(ask(&house, "DELETE", SESSION, &[mine, OURS], None).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_other_origins_change_nothing_and_sign_nobody_in() {
    let house = House::new().await;
    add_person(&house, "Ada", "admin").await;
    let cookie = sign_in(&house, "Ada", PASSWORD).await.ok().unwrap();
    let mine = ("cookie", &*cookie);
    let contacts = format!("{}/contacts", house::API);
    let host = ("host", "book.example");
    for foreign in [
        &[("sec-fetch-site", "cross-site")][..],
        &[("sec-fetch-site", "same-site")],
        &[host, ("origin", "https://evil.example")],
        &[host, ("origin", "null")],
        // A browser always says something of where a write comes from.
        &[host],
    ] {
        let mut headers = vec![mine];
        headers.extend(foreign);
        for (method, path, body) in [
            ("POST", &*contacts, Some(person("A", "B"))),
            ("DELETE", "/api/v2/carnet/users/Ada", None),
            (
                "PUT",
                "/api/v2/carnet/session/password",
                Some(json!({"old": PASSWORD, "password": "another one"})),
            ),
        ] {
            let reply = ask(&house, method, path, &headers, body).await;
            assert_eq!(reply.status, 403, "{method} {path} {foreign:?}");
            assert_eq!(reply.json()["code"], "other.origin");
        }
        if foreign.len() == 2 || foreign[0].0 == "sec-fetch-site" {
            let body = Some(json!({"name": "Ada", "password": PASSWORD}));
            assert_eq!(ask(&house, "POST", SESSION, foreign, body).await.status, 403);
            assert_eq!(ask(&house, "DELETE", SESSION, &headers, None).await.status, 403);
        }
    }
    assert_eq!(house.get("/contacts").await["total"], 0);
    assert_eq!(ask(&house, "GET", SESSION, &[mine], None).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_is_new_with_every_sign_in_and_cannot_be_chosen() {
    let house = House::new().await;
    add_person(&house, "Ada", "viewer").await;
    let first = sign_in(&house, "Ada", PASSWORD).await.ok().unwrap();
    let body = Some(json!({"name": "Ada", "password": PASSWORD}));
    let planted = [OURS, ("cookie", "carnet_session=planted")];
    let second = cookie_of(&ask(&house, "POST", SESSION, &planted, body).await);
    assert_ne!(first, second);
    assert!(!second.contains("planted"));
    for token in ["planted", "", "user:ada", "first:"] {
        let cookie = format!("carnet_session={token}");
        let reply = ask(&house, "GET", SESSION, &[("cookie", &cookie)], None).await;
        assert_eq!(reply.status, 401, "{token}");
    }
    // A token of a program is good as a header; a header wins over the cookie.
    let bearer = format!("Bearer {}", house.token);
    let both = [("cookie", &*first), ("authorization", &*bearer)];
    let reply = ask(&house, "GET", "/api/v2/carnet/users", &both, None).await;
    assert_eq!(reply.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn tries_that_fail_are_slowed_down_by_name_and_by_address() {
    let house = House::new().await;
    add_person(&house, "Ada", "viewer").await;
    for _ in 0..6 {
        let refused = sign_in(&house, "Ada", "wrong password").await.err().unwrap();
        assert_eq!(refused.status, 401);
        // It says nothing of whether there is such a person.
        let nobody = sign_in(&house, "Nobody", "wrong password").await.err().unwrap();
        assert_eq!(nobody.json()["message"], refused.json()["message"]);
    }
    let slowed = sign_in(&house, "Ada", PASSWORD).await.err().unwrap();
    assert_eq!((slowed.status, slowed.header("retry-after")), (429, "1"));
    assert_eq!(slowed.json()["code"], "too.many.requests");

    // Many names from one address: each has its own tries, the address has not.
    let from = |address: &str, n: usize| {
        let body = json!({"name": format!("name {n}"), "password": "wrong password"});
        let mut request = Request::post(SESSION).header("content-type", "application/json");
        request = request.extension(Peer(address.parse().unwrap()));
        house.service.answer(request.body(RequestBody::whole(body.to_string())).unwrap())
    };
    for n in 0..21 {
        assert_eq!(from("192.0.2.1", n).await.status(), 401, "{n}");
    }
    assert_eq!(from("192.0.2.1", 99).await.status(), 429);
    assert_eq!(from("192.0.2.2", 99).await.status(), 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_link_of_the_first_start_makes_one_administrator_once() {
    let house = House::new().await;
    let link = house.book.first_link().await.unwrap().unwrap();
    let first = format!("{SESSION}/first");
    let with = |link: &str, name: &str, password: &str| {
        Some(json!({"link": link, "name": name, "password": password}))
    };
    let stranger = ask(&house, "POST", &first, &[OURS], with("guess", "Eve", PASSWORD)).await;
    assert_eq!(stranger.status, 401);
    let short = ask(&house, "POST", &first, &[OURS], with(&link, "Ada", "short")).await;
    assert_eq!((short.status, short.faulty_fields()), (400, vec!["password".to_owned()]));
    let empty = ask(&house, "POST", &first, &[OURS], with(&link, " ", "")).await;
    assert_eq!(empty.faulty_fields(), ["name", "password"]);
    // The link itself is no token.
    let cookie = format!("carnet_session={link}");
    assert_eq!(ask(&house, "GET", SESSION, &[("cookie", &cookie)], None).await.status, 401);

    let made = ask(&house, "POST", &first, &[OURS], with(&link, "Ada", PASSWORD)).await;
    assert_eq!((made.status, &made.json()["role"]), (200, &json!("admin")));
    let cookie = cookie_of(&made);
    let users = ask(&house, "GET", "/api/v2/carnet/users", &[("cookie", &cookie)], None).await;
    assert_eq!(users.json()["users"][0]["name"], "Ada");
    let again = ask(&house, "POST", &first, &[OURS], with(&link, "Eve", PASSWORD)).await;
    assert_eq!(again.status, 401);
    assert_eq!(house.book.first_link().await.unwrap(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_ends_the_other_sessions() {
    let house = House::new().await;
    add_person(&house, "Ada", "viewer").await;
    let other = sign_in(&house, "Ada", PASSWORD).await.ok().unwrap();
    let mine = sign_in(&house, "Ada", PASSWORD).await.ok().unwrap();
    let path = format!("{SESSION}/password");
    let change = |old: &str, new: &str| Some(json!({"old": old, "password": new}));
    let headers = [OURS, ("cookie", &*mine)];
    let wrong = ask(&house, "PUT", &path, &headers, change("a wrong one", "another one")).await;
    assert_eq!(wrong.status, 401);
    let short = ask(&house, "PUT", &path, &headers, change(PASSWORD, "short")).await;
    assert_eq!(short.faulty_fields(), ["password"]);
    let changed = ask(&house, "PUT", &path, &headers, change(PASSWORD, "another one")).await;
    assert_eq!(changed.status, 200);
    let new = cookie_of(&changed);
    assert_eq!(ask(&house, "GET", SESSION, &[("cookie", &new)], None).await.status, 200);
    for ended in [&other, &mine] {
        assert_eq!(ask(&house, "GET", SESSION, &[("cookie", ended)], None).await.status, 401);
    }
    assert!(sign_in(&house, "Ada", PASSWORD).await.is_err());
    assert!(sign_in(&house, "Ada", "another one").await.is_ok());
    // A program has no password.
    let bearer = format!("Bearer {}", house.token);
    let program = [("authorization", &*bearer)];
    let reply = ask(&house, "PUT", &path, &program, change("x", "another one")).await;
    assert_eq!(reply.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_writes_notes_in_their_own_name_only() {
    let house = House::new().await;
    add_person(&house, "Carol", "admin").await;
    let cookie = sign_in(&house, "Carol", PASSWORD).await.ok().unwrap();
    let contact = house.add(person("Ann", "Bell")).await;
    let notes = format!("{}/contacts/{contact}/notes", house::API);
    let as_carol = async |method: &str, path: &str, body: Value| {
        let reply = ask(&house, method, path, &[OURS, ("cookie", &cookie)], Some(body)).await;
        assert_eq!(reply.status, 200, "{method}: {}", String::from_utf8_lossy(&reply.bytes));
        reply.json()
    };
    let forged = json!({"noteText": "hi", "createdBy": {"id": "Bob"}});
    let note = as_carol("POST", &notes, forged.clone()).await;
    assert_eq!(note["createdBy"]["id"], "Carol");
    let path = format!("{notes}/{}", note["id"].as_str().unwrap());
    assert_eq!(as_carol("PUT", &path, forged.clone()).await["createdBy"]["id"], "Carol");
    let patch =
        json!({"changes": [{"field": "$.createdBy.id", "action": "Update", "value": "Bob"}]});
    assert_eq!(as_carol("PATCH", &path, patch).await["createdBy"]["id"], "Carol");
    // A program writes for others.
    let by_program = house.good("POST", &notes, Some(forged)).await;
    assert_eq!(by_program["createdBy"]["id"], "Bob");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_before_there_is_a_person_is_told_what_to_do() {
    let house = House::new().await;
    let asked = async || ask(&house, "GET", SESSION, &[], None).await;
    let first = asked().await;
    assert_eq!((first.status, &first.json()["code"]), (401, &json!("no.person")));
    assert!(first.json()["message"].as_str().unwrap().contains("user add"));
    add_person(&house, "Ada", "viewer").await;
    let second = asked().await;
    assert_eq!((second.status, &second.json()["code"]), (401, &json!("authentication.required")));
}
