//! Updates of the index, computed from the store: those that follow from a changed organisation, and
//! all of them for an index that is built anew.

use crate::limits::SCAN_RECORDS;
use crate::local::index::entries::entry_of;
use carnet_model::{ChangeNo, ContactNo, OrganizationNo};
use carnet_search::{Entry, OrganizationEntry, OrganizationName, Overlay, Update};
use carnet_storage::{ReadTxn, Readable, StoreError};
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

/// What one fold takes.
pub(crate) struct FlushBatch {
    pub(crate) read: Arc<ReadTxn>,
    pub(crate) change: ChangeNo,
    pub(crate) overlay: Overlay,
    pub(crate) unlinked: HashMap<OrganizationNo, (ChangeNo, Vec<ContactNo>)>,
    /// What the index has for good.
    pub(crate) committed_through: ChangeNo,
    /// Whether it may wait for its commit.
    pub(crate) bulk: bool,
}

/// Contacts whose words changed because their organisation did, as they are in the store.
pub(crate) fn contacts_of_changed_organizations(
    batch: &FlushBatch,
) -> Result<HashMap<ContactNo, Option<Arc<Entry>>>, StoreError> {
    let mut fresh = HashMap::new();
    for no in batch.overlay.organizations_through(batch.change) {
        let mut after = None;
        loop {
            let nos = batch.read.organization_contacts(no, after, SCAN_RECORDS)?;
            let Some(last) = nos.last() else { break };
            after = Some(*last);
            add_entries(&batch.read, &nos, &mut fresh)?;
        }
        if let Some((_, unlinked)) = batch.unlinked.get(&no) {
            add_entries(&batch.read, unlinked, &mut fresh)?;
        }
    }
    Ok(fresh)
}

fn add_entries(
    read: &ReadTxn,
    nos: &[ContactNo],
    fresh: &mut HashMap<ContactNo, Option<Arc<Entry>>>,
) -> Result<(), StoreError> {
    for no in nos {
        let contact = read.contact(*no)?;
        let entry = contact.map(|contact| entry_of(read, &contact)).transpose()?;
        fresh.insert(*no, entry);
    }
    Ok(())
}

/// Everything in the store as updates of an empty index, read as they are asked for. Ends early
/// on an error, which it leaves in `failed`.
pub(crate) struct AllUpdates<'a> {
    read: &'a ReadTxn,
    failed: &'a mut Option<StoreError>,
    contacts: &'a mut u64,
    names: HashMap<Uuid, (OrganizationNo, OrganizationName)>,
    waiting: std::vec::IntoIter<Update>,
    organizations_after: Option<OrganizationNo>,
    organizations_done: bool,
    contacts_after: Option<ContactNo>,
}

impl<'a> AllUpdates<'a> {
    pub(crate) fn new(
        read: &'a ReadTxn,
        failed: &'a mut Option<StoreError>,
        contacts: &'a mut u64,
    ) -> Self {
        AllUpdates {
            read,
            failed,
            contacts,
            names: HashMap::new(),
            waiting: Vec::new().into_iter(),
            organizations_after: None,
            organizations_done: false,
            contacts_after: None,
        }
    }

    fn more(&mut self) -> Result<Vec<Update>, StoreError> {
        if !self.organizations_done {
            let rows = self.read.organizations_after(self.organizations_after, SCAN_RECORDS)?;
            if let Some((last, _)) = rows.last() {
                self.organizations_after = Some(*last);
                let updates = rows.into_iter().map(|(no, organization)| {
                    self.names
                        .insert(organization.id, (no, OrganizationName::new(&organization.name)));
                    let entry = Some(Arc::new(OrganizationEntry::new(&organization)));
                    Update::Organization { no, known: false, entry }
                });
                return Ok(updates.collect());
            }
            self.organizations_done = true;
        }
        let rows = self.read.contacts_after(self.contacts_after, SCAN_RECORDS)?;
        self.contacts_after = rows.last().map(|(no, _)| *no).or(self.contacts_after);
        *self.contacts += rows.len() as u64;
        let updates = rows.into_iter().map(|(no, contact)| {
            let organization = contact.organization.and_then(|id| self.names.get(&id));
            let organization = organization.map(|(no, name)| (*no, name));
            let entry = Some(Arc::new(Entry::new(&contact, organization)));
            Update::Contact { no, known: false, entry }
        });
        Ok(updates.collect())
    }
}

impl Iterator for AllUpdates<'_> {
    type Item = Update;

    fn next(&mut self) -> Option<Update> {
        if let Some(update) = self.waiting.next() {
            return Some(update);
        }
        match self.more() {
            Ok(updates) => {
                self.waiting = updates.into_iter();
                self.waiting.next()
            }
            Err(error) => {
                *self.failed = Some(error);
                None
            }
        }
    }
}
