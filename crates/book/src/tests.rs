//! The address book as a whole, in a temporary directory.

mod auth;
mod faults;
mod freshness;
mod importing;
mod lookup_memory;
#[cfg(any(feature = "shuttle", feature = "loom"))]
pub(crate) mod models;
mod numbers;
mod organizations;
mod schemas;

use crate::{AddressBook, BookError, ContactSearch, Principal, Settings, Snapshot};
use carnet_model::{Contact, Organization, Page, Phone};
use carnet_phone::{Region, normalise};
use std::future::Future;
use std::sync::Arc;
use tempfile::TempDir;
use uuid::Uuid;

/// An address book in a temporary directory, with a runtime to wait for it.
struct Fixture {
    book: AddressBook,
    settings: Settings,
    runtime: tokio::runtime::Runtime,
    _folder: TempDir,
}

fn fixture() -> Fixture {
    fixture_with(|_| {})
}

fn fixture_with(adjust: impl FnOnce(&mut Settings)) -> Fixture {
    let folder = tempfile::tempdir().unwrap();
    let mut settings = Settings::new(folder.path().join("data"));
    adjust(&mut settings);
    let book = AddressBook::open(settings.clone()).unwrap();
    book.wait_until_searchable().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    Fixture { book, settings, runtime, _folder: folder }
}

impl Fixture {
    fn wait<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.block_on(future)
    }

    fn add(&self, contact: Contact) -> Arc<Contact> {
        self.wait(self.book.add_contact(&Principal::command_line(), contact)).unwrap()
    }

    fn add_organization(&self, name: &str) -> Uuid {
        let organization = Organization { name: name.to_owned(), ..Organization::default() };
        let principal = Principal::command_line();
        self.wait(self.book.add_organization(&principal, organization)).unwrap().id
    }

    fn snapshot(&self) -> Arc<Snapshot> {
        self.wait(self.book.snapshot()).unwrap()
    }

    /// Last names of what a text finds, best first.
    fn search(&self, text: &str) -> Vec<String> {
        search(&self.snapshot(), text)
    }

    /// Closes the book and opens it again.
    fn reopen(&mut self) {
        self.book.close();
        self.book = AddressBook::open(self.settings.clone()).unwrap();
        self.book.wait_until_searchable().unwrap();
    }

    /// Checks that records, index rows and the index agree.
    fn check(&self) {
        let report = self.book.check(&mut |_, _| {}).unwrap();
        assert_eq!(report.problems, Vec::<String>::new());
    }
}

impl Drop for Fixture {
    fn drop(&mut self) {
        self.book.close();
    }
}

fn search(snapshot: &Snapshot, text: &str) -> Vec<String> {
    let query = ContactSearch {
        text: Some(text),
        divisions: &[],
        ids: None,
        organization: None,
        sort: &[],
        page: Page { number: 1, size: 500 },
    };
    let listing = snapshot.search_contacts(&query).unwrap();
    let names = listing.entries.into_iter().map(|contact| contact.last_name.unwrap_or_default());
    names.collect()
}

fn contact(first: &str, last: &str) -> Contact {
    Contact {
        first_name: Some(first.to_owned()),
        last_name: Some(last.to_owned()),
        ..Contact::default()
    }
}

fn phone(text: &str) -> Option<Phone> {
    let number = normalise(text, Region::US).ok();
    Some(Phone {
        input: text.to_owned(),
        e164: number.map(|number| number.e164),
        ..Phone::default()
    })
}

fn is_unavailable<T>(result: &Result<T, BookError>) -> bool {
    matches!(result, Err(BookError::Unavailable(_)))
}
