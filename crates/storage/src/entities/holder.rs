//! The holder of an external id: the oldest record of a kind that has it. Which records there are, and
//! in which rows they are found, it is told.

use crate::error::StoreError;
use carnet_model::{
    Contact, ContactNo, ExternalId, IdentifierKey, Organization, OrganizationNo, Timestamp,
};

/// Rows of a key that are read before all of them are.
const FIRST_ROWS: usize = 2;

/// A record that may hold external ids.
pub(crate) trait Holder {
    /// Its number in the store.
    type No: Copy + Ord;
    /// Its external ids.
    fn external_ids(&self) -> &[ExternalId];
    /// When it was added.
    fn created(&self) -> Timestamp;
}

impl Holder for Contact {
    type No = ContactNo;
    fn external_ids(&self) -> &[ExternalId] {
        &self.external_ids
    }
    fn created(&self) -> Timestamp {
        self.create_date
    }
}

impl Holder for Organization {
    type No = OrganizationNo;
    fn external_ids(&self) -> &[ExternalId] {
        &self.external_ids
    }
    fn created(&self) -> Timestamp {
        self.create_date
    }
}

/// The oldest record with this external id, `except` left out. `rows` gives so many records of a key,
/// oldest first.
pub(crate) fn oldest<H: Holder>(
    id: &ExternalId,
    except: Option<H::No>,
    rows: impl Fn(&IdentifierKey, usize) -> Result<Vec<(H::No, H)>, StoreError>,
) -> Result<Option<(H::No, H)>, StoreError> {
    let mut oldest: Option<(H::No, H)> = None;
    for key in id.keys() {
        let found = first(id, &key, except, &rows)?;
        let is_older = match (&oldest, &found) {
            (Some((no, known)), Some((other_no, other))) => {
                (other.created(), *other_no) < (known.created(), *no)
            }
            (None, found) => found.is_some(),
            (Some(_), None) => false,
        };
        if is_older {
            oldest = found;
        }
    }
    Ok(oldest)
}

/// The oldest holder among the rows of one key: a name that two systems share leads to the records
/// of both.
fn first<H: Holder>(
    id: &ExternalId,
    key: &IdentifierKey,
    except: Option<H::No>,
    rows: impl Fn(&IdentifierKey, usize) -> Result<Vec<(H::No, H)>, StoreError>,
) -> Result<Option<(H::No, H)>, StoreError> {
    // Almost always the first row is the answer, or there is none.
    for limit in [FIRST_ROWS, usize::MAX] {
        let found = rows(key, limit)?;
        let all = found.len() < limit;
        let has = |record: &H| record.external_ids().iter().any(|own| own.is_same(id));
        let found = found.into_iter().find(|(no, record)| Some(*no) != except && has(record));
        if found.is_some() || all {
            return Ok(found);
        }
    }
    Ok(None)
}
