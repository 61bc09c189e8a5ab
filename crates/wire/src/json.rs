//! JSON read without stopping at the first fault, and written without copying. It knows no field
//! by name.

pub mod exact;
pub(crate) mod fields;
pub(crate) mod reader;
