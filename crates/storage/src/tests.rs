//! Tests of the store as a whole; what concerns one file alone is tested beside it.

mod disk;
mod external_ids;
mod faulty;
mod indexes;
mod model;
mod opening;
mod power;
mod random;
pub(crate) mod sample;
mod schemas;
mod unread;
