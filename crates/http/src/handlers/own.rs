//! The operations that are carnet's own, beside those of the vendor's API.

pub(crate) mod caller_id;
pub(crate) mod clients;
pub(crate) mod export;
pub(crate) mod health;
pub(crate) mod import;
pub(crate) mod maintenance;
pub(crate) mod metrics;
pub(crate) mod number_lookup;
pub(crate) mod token;
