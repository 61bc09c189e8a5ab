//! Entities as the API shows and takes them: one file a resource, and PATCH for all of them.

pub mod contact;
pub mod identifier;
pub mod note;
pub mod organization;
pub mod patch;
pub mod schema;
