//! The header of a table: what of it is not read, and why it is refused, in sentences.

use std::io::{self, Read};

use carnet_formats::csv::cells::{
    HeaderError, HeaderOptions, Ignored, delimiter_named, delimiter_of, read_header,
};
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
    let named = delimiter_named(records.first_line());
    let delimiter = named.unwrap_or_else(|| delimiter_of(records.first_line()));
    records.set_shape(Shape::Rows { delimiter });
    let mut text = Vec::new();
    if named.is_some() {
        records.next(&mut text).map_err(&unreadable)?;
        text.clear();
    }
    let Some(header) = records.next(&mut text).map_err(unreadable)? else {
        return Ok(None);
    };
    if header.range.is_err() {
        return Err(Failure::failed(format!(
            "the header of {name} does not end within {LINE_BYTES_MAX} bytes"
        )));
    }
    let (header, ignored) = read_header(&text, delimiter, options).map_err(|error| {
        Failure::failed(format!("the header of {name}: {}", refusal(&error, delimiter)))
    })?;
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
fn refusal(error: &HeaderError, delimiter: u8) -> String {
    match error {
        HeaderError::NotUtf8 => "it is not UTF-8; name its encoding with --encoding".to_owned(),
        HeaderError::Unknown => {
            let some = COLUMNS.iter().take(4).copied().collect::<Vec<_>>().join(", ");
            format!("none of its columns is a field of a contact, such as {some}")
        }
        HeaderError::Foreign(foreign) => foreign_header(foreign, delimiter),
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

/// Why the header of another program is refused, and both ways to import its table.
fn foreign_header(foreign: &Foreign, delimiter: u8) -> String {
    let Foreign { looks_like, renames, header, left_out, has_full_names } = foreign;
    let between = char::from(delimiter).to_string();
    let mut said = format!(
        "it looks like {looks_like}; nothing was imported. Put this line in the place of its \
         header:\n{}\n",
        header.join(&between)
    );
    if !left_out.is_empty() {
        said += &format!(
            "It leaves out what has no field here, or no free one: {}. ",
            some_of(left_out)
        );
    }
    if *has_full_names {
        said += "First and last name are in one column: part them into firstName and lastName, or \
                 set [contacts] require_names = false. ";
    }
    let quoted = |name: &str| name.replace('\'', "'\\''");
    let renames: Vec<String> = renames
        .iter()
        .map(|(theirs, ours)| format!("--column '{}={ours}'", quoted(theirs)))
        .collect();
    said + &format!(
        "Or say which column is which, and leave out the rest: {} --ignore-unknown",
        renames.join(" ")
    )
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
        let refusal = |error: &HeaderError| refusal(error, b';');
        assert!(refusal(&HeaderError::Unknown).contains("firstName"));
        let foreign = Foreign {
            looks_like: "an export of Outlook",
            renames: vec![("Chef's Phone".to_owned(), "workPhone".to_owned())],
            header: ["lastName", "", "workPhone"].map(str::to_owned).into(),
            left_out: vec!["Web Page".to_owned()],
            has_full_names: true,
        };
        let sentence = refusal(&HeaderError::Foreign(foreign));
        for part in ["Outlook", "\nlastName;;workPhone\n", "Web Page. ", "require_names"] {
            assert!(sentence.contains(part), "{part}: {sentence}");
        }
        assert!(
            sentence.ends_with("--column 'Chef'\\''s Phone=workPhone' --ignore-unknown"),
            "{sentence}"
        );
        let unknown = (0..=NAMED_MAX).map(|n| format!("c{n}")).collect();
        let few = HeaderError::FewKnown(Ignored { unknown, ..Ignored::default() });
        assert!(refusal(&few).contains("and 1 more"), "{}", refusal(&few));
    }
}
