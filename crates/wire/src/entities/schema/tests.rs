use super::*;
use crate::json::exact;
use proptest::prelude::*;
use serde_json::json;

const ID: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

/// A document with a field of every core type.
fn document() -> Value {
    let field = |name: &str, more: Value| {
        let mut field = json!({"allOf": [{"$ref": format!("#/definitions/{name}")}]});
        field.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        field
    };
    json!({
        "$schema": "http://json-schema.org/draft-04/schema#",
        "title": "Customer",
        "description": "Who buys",
        "required": ["contract_number_text"],
        "properties": {
            "contract_number_text": field("text", json!({"title": "Contract", "description": "d", "minLength": 1, "maxLength": 20})),
            "story_longtext": field("longtext", json!({"maxLength": 1000})),
            "score_number": field("number", json!({"minimum": 0.5, "maximum": 9})),
            "count_integer": field("integer", json!({"minimum": -1})),
            "level_enum": field("enum", json!({"enum": ["gold", "lead"], "_enumProperties": {"gold": {"title": "Gold", "_disabled": false}}})),
            "member_identifier": field("identifier", json!({})),
            "vip_checkbox": field("checkbox", json!({})),
            "since_date": field("date", json!({})),
            "called_datetime": field("datetime", json!({})),
            "kinds_tag": field("tag", json!({"minItems": 0, "maxItems": 5, "items": {"minLength": 1, "maxLength": 9}, "uniqueItems": true})),
            "site_url": field("url", json!({})),
        },
    })
}

fn body() -> Value {
    json!({"name": "Customer", "version": 1, "enabled": true, "jsonSchema": document()})
}

fn stored() -> DataSchema {
    let draft = read(&body()).into_result().unwrap();
    DataSchema {
        id: ID.parse().unwrap(),
        kind: SchemaKind::Organization,
        name: draft.name,
        version: 2,
        enabled: false,
        definition: draft.definition,
        create_date: carnet_model::Timestamp(1_000),
        created_by: "one".into(),
        modify_date: carnet_model::Timestamp(2_000),
        modified_by: "two".into(),
    }
}

fn faults(body: &Value) -> Vec<String> {
    read(body).invalid.faults.iter().map(ToString::to_string).collect()
}

#[test]
fn a_document_of_every_core_type_is_answered_as_it_came() {
    let answer = serde_json::to_value(Schema::new(&stored())).unwrap();
    assert_eq!(answer["jsonSchema"], document());
    assert_eq!(answer["appliesTo"], json!(["EXTERNAL_ORGANIZATION"]));
    assert_eq!(answer["dateCreated"], "1970-01-01T00:00:02.000Z");
    assert_eq!(answer["createdBy"], json!({"id": "one"}));
    assert_eq!(answer["selfUri"], format!("/api/v2/externalcontacts/organizations/schemas/{ID}"));
    assert!(answer.get("removed").is_none());
}

#[test]
fn an_exported_version_is_imported_as_it_was() {
    for removed in [false, true] {
        let line = exact::to_value(&Schema::exported(&stored(), removed)).unwrap();
        let import = read_import(&line).into_result().unwrap();
        assert_eq!(import, ImportSchema { schema: stored(), removed });
    }
}

#[test]
fn bounds_beyond_64_bits_come_back_to_the_digit() {
    let text = body().to_string().replace("\"minimum\":-1", "\"minimum\":-18446744073709551617");
    let schema = DataSchema {
        definition: read(&exact::read(text.as_bytes()).unwrap()).into_result().unwrap().definition,
        ..stored()
    };
    let answer = serde_json::to_string(&Schema::new(&schema)).unwrap();
    assert!(answer.contains("\"minimum\":-18446744073709551617"), "{answer}");
}

#[test]
fn whatever_the_dialect_does_not_have_is_refused_at_its_place() {
    let part = "this is no part of a schema of custom fields";
    for (at, value, fault) in [
        ("/jsonSchema/oneOf", json!([]), format!("jsonSchema.oneOf: {part}")),
        ("/jsonSchema/definitions", json!({}), format!("jsonSchema.definitions: {part}")),
        (
            "/jsonSchema/$schema",
            json!("http://json-schema.org/draft-07/schema#"),
            "jsonSchema.$schema: the one dialect is http://json-schema.org/draft-04/schema#".into(),
        ),
        ("/jsonSchema/type", json!("array"), "jsonSchema.type: a record is an object".into()),
        (
            "/jsonSchema/additionalProperties",
            json!(true),
            "jsonSchema.additionalProperties: a record has only the fields of its schema".into(),
        ),
        (
            "/jsonSchema/required",
            json!(["contract_number_text", "shoe_text"]),
            "jsonSchema.required[1]: there is no field with this key".into(),
        ),
        (
            "/jsonSchema/properties/contract_number_text/maxLength",
            json!(101),
            "jsonSchema.properties.contract_number_text.maxLength: it is from 1 to 100".into(),
        ),
        (
            "/jsonSchema/properties/contract_number_text/pattern",
            json!("^a"),
            format!("jsonSchema.properties.contract_number_text.pattern: {part}"),
        ),
        (
            "/jsonSchema/properties/vip_checkbox/minimum",
            json!(1),
            format!("jsonSchema.properties.vip_checkbox.minimum: {part}"),
        ),
        (
            "/jsonSchema/properties/score_number/maximum",
            json!(0),
            "jsonSchema.properties.score_number.maximum: it is less than the minimum".into(),
        ),
        (
            "/jsonSchema/properties/count_integer/minimum",
            json!(0.5),
            "jsonSchema.properties.count_integer.minimum must be a whole number".into(),
        ),
        (
            "/jsonSchema/properties/kinds_tag/maxItems",
            json!(11),
            "jsonSchema.properties.kinds_tag.maxItems: it is from 1 to 10".into(),
        ),
        (
            "/jsonSchema/properties/kinds_tag/items",
            json!({"maxLength": 101}),
            "jsonSchema.properties.kinds_tag.items.maxLength: it is from 1 to 100".into(),
        ),
        (
            "/jsonSchema/properties/level_enum/enum",
            json!([]),
            "jsonSchema.properties.level_enum.enum: there is nothing to choose".into(),
        ),
        (
            "/jsonSchema/properties/level_enum/_enumProperties",
            json!({"shoe": {}}),
            format!("jsonSchema.properties.level_enum._enumProperties.shoe: {part}"),
        ),
        (
            "/jsonSchema/properties/site_url/allOf",
            json!([{"$ref": "#/definitions/text"}]),
            "jsonSchema.properties.site_url: the key of a field of this type ends with it, as in \
             `vip_text`"
                .into(),
        ),
        (
            "/jsonSchema/properties/site_url/allOf",
            json!([]),
            "jsonSchema.properties.site_url.allOf is required".into(),
        ),
        ("/jsonSchema", Value::Null, "jsonSchema is required".into()),
        ("/name", json!(5), "name must be a text".into()),
        ("/enabled", json!("yes"), "enabled must be true or false".into()),
    ] {
        let mut body = body();
        let (parent, last) = at.rsplit_once('/').unwrap();
        body.pointer_mut(parent).unwrap()[last] = value;
        assert_eq!(faults(&body), [fault], "{at}");
    }
}

