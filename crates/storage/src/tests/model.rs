//! The store as plain maps, edits that are done to both, and the comparison of every answer.

use super::sample;
use crate::{AddError, EditError, Readable, Stamp, StoreError, WriteTxn};
use carnet_model::{
    Account, Action, Change, ChangeNo, Client, Contact, ContactNo, Entity, ExternalId,
    IdentifierKey, IdentifierKind, Note, NoteNo, Organization, OrganizationNo, SettingChange,
    Subject, Timestamp, Token, User,
};
use std::collections::BTreeMap;
use uuid::Uuid;

/// One edit. `pick` chooses among what is there; where there is nothing, nothing is done.
#[derive(Clone, Debug)]
pub(super) enum Op {
    AddContact { seed: u64, pick: usize },
    EditContact { pick: usize, seed: u64 },
    RemoveContact { pick: usize },
    AddOrganization { seed: u64 },
    EditOrganization { pick: usize, seed: u64 },
    RemoveOrganization { pick: usize },
    AddNote { pick: usize, seed: u64 },
    EditNote { pick: usize, seed: u64 },
    RemoveNote { pick: usize },
    PutClient { seed: u8 },
    RemoveClient { seed: u8 },
    PutUser { seed: u8 },
    RemoveUser { seed: u8 },
    PutToken { seed: u8, expires: i64 },
    RemoveToken { seed: u8 },
    ChangeSetting { seed: u8 },
    ExpireTokens { before: i64 },
    DropChanges { keep: u64 },
    Refused { pick: usize, seed: u64 },
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Model {
    contacts: BTreeMap<u64, Contact>,
    organizations: BTreeMap<u64, Organization>,
    notes: BTreeMap<u64, Note>,
    clients: BTreeMap<String, Client>,
    users: BTreeMap<String, User>,
    settings: Vec<SettingChange>,
    tokens: BTreeMap<[u8; 32], Token>,
    changes: BTreeMap<u64, Change>,
    last_change: u64,
    given: [u64; 3],
}

const STAMP: Stamp<'static> = Stamp { at: Timestamp(99), by: "tester" };

fn picked<T: Clone>(map: &BTreeMap<u64, T>, pick: usize) -> Option<(u64, T)> {
    let (no, value) = map.iter().nth(pick.checked_rem(map.len())?)?;
    Some((*no, value.clone()))
}

impl Model {
    fn log(&mut self, entity: Entity, action: Action) {
        self.last_change += 1;
        let change = Change { entity, action, at: STAMP.at, by: STAMP.by.into() };
        self.changes.insert(self.last_change, change);
    }

    /// A number of its own for a new contact (0), organisation (1) or note (2).
    fn give(&mut self, kind: usize) -> u64 {
        self.given[kind] += 1;
        self.given[kind]
    }

    pub(super) fn last_change(&self) -> u64 {
        self.last_change
    }

    fn remove_notes(&mut self, subject: Subject) {
        let all = self.notes.iter().filter(|(_, note)| note.subject == subject);
        for no in all.map(|(no, _)| *no).collect::<Vec<_>>() {
            self.notes.remove(&no);
            self.log(Entity::Note(NoteNo(no)), Action::Removed);
        }
    }

    /// An organisation, or none: one choice more than there are organisations.
    fn some_organization(&self, pick: usize) -> Option<Uuid> {
        let pick = pick % (self.organizations.len() + 1);
        self.organizations.values().nth(pick).map(|organization| organization.id)
    }

