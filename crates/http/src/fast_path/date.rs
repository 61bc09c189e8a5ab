//! The `Date` of an answer, written out once a second on each thread.

use std::cell::Cell;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// `Sun, 06 Nov 1994 08:49:37 GMT`
type DateText = [u8; 29];

thread_local! {
    /// The text, and until when it is right.
    static DATE: Cell<Option<(DateText, Instant)>> = const { Cell::new(None) };
}

/// The date at `now`, which is the present moment.
pub(crate) fn date(now: Instant) -> DateText {
    if let Some((text, until)) = DATE.get()
        && now < until
    {
        return text;
    }
    let time = SystemTime::now();
    let mut text = *b"Thu, 01 Jan 1970 00:00:00 GMT";
    // A clock before 1970 or after 9999 stays there; both have this length.
    let written = httpdate::HttpDate::from(time.max(UNIX_EPOCH)).to_string();
    if written.len() == text.len() {
        text.copy_from_slice(written.as_bytes());
    }
    // Good until the next second begins, and not for a second from now: else it would lag behind.
    let into_second = time.duration_since(UNIX_EPOCH).map_or(0, |since| since.subsec_nanos());
    let left = Duration::from_nanos(1_000_000_000 - u64::from(into_second));
    DATE.set(Some((text, now + left)));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_date_is_the_present_one_and_stands_for_a_second_at_most() {
        let now = Instant::now();
        let first = date(now);
        let read = |text: DateText| {
            httpdate::parse_http_date(std::str::from_utf8(&text).unwrap()).unwrap()
        };
        let age = SystemTime::now().duration_since(read(first)).unwrap();
        assert!(age < Duration::from_secs(60), "{age:?}");
        assert_eq!(date(now), first);
        let (_, until) = DATE.get().unwrap();
        assert!(until <= now + Duration::from_secs(1) && until > now);
    }
}
