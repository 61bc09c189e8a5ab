use super::*;
use crate::Rules;
use crate::json::reader::read_body;
use serde_json::{Value, json};

#[track_caller]
fn check<T>(body: Value, read: fn(&Reader<'_>) -> T, expected: &[&str]) -> T {
    let body = json!({ "a": body });
    let checked = read_body(&body, |at| read(&at.field("a")));
    let said: Vec<_> = checked.invalid.faults.iter().map(ToString::to_string).collect();
    assert_eq!(said, expected);
    checked.value
}

fn whats_app(at: &Reader<'_>) -> Option<WhatsApp> {
    let rules = Rules::default();
    let reading = Reading { rules: &rules, keep_input: false };
    read_whats_app(at, reading)
}

#[test]
fn a_profile_address_that_was_filled_in_is_not_kept() {
    let read = |body| check(body, read_twitter, &[]).unwrap();
    let twitter = read(json!({ "screenName": "@anna_b" }));
    let answer = serde_json::to_value(TwitterId(&twitter)).unwrap();
    assert_eq!(answer["profileUrl"], "https://www.twitter.com/anna_b");
    assert_eq!(read(answer), twitter);
    let own = read(json!({ "screenName": "anna_b", "profileUrl": "https://x.com/anna_b" }));
    assert_eq!(own.profile_url.as_deref(), Some("https://x.com/anna_b"));
}

#[test]
fn a_screen_name_has_its_pattern() {
    let why = "a.screenName: a screen name has only letters, digits and _, and may begin with @";
    for name in ["@", "an na", "anna!", "@@anna", "ánna"] {
        check(json!({ "screenName": name }), read_twitter, &[why]);
    }
}

#[test]
fn an_account_of_nothing_is_none() {
    assert_eq!(check(json!({}), read_twitter, &[]), None);
    assert_eq!(check(json!({ "ids": [] }), read_line, &[]), None);
    assert_eq!(check(json!({ "displayName": "" }), read_facebook, &[]), None);
    assert_eq!(check(json!({ "handle": null }), read_instagram, &[]), None);
    assert_eq!(check(json!({ "phoneNumber": {} }), whats_app, &[]), None);
}

#[test]
fn ids_are_limited_and_not_blank() {
    let two = json!({ "ids": [{ "userId": "U1" }, { "userId": "U2" }] });
    check(two, read_line, &["a.ids is longer than 1"]);
    check(json!({ "ids": [{ "userId": " " }] }), read_line, &["a.ids[0].userId is required"]);
    check(json!({ "ids": ["U1"] }), read_facebook, &["a.ids[0] must be an object"]);
    check(json!([{ "value": 5 }]), read_apple_ids, &["a[0].value must be a text"]);
}

#[test]
fn a_whatsapp_account_needs_its_number() {
    check(json!({ "displayName": "Anna" }), whats_app, &["a.phoneNumber is required"]);
    let body = json!({ "displayName": "Anna", "phoneNumber": { "display": "x12" } });
    check(body, whats_app, &["a.phoneNumber.display: this is only an extension"]);
}
