use super::*;
use crate::json::reader::read_body;
use serde_json::{Value, json};

/// Reads one number in the United States; what is wrong comes as text.
fn read_us(body: Value, keep_input: bool, style: PhoneStyle) -> Result<Option<Phone>, String> {
    let rules = Rules::default();
    let reading = Reading { rules: &rules, keep_input };
    let body = json!({ "p": body });
    let checked = read_body(&body, |at| read(&at.field("p"), reading, style));
    checked.into_result().map_err(|invalid| invalid.to_string())
}

fn written(phone: &Phone) -> Value {
    serde_json::to_value(PhoneNumber(phone)).unwrap()
}

/// Reads a body and returns the answer made of it.
#[track_caller]
fn check(body: Value, expected: Value) {
    let phone = read_us(body, false, PhoneStyle::Typed).unwrap();
    assert_eq!(phone.as_ref().map_or(Value::Null, written), expected);
}

#[test]
fn a_typed_number_gets_its_forms() {
    check(
        json!({ "display": "(317) 222-2222" }),
        json!({
            "display": "+1 317-222-2222", "userInput": "(317) 222-2222", "e164": "+13172222222",
            "countryCode": "US", "acceptsSMS": false,
        }),
    );
    check(
        json!({ "display": "01 42 68 53 00", "normalizationCountryCode": "fr", "acceptsSMS": true }),
        json!({
            "display": "+33 1 42 68 53 00", "userInput": "01 42 68 53 00", "e164": "+33142685300",
            "countryCode": "FR", "normalizationCountryCode": "FR", "acceptsSMS": true,
        }),
    );
    check(
        json!({ "display": "+870 773 111 632" }),
        json!({
            "display": "+870 773 111 632", "userInput": "+870 773 111 632",
            "e164": "+870773111632", "countryCode": "001", "acceptsSMS": false,
        }),
    );
}

#[test]
fn what_is_no_number_is_kept_as_typed() {
    check(
        json!({ "display": "020-2672-6670", "extension": 5 }),
        json!({
            "display": "020-2672-6670", "userInput": "020-2672-6670", "extension": 5,
            "acceptsSMS": false,
        }),
    );
}

#[test]
fn without_a_number_there_is_no_phone() {
    check(json!(null), Value::Null);
    check(json!({}), Value::Null);
    check(json!({ "display": "", "acceptsSMS": true }), Value::Null);
}

#[test]
fn a_typed_extension_moves_where_none_is_given() {
    let extension = |body| read_us(body, false, PhoneStyle::Typed).unwrap().unwrap().extension;
    assert_eq!(extension(json!({ "display": "321-700-1243 x 123" })), Some(123));
    assert_eq!(extension(json!({ "display": "321-700-1243 x 123", "extension": 9 })), Some(9));
    assert_eq!(extension(json!({ "display": "321-700-1243" })), None);
}

#[test]
fn wrong_numbers_name_the_field() {
    let check = |body, expected: &str| {
        let fault = read_us(body, false, PhoneStyle::Typed).unwrap_err();
        assert!(fault.starts_with(expected), "{fault}");
    };
    check(json!("+13172222222"), "p must be an object");
    check(json!({ "display": "x123" }), "p.display: this is only an extension");
    check(json!({ "extension": 12 }), "p.extension: ");
    check(json!({ "display": "317-222-2222", "extension": -1 }), "p.extension: ");
    check(json!({ "display": "317-222-2222", "extension": "12" }), "p.extension must be");
    check(
        json!({ "display": "317-222-2222", "normalizationCountryCode": "XX" }),
        "p.normalization",
    );
    check(json!({ "display": 5 }), "p.display must be a text");
    check(json!({ "display": "317-222-2222", "acceptsSMS": "no" }), "p.acceptsSMS must be");
    check(json!({ "display": "1".repeat(513) }), "p.display is longer than 512");
    check(json!({ "display": "321-700-1243 ext. 1234567890123456" }), "p.display: the extension");
}

#[test]
fn server_fields_stand_in_for_display_and_are_ignored_otherwise() {
    let input = |body| read_us(body, false, PhoneStyle::Typed).unwrap().unwrap().input;
    assert_eq!(input(json!({ "userInput": "317-222-2222", "e164": "+1317" })), "317-222-2222");
    assert_eq!(input(json!({ "e164": "+13172222222" })), "+13172222222");
    assert_eq!(input(json!({ "display": "a", "userInput": 7, "e164": [], "countryCode": 1 })), "a");
}

