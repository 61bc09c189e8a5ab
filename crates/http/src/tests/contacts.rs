//! Contacts, organisations and notes, one at a time; and the promise of freshness.

use super::{House, id_of, ids_of, person};
use serde_json::{Value, json};

/// Every kind of read that can find a contact by what is known of it, and what it found.
async fn finders(
    house: &House,
    id: &str,
    organization: &str,
    number: &str,
    last: &str,
) -> Vec<(&'static str, bool)> {
    let number_in_query = number.replace('+', "%2B");
    let listed = |answer: &Value, field: &str| ids_of(&answer[field]).contains(&id.to_owned());
    let by_number = format!("/reversewhitepageslookup?lookupVal={number_in_query}");
    let search = json!({"operation": {"simpleSearch": {"query": last}}});
    let identifier = json!({"type": "Phone", "value": number});
    let identified = house.ask("POST", "/identifierlookup/contacts", Some(identifier)).await;
    let fetch = json!({"entities": [{"id": id}]});
    let of_organization = format!("/organizations/{organization}/contacts?q={last}");
    vec![
        ("get", house.ask("GET", &format!("/contacts/{id}"), None).await.status == 200),
        ("list", listed(&house.get("/contacts").await, "entities")),
        ("q", listed(&house.get(&format!("/contacts?q={last}")).await, "entities")),
        (
            "q number",
            listed(&house.get(&format!("/contacts?q={number_in_query}")).await, "entities"),
        ),
        ("search", listed(&house.post("/contacts/search", search).await, "entities")),
        ("reverse", listed(&house.get(&by_number).await, "contacts")),
        ("identifier", identified.status == 200 && id_of(&identified.json()) == id),
        ("scan", listed(&house.get("/scan/contacts").await, "entities")),
        ("bulk", house.post("/bulk/contacts", fetch).await["errorCount"] == 0),
        ("organization", listed(&house.get(&of_organization).await, "entities")),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_read_sees_a_write_that_was_acknowledged() {
    let house = House::new().await;
    let organization = house.post("/organizations", json!({"name": "Kontor"})).await;
    let organization = id_of(&organization);
    let body = |last: &str, number: &str| {
        json!({
            "firstName": "Żaneta", "lastName": last, "cellPhone": {"display": number},
            "externalOrganization": {"id": organization},
        })
    };
    let id = house.add(body("Quillfeather", "+33 1 70 18 99 00")).await;
    for (how, found) in finders(&house, &id, &organization, "+33170189900", "Quillfeather").await {
        assert!(found, "{how} after adding");
    }
    let path = format!("/contacts/{id}");
    house.good("PUT", &path, Some(body("Overbeck", "+49 30 901820"))).await;
    for (how, found) in finders(&house, &id, &organization, "+4930901820", "Overbeck").await {
        assert!(found, "{how} after replacing");
    }
    for (how, found) in finders(&house, &id, &organization, "+33170189900", "Quillfeather").await {
        let by_what_is_gone = !matches!(how, "get" | "list" | "scan" | "bulk");
        assert_eq!(found, !by_what_is_gone, "{how} by the old values");
    }
    house.good("DELETE", &path, None).await;
    for (how, found) in finders(&house, &id, &organization, "+4930901820", "Overbeck").await {
        assert!(!found, "{how} after removing");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn putting_back_what_was_got_changes_nothing_but_the_date() {
    let house = House::new().await;
    let id = house.add(json!({
        "firstName": "Anna", "lastName": "Berg", "workEmail": "anna@example.org", "title": "Chef",
        "workPhone": {"display": "(317) 222-2222", "acceptsSMS": true, "extension": 12},
        "twitterId": {"screenName": "annab"}, "address": {"city": "Bern"}, "surveyOptOut": true,
    })).await;
    let path = format!("/contacts/{id}");
    let mut before = house.get(&path).await;
    let mut after = house.good("PUT", &path, Some(before.clone())).await;
    for contact in [&mut before, &mut after] {
        contact.as_object_mut().unwrap().remove("modifyDate");
    }
    assert_eq!(after, before);
    assert_eq!(before["workPhone"]["userInput"], "(317) 222-2222");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_patch_changes_its_fields_and_no_others() {
    let house = House::new().await;
    let id = house.add(json!({"firstName": "Anna", "lastName": "Berg", "title": "Chef"})).await;
    let path = format!("/contacts/{id}");
    let change = |field: &str, action: &str, value: Value| json!({"changes": [{"field": field, "action": action, "value": value}]});
    let patched =
        house.good("PATCH", &path, Some(change("$.lastName", "Update", json!("Tal")))).await;
    assert_eq!((&patched["lastName"], &patched["title"]), (&json!("Tal"), &json!("Chef")));
    for (body, status) in [
        (change("$.nothing", "Update", json!(1)), 400),
        (change("$.lastName", "Explode", json!(1)), 400),
        (change("$.lastName", "Update", json!(1)), 400),
        (change("$.lastName", "Remove", Value::Null), 400),
        (
            json!({"changes": [
                {"field": "$.address", "action": "Update", "value": {"city": "Ulm"}},
                {"field": "$.address.city", "action": "Update", "value": "Bonn"},
            ]}),
            409,
        ),
    ] {
        let reply = house.ask("PATCH", &path, Some(body.clone())).await;
        assert_eq!(reply.status, status, "{body}: {}", reply.json());
    }
    assert_eq!(house.get(&path).await["lastName"], "Tal");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organization_is_shown_whole_where_it_is_asked_for() {
    let house = House::new().await;
    let organization = id_of(&house.post("/organizations", json!({"name": "Kontor"})).await);
    let mut body = person("Anna", "Berg");
    body["externalOrganization"] = json!({"id": organization});
    body["workEmail"] = json!("anna@example.org");
    let id = house.add(body).await;
    let email = json!({"type": "Email", "value": "ANNA@example.org"});
    let search = json!({"expand": ["externalOrganization"]});
    for (method, path, body, pointer) in [
        ("GET", format!("/contacts/{id}?expand=externalOrganization"), None, ""),
        ("GET", "/contacts?expand=division,externalOrganization".into(), None, "/entities/0"),
        ("GET", "/contacts?expand=division&expand=externalOrganization".into(), None, "/entities/0"),
        ("GET", "/scan/contacts?expand=externalOrganization".into(), None, "/entities/0"),
        ("GET", format!("/organizations/{organization}/contacts?expand=externalOrganization"), None, "/entities/0"),
        ("GET", "/reversewhitepageslookup?lookupVal=anna@example.org&expand=contacts.externalOrganization".into(), None, "/contacts/0"),
        ("POST", "/identifierlookup/contacts?expand=externalOrganization".into(), Some(email), ""),
        ("POST", "/contacts/search".into(), Some(search), "/entities/0"),
    ] {
        let answer = house.good(method, &path, body).await;
        let shown = &answer.pointer(pointer).unwrap()["externalOrganization"];
        assert_eq!(shown["name"], "Kontor", "{path}");
    }
    let plain = house.get(&format!("/contacts/{id}")).await;
    assert_eq!(plain["externalOrganization"]["id"], organization.as_str());
    assert!(plain["externalOrganization"].get("name").is_none());
    let unknown = house.ask("GET", &format!("/contacts/{id}?expand=everything"), None).await.json();
    assert!(unknown["message"].as_str().unwrap().contains("externalOrganization"), "{unknown}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removed_organization_leaves_its_contacts() {
    let house = House::new().await;
    let organization = id_of(&house.post("/organizations", json!({"name": "Kontor"})).await);
    let mut body = person("Anna", "Berg");
    body["externalOrganization"] = json!({"id": organization});
    let id = house.add(body).await;
    let path = format!("/organizations/{organization}");
    let renamed = house.good("PUT", &path, Some(json!({"name": "Werft"}))).await;
    assert_eq!(renamed["name"], "Werft");
    let change =
        json!({"changes": [{"field": "$.industry", "action": "Update", "value": "ships"}]});
    assert_eq!(house.good("PATCH", &path, Some(change)).await["industry"], "ships");
    assert_eq!(ids_of(&house.get("/contacts?q=werft").await["entities"]), [id.as_str()]);
    assert_eq!(
        ids_of(&house.get("/organizations?q=werft").await["entities"]),
        [organization.as_str()]
    );
    assert_eq!(house.get("/organizations?trustorId=x&q=werft").await["total"], 0);
    assert_eq!(house.good("DELETE", &path, None).await, json!({}));
    assert_eq!(house.ask("GET", &path, None).await.status, 404);
    assert_eq!(house.ask("GET", &format!("{path}/contacts"), None).await.status, 404);
    assert!(house.get(&format!("/contacts/{id}")).await.get("externalOrganization").is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn notes_are_kept_with_contacts_and_with_organizations() {
    let house = House::new().await;
    let contact = house.add(person("Anna", "Berg")).await;
    let organization = id_of(&house.post("/organizations", json!({"name": "Kontor"})).await);
    for owner in [format!("/contacts/{contact}"), format!("/organizations/{organization}")] {
        let notes = format!("{owner}/notes");
        let first = id_of(&house.post(&notes, json!({"noteText": "one"})).await);
        let second = json!({"noteText": "two", "createdBy": {"id": contact}});
        let second = id_of(&house.post(&notes, second).await);
        let listed = house.get(&notes).await;
        assert_eq!(ids_of(&listed["entities"]), [first.as_str(), &second]);
        assert_eq!(listed["entities"][1]["createdBy"]["id"], contact.as_str());
        let newest =
            house.get(&format!("{notes}?sortOrder=createDate:desc&pageSize=1&expand=author")).await;
        assert_eq!(ids_of(&newest["entities"]), [second.as_str()]);
        assert_eq!(newest["total"], 2);

        let path = format!("{notes}/{second}");
        let replaced = house.good("PUT", &path, Some(json!({"noteText": "zwei"}))).await;
        assert_eq!(replaced["noteText"], "zwei");
        assert_eq!(replaced["createdBy"]["id"], contact.as_str());
        let change =
            json!({"changes": [{"field": "$.noteText", "action": "Update", "value": "deux"}]});
        assert_eq!(house.good("PATCH", &path, Some(change)).await["noteText"], "deux");
        assert_eq!(house.get(&path).await["noteText"], "deux");
        assert_eq!(house.good("DELETE", &path, None).await, json!({}));
        assert_eq!(house.ask("GET", &path, None).await.status, 404);
        assert_eq!(house.get(&notes).await["total"], 1);
    }
    // A note is found under its own owner only.
    let notes = house.get(&format!("/contacts/{contact}/notes")).await;
    let note = id_of(&notes["entities"][0]);
    let elsewhere = format!("/organizations/{organization}/notes/{note}");
    assert_eq!(house.ask("GET", &elsewhere, None).await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_is_looked_up_in_any_spelling() {
    let house = House::new().await;
    let mut body = person("Anna", "Berg");
    body["workPhone"] = json!({"display": "+33 1 70 18 99 00"});
    body["division"] = json!({"id": "d-1"});
    let id = house.add(body).await;
    for (value, found) in [
        ("%2B33170189900", true),
        ("+33170189900", true),
        ("%2B33%201%2070%2018%2099%2000", true),
        ("33170189900", true),
        ("0033170189900", true),
        ("%2B33170189901", false),
        ("nobody%40example.org", false),
        ("%2B33170189900&divisionId=d-1", true),
        ("%2B33170189900&divisionId=*", true),
        ("%2B33170189900&divisionId=d-2", false),
    ] {
        let answer = house.get(&format!("/reversewhitepageslookup?lookupVal={value}")).await;
        let expect: Vec<String> = found.then(|| id.clone()).into_iter().collect();
        assert_eq!(ids_of(&answer["contacts"]), expect, "{value}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_oldest_contact_has_a_shared_identifier() {
    let house = House::new().await;
    let shared = json!({"firstName": "A", "lastName": "B", "workEmail": "office@example.org"});
    let first = house.add(shared.clone()).await;
    let second = house.add(shared).await;
    let asked = json!({"type": "Email", "value": "office@example.org"});
    let answer = house.post("/identifierlookup/contacts", asked.clone()).await;
    assert_eq!(id_of(&answer), first);
    house.good("DELETE", &format!("/contacts/{first}"), None).await;
    assert_eq!(id_of(&house.post("/identifierlookup/contacts", asked).await), second);
}

#[tokio::test(flavor = "multi_thread")]
async fn head_answers_as_get_without_the_body() {
    let house = House::new().await;
    let id = house.add(person("Anna", "Berg")).await;
    for path in
        [format!("/contacts/{id}"), "/contacts".into(), format!("/contacts/{}", super::NOBODY)]
    {
        let (get, head) =
            (house.ask("GET", &path, None).await, house.ask("HEAD", &path, None).await);
        assert_eq!(head.status, get.status);
        assert!(head.bytes.is_empty());
        assert_eq!(head.header("content-length"), get.bytes.len().to_string());
    }
}
