//! A file of an older format is brought to the present one: tables that it lacks are made, unread
//! numbers are counted, and internal numbers get their rows. One transaction with at most one pass
//! over the contacts; after a crash it begins again. No record is written.

use crate::entities::lookup::after_bound;
use crate::error::{OrStoreError, StoreError};
use crate::record::decode;
use crate::tables::{FORMAT, TextPrefix, UNCOUNTED, meta};
use crate::write::WriteTxn;
use carnet_model::{Contact, IdentifierKind, UnreadNumbers};
use redb::{Database, ReadableTable};
use std::ops::Bound;

/// Contacts that are read before their rows are put into the table.
const PAGE_CONTACTS: usize = 4_096;

/// Contacts between two lines of the log: some seconds.
const PROGRESS_EVERY: u64 = 1_000_000;

/// Brings a file of the format `found` to the present one.
pub(super) fn upgrade(engine: &Database, found: u64, quick_repair: bool) -> Result<(), StoreError> {
    tracing::info!("the store is being brought to the present format");
    let mut txn = engine.begin_write().or_store_error()?;
    txn.set_quick_repair(quick_repair);
    {
        // This makes the tables that are missing.
        let mut write = WriteTxn::open(&txn)?;
        let (mut after, mut done) = (None, 0);
        while found == UNCOUNTED
            && let Some(last) = count_page(&mut write, after, &mut done)?
        {
            after = Some(last);
        }
        let format = FORMAT.to_be_bytes();
        write.tables.meta.insert(meta::FORMAT, format.as_slice()).or_store_error()?;
        write.changed = true;
        write.finish()?;
    }
    txn.commit().map_err(|error| StoreError::Commit(error.to_string()))
}

/// Counts the next contacts. Returns the number of the last of them.
fn count_page(
    write: &mut WriteTxn<'_>,
    after: Option<u64>,
    done: &mut u64,
) -> Result<Option<u64>, StoreError> {
    let (tables, unread) = (&mut write.tables, &mut write.unread);
    let rest = (after_bound(after), Bound::Unbounded);
    let mut last = None;
    for row in tables.contacts.range::<u64>(rest).or_store_error()?.take(PAGE_CONTACTS) {
        let (no, bytes) = row.or_store_error()?;
        let no = no.value();
        last = Some(no);
        *done += 1;
        if done.is_multiple_of(PROGRESS_EVERY) {
            tracing::info!(contacts = *done, "the store is being brought to the present format");
        }
        // One that cannot be read is a check's to report, as before.
        let Ok(contact) = decode::<Contact>(bytes.value(), &no) else { continue };
        unread.add(UnreadNumbers::of(&contact));
        let internal = contact.identifier_keys().into_iter();
        for key in internal.filter(|key| key.kind == IdentifierKind::Internal) {
            let row = TextPrefix::identifier(&key).row(contact.create_date, no);
            tables.deferred.identifiers.insert(row);
        }
    }
    tables.insert_deferred_if_many()?;
    Ok(last)
}
