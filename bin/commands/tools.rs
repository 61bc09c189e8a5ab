//! Commands that work without an address book of their own: about numbers, settings and shells,
//! and for trying carnet out.

pub(crate) mod bench;
pub(crate) mod completions;
pub(crate) mod config;
pub(crate) mod phone;
pub(crate) mod sample;
