//! Contacts: their records, and the rows by which they are found.

use crate::entities::lookup;
use crate::error::{AddError, EditError, OrStoreError, StoreError};
use crate::record::encode;
use crate::tables::{Mode, Tables, TextPrefix};
use crate::write::{Row, Stamp, WriteTxn, difference, expect};
use carnet_model::{Action, Contact, ContactNo, Entity, OrganizationNo, Subject, UnreadNumbers};
use redb::ReadableTable;
use std::ops::Bound;
use uuid::Uuid;

impl<M: Mode> Tables<M> {
    pub(crate) fn contacts_after(
        &self,
        after: Option<ContactNo>,
        limit: usize,
    ) -> Result<Vec<(ContactNo, Contact)>, StoreError> {
        let rows = lookup::after(&self.contacts, after.map(|no| no.0), limit)?;
        Ok(rows.into_iter().map(|(no, contact)| (ContactNo(no), contact)).collect())
    }

    pub(crate) fn contact_nos_after(
        &self,
        after: Option<ContactNo>,
        limit: usize,
    ) -> Result<Vec<ContactNo>, StoreError> {
        let rest = (lookup::after_bound(after.map(|no| no.0)), Bound::Unbounded);
        let rows = self.contacts.range::<u64>(rest).or_store_error()?;
        let nos = rows.take(limit).map(|row| Ok(ContactNo(row.or_store_error()?.0.value())));
        nos.collect()
    }
}

/// The index rows of a contact, but for the one from its id.
#[derive(Default)]
pub(crate) struct ContactRows {
    /// Keys of `contact_numbers`.
    pub(crate) numbers: Vec<(u64, i64, u64)>,
    /// Keys of `contact_identifiers`.
    pub(crate) identifiers: Vec<Vec<u8>>,
    /// Key of `organization_contacts`.
    pub(crate) organization: Option<(u64, u64)>,
}

impl ContactRows {
    /// Of this contact, whose organisation has this number.
    pub(crate) fn of(
        no: ContactNo,
        contact: &Contact,
        organization: Option<OrganizationNo>,
    ) -> ContactRows {
        let created = contact.create_date;
        let numbers = contact.numbers().into_iter();
        let identifiers = contact.identifier_keys();
        ContactRows {
            numbers: numbers.map(|number| (number.digits(), created.0, no.0)).collect(),
            identifiers: identifiers
                .iter()
                .map(|key| TextPrefix::identifier(key).row(created, no.0))
                .collect(),
            organization: organization.map(|organization| (organization.0, no.0)),
        }
    }
}

impl WriteTxn<'_> {
    /// Adds a contact and returns the number that is its key from now on.
    pub fn add_contact(
        &mut self,
        contact: &Contact,
        stamp: &Stamp<'_>,
    ) -> Result<ContactNo, AddError> {
        if self.tables.contact_no(contact.id)?.is_some() {
            return Err(AddError::IdTaken(contact.id));
        }
        let organization = self.organization_of(contact)?.map_err(AddError::NoSuchOrganization)?;
        let no = ContactNo(self.next_contact);
        let bytes = encode(contact, &no.0)?;
        self.next_contact += 1;
        self.tables.contacts.insert(no.0, bytes.as_slice()).or_store_error()?;
        self.tables.deferred.ids.insert(contact.id, no.0);
        let rows = ContactRows::of(no, contact, organization);
        self.put_contact_rows(&ContactRows::default(), &rows)?;
        self.unread.add(UnreadNumbers::of(contact));
        self.log(Entity::Contact(no), Action::Added, stamp)?;
        Ok(no)
    }

    /// Makes a contact what `new` says. `old` must be its present state.
    pub fn edit_contact(
        &mut self,
        no: ContactNo,
        old: &Contact,
        new: &Contact,
        stamp: &Stamp<'_>,
    ) -> Result<(), EditError> {
        if old.id != new.id {
            return Err(EditError::IdChanged);
        }
        expect(&self.tables.contacts, no.0, old)?;
        let old_organization = self.known_organization_of(old)?;
        let new_organization = self.organization_of(new)?.map_err(EditError::NoSuchOrganization)?;
        let bytes = encode(new, &no.0)?;
        self.tables.contacts.insert(no.0, bytes.as_slice()).or_store_error()?;
        let old_rows = ContactRows::of(no, old, old_organization);
        let new_rows = ContactRows::of(no, new, new_organization);
        self.put_contact_rows(&old_rows, &new_rows)?;
        self.unread.add(UnreadNumbers::of(new));
        self.unread.subtract(UnreadNumbers::of(old));
        Ok(self.log(Entity::Contact(no), Action::Edited, stamp)?)
    }

    /// Removes a contact and its notes, each with a change of its own. `contact` must be its
    /// present state.
    pub fn remove_contact(
        &mut self,
        no: ContactNo,
        contact: &Contact,
        stamp: &Stamp<'_>,
    ) -> Result<(), EditError> {
        expect(&self.tables.contacts, no.0, contact)?;
        let organization = self.known_organization_of(contact)?;
        self.remove_notes_of(&Subject::Contact(contact.id), stamp)?;
        let rows = ContactRows::of(no, contact, organization);
        self.put_contact_rows(&rows, &ContactRows::default())?;
        self.unread.subtract(UnreadNumbers::of(contact));
        self.tables.remove_contact_id(contact.id)?;
        self.tables.contacts.remove(no.0).or_store_error()?;
        Ok(self.log(Entity::Contact(no), Action::Removed, stamp)?)
    }

    fn put_contact_rows(&mut self, old: &ContactRows, new: &ContactRows) -> Result<(), StoreError> {
        let tables = &mut self.tables;
        for (key, row) in difference(&old.numbers, &new.numbers) {
            match row {
                Row::New => drop(tables.deferred.numbers.insert(*key)),
                Row::Gone => tables.remove_number(*key)?,
            }
        }
        for (key, row) in difference(&old.identifiers, &new.identifiers) {
            match row {
                Row::New => drop(tables.deferred.identifiers.insert(key.clone())),
                Row::Gone => tables.remove_identifier(key)?,
            }
        }
        for (key, row) in difference(old.organization.as_slice(), new.organization.as_slice()) {
            match row {
                Row::New => drop(tables.deferred.organizations.insert(*key)),
                Row::Gone => tables.remove_organization_contact(*key)?,
            }
        }
        tables.insert_deferred_if_many()
    }

    /// The number of the organisation that a contact to be written names, or the id that no
    /// organisation has.
    fn organization_of(
        &self,
        contact: &Contact,
    ) -> Result<Result<Option<OrganizationNo>, Uuid>, StoreError> {
        let Some(id) = contact.organization else {
            return Ok(Ok(None));
        };
        Ok(self.tables.organization_no(id)?.map(Some).ok_or(id))
    }

    /// The number of the organisation that a kept contact names.
    fn known_organization_of(
        &self,
        contact: &Contact,
    ) -> Result<Option<OrganizationNo>, StoreError> {
        self.organization_of(contact)?.map_err(|id| {
            StoreError::Damaged(format!(
                "contact {} belongs to organisation {id}, which is not there",
                contact.id
            ))
        })
    }
}
