//! The principal of a call. It does not know how it was authenticated.

use carnet_model::{Account, Permissions, Role};

/// Who makes a call, and the permissions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    /// The program or the person.
    pub account: Account,
    /// The name under which changes and notes are kept: a client's id or a person's name; empty for
    /// the command line.
    pub author: String,
    /// The permissions.
    pub permissions: Permissions,
}

impl Principal {
    /// A program.
    pub fn client(id: String, permissions: Permissions) -> Principal {
        Principal { account: Account::Client(id.clone()), author: id, permissions }
    }

    /// The person at the command line, with every permission.
    pub fn command_line() -> Principal {
        Principal::client(String::new(), Role::Admin.permissions())
    }
}
