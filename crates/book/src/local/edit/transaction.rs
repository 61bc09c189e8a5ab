//! A transaction in the address book's words: every edit of a thing also notes what search must
//! learn of it, to be shown when the transaction has been committed.

use crate::limits::REMEMBERED_NAMES_MAX;
use crate::local::edit::effect::Effect;
use carnet_model::{OrganizationNo, Timestamp};
use carnet_search::OrganizationName;
use carnet_storage::WriteTxn;
use std::collections::HashMap;

/// Folded names of organisations, so that a thousand contacts of one fold it once.
#[derive(Default)]
pub(crate) struct NameCache(HashMap<OrganizationNo, OrganizationName>);

impl NameCache {
    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    pub(super) fn get(&self, no: OrganizationNo) -> Option<&OrganizationName> {
        self.0.get(&no)
    }

    pub(super) fn forget(&mut self, no: OrganizationNo) {
        self.0.remove(&no);
    }

    pub(super) fn keep(&mut self, no: OrganizationNo, name: OrganizationName) {
        if self.0.len() >= REMEMBERED_NAMES_MAX {
            self.0.clear();
        }
        self.0.insert(no, name);
    }
}

/// A transaction that is being filled.
pub(crate) struct Transaction<'e, 'txn> {
    pub(crate) txn: &'e mut WriteTxn<'txn>,
    /// The moment that this transaction stamps on what it changes.
    pub(crate) at: Timestamp,
    pub(super) effects: &'e mut Vec<Effect>,
    pub(super) names: &'e mut NameCache,
}

impl<'e, 'txn> Transaction<'e, 'txn> {
    pub(crate) fn new(
        txn: &'e mut WriteTxn<'txn>,
        at: Timestamp,
        effects: &'e mut Vec<Effect>,
        names: &'e mut NameCache,
    ) -> Self {
        Transaction { txn, at, effects, names }
    }
}
