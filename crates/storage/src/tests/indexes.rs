//! The promises of the index rows, one statement a test; the random edits compare the rest.

use super::opening::{STAMP, add, open, place};
use super::sample;
use crate::tables::{Pending, Tables, TextPrefix};
use crate::{AddError, EditError, Readable, Stamp, Store, StoreError, WriteTxn, check};
use carnet_model::{ChangeNo, Contact, ContactNo, IdentifierKey, IdentifierKind, Timestamp};

#[test]
fn a_number_is_never_given_twice() {
    let (_directory, path) = place();
    let store = open(&path).unwrap();
    add(&store, 1).unwrap();
    assert_eq!(add(&store, 2).unwrap(), ContactNo(2));
    let contact = sample::contact(2, 7, None);
    let removed: Result<(), EditError> =
        store.write(|txn| txn.remove_contact(ContactNo(2), &contact, &STAMP));
    removed.unwrap();
    drop(store);
    let store = open(&path).unwrap();
    assert_eq!(add(&store, 3).unwrap(), ContactNo(3));
}

#[test]
fn the_last_change_outlives_its_row() {
    let (_directory, path) = place();
    let store = open(&path).unwrap();
    let dropped: Result<(), AddError> = store.write(|txn| {
        txn.add_contact(&sample::contact(1, 7, None), &STAMP)?;
        Ok(txn.drop_changes_through(ChangeNo(1))?)
    });
    dropped.unwrap();
    drop(store);
    let store = open(&path).unwrap();
    let txn = store.read().unwrap();
    assert_eq!(txn.last_change().unwrap(), ChangeNo(1));
    assert_eq!(txn.first_change().unwrap(), None);
    add(&store, 2).unwrap();
    let txn = store.read().unwrap();
    assert_eq!(txn.last_change().unwrap(), ChangeNo(2));
    assert_eq!(txn.first_change().unwrap(), Some(ChangeNo(2)));
    assert_eq!(check(&txn, &mut |_| {}).unwrap().problem_count, 0);
}

#[test]
fn a_transaction_finds_what_it_has_just_added_beside_what_is_kept() {
    let (_directory, path) = place();
    let store = open(&path).unwrap();
    let firm = sample::organization(1, 8);
    // Both have equal numbers, identifiers and organisation; the later one is stored already.
    let twin = |id, created| Contact {
        organization: Some(firm.id),
        create_date: Timestamp(created),
        ..sample::full_contact(id)
    };
    let (first, second) = (twin(1, 5), twin(2, 4));
    let kept: Result<_, AddError> = store.write(|txn| {
        txn.add_organization(&firm, &STAMP)?;
        txn.add_contact(&first, &STAMP)
    });
    let first_no = kept.unwrap();
    let done: Result<(), EditError> = store.write(|txn| {
        let no = txn.add_contact(&second, &STAMP).unwrap();
        assert!(matches!(txn.add_contact(&second, &STAMP), Err(AddError::IdTaken(_))));
        let both = [(no, second.clone()), (first_no, first.clone())];
        assert_eq!(txn.contact_by_id(second.id)?, Some(both[0].clone()));
        for key in first.identifier_keys() {
            assert_eq!(txn.contacts_by_identifier(&key, 9)?, both, "{key:?}");
            assert_eq!(txn.contacts_by_identifier(&key, 1)?, both[..1], "{key:?}");
        }
        for number in first.numbers() {
            assert_eq!(txn.contacts_by_number(number, 9)?, both);
        }
        let (firm_no, _) = txn.organization_by_id(firm.id)?.unwrap();
        assert_eq!(txn.organization_contacts(firm_no, None, 9)?, [first_no, no]);
        assert_eq!(txn.organization_contacts(firm_no, Some(first_no), 9)?, [no]);
        // And no longer once it is gone again, or other.
        txn.remove_contact(first_no, &first, &STAMP)?;
        let bare = Contact { id: second.id, ..sample::contact(2, 0, None) };
        txn.edit_contact(no, &second, &bare, &STAMP)?;
        for key in first.identifier_keys() {
            assert_eq!(txn.contacts_by_identifier(&key, 9)?, [], "{key:?}");
        }
        assert_eq!(txn.organization_contacts(firm_no, None, 9)?, []);
        txn.remove_contact(no, &bare, &STAMP)?;
        assert_eq!(txn.contact_by_id(second.id)?, None);
        Ok(())
    });
    done.unwrap();
    assert_eq!(check(&store.read().unwrap(), &mut |_| {}).unwrap().problem_count, 0);
}

