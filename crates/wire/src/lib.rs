//! The API's JSON, from and to the model: one file a resource.
//!
//! The only crate that names the API's fields. It knows nothing of files, HTTP or the address book:
//! it is given JSON values and model records, and reports all faults of a body at once.

pub mod error;
pub mod import;
pub mod lookup;
pub mod time;

mod entities;
mod json;
mod parts;
mod requests;
mod rules;

pub use entities::{contact, identifier, note, organization, patch, schema};
pub use json::exact;
pub use parts::numbers;
pub use requests::{bulk, listing, query, search};
pub use rules::{Checked, Rules};
