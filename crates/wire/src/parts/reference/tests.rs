use super::*;
use crate::json::reader::read_body;
use serde_json::json;

#[track_caller]
fn check<T>(body: Value, read: fn(&Reader<'_>) -> T, expected: &[&str]) -> T {
    let body = json!({ "a": body });
    let checked = read_body(&body, |at| read(&at.field("a")));
    let said: Vec<_> = checked.invalid.faults.iter().map(ToString::to_string).collect();
    assert_eq!(said, expected);
    checked.value
}

#[test]
fn an_email_has_two_sides_and_no_blanks() {
    for email in ["a@b", "Anna.B+x@example.org", "o'neil_=@a-b.co.uk", "жена@пример.рф"]
    {
        assert_eq!(check(json!(email), read_email, &[]).as_deref(), Some(email));
    }
    // As it stands in a sentence or in the head of a message.
    for email in ["<a@b.c>", "a@b.c.", " <a@b.c>. "] {
        assert_eq!(check(json!(email), read_email, &[]).as_deref(), Some("a@b.c"));
    }
    for email in [
        "anna",
        "@b",
        "a@",
        "a b@c",
        "a@b@c",
        "a@@b",
        "a@b.c,d@e.f",
        "a,b@c",
        "a;b@c",
        "a@b>",
        ".a@b",
        "a.@b",
        "a..b@c",
        "a@.b",
        "a@b..c",
        "\"a@b\"@example.org",
        "\"ab\"@c",
        "a\u{a0}b@c",
    ] {
        check(json!(email), read_email, &["a: this is not an e-mail address"]);
    }
    assert_eq!(check(json!(""), read_email, &[]), None);
}

/// zetkin/app.zetkin.org#1897, putyourlightson/craft-campaign#268, oroinc/crm#357,
/// owncloud-archive/contacts#574.
#[test]
fn zetkin_1897_an_email_is_kept_without_what_cannot_be_seen() {
    for (typed, kept) in [
        ("a@example.com  ", "a@example.com"),
        ("b@example.com\u{a0}", "b@example.com"),
        ("c@example.com\u{200b}", "c@example.com"),
        ("\u{feff}d@example.com", "d@example.com"),
        ("e@example.com\u{200e}", "e@example.com"),
        ("\u{202a}F@Exam\u{ad}ple.com\u{202c} ", "F@Example.com"),
        ("\u{3000}g@example.com\u{2007}", "g@example.com"),
        ("mailto:m@example.com", "m@example.com"),
        ("MAILTO:Ada%2Bnews@example.com?subject=x", "Ada+news@example.com"),
        ("mailto:\u{200b} n@example.com", "n@example.com"),
        ("o＠example.com", "o@example.com"),
    ] {
        assert_eq!(check(json!(typed), read_email, &[]).as_deref(), Some(kept), "{typed:?}");
    }
    // As a mail program copies it; the name has fields of its own.
    for (typed, kept) in [
        ("Bob <b@x.example>", "b@x.example"),
        ("\"Noorda, Bob\" <b@x.example>", "b@x.example"),
        ("Bob Noorda<mailto:b@x.example>.", "b@x.example"),
    ] {
        assert_eq!(check(json!(typed), read_email, &[]).as_deref(), Some(kept), "{typed:?}");
    }
    for no in
        ["Bob <b@x.example> Noorda", "a@x, Bob <b@x>", "Noorda, Bob <b@x>", "Bob <b x@y>", "Bob <>"]
    {
        check(json!(no), read_email, &["a: this is not an e-mail address"]);
    }
    for unseen in ["\u{200b}", " \u{feff} \u{200e}"] {
        assert_eq!(check(json!(unseen), read_email, &[]), None);
    }
    for no in ["mailto:", "mailto:a%00b@c", "mailto:a%20b@c", "a@example.com; b@example.com", "n/a"]
    {
        check(json!(no), read_email, &["a: this is not an e-mail address"]);
    }
}

#[test]
fn a_url_is_of_the_web_and_has_a_host() {
    for url in ["https://crm.example.org/7?x=1#y", "HTTP://h", "http://u:p@h:80", "http://[::1]/"] {
        assert_eq!(check(json!(url), read_url, &[]).as_deref(), Some(url));
    }
    let why = "a: this is not an http or https address with a host";
    for url in [
        "crm.example.org",
        "ftp://h",
        "https://",
        "https:///x",
        "http://:80",
        "http://u@/",
        "http://a b",
    ] {
        check(json!(url), read_url, &[why]);
    }
    assert_eq!(check(json!("  "), read_url, &[]), None);
}

#[test]
fn a_division_is_unassigned_unless_named() {
    assert_eq!(check(json!({}), read_division, &[]), Division::default());
    assert_eq!(check(json!({ "id": "*" }), read_division, &[]), Division::default());
    assert_eq!(check(json!({ "id": "d1" }), read_division, &[]).id, "d1");
    check(json!({ "name": "Sales" }), read_division, &["a.id is required"]);
}

#[test]
fn an_external_id_names_its_source() {
    let body = json!([
        { "value": "1" },
        { "externalSource": {}, "value": "2" },
        { "externalSource": { "name": "CRM" } },
        { "externalSource": { "name": 5 }, "value": "3" },
        { "externalSource": { "id": "s" }, "value": "4" },
    ]);
    let ids = check(
        body,
        read_external_ids,
        &[
            "a[0].externalSource is required",
            "a[1].externalSource is required",
            "a[2].value is required",
            "a[3].externalSource.name must be a text",
        ],
    );
    assert_eq!(ids.len(), 1);
}

#[test]
fn a_schema_has_an_id_and_a_version() {
    let id = "01890a5d-ac96-774b-bcce-b302099a8057";
    assert!(check(json!({ "id": id, "version": 2 }), read_schema, &[]).is_some());
    assert!(check(json!({}), read_schema, &[]).is_none());
    let newest = check(json!({ "id": id }), read_schema, &[]).unwrap();
    assert_eq!(newest.version, SchemaRef::NEWEST);
    check(json!({ "version": 1 }), read_schema, &["a.id is required"]);
    check(
        json!({ "id": "x", "version": "1" }),
        read_schema,
        &["a.id: this is not a UUID", "a.version must be a whole number"],
    );
}

#[test]
fn custom_fields_are_kept_as_they_are() {
    let body = json!({ "vip_checkbox": true, "n_number": 0.1, "t_tag": [" a "], "gone": null });
    let fields = check(body, read_custom_fields, &[]).unwrap();
    assert_eq!(
        Value::Object(fields),
        json!({ "vip_checkbox": true, "n_number": 0.1, "t_tag": [" a "] })
    );
    assert_eq!(check(json!({}), read_custom_fields, &[]), None);
    check(json!([]), read_custom_fields, &["a must be an object"]);
    check(json!({ "x": ["\0"] }), read_custom_fields, &["a.x: control characters are not allowed"]);
    let forged = "\u{0}18446744073709551616x";
    check(json!({ "x": forged }), read_custom_fields, &["a.x: control characters are not allowed"]);
    let digits = carnet_model::whole_value(&"9".repeat(39));
    check(
        json!({ "x": [digits] }),
        read_custom_fields,
        &["a.x: a whole number has at most 38 digits"],
    );
    let long = "x".repeat(CUSTOM_FIELDS_BYTES_MAX);
    check(json!({ "x": long }), read_custom_fields, &["a is longer than 32768"]);
}
