//! Opening, closing, and files that are not what they should be.

use super::sample;
use crate::{OpenError, ReadTxn, Readable, Stamp, Store, StoreError, StoreOptions};
use carnet_model::{ContactNo, IdentifierKey, IdentifierKind, Timestamp};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

pub(super) const STAMP: Stamp<'static> = Stamp { at: Timestamp(5), by: "" };

/// A path for a store in a directory of its own.
pub(super) fn place() -> (TempDir, PathBuf) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("store");
    (directory, path)
}

pub(super) fn open(path: &Path) -> Result<Store, OpenError> {
    Store::open(path, &StoreOptions::default())
}

/// Adds a contact with this id.
pub(super) fn add(store: &Store, id: u64) -> Result<ContactNo, StoreError> {
    store.write(|txn| match txn.add_contact(&sample::contact(id, 7, None), &STAMP) {
        Err(crate::AddError::Store(error)) => Err(error),
        other => Ok(other.unwrap()),
    })
}

pub(super) fn ids(store: &Store) -> Vec<u64> {
    let contacts = store.read().unwrap().contacts_after(None, usize::MAX).unwrap();
    contacts.iter().map(|(_, contact)| contact.id.as_u64_pair().1).collect()
}

fn assert_shared<T: Send + Sync>() {}

#[test]
fn store_and_snapshot_are_shared_between_threads() {
    assert_shared::<Store>();
    assert_shared::<ReadTxn>();
}

#[test]
fn a_store_keeps_its_id_and_no_other_has_it() {
    let (_directory, path) = place();
    let id = open(&path).unwrap().id();
    assert_eq!(open(&path).unwrap().id(), id);
    let (_directory, other) = place();
    assert_ne!(open(&other).unwrap().id(), id);
}

#[test]
fn a_new_store_leaves_no_other_file() {
    let (directory, path) = place();
    let store = open(&path).unwrap();
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
    assert_eq!(store.file_bytes().unwrap(), fs::metadata(&path).unwrap().len());
}

#[test]
fn what_a_crash_left_of_a_creation_is_removed() {
    let (directory, path) = place();
    let left = directory.path().join("store.new");
    fs::write(&left, b"half of a store").unwrap();
    let store = open(&path).unwrap();
    add(&store, 1).unwrap();
    assert!(!left.exists());
}

#[test]
fn a_second_handle_is_told_that_the_store_is_in_use() {
    let (_directory, path) = place();
    let store = open(&path).unwrap();
    assert!(matches!(open(&path), Err(OpenError::InUse)));
    drop(store);
    open(&path).unwrap();
}

#[test]
fn a_dropped_store_can_be_opened_again_while_a_snapshot_lives() {
    let (_directory, path) = place();
    let store = open(&path).unwrap();
    add(&store, 1).unwrap();
    let snapshot = store.read().unwrap();
    drop(store);
    let store = open(&path).unwrap();
    add(&store, 2).unwrap();
    // It may answer from memory, rightly, or say that it must be replaced.
    match snapshot.contacts_after(None, usize::MAX) {
        Ok(contacts) => assert_eq!(contacts.len(), 1),
        Err(error) => assert!(error.needs_reopen(), "{error}"),
    }
    drop(snapshot);
    assert_eq!(ids(&store), [1, 2]);
}

#[test]
fn a_snapshot_sees_one_moment() {
    let (_directory, path) = place();
    let store = open(&path).unwrap();
    add(&store, 1).unwrap();
    let snapshot = store.read().unwrap();
    add(&store, 2).unwrap();
    assert_eq!(snapshot.contact_count().unwrap(), 1);
    assert_eq!(snapshot.contact(ContactNo(2)).unwrap(), None);
    assert_eq!(store.read().unwrap().contact_count().unwrap(), 2);
}

#[test]
fn a_file_of_another_kind_is_named_so_and_left_alone() {
    let (_directory, path) = place();
    for foreign in [&b""[..], b"PK\x03\x04", &[0; 100_000]] {
        fs::write(&path, foreign).unwrap();
        assert!(matches!(open(&path), Err(OpenError::NotACarnetFile)), "{}", foreign.len());
        assert_eq!(fs::read(&path).unwrap(), foreign);
    }
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    assert!(matches!(open(&path), Err(OpenError::NotACarnetFile)));
}

#[test]
fn a_database_of_another_program_is_named_so() {
    let (_directory, path) = place();
    drop(redb::Database::create(&path).unwrap());
    assert!(matches!(open(&path), Err(OpenError::NotACarnetFile)));
}

#[test]
fn a_missing_directory_is_an_io_error() {
    let (directory, _) = place();
    let path = directory.path().join("missing").join("store");
    assert!(matches!(open(&path), Err(OpenError::Io(_))));
}

