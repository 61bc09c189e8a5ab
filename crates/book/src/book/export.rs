//! Export: every record of a snapshot, in the order in which an import wants them. It does not
//! know in which form they are written.

use crate::error::BookError;
use crate::limits::EXPORT_NAMES_MAX;
use crate::local::snapshot::Snapshot;
use carnet_model::{Contact, Note, Organization, Uuid};
use std::collections::HashMap;

/// A record of an export.
#[derive(Clone, Copy, Debug)]
pub enum ExportItem<'a> {
    /// An organisation.
    Organization(&'a Organization),
    /// A contact, and the name of its organisation if it has one.
    Contact(&'a Contact, Option<&'a str>),
    /// A note.
    Note(&'a Note),
}

impl Snapshot {
    /// Gives every record to `take`: organisations first, because contacts name them, then
    /// contacts, then the notes on both. Memory is bounded, however much there is.
    ///
    /// # Errors
    /// The first error of `take`, and that of a store that fails.
    pub fn export<E: From<BookError>>(
        &self,
        mut take: impl FnMut(ExportItem<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut after = None;
        loop {
            let page = self.organizations_after(after)?;
            let Some((last, _)) = page.last() else { break };
            after = Some(*last);
            for (_, organization) in &page {
                take(ExportItem::Organization(organization))?;
            }
        }
        self.export_contacts(|contact, name| take(ExportItem::Contact(contact, name)))?;
        let mut after = None;
        loop {
            let page = self.notes_after(after)?;
            let Some((last, _)) = page.last() else { return Ok(()) };
            after = Some(*last);
            for (_, note) in &page {
                take(ExportItem::Note(note))?;
            }
        }
    }

    /// Gives every contact with the name of its organisation to `take`.
    ///
    /// # Errors
    /// As for [`Snapshot::export`].
    pub fn export_contacts<E: From<BookError>>(
        &self,
        mut take: impl FnMut(&Contact, Option<&str>) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut names = Names { snapshot: self, known: HashMap::new() };
        let mut after = None;
        loop {
            let page = self.contacts_after(after)?;
            let Some((last, _)) = page.last() else { return Ok(()) };
            after = Some(*last);
            for (_, contact) in &page {
                take(contact, names.of(contact)?)?;
            }
        }
    }
}

/// Names of organisations that were read lately, so that one with many contacts is not read for
/// each of them.
struct Names<'a> {
    snapshot: &'a Snapshot,
    known: HashMap<Uuid, Option<String>>,
}

impl Names<'_> {
    fn of(&mut self, contact: &Contact) -> Result<Option<&str>, BookError> {
        let Some(id) = contact.organization else {
            return Ok(None);
        };
        if !self.known.contains_key(&id) {
            if self.known.len() >= EXPORT_NAMES_MAX {
                self.known.clear();
            }
            let organization = self.snapshot.organization(id)?;
            self.known.insert(id, organization.map(|organization| organization.name));
        }
        Ok(self.known.get(&id).and_then(Option::as_deref))
    }
}
