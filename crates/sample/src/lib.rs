//! Made-up contacts of many countries and scripts as JSON lines, the same for the same seed, and
//! the random numbers that they are made of. It knows names and numbers that look right, and
//! nothing of carnet's data.

mod companies;
mod countries;
mod names;
mod person;
mod random;

pub use person::Sampler;
pub use random::Random;

/// Contacts for each organisation, on average.
pub const CONTACTS_PER_ORGANIZATION: u64 = 50;
