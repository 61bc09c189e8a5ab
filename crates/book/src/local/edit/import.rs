//! Imported records in a transaction: each is added, or updates the record that has its id or its
//! external id. The format of a file is not known here.

use crate::error::BookError;
use crate::local::edit::schemas::Coming;
use crate::local::edit::transaction::Transaction;
use crate::queries::ImportOutcome;
use carnet_model::{
    Contact, ContactField, ContactNo, ImportContact, ImportItem, ImportNote, ImportOrganization,
    InvalidReference, Note, Organization, OrganizationNo, SchemaRef, Subject, Timestamp,
    canonical_name, decomposed_name,
};
use carnet_storage::{Readable, Stamp};
use uuid::Uuid;

impl Transaction<'_, '_> {
    /// Imports records in order, and appends the outcome of each.
    pub(crate) fn import_all(
        &mut self,
        items: Vec<ImportItem>,
        by: &str,
        outcomes: &mut Vec<ImportOutcome>,
    ) -> Result<(), BookError> {
        for item in items {
            outcomes.push(match self.import(item, by) {
                Ok(outcome) => outcome,
                // The row's own fault, so the others go on.
                Err(BookError::InvalidReference(reference)) => ImportOutcome::Skipped(reference),
                Err(BookError::ExternalIdsTaken(taken)) => ImportOutcome::Taken(taken),
                Err(BookError::InvalidFields(invalid)) => ImportOutcome::Fields(invalid),
                Err(error) => return Err(error),
            });
        }
        Ok(())
    }

    fn import(&mut self, item: ImportItem, by: &str) -> Result<ImportOutcome, BookError> {
        match item {
            ImportItem::Contact(item) => self.import_contact(item, by),
            ImportItem::Organization(item) => self.import_organization(item, by),
            ImportItem::Note(item) => self.import_note(item, by),
            ImportItem::Schema(item) => self.import_schema(item),
        }
    }

    fn import_contact(
        &mut self,
        item: ImportContact,
        by: &str,
    ) -> Result<ImportOutcome, BookError> {
        let mut item = item;
        let known = self.known_contact(&item.contact)?;
        let old = known.as_ref().map(|(no, old)| (*no, old));
        if let Some((_, old)) = old {
            check_content(&item, old)?;
            check_names(&item, old)?;
        } else if lacks_names(&item) {
            return Err(BookError::InvalidReference(InvalidReference::Contact));
        } else {
            self.check_no_organization(item.contact.id)?;
            self.check_no_note(item.contact.id)?;
        }
        // A row without an id and without a holder of its external ids was compared already.
        if old.is_some() || !item.contact.id.is_nil() {
            // Before anything is written: a row that is refused leaves no organisation behind.
            self.check_contact_keys(old, &item.contact)?;
        }
        item.contact.schema = self.check_imported_fields(&item, old.map(|(_, old)| old))?;
        let name = item.organization_name.take();
        self.link(&mut item.contact, name, by)?;
        if let (Some((_, old)), Some(mentioned)) = (&known, &item.mentioned) {
            let kept = mentioned.keep_missing(&mut item.contact, old);
            kept.map_err(BookError::InvalidReference)?;
            check_kept(&item.contact, old)?;
        }
        let ImportContact { mut contact, create_date, modify_date, .. } = item;
        let Some((no, old)) = known else {
            if contact.id.is_nil() {
                contact.id = Uuid::now_v7();
            }
            contact.create_date = create_date.unwrap_or(self.at);
            contact.modify_date = modify_date.or(create_date).unwrap_or(self.at);
            self.insert_contact(&contact, by)?;
            return Ok(ImportOutcome::Added);
        };
        // `succeed` keeps the old kind, as an edit must; an import brings its own.
        let kind = contact.kind;
        contact.succeed(&old);
        contact.kind = kind;
        contact.create_date = create_date.unwrap_or(old.create_date);
        contact.modify_date = modify_date.unwrap_or(old.modify_date);
        // With the old dates where the row has none: only what the row says can differ.
        if contact == old {
            return Ok(ImportOutcome::Unchanged);
        }
        contact.modify_date = modify_date.unwrap_or(self.at);
        self.update_contact(no, &old, &contact, by)?;
        Ok(ImportOutcome::Updated)
    }

