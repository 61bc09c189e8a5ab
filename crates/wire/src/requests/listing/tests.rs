use super::*;
use serde_json::{Value, json};

const PATH: &str = "/api/v2/externalcontacts/contacts";

fn asked(number: Option<i64>, size: Option<i64>) -> Result<(u32, u32), String> {
    let mut invalid = Invalid::default();
    let page = page(number, size, &mut invalid);
    if invalid.is_empty() {
        Ok((page.number, page.size))
    } else {
        let fields = invalid.faults.iter().map(|fault| fault.field.as_str());
        Err(fields.collect::<Vec<_>>().join(","))
    }
}

#[test]
fn pages_stay_within_the_window() {
    let refused = |fields: &str| Err(fields.to_owned());
    assert_eq!(asked(None, None), Ok((1, 20)));
    assert_eq!(asked(Some(3), None), Ok((3, 20)));
    assert_eq!(asked(None, Some(500)), Ok((1, 500)));
    assert_eq!(asked(Some(2), Some(500)), Ok((2, 500)));
    assert_eq!(asked(Some(3), Some(500)), refused("pageNumber"));
    assert_eq!(asked(Some(50), None), Ok((50, 20)));
    assert_eq!(asked(Some(51), None), refused("pageNumber"));
    assert_eq!(asked(Some(1_000), Some(1)), Ok((1_000, 1)));
    assert_eq!(asked(None, Some(501)), refused("pageSize"));
    assert_eq!(asked(Some(0), Some(0)), refused("pageNumber,pageSize"));
    assert_eq!(asked(Some(-1), Some(-1)), refused("pageNumber,pageSize"));
    assert_eq!(asked(Some(i64::MAX), Some(500)), refused("pageNumber"));
    assert_eq!(asked(Some(i64::MIN), Some(i64::MAX)), refused("pageNumber,pageSize"));
}

#[test]
fn the_end_of_the_window_names_the_scan_and_earlier_faults_do_not_hide_it() {
    let mut invalid = Invalid::one("sortOrder", FaultKind::Required);
    page(Some(11), Some(100), &mut invalid);
    assert!(invalid.faults[1].to_string().contains("/api/v2/externalcontacts/scan/contacts"));
}

fn links(number: u32, size: u32, total: usize, query: Option<&str>) -> Value {
    let listing = Listing::new(vec![0u8; 0], Page { number, size }, total, PATH, query);
    serde_json::to_value(&listing).unwrap()
}

#[test]
fn a_page_leads_to_its_neighbours_and_keeps_the_other_parameters() {
    let uri = |n: u32| format!("{PATH}?q=b%20c&expand=division&pageSize=10&pageNumber={n}");
    let query = Some("q=b%20c&pageNumber=2&pageSize=10&expand=division&page%53ize=3&pageNumber=7");
    assert_eq!(
        links(2, 10, 35, query),
        json!({
            "entities": [], "pageSize": 10, "pageNumber": 2, "total": 35, "pageCount": 4,
            "selfUri": uri(2), "firstUri": uri(1), "lastUri": uri(4), "nextUri": uri(3), "previousUri": uri(1),
        })
    );
}

#[test]
fn there_is_nothing_before_the_first_page_and_nothing_after_the_last() {
    let neighbours = |number, size, total| {
        let listing = links(number, size, total, None);
        ["previousUri", "nextUri", "lastUri"].map(|name| {
            let uri = listing.get(name)?.as_str()?;
            uri.rsplit_once('=')?.1.parse::<u32>().ok()
        })
    };
    assert_eq!(neighbours(1, 20, 0), [None, None, Some(1)]);
    assert_eq!(neighbours(1, 20, 20), [None, None, Some(1)]);
    assert_eq!(neighbours(1, 20, 21), [None, Some(2), Some(2)]);
    assert_eq!(neighbours(2, 20, 21), [Some(1), None, Some(2)]);
    assert_eq!(neighbours(9, 20, 21), [Some(2), None, Some(2)], "behind the end");
    assert_eq!(neighbours(2, 500, 5_000), [Some(1), None, Some(2)], "the window ends here");
    assert_eq!(neighbours(1, 300, 5_000), [None, Some(2), Some(3)], "900 of 1,000");
}

#[test]
fn a_page_without_parameters_gets_them() {
    assert_eq!(links(1, 20, 1, None)["selfUri"], format!("{PATH}?pageSize=20&pageNumber=1"));
    assert_eq!(links(1, 20, 1, Some(""))["selfUri"], format!("{PATH}?pageSize=20&pageNumber=1"));
}

fn scan(after: Option<&str>, query: Option<&str>) -> Value {
    let listing = CursorListing::new(vec![1u8], after.map(str::to_owned), PATH, query);
    serde_json::to_value(&listing).unwrap()
}

#[test]
fn a_scan_leads_on_until_it_ends() {
    assert_eq!(
        scan(Some("a+b/c="), Some("limit=10&cursor=old&after=older")),
        json!({
            "entities": [1],
            "cursors": {"after": "a+b/c="},
            "nextUri": format!("{PATH}?limit=10&cursor=a%2Bb%2Fc%3D"),
            "selfUri": format!("{PATH}?limit=10&cursor=old&after=older"),
        })
    );
    assert_eq!(scan(None, None), json!({"entities": [1], "cursors": {}, "selfUri": PATH}));
}

#[test]
fn every_spelling_of_a_replaced_name_goes_and_broken_escapes_stay() {
    let kept = |query: &str| Links::new(PATH, Some(query), &[CURSOR, AFTER]).base;
    for gone in ["cursor=1", "%63ursor=1", "%63%75%72%73%6F%72", "curso%72=%", "%61fter=2"] {
        assert_eq!(kept(gone), PATH, "{gone}");
    }
    for stays in ["a%=1", "%zz", "%C3%A9=1", "%é", "curso%7", "cursor%", "%+63ursor", "Cursor=1"] {
        assert_eq!(kept(stays), format!("{PATH}?{stays}"));
    }
}

/// What was written by hand before the library did it: a cursor's escapes must stay as they were.
fn escaped_by_hand(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
            char::from(byte).to_string()
        }
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(byte).collect()
}

proptest::proptest! {
    #[test]
    fn a_cursor_is_escaped_byte_by_byte(cursor in "\\PC*", control in 0u8..128) {
        let cursor = cursor + char::from(control).encode_utf8(&mut [0; 4]);
        let listing = scan(Some(&cursor), None);
        let expected = format!("{PATH}?cursor={}", escaped_by_hand(&cursor));
        proptest::prop_assert_eq!(listing["nextUri"].as_str(), Some(&*expected));
    }
}
