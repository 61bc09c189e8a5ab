use super::*;
use serde_json::json;

fn refusal(body: Value) -> BulkRefusal {
    read_entities(&body).unwrap_err()
}

#[test]
fn a_request_carries_one_to_a_thousand_entities() {
    let of = |n: usize| json!({"entities": vec![json!({}); n]});
    assert_eq!(read_entities(&of(1)).unwrap().len(), 1);
    assert_eq!(read_entities(&of(1_000)).unwrap().len(), 1_000);
    assert_eq!(refusal(of(1_001)), BulkRefusal::TooLarge { max: 1_000 });
    let required = BulkRefusal::Invalid(Invalid::one("entities", FaultKind::Required));
    assert_eq!(refusal(of(0)), required);
    assert_eq!(refusal(json!({})), required);
    assert_eq!(refusal(json!({"entities": null})), required);
}

#[test]
fn what_is_no_list_is_refused() {
    let wrong = |field: &str, expected| {
        BulkRefusal::Invalid(Invalid::one(field, FaultKind::WrongType { expected }))
    };
    assert_eq!(refusal(json!({"entities": {}})), wrong("entities", "a list"));
    assert_eq!(refusal(json!([])), wrong("$", "an object"));
    assert_eq!(refusal(json!(null)), wrong("$", "an object"));
}

#[test]
fn a_bad_id_leaves_the_others_be() {
    let good = "01890a5d-ac96-774b-bcce-b302099a8057";
    let body = json!({"entities": [{"id": good}, {"id": "x"}, {"id": 7}, {}, 5, {"id": " "}]});
    let ids = read_ids(&body).unwrap().ids;
    let faults: Vec<String> =
        ids.iter().filter_map(|id| id.as_ref().err()).map(Invalid::to_string).collect();
    assert_eq!(ids[0], Ok(Uuid::try_parse(good).unwrap()));
    assert_eq!(
        faults,
        [
            "id: this is not a UUID",
            "id must be a text",
            "id is required",
            "$ must be an object",
            "id is required"
        ]
    );
}

#[test]
fn results_keep_their_order_and_failures_are_counted() {
    let id = Uuid::from_u128(7);
    let mut invalid = Invalid::one("workEmail", FaultKind::Value("it has no @".into()));
    invalid.add("externalIds[1].value", FaultKind::Required);
    invalid.add("surveyOptOut", FaultKind::WrongType { expected: "true or false" });
    let sent = json!({"workEmail": "anna", "externalIds": [{}, {"value": " "}], "surveyOptOut": 1});
    let by_id = json!({"id": id});
    let response = BulkResponse::new(vec![
        BulkResult::failed(
            None,
            BulkError::new("invalid.value", "Wrong.", 400, &invalid, Some(&sent)),
        ),
        BulkResult::done(id, 200, Some(json!({"id": id}))),
        BulkResult::failed(
            Some(id),
            BulkError::new("conflict", "Taken.", 409, &Invalid::default(), Some(&by_id)),
        ),
        BulkResult::done(id, 200, None),
    ]);
    assert_eq!(
        serde_json::to_value(&response).unwrap(),
        json!({
            "results": [
                {"success": false, "status": 400, "error": {
                    "code": "invalid.value", "message": "Wrong.", "status": 400, "retryable": false,
                    "details": [
                        {"fieldName": "workEmail", "value": "anna", "message": "workEmail: it has no @"},
                        {"fieldName": "externalIds[1].value", "value": " ", "message": "externalIds[1].value is required"},
                        {"fieldName": "surveyOptOut", "value": "1", "message": "surveyOptOut must be true or false"},
                    ],
                    "entity": {"workEmail": "anna", "externalIds": [{}, {"value": " "}]}}},
                {"id": id, "success": true, "status": 200, "entity": {"id": id}},
                {"id": id, "success": false, "status": 409, "error": {
                    "code": "conflict", "message": "Taken.", "status": 409, "retryable": true,
                    "details": [], "entity": {"id": id}}},
                {"id": id, "success": true, "status": 200},
            ],
            "errorCount": 2,
            "errorIndexes": [0, 2],
        })
    );
}

#[test]
fn a_long_wrong_value_is_cut_and_a_missing_one_is_not_shown() {
    let sent = json!({"title": "é".repeat(500), "a": {"b": []}});
    let detail = |field: &str| {
        BulkDetail::new(&Fault { field: field.into(), kind: FaultKind::Required }, Some(&sent))
            .value
    };
    assert_eq!(detail("title").unwrap().chars().count(), 100);
    for field in ["", "a", "a.b", "a.b[0]", "a.b[x]", "a[0]", "title.x", "nothing", "$"] {
        assert_eq!(detail(field), None, "{field}");
    }
}

#[test]
fn the_entity_comes_back_without_what_would_break_its_reader() {
    let wrong = |field: &str| Invalid::one(field, FaultKind::WrongType { expected: "a text" });
    let value = |field: &str| Invalid::one(field, FaultKind::Value("no".into()));
    let sent = json!({"a": 1, "b": {"c": [7, {"d": null}]}, "e": null, "f": "x"});
    let without_null = json!({"a": 1, "b": {"c": [7, {}]}, "f": "x"});
    for (invalid, expected) in [
        (Invalid::default(), without_null.clone()),
        (value("a"), without_null.clone()),
        (wrong("a"), json!({"b": {"c": [7, {}]}, "f": "x"})),
        (wrong("b"), json!({"a": 1, "f": "x"})),
        (wrong("b.c"), json!({"a": 1, "b": {}, "f": "x"})),
        (wrong("b.c[0]"), json!({"a": 1, "b": {"c": [{}]}, "f": "x"})),
        (wrong("nothing[3]"), without_null),
    ] {
        let error = BulkError::new("x", "X.", 400, &invalid, Some(&sent));
        assert_eq!(error.entity.as_deref(), Some(&expected), "{invalid}");
    }
    for sent in [json!(null), json!(3), json!("x"), json!([{}])] {
        let error = BulkError::new("x", "X.", 400, &wrong("$"), Some(&sent));
        assert_eq!(error.entity, None, "{sent}");
    }
}
