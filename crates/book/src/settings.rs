//! What an administrator can decide about an address book.

use carnet_model::{Permissions, Role};
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
    /// Whether a contact must have a first and a last name.
    pub require_names: bool,
    /// Bytes of the store's page cache.
    pub store_cache_bytes: usize,
    /// Bytes at most of the file in which answers to look-ups are kept ready; 0 for none. It takes
    /// what the contacts warrant, and no more than half of what the disk has left at the start.
    pub ready_file_bytes: u64,
    /// Bytes of memory in which answers that are asked for often are kept ready. With 0 names are
    /// not kept in memory either: 64 bytes a contact.
    pub ready_memory_bytes: u64,
    /// Bytes in which the index collects documents before it writes a segment.
    pub index_writer_bytes: usize,
    /// Whether the book is opened for a bulk load, in which nobody searches: the index then takes
    /// changes without showing them, and commits rarely and when the book is closed.
    pub bulk: bool,
    /// Roles beside the built-in ones, by name.
    pub roles: BTreeMap<String, Permissions>,
    /// Life of a token in seconds.
    pub token_seconds: u64,
}

impl Settings {
    /// The defaults, for a data directory.
    pub fn new(data: impl Into<PathBuf>) -> Settings {
        Settings {
            data: data.into(),
            default_region: Region::US,
            require_names: true,
            store_cache_bytes: 64 << 20,
            ready_file_bytes: 16 << 30,
            ready_memory_bytes: 64 << 20,
            index_writer_bytes: 64 << 20,
            bulk: false,
            roles: BTreeMap::new(),
            token_seconds: 24 * 60 * 60,
        }
    }

    /// What the role of that name may do; `None` when there is no such role.
    pub fn role(&self, name: &str) -> Option<Permissions> {
        let own = self.roles.get(name).copied();
        own.or_else(|| Role::parse(name).map(Role::permissions))
    }
}
