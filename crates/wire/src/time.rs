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
mod tests;
