//! The header of a table: what of it is not read, and why it is refused, in sentences.

use std::io::{self, Read};

use carnet_formats::csv::cells::{HeaderError, HeaderOptions, Ignored, delimiter_of, read_header};
use carnet_formats::csv::{COLUMNS, Foreign};
use carnet_formats::cut::{LINE_BYTES_MAX, Shape};
use carnet_formats::rows::Reading;
use carnet_formats::stream::Records;

use crate::failure::Failure;

/// Columns that a sentence names, at most.
const NAMED_MAX: usize = 20;

/// Reads the header of a table, and names on standard error the columns that are not read.
/// `None` when the input is empty.
pub(super) fn read<R: Read>(
    records: &mut Records<R>,
    name: &str,
    options: &HeaderOptions,
    is_quiet: bool,
    unreadable: impl Fn(io::Error) -> Failure,
) -> Result<Option<Reading>, Failure> {
    let delimiter = delimiter_of(records.first_line());
    records.set_shape(Shape::Rows { delimiter });
    let mut text = Vec::new();
    let Some(header) = records.next(&mut text).map_err(unreadable)? else {
        return Ok(None);
    };
    if header.range.is_err() {
        return Err(Failure::failed(format!(
            "the header of {name} does not end within {LINE_BYTES_MAX} bytes"
        )));
    }
    let (header, ignored) = read_header(&text, delimiter, options)
        .map_err(|error| Failure::failed(format!("the header of {name}: {}", refusal(&error))))?;
    // Read once more, its columns were named before.
    let ignored = if is_quiet { Ignored::default() } else { ignored };
    if !ignored.unknown.is_empty() {
        eprintln!("carnet: {name}: these columns are ignored: {}", ignored.unknown.join(", "));
    }
    if !ignored.repeated.is_empty() {
        let repeated = ignored.repeated.join(", ");
        eprintln!(
            "carnet: {name}: of columns that stand there twice the first is read: {repeated}"
        );
    }
    Ok(Some(Reading::Rows { header, delimiter }))
}

/// Why a first row is no header.
fn refusal(error: &HeaderError) -> String {
    match error {
        HeaderError::NotUtf8 => "it is not UTF-8; name its encoding with --encoding".to_owned(),
        HeaderError::Unknown => {
            let some = COLUMNS.iter().take(4).copied().collect::<Vec<_>>().join(", ");
            format!("none of its columns is a field of a contact, such as {some}")
        }
        HeaderError::Foreign(Foreign { looks_like, renames }) => {
            let renames: Vec<String> = renames
                .iter()
                .map(|(theirs, ours)| format!("--column '{theirs}={ours}'"))
                .collect();
            format!(
                "it looks like {looks_like}; nothing was imported. Say which column is which, and \
                 leave out the rest: {} --ignore-unknown",
                renames.join(" ")
            )
        }
        HeaderError::FewKnown(Ignored { unknown, .. }) => format!(
            "most of its columns are no field of a contact: {}; nothing was imported. Say which \
             column is which with --column 'NAME=workPhone', or leave them out with \
             --ignore-unknown",
            some_of(unknown)
        ),
        HeaderError::Strict(Ignored { unknown, repeated }) => {
            let all: Vec<String> = unknown.iter().chain(repeated).cloned().collect();
            format!("--strict leaves no column out, and these are not read: {}", some_of(&all))
        }
        HeaderError::Rename(name) => {
            format!("--column: there is no column {name}")
        }
    }
}

fn some_of(names: &[String]) -> String {
    let some = names.iter().take(NAMED_MAX).cloned().collect::<Vec<_>>().join(", ");
    match names.len().checked_sub(NAMED_MAX) {
        Some(more) if more > 0 => format!("{some} and {more} more"),
        _ => some,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_that_is_refused_says_how_to_import_the_table() {
        assert!(refusal(&HeaderError::Unknown).contains("firstName"));
        let renames = vec![("Business Phone".to_owned(), "workPhone")];
        let foreign = Foreign { looks_like: "an export of Outlook", renames };
        let sentence = refusal(&HeaderError::Foreign(foreign));
        assert!(sentence.contains("Outlook"), "{sentence}");
        assert!(
            sentence.ends_with("--column 'Business Phone=workPhone' --ignore-unknown"),
            "{sentence}"
        );
        let unknown = (0..=NAMED_MAX).map(|n| format!("c{n}")).collect();
        let few = HeaderError::FewKnown(Ignored { unknown, ..Ignored::default() });
        assert!(refusal(&few).contains("and 1 more"), "{}", refusal(&few));
    }
}
