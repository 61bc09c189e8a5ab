//! Look-ups from memory agree with the store, at every moment that a caller can observe.

use super::*;
use crate::{Form, Origin, Rendering, Renderings};
use carnet_model::{ImportContact, ImportItem, Timestamp};
use carnet_phone::E164;
use carnet_sample::Random;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// The name, and everything that an answer could show.
fn make(snapshot: &Snapshot, contact: &Contact) -> Result<Rendering, BookError> {
    let organization = contact.organization.map(|id| snapshot.organization(id)).transpose()?;
    let company = organization.flatten().map(|organization| organization.name);
    let name = contact.last_name.clone().unwrap_or_default();
    let short = format!("{name}/{}", company.unwrap_or_default());
    Ok(Rendering { short: short.into_bytes(), long: format!("{contact:?}").into_bytes() })
}

fn answers(book: &AddressBook, number: E164) -> (Vec<u8>, Vec<Vec<u8>>) {
    let mut answers = Renderings::default();
    book.renderings(number, Form::Short, make, &mut answers).unwrap();
    let short = answers.iter().next().unwrap_or_default().to_vec();
    book.renderings(number, Form::Long, make, &mut answers).unwrap();
    (short, answers.iter().map(<[u8]>::to_vec).collect())
}

fn from_store(snapshot: &Snapshot, number: E164) -> (Vec<u8>, Vec<Vec<u8>>) {
    let contacts = snapshot.contacts_by_number(number, 25).unwrap();
    let made: Vec<Rendering> = contacts.iter().map(|one| make(snapshot, one).unwrap()).collect();
    let short = made.first().map(|one| one.short.clone()).unwrap_or_default();
    (short, made.into_iter().map(|one| one.long).collect())
}

impl Fixture {
    fn wait_for_numbers(&self) {
        let end = Instant::now() + Duration::from_secs(60);
        while !self.book.numbers_are_in_memory() {
            assert!(Instant::now() < end, "the number index does not come");
            std::thread::yield_now();
        }
    }
}

fn e164(n: u64) -> E164 {
    E164::from_digits(33_612_000_000 + n).unwrap()
}

fn numbered(name: &str, numbers: &[u64]) -> Contact {
    let mut contact = contact("Ann", name);
    let phones = [&mut contact.cell_phone, &mut contact.work_phone];
    for (phone_field, n) in phones.into_iter().zip(numbers) {
        *phone_field = phone(&e164(*n).to_string());
    }
    contact
}

#[test]
fn an_import_that_changes_a_date_changes_the_order_of_those_who_share_a_number() {
    let fixture = fixture();
    fixture.wait_for_numbers();
    let import = |name: &str, id: Uuid, created: i64| {
        let item = ImportItem::Contact(ImportContact {
            contact: Contact { id, ..numbered(name, &[1]) },
            create_date: Some(Timestamp(created)),
            ..ImportContact::default()
        });
        fixture.wait(fixture.book.import(&Principal::command_line(), vec![item])).unwrap()
    };
    let (first, second) = (Uuid::now_v7(), Uuid::now_v7());
    import("First", first, 1_000);
    import("Second", second, 2_000);
    for (created, oldest) in [(500, "Second/"), (3_000, "First/")] {
        import("Second", second, created);
        let found = answers(&fixture.book, e164(1));
        assert_eq!(found, from_store(&fixture.snapshot(), e164(1)));
        assert_eq!(String::from_utf8(found.0).unwrap(), oldest);
    }
    fixture.check();
}

#[test]
fn memory_and_store_agree_through_random_edits() {
    let mut fixture = fixture();
    let principal = Principal::command_line();
    let companies = [fixture.add_organization("Acme"), fixture.add_organization("Büro")];
    let mut there: Vec<Uuid> = Vec::new();
    let mut dice = Random::at(3, 0);
    let mut random = |end: usize| dice.place(end);
    for step in 0..600 {
        // Few numbers, so that many contacts share them and lose them.
        let numbers: Vec<u64> = (0..random(3)).map(|_| random(12) as u64).collect();
        let mut new = numbered(&format!("Step{step}"), &numbers);
        new.organization = [None, Some(companies[0]), Some(companies[1])][random(3)];
        let one = (!there.is_empty()).then(|| random(there.len()));
        match (random(5), one) {
            (0, Some(at)) => {
                let id = there.swap_remove(at);
                fixture.wait(fixture.book.remove_contact(&principal, id)).unwrap();
            }
            (1 | 2, Some(at)) => {
                fixture.wait(fixture.book.replace_contact(&principal, there[at], new)).unwrap();
            }
            (3, _) => {
                let name = format!("Company{step}");
                let next = Organization { name, ..Organization::default() };
                let id = companies[random(2)];
                fixture.wait(fixture.book.replace_organization(&principal, id, next)).unwrap();
            }
            _ => there.push(fixture.add(new).id),
        }
        let snapshot = fixture.snapshot();
        for n in 0..12 {
            let expected = from_store(&snapshot, e164(n));
            // Twice: made, and from the render cache.
            assert_eq!(answers(&fixture.book, e164(n)), expected, "step {step}");
            assert_eq!(answers(&fixture.book, e164(n)), expected, "step {step}");
        }
        if step % 150 == 149 {
            fixture.reopen();
            if step > 300 {
                fixture.wait_for_numbers();
            }
        }
    }
    let stats = fixture.book.stats().unwrap();
    assert!(stats.lookup_memory_bytes > 0, "{stats:?}");
}

