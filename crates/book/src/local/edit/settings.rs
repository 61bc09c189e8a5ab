//! Settings in a transaction.

use crate::error::BookError;
use crate::local::edit::effect::Effect;
use crate::local::edit::transaction::Transaction;
use carnet_model::SettingChange;

impl Transaction<'_, '_> {
    /// Keeps a change of a setting, made at the time of the transaction.
    pub(crate) fn change_setting(&mut self, mut change: SettingChange) -> Result<(), BookError> {
        change.at = self.at;
        self.txn.add_setting_change(&change)?;
        self.effects.push(Effect::Setting { name: change.name, value: change.value });
        Ok(())
    }
}
