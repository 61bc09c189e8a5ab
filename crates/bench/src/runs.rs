//! The measurements: one file each, and the rounds that they share.

pub(crate) mod edits;
pub(crate) mod import;
pub(crate) mod lookups;
pub(crate) mod rounds;
pub(crate) mod searches;
pub(crate) mod size;
pub(crate) mod start;
