//! Notes of contacts and organisations.

use crate::book::AddressBook;
use crate::error::{BookError, EditError};
use crate::principal::Principal;
use carnet_model::{Note, Subject};
use uuid::Uuid;

impl AddressBook {
    /// Adds a note. `author` is the id of its author.
    ///
    /// # Errors
    /// [`BookError::NotFound`] when there is no such contact or organisation.
    pub async fn add_note(
        &self,
        by: &Principal,
        subject: Subject,
        text: String,
        author: String,
    ) -> Result<Note, BookError> {
        let by = by.author.clone();
        self.inner
            .write(1, move |transaction| transaction.add_note(subject, text, author, &by))
            .await
    }

    /// Replaces the text of a note. Without `author` the old author stays.
    ///
    /// # Errors
    /// [`BookError::NotFound`] when the contact or organisation has no such note.
    pub async fn replace_note(
        &self,
        by: &Principal,
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
        by: &Principal,
        subject: Subject,
        id: Uuid,
        change: impl FnOnce(&Note) -> Result<Note, EditError> + Send + 'static,
    ) -> Result<Note, BookError> {
        let by = by.author.clone();
        self.inner
            .write(1, move |transaction| transaction.edit_note(subject, id, change, &by))
            .await
    }

    /// Removes a note.
    ///
    /// # Errors
    /// [`BookError::NotFound`] when the contact or organisation has no such note.
    pub async fn remove_note(
        &self,
        by: &Principal,
        subject: Subject,
        id: Uuid,
    ) -> Result<(), BookError> {
        self.remove_note_if(by, subject, id, |_| Ok(())).await
    }

    /// Removes a note, unless `check` refuses its newest state; it runs in the writer.
    ///
    /// # Errors
    /// [`BookError::NotFound`], and what `check` refuses.
    pub async fn remove_note_if(
        &self,
        by: &Principal,
        subject: Subject,
        id: Uuid,
        check: impl FnOnce(&Note) -> Result<(), EditError> + Send + 'static,
    ) -> Result<(), BookError> {
        let by = by.author.clone();
        self.inner
            .write(1, move |transaction| transaction.remove_note(subject, id, check, &by))
            .await
    }
}
