//! The clock of an address book: the wall clock, in the milliseconds that records are stamped with.

use carnet_model::Timestamp;
use std::time::{SystemTime, UNIX_EPOCH};

/// The present moment. A clock before 1970 counts as 1970.
pub(crate) fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
