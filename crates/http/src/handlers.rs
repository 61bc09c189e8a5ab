//! The handlers of the operations, one file a resource. They read with carnet-wire, ask the address
//! book once, and write with carnet-wire; statuses and codes are made in `error`.

pub(crate) mod bulk;
pub(crate) mod contacts;
pub(crate) mod expand;
pub(crate) mod listing;
pub(crate) mod lookup;
pub(crate) mod notes;
pub(crate) mod organizations;
pub(crate) mod own;
pub(crate) mod patching;
pub(crate) mod scan;
