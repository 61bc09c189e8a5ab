//! Identifiers folded anew: when the rules by which they are compared change, the rows of a file that
//! was written under other rules are moved to where look-ups seek them now. Records stay as they are.

use crate::error::{OrStoreError, StoreError};
use crate::tables::{Pending, Tables, TextPrefix, meta};
use carnet_model::{IdentifierKey, IdentifierKind};
use redb::{Database, ReadableDatabase, ReadableTable};

/// The version of the folding. 1: e-mails without case. 2: also without what cannot be seen, letters
/// composed, domains in letters.
pub(crate) const IDENTIFIER_KEYS: u64 = 2;

/// Moves the rows of e-mails that are folded otherwise today, in one transaction, unless the file has
/// the present version. A row has all that it takes: folding a folded e-mail again gives what folding
/// the e-mail itself would. 1,000,000 rows take less than a second.
pub(crate) fn rekey(engine: &Database, quick_repair: bool) -> Result<(), StoreError> {
    if version(engine)? >= IDENTIFIER_KEYS {
        return Ok(());
    }
    let mut txn = engine.begin_write().or_store_error()?;
    txn.set_quick_repair(quick_repair);
    {
        let mut tables = Tables::<Pending<'_>>::open(&txn)?;
        let moved = moved_rows(&tables)?;
        for (old, new) in &moved {
            tables.contact_identifiers.remove(old.as_slice()).or_store_error()?;
            tables.contact_identifiers.insert(new.as_slice(), ()).or_store_error()?;
        }
        if !moved.is_empty() {
            tracing::info!(rows = moved.len(), "e-mails are found by more spellings from now on");
        }
        let version = IDENTIFIER_KEYS.to_be_bytes();
        tables.meta.insert(meta::IDENTIFIER_KEYS, version.as_slice()).or_store_error()?;
    }
    txn.commit().or_store_error()
}

fn version(engine: &Database) -> Result<u64, StoreError> {
    let txn = engine.begin_read().or_store_error()?;
    let table = txn.open_table(crate::tables::META).or_store_error()?;
    let row = table.get(meta::IDENTIFIER_KEYS).or_store_error()?;
    let version = row.and_then(|row| row.value().try_into().ok()).map(u64::from_be_bytes);
    Ok(version.unwrap_or(1))
}

/// The key of a row, and the one that it has under the present folding.
type Moved = (Vec<u8>, Vec<u8>);

/// The rows whose keys differ under the present folding.
fn moved_rows(tables: &Tables<Pending<'_>>) -> Result<Vec<Moved>, StoreError> {
    // The kind is the first byte of a key.
    let kind = IdentifierKind::Email as u8;
    let (first, end) = ([kind], [kind + 1]);
    let rows = first.as_slice()..end.as_slice();
    let mut moved = Vec::new();
    for row in tables.contact_identifiers.range(rows).or_store_error()? {
        let (key, _) = row.or_store_error()?;
        let (value, tail) = TextPrefix::identifier_of_row(key.value())
            .ok_or_else(|| StoreError::Damaged("a row of an e-mail has no text".to_owned()))?;
        let folded = IdentifierKey::new(IdentifierKind::Email, value);
        if folded.value != value {
            moved.push((key.value().to_vec(), TextPrefix::identifier(&folded).row_with(tail)));
        }
    }
    Ok(moved)
}
