use super::*;
use carnet_model::Direction;
use serde_json::json;

const ID: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

fn faults(body: Value) -> String {
    read(&body).invalid.to_string()
}

#[test]
fn a_whole_request_is_read() {
    let body = json!({
        "pageNumber": 2, "pageSize": 50, "divisionIds": ["*", " d1 "], "expand": ["division"],
        "operation": {"simpleSearch": {
            "query": " anna \"b c\"\u{0} ", "sortOrder": ["lastName:desc", "firstName,lastName"], "ids": [ID],
        }},
    });
    let sort = |field, direction| Sort { field, direction };
    let expected = SearchRequest {
        page: Page { number: 2, size: 50 },
        divisions: vec!["*".into(), "d1".into()],
        expand: vec!["division".into()],
        query: Some("anna \"b c\"\u{0}".into()),
        sort: vec![
            sort(SortField::LastName, Direction::Descending),
            sort(SortField::FirstName, Direction::Ascending),
        ],
        ids: Some(vec![Uuid::try_parse(ID).unwrap()]),
    };
    assert_eq!(read(&body).into_result(), Ok(expected));
}

#[test]
fn an_empty_request_asks_for_the_first_page_of_everything() {
    for body in [
        json!({}),
        json!({"operation": null, "pageSize": null, "divisionIds": []}),
        json!({"operation": {"simpleSearch": {"query": " ", "ids": null}}}),
    ] {
        let request = read(&body).into_result().unwrap();
        assert_eq!(request.page, Page { number: 1, size: 20 });
        assert_eq!((request.query, request.sort, request.ids), (None, vec![], None));
    }
}

#[test]
fn every_fault_is_named_at_once() {
    let body = json!({
        "pageNumber": "2", "pageSize": 501, "divisionIds": "d", "expand": [5],
        "operation": {"simpleSearch": {"query": 7, "sortOrder": ["lastName", "age:asc"], "ids": ["x", ID]}},
    });
    assert_eq!(
        faults(body),
        "pageNumber must be a whole number; divisionIds must be a list; expand[0] must be a text; \
         operation.simpleSearch.query must be a text; \
         operation.simpleSearch.sortOrder[1]: age is not known; allowed: firstName, lastName, middleName, title; \
         operation.simpleSearch.ids[0]: this is not a UUID; pageSize: a page has 1 to 500 entries"
    );
}

#[test]
fn lists_are_bounded() {
    let ids = |n: usize| json!({"operation": {"simpleSearch": {"ids": vec![ID; n]}}});
    assert_eq!(faults(ids(100)), "");
    assert_eq!(faults(ids(101)), "operation.simpleSearch.ids is longer than 100");
    assert_eq!(faults(json!({"divisionIds": vec!["d"; 50]})), "");
    assert_eq!(faults(json!({"divisionIds": vec!["d"; 51]})), "divisionIds is longer than 50");
}

#[test]
fn what_is_no_search_is_refused() {
    assert_eq!(faults(json!([])), "$ must be an object");
    assert_eq!(faults(json!(null)), "$ must be an object");
    assert_eq!(faults(json!({"operation": 5})), "operation must be an object");
    assert_eq!(
        faults(json!({"operation": {"otherSearch": {}}})),
        "operation.simpleSearch is required"
    );
    assert!(faults(json!({"pageNumber": 21, "pageSize": 50})).contains("scan"));
}

#[test]
fn an_empty_list_of_ids_is_not_the_lack_of_one() {
    for (ids, expected) in [
        (json!([]), Some(vec![])),
        (json!([null]), Some(vec![])),
        (json!(null), None),
        (json!([ID]), Some(vec![Uuid::try_parse(ID).unwrap()])),
    ] {
        let body = json!({"operation": {"simpleSearch": {"ids": ids}}});
        assert_eq!(read(&body).into_result().unwrap().ids, expected, "{body}");
    }
}

#[test]
fn the_page_of_the_address_wins_over_that_of_the_body() {
    let body = json!({"pageNumber": 1, "pageSize": 10});
    for (number, size, expected) in [
        (None, None, (1, 10)),
        (Some(2), None, (2, 10)),
        (None, Some(5), (1, 5)),
        (Some(3), Some(20), (3, 20)),
    ] {
        let page = read_at(&body, number, size).into_result().unwrap().page;
        assert_eq!((page.number, page.size), expected);
    }
    assert!(read_at(&body, Some(0), None).invalid.to_string().contains("pages count from 1"));
    assert!(read_at(&body, Some(101), None).invalid.to_string().contains("scan"));
}
