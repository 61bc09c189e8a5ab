//! The words of an import: kinds of records, its choices, and what it has to say.

use carnet_model::ImportItem;
use serde_json::Value;

/// The choices of who imports.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ImportOptions {
    /// The fields that a record does not mention stay as they are.
    pub keep_missing: bool,
    /// A record with a field that is not known is refused.
    pub strict: bool,
}

/// A kind of record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordKind {
    /// A contact.
    Contact,
    /// An organisation.
    Organization,
    /// A note.
    Note,
    /// A version of a schema.
    Schema,
}

/// What a person has to know about a record that was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NoticeKind {
    /// Several numbers or addresses stood in one field, and are in several now.
    Moved,
    /// Several numbers stand in one field, because too few others are free.
    Crowded,
    /// A number is kept as it was typed, and no look-up finds it.
    Unread,
    /// A spreadsheet has rounded a number of an organisation.
    Rounded,
    /// A number was read anew from what was once typed.
    ReadAnew,
}

impl NoticeKind {
    /// Every kind.
    pub const ALL: [NoticeKind; 5] = [
        NoticeKind::Moved,
        NoticeKind::Crowded,
        NoticeKind::Unread,
        NoticeKind::Rounded,
        NoticeKind::ReadAnew,
    ];

    /// Its name for programs.
    pub fn as_str(self) -> &'static str {
        match self {
            NoticeKind::Moved => "moved",
            NoticeKind::Crowded => "crowded",
            NoticeKind::Unread => "unread",
            NoticeKind::Rounded => "rounded",
            NoticeKind::ReadAnew => "readAnew",
        }
    }

    /// Whether it tells what was done with a record, which is nothing where the record was there already.
    pub fn is_of_change(self) -> bool {
        matches!(self, NoticeKind::Moved | NoticeKind::ReadAnew)
    }

    /// The kind of this name.
    pub fn parse(name: &str) -> Option<NoticeKind> {
        NoticeKind::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

/// Something that a person has to know about a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The field, as faults name it.
    pub field: String,
    /// Its kind.
    pub kind: NoticeKind,
    /// The sentence.
    pub reason: String,
}

/// A record to be imported, and what is to be said about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Imported {
    /// The record.
    pub item: ImportItem,
    /// What a person has to know.
    pub notices: Vec<Notice>,
    /// The fields that are not known, and so not kept: their paths, without the places in lists.
    pub unknown: Vec<String>,
}

/// Whether a record has an id or an external id, by which it may be known, as far as that can be told
/// without the rules by which it will be read.
pub fn is_keyed(value: &Value) -> bool {
    let has_id = value["id"].as_str().is_some_and(|id| !id.trim().is_empty());
    has_id || value["externalIds"].as_array().is_some_and(|ids| !ids.is_empty())
}
