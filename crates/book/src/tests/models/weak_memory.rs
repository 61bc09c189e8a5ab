//! Small scenarios under every schedule and with every value that a load may see: the seqlock by
//! itself, and the number index under it.
//!
//! Two things of loom bound what it tells: it runs no schedule with more preemptions than are asked
//! for, and it takes `SeqCst` for `AcqRel`, which nothing here relies on.

use crate::local::memory::numbers::{NumberIndex, Owners};
use crate::local::memory::seqlock::Seqlock;
use crate::local::memory::sync::{AtomicU64, Ordering};
use carnet_model::ContactNo;
use carnet_phone::E164;
use loom::model::Builder;
use loom::thread;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

/// Switches of a schedule from a thread that could go on.
const PREEMPTIONS_MAX: usize = 3;
/// Steps of a schedule.
const STEPS_MAX: usize = 10_000;

/// Runs every schedule of a scenario and says how many they were. A scenario returns whether the
/// reader saw something that it could check: in some schedule it must.
pub(crate) fn check(name: &'static str, scenario: impl Fn() -> bool + Send + Sync + 'static) {
    let counts = Arc::new((AtomicUsize::new(0), AtomicUsize::new(0)));
    let mut builder = Builder::new();
    builder.preemption_bound = Some(PREEMPTIONS_MAX);
    builder.max_branches = STEPS_MAX;
    let counted = Arc::clone(&counts);
    builder.check(move || {
        let schedule = counted.0.fetch_add(1, Ordering::Relaxed) + 1;
        // Where a schedule fails this one was the last to be counted.
        if schedule.is_power_of_two() {
            println!("{name}: schedule {schedule}");
        }
        counted.1.fetch_add(usize::from(scenario()), Ordering::Relaxed);
    });
    let (schedules, checked) = (counts.0.load(Ordering::Relaxed), counts.1.load(Ordering::Relaxed));
    println!("{name}: all {schedules} schedules, {checked} with an answer");
    assert!(checked > 0, "no reader ever saw a state");
}

#[test]
fn what_is_read_under_the_seqlock_is_of_one_state() {
    check("seqlock", || {
        let shared = Arc::new((Seqlock::default(), [AtomicU64::new(0), AtomicU64::new(0)]));
        let acknowledged = Arc::new(AtomicU64::new(0));
        let writer = {
            let (shared, acknowledged) = (Arc::clone(&shared), Arc::clone(&acknowledged));
            thread::spawn(move || {
                let (seqlock, places) = &*shared;
                for state in 1..=2 {
                    // No order of its own: the seqlock must do.
                    seqlock.write(|| {
                        places.iter().for_each(|place| place.store(state, Ordering::Relaxed));
                    });
                    // Relaxed: this tells when the write ended, and must not order what it wrote.
                    acknowledged.store(state, Ordering::Relaxed);
                }
            })
        };
        let (seqlock, places) = &*shared;
        let read = |version| {
            let seen = [0, 1].map(|at: usize| places[at].load(Ordering::Relaxed));
            seqlock.validate_read(version).then_some(seen)
        };
        let seen = seqlock.optimistic_read().and_then(read);
        if let Some([one, other]) = seen {
            assert_eq!(one, other, "two states");
        }
        writer.join().unwrap();
        // After the writer has ended nothing is in the way.
        let last = seqlock.optimistic_read().and_then(read);
        assert_eq!((last, acknowledged.load(Ordering::Relaxed)), (Some([2, 2]), 2));
        seen.is_some()
    });
}

