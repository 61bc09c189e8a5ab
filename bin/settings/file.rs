//! The configuration file: found, read, and checked against the table of keys. A key that is
//! not in the table is an error, because a typing error must not pass for a decision.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use toml::{Table, Value};

use crate::failure::Failure;
use crate::settings::keys::{self, KEYS, ROLES};

/// The name under which the configuration is looked for.
pub(super) const FILE_NAME: &str = "carnet.toml";

/// The environment variable that names the configuration.
pub(super) const FILE_VARIABLE: &str = "CARNET_CONFIG";

/// The contents of a file.
#[derive(Debug, Default)]
pub(super) struct Contents {
    /// Values by their path, such as `contacts.default_region`.
    pub(super) values: BTreeMap<String, Value>,
    /// The names of the permissions of each own role.
    pub(super) roles: BTreeMap<String, Vec<String>>,
}

/// The file to read: the one that was named, or the first that exists.
pub(super) fn find(
    named: Option<PathBuf>,
    data: Option<PathBuf>,
    working: &Path,
) -> Result<Option<PathBuf>, Failure> {
    if let Some(path) = named {
        return Ok(Some(path));
    }
    let data = match data {
        Some(data) => working.join(data),
        None => working.join(default_data()),
    };
    let places = [data.join(FILE_NAME), working.join(FILE_NAME)];
    Ok(places.into_iter().find(|path| path.is_file()))
}

fn default_data() -> &'static str {
    KEYS.iter()
        .find(|key| key.table.is_empty() && key.name == "data")
        .map_or(".", |key| key.default)
}

/// Reads a file. A relative data directory in it is meant from where the file is.
pub(super) fn read(path: &Path) -> Result<Contents, Failure> {
    let text = fs::read_to_string(path).map_err(|error| unreadable(path, &error))?;
    let mut contents = parse(&text).map_err(|failure| Failure {
        sentence: failure.sentence.map(|why| format!("{}: {why}", path.display())),
        ..failure
    })?;
    if let (Some(Value::String(data)), Some(directory)) =
        (contents.values.get_mut("data"), path.parent())
    {
        *data = directory.join(&*data).to_string_lossy().into_owned();
    }
    Ok(contents)
}

fn unreadable(path: &Path, error: &io::Error) -> Failure {
    Failure::usage(format!(
        "the configuration {}: {}",
        path.display(),
        crate::failure::reason(error)
    ))
}

/// Takes the text of a file apart.
pub(super) fn parse(text: &str) -> Result<Contents, Failure> {
    let table: Table = text.parse().map_err(|error: toml::de::Error| {
        let line =
            error.span().map(|span| text[..span.start.min(text.len())].matches('\n').count() + 1);
        let place = line.map(|line| format!("line {line}: ")).unwrap_or_default();
        Failure::usage(format!("{place}{}", error.message().replace('\n', " ")))
    })?;
    let mut contents = Contents::default();
    for (name, value) in table {
        match value {
            Value::Table(rows) if name == ROLES => {
                for (role, permissions) in rows {
                    contents.roles.insert(role.clone(), permission_names(&role, permissions)?);
                }
            }
            Value::Table(rows) if keys::keys_of(&name).next().is_some() && !name.is_empty() => {
                for (key, value) in rows {
                    take(&mut contents, &name, &key, value)?;
                }
            }
            value => take(&mut contents, "", &name, value)?,
        }
    }
    Ok(contents)
}

fn take(contents: &mut Contents, table: &str, name: &str, value: Value) -> Result<(), Failure> {
    let Some(key) = keys::keys_of(table).find(|key| key.name == name) else {
        return Err(unknown(table, name));
    };
    let value = key.check(value).map_err(|why| wrong(&key.path(), &why))?;
    contents.values.insert(key.path(), value);
    Ok(())
}

fn unknown(table: &str, name: &str) -> Failure {
    let mut known: Vec<&str> = keys::keys_of(table).map(|key| key.name).collect();
    if table.is_empty() {
        known.extend([
            "[server]",
            "[contacts]",
            "[roles]",
            "[store]",
            "[index]",
            "[tokens]",
            "[cid]",
            "[log]",
        ]);
    }
    let path = if table.is_empty() { name.to_owned() } else { format!("{table}.{name}") };
    Failure::usage(format!("there is no setting {path}; known here are {}", known.join(", ")))
}

fn permission_names(role: &str, value: Value) -> Result<Vec<String>, Failure> {
    let refused =
        || wrong(&format!("{ROLES}.{role}"), "must be a list of permissions in quotation marks");
    let Value::Array(names) = value else { return Err(refused()) };
    names
        .into_iter()
        .map(|name| match name {
            Value::String(name) => Ok(name),
            _ => Err(refused()),
        })
        .collect()
}

/// The failure of a setting that cannot be used as it is.
pub(super) fn wrong(setting: &str, why: &str) -> Failure {
    Failure::usage(format!("the setting {setting}: {why}"))
}