#[test]
fn import_keeps_what_was_typed_for_the_same_number() {
    let input = |body| read_us(body, true, PhoneStyle::Typed).unwrap().unwrap().input;
    let shown = "+1 317-222-2222";
    assert_eq!(input(json!({ "display": shown, "userInput": "(317) 222-2222" })), "(317) 222-2222");
    assert_eq!(input(json!({ "display": shown, "userInput": "317-222-2223" })), shown);
    // Typed where the default was another country.
    let french = json!({ "display": "+33 1 42 68 53 00", "userInput": "01 42 68 53 00" });
    assert_eq!(input(french), "01 42 68 53 00");
}

#[test]
fn whatsapp_has_digits_without_a_plus() {
    let number = |text: &str| {
        let phone = read_us(json!({ "display": text }), false, PhoneStyle::WhatsApp).unwrap();
        phone.unwrap().e164.map(|number| number.to_string())
    };
    assert_eq!(number("33612345678").as_deref(), Some("+33612345678"));
    assert_eq!(number("4520123456").as_deref(), Some("+4520123456"));
    assert_eq!(number("13172222222").as_deref(), Some("+13172222222"));
    // No number of the Netherlands, where +31 leads.
    assert_eq!(number("3172222222").as_deref(), Some("+13172222222"));
    assert_eq!(number("+33 6 12 34 56 78").as_deref(), Some("+33612345678"));
}

#[test]
fn a_number_that_would_be_read_otherwise_stays_itself_when_sent_back() {
    let read = |body| read_us(body, false, PhoneStyle::Typed).unwrap().unwrap();
    let phone = read(json!({ "display": "+49004966" }));
    assert_eq!(phone.e164, E164::parse("+4904966"));
    let again = read(written(&phone));
    assert_eq!(again.e164, phone.e164);
    // A number that is not shown in this form is not believed, nor is one that cannot be dialled.
    let forged = json!({ "display": "317-222-2222", "e164": "+33612345678" });
    assert_eq!(read(forged).e164, E164::parse("+13172222222"));
    assert_eq!(read(json!({ "display": "+999123456", "e164": "+999123456" })).e164, None);
}

/// zammad/zammad#4555, FreePBX/issue-tracker#587: also where a country has numbers of any length.
#[test]
fn an_internal_number_is_kept_as_typed_also_in_a_country_that_has_such_numbers() {
    let read_de = |body: Value, internal: &str, style| {
        let rules = Rules {
            default_region: Region::parse("DE").unwrap(),
            internal_numbers: carnet_model::InternalNumbers::parse(internal).ok(),
            ..Rules::default()
        };
        let body = json!({ "p": body });
        let reading = Reading { rules: &rules, keep_input: true };
        let checked = read_body(&body, |at| read(&at.field("p"), reading, style));
        checked.into_result().unwrap().unwrap()
    };
    for text in ["1047", "12345", "22456", "10 47", "110", "47"] {
        let body = json!({ "display": text });
        let phone = read_de(body.clone(), "2-5", PhoneStyle::Typed);
        assert_eq!((phone.input.as_str(), phone.e164), (text, None));
        // What an answer or an export shows is read as the same again.
        assert_eq!(read_de(written(&phone), "2-5", PhoneStyle::Typed), phone);
        // WhatsApp has no internal numbers.
        let account = read_de(body, "2-5", PhoneStyle::WhatsApp);
        assert_eq!(account.e164.is_some(), !matches!(text, "22456" | "110" | "47"), "{text}");
    }
    let body = json!({ "display": "1047" });
    assert_eq!(read_de(body, "5", PhoneStyle::Typed).e164, E164::parse("+491047"));
    // With its country code it is that country's, and an older reading sent back stays.
    let abroad = read_de(json!({ "display": "+49 1047" }), "2-5", PhoneStyle::Typed);
    assert_eq!(abroad.e164, E164::parse("+491047"));
    let old = json!({ "display": "+49 1047", "userInput": "1047", "e164": "+491047" });
    assert_eq!(read_de(old, "2-5", PhoneStyle::Typed).e164, E164::parse("+491047"));
}
