//! `carnet stats`: how many of everything, and how large.

use clap::Args;
use serde_json::{Value, json};

use crate::failure::Failure;
use crate::target::open_book::OpenBook;
use crate::target::{Target, TargetOptions};
use crate::terminal::log;
use crate::terminal::output;
use carnet_client::CARNET_PATH;

/// Count what is there, and how large it is.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// Answer in JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    target: TargetOptions,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let figures = match arguments.target.resolve()? {
        Target::Daemon(remote) => remote.get(&format!("{CARNET_PATH}/stats"), &[])?,
        Target::Directory(settings) => {
            log::start_quietly(&settings);
            let stats = OpenBook::existing(&settings)?.stats()?;
            json!({
                "contacts": stats.contacts,
                "organizations": stats.organizations,
                "notes": stats.notes,
                "numbers": stats.numbers,
                "numbersUnread": stats.numbers_unread,
                "identifiers": stats.identifiers,
                "changes": stats.changes,
                "storeBytes": stats.store_bytes,
                "indexBytes": stats.index_bytes,
                "readyBytes": stats.ready_bytes,
                "lookupMemoryBytes": stats.lookup_memory_bytes,
                "overlay": stats.overlay,
            })
        }
    };
    match arguments.json {
        true => output::json(&figures),
        false => output::line(text(&figures).trim_end()),
    }
}

/// The names of the figures, of one and of several, in the order in which they are shown.
const LINES: &[(&str, &str, &str)] = &[
    ("contacts", "contact", "contacts"),
    ("organizations", "organisation", "organisations"),
    ("notes", "note", "notes"),
    ("numbers", "telephone number", "telephone numbers"),
    (
        "numbersUnread",
        "telephone number kept as typed and not found",
        "telephone numbers kept as typed and not found",
    ),
    ("identifiers", "other identifier", "other identifiers"),
    ("changes", "change ever made", "changes ever made"),
    ("storeBytes", "byte of the store", "bytes of the store"),
    ("indexBytes", "byte of the index", "bytes of the index"),
    ("readyBytes", "byte of the render cache's files", "bytes of the render cache's files"),
    ("lookupMemoryBytes", "byte of memory for look-ups", "bytes of memory for look-ups"),
    ("overlay", "change not yet in the index", "changes not yet in the index"),
];

fn text(figures: &Value) -> String {
    LINES
        .iter()
        .filter_map(|(name, one, many)| {
            let figure = figures[*name].as_u64()?;
            Some((figure, if figure == 1 { one } else { many }))
        })
        .map(|(figure, label)| format!("{:>16}  {label}\n", grouped(figure)))
        .collect()
}

/// A figure with its digits in groups of three.
fn grouped(figure: u64) -> String {
    let digits = figure.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_grouped() {
        for (figure, text) in [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(grouped(figure), text);
        }
    }

    #[test]
    fn figures_that_are_missing_are_left_out() {
        let text = text(&json!({ "contacts": 12, "notes": 1 }));
        assert_eq!(text, "              12  contacts\n               1  note\n");
    }
}
