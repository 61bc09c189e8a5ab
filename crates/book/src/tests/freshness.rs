//! After the answer to a write, every read sees it, whatever the index is doing.

use super::*;
use carnet_model::{IdentifierKey, IdentifierKind};
use carnet_sample::Random;
use std::collections::BTreeMap;

#[test]
fn every_read_sees_an_added_contact() {
    let fixture = fixture();
    let mut new = contact("Żaneta", "Müller");
    new.cell_phone = phone("+49 1511 2345678");
    new.work_email = Some("Zaneta@Example.org".into());
    let added = fixture.add(new);
    let snapshot = fixture.snapshot();
    let number = normalise("+4915112345678", Region::US).unwrap().e164;
    let email = IdentifierKey::new(IdentifierKind::Email, "zaneta@example.ORG");
    assert_eq!(snapshot.contact(added.id).unwrap().unwrap(), *added);
    assert_eq!(snapshot.contacts_by_number(number, 25).unwrap(), [(*added).clone()]);
    assert_eq!(snapshot.contacts_by_identifier(&email, 25).unwrap(), [(*added).clone()]);
    for text in
        ["muller", "mueller", "zaneta", "Müll", "zaneta@example.org", "01511 2345678", "2345678"]
    {
        assert_eq!(fixture.search(text), ["Müller"], "{text}");
    }
    assert_eq!(snapshot.scan_contacts(None, 10, None).unwrap().entries.len(), 1);
}

#[test]
fn every_read_forgets_what_was_edited_away() {
    let fixture = fixture();
    let mut new = contact("Anna", "Alt");
    new.cell_phone = phone("+1 317 222 2222");
    let added = fixture.add(new);
    let mut next = contact("Anna", "Neu");
    next.cell_phone = phone("+1 317 222 3333");
    fixture.wait(fixture.book.replace_contact(&Principal::command_line(), added.id, next)).unwrap();
    let look = |text| fixture.snapshot().reverse_lookup(text, Region::US).unwrap().len();
    assert_eq!((look("+13172222222"), look("(317) 222-3333")), (0, 1));
    assert_eq!((fixture.search("alt").len(), fixture.search("neu").len()), (0, 1));
    fixture.wait(fixture.book.remove_contact(&Principal::command_line(), added.id)).unwrap();
    assert_eq!(
        (look("+13172223333"), fixture.search("neu").len(), fixture.search("anna").len()),
        (0, 0, 0)
    );
}

#[test]
fn random_edits_are_found_at_once_while_the_index_follows() {
    const NAMES: [&str; 6] = ["Adler", "Berger", "Çelik", "Dvořák", "Ødegård", "Żurek"];
    let mut fixture = fixture();
    let principal = Principal::command_line();
    let mut there: BTreeMap<Uuid, &str> = BTreeMap::new();
    let mut dice = Random::at(7, 0);
    let mut random = |end: usize| dice.place(end);
    for step in 0..400 {
        let name = NAMES[random(NAMES.len())];
        let one = there.keys().nth(random(there.len().max(1))).copied();
        match (random(4), one) {
            (0, Some(id)) => {
                fixture.wait(fixture.book.remove_contact(&principal, id)).unwrap();
                there.remove(&id);
            }
            (1, Some(id)) => {
                fixture
                    .wait(fixture.book.replace_contact(&principal, id, contact("Ann", name)))
                    .unwrap();
                there.insert(id, name);
            }
            _ => {
                there.insert(fixture.add(contact("Ann", name)).id, name);
            }
        }
        let expected = there.values().filter(|there| **there == name).count();
        assert_eq!(fixture.search(name).len(), expected, "step {step}: {name}");
        if step % 100 == 99 {
            fixture.check();
            fixture.reopen();
        }
    }
    fixture.check();
}

#[test]
fn an_index_that_was_deleted_is_built_again() {
    let mut fixture = fixture();
    for n in 0..60 {
        fixture.add(contact("Ann", &format!("Number{n:03}")));
    }
    fixture.book.close();
    std::fs::remove_dir_all(fixture.settings.data.join("index")).unwrap();
    fixture.reopen();
    fixture.check();
    assert_eq!(fixture.search("number0").len(), 60);
}

#[test]
fn a_snapshot_stays_as_it_is() {
    let fixture = fixture();
    let added = fixture.add(contact("Anna", "Alt"));
    let before = fixture.snapshot();
    fixture.wait(fixture.book.remove_contact(&Principal::command_line(), added.id)).unwrap();
    assert_eq!(search(&before, "alt"), ["Alt"]);
    assert!(before.contact(added.id).unwrap().is_some());
    assert!(fixture.search("alt").is_empty());
}

/// mautic/mautic#7152, zetkin/app.zetkin.org#1897.
#[test]
fn an_e_mail_is_looked_up_in_every_spelling() {
    let fixture = fixture();
    for (last, email) in [
        ("Plus", "Ada+News@Example.com"),
        ("Domain", "jürgen@müller.example"),
        ("Unseen", "c@example.com\u{200b}"),
        ("Link", "mailto:m@example.com"),
    ] {
        let mut new = contact("Ann", last);
        new.work_email = Some(email.to_owned());
        fixture.add(new);
    }
    let look = |text: &str| {
        let found = fixture.snapshot().reverse_lookup(text, Region::US).unwrap();
        found.into_iter().filter_map(|contact| contact.last_name).collect::<Vec<_>>()
    };
    for (text, last) in [
        ("ada+news@example.com", "Plus"),
        ("ADA+NEWS@EXAMPLE.COM", "Plus"),
        ("ada news@example.com", "Plus"),
        (" \u{feff}ada+news@exam\u{ad}ple.com\u{a0}", "Plus"),
        ("ju\u{308}rgen@mu\u{308}ller.example", "Domain"),
        ("JÜRGEN@xn--mller-kva.example", "Domain"),
        ("c@example.com", "Unseen"),
        ("c @ example.com", "Unseen"),
        ("m@example.com", "Link"),
        ("mailto:M@example.com?subject=x", "Link"),
    ] {
        assert_eq!(look(text), [last], "{text:?}");
    }
    for text in ["ada@example.com", "news@example.com", "jurgen@müller.example", "@example.com"] {
        assert_eq!(look(text), [""; 0], "{text:?}");
    }
}

#[test]
fn callers_are_known_as_switches_send_them() {
    let fixture = fixture();
    let mut new = contact("Ann", "Caller");
    new.cell_phone = phone("+33612345678");
    fixture.add(new);
    let look = |text| fixture.snapshot().reverse_lookup(text, Region::US).unwrap().len();
    for text in [
        "+33612345678",
        " 33612345678",
        "33612345678",
        "0033612345678",
        "+33 6 12 34 56 78",
        "tel:+33-6-12-34-56-78",
        "sip:+33612345678@gateway.example",
    ] {
        assert_eq!(look(text), 1, "{text}");
    }
    for text in ["+33612345679", "sip:ann@gateway.example", "612345678", "x", ""] {
        assert_eq!(look(text), 0, "{text}");
    }
}
