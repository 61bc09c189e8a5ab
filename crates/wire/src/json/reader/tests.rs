use super::*;
use crate::json::exact;
use serde_json::json;

/// The faults of one value, read by `read`.
fn faults<T>(value: Value, read: impl Fn(&Reader<'_>) -> T) -> Vec<String> {
    let body = json!({ "a": value });
    let checked = read_body(&body, |at| {
        read(&at.field("a"));
    });
    checked.invalid.faults.iter().map(ToString::to_string).collect()
}

#[test]
fn texts_are_trimmed_and_blank_ones_absent() {
    let read = |value: Value| read_body(&value, |at| at.text(5)).value;
    assert_eq!(read(json!("  Anna ")), Some("Anna".into()));
    assert_eq!(read(json!("   ")), None);
    assert_eq!(read(json!("Żañeß")), Some("Żañeß".into()));
}

#[test]
fn a_fault_names_the_place() {
    let body = json!({ "a": { "b": [ {}, { "c": 1 } ] } });
    let checked = read_body(&body, |at| {
        let a = at.field("a");
        for entry in a.field("b").list(10) {
            entry.field("c").require();
            entry.field("c").text(10);
        }
        at.fault(FaultKind::Required);
    });
    let fields: Vec<_> = checked.invalid.faults.iter().map(|f| f.field.as_str()).collect();
    assert_eq!(fields, ["a.b[0].c", "a.b[1].c", "$"]);
}

#[test]
fn values_of_another_type_are_faults() {
    assert_eq!(faults(json!(1), |at| at.text(5)), ["a must be a text"]);
    assert_eq!(faults(json!("1"), |at| at.integer()), ["a must be a whole number"]);
    assert_eq!(faults(json!(1.5), |at| at.integer()), ["a must be a whole number"]);
    assert_eq!(faults(json!("true"), |at| at.boolean()), ["a must be true or false"]);
    assert_eq!(faults(json!([]), |at| at.object().is_some()), ["a must be an object"]);
    assert_eq!(faults(json!({}), |at| at.list(1).count()), ["a must be a list"]);
    assert_eq!(faults(json!("x"), |at| at.uuid()), ["a: this is not a UUID"]);
    assert!(faults(json!(null), |at| at.text(5)).is_empty());
    assert!(faults(json!(3.0), |at| assert_eq!(at.integer(), Some(3))).is_empty());
}

#[test]
fn length_counts_characters() {
    assert!(faults(json!("ééééé"), |at| at.text(5)).is_empty());
    assert_eq!(faults(json!("éééééé"), |at| at.text(5)), ["a is longer than 5"]);
    assert_eq!(faults(json!([1, 2, 3]), |at| at.list(2).count()), ["a is longer than 2"]);
}

#[test]
fn whole_numbers_that_do_not_fit_are_told_the_bounds() {
    let type_bounds = ["a: a whole number is from -9223372036854775808 to 9223372036854775807"];
    let float_bounds =
        ["a: a whole number with a point or an exponent is from -9007199254740992 to \
         9007199254740992"];
    assert_eq!(faults(json!(1e30), |at| at.integer()), type_bounds);
    assert_eq!(faults(json!(u64::MAX), |at| at.integer()), type_bounds);
    let large = exact::read(b"18446744073709551616").unwrap();
    assert_eq!(faults(large.clone(), |at| at.integer()), type_bounds);
    assert_eq!(faults(large.clone(), |at| at.text(9)), ["a must be a text"]);
    assert_eq!(faults(large, |at| at.boolean()), ["a must be true or false"]);
    assert_eq!(faults(json!(-1e16), |at| at.integer()), float_bounds);
    assert!(faults(json!(i64::MAX), |at| assert_eq!(at.integer(), Some(i64::MAX))).is_empty());
}

#[test]
fn a_name_shows_something() {
    for (text, seen) in [
        ("Anna", true),
        ("\u{200f}Anna\u{200b}", true),
        ("\u{200b}", false),
        ("\u{202e} \u{2066}", false),
        ("\u{feff}\u{ad}\u{2060}\u{200f}", false),
    ] {
        let required = faults(json!(text), |at| at.require_name());
        assert_eq!(required.is_empty(), seen, "{text:?}");
        let name = read_body(&json!(text), |at| at.name(10)).value;
        assert_eq!(name.as_deref(), seen.then_some(text));
    }
    assert_eq!(faults(json!(null), |at| at.require_name()), ["a is required"]);
}

#[test]
fn lines_are_joined_where_one_is_kept() {
    let read = |text: &str| read_body(&json!(text), |at| at.joined(12)).value;
    for (text, joined) in [
        ("1 High St", "1 High St"),
        ("1 High\r\nFlat 2", "1 High, Flat 2"),
        ("\n1\tHigh \n\n St\n", "1 High, St"),
    ] {
        let fits = joined.chars().count() <= 12;
        assert_eq!(read(text).as_deref(), fits.then_some(joined), "{text:?}");
    }
    assert_eq!(read("\n \t"), None);
    assert_eq!(faults(json!("1 High\nFlat 2"), |at| at.joined(13)), ["a is longer than 13"]);
    assert!(faults(json!("1 High\r\nFlat 2\r\n"), |at| at.joined(14)).is_empty());
    let why = ["a: control characters are not allowed"];
    assert_eq!(faults(json!("a\0\nb"), |at| at.joined(9)), why);
}

#[test]
fn control_characters_are_refused() {
    let why = ["a: control characters are not allowed"];
    assert_eq!(faults(json!("a\0b"), |at| at.text(5)), why);
    assert_eq!(faults(json!("a\nb"), |at| at.text(5)), why);
    assert_eq!(faults(json!("a\0b"), |at| at.lines(5)), why);
    assert!(faults(json!("a\r\n\tb"), |at| at.lines(5)).is_empty());
}