    /// Does `op` to the store and to this.
    pub(super) fn apply(&mut self, op: &Op, txn: &mut WriteTxn<'_>) -> Result<(), StoreError> {
        match *op {
            Op::AddContact { seed, pick } => {
                let no = self.give(0);
                let contact = sample::contact(no, seed, self.some_organization(pick));
                assert_eq!(added(txn.add_contact(&contact, &STAMP))?.0, no);
                self.contacts.insert(no, contact);
                self.log(Entity::Contact(ContactNo(no)), Action::Added);
            }
            Op::EditContact { pick, seed } => {
                let Some((no, old)) = picked(&self.contacts, pick) else {
                    return Ok(());
                };
                let new = sample::contact(no, seed, self.some_organization(pick ^ 1));
                edited(txn.edit_contact(ContactNo(no), &old, &new, &STAMP))?;
                self.contacts.insert(no, new);
                self.log(Entity::Contact(ContactNo(no)), Action::Edited);
            }
            Op::RemoveContact { pick } => {
                let Some((no, old)) = picked(&self.contacts, pick) else {
                    return Ok(());
                };
                edited(txn.remove_contact(ContactNo(no), &old, &STAMP))?;
                self.contacts.remove(&no);
                self.remove_notes(Subject::Contact(old.id));
                self.log(Entity::Contact(ContactNo(no)), Action::Removed);
            }
            Op::AddOrganization { seed } => {
                let no = self.give(1);
                let organization = sample::organization(no, seed);
                assert_eq!(added(txn.add_organization(&organization, &STAMP))?.0, no);
                self.organizations.insert(no, organization);
                self.log(Entity::Organization(OrganizationNo(no)), Action::Added);
            }
            Op::EditOrganization { pick, seed } => {
                let Some((no, old)) = picked(&self.organizations, pick) else {
                    return Ok(());
                };
                let new = sample::organization(no, seed);
                edited(txn.edit_organization(OrganizationNo(no), &old, &new, &STAMP))?;
                self.organizations.insert(no, new);
                self.log(Entity::Organization(OrganizationNo(no)), Action::Edited);
            }
            Op::RemoveOrganization { pick } => {
                let Some((no, old)) = picked(&self.organizations, pick) else {
                    return Ok(());
                };
                let gone = edited(txn.remove_organization(OrganizationNo(no), &old, &STAMP))?;
                let mut expected = Vec::new();
                for (no, contact) in &mut self.contacts {
                    if contact.organization == Some(old.id) {
                        contact.organization = None;
                        contact.modify_date = STAMP.at;
                        expected.push(ContactNo(*no));
                    }
                }
                assert_eq!(gone, expected);
                for no in expected {
                    self.log(Entity::Contact(no), Action::Edited);
                }
                self.organizations.remove(&no);
                self.remove_notes(Subject::Organization(old.id));
                self.log(Entity::Organization(OrganizationNo(no)), Action::Removed);
            }
            Op::AddNote { pick, seed } => {
                let contact = picked(&self.contacts, pick).map(|(_, c)| Subject::Contact(c.id));
                let subject = match self.some_organization(pick) {
                    Some(id) if seed % 2 == 0 => Some(Subject::Organization(id)),
                    _ => contact,
                };
                let Some(subject) = subject else {
                    return Ok(());
                };
                let no = self.give(2);
                let note = sample::note(no, seed, subject);
                assert_eq!(added(txn.add_note(&note, &STAMP))?.0, no);
                self.notes.insert(no, note);
                self.log(Entity::Note(NoteNo(no)), Action::Added);
            }
            Op::EditNote { pick, seed } => {
                let Some((no, old)) = picked(&self.notes, pick) else {
                    return Ok(());
                };
                let new = sample::note(no, seed, old.subject);
                edited(txn.edit_note(NoteNo(no), &old, &new, &STAMP))?;
                self.notes.insert(no, new);
                self.log(Entity::Note(NoteNo(no)), Action::Edited);
            }
            Op::RemoveNote { pick } => {
                let Some((no, old)) = picked(&self.notes, pick) else {
                    return Ok(());
                };
                edited(txn.remove_note(NoteNo(no), &old, &STAMP))?;
                self.notes.remove(&no);
                self.log(Entity::Note(NoteNo(no)), Action::Removed);
            }
            Op::PutClient { seed } => {
                let client = client(seed);
                txn.put_client(&client)?;
                self.clients.insert(client.id.clone(), client);
            }
            Op::RemoveClient { seed } => {
                let id = client(seed).id;
                let was_there = self.clients.remove(&id).is_some();
                assert_eq!(txn.remove_client(&id)?, was_there);
                if was_there {
                    self.tokens.retain(|_, token| token.account != Account::Client(id.clone()));
                }
            }
            Op::PutUser { seed } => {
                let user = user(seed);
                txn.put_user(&user)?;
                self.users.insert(User::key(&user.name), user);
            }
            Op::RemoveUser { seed } => {
                let key = User::key(&user(seed).name);
                let was_there = self.users.remove(&key).is_some();
                assert_eq!(txn.remove_user(&key)?, was_there);
                if was_there {
                    self.tokens.retain(|_, token| token.account != Account::User(key.clone()));
                }
            }
            Op::RemoveToken { seed } => {
                let was_there = self.tokens.remove(&[seed; 32]).is_some();
                assert_eq!(txn.remove_token(&[seed; 32])?, was_there);
            }
            Op::ChangeSetting { seed } => {
                let change = SettingChange {
                    name: format!("s{}", seed % 3),
                    value: seed.to_string(),
                    at: Timestamp(seed.into()),
                    by: "ada".into(),
                };
                txn.add_setting_change(&change)?;
                self.settings.push(change);
            }
            Op::PutToken { seed, expires } => {
                let account = match seed % 2 {
                    0 => Account::Client(client(seed).id),
                    _ => Account::User(User::key(&user(seed).name)),
                };
                let token = Token { account, expires: Timestamp(expires) };
                txn.put_token([seed; 32], &token)?;
                self.tokens.insert([seed; 32], token);
            }
            Op::ExpireTokens { before } => {
                let had = self.tokens.len();
                self.tokens.retain(|_, token| token.expires.0 >= before);
                let gone = txn.remove_tokens_expired_before(Timestamp(before))?;
                assert_eq!(gone, had - self.tokens.len());
            }
            Op::DropChanges { keep } => {
                let last = self.last_change.saturating_sub(keep);
                txn.drop_changes_through(ChangeNo(last))?;
                self.changes.retain(|no, _| *no > last);
            }
            Op::Refused { pick, seed } => self.refused(pick, seed, txn)?,
        }
        Ok(())
    }

