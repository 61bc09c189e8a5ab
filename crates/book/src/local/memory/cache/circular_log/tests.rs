//! What is kept is what is read, and never what was thrown away: in memory and on disk.

use super::super::heap::Memory;
use super::super::mapped_files::Disk;
use super::super::slots::{Lane, Words};
use super::*;
use std::collections::HashMap;
use std::path::PathBuf;

/// Room for some runs in each half.
const BYTES: u64 = 5 * RUN_BYTES_MAX as u64;

fn read(ring: &Ring<impl Medium>, no: u64) -> Option<Vec<u8>> {
    let mut bytes = b"before".to_vec();
    let run = ring.read(ContactNo(no), &mut bytes);
    assert!(bytes.starts_with(b"before"));
    run.map(|run| bytes[run].to_vec())
}

fn keep(ring: &Ring<impl Medium>, no: u64, bytes: &[u8]) {
    ring.keep(ContactNo(no), ring.tag(ContactNo(no)), bytes, Why::Asked);
}

/// A ring of so many bytes.
fn ring<M: Medium>(medium: M, bytes: u64) -> Ring<M> {
    Ring::new(medium, Bounds::fixed(bytes), Arc::new(Words::default()), Lane::Often)
}

/// Runs a test on both media, of so many bytes.
fn on_both(bytes: u64, test: impl Fn(&dyn Fn() -> Box<dyn Asked>)) {
    test(&|| Box::new(ring(Memory::default(), bytes)));
    let folder = tempfile::tempdir().unwrap();
    let path: PathBuf = folder.path().join("ready");
    test(&|| Box::new(ring(Disk::open(path.clone(), true), bytes)));
}

/// A ring, whatever it lies on.
trait Asked: Send + Sync {
    fn get(&self, no: u64) -> Option<Vec<u8>>;
    fn put(&self, no: u64, bytes: &[u8]);
    fn mark(&self, no: u64) -> Tag;
    fn put_marked(&self, no: u64, tag: Tag, bytes: &[u8]);
    fn drop_one(&self, no: u64);
    fn drop_all(&self);
    fn room(&self) -> u64;
}

impl<M: Medium + Send + Sync> Asked for Ring<M> {
    fn get(&self, no: u64) -> Option<Vec<u8>> {
        read(self, no)
    }
    fn put(&self, no: u64, bytes: &[u8]) {
        keep(self, no, bytes);
    }
    fn mark(&self, no: u64) -> Tag {
        self.tag(ContactNo(no))
    }
    fn put_marked(&self, no: u64, tag: Tag, bytes: &[u8]) {
        self.keep(ContactNo(no), tag, bytes, Why::Asked);
    }
    fn drop_one(&self, no: u64) {
        self.forget(ContactNo(no));
    }
    fn drop_all(&self) {
        self.clear();
    }
    fn room(&self) -> u64 {
        self.medium_bytes()
    }
}

#[test]
fn what_was_kept_is_read() {
    on_both(1 << 20, |ring| {
        let ring = ring();
        assert_eq!(ring.get(7), None);
        ring.put(7, b"Ann");
        ring.put(1_000_000, b"all of it, and more");
        ring.put(8, b"");
        assert_eq!(ring.get(7).unwrap(), b"Ann");
        assert_eq!(ring.get(1_000_000).unwrap(), b"all of it, and more");
        assert_eq!(ring.get(8).unwrap(), b"");
        assert_eq!(ring.get(9), None);
    });
}

#[test]
fn an_answer_made_before_a_change_is_not_kept_after_it() {
    on_both(1 << 20, |ring| {
        let ring = ring();
        let tag = ring.mark(7);
        ring.drop_one(7);
        ring.put_marked(7, tag, b"old");
        assert_eq!(ring.get(7), None);
        ring.put(7, b"new");
        assert_eq!(ring.get(7).unwrap(), b"new");
        let tag = ring.mark(8);
        ring.drop_all();
        ring.put_marked(8, tag, b"old");
        assert_eq!((ring.get(7), ring.get(8)), (None, None));
        ring.put(7, b"newer");
        assert_eq!(ring.get(7).unwrap(), b"newer");
    });
}

