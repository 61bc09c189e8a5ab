//! The cost of a search in the address book, 20 contacts of 100,000 read and no socket involved: as
//! somebody types a name, by a whole name, and with a typing error.
//!
//! `cargo bench --bench search`. The index alone is measured in crates/search.

#![allow(missing_docs, reason = "criterion's macros make functions without them")]

mod common;

use carnet_book::{AddressBook, ContactSearch};
use carnet_model::Page;
use common::{CONTACTS, contact, open, random};
use criterion::{Criterion, criterion_group, criterion_main};
use std::hint::black_box;

/// Makes a text to search for out of a first and a last name.
type Text = fn(&str, &str) -> String;

/// Hits of one answer.
const HITS: u32 = 20;

/// Contacts whose names are searched for.
const ASKED: usize = 512;

/// Letters of a word that is typed only in part.
const LETTERS: usize = 4;

fn first_letters(word: &str) -> String {
    word.chars().take(LETTERS).collect()
}

/// Two letters of a word in the other order, behind the first.
fn wrong(word: &str) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    letters.swap(1, 2);
    letters.into_iter().collect()
}

/// The number of contacts found.
fn ask(book: &AddressBook, text: &str) -> usize {
    let snapshot = book.snapshot_now().expect("a snapshot");
    let found = snapshot.search_contacts(&ContactSearch {
        text: Some(text),
        divisions: &[],
        ids: None,
        organization: None,
        sort: &[],
        page: Page { number: 1, size: HITS },
    });
    black_box(found.expect("a page")).entries.len()
}

fn search(c: &mut Criterion) {
    let folder = common::full();
    let book = open(&folder, |_| {});
    let mut random = random();
    let names: Vec<(String, String)> = (0..ASKED)
        .map(|_| {
            let one = contact(random.below(CONTACTS));
            (one.first_name.unwrap_or_default(), one.last_name.unwrap_or_default())
        })
        .collect();
    let mut group = c.benchmark_group("search");
    // The kind of search, whether a contact must be found, and its text out of a name.
    let kinds: [(&str, bool, Text); 4] = [
        ("beginning of a name", true, |_, last| first_letters(last)),
        ("name and a beginning", true, |first, last| format!("{first} {}", first_letters(last))),
        ("whole name", true, |first, last| format!("{first} {last}")),
        ("typing error", false, |_, last| wrong(last)),
    ];
    for (name, there, text) in kinds {
        let texts: Vec<String> = names.iter().map(|(first, last)| text(first, last)).collect();
        let mut texts = texts.iter().cycle();
        group.bench_function(name, |b| {
            b.iter(|| {
                let hits = ask(&book, texts.next().expect("a text"));
                assert!(hits > 0 || !there, "nothing was found");
            });
        });
    }
    group.finish();
    book.close();
}

criterion_group!(benches, search);
criterion_main!(benches);
