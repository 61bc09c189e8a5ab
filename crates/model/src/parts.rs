//! The parts that entities are made of. They know nothing of the entities.

pub(crate) mod address;
pub(crate) mod calendar;
pub(crate) mod email;
pub(crate) mod internal;
pub(crate) mod numeral;
pub(crate) mod phone;
pub(crate) mod reference;
pub(crate) mod social;
pub(crate) mod url;
