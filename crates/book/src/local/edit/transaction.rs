//! A transaction of the book: a write transaction of the store, and the effects that are to be
//! published once it is committed. The edits themselves lie in the files of the entities. It does
//! not know who commits it.

use crate::limits::{WRITER_NAMES_MAX, WRITER_SCHEMAS_MAX};
use crate::local::edit::effect::Effect;
use carnet_model::{DataSchema, OrganizationNo, Timestamp};
use carnet_search::OrganizationName;
use carnet_storage::WriteTxn;
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

/// Names of organisations in the form that search compares, so that a thousand contacts of one
/// compute it once.
#[derive(Default)]
pub(super) struct NameCache(HashMap<OrganizationNo, OrganizationName>);

/// Versions of schemas, read once. A version never changes; the cache is emptied when a transaction
/// is not kept, with which a version may have come.
#[derive(Default)]
pub(super) struct SchemaCache(HashMap<(Uuid, i64), Arc<DataSchema>>);

impl SchemaCache {
    pub(super) fn get(&self, id: Uuid, version: i64) -> Option<Arc<DataSchema>> {
        self.0.get(&(id, version)).cloned()
    }

    pub(super) fn keep(&mut self, schema: &Arc<DataSchema>) {
        if self.0.len() >= WRITER_SCHEMAS_MAX {
            self.0.clear();
        }
        self.0.insert((schema.id, schema.version), Arc::clone(schema));
    }
}

/// What one transaction leaves in memory for the next, and the rules for all of them.
#[derive(Default)]
pub(crate) struct TransactionMemory {
    names: NameCache,
    schemas: SchemaCache,
    /// Whether custom fields need no schema. Set before each transaction.
    pub(crate) free_fields: bool,
}

impl TransactionMemory {
    /// Forgets everything: a transaction was not kept.
    pub(crate) fn clear(&mut self) {
        self.names.0.clear();
        self.schemas.0.clear();
    }
}

impl NameCache {
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
    pub(super) schemas: &'e mut SchemaCache,
    /// Whether custom fields need no schema.
    pub(super) free_fields: bool,
}

impl<'e, 'txn> Transaction<'e, 'txn> {
    pub(crate) fn new(
        txn: &'e mut WriteTxn<'txn>,
        at: Timestamp,
        effects: &'e mut Vec<Effect>,
        memory: &'e mut TransactionMemory,
    ) -> Self {
        let TransactionMemory { names, schemas, free_fields } = memory;
        Transaction { txn, at, effects, names, schemas, free_fields: *free_fields }
    }

    /// Forgets the effects so far. For a transaction that is rolled back: nothing will show them,
    /// and held to its end they would take a kilobyte a contact.
    pub(crate) fn forget_effects(&mut self) {
        self.effects.clear();
    }
}
