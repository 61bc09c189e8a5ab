//! An external id is a key: no second contact gets it. After hapifhir/hapi-fhir#3141,
//! nyaruka/courier#215 and twentyhq/twenty PR#24355, where creates at the same time made doubles.

use super::*;

fn external(source: Value, value: &str) -> Value {
    json!([{"externalSource": source, "value": value}])
}

fn crm(value: &str) -> Value {
    external(json!({"name": "CRM"}), value)
}

fn holding(first: &str, last: &str, ids: Value) -> Value {
    let mut body = person(first, last);
    body["externalIds"] = ids;
    body
}

#[track_caller]
fn taken(reply: &house::Reply, holder: &str) {
    let error = reply.json();
    assert_eq!((reply.status, &error["code"]), (409, &json!("conflict")), "{error}");
    assert_eq!(error["entityId"], holder, "{error}");
    assert_eq!(error["details"][0]["entityId"], holder, "{error}");
    assert!(error["message"].as_str().unwrap().contains(holder), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn hapi_fhir_3141_of_twelve_creates_at_once_one_is_kept() {
    let house = House::new().await;
    let creates = (0..12).map(|n| {
        let (house, body) = (&house, holding("P", &format!("Race{n}"), crm("race")));
        async move { house.ask("POST", "/contacts", Some(body)).await }
    });
    let replies = at_once(creates).await;
    let made: Vec<_> = replies.iter().filter(|reply| reply.status == 200).collect();
    assert_eq!(made.len(), 1);
    let holder = id_of(&made[0].json());
    for reply in replies.iter().filter(|reply| reply.status != 200) {
        taken(reply, &holder);
    }
    assert_eq!(house.get("/contacts").await["total"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn courier_215_no_way_leads_to_a_second_holder() {
    let house = House::new().await;
    let holder = house.add(holding("A", "First", crm("1"))).await;
    let other = house.add(holding("B", "Second", crm("2"))).await;
    let path = format!("/contacts/{other}");

    taken(&house.ask("POST", "/contacts", Some(holding("C", "New", crm("1")))).await, &holder);
    taken(&house.ask("PUT", &path, Some(holding("B", "Second", crm("1")))).await, &holder);
    let changes = [
        json!({"field": "$.externalIds", "action": "Update", "value": crm("1")}),
        json!({"field": "$.externalIds", "action": "AppendToCollection", "value": crm("1")}),
    ];
    for change in changes {
        let reply = house.ask("PATCH", &path, Some(json!({"changes": [change]}))).await;
        taken(&reply, &holder);
    }
    let mut update = holding("B", "Second", crm("1"));
    update["id"] = json!(other);
    let entities = json!({"entities": [
        holding("D", "One", crm("1")), holding("E", "Two", crm("3")), holding("F", "Three", crm("3")),
    ]});
    let added = house.post("/bulk/contacts/add", entities).await;
    assert_eq!(added["errorIndexes"], json!([0, 2]));
    let error = &added["results"][0]["error"];
    assert_eq!((&error["status"], &error["code"]), (&json!(409), &json!("conflict")));
    assert_eq!(error["retryable"], false, "the same would be refused again");
    assert_eq!(error["entity"]["lastName"], "One");
    assert!(error["message"].as_str().unwrap().contains(&holder), "{error}");
    let updated = house.post("/bulk/contacts/update", json!({"entities": [update]})).await;
    assert_eq!(updated["results"][0]["status"], 409);
    assert_eq!(updated["results"][0]["id"], other);

    // What was refused left nothing, and the second kept its own.
    assert_eq!(house.get(&path).await["externalIds"][0]["value"], "2");
    assert_eq!(house.get("/contacts").await["total"], 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_24355_an_import_updates_the_holder_and_takes_from_nobody() {
    let house = House::new().await;
    let holder = house.add(holding("A", "First", crm("1"))).await;
    let other = house.add(holding("B", "Second", crm("2"))).await;
    let mut stolen = holding("B", "Third", crm("1"));
    stolen["id"] = json!(other);
    let mut fresh = holding("C", "Fourth", crm("2"));
    fresh["id"] = json!(NOBODY);
    // A refused row leaves no organisation behind.
    fresh["externalOrganization"] = json!({"name": "Left behind"});
    let mut titled = holding("E", "New", crm("4"));
    titled["title"] = json!("Boss");
    let both = [crm("1"), crm("2")].map(|ids| ids[0].clone());
    let lines = [
        holding("A", "Updated", crm("1")),
        stolen,
        fresh,
        holding("D", "Two people", crm("1")),
        holding("E", "New", crm("4")),
        titled,
    ];
    let lines = lines.map(|line| line.to_string()).join("\n");
    let authorization = format!("Bearer {}", house.token);
    let headers =
        [("authorization", authorization.as_str()), ("content-type", "application/x-ndjson")];
    let path = "/api/v2/carnet/import";
    let report = house.ask_raw("POST", path, &headers, RequestBody::whole(lines)).await.json();
    let count = |name: &str| report[name].as_u64().unwrap();
    assert_eq!((count("added"), count("updated"), count("skipped")), (1, 2, 3), "{report}");
    let errors = report["errors"].as_array().unwrap();
    let told: Vec<_> = errors.iter().map(|e| (e["line"].as_u64().unwrap(), &e["field"])).collect();
    let (first, second) = (json!("externalIds[0]"), json!("externalIds[1]"));
    // The first was seen without asking the book.
    assert_eq!(told, [(4, &first), (2, &first), (3, &first)]);
    for (error, part) in errors.iter().zip(["line 1 has", holder.as_str(), other.as_str()]) {
        assert!(error["reason"].as_str().unwrap().contains(part), "{error}");
    }
    let two_keys = holding("A", "Updated", json!(both)).to_string();
    let report = house.ask_raw("POST", path, &headers, RequestBody::whole(two_keys)).await.json();
    let error = &report["errors"][0];
    assert_eq!(error["field"], second, "{report}");
    assert!(error["reason"].as_str().unwrap().contains(other.as_str()), "{error}");
    assert_eq!(house.get(&format!("/contacts/{holder}")).await["lastName"], "Updated");
    assert_eq!(house.get(&format!("/contacts/{other}")).await["lastName"], "Second");
    assert_eq!(house.get("/organizations").await["total"], 0);
    assert_eq!(house.get("/contacts").await["total"], 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_matches_by_its_id_where_both_have_one() {
    let house = House::new().await;
    let one = json!({"id": "s-1", "name": "CRM"});
    let two = json!({"id": "s-2", "name": "CRM"});
    let a = house.add(holding("A", "One", external(one.clone(), "x"))).await;
    let b = house.add(holding("B", "Two", external(two.clone(), "x"))).await;
    for (source, holder) in [
        (one, &a),
        (two, &b),
        (json!({"id": "s-2"}), &b),
        (json!({"id": "s-1", "name": "renamed"}), &a),
        (json!({"name": "crm"}), &a),
    ] {
        let asked = json!({"type": "ExternalId", "value": "x", "externalSource": source});
        assert_eq!(&id_of(&house.post("/identifierlookup/contacts", asked).await), holder);
        let claim = house.ask("POST", "/contacts", Some(holding("C", "D", external(source, "x"))));
        taken(&claim.await, holder);
    }
    for source in [json!({"id": "s-3", "name": "CRM"}), json!({"id": "s-3"})] {
        let asked = json!({"type": "ExternalId", "value": "x", "externalSource": source});
        let reply = house.ask("POST", "/identifierlookup/contacts", Some(asked)).await;
        assert_eq!(reply.status, 404, "{source}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_free_again_when_its_holder_lets_it_go() {
    let house = House::new().await;
    let holder = house.add(holding("A", "One", crm("1"))).await;
    let path = format!("/contacts/{holder}");
    // Written back as it was read, its own key is no other's.
    let same = house.get(&path).await;
    assert_eq!(house.ask("PUT", &path, Some(same)).await.status, 200);
    assert_eq!(house.ask("PUT", &path, Some(person("A", "One"))).await.status, 200);
    let next = house.add(holding("B", "Two", crm("1"))).await;
    assert_eq!(house.ask("DELETE", &format!("/contacts/{next}"), None).await.status, 200);
    house.add(holding("C", "Three", crm("1"))).await;
    // The letters of a value count, the letters of a name do not.
    house.add(holding("D", "Four", external(json!({"name": "ERP"}), "1"))).await;
    house.add(holding("E", "Five", crm("l"))).await;
    let reply = house.ask(
        "POST",
        "/contacts",
        Some(holding("F", "Six", external(json!({"name": "cRm"}), "1"))),
    );
    assert_eq!(reply.await.status, 409);
}
