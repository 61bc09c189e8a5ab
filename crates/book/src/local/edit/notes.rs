//! Notes in a transaction. Search does not know notes, so they have no effects.

use crate::error::{BookError, EditError, EntityKind};
use crate::local::edit::transaction::Transaction;
use carnet_model::{Note, NoteNo, Subject};
use carnet_storage::{Readable, Stamp};
use uuid::Uuid;

impl Transaction<'_, '_> {
    /// Adds a note to a contact or organisation.
    pub(crate) fn add_note(
        &mut self,
        subject: Subject,
        text: String,
        author: String,
        by: &str,
    ) -> Result<Note, BookError> {
        self.check_subject(subject)?;
        let note = Note {
            id: Uuid::now_v7(),
            subject,
            text,
            author,
            create_date: self.at,
            modify_date: self.at,
        };
        self.txn.add_note(&note, &Stamp { at: self.at, by })?;
        Ok(note)
    }

    /// Edits a note in its present state.
    pub(crate) fn edit_note(
        &mut self,
        subject: Subject,
        id: Uuid,
        change: impl FnOnce(&Note) -> Result<Note, EditError>,
        by: &str,
    ) -> Result<Note, BookError> {
        let (no, old) = self.note(subject, id)?;
        let new = Note {
            id: old.id,
            subject: old.subject,
            create_date: old.create_date,
            modify_date: self.at,
            ..change(&old)?
        };
        self.txn.edit_note(no, &old, &new, &Stamp { at: self.at, by })?;
        Ok(new)
    }

    /// Removes a note, unless `check` refuses its present state.
    pub(crate) fn remove_note(
        &mut self,
        subject: Subject,
        id: Uuid,
        check: impl FnOnce(&Note) -> Result<(), EditError>,
        by: &str,
    ) -> Result<(), BookError> {
        let (no, old) = self.note(subject, id)?;
        check(&old)?;
        Ok(self.txn.remove_note(no, &old, &Stamp { at: self.at, by })?)
    }

    /// Refuses a contact or organisation that does not exist.
    pub(crate) fn check_subject(&self, subject: Subject) -> Result<(), BookError> {
        let (known, thing) = match subject {
            Subject::Contact(id) => (self.txn.contact_no(id)?.is_some(), EntityKind::Contact),
            Subject::Organization(id) => {
                (self.txn.organization_no(id)?.is_some(), EntityKind::Organization)
            }
        };
        known.then_some(()).ok_or(BookError::NotFound(thing))
    }

    fn note(&self, subject: Subject, id: Uuid) -> Result<(NoteNo, Note), BookError> {
        // First, so that a missing contact is not taken for a missing note.
        self.check_subject(subject)?;
        // A note of another subject is not to be found under this one.
        let found = self.txn.note_by_id(id)?.filter(|(_, note)| note.subject == subject);
        found.ok_or(BookError::NotFound(EntityKind::Note))
    }
}
