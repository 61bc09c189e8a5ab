//! Contacts as rows of a table, for CSV. It knows columns and cells; commas and quotes are
//! those of [`cells`] and [`writer`], and files are not known at all.
//!
//! A row goes through the same JSON as a line of an export, so a table says what the API says:
//! a column is the path of a field, with dots.

mod cell;
pub mod cells;
mod columns;
mod custom;
mod foreign;
mod origins;
pub mod writer;

pub use columns::{COLUMNS, ColumnFacts, columns};
pub use custom::FieldColumns;
pub use foreign::Foreign;

use crate::json_lines;
use carnet_model::{Contact, Fault, FaultKind, ImportContact, Invalid};
use carnet_wire::import::{self, ImportOptions, Imported, RecordKind};
use carnet_wire::{Checked, Rules, contact, exact};
use columns::{CUSTOM_FIELDS, CellKind};
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::collections::HashSet;

#[cfg(test)]
mod tests;

/// The mark that some editors put before the first cell of a file.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// The first row of a table: what its columns are.
#[derive(Clone, Debug)]
pub struct Header {
    columns: Vec<Option<Column>>,
    ignored: Vec<String>,
}

/// The column that names the schema of a row's custom fields.
const SCHEMA_ID: &str = "schema.id";

/// How the cells of a row are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Empty {
    /// An empty cell is an absent field.
    Absent,
    /// An empty cell is a field that is to be empty: a `null`.
    Null,
}

/// One column that is known.
#[derive(Clone, Debug)]
struct Column {
    /// Its name, which faults bear.
    name: String,
    path: Vec<ColumnStep>,
    kind: CellKind,
    /// Whether it is a custom field.
    is_custom: bool,
}

/// One step of a path into JSON.
#[derive(Clone, Debug)]
enum ColumnStep {
    Field(String),
    Index(usize),
}

impl Header {
    /// Reads the names of a table's columns, in any order. Case, blanks and hyphens do not count,
    /// apart from the keys of custom fields, a bare number is its `display`, and `externalIds[0].value` is another spelling of
    /// `externalIds.0.value`.
    pub fn new<S: AsRef<str>>(cells: &[S]) -> Header {
        let mut header = Header { columns: Vec::new(), ignored: Vec::new() };
        let mut seen = HashSet::new();
        for cell in cells {
            let name = cell.as_ref().trim_start_matches(BYTE_ORDER_MARK).trim();
            let column = Column::find(name).filter(|column| seen.insert(column.name.clone()));
            if column.is_none() && !name.is_empty() {
                header.ignored.push(name.to_owned());
            }
            header.columns.push(column);
        }
        header
    }

    /// The columns that are not known, or that are there for the second time. Their cells
    /// are not read.
    pub fn ignored(&self) -> &[String] {
        &self.ignored
    }

    /// True when no column is known: then the first row is no header, or not one of ours.
    pub fn is_unknown(&self) -> bool {
        self.columns.iter().all(Option::is_none)
    }

    /// Whether some field of a contact has no column.
    pub fn is_partial(&self) -> bool {
        let all: HashSet<&str> = self.columns.iter().flatten().map(|c| &*c.name).collect();
        !COLUMNS.iter().all(|column| all.contains(column))
    }

    /// A row as the JSON of a contact. Empty cells are absent fields, or nulls where an import keeps
    /// what is absent. A fault is a cell that does not hold what its column holds; it bears the name
    /// of the column.
    pub fn value_of_row<S: AsRef<str>>(&self, cells: &[S], keep_missing: bool) -> Checked<Value> {
        let empty = if keep_missing { Empty::Null } else { Empty::Absent };
        let has_schema = self.names_schema(cells);
        let mut invalid = Invalid::default();
        let mut value = Value::Null;
        for (column, cell) in self.columns.iter().zip(cells) {
            let Some(column) = column else { continue };
            let cell = match unquoted(cell.as_ref()) {
                Ok(cell) => cell,
                Err(why) => {
                    invalid.add(&column.name, FaultKind::Value(why.to_owned()));
                    continue;
                }
            };
            let cell = cell::read(&cell);
            if cell.trim().is_empty() {
                continue;
            }
            match column.read(&cell, has_schema) {
                Ok(cell) => put(&mut value, &column.path, cell),
                Err(kind) => invalid.add(&column.name, kind),
            }
        }
        // After the full cells: a list is to be empty only when none of its cells is full.
        if empty == Empty::Null {
            for (column, cell) in self.columns.iter().zip(cells) {
                let Some(column) = column else { continue };
                if cell.as_ref().trim().is_empty() {
                    put_null(&mut value, &column.path);
                }
            }
        }
        // Too many cells: a delimiter within a text cut it, and what follows is in wrong columns.
        let surplus = cells.iter().skip(self.columns.len());
        if surplus.into_iter().any(|cell| !cell.as_ref().trim().is_empty()) {
            let why =
                format!("it has {} cells, and the header only {}", cells.len(), self.columns.len());
            invalid.add("row", FaultKind::Value(why));
        }
        // A row of empty cells is a contact without fields, and is judged as one.
        if value.is_null() {
            value = Value::Object(Map::new());
        }
        Checked { value, invalid }
    }

