//! `carnet completions`: what a shell completes after `carnet`, made from the command line's own
//! definition.

use clap::{Args, Command};
use clap_complete::Shell;

use crate::failure::Failure;
use crate::terminal::output::Sink;

/// Print what a shell completes after `carnet`.
///
/// For bash: `carnet completions bash > ~/.local/share/bash-completion/completions/carnet`.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// The shell
    #[arg(value_enum, value_name = "SHELL")]
    shell: Shell,
}

/// Runs the command; `command` is the definition of the whole command line.
pub(crate) fn run(arguments: &Arguments, mut command: Command) -> Result<(), Failure> {
    // The generator panics when it cannot write, so it writes to memory.
    let mut text = Vec::new();
    clap_complete::generate(arguments.shell, &mut command, "carnet", &mut text);
    let mut out = Sink::open(None)?;
    std::io::Write::write_all(&mut out, &text)?;
    out.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn every_shell_knows_every_command() {
        let commands: Vec<String> =
            crate::Cli::command().get_subcommands().map(|c| c.get_name().to_owned()).collect();
        for shell in [Shell::Bash, Shell::Zsh, Shell::Fish, Shell::PowerShell, Shell::Elvish] {
            let mut text = Vec::new();
            clap_complete::generate(shell, &mut crate::Cli::command(), "carnet", &mut text);
            let text = String::from_utf8(text).unwrap();
            for command in &commands {
                assert!(text.contains(command), "{shell} does not know {command}");
            }
        }
    }
}
