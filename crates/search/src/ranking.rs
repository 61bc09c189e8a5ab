//! What a match is worth, and the ranks of all documents of a segment at once. It knows numbers
//! only, and nothing of where they are from.

pub(crate) mod rank;
pub(crate) mod ranked;
