//! A small house for the tests: contacts and organisations, put into the index, into the
//! overlay, or some here and some there.

#![allow(clippy::unwrap_used, reason = "tests say what they expect by unwrapping it")]

use carnet_model::{ChangeNo, Contact, ContactNo, Organization, OrganizationNo, Phone, Sort, Uuid};
use carnet_phone::{Region, normalise};
use carnet_search::{
    ContactQuery, Entry, Found, OrganizationEntry, Overlay, SearchIndex, SearchOptions, Update,
    View,
};
use std::sync::Arc;
use tempfile::TempDir;

pub(crate) fn options() -> SearchOptions {
    SearchOptions { writer_bytes: 16 << 20, writer_threads: 1 }
}

pub(crate) fn everything() -> ContactQuery<'static> {
    ContactQuery {
        text: None,
        default_region: Region::US,
        internal_numbers: None,
        divisions: &[],
        ids: None,
        organization: None,
        sort: &[],
        offset: 0,
        limit: 1_000,
    }
}

pub(crate) fn phone(input: &str) -> Phone {
    Phone {
        input: input.to_owned(),
        e164: normalise(input, Region::US).ok().map(|number| number.e164),
        ..Phone::default()
    }
}

pub(crate) fn named(first: &str, middle: &str, last: &str) -> Contact {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Contact {
        first_name: some(first),
        middle_name: some(middle),
        last_name: some(last),
        ..Contact::default()
    }
}

pub(crate) fn organization(name: &str) -> Organization {
    Organization { name: name.to_owned(), ..Organization::default() }
}

/// An index in a directory of its own, and the overlay before it.
pub(crate) struct House {
    /// Removes the directory in the end.
    _dir: TempDir,
    index: SearchIndex,
    pub(crate) overlay: Overlay,
    at: u64,
}

impl House {
    pub(crate) fn new() -> House {
        let dir = tempfile::tempdir().unwrap();
        let opened = SearchIndex::open(dir.path(), Uuid::nil(), &options()).unwrap();
        assert_eq!(opened.through, None);
        House { _dir: dir, index: opened.index, overlay: Overlay::default(), at: 0 }
    }

    fn next(&mut self) -> ChangeNo {
        self.at += 1;
        ChangeNo(self.at)
    }

    pub(crate) fn put(&mut self, no: u64, known: bool, entry: Option<Entry>) {
        let at = self.next();
        self.overlay.put_contact(ContactNo(no), at, known, entry.map(Arc::new));
    }

    pub(crate) fn put_organization(
        &mut self,
        no: u64,
        known: bool,
        entry: Option<&OrganizationEntry>,
    ) {
        let at = self.next();
        let entry = entry.cloned().map(Arc::new);
        self.overlay.put_organization(OrganizationNo(no), at, known, entry);
    }

    /// Flushes all that waits, and `more` in the same commit.
    pub(crate) fn flush(&mut self, more: Vec<Update>) {
        let through = ChangeNo(self.at);
        let updates = self.overlay.updates_through(through).into_iter().chain(more);
        self.index.flush(updates, through).unwrap();
        self.overlay.drop_through(through);
    }

    pub(crate) fn view(&self) -> View {
        View::new(self.index.committed(), Arc::new(self.overlay.clone()))
    }

    pub(crate) fn find(&self, text: &str) -> Found<ContactNo> {
        self.view().contacts(&ContactQuery { text: Some(text), ..everything() }).unwrap()
    }

    pub(crate) fn sorted(&self, sort: &[Sort]) -> Vec<u64> {
        numbers(&self.view().contacts(&ContactQuery { sort, ..everything() }).unwrap())
    }
}

/// The hits' numbers, in order.
pub(crate) fn numbers(found: &Found<ContactNo>) -> Vec<u64> {
    assert_eq!(found.total, found.hits.len());
    found.hits.iter().map(|hit| hit.no.0).collect()
}

/// Houses with the same contacts: in the index, in the overlay, and every other one here or
/// there. What holds in one holds in all.
pub(crate) fn houses(contacts: &[Contact]) -> Vec<House> {
    let fill = |flushed: &dyn Fn(usize) -> bool| {
        let mut house = House::new();
        for flushing in [true, false] {
            for (at, contact) in
                contacts.iter().enumerate().filter(|(at, _)| flushed(*at) == flushing)
            {
                house.put(at as u64 + 1, false, Some(Entry::new(contact, None)));
            }
            if flushing {
                house.flush(Vec::new());
            }
        }
        house
    };
    vec![fill(&|_| true), fill(&|_| false), fill(&|at| at % 2 == 0)]
}
