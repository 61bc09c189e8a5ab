//! The cost of a durable commit, by the number of contacts in it, with and without quick-repair;
//! and what quick-repair buys: how long a start takes after a kill.
//!
//! Each contact has two numbers, an e-mail, an external id and an organisation, so beside its
//! record it makes six index rows and a change. The file is on the file system of the temporary
//! directory: on one in memory the figures of `commit` mean nothing.

use carnet_model::{Contact, ExternalId, ExternalSource, Organization, Phone, Timestamp, Uuid};
use carnet_phone::E164;
use carnet_storage::{AddError, Stamp, Store, StoreOptions};
use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use std::fs;
use std::path::{Path, PathBuf};

/// Contacts that are there before anything is measured.
const CONTACTS_BEFORE: u64 = 200_000;
const STAMP: Stamp<'static> = Stamp { at: Timestamp(1), by: "bench" };
const ORGANIZATION: Uuid = Uuid::from_u128(1);

fn phone(n: u64) -> Option<Phone> {
    let e164 = E164::from_digits(4_930_000_000_000 + n);
    Some(Phone { input: format!("0{n}"), e164, ..Phone::default() })
}

fn contact(n: u64) -> Contact {
    Contact {
        id: Uuid::new_v4(),
        first_name: Some("Katharina".into()),
        last_name: Some(format!("Müller-Lüdenscheidt {n}")),
        title: Some("Head of Purchasing".into()),
        organization: Some(ORGANIZATION),
        work_phone: phone(n),
        cell_phone: phone(n.reverse_bits() >> 24),
        work_email: Some(format!("k.mueller.{n}@example.org")),
        external_ids: vec![ExternalId {
            source: ExternalSource { id: Some("crm".into()), name: None },
            value: format!("A-{n}"),
        }],
        create_date: Timestamp(1_700_000_000_000),
        modify_date: Timestamp(1_700_000_000_000),
        ..Contact::default()
    }
}

fn open(path: &Path, quick_repair: bool) -> Store {
    let options = StoreOptions { quick_repair, ..StoreOptions::default() };
    Store::open(path, &options).expect("the store opens")
}

fn add(store: &Store, contacts: &[Contact]) {
    let result: Result<(), AddError> = store.write(|txn| {
        contacts.iter().try_for_each(|contact| txn.add_contact(contact, &STAMP).map(drop))
    });
    result.expect("the contacts are added");
}

fn fill(path: &Path) {
    let store = open(path, true);
    let result: Result<(), AddError> = store.write(|txn| {
        let organization =
            Organization { id: ORGANIZATION, name: "Acme".into(), ..Organization::default() };
        txn.add_organization(&organization, &STAMP).map(drop)
    });
    result.expect("the organisation is added");
    for first in (0..CONTACTS_BEFORE).step_by(10_000) {
        let contacts: Vec<Contact> = (first..first + 10_000).map(contact).collect();
        add(&store, &contacts);
    }
}

fn commit(criterion: &mut Criterion) {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let path = directory.path().join("store");
    fill(&path);
    let mut next = CONTACTS_BEFORE;
    let mut group = criterion.benchmark_group("commit");
    group.sample_size(20);
    for size in [1, 10, 100, 1_000] {
        group.throughput(Throughput::Elements(size));
        for quick_repair in [false, true] {
            let store = open(&path, quick_repair);
            let name = if quick_repair { "quick-repair" } else { "plain" };
            group.bench_function(BenchmarkId::new(name, size), |bencher| {
                let contacts = || {
                    next += size;
                    (next - size..next).map(contact).collect::<Vec<_>>()
                };
                bencher.iter_batched(contacts, |c| add(&store, &c), BatchSize::PerIteration);
            });
        }
    }
    group.finish();
}

/// The file as a kill leaves it: what was written so far, without the marks of a clean end.
fn killed(from: &Path, to: &Path, quick_repair: bool) {
    let store = open(from, quick_repair);
    add(&store, &[contact(u64::MAX >> 30)]);
    fs::copy(from, to).expect("the file is copied");
}

fn start_after_kill(criterion: &mut Criterion) {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let path = directory.path().join("store");
    fill(&path);
    let mut group = criterion.benchmark_group(format!("start after a kill, {CONTACTS_BEFORE}"));
    group.sample_size(10);
    for quick_repair in [false, true] {
        let name = if quick_repair { "quick-repair" } else { "plain" };
        let image: PathBuf = directory.path().join(name);
        killed(&path, &image, quick_repair);
        let opened = directory.path().join("opened");
        group.bench_function(name, |bencher| {
            let copy = || fs::copy(&image, &opened).expect("the file is copied");
            bencher.iter_batched(copy, |_| open(&opened, quick_repair), BatchSize::PerIteration);
        });
    }
    group.finish();
}

criterion_group!(benches, commit, start_after_kill);
criterion_main!(benches);
