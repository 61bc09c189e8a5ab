//! The settings: a flag wins over the environment (`CARNET_*`), that over `carnet.toml`, that
//! over the default. This file gathers them, checks them, and remembers where each came from.
//!
//! Which file: the one of `--config` or `CARNET_CONFIG`; else `carnet.toml` in the data
//! directory (as flag, environment or default name it); else `carnet.toml` in the working
//! directory. Only the first that exists is read.

mod file;
mod keys;

use std::collections::BTreeMap;
use std::env;
use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use carnet_book::RecordSettings;
use carnet_http::limits::{CALLER_ID_NETWORKS_MAX, CORS_ORIGINS_MAX};
use carnet_http::{CallerId, NameFormat, Origins, UnknownNetwork, UnknownOrigin};
use carnet_model::{InternalNumbers, Permission, Permissions, Role};
use carnet_phone::Region;
use toml::Value;
use tracing_subscriber::filter::LevelFilter;

pub(crate) use keys::{KEYS, Key, ROLES};

use crate::failure::Failure;
use file::{FILE_VARIABLE, wrong};

/// The source of a setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// The command line.
    Flag(&'static str),
    /// The environment variable of that name.
    Environment(&'static str),
    /// The configuration file.
    File(PathBuf),
    /// It was not set.
    Default,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Source::Flag(flag) => write!(f, "flag {flag}"),
            Source::Environment(variable) => write!(f, "environment {variable}"),
            Source::File(path) => write!(f, "{}", path.display()),
            Source::Default => f.write_str("default"),
        }
    }
}

/// The settings of the command line.
#[derive(Clone, Debug, Default)]
pub(crate) struct Flags {
    /// `--config`
    pub(crate) config: Option<PathBuf>,
    /// `--data`
    pub(crate) data: Option<PathBuf>,
    /// `--listen`
    pub(crate) listen: Option<String>,
    /// `--insecure-listen`
    pub(crate) insecure_listen: bool,
}

/// The effective settings.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// The data directory.
    pub(crate) data: PathBuf,
    /// Address and port of the daemon.
    pub(crate) listen: SocketAddr,
    /// Whether to listen beyond this machine without encryption.
    pub(crate) insecure_listen: bool,
    /// Whether plain look-ups are answered below the HTTP library.
    pub(crate) fast_path: bool,
    /// The pages of browsers that may ask.
    pub(crate) cors: Origins,
    /// Whose country code a number has that is written without one.
    pub(crate) default_region: Region,
    /// Whether a contact must have a first and a last name.
    pub(crate) require_names: bool,
    /// Whether custom fields are taken that follow no schema.
    pub(crate) free_fields: bool,
    /// The lengths of the house's own internal numbers, if it has some.
    pub(crate) internal_numbers: Option<InternalNumbers>,
    /// Bytes of the store's page cache.
    pub(crate) store_cache_bytes: usize,
    /// Bytes of the render cache's memory.
    pub(crate) ready_memory_bytes: usize,
    /// Bytes of the render cache's files.
    pub(crate) ready_file_bytes: usize,
    /// Bytes in which the index gathers changes.
    pub(crate) index_writer_bytes: usize,
    /// Life of an access token.
    pub(crate) token_seconds: u64,
    /// How callers are named, and who may ask without a key.
    pub(crate) caller_id: CallerId,
    /// From which level on the log is kept.
    pub(crate) log_level: LevelFilter,
    /// Whether the log is JSON.
    pub(crate) log_json: bool,
    /// Roles beside the built-in ones.
    pub(crate) roles: BTreeMap<String, Permissions>,
    /// Every value as it was given, with its source, in the order of [`KEYS`].
    pub(crate) values: Vec<(&'static Key, Value, Source)>,
}

impl Settings {
    /// Gathers the settings from the flags, the environment and the configuration file.
    pub(crate) fn read(flags: &Flags) -> Result<Settings, Failure> {
        Settings::read_with(flags, |variable| env::var(variable).ok(), Path::new("."))
    }

