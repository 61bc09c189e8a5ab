//! States of a small address book, one commit after the other, made once; and for each state what
//! every look-up must say. A scenario publishes some of them in order.

use crate::local::edit::effect::Effect;
use crate::local::edit::transaction::{Transaction, TransactionMemory};
use crate::{BookError, Form, Rendering, Snapshot};
use carnet_model::{ChangeNo, Contact, ContactNo, Organization, OrganizationNo, Phone, Timestamp};
use carnet_phone::E164;
use carnet_storage::{ReadTxn, Readable, Store, StoreError, StoreOptions};
use std::sync::{Arc, OnceLock};
use tempfile::TempDir;
use uuid::Uuid;

/// Numbers in it, from 0.
pub(super) const NUMBERS: u64 = 6;
/// Bytes of the long form: with the short one they just fit into a run of the log.
const LONG_BYTES: usize = 40;

/// The states, oldest first.
pub(super) struct World {
    pub(super) states: Vec<State>,
    _store: Store,
    _folder: TempDir,
}

/// A state after a commit.
pub(super) struct State {
    pub(super) read: Arc<ReadTxn>,
    pub(super) change: ChangeNo,
    /// Of the commit.
    pub(super) effects: Vec<Effect>,
    /// By number: the contacts' answers, short and long.
    answers: Vec<Vec<Rendering>>,
}

impl State {
    /// The right answers to a look-up.
    pub(super) fn renderings(&self, n: u64, form: Form) -> Vec<&[u8]> {
        let answers = &self.answers[usize::try_from(n).unwrap()];
        let in_form = answers.iter().map(|answer| match form {
            Form::Short => &answer.short[..],
            Form::Long => &answer.long[..],
        });
        in_form.collect()
    }
}

pub(super) fn number(n: u64) -> E164 {
    E164::from_digits(33_612_000_000 + n).unwrap()
}

/// The rendering of a contact: everything that a state may change, over and over, so that a mixture
/// of two answers is neither.
pub(super) fn make(read: &ReadTxn, contact: &Contact) -> Result<Rendering, StoreError> {
    let organization = contact.organization.map(|id| read.organization_by_id(id)).transpose()?;
    let company = organization.flatten().map_or(String::new(), |(_, found)| found.name);
    let name = contact.last_name.clone().unwrap_or_default();
    let short = format!("{name}{company}");
    let numbers: Vec<String> =
        contact.numbers().iter().map(|number| (number.digits() % 10).to_string()).collect();
    let part = format!("{short}:{} ", numbers.join(","));
    let long = part.bytes().cycle().take(LONG_BYTES).collect();
    Ok(Rendering { short: short.into_bytes(), long })
}

/// The rendering of a contact, as an address book calls for it.
pub(super) fn make_from(snapshot: &Snapshot, contact: &Contact) -> Result<Rendering, BookError> {
    Ok(make(&snapshot.read, contact)?)
}

/// The world that every scenario shares.
pub(super) fn world() -> &'static World {
    static WORLD: OnceLock<World> = OnceLock::new();
    WORLD.get_or_init(build)
}

fn build() -> World {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("store"), &StoreOptions::default()).unwrap();
    let mut people = People::default();
    let mut states = Vec::new();
    for commit in COMMITS {
        let mut effects = Vec::new();
        let mut memory = TransactionMemory::default();
        store
            .write(|txn| -> Result<(), StoreError> {
                let mut edit = Transaction::new(txn, Timestamp(1), &mut effects, &mut memory);
                commit.iter().for_each(|step| people.take(&mut edit, step));
                Ok(())
            })
            .unwrap();
        let read = Arc::new(store.read().unwrap());
        let answers = (0..NUMBERS).map(|n| {
            let found = read.contacts_by_number(number(n), usize::MAX).unwrap();
            found.iter().map(|(_, contact)| make(&read, contact).unwrap()).collect()
        });
        let (answers, change) = (answers.collect(), read.last_change().unwrap());
        states.push(State { read, change, effects, answers });
    }
    World { states, _store: store, _folder: folder }
}

