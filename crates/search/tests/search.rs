//! Texts and the contacts that they find, in order. Every case is asked three times: of the index,
//! of the overlay, and of both with half the contacts each.

use crate::house::{everything, houses, named, numbers, phone};
use carnet_model::limits::{QUERY_CHARS_MAX, QUERY_WORDS_MAX};
use carnet_model::{
    Contact, ContactNo, Direction, Division, ExternalId, ExternalSource, InternalNumbers, Sort,
    SortField,
};
use carnet_search::ContactQuery;
use serde_json::json;

/// Asks each text of the same contacts, numbered from 1, and compares whom it finds, in order.
#[track_caller]
fn check(contacts: &[Contact], cases: &[(&str, &[u64])]) {
    for house in houses(contacts) {
        for (text, expected) in cases {
            let found = house.find(text);
            assert_eq!(numbers(&found), *expected, "{text:?} in {:?}", house.overlay.len());
            assert!(!found.forgiven, "{text:?}");
        }
    }
}

fn person(full: &str) -> Contact {
    let (first, last) = full.split_once(' ').unwrap_or((full, ""));
    named(first, "", last)
}

#[test]
fn names_are_found_by_their_beginnings_without_accents_or_case() {
    let contacts =
        ["Anna Müller", "Żaneta Mueller", "Léa Œuvrard", "Zoë O'Brien", "Jean-Pierre van den Berg"]
            .map(person);
    check(
        &contacts,
        &[
            ("muller", &[1]),
            ("mueller", &[1, 2]),
            ("MÜLLER", &[1, 2]),
            ("mü", &[1, 2]),
            ("zaneta", &[2]),
            ("żan", &[2]),
            ("oeuvrard", &[3]),
            ("œuv", &[3]),
            ("o'brien", &[4]),
            ("obrien", &[4]),
            ("o’bri", &[4]),
            ("brien", &[4]),
            ("jeanpierre", &[5]),
            ("jean pierre", &[5]),
            ("jean-p", &[5]),
            ("vandenberg", &[5]),
            ("berg jean", &[5]),
            ("berg anna", &[]),
            ("muller & anna", &[1]),
        ],
    );
}

#[test]
fn other_scripts_are_found_by_themselves_and_in_latin_letters() {
    let contacts = ["Γιώργος Παπαδόπουλος", "Юрий Достоевский", "太郎 山田", "철수 김"].map(person);
    check(
        &contacts,
        &[
            ("γιωργος", &[1]),
            ("ΓΙΏΡΓΟΣ", &[1]),
            ("giorgos papa", &[1]),
            ("юрий", &[2]),
            ("Дост", &[2]),
            ("dostoevsky", &[2]),
            ("山", &[3]),
            ("山田", &[3]),
            ("shantian", &[3]),
            ("김", &[4]),
        ],
    );
}

#[test]
fn long_beginnings_are_found_too() {
    let contacts = ["Maximiliane Wolfeschlegelsteinhausen", "Max Wolfeschlegel"].map(person);
    check(
        &contacts,
        &[
            ("wolfeschlegel", &[2, 1]),
            ("wolfeschlegels", &[1]),
            ("maximilia", &[1]),
            ("wolfesch", &[1, 2]),
        ],
    );
}

#[test]
fn whole_names_come_before_beginnings_and_last_names_before_middle_names() {
    let contacts = [
        named("Lee", "", "Berg"),
        named("Anna", "Lee", "Berg"),
        named("Anna", "", "Lee"),
        named("Anna", "", "Lee-Berg"),
        named("Anna", "", "Leeson"),
        named("Leeloo", "", "Berg"),
        named("Anna", "Leeann", "Berg"),
        Contact { work_email: Some("lee@example.org".into()), ..named("Anna", "", "Berg") },
    ];
    check(&contacts, &[("lee", &[3, 4, 1, 2, 5, 6, 7, 8])]);
}