    /// Gathers the settings with an environment and a working directory of the caller's choice. A
    /// variable that is no key is left alone: hosts such as Kubernetes set `CARNET_PORT` and the like
    /// on their own for a service named carnet.
    fn read_with(
        flags: &Flags,
        environment: impl Fn(&str) -> Option<String>,
        working: &Path,
    ) -> Result<Settings, Failure> {
        let environment = |name: &str| environment(name).filter(|text| !text.trim().is_empty());
        let named = flags.config.clone().or_else(|| environment(FILE_VARIABLE).map(PathBuf::from));
        let data = flags.data.clone().or_else(|| environment("CARNET_DATA").map(PathBuf::from));
        let file = file::find(named, data, working)?;
        let mut in_file = match &file {
            Some(path) => file::read(path)?,
            None => file::Contents::default(),
        };
        let mut values = Vec::with_capacity(KEYS.len());
        for key in KEYS {
            let (value, source) = if let Some((value, flag)) = flag(flags, key) {
                (value, Source::Flag(flag))
            } else if let Some(text) = environment(key.variable) {
                let value = key.parse(&text).map_err(|why| wrong(key.variable, &why))?;
                (value, Source::Environment(key.variable))
            } else if let (Some(value), Some(path)) = (in_file.values.remove(&key.path()), &file) {
                (value, Source::File(path.clone()))
            } else {
                let value = key.parse(key.default).map_err(|why| wrong(&key.path(), &why))?;
                (value, Source::Default)
            };
            values.push((key, value, source));
        }
        let roles = roles(in_file.roles)?;
        Settings::check(Values(values), roles)
    }

    /// Checks the values of all keys.
    fn check(values: Values, roles: BTreeMap<String, Permissions>) -> Result<Settings, Failure> {
        let listen = values.text("listen");
        let listen: SocketAddr = listen.parse().map_err(|_| {
            let why = format!("{listen} is not an address with a port, such as 127.0.0.1:8420");
            wrong("listen", &why)
        })?;
        let code = values.text("contacts.default_region");
        let default_region = region(code).ok_or_else(|| {
            let why = format!("{code} is not the two letters of a country, such as US");
            wrong("contacts.default_region", &why)
        })?;
        let (log_level, log_json) = (log_level(&values)?, is_log_json(&values)?);
        Ok(Settings {
            data: PathBuf::from(values.text("data")),
            listen,
            insecure_listen: values.switch("insecure_listen"),
            fast_path: values.switch("server.fast_path"),
            cors: cors(&values)?,
            default_region,
            require_names: values.switch("contacts.require_names"),
            free_fields: values.switch("contacts.free_fields"),
            internal_numbers: internal_numbers(&values)?,
            store_cache_bytes: values.mebibytes("store.cache_mib")?,
            ready_memory_bytes: values.mebibytes("ready.memory_mib")?,
            ready_file_bytes: values.mebibytes("ready.file_mib")?,
            index_writer_bytes: values.mebibytes("index.writer_mib")?,
            token_seconds: values.count("tokens.seconds"),
            caller_id: caller_id(&values)?,
            log_level,
            log_json,
            roles,
            values: values.0,
        })
    }

    /// The source of a key's value.
    pub(crate) fn source(&self, path: &str) -> Option<&Source> {
        self.values.iter().find(|row| row.0.path() == path).map(|row| &row.2)
    }

    /// The settings of the address book.
    pub(crate) fn book(&self) -> carnet_book::Settings {
        carnet_book::Settings {
            default_region: self.default_region,
            require_names: self.require_names,
            free_fields: self.free_fields,
            internal_numbers: self.internal_numbers,
            store_cache_bytes: self.store_cache_bytes,
            ready_memory_bytes: self.ready_memory_bytes as u64,
            ready_file_bytes: self.ready_file_bytes as u64,
            index_writer_bytes: self.index_writer_bytes,
            roles: self.roles.clone(),
            token_seconds: self.token_seconds,
            fixed: self.fixed(),
            ..carnet_book::Settings::new(&self.data)
        }
    }

    /// The settings for records that are given here, with what gives them: the store decides the others.
    fn fixed(&self) -> BTreeMap<String, String> {
        let names = RecordSettings::NAMES.iter().map(|(name, _)| *name);
        let given = names.filter_map(|name| match self.source(name)? {
            Source::Default => None,
            source => Some((name.to_owned(), source.to_string())),
        });
        given.collect()
    }
}

/// The value that the command line gives to a key, and the flag by which it does.
fn flag(flags: &Flags, key: &Key) -> Option<(Value, &'static str)> {
    match key.path().as_str() {
        "data" => {
            let data = flags.data.as_ref()?;
            Some((Value::String(data.to_string_lossy().into_owned()), "--data"))
        }
        "listen" => Some((Value::String(flags.listen.clone()?), "--listen")),
        "insecure_listen" if flags.insecure_listen => {
            Some((Value::Boolean(true), "--insecure-listen"))
        }
        _ => None,
    }
}

/// The roles of the file: names of permissions become permissions.
fn roles(in_file: BTreeMap<String, Vec<String>>) -> Result<BTreeMap<String, Permissions>, Failure> {
    let mut roles = BTreeMap::new();
    for (name, permissions) in in_file {
        let path = format!("{ROLES}.{name}");
        if Role::parse(&name).is_some() {
            return Err(wrong(
                &path,
                "this role is built in and cannot be redefined; choose another name",
            ));
        }
        let mut set = Vec::with_capacity(permissions.len());
        for permission in permissions {
            let known = Permission::parse(&permission).ok_or_else(|| {
                let known: Vec<&str> = Permission::ALL.iter().map(|(_, name)| *name).collect();
                wrong(
                    &path,
                    &format!("{permission} is no permission; known are {}", known.join(", ")),
                )
            })?;
            set.push(known);
        }
        roles.insert(name, set.into_iter().collect());
    }
    Ok(roles)
}

