//! Numbers that are kept as typed: counted, listed, read anew, and found where they are internal.

use super::*;
use crate::{Form, Rendering, Renderings};
use carnet_model::{IdentifierKey, IdentifierKind, InternalNumbers, NumberReading, UnreadReason};
use carnet_phone::{E164, Reason};

/// A contact with a number that is kept as it was typed.
fn typed(last: &str, text: &str) -> Contact {
    let phone = Phone { input: text.to_owned(), ..Phone::default() };
    Contact { work_phone: Some(phone), ..contact("Ann", last) }
}

fn region(code: &str) -> Option<Region> {
    Region::parse(code)
}

fn in_house(internal: &str) -> impl FnOnce(&mut Settings) + use<'_> {
    move |settings| {
        settings.default_region = Region::parse("DE").unwrap();
        settings.internal_numbers = InternalNumbers::parse(internal).ok();
    }
}

/// Everything that reading anew changes, part by part, and how many parts there were.
fn reread(fixture: &Fixture, code: &str, dry_run: bool) -> (Vec<(String, Option<E164>)>, u64) {
    let (mut after, mut all, mut parts) = (None, Vec::new(), 0);
    loop {
        let page = fixture.snapshot().numbers_to_reread(region(code), after).unwrap();
        let changes = match dry_run {
            true => page.changes,
            false => {
                let by = Principal::command_line();
                fixture.wait(fixture.book.reread_numbers(&by, region(code), page.changed)).unwrap()
            }
        };
        parts += 1;
        all.extend(changes.into_iter().map(|change| match change.new {
            NumberReading::Number(number) => (change.text, Some(number.e164)),
            NumberReading::Internal(_) | NumberReading::Several(_) | NumberReading::Nothing(_) => {
                (change.text, None)
            }
        }));
        match page.after {
            Some(next) => after = Some(next),
            None => return (all, parts),
        }
    }
}

fn last_names(contacts: Vec<Contact>) -> Vec<String> {
    contacts.into_iter().map(|contact| contact.last_name.unwrap_or_default()).collect()
}

fn look_up(fixture: &Fixture, text: &str) -> Vec<String> {
    let found = fixture.snapshot().look_up(text, Region::US).unwrap();
    last_names(found.contacts)
}

/// chatwoot/chatwoot#14048: old records get their numbers, and are found from then on.
#[test]
fn old_records_are_found_once_their_texts_were_read_anew() {
    let mut fixture = fixture();
    let texts: Vec<String> = (0..20).map(|n| format!("+52 1 55 1234 56{n:02}")).collect();
    for (n, text) in texts.iter().enumerate() {
        fixture.add(typed(&format!("Old{n}"), text));
        fixture.add(contact("Bea", "Between"));
    }
    assert_eq!(fixture.book.stats().unwrap().numbers_unread, 20);
    let (would, parts) = reread(&fixture, "", true);
    assert_eq!(would.len(), 20);
    assert!(parts > 2, "{parts}");
    assert_eq!(fixture.book.stats().unwrap().numbers_unread, 20, "a dry run changes nothing");
    let (did, _) = reread(&fixture, "", false);
    assert_eq!(did, would);
    assert_eq!(reread(&fixture, "", false).0, [], "done twice");
    assert_eq!(look_up(&fixture, "+525512345607"), ["Old7"]);
    assert_eq!(fixture.search("+525512345607"), ["Old7"]);
    fixture.check();
    fixture.reopen();
    let stats = fixture.book.stats().unwrap();
    assert_eq!((stats.numbers_unread, stats.numbers), (0, 20));
    assert_eq!(fixture.book.engine_stats().numbers_unread, Some(0));
}

