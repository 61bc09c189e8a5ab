//! Organisations: their records, the rows by which they are found, and who belongs to them.

use crate::entities::{holder, lookup};
use crate::error::{AddError, EditError, OrStoreError, StoreError};
use crate::record::encode;
use crate::tables::{Mode, Tables, TextPrefix};
use crate::write::{Stamp, WriteTxn, expect, put_text_rows};
use carnet_model::{
    Action, Contact, ContactNo, Entity, ExternalId, IdentifierKey, Organization, OrganizationNo,
    Subject,
};
use redb::ReadableTable;
use std::ops::Bound;
use uuid::Uuid;

impl<M: Mode> Tables<M> {
    pub(crate) fn organization(
        &self,
        no: OrganizationNo,
    ) -> Result<Option<Organization>, StoreError> {
        lookup::get(&self.organizations, no.0)
    }

    pub(crate) fn organization_no(&self, id: Uuid) -> Result<Option<OrganizationNo>, StoreError> {
        Ok(lookup::no_of(&self.organization_ids, id)?.map(OrganizationNo))
    }

    pub(crate) fn organization_by_id(
        &self,
        id: Uuid,
    ) -> Result<Option<(OrganizationNo, Organization)>, StoreError> {
        let Some(no) = self.organization_no(id)? else {
            return Ok(None);
        };
        Ok(Some((no, lookup::get_indexed(&self.organizations, no.0)?)))
    }

    pub(crate) fn organizations_by_name(
        &self,
        name: &str,
    ) -> Result<Vec<(OrganizationNo, Organization)>, StoreError> {
        let (rows, records) = (&self.organization_names, &self.organizations);
        numbered(lookup::by_text(rows, records, TextPrefix::name(name), usize::MAX)?)
    }

    pub(crate) fn organizations_by_identifier(
        &self,
        key: &IdentifierKey,
        limit: usize,
    ) -> Result<Vec<(OrganizationNo, Organization)>, StoreError> {
        let (rows, records) = (&self.organization_identifiers, &self.organizations);
        numbered(lookup::by_text(rows, records, TextPrefix::identifier(key), limit)?)
    }

    pub(crate) fn organization_by_external_id(
        &self,
        id: &ExternalId,
        except: Option<OrganizationNo>,
    ) -> Result<Option<(OrganizationNo, Organization)>, StoreError> {
        holder::oldest(id, except, |key, limit| self.organizations_by_identifier(key, limit))
    }

    pub(crate) fn organizations_after(
        &self,
        after: Option<OrganizationNo>,
        limit: usize,
    ) -> Result<Vec<(OrganizationNo, Organization)>, StoreError> {
        numbered(lookup::after(&self.organizations, after.map(|no| no.0), limit)?)
    }

    pub(crate) fn organization_contacts(
        &self,
        no: OrganizationNo,
        after: Option<ContactNo>,
        limit: usize,
    ) -> Result<Vec<ContactNo>, StoreError> {
        let first = match after {
            Some(after) => Bound::Excluded((no.0, after.0)),
            None => Bound::Included((no.0, 0)),
        };
        let rest = (first, Bound::Included((no.0, u64::MAX)));
        let deferred: Vec<_> = self.deferred.organizations.range(rest).map(|key| key.1).collect();
        // Rows in memory and in the table have one order, and the limit counts both.
        if !deferred.is_empty() {
            let mut nos = deferred;
            for row in self.organization_contacts.range::<(u64, u64)>(rest).or_store_error()? {
                nos.push(row.or_store_error()?.0.value().1);
            }
            nos.sort_unstable();
            return Ok(nos.into_iter().take(limit).map(ContactNo).collect());
        }
        let rows = self.organization_contacts.range::<(u64, u64)>(rest).or_store_error()?;
        let nos = rows.take(limit).map(|row| Ok(ContactNo(row.or_store_error()?.0.value().1)));
        nos.collect()
    }
}

fn numbered(
    rows: Vec<(u64, Organization)>,
) -> Result<Vec<(OrganizationNo, Organization)>, StoreError> {
    Ok(rows.into_iter().map(|(no, organization)| (OrganizationNo(no), organization)).collect())
}

/// The index rows of an organisation, but for the one from its id.
#[derive(Default)]
pub(crate) struct OrganizationRows {
    /// Keys of `organization_names`.
    pub(crate) names: Vec<Vec<u8>>,
    /// Keys of `organization_identifiers`.
    pub(crate) identifiers: Vec<Vec<u8>>,
}

