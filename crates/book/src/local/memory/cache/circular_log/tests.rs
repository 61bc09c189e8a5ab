//! A log gives back what was inserted, and never what was invalidated: in memory and in files.

use super::super::heap::Heap;
use super::super::mapped_files::MappedFiles;
use super::super::slots::{SlotKind, Slots};
use super::*;
use std::collections::HashMap;
use std::path::PathBuf;

/// Room for some entries in each half.
const BYTES: u64 = 5 * ENTRY_BYTES_MAX as u64;

fn read(log: &CircularLog<impl Backing>, no: u64) -> Option<Vec<u8>> {
    let mut bytes = b"before".to_vec();
    let entry = log.read(ContactNo(no), &mut bytes);
    assert!(bytes.starts_with(b"before"));
    entry.map(|entry| bytes[entry].to_vec())
}

fn insert(log: &CircularLog<impl Backing>, no: u64, bytes: &[u8]) {
    log.insert(ContactNo(no), log.generation(ContactNo(no)), bytes, Eviction::Allowed);
}

/// A log of `bytes` bytes.
fn log<B: Backing>(backing: B, bytes: u64) -> CircularLog<B> {
    CircularLog::new(backing, Bounds::fixed(bytes), Arc::new(Slots::default()), SlotKind::Heap)
}

/// Runs a test on both backings, with logs of `bytes` bytes.
fn on_both(bytes: u64, test: impl Fn(&dyn Fn() -> Box<dyn Asked>)) {
    test(&|| Box::new(log(Heap::default(), bytes)));
    let folder = tempfile::tempdir().unwrap();
    let path: PathBuf = folder.path().join("ready");
    test(&|| Box::new(log(MappedFiles::open(path.clone(), true), bytes)));
}

/// A log, whatever it lies on.
trait Asked: Send + Sync {
    fn get(&self, no: u64) -> Option<Vec<u8>>;
    fn put(&self, no: u64, bytes: &[u8]);
    fn mark(&self, no: u64) -> Generation;
    fn put_marked(&self, no: u64, generation: Generation, bytes: &[u8]);
    fn drop_one(&self, no: u64);
    fn drop_all(&self);
    fn room(&self) -> u64;
}

impl<B: Backing + Send + Sync> Asked for CircularLog<B> {
    fn get(&self, no: u64) -> Option<Vec<u8>> {
        read(self, no)
    }
    fn put(&self, no: u64, bytes: &[u8]) {
        insert(self, no, bytes);
    }
    fn mark(&self, no: u64) -> Generation {
        self.generation(ContactNo(no))
    }
    fn put_marked(&self, no: u64, generation: Generation, bytes: &[u8]) {
        self.insert(ContactNo(no), generation, bytes, Eviction::Allowed);
    }
    fn drop_one(&self, no: u64) {
        self.invalidate(ContactNo(no));
    }
    fn drop_all(&self) {
        self.clear();
    }
    fn room(&self) -> u64 {
        self.backing_bytes()
    }
}

#[test]
fn what_was_kept_is_read() {
    on_both(1 << 20, |log| {
        let log = log();
        assert_eq!(log.get(7), None);
        log.put(7, b"Ann");
        log.put(1_000_000, b"all of it, and more");
        log.put(8, b"");
        assert_eq!(log.get(7).unwrap(), b"Ann");
        assert_eq!(log.get(1_000_000).unwrap(), b"all of it, and more");
        assert_eq!(log.get(8).unwrap(), b"");
        assert_eq!(log.get(9), None);
    });
}

#[test]
fn an_answer_made_before_a_change_is_not_kept_after_it() {
    on_both(1 << 20, |log| {
        let log = log();
        let generation = log.mark(7);
        log.drop_one(7);
        log.put_marked(7, generation, b"old");
        assert_eq!(log.get(7), None);
        log.put(7, b"new");
        assert_eq!(log.get(7).unwrap(), b"new");
        let generation = log.mark(8);
        log.drop_all();
        log.put_marked(8, generation, b"old");
        assert_eq!((log.get(7), log.get(8)), (None, None));
        log.put(7, b"newer");
        assert_eq!(log.get(7).unwrap(), b"newer");
    });
}

