//! From texts to terms: how a text is folded into the terms by which it is found, and which other
//! terms are near to one. It knows nothing of fields, entries or the index.

pub(crate) mod analyzer;
pub(crate) mod near;
mod translit;
