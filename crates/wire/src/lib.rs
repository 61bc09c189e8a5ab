//! The API's JSON, from and to the model: one file a resource.
//!
//! The only crate that names the API's fields. It knows nothing of files, HTTP or the address
//! book: it is given JSON values and model records, and tells everything that is wrong with a
//! body at once.

pub mod bulk;
pub mod contact;
pub mod error;
pub mod identifier;
pub mod listing;
pub mod lookup;
pub mod note;
pub mod organization;
pub mod patch;
pub mod query;
pub mod search;
pub mod time;

mod address;
mod fields;
mod phone;
mod reader;
mod reference;
mod rules;
mod social;

pub use rules::{Checked, Rules};
