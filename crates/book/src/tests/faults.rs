//! A store that fails: writes are refused, reads come back, nothing acknowledged is lost, and
//! nobody has to start anything again.

use super::*;
use crate::local::data_dir::faults::inject;
use carnet_storage::Faults;
use std::time::{Duration, Instant};

fn failing() -> (Desk, Faults) {
    let faults = Faults::new();
    let given = faults.clone();
    (desk_with(|settings| inject(&settings.data, given)), faults)
}

/// Adds until it works: the store is being opened again in the background.
fn add_when_mended(desk: &Desk, last: &str) {
    let end = Instant::now() + Duration::from_secs(60);
    loop {
        let added =
            desk.wait(desk.book.add_contact(&Principal::command_line(), contact("Ann", last)));
        match added {
            Ok(_) => return,
            Err(error) => assert!(Instant::now() < end, "it never came back: {error}"),
        }
    }
}

#[test]
fn a_commit_that_fails_is_refused_and_reads_come_back() {
    let (desk, faults) = failing();
    let kept = desk.add(contact("Ann", "Kept"));
    faults.fail_next_sync();
    let refused =
        desk.wait(desk.book.add_contact(&Principal::command_line(), contact("Ann", "Lost")));
    assert!(is_unavailable(&refused), "{refused:?}");
    assert!(faults.fired() > 0, "the fault did not fire");
    let stats = desk.book.engine_stats();
    assert_eq!((stats.batches_refused, stats.commits.count(), stats.writes_committed), (1, 1, 1));
    let snapshot = desk.snapshot();
    assert_eq!(snapshot.contact(kept.id).unwrap().as_ref(), Some(&*kept));
    assert_eq!(search(&snapshot, "kept"), ["Kept"]);
    add_when_mended(&desk, "Later");
    assert_eq!(desk.search("later"), ["Later"]);
    desk.check();
}

#[test]
fn a_full_disk_refuses_writes_until_there_is_room() {
    let (desk, faults) = failing();
    let kept = desk.add(contact("Ann", "Kept"));
    faults.fail_writes();
    for _ in 0..3 {
        let refused =
            desk.wait(desk.book.add_contact(&Principal::command_line(), contact("Ann", "Lost")));
        assert!(is_unavailable(&refused), "{refused:?}");
    }
    faults.heal();
    add_when_mended(&desk, "Later");
    assert_eq!(desk.snapshot().contact(kept.id).unwrap().as_ref(), Some(&*kept));
    assert_eq!(desk.search("kept"), ["Kept"]);
    assert!(desk.search("lost").is_empty());
    assert!(desk.book.status().searchable);
    desk.check();
}

#[test]
fn a_damaged_index_is_built_again_while_search_goes_on() {
    let desk = desk();
    desk.add(contact("Ann", "First"));
    // The folder of the index vanishes under the running book.
    std::fs::remove_dir_all(desk.settings.data.join("index")).unwrap();
    for n in 0..80 {
        desk.add(contact("Bea", &format!("Later{n}")));
        assert_eq!(desk.search("first"), ["First"]);
    }
    assert_eq!(desk.search("bea").len(), 80);
    desk.check();
}
