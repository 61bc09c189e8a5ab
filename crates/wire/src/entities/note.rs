//! Notes: a body to the writable part of a note, and the model's `Note` to an answer.

use crate::json::fields::Fields;
use crate::json::reader::{Reader, parse_uuid, read_body};
use crate::parts::reference::{BASE_PATH, read_date, read_id};
use crate::time::Iso;
use crate::{Checked, Rules};
use carnet_model::limits::{IDENTIFIER_CHARS_MAX, NOTE_CHARS_MAX};
use carnet_model::{ImportNote, Note as ModelNote, Subject, Timestamp, Uuid};
use serde::{Serialize, Serializer};
use serde_json::Value;

/// The part of a note that a client writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteBody {
    /// The text: 1 to 32,000 characters.
    pub text: String,
    /// The id of who wrote it: `createdBy.id`, else the default that was given.
    pub author: String,
    /// Its subject, if the body names one in `entityId` and `entityType`. Where the path of a
    /// request says so too, the path wins; so nothing wrong in the two is a fault.
    pub subject: Option<Subject>,
}

/// Reads the body of a create or replace.
pub fn read(body: &Value, author_default: &str) -> Checked<NoteBody> {
    read_body(body, |at| read_fields(at, author_default))
}

/// Reads a note to be imported. It must say what it is about; numbers are not in it, so the
/// rules decide nothing yet.
pub fn read_import(body: &Value, _rules: &Rules) -> Checked<ImportNote> {
    read_body(body, |at| {
        let given = read_fields(at, "");
        let subject = at.body().and_then(read_subject);
        ImportNote {
            note: ModelNote {
                id: read_id(&at.field("id")),
                // Where there is none, a fault says so, and the note is not used.
                subject: subject.unwrap_or(Subject::Contact(Uuid::nil())),
                text: given.text,
                author: given.author,
                create_date: Timestamp::default(),
                modify_date: Timestamp::default(),
            },
            create_date: read_date(&at.field("createDate")),
            modify_date: read_date(&at.field("modifyDate")),
        }
    })
}

fn read_fields(at: &Reader<'_>, author_default: &str) -> NoteBody {
    let Some(at) = at.body() else {
        return NoteBody { text: String::new(), author: author_default.to_owned(), subject: None };
    };
    let text = at.field("noteText");
    text.require();
    let created_by = at.field("createdBy");
    let author = created_by.object().and_then(|by| by.field("id").text(IDENTIFIER_CHARS_MAX));
    NoteBody {
        text: text.lines(NOTE_CHARS_MAX).unwrap_or_default(),
        author: author.unwrap_or_else(|| author_default.to_owned()),
        subject: hint_subject(at),
    }
}

fn hint_subject(at: &Reader<'_>) -> Option<Subject> {
    let id = parse_uuid(at.field("entityId").value()?.as_str()?.trim())?;
    subject_of(at.field("entityType").value()?.as_str()?.trim(), id)
}

/// The subject that the body names; a fault where it names none.
fn read_subject(at: &Reader<'_>) -> Option<Subject> {
    let (id, kind) = (at.field("entityId"), at.field("entityType"));
    id.require();
    kind.require();
    let id = id.uuid();
    let name = kind.line(IDENTIFIER_CHARS_MAX)?;
    // Which id it is matters not for telling whether the name is one of the two.
    if subject_of(name, Uuid::nil()).is_none() {
        kind.refuse("a note is about a contact or an organization");
    }
    subject_of(name, id?)
}

fn subject_of(name: &str, id: Uuid) -> Option<Subject> {
    match name {
        _ if name.eq_ignore_ascii_case("contact") => Some(Subject::Contact(id)),
        _ if name.eq_ignore_ascii_case("organization") => Some(Subject::Organization(id)),
        _ => None,
    }
}

/// A note as answers have it. It borrows everything.
#[derive(Clone, Copy, Debug)]
pub struct Note<'a>(&'a ModelNote);

impl<'a> Note<'a> {
    /// The answer for `note`.
    pub fn new(note: &'a ModelNote) -> Self {
        Note(note)
    }
}

impl Serialize for Note<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let note = self.0;
        let (kind, folder, subject) = match note.subject {
            Subject::Contact(id) => ("contact", "contacts", id),
            Subject::Organization(id) => ("organization", "organizations", id),
        };
        let mut out = Fields::begin(serializer)?;
        out.add("id", &note.id)?;
        out.add("entityId", &subject)?;
        out.add("entityType", kind)?;
        out.add("noteText", &note.text)?;
        if !note.author.is_empty() {
            out.add("createdBy", &User(&note.author))?;
        }
        out.add("createDate", &Iso(note.create_date))?;
        out.add("modifyDate", &Iso(note.modify_date))?;
        let id = note.id;
        out.add("selfUri", &format_args!("{BASE_PATH}/{folder}/{subject}/notes/{id}"))?;
        out.end()
    }
}

/// Who wrote a note, as answers have it.
struct User<'a>(&'a str);

impl Serialize for User<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let id = self.0;
        let mut out = Fields::begin(serializer)?;
        out.add("id", id)?;
        out.add("selfUri", &format_args!("/api/v2/users/{id}"))?;
        out.end()
    }
}

#[cfg(test)]
mod tests;
