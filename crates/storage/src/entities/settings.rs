//! Settings that were changed while carnet ran, each change a row.

use crate::error::{OrStoreError, StoreError};
use crate::record::{decode, encode};
use crate::tables::{Mode, Tables};
use crate::write::WriteTxn;
use carnet_model::SettingChange;
use redb::ReadableTable;

impl<M: Mode> Tables<M> {
    pub(crate) fn setting_changes(&self) -> Result<Vec<SettingChange>, StoreError> {
        let rows = self.settings.iter().or_store_error()?;
        let changes = rows.map(|row| {
            let (no, bytes) = row.or_store_error()?;
            decode(bytes.value(), &no.value())
        });
        changes.collect()
    }
}

impl WriteTxn<'_> {
    /// Keeps a change of a setting.
    pub fn add_setting_change(&mut self, change: &SettingChange) -> Result<(), StoreError> {
        let last = self.tables.settings.last().or_store_error()?.map_or(0, |(no, _)| no.value());
        let no = last + 1;
        let bytes = encode(change, &no)?;
        self.tables.settings.insert(no, bytes.as_slice()).or_store_error()?;
        self.changed = true;
        Ok(())
    }
}
