//! A transaction in the address book's words: every edit of a thing also notes what search must
//! learn of it, to be shown when the transaction has been committed.

use crate::BookError;
use crate::core::Desk;
use crate::limits::REMEMBERED_NAMES_MAX;
use carnet_model::{ChangeNo, Contact, ContactNo, Organization, OrganizationNo, Timestamp};
use carnet_phone::E164;
use carnet_search::{Entry, OrganizationEntry, OrganizationName};
use carnet_storage::{Readable, Stamp, StoreError, WriteTxn};
use std::collections::HashMap;
use std::sync::Arc;

/// What search must learn of a change.
#[cfg_attr(test, derive(Clone))]
pub(crate) enum Effect {
    /// A contact has other words, or is gone.
    Contact {
        no: ContactNo,
        at: ChangeNo,
        /// The index may hold it.
        known: bool,
        entry: Option<Arc<Entry>>,
        /// Telephone numbers that it gained or lost.
        numbers: Vec<E164>,
    },
    /// An organisation has another name, or is gone.
    Organization {
        no: OrganizationNo,
        at: ChangeNo,
        known: bool,
        entry: Option<Arc<OrganizationEntry>>,
        /// Contacts that lost it.
        unlinked: Vec<ContactNo>,
    },
    /// A client's tokens have ended.
    Client {
        /// Its id.
        id: String,
    },
}

impl Effect {
    pub(crate) fn apply(self, desk: &mut Desk) {
        match self {
            Effect::Contact { no, at, known, entry, .. } => {
                desk.overlay.put_contact(no, at, known, entry);
            }
            Effect::Organization { no, at, known, entry, unlinked } => {
                desk.overlay.put_organization(no, at, known, entry);
                if !unlinked.is_empty() {
                    desk.unlinked.insert(no, (at, unlinked));
                }
            }
            // Not a matter of the desk: see `Writer::show`.
            Effect::Client { .. } => {}
        }
    }
}

/// Folded names of organisations, so that a thousand contacts of one fold it once.
#[derive(Default)]
pub(crate) struct NameCache(HashMap<OrganizationNo, OrganizationName>);

impl NameCache {
    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    fn forget(&mut self, no: OrganizationNo) {
        self.0.remove(&no);
    }

    fn keep(&mut self, no: OrganizationNo, name: OrganizationName) {
        if self.0.len() >= REMEMBERED_NAMES_MAX {
            self.0.clear();
        }
        self.0.insert(no, name);
    }
}

/// A transaction that is being filled.
pub(crate) struct Edit<'e, 'txn> {
    pub(crate) txn: &'e mut WriteTxn<'txn>,
    /// The moment that this transaction stamps on what it changes.
    pub(crate) at: Timestamp,
    effects: &'e mut Vec<Effect>,
    names: &'e mut NameCache,
}

impl<'e, 'txn> Edit<'e, 'txn> {
    pub(crate) fn new(
        txn: &'e mut WriteTxn<'txn>,
        at: Timestamp,
        effects: &'e mut Vec<Effect>,
        names: &'e mut NameCache,
    ) -> Self {
        Edit { txn, at, effects, names }
    }

    /// Says that what was remembered of a client's tokens no longer holds.
    pub(crate) fn end_tokens_of(&mut self, id: &str) {
        self.effects.push(Effect::Client { id: id.to_owned() });
    }

    pub(crate) fn insert_contact(
        &mut self,
        contact: &Contact,
        by: &str,
    ) -> Result<ContactNo, BookError> {
        let no = self.txn.add_contact(contact, &Stamp { at: self.at, by })?;
        self.note_contact(no, false, Some(contact), contact.numbers())?;
        Ok(no)
    }

    pub(crate) fn update_contact(
        &mut self,
        no: ContactNo,
        old: &Contact,
        new: &Contact,
        by: &str,
    ) -> Result<(), BookError> {
        self.txn.edit_contact(no, old, new, &Stamp { at: self.at, by })?;
        let numbers = gained_or_lost(&old.numbers(), &new.numbers());
        Ok(self.note_contact(no, true, Some(new), numbers)?)
    }

    pub(crate) fn delete_contact(
        &mut self,
        no: ContactNo,
        old: &Contact,
        by: &str,
    ) -> Result<(), BookError> {
        self.txn.remove_contact(no, old, &Stamp { at: self.at, by })?;
        Ok(self.note_contact(no, true, None, old.numbers())?)
    }

    fn note_contact(
        &mut self,
        no: ContactNo,
        known: bool,
        contact: Option<&Contact>,
        numbers: Vec<E164>,
    ) -> Result<(), StoreError> {
        let at = self.txn.last_change()?;
        let entry = match contact {
            Some(contact) => {
                let organization = self.organization_name(contact)?;
                let organization = organization.as_ref().map(|(no, name)| (*no, name));
                Some(Arc::new(Entry::new(contact, organization)))
            }
            None => None,
        };
        self.effects.push(Effect::Contact { no, at, known, entry, numbers });
        Ok(())
    }

    fn organization_name(
        &mut self,
        contact: &Contact,
    ) -> Result<Option<(OrganizationNo, OrganizationName)>, StoreError> {
        let Some(id) = contact.organization else {
            return Ok(None);
        };
        let Some(no) = self.txn.organization_no(id)? else {
            return Ok(None);
        };
        if let Some(name) = self.names.0.get(&no) {
            return Ok(Some((no, name.clone())));
        }
        let Some(organization) = self.txn.organization(no)? else {
            return Ok(None);
        };
        let name = OrganizationName::new(&organization.name);
        self.names.keep(no, name.clone());
        Ok(Some((no, name)))
    }

    pub(crate) fn insert_organization(
        &mut self,
        organization: &Organization,
        by: &str,
    ) -> Result<OrganizationNo, BookError> {
        let no = self.txn.add_organization(organization, &Stamp { at: self.at, by })?;
        self.note_organization(no, false, Some(organization), Vec::new())?;
        Ok(no)
    }

    pub(crate) fn update_organization(
        &mut self,
        no: OrganizationNo,
        old: &Organization,
        new: &Organization,
        by: &str,
    ) -> Result<(), BookError> {
        self.txn.edit_organization(no, old, new, &Stamp { at: self.at, by })?;
        Ok(self.note_organization(no, true, Some(new), Vec::new())?)
    }

    pub(crate) fn delete_organization(
        &mut self,
        no: OrganizationNo,
        old: &Organization,
        by: &str,
    ) -> Result<(), BookError> {
        let unlinked = self.txn.remove_organization(no, old, &Stamp { at: self.at, by })?;
        Ok(self.note_organization(no, true, None, unlinked)?)
    }

    fn note_organization(
        &mut self,
        no: OrganizationNo,
        known: bool,
        organization: Option<&Organization>,
        unlinked: Vec<ContactNo>,
    ) -> Result<(), StoreError> {
        self.names.forget(no);
        let at = self.txn.last_change()?;
        let entry = organization.map(|organization| Arc::new(OrganizationEntry::new(organization)));
        self.effects.push(Effect::Organization { no, at, known, entry, unlinked });
        Ok(())
    }
}

/// What is in one of two ascending lists and not in the other.
fn gained_or_lost(old: &[E164], new: &[E164]) -> Vec<E164> {
    let lost = old.iter().filter(|number| new.binary_search(number).is_err());
    let gained = new.iter().filter(|number| old.binary_search(number).is_err());
    lost.chain(gained).copied().collect()
}
