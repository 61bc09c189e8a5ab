//! External ids that several contacts have, or several organisations. Each is a key today, and none can
//! be claimed a second time; those of an older store are found here, so that somebody can merge or mend
//! the records.

use crate::entities::holder::Holder;
use crate::entities::lookup::get;
use crate::error::{OrStoreError, StoreError};
use crate::record::Record;
use crate::tables::{Committed, TAIL_BYTES, Tables, TextPrefix, text_row_no};
use carnet_model::{Contact, ExternalId, ExternalSource, IdentifierKind, Organization};
use redb::ReadOnlyTable;
use uuid::Uuid;

/// An external id that several records of one kind have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedExternalId {
    /// The external id, as the oldest of them has it.
    pub id: ExternalId,
    /// The ids of the records, oldest first; at most [`PROBLEMS_MAX`](crate::PROBLEMS_MAX).
    pub holders: Vec<Uuid>,
}

/// The external ids that several records of one kind have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SharedExternalIds {
    /// The first of them, at most [`PROBLEMS_MAX`](crate::PROBLEMS_MAX).
    pub listed: Vec<SharedExternalId>,
    /// How many there are.
    pub count: u64,
}

/// Those of contacts. At most `max` external ids are listed, with at most `max` holders each.
pub(super) fn of_contacts(
    tables: &Tables<Committed>,
    max: usize,
) -> Result<SharedExternalIds, StoreError> {
    let record = |no| unless_unreadable(get::<Contact>(&tables.contacts, no), |one| one.id);
    find(&tables.contact_identifiers, record, max)
}

/// Those of organisations, likewise.
pub(super) fn of_organizations(
    tables: &Tables<Committed>,
    max: usize,
) -> Result<SharedExternalIds, StoreError> {
    let record =
        |no| unless_unreadable(get::<Organization>(&tables.organizations, no), |one| one.id);
    find(&tables.organization_identifiers, record, max)
}

/// The id of a record and its external ids. One that cannot be read was reported as such.
fn unless_unreadable<T: Holder + Record>(
    found: Result<Option<T>, StoreError>,
    id: impl Fn(&T) -> Uuid,
) -> Option<(Uuid, Vec<ExternalId>)> {
    found.unwrap_or_default().map(|record| (id(&record), record.external_ids().to_vec()))
}

/// Walks the rows of external ids; those of one key stand together, oldest first.
fn find(
    rows: &ReadOnlyTable<&'static [u8], ()>,
    record: impl Fn(u64) -> Option<(Uuid, Vec<ExternalId>)>,
    max: usize,
) -> Result<SharedExternalIds, StoreError> {
    let mut found = SharedExternalIds::default();
    let begin = [IdentifierKind::ExternalId as u8];
    let (mut key, mut holders) = (Vec::new(), Vec::new());
    for row in rows.range::<&[u8]>(begin.as_slice()..).or_store_error()? {
        let row = row.or_store_error()?.0;
        let row = row.value();
        if !row.starts_with(&begin) {
            break;
        }
        let front = &row[..row.len().saturating_sub(TAIL_BYTES)];
        if front != key.as_slice() {
            note_shared(&record, &key, &holders, max, &mut found);
            key = front.to_vec();
            holders.clear();
        }
        holders.extend(text_row_no(row));
    }
    note_shared(&record, &key, &holders, max, &mut found);
    Ok(found)
}

/// Notes the external id of one key, if several records have it. Rows under the name of a source
/// are those of several systems where these have ids, so the records themselves are compared.
fn note_shared(
    record: impl Fn(u64) -> Option<(Uuid, Vec<ExternalId>)>,
    key: &[u8],
    holders: &[u64],
    max: usize,
    found: &mut SharedExternalIds,
) {
    if holders.len() < 2 {
        return;
    }
    let mut all: Vec<(Uuid, ExternalId)> = Vec::new();
    for no in holders.iter().take(max) {
        let Some((holder, ids)) = record(*no) else { continue };
        let id = ids.into_iter().find(|id| has_key(id, key));
        all.extend(id.map(|id| (holder, id)));
    }
    let Some((oldest, younger)) = all.split_first() else {
        return;
    };
    let sharing: Vec<_> = younger.iter().filter(|(_, id)| id.is_same(&oldest.1)).collect();
    // A source with an id and a name has two keys: then it is reported under its id.
    let has_source_id = |id: &ExternalId| id.source.id.is_some();
    let all_by_id = has_source_id(&oldest.1) && sharing.iter().all(|(_, id)| has_source_id(id));
    if sharing.is_empty() || (all_by_id && !is_by_id(&oldest.1, key)) {
        return;
    }
    found.count += 1;
    if found.listed.len() < max {
        let holders = sharing.into_iter().map(|(holder, _)| *holder);
        let holders = std::iter::once(oldest.0).chain(holders).collect();
        found.listed.push(SharedExternalId { id: oldest.1.clone(), holders });
    }
}

fn has_key(id: &ExternalId, key: &[u8]) -> bool {
    id.keys().any(|own| TextPrefix::identifier(&own).is(key))
}

/// Whether this key of an external id is the one by its source's id.
fn is_by_id(id: &ExternalId, key: &[u8]) -> bool {
    let source = ExternalSource { name: None, ..id.source.clone() };
    has_key(&ExternalId { source, value: id.value.clone() }, key)
}
