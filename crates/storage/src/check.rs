//! The check: every record decoded, every index row compared with the records.
//!
//! For each record the rows that it asks for are looked for, and counted. When a table has exactly
//! as many rows as were asked for and all of those are there, it has no others, so one walk proves
//! both directions; only where the counts differ the rows themselves are walked to name the
//! surplus. Memory does not grow with the store. Problems name records by number, never by content.

mod schemas;
mod shared;

use crate::entities::contacts::ContactRows;
use crate::entities::notes::subject_key;
use crate::entities::organizations::OrganizationRows;
use crate::error::{OrStoreError, StoreError};
use crate::read::ReadTxn;
use crate::record::{Record, decode};
use crate::tables::{Committed, Tables, meta, text_row_no};
use carnet_model::{
    Change, ChangeNo, Client, Contact, ContactNo, Entity, Note, NoteNo, Organization,
    OrganizationNo, SettingChange, Token, UnreadNumbers, User,
};
use redb::{Key, ReadOnlyTable, ReadableTable, ReadableTableMetadata, Value};
use uuid::Uuid;

pub use shared::{SharedExternalId, SharedExternalIds};

/// Problems that a report spells out; it counts them all.
pub const PROBLEMS_MAX: usize = 100;

/// Records between two calls of the progress function.
const PROGRESS_EVERY: u64 = 1_000;

/// Counts of records and rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Contacts.
    pub contacts: u64,
    /// Rows by which contacts are found by telephone number.
    pub contact_numbers: u64,
    /// Rows by which contacts are found by other identifiers.
    pub contact_identifiers: u64,
    /// Numbers of contacts that are kept as they were typed.
    pub unread_numbers: UnreadNumbers,
    /// Organisations.
    pub organizations: u64,
    /// Contacts that belong to an organisation.
    pub organization_contacts: u64,
    /// Rows by which organisations are found by external id.
    pub organization_identifiers: u64,
    /// Notes.
    pub notes: u64,
    /// Versions of schemas.
    pub schema_versions: u64,
    /// Clients.
    pub clients: u64,
    /// Tokens, ended ones included until they are removed.
    pub tokens: u64,
    /// Changes whose rows are kept.
    pub changes: u64,
    /// The number of the last change ever made.
    pub last_change: ChangeNo,
}

impl ReadTxn {
    /// How many numbers of contacts are kept as they were typed. It reads one row.
    pub fn unread_numbers(&self) -> Result<UnreadNumbers, StoreError> {
        self.tables.unread_numbers()
    }

    /// Counts of records and rows. It takes no longer with more of them.
    pub fn stats(&self) -> Result<Stats, StoreError> {
        let tables = &self.tables;
        Ok(Stats {
            contacts: tables.contacts.len().or_store_error()?,
            contact_numbers: tables.contact_numbers.len().or_store_error()?,
            contact_identifiers: tables.contact_identifiers.len().or_store_error()?,
            unread_numbers: tables.unread_numbers()?,
            organizations: tables.organizations.len().or_store_error()?,
            organization_contacts: tables.organization_contacts.len().or_store_error()?,
            organization_identifiers: tables.organization_identifiers.len().or_store_error()?,
            notes: tables.notes.len().or_store_error()?,
            schema_versions: tables.schema_versions.len().or_store_error()?,
            clients: tables.clients.len().or_store_error()?,
            tokens: tables.tokens.len().or_store_error()?,
            changes: tables.changes.len().or_store_error()?,
            last_change: tables.last_change()?,
        })
    }
}

/// The result of a check.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CheckReport {
    /// Counts of records and rows.
    pub stats: Stats,
    /// The first problems, at most [`PROBLEMS_MAX`], each a sentence.
    pub problems: Vec<String>,
    /// How many problems there are.
    pub problem_count: u64,
    /// External ids that several contacts have. That is no problem of the file: there was a time when
    /// nothing forbade it.
    pub shared_by_contacts: SharedExternalIds,
    /// External ids that several organisations have, likewise.
    pub shared_by_organizations: SharedExternalIds,
}

/// Checks everything that a transaction sees. `progress` is called with the number of records that
/// were checked, every `PROGRESS_EVERY` of them; [`Stats`] has their total: contacts,
/// organisations, notes, versions of schemas, clients, tokens and changes. An error means that the check could not go
/// on; problems of the records are in the report.
pub fn check(txn: &ReadTxn, progress: &mut dyn FnMut(u64)) -> Result<CheckReport, StoreError> {
    let report = CheckReport { stats: txn.stats()?, ..CheckReport::default() };
    let mut checker = Checker { tables: &txn.tables, report, done: 0, progress };
    checker.organizations()?;
    checker.contacts()?;
    checker.notes()?;
    checker.schemas()?;
    checker.clients()?;
    checker.changes()?;
    checker.report.shared_by_contacts = shared::of_contacts(checker.tables, PROBLEMS_MAX)?;
    checker.report.shared_by_organizations =
        shared::of_organizations(checker.tables, PROBLEMS_MAX)?;
    (checker.progress)(checker.done);
    Ok(checker.report)
}

