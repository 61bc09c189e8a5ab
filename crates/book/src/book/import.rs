//! Import: records that keep their ids and times, added to those that are there. A second import of
//! the same records changes nothing. The format of a file is not known here.

use crate::book::AddressBook;
use crate::error::BookError;
use crate::limits::BATCH_ENTITIES_MAX;
use crate::local::edit::transaction::Transaction;
use crate::principal::Principal;
use crate::queries::ImportOutcome;
use carnet_model::ImportItem;
use std::sync::mpsc::{Receiver, SyncSender};

impl AddressBook {
    /// Imports records in one transaction, in their order: one outcome each. A record that has
    /// the id, or else an external id, of one that is there updates it.
    ///
    /// # Errors
    /// [`BookError::Unavailable`] when nothing could be kept.
    pub async fn import(
        &self,
        by: &Principal,
        items: Vec<ImportItem>,
    ) -> Result<Vec<ImportOutcome>, BookError> {
        let by = by.author.clone();
        let edit = move |transaction: &mut Transaction<'_, '_>| {
            let mut outcomes = Vec::with_capacity(items.len());
            transaction.import_all(items, &by, &mut outcomes)?;
            Ok(outcomes)
        };
        self.inner.write(carnet_model::limits::BULK_ENTITIES_MAX, edit).await
    }

    /// Imports the records of all batches that come, until their sender is dropped, in one
    /// transaction: one outcome each, once all of it is durable. Other writes wait meanwhile, so this
    /// is for exclusive use; and everything imported is held in memory as search sees it, about a
    /// kilobyte a contact, so the sender must end it in time.
    ///
    /// # Errors
    /// [`BookError::Unavailable`] when nothing could be kept. The receiver is dropped before.
    pub async fn import_batches(
        &self,
        by: &Principal,
        batches: Receiver<Vec<ImportItem>>,
    ) -> Result<Vec<ImportOutcome>, BookError> {
        let by = by.author.clone();
        let edit = move |transaction: &mut Transaction<'_, '_>| {
            let mut outcomes = Vec::new();
            for items in batches {
                transaction.import_all(items, &by, &mut outcomes)?;
            }
            Ok(outcomes)
        };
        self.inner.write(BATCH_ENTITIES_MAX, edit).await
    }

    /// Tells what an import of all batches that come would do, until their sender is dropped: the
    /// records are imported in one transaction, and it is rolled back. Each batch is answered by
    /// one outcome a record, as soon as it has been taken; later batches see what earlier ones
    /// have added. Other writes wait meanwhile. Memory is bounded; the store's file may grow, and
    /// has the room free afterwards.
    ///
    /// # Errors
    /// [`BookError::Unavailable`] when the store failed. Both channels are closed before.
    pub async fn import_dry_run(
        &self,
        by: &Principal,
        batches: Receiver<Vec<ImportItem>>,
        answers: SyncSender<Vec<ImportOutcome>>,
    ) -> Result<(), BookError> {
        let by = by.author.clone();
        let edit = move |transaction: &mut Transaction<'_, '_>| {
            for items in batches {
                let mut outcomes = Vec::with_capacity(items.len());
                transaction.import_all(items, &by, &mut outcomes)?;
                transaction.forget_effects();
                if answers.send(outcomes).is_err() {
                    break;
                }
            }
            Ok(())
        };
        self.inner.dry_run(edit).await
    }
}
