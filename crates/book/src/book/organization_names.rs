//! The names of organisations that were read lately, so that one with many contacts is not read
//! for each of them. It does not know what the names are written into.

use crate::error::BookError;
use crate::limits::ORGANIZATION_NAMES_MAX;
use crate::local::snapshot::Snapshot;
use carnet_model::{ChangeNo, Contact, Uuid};
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// Names of organisations in one state of the book, each read once until that state changes. At
/// most [`ORGANIZATION_NAMES_MAX`] are remembered; with one more all are forgotten.
#[derive(Debug, Default)]
pub struct OrganizationNames {
    /// The last change that the names are from.
    change: Option<ChangeNo>,
    names: HashMap<Uuid, Option<String>>,
}

impl OrganizationNames {
    /// The name of a contact's organisation, as this snapshot has it; `None` where the contact has
    /// no organisation.
    ///
    /// # Errors
    /// When the store fails.
    pub fn of(
        &mut self,
        contact: &Contact,
        snapshot: &Snapshot,
    ) -> Result<Option<&str>, BookError> {
        let Some(id) = contact.organization else {
            return Ok(None);
        };
        let change = Some(snapshot.change());
        let is_full = self.names.len() >= ORGANIZATION_NAMES_MAX;
        if self.change != change || (is_full && !self.names.contains_key(&id)) {
            self.names.clear();
            self.change = change;
        }
        let name = match self.names.entry(id) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => {
                new.insert(snapshot.organization(id)?.map(|organization| organization.name))
            }
        };
        Ok(name.as_deref())
    }
}
