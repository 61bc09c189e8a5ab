//! Schemas of custom fields: every operation, and the records that follow them.

use super::{API, House, NOBODY, id_of, ids_of, person};
use serde_json::{Value, json};

/// The body of a schema with these fields.
fn schema(name: &str, version: u64, keys: &[&str]) -> Value {
    let field = |key: &&str| {
        let (_, core_type) = key.rsplit_once('_').unwrap();
        let field =
            json!({"allOf": [{"$ref": format!("#/definitions/{core_type}")}], "title": key});
        ((*key).to_owned(), field)
    };
    let properties: Value = keys.iter().map(field).collect();
    json!({
        "name": name, "version": version, "enabled": true,
        "jsonSchema": {
            "$schema": "http://json-schema.org/draft-04/schema#",
            "title": name, "properties": properties,
        },
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn schemas_of_either_kind_are_made_listed_and_versioned() {
    let house = House::new().await;
    for folder in ["/contacts/schemas", "/organizations/schemas"] {
        let made = house.post(folder, schema("Customer", 0, &["a_text"])).await;
        let path = format!("{folder}/{}", id_of(&made));
        assert_eq!(made["selfUri"], format!("{API}{path}"));
        assert_eq!((&made["version"], &made["enabled"]), (&json!(1), &json!(true)));
        assert_eq!(house.get(&path).await, made);
        let mut next = schema("Client", 1, &["a_text", "b_date"]);
        next["enabled"] = json!(false);
        let next = house.good("PUT", &path, Some(next)).await;
        assert_eq!((&next["version"], &next["name"]), (&json!(2), &json!("Client")));
        assert_eq!(next["enabled"], false);
        // Whoever has seen an older version is told so.
        let late = house.ask("PUT", &path, Some(schema("Late", 1, &["a_text"]))).await;
        assert_eq!((late.status, late.json()["code"].as_str()), (409, Some("conflict")));
        let nameless = house.ask("PUT", &path, Some(json!({"name": "x", "jsonSchema": {}}))).await;
        assert_eq!((nameless.status, nameless.faulty_fields()), (400, vec!["version".to_owned()]));

        let list = house.get(folder).await;
        assert_eq!((&list["total"], &list["entities"]), (&json!(1), &json!([next])));
        let versions = house.get(&format!("{path}/versions")).await;
        assert_eq!(versions["entities"], json!([made, next]));
        assert_eq!(house.get(&format!("{path}/versions/1")).await, made);
        for missing in [
            format!("{folder}/{NOBODY}"),
            format!("{folder}/{NOBODY}/versions"),
            format!("{folder}/shoe"),
            format!("{path}/versions/3"),
            format!("{path}/versions/shoe"),
            format!("{folder}/coretypes/shoe"),
        ] {
            let reply = house.ask("GET", &missing, None).await;
            assert_eq!((reply.status, reply.json()["code"].as_str()), (404, Some("not.found")));
        }
        let unknown = format!("{folder}/{NOBODY}");
        assert_eq!(house.ask("PUT", &unknown, Some(schema("x", 1, &[]))).await.status, 404);
        let types = house.get(&format!("{folder}/coretypes")).await;
        assert_eq!(types["total"], 11);
        let text = house.get(&format!("{folder}/coretypes/text")).await;
        assert_eq!(text, types["entities"][0]);
        let limits = house.get(&format!("{folder}/limits")).await;
        assert_eq!(limits["maxNumberOfFieldsPerSchema"], 50);
    }
    // One of contacts is none of organisations.
    let of_contacts = house.get("/contacts/schemas").await["entities"][0].clone();
    let path = format!("/organizations/schemas/{}", id_of(&of_contacts));
    assert_eq!(house.ask("GET", &path, None).await.status, 404);
    assert_eq!(house.ask("DELETE", &path, None).await.status, 405);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_fault_of_a_schema_is_named_at_its_place() {
    let house = House::new().await;
    let mut body = schema("", 0, &["a_text", "b_date"]);
    body["jsonSchema"]["title"] = Value::Null;
    body["jsonSchema"]["properties"]["a_text"]["maxLength"] = json!(101);
    body["jsonSchema"]["properties"]["b_date"]["pattern"] = json!("x");
    for folder in ["/contacts/schemas", "/organizations/schemas"] {
        let reply = house.ask("POST", folder, Some(body.clone())).await;
        assert_eq!((reply.status, reply.json()["code"].as_str()), (400, Some("invalid.value")));
        assert_eq!(
            reply.faulty_fields(),
            [
                "jsonSchema.properties.a_text.maxLength",
                "jsonSchema.properties.b_date.pattern",
                "name"
            ]
        );
        assert_eq!(house.ask("POST", folder, Some(json!([]))).await.status, 400);
        assert_eq!(house.get(folder).await["total"], 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removed_schema_stays_readable_and_its_records_keep_it() {
    let house = House::new().await;
    let made = house.post("/contacts/schemas", schema("Customer", 0, &["a_text"])).await;
    let path = format!("/contacts/schemas/{}", id_of(&made));
    let mut body = person("Ann", "Bell");
    body["schema"] = json!({"id": made["id"]});
    body["customFields"] = json!({"a_text": "x"});
    let contact = house.post("/contacts", body.clone()).await;
    assert_eq!(contact["schema"], json!({"id": made["id"], "version": 1}));
    house.good("DELETE", &path, None).await;
    assert_eq!(house.ask("DELETE", &path, None).await.status, 404);
    assert_eq!(house.ask("GET", &path, None).await.status, 404);
    assert_eq!(house.get("/contacts/schemas").await["total"], 0);
    assert_eq!(house.get(&format!("{path}/versions/1")).await, made);
    assert_eq!(house.get(&format!("{path}/versions")).await["entities"], json!([made]));
    let kept = format!("/contacts/{}", id_of(&contact));
    assert_eq!(house.get(&kept).await, contact);
    let mut again = contact.clone();
    again["customFields"]["a_text"] = json!("y");
    house.good("PUT", &kept, Some(again)).await;
    let refused = house.ask("POST", "/contacts", Some(body)).await;
    assert_eq!((refused.status, refused.faulty_fields()), (400, vec!["schema.id".to_owned()]));
}

#[tokio::test(flavor = "multi_thread")]
async fn custom_fields_are_checked_at_every_door_and_every_fault_is_named() {
    let house = House::new().await;
    let made = house
        .post("/contacts/schemas", schema("Customer", 0, &["contract_number_text", "since_date"]))
        .await;
    let of = |last: &str, fields: Value| {
        let mut body = person("Ann", last);
        body["schema"] = json!({"id": made["id"], "version": 1});
        body["customFields"] = fields;
        body
    };
    let bad = of("Bell", json!({"contract_number_text": 7, "since_date": "2026-02-30"}));
    let named = ["customFields.contract_number_text", "customFields.since_date"];
    let id = house.add(of("Good", json!({"since_date": "2024-02-29"}))).await;
    let path = format!("/contacts/{id}");
    let change = |field: &str, value: Value| json!({"changes": [{"field": field, "action": "Update", "value": value}]});
    for (method, path, body, fields) in [
        ("POST", "/contacts", bad.clone(), &named[..]),
        ("PUT", &path, bad.clone(), &named),
        ("PATCH", &path, change("$.customFields.since_date", json!("soon")), &named[1..]),
        ("PATCH", &path, change("$.schema.version", json!(2)), &["schema.version"]),
    ] {
        let reply = house.ask(method, path, Some(body)).await;
        assert_eq!(
            (reply.status, reply.faulty_fields()),
            (400, fields.iter().map(|f| (*f).to_owned()).collect())
        );
    }
    // Beside the faults of other fields, too.
    let mut worse = bad.clone();
    worse["workEmail"] = json!("nobody");
    let reply = house.ask("POST", "/contacts", Some(worse)).await;
    assert_eq!(reply.faulty_fields(), ["workEmail", named[0], named[1]]);

    let bulk =
        house.post("/bulk/contacts/add", json!({"entities": [bad, of("Two", json!({}))]})).await;
    assert_eq!(bulk["errorIndexes"], json!([0]));
    let details = bulk["results"][0]["error"]["details"].as_array().unwrap().clone();
    let places: Vec<&str> = details.iter().map(|one| one["fieldName"].as_str().unwrap()).collect();
    assert_eq!(places, named);
    assert_eq!(details[0]["value"], "7");

    let free = house.ask(
        "POST",
        "/contacts",
        Some({
            let mut body = person("Ann", "Free");
            body["customFields"] = json!({"shoe": 42});
            body
        }),
    );
    let free = free.await;
    assert_eq!((free.status, free.faulty_fields()), (400, vec!["customFields".to_owned()]));
    let organization = json!({"name": "Acme", "customFields": {"shoe": 42}, "employeeCount": "x"});
    let reply = house.ask("POST", "/organizations", Some(organization)).await;
    assert_eq!(reply.faulty_fields(), ["employeeCount"]);
    let made = house.post("/organizations/schemas", schema("Firm", 0, &["size_integer"])).await;
    let organization = json!({
        "name": "Acme", "schema": {"id": made["id"]},
        "customFields": {"size_integer": 1.5}, "employeeCount": "x",
    });
    let reply = house.ask("POST", "/organizations", Some(organization)).await;
    assert_eq!(reply.faulty_fields(), ["employeeCount", "customFields.size_integer"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn whole_numbers_beyond_64_bits_come_back_to_the_digit() {
    let house = House::new().await;
    let made = house.post("/contacts/schemas", schema("Numbers", 0, &["n_integer"])).await;
    let digits = "99999999999999999999999999999999999999";
    let authorization = format!("Bearer {}", house.token);
    let headers = [("authorization", authorization.as_str()), ("content-type", "application/json")];
    let body = format!(
        r#"{{"firstName":"Ann","lastName":"Bell","cellPhone":{{"display":"+33612345678"}},"schema":{{"id":{}}},"customFields":{{"n_integer":{digits}}}}}"#,
        made["id"]
    );
    let post = |body: String| {
        house.ask_raw(
            "POST",
            "/api/v2/externalcontacts/contacts",
            &headers,
            crate::RequestBody::whole(body),
        )
    };
    let added = post(body.clone()).await;
    let text = String::from_utf8(added.bytes.clone()).unwrap();
    assert_eq!(added.status, 200, "{text}");
    let field = format!("\"customFields\":{{\"n_integer\":{digits}}}");
    assert!(text.contains(&field), "{text}");
    // From the store, from memory, after a patch, and in the echo of a refusal.
    let path = format!("/contacts/{}", id_of(&added.json()));
    let rename = json!({"changes": [{"field": "$.title", "action": "Update", "value": "Dr"}]});
    house.good("PATCH", &path, Some(rename)).await;
    for path in [path.as_str(), "/reversewhitepageslookup?lookupVal=%2B33612345678"] {
        let reply = house.ask("GET", path, None).await;
        let text = String::from_utf8(reply.bytes).unwrap();
        assert!(text.contains(&field), "{path}: {text}");
    }
    let bulk = format!(r#"{{"entities":[{{"customFields":{{"n_integer":{digits}}}}}]}}"#);
    let path = "/api/v2/externalcontacts/bulk/contacts/add";
    let reply = house.ask_raw("POST", path, &headers, crate::RequestBody::whole(bulk)).await;
    let text = String::from_utf8(reply.bytes).unwrap();
    assert!(reply.status == 200 && text.contains(&field), "{text}");
    let long = post(body.replace(digits, &"9".repeat(39))).await;
    assert_eq!(
        (long.status, long.faulty_fields()),
        (400, vec!["customFields.n_integer".to_owned()])
    );
    let forged = post(body.replace(digits, &format!("\"\\u0000{digits}\""))).await;
    assert_eq!(forged.status, 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_field_of_type_identifier_is_looked_up_by_its_value() {
    let house = House::new().await;
    let made =
        house.post("/contacts/schemas", schema("Member", 0, &["m_identifier", "k_tag"])).await;
    let acme = house.post("/organizations", json!({"name": "Acme"})).await;
    let mut body = person("Ann", "Bell");
    body["schema"] = json!({"id": made["id"]});
    body["customFields"] = json!({"m_identifier": "M/77 é", "k_tag": ["Gold", "Long Standing"]});
    body["externalOrganization"] = json!({"id": acme["id"]});
    let id = house.add(body).await;
    let found = house.get("/api/v2/carnet/fields/m_identifier/m%2F77%20%C3%89").await;
    assert_eq!(
        found,
        json!({
            "key": "m_identifier", "value": "m/77 É",
            "contacts": [{"id": id, "firstName": "Ann", "lastName": "Bell", "organization": "Acme"}],
            "organizations": [],
        })
    );
    let made =
        house.post("/organizations/schemas", schema("Firm", 0, &["vat_identifier", "k_tag"])).await;
    let fields = json!({"vat_identifier": "FR 123", "k_tag": ["Gold"]});
    let body = json!({"name": "Kontor", "schema": {"id": made["id"]}, "customFields": fields});
    let firm = id_of(&house.post("/organizations", body).await);
    let found = house.get("/api/v2/carnet/fields/vat_identifier/fr%20123").await;
    assert_eq!(found["organizations"], json!([{"id": firm, "name": "Kontor"}]));
    for text in ["fr+123", "gold", "%22gold%22", "kont"] {
        let page = house.get(&format!("/organizations?q={text}")).await;
        assert_eq!(ids_of(&page["entities"]), std::slice::from_ref(&firm), "{text}");
    }
    let page = house.get("/organizations?q=fr").await;
    assert_eq!(page["total"], 0, "an identifier is found whole");
    assert_eq!(house.get("/api/v2/carnet/fields/m_identifier/M").await["contacts"], json!([]));
    let reply = house.ask("GET", "/api/v2/carnet/fields/k_tag/gold", None).await;
    assert_eq!((reply.status, reply.faulty_fields()), (400, vec!["key".to_owned()]));
    for text in ["m%2F77%20%C3%A9", "gold", "%22long+standing%22"] {
        let page = house.get(&format!("/contacts?q={text}")).await;
        assert_eq!(ids_of(&page["entities"]), std::slice::from_ref(&id), "{text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_daemon_exports_it_imports_with_the_same_schemas() {
    let first = House::new().await;
    let made = first.post("/contacts/schemas", schema("Customer", 0, &["a_text"])).await;
    let path = format!("/contacts/schemas/{}", id_of(&made));
    let mut body = person("Ann", "Bell");
    body["schema"] = json!({"id": made["id"]});
    body["customFields"] = json!({"a_text": "x"});
    let id = first.add(body).await;
    first.good("PUT", &path, Some(schema("Client", 1, &["b_text"]))).await;
    let export = |house: &House| {
        let authorization = format!("Bearer {}", house.token);
        let service = house.service.clone();
        async move {
            let request = hyper::Request::get("/api/v2/carnet/export")
                .header("authorization", authorization)
                .body(crate::RequestBody::empty());
            let answer = service.answer(request.unwrap()).await;
            let bytes = http_body_util::BodyExt::collect(answer.into_body()).await.unwrap();
            String::from_utf8(bytes.to_bytes().to_vec()).unwrap()
        }
    };
    let lines = export(&first).await;
    let second = House::new().await;
    let authorization = format!("Bearer {}", second.token);
    let headers =
        [("authorization", authorization.as_str()), ("content-type", "application/x-ndjson")];
    let body = crate::RequestBody::whole(lines.clone());
    let report = second.ask_raw("POST", "/api/v2/carnet/import", &headers, body).await;
    assert_eq!((&report.json()["added"], &report.json()["skipped"]), (&json!(3), &json!(0)));
    assert_eq!(export(&second).await, lines);
    let versions = format!("{path}/versions");
    assert_eq!(second.get(&versions).await, first.get(&versions).await);
    assert_eq!(second.get(&format!("/contacts/{id}")).await["schema"]["version"], 1);
}
