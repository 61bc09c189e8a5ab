//! Writing CSV: rows of texts, and contacts under the header of an export.

use crate::csv::{COLUMNS, FieldColumns, row_with_fields};
use carnet_model::Contact;
use std::io::{self, Write};

/// Writes rows. What was gathered is written out by [`RowWriter::flush`].
pub struct RowWriter<W: Write>(csv::Writer<W>);

impl<W: Write> RowWriter<W> {
    /// Rows to `out`, which have as many cells as the first one.
    pub fn new(out: W) -> RowWriter<W> {
        RowWriter(csv::Writer::from_writer(out))
    }

    /// Writes a row.
    ///
    /// # Errors
    /// When `out` takes no more, or the row has more or fewer cells than the first one.
    pub fn write<C: AsRef<[u8]>>(&mut self, cells: impl IntoIterator<Item = C>) -> io::Result<()> {
        self.0.write_record(cells).map_err(|error| match error.into_kind() {
            csv::ErrorKind::Io(error) => error,
            other => io::Error::other(format!("a row could not be written: {other:?}")),
        })
    }

    /// Writes out what was gathered.
    ///
    /// # Errors
    /// When `out` takes no more.
    pub fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Writes contacts, one a row, under the names of [`COLUMNS`] and of columns of custom fields.
pub struct ContactWriter<W: Write> {
    rows: RowWriter<W>,
    fields: FieldColumns,
}

impl<W: Write> ContactWriter<W> {
    /// Begins with the header.
    ///
    /// # Errors
    /// When `out` takes no more; so for every function here.
    pub fn new(out: W, fields: FieldColumns) -> io::Result<ContactWriter<W>> {
        let mut rows = RowWriter::new(out);
        let names = COLUMNS.iter().map(|name| (*name).to_owned());
        rows.write(names.chain(fields.names()))?;
        Ok(ContactWriter { rows, fields })
    }

    /// Writes a contact; `organization` is the name of its organisation.
    pub fn write(&mut self, contact: &Contact, organization: Option<&str>) -> io::Result<()> {
        self.rows.write(row_with_fields(contact, organization, &self.fields))
    }

    /// Writes out what was gathered.
    pub fn flush(&mut self) -> io::Result<()> {
        self.rows.flush()
    }
}
