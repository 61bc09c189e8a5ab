//! Scores of matches, and the ranks of all documents of a segment at once. It knows documents as
//! numbers only, and nothing of the index or the overlay.

pub(crate) mod rank;
pub(crate) mod ranked;
