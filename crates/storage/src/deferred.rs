//! Index rows of contacts that a transaction has made and not yet put into their tables.
//!
//! Ids, numbers and identifiers fall anywhere in their tables. Put in one by one, in the order in
//! which contacts come, each row seeks its page anew; put in together, in the order of their keys,
//! neighbours share the way. So new rows wait here until the transaction ends, and whoever reads
//! from the transaction meanwhile is answered from both places. What was committed has nothing
//! waiting. It knows nothing of contacts.

use crate::error::{OrStoreError, StoreError};
use crate::tables::{Pending, Tables};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Rows beyond which those that wait are put into their tables before the end: some 100 MiB.
pub(crate) const WAITING_ROWS_MAX: usize = 1_000_000;

/// Rows that wait, by table.
#[derive(Debug, Default)]
pub(crate) struct Waiting {
    /// Of `contact_ids`.
    pub(crate) ids: BTreeMap<Uuid, u64>,
    /// Of `contact_numbers`.
    pub(crate) numbers: BTreeSet<(u64, i64, u64)>,
    /// Of `contact_identifiers`.
    pub(crate) identifiers: BTreeSet<Vec<u8>>,
    /// Of `organization_contacts`.
    pub(crate) organizations: BTreeSet<(u64, u64)>,
}

impl Waiting {
    fn len(&self) -> usize {
        self.ids.len() + self.numbers.len() + self.identifiers.len() + self.organizations.len()
    }
}

impl Tables<Pending<'_>> {
    /// Puts what waits into its tables when there is too much of it.
    pub(crate) fn settle_if_many(&mut self) -> Result<(), StoreError> {
        match self.waiting.len() >= WAITING_ROWS_MAX {
            true => self.settle(),
            false => Ok(()),
        }
    }

    /// Puts what waits into its tables.
    pub(crate) fn settle(&mut self) -> Result<(), StoreError> {
        let Waiting { ids, numbers, identifiers, organizations } =
            std::mem::take(&mut self.waiting);
        for (id, no) in ids {
            self.contact_ids.insert(id.as_bytes(), no).or_store_error()?;
        }
        for key in numbers {
            self.contact_numbers.insert(key, ()).or_store_error()?;
        }
        for key in identifiers {
            self.contact_identifiers.insert(key.as_slice(), ()).or_store_error()?;
        }
        for key in organizations {
            self.organization_contacts.insert(key, ()).or_store_error()?;
        }
        Ok(())
    }

    pub(crate) fn remove_number(&mut self, key: (u64, i64, u64)) -> Result<(), StoreError> {
        if !self.waiting.numbers.remove(&key) {
            self.contact_numbers.remove(key).or_store_error()?;
        }
        Ok(())
    }

    pub(crate) fn remove_identifier(&mut self, key: &[u8]) -> Result<(), StoreError> {
        if !self.waiting.identifiers.remove(key) {
            self.contact_identifiers.remove(key).or_store_error()?;
        }
        Ok(())
    }

    pub(crate) fn remove_organization_contact(
        &mut self,
        key: (u64, u64),
    ) -> Result<(), StoreError> {
        if !self.waiting.organizations.remove(&key) {
            self.organization_contacts.remove(key).or_store_error()?;
        }
        Ok(())
    }

    pub(crate) fn remove_contact_id(&mut self, id: Uuid) -> Result<(), StoreError> {
        if self.waiting.ids.remove(&id).is_none() {
            self.contact_ids.remove(id.as_bytes()).or_store_error()?;
        }
        Ok(())
    }
}
