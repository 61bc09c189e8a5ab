//! What a look-up by number costs, depth by depth: a bare hash map as the speed of light, the
//! address book, and the book with the answer as the API's JSON.
//!
//! `cargo bench --bench lookup`. Constants and seed stand at the top; no socket is involved.

use carnet_book::{AddressBook, ImportContact, ImportItem, Settings, Who};
use carnet_model::{Contact, Phone, Uuid};
use carnet_phone::E164;
use carnet_wire::contact::{ExternalContact, Linked};
use criterion::{Criterion, criterion_group, criterion_main};
use std::collections::HashMap;
use std::hint::black_box;

/// Contacts in the book, each with one number of its own.
const CONTACTS: u64 = 100_000;
/// Contacts of one import batch.
const BATCH: u64 = 5_000;
/// Where the walk over the numbers begins, and how far it jumps.
const SEED: u64 = 42;
const STRIDE: u64 = 48_271;

fn number(n: u64) -> E164 {
    E164::from_digits(4_915_110_000_000 + n).expect("thirteen digits")
}

fn contact(n: u64) -> Contact {
    let e164 = number(n);
    Contact {
        id: Uuid::from_u128(u128::from(n) + 1),
        first_name: Some(format!("First{}", n % 1_000)),
        last_name: Some(format!("Last{n}")),
        work_email: Some(format!("first{n}.last@example.org")),
        cell_phone: Some(Phone {
            input: e164.to_string(),
            e164: Some(e164),
            extension: None,
            accepts_sms: false,
            region: None,
        }),
        ..Contact::default()
    }
}

fn lookup(c: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a temporary directory");
    let book = AddressBook::open(Settings::new(folder.path().join("data"))).expect("an empty book");
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let mut map = HashMap::new();
    for from in (0..CONTACTS / BATCH).map(|n| n * BATCH) {
        let items = (from..from + BATCH).map(|n| {
            map.insert(number(n), n);
            ImportItem::Contact(ImportContact {
                contact: contact(n),
                organization_name: None,
                create_date: None,
                modify_date: None,
            })
        });
        let who = Who::command_line();
        runtime.block_on(book.import(&who, items.collect())).expect("an import");
    }
    let mut at = SEED;
    let mut next = move || {
        at = (at + STRIDE) % CONTACTS;
        number(at)
    };
    let mut group = c.benchmark_group("lookup");
    group.bench_function("hash map", |b| b.iter(|| black_box(map.get(&next()))));
    group.bench_function("book", |b| {
        b.iter(|| {
            let snapshot = book.snapshot_now().expect("a snapshot");
            black_box(snapshot.contacts_by_number(next(), 25).expect("contacts"))
        });
    });
    group.bench_function("book and JSON", |b| {
        b.iter(|| {
            let snapshot = book.snapshot_now().expect("a snapshot");
            let contacts = snapshot.contacts_by_number(next(), 25).expect("contacts");
            let linked = Linked::default();
            let answers: Vec<_> =
                contacts.iter().map(|one| ExternalContact::new(one, &linked)).collect();
            black_box(serde_json::to_vec(&answers).expect("JSON"))
        });
    });
    group.finish();
    book.close();
}

criterion_group!(benches, lookup);
criterion_main!(benches);
