//! Exact look-ups: from a key to records. Each step is one descent in one tree, and only records
//! that are part of the answer are read.

use crate::entities::holder;
use crate::error::{OrStoreError, StoreError};
use crate::read::ReadTxn;
use crate::record::{Record, decode};
use crate::tables::{Mode, Tables, TextPrefix, text_row_no};
use carnet_model::{Contact, ContactNo, ExternalId, IdentifierKey, IdentifierKind};
use carnet_phone::E164;
use redb::ReadableTable;
use std::collections::BTreeSet;
use std::ops::{Bound, ControlFlow, RangeInclusive};
use uuid::Uuid;

impl<M: Mode> Tables<M> {
    pub(crate) fn contact(&self, no: ContactNo) -> Result<Option<Contact>, StoreError> {
        get(&self.contacts, no.0)
    }

    pub(crate) fn contact_no(&self, id: Uuid) -> Result<Option<ContactNo>, StoreError> {
        if let Some(no) = self.deferred.ids.get(&id) {
            return Ok(Some(ContactNo(*no)));
        }
        Ok(no_of(&self.contact_ids, id)?.map(ContactNo))
    }

    pub(crate) fn contact_by_id(
        &self,
        id: Uuid,
    ) -> Result<Option<(ContactNo, Contact)>, StoreError> {
        let Some(no) = self.contact_no(id)? else {
            return Ok(None);
        };
        Ok(Some((no, get_indexed(&self.contacts, no.0)?)))
    }

    pub(crate) fn contacts_by_number(
        &self,
        number: E164,
        limit: usize,
    ) -> Result<Vec<(ContactNo, Contact)>, StoreError> {
        let nos = self.contact_nos_by_number(number, limit)?.into_iter();
        nos.map(|no| Ok((no, get_indexed(&self.contacts, no.0)?))).collect()
    }

    pub(crate) fn contact_nos_by_number(
        &self,
        number: E164,
        limit: usize,
    ) -> Result<Vec<ContactNo>, StoreError> {
        let rows = self.contact_numbers.range(rows_of(number)).or_store_error()?;
        let deferred = self.deferred.numbers.range(rows_of(number)).copied();
        let deferred: Vec<(u64, i64, u64)> = deferred.collect();
        // Deferred rows are few or none; only with some of them must all rows be sorted together.
        let limit_of_rows = if deferred.is_empty() { limit } else { usize::MAX };
        let mut keys = deferred;
        for row in rows.take(limit_of_rows) {
            keys.push(row.or_store_error()?.0.value());
        }
        keys.sort_unstable();
        Ok(keys.into_iter().take(limit).map(|(_, _, no)| ContactNo(no)).collect())
    }

    pub(crate) fn contacts_by_identifier(
        &self,
        key: &IdentifierKey,
        limit: usize,
    ) -> Result<Vec<(ContactNo, Contact)>, StoreError> {
        if key.kind == IdentifierKind::Phone {
            // Telephone numbers have rows of their own.
            let Some(number) = E164::parse(&key.value) else {
                return Ok(Vec::new());
            };
            return self.contacts_by_number(number, limit);
        }
        let prefix = TextPrefix::identifier(key);
        let (rows, deferred) = (&self.contact_identifiers, &self.deferred.identifiers);
        let found = match deferred.is_empty() {
            true => by_text(rows, &self.contacts, prefix, limit)?,
            false => by_text_and_deferred(rows, deferred, &self.contacts, prefix, limit)?,
        };
        Ok(found.into_iter().map(|(no, contact)| (ContactNo(no), contact)).collect())
    }

    pub(crate) fn contact_by_external_id(
        &self,
        id: &ExternalId,
        except: Option<ContactNo>,
    ) -> Result<Option<(ContactNo, Contact)>, StoreError> {
        holder::oldest(id, except, |key, limit| self.contacts_by_identifier(key, limit))
    }
}

impl ReadTxn {
    /// Every telephone number of every contact, by ascending number and oldest contact first, until
    /// `each` breaks off: 1.75 million rows take about half a second.
    pub fn each_contact_number(
        &self,
        mut each: impl FnMut(E164, ContactNo) -> ControlFlow<()>,
    ) -> Result<(), StoreError> {
        for row in self.tables.contact_numbers.iter().or_store_error()? {
            let (number, _, no) = row.or_store_error()?.0.value();
            let number = E164::from_digits(number).ok_or_else(|| {
                StoreError::Damaged(format!("a number row has {number}, which is no number"))
            })?;
            if each(number, ContactNo(no)).is_break() {
                break;
            }
        }
        Ok(())
    }
}

