//! The parts by themselves, with more steps on fewer atomics than a whole look-up has: what is read
//! of a contact is whole, its own, and no older than what was thrown away before.

use super::schedules::check;
use crate::local::memory::numbers::{NumberIndex, Owners};
use crate::local::memory::seqlock::Seqlock;
use carnet_model::ContactNo;
use carnet_phone::E164;
use shuttle::rand::{Rng, thread_rng};
use shuttle::thread;
use std::sync::Arc;

/// The number index as it is after each step, of four numbers: who has them.
const OWNERS: [[&[u64]; 4]; 6] = [
    [&[1], &[2], &[], &[]],
    // The first contact moves to another number, and shares it.
    [&[], &[1, 2], &[], &[]],
    // The list goes, and another takes its place.
    [&[2], &[1], &[], &[]],
    [&[2, 3], &[1], &[], &[]],
    // The table grows.
    [&[3], &[1], &[2], &[4]],
    [&[], &[], &[1, 2, 3], &[4]],
];

fn number(n: usize) -> E164 {
    E164::from_digits(1_000 + n as u64).unwrap()
}

fn put(index: &NumberIndex, from: &[&[u64]; 4], to: &[&[u64]; 4]) {
    for (n, (from, to)) in from.iter().zip(to).enumerate() {
        if from != to {
            let nos: Vec<ContactNo> = to.iter().map(|no| ContactNo(*no)).collect();
            index.put(number(n), &nos);
        }
    }
}

fn found(index: &NumberIndex) -> [Vec<u64>; 4] {
    std::array::from_fn(|n| match index.find(number(n)) {
        Owners::Nobody => Vec::new(),
        Owners::One(no) => vec![no.0],
        Owners::Several(nos) => nos.iter().map(|no| no.0).collect(),
    })
}

#[test]
fn numbers_read_under_the_seqlock_are_of_one_state() {
    check("the number index under the seqlock", || {
        let first = thread_rng().gen_range(0..OWNERS.len() - 2);
        let shared = Arc::new((Seqlock::default(), NumberIndex::with_room_for(0)));
        let (_, index) = &*shared;
        put(index, &[&[]; 4], &OWNERS[0]);
        OWNERS[..=first].windows(2).for_each(|pair| put(index, &pair[0], &pair[1]));
        let writer = {
            let shared = Arc::clone(&shared);
            thread::spawn(move || {
                let (seqlock, index) = &*shared;
                for pair in OWNERS[first..first + 3].windows(2) {
                    seqlock.write(|| put(index, &pair[0], &pair[1]));
                }
            })
        };
        let readers: Vec<_> = (0..2)
            .map(|_| {
                let shared = Arc::clone(&shared);
                thread::spawn(move || {
                    let (seqlock, index) = &*shared;
                    for _ in 0..2 {
                        let Some(version) = seqlock.optimistic_read() else {
                            continue;
                        };
                        let found = found(index);
                        if seqlock.validate_read(version) {
                            let states = &OWNERS[first..first + 3];
                            assert!(states.iter().any(|state| *state == found), "{found:?}");
                        }
                    }
                })
            })
            .collect();
        writer.join().unwrap();
        readers.into_iter().for_each(|reader| reader.join().unwrap());
        assert!(OWNERS[first + 2] == found(&shared.1));
    });
}
