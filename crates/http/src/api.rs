//! The parts of which an operation is made: what a handler is given, and the way from a path to it.

pub(crate) mod context;
pub(crate) mod router;
