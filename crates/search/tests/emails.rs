//! E-mails in every spelling that is the same address.

use crate::house::{houses, named, numbers};
use carnet_model::Contact;

#[track_caller]
fn check(emails: &[&str], cases: &[(&str, &[u64])]) {
    let with =
        |email: &&str| Contact { work_email: Some((*email).to_owned()), ..named("X", "", "Y") };
    let contacts: Vec<Contact> = emails.iter().map(with).collect();
    for house in houses(&contacts) {
        for (text, expected) in cases {
            // Behind the address come those that have all of its parts.
            let found: Vec<u64> =
                numbers(&house.find(text)).into_iter().take(expected.len()).collect();
            assert_eq!(found, *expected, "{text:?} in {:?}", house.overlay.len());
        }
    }
}

/// mautic/mautic#7152, brandonseydel/MailChimp.Net#640, agilecrm/rest-api#46.
#[test]
fn mautic_7152_a_plus_may_have_become_a_blank() {
    check(
        &["Ada+News@Example.com", "ada@example.com", "anna@example.com"],
        &[
            ("ada+news@example.com", &[1]),
            ("ADA+NEWS@EXAMPLE.COM", &[1]),
            ("ada news@example.com", &[1]),
            (" Ada News@Example.com ", &[1]),
            ("ada+news", &[1]),
            ("ada @example.com", &[2]),
            ("ada@ example.com", &[2]),
            ("a d a@example.com", &[2]),
        ],
    );
}

#[test]
fn a_domain_is_found_in_letters_and_in_ascii() {
    check(
        &["ann@bücher.example", "bob@xn--bcher-kva.example", "carl@mueller.example"],
        &[
            ("xn--bcher-kva", &[1, 2]),
            ("XN--BCHER-KVA.example", &[1, 2]),
            ("xn--bcher-kva.exa", &[1, 2]),
            ("bücher", &[1, 2]),
            ("bücher.example", &[1, 2]),
            ("bucher", &[1, 2]),
            ("\"xn--bcher-kva.example\"", &[1, 2]),
            ("bob xn--bcher-kva", &[2]),
            ("Bob <bob@bücher.example>", &[2]),
        ],
    );
}

/// zetkin/app.zetkin.org#1897, putyourlightson/craft-campaign#268, oroinc/crm#357.
#[test]
fn zetkin_1897_what_cannot_be_seen_is_no_part_of_an_address() {
    // As an older carnet kept them.
    check(
        &[
            "c@example.com\u{200b}",
            "\u{feff}d@example.com",
            "mailto:e@example.com",
            "ju\u{308}rgen@müller.example",
            "ann@xn--mller-kva.example",
        ],
        &[
            ("c@example.com", &[1]),
            ("\u{200b}c\u{ad}@exam\u{200e}ple.com", &[1]),
            ("d@example.com", &[2]),
            ("e@example.com", &[3]),
            ("mailto:e@example.com", &[3]),
            ("MAILTO:E@EXAMPLE.COM?subject=x", &[3]),
            ("e＠example.com", &[3]),
            ("jürgen@müller.example", &[4]),
            ("JÜRGEN@XN--MLLER-KVA.EXAMPLE", &[4]),
            ("ann@müller.example", &[5]),
            ("ann@mu\u{308}ller.example", &[5]),
            ("\"ann@müller.example\"", &[5]),
            // Parts of a domain are found in letters.
            ("müller", &[4, 5]),
            ("muller", &[4, 5]),
        ],
    );
}