    /// Refuses custom fields that no schema allows: those that the contact will have, where the record
    /// does not mention all of them. Returns the schema with the version that counts.
    fn check_imported_fields(
        &mut self,
        item: &ImportContact,
        old: Option<&Contact>,
    ) -> Result<Option<SchemaRef>, BookError> {
        let coming = coming(item.contact.id);
        if let (Some(mentioned), Some(old)) = (&item.mentioned, old) {
            let mut whole = item.contact.clone();
            mentioned.keep_missing(&mut whole, old).map_err(BookError::InvalidReference)?;
            return self.check_contact_fields(Some(old), &whole, coming);
        }
        self.check_contact_fields(old, &item.contact, coming)
    }

    /// Links an imported contact to the organisation that it names, which is added when it is
    /// missing.
    fn link(
        &mut self,
        contact: &mut Contact,
        name: Option<String>,
        by: &str,
    ) -> Result<(), BookError> {
        let named = match &name {
            Some(name) if contact.organization.is_none() => self.organization_named(name)?,
            _ => None,
        };
        let id = match (contact.organization, named, name) {
            (None, None, None) => return Ok(()),
            (None, Some((_, organization)), _) => organization.id,
            // A known id counts alone; the name beside it may be an older one.
            (Some(id), ..) if self.txn.organization_no(id)?.is_some() => id,
            // Neither made under this id nor waited for.
            (Some(id), ..) if self.txn.contact_no(id)?.is_some() => {
                return Err(BookError::InvalidReference(InvalidReference::OrganizationIsContact));
            }
            (Some(_), _, None) => {
                return Err(BookError::InvalidReference(InvalidReference::Organization));
            }
            // Under the row's id if it has one, so that later rows find it by that.
            (id, _, Some(name)) => {
                // One with an id has the name of the file that it came from.
                let name = if id.is_some() { name } else { canonical_name(&name) };
                let id = id.unwrap_or_else(Uuid::now_v7);
                let organization = Organization {
                    id,
                    name,
                    create_date: self.at,
                    modify_date: self.at,
                    ..Organization::default()
                };
                self.insert_organization(&organization, by)?;
                id
            }
        };
        contact.organization = Some(id);
        Ok(())
    }

    /// The oldest organisation of this name. Letters that are composed or decomposed and the
    /// blanks between words make no other name.
    fn organization_named(
        &self,
        name: &str,
    ) -> Result<Option<(OrganizationNo, Organization)>, BookError> {
        let canonical = canonical_name(name);
        let found = |name: &str| -> Result<_, BookError> {
            Ok(self.txn.organizations_by_name(name)?.into_iter().next())
        };
        if let Some(known) = found(name)? {
            return Ok(Some(known));
        }
        if canonical != name
            && let Some(known) = found(&canonical)?
        {
            return Ok(Some(known));
        }
        match decomposed_name(&canonical) {
            decomposed if decomposed != canonical && decomposed != name => found(&decomposed),
            _ => Ok(None),
        }
    }

    /// The contact that an imported one updates.
    fn known_contact(&self, contact: &Contact) -> Result<Option<(ContactNo, Contact)>, BookError> {
        if !contact.id.is_nil() {
            // A record with an id of its own is that record, even if it shares an external id.
            return Ok(self.txn.contact_by_id(contact.id)?);
        }
        for id in &contact.external_ids {
            let known = self.txn.contact_by_external_id(id, None)?;
            if known.is_some() {
                return Ok(known);
            }
        }
        Ok(None)
    }

