//! Shared by the benchmarks: made-up contacts, and an address book full of them. It measures
//! nothing.

#![allow(dead_code, reason = "each benchmark uses a part of it")]

use carnet_book::{AddressBook, Principal, Settings};
use carnet_model::{Contact, ImportContact, ImportItem, Phone, Uuid};
use carnet_phone::E164;
use carnet_sample::Random;
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// Contacts in a book, each with one number of its own.
pub(crate) const CONTACTS: u64 = 100_000;
/// Contacts of one import batch.
pub(crate) const BATCH: u64 = 1_000;
/// The seed of the random numbers.
pub(crate) const SEED: u64 = 42;

/// Random numbers, the same in every run.
pub(crate) fn random() -> Random {
    Random::at(SEED, 0)
}

const FIRST_SYLLABLES: [&str; 16] = [
    "Ma", "Jo", "An", "Pe", "Éli", "Ka", "Lu", "Ro", "Sa", "Tho", "Wal", "Zoë", "Ha", "Gre", "Mi",
    "Ber",
];
const LAST_SYLLABLES: [&str; 16] = [
    "ler", "mann", "sen", "ski", "dez", "pont", "ström", "ton", "ova", "ri", "berg", "li", "wal",
    "cía", "ter", "ko",
];

/// A made-up name of three syllables, one of some four thousand.
pub(crate) fn name(n: u64) -> String {
    let pick = |from: &[&'static str; 16], n: u64| {
        usize::try_from(n % 16).ok().and_then(|n| from.get(n).copied()).unwrap_or_default()
    };
    let (first, middle) = (pick(&FIRST_SYLLABLES, n), pick(&LAST_SYLLABLES, n / 16));
    format!("{first}{middle}{}", pick(&LAST_SYLLABLES, n / 256))
}

/// The number of the contact of this place.
pub(crate) fn number(n: u64) -> E164 {
    E164::from_digits(4_915_110_000_000 + n).expect("thirteen digits")
}

/// The contact of this place.
pub(crate) fn contact(n: u64) -> Contact {
    let e164 = number(n);
    // Places apart have names apart, so that the names do not come in their order.
    let mixed = n.wrapping_mul(2_654_435_761) >> 7;
    Contact {
        id: Uuid::from_u128(u128::from(n) + 1),
        first_name: Some(name(mixed)),
        last_name: Some(name(mixed / 4_096 + n)),
        title: Some("Director of Measurements".to_owned()),
        work_email: Some(format!("person.{n}@measured.example")),
        cell_phone: Some(Phone { input: e164.to_string(), e164: Some(e164), ..Phone::default() }),
        ..Contact::default()
    }
}

/// The records of places from `from` on.
pub(crate) fn batch(from: u64, size: u64) -> Vec<ImportItem> {
    let item =
        |n| ImportItem::Contact(ImportContact { contact: contact(n), ..ImportContact::default() });
    (from..from + size).map(item).collect()
}

/// A runtime on this thread, for what waits.
pub(crate) fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime")
}

/// A directory with a book of all contacts in it, closed.
pub(crate) fn full() -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary directory");
    let book = open(&folder, |_| {});
    let runtime = runtime();
    for from in (0..CONTACTS / BATCH).map(|n| n * BATCH) {
        let outcomes =
            runtime.block_on(book.import(&Principal::command_line(), batch(from, BATCH)));
        outcomes.expect("an import");
    }
    book.wait_until_searchable().expect("an index");
    book.close();
    folder
}

/// The book in a directory.
pub(crate) fn open(folder: &TempDir, change: impl FnOnce(&mut Settings)) -> AddressBook {
    let mut settings = Settings::new(folder.path().join("data"));
    change(&mut settings);
    let book = AddressBook::open(settings).expect("a book");
    book.wait_until_searchable().expect("an index");
    book
}