    /// Edits that must be refused, and leave everything as it was.
    fn refused(&self, pick: usize, seed: u64, txn: &mut WriteTxn<'_>) -> Result<(), StoreError> {
        let nowhere = Uuid::from_u128(0xdead);
        let lost = sample::contact(u64::MAX, seed, Some(nowhere));
        let error = txn.add_contact(&lost, &STAMP).unwrap_err();
        assert!(matches!(error, AddError::NoSuchOrganization(id) if id == nowhere));
        let note = sample::note(u64::MAX, seed, Subject::Contact(nowhere));
        let error = txn.add_note(&note, &STAMP).unwrap_err();
        assert!(matches!(error, AddError::NoSuchSubject(id) if id == nowhere));
        let Some((no, old)) = picked(&self.contacts, pick) else {
            return Ok(());
        };
        let no = ContactNo(no);
        let error = txn.add_contact(&old, &STAMP).unwrap_err();
        assert!(matches!(error, AddError::IdTaken(id) if id == old.id));
        let stale = Contact { title: Some("another".into()), ..old.clone() };
        let error = txn.edit_contact(no, &stale, &old, &STAMP).unwrap_err();
        assert!(matches!(error, EditError::Stale));
        assert!(matches!(txn.remove_contact(no, &stale, &STAMP), Err(EditError::Stale)));
        let gone = ContactNo(u64::MAX);
        assert!(matches!(txn.remove_contact(gone, &old, &STAMP), Err(EditError::Stale)));
        let error = txn.edit_contact(no, &old, &lost, &STAMP).unwrap_err();
        assert!(matches!(error, EditError::IdChanged));
        let moved = Contact { organization: Some(nowhere), ..old.clone() };
        let error = txn.edit_contact(no, &old, &moved, &STAMP).unwrap_err();
        assert!(matches!(error, EditError::NoSuchOrganization(id) if id == nowhere));
        Ok(())
    }

