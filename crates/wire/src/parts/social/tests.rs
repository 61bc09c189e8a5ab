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

/// A reader of accounts in the body of a request.
macro_rules! of_request {
    ($name:ident, $type:ty, $read:path) => {
        fn $name(at: &Reader<'_>) -> Option<$type> {
            let rules = Rules::default();
            $read(at, Reading { rules: &rules, keep_input: false })
        }
    };
}

of_request!(whats_app, WhatsApp, read_whats_app);
of_request!(line, Line, read_line);
of_request!(facebook, Facebook, read_facebook);
of_request!(instagram, Instagram, read_instagram);

#[test]
fn an_imported_account_may_lack_its_ids() {
    let imported = |at: &Reader<'_>| {
        let rules = Rules::default();
        read_line(at, Reading { rules: &rules, keep_input: true })
    };
    let line = check(json!({ "displayName": "Anna" }), imported, &[]).unwrap();
    assert_eq!((line.ids.len(), line.display_name.as_deref()), (0, Some("Anna")));
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
    assert_eq!(check(json!({ "ids": [] }), line, &[]), None);
    assert_eq!(check(json!({ "displayName": "" }), facebook, &[]), None);
    assert_eq!(check(json!({ "handle": null }), instagram, &[]), None);
    assert_eq!(check(json!({ "phoneNumber": {} }), whats_app, &[]), None);
}

#[test]
fn ids_are_limited_and_not_blank() {
    let two = json!({ "ids": [{ "userId": "U1" }, { "userId": "U2" }] });
    check(two, line, &["a.ids is longer than 1"]);
    check(json!({ "ids": [{ "userId": " " }] }), line, &["a.ids[0].userId is required"]);
    check(json!({ "ids": ["U1"] }), facebook, &["a.ids[0] must be an object"]);
    check(json!([{ "value": 5 }]), read_apple_ids, &["a[0].value must be a text"]);
}

#[test]
fn a_whatsapp_account_needs_its_number() {
    check(json!({ "displayName": "Anna" }), whats_app, &["a.phoneNumber is required"]);
    let body = json!({ "displayName": "Anna", "phoneNumber": { "display": "x12" } });
    check(body, whats_app, &["a.phoneNumber.display: this is only an extension"]);
}

#[test]
fn an_account_that_has_a_name_has_ids() {
    let name = json!({ "displayName": "Anna" });
    check(name.clone(), line, &["a.ids is required"]);
    check(name.clone(), facebook, &["a.ids is required"]);
    check(name, instagram, &["a.ids is required"]);
    check(json!({ "handle": "anna" }), instagram, &["a.ids is required"]);
    check(json!({ "displayName": "Anna", "ids": null }), line, &["a.ids is required"]);
    check(json!({ "displayName": "Anna", "ids": "U1" }), line, &["a.ids must be a list"]);
}

#[test]
fn an_account_without_an_id_comes_back_as_it_was_written() {
    let body = json!({ "ids": [], "displayName": "Anna" });
    let line = check(body.clone(), line, &[]).unwrap();
    assert_eq!(serde_json::to_value(LineId(&line)).unwrap(), body);
    let facebook = check(body.clone(), facebook, &[]).unwrap();
    assert_eq!(serde_json::to_value(FacebookId(&facebook)).unwrap(), body);
    let instagram = check(body.clone(), instagram, &[]).unwrap();
    assert_eq!(serde_json::to_value(InstagramId(&instagram)).unwrap(), body);
}
