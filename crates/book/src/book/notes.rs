//! Notes of contacts and organisations.

use crate::local::edit::transaction::Edit;
use crate::{AddressBook, BookError, EditError, Thing, Who};
use carnet_model::{Note, NoteNo, Subject};
use carnet_storage::{Readable, Stamp};
use uuid::Uuid;

impl AddressBook {
    /// Leaves a note. `author` is the id of who wrote it.
    ///
    /// # Errors
    /// [`BookError::NotFound`] when there is no such contact or organisation.
    pub async fn add_note(
        &self,
        by: &Who,
        subject: Subject,
        text: String,
        author: String,
    ) -> Result<Note, BookError> {
        let by = by.client.clone();
        let edit = move |edit: &mut Edit<'_, '_>| {
            edit.check_subject(subject)?;
            let note = Note {
                id: Uuid::now_v7(),
                subject,
                text,
                author,
                create_date: edit.at,
                modify_date: edit.at,
            };
            edit.txn.add_note(&note, &Stamp { at: edit.at, by: &by })?;
            Ok(note)
        };
        self.write(1, edit).await
    }

    /// Puts another text in the place of a note's. Without `author` the old one stays.
    ///
    /// # Errors
    /// [`BookError::NotFound`] when the contact or organisation has no such note.
    pub async fn replace_note(
        &self,
        by: &Who,
        subject: Subject,
        id: Uuid,
        text: String,
        author: Option<String>,
    ) -> Result<Note, BookError> {
        let change = move |old: &Note| {
            let author = author.unwrap_or_else(|| old.author.clone());
            Ok(Note { text, author, ..old.clone() })
        };
        self.edit_note(by, subject, id, change).await
    }

    /// Edits a note in its newest state; `change` runs in the writer.
    ///
    /// # Errors
    /// [`BookError::NotFound`], and what `change` refuses.
    pub async fn edit_note(
        &self,
        by: &Who,
        subject: Subject,
        id: Uuid,
        change: impl FnOnce(&Note) -> Result<Note, EditError> + Send + 'static,
    ) -> Result<Note, BookError> {
        let by = by.client.clone();
        let edit = move |edit: &mut Edit<'_, '_>| {
            let (no, old) = edit.note(subject, id)?;
            let new = Note {
                id: old.id,
                subject: old.subject,
                create_date: old.create_date,
                modify_date: edit.at,
                ..change(&old)?
            };
            edit.txn.edit_note(no, &old, &new, &Stamp { at: edit.at, by: &by })?;
            Ok(new)
        };
        self.write(1, edit).await
    }

    /// Removes a note.
    ///
    /// # Errors
    /// [`BookError::NotFound`] when the contact or organisation has no such note.
    pub async fn remove_note(&self, by: &Who, subject: Subject, id: Uuid) -> Result<(), BookError> {
        let by = by.client.clone();
        let edit = move |edit: &mut Edit<'_, '_>| {
            let (no, old) = edit.note(subject, id)?;
            edit.txn.remove_note(no, &old, &Stamp { at: edit.at, by: &by })?;
            Ok(())
        };
        self.write(1, edit).await
    }
}

impl Edit<'_, '_> {
    pub(crate) fn check_subject(&self, subject: Subject) -> Result<(), BookError> {
        let (known, thing) = match subject {
            Subject::Contact(id) => (self.txn.contact_no(id)?.is_some(), Thing::Contact),
            Subject::Organization(id) => {
                (self.txn.organization_no(id)?.is_some(), Thing::Organization)
            }
        };
        known.then_some(()).ok_or(BookError::NotFound(thing))
    }

    fn note(&self, subject: Subject, id: Uuid) -> Result<(NoteNo, Note), BookError> {
        self.check_subject(subject)?;
        let found = self.txn.note_by_id(id)?.filter(|(_, note)| note.subject == subject);
        found.ok_or(BookError::NotFound(Thing::Note))
    }
}
