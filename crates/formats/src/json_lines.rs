//! One line of a file of records: a contact, an organisation, a note or a schema as JSON, the form in
//! which everything is exported and imported. It knows nothing of files, and is
//! given a line at a time.
//!
//! A contact is written as the API shows it. All others have one key more, `carnet`, which names their
//! kind.

use carnet_model::{Contact, DataSchema, FaultKind, ImportItem, Invalid, Note, Organization};
use carnet_wire::contact::{ExternalContact, Linked};
use carnet_wire::import::{self, ImportOptions, Imported, RecordKind};
use carnet_wire::organization::ExternalOrganization;
use carnet_wire::{Rules, contact, exact, note, organization, schema};
use serde::Serialize;
use serde_json::Value;
use std::fmt;

mod document;
#[cfg(test)]
pub(crate) mod records;
#[cfg(test)]
mod tests;

pub use document::Document;

/// The key that names the kind of a line.
const TAG: &str = "carnet";
const CONTACT: &str = "contact";
const ORGANIZATION: &str = "organization";
const NOTE: &str = "note";
const SCHEMA: &str = "schema";

/// The name of a line itself in a fault.
const WHOLE: &str = "$";

/// The mark that some editors put before the first line of a file.
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// Why a line cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LineError {
    /// It is no JSON.
    Json {
        /// The parser's reason, without any part of the line.
        message: String,
        /// Where, in bytes from 1; 0 when the line is empty.
        column: usize,
    },
    /// It is JSON, and these fields are wrong.
    Invalid(Invalid),
}

impl fmt::Display for LineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LineError::Json { message, column } => {
                write!(f, "not JSON: {message} at column {column}")
            }
            LineError::Invalid(invalid) => invalid.fmt(f),
        }
    }
}

impl std::error::Error for LineError {}

impl From<Invalid> for LineError {
    fn from(invalid: Invalid) -> LineError {
        LineError::Invalid(invalid)
    }
}

/// Reads a line; its ending may be there or not.
///
/// # Errors
/// [`LineError::Json`] when it is no JSON, else every field that is wrong.
pub fn read(line: &[u8], rules: &Rules) -> Result<ImportItem, LineError> {
    let line = line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line);
    let value = exact::read(line).map_err(|error| json_error(&error))?;
    read_value(&value, rules).map_err(LineError::Invalid)
}

/// Reads a line to be imported: as [`read`] does, and what others have written and carnet would not.
///
/// # Errors
/// As [`read`].
pub fn import(line: &[u8], rules: &Rules, options: ImportOptions) -> Result<Imported, LineError> {
    let line = line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line);
    let value = exact::read(line).map_err(|error| import_error(line, &error))?;
    let kind = kind_of(&value)?;
    Ok(import::read(kind, &value, rules, options).into_result()?)
}

/// The kind of a line: the one that it says, else the one that its fields say.
fn kind_of(value: &Value) -> Result<RecordKind, Invalid> {
    match value.get(TAG) {
        None | Some(Value::Null) => import::kind_of(value),
        Some(Value::String(tag)) => match tag.as_str() {
            CONTACT => Ok(RecordKind::Contact),
            ORGANIZATION => Ok(RecordKind::Organization),
            NOTE => Ok(RecordKind::Note),
            SCHEMA => Ok(RecordKind::Schema),
            _ => Err(Invalid::one(TAG, unknown_tag())),
        },
        Some(_) => Err(Invalid::one(TAG, unknown_tag())),
    }
}

/// Marks the JSON of a row as a contact: its columns are those of one, whichever it has.
pub(crate) fn mark_contact(value: &mut Value) {
    if let Value::Object(fields) = value {
        fields.insert(TAG.to_owned(), Value::from(CONTACT));
    }
}

/// Reads a line that was parsed before.
///
/// # Errors
/// Every field that is wrong.
pub fn read_value(value: &Value, rules: &Rules) -> Result<ImportItem, Invalid> {
    let kind = match value.get(TAG) {
        None | Some(Value::Null) => RecordKind::Contact,
        Some(_) => kind_of(value)?,
    };
    match kind {
        RecordKind::Contact => contact::read_import(value, rules).map(ImportItem::Contact),
        RecordKind::Organization => {
            organization::read_import(value, rules).map(ImportItem::Organization)
        }
        RecordKind::Note => note::read_import(value, rules).map(ImportItem::Note),
        RecordKind::Schema => schema::read_import(value).map(ImportItem::Schema),
    }
    .into_result()
}

fn unknown_tag() -> FaultKind {
    FaultKind::Value(format!("a line is a {CONTACT}, an {ORGANIZATION}, a {NOTE} or a {SCHEMA}"))
}

/// Why a line is no record, by what it is where that can be told.
fn import_error(line: &[u8], error: &serde_json::Error) -> LineError {
    let why = match Document::of_head(line) {
        Document::ReturnLines => {
            "these are several records; a line ends with a line feed, and not with a carriage return \
             alone"
        }
        Document::Spread => {
            "a record that is spread over several lines; `jq -c .` makes one line of it"
        }
        Document::Lines | Document::List | Document::Page => return json_error(error),
    };
    Invalid::one(WHOLE, FaultKind::Value(why.to_owned())).into()
}

fn json_error(error: &serde_json::Error) -> LineError {
    let sentence = error.to_string();
    // The parser ends its sentence with line and column; the line is always the first.
    let message = sentence.split(" at line ").next().unwrap_or_default();
    LineError::Json { message: message.to_owned(), column: error.column() }
}

/// Writes a contact, with the name of its organisation beside the id, and ends the line.
pub fn write_contact(contact: &Contact, organization: Option<&str>, out: &mut Vec<u8>) {
    write(&shown(contact, organization), out);
}

/// Writes an organisation, and ends the line.
pub fn write_organization(organization: &Organization, out: &mut Vec<u8>) {
    let record = ExternalOrganization::new(organization);
    write(&Tagged { carnet: ORGANIZATION, record }, out);
}

/// Writes a note, and ends the line.
pub fn write_note(note: &Note, out: &mut Vec<u8>) {
    let record = note::Note::new(note);
    write(&Tagged { carnet: NOTE, record }, out);
}

/// Writes a version of a schema, which may have been removed, and ends the line.
pub fn write_schema(schema: &DataSchema, removed: bool, out: &mut Vec<u8>) {
    let record = schema::Schema::exported(schema, removed);
    write(&Tagged { carnet: SCHEMA, record }, out);
}

/// A contact as its line says it.
pub(crate) fn value_of_contact(contact: &Contact, organization: Option<&str>) -> Value {
    // A contact as the API shows it has text keys and finite numbers only, and so fits a value.
    exact::to_value(&shown(contact, organization)).expect("a contact is JSON")
}

fn shown<'a>(contact: &'a Contact, organization: Option<&'a str>) -> ExternalContact<'a> {
    let linked = Linked { organization_name: organization, ..Linked::default() };
    ExternalContact::new(contact, &linked)
}

/// A record that says what it is.
#[derive(Serialize)]
struct Tagged<T> {
    carnet: &'static str,
    #[serde(flatten)]
    record: T,
}

fn write(record: &impl Serialize, out: &mut Vec<u8>) {
    // Writing to memory does not fail, and records have text keys and finite numbers only.
    serde_json::to_writer(&mut *out, record).expect("a record is JSON");
    out.push(b'\n');
}
