//! The settings for records: read, and changed while carnet runs. A change is kept in the store, with
//! who made it and when, and is in force for everything that begins after it.

use crate::book::AddressBook;
use crate::error::BookError;
use crate::local::snapshot::Snapshot;
use crate::principal::Principal;
use crate::settings::{RecordSettings, SettingKind};
use carnet_model::{FaultKind, Invalid, SettingChange, Timestamp};

/// A setting and what decides it.
#[derive(Clone, Debug)]
pub struct SettingRow {
    /// Its name with its table, such as `contacts.default_region`.
    pub name: &'static str,
    /// The kind of its value.
    pub kind: SettingKind,
    /// The value in force, as text.
    pub value: String,
    /// What decides it, where it cannot be changed: a file, a variable or a flag.
    pub fixed: Option<String>,
}

impl AddressBook {
    /// The settings for records that are in force.
    pub fn records(&self) -> RecordSettings {
        self.inner.records()
    }

    /// Every setting for records.
    pub fn setting_rows(&self) -> Vec<SettingRow> {
        let records = self.records();
        let fixed = &self.inner.settings.fixed;
        let row = |(name, kind): (&'static str, SettingKind)| SettingRow {
            name,
            kind,
            value: records.value(name).unwrap_or_default(),
            fixed: fixed.get(name).cloned(),
        };
        RecordSettings::NAMES.into_iter().map(row).collect()
    }

    /// Every change of a setting, oldest first.
    ///
    /// # Errors
    /// When the store fails.
    pub fn setting_changes(&self) -> Result<Vec<SettingChange>, BookError> {
        self.inner.ask(&*self.snapshot_now()?, Snapshot::setting_changes)
    }

    /// Changes a setting for records. Numbers that are stored stay as they were read; to read them
    /// anew is a task of its own, [`reread_numbers`](AddressBook::reread_numbers).
    ///
    /// # Errors
    /// [`BookError::Invalid`] with the field `value` for a value that is none, with the field `name`
    /// when there is no such setting, [`BookError::Conflict`] when something else decides it.
    pub async fn change_setting(
        &self,
        by: &Principal,
        name: &str,
        value: &str,
    ) -> Result<(), BookError> {
        let refuse = |field: &str, why: String| {
            Err(BookError::Invalid(Invalid::one(field, FaultKind::Value(why))))
        };
        if let Some(fixed) = self.inner.settings.fixed.get(name) {
            let why = format!("{fixed} decides this setting, so it is changed there.");
            return Err(BookError::Conflict(why));
        }
        let value = match self.records().with(name, value) {
            None => return refuse("name", "there is no such setting".to_owned()),
            Some(Err(why)) => return refuse("value", why),
            // In its usual spelling.
            Some(Ok(changed)) => changed.value(name).unwrap_or_default(),
        };
        let (name, by) = (name.to_owned(), by.author.clone());
        let change = SettingChange { name, value, at: Timestamp(0), by };
        self.inner.write(1, move |transaction| transaction.change_setting(change)).await
    }
}
