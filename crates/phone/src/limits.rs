//! Limits of the texts in which a number is looked for.

/// Characters of a text, at most.
pub const TEXT_CHARS_MAX: usize = 250;

/// Bytes of such a text, at most: no character has more than four.
pub(crate) const TEXT_BYTES_MAX: usize = TEXT_CHARS_MAX * 4;