    /// Whether a row names the schema of its custom fields.
    fn names_schema<S: AsRef<str>>(&self, cells: &[S]) -> bool {
        let mut columns = self.columns.iter().zip(cells);
        columns.any(|(column, cell)| {
            let is_schema = column.as_ref().is_some_and(|column| column.name == SCHEMA_ID);
            is_schema && !cell.as_ref().trim().is_empty()
        })
    }

    /// A row as a contact, read to the letter, as [`row_of_contact`] writes it. Faults bear the names
    /// of columns.
    pub fn read_row<S: AsRef<str>>(&self, cells: &[S], rules: &Rules) -> Checked<ImportContact> {
        let row = self.value_of_row(cells, false);
        let contact = contact::read_import(&row.value, rules);
        Checked { value: contact.value, invalid: by_columns(row.invalid, contact.invalid) }
    }

    /// A row as a contact to be imported. Faults and notices bear the names of columns.
    pub fn import_row<S: AsRef<str>>(
        &self,
        cells: &[S],
        rules: &Rules,
        options: ImportOptions,
    ) -> Checked<Imported> {
        let row = self.value_of_row(cells, options.keep_missing);
        let read = import::read(RecordKind::Contact, &row.value, rules, options);
        let mut imported = read.value;
        for notice in &mut imported.notices {
            notice.field = column_of_path(&notice.field);
        }
        Checked { value: imported, invalid: by_columns(row.invalid, read.invalid) }
    }
}

/// The faults of a row's cells, and those of its contact under the names of columns.
fn by_columns(mut invalid: Invalid, of_contact: Invalid) -> Invalid {
    for fault in of_contact.faults {
        let field = column_of_path(&fault.field);
        // A cell that could not be read looks absent to the contact; one fault is enough.
        if invalid.faults.iter().all(|known| known.field != field) {
            invalid.faults.push(Fault { field, ..fault });
        }
    }
    invalid
}

/// A cell that a blank was written before has its quotation marks within: they are taken off.
///
/// # Errors
/// When such a cell does not end with a quotation mark: the delimiter within it has cut it.
fn unquoted(cell: &str) -> Result<Cow<'_, str>, &'static str> {
    let text = cell.trim();
    if text.len() == cell.len() || cell.starts_with('"') || !text.starts_with('"') {
        return Ok(Cow::Borrowed(cell));
    }
    match text[1..].strip_suffix('"') {
        Some(inner) => Ok(Cow::Owned(inner.replace("\"\"", "\""))),
        None => Err("a quotation mark behind a blank does not open a cell; take the blank away"),
    }
}

/// Reads one row under a header that is read anew: for a table of one row. A reader of many
/// keeps a [`Header`].
pub fn value_of_row<S: AsRef<str>, T: AsRef<str>>(header: &[S], cells: &[T]) -> Checked<Value> {
    Header::new(header).value_of_row(cells, false)
}

/// A contact as the cells of a row, one for each of [`COLUMNS`]. `organization` is the name of
/// its organisation.
pub fn row_of_contact(contact: &Contact, organization: Option<&str>) -> Vec<String> {
    row_with_fields(contact, organization, &FieldColumns::default())
}

/// A contact as the cells of a row: one for each of [`COLUMNS`], and one for each of `fields`. Custom
/// fields that have no column are in that of all others.
pub fn row_with_fields(
    contact: &Contact,
    organization: Option<&str>,
    fields: &FieldColumns,
) -> Vec<String> {
    let mut row = vec![String::new(); COLUMNS.len()];
    row.reserve_exact(fields.len());
    let mut value = json_lines::value_of_contact(contact, organization);
    let mut cells = vec![String::new(); fields.len()];
    if let Some(custom) = &contact.custom_fields {
        let (own, rest) = fields.split(custom, contact.schema.is_some());
        cells = own.into_iter().map(cell::write).collect();
        if let Value::Object(value) = &mut value {
            match rest.is_empty() {
                true => drop(value.shift_remove(CUSTOM_FIELDS)),
                false => drop(value.insert(CUSTOM_FIELDS.to_owned(), Value::Object(rest))),
            }
        }
    }
    fill(&mut row, &mut String::new(), &value);
    row.extend(cells);
    row
}

