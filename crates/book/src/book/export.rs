//! Export: every record of a snapshot, in the order in which an import wants them. It does not
//! know in which form they are written.

use crate::book::organization_names::OrganizationNames;
use crate::error::BookError;
use crate::limits::SCAN_RECORDS;
use crate::local::snapshot::Snapshot;
use carnet_model::{Contact, DataSchema, Note, Organization};

/// A record of an export.
#[derive(Clone, Copy, Debug)]
pub enum ExportItem<'a> {
    /// An organisation.
    Organization(&'a Organization),
    /// A contact, and the name of its organisation if it has one.
    Contact(&'a Contact, Option<&'a str>),
    /// A note.
    Note(&'a Note),
    /// A version of a schema, and whether the schema was removed.
    Schema(&'a DataSchema, bool),
}

impl Snapshot {
    /// Gives every record to `take`: every version of the schemas first, because the others follow
    /// them, then organisations, because contacts name them, then contacts, then the notes on both. Memory is bounded, however much there is.
    ///
    /// # Errors
    /// The first error of `take`, and that of a store that fails.
    pub fn export<E: From<BookError>>(
        &self,
        mut take: impl FnMut(ExportItem<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        self.export_schemas(|schema, removed| take(ExportItem::Schema(schema, removed)))?;
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

    /// Gives every version of the schemas to `take`, with whether the schema was removed.
    ///
    /// # Errors
    /// As for [`Snapshot::export`].
    pub fn export_schemas<E: From<BookError>>(
        &self,
        mut take: impl FnMut(&DataSchema, bool) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut after = None;
        loop {
            let page = self.schema_versions_after(after, SCAN_RECORDS)?;
            let Some((last, _)) = page.last() else { return Ok(()) };
            after = Some((last.id, last.version));
            for (schema, removed) in &page {
                take(schema, *removed)?;
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
        let mut names = OrganizationNames::default();
        let mut after = None;
        loop {
            let page = self.contacts_after(after)?;
            let Some((last, _)) = page.last() else { return Ok(()) };
            after = Some(*last);
            for (_, contact) in &page {
                take(contact, names.of(contact, self)?)?;
            }
        }
    }
}