#[test]
fn the_room_stays_within_its_bound_and_the_last_ones_stay_readable() {
    on_both(BYTES, |log| {
        let log = log();
        let mut kept = HashMap::new();
        for no in 1..2_000_u64 {
            let bytes = format!("{no} ").repeat(usize::try_from(no % 300).unwrap());
            log.put(no, bytes.as_bytes());
            kept.insert(no, bytes);
        }
        // Heap is made a mebibyte at a time.
        assert!(log.room() <= BYTES.next_multiple_of(1 << 20) + (1 << 17), "{}", log.room());
        let there = |no: &u64| log.get(*no).is_some_and(|bytes| bytes == kept[no].as_bytes());
        let wrong = |no: &u64| log.get(*no).is_some_and(|bytes| bytes != kept[no].as_bytes());
        assert_eq!((1..2_000).filter(wrong).count(), 0);
        assert!((1..2_000).filter(there).count() > 100);
        assert!(log.get(1_999).is_some() && log.get(1).is_none());
    });
}

/// A entry of this contact.
fn entry_of(no: u64) -> Vec<u8> {
    format!("{no} ").repeat(100).into_bytes()
}

fn insert_if_room(log: &CircularLog<impl Backing>, no: u64) -> bool {
    log.insert(ContactNo(no), log.generation(ContactNo(no)), &entry_of(no), Eviction::Forbidden)
}

#[test]
fn a_log_grows_with_the_contacts_and_no_further() {
    let bounds = Bounds { first: BYTES, per_contact: 20, most: 8 * BYTES };
    let log = CircularLog::new(Heap::default(), bounds, Arc::default(), SlotKind::Files);
    // Lines are allocated for as many contacts at once, whatever their number.
    let warranted = 20 * (1 << 16);
    assert!(BYTES * 2 < warranted && warranted < 8 * BYTES);
    let there = |no: &u64| read(&log, *no).is_some_and(|entry| entry == entry_of(*no));
    let mut kept = 0;
    while insert_if_room(&log, kept + 1) {
        kept += 1;
    }
    let bytes: u64 = (1..=kept).map(|no| entry_of(no).len() as u64).sum();
    assert!(bytes > warranted / 4 * 3 && bytes < warranted, "{kept} entries, {bytes} bytes");
    assert_eq!((1..=kept).filter(there).count() as u64, kept);
    // An entry that was asked for evicts the oldest; others are no longer kept.
    insert(&log, 60_000, &entry_of(60_000));
    assert!(there(&60_000) && !there(&1) && there(&kept));
    assert!(!insert_if_room(&log, 60_001) && !there(&60_001));
    // And after everything was thrown away it begins anew.
    log.clear();
    assert!(insert_if_room(&log, 60_001) && there(&60_001));
}

#[test]
fn halves_are_kept_apart_to_the_byte() {
    // Entries that fill a half exactly: the next one must not lie beyond the second.
    let half = 2 * 64 * 1_024_u64;
    let log = log(Heap::default(), 2 * half);
    let bytes = [b'x'; 1_024 - HEAD_BYTES];
    let fit = 2 * half / 1_024;
    for no in 1..=3 * fit {
        insert(&log, no, &bytes);
        let place = log.slot(ContactNo(no)).map(|slot| unpack(slot.load(Ordering::Relaxed)).1);
        assert_eq!(place, Some((no - 1) * 1_024 % (2 * half)), "{no}");
    }
}