#[test]
fn what_was_acknowledged_is_read() {
    check("seqlock, acknowledged", || {
        let shared = Arc::new((Seqlock::default(), AtomicU64::new(0)));
        let acknowledged = Arc::new(AtomicU64::new(0));
        let writer = {
            let (shared, acknowledged) = (Arc::clone(&shared), Arc::clone(&acknowledged));
            thread::spawn(move || {
                let (seqlock, place) = &*shared;
                seqlock.write(|| place.store(1, Ordering::Relaxed));
                // Release: pairs with the load below. A caller learns of a commit by such a pair.
                acknowledged.store(1, Ordering::Release);
            })
        };
        let (seqlock, place) = &*shared;
        // Acquire: pairs with the writer's store above.
        let oldest = acknowledged.load(Ordering::Acquire);
        let seen = seqlock.optimistic_read().and_then(|version| {
            let seen = place.load(Ordering::Relaxed);
            seqlock.validate_read(version).then_some(seen)
        });
        assert!(seen.is_none_or(|seen| seen >= oldest), "{seen:?} after {oldest}");
        writer.join().unwrap();
        seen.is_some() && oldest == 1
    });
}

#[test]
fn a_reader_that_begins_with_a_version_sees_all_of_it() {
    check("seqlock, begun", || {
        let shared = Arc::new((Seqlock::default(), AtomicU64::new(0)));
        let writer = {
            let shared = Arc::clone(&shared);
            thread::spawn(move || {
                let (seqlock, place) = &*shared;
                seqlock.write(|| place.store(1, Ordering::Relaxed));
            })
        };
        let (seqlock, place) = &*shared;
        let before = seqlock.optimistic_read();
        let version = seqlock.optimistic_read();
        let seen = version.and_then(|version| {
            let seen = place.load(Ordering::Relaxed);
            seqlock.validate_read(version).then_some(seen)
        });
        // Another version than that of the beginning is the one after the only change.
        let changed = version.is_some() && version != Some(first_version());
        assert!(!changed || seen.is_none_or(|seen| seen == 1), "{before:?}, {version:?}: {seen:?}");
        writer.join().unwrap();
        changed && seen.is_some()
    });
}

fn first_version() -> crate::local::memory::seqlock::Version {
    Seqlock::default().optimistic_read().unwrap()
}

fn number(n: u64) -> E164 {
    E164::from_digits(1_000 + n).unwrap()
}

fn contact(index: &NumberIndex, n: u64) -> u64 {
    match index.find(number(n)) {
        Owners::Nobody => 0,
        Owners::One(no) => no.0,
        Owners::Several(all) => all.iter().fold(0, |sum, no| 10 * sum + no.0),
    }
}

/// One change of the number index from the first of these states to the other, each the contacts of
/// three numbers, while a reader asks for two of them.
fn change(name: &'static str, states: [[&'static [u64]; 3]; 2], asked: [u64; 2]) {
    check(name, move || {
        let shared = Arc::new((Seqlock::default(), NumberIndex::with_room_for(0)));
        let put = move |index: &NumberIndex, state: usize| {
            for (n, contacts) in (0..).zip(states[state]) {
                let nos: Vec<ContactNo> = contacts.iter().map(|no| ContactNo(*no)).collect();
                index.put(number(n), &nos);
            }
        };
        put(&shared.1, 0);
        let before = asked.map(|n| contact(&shared.1, n));
        let writer = {
            let shared = Arc::clone(&shared);
            thread::spawn(move || shared.0.write(|| put(&shared.1, 1)))
        };
        let (seqlock, index) = &*shared;
        let seen = seqlock.optimistic_read().and_then(|version| {
            let seen = asked.map(|n| contact(index, n));
            seqlock.validate_read(version).then_some(seen)
        });
        writer.join().unwrap();
        let after = asked.map(|n| contact(index, n));
        assert_ne!(before, after);
        assert!(seen.is_none_or(|seen| seen == before || seen == after), "{seen:?}");
        seen.is_some()
    });
}

#[test]
fn a_number_that_changes_hands_is_found_once() {
    change("a number changes hands", [[&[1], &[], &[]], [&[2], &[1], &[]]], [0, 1]);
}

#[test]
fn a_list_that_is_used_again_is_read_for_its_own_number() {
    change("a list is used again", [[&[1, 2], &[3], &[]], [&[1], &[3, 4], &[]]], [0, 1]);
}