    fn import_organization(
        &mut self,
        item: ImportOrganization,
        by: &str,
    ) -> Result<ImportOutcome, BookError> {
        let ImportOrganization { mut organization, create_date, modify_date } = item;
        let known = self.known_organization(&organization)?;
        if known.is_none() {
            self.check_no_contact(organization.id)?;
            self.check_no_note(organization.id)?;
        }
        // A row without an id and without a holder of its external ids was compared already.
        if known.is_some() || !organization.id.is_nil() {
            let old = known.as_ref().map(|(no, old)| (*no, old));
            self.check_organization_keys(old, &organization)?;
        }
        let old = known.as_ref().map(|(_, old)| old);
        let coming = coming(organization.id);
        organization.schema = self.check_organization_fields(old, &organization, coming)?;
        let Some((no, old)) = known else {
            if organization.id.is_nil() {
                organization.id = Uuid::now_v7();
                organization.name = canonical_name(&organization.name);
            }
            organization.create_date = create_date.unwrap_or(self.at);
            organization.modify_date = modify_date.or(create_date).unwrap_or(self.at);
            self.insert_organization(&organization, by)?;
            return Ok(ImportOutcome::Added);
        };
        // Without an id it may have been found by another spelling of the name.
        if organization.id.is_nil()
            && canonical_name(&organization.name) == canonical_name(&old.name)
        {
            organization.name.clone_from(&old.name);
        }
        organization.succeed(&old);
        organization.create_date = create_date.unwrap_or(old.create_date);
        organization.modify_date = modify_date.unwrap_or(old.modify_date);
        if organization == old {
            return Ok(ImportOutcome::Unchanged);
        }
        organization.modify_date = modify_date.unwrap_or(self.at);
        self.update_organization(no, &old, &organization, by)?;
        Ok(ImportOutcome::Updated)
    }

    /// The organisation that an imported one updates: by id, external id, or name.
    fn known_organization(
        &self,
        organization: &Organization,
    ) -> Result<Option<(OrganizationNo, Organization)>, BookError> {
        if !organization.id.is_nil() {
            return Ok(self.txn.organization_by_id(organization.id)?);
        }
        for id in &organization.external_ids {
            let known = self.txn.organization_by_external_id(id, None)?;
            if known.is_some() {
                return Ok(known);
            }
        }
        // Last, because several organisations may have one name.
        self.organization_named(&organization.name)
    }

    fn import_note(&mut self, item: ImportNote, by: &str) -> Result<ImportOutcome, BookError> {
        let ImportNote { mut note, create_date, modify_date } = item;
        if let Err(BookError::NotFound(_)) = self.check_subject(note.subject) {
            return Err(BookError::InvalidReference(match note.subject {
                Subject::Contact(_) => InvalidReference::NoteContact,
                Subject::Organization(_) => InvalidReference::NoteOrganization,
            }));
        }
        let known = match note.id.is_nil() {
            true => None,
            false => self.txn.note_by_id(note.id)?,
        };
        let stamp = Stamp { at: self.at, by };
        let Some((no, old)) = known else {
            if note.id.is_nil() {
                // Without an id there is no other way to know it when a file is imported again.
                if self.has_note(&note, create_date)? {
                    return Ok(ImportOutcome::Unchanged);
                }
                note.id = Uuid::now_v7();
            } else {
                self.check_no_contact(note.id)?;
                self.check_no_organization(note.id)?;
            }
            note.create_date = create_date.unwrap_or(self.at);
            note.modify_date = modify_date.or(create_date).unwrap_or(self.at);
            self.txn.add_note(&note, &stamp)?;
            return Ok(ImportOutcome::Added);
        };
        // A note stays with its subject, as in an edit.
        if old.subject != note.subject {
            return Err(BookError::InvalidReference(InvalidReference::NoteSubject));
        }
        note.create_date = create_date.unwrap_or(old.create_date);
        note.modify_date = modify_date.unwrap_or(old.modify_date);
        if note == old {
            return Ok(ImportOutcome::Unchanged);
        }
        note.modify_date = modify_date.unwrap_or(self.at);
        self.txn.edit_note(no, &old, &note, &stamp)?;
        Ok(ImportOutcome::Updated)
    }