    /// Asks every question and compares every answer.
    pub(super) fn assert_same(&self, store: &impl Readable) {
        self.assert_same_contacts(store);
        self.assert_same_organizations(store);
        let notes: Vec<_> = self.notes.iter().map(|(n, v)| (NoteNo(*n), v.clone())).collect();
        assert_eq!(store.notes_after(None, usize::MAX).unwrap(), notes);
        assert_eq!(store.note_count().unwrap(), notes.len() as u64);
        let contacts = self.contacts.values().map(|c| Subject::Contact(c.id));
        let organizations = self.organizations.values().map(|o| Subject::Organization(o.id));
        for subject in contacts.chain(organizations) {
            let mut of = notes.clone();
            of.retain(|(_, note)| note.subject == subject);
            assert_eq!(store.notes_of(&subject).unwrap(), of);
        }
        for note in &notes {
            assert_eq!(store.note_by_id(note.1.id).unwrap().as_ref(), Some(note));
        }
        let clients: Vec<_> = self.clients.values().cloned().collect();
        assert_eq!(store.clients().unwrap(), clients);
        assert_eq!(store.setting_changes().unwrap(), self.settings);
        let users: Vec<_> = self.users.values().cloned().collect();
        assert_eq!(store.users().unwrap(), users);
        for seed in 0..8 {
            let key = User::key(&user(seed).name);
            assert_eq!(store.user(&key).unwrap().as_ref(), self.users.get(&key));
            let id = client(seed).id;
            assert_eq!(store.client(&id).unwrap().as_ref(), self.clients.get(&id));
            let sha256 = [seed; 32];
            assert_eq!(store.token(&sha256).unwrap().as_ref(), self.tokens.get(&sha256));
        }
        let changes: Vec<_> = self.changes.iter().map(|(n, c)| (ChangeNo(*n), c.clone())).collect();
        assert_eq!(store.changes_after(ChangeNo(0), usize::MAX).unwrap(), changes);
        assert_eq!(store.last_change().unwrap(), ChangeNo(self.last_change));
        assert_eq!(store.first_change().unwrap(), changes.first().map(|(no, _)| *no));
    }

    fn assert_same_contacts(&self, store: &impl Readable) {
        let all: Vec<_> = self.contacts.iter().map(|(n, c)| (ContactNo(*n), c.clone())).collect();
        assert_eq!(store.contacts_after(None, usize::MAX).unwrap(), all);
        assert_eq!(store.contact_count().unwrap(), all.len() as u64);
        let nos: Vec<_> = all.iter().map(|(no, _)| *no).collect();
        assert_eq!(store.contact_nos_after(None, usize::MAX).unwrap(), nos);
        if let [first, rest @ ..] = &nos[..] {
            let second = &rest[..rest.len().min(1)];
            assert_eq!(store.contact_nos_after(Some(*first), 1).unwrap(), second);
        }
        for (no, contact) in &all {
            let found = store.contact_by_id(contact.id).unwrap();
            assert_eq!(found, Some((*no, contact.clone())));
            assert_eq!(store.contact(*no).unwrap().as_ref(), Some(contact));
        }
        let gone = (1..=self.given[0]).filter(|no| !self.contacts.contains_key(no));
        for no in gone {
            assert_eq!(store.contact(ContactNo(no)).unwrap(), None);
            assert_eq!(store.contact_no(sample::contact(no, 0, None).id).unwrap(), None);
        }
        let oldest_first = |holds: &dyn Fn(&Contact) -> bool| {
            let mut found = all.clone();
            found.retain(|(_, contact)| holds(contact));
            found.sort_by_key(|(no, contact)| (contact.create_date, *no));
            found
        };
        for n in 0..sample::POOL {
            let number = sample::number(n);
            let expected = oldest_first(&|contact| contact.numbers().contains(&number));
            assert_eq!(store.contacts_by_number(number, usize::MAX).unwrap(), expected);
            let first = expected.first().cloned().into_iter().collect::<Vec<_>>();
            assert_eq!(store.contacts_by_number(number, 1).unwrap(), first);
            let by_phone = IdentifierKey::new(IdentifierKind::Phone, &number.to_string());
            assert_eq!(store.contacts_by_identifier(&by_phone, usize::MAX).unwrap(), expected);
            for key in identifier_keys(n) {
                let expected = oldest_first(&|contact| contact.identifier_keys().contains(&key));
                assert_eq!(store.contacts_by_identifier(&key, usize::MAX).unwrap(), expected);
            }
        }
    }

