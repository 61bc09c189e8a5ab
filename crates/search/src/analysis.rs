//! From texts to terms: how a text is folded into the terms by which it is found, and which other
//! terms are near to one. It knows nothing of fields, entries or the index.

pub(crate) mod analyzer;
pub(crate) mod east_asian;
pub(crate) mod fold;
pub(crate) mod near;
pub(crate) mod script;
pub(crate) mod spellings;
mod translit;