#[test]
fn compacting_makes_the_file_smaller_and_loses_nothing() {
    let (_directory, path) = place();
    let mut store = open(&path).unwrap();
    for first in (1..2_000).step_by(100) {
        let added: Result<(), AddError> = store.write(|txn| {
            for id in first..first + 100 {
                txn.add_contact(&sample::contact(id, id, None), &STAMP)?;
            }
            Ok(())
        });
        added.unwrap();
    }
    let before = store.file_bytes().unwrap();
    let reading = store.read().unwrap();
    store.compact().unwrap();
    assert_eq!(store.file_bytes().unwrap(), before, "someone reads");
    drop(reading);
    store.compact().unwrap();
    assert!(store.file_bytes().unwrap() < before);
    drop(store);
    let store = open(&path).unwrap();
    let report = check(&store.read().unwrap(), &mut |_| {}).unwrap();
    assert_eq!(report.problem_count, 0);
    assert_eq!(report.stats.contacts, 2_000);
}

#[test]
fn every_kind_of_identifier_finds_its_contact() {
    let (_directory, path) = place();
    let store = open(&path).unwrap();
    let contact = sample::full_contact(1);
    let added: Result<_, AddError> = store.write(|txn| txn.add_contact(&contact, &STAMP));
    let no = added.unwrap();
    let txn = store.read().unwrap();
    let expected = vec![(no, contact.clone())];
    for key in contact.identifier_keys() {
        assert_eq!(txn.contacts_by_identifier(&key, 9).unwrap(), expected, "{key:?}");
    }
    for number in contact.numbers() {
        assert_eq!(txn.contacts_by_number(number, 9).unwrap(), expected);
    }
    let other = IdentifierKey::new(IdentifierKind::Cookie, "a1");
    assert_eq!(txn.contacts_by_identifier(&other, 9).unwrap(), []);
    let nonsense = IdentifierKey::new(IdentifierKind::Phone, "call me");
    assert_eq!(txn.contacts_by_identifier(&nonsense, 9).unwrap(), []);
}

#[test]
fn a_date_set_anew_moves_the_contact_in_the_order() {
    let (_directory, path) = place();
    let store = open(&path).unwrap();
    let contact =
        |id, date| Contact { create_date: Timestamp(date), ..sample::contact(id, 0b10, None) };
    let result: Result<(), AddError> = store.write(|txn| {
        txn.add_contact(&contact(1, 10), &STAMP)?;
        txn.add_contact(&contact(2, 20), &STAMP)?;
        Ok(())
    });
    result.unwrap();
    let number = sample::number(0b10);
    let first = |store: &Store| store.read().unwrap().contacts_by_number(number, 1).unwrap()[0].0;
    assert_eq!(first(&store), ContactNo(1));
    let edited: Result<(), EditError> = store
        .write(|txn| txn.edit_contact(ContactNo(2), &contact(2, 20), &contact(2, -20), &STAMP));
    edited.unwrap();
    assert_eq!(first(&store), ContactNo(2));
}

