//! What is kept is what is read, and never what was thrown away.

use super::*;
use std::collections::HashMap;

fn ready(bytes: u64) -> (Ready, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    (Ready::open(folder.path().join("ready"), bytes), folder)
}

fn read(ready: &Ready, no: u64) -> Option<(Vec<u8>, Vec<u8>)> {
    let mut bytes = b"before".to_vec();
    let run = ready.read(ContactNo(no), Form::Long, &mut bytes);
    assert!(bytes.starts_with(b"before"));
    run.map(|run| (bytes[run.short].to_vec(), bytes[run.long].to_vec()))
}

fn keep(ready: &Ready, no: u64, short: &str, long: &str) {
    ready.keep(ContactNo(no), ready.tag(ContactNo(no)), short.as_bytes(), long.as_bytes());
}

#[test]
fn what_was_kept_is_read() {
    let (ready, _folder) = ready(1 << 20);
    assert_eq!(read(&ready, 7), None);
    keep(&ready, 7, "Ann", "{}");
    keep(&ready, 1_000_000, "", "all of it");
    assert_eq!(read(&ready, 7), Some((b"Ann".to_vec(), b"{}".to_vec())));
    assert_eq!(read(&ready, 1_000_000), Some((Vec::new(), b"all of it".to_vec())));
    assert_eq!(read(&ready, 8), None);
}

#[test]
fn an_answer_made_before_a_change_is_not_kept_after_it() {
    let (ready, _folder) = ready(1 << 20);
    let tag = ready.tag(ContactNo(7));
    ready.forget(ContactNo(7));
    ready.keep(ContactNo(7), tag, b"", b"old");
    assert_eq!(read(&ready, 7), None);
    keep(&ready, 7, "", "new");
    assert_eq!(read(&ready, 7), Some((Vec::new(), b"new".to_vec())));
    ready.forget(ContactNo(7));
    assert_eq!(read(&ready, 7), None);
}

#[test]
fn the_file_stays_within_its_bound_and_the_last_ones_stay_readable() {
    const BYTES: u64 = 5 * RUN_BYTES_MAX as u64;
    let (ready, _folder) = ready(BYTES);
    let mut kept = HashMap::new();
    for no in 1..2_000_u64 {
        let long = format!("{no} ").repeat(usize::try_from(no % 300).unwrap());
        keep(&ready, no, "x", &long);
        kept.insert(no, long);
        assert!(ready.file_bytes() <= BYTES);
    }
    let there = (1..2_000).filter(|no| match read(&ready, *no) {
        Some((_, long)) => long == kept[no].as_bytes(),
        None => false,
    });
    let wrong = (1..2_000)
        .filter(|no| read(&ready, *no).is_some_and(|(_, long)| long != kept[no].as_bytes()));
    assert_eq!(wrong.count(), 0);
    assert!(there.count() > 100);
    assert!(read(&ready, 1_999).is_some());
    assert!(read(&ready, 1).is_none());
}

#[test]
fn everything_can_be_thrown_away_and_the_room_given_back() {
    let (ready, _folder) = ready(1 << 20);
    let tag = ready.tag(ContactNo(2));
    keep(&ready, 1, "a", "b");
    ready.clear();
    assert_eq!((read(&ready, 1), ready.file_bytes()), (None, 0));
    ready.keep(ContactNo(2), tag, b"", b"made before");
    // Contact 2 had no word then that could be marked, or was marked: either way it may not show
    // what was made before.
    let shown = read(&ready, 2);
    assert!(shown.is_none(), "{shown:?}");
    keep(&ready, 1, "c", "d");
    assert_eq!(read(&ready, 1), Some((b"c".to_vec(), b"d".to_vec())));
}

#[test]
fn the_short_form_is_read_alone_however_long_it_is() {
    let (ready, _folder) = ready(1 << 20);
    for length in [0, 1, SHORT_READ_BYTES - HEAD, SHORT_READ_BYTES, 2_000] {
        keep(&ready, 1, &"s".repeat(length), &"l".repeat(5_000));
        let mut bytes = b"before".to_vec();
        let run = ready.read(ContactNo(1), Form::Short, &mut bytes).unwrap();
        assert_eq!(bytes[run.short], *"s".repeat(length).as_bytes());
        ready.forget(ContactNo(1));
    }
}

#[test]
fn what_is_too_long_is_not_kept() {
    let (ready, _folder) = ready(1 << 20);
    keep(&ready, 1, "", &"x".repeat(RUN_BYTES_MAX));
    assert_eq!(read(&ready, 1), None);
    keep(&ready, 1, "", &"x".repeat(RUN_BYTES_MAX - HEAD));
    assert!(read(&ready, 1).is_some());
}

#[test]
fn without_a_file_nothing_is_kept_and_nothing_breaks() {
    let (none, folder) = ready(0);
    keep(&none, 1, "", "x");
    assert_eq!(read(&none, 1), None);
    none.forget(ContactNo(1));
    none.clear();
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn readers_and_writers_at_once_see_whole_answers_of_their_contact() {
    let (ready, _folder) = ready(5 * RUN_BYTES_MAX as u64);
    std::thread::scope(|scope| {
        for thread in 0..4_u64 {
            let ready = &ready;
            scope.spawn(move || {
                let mut bytes = Vec::new();
                for round in 0..20_000_u64 {
                    let no = (round * 7 + thread * 13) % 500;
                    let expected = format!("{no}/").repeat(60);
                    bytes.clear();
                    match ready.read(ContactNo(no), Form::Long, &mut bytes) {
                        Some(run) => assert_eq!(&bytes[run.long], expected.as_bytes()),
                        None => keep(ready, no, "", &expected),
                    }
                    if round % 50 == 0 {
                        ready.forget(ContactNo(no));
                    }
                }
            });
        }
    });
}
