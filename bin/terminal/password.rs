//! Passwords: asked for on the terminal without showing them, else the first line of standard input.

use std::io::{self, IsTerminal};

use crate::failure::Failure;

/// Asks for a password; on a terminal twice, because a typing error cannot be seen.
pub(crate) fn ask(what: &str) -> Result<String, Failure> {
    if !io::stdin().is_terminal() {
        let mut line = String::new();
        io::stdin().read_line(&mut line)?;
        return Ok(line.trim_end_matches(['\r', '\n']).to_owned());
    }
    let first = rpassword::prompt_password(format!("{what}: "))?;
    let second = rpassword::prompt_password("Once more: ")?;
    if first != second {
        return Err(Failure::failed("the two passwords differ; nothing was changed"));
    }
    Ok(first)
}