/// An employer of a hundred thousand can be removed in one transaction. Work that grows with the
/// square of the contacts would not come to an end here.
#[test]
fn a_large_organisation_is_removed_in_one_go() {
    const CONTACTS: u64 = 100_000;
    let (_directory, path) = place();
    let store = open(&path).unwrap();
    let organization = sample::organization(1, 0);
    let added: Result<_, AddError> = store.write(|txn| {
        let no = txn.add_organization(&organization, &STAMP)?;
        for id in 1..=CONTACTS {
            txn.add_contact(&sample::contact(id, 0, Some(organization.id)), &STAMP)?;
        }
        Ok(no)
    });
    let no = added.unwrap();
    let stamp = Stamp { at: Timestamp(77), by: "x" };
    let removed: Result<_, EditError> =
        store.write(|txn| txn.remove_organization(no, &organization, &stamp));
    assert_eq!(removed.unwrap().len(), 100_000);
    let txn = store.read().unwrap();
    assert_eq!(txn.stats().unwrap().organization_contacts, 0);
    assert_eq!(txn.last_change().unwrap().0, 2 * CONTACTS + 2);
    let last = txn.contact(ContactNo(CONTACTS)).unwrap().unwrap();
    assert_eq!((last.organization, last.modify_date), (None, Timestamp(77)));
}