/// An edit. Contacts are counted in the order in which they came.
enum Step {
    /// A contact, its name, the company it is of, its numbers.
    Add(&'static str, bool, &'static [u64]),
    /// Another state of a contact, by its position.
    Change(usize, &'static str, bool, &'static [u64]),
    Remove(usize),
    /// The one company gets this name.
    Company(&'static str),
    CompanyIsGone,
}

use Step::{Add, Change, Company, CompanyIsGone, Remove};

/// Each brings something that the memory of look-ups has to follow.
const COMMITS: &[&[Step]] = &[
    &[Company("/O1"), Add("A1", true, &[0]), Add("B1", false, &[1])],
    // Renamed, with the number kept.
    &[Change(0, "A2", true, &[0])],
    // Two share a number; one then takes the other's place; a name too long for its slot.
    &[Change(0, "A3", true, &[1])],
    &[Change(1, "B2 of a long name", false, &[0])],
    // Another answer, another number and another contact at once.
    &[Add("C1", true, &[0]), Change(1, "B3", false, &[2])],
    // Renames everybody who is of it.
    &[Company("/O2")],
    &[Remove(1)],
    &[Add("D1", true, &[2])],
    // Two change places in one commit.
    &[Change(0, "A4", true, &[0]), Change(2, "C2", false, &[1])],
    // The table of numbers grows.
    &[Change(3, "D2", true, &[2, 3, 4])],
    &[Change(3, "D3", true, &[4, 5]), Change(0, "A5", true, &[5])],
    &[CompanyIsGone],
    &[Remove(3), Change(2, "C3", false, &[4, 1])],
    &[Remove(0), Change(2, "C4", false, &[5])],
    &[Change(2, "C5", false, &[5])],
];

/// Principal is in the store.
#[derive(Default)]
struct People {
    contacts: Vec<ContactNo>,
    company: Option<(OrganizationNo, Uuid)>,
}

impl People {
    fn take(&mut self, edit: &mut Transaction<'_, '_>, step: &Step) {
        match step {
            Add(name, of_company, numbers) => {
                let new = self.person(Uuid::now_v7(), name, *of_company, numbers);
                self.contacts.push(edit.insert_contact(&new, "test").unwrap());
            }
            Change(at, name, of_company, numbers) => {
                let no = self.contacts[*at];
                let old = edit.txn.contact(no).unwrap().unwrap();
                let new = self.person(old.id, name, *of_company, numbers);
                edit.update_contact(no, &old, &new, "test").unwrap();
            }
            Remove(at) => {
                let no = self.contacts[*at];
                let old = edit.txn.contact(no).unwrap().unwrap();
                edit.delete_contact(no, &old, "test").unwrap();
            }
            Company(name) => {
                let id = self.company.map_or_else(Uuid::now_v7, |(_, id)| id);
                let new = Organization { id, name: (*name).to_owned(), ..Organization::default() };
                let Some((no, _)) = self.company else {
                    let no = edit.insert_organization(&new, "test").unwrap();
                    self.company = Some((no, id));
                    return;
                };
                let old = edit.txn.organization(no).unwrap().unwrap();
                edit.update_organization(no, &old, &new, "test").unwrap();
            }
            CompanyIsGone => {
                let (no, _) = self.company.take().unwrap();
                let old = edit.txn.organization(no).unwrap().unwrap();
                edit.delete_organization(no, &old, "test").unwrap();
            }
        }
    }

    fn person(&self, id: Uuid, name: &str, of_company: bool, numbers: &[u64]) -> Contact {
        let organization = self.company.filter(|_| of_company).map(|(_, id)| id);
        let mut contact =
            Contact { id, last_name: Some(name.to_owned()), organization, ..Contact::default() };
        let places = [&mut contact.cell_phone, &mut contact.work_phone, &mut contact.home_phone];
        for (place, n) in places.into_iter().zip(numbers) {
            let e164 = Some(number(*n));
            let input = number(*n).to_string();
            *place = Some(Phone { input, e164, ..Phone::default() });
        }
        contact
    }
}