#[test]
fn a_name_of_several_words_comes_before_others_with_the_same_words() {
    let contacts = [
        "Antonio Russo-D'Angelo",
        "Angelo Russo",
        "Joana Gil Sanz",
        "Joana Sanz Gil Serra",
        "Joana Sanz Gil",
        "Ian McDonald",
        "Donald Mc",
    ]
    .map(person);
    check(
        &contacts,
        &[
            ("angelo russo", &[2, 1]),
            ("sanz gil", &[5, 3, 4]),
            ("gil sanz", &[3, 4, 5]),
            ("mc donald", &[6, 7]),
        ],
    );
}

#[test]
fn equals_come_in_the_order_of_their_numbers() {
    let contacts: Vec<Contact> = (0..40).map(|_| person("Anna Berg")).collect();
    let expected: Vec<u64> = (1..=40).collect();
    check(&contacts, &[("anna", &expected)]);
}

#[test]
fn e_mails_are_found_whole_and_by_their_parts() {
    let mail = |mail: &str| Contact { other_email: Some(mail.into()), ..person("X Y") };
    let contacts =
        [mail("Anna.Berg@Example.org"), mail("anna.berg@example.com"), mail("b@anna.example")];
    check(
        &contacts,
        &[
            ("anna.berg@example.org", &[1]),
            ("ANNA.BERG@EXAMPLE.ORG", &[1]),
            ("anna.berg@example", &[1, 2]),
            ("anna", &[1, 2, 3]),
            ("berg example", &[1, 2]),
            ("\"anna.berg@example.com\"", &[2]),
            ("\"berg@example\"", &[1, 2]),
            ("\"berg@anna\"", &[]),
        ],
    );
}

#[test]
fn numbers_are_found_in_any_spelling_and_by_inner_digits() {
    let with = |input: &str| Contact { cell_phone: Some(phone(input)), ..person("X Y") };
    let contacts = [with("+33612345678"), with("+1 317-222-2222"), with("+33612345670")];
    check(
        &contacts,
        &[
            ("+33612345678", &[1]),
            ("+33 6 12 34 56 78", &[1]),
            ("+33-6-12-34-56-78", &[1]),
            ("33612345678", &[1]),
            ("(317) 222-2222", &[2]),
            ("317-222-2222", &[2]),
            ("3172222222", &[2]),
            ("+13172222222", &[2]),
            ("+1 317 222 2222 ext. 5", &[2]),
            ("(317) 222-2222 x12", &[2]),
            ("anna 317-222-2222", &[]),
            ("2345", &[1, 3]),
            ("234567", &[1, 3]),
            ("2345678", &[1]),
            ("345 678", &[1]),
            ("(317) 222", &[2]),
            ("222222", &[2]),
            ("2223", &[]),
            ("99999999999999999999", &[]),
        ],
    );
}

#[test]
fn quotes_take_a_text_by_the_letter() {
    let mut contacts = ["Anna Berg", "Annabel Bergmann", "Anna Lena Berg"].map(person).to_vec();
    contacts.push(Contact { cell_phone: Some(phone("+18005551212")), ..person("X Y") });
    contacts.push(Contact { external_ids: vec![external("8005551212")], ..person("X Y") });
    check(
        &contacts,
        &[
            ("anna", &[1, 3, 2]),
            ("\"anna\"", &[1, 3]),
            ("\"anna berg\"", &[1]),
            ("\"Anna Lena\" berg", &[3]),
            ("\"anna bergm\"", &[]),
            ("\"lena anna\"", &[]),
            // Not closed, not literal.
            ("\"ann", &[1, 2, 3]),
            ("8005551212", &[4, 5]),
            ("\"8005551212\"", &[5]),
        ],
    );
}

fn external(value: &str) -> ExternalId {
    let source = ExternalSource { id: None, name: Some("crm".into()) };
    ExternalId { source, value: value.into() }
}

