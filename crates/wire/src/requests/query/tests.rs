use super::*;

#[test]
fn lists_come_joined_or_repeated() {
    for (values, entries) in [
        (vec![], vec![]),
        (vec![""], vec![]),
        (vec!["a"], vec!["a"]),
        (vec!["a,b", "c"], vec!["a", "b", "c"]),
        (vec![" a , ,b,", "b,a"], vec!["a", "b"]),
    ] {
        assert_eq!(list(values.iter().copied()), entries, "{values:?}");
    }
}

#[test]
fn numbers_and_truths_are_read_or_refused_by_name() {
    let mut invalid = Invalid::default();
    assert_eq!(integer("n", None, &mut invalid), None);
    assert_eq!(integer("n", Some(" "), &mut invalid), None);
    assert_eq!(integer("n", Some(" 42 "), &mut invalid), Some(42));
    assert_eq!(integer("n", Some("-1"), &mut invalid), Some(-1));
    assert_eq!(boolean("b", Some(""), &mut invalid), None);
    assert_eq!(boolean("b", Some("TRUE"), &mut invalid), Some(true));
    assert_eq!(boolean("b", Some("false"), &mut invalid), Some(false));
    assert!(invalid.is_empty());
    for (value, bound) in [("99999999999999999999", i64::MAX), ("-99999999999999999999", i64::MIN)]
    {
        assert_eq!(integer("n", Some(value), &mut invalid), Some(bound));
    }
    assert!(invalid.is_empty());
    for value in ["x", "1.5", "1e3", "-"] {
        assert_eq!(integer("n", Some(value), &mut invalid), None);
    }
    assert_eq!(boolean("b", Some("1"), &mut invalid), None);
    let fields: Vec<&str> = invalid.faults.iter().map(|fault| fault.field.as_str()).collect();
    assert_eq!(fields, ["n", "n", "n", "n", "b"]);
}

#[test]
fn an_unknown_choice_names_the_known_ones() {
    let mut invalid = Invalid::default();
    let allowed = [("division", 1), ("identifiers", 2)];
    let chosen = choices("expand", ["identifiers,author", "division"], &allowed, &mut invalid);
    assert_eq!(chosen, [2, 1]);
    assert_eq!(invalid.to_string(), "expand: author is not known; allowed: division, identifiers");
}

#[test]
fn orders_have_a_field_and_a_direction() {
    use Direction::{Ascending as Up, Descending as Down};
    use SortField::{FirstName, LastName};
    let read = |values: &[&str]| {
        let mut invalid = Invalid::default();
        let orders = sort("sortOrder", values.iter().copied(), CONTACT_ORDERS, &mut invalid);
        let orders: Vec<_> = orders.iter().map(|order| (order.field, order.direction)).collect();
        if invalid.is_empty() { Ok(orders) } else { Err(invalid.to_string()) }
    };
    assert_eq!(read(&[]), Ok(vec![]));
    assert_eq!(read(&["firstName"]), Ok(vec![(FirstName, Up)]));
    assert_eq!(read(&["lastName:desc,firstName:asc"]), Ok(vec![(LastName, Down), (FirstName, Up)]));
    assert_eq!(
        read(&["LASTNAME:DESC", "firstname:Ascending"]),
        Ok(vec![(LastName, Down), (FirstName, Up)])
    );
    assert_eq!(read(&["lastName:desc", "lastName:asc"]), Ok(vec![(LastName, Down)]));
    assert_eq!(read(&["lastName:"]), Ok(vec![(LastName, Up)]));
    assert_eq!(
        read(&["name:asc,lastName:up"]),
        Err("sortOrder: name is not known; allowed: firstName, lastName, middleName, title; \
             sortOrder: the order of lastName is either asc or desc"
            .to_owned())
    );
}

#[test]
fn a_long_unknown_value_is_cut_in_its_fault() {
    let mut invalid = Invalid::default();
    sort("sortOrder", ["x".repeat(5_000).as_str()], NOTE_ORDERS, &mut invalid);
    assert!(invalid.to_string().len() < 150);
}
