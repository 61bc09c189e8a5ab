//! Parts of numbers, however they are written.

#![allow(clippy::unwrap_used, reason = "tests say what they expect by unwrapping it")]

use crate::house::{everything, houses, named, numbers, phone};
use carnet_model::Contact;
use carnet_phone::Region;
use carnet_search::ContactQuery;

fn with(input: &str) -> Contact {
    Contact { work_phone: Some(phone(input)), ..named("X", "", "Y") }
}

#[track_caller]
fn check(region: &str, contacts: &[Contact], cases: &[(&str, &[u64])]) {
    let default_region = Region::parse(region).unwrap();
    for house in houses(contacts) {
        for (text, expected) in cases {
            let query = ContactQuery { text: Some(text), default_region, ..everything() };
            let found = house.view().contacts(&query).unwrap();
            assert_eq!(numbers(&found), *expected, "{text:?} in {:?}", house.overlay.len());
        }
    }
}

/// nextcloud/contacts#1501 and #922, ubports/ubuntu-touch#875, lucaong/minisearch#130.
#[test]
fn nextcloud_contacts_1501_a_part_of_a_number_is_found_as_it_is_written() {
    let contacts = [with("(212) 555-0123"), with("+33 6 12 34 56 78"), with("+1 800 356 9377")];
    check(
        "US",
        &contacts,
        &[
            ("212555", &[1]),
            ("212 555", &[1]),
            ("212-555", &[1]),
            ("212.555", &[1]),
            ("(212)555", &[1]),
            ("5550123", &[1]),
            ("555 0123", &[1]),
            ("555-0123", &[1]),
            ("555.0123", &[1]),
            ("33612", &[2]),
            ("+33 6 12", &[2]),
            ("+336 12", &[2]),
            ("+33612", &[2]),
            ("+336123456", &[2]),
            // Of my own.
            ("212/555", &[1]),
            ("[212] 555", &[1]),
            ("212\u{2011}555", &[1]),
            ("212\u{a0}555", &[1]),
            ("٢١٢٥٥٥", &[1]),
            ("1 212 555", &[1]),
            ("1-212", &[1]),
            ("0033 6 12", &[2]),
            ("011 33 6 12", &[2]),
            ("+33 (0)6 12", &[2]),
            ("+212555", &[]),
            ("+6123", &[]),
            ("6123", &[2]),
            ("1-800-FLOWERS", &[3]),
            ("800-FLOWERS", &[3]),
            ("1 800 flowers", &[3]),
            ("800-FLOW", &[3]),
            ("1-800-FLO", &[3]),
            ("x 555-0123", &[1]),
            ("FLOWERS", &[]),
        ],
    );
}

/// Typed while the number is not whole yet, or beside the name.
#[test]
fn a_part_of_a_number_is_found_beside_a_name_and_behind_a_scheme() {
    let carmen =
        Contact { work_phone: Some(phone("+1 212 555 0123")), ..named("Carmen", "", "Numez") };
    let others = Contact { work_phone: Some(phone("+1 305 555 0199")), ..named("Carmen", "", "Z") };
    let contacts = [carmen, others, with("+33 6 12 34 56 78"), with("+49 30 1234567")];
    check(
        "US",
        &contacts,
        &[
            ("555-0123 Num", &[1]),
            ("555 0123 Num", &[1]),
            ("Num 555 0123", &[1]),
            ("carmen 212 555", &[1]),
            ("212 555 carmen", &[1]),
            ("carmen 555 01", &[1, 2]),
            ("\"carmen\" 212 555", &[1]),
            ("anna 212 555", &[]),
            ("212 555 mobile", &[1]),
            ("Tel. 212 555", &[1]),
            ("tel:+33612", &[3]),
            ("tel:+33 6 12", &[3]),
            ("sip:+33612@pbx.example", &[3]),
            ("tel:+33 7", &[]),
            ("+49 030 123", &[4]),
            ("0049 030 123", &[4]),
            ("+49 (0)30 123", &[4]),
        ],
    );
}

/// chatwoot/chatwoot#14048 and #11053.
#[test]
fn chatwoot_14048_the_beginning_of_an_old_spelling_is_found() {
    let contacts = [
        with("+52 55 1234 5678"),
        with("+54 11 2345 6789"),
        with("+54 9 11 2345 0000"),
        with("+55 11 98765 4321"),
        with("+229 01 97 12 34 56"),
    ];
    check(
        "US",
        &contacts,
        &[
            ("+5215512", &[1]),
            ("+52 1 55", &[1]),
            ("+525512", &[1]),
            ("+54911 2345 6", &[2]),
            ("+5411 2345 00", &[3]),
            ("+55 11 8765", &[4]),
            ("+229 97 12", &[5]),
            ("+5216612", &[]),
        ],
    );
    check("MX", &contacts, &[("55 12", &[1]), ("044 55 12", &[1])]);
}

/// FossifyOrg/Contacts#357.
#[test]
fn fossify_contacts_357_the_national_prefix_is_no_part_of_a_number() {
    let contacts = [with("+49 30 1234567"), with("+33 6 12 34 56 78"), with("+36 20 123 4567")];
    for region in ["DE", "US"] {
        check(
            region,
            &contacts,
            &[
                ("030 1234567", &[1]),
                ("0301234567", &[1]),
                ("030/1234567", &[1]),
                ("30 1234567", &[1]),
                ("(030) 123 45", &[1]),
                ("030 1234", &[1]),
                ("06 12 34", &[2]),
            ],
        );
    }
    check("DE", &contacts, &[("030 123", &[1]), ("030123", &[1]), ("030-1", &[1])]);
    check("FR", &contacts, &[("06 12", &[2]), ("0612", &[2]), ("06.12", &[2])]);
    check("HU", &contacts, &[("06 20 12", &[3]), ("0620", &[3])]);
    check("RU", &[with("+7 912 345 67 89")], &[("8 912 345", &[1]), ("8(912)", &[1])]);
    // A number that begins so comes before one that has it inside.
    let both = [with("+1 301 493 0123"), with("+49 30 1230000")];
    check("DE", &both, &[("030 123", &[2, 1]), ("30123", &[2, 1]), ("49 30 12", &[1, 2])]);
}
