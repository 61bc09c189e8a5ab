//! A disk that fails: refused writes, nothing half done, and a store that comes back.

use super::opening::{add, ids, place};
use crate::{Faults, Readable, Store, StoreOptions, check};
use std::path::Path;

fn options(faults: &Faults) -> StoreOptions {
    StoreOptions { faults: Some(faults.clone()), ..StoreOptions::default() }
}

fn open(path: &Path, faults: &Faults) -> Store {
    Store::open(path, &options(faults)).unwrap()
}

/// Makes `fail` happen to the second write, then heals, reopens and looks.
fn check_failing_write(fail: impl Fn(&Faults)) {
    let (_directory, path) = place();
    let faults = Faults::new();
    let store = open(&path, &faults);
    add(&store, 1).unwrap();
    fail(&faults);
    let error = add(&store, 2).unwrap_err();
    assert!(faults.fired() > 0, "the fault did not fire");
    assert!(error.needs_reopen(), "{error}");
    faults.heal();
    let error = add(&store, 3).unwrap_err();
    assert!(error.needs_reopen(), "a store that failed must not go on: {error}");
    drop(store);
    let store = open(&path, &faults);
    assert_eq!(ids(&store), [1]);
    let txn = store.read().unwrap();
    assert_eq!(check(&txn, &mut |_| {}).unwrap().problem_count, 0);
    // The number that the failed write took is given to the next one, because no reader saw it.
    assert_eq!(txn.last_change().unwrap().0, 1);
    drop(txn);
    add(&store, 4).unwrap();
    assert_eq!(ids(&store), [1, 4]);
}

#[test]
fn a_failing_sync_refuses_the_write_and_keeps_the_rest() {
    check_failing_write(Faults::fail_next_sync);
}

#[test]
fn a_disk_that_never_syncs_refuses_the_write_and_keeps_the_rest() {
    check_failing_write(Faults::fail_syncs);
}

#[test]
fn a_full_disk_refuses_the_write_and_keeps_the_rest() {
    check_failing_write(Faults::fail_writes);
}

#[test]
fn a_sync_that_fails_at_the_end_of_a_commit_leaves_it_whole_or_not_at_all() {
    let (_directory, path) = place();
    let faults = Faults::new();
    let store = open(&path, &faults);
    add(&store, 1).unwrap();
    faults.fail_sync_after(1);
    let error = add(&store, 2).unwrap_err();
    assert_eq!(faults.fired(), 1, "a commit with quick-repair syncs twice");
    assert!(error.needs_reopen(), "{error}");
    drop(store);
    let store = open(&path, &faults);
    assert!([&[1][..], &[1, 2]].contains(&&ids(&store)[..]));
    let report = check(&store.read().unwrap(), &mut |_| {}).unwrap();
    assert_eq!(report.problem_count, 0, "{:?}", report.problems);
}

#[test]
fn a_store_that_failed_reopens_while_a_snapshot_of_it_lives() {
    let (_directory, path) = place();
    let faults = Faults::new();
    let store = open(&path, &faults);
    add(&store, 1).unwrap();
    let snapshot = store.read().unwrap();
    faults.fail_next_sync();
    add(&store, 2).unwrap_err();
    drop(store);
    let store = open(&path, &faults);
    add(&store, 3).unwrap();
    drop(snapshot);
    assert_eq!(ids(&store), [1, 3]);
}

#[test]
fn a_creation_that_fails_leaves_nothing_behind() {
    let fail: [fn(&Faults); 3] = [Faults::fail_next_sync, Faults::fail_syncs, Faults::fail_writes];
    for fail in fail {
        let (directory, path) = place();
        let faults = Faults::new();
        fail(&faults);
        Store::open(&path, &options(&faults)).unwrap_err();
        assert!(faults.fired() > 0, "the fault did not fire");
        assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 0);
        faults.heal();
        add(&open(&path, &faults), 1).unwrap();
    }
}

#[test]
fn growing_on_a_full_disk_loses_nothing() {
    let (_directory, path) = place();
    let faults = Faults::new();
    let store = open(&path, &faults);
    let mut kept = Vec::new();
    for id in 1..=20 {
        add(&store, id).unwrap();
        kept.push(id);
    }
    faults.fail_writes();
    // Far more than the cache for writes holds, so that pages must go out before the commit.
    let result: Result<(), crate::AddError> = store.write(|txn| {
        for id in 100..20_000 {
            let contact = super::sample::full_contact(id);
            txn.add_contact(&contact, &super::opening::STAMP)?;
        }
        Ok(())
    });
    let Err(crate::AddError::Store(error)) = result else { panic!("{result:?}") };
    assert!(error.needs_reopen(), "{error}");
    drop(store);
    faults.heal();
    assert_eq!(ids(&open(&path, &faults)), kept);
}
