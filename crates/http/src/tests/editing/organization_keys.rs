//! An external id of an organisation is a key among organisations, as that of a contact is among
//! contacts. After hapifhir/hapi-fhir#3141, where creates at the same time made doubles.

use super::*;

fn ids(source: Value, value: &str) -> Value {
    json!([{"externalSource": source, "value": value}])
}

fn erp(value: &str) -> Value {
    ids(json!({"name": "ERP"}), value)
}

fn firm(name: &str, ids: Value) -> Value {
    json!({"name": name, "externalIds": ids})
}

async fn add(house: &House, body: Value) -> String {
    id_of(&house.post("/organizations", body).await)
}

#[track_caller]
fn taken(reply: &house::Reply, holder: &str) {
    let error = reply.json();
    assert_eq!((reply.status, &error["code"]), (409, &json!("conflict")), "{error}");
    assert_eq!(error["entityId"], holder, "{error}");
    assert_eq!(error["details"][0]["fieldName"], "externalIds[0]", "{error}");
    let message = error["message"].as_str().unwrap();
    assert!(message.contains(&format!("organisation {holder}")), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_twelve_organisations_created_at_once_with_one_key_one_is_kept() {
    let house = House::new().await;
    let creates = (0..12).map(|n| {
        let (house, body) = (&house, firm(&format!("Race {n}"), erp("race")));
        async move { house.ask("POST", "/organizations", Some(body)).await }
    });
    let replies = at_once(creates).await;
    let made: Vec<_> = replies.iter().filter(|reply| reply.status == 200).collect();
    assert_eq!(made.len(), 1);
    let holder = id_of(&made[0].json());
    for reply in replies.iter().filter(|reply| reply.status != 200) {
        taken(reply, &holder);
    }
    assert_eq!(house.get("/organizations").await["total"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_way_leads_to_a_second_organisation_of_one_key() {
    let house = House::new().await;
    let holder = add(&house, firm("One", erp("1"))).await;
    let other = add(&house, firm("Two", erp("2"))).await;
    let path = format!("/organizations/{other}");
    taken(&house.ask("POST", "/organizations", Some(firm("New", erp("1")))).await, &holder);
    taken(&house.ask("PUT", &path, Some(firm("Two", erp("1")))).await, &holder);
    for action in ["Update", "AppendToCollection"] {
        let change = json!({"field": "$.externalIds", "action": action, "value": erp("1")});
        let reply = house.ask("PATCH", &path, Some(json!({"changes": [change]}))).await;
        let error = reply.json();
        assert_eq!((reply.status, &error["entityId"]), (409, &json!(holder)), "{error}");
    }
    assert_eq!(house.get(&path).await["externalIds"][0]["value"], "2");
    assert_eq!(house.get("/organizations").await["total"], 2);
    // A contact may have the key of an organisation: they are told apart by what is asked for.
    let mut contact = person("A", "B");
    contact["externalIds"] = erp("1");
    house.add(contact).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_updates_the_organisation_that_has_the_key_and_takes_from_none() {
    let house = House::new().await;
    let holder = add(&house, firm("One", erp("1"))).await;
    let other = add(&house, firm("Two", erp("2"))).await;
    let mut stolen = firm("Two anew", erp("1"));
    stolen["id"] = json!(other);
    let mut fresh = firm("Fresh", erp("2"));
    fresh["id"] = json!(NOBODY);
    let both = [erp("1"), erp("2")].map(|ids| ids[0].clone());
    let lines = [
        firm("One anew", erp("1")),
        stolen,
        fresh,
        firm("Both", json!(both)),
        // Known by its name, it takes a key that another has.
        firm("Two", erp("1")),
        firm("Four", erp("4")),
        firm("Four anew", erp("4")),
    ];
    let lines = lines.map(|line| line.to_string()).join("\n");
    let authorization = format!("Bearer {}", house.token);
    let headers = [("authorization", authorization.as_str())];
    let path = "/api/v2/carnet/import";
    let report = house.ask_raw("POST", path, &headers, RequestBody::whole(lines)).await.json();
    let count = |name: &str| report[name].as_u64().unwrap();
    assert_eq!((count("added"), count("updated"), count("skipped")), (1, 3, 3), "{report}");
    let errors = report["errors"].as_array().unwrap();
    let told: Vec<_> = errors.iter().map(|e| (e["line"].as_u64().unwrap(), &e["field"])).collect();
    let (first, second) = (json!("externalIds[0]"), json!("externalIds[1]"));
    assert_eq!(told, [(2, &first), (3, &first), (4, &second)], "{report}");
    for (error, holder) in errors.iter().zip([&holder, &other, &other]) {
        assert!(error["reason"].as_str().unwrap().contains(holder.as_str()), "{error}");
    }
    assert_eq!(house.get(&format!("/organizations/{other}")).await["name"], "Two");
    assert_eq!(house.get("/organizations").await["total"], 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_of_an_organisation_is_free_again_when_its_holder_lets_it_go() {
    let house = House::new().await;
    let holder = add(&house, firm("One", ids(json!({"id": "s", "name": "ERP"}), "1"))).await;
    let path = format!("/organizations/{holder}");
    // Written back as it was read, its own key is no other's.
    let same = house.get(&path).await;
    assert_eq!(house.ask("PUT", &path, Some(same)).await.status, 200);
    // Another system of that name is another key.
    add(&house, firm("Two", ids(json!({"id": "t", "name": "ERP"}), "1"))).await;
    assert_eq!(house.ask("PUT", &path, Some(json!({"name": "One"}))).await.status, 200);
    let next = add(&house, firm("Three", ids(json!({"id": "s"}), "1"))).await;
    let removed = house.ask("DELETE", &format!("/organizations/{next}"), None).await;
    assert_eq!(removed.status, 200);
    add(&house, firm("Four", ids(json!({"id": "s"}), "1"))).await;
}
