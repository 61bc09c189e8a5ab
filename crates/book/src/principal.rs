//! The principal of a call. It does not know how it was authenticated.

use carnet_model::{Permissions, Role};

/// The client that makes a call, and its permissions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    /// The id of the client; empty for the command line.
    pub client: String,
    /// Its permissions.
    pub permissions: Permissions,
}

impl Principal {
    /// The person at the command line, with every permission.
    pub fn command_line() -> Principal {
        Principal { client: String::new(), permissions: Role::Admin.permissions() }
    }
}