#[test]
fn the_room_stays_within_its_bound_and_the_last_ones_stay_readable() {
    on_both(BYTES, |ring| {
        let ring = ring();
        let mut kept = HashMap::new();
        for no in 1..2_000_u64 {
            let bytes = format!("{no} ").repeat(usize::try_from(no % 300).unwrap());
            ring.put(no, bytes.as_bytes());
            kept.insert(no, bytes);
        }
        // Memory is made a mebibyte at a time.
        assert!(ring.room() <= BYTES.next_multiple_of(1 << 20) + (1 << 17), "{}", ring.room());
        let there = |no: &u64| ring.get(*no).is_some_and(|bytes| bytes == kept[no].as_bytes());
        let wrong = |no: &u64| ring.get(*no).is_some_and(|bytes| bytes != kept[no].as_bytes());
        assert_eq!((1..2_000).filter(wrong).count(), 0);
        assert!((1..2_000).filter(there).count() > 100);
        assert!(ring.get(1_999).is_some() && ring.get(1).is_none());
    });
}

/// A run of this contact.
fn run_of(no: u64) -> Vec<u8> {
    format!("{no} ").repeat(100).into_bytes()
}

fn keep_ahead(ring: &Ring<impl Medium>, no: u64) -> bool {
    ring.keep(ContactNo(no), ring.tag(ContactNo(no)), &run_of(no), Why::Ahead)
}

#[test]
fn a_ring_grows_with_the_contacts_and_no_further() {
    let bounds = Bounds { first: BYTES, per_contact: 20, most: 8 * BYTES };
    let ring = Ring::new(Memory::default(), bounds, Arc::default(), Lane::Both);
    // Words are made for as many contacts at once, whatever their number.
    let warranted = 20 * (1 << 16);
    assert!(BYTES * 2 < warranted && warranted < 8 * BYTES);
    let there = |no: &u64| read(&ring, *no).is_some_and(|run| run == run_of(*no));
    let mut kept = 0;
    while keep_ahead(&ring, kept + 1) {
        kept += 1;
    }
    let bytes: u64 = (1..=kept).map(|no| run_of(no).len() as u64).sum();
    assert!(bytes > warranted / 4 * 3 && bytes < warranted, "{kept} runs, {bytes} bytes");
    assert_eq!((1..=kept).filter(there).count() as u64, kept);
    // What is asked for takes the place of the oldest, and nothing else does any more.
    keep(&ring, 60_000, &run_of(60_000));
    assert!(there(&60_000) && !there(&1) && there(&kept));
    assert!(!keep_ahead(&ring, 60_001) && !there(&60_001));
    // And after everything was thrown away it begins anew.
    ring.clear();
    assert!(keep_ahead(&ring, 60_001) && there(&60_001));
}

#[test]
fn halves_are_kept_apart_to_the_byte() {
    // Runs that fill a half exactly: the next one must not lie beyond the second.
    let half = 2 * 64 * 1_024_u64;
    let ring = ring(Memory::default(), 2 * half);
    let bytes = [b'x'; 1_024 - HEAD];
    let fit = 2 * half / 1_024;
    for no in 1..=3 * fit {
        keep(&ring, no, &bytes);
        let place = ring.word(ContactNo(no)).map(|word| split(word.load(Ordering::Relaxed)).1);
        assert_eq!(place, Some((no - 1) * 1_024 % (2 * half)), "{no}");
    }
}

