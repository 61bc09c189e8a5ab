//! The things that are kept under an id of their own, and the keys by which they are found.

pub(crate) mod contact;
pub(crate) mod identifier;
pub(crate) mod note;
pub(crate) mod organization;
pub(crate) mod schema;
pub(crate) mod unread;
