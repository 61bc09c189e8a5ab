//! Organisations in a transaction: what the caller asks for above, and below it the rows with their
//! effects.

use crate::error::{BookError, EntityKind};
use crate::local::edit::effect::Effect;
use crate::local::edit::schemas::{Coming, Fields};
use crate::local::edit::transaction::Transaction;
use carnet_model::{ContactNo, Organization, OrganizationNo, SchemaKind, SchemaRef};
use carnet_search::OrganizationEntry;
use carnet_storage::{Readable, Stamp, StoreError};
use std::sync::Arc;
use uuid::Uuid;

type OrganizationResult = Result<Arc<Organization>, BookError>;

impl Transaction<'_, '_> {
    /// The organisation with this id.
    pub(crate) fn organization(
        &self,
        id: Uuid,
    ) -> Result<(OrganizationNo, Organization), BookError> {
        let found = self.txn.organization_by_id(id)?;
        found.ok_or(BookError::NotFound(EntityKind::Organization))
    }

    /// Refuses custom fields that no schema allows. Returns the schema with the version that counts.
    pub(crate) fn check_organization_fields(
        &mut self,
        old: Option<&Organization>,
        new: &Organization,
        coming: Coming,
    ) -> Result<Option<SchemaRef>, BookError> {
        let old = old.map(|old| Fields::new(old.schema, &old.custom_fields));
        let new = Fields::new(new.schema, &new.custom_fields);
        self.check_fields(SchemaKind::Organization, old, new, coming)
    }

    /// Adds an organisation under a new id.
    pub(crate) fn add_organization(
        &mut self,
        mut organization: Organization,
        by: &str,
    ) -> OrganizationResult {
        self.check_organization_keys(None, &organization)?;
        let coming = Coming::Written;
        organization.schema = self.check_organization_fields(None, &organization, coming)?;
        organization.id = Uuid::now_v7();
        organization.create_date = self.at;
        organization.modify_date = self.at;
        self.insert_organization(&organization, by)?;
        Ok(Arc::new(organization))
    }

    /// Replaces an organisation whose present state is `old`. The new one keeps of it what an edit
    /// cannot change.
    pub(crate) fn supersede_organization(
        &mut self,
        no: OrganizationNo,
        old: &Organization,
        mut new: Organization,
        by: &str,
    ) -> OrganizationResult {
        self.check_organization_keys(Some((no, old)), &new)?;
        new.schema = self.check_organization_fields(Some(old), &new, Coming::Written)?;
        new.succeed(old);
        new.modify_date = self.at;
        self.update_organization(no, old, &new, by)?;
        Ok(Arc::new(new))
    }

    /// Inserts an organisation as it is.
    pub(crate) fn insert_organization(
        &mut self,
        organization: &Organization,
        by: &str,
    ) -> Result<OrganizationNo, BookError> {
        let no = self.txn.add_organization(organization, &Stamp { at: self.at, by })?;
        self.note_organization(no, false, Some(organization), Vec::new())?;
        Ok(no)
    }

    /// Updates an organisation to `new` as it is.
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

    /// Deletes an organisation, and unlinks its contacts.
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
        // Contacts that are edited later are indexed under the new name.
        self.names.forget(no);
        let at = self.txn.last_change()?;
        let entry = organization.map(|organization| Arc::new(OrganizationEntry::new(organization)));
        self.effects.push(Effect::Organization { no, at, known, entry, unlinked });
        Ok(())
    }
}