    fn assert_same_organizations(&self, store: &impl Readable) {
        let all = self.organizations.iter().map(|(n, o)| (OrganizationNo(*n), o.clone()));
        let all: Vec<_> = all.collect();
        assert_eq!(store.organizations_after(None, usize::MAX).unwrap(), all);
        assert_eq!(store.organization_count().unwrap(), all.len() as u64);
        for (no, organization) in &all {
            let found = store.organization_by_id(organization.id).unwrap();
            assert_eq!(found, Some((*no, organization.clone())));
            assert_eq!(store.organization(*no).unwrap().as_ref(), Some(organization));
            let members = self.contacts.iter();
            let members = members.filter(|(_, c)| c.organization == Some(organization.id));
            let members: Vec<_> = members.map(|(no, _)| ContactNo(*no)).collect();
            assert_eq!(store.organization_contacts(*no, None, usize::MAX).unwrap(), members);
            if let [first, rest @ ..] = &members[..] {
                let found = store.organization_contacts(*no, Some(*first), usize::MAX).unwrap();
                assert_eq!(found, rest);
            }
        }
        let oldest_first = |holds: &dyn Fn(&Organization) -> bool| {
            let mut found = all.clone();
            found.retain(|(_, organization)| holds(organization));
            found.sort_by_key(|(no, organization)| (organization.create_date, *no));
            found
        };
        for n in 0..sample::POOL {
            let name = sample::organization_name(n).trim().to_lowercase();
            let expected = oldest_first(&|o| o.name.trim().to_lowercase() == name);
            assert_eq!(store.organizations_by_name(&name).unwrap(), expected);
            let key = sample::external_id(n).keys().next().unwrap();
            let holds =
                |o: &Organization| o.external_ids.iter().any(|id| id.keys().any(|k| k == key));
            let expected = oldest_first(&holds);
            assert_eq!(store.organizations_by_identifier(&key, usize::MAX).unwrap(), expected);
        }
    }
}

fn identifier_keys(n: u64) -> Vec<IdentifierKey> {
    let mut keys = vec![IdentifierKey::new(IdentifierKind::Email, &sample::email(n))];
    keys.push(IdentifierKey::new(IdentifierKind::Internal, "1047"));
    keys.push(IdentifierKey::field("m_identifier", &sample::member(n)));
    keys.extend(ExternalId::keys(&sample::external_id(n)));
    keys
}

fn client(seed: u8) -> Client {
    Client {
        id: format!("client{}", seed % 3),
        name: format!("name{seed}"),
        role: "viewer".into(),
        secret_sha256: [seed; 32],
        create_date: Timestamp(seed.into()),
    }
}

fn user(seed: u8) -> User {
    User {
        name: format!("Person {}", seed % 3),
        role: "agent".into(),
        password_hash: format!("hash{seed}"),
        create_date: Timestamp(seed.into()),
    }
}

/// Failures of the store are passed on, anything else would be a mistake of the test.
fn added<T>(result: Result<T, AddError>) -> Result<T, StoreError> {
    result.map_err(|error| match error {
        AddError::Store(error) => error,
        error => panic!("{error}"),
    })
}

fn edited<T>(result: Result<T, EditError>) -> Result<T, StoreError> {
    result.map_err(|error| match error {
        EditError::Store(error) => error,
        error => panic!("{error}"),
    })
}
