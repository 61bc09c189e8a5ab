//! How far a measurement is, for people who look at a terminal. Figures do not go here.

use std::io::{IsTerminal, Write};

/// Prints a line to standard error, if that is a terminal.
pub(crate) fn say(what: &str) {
    let mut stderr = std::io::stderr();
    if stderr.is_terminal() {
        // A line that cannot be written changes nothing in the figures.
        let _ = writeln!(stderr, "carnet bench: {what}");
    }
}
