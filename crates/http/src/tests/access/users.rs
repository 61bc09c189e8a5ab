//! People of a running daemon: added, listed, edited and removed by an administrator.

use super::house::House;
use super::sessions::{SESSION, sign_in};
use super::*;

const USERS: &str = "/api/v2/carnet/users";

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_added_listed_edited_and_removed() {
    let house = House::new().await;
    let body = json!({"name": " Zoë / Q ", "role": "viewer", "password": "correct horse"});
    let made = house.post(USERS, body.clone()).await;
    assert_eq!((&made["name"], &made["role"]), (&json!("Zoë / Q"), &json!("viewer")));
    let listed = house.get(USERS).await;
    assert_eq!(listed, json!({"users": [made]}));
    let again = house.ask("POST", USERS, Some(body)).await;
    assert_eq!((again.status, again.faulty_fields()), (400, vec!["name".to_owned()]));

    let cookie = sign_in(&house, "zoë / q", "correct horse").await.ok().unwrap();
    let session =
        async || house.ask_raw("GET", SESSION, &[("cookie", &*cookie)], RequestBody::empty()).await;
    let one = format!("{USERS}/Zo%C3%AB%20%2F%20Q");
    house.good("PUT", &one, Some(json!({"role": "agent"}))).await;
    assert_eq!(session().await.json()["role"], "agent");
    let permissions = session().await.json()["permissions"].to_string();
    assert!(permissions.contains("contact:add"), "{permissions}");
    house.good("PUT", &one, Some(json!({"password": "battery staple"}))).await;
    assert_eq!(session().await.status, 401);
    let cookie = sign_in(&house, "Zoë / Q", "battery staple").await.ok().unwrap();
    assert_eq!(house.good("DELETE", &one, None).await, json!({}));
    let ended = house.ask_raw("GET", SESSION, &[("cookie", &*cookie)], RequestBody::empty()).await;
    assert_eq!(ended.status, 401);
    for (method, body) in [("DELETE", None), ("PUT", Some(json!({"role": "viewer"})))] {
        assert_eq!(house.ask(method, &one, body).await.status, 404);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_fault_of_a_person_is_named() {
    let house = House::new().await;
    for (body, fields) in [
        (json!({}), &["name", "role", "password"][..]),
        (json!({"name": 1, "role": null, "password": []}), &["name", "role", "password"]),
        (json!({"name": "A", "role": "viewer", "password": "short"}), &["password"]),
        (json!({"name": "A\nB", "role": "king", "password": "long enough"}), &["name", "role"]),
        (json!({"name": "x".repeat(101), "role": "viewer", "password": "long enough"}), &["name"]),
        (json!([]), &["$"]),
    ] {
        let reply = house.ask("POST", USERS, Some(body.clone())).await;
        assert_eq!(
            (reply.status, reply.faulty_fields()),
            (400, fields.iter().map(|f| (*f).to_owned()).collect()),
            "{body}"
        );
    }
    house.post(USERS, json!({"name": "A", "role": "viewer", "password": "long enough"})).await;
    for (body, field) in [
        (json!({}), "role"),
        (json!({"role": "king"}), "role"),
        (json!({"password": "x"}), "password"),
    ] {
        let reply = house.ask("PUT", &format!("{USERS}/A"), Some(body)).await;
        assert_eq!(reply.faulty_fields(), [field]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_administrator_stays() {
    let house = House::new().await;
    let person =
        |name: &str, role: &str| json!({"name": name, "role": role, "password": "correct horse"});
    house.post(USERS, person("Ada", "admin")).await;
    house.post(USERS, person("Bob", "viewer")).await;
    let ada = format!("{USERS}/Ada");
    let last = |reply: house::Reply| {
        assert_eq!(reply.status, 409);
        assert!(reply.json()["message"].as_str().unwrap().contains("last administrator"));
    };
    last(house.ask("DELETE", &ada, None).await);
    last(house.ask("PUT", &ada, Some(json!({"role": "viewer"}))).await);
    // A role of the administrator's own that may do everything counts, too.
    house.good("PUT", &format!("{USERS}/Bob"), Some(json!({"role": "only carnet:admin"}))).await;
    house.good("DELETE", &ada, None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn roles_are_listed_with_what_they_permit() {
    let house = House::new().await;
    let roles = house.get("/api/v2/carnet/roles").await;
    let role = |name: &str| {
        let all = roles["roles"].as_array().unwrap().iter();
        all.clone().find(|role| role["name"] == name).unwrap()["permissions"].clone()
    };
    assert_eq!(role("lookup"), json!(["carnet:lookup"]));
    assert_eq!(role("only carnet:admin"), json!(["carnet:admin"]));
    assert!(role("admin").as_array().unwrap().len() > 9);
}
