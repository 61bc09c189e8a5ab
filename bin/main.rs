//! carnet, the command: one binary that serves, imports, exports, looks up and searches an
//! address book. This file knows the list of commands and how they end; each command is a file
//! beside it.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "standard output and standard error are where a command answers"
)]

mod commands;
mod failure;
mod settings;
mod target;
mod terminal;

use std::io::Write;
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

use commands::tools::{bench, completions, config, phone, sample};
use commands::{check, client, export, import, lookup, numbers, search, serve, stats, user};

/// The tables and batches of an import are many small pieces; mimalloc hands them out faster
/// than the system's allocator, and gives memory back.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// A contact directory in one binary: add, edit, look up, search.
#[derive(Parser, Debug)]
#[command(name = "carnet", version, propagate_version = true)]
#[command(after_help = "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 data directory in use, \
    4 data damaged.")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    Serve(serve::Arguments),
    Client(client::Arguments),
    User(user::Arguments),
    Import(import::Arguments),
    Export(export::Arguments),
    Lookup(lookup::Arguments),
    Search(search::Arguments),
    Check(check::Arguments),
    Stats(stats::Arguments),
    Numbers(numbers::Arguments),
    Sample(sample::Arguments),
    Phone(phone::Arguments),
    Bench(Box<bench::Arguments>),
    Config(config::Arguments),
    Completions(completions::Arguments),
}

fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Serve(arguments) => serve::run(&arguments),
        Command::Client(arguments) => client::run(&arguments),
        Command::User(arguments) => user::run(&arguments),
        Command::Import(arguments) => import::run(&arguments),
        Command::Export(arguments) => export::run(&arguments),
        Command::Lookup(arguments) => lookup::run(&arguments),
        Command::Search(arguments) => search::run(&arguments),
        Command::Check(arguments) => check::run(&arguments),
        Command::Stats(arguments) => stats::run(&arguments),
        Command::Numbers(arguments) => numbers::run(&arguments),
        Command::Sample(arguments) => sample::run(&arguments),
        Command::Phone(arguments) => phone::run(&arguments),
        Command::Bench(arguments) => bench::run(&arguments),
        Command::Config(arguments) => config::run(&arguments),
        Command::Completions(arguments) => completions::run(&arguments, Cli::command()),
    };
    let Err(failure) = done else { return ExitCode::SUCCESS };
    if let Some(sentence) = failure.sentence {
        // An error here is dropped: with standard error closed there is no place left for it.
        let _ = writeln!(std::io::stderr(), "carnet: {sentence}");
    }
    ExitCode::from(failure.code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }
}
