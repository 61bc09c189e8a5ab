//! Power cuts: what was synced stays, of the rest any part may be lost, sector by sector.
//!
//! One run of the store is written down event by event. Then the power is cut at many random
//! places of it: the disk holds everything up to the last sync before the cut, and of what came
//! after it some sectors and not others, in no order. The store opened on such a disk must be what
//! it was after the last acknowledged write, or after the one that was in flight, wholly.

use super::disk::{Disk, Event};
use super::model::{Model, Op};
use super::random::{assert_whole, op};
use crate::{Store, StoreError, StoreOptions};
use carnet_sample::Random;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Bytes that a disk writes at once.
const SECTOR_BYTES: usize = 512;
const WRITES: usize = 60;
/// Cuts of a run, unless `CARNET_POWER_CUTS` says how many; 500 take a debug build some 4 seconds.
const CUTS_DEFAULT: usize = 500;

struct Recording {
    options: StoreOptions,
    /// The disk before the first event.
    before: Vec<u8>,
    journal: Vec<Event>,
    /// The state after each acknowledged write; the first is the state before any.
    states: Vec<Model>,
    random: Random,
}

impl Recording {
    fn record(options: StoreOptions) -> Recording {
        // Each run is the same one, because a failure that comes and goes could not be examined.
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
        let mut edits = TestRunner::new_with_rng(Config::default(), rng);
        let disk = Disk::default();
        drop(disk.open(&options).unwrap());
        let before = disk.bytes();
        disk.start_journal();
        let mut states = vec![Model::default()];
        let mut store = disk.open(&options).unwrap();
        let batches = prop::collection::vec(op(), 1..12);
        while states.len() <= WRITES {
            let ops = batches.new_tree(&mut edits).unwrap().current();
            let state = write(&store, &ops, states.last().unwrap());
            disk.note(Event::Acknowledged(states.len()));
            states.push(state);
            if states.len().is_multiple_of(20) {
                drop(store);
                store = disk.open(&options).unwrap();
            }
        }
        drop(store);
        let journal = disk.take_journal();
        Recording { options, before, journal, states, random: Random::at(7, 0) }
    }

    /// The disk after a cut before event `cut`, when syncs do (or do not) what they say.
    fn image(&mut self, cut: usize, syncs_work: bool) -> Vec<u8> {
        let events = &self.journal[..cut];
        let synced = events.iter().rposition(|event| matches!(event, Event::Sync));
        let (synced, unsynced) = events.split_at(synced.filter(|_| syncs_work).unwrap_or(0));
        let mut bytes = self.before.clone();
        for event in synced {
            event.apply(&mut bytes);
        }
        // From none of the rest to nearly all of it.
        let random = &mut self.random;
        let kept_of_8 = random.place(8);
        for event in unsynced {
            match event {
                Event::Write(offset, data) => {
                    for (i, sector) in data.chunks(SECTOR_BYTES).enumerate() {
                        if random.place(8) < kept_of_8 {
                            let part = Event::Write(offset + i * SECTOR_BYTES, sector.to_vec());
                            part.apply(&mut bytes);
                        }
                    }
                }
                other if random.place(8) < kept_of_8 => other.apply(&mut bytes),
                _ => {}
            }
        }
        bytes
    }

    fn acknowledged_before(&self, cut: usize) -> usize {
        let acknowledged = self.journal[..cut].iter().rev().find_map(|event| match event {
            Event::Acknowledged(n) => Some(*n),
            _ => None,
        });
        acknowledged.unwrap_or(0)
    }

    /// Opens what is left after a cut and says whether it holds what was acknowledged.
    fn survives(&mut self, cut: usize, syncs_work: bool) -> bool {
        let image = self.image(cut, syncs_work);
        let acknowledged = self.acknowledged_before(cut);
        let in_flight = (acknowledged + 1).min(self.states.len() - 1);
        let Ok(store) = Disk::holding(image).open(&self.options) else {
            return false;
        };
        let Ok(txn) = store.read() else { return false };
        let Ok(last) = crate::Readable::last_change(&txn) else {
            return false;
        };
        let expected = [acknowledged, in_flight].into_iter().map(|n| &self.states[n]);
        // Most edits move the last change, so it tells which of the two states to compare with;
        // where it is the same for both, either may be the one.
        let candidates: Vec<_> = expected.filter(|state| state.last_change() == last.0).collect();
        let same =
            |state: &&Model| catch_unwind(AssertUnwindSafe(|| assert_whole(&store, state))).is_ok();
        let kept = candidates.iter().any(same);
        kept && write_goes_on(&store)
    }
}

fn write(store: &Store, ops: &[Op], before: &Model) -> Model {
    let mut state = before.clone();
    let result: Result<(), StoreError> =
        store.write(|txn| ops.iter().try_for_each(|op| state.apply(op, txn)));
    result.unwrap();
    state
}

fn write_goes_on(store: &Store) -> bool {
    let result: Result<(), StoreError> = store.write(|txn| {
        let token = carnet_model::Token {
            account: carnet_model::Account::Client("c".into()),
            expires: carnet_model::Timestamp(1),
        };
        txn.put_token([200; 32], &token)
    });
    result.is_ok()
}

fn no_cut_loses_an_acknowledged_write(quick_repair: bool) {
    let options = StoreOptions { quick_repair, ..StoreOptions::default() };
    let mut recording = Recording::record(options);
    let cuts = std::env::var("CARNET_POWER_CUTS").map_or(CUTS_DEFAULT, |n| n.parse().unwrap());
    for _ in 0..cuts {
        let cut = recording.random.place(recording.journal.len() + 1);
        assert!(recording.survives(cut, true), "cut before event {cut}");
    }
}

#[test]
fn no_power_cut_loses_an_acknowledged_write_with_quick_repair() {
    no_cut_loses_an_acknowledged_write(true);
}

#[test]
fn no_power_cut_loses_an_acknowledged_write_without_quick_repair() {
    no_cut_loses_an_acknowledged_write(false);
}

/// The control: if a disk that lies about its syncs passed too, the tests above would see nothing.
#[test]
fn a_disk_that_ignores_syncs_loses_writes() {
    let mut recording = Recording::record(StoreOptions::default());
    let end = recording.journal.len();
    let lost = (0..20).filter(|_| {
        let cut = recording.random.place(end / 2) + end / 2;
        catch_unwind(AssertUnwindSafe(|| !recording.survives(cut, false))).unwrap_or(true)
    });
    assert!(lost.count() > 0);
}
