use super::*;
use crate::entities::schema::Definition;
use crate::entities::schema::core_type::EnumOption;
use crate::parts::numeral::whole_value;
use serde_json::json;

/// A schema of one field of this type.
fn schema(core_type: CoreType, restrictions: Restrictions) -> DataSchema {
    let key = format!("a_{}", core_type.name());
    let property = Property { key, title: None, description: None, core_type, restrictions };
    let definition = Definition { properties: vec![property], ..Definition::default() };
    DataSchema { name: "type".to_owned(), definition, ..DataSchema::default() }
}

/// What is wrong with a value of the field, in words without the key.
fn faults(schema: &DataSchema, value: Value) -> Vec<String> {
    let key = schema.definition.properties[0].key.clone();
    let fields: CustomFields = [(key.clone(), value)].into_iter().collect();
    let invalid = schema.check(Some(&fields));
    invalid.faults.iter().map(|fault| fault.to_string().replacen(&key, "", 1)).collect()
}

fn check(core_type: CoreType, rules: Restrictions, good: &[Value], bad: &[(Value, &str)]) {
    let schema = schema(core_type, rules);
    for value in good {
        assert_eq!(faults(&schema, value.clone()), [""; 0], "{core_type:?} {value}");
    }
    for (value, expected) in bad {
        assert_eq!(faults(&schema, value.clone()), [*expected], "{core_type:?} {value}");
    }
}

#[test]
fn texts_have_a_length_and_no_control_characters() {
    let none = Restrictions::default;
    let control = ": control characters are not allowed";
    for (core_type, max) in
        [(CoreType::Text, 100), (CoreType::LongText, 1_000), (CoreType::Identifier, 100)]
    {
        let good = [json!(""), json!("Ünï"), json!("é".repeat(max))];
        let long = format!(" is longer than {max}");
        let bad = [
            (json!("é".repeat(max + 1)), long.as_str()),
            (json!("a\u{7}"), control),
            (json!(7), " must be a text"),
            (json!(["a"]), " must be a text"),
            (whole_value("18446744073709551616"), " must be a text"),
        ];
        check(core_type, none(), &good, &bad);
    }
    check(CoreType::Text, none(), &[], &[(json!("a\nb"), control)]);
    check(CoreType::LongText, none(), &[json!("a\nb\tc")], &[]);
    let short = Restrictions { min_length: Some(2), max_length: Some(3), ..none() };
    let bad = [(json!("a"), ": it is shorter than 2"), (json!("abcd"), " is longer than 3")];
    check(CoreType::Text, short, &[json!("ab"), json!("abc")], &bad);
}

#[test]
fn a_url_is_an_address_of_the_web() {
    let no = ": this is not an http or https address with a host";
    let good = [json!("https://crm.example/7?x=1"), json!("http://[::1]:8080/")];
    let long = format!("https://a.example/{}", "x".repeat(200));
    let bad = [
        (json!("crm.example"), no),
        (json!("ftp://crm.example"), no),
        (json!("https://"), no),
        (json!("javascript:alert(1)"), no),
        (json!("https://a b"), no),
        (json!(long), " is longer than 200"),
    ];
    check(CoreType::Url, Restrictions::default(), &good, &bad);
}

#[test]
fn numbers_are_exact_and_bounded() {
    let bounds = Restrictions {
        minimum: Some(json!(-2)),
        maximum: Some(whole_value("18446744073709551617")),
        ..Restrictions::default()
    };
    let good = [json!(-2), json!(7), json!(3.0), whole_value("18446744073709551617")];
    let more = ": it is more than 18446744073709551617";
    let bad = [
        (json!(-3), ": it is less than -2"),
        (whole_value("18446744073709551618"), more),
        (json!("7"), " must be a whole number"),
        (json!(1.5), " must be a whole number"),
        (json!(true), " must be a whole number"),
        (whole_value(&"9".repeat(40)), ": a whole number has at most 38 digits"),
    ];
    check(CoreType::Integer, bounds.clone(), &good, &bad);
    let bad = [(json!(-2.5), ": it is less than -2"), (json!("1.5"), " must be a number")];
    check(CoreType::Number, bounds, &[json!(-1.5), json!(1e3), json!(0)], &bad);
    let large = whole_value("-99999999999999999999999999999999999999");
    check(CoreType::Integer, Restrictions::default(), &[large], &[]);
}