#[test]
fn what_is_written_over_was_thrown_away_before() {
    // Halves of one piece, which is where a entry moves on to the next piece; of entries that fill a half
    // to the byte, and of others.
    let half = Heap::PIECE_BYTES;
    for length in [1_024, 1_000, 50_000] {
        let log = log(Heap::default(), 2 * half);
        let entries = 5 * half / length;
        let entry = vec![b'x'; usize::try_from(length).unwrap() - HEAD_BYTES];
        for no in 1..=entries {
            insert(&log, no, &entry);
        }
        let place = |no| log.slot(ContactNo(no)).map(|slot| unpack(slot.load(Ordering::Relaxed)));
        let mut kept: Vec<u64> = (1..=entries)
            .filter_map(place)
            .filter(|(length, _)| *length > 0)
            .map(|at| at.1)
            .collect();
        kept.sort_unstable();
        assert!(kept.len() as u64 > half / length / 2);
        assert!(kept.windows(2).all(|pair| pair[0] + length <= pair[1]), "{length}: {kept:?}");
    }
}

#[test]
fn what_is_too_long_is_not_kept() {
    on_both(1 << 20, |log| {
        let log = log();
        log.put(1, &[b'x'; ENTRY_BYTES_MAX]);
        assert_eq!(log.get(1), None);
        log.put(1, &[b'x'; ENTRY_BYTES_MAX - HEAD_BYTES]);
        assert_eq!(log.get(1).unwrap().len(), ENTRY_BYTES_MAX - HEAD_BYTES);
    });
}

#[test]
fn without_room_nothing_is_kept_and_nothing_breaks() {
    on_both(1_000, |log| {
        let log = log();
        log.put(1, b"x");
        assert_eq!(log.get(1), None);
        log.drop_one(1);
        log.drop_all();
    });
    let folder = tempfile::tempdir().unwrap();
    let none = log(MappedFiles::open(folder.path().join("ready"), false), 1 << 20);
    insert(&none, 1, b"x");
    assert_eq!(read(&none, 1), None);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn files_are_gone_with_the_log_and_with_what_they_held() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ready");
    let names = || std::fs::read_dir(&path).unwrap().count();
    std::fs::create_dir(&path).unwrap();
    std::fs::write(path.join("1"), "left by a kill").unwrap();
    let log = log(MappedFiles::open(path.clone(), true), 1 << 20);
    assert_eq!((names(), log.backing_bytes()), (0, 0));
    let entry = [b'x'; ENTRY_BYTES_MAX - HEAD_BYTES];
    for no in 1..100 {
        insert(&log, no, &entry);
    }
    // The files of this round but for the last, which is in memory; those of earlier ones are gone.
    assert_eq!((names(), log.backing_bytes()), (15, 15 * ENTRY_BYTES_MAX as u64));
    log.clear();
    assert_eq!((names(), log.backing_bytes()), (0, 0));
    insert(&log, 1, b"x");
    drop(log);
    assert!(!path.exists());
}

#[test]
fn a_file_that_is_gone_from_the_disk_is_read_all_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ready");
    let log = log(MappedFiles::open(path.clone(), true), 1 << 20);
    let entry = [b'x'; ENTRY_BYTES_MAX - HEAD_BYTES];
    (1..4).for_each(|no| insert(&log, no, &entry));
    std::fs::remove_dir_all(&path).unwrap();
    assert_eq!(read(&log, 1).unwrap(), entry);
    // Nothing more can be written, so nothing is kept; and that is all.
    (4..8).for_each(|no| insert(&log, no, &entry));
    assert!((1..8).all(|no| read(&log, no).is_none()));
}

#[test]
fn readers_and_writers_at_once_see_whole_answers_of_their_contact() {
    on_both(BYTES, |log| {
        let log = log();
        std::thread::scope(|scope| {
            for thread in 0..4_u64 {
                let log = &log;
                scope.spawn(move || {
                    for round in 0..20_000_u64 {
                        let no = (round * 7 + thread * 13) % 500;
                        let expected = format!("{no}/").repeat(200);
                        match log.get(no) {
                            Some(bytes) => assert_eq!(bytes, expected.as_bytes()),
                            None => log.put(no, expected.as_bytes()),
                        }
                        if round % 50 == 0 {
                            log.drop_one(no);
                        }
                    }
                });
            }
        });
    });
}
