//! Notes on contacts and organisations.

use crate::entities::lookup;
use crate::error::{AddError, EditError, OrStoreError, StoreError};
use crate::record::encode;
use crate::tables::{Mode, Tables};
use crate::write::{Stamp, WriteTxn, expect};
use carnet_model::{Action, Entity, Note, NoteNo, Subject};
use redb::ReadableTable;
use uuid::Uuid;

/// A subject as `subject_notes` has it: its kind's number, which is part of the file format, and
/// its id.
pub(crate) fn subject_key(subject: &Subject) -> (u8, &[u8; 16]) {
    match subject {
        Subject::Contact(id) => (1, id.as_bytes()),
        Subject::Organization(id) => (2, id.as_bytes()),
    }
}

impl<M: Mode> Tables<M> {
    pub(crate) fn note_by_id(&self, id: Uuid) -> Result<Option<(NoteNo, Note)>, StoreError> {
        let Some(no) = lookup::no_of(&self.note_ids, id)? else {
            return Ok(None);
        };
        Ok(Some((NoteNo(no), lookup::get_indexed(&self.notes, no)?)))
    }

    pub(crate) fn notes_of(&self, subject: &Subject) -> Result<Vec<(NoteNo, Note)>, StoreError> {
        let nos = self.note_nos_of(subject)?.into_iter();
        nos.map(|no| Ok((no, lookup::get_indexed(&self.notes, no.0)?))).collect()
    }

    fn note_nos_of(&self, subject: &Subject) -> Result<Vec<NoteNo>, StoreError> {
        let (kind, id) = subject_key(subject);
        let all = (kind, id, 0)..=(kind, id, u64::MAX);
        let rows = self.subject_notes.range(all).or_store_error()?;
        rows.map(|row| Ok(NoteNo(row.or_store_error()?.0.value().2))).collect()
    }

    pub(crate) fn notes_after(
        &self,
        after: Option<NoteNo>,
        limit: usize,
    ) -> Result<Vec<(NoteNo, Note)>, StoreError> {
        let rows = lookup::after(&self.notes, after.map(|no| no.0), limit)?;
        Ok(rows.into_iter().map(|(no, note)| (NoteNo(no), note)).collect())
    }

    /// Whether the subject of a note is there.
    pub(crate) fn has_subject(&self, subject: &Subject) -> Result<bool, StoreError> {
        Ok(match subject {
            Subject::Contact(id) => self.contact_no(*id)?.is_some(),
            Subject::Organization(id) => self.organization_no(*id)?.is_some(),
        })
    }
}

impl WriteTxn<'_> {
    /// Adds a note and returns the number that is its key from now on.
    pub fn add_note(&mut self, note: &Note, stamp: &Stamp<'_>) -> Result<NoteNo, AddError> {
        if lookup::no_of(&self.tables.note_ids, note.id)?.is_some() {
            return Err(AddError::IdTaken(note.id));
        }
        if !self.tables.has_subject(&note.subject)? {
            let (Subject::Contact(id) | Subject::Organization(id)) = note.subject;
            return Err(AddError::NoSuchSubject(id));
        }
        let no = NoteNo(self.next_note);
        let bytes = encode(note, &no.0)?;
        self.next_note += 1;
        self.tables.notes.insert(no.0, bytes.as_slice()).or_store_error()?;
        self.tables.note_ids.insert(note.id.as_bytes(), no.0).or_store_error()?;
        let (kind, id) = subject_key(&note.subject);
        self.tables.subject_notes.insert((kind, id, no.0), ()).or_store_error()?;
        self.log(Entity::Note(no), Action::Added, stamp)?;
        Ok(no)
    }

    /// Makes a note what `new` says; it stays on its subject. `old` must be its present state.
    pub fn edit_note(
        &mut self,
        no: NoteNo,
        old: &Note,
        new: &Note,
        stamp: &Stamp<'_>,
    ) -> Result<(), EditError> {
        if old.id != new.id || old.subject != new.subject {
            return Err(EditError::IdChanged);
        }
        expect(&self.tables.notes, no.0, old)?;
        let bytes = encode(new, &no.0)?;
        self.tables.notes.insert(no.0, bytes.as_slice()).or_store_error()?;
        Ok(self.log(Entity::Note(no), Action::Edited, stamp)?)
    }

    /// Removes a note. `note` must be its present state.
    pub fn remove_note(
        &mut self,
        no: NoteNo,
        note: &Note,
        stamp: &Stamp<'_>,
    ) -> Result<(), EditError> {
        expect(&self.tables.notes, no.0, note)?;
        Ok(self.drop_note(no, note, stamp)?)
    }

    /// Removes every note on a subject that is being removed. One at a time is decoded.
    pub(crate) fn remove_notes_of(
        &mut self,
        subject: &Subject,
        stamp: &Stamp<'_>,
    ) -> Result<(), StoreError> {
        for no in self.tables.note_nos_of(subject)? {
            let note = lookup::get_indexed(&self.tables.notes, no.0)?;
            self.drop_note(no, &note, stamp)?;
        }
        Ok(())
    }

    fn drop_note(&mut self, no: NoteNo, note: &Note, stamp: &Stamp<'_>) -> Result<(), StoreError> {
        let (kind, id) = subject_key(&note.subject);
        self.tables.subject_notes.remove((kind, id, no.0)).or_store_error()?;
        self.tables.note_ids.remove(note.id.as_bytes()).or_store_error()?;
        self.tables.notes.remove(no.0).or_store_error()?;
        self.log(Entity::Note(no), Action::Removed, stamp)
    }
}
