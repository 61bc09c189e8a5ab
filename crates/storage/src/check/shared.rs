//! External ids that several contacts have. Each is a key today, and none can be claimed a second
//! time; those of an older store are found here, so that somebody can merge or mend the contacts.

use crate::entities::lookup::get;
use crate::error::{OrStoreError, StoreError};
use crate::tables::{Committed, TAIL_BYTES, Tables, TextPrefix, text_row_no};
use carnet_model::{Contact, ContactNo, ExternalId, ExternalSource, IdentifierKind};
use uuid::Uuid;

/// An external id that several contacts have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedExternalId {
    /// The external id, as the oldest of them has it.
    pub id: ExternalId,
    /// The ids of the contacts, oldest first; at most [`PROBLEMS_MAX`](crate::PROBLEMS_MAX).
    pub contacts: Vec<Uuid>,
}

/// What several contacts share: the first of it, and how much there is.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) shared: Vec<SharedExternalId>,
    pub(super) count: u64,
}

/// Walks the rows of external ids; those of one key stand together, oldest first. At most `max`
/// external ids are listed, with at most `max` contacts each.
pub(super) fn find(tables: &Tables<Committed>, max: usize) -> Result<Found, StoreError> {
    let mut found = Found::default();
    let begin = [IdentifierKind::ExternalId as u8];
    let (mut key, mut holders) = (Vec::new(), Vec::new());
    for row in tables.contact_identifiers.range::<&[u8]>(begin.as_slice()..).or_store_error()? {
        let row = row.or_store_error()?.0;
        let row = row.value();
        if !row.starts_with(&begin) {
            break;
        }
        let front = &row[..row.len().saturating_sub(TAIL_BYTES)];
        if front != key.as_slice() {
            note_shared(tables, &key, &holders, max, &mut found)?;
            key = front.to_vec();
            holders.clear();
        }
        holders.extend(text_row_no(row).map(ContactNo));
    }
    note_shared(tables, &key, &holders, max, &mut found)?;
    Ok(found)
}

/// Notes the external id of one key, if several contacts have it. Rows under the name of a source
/// are those of several systems where these have ids, so the contacts themselves are compared.
fn note_shared(
    tables: &Tables<Committed>,
    key: &[u8],
    holders: &[ContactNo],
    max: usize,
    found: &mut Found,
) -> Result<(), StoreError> {
    if holders.len() < 2 {
        return Ok(());
    }
    let mut all: Vec<(Uuid, ExternalId)> = Vec::new();
    for no in holders.iter().take(max) {
        // One that cannot be read was reported as such.
        let contact: Option<Contact> = get(&tables.contacts, no.0).unwrap_or_default();
        let Some(contact) = contact else { continue };
        let id = contact.external_ids.into_iter().find(|id| has_key(id, key));
        all.extend(id.map(|id| (contact.id, id)));
    }
    let Some((oldest, younger)) = all.split_first() else {
        return Ok(());
    };
    let sharing: Vec<_> = younger.iter().filter(|(_, id)| id.is_same(&oldest.1)).collect();
    // A source with an id and a name has two keys: then it is reported under its id.
    let has_source_id = |id: &ExternalId| id.source.id.is_some();
    let all_by_id = has_source_id(&oldest.1) && sharing.iter().all(|(_, id)| has_source_id(id));
    if sharing.is_empty() || (all_by_id && !is_by_id(&oldest.1, key)) {
        return Ok(());
    }
    found.count += 1;
    if found.shared.len() < max {
        let contacts = sharing.into_iter().map(|(contact, _)| *contact);
        let contacts = std::iter::once(oldest.0).chain(contacts).collect();
        found.shared.push(SharedExternalId { id: oldest.1.clone(), contacts });
    }
    Ok(())
}

fn has_key(id: &ExternalId, key: &[u8]) -> bool {
    id.keys().any(|own| TextPrefix::identifier(&own).is(key))
}

/// Whether this key of an external id is the one by its source's id.
fn is_by_id(id: &ExternalId, key: &[u8]) -> bool {
    let source = ExternalSource { name: None, ..id.source.clone() };
    has_key(&ExternalId { source, value: id.value.clone() }, key)
}