#[test]
fn an_option_is_one_of_those_that_may_be_chosen() {
    let option = |value: &str, disabled| EnumOption {
        value: value.to_owned(),
        title: None,
        disabled: Some(disabled),
    };
    let options = vec![option("gold", false), option("lead", true)];
    let rules = Restrictions { options, ..Restrictions::default() };
    let none = ": this is none of the texts that may be chosen";
    let bad = [
        (json!("lead"), ": this can no longer be chosen"),
        (json!("Gold"), none),
        (json!(""), none),
        (json!(1), " must be a text"),
    ];
    check(CoreType::Enum, rules, &[json!("gold")], &bad);
}

#[test]
fn a_checkbox_is_true_or_false() {
    let bad = [(json!("true"), " must be true or false"), (json!(1), " must be true or false")];
    check(CoreType::Checkbox, Restrictions::default(), &[json!(true), json!(false)], &bad);
}

#[test]
fn a_date_and_a_moment_exist() {
    let none = Restrictions::default;
    let date = ": there is no such date; it is written as 2026-01-31";
    let bad = [
        (json!("2026-02-29"), date),
        (json!("31.01.2026"), date),
        (json!(""), date),
        (json!(20260131), " must be a text"),
    ];
    check(CoreType::Date, none(), &[json!("2024-02-29")], &bad);
    let moment = ": there is no such moment; it is written as 2026-01-31T12:30:00Z";
    let bad = [(json!("2026-02-29T00:00:00Z"), moment), (json!("2026-01-31"), moment)];
    check(CoreType::DateTime, none(), &[json!("2026-01-31T12:30:00.5+01:00")], &bad);
}

#[test]
fn tags_are_few_short_and_each_there_once() {
    let none = Restrictions::default;
    let many: Vec<Value> = (0..11).map(|n| json!(n.to_string())).collect();
    let good = [json!([]), json!(["a", "A"]), json!(many[..10])];
    let bad = [
        (json!(many), " is longer than 10"),
        (json!(["a", "b", "a"]), "[2]: this tag is there already"),
        (json!([" "]), "[0] is required"),
        (json!(["a", 1]), "[1] must be a text"),
        (json!(["x".repeat(101)]), "[0] is longer than 100"),
        (json!(["a\n"]), "[0]: control characters are not allowed"),
        (json!("a"), " must be a list of texts"),
    ];
    check(CoreType::Tag, none(), &good, &bad);
    let rules = Restrictions {
        min_items: Some(1),
        max_items: Some(2),
        item_min_length: Some(2),
        item_max_length: Some(3),
        unique_items: Some(false),
        ..none()
    };
    let bad = [
        (json!([]), ": it has fewer than 1 tags"),
        (json!(["aa", "bb", "cc"]), " is longer than 2"),
        (json!(["a"]), "[0]: it is shorter than 2"),
        (json!(["abcd"]), "[0] is longer than 3"),
    ];
    check(CoreType::Tag, rules, &[json!(["aa", "aa"])], &bad);
}

#[test]
fn all_faults_are_told_at_once_each_by_its_key() {
    let mut schema = schema(CoreType::Text, Restrictions::default());
    let property = |key: &str, core_type| Property {
        key: key.to_owned(),
        core_type,
        ..schema.definition.properties[0].clone()
    };
    let more = [
        property("b_date", CoreType::Date),
        property("c_checkbox", CoreType::Checkbox),
        property("d_text", CoreType::Text),
    ];
    schema.definition.properties.extend(more);
    schema.definition.required = ["a_text", "c_checkbox", "d_text"].map(str::to_owned).to_vec();
    let fields =
        json!({"b_date": "2026-02-30", "shoe_text": "x", "d_text": " ", "c_checkbox": false});
    let faults = schema.check(fields.as_object()).faults;
    let told: Vec<_> = faults.iter().map(|fault| fault.to_string()).collect();
    assert_eq!(
        told,
        [
            "a_text is required",
            "d_text is required",
            "b_date: there is no such date; it is written as 2026-01-31",
            "shoe_text: the schema type has no such field",
        ]
    );
    // Without any field, what is required is missing all the same.
    assert_eq!(schema.check(None).faults.len(), 3);
}
