//! The encoding of a text: told from its bytes before anything of it is read, so that a text is read
//! whole or not at all. UTF-8 is what carnet writes; the code pages of a region are what spreadsheets
//! write as "CSV", UTF-16 what they call "Unicode text".

mod decoded;
mod evidence;
mod name;
mod plausible;
mod survey;
#[cfg(test)]
mod tests;

pub use decoded::{Decoded, check};
pub use name::{EncodingError, TextEncoding};
pub use survey::survey;