#[test]
fn a_pass_that_was_broken_off_goes_on_where_it_is_begun_again() {
    let fixture = fixture();
    for n in 0..12 {
        fixture.add(typed(&format!("P{n}"), &format!("06 12 34 56 {n:02}")));
    }
    let page = fixture.snapshot().numbers_to_reread(region("FR"), None).unwrap();
    assert!(page.changed.len() < 12 && page.after.is_some());
    let by = Principal::command_line();
    fixture.wait(fixture.book.reread_numbers(&by, region("FR"), page.changed)).unwrap();
    let rest = reread(&fixture, "FR", false).0;
    assert_eq!(rest.len() + page.changes.len(), 12);
    assert_eq!(fixture.book.stats().unwrap().numbers_unread, 0);
    fixture.check();
}

#[test]
fn an_edit_between_the_look_and_the_change_is_kept() {
    let fixture = fixture();
    let [edited, removed] =
        ["06 12 34 56 78", "06 12 34 56 79"].map(|text| fixture.add(typed("X", text)).id);
    let page = fixture.snapshot().numbers_to_reread(region("FR"), None).unwrap();
    let by = Principal::command_line();
    let other = typed("Edited", "via reception");
    fixture.wait(fixture.book.replace_contact(&by, edited, other)).unwrap();
    fixture.wait(fixture.book.remove_contact(&by, removed)).unwrap();
    let changes = fixture.wait(fixture.book.reread_numbers(&by, region("FR"), page.changed));
    assert_eq!(changes.unwrap(), []);
    let kept = fixture.snapshot().contact(edited).unwrap().unwrap();
    assert_eq!(kept.work_phone.unwrap().input, "via reception");
    fixture.check();
}

#[test]
fn unread_numbers_are_listed_part_by_part_with_their_reasons() {
    let fixture = fixture();
    for n in 0..10 {
        fixture.add(typed(&format!("Short{n}"), &format!("104{n}")));
        fixture.add(Contact { cell_phone: phone("317-222-2222"), ..contact("Bea", "Fine") });
    }
    let (mut after, mut listed, mut parts) = (None, Vec::new(), 0);
    loop {
        let page = fixture.snapshot().unread_numbers(after).unwrap();
        listed.extend(page.entries);
        parts += 1;
        match page.after {
            Some(next) => after = Some(next),
            None => break,
        }
    }
    assert!(parts > 2, "{parts}");
    assert_eq!(listed.len(), 10);
    let first = &listed[0];
    assert_eq!((first.name.as_str(), first.text.as_str()), ("Ann Short0", "1040"));
    assert!(listed.iter().all(|one| one.reason == UnreadReason::NoNumber(Reason::TooShort)));
}

/// zammad/zammad#4555, nextcloud/contacts#3807, FreePBX/issue-tracker#587.
#[test]
fn an_internal_number_is_found_as_it_was_typed_and_before_any_other() {
    let fixture = fixture_with(in_house("2-5"));
    fixture.add(Contact {
        cell_phone: Some(Phone {
            input: "+49 1047".into(),
            e164: E164::parse("+491047"),
            ..Phone::default()
        }),
        ..contact("Town", "Outside")
    });
    for (last, text) in [
        ("Empfang", "1047"),
        ("Haus", "12345"),
        ("Bank", "22456"),
        ("Zero", "007"),
        ("Long", "123456"),
    ] {
        fixture.add(typed(last, text));
    }
    let expected = [
        ("1047", "Empfang"),
        (" 10 47 ", "Empfang"),
        ("sip:1047@pbx.example", "Empfang"),
        ("tel:1047", "Empfang"),
        ("\"Front desk\" <sip:1047@10.0.0.1>", "Empfang"),
        ("<sip:1047@pbx.example>;tag=1", "Empfang"),
        ("12345", "Haus"),
        ("22456", "Bank"),
        ("007", "Zero"),
        ("+491047", "Outside"),
    ];
    let make = |_: &Snapshot, contact: &Contact| {
        let name = contact.last_name.clone().unwrap_or_default().into_bytes();
        Ok(Rendering { short: name, long: b"{}".to_vec() })
    };
    let home = Region::parse("DE").unwrap();
    for (text, last) in expected {
        assert_eq!(look_up(&fixture, text), [last], "{text}");
        let snapshot = fixture.snapshot();
        assert_eq!(last_names(snapshot.reverse_lookup(text, home).unwrap()), [last], "{text}");
        let mut found = Renderings::default();
        let number =
            fixture.book.renderings_by_spelling(text, home, Form::Short, make, &mut found).unwrap();
        let names: Vec<_> = found.iter().map(|name| String::from_utf8_lossy(name)).collect();
        assert_eq!(names, [last], "{text}");
        assert_eq!(number.is_some(), text.starts_with('+'), "{text}");
    }
    // Reverse white pages take this for an e-mail.
    assert_eq!(look_up(&fixture, "1047@10.0.0.1"), ["Empfang"]);
    assert_eq!(fixture.search("1047")[0], "Empfang");
    assert_eq!(fixture.search("12345")[0], "Haus");
    // Whole, not by its beginning; and who has no such number is looked up as ever.
    assert_eq!(look_up(&fixture, "1234"), [""; 0]);
    assert_eq!(look_up(&fixture, "123456"), [""; 0]);
    // Six digits are no internal number here.
    assert_eq!(fixture.book.stats().unwrap().numbers_unread, 1);
    fixture.check();
}

