//! Adding, editing and removing organisations.

use crate::book::AddressBook;
use crate::error::{BookError, EditError};
use crate::local::edit::transaction::Transaction;
use crate::principal::Principal;
use carnet_model::Organization;
use std::sync::Arc;
use uuid::Uuid;

type OrganizationResult = Result<Arc<Organization>, BookError>;

impl AddressBook {
    /// Adds an organisation. Its id and dates are set here.
    ///
    /// # Errors
    /// [`BookError::ExternalIdsTaken`] when another organisation has an external id of it;
    /// [`BookError::InvalidFields`] when its custom fields are not those of a schema,
    /// [`BookError::Unavailable`] when it could not be kept; so for every write.
    pub async fn add_organization(
        &self,
        by: &Principal,
        organization: Organization,
    ) -> OrganizationResult {
        let by = by.author.clone();
        self.inner
            .write(1, move |transaction| transaction.add_organization(organization, &by))
            .await
    }

    /// Replaces an organisation. All its contacts are found by the new name when this returns.
    ///
    /// # Errors
    /// [`BookError::NotFound`], and as [`add_organization`](Self::add_organization).
    pub async fn replace_organization(
        &self,
        by: &Principal,
        id: Uuid,
        organization: Organization,
    ) -> OrganizationResult {
        self.edit_organization(by, id, move |_| Ok(organization)).await
    }

    /// Edits an organisation in its newest state; `change` runs in the writer.
    ///
    /// # Errors
    /// [`BookError::NotFound`], what `change` refuses, and as
    /// [`add_organization`](Self::add_organization).
    pub async fn edit_organization(
        &self,
        by: &Principal,
        id: Uuid,
        change: impl FnOnce(&Organization) -> Result<Organization, EditError> + Send + 'static,
    ) -> OrganizationResult {
        let by = by.author.clone();
        let edit = move |transaction: &mut Transaction<'_, '_>| {
            let (no, old) = transaction.organization(id)?;
            let new = change(&old)?;
            transaction.supersede_organization(no, &old, new, &by)
        };
        self.inner.write(1, edit).await
    }

    /// Removes an organisation and its notes, and unlinks its contacts.
    ///
    /// # Errors
    /// [`BookError::NotFound`].
    pub async fn remove_organization(&self, by: &Principal, id: Uuid) -> Result<(), BookError> {
        self.remove_organization_if(by, id, |_| Ok(())).await
    }

    /// Removes an organisation and its notes, and unlinks its contacts, unless `check` refuses its
    /// newest state; it runs in the writer.
    ///
    /// # Errors
    /// [`BookError::NotFound`], and what `check` refuses.
    pub async fn remove_organization_if(
        &self,
        by: &Principal,
        id: Uuid,
        check: impl FnOnce(&Organization) -> Result<(), EditError> + Send + 'static,
    ) -> Result<(), BookError> {
        let by = by.author.clone();
        let edit = move |transaction: &mut Transaction<'_, '_>| {
            let (no, old) = transaction.organization(id)?;
            check(&old)?;
            transaction.delete_organization(no, &old, &by)
        };
        self.inner.write(1, edit).await
    }
}
