//! The correlation id: what an answer, its error body and the log have in common.

use crate::limits::CORRELATION_CHARS_MAX;
use hyper::HeaderMap;
use hyper::header::{HeaderName, HeaderValue};
use std::cell::Cell;
use std::sync::atomic::{AtomicU64, Ordering};
use uuid::fmt::Hyphenated;
use uuid::{Builder, Uuid};

/// The header that carries it, both ways.
pub(crate) const CORRELATION: HeaderName = HeaderName::from_static("inin-correlation-id");

/// Bytes of an id, as text.
pub(crate) const ID_BYTES: usize = Hyphenated::LENGTH;

/// Gives out correlation ids: unlike any other of this process, very likely of any process.
/// Random numbers from the system for each would cost more than the rest of a look-up.
#[derive(Debug)]
pub(crate) struct Correlations {
    start: u128,
    count: AtomicU64,
}

/// Ids that one connection has to itself: threads that count together wait for each other.
#[derive(Debug, Default)]
pub(crate) struct Series {
    next: Cell<u64>,
    left: Cell<u64>,
}

/// Ids that a connection takes at once.
const SERIES: u64 = 64;

impl Correlations {
    pub(crate) fn new() -> Correlations {
        Correlations { start: Uuid::new_v4().as_u128(), count: AtomicU64::new(0) }
    }

    /// The request's own id when it has a sane one, else a new one.
    pub(crate) fn of(&self, headers: &HeaderMap) -> HeaderValue {
        match headers.get(&CORRELATION) {
            Some(given) if is_sane(given) => given.clone(),
            _ => self.next(),
        }
    }

    /// A new id.
    pub(crate) fn next(&self) -> HeaderValue {
        let mut text = [0; ID_BYTES];
        let id = self.write(self.count.fetch_add(1, Ordering::Relaxed), &mut text);
        HeaderValue::from_str(id).unwrap_or(HeaderValue::from_static("none"))
    }

    /// The next id of a series, as text.
    pub(crate) fn next_of<'t>(&self, series: &Series, text: &'t mut [u8; ID_BYTES]) -> &'t str {
        if series.left.get() == 0 {
            series.next.set(self.count.fetch_add(SERIES, Ordering::Relaxed));
            series.left.set(SERIES);
        }
        let count = series.next.get();
        series.next.set(count + 1);
        series.left.set(series.left.get() - 1);
        self.write(count, text)
    }

    fn write<'t>(&self, count: u64, text: &'t mut [u8; ID_BYTES]) -> &'t str {
        // An odd factor keeps all counts apart and spreads them over all bits.
        let spread = u128::from(count).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
        let bytes = self.start.wrapping_add(spread).to_be_bytes();
        Builder::from_random_bytes(bytes).into_uuid().hyphenated().encode_lower(text)
    }
}

/// Short, and of characters that can stand in a log line.
fn is_sane(given: &HeaderValue) -> bool {
    let bytes = given.as_bytes();
    let fits = (1..=CORRELATION_CHARS_MAX).contains(&bytes.len());
    fits && bytes.iter().all(|b| b.is_ascii_alphanumeric() || b"-_.:".contains(b))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn no_id_is_given_twice() {
        let ids = Correlations::new();
        let (one, other) = (Series::default(), Series::default());
        let mut text = [0; ID_BYTES];
        let mut given = HashSet::new();
        for _ in 0..5_000 {
            given.insert(ids.next().to_str().unwrap().to_owned());
            given.insert(ids.next_of(&one, &mut text).to_owned());
            given.insert(ids.next_of(&other, &mut text).to_owned());
        }
        assert_eq!(given.len(), 15_000);
    }

    #[test]
    fn takes_the_requests_own_id_only_when_it_is_sane() {
        let ids = Correlations::new();
        for (given, kept) in [
            ("5e6b0d6c-0001", true),
            ("a.b_c:1", true),
            ("", false),
            ("two words", false),
            ("x\u{e9}", false),
            (&"a".repeat(65), false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(CORRELATION, HeaderValue::from_bytes(given.as_bytes()).unwrap());
            assert_eq!(ids.of(&headers) == given, kept, "{given}");
        }
    }
}