/// The values of all keys, by path. Each is of its key's sort, so what is missing or of another
/// sort reads as empty.
struct Values(Vec<(&'static Key, Value, Source)>);

impl Values {
    fn get(&self, path: &str) -> Option<&Value> {
        self.0.iter().find(|row| row.0.path() == path).map(|row| &row.1)
    }

    fn text(&self, path: &str) -> &str {
        self.get(path).and_then(Value::as_str).unwrap_or_default()
    }

    fn switch(&self, path: &str) -> bool {
        self.get(path).and_then(Value::as_bool).unwrap_or_default()
    }

    fn count(&self, path: &str) -> u64 {
        let number = self.get(path).and_then(Value::as_integer);
        number.and_then(|number| u64::try_from(number).ok()).unwrap_or_default()
    }

    fn list(&self, path: &str) -> &[Value] {
        let list = self.get(path).and_then(Value::as_array);
        list.map(Vec::as_slice).unwrap_or_default()
    }

    /// A count of mebibytes, in bytes.
    fn mebibytes(&self, path: &str) -> Result<usize, Failure> {
        let bytes = self.count(path).checked_mul(1 << 20);
        let bytes = bytes.and_then(|bytes| usize::try_from(bytes).ok());
        bytes.ok_or_else(|| wrong(path, "this is more memory than any machine has"))
    }
}

/// The region of a country's two letters.
fn region(code: &str) -> Option<Region> {
    Region::parse(code).filter(|region| *region != Region::WORLD)
}

/// A region on the command line: two letters.
pub(crate) fn region_argument(text: &str) -> Result<Region, String> {
    region(text).ok_or_else(|| "not the two letters of a country".to_owned())
}

/// The lengths of internal numbers; an empty text is none.
fn internal_numbers(values: &Values) -> Result<Option<InternalNumbers>, Failure> {
    let key = "contacts.internal_numbers";
    let text = values.text(key).trim();
    if text.is_empty() {
        return Ok(None);
    }
    let lengths = InternalNumbers::parse(text);
    lengths.map(Some).map_err(|why| wrong(key, &format!("{text} {why}")))
}

fn log_level(values: &Values) -> Result<LevelFilter, Failure> {
    let level = values.text("log.level");
    let known = ["off", "error", "warn", "info", "debug", "trace"];
    let parsed = known.contains(&level).then(|| level.parse().ok()).flatten();
    parsed.ok_or_else(|| {
        wrong("log.level", &format!("{level} is none of off, error, warn, info, debug, trace"))
    })
}

fn is_log_json(values: &Values) -> Result<bool, Failure> {
    match values.text("log.format") {
        "json" => Ok(true),
        "text" => Ok(false),
        format => Err(wrong("log.format", &format!("{format} is neither text nor json"))),
    }
}

/// The settings of caller ID; the first that is wrong is named.
fn caller_id(values: &Values) -> Result<CallerId, Failure> {
    let format = NameFormat::parse(values.text("cid.format"));
    let format = format.map_err(|why| wrong("cid.format", &why.to_string()))?;
    let allow = values.list("cid.allow");
    if allow.len() > CALLER_ID_NETWORKS_MAX {
        let why = format!("at most {CALLER_ID_NETWORKS_MAX} networks can be listed");
        return Err(wrong("cid.allow", &why));
    }
    let allow = allow.iter().filter_map(Value::as_str).map(|text| {
        text.parse().map_err(|why: UnknownNetwork| wrong("cid.allow", &format!("{text} {why}")))
    });
    let max_age = "cid.max_age_seconds";
    let max_age_seconds = u32::try_from(values.count(max_age))
        .map_err(|_| wrong(max_age, "nobody keeps a name that long"))?;
    Ok(CallerId { format, allow: allow.collect::<Result<_, _>>()?, max_age_seconds })
}

/// The origins whose pages may ask; the first that is wrong is named.
fn cors(values: &Values) -> Result<Origins, Failure> {
    let key = "server.cors_origins";
    let listed = values.list(key);
    if listed.len() > CORS_ORIGINS_MAX {
        return Err(wrong(key, &format!("at most {CORS_ORIGINS_MAX} origins can be listed")));
    }
    let origins = listed.iter().filter_map(Value::as_str).map(|text| {
        text.parse().map_err(|why: UnknownOrigin| wrong(key, &format!("{text} {why}")))
    });
    origins.collect()
}

#[cfg(test)]
mod tests;
