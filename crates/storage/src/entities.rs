//! The things that are kept: for each its questions, its edits and the rows by which it is found,
//! and the exact look-ups that all of them use.

pub(crate) mod changes;
pub(crate) mod clients;
pub(crate) mod contacts;
pub(crate) mod holder;
pub(crate) mod lookup;
pub(crate) mod notes;
pub(crate) mod organizations;
pub(crate) mod rekey;
pub(crate) mod schemas;
pub(crate) mod settings;
