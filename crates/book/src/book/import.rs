//! Import: records that keep their ids and times, put in beside what is there. Doing it twice
//! changes nothing the second time.

use crate::book::AddressBook;
use crate::error::BookError;
use crate::limits::BATCH_ENTITIES_MAX;
use crate::local::edit::transaction::Edit;
use crate::principal::Who;
use crate::queries::ImportOutcome;
use carnet_model::{Contact, Note, Organization, Timestamp};
use std::sync::mpsc::Receiver;

/// A contact to be imported.
#[derive(Clone, Debug, PartialEq)]
pub struct ImportContact {
    /// The contact; a nil id when it has none yet.
    pub contact: Contact,
    /// The name of its organisation, which is made when it is not there.
    pub organization_name: Option<String>,
    /// When it was added, if that is known.
    pub create_date: Option<Timestamp>,
    /// When it was last edited, if that is known.
    pub modify_date: Option<Timestamp>,
}

/// An organisation to be imported.
#[derive(Clone, Debug, PartialEq)]
pub struct ImportOrganization {
    /// The organisation; a nil id when it has none yet.
    pub organization: Organization,
    /// When it was added, if that is known.
    pub create_date: Option<Timestamp>,
    /// When it was last edited, if that is known.
    pub modify_date: Option<Timestamp>,
}

/// A note to be imported. Its contact or organisation must be there.
#[derive(Clone, Debug, PartialEq)]
pub struct ImportNote {
    /// The note; a nil id when it has none yet.
    pub note: Note,
    /// When it was added, if that is known.
    pub create_date: Option<Timestamp>,
    /// When it was last edited, if that is known.
    pub modify_date: Option<Timestamp>,
}

/// A record to be imported.
#[derive(Clone, Debug, PartialEq)]
#[allow(clippy::large_enum_variant, reason = "lives in one short list at a time")]
pub enum ImportItem {
    /// A contact.
    Contact(ImportContact),
    /// An organisation.
    Organization(ImportOrganization),
    /// A note.
    Note(ImportNote),
}

impl AddressBook {
    /// Imports records in one transaction, in their order: one outcome each. A record that has
    /// the id, or else an external id, of one that is there updates it.
    ///
    /// # Errors
    /// [`BookError::Unavailable`] when nothing could be kept.
    pub async fn import(
        &self,
        by: &Who,
        items: Vec<ImportItem>,
    ) -> Result<Vec<ImportOutcome>, BookError> {
        let by = by.client.clone();
        let edit = move |edit: &mut Edit<'_, '_>| {
            let mut outcomes = Vec::with_capacity(items.len());
            edit.import_all(items, &by, &mut outcomes)?;
            Ok(outcomes)
        };
        self.inner.write(carnet_model::limits::BULK_ENTITIES_MAX, edit).await
    }

    /// Imports the records of all batches that come, until their sender is dropped, in one
    /// transaction: one outcome each, once all of it is durable. Other writes wait meanwhile, so
    /// it is for who has the book to himself; and all that is imported is held in memory as search
    /// sees it, some kilobyte a contact, so the sender ends it in time.
    ///
    /// # Errors
    /// [`BookError::Unavailable`] when nothing could be kept. The receiver is dropped before.
    pub async fn import_batches(
        &self,
        by: &Who,
        batches: Receiver<Vec<ImportItem>>,
    ) -> Result<Vec<ImportOutcome>, BookError> {
        let by = by.client.clone();
        let edit = move |edit: &mut Edit<'_, '_>| {
            let mut outcomes = Vec::new();
            for items in batches {
                edit.import_all(items, &by, &mut outcomes)?;
            }
            Ok(outcomes)
        };
        self.inner.write(BATCH_ENTITIES_MAX, edit).await
    }
}
