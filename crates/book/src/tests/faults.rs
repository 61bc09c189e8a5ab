//! A store that fails: writes are refused, reads come back, nothing acknowledged is lost, and
//! no restart is needed.

use super::*;
use crate::local::data_dir::faults::inject;
use carnet_storage::Faults;
use std::time::{Duration, Instant};

fn failing() -> (Fixture, Faults) {
    let faults = Faults::new();
    let given = faults.clone();
    (fixture_with(|settings| inject(&settings.data, given)), faults)
}

/// Adds until it works: the store is being opened again in the background.
fn add_when_mended(fixture: &Fixture, last: &str) {
    let end = Instant::now() + Duration::from_secs(60);
    loop {
        let added = fixture
            .wait(fixture.book.add_contact(&Principal::command_line(), contact("Ann", last)));
        match added {
            Ok(_) => return,
            Err(error) => assert!(Instant::now() < end, "it never came back: {error}"),
        }
    }
}

#[test]
fn a_commit_that_fails_is_refused_and_reads_come_back() {
    let (fixture, faults) = failing();
    let kept = fixture.add(contact("Ann", "Kept"));
    faults.fail_next_sync();
    let refused =
        fixture.wait(fixture.book.add_contact(&Principal::command_line(), contact("Ann", "Lost")));
    assert!(is_unavailable(&refused), "{refused:?}");
    assert!(faults.fired() > 0, "the fault did not fire");
    let stats = fixture.book.engine_stats();
    assert_eq!((stats.batches_refused, stats.commits.count(), stats.writes_committed), (1, 1, 1));
    let snapshot = fixture.snapshot();
    assert_eq!(snapshot.contact(kept.id).unwrap().as_ref(), Some(&*kept));
    assert_eq!(search(&snapshot, "kept"), ["Kept"]);
    add_when_mended(&fixture, "Later");
    assert_eq!(fixture.search("later"), ["Later"]);
    fixture.check();
}

#[test]
fn a_full_disk_refuses_writes_until_there_is_room() {
    let (fixture, faults) = failing();
    let kept = fixture.add(contact("Ann", "Kept"));
    faults.fail_writes();
    for _ in 0..3 {
        let refused = fixture
            .wait(fixture.book.add_contact(&Principal::command_line(), contact("Ann", "Lost")));
        assert!(is_unavailable(&refused), "{refused:?}");
    }
    faults.heal();
    add_when_mended(&fixture, "Later");
    assert_eq!(fixture.snapshot().contact(kept.id).unwrap().as_ref(), Some(&*kept));
    assert_eq!(fixture.search("kept"), ["Kept"]);
    assert!(fixture.search("lost").is_empty());
    assert!(fixture.book.status().searchable);
    fixture.check();
}

#[test]
fn a_damaged_index_is_built_again_while_search_goes_on() {
    let fixture = fixture();
    fixture.add(contact("Ann", "First"));
    // The folder of the index vanishes under the running book.
    std::fs::remove_dir_all(fixture.settings.data.join("index")).unwrap();
    for n in 0..80 {
        fixture.add(contact("Bea", &format!("Later{n}")));
        assert_eq!(fixture.search("first"), ["First"]);
    }
    assert_eq!(fixture.search("bea").len(), 80);
    fixture.check();
}

#[test]
fn a_client_that_was_removed_by_a_failed_commit_is_not_let_in() {
    let mut removed = Vec::new();
    // The second sync of a commit comes after its root was written: then it is in the store, though
    // the caller was told that it failed.
    for syncs_before in [0, 1] {
        let (fixture, faults) = failing();
        let book = &fixture.book;
        let client = fixture.wait(book.add_client("PBX", "lookup", None, None)).unwrap();
        let token = fixture.wait(book.sign_in(&client.id, &client.secret)).unwrap().unwrap().token;
        let key = client.key.unwrap();
        assert!(book.authenticate(&token).unwrap().is_some());
        assert!(book.authenticate_key(&key).unwrap().is_some());
        assert!(book.authenticate_basic(&client.id, &client.secret).unwrap().is_some());
        let epoch = book.tokens_epoch();
        faults.fail_sync_after(syncs_before);
        let refused = fixture.wait(book.remove_client(&client.id));
        assert!(is_unavailable(&refused), "{refused:?}");
        add_when_mended(&fixture, "Later");
        let is_there = !fixture.snapshot().clients().unwrap().is_empty();
        assert_eq!(book.authenticate(&token).unwrap().is_some(), is_there);
        assert_eq!(book.authenticate_key(&key).unwrap().is_some(), is_there);
        let by_secret = book.authenticate_basic(&client.id, &client.secret).unwrap();
        assert_eq!(by_secret.is_some(), is_there);
        // Connections that keep a principal ask again.
        assert_ne!(book.tokens_epoch(), epoch);
        removed.push(!is_there);
    }
    assert_eq!(removed, [false, true]);
}

#[test]
fn a_setting_that_a_failed_commit_changed_is_in_force_if_it_reached_the_store() {
    let mut changed = Vec::new();
    for syncs_before in [0, 1] {
        let (fixture, faults) = failing();
        let by = Principal::command_line();
        faults.fail_sync_after(syncs_before);
        let name = "contacts.default_region";
        let refused = fixture.wait(fixture.book.change_setting(&by, name, "DE"));
        assert!(is_unavailable(&refused), "{refused:?}");
        add_when_mended(&fixture, "Later");
        let is_kept = !fixture.book.setting_changes().unwrap().is_empty();
        let region = fixture.book.records().default_region;
        assert_eq!(region.as_str(), if is_kept { "DE" } else { "US" });
        changed.push(is_kept);
    }
    assert_eq!(changed, [false, true]);
}
