//! The parts of a request and of an answer, whatever the operation.

pub(crate) mod answer;
pub(crate) mod body;
pub(crate) mod correlation;
pub(crate) mod cursor;
pub(crate) mod error;
pub(crate) mod json;
pub(crate) mod media_type;
pub(crate) mod parameters;
