//! Contacts as CSV: a header with the API's field names, then a row a contact.

use carnet_formats::csv as table;

use super::source::Keep;
use crate::exit::Failure;
use crate::out::Sink;

/// Writes the header, and a row for every contact that `contacts` gives.
pub(super) fn write(
    sink: &mut Sink,
    contacts: impl FnOnce(&mut Keep<'_>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let mut writer = csv::Writer::from_writer(sink);
    writer.write_record(table::COLUMNS).map_err(unwritten)?;
    contacts(&mut |contact, organization| {
        writer.write_record(table::row_of_contact(contact, organization)).map_err(unwritten)
    })?;
    Ok(writer.flush()?)
}

/// The row could not be written; that is the fault of what is below, not of CSV.
fn unwritten(error: csv::Error) -> Failure {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => Failure::from(error),
        other => Failure::failed(format!("a row could not be written: {other:?}")),
    }
}
