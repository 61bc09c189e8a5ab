//! The vocabulary of carnet: contacts, organisations, notes, and what belongs to them.
//!
//! Plain values. Nothing here opens a file, reads a clock, or knows the names that the API
//! gives to things in JSON. The `serde` derives are for the store's records: short field names,
//! because every record of a million carries them.

mod accounts;
mod change;
mod entities;
mod import;
mod invalid;
pub mod limits;
mod numbers;
mod page;
mod parts;
mod permission;
mod time;

pub use accounts::{Account, Client, Token, User};
pub use change::{Action, Change, Entity, SettingChange};
pub use entities::contact::{Contact, ContactKind, CustomFields};
pub use entities::identifier::{IdentifierKey, IdentifierKind, fold_handle};
pub use entities::note::{Note, Subject};
pub use entities::organization::{Organization, Ticker};
pub use entities::schema::check::too_many_digits;
pub use entities::schema::core_type::{CoreType, EnumOption, Restriction, Restrictions};
pub use entities::schema::{
    DataSchema, Definition, InvalidFields, Property, SchemaDraft, SchemaFault, SchemaKind,
};
pub use entities::unread::{Anew, RereadNumber, UnreadNumber, UnreadNumbers, UnreadReason};
pub use import::mentioned::{ContactField, Mentioned};
pub use import::names::{canonical_name, decomposed_name};
pub use import::{ImportContact, ImportItem, ImportNote, ImportOrganization, ImportSchema};
pub use invalid::{ExternalIdTaken, Fault, FaultKind, HolderKind, Invalid, InvalidReference};
pub use numbers::{ChangeNo, ContactNo, NoteNo, OrganizationNo};
pub use page::{Direction, Page, Sort, SortField};
pub use parts::address::Address;
pub use parts::email::{bare_email, domain_in_letters, email_spellings, fold_email};
pub use parts::internal::{
    BadInternalNumbers, INTERNAL_DIGITS_MAX, InternalNumbers, internal_digits,
};
pub use parts::numeral::{Numeral, large_whole, numeral_text, whole_value};
pub use parts::phone::{NumberReading, NumberRules, Phone, PhoneLabel, PhoneStyle, read_number};
pub use parts::reference::{Division, ExternalId, ExternalSource, SchemaRef};
pub use parts::social::{Facebook, Instagram, Line, Twitter, WhatsApp};
pub use parts::url::is_web_url;
pub use permission::{Permission, Permissions, Role};
pub use time::Timestamp;
pub use uuid::Uuid;
