//! Bulk requests: order kept, partial failures, bounds.

use super::{House, NOBODY, ids_of, person};
use serde_json::{Value, json};

fn entities(entities: Vec<Value>) -> Value {
    json!({"entities": entities})
}

fn statuses(answer: &Value) -> Vec<u64> {
    let results = answer["results"].as_array().unwrap();
    results.iter().map(|result| result["status"].as_u64().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_bad_entity_leaves_the_others_be() {
    let house = House::new().await;
    let mut stranger = person("C", "D");
    stranger["externalOrganization"] = json!({"id": NOBODY});
    let added = house
        .post(
            "/bulk/contacts/add",
            entities(vec![
                person("A", "B"),
                json!({"firstName": 7}),
                stranger,
                json!(3),
                person("E", "F"),
            ]),
        )
        .await;
    assert_eq!(statuses(&added), [200, 400, 400, 400, 200]);
    assert_eq!((&added["errorCount"], &added["errorIndexes"]), (&json!(3), &json!([1, 2, 3])));
    let fields = added["results"][1]["error"]["details"].as_array().unwrap();
    let fields: Vec<&str> = fields.iter().map(|d| d["fieldName"].as_str().unwrap()).collect();
    assert!(fields.contains(&"firstName") && fields.contains(&"lastName"), "{fields:?}");
    assert_eq!(added["results"][2]["error"]["details"][0]["fieldName"], "externalOrganization.id");
    assert_eq!(added["results"][4]["entity"]["lastName"], "F");
    assert_eq!(house.get("/contacts").await["total"], 2);

    let ids = ids_of(&json!([added["results"][4].clone(), added["results"][0].clone()]));
    let mut last = person("E", "Z");
    last["id"] = json!(ids[0]);
    let mut nobody = person("N", "O");
    nobody["id"] = json!(NOBODY);
    let mut wrong = json!({"id": ids[1], "title": 1});
    wrong["firstName"] = json!("A");
    let updated = house
        .post("/bulk/contacts/update", entities(vec![wrong, nobody, person("no", "id"), last]))
        .await;
    assert_eq!(statuses(&updated), [400, 404, 400, 200]);
    let nothing = house.post("/bulk/contacts/update", entities(vec![json!(null), json!({})])).await;
    let faults = |index: usize| nothing["results"][index]["error"]["details"].as_array().unwrap();
    assert_eq!((faults(0).len(), &faults(0)[0]["message"]), (1, &json!("$ must be an object")));
    assert!(faults(1).len() > 1, "other faults are all named: {nothing}");
    assert_eq!(updated["results"][3]["entity"]["lastName"], "Z");
    assert_eq!(updated["results"][1]["id"], NOBODY);
    assert_eq!(house.get(&format!("/contacts/{}", ids[1])).await["lastName"], "B");

    let asked = |id: &str| json!({"id": id});
    let fetched = house
        .post(
            "/bulk/contacts",
            entities(vec![
                asked(&ids[0]),
                asked(NOBODY),
                asked("x"),
                asked(&ids[1]),
                asked(&ids[0]),
            ]),
        )
        .await;
    assert_eq!(statuses(&fetched), [200, 404, 400, 200, 200]);
    assert_eq!(fetched["results"][3]["entity"]["lastName"], "B");

    let removed = house
        .post("/bulk/contacts/remove", entities(vec![asked(&ids[0]), json!({}), asked(&ids[0])]))
        .await;
    assert_eq!(statuses(&removed), [200, 400, 404]);
    assert_eq!(house.get("/contacts").await["total"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_are_taken_and_one_more_is_not() {
    let house = House::new().await;
    let people =
        |count: usize| entities((0..count).map(|i| person("P", &format!("L{i}"))).collect());
    let added = house.post("/bulk/contacts/add", people(1_000)).await;
    assert_eq!(added["errorCount"], 0);
    let found = house.get("/contacts?pageSize=1").await;
    assert_eq!(found["total"], 1_000);
    for path in ["", "/add", "/update", "/remove"] {
        let reply = house.ask("POST", &format!("/bulk/contacts{path}"), Some(people(1_001))).await;
        assert_eq!((reply.status, reply.json()["code"].as_str()), (413, Some("bulk.too.large")));
    }
    assert_eq!(house.get("/contacts?pageSize=1").await["total"], 1_000);
}
