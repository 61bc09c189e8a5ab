//! Moments as the API writes them: ISO 8601 in UTC, with milliseconds.

use carnet_model::Timestamp;
use jiff::fmt::temporal::DateTimePrinter;
use jiff::tz::TimeZone;
use serde::{Serialize, Serializer};
use std::fmt;

/// A moment in the form in which answers have it: `2026-01-02T03:04:05.678Z`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Iso(pub Timestamp);

impl fmt::Display for Iso {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        static PRINTER: DateTimePrinter = DateTimePrinter::new().precision(Some(3));
        PRINTER.print_timestamp(&moment(self.0), jiff::fmt::StdFmtWrite(f)).map_err(|_| fmt::Error)
    }
}

impl Serialize for Iso {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The years −9999 to 9999 can be written; a moment beyond them becomes the nearest one.
fn moment(timestamp: Timestamp) -> jiff::Timestamp {
    let nearest = match timestamp.0 {
        ..0 => jiff::Timestamp::MIN,
        0.. => jiff::Timestamp::MAX,
    };
    jiff::Timestamp::from_millisecond(timestamp.0).unwrap_or(nearest)
}

/// Reads a date and time of ISO 8601 with any number of decimals up to nine (what is finer than
/// a millisecond is cut off) and any offset; without an offset it is UTC. A date alone is its
/// midnight. `None` for anything else.
pub fn parse(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let moment = text.parse::<jiff::Timestamp>().or_else(|_| {
        let local = text.parse::<jiff::civil::DateTime>()?;
        local.to_zoned(TimeZone::UTC).map(|zoned| zoned.timestamp())
    });
    Some(Timestamp(moment.ok()?.as_millisecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_has_milliseconds_and_z() {
        let check = |millis, expected: &str| {
            assert_eq!(Iso(Timestamp(millis)).to_string(), expected);
            assert_eq!(parse(expected), Some(Timestamp(millis)));
        };
        check(0, "1970-01-01T00:00:00.000Z");
        check(1_767_323_045_678, "2026-01-02T03:04:05.678Z");
        check(-1, "1969-12-31T23:59:59.999Z");
    }

    #[test]
    fn offsets_and_decimals_are_read() {
        let check = |text: &str, expected: &str| {
            let read = parse(text).map(|moment| Iso(moment).to_string());
            assert_eq!(read.as_deref(), Some(expected), "{text}");
        };
        check("2026-01-02T03:04:05Z", "2026-01-02T03:04:05.000Z");
        check("2026-01-02T03:04:05.6Z", "2026-01-02T03:04:05.600Z");
        check("2026-01-02T03:04:05.678901Z", "2026-01-02T03:04:05.678Z");
        check("2026-01-02T03:04:05.678+02:00", "2026-01-02T01:04:05.678Z");
        check("2026-01-02T03:04:05+0200", "2026-01-02T01:04:05.000Z");
        check(" 2026-01-02 03:04:05Z ", "2026-01-02T03:04:05.000Z");
        check("2026-01-02T03:04:05", "2026-01-02T03:04:05.000Z");
        check("2026-01-02", "2026-01-02T00:00:00.000Z");
    }

    #[test]
    fn what_is_no_date_is_not_read() {
        for text in
            ["", "yesterday", "2026-13-01T00:00:00Z", "2026-01-02T25:00:00Z", "1767323045678"]
        {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_moment_beyond_all_calendars_is_the_last_one() {
        assert_eq!(Iso(Timestamp(i64::MAX)).to_string(), "9999-12-30T22:00:00.999Z");
        assert!(Iso(Timestamp(i64::MIN)).to_string().starts_with("-00"));
    }
}