#[test]
fn external_ids_are_found_by_their_beginnings_and_custom_fields_whole() {
    let custom = json!({"member_identifier": "M-77", "vip_tag": ["Gold", "Long Standing"], "note_text": "secret"});
    let contacts = [
        Contact { external_ids: vec![external("CRM-00012345")], ..person("X Y") },
        Contact {
            external_ids: vec![external("2f1c9a7e-55aa-4bd1-9e0c-7d2a11c0ffee")],
            ..person("X Y")
        },
        Contact { custom_fields: custom.as_object().cloned(), ..person("X Y") },
    ];
    check(
        &contacts,
        &[
            ("CRM-00012345", &[1]),
            ("crm-0001", &[1]),
            ("crm00012", &[1]),
            ("2f1c9a7e-55aa-4bd1-9e0c-7d2a11c0ffee", &[2]),
            ("2f1c9a7e-55aa-4bd1-9e0c-7d2a", &[2]),
            ("m-77", &[3]),
            ("m-7", &[]),
            ("GOLD", &[3]),
            ("gol", &[]),
            ("\"long standing\"", &[3]),
            ("long standing", &[3]),
            ("secret", &[]),
        ],
    );
}

#[test]
fn typing_errors_are_forgiven_when_nothing_else_matches() {
    let contacts = ["John Smith", "Joan Smithe", "Katarzyna Kowalska", "Ann Lee"].map(person);
    for house in houses(&contacts) {
        for (text, expected) in [
            ("jhon", &[1][..]),
            ("jhon smiht", &[1]),
            ("smiht", &[1, 2]),
            ("katazryna", &[3]),
            ("kowalsky", &[3]),
            ("katarzyna kovalsk", &[3]),
            // Too short to be mistaken.
            ("amn", &[]),
            ("jhon lee", &[]),
        ] {
            let found = house.find(text);
            assert_eq!(numbers(&found), expected, "{text}");
            assert_eq!(found.forgiven, !expected.is_empty(), "{text}");
        }
        assert!(!house.find("smith").forgiven);
    }
}

#[test]
fn nearer_words_come_first() {
    let contacts = ["X Kowalczuk", "X Kowalczykova", "X Kovalczuk"].map(person);
    for house in houses(&contacts) {
        // One error; two; two in the beginning of a longer name.
        assert_eq!(numbers(&house.find("kowalczvk")), [1, 3, 2]);
        assert_eq!(numbers(&house.find("kovalczkk")), [3, 1]);
    }
}

#[test]
fn no_text_is_an_error() {
    let contacts = ["Anna Berg"].map(person);
    let many = "word ".repeat(1_000);
    for house in houses(&contacts) {
        for text in [
            "\"",
            "\"\"",
            "+",
            "AND OR NOT",
            "*",
            "a:b^2~",
            "(",
            "\u{0}",
            "٣٣٣٣٣٣",
            "👩",
            "\u{301}",
            "-",
            &many,
        ] {
            assert_eq!(numbers(&house.find(text)), [0u64; 0], "{text:?}");
        }
        // Blank is no text: everything.
        assert_eq!(numbers(&house.find("  ")), [1]);
        assert_eq!(numbers(&house.find(&format!("anna {}", " ".repeat(10_000)))), [1]);
    }
}

#[test]
fn what_is_too_long_to_be_asked_for_finds_nothing() {
    let contacts = ["Anna Berg"].map(person);
    let words = |n| "anna ".repeat(n);
    check(
        &contacts,
        &[
            (&words(QUERY_WORDS_MAX), &[1]),
            (&words(QUERY_WORDS_MAX + 1), &[]),
            (&format!("anna {}", "b".repeat(QUERY_CHARS_MAX)), &[]),
        ],
    );
}

#[test]
fn filters_narrow_what_is_found() {
    let of = |division: &str, full| Contact {
        division: Division { id: division.into(), name: None },
        ..person(full)
    };
    let contacts = [
        of("north", "Anna Berg"),
        of("south", "Anna Berg"),
        of("*", "Anna Berg"),
        of("north", "Ben Berg"),
    ];
    for house in houses(&contacts) {
        let view = house.view();
        let ask = |query: &ContactQuery<'_>| numbers(&view.contacts(query).unwrap());
        let north = ["north".to_owned()];
        let two = ["north".to_owned(), "south".to_owned()];
        let ids = [ContactNo(2), ContactNo(4), ContactNo(99)];
        assert_eq!(ask(&ContactQuery { divisions: &north, ..everything() }), [1, 4]);
        assert_eq!(
            ask(&ContactQuery { divisions: &two, text: Some("anna"), ..everything() }),
            [1, 2]
        );
        assert_eq!(ask(&ContactQuery { ids: Some(&ids), ..everything() }), [2, 4]);
        assert_eq!(ask(&ContactQuery { ids: Some(&ids), text: Some("ann"), ..everything() }), [2]);
        assert_eq!(ask(&ContactQuery { ids: Some(&[]), ..everything() }), [0u64; 0]);
    }
}

