//! Who is let in: every row of the table with every kind of caller, and the token endpoint.

use super::house::{House, NOBODY, Reply};
use crate::RequestBody;
use crate::api::route::{Access, Route};
use crate::routes::ROUTES;
use std::collections::HashMap;

fn path_of(route: &Route) -> String {
    let segments = route.path.split('/');
    let segments = segments.map(|part| if part.starts_with('{') { NOBODY } else { part });
    segments.collect::<Vec<_>>().join("/")
}

async fn ask(house: &House, route: &Route, authorization: Option<&str>) -> Reply {
    let mut headers = vec![("content-type", "application/json")];
    headers.extend(authorization.map(|value| ("authorization", value)));
    let body = RequestBody::whole("{}");
    house.ask_raw(route.method.as_str(), &path_of(route), &headers, body).await
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_lets_in_whom_its_row_names_and_nobody_else() {
    let house = House::new().await;
    let ended = House::with(|settings| settings.token_seconds = 0).await;
    let mut tokens: HashMap<String, String> = HashMap::new();
    for route in ROUTES {
        let what = format!("{} {}", route.method, route.path);
        if route.access != Access::Authenticated {
            let reply = ask(&house, route, None).await;
            assert!(!matches!(reply.status, 403..=405), "{what}: {}", reply.status);
            continue;
        }
        for authorization in [None, Some("Bearer nobody"), Some("Bearer "), Some("Basic YTpi")] {
            let reply = ask(&house, route, authorization).await;
            assert_eq!(reply.status, 401, "{what}, {authorization:?}");
            assert_eq!(reply.json()["code"], "authentication.required");
            assert_eq!(reply.header("www-authenticate"), "Bearer");
        }
        let token = format!("Bearer {}", ended.token);
        assert_eq!(ask(&ended, route, Some(&token)).await.status, 401, "{what}, ended token");

        for (permission, name) in carnet_model::Permission::ALL {
            let lets_in = route.permissions.contains(&permission);
            // With several that will do, lacking one of them is no hindrance.
            let alone = route.permissions == [permission];
            for (role, expect) in
                [(format!("only {name}"), lets_in), (format!("but {name}"), !alone)]
            {
                if !tokens.contains_key(&role) {
                    tokens.insert(role.clone(), house.token_of(&role).await);
                }
                let token = format!("bearer {}", tokens[&role]);
                let reply = ask(&house, route, Some(&token)).await;
                let let_in = !matches!(reply.status, 401 | 403);
                assert_eq!(let_in, expect, "{what} as {role}: {}", reply.status);
                if !expect {
                    let error = reply.json();
                    assert_eq!(error["code"], "missing.permissions");
                    let message = error["message"].as_str().unwrap().to_owned();
                    assert!(message.contains(route.permissions[0].name()), "{message}");
                }
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removed_client_is_not_let_in_any_more() {
    let house = House::new().await;
    let client = house.book.add_client("x", "viewer", None, None).await.unwrap();
    let token = house.book.sign_in(&client.id, &client.secret).await.unwrap().unwrap().token;
    let authorization = format!("Bearer {token}");
    let headers = [("authorization", authorization.as_str())];
    let path = "/api/v2/externalcontacts/contacts";
    assert_eq!(house.ask_raw("GET", path, &headers, RequestBody::empty()).await.status, 200);
    assert!(house.book.remove_client(&client.id).await.unwrap());
    assert_eq!(house.ask_raw("GET", path, &headers, RequestBody::empty()).await.status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_token_endpoint_signs_in_by_header_or_form() {
    let house = House::new().await;
    let (id, secret) = ("me".to_owned(), "sixteen-characters".to_owned());
    house.book.add_client("me", "viewer", Some(id), Some(secret)).await.unwrap();
    let good = "Basic bWU6c2l4dGVlbi1jaGFyYWN0ZXJz";
    let grant = "grant_type=client_credentials";
    let in_form = "grant_type=client_credentials&client_id=me&client_secret=sixteen%2Dcharacters";
    let wrong = "grant_type=client_credentials&client_id=me&client_secret=wrong";
    for (authorization, form, status, error) in [
        (Some(good), grant, 200, ""),
        (None, in_form, 200, ""),
        (Some(good), "", 400, "invalid_request"),
        (Some(good), "grant_type=password", 400, "unsupported_grant_type"),
        (Some("Basic ?"), grant, 400, "invalid_request"),
        (Some("Bearer x"), grant, 400, "invalid_request"),
        (Some("Basic bWU6d3Jvbmc="), grant, 401, "invalid_client"),
        (None, grant, 401, "invalid_client"),
        (None, wrong, 401, "invalid_client"),
        (
            None,
            "grant_type=client_credentials&client_id=you&client_secret=x",
            401,
            "invalid_client",
        ),
    ] {
        let mut headers = vec![("content-type", "application/x-www-form-urlencoded")];
        headers.extend(authorization.map(|value| ("authorization", value)));
        let body = RequestBody::whole(form.to_owned());
        let reply = house.ask_raw("POST", "/oauth/token", &headers, body).await;
        let answer = reply.json();
        assert_eq!(reply.status, status, "{authorization:?} {form}: {answer}");
        if status == 200 {
            assert_eq!(answer["token_type"], "bearer");
            assert!(answer["expires_in"].as_u64().unwrap() > 0);
            let authorization = format!("Bearer {}", answer["access_token"].as_str().unwrap());
            let headers = [("authorization", authorization.as_str())];
            let path = "/api/v2/externalcontacts/contacts";
            let reply = house.ask_raw("GET", path, &headers, RequestBody::empty()).await;
            assert_eq!(reply.status, 200);
        } else {
            assert_eq!(answer["error"], error, "{form}");
            assert_eq!(answer["description"], answer["error_description"]);
            assert!(answer.get("code").is_none());
        }
    }
}