#[test]
fn without_the_setting_a_short_number_is_kept_and_not_found() {
    let fixture = fixture();
    fixture.add(typed("Empfang", "1047"));
    assert_eq!(look_up(&fixture, "1047"), [""; 0]);
    assert_eq!(fixture.search("1047"), [""; 0]);
    assert_eq!(fixture.snapshot().reverse_lookup("1047", Region::US).unwrap(), []);
    assert_eq!(fixture.book.stats().unwrap().numbers_unread, 1);
    // Its key is there all the same, for the day on which the setting is made.
    let key = IdentifierKey::new(IdentifierKind::Internal, "1047");
    assert_eq!(fixture.snapshot().contacts_by_identifier(&key, 9).unwrap().len(), 1);
}

#[test]
fn an_internal_number_that_nobody_has_is_looked_up_as_a_number_of_the_country() {
    let fixture = fixture_with(in_house("2-5"));
    let number = Phone { e164: E164::parse("+491047"), ..typed("", "1047").work_phone.unwrap() };
    fixture.add(Contact { work_phone: Some(number), ..contact("Old", "Reading") });
    let home = Region::parse("DE").unwrap();
    let found = fixture.snapshot().look_up("1047", home).unwrap();
    assert_eq!(last_names(found.contacts), ["Reading"]);
    // Read anew, it is the house's own.
    let (changes, _) = reread(&fixture, "", false);
    assert_eq!(changes, [("1047".to_owned(), None)]);
    let found = fixture.snapshot().look_up("1047", home).unwrap();
    assert_eq!((found.number, last_names(found.contacts)), (None, vec!["Reading".to_owned()]));
    assert_eq!(look_up(&fixture, "+491047"), [""; 0]);
    fixture.check();
}

#[test]
fn an_internal_number_follows_edits_and_removals() {
    let fixture = fixture_with(in_house("1-6"));
    let by = Principal::command_line();
    let id = fixture.add(typed("One", "47")).id;
    fixture.add(typed("Two", "47"));
    assert_eq!(look_up(&fixture, "47"), ["One", "Two"]);
    fixture.wait(fixture.book.replace_contact(&by, id, typed("One", "48"))).unwrap();
    assert_eq!(
        (look_up(&fixture, "47"), look_up(&fixture, "48")),
        (vec!["Two".into()], vec!["One".into()])
    );
    fixture.wait(fixture.book.remove_contact(&by, id)).unwrap();
    assert_eq!(look_up(&fixture, "48"), [""; 0]);
    fixture.check();
}