struct Checker<'a> {
    tables: &'a Tables<Committed>,
    report: CheckReport,
    done: u64,
    progress: &'a mut dyn FnMut(u64),
}

impl Checker<'_> {
    fn problem(&mut self, problem: String) {
        self.report.problem_count += 1;
        if self.report.problems.len() < PROBLEMS_MAX {
            self.report.problems.push(problem);
        }
    }

    /// The record, unless it cannot be read, which is a problem.
    fn record<T: Record>(&mut self, bytes: &[u8], key: &dyn ToString) -> Option<T> {
        self.done += 1;
        if self.done.is_multiple_of(PROGRESS_EVERY) {
            (self.progress)(self.done);
        }
        // One damaged record does not end the check: the others are looked at all the same.
        decode(bytes, key).map_err(|error| self.problem(error.to_string())).ok()
    }

    /// Looks for a row that a record asks for.
    fn expect_row<'k, K: Key + 'static>(
        &mut self,
        table: &ReadOnlyTable<K, ()>,
        key: K::SelfType<'k>,
        what: &str,
        no: u64,
    ) -> Result<(), StoreError> {
        if table.get(&key).or_store_error()?.is_none() {
            self.problem(format!("{what} {no} has no row of an index that it should have"));
        }
        Ok(())
    }

    /// Looks for the row from a record's id to its number.
    fn expect_id(
        &mut self,
        table: &ReadOnlyTable<&'static [u8; 16], u64>,
        id: Uuid,
        what: &str,
        no: u64,
    ) -> Result<(), StoreError> {
        match table.get(id.as_bytes()).or_store_error()?.map(|row| row.value()) {
            Some(found) if found == no => {}
            Some(found) => self.problem(format!("the id of {what} {no} leads to {found}")),
            None => self.problem(format!("{what} {no} is not found by its id")),
        }
        Ok(())
    }

    /// Compares a table's length with the rows that were asked for, and names surplus ones.
    /// `wanted` says whether the row with this key and value is one of them, and which record it
    /// points to.
    fn expect_no_others<K: Key + 'static, V: Value + 'static>(
        &mut self,
        table: &ReadOnlyTable<K, V>,
        asked_for: u64,
        name: &str,
        wanted: impl Fn(K::SelfType<'_>, V::SelfType<'_>) -> Result<(bool, u64), StoreError>,
    ) -> Result<(), StoreError> {
        // A surplus row beside a missing one is not named here; the missing one was reported.
        if table.len().or_store_error()? == asked_for {
            return Ok(());
        }
        for row in table.iter().or_store_error()? {
            let (key, value) = row.or_store_error()?;
            let (wanted, no) = wanted(key.value(), value.value())?;
            if !wanted {
                self.problem(format!("a row of {name} points to {no}, which does not ask for it"));
            }
        }
        Ok(())
    }

    fn organizations(&mut self) -> Result<(), StoreError> {
        let tables = self.tables;
        // `last` counts unreadable records, too: the counter must be beyond their numbers.
        let (mut ids, mut identifiers) = (0, 0);
        let mut last = 0;
        for row in tables.organizations.iter().or_store_error()? {
            let (no, bytes) = row.or_store_error()?;
            let no = no.value();
            last = no;
            let Some(record) = self.record::<Organization>(bytes.value(), &no) else {
                continue;
            };
            let rows = OrganizationRows::of(OrganizationNo(no), &record);
            ids += 1;
            identifiers += length(&rows.identifiers);
            self.expect_id(&tables.organization_ids, record.id, "organisation", no)?;
            for key in &rows.names {
                self.expect_row(&tables.organization_names, key.as_slice(), "organisation", no)?;
            }
            for key in &rows.identifiers {
                let table = &tables.organization_identifiers;
                self.expect_row(table, key.as_slice(), "organisation", no)?;
            }
        }
        self.counter(meta::NEXT_ORGANIZATION, last)?;
        let rows_of = |no: u64| -> Result<OrganizationRows, StoreError> {
            let record = unless_unreadable(tables.organization(OrganizationNo(no)))?;
            Ok(record.map(|r| OrganizationRows::of(OrganizationNo(no), &r)).unwrap_or_default())
        };
        self.expect_no_others(&tables.organization_ids, ids, "organization_ids", |id, no| {
            let record = unless_unreadable(tables.organization(OrganizationNo(no)))?;
            Ok((record.is_some_and(|record| record.id.as_bytes() == id), no))
        })?;
        // Every organisation has one name, and so one row, as it has one id.
        self.expect_no_others(&tables.organization_names, ids, "organization_names", |key, ()| {
            let no = text_row_no(key).unwrap_or(0);
            Ok((rows_of(no)?.names.iter().any(|row| row == key), no))
        })?;
        let (table, name) = (&tables.organization_identifiers, "organization_identifiers");
        self.expect_no_others(table, identifiers, name, |key, ()| {
            let no = text_row_no(key).unwrap_or(0);
            Ok((rows_of(no)?.identifiers.iter().any(|row| row == key), no))
        })
    }

    fn contacts(&mut self) -> Result<(), StoreError> {
        let tables = self.tables;
        let (mut ids, mut numbers, mut identifiers, mut organizations) = (0, 0, 0, 0);
        let mut unread = UnreadNumbers::default();
        let mut last = 0;
        for row in tables.contacts.iter().or_store_error()? {
            let (no, bytes) = row.or_store_error()?;
            let no = no.value();
            last = no;
            let Some(record) = self.record::<Contact>(bytes.value(), &no) else {
                continue;
            };
            let rows = contact_rows(tables, no, &record)?;
            // `contact_rows` asks for no row then, so it would show nowhere else.
            if record.organization.is_some() && rows.organization.is_none() {
                self.problem(format!("contact {no} belongs to an organisation that is not there"));
            }
            ids += 1;
            numbers += length(&rows.numbers);
            identifiers += length(&rows.identifiers);
            organizations += length(rows.organization.as_slice());
            unread.add(UnreadNumbers::of(&record));
            self.expect_id(&tables.contact_ids, record.id, "contact", no)?;
            for key in rows.numbers {
                self.expect_row(&tables.contact_numbers, key, "contact", no)?;
            }
            for key in &rows.identifiers {
                self.expect_row(&tables.contact_identifiers, key.as_slice(), "contact", no)?;
            }
            if let Some(key) = rows.organization {
                self.expect_row(&tables.organization_contacts, key, "contact", no)?;
            }
        }
        self.counter(meta::NEXT_CONTACT, last)?;
        self.unread(unread, ids)?;
        // For the surplus alone: records are read again only when the counts differ.
        let rows_of = |no: u64| -> Result<ContactRows, StoreError> {
            match unless_unreadable(tables.contact(ContactNo(no)))? {
                Some(record) => contact_rows(tables, no, &record),
                None => Ok(ContactRows::default()),
            }
        };
        self.expect_no_others(&tables.contact_ids, ids, "contact_ids", |id, no| {
            let record = unless_unreadable(tables.contact(ContactNo(no)))?;
            Ok((record.is_some_and(|record| record.id.as_bytes() == id), no))
        })?;
        self.expect_no_others(&tables.contact_numbers, numbers, "contact_numbers", |key, ()| {
            Ok((rows_of(key.2)?.numbers.contains(&key), key.2))
        })?;
        let (table, name) = (&tables.contact_identifiers, "contact_identifiers");
        self.expect_no_others(table, identifiers, name, |key, ()| {
            let no = text_row_no(key).unwrap_or(0);
            Ok((rows_of(no)?.identifiers.iter().any(|row| row == key), no))
        })?;
        let (table, name) = (&tables.organization_contacts, "organization_contacts");
        self.expect_no_others(table, organizations, name, |key, ()| {
            Ok((rows_of(key.1)?.organization == Some(key), key.1))
        })
    }

    fn notes(&mut self) -> Result<(), StoreError> {
        let tables = self.tables;
        let (mut readable, mut last) = (0, 0);
        for row in tables.notes.iter().or_store_error()? {
            let (no, bytes) = row.or_store_error()?;
            let no = no.value();
            last = no;
            let Some(record) = self.record::<Note>(bytes.value(), &no) else {
                continue;
            };
            readable += 1;
            if !tables.has_subject(&record.subject)? {
                self.problem(format!("note {no} is about something that is not there"));
            }
            self.expect_id(&tables.note_ids, record.id, "note", no)?;
            let (kind, id) = subject_key(&record.subject);
            self.expect_row(&tables.subject_notes, (kind, id, no), "note", no)?;
        }
        self.counter(meta::NEXT_NOTE, last)?;
        let note =
            |no: u64| unless_unreadable(crate::entities::lookup::get::<Note>(&tables.notes, no));
        self.expect_no_others(&tables.note_ids, readable, "note_ids", |id, no| {
            Ok((note(no)?.is_some_and(|note| note.id.as_bytes() == id), no))
        })?;
        self.expect_no_others(&tables.subject_notes, readable, "subject_notes", |key, ()| {
            let note = note(key.2)?;
            Ok((note.is_some_and(|note| subject_key(&note.subject) == (key.0, key.1)), key.2))
        })
    }

    fn clients(&mut self) -> Result<(), StoreError> {
        for row in self.tables.clients.iter().or_store_error()? {
            let (id, bytes) = row.or_store_error()?;
            let client = self.record::<Client>(bytes.value(), &id.value());
            if client.is_some_and(|client| client.id != id.value()) {
                self.problem(format!("client {} is kept under another id", id.value()));
            }
        }
        for row in self.tables.settings.iter().or_store_error()? {
            let (no, bytes) = row.or_store_error()?;
            self.record::<SettingChange>(bytes.value(), &no.value());
        }
        for row in self.tables.users.iter().or_store_error()? {
            let (key, bytes) = row.or_store_error()?;
            let user = self.record::<User>(bytes.value(), &key.value());
            if user.is_some_and(|user| User::key(&user.name) != key.value()) {
                self.problem(format!("the person {} is kept under another name", key.value()));
            }
        }
        for row in self.tables.tokens.iter().or_store_error()? {
            let bytes = row.or_store_error()?.1;
            // Its key is a hash of the secret, which has no place in a report.
            self.record::<Token>(bytes.value(), &"");
        }
        Ok(())
    }

    fn changes(&mut self) -> Result<(), StoreError> {
        let tables = self.tables;
        let mut before: Option<u64> = None;
        for row in tables.changes.iter().or_store_error()? {
            let (no, bytes) = row.or_store_error()?;
            let no = no.value();
            // The first may have any number: rows are dropped once the index has them.
            if before.is_some_and(|before| before + 1 != no) {
                self.problem(format!("the change before {no} is missing"));
            }
            before = Some(no);
            let Some(change) = self.record::<Change>(bytes.value(), &no) else {
                continue;
            };
            // The entity may have been removed since, so nothing but its number can be checked.
            let (entity, counter) = match change.entity {
                Entity::Contact(ContactNo(no)) => (no, meta::NEXT_CONTACT),
                Entity::Organization(OrganizationNo(no)) => (no, meta::NEXT_ORGANIZATION),
                Entity::Note(NoteNo(no)) => (no, meta::NEXT_NOTE),
            };
            self.counter(counter, entity)?;
        }
        let last = tables.counter(meta::LAST_CHANGE)?.unwrap_or(0);
        // Without rows there is nothing to compare: all may have been dropped.
        if before.is_some_and(|before| before != last) {
            self.problem(format!("the last change should be {last}, and is not"));
        }
        Ok(())
    }

    /// Compares the counts of unread numbers with those of so many contacts.
    fn unread(&mut self, found: UnreadNumbers, contacts: u64) -> Result<(), StoreError> {
        let counted = self.tables.unread_numbers()?;
        // Those of a contact that cannot be read are not known, and it is in the report already.
        let all_read = self.tables.contacts.len().or_store_error()? == contacts;
        if all_read && counted != found {
            let [counted, found] = [counted, found].map(|counts| counts.count(None));
            self.problem(format!(
                "the count of numbers kept as typed is {counted}, or has other parts; the contacts \
                 have {found}"
            ));
        }
        Ok(())
    }

    /// Checks that a number that was given is below the one that is given next.
    fn counter(&mut self, name: &str, given: u64) -> Result<(), StoreError> {
        let next = self.tables.counter(name)?.unwrap_or(1);
        if given >= next {
            self.problem(format!("`{name}` is {next}, but {given} was given already"));
        }
        Ok(())
    }
}

/// The rows that a contact asks for. An organisation that is not there asks for none.
fn contact_rows(
    tables: &Tables<Committed>,
    no: u64,
    contact: &Contact,
) -> Result<ContactRows, StoreError> {
    let organization = match contact.organization {
        Some(id) => tables.organization_no(id)?,
        None => None,
    };
    Ok(ContactRows::of(ContactNo(no), contact, organization))
}

/// A record that cannot be read is in the report already; its rows count as surplus.
fn unless_unreadable<T>(record: Result<Option<T>, StoreError>) -> Result<Option<T>, StoreError> {
    match record {
        Err(StoreError::Record { .. }) => Ok(None),
        other => other,
    }
}

fn length<T>(rows: &[T]) -> u64 {
    rows.len() as u64
}
