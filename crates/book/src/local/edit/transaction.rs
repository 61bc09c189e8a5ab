//! A transaction of the book: a write transaction of the store, and the effects that are to be
//! published once it is committed. The edits themselves lie in the files of the entities. It does
//! not know who commits it.

use crate::limits::WRITER_NAMES_MAX;
use crate::local::edit::effect::Effect;
use carnet_model::{OrganizationNo, Timestamp};
use carnet_search::OrganizationName;
use carnet_storage::WriteTxn;
use std::collections::HashMap;

/// Names of organisations in the form that search compares, so that a thousand contacts of one
/// compute it once.
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
        // All at once, without an order to keep: what is needed again is read again.
        if self.0.len() >= WRITER_NAMES_MAX {
            self.0.clear();
        }
        self.0.insert(no, name);
    }
}

/// A transaction that is being filled.
pub(crate) struct Transaction<'e, 'txn> {
    pub(crate) txn: &'e mut WriteTxn<'txn>,
    /// The timestamp of everything that this transaction changes.
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

    /// Forgets the effects so far. For a transaction that is rolled back: nothing will show them,
    /// and held to its end they would take a kilobyte a contact.
    pub(crate) fn forget_effects(&mut self) {
        self.effects.clear();
    }
}
