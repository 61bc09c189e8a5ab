//! Settings that are changed while the daemon runs.

use super::house::House;
use super::*;

const SETTINGS: &str = "/api/v2/carnet/settings";

fn value(settings: &Value, name: &str) -> Value {
    let all = settings["settings"].as_array().unwrap();
    all.iter().find(|setting| setting["name"] == name).unwrap()["value"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_default_country_is_in_force_at_once_and_says_who_changed_it() {
    let house = House::new().await;
    let read = "/api/v2/carnet/numbers/read?number=0151%2012345678";
    assert_eq!(house.get(read).await["kind"], "unread");
    let path = format!("{SETTINGS}/contacts.default_region");
    let changed = house.good("PUT", &path, Some(json!({"value": "de"}))).await;
    assert_eq!(
        changed,
        json!({"name": "contacts.default_region", "kind": "region", "value": "DE"})
    );
    assert_eq!(house.get(read).await["e164"], "+4915112345678");
    // Look-ups of both kinds, and what is added from now on.
    house
        .add(json!({"firstName": "A", "lastName": "B", "cellPhone": {"display": "0151 12345678"}}))
        .await;
    for lookup in ["/reversewhitepageslookup?lookupVal=0151%2012345678"] {
        assert_eq!(house.get(lookup).await["contacts"].as_array().unwrap().len(), 1);
    }
    assert_eq!(house.get("/contacts?q=0151%2012345678").await["total"], 1);
    let settings = house.get(SETTINGS).await;
    assert_eq!(value(&settings, "contacts.default_region"), "DE");
    let last = &settings["changes"][0];
    assert_eq!((&last["name"], &last["value"]), (&json!("contacts.default_region"), &json!("DE")));
    assert!(last["changedBy"].as_str().is_some_and(|by| !by.is_empty()), "{last}");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_setting_changes_what_it_says() {
    let house = House::new().await;
    let nameless = json!({"workEmail": "a@example.org"});
    assert_eq!(house.ask("POST", "/contacts", Some(nameless.clone())).await.status, 400);
    let put = async |name: &str, value: Value| {
        house
            .good("PUT", &format!("{SETTINGS}/contacts.{name}"), Some(json!({"value": value})))
            .await
    };
    put("require_names", json!(false)).await;
    assert_eq!(house.ask("POST", "/contacts", Some(nameless)).await.status, 200);
    let mut free = person("A", "B");
    free["customFields"] = json!({"anything": 1});
    assert_eq!(house.ask("POST", "/contacts", Some(free.clone())).await.status, 400);
    put("free_fields", json!("true")).await;
    assert_eq!(house.ask("POST", "/contacts", Some(free)).await.status, 200);
    put("internal_numbers", json!("3-4")).await;
    let read = "/api/v2/carnet/numbers/read?number=1047";
    assert_eq!(house.get(read).await["kind"], "internal");
    put("internal_numbers", json!("")).await;
    assert_eq!(house.get(read).await["kind"], "unread");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_value_is_named_and_what_is_fixed_stays() {
    let house = House::with(|settings| {
        settings.fixed.insert("contacts.default_region".into(), "carnet.toml".into());
    })
    .await;
    for (name, body, field) in [
        ("contacts.internal_numbers", json!({"value": "9-2"}), "value"),
        ("contacts.require_names", json!({"value": "perhaps"}), "value"),
        ("contacts.require_names", json!({"value": 1}), "value"),
        ("contacts.require_names", json!({}), "value"),
        ("listen", json!({"value": "0.0.0.0:1"}), "name"),
    ] {
        let reply = house.ask("PUT", &format!("{SETTINGS}/{name}"), Some(body)).await;
        assert_eq!((reply.status, reply.faulty_fields()), (400, vec![field.to_owned()]), "{name}");
    }
    let path = format!("{SETTINGS}/contacts.default_region");
    let fixed = house.ask("PUT", &path, Some(json!({"value": "DE"}))).await;
    assert_eq!(fixed.status, 409);
    assert!(fixed.json()["message"].as_str().unwrap().contains("carnet.toml"));
    let settings = house.get(SETTINGS).await;
    assert_eq!(value(&settings, "contacts.default_region"), "US");
    assert_eq!(settings["changes"], json!([]));
}
