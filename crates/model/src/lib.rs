//! The vocabulary of carnet: contacts, organisations, notes, and what belongs to them.
//!
//! Plain values. Nothing here opens a file, reads a clock, or knows the names that the API
//! gives to things in JSON. The `serde` derives are for the store's records: short field names,
//! because every record of a million carries them.

mod address;
mod change;
mod contact;
mod identifier;
mod import;
mod invalid;
pub mod limits;
mod note;
mod numbers;
mod organization;
mod page;
mod permission;
mod phone;
mod reference;
mod social;
mod time;

pub use address::Address;
pub use change::{Action, Change, Entity};
pub use contact::{Contact, ContactKind, CustomFields};
pub use identifier::{IdentifierKey, IdentifierKind, fold_email, fold_handle};
pub use import::{ImportContact, ImportItem, ImportNote, ImportOrganization};
pub use invalid::{Fault, FaultKind, Invalid};
pub use note::{Note, Subject};
pub use numbers::{ChangeNo, ContactNo, NoteNo, OrganizationNo};
pub use organization::{Organization, Ticker};
pub use page::{Direction, Page, Sort, SortField};
pub use permission::{Client, Permission, Permissions, Role, Token};
pub use phone::{Phone, PhoneLabel};
pub use reference::{Division, ExternalId, ExternalSource, SchemaRef};
pub use social::{Facebook, Instagram, Line, Twitter, WhatsApp};
pub use time::Timestamp;
pub use uuid::Uuid;
