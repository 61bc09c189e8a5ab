//! Adding, editing and removing contacts. It does not know how an edit is made durable.

use crate::book::AddressBook;
use crate::error::{BookError, EditError};
use crate::local::edit::transaction::Transaction;
use crate::principal::Principal;
use carnet_model::Contact;
use std::sync::Arc;
use uuid::Uuid;

type ContactResult = Result<Arc<Contact>, BookError>;

impl AddressBook {
    /// Adds a contact. Its id and dates are set here, and it counts as made by someone.
    ///
    /// # Errors
    /// [`BookError::InvalidReference`] when its organisation does not exist,
    /// [`BookError::ExternalIdsTaken`] when another contact has an external id of it,
    /// [`BookError::InvalidFields`] when its custom fields are not those of a schema; else as every
    /// write: [`BookError::Unavailable`] when it could not be kept.
    pub async fn add_contact(&self, by: &Principal, contact: Contact) -> ContactResult {
        let by = by.author.clone();
        self.inner.write(1, move |transaction| transaction.add_contact(contact, &by)).await
    }

    /// Replaces a contact. A number that comes back in the form in which it was shown keeps the text
    /// that was once typed for it.
    ///
    /// # Errors
    /// [`BookError::NotFound`], and as [`add_contact`](Self::add_contact).
    pub async fn replace_contact(
        &self,
        by: &Principal,
        id: Uuid,
        contact: Contact,
    ) -> ContactResult {
        let by = by.author.clone();
        self.inner.write(1, move |transaction| transaction.replace_contact(id, contact, &by)).await
    }

    /// Edits a contact in its newest state: `change` runs in the writer, so no other edit comes
    /// between what it reads and what it leaves.
    ///
    /// # Errors
    /// [`BookError::NotFound`], what `change` refuses, and as [`add_contact`](Self::add_contact).
    pub async fn edit_contact(
        &self,
        by: &Principal,
        id: Uuid,
        change: impl FnOnce(&Contact) -> Result<Contact, EditError> + Send + 'static,
    ) -> ContactResult {
        let by = by.author.clone();
        let edit = move |transaction: &mut Transaction<'_, '_>| {
            let (no, old) = transaction.contact(id)?;
            let new = change(&old)?;
            transaction.supersede_contact(no, old, new, &by)
        };
        self.inner.write(1, edit).await
    }

    /// Removes a contact and its notes.
    ///
    /// # Errors
    /// [`BookError::NotFound`], [`BookError::Unavailable`].
    pub async fn remove_contact(&self, by: &Principal, id: Uuid) -> Result<(), BookError> {
        self.remove_contact_if(by, id, |_| Ok(())).await
    }

    /// Removes a contact and its notes, unless `check` refuses its newest state; it runs in the
    /// writer.
    ///
    /// # Errors
    /// [`BookError::NotFound`], what `check` refuses, [`BookError::Unavailable`].
    pub async fn remove_contact_if(
        &self,
        by: &Principal,
        id: Uuid,
        check: impl FnOnce(&Contact) -> Result<(), EditError> + Send + 'static,
    ) -> Result<(), BookError> {
        let by = by.author.clone();
        self.inner.write(1, move |transaction| transaction.remove_contact(id, check, &by)).await
    }

    /// Adds many contacts in one transaction: one outcome each, in order. One that is refused
    /// does not keep the others.
    ///
    /// # Errors
    /// [`BookError::Unavailable`] when nothing could be kept.
    pub async fn add_contacts(
        &self,
        by: &Principal,
        contacts: Vec<Contact>,
    ) -> Result<Vec<ContactResult>, BookError> {
        let by = by.author.clone();
        let edit = move |transaction: &mut Transaction<'_, '_>| {
            one_by_one(contacts, |contact| transaction.add_contact(contact, &by))
        };
        self.write_many(edit).await
    }

    /// Replaces many contacts in one transaction: one outcome each, in order.
    ///
    /// # Errors
    /// [`BookError::Unavailable`] when nothing could be kept.
    pub async fn replace_contacts(
        &self,
        by: &Principal,
        contacts: Vec<(Uuid, Contact)>,
    ) -> Result<Vec<ContactResult>, BookError> {
        let by = by.author.clone();
        let edit = move |transaction: &mut Transaction<'_, '_>| {
            one_by_one(contacts, |(id, contact)| transaction.replace_contact(id, contact, &by))
        };
        self.write_many(edit).await
    }

    /// Removes many contacts in one transaction: one outcome each, in order.
    ///
    /// # Errors
    /// [`BookError::Unavailable`] when nothing could be kept.
    pub async fn remove_contacts(
        &self,
        by: &Principal,
        ids: Vec<Uuid>,
    ) -> Result<Vec<Result<(), BookError>>, BookError> {
        let by = by.author.clone();
        let edit = move |transaction: &mut Transaction<'_, '_>| {
            one_by_one(ids, |id| transaction.remove_contact(id, |_| Ok(()), &by))
        };
        self.write_many(edit).await
    }

    async fn write_many<R: Send + 'static>(
        &self,
        edit: impl FnOnce(&mut Transaction<'_, '_>) -> Result<Vec<R>, BookError> + Send + 'static,
    ) -> Result<Vec<R>, BookError> {
        self.inner.write(carnet_model::limits::BULK_ENTITIES_MAX, edit).await
    }
}

/// Runs `each` over all: refusals are outcomes, only a failing store ends it.
fn one_by_one<T, R>(
    all: Vec<T>,
    mut each: impl FnMut(T) -> Result<R, BookError>,
) -> Result<Vec<Result<R, BookError>>, BookError> {
    let outcomes = all.into_iter().map(|one| match each(one) {
        Err(error @ BookError::Engine { .. }) => Err(error),
        outcome => Ok(outcome),
    });
    outcomes.collect()
}
