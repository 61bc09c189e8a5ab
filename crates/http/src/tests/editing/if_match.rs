//! Two editors of one record: `If-Match` lets the second know that the first was quicker.

use super::*;

const API: &str = super::house::API;

/// Asks as the administrator with this condition.
async fn ask_if(
    house: &House,
    method: &str,
    path: &str,
    condition: &str,
    body: Option<&Value>,
) -> house::Reply {
    let authorization = format!("Bearer {}", house.token);
    let headers = [
        ("authorization", authorization.as_str()),
        ("content-type", "application/json"),
        ("if-match", condition),
    ];
    let body = body.map_or_else(RequestBody::empty, |body| RequestBody::whole(body.to_string()));
    house.ask_raw(method, &format!("{API}{path}"), &headers, body).await
}

/// A record of each kind: its path, a body that replaces it, and a patch.
async fn records(house: &House) -> Vec<(String, Value, Value)> {
    let contact = house.add(person("A", "B")).await;
    let organization = id_of(&house.post("/organizations", json!({"name": "Acme"})).await);
    let note = house.post(&format!("/contacts/{contact}/notes"), json!({"noteText": "x"})).await;
    let patch = |field: &str, value: &str| json!({"changes": [{"field": field, "action": "Update", "value": value}]});
    vec![
        (format!("/contacts/{contact}"), person("A", "C"), patch("$.lastName", "D")),
        (
            format!("/organizations/{organization}"),
            json!({"name": "Acme 2"}),
            patch("$.name", "Acme 3"),
        ),
        (
            format!("/contacts/{contact}/notes/{}", id_of(&note)),
            json!({"noteText": "y"}),
            patch("$.noteText", "z"),
        ),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn the_second_editor_is_told_that_the_first_was_quicker() {
    let house = House::new().await;
    for (path, body, patch) in records(&house).await.into_iter().rev() {
        let read = house.ask("GET", &path, None).await;
        let first = read.header("etag").to_owned();
        assert!(first.starts_with('"') && first.len() > 2, "{path}: {first}");
        assert_eq!(house.ask("HEAD", &path, None).await.header("etag"), first);

        let replaced = ask_if(&house, "PUT", &path, &first, Some(&body)).await;
        assert_eq!(replaced.status, 200, "{path}");
        let second = replaced.header("etag").to_owned();
        assert_ne!(second, first);
        for (method, body) in [("PUT", Some(&body)), ("PATCH", Some(&patch)), ("DELETE", None)] {
            let late = ask_if(&house, method, &path, &first, body).await;
            assert_eq!((late.status, &late.json()["code"]), (412, &json!("precondition.failed")));
        }
        assert_eq!(house.ask("GET", &path, None).await.header("etag"), second, "nothing changed");

        let list = format!("\"other\", {first}, {second}");
        let patched = ask_if(&house, "PATCH", &path, &list, Some(&patch)).await;
        assert_eq!(patched.status, 200, "{path}");
        let third = patched.header("etag").to_owned();
        for (condition, expect) in [
            (format!("W/{third}"), 412),
            ("\"\"".to_owned(), 412),
            (third.trim_matches('"').to_owned(), 400),
            ("*".to_owned(), 200),
        ] {
            let reply = ask_if(&house, "PUT", &path, &condition, Some(&body)).await;
            assert_eq!(reply.status, expect, "{path} {condition}");
        }
        // Without a condition the last one wins, as before.
        assert_eq!(house.ask("PUT", &path, Some(body.clone())).await.status, 200);
        let last = house.ask("GET", &path, None).await.header("etag").to_owned();
        assert_eq!(ask_if(&house, "DELETE", &path, &last, None).await.status, 200);
        for method in ["PUT", "DELETE"] {
            let gone = ask_if(&house, method, &path, "*", Some(&body)).await;
            assert_eq!(gone.status, 404, "{method} {path}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_twelve_editors_at_once_one_is_the_quickest() {
    let house = House::new().await;
    let path = format!("/contacts/{}", house.add(person("A", "B")).await);
    let tag = house.ask("GET", &path, None).await.header("etag").to_owned();
    let edits = (0..12).map(|n| {
        let (house, path, tag) = (&house, &path, &tag);
        async move {
            let body = person("A", &format!("B{n}"));
            ask_if(house, "PUT", path, tag, Some(&body)).await.status
        }
    });
    let mut statuses = at_once(edits).await;
    statuses.sort_unstable();
    assert_eq!(statuses, [vec![200], vec![412; 11]].concat());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_with_more_in_it_has_a_tag_on_which_an_edit_may_rely() {
    let house = House::new().await;
    let acme = id_of(&house.post("/organizations", json!({"name": "Acme"})).await);
    let mut body = person("A", "B");
    body["externalOrganization"] = json!({"id": acme});
    let path = format!("/contacts/{}", house.add(body.clone()).await);
    let tag = async |query: &str| {
        let reply = house.ask("GET", &format!("{path}{query}"), None).await;
        assert_eq!(reply.status, 200, "{query}");
        reply.header("etag").to_owned()
    };
    let forms = [
        "?expand=externalOrganization",
        "?expand=identifiers",
        "?expand=identifiers,externalOrganization",
    ];
    let plain = tag("").await;
    let mut tags = vec![plain.clone()];
    for form in forms {
        let own = tag(form).await;
        assert!(
            own.starts_with('"') && own.ends_with('"') && !tags.contains(&own),
            "{form}: {own}"
        );
        assert_eq!(tag(form).await, own, "the same again");
        tags.push(own);
    }
    // Another name of the organisation is another form of the same record.
    house.ask("PUT", &format!("/organizations/{acme}"), Some(json!({"name": "Acme 2"}))).await;
    let renamed = tag(forms[0]).await;
    assert_ne!(renamed, tags[1]);
    assert_eq!((tag("").await, tag(forms[1]).await), (plain.clone(), tags[2].clone()));
    // Each names the state in which the record is, until that is another.
    for form in forms.iter().chain([&""]) {
        let own = tag(form).await;
        let weak = ask_if(&house, "PUT", &path, &format!("W/{own}"), Some(&body)).await;
        assert_eq!(weak.status, 412, "{form}");
        body["lastName"] = json!(format!("C{form}"));
        assert_eq!(ask_if(&house, "PUT", &path, &own, Some(&body)).await.status, 200, "{form}");
        for method in ["PUT", "DELETE"] {
            let late = ask_if(&house, method, &path, &own, Some(&body)).await;
            assert_eq!(late.status, 412, "{method} {form}");
        }
    }
    assert_ne!(tag(forms[1]).await, tags[2]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tag_is_that_of_one_record_and_of_no_list() {
    let house = House::new().await;
    let made = house.ask("POST", "/contacts", Some(person("A", "B"))).await;
    let path = format!("/contacts/{}", id_of(&made.json()));
    assert_eq!(house.ask("GET", &path, None).await.header("etag"), made.header("etag"));
    assert_eq!(house.ask("GET", "/contacts", None).await.header("etag"), "");
    // Another record with the same fields is another state.
    let other = house.ask("POST", "/contacts", Some(person("A", "B"))).await;
    assert_ne!(other.header("etag"), made.header("etag"));
}
