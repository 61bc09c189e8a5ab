//! Entries: records as search sees them. It does not know who indexes them.

use crate::limits::SCAN_RECORDS;
use crate::local::edit::effect::Effect;
use carnet_model::{ChangeNo, Contact, Entity, OrganizationNo};
use carnet_search::{Entry, OrganizationEntry, OrganizationName};
use carnet_storage::{ReadTxn, Readable, StoreError};
use std::collections::HashMap;
use std::sync::Arc;

/// The effects of every change after `since`: each entity that changed once, in its present state.
pub(crate) fn effects_since(read: &ReadTxn, since: ChangeNo) -> Result<Vec<Effect>, StoreError> {
    let mut last_of = HashMap::new();
    let mut after = since;
    loop {
        let changes = read.changes_after(after, SCAN_RECORDS)?;
        let Some((last, _)) = changes.last() else {
            break;
        };
        after = *last;
        last_of.extend(changes.into_iter().map(|(no, change)| (change.entity, no)));
    }
    let mut effects = Vec::with_capacity(last_of.len());
    for (entity, at) in last_of {
        match entity {
            Entity::Contact(no) => {
                let contact = read.contact(no)?;
                let entry = contact.map(|contact| entry_of(read, &contact)).transpose()?;
                effects.push(Effect::Contact { no, at, known: true, entry, numbers: Vec::new() });
            }
            Entity::Organization(no) => {
                let entry = read.organization(no)?.map(|o| Arc::new(OrganizationEntry::new(&o)));
                effects.push(Effect::Organization {
                    no,
                    at,
                    known: true,
                    entry,
                    unlinked: Vec::new(),
                });
            }
            Entity::Note(_) => {}
        }
    }
    Ok(effects)
}

/// The entry of a contact.
pub(crate) fn entry_of(read: &ReadTxn, contact: &Contact) -> Result<Arc<Entry>, StoreError> {
    let organization = match contact.organization {
        Some(id) => read.organization_by_id(id)?,
        None => None,
    };
    let organization: Option<(OrganizationNo, OrganizationName)> =
        organization.map(|(no, organization)| (no, OrganizationName::new(&organization.name)));
    let organization = organization.as_ref().map(|(no, name)| (*no, name));
    Ok(Arc::new(Entry::new(contact, organization)))
}
