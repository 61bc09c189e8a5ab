//! The commands: a file each, which reads its arguments, works, and answers. How a command ends
//! is a [`Failure`](crate::failure::Failure); commands do not call each other.

pub(crate) mod check;
pub(crate) mod client;
pub(crate) mod export;
pub(crate) mod import;
pub(crate) mod lookup;
pub(crate) mod numbers;
pub(crate) mod search;
pub(crate) mod serve;
pub(crate) mod stats;
pub(crate) mod tools;
pub(crate) mod user;