#[test]
fn pages_are_cut_from_one_order_and_the_total_is_exact() {
    let contacts: Vec<Contact> =
        (0..100).map(|n| person(&format!("Anna Berg{}", n % 10))).collect();
    for house in houses(&contacts) {
        let view = house.view();
        let mut paged = Vec::new();
        for offset in (0..120).step_by(7) {
            let query = ContactQuery { text: Some("berg"), offset, limit: 7, ..everything() };
            let found = view.contacts(&query).unwrap();
            assert_eq!(found.total, 100);
            paged.extend(found.hits.iter().map(|hit| hit.no.0));
        }
        assert_eq!(paged, numbers(&house.find("berg")));
    }
}

#[test]
fn listings_are_sorted_by_several_keys_with_what_is_missing_last() {
    let contacts = [
        named("Émile", "", "Zola"),
        named("anna", "", ""),
        named("Berta", "", "zola"),
        named("", "", "Ångström"),
        named("Anna", "", "Berg"),
    ];
    let by = |field, direction| Sort { field, direction };
    use Direction::{Ascending, Descending};
    use SortField::{CreateDate, FirstName, LastName};
    for house in houses(&contacts) {
        assert_eq!(house.sorted(&[by(LastName, Ascending)]), [4, 5, 1, 3, 2]);
        assert_eq!(house.sorted(&[by(LastName, Descending)]), [1, 3, 5, 4, 2]);
        assert_eq!(
            house.sorted(&[by(LastName, Ascending), by(FirstName, Ascending)]),
            [4, 5, 3, 1, 2]
        );
        assert_eq!(house.sorted(&[by(FirstName, Ascending)]), [2, 5, 3, 1, 4]);
        assert_eq!(
            house.sorted(&[by(FirstName, Ascending), by(LastName, Ascending)]),
            [5, 2, 3, 1, 4]
        );
        assert_eq!(house.sorted(&[by(CreateDate, Descending)]), [5, 4, 3, 2, 1]);
    }
}

/// zammad/zammad#4555, FreePBX/issue-tracker#587: numbers of the house's own telephones.
#[test]
fn internal_numbers_are_found_as_typed_where_the_settings_know_them() {
    let with = |name: &str, text: &str| Contact { work_phone: Some(phone(text)), ..person(name) };
    let contacts = [
        with("Empfang Intern", "1047"),
        with("Haus Meister", "12345"),
        with("Other Meister", "1048"),
        with("Anna Berg", "+1 317 222 1047"),
        with("Leading Zero", "007"),
        with("Far Away", "10 47"),
    ];
    let internal = InternalNumbers::parse("2-5").ok();
    for house in houses(&contacts) {
        let ask = |text, internal_numbers| {
            let query = ContactQuery { text: Some(text), internal_numbers, ..everything() };
            numbers(&house.view().contacts(&query).unwrap())
        };
        for (text, expected) in [
            // Whole numbers first, then numbers that have these digits inside.
            ("1047", &[1, 6, 4][..]),
            ("10 47", &[1, 6, 4]),
            ("1 0 4 7", &[1, 6, 4]),
            ("empfang 1047", &[1]),
            ("12345", &[2]),
            ("1234", &[]),
            ("007", &[5]),
            ("07", &[]),
            ("104", &[]),
        ] {
            assert_eq!(ask(text, internal), expected, "{text}");
        }
        assert_eq!(ask("1047", None), [4]);
        assert_eq!(ask("12345", None), [0_u64; 0]);
    }
}
