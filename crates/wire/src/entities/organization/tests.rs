use super::*;
use carnet_model::Timestamp;
use serde_json::json;

fn full_body() -> Value {
    json!({
        "division": { "id": "d-7" }, "name": " Société Générale de Démonstration ",
        "companyType": "SA", "industry": "Finance",
        "address": { "city": "Paris", "countryCode": "FR" },
        "phoneNumber": { "display": "01 42 68 53 00", "normalizationCountryCode": "FR" },
        "faxNumber": { "display": "317-222-2222" },
        "employeeCount": 1200, "revenue": 5_000_000_000_i64,
        "tags": ["bank", " ", "key account"], "websites": ["https://example.org", "example.com"],
        "tickers": [{ "symbol": "SGD", "exchange": "Euronext" }],
        "twitterId": { "screenName": "sgd" },
        "externalSystemUrl": "https://crm.example.org/orgs/7",
        "schema": { "id": "01890a5d-ac96-774b-bcce-b302099a8057", "version": 1 },
        "customFields": { "tier_text": "gold" },
        "externalIds": [{ "externalSource": { "name": "CRM" }, "value": "O-1" }],
        "trustor": 7,
    })
}

#[test]
fn putting_back_what_was_read_changes_nothing() {
    let old = Organization {
        id: "01890a5d-ac96-774b-bcce-b302099a8058".parse().unwrap(),
        create_date: Timestamp(1),
        modify_date: Timestamp(2),
        ..read(&full_body(), &Rules::default()).into_result().unwrap()
    };
    assert_eq!(old.tags, ["bank", "key account"]);
    let answer = serde_json::to_value(ExternalOrganization::new(&old)).unwrap();
    let mut new = read(&answer, &Rules::default()).into_result().unwrap();
    new.succeed(&old);
    new.modify_date = old.modify_date;
    assert_eq!(new, old);
    let import = read_import(&answer, &Rules::default()).into_result().unwrap();
    assert_eq!(import.create_date, Some(old.create_date));
    assert_eq!(import.modify_date, Some(old.modify_date));
    let create_date = Timestamp::default();
    let modify_date = Timestamp::default();
    assert_eq!(import.organization, Organization { create_date, modify_date, ..old });
}

#[test]
fn every_fault_of_a_body_is_named() {
    let body = json!({
        "industry": 7, "employeeCount": -1, "revenue": "much", "tags": "bank",
        "tickers": [{ "symbol": "SGD" }], "externalSystemUrl": "crm",
    });
    let invalid = read(&body, &Rules::default()).invalid;
    let said: Vec<_> = invalid.faults.iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        [
            "name is required",
            "employeeCount: there cannot be fewer than 0",
            "industry must be a text",
            "revenue must be a whole number",
            "tags must be a list",
            "tickers[0].exchange is required",
            "externalSystemUrl: this is not an http or https address with a host",
        ]
    );
    assert!(!read(&json!(null), &Rules::default()).invalid.is_empty());
}