#[test]
fn an_acknowledged_edit_is_never_answered_old_while_others_look_up() {
    let fixture = fixture();
    fixture.wait_for_numbers();
    let principal = Principal::command_line();
    let id = fixture.add(numbered("0", &[1])).id;
    let acknowledged = AtomicU64::new(0);
    // Relaxed suffices: nothing is read because of it, and the scope joins the threads.
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        // The warm-up runs beside them.
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                fixture.book.inner.warm_up(make).unwrap();
            }
        });
        for _ in 0..3 {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    // Acquire: pairs with the store after each edit.
                    let known = acknowledged.load(Ordering::Acquire);
                    let (short, long) = answers(&fixture.book, e164(1));
                    let name = String::from_utf8(short).unwrap();
                    let shown: u64 = name.trim_end_matches('/').parse().unwrap();
                    assert!(shown >= known, "{shown} after {known}");
                    assert_eq!(long.len(), 1);
                    // The contact moves between two numbers: no answer shows one without it.
                    for n in [2, 3] {
                        let (_, long) = answers(&fixture.book, e164(n));
                        let wanted = format!("E164({})", e164(n).digits());
                        let fits =
                            long.iter().all(|long| String::from_utf8_lossy(long).contains(&wanted));
                        assert!(fits, "an answer without the number that was asked");
                    }
                }
            });
        }
        for n in 1..400_u64 {
            let next = numbered(&n.to_string(), &[1, 2 + n % 2]);
            fixture.wait(fixture.book.replace_contact(&principal, id, next)).unwrap();
            // Release: pairs with the load in the threads that look up.
            acknowledged.store(n, Ordering::Release);
        }
        done.store(true, Ordering::Relaxed);
    });
}

#[test]
fn an_answer_says_where_it_came_from() {
    let fixture = fixture();
    let principal = Principal::command_line();
    let id = fixture.add(numbered("One", &[1])).id;
    fixture.add(numbered("Two", &[1]));
    let origin = |n| {
        let mut answers = Renderings::default();
        fixture.book.renderings(e164(n), Form::Long, make, &mut answers).unwrap();
        answers.origin()
    };
    fixture.wait_for_numbers();
    assert_eq!((origin(1), origin(1), origin(2)), (Origin::Made, Origin::Ready, Origin::Nobody));
    // One of the two is made anew, and that is the slower way.
    fixture.wait(fixture.book.replace_contact(&principal, id, numbered("Once", &[1]))).unwrap();
    assert_eq!((origin(1), origin(1)), (Origin::Made, Origin::Ready));
    fixture.book.inner.memory.clear();
    assert_eq!((origin(1), origin(2)), (Origin::Store, Origin::Store));
}

#[test]
fn answers_made_ahead_are_those_of_the_store() {
    let mut fixture = fixture();
    // More than are made from one snapshot, with gaps.
    let mut ids = Vec::new();
    for n in 0..60 {
        let numbers = if n % 10 == 9 { vec![] } else { vec![n, 1_000 + n] };
        // Some names are longer than what is read for a name at once.
        let name = format!("{n}").repeat(if n % 7 == 0 { 90 } else { 1 });
        ids.push(fixture.add(numbered(&name, &numbers)).id);
    }
    for id in &ids[20..40] {
        fixture.wait(fixture.book.remove_contact(&Principal::command_line(), *id)).unwrap();
    }
    for memory in [true, false] {
        fixture.settings.ready_memory_bytes = if memory { 96 << 20 } else { 0 };
        fixture.reopen();
        fixture.wait_for_numbers();
        assert_eq!(fixture.book.inner.warm_up(make).unwrap(), 36);
        // Nothing is left to be made, and nothing is made twice.
        let never = |_: &Snapshot, _: &Contact| -> Result<Rendering, BookError> { panic!("made") };
        let snapshot = fixture.snapshot();
        for n in 0..60 {
            let (short, long) = from_store(&snapshot, e164(n));
            let mut found = Renderings::default();
            for (form, expected) in [(Form::Short, short), (Form::Long, long.concat())] {
                // Twice: from the file, and from memory where there is some.
                for _ in 0..2 {
                    fixture.book.renderings(e164(n), form, never, &mut found).unwrap();
                    let found: Vec<u8> = found.iter().flatten().copied().collect();
                    assert_eq!(found, expected, "{n}");
                }
            }
        }
    }
}

#[test]
fn making_ahead_ends_with_the_book() {
    let fixture = fixture();
    for n in 0..40 {
        fixture.add(numbered("One", &[n]));
    }
    let (made, come) = std::sync::mpsc::channel();
    fixture.book.warm_up(move |snapshot, contact| {
        let _ = made.send(());
        make(snapshot, contact)
    });
    come.recv_timeout(Duration::from_secs(60)).unwrap();
    fixture.book.close();
    // The sender went with its thread.
    assert!(come.iter().count() < 40);
}

#[test]
fn without_a_file_for_ready_answers_everything_is_answered() {
    let fixture = fixture_with(|settings| {
        (settings.ready_file_bytes, settings.ready_memory_bytes) = (0, 0);
    });
    fixture.wait_for_numbers();
    fixture.add(numbered("One", &[1]));
    assert_eq!(answers(&fixture.book, e164(1)).0, b"One/");
    assert_eq!(answers(&fixture.book, e164(2)).1.len(), 0);
    assert!(!fixture.settings.data.join("ready").exists());
}
