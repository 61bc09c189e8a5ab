//! Reading the texts of numbers anew, part by part. It does not know how an edit is made durable.

use crate::book::AddressBook;
use crate::error::BookError;
use crate::local::edit::transaction::Transaction;
use crate::principal::Principal;
use carnet_model::{ContactNo, RereadNumber};
use carnet_phone::Region;

impl AddressBook {
    /// Reads the texts of the numbers of these contacts anew, in their newest state and in one
    /// transaction, and tells what changed. `region` stands in for the default region. Which contacts,
    /// [`Snapshot::numbers_to_reread`](crate::Snapshot::numbers_to_reread) says. Done twice, it
    /// changes nothing the second time.
    ///
    /// # Errors
    /// [`BookError::Unavailable`] when nothing could be kept.
    pub async fn reread_numbers(
        &self,
        by: &Principal,
        region: Option<Region>,
        contacts: Vec<ContactNo>,
    ) -> Result<Vec<RereadNumber>, BookError> {
        let rules = self.records().numbers().in_region(region);
        let by = by.author.clone();
        let edit = move |transaction: &mut Transaction<'_, '_>| {
            transaction.reread_numbers(&contacts, rules, &by)
        };
        self.inner.write(crate::limits::NUMBERS_FOUND_MAX, edit).await
    }
}
