//! Settings of an address book: what an administrator can decide. Where they are read from is not
//! known here.

use carnet_model::{InternalNumbers, NumberRules, Permissions, Role};
use carnet_phone::Region;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// The settings of an address book.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The data directory. It is made when it is missing.
    pub data: PathBuf,
    /// The region whose country code is assumed for numbers that carry none.
    pub default_region: Region,
    /// The lengths of the house's own internal numbers, if it has some: short numbers that are found
    /// exactly as they were typed.
    pub internal_numbers: Option<InternalNumbers>,
    /// Whether a contact must have a first and a last name.
    pub require_names: bool,
    /// Whether custom fields are taken that name no schema, or one that is not known.
    pub free_fields: bool,
    /// Bytes of the store's page cache.
    pub store_cache_bytes: usize,
    /// Bytes at most of the files of the render cache; 0 for none. They take what the contacts
    /// warrant, and no more than half of the space that is free on the disk at the start.
    pub ready_file_bytes: u64,
    /// Bytes of memory of the render cache, for answers that are asked for often. With 0 names are not
    /// kept in memory either, which take 64 bytes a contact.
    pub ready_memory_bytes: u64,
    /// Bytes in which the index collects documents before it writes a segment.
    pub index_writer_bytes: usize,
    /// Whether the book is opened for a bulk load without searches: the index then takes changes
    /// without showing them, and commits rarely and when the book is closed.
    pub bulk: bool,
    /// Roles beside the built-in ones, by name.
    pub roles: BTreeMap<String, Permissions>,
    /// Life of a token in seconds.
    pub token_seconds: u64,
    /// The settings for records that a file, the environment or the command line decides: they cannot
    /// be changed while carnet runs. By name, with what decides.
    pub fixed: BTreeMap<String, String>,
}

/// The settings for records. They may be changed while carnet runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordSettings {
    /// As in [`Settings::default_region`].
    pub default_region: Region,
    /// As in [`Settings::internal_numbers`].
    pub internal_numbers: Option<InternalNumbers>,
    /// As in [`Settings::require_names`].
    pub require_names: bool,
    /// As in [`Settings::free_fields`].
    pub free_fields: bool,
}

/// The kind of a setting's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettingKind {
    /// A region's code, such as `DE`.
    Region,
    /// Yes or no.
    Switch,
    /// Any other text.
    Text,
}

impl RecordSettings {
    /// The names of the settings, with the kinds of their values.
    pub const NAMES: [(&'static str, SettingKind); 4] = [
        ("contacts.default_region", SettingKind::Region),
        ("contacts.internal_numbers", SettingKind::Text),
        ("contacts.require_names", SettingKind::Switch),
        ("contacts.free_fields", SettingKind::Switch),
    ];

    /// The settings by which a number is read.
    pub fn numbers(&self) -> NumberRules {
        NumberRules { default_region: self.default_region, internal_numbers: self.internal_numbers }
    }

    /// The value of a setting as text; `None` when there is none of that name.
    pub fn value(&self, name: &str) -> Option<String> {
        Some(match name {
            "contacts.default_region" => self.default_region.to_string(),
            "contacts.internal_numbers" => {
                self.internal_numbers.map(|numbers| numbers.to_string()).unwrap_or_default()
            }
            "contacts.require_names" => self.require_names.to_string(),
            "contacts.free_fields" => self.free_fields.to_string(),
            _ => return None,
        })
    }

    /// The settings with another value of one; `None` when there is none of that name.
    ///
    /// # Errors
    /// What is wrong with the value.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Option<Result<Self, String>> {
        let switch = || value.parse().map_err(|_| "it is true or false".to_owned());
        let changed = match name {
            "contacts.default_region" => match Region::parse(value) {
                Some(region) => {
                    self.default_region = region;
                    Ok(())
                }
                None => Err("no region has this code; expected two letters such as US".to_owned()),
            },
            "contacts.internal_numbers" if value.is_empty() => {
                self.internal_numbers = None;
                Ok(())
            }
            "contacts.internal_numbers" => InternalNumbers::parse(value)
                .map(|numbers| self.internal_numbers = Some(numbers))
                .map_err(|why| why.to_string()),
            "contacts.require_names" => switch().map(|on| self.require_names = on),
            "contacts.free_fields" => switch().map(|on| self.free_fields = on),
            _ => return None,
        };
        Some(changed.map(|()| self))
    }
}

impl Settings {
    /// The defaults, for a data directory.
    pub fn new(data: impl Into<PathBuf>) -> Settings {
        Settings {
            data: data.into(),
            default_region: Region::US,
            internal_numbers: None,
            require_names: true,
            free_fields: false,
            store_cache_bytes: 64 << 20,
            ready_file_bytes: 16 << 30,
            ready_memory_bytes: 64 << 20,
            index_writer_bytes: 64 << 20,
            bulk: false,
            roles: BTreeMap::new(),
            token_seconds: 24 * 60 * 60,
            fixed: BTreeMap::new(),
        }
    }

    /// The settings for records as they are at a start, before what was changed since.
    pub(crate) fn records(&self) -> RecordSettings {
        RecordSettings {
            default_region: self.default_region,
            internal_numbers: self.internal_numbers,
            require_names: self.require_names,
            free_fields: self.free_fields,
        }
    }

    /// The names of all roles, the built-in ones first.
    pub fn role_names(&self) -> impl Iterator<Item = &str> {
        Role::ALL.iter().map(|role| role.name()).chain(self.roles.keys().map(String::as_str))
    }

    /// The permissions of a role; `None` when there is none of that name.
    pub fn role(&self, name: &str) -> Option<Permissions> {
        let own = self.roles.get(name).copied();
        own.or_else(|| Role::parse(name).map(Role::permissions))
    }
}
