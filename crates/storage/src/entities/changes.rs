//! The change log: numbered without gaps, old rows dropped when they are needed no more. Also the
//! counters of `meta`.

use crate::entities::lookup;
use crate::error::{OrStoreError, StoreError};
use crate::tables::{Mode, Tables, meta};
use crate::write::WriteTxn;
use carnet_model::{Change, ChangeNo, UnreadNumbers};
use redb::ReadableTable;

impl<M: Mode> Tables<M> {
    /// A counter of `meta`; `None` before it was first written.
    pub(crate) fn counter(&self, name: &str) -> Result<Option<u64>, StoreError> {
        let Some(row) = self.meta.get(name).or_store_error()? else {
            return Ok(None);
        };
        match row.value().try_into() {
            Ok(bytes) => Ok(Some(u64::from_be_bytes(bytes))),
            Err(_) => {
                Err(StoreError::Damaged(format!("the counter `{name}` has the wrong length")))
            }
        }
    }

    /// How many numbers of contacts are unread; none before the count was first written.
    pub(crate) fn unread_numbers(&self) -> Result<UnreadNumbers, StoreError> {
        let mut counts = UnreadNumbers::default();
        let Some(row) = self.meta.get(meta::UNREAD).or_store_error()? else {
            return Ok(counts);
        };
        let (values, rest) = row.value().as_chunks();
        if values.len() != counts.0.len() || !rest.is_empty() {
            let why = format!("the counts `{}` have the wrong length", meta::UNREAD);
            return Err(StoreError::Damaged(why));
        }
        for (count, value) in counts.0.iter_mut().zip(values) {
            *count = u64::from_be_bytes(*value);
        }
        Ok(counts)
    }

    /// The number of the last change. Its row counts while it is kept, because during a transaction
    /// `meta` is behind it.
    pub(crate) fn last_change(&self) -> Result<ChangeNo, StoreError> {
        let row = self.changes.last().or_store_error()?.map(|(no, _)| no.value());
        Ok(ChangeNo(row.max(self.counter(meta::LAST_CHANGE)?).unwrap_or(0)))
    }

    pub(crate) fn first_change(&self) -> Result<Option<ChangeNo>, StoreError> {
        let first = self.changes.first().or_store_error()?;
        Ok(first.map(|(no, _)| ChangeNo(no.value())))
    }

    pub(crate) fn changes_after(
        &self,
        after: ChangeNo,
        limit: usize,
    ) -> Result<Vec<(ChangeNo, Change)>, StoreError> {
        let rows = lookup::after(&self.changes, Some(after.0), limit)?;
        Ok(rows.into_iter().map(|(no, change)| (ChangeNo(no), change)).collect())
    }
}

impl WriteTxn<'_> {
    /// Drops the rows of the change log up to and including this one. The numbers go on.
    pub fn drop_changes_through(&mut self, last: ChangeNo) -> Result<(), StoreError> {
        // Before the rows go, because the last of them may be the only trace of its number.
        self.put_counter(meta::LAST_CHANGE, self.last_change)?;
        self.tables.changes.retain_in(..=last.0, |_, _| false).or_store_error()?;
        self.changed = true;
        Ok(())
    }
}
