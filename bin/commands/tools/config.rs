//! `carnet config`: the effective settings as a `carnet.toml`, each with where it comes from.

use std::fmt::Write;

use carnet_model::Role;
use clap::Args;
use toml::Value;

use crate::failure::Failure;
use crate::settings::{Flags, ROLES, Settings};
use crate::terminal::output;

/// Print the effective settings as TOML, each with its source.
///
/// A flag wins over the environment, that over the file, that over the default. The file is the
/// one of --config or CARNET_CONFIG; else carnet.toml in the data directory; else carnet.toml in
/// the working directory.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// As if `carnet serve` had been given this data directory [env: CARNET_DATA]
    #[arg(long, value_name = "DIR")]
    data: Option<std::path::PathBuf>,
    /// Read the settings from this file [env: CARNET_CONFIG]
    #[arg(long, value_name = "FILE")]
    config: Option<std::path::PathBuf>,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let settings = Settings::read(&Flags {
        data: arguments.data.clone(),
        config: arguments.config.clone(),
        ..Flags::default()
    })?;
    output::line(text(&settings).trim_end())
}

/// The settings as a file that says the same.
fn text(settings: &Settings) -> String {
    let mut text = String::new();
    let mut table = "";
    for (key, value, source) in &settings.values {
        if key.table != table {
            table = key.table;
            push(&mut text, format_args!("\n[{table}]\n"));
        }
        push(&mut text, format_args!("# {} ({source})\n{} = {value}\n", key.help, key.name));
    }
    let built_in: Vec<&str> = Role::ALL.iter().map(|role| role.name()).collect();
    push(&mut text, format_args!("\n# beside the built-in {}\n[{ROLES}]\n", built_in.join(", ")));
    for (name, permissions) in &settings.roles {
        let names = permissions.iter().map(|p| Value::String(p.name().to_owned())).collect();
        let name = Value::String(name.clone());
        push(&mut text, format_args!("{name} = {}\n", Value::Array(names)));
    }
    text
}

fn push(text: &mut String, piece: std::fmt::Arguments<'_>) {
    // Writing to a text cannot fail.
    let _ = text.write_fmt(piece);
}

/// For tests: the settings of a file, without flags and with the environment as it is.
#[cfg(test)]
fn settings_of(file: &str) -> Settings {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("carnet.toml");
    std::fs::write(&path, file).unwrap();
    Settings::read(&Flags { config: Some(path), ..Flags::default() }).unwrap()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_is_a_file_that_says_the_same() {
        let first = settings_of(
            "listen = '127.0.0.1:9'\n[contacts]\ndefault_region = 'de'\n\
             [roles]\n\"front desk\" = ['carnet:lookup']\n",
        );
        let second = settings_of(&text(&first));
        let values = |settings: &Settings| -> Vec<(String, Value)> {
            let rows = settings.values.iter().filter(|row| row.0.name != "data");
            rows.map(|row| (row.0.path(), row.1.clone())).collect()
        };
        assert_eq!(values(&first), values(&second));
        assert_eq!(first.roles, second.roles);
    }

    #[test]
    fn every_value_has_its_source() {
        let text = text(&settings_of("listen = '127.0.0.1:9'"));
        let line = |name: &str| {
            let mut lines = text.lines().skip_while(|line| !line.starts_with(name));
            lines.next().map(str::to_owned)
        };
        assert_eq!(line("listen").as_deref(), Some("listen = \"127.0.0.1:9\""));
        assert!(text.contains("carnet.toml)\nlisten = "), "{text}");
        assert!(text.contains("(default)\ndefault_region = \"US\""), "{text}");
    }
}