#[test]
fn what_is_written_over_was_thrown_away_before() {
    // Halves of one piece, which is where a run moves on to the next piece; of runs that fill a half
    // to the byte, and of others.
    let half = Memory::PIECE;
    for length in [1_024, 1_000, 50_000] {
        let ring = ring(Memory::default(), 2 * half);
        let runs = 5 * half / length;
        let run = vec![b'x'; usize::try_from(length).unwrap() - HEAD];
        for no in 1..=runs {
            keep(&ring, no, &run);
        }
        let place = |no| ring.word(ContactNo(no)).map(|word| split(word.load(Ordering::Relaxed)));
        let mut kept: Vec<u64> =
            (1..=runs).filter_map(place).filter(|(length, _)| *length > 0).map(|at| at.1).collect();
        kept.sort_unstable();
        assert!(kept.len() as u64 > half / length / 2);
        assert!(kept.windows(2).all(|pair| pair[0] + length <= pair[1]), "{length}: {kept:?}");
    }
}

#[test]
fn what_is_too_long_is_not_kept() {
    on_both(1 << 20, |ring| {
        let ring = ring();
        ring.put(1, &[b'x'; RUN_BYTES_MAX]);
        assert_eq!(ring.get(1), None);
        ring.put(1, &[b'x'; RUN_BYTES_MAX - HEAD]);
        assert_eq!(ring.get(1).unwrap().len(), RUN_BYTES_MAX - HEAD);
    });
}

#[test]
fn without_room_nothing_is_kept_and_nothing_breaks() {
    on_both(1_000, |ring| {
        let ring = ring();
        ring.put(1, b"x");
        assert_eq!(ring.get(1), None);
        ring.drop_one(1);
        ring.drop_all();
    });
    let folder = tempfile::tempdir().unwrap();
    let none = ring(Disk::open(folder.path().join("ready"), false), 1 << 20);
    keep(&none, 1, b"x");
    assert_eq!(read(&none, 1), None);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn files_are_gone_with_the_ring_and_with_what_they_held() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ready");
    let names = || std::fs::read_dir(&path).unwrap().count();
    std::fs::create_dir(&path).unwrap();
    std::fs::write(path.join("1"), "left by a kill").unwrap();
    let ring = ring(Disk::open(path.clone(), true), 1 << 20);
    assert_eq!((names(), ring.medium_bytes()), (0, 0));
    let run = [b'x'; RUN_BYTES_MAX - HEAD];
    for no in 1..100 {
        keep(&ring, no, &run);
    }
    // What is kept now, but for the last, which is in memory; that of earlier rounds is gone.
    assert_eq!((names(), ring.medium_bytes()), (15, 15 * RUN_BYTES_MAX as u64));
    ring.clear();
    assert_eq!((names(), ring.medium_bytes()), (0, 0));
    keep(&ring, 1, b"x");
    drop(ring);
    assert!(!path.exists());
}

#[test]
fn a_file_that_is_gone_from_the_disk_is_read_all_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ready");
    let ring = ring(Disk::open(path.clone(), true), 1 << 20);
    let run = [b'x'; RUN_BYTES_MAX - HEAD];
    (1..4).for_each(|no| keep(&ring, no, &run));
    std::fs::remove_dir_all(&path).unwrap();
    assert_eq!(read(&ring, 1).unwrap(), run);
    // Nothing more can be written, so nothing is kept; and that is all.
    (4..8).for_each(|no| keep(&ring, no, &run));
    assert!((1..8).all(|no| read(&ring, no).is_none()));
}

#[test]
fn readers_and_writers_at_once_see_whole_answers_of_their_contact() {
    on_both(BYTES, |ring| {
        let ring = ring();
        std::thread::scope(|scope| {
            for thread in 0..4_u64 {
                let ring = &ring;
                scope.spawn(move || {
                    for round in 0..20_000_u64 {
                        let no = (round * 7 + thread * 13) % 500;
                        let expected = format!("{no}/").repeat(200);
                        match ring.get(no) {
                            Some(bytes) => assert_eq!(bytes, expected.as_bytes()),
                            None => ring.put(no, expected.as_bytes()),
                        }
                        if round % 50 == 0 {
                            ring.drop_one(no);
                        }
                    }
                });
            }
        });
    });
}