impl OrganizationRows {
    pub(crate) fn of(no: OrganizationNo, organization: &Organization) -> OrganizationRows {
        let created = organization.create_date;
        let keys = organization.identifier_keys();
        OrganizationRows {
            names: vec![TextPrefix::name(&organization.name).row(created, no.0)],
            identifiers: keys
                .iter()
                .map(|key| TextPrefix::identifier(key).row(created, no.0))
                .collect(),
        }
    }
}

impl WriteTxn<'_> {
    /// Adds an organisation and returns the number that is its key from now on.
    pub fn add_organization(
        &mut self,
        organization: &Organization,
        stamp: &Stamp<'_>,
    ) -> Result<OrganizationNo, AddError> {
        if self.tables.organization_no(organization.id)?.is_some() {
            return Err(AddError::IdTaken(organization.id));
        }
        let no = OrganizationNo(self.next_organization);
        let bytes = encode(organization, &no.0)?;
        self.next_organization += 1;
        self.tables.organizations.insert(no.0, bytes.as_slice()).or_store_error()?;
        self.tables.organization_ids.insert(organization.id.as_bytes(), no.0).or_store_error()?;
        let rows = OrganizationRows::of(no, organization);
        self.put_organization_rows(&OrganizationRows::default(), &rows)?;
        self.log(Entity::Organization(no), Action::Added, stamp)?;
        Ok(no)
    }

    /// Makes an organisation what `new` says. `old` must be its present state.
    pub fn edit_organization(
        &mut self,
        no: OrganizationNo,
        old: &Organization,
        new: &Organization,
        stamp: &Stamp<'_>,
    ) -> Result<(), EditError> {
        if old.id != new.id {
            return Err(EditError::IdChanged);
        }
        expect(&self.tables.organizations, no.0, old)?;
        let bytes = encode(new, &no.0)?;
        self.tables.organizations.insert(no.0, bytes.as_slice()).or_store_error()?;
        let (old, new) = (OrganizationRows::of(no, old), OrganizationRows::of(no, new));
        self.put_organization_rows(&old, &new)?;
        Ok(self.log(Entity::Organization(no), Action::Edited, stamp)?)
    }

    /// Removes an organisation and its notes, and returns the contacts that belonged to it: each
    /// lives on without an organisation, edited at the stamp's time and with a change of its own.
    /// `organization` must be its present state.
    ///
    /// One contact at a time is decoded; only the numbers are held for all.
    pub fn remove_organization(
        &mut self,
        no: OrganizationNo,
        organization: &Organization,
        stamp: &Stamp<'_>,
    ) -> Result<Vec<ContactNo>, EditError> {
        expect(&self.tables.organizations, no.0, organization)?;
        let contacts = self.tables.organization_contacts(no, None, usize::MAX)?;
        for &contact in &contacts {
            self.unlink(contact, stamp)?;
        }
        // Rows of contacts that this transaction added must be in the table to be removed.
        self.tables.insert_deferred()?;
        let rows = (no.0, 0)..=(no.0, u64::MAX);
        self.tables.organization_contacts.retain_in(rows, |_, _| false).or_store_error()?;
        self.remove_notes_of(&Subject::Organization(organization.id), stamp)?;
        let rows = OrganizationRows::of(no, organization);
        self.put_organization_rows(&rows, &OrganizationRows::default())?;
        self.tables.organization_ids.remove(organization.id.as_bytes()).or_store_error()?;
        self.tables.organizations.remove(no.0).or_store_error()?;
        self.log(Entity::Organization(no), Action::Removed, stamp)?;
        Ok(contacts)
    }

    /// Takes the organisation from a contact's record. Its row is the caller's.
    fn unlink(&mut self, no: ContactNo, stamp: &Stamp<'_>) -> Result<(), StoreError> {
        let mut contact: Contact = lookup::get_indexed(&self.tables.contacts, no.0)?;
        contact.organization = None;
        contact.modify_date = stamp.at;
        let bytes = encode(&contact, &no.0)?;
        self.tables.contacts.insert(no.0, bytes.as_slice()).or_store_error()?;
        self.log(Entity::Contact(no), Action::Edited, stamp)
    }

    fn put_organization_rows(
        &mut self,
        old: &OrganizationRows,
        new: &OrganizationRows,
    ) -> Result<(), StoreError> {
        put_text_rows(&mut self.tables.organization_names, &old.names, &new.names)?;
        let identifiers = &mut self.tables.organization_identifiers;
        put_text_rows(identifiers, &old.identifiers, &new.identifiers)
    }
}
