//! Queries: the plan of a typed text, how the index and the overlay answer it, and the best of both
//! in order.

pub(crate) mod collect;
mod cursor;
pub(crate) mod matcher;
pub(crate) mod plan;
pub(crate) mod scorer;
pub(crate) mod segment_query;
mod windows;
pub(crate) mod words;
