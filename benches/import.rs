//! The cost of an import: 100,000 contacts into an empty book, in batches, until all of it is
//! durable and indexed. Reading and checking the lines of a file, which `carnet import` does
//! beside it on other cores, is not in it.
//!
//! `cargo bench --bench import`.

#![allow(missing_docs, reason = "criterion's macros make functions without them")]

mod common;

use carnet_book::Principal;
use common::{BATCH, CONTACTS, batch, open, runtime};
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};

/// Imports that are measured; one takes seconds.
const SAMPLES: usize = 10;

fn import(c: &mut Criterion) {
    let runtime = runtime();
    let mut group = c.benchmark_group("import");
    group.sample_size(SAMPLES).throughput(Throughput::Elements(CONTACTS));
    group.bench_function("100,000 contacts", |b| {
        b.iter_batched(
            || {
                let folder = tempfile::tempdir().expect("a temporary directory");
                let batches: Vec<_> =
                    (0..CONTACTS / BATCH).map(|n| batch(n * BATCH, BATCH)).collect();
                (open(&folder, |_| {}), folder, batches)
            },
            |(book, folder, batches)| {
                for items in batches {
                    let outcomes = runtime.block_on(book.import(&Principal::command_line(), items));
                    outcomes.expect("an import");
                }
                // Closing waits for the index.
                book.close();
                folder
            },
            BatchSize::PerIteration,
        );
    });
    group.finish();
}

criterion_group!(benches, import);
criterion_main!(benches);