    /// Refuses a new record that is no contact and has the id of one.
    fn check_no_contact(&self, id: Uuid) -> Result<(), BookError> {
        match !id.is_nil() && self.txn.contact_no(id)?.is_some() {
            true => Err(BookError::InvalidReference(InvalidReference::IdOfContact)),
            false => Ok(()),
        }
    }

    /// Refuses a new record that is no organisation and has the id of one.
    fn check_no_organization(&self, id: Uuid) -> Result<(), BookError> {
        match !id.is_nil() && self.txn.organization_no(id)?.is_some() {
            true => Err(BookError::InvalidReference(InvalidReference::IdOfOrganization)),
            false => Ok(()),
        }
    }

    /// Refuses a new record that is no note and has the id of one: of an export with both, one would
    /// not come back.
    fn check_no_note(&self, id: Uuid) -> Result<(), BookError> {
        match !id.is_nil() && self.txn.note_by_id(id)?.is_some() {
            true => Err(BookError::InvalidReference(InvalidReference::IdOfNote)),
            false => Ok(()),
        }
    }

    /// Whether a note without an id is there already: with its text, its author, and its time where
    /// one is given.
    fn has_note(&self, note: &Note, create_date: Option<Timestamp>) -> Result<bool, BookError> {
        let notes = self.txn.notes_of(&note.subject)?;
        Ok(notes.iter().any(|(_, old)| {
            old.text == note.text
                && old.author == note.author
                && create_date.is_none_or(|date| date == old.create_date)
        }))
    }
}

/// How a record with this id came: one that has an id was kept somewhere before.
fn coming(id: Uuid) -> Coming {
    if id.is_nil() { Coming::Written } else { Coming::Restored }
}

/// Refuses a record that would empty the contact that it updates: one that has nothing of a contact
/// but the ids by which it is known.
fn check_content(item: &ImportContact, old: &Contact) -> Result<(), BookError> {
    let leaves_others = item.mentioned.is_some();
    if leaves_others || item.organization_name.is_some() || has_content(&item.contact) {
        return Ok(());
    }
    match has_content(old) {
        true => Err(BookError::InvalidReference(InvalidReference::NoField)),
        false => Ok(()),
    }
}

/// Refuses a record that would take a name from the contact that it updates, though names are required.
fn check_names(item: &ImportContact, old: &Contact) -> Result<(), BookError> {
    let says = |field| item.mentioned.as_ref().is_none_or(|some| some.fields.contains(&field));
    let is_lost = |field, old: &Option<String>, new: &Option<String>| {
        item.names_required && old.is_some() && new.is_none() && says(field)
    };
    let first = is_lost(ContactField::FirstName, &old.first_name, &item.contact.first_name);
    let last = is_lost(ContactField::LastName, &old.last_name, &item.contact.last_name);
    match first || last {
        true => Err(BookError::InvalidReference(InvalidReference::NameLost { first, last })),
        false => Ok(()),
    }
}

/// Refuses a record that leaves nothing of the contact.
fn check_kept(new: &Contact, old: &Contact) -> Result<(), BookError> {
    match has_content(old) && !has_content(new) {
        true => Err(BookError::InvalidReference(InvalidReference::NoField)),
        false => Ok(()),
    }
}

/// Whether a contact has anything beside ids, dates, and whose and of what kind it is.
fn has_content(contact: &Contact) -> bool {
    let bare = Contact {
        id: contact.id,
        division: contact.division.clone(),
        external_ids: contact.external_ids.clone(),
        schema: contact.schema,
        kind: contact.kind,
        create_date: contact.create_date,
        modify_date: contact.modify_date,
        ..Contact::default()
    };
    bare != *contact
}

/// Whether a record that was to change a contact lacks the names that a new one needs.
fn lacks_names(item: &ImportContact) -> bool {
    let needed = item.mentioned.is_some() && item.names_required;
    needed && (item.contact.first_name.is_none() || item.contact.last_name.is_none())
}