#[test]
fn e_mails_of_an_older_store_are_found_by_every_spelling() {
    let (_directory, path) = place();
    let store = open(&path).unwrap();
    let with = |id, email: &str| carnet_model::Contact {
        work_email: Some(email.to_owned()),
        ..sample::contact(id, 0, None)
    };
    let contacts = [
        with(1, "Ann@xn--mller-kva.example"),
        with(2, "b\u{200b}en@example.org"),
        with(3, "Ju\u{308}rgen@example.org"),
        with(4, "plain@example.org"),
        with(5, "mailto:eve@example.org"),
    ];
    for contact in &contacts {
        store.write(|txn| Ok::<_, StoreError>(txn.add_contact(contact, &STAMP).unwrap())).unwrap();
    }
    drop(store);
    // The rows as they were before the folding changed: without case, and nothing else.
    let engine = redb::Database::open(&path).unwrap();
    let txn = engine.begin_write().unwrap();
    {
        let mut tables = crate::tables::Tables::<crate::tables::Pending<'_>>::open(&txn).unwrap();
        tables.meta.remove(crate::tables::meta::IDENTIFIER_KEYS).unwrap();
        for (contact, no) in contacts.iter().zip(1..) {
            let row = |value: &str| {
                let key = IdentifierKey { kind: IdentifierKind::Email, value: value.to_owned() };
                crate::tables::TextPrefix::identifier(&key).row(contact.create_date, no)
            };
            let email = contact.work_email.as_deref().unwrap();
            let key = IdentifierKey::new(IdentifierKind::Email, email);
            tables.contact_identifiers.remove(row(&key.value).as_slice()).unwrap();
            tables.contact_identifiers.insert(row(&email.to_lowercase()).as_slice(), ()).unwrap();
        }
    }
    txn.commit().unwrap();
    drop(engine);
    let store = open(&path).unwrap();
    for (email, no) in [
        ("ann@MÜLLER.example", 1),
        ("ann@xn--mller-kva.example", 1),
        ("ben@example.org", 2),
        ("jürgen@example.org", 3),
        ("PLAIN@example.org", 4),
        ("eve@example.org", 5),
    ] {
        let key = IdentifierKey::new(IdentifierKind::Email, email);
        let found = store.read().unwrap().contacts_by_identifier(&key, 9).unwrap();
        assert_eq!(found.iter().map(|(no, _)| no.0).collect::<Vec<_>>(), [no], "{email}");
    }
    let report = crate::check(&store.read().unwrap(), &mut |_| ()).unwrap();
    assert_eq!(report.problems, [""; 0]);
}

#[test]
fn a_store_of_a_later_format_is_refused() {
    let (_directory, path) = place();
    drop(open(&path).unwrap());
    let engine = redb::Database::open(&path).unwrap();
    let txn = engine.begin_write().unwrap();
    {
        let mut meta = txn.open_table(crate::tables::META).unwrap();
        let later = 9u64.to_be_bytes();
        meta.insert(crate::tables::meta::FORMAT, later.as_slice()).unwrap();
    }
    txn.commit().unwrap();
    drop(engine);
    let error = open(&path).unwrap_err();
    assert!(matches!(error, OpenError::TooNew { found: 9, known: 3 }), "{error}");
}

#[test]
fn a_file_cut_short_is_an_error_and_no_panic() {
    let (_directory, path) = place();
    let store = open(&path).unwrap();
    for id in 1..200 {
        add(&store, id).unwrap();
    }
    drop(store);
    let whole = fs::read(&path).unwrap();
    for part in 1..16 {
        let cut = whole.len() * part / 16;
        fs::write(&path, &whole[..cut]).unwrap();
        assert!(open(&path).is_err(), "{cut} of {} bytes", whole.len());
    }
    fs::write(&path, &whole).unwrap();
    assert_eq!(ids(&open(&path).unwrap()).len(), 199);
}

/// redb trusts the pages of a file that was closed in order, so most flips go unnoticed by an
/// opening; what is promised is an answer.
#[test]
fn a_flipped_byte_makes_no_panic_at_opening() {
    let (_directory, path) = place();
    let store = open(&path).unwrap();
    for id in 1..20 {
        add(&store, id).unwrap();
    }
    drop(store);
    let whole = fs::read(&path).unwrap();
    let mut refused = 0;
    // Every byte of the head, which is where redb looks first, and a sample of the pages.
    for at in (0..320).chain((320..whole.len()).step_by(whole.len() / 64)) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0xff;
        fs::write(&path, &bytes).unwrap();
        refused += u32::from(open(&path).is_err());
    }
    assert!(refused > 0, "no flip was noticed");
}

#[test]
fn a_panic_inside_a_write_leaves_no_trace_and_the_store_in_use() {
    let (_directory, path) = place();
    let store = open(&path).unwrap();
    add(&store, 1).unwrap();
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        store.write(|txn| -> Result<(), StoreError> {
            txn.add_contact(&sample::contact(2, 7, None), &STAMP).unwrap();
            panic!("on purpose");
        })
    }));
    assert!(panicked.is_err());
    add(&store, 3).unwrap();
    assert_eq!(ids(&store), [1, 3]);
    drop(store);
    assert_eq!(ids(&open(&path).unwrap()), [1, 3]);
}

#[test]
fn a_write_that_changes_nothing_touches_no_disk() {
    let (_directory, path) = place();
    let faults = crate::Faults::new();
    drop(open(&path).unwrap());
    let options = StoreOptions { faults: Some(faults.clone()), ..StoreOptions::default() };
    let store = Store::open(&path, &options).unwrap();
    faults.fail_syncs();
    faults.fail_writes();
    let result: Result<bool, StoreError> = store.write(|txn| txn.remove_client("nobody"));
    assert!(!result.unwrap());
    assert_eq!(faults.fired(), 0);
}