#[test]
fn several_faults_are_told_at_once() {
    let body = json!({
        "jsonSchema": {"properties": {
            "a b_text": {"allOf": [{"$ref": "#/definitions/text"}]},
            "c_text": {"allOf": [{"$ref": "#/definitions/shoe"}], "title": 5},
            "d_text": {},
            "e_text": "text",
        }},
    });
    assert_eq!(faults(&body).len(), 6, "{:?}", faults(&body));
    assert!(faults(&body).contains(&"name is required".to_owned()));
}

#[test]
fn a_document_without_a_name_is_called_by_its_title() {
    let mut body = body();
    body["name"] = Value::Null;
    body["jsonSchema"]["title"] = json!("By title");
    assert_eq!(read(&body).into_result().unwrap().name, "By title");
}

#[test]
fn a_next_version_names_the_present_one() {
    let mut body = body();
    assert_eq!(read_next(&body).into_result().unwrap().version, Some(1));
    body["version"] = Value::Null;
    assert_eq!(read_next(&body).invalid.to_string(), "version is required");
    assert!(read(&body).invalid.is_empty());
}

#[test]
fn a_schema_has_no_more_fields_than_it_may_have() {
    let text = json!({"allOf": [{"$ref": "#/definitions/text"}]});
    let fields = |count: usize| -> Value {
        (0..count).map(|n| (format!("f{n}_text"), text.clone())).collect()
    };
    let mut body = body();
    body["jsonSchema"] = json!({"properties": fields(50)});
    assert_eq!(faults(&body), [""; 0]);
    body["jsonSchema"] = json!({"properties": fields(51)});
    assert_eq!(faults(&body), ["jsonSchema.properties is longer than 50"]);
}

#[test]
fn every_core_type_is_described() {
    let all = serde_json::to_value(CoreTypes(SchemaKind::Contact)).unwrap();
    assert_eq!((&all["total"], all["entities"].as_array().unwrap().len()), (&json!(11), 11));
    let text = serde_json::to_value(core_type("text", SchemaKind::Contact)).unwrap();
    assert_eq!(text, all["entities"][0]);
    assert_eq!(text["validationLimits"]["maxLength"], json!({"min": 1, "max": 100}));
    let tag = serde_json::to_value(core_type("tag", SchemaKind::Contact)).unwrap();
    assert_eq!(tag["validationFields"], json!(["minItems", "maxItems", "uniqueItems"]));
    assert_eq!(tag["itemValidationLimits"]["maxLength"], json!({"min": 1, "max": 100}));
    let options = serde_json::to_value(core_type("enum", SchemaKind::Contact)).unwrap();
    assert_eq!(options["validationLimits"], json!({"maxItems": {"min": 1, "max": 50}}));
    assert!(core_type("shoe", SchemaKind::Contact).is_none());
    let limits = serde_json::to_value(limits(SchemaKind::Organization)).unwrap();
    assert_eq!(limits["maxNumberOfFieldsPerSchema"], 50);
}

/// Values that a document may wrongly have anywhere.
fn anything() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "[a-z#/$]{0,9}".prop_map(Value::from),
        Just(json!([])),
        Just(json!({})),
        Just(json!([[{"$ref": 7}]])),
    ]
}

proptest! {
    #[test]
    fn a_spoilt_document_is_refused_or_answered_as_it_is_kept(
        key in prop::sample::select(document()["properties"].as_object().unwrap().keys().cloned().collect::<Vec<_>>()),
        name in prop::sample::select(vec!["allOf", "title", "minLength", "maxLength", "minimum", "maximum", "enum", "_enumProperties", "minItems", "maxItems", "items", "uniqueItems", "pattern"]),
        value in anything(),
    ) {
        let mut body = body();
        body["jsonSchema"]["properties"][&key][name] = value;
        if let Ok(draft) = read(&body).into_result() {
            let schema = DataSchema { definition: draft.definition, ..stored() };
            let answer = serde_json::to_value(Schema::new(&schema)).unwrap();
            let again = read(&answer).into_result().unwrap();
            prop_assert_eq!(again.definition, schema.definition);
        }
    }
}
