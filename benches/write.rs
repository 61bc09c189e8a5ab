//! The cost of an edit until it is durable and searchable, in a book of 100,000 contacts: one alone,
//! and 64 that wait at once and share a commit.
//!
//! `cargo bench --bench write`. The time of "64 at once" is that of all of them together.

#![allow(missing_docs, reason = "criterion's macros make functions without them")]

mod common;

use carnet_book::{AddressBook, Principal};
use common::{CONTACTS, contact, open, random, runtime};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use tokio::task::JoinSet;

/// Edits that wait at once.
const AT_ONCE: u64 = 64;

async fn add(book: AddressBook, n: u64) {
    let added = book.add_contact(&Principal::command_line(), contact(n)).await;
    black_box(added.expect("an add"));
}

async fn change(book: AddressBook, n: u64, title: u64) {
    let mut changed = contact(n);
    changed.title = Some(format!("Director of {title}"));
    let done = book.replace_contact(&Principal::command_line(), changed.id, changed).await;
    black_box(done.expect("a change"));
}

fn write(c: &mut Criterion) {
    let folder = common::full();
    let book = open(&folder, |_| {});
    let (runtime, mut random) = (runtime(), random());
    // Numbers of no contact so far, one after the other.
    let mut new = CONTACTS;
    let mut group = c.benchmark_group("write");
    group.sample_size(20);
    group.bench_function("add", |b| {
        b.iter(|| {
            new += 1;
            runtime.block_on(add(book.clone(), new));
        });
    });
    group.bench_function("change", |b| {
        b.iter(|| {
            runtime.block_on(change(book.clone(), random.below(CONTACTS), random.below(1 << 20)))
        });
    });
    group.throughput(Throughput::Elements(AT_ONCE));
    group.bench_function("64 at once, half adds, half changes", |b| {
        b.iter(|| {
            let mut edits = JoinSet::new();
            let _inside = runtime.enter();
            for n in 0..AT_ONCE {
                if n.is_multiple_of(2) {
                    new += 1;
                    edits.spawn(add(book.clone(), new));
                } else {
                    edits.spawn(change(
                        book.clone(),
                        random.below(CONTACTS),
                        random.below(1 << 20),
                    ));
                }
            }
            runtime.block_on(async {
                while let Some(done) = edits.join_next().await {
                    done.expect("an edit");
                }
            });
        });
    });
    group.finish();
    book.close();
}

criterion_group!(benches, write);
criterion_main!(benches);
