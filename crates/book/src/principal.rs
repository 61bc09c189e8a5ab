//! The principal: who asks, and what it may do.

use carnet_model::{Permissions, Role};

/// Who asks, and what it may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Who {
    /// The id of the client; empty for the command line.
    pub client: String,
    /// What it may do.
    pub permissions: Permissions,
}

impl Who {
    /// The person at the command line, who may do everything.
    pub fn command_line() -> Who {
        Who { client: String::new(), permissions: Role::Admin.permissions() }
    }
}
