//! Contacts in a transaction: what the caller asks for (add, replace, supersede, remove) above, and
//! below it the rows with their effects (insert, update, delete).

use crate::error::{BookError, EditError, EntityKind};
use crate::local::edit::effect::Effect;
use crate::local::edit::schemas::{Coming, Fields};
use crate::local::edit::transaction::Transaction;
use carnet_model::{
    Contact, ContactKind, ContactNo, InvalidReference, OrganizationNo, SchemaKind, SchemaRef,
};
use carnet_phone::E164;
use carnet_search::{Entry, OrganizationName};
use carnet_storage::{Readable, Stamp, StoreError};
use std::sync::Arc;
use uuid::Uuid;

type ContactResult = Result<Arc<Contact>, BookError>;

impl Transaction<'_, '_> {
    /// The contact with this id.
    pub(crate) fn contact(&self, id: Uuid) -> Result<(ContactNo, Contact), BookError> {
        let found = self.txn.contact_by_id(id)?;
        found.ok_or(BookError::NotFound(EntityKind::Contact))
    }

    /// Refuses a contact whose organisation does not exist.
    pub(crate) fn check_organization(&self, contact: &Contact) -> Result<(), BookError> {
        match contact.organization {
            Some(id) if self.txn.organization_no(id)?.is_none() => {
                Err(BookError::InvalidReference(InvalidReference::Organization))
            }
            _ => Ok(()),
        }
    }

    /// Refuses custom fields that no schema allows. Returns the schema with the version that counts.
    pub(super) fn check_contact_fields(
        &mut self,
        old: Option<&Contact>,
        new: &Contact,
        coming: Coming,
    ) -> Result<Option<SchemaRef>, BookError> {
        let old = old.map(|old| Fields::new(old.schema, &old.custom_fields));
        let new = Fields::new(new.schema, &new.custom_fields);
        self.check_fields(SchemaKind::Contact, old, new, coming)
    }

    /// Adds a contact under a new id.
    pub(crate) fn add_contact(&mut self, mut contact: Contact, by: &str) -> ContactResult {
        self.check_organization(&contact)?;
        self.check_contact_keys(None, &contact)?;
        contact.schema = self.check_contact_fields(None, &contact, Coming::Written)?;
        contact.id = Uuid::now_v7();
        contact.kind = ContactKind::Curated;
        contact.create_date = self.at;
        contact.modify_date = self.at;
        self.insert_contact(&contact, by)?;
        Ok(Arc::new(contact))
    }

    /// Replaces the contact with this id.
    pub(crate) fn replace_contact(
        &mut self,
        id: Uuid,
        contact: Contact,
        by: &str,
    ) -> ContactResult {
        let (no, old) = self.contact(id)?;
        self.supersede_contact(no, old, contact, by)
    }

    /// Replaces a contact whose present state is `old`. The new one keeps of it what an edit cannot
    /// change.
    pub(crate) fn supersede_contact(
        &mut self,
        no: ContactNo,
        old: Contact,
        mut new: Contact,
        by: &str,
    ) -> ContactResult {
        self.check_organization(&new)?;
        self.check_contact_keys(Some((no, &old)), &new)?;
        new.schema = self.check_contact_fields(Some(&old), &new, Coming::Written)?;
        new.succeed(&old);
        new.modify_date = self.at;
        self.update_contact(no, &old, &new, by)?;
        Ok(Arc::new(new))
    }

    /// Removes the contact with this id, unless `check` refuses its present state.
    pub(crate) fn remove_contact(
        &mut self,
        id: Uuid,
        check: impl FnOnce(&Contact) -> Result<(), EditError>,
        by: &str,
    ) -> Result<(), BookError> {
        let (no, old) = self.contact(id)?;
        check(&old)?;
        self.delete_contact(no, &old, by)
    }

    /// Inserts a contact as it is.
    pub(crate) fn insert_contact(
        &mut self,
        contact: &Contact,
        by: &str,
    ) -> Result<ContactNo, BookError> {
        let no = self.txn.add_contact(contact, &Stamp { at: self.at, by })?;
        // `false`: the index cannot have it yet, so the flush need not delete anything.
        self.note_contact(no, false, Some(contact), contact.numbers())?;
        Ok(no)
    }

    /// Updates a contact to `new` as it is.
    pub(crate) fn update_contact(
        &mut self,
        no: ContactNo,
        old: &Contact,
        new: &Contact,
        by: &str,
    ) -> Result<(), BookError> {
        self.txn.edit_contact(no, old, new, &Stamp { at: self.at, by })?;
        let (old_numbers, new_numbers) = (old.numbers(), new.numbers());
        let numbers = match old.create_date == new.create_date {
            true => gained_or_lost(&old_numbers, &new_numbers),
            // An import gave it another date: among the contacts of each number, which come oldest
            // first, it may have another place now.
            false => [old_numbers, new_numbers].concat(),
        };
        Ok(self.note_contact(no, true, Some(new), numbers)?)
    }

    /// Deletes a contact.
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
        // The change that the edit of the row has just written.
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
        // Most contacts of an import share few organisations.
        if let Some(name) = self.names.get(no) {
            return Ok(Some((no, name.clone())));
        }
        let Some(organization) = self.txn.organization(no)? else {
            return Ok(None);
        };
        let name = OrganizationName::new(&organization.name);
        self.names.keep(no, name.clone());
        Ok(Some((no, name)))
    }
}

/// The numbers that are in one of two ascending lists and not in the other.
fn gained_or_lost(old: &[E164], new: &[E164]) -> Vec<E164> {
    let lost = old.iter().filter(|number| new.binary_search(number).is_err());
    let gained = new.iter().filter(|number| old.binary_search(number).is_err());
    lost.chain(gained).copied().collect()
}
