//! How long a search takes, of 100,000 made-up contacts of whom all are in the index, or the
//! newest 4,000 wait in the overlay. 20 hits are asked for, and every total is exact.
//!
//! Measured on 2 shared virtual cores that were busy with other work (load 4), so the times are
//! upper bounds and drift by half from run to run; the ratios hold better. Means in µs:
//!
//! | what | hits | all in the index | 4,000 in the overlay |
//! |---|---|---|---|
//! | first letter | 29,018 | 330–470 | 1,100–1,400 |
//! | prefix of 2 | 20,566 | 230–290 | 860–1,000 |
//! | prefix of 4 | 47 | 7–8 | 270–360 |
//! | inner digits | 18 | 12–18 | 380–420 |
//! | number that no contact has | 0 | 13–21 | 790–800 |
//! | word, one typing error forgiven | 13 | 230–360 | 1,900–2,600 |
//! | word, two typing errors forgiven | 14 | 1,100–1,500 | 3,000–3,700 |
//! | two words that nothing is near to | 0 | 510–590 | 2,000–2,700 |
//! | listing of everything | 100,000 | 1,100–1,800 | 1,700–2,000 |
//! | the same, sorted by last name | 100,000 | 2,000–2,800 | 3,200–4,200 |
//!
//! To publish a change (copy an overlay of 4,000, put one contact, make a view): 3–5 µs. To make
//! an entry: 8–10 µs. To flush 100,000: 4.6–7.6 s, some 44 µs of processor time each; 289 bytes of
//! index each, in 6 segments.

#![allow(missing_docs, reason = "criterion's macros make functions without them")]
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement may fail and talk")]

use carnet_model::{
    ChangeNo, Contact, ContactNo, Direction, Organization, OrganizationNo, Phone, Sort, SortField,
    Uuid,
};
use carnet_phone::{E164, Region};
use carnet_search::{
    ContactQuery, Entry, OrganizationEntry, Overlay, SearchIndex, SearchOptions, Update, View,
};
use criterion::{Criterion, criterion_group, criterion_main};
use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

const CONTACTS: u64 = 100_000;
const NEWEST: u64 = 4_000;

/// A small generator of numbers that are the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }

    /// A made-up name of two to four syllables.
    fn name(&mut self) -> String {
        const SYLLABLES: [&str; 40] = [
            "ma", "ri", "an", "na", "jo", "han", "nes", "ka", "ta", "lin", "pe", "ter", "sen",
            "mül", "ler", "schmi", "dt", "ko", "wal", "ski", "du", "pont", "gar", "cía", "lo",
            "pez", "ber", "g", "ström", "o", "li", "ve", "ra", "tho", "mas", "el", "sa", "bre",
            "ton", "vic",
        ];
        let name: String = (0..2 + self.roll(3)).map(|_| SYLLABLES[self.roll(40)]).collect();
        let mut letters = name.chars();
        letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
    }
}

fn contacts() -> Vec<Arc<Entry>> {
    let mut dice = Dice(42);
    let companies: Vec<OrganizationEntry> = (0..1_000)
        .map(|_| format!("{} {}", dice.name(), dice.name()))
        .map(|name| OrganizationEntry::new(&Organization { name, ..Organization::default() }))
        .collect();
    let firsts: Vec<String> = (0..2_000).map(|_| dice.name()).collect();
    let lasts: Vec<String> = (0..20_000).map(|_| dice.name()).collect();
    let entry = |no: u64| {
        let (first, last) = (&firsts[dice.roll(2_000)], &lasts[dice.roll(20_000)]);
        let digits = 33_600_000_000 + u64::try_from(dice.roll(99_999_999)).unwrap();
        let contact = Contact {
            first_name: Some(first.clone()),
            last_name: Some(last.clone()),
            work_email: Some(format!("{first}.{last}{no}@company{}.example", dice.roll(1_000))),
            cell_phone: Some(Phone {
                input: format!("+{digits}"),
                e164: E164::from_digits(digits),
                ..Phone::default()
            }),
            ..Contact::default()
        };
        let company = dice.roll(1_000);
        let organization = (OrganizationNo(company as u64), companies[company].name());
        Arc::new(Entry::new(&contact, Some(organization)))
    };
    (1..=CONTACTS).map(entry).collect()
}

/// All contacts, and an index of them in this folder. Prints what that took.
fn filled(dir: &Path) -> (Vec<Arc<Entry>>, SearchIndex) {
    let started = Instant::now();
    let entries = contacts();
    let made = started.elapsed();
    let mut index = SearchIndex::open(dir, Uuid::nil(), &SearchOptions::default()).unwrap().index;
    let started = Instant::now();
    let updates = entries.iter().zip(1..).map(|(entry, no)| Update::Contact {
        no: ContactNo(no),
        known: false,
        entry: Some(entry.clone()),
    });
    index.flush(updates, ChangeNo(CONTACTS)).unwrap();
    let bytes: u64 =
        std::fs::read_dir(dir).unwrap().map(|f| f.unwrap().metadata().unwrap().len()).sum();
    println!(
        "{CONTACTS} contacts: {made:?} to make entries, {:?} to flush, {bytes} bytes, {:?}",
        started.elapsed(),
        index.committed().size()
    );
    (entries, index)
}

fn search(c: &mut Criterion) {
    let dir = tempfile::tempdir().unwrap();
    let (entries, index) = filled(dir.path());
    let flushed = View::new(index.committed(), Arc::default());
    let mut overlay = Overlay::default();
    for no in CONTACTS - NEWEST + 1..=CONTACTS {
        let entry = entries[usize::try_from(no).unwrap() - 1].clone();
        overlay.put_contact(ContactNo(no), ChangeNo(no), true, Some(entry));
    }
    let both = View::new(index.committed(), Arc::new(overlay.clone()));

    let by_name = [Sort { field: SortField::LastName, direction: Direction::Ascending }];
    let cases: [(&str, Option<&str>, &[Sort]); 12] = [
        ("word", Some("marian"), &[]),
        ("letter", Some("m"), &[]),
        ("prefix", Some("ma"), &[]),
        ("prefix of 4", Some("kowa"), &[]),
        ("long prefix", Some("johannessc"), &[]),
        ("two words", Some("marian kowal"), &[]),
        ("typing error", Some("kowalsik"), &[]),
        ("two typing errors", Some("johanesschmitd"), &[]),
        ("inner digits", Some("61234"), &[]),
        ("number", Some("+33612345678"), &[]),
        ("listing", None, &[]),
        ("sorted listing", None, &by_name),
    ];
    for (view, place) in [(&flushed, "flushed"), (&both, "overlay of 4,000")] {
        let mut group = c.benchmark_group(place);
        group.sample_size(20);
        for (name, text, sort) in cases {
            let query = ContactQuery {
                text,
                default_region: Region::US,
                internal_numbers: None,
                divisions: &[],
                ids: None,
                organization: None,
                sort,
                offset: 0,
                limit: 20,
            };
            let found = view.contacts(&query).unwrap();
            println!("{place}/{name}: {} found, forgiven: {}", found.total, found.forgiven);
            group.bench_function(name, |b| b.iter(|| view.contacts(black_box(&query)).unwrap()));
        }
        group.finish();
    }
    c.bench_function("publish: copy an overlay of 4,000, put one, make a view", |b| {
        b.iter(|| {
            let mut next = overlay.clone();
            next.put_contact(ContactNo(7), ChangeNo(CONTACTS + 1), true, Some(entries[6].clone()));
            View::new(index.committed(), Arc::new(next))
        });
    });
}

criterion_group!(benches, search);
criterion_main!(benches);
