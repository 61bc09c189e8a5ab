//! A write transaction: the tables open for writing, the numbers that come next, the change log's
//! end. The edits of each entity are in that entity's file.
//!
//! Every edit follows one order: first all reasons for refusal are checked, then rows change. So a
//! refused edit leaves the transaction as it was, and a batch of others can go on.

use crate::deferred::{DEFERRED_ROWS_MAX, Deferred};
use crate::error::{EditError, OrStoreError, StoreError};
use crate::record::{Record, decode, encode};
use crate::tables::{Pending, Tables, meta};
use carnet_model::{Action, Change, Entity, Timestamp, UnreadNumbers};
use redb::{ReadableTable, Table, WriteTransaction};
use uuid::Uuid;

/// Time and client of a change, for its row in the change log.
#[derive(Clone, Copy, Debug)]
pub struct Stamp<'a> {
    /// When.
    pub at: Timestamp,
    /// The id of the client that asked for it; empty for the command line.
    pub by: &'a str,
}

/// An open write transaction. It is asked as a [`ReadTxn`](crate::ReadTxn) is, through
/// [`Readable`](crate::Readable), and answers with its own edits included.
pub struct WriteTxn<'t> {
    pub(crate) tables: Tables<Pending<'t>>,
    /// The numbers that the next ones get.
    pub(crate) next_contact: u64,
    pub(crate) next_organization: u64,
    pub(crate) next_note: u64,
    /// The number of the last change.
    pub(crate) last_change: u64,
    /// Unread numbers, the edits of this transaction included.
    pub(crate) unread: UnreadNumbers,
    /// Whether there is anything to commit.
    pub(crate) changed: bool,
}

impl std::fmt::Debug for WriteTxn<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WriteTxn").field("changed", &self.changed).finish_non_exhaustive()
    }
}

impl<'t> WriteTxn<'t> {
    pub(crate) fn open(txn: &'t WriteTransaction) -> Result<Self, StoreError> {
        let tables = Tables::<Pending<'t>>::open(txn)?;
        Ok(WriteTxn {
            next_contact: tables.counter(meta::NEXT_CONTACT)?.unwrap_or(1),
            next_organization: tables.counter(meta::NEXT_ORGANIZATION)?.unwrap_or(1),
            next_note: tables.counter(meta::NEXT_NOTE)?.unwrap_or(1),
            last_change: tables.last_change()?.0,
            unread: tables.unread_numbers()?,
            tables,
            changed: false,
        })
    }

    /// Writes what is kept in memory during the transaction, and closes the tables. True when there
    /// is something to commit.
    pub(crate) fn finish(mut self) -> Result<bool, StoreError> {
        self.tables.insert_deferred()?;
        if self.changed {
            for (name, value) in [
                (meta::NEXT_CONTACT, self.next_contact),
                (meta::NEXT_ORGANIZATION, self.next_organization),
                (meta::NEXT_NOTE, self.next_note),
                (meta::LAST_CHANGE, self.last_change),
            ] {
                self.put_counter(name, value)?;
            }
            if self.tables.unread_numbers()? != self.unread {
                let bytes = self.unread.0.map(u64::to_be_bytes).concat();
                self.tables.meta.insert(meta::UNREAD, bytes.as_slice()).or_store_error()?;
            }
        }
        Ok(self.changed)
    }

    /// Writes a counter, unless it has that value already.
    pub(crate) fn put_counter(&mut self, name: &str, value: u64) -> Result<(), StoreError> {
        if self.tables.counter(name)? != Some(value) {
            let bytes = value.to_be_bytes();
            self.tables.meta.insert(name, bytes.as_slice()).or_store_error()?;
        }
        Ok(())
    }

    /// Appends a row to the change log.
    pub(crate) fn log(
        &mut self,
        entity: Entity,
        action: Action,
        stamp: &Stamp<'_>,
    ) -> Result<(), StoreError> {
        let change = Change { entity, action, at: stamp.at, by: stamp.by.to_owned() };
        let no = self.last_change + 1;
        let bytes = encode(&change, &no)?;
        self.tables.changes.insert(no, bytes.as_slice()).or_store_error()?;
        self.last_change = no;
        self.changed = true;
        Ok(())
    }
}

/// Rows that are inserted later and removed at once, from where they are.
impl Tables<Pending<'_>> {
    /// Puts the deferred rows into their tables when there are too many of them.
    pub(crate) fn insert_deferred_if_many(&mut self) -> Result<(), StoreError> {
        match self.deferred.len() >= DEFERRED_ROWS_MAX {
            true => self.insert_deferred(),
            false => Ok(()),
        }
    }

    /// Puts the deferred rows into their tables, in the order of their keys.
    pub(crate) fn insert_deferred(&mut self) -> Result<(), StoreError> {
        let Deferred { ids, numbers, identifiers, organizations } =
            std::mem::take(&mut self.deferred);
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
        if !self.deferred.numbers.remove(&key) {
            self.contact_numbers.remove(key).or_store_error()?;
        }
        Ok(())
    }

    pub(crate) fn remove_identifier(&mut self, key: &[u8]) -> Result<(), StoreError> {
        if !self.deferred.identifiers.remove(key) {
            self.contact_identifiers.remove(key).or_store_error()?;
        }
        Ok(())
    }

    pub(crate) fn remove_organization_contact(
        &mut self,
        key: (u64, u64),
    ) -> Result<(), StoreError> {
        if !self.deferred.organizations.remove(&key) {
            self.organization_contacts.remove(key).or_store_error()?;
        }
        Ok(())
    }

    pub(crate) fn remove_contact_id(&mut self, id: Uuid) -> Result<(), StoreError> {
        if self.deferred.ids.remove(&id).is_none() {
            self.contact_ids.remove(id.as_bytes()).or_store_error()?;
        }
        Ok(())
    }
}

/// Refuses unless the record with this number is what the caller takes for its present state.
pub(crate) fn expect<T: Record + PartialEq>(
    records: &Table<'_, u64, &'static [u8]>,
    no: u64,
    old: &T,
) -> Result<(), EditError> {
    let stored = records.get(no).or_store_error()?.ok_or(EditError::Stale)?;
    // Equal bytes are the usual case and need no decoding; a record of an older version has others.
    if stored.value() == encode(old, &no)? || decode::<T>(stored.value(), &no)? == *old {
        return Ok(());
    }
    Err(EditError::Stale)
}

/// The difference that an edit makes to an index row.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Row {
    /// The new record has it, the old had not.
    New,
    /// The old record had it, the new has not.
    Gone,
}

/// The rows in which old and new differ. Few rows a record, so comparing all with all is cheapest.
pub(crate) fn difference<'a, K: PartialEq>(
    old: &'a [K],
    new: &'a [K],
) -> impl Iterator<Item = (&'a K, Row)> {
    let gone = old.iter().filter(|key| !new.contains(key)).map(|key| (key, Row::Gone));
    let added = new.iter().filter(|key| !old.contains(key)).map(|key| (key, Row::New));
    gone.chain(added)
}

/// Makes the rows of a text index those of the new record.
pub(crate) fn put_text_rows(
    table: &mut Table<'_, &'static [u8], ()>,
    old: &[Vec<u8>],
    new: &[Vec<u8>],
) -> Result<(), StoreError> {
    for (key, row) in difference(old, new) {
        match row {
            Row::New => drop(table.insert(key.as_slice(), ()).or_store_error()?),
            Row::Gone => drop(table.remove(key.as_slice()).or_store_error()?),
        }
    }
    Ok(())
}