/// Puts every leaf of `value` into the cell whose column is its path.
fn fill(row: &mut [String], path: &mut String, value: &Value) {
    // Before its fields: all custom fields together are one cell.
    if let Some(place) = columns::place(path) {
        row[place] = cell::write(match value {
            Value::String(text) => text.clone(),
            value => exact::to_text(value),
        });
        return;
    }
    let mut step = |name: &str, value: &Value| {
        let length = path.len();
        if length > 0 {
            path.push('.');
        }
        path.push_str(name);
        fill(row, path, value);
        path.truncate(length);
    };
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, value)| step(name, value)),
        Value::Array(entries) => {
            let entries = entries.iter().enumerate();
            entries.for_each(|(index, value)| step(&index.to_string(), value));
        }
        // A field that the API shows and a table does not, such as the link to itself.
        _ => {}
    }
}

impl Column {
    fn find(name: &str) -> Option<Column> {
        if let Some(key) = columns::custom_key(name) {
            let fields = [CUSTOM_FIELDS.to_owned(), key.to_owned()];
            return Some(Column {
                name: fields.join("."),
                path: fields.map(ColumnStep::Field).into(),
                kind: columns::custom_kind(key),
                is_custom: true,
            });
        }
        let name = columns::find(name)?;
        Some(Column {
            name: name.to_owned(),
            path: name.split('.').map(ColumnStep::of).collect(),
            kind: columns::kind(name),
            is_custom: false,
        })
    }

    /// Reads a cell; `has_schema` tells whether its row names a schema.
    fn read(&self, text: &str, has_schema: bool) -> Result<Value, FaultKind> {
        let wrong = |expected| FaultKind::WrongType { expected };
        match self.kind {
            kind if self.is_custom => custom::read(kind, text, has_schema),
            CellKind::Text | CellKind::Number | CellKind::Tags => Ok(Value::from(text)),
            CellKind::Integer => {
                let number: Result<i64, _> = text.trim().parse();
                number.map(Value::from).map_err(|_| wrong("a whole number"))
            }
            CellKind::Boolean => cell::read_truth(text),
            CellKind::Object => match exact::read(text.as_bytes()) {
                Ok(Value::Object(fields)) => Ok(Value::Object(fields)),
                _ => Err(wrong("a JSON object")),
            },
        }
    }
}

impl ColumnStep {
    fn of(name: &str) -> ColumnStep {
        match name.parse() {
            Ok(index) => ColumnStep::Index(index),
            Err(_) => ColumnStep::Field(name.to_owned()),
        }
    }
}

/// Puts `leaf` where `path` leads, making what is missing on the way. Gaps in a list become
/// nulls, which reading skips, so that later entries keep their places and faults their columns.
fn put(value: &mut Value, path: &[ColumnStep], leaf: Value) {
    let Some((step, rest)) = path.split_first() else {
        merge(value, leaf);
        return;
    };
    match step {
        ColumnStep::Field(name) => {
            if !value.is_object() {
                *value = Value::Object(Map::new());
            }
            if let Value::Object(fields) = value {
                put(fields.entry(name.as_str()).or_insert(Value::Null), rest, leaf);
            }
        }
        ColumnStep::Index(index) => {
            if !value.is_array() {
                *value = Value::Array(Vec::new());
            }
            if let Value::Array(entries) = value {
                if entries.len() <= *index {
                    entries.resize(index + 1, Value::Null);
                }
                put(&mut entries[*index], rest, leaf);
            }
        }
    }
}

/// Puts a null where `path` leads, unless something is there. A list is to be empty as a whole.
fn put_null(value: &mut Value, path: &[ColumnStep]) {
    let Some((ColumnStep::Field(name), rest)) = path.split_first() else { return };
    if value.is_null() {
        *value = Value::Object(Map::new());
    }
    let Value::Object(fields) = value else { return };
    match rest.first() {
        Some(ColumnStep::Field(_)) => {
            let below = fields.entry(name.as_str()).or_insert_with(|| Value::Object(Map::new()));
            put_null(below, rest);
        }
        Some(ColumnStep::Index(_)) | None => {
            fields.entry(name.as_str()).or_insert(Value::Null);
        }
    }
}

/// All custom fields in one cell and some in cells of their own are laid together; a cell of its
/// own wins, whichever comes first.
fn merge(value: &mut Value, leaf: Value) {
    match (value, leaf) {
        (Value::Object(fields), Value::Object(more)) => {
            for (key, field) in more {
                fields.entry(key).or_insert(field);
            }
        }
        (value, leaf) => *value = leaf,
    }
}

/// The column for a path as faults have it: `externalIds[2].value` is `externalIds.2.value`.
fn column_of_path(path: &str) -> String {
    path.replace('[', ".").replace(']', "")
}
