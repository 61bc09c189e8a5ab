//! Import: records that keep their ids and times, put in beside what is there. Doing it twice
//! changes nothing the second time.

use crate::book::AddressBook;
use crate::error::BookError;
use crate::limits::BATCH_ENTITIES_MAX;
use crate::local::edit::transaction::Transaction;
use crate::principal::Who;
use crate::queries::ImportOutcome;
use carnet_model::ImportItem;
use std::sync::mpsc::Receiver;

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
        let edit = move |transaction: &mut Transaction<'_, '_>| {
            let mut outcomes = Vec::with_capacity(items.len());
            transaction.import_all(items, &by, &mut outcomes)?;
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
        let edit = move |transaction: &mut Transaction<'_, '_>| {
            let mut outcomes = Vec::new();
            for items in batches {
                transaction.import_all(items, &by, &mut outcomes)?;
            }
            Ok(outcomes)
        };
        self.inner.write(BATCH_ENTITIES_MAX, edit).await
    }
}
