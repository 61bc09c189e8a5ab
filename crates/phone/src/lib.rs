//! Telephone numbers in E.164, exactly as Google's libphonenumber reads them and without what it
//! costs: [`normalise`] what a person typed, [`describe`] and format what is known.
//!
//! ```
//! use carnet_phone::{Region, describe, normalise};
//!
//! let number = normalise("(0151) 1234-5678 ext. 12", Region::parse("DE").unwrap())?;
//! assert_eq!(number.e164.to_string(), "+4915112345678");
//! assert_eq!(number.extension.unwrap(), "12");
//! assert_eq!(number.e164.international().as_str(), "+49 1511 2345678");
//! assert_eq!(number.e164.national().as_str(), "01511 2345678");
//! assert_eq!(describe(number.e164).region.unwrap().as_str(), "DE");
//! # Ok::<(), carnet_phone::Reason>(())
//! ```
//!
//! # How
//!
//! When the crate is built, `build.rs` turns Google's metadata into one graph of digits. Whether a
//! number is valid, where it belongs, what kind it is, which prefixes come off and how it is
//! written: each is a walk through that graph, one step a digit. Nothing is parsed at start,
//! nothing is locked, nothing is allocated.
//!
//! It knows nothing of contacts, files or time, and unlike libphonenumber nothing of short
//! numbers, carriers or places.

mod describe;
mod digits;
mod e164;
mod extension;
mod format;
mod kind;
mod limits;
mod normalise;
mod number;
mod region;
mod renumbering;
mod tables;
mod text;

pub use describe::{Description, describe};
pub use e164::{DIGITS_MAX, DIGITS_MIN, E164};
pub use extension::Extension;
pub use format::Formatted;
pub use kind::NumberKind;
pub use limits::TEXT_CHARS_MAX;
pub use normalise::{
    NUMBERS_MAX, Partial, normalise, normalise_with, partials, several, short_numbers, strict_e164,
    uri_user,
};
pub use number::{Number, Reason, Rules};
pub use region::{Region, UnknownRegion};
pub use renumbering::equivalents;
pub use text::{bare_digits, is_blank, is_unseen};
