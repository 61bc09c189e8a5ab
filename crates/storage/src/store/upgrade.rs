//! A file of an older format is brought to the present one: missing tables are made, identifiers of new
//! kinds get their rows (internal numbers, custom fields), and a file of format 1 has its unread numbers
//! counted. One pass over contacts and organisations, in one transaction; after a crash it begins again.
//! No record is written.

use crate::entities::lookup::after_bound;
use crate::error::{OrStoreError, StoreError};
use crate::record::decode;
use crate::tables::{FORMAT, TextPrefix, meta};
use crate::write::WriteTxn;
use carnet_model::{Contact, IdentifierKind, Organization, UnreadNumbers};
use redb::{Database, ReadableTable};
use std::ops::Bound;

/// Records that are read before their rows are put into the table.
const PAGE_RECORDS: usize = 4_096;

/// Contacts between two lines of the log: some seconds.
const PROGRESS_EVERY: u64 = 1_000_000;

/// The first format that has the counts of unread numbers, and rows of internal numbers.
const FORMAT_OF_UNREAD: u64 = 2;

/// Brings a file of the format `found` to the present one.
pub(super) fn upgrade(engine: &Database, found: u64, quick_repair: bool) -> Result<(), StoreError> {
    tracing::info!("the store is being brought to the present format");
    let mut txn = engine.begin_write().or_store_error()?;
    txn.set_quick_repair(quick_repair);
    {
        // This makes the tables that are missing.
        let mut write = WriteTxn::open(&txn)?;
        let (mut after, mut done) = (None, 0);
        while let Some(last) = take_page(&mut write, found, after, &mut done)? {
            after = Some(last);
        }
        let mut after = None;
        while let Some(last) = take_organizations(&mut write, after)? {
            after = Some(last);
        }
        let format = FORMAT.to_be_bytes();
        write.tables.meta.insert(meta::FORMAT, format.as_slice()).or_store_error()?;
        write.changed = true;
        write.finish()?;
    }
    txn.commit().map_err(|error| StoreError::Commit(error.to_string()))
}

/// Takes the next organisations. Returns the number of the last of them.
fn take_organizations(
    write: &mut WriteTxn<'_>,
    after: Option<u64>,
) -> Result<Option<u64>, StoreError> {
    let tables = &mut write.tables;
    let rest = (after_bound(after), Bound::Unbounded);
    let mut last = None;
    for row in tables.organizations.range::<u64>(rest).or_store_error()?.take(PAGE_RECORDS) {
        let (no, bytes) = row.or_store_error()?;
        let no = no.value();
        last = Some(no);
        let Ok(organization) = decode::<Organization>(bytes.value(), &no) else { continue };
        let keys = organization.identifier_keys();
        for key in keys.into_iter().filter(|key| key.kind == IdentifierKind::Field) {
            let row = TextPrefix::identifier(&key).row(organization.create_date, no);
            tables.organization_identifiers.insert(row.as_slice(), ()).or_store_error()?;
        }
    }
    Ok(last)
}

/// Takes the next contacts of a file of the format `found`. Returns the number of the last of them.
fn take_page(
    write: &mut WriteTxn<'_>,
    found: u64,
    after: Option<u64>,
    done: &mut u64,
) -> Result<Option<u64>, StoreError> {
    let (tables, unread) = (&mut write.tables, &mut write.unread);
    let rest = (after_bound(after), Bound::Unbounded);
    let mut last = None;
    for row in tables.contacts.range::<u64>(rest).or_store_error()?.take(PAGE_RECORDS) {
        let (no, bytes) = row.or_store_error()?;
        let no = no.value();
        last = Some(no);
        *done += 1;
        if done.is_multiple_of(PROGRESS_EVERY) {
            tracing::info!(contacts = *done, "the store is being brought to the present format");
        }
        // One that cannot be read is a check's to report, as before.
        let Ok(contact) = decode::<Contact>(bytes.value(), &no) else { continue };
        let of_unread = found < FORMAT_OF_UNREAD;
        if of_unread {
            unread.add(UnreadNumbers::of(&contact));
        }
        let is_new = |kind| match kind {
            IdentifierKind::Internal => of_unread,
            IdentifierKind::Field => true,
            _ => false,
        };
        for key in contact.identifier_keys().into_iter().filter(|key| is_new(key.kind)) {
            let row = TextPrefix::identifier(&key).row(contact.create_date, no);
            tables.deferred.identifiers.insert(row);
        }
    }
    tables.insert_deferred_if_many()?;
    Ok(last)
}
