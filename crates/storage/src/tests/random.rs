//! Random edits against the plain model, with reopenings and abandoned transactions in between.

use super::disk::Disk;
use super::model::{Model, Op};
use crate::{Store, StoreError, StoreOptions, check};
use proptest::prelude::*;

pub(super) fn op() -> impl Strategy<Value = Op> {
    let (pick, seed) = (0usize..64, any::<u64>());
    let pair = (pick.clone(), seed);
    prop_oneof![
        8 => pair.clone().prop_map(|(pick, seed)| Op::AddContact { seed, pick }),
        5 => pair.clone().prop_map(|(pick, seed)| Op::EditContact { pick, seed }),
        3 => pick.clone().prop_map(|pick| Op::RemoveContact { pick }),
        3 => any::<u64>().prop_map(|seed| Op::AddOrganization { seed }),
        2 => pair.clone().prop_map(|(pick, seed)| Op::EditOrganization { pick, seed }),
        1 => pick.clone().prop_map(|pick| Op::RemoveOrganization { pick }),
        3 => pair.clone().prop_map(|(pick, seed)| Op::AddNote { pick, seed }),
        1 => pair.clone().prop_map(|(pick, seed)| Op::EditNote { pick, seed }),
        1 => pick.prop_map(|pick| Op::RemoveNote { pick }),
        1 => (0u8..8).prop_map(|seed| Op::PutClient { seed }),
        1 => (0u8..8).prop_map(|seed| Op::RemoveClient { seed }),
        1 => (0u8..8).prop_map(|seed| Op::PutUser { seed }),
        1 => (0u8..8).prop_map(|seed| Op::RemoveUser { seed }),
        1 => (0u8..8).prop_map(|seed| Op::RemoveToken { seed }),
        1 => (0u8..8).prop_map(|seed| Op::ChangeSetting { seed }),
        1 => (0u8..8, 0i64..10).prop_map(|(seed, expires)| Op::PutToken { seed, expires }),
        1 => (0i64..10).prop_map(|before| Op::ExpireTokens { before }),
        1 => (0u64..20).prop_map(|keep| Op::DropChanges { keep }),
        1 => pair.prop_map(|(pick, seed)| Op::Refused { pick, seed }),
    ]
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum End {
    Commit,
    Abandon,
    Reopen,
}

fn batch() -> impl Strategy<Value = (Vec<Op>, End)> {
    let end = prop_oneof![6 => Just(End::Commit), 1 => Just(End::Abandon), 2 => Just(End::Reopen)];
    (prop::collection::vec(op(), 1..8), end)
}

/// The reason that a test gives for abandoning a transaction.
enum Stopped {
    OnPurpose,
    Store(StoreError),
}

impl From<StoreError> for Stopped {
    fn from(error: StoreError) -> Stopped {
        Stopped::Store(error)
    }
}

fn run(batches: &[(Vec<Op>, End)], options: &StoreOptions) {
    let disk = Disk::default();
    let mut store = disk.open(options).unwrap();
    let mut model = Model::default();
    for (ops, end) in batches {
        let mut next = model.clone();
        let result: Result<(), Stopped> = store.write(|txn| {
            for op in ops {
                next.apply(op, txn)?;
            }
            next.assert_same(txn);
            if *end == End::Abandon { Err(Stopped::OnPurpose) } else { Ok(()) }
        });
        match result {
            Ok(()) => model = next,
            Err(Stopped::OnPurpose) => {}
            Err(Stopped::Store(error)) => panic!("{error}"),
        }
        if *end == End::Reopen {
            drop(store);
            store = disk.open(options).unwrap();
        }
        assert_whole(&store, &model);
    }
}

/// The store answers as the model does, and every index row is right.
pub(super) fn assert_whole(store: &Store, model: &Model) {
    let txn = store.read().unwrap();
    model.assert_same(&txn);
    let report = check(&txn, &mut |_| {}).unwrap();
    assert_eq!(report.problem_count, 0, "{:?}", report.problems);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn the_store_answers_as_plain_maps_do(batches in prop::collection::vec(batch(), 1..16)) {
        run(&batches, &StoreOptions::default());
    }
}
