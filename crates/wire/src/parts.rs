//! The parts that several resources have in common. They know nothing of the resources.

pub(crate) mod address;
pub mod numbers;
pub(crate) mod phone;
pub(crate) mod reference;
pub(crate) mod social;
