//! Numbers of kept contacts in a transaction: their texts are read anew. Which contacts, the caller says.

use crate::error::BookError;
use crate::local::edit::transaction::Transaction;
use carnet_model::{ContactNo, NumberRules, RereadNumber};
use carnet_storage::Readable;

impl Transaction<'_, '_> {
    /// Reads the texts of these contacts' numbers anew, and tells what changed. One that was removed
    /// meanwhile is passed over.
    pub(crate) fn reread_numbers(
        &mut self,
        contacts: &[ContactNo],
        rules: NumberRules,
        by: &str,
    ) -> Result<Vec<RereadNumber>, BookError> {
        let mut changes = Vec::new();
        for no in contacts {
            let Some(old) = self.txn.contact(*no)? else { continue };
            let mut new = old.clone();
            let anew = new.read_numbers_anew(rules);
            if anew.changes.is_empty() {
                continue;
            }
            new.modify_date = self.at;
            self.update_contact(*no, &old, &new, by)?;
            changes.extend(anew.changes);
        }
        Ok(changes)
    }
}
