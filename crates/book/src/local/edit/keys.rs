//! External ids as keys, in a transaction: no second contact gets one that a contact has, and no second
//! organisation one that an organisation has.

use crate::error::BookError;
use crate::local::edit::transaction::Transaction;
use carnet_model::{
    Contact, ContactNo, ExternalId, ExternalIdTaken, HolderKind, Organization, OrganizationNo,
};
use carnet_storage::{Readable, StoreError};
use uuid::Uuid;

impl Transaction<'_, '_> {
    /// Refuses external ids that another contact has. Those that the contact itself has already,
    /// `old` being its present state, stay: contacts of before this rule can be edited.
    pub(super) fn check_contact_keys(
        &self,
        old: Option<(ContactNo, &Contact)>,
        new: &Contact,
    ) -> Result<(), BookError> {
        let no = old.map(|(no, _)| no);
        let kept = old.map_or(&[][..], |(_, old)| &old.external_ids);
        check(&new.external_ids, kept, HolderKind::Contact, |id| {
            let found = self.txn.contact_by_external_id(id, no)?;
            Ok(found.map(|(_, holder)| holder.id))
        })
    }

    /// Refuses external ids that another organisation has, likewise.
    pub(super) fn check_organization_keys(
        &self,
        old: Option<(OrganizationNo, &Organization)>,
        new: &Organization,
    ) -> Result<(), BookError> {
        let no = old.map(|(no, _)| no);
        let kept = old.map_or(&[][..], |(_, old)| &old.external_ids);
        check(&new.external_ids, kept, HolderKind::Organization, |id| {
            let found = self.txn.organization_by_external_id(id, no)?;
            Ok(found.map(|(_, holder)| holder.id))
        })
    }
}

/// Refuses external ids that have another holder.
fn check(
    ids: &[ExternalId],
    kept: &[ExternalId],
    kind: HolderKind,
    holder: impl Fn(&ExternalId) -> Result<Option<Uuid>, StoreError>,
) -> Result<(), BookError> {
    let mut taken = Vec::new();
    for (index, id) in ids.iter().enumerate() {
        if !kept.contains(id)
            && let Some(holder) = holder(id)?
        {
            taken.push(ExternalIdTaken { index, holder, kind });
        }
    }
    if taken.is_empty() { Ok(()) } else { Err(BookError::ExternalIdsTaken(taken)) }
}
