//! Deferred rows: index rows of contacts that a transaction has made and not yet put into their
//! tables.
//!
//! Ids, numbers and identifiers fall anywhere in their tables. Put in one by one, in the order in
//! which contacts come, each row seeks its page anew; put in together, in the order of their keys,
//! neighbours share the way. So new rows are kept here until the transaction ends, and a read from
//! the transaction is answered from both places. A committed state has no deferred rows. This file
//! knows neither tables nor contacts.

use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Rows beyond which the deferred ones are put into their tables before the end: some 100 MiB.
pub(crate) const DEFERRED_ROWS_MAX: usize = 1_000_000;

/// Deferred rows, by table.
#[derive(Debug, Default)]
pub(crate) struct Deferred {
    /// Of `contact_ids`.
    pub(crate) ids: BTreeMap<Uuid, u64>,
    /// Of `contact_numbers`.
    pub(crate) numbers: BTreeSet<(u64, i64, u64)>,
    /// Of `contact_identifiers`.
    pub(crate) identifiers: BTreeSet<Vec<u8>>,
    /// Of `organization_contacts`.
    pub(crate) organizations: BTreeSet<(u64, u64)>,
}

impl Deferred {
    /// Rows in all.
    pub(crate) fn len(&self) -> usize {
        self.ids.len() + self.numbers.len() + self.identifiers.len() + self.organizations.len()
    }
}
