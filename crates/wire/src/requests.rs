//! Requests for many entities at once, and the frames of their answers. They know nothing of what
//! an entity looks like.

pub mod bulk;
pub mod listing;
pub mod query;
pub mod search;
