//! The counts of unread numbers, and files from before they were kept.

use super::opening::{STAMP, add, open, place};
use super::sample::{self, unread};
use crate::tables::meta;
use crate::{EditError, OpenError, Readable, Store, StoreError, StoreOptions, check};
use carnet_model::{Contact, ContactNo, IdentifierKey, IdentifierKind, UnreadNumbers};
use std::path::Path;

fn count(store: &Store) -> UnreadNumbers {
    store.read().unwrap().unread_numbers().unwrap()
}

fn assert_sound(store: &Store) {
    let report = check(&store.read().unwrap(), &mut |_| {}).unwrap();
    assert_eq!(report.problems, Vec::<String>::new());
}

/// A contact with two unread numbers, one of which may be an internal one.
fn typed(id: u64) -> Contact {
    Contact {
        home_phone: Some(unread("1047")),
        other_phone: Some(unread("via reception")),
        ..sample::contact(id, 0, None)
    }
}

/// The contacts that are found by an internal number.
fn found(store: &Store) -> usize {
    let key = IdentifierKey::new(IdentifierKind::Internal, "1047");
    store.read().unwrap().contacts_by_identifier(&key, usize::MAX).unwrap().len()
}

#[test]
fn the_counts_follow_every_edit() {
    let (_directory, path) = place();
    let store = open(&path).unwrap();
    assert_eq!(count(&store), UnreadNumbers::default());
    let edited: Result<(), EditError> = store.write(|txn| {
        let first = txn.add_contact(&typed(1), &STAMP).unwrap();
        txn.add_contact(&typed(2), &STAMP).unwrap();
        let read = Contact { home_phone: None, ..typed(1) };
        txn.edit_contact(first, &typed(1), &read, &STAMP)
    });
    edited.unwrap();
    assert_eq!(count(&store).0, [2, 0, 0, 0, 1, 0, 0]);
    assert_eq!(found(&store), 1);
    let removed: Result<(), EditError> =
        store.write(|txn| txn.remove_contact(ContactNo(2), &typed(2), &STAMP));
    removed.unwrap();
    assert_eq!(count(&store).0, [1, 0, 0, 0, 0, 0, 0]);
    assert_eq!(found(&store), 0);
    // A refused edit, and one that is rolled back, count nothing.
    let stale: Result<(), EditError> =
        store.write(|txn| txn.edit_contact(ContactNo(1), &typed(1), &typed(1), &STAMP));
    assert!(matches!(stale, Err(EditError::Stale)));
    let rolled_back: Result<(), StoreError> = store.write(|txn| {
        txn.add_contact(&typed(3), &STAMP).unwrap();
        Err(StoreError::Broken)
    });
    rolled_back.unwrap_err();
    assert_sound(&store);
    drop(store);
    assert_eq!(count(&open(&path).unwrap()).0, [1, 0, 0, 0, 0, 0, 0]);
}

#[test]
fn a_wrong_count_is_a_problem() {
    let (_directory, path) = place();
    let store = open(&path).unwrap();
    let spoilt: Result<(), StoreError> = store.write(|txn| {
        txn.add_contact(&typed(1), &STAMP).unwrap();
        txn.unread.0[3] += 1;
        Ok(())
    });
    spoilt.unwrap();
    let report = check(&store.read().unwrap(), &mut |_| {}).unwrap();
    assert_eq!(report.problem_count, 1);
    assert!(report.problems[0].contains("is 3"), "{:?}", report.problems);
}

/// Makes the file one of the format before: without counts and rows of internal numbers.
fn age(path: &Path) {
    let store = open(path).unwrap();
    let aged: Result<(), StoreError> = store.write(|txn| {
        let internal = u8::try_from(IdentifierKind::Internal as u32).unwrap();
        let rows = &mut txn.tables.contact_identifiers;
        rows.retain(|key, ()| key[0] != internal).unwrap();
        txn.tables.meta.insert(meta::FORMAT, 1_u64.to_be_bytes().as_slice()).unwrap();
        txn.unread = UnreadNumbers::default();
        txn.changed = true;
        Ok(())
    });
    aged.unwrap();
    assert_eq!((count(&store), found(&store)), (UnreadNumbers::default(), 0));
}

#[test]
fn a_file_of_the_format_before_is_counted_once() {
    let (_directory, path) = place();
    let store = open(&path).unwrap();
    for id in 1..4 {
        let added: Result<_, StoreError> =
            store.write(|txn| Ok(txn.add_contact(&typed(id), &STAMP).unwrap()));
        added.unwrap();
    }
    add(&store, 4).unwrap();
    drop(store);
    age(&path);
    let store = open(&path).unwrap();
    assert_eq!(count(&store).0, [3, 0, 0, 0, 3, 0, 0]);
    assert_eq!(found(&store), 3);
    assert_sound(&store);
    // Now it is of the present format: a count that is wrong stays, to be found by a check.
    let spoilt: Result<(), StoreError> = store.write(|txn| {
        txn.unread = UnreadNumbers::default();
        txn.changed = true;
        Ok(())
    });
    spoilt.unwrap();
    drop(store);
    assert_eq!(count(&open(&path).unwrap()), UnreadNumbers::default());
}

#[test]
fn an_upgrade_that_fails_begins_again() {
    let (_directory, path) = place();
    let store = open(&path).unwrap();
    let added: Result<_, StoreError> =
        store.write(|txn| Ok(txn.add_contact(&typed(1), &STAMP).unwrap()));
    added.unwrap();
    drop(store);
    age(&path);
    let faults = crate::Faults::new();
    let options = StoreOptions { faults: Some(faults.clone()), ..StoreOptions::default() };
    faults.fail_syncs();
    let failed = Store::open(&path, &options);
    assert!(matches!(failed, Err(OpenError::Engine(_) | OpenError::Io(_))), "{failed:?}");
    assert!(faults.fired() > 0);
    let store = open(&path).unwrap();
    assert_eq!((count(&store).0[0], found(&store)), (1, 1));
    assert_sound(&store);
}

#[test]
fn a_record_that_cannot_be_read_does_not_stop_an_upgrade() {
    let (_directory, path) = place();
    let store = open(&path).unwrap();
    let spoilt: Result<_, StoreError> = store.write(|txn| {
        txn.add_contact(&typed(1), &STAMP).unwrap();
        txn.add_contact(&typed(2), &STAMP).unwrap();
        txn.tables.contacts.insert(1, b"\x01junk".as_slice()).unwrap();
        Ok(())
    });
    spoilt.unwrap();
    drop(store);
    age(&path);
    let store = open(&path).unwrap();
    assert_eq!((count(&store).0[0], found(&store)), (1, 1));
}