/// The keys of a number's rows, oldest first.
fn rows_of(number: E164) -> RangeInclusive<(u64, i64, u64)> {
    let number = number.digits();
    (number, i64::MIN, 0)..=(number, i64::MAX, u64::MAX)
}

/// The record with this number.
pub(crate) fn get<T: Record>(
    records: &impl ReadableTable<u64, &'static [u8]>,
    no: u64,
) -> Result<Option<T>, StoreError> {
    match records.get(no).or_store_error()? {
        Some(bytes) => decode(bytes.value(), &no).map(Some),
        None => Ok(None),
    }
}

/// The record that an index row points to. It is there, or the file does not agree with itself.
pub(crate) fn get_indexed<T: Record>(
    records: &impl ReadableTable<u64, &'static [u8]>,
    no: u64,
) -> Result<T, StoreError> {
    get(records, no)?.ok_or_else(|| {
        StoreError::Damaged(format!("an index row points to {} {no}, which is not there", T::THING))
    })
}

/// The number of the record with this id.
pub(crate) fn no_of(
    ids: &impl ReadableTable<&'static [u8; 16], u64>,
    id: Uuid,
) -> Result<Option<u64>, StoreError> {
    Ok(ids.get(id.as_bytes()).or_store_error()?.map(|no| no.value()))
}

/// The records that the rows of a text point to, oldest first.
pub(crate) fn by_text<T: Record>(
    rows: &impl ReadableTable<&'static [u8], ()>,
    records: &impl ReadableTable<u64, &'static [u8]>,
    prefix: TextPrefix,
    limit: usize,
) -> Result<Vec<(u64, T)>, StoreError> {
    let all = prefix.rows();
    let all = all.start().as_slice()..=all.end().as_slice();
    let mut found = Vec::new();
    for row in rows.range::<&[u8]>(all).or_store_error()?.take(limit) {
        let row = row.or_store_error()?.0;
        let no = text_row_no(row.value())
            .ok_or_else(|| StoreError::Damaged("an index row is cut short".to_owned()))?;
        found.push((no, get_indexed(records, no)?));
    }
    Ok(found)
}

/// Records by text key, where further rows are deferred and not yet in the table.
fn by_text_and_deferred<T: Record>(
    rows: &impl ReadableTable<&'static [u8], ()>,
    deferred: &BTreeSet<Vec<u8>>,
    records: &impl ReadableTable<u64, &'static [u8]>,
    prefix: TextPrefix,
    limit: usize,
) -> Result<Vec<(u64, T)>, StoreError> {
    let all = prefix.rows();
    let mut keys: Vec<Vec<u8>> = deferred.range(all.clone()).cloned().collect();
    let all = all.start().as_slice()..=all.end().as_slice();
    for row in rows.range::<&[u8]>(all).or_store_error()? {
        keys.push(row.or_store_error()?.0.value().to_vec());
    }
    keys.sort_unstable();
    let mut found = Vec::new();
    for key in keys.into_iter().take(limit) {
        let no = text_row_no(&key)
            .ok_or_else(|| StoreError::Damaged("an index row is cut short".to_owned()))?;
        found.push((no, get_indexed(records, no)?));
    }
    Ok(found)
}

/// Records by ascending number.
pub(crate) fn after<T: Record>(
    records: &impl ReadableTable<u64, &'static [u8]>,
    after: Option<u64>,
    limit: usize,
) -> Result<Vec<(u64, T)>, StoreError> {
    let mut found = Vec::new();
    let rest = (after_bound(after), Bound::Unbounded);
    for row in records.range::<u64>(rest).or_store_error()?.take(limit) {
        let (no, bytes) = row.or_store_error()?;
        found.push((no.value(), decode(bytes.value(), &no.value())?));
    }
    Ok(found)
}

/// The lower bound of a range that begins after this number.
pub(crate) fn after_bound(after: Option<u64>) -> Bound<u64> {
    after.map_or(Bound::Unbounded, Bound::Excluded)
}
