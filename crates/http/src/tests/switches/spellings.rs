//! Numbers as people have them in their books and as switches send them: whichever spelling is stored,
//! every other that means the same subscriber finds the contact, by every look-up. Each kind is named
//! after the public report that it was seen in.

use super::{House, Reply, person};
use crate::RequestBody;
use carnet_phone::Region;
use serde_json::{Value, json};

async fn house(region: &str) -> House {
    let region = Region::parse(region).unwrap();
    House::with(|settings| settings.default_region = region).await
}

async fn add(house: &House, last: &str, typed: &str) -> Value {
    let mut contact = person("Ann", last);
    contact["workPhone"] = json!({"display": typed});
    house.post("/contacts", contact).await
}

async fn get(house: &House, target: &str) -> Reply {
    let authorization = format!("Bearer {}", house.token);
    let headers = [("authorization", authorization.as_str())];
    house.ask_raw("GET", target, &headers, RequestBody::empty()).await
}

fn escaped(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// Asks caller ID, the look-up for programs, reverse white pages, and with the plus also identifiers.
async fn check(house: &House, asked: &str, last: &str) {
    let value = escaped(asked);
    let reply = get(house, &format!("/cid?number={value}")).await;
    assert_eq!(String::from_utf8(reply.bytes).unwrap(), format!("Ann {last}"), "{asked}");
    let reply = get(house, &format!("/lookup/{value}")).await.json();
    assert_eq!(reply["contacts"][0]["lastName"], last, "{asked}: {reply}");
    assert_eq!(reply["contacts"][0]["phoneLabel"], "work", "{asked}: {reply}");
    let found = house.get(&format!("/reversewhitepageslookup?lookupVal={value}")).await;
    assert_eq!(found["contacts"][0]["lastName"], last, "{asked}: {found}");
    if asked.starts_with('+') {
        let body = json!({"type": "Phone", "value": asked});
        let found = house.post("/identifierlookup/contacts", body).await;
        assert_eq!(found["lastName"], last, "{asked}");
    }
}

async fn check_all(house: &House, last: &str, asked: &[&str]) {
    for asked in asked {
        // The second time from the render cache.
        for _ in 0..2 {
            check(house, asked, last).await;
        }
    }
}

/// chatwoot/chatwoot#14048 and PR#14926, python-phonenumbers#306, intl-tel-input#982.
#[tokio::test]
async fn mexicos_mobile_one_makes_no_difference() {
    let house = house("MX").await;
    add(&house, "Nueva", "+52 55 1234 5678").await;
    let old = add(&house, "Viejo", "+52 1 55 1234 5679").await;
    assert_eq!(old["workPhone"]["e164"], "+525512345679");
    check_all(
        &house,
        "Nueva",
        &["5215512345678", "+5215512345678", "+525512345678", "55 1234 5678"],
    )
    .await;
    check_all(&house, "Viejo", &["+525512345679", "5215512345679", "+52 1 55 1234 5679"]).await;
}

/// chatwoot/chatwoot#11053 and PR#14264.
#[tokio::test]
async fn argentinas_nine_and_fifteen_make_no_difference() {
    let house = house("AR").await;
    add(&house, "Movil", "011 15-2345-6789").await;
    let asked =
        ["5491123456789", "+5491123456789", "11 15 2345 6789", "+541123456789", "541123456789"];
    check_all(&house, "Movil", &asked).await;
    // The exact number wins over the other form.
    add(&house, "Fijo", "+54 11 2345-6789").await;
    check_all(&house, "Fijo", &["+541123456789", "541123456789"]).await;
    check_all(&house, "Movil", &["+5491123456789"]).await;
}

#[tokio::test]
async fn numbers_of_older_plans_find_and_are_found() {
    let house = house("US").await;
    for (last, typed, asked) in [
        ("Benin", "+229 97 12 34 56", ["+2290197123456", "2290197123456", "22997123456"]),
        ("Ivory", "+225 01 01 23 45 67", ["+22501234567", "+2250101234567", "22501234567"]),
        ("Brazil", "+55 11 8765-4321", ["+5511987654321", "+551187654321", "551187654321"]),
        ("Vietnam", "+84 120 234 5678", ["+84702345678", "+841202345678", "841202345678"]),
    ] {
        add(&house, last, typed).await;
        check_all(&house, last, &asked).await;
    }
}

/// jackocnr/intl-tel-input#2105, PhoneNumberKit#294, qksms#1774, libphonenumber-js#141.
#[tokio::test]
async fn digits_of_every_script_find_with_and_without_a_plus() {
    let house = house("US").await;
    add(&house, "Irani", "+98 912 345 6789").await;
    let asked = [
        "989123456789",
        "۹۸۹۱۲۳۴۵۶۷۸۹",
        "９８９１２３４５６７８９",
        "+۹۸ ۹۱۲ ۳۴۵ ۶۷۸۹",
        "٩٨٩١٢٣٤٥٦٧٨٩",
    ];
    check_all(&house, "Irani", &asked).await;
}

/// owncloud-archive/contacts#818 and #574, alltheplaces PR#9548, instedd/verboice#682.
#[tokio::test]
async fn both_of_two_numbers_in_one_field_are_found_and_the_text_is_kept() {
    let house = house("FR").await;
    for (n, typed) in [
        "01 23 45 67 01 / 06 12 34 56 01",
        "0123456702 ::: 0612345602",
        "0123456703 ou 0612345603",
        "0123456704;0612345604",
        "0123456705, 0612345605",
    ]
    .into_iter()
    .enumerate()
    {
        let last = format!("Two{n}");
        let kept = add(&house, &last, typed).await;
        assert_eq!(kept["workPhone"]["display"], typed);
        assert!(kept["workPhone"].get("e164").is_none(), "{kept}");
        assert!(kept["workPhone"].get("extension").is_none(), "{kept}");
        let (one, other) = (format!("012345670{}", n + 1), format!("061234560{}", n + 1));
        check_all(&house, &last, &[&one, &other]).await;
        // Sent back as it is shown, it stays.
        let id = kept["id"].as_str().unwrap();
        let shown = house.get(&format!("/contacts/{id}")).await;
        house.good("PUT", &format!("/contacts/{id}"), Some(shown)).await;
        check_all(&house, &last, &[&one, &other]).await;
        let patch = json!({"changes": [{"field": "$.title", "action": "Update", "value": "Dr"}]});
        house.good("PATCH", &format!("/contacts/{id}"), Some(patch)).await;
        check_all(&house, &last, &[&one, &other]).await;
    }
}

/// Metaswitch/sprout#1096: parameters that a switch adds when it has asked for portability.
#[tokio::test]
async fn parameters_of_portability_are_no_part_of_the_number() {
    let house = house("US").await;
    add(&house, "Ported", "+1 212 555 0101").await;
    for asked in [
        "tel:+12125550101",
        "tel:+1-212-555-0101;npdi;rn=+12125550000",
        "sip:+12125550101;npdi@pbx.example",
        "sip:+12125550101@pbx.example;user=phone",
        "tel:+12125550101;npdi",
        "2125550101;npdi",
    ] {
        check_all(&house, "Ported", &[asked]).await;
    }
    // No identifiers with parameters: these begin with a plus.
    for asked in ["+12125550101;npdi", "+12125550101;npdi;rn=+12125550000"] {
        let reply = get(&house, &format!("/cid?number={}", escaped(asked))).await;
        assert_eq!(reply.bytes, b"Ann Ported", "{asked}");
    }
}

/// A French number in a book of the United States is kept as typed.
#[tokio::test]
async fn a_number_unlike_the_region_is_kept_as_typed() {
    let house = house("US").await;
    let kept = add(&house, "Paris", "06 12 34 56 78").await;
    assert_eq!(kept["workPhone"]["display"], "06 12 34 56 78");
    assert!(kept["workPhone"].get("e164").is_none(), "{kept}");
    assert_eq!(get(&house, "/cid?number=%2B10612345678").await.bytes, b"");
}
