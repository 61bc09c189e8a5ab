//! The parts of which an operation is made: its row in the table, the way from a path to it, and
//! what its handler is given.

pub(crate) mod context;
pub(crate) mod offload;
pub(crate) mod route;
pub(crate) mod router;