/// Adds two contacts, an organisation and a note, then spoils the file in one way and checks it.
fn check_spoilt(spoil: impl Fn(&mut WriteTxn<'_>), expected: &[&str]) {
    let (_directory, path) = place();
    let store = open(&path).unwrap();
    let result: Result<(), AddError> = store.write(|txn| {
        let organization = sample::organization(1, 8);
        txn.add_organization(&organization, &STAMP)?;
        let contact = sample::contact(1, u64::MAX, Some(organization.id));
        txn.add_contact(&contact, &STAMP)?;
        txn.add_contact(&sample::contact(2, 0, None), &STAMP)?;
        let subject = carnet_model::Subject::Contact(contact.id);
        txn.add_note(&sample::note(1, 0, subject), &STAMP)?;
        txn.changed = true;
        txn.tables.insert_deferred()?;
        spoil(txn);
        Ok(())
    });
    result.unwrap();
    let mut progress = 0;
    let report = check(&store.read().unwrap(), &mut |done| progress = done).unwrap();
    assert_eq!(progress, 8, "two contacts, one organisation, one note, four changes");
    assert_eq!(report.problems, expected);
    assert_eq!(report.problem_count, expected.len() as u64);
}

#[test]
fn a_store_as_it_was_written_has_no_problem() {
    check_spoilt(|_| {}, &[]);
}

#[test]
fn every_missing_row_is_found() {
    let missing = ["contact 1 has no row of an index that it should have"];
    type Spoil = fn(&mut Tables<Pending<'_>>);
    let spoils: [Spoil; 3] = [
        |tables| drop(tables.contact_numbers.pop_first().unwrap().unwrap()),
        |tables| drop(tables.contact_identifiers.pop_first().unwrap().unwrap()),
        |tables| drop(tables.organization_contacts.pop_first().unwrap().unwrap()),
    ];
    for spoil in spoils {
        check_spoilt(|txn| spoil(&mut txn.tables), &missing);
    }
    let missing = ["organisation 1 has no row of an index that it should have"];
    let spoils: [Spoil; 2] = [
        |tables| drop(tables.organization_names.pop_first().unwrap().unwrap()),
        |tables| drop(tables.organization_identifiers.pop_first().unwrap().unwrap()),
    ];
    for spoil in spoils {
        check_spoilt(|txn| spoil(&mut txn.tables), &missing);
    }
    let missing = ["note 1 has no row of an index that it should have"];
    check_spoilt(|txn| drop(txn.tables.subject_notes.pop_first().unwrap()), &missing);
    let missing = ["note 1 is not found by its id"];
    check_spoilt(|txn| drop(txn.tables.note_ids.pop_first().unwrap()), &missing);
    let missing =
        ["contact 1 is not found by its id", "note 1 is about something that is not there"];
    check_spoilt(|txn| drop(txn.tables.contact_ids.pop_first().unwrap()), &missing);
}

#[test]
fn every_surplus_row_is_found() {
    let key = IdentifierKey::new(IdentifierKind::Cookie, "x");
    let row = TextPrefix::identifier(&key).row(Timestamp(0), 2);
    check_spoilt(
        |txn| drop(txn.tables.contact_identifiers.insert(row.as_slice(), ()).unwrap()),
        &["a row of contact_identifiers points to 2, which does not ask for it"],
    );
    check_spoilt(
        |txn| drop(txn.tables.contact_numbers.insert((4_930_123_400, 0, 5), ()).unwrap()),
        &["a row of contact_numbers points to 5, which does not ask for it"],
    );
    check_spoilt(
        |txn| drop(txn.tables.organization_contacts.insert((1, 2), ()).unwrap()),
        &["a row of organization_contacts points to 2, which does not ask for it"],
    );
    check_spoilt(
        |txn| drop(txn.tables.organization_names.insert(row.as_slice(), ()).unwrap()),
        &["a row of organization_names points to 2, which does not ask for it"],
    );
    check_spoilt(
        |txn| drop(txn.tables.organization_identifiers.insert(row.as_slice(), ()).unwrap()),
        &["a row of organization_identifiers points to 2, which does not ask for it"],
    );
    check_spoilt(
        |txn| drop(txn.tables.subject_notes.insert((2, &[0; 16], 1), ()).unwrap()),
        &["a row of subject_notes points to 1, which does not ask for it"],
    );
    check_spoilt(
        |txn| drop(txn.tables.contact_ids.insert(&[9; 16], 1).unwrap()),
        &["a row of contact_ids points to 1, which does not ask for it"],
    );
}

#[test]
fn an_id_that_leads_elsewhere_is_found() {
    let id = sample::contact(1, 0, None).id;
    check_spoilt(
        |txn| drop(txn.tables.contact_ids.insert(id.as_bytes(), 2).unwrap()),
        &["the id of contact 1 leads to 2"],
    );
}

#[test]
fn an_unreadable_record_is_found_and_does_not_stop_the_check() {
    let (_directory, path) = place();
    let store = open(&path).unwrap();
    add(&store, 1).unwrap();
    let spoilt: Result<(), StoreError> = store.write(|txn| {
        txn.changed = true;
        txn.tables.contacts.insert(1, b"\x01junk".as_slice()).unwrap();
        Ok(())
    });
    spoilt.unwrap();
    let txn = store.read().unwrap();
    let report = check(&txn, &mut |_| {}).unwrap();
    assert!(report.problems[0].starts_with("contact 1 of the store"), "{:?}", report.problems);
    let error = txn.contact(ContactNo(1)).unwrap_err();
    assert!(!error.needs_reopen(), "{error}");
}

#[test]
fn a_gap_in_the_changes_and_a_lost_counter_are_found() {
    check_spoilt_changes(
        |txn| drop(txn.tables.changes.remove(2).unwrap()),
        "the change before 3 is missing",
    );
    check_spoilt_changes(
        |txn| txn.next_contact = 2,
        "`next_contact` is 2, but 2 was given already",
    );
}

fn check_spoilt_changes(spoil: impl Fn(&mut WriteTxn<'_>), expected: &str) {
    let (_directory, path) = place();
    let store = open(&path).unwrap();
    let result: Result<(), AddError> = store.write(|txn| {
        txn.add_organization(&sample::organization(1, 0), &STAMP)?;
        txn.add_contact(&sample::contact(1, 0, None), &STAMP)?;
        txn.add_contact(&sample::contact(2, 0, None), &STAMP)?;
        spoil(txn);
        Ok(())
    });
    result.unwrap();
    let report = check(&store.read().unwrap(), &mut |_| {}).unwrap();
    assert_eq!(report.problems[0], expected);
}
