//! Dates and times as texts of ISO 8601: whether there is such a day, and such a time. It computes
//! nothing with them.

/// Whether a text is a date that the calendar has, as `2026-02-28`.
pub(crate) fn is_date(text: &str) -> bool {
    let [year, month, day] = match split(text, '-') {
        Some(parts) => parts,
        None => return false,
    };
    let (Some(year), Some(month), Some(day)) = (digits(year, 4), digits(month, 2), digits(day, 2))
    else {
        return false;
    };
    (1..=days_of(year, month)).contains(&day)
}

/// Whether a text is a moment: a date, `T`, a time with seconds, and an offset, as
/// `2026-02-28T13:45:00.000Z` or `2026-02-28T13:45:00+01:00`.
pub(crate) fn is_date_time(text: &str) -> bool {
    let Some((date, time)) = text.split_once(['T', 't']) else { return false };
    let Some(end) = time.find(['Z', 'z', '+', '-']) else { return false };
    let (time, offset) = time.split_at(end);
    is_date(date) && is_time(time) && is_offset(offset)
}

fn is_time(text: &str) -> bool {
    let (text, fraction) = match text.split_once('.') {
        Some((text, fraction)) => (text, Some(fraction)),
        None => (text, None),
    };
    let is_fraction = |fraction: &str| {
        (1..=9).contains(&fraction.len()) && fraction.bytes().all(|byte| byte.is_ascii_digit())
    };
    let Some([hour, minute, second]) = split(text, ':') else { return false };
    let within = |part, end| digits(part, 2).is_some_and(|number| number < end);
    within(hour, 24) && within(minute, 60) && within(second, 60) && fraction.is_none_or(is_fraction)
}

fn is_offset(text: &str) -> bool {
    if text.eq_ignore_ascii_case("z") {
        return true;
    }
    let Some(text) = text.strip_prefix(['+', '-']) else { return false };
    let parts = text.split_once(':').or_else(|| text.split_at_checked(2));
    parts.is_some_and(|(hour, minute)| {
        digits(hour, 2).is_some_and(|hour| hour < 24)
            && digits(minute, 2).is_some_and(|minute| minute < 60)
    })
}

/// Exactly three parts.
fn split(text: &str, mark: char) -> Option<[&str; 3]> {
    let mut parts = text.split(mark);
    let three = [parts.next()?, parts.next()?, parts.next()?];
    parts.next().is_none().then_some(three)
}

/// The number of exactly so many digits.
fn digits(text: &str, count: usize) -> Option<u32> {
    let are_digits = text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    are_digits.then(|| text.parse().ok())?
}

/// The days of a month; none where there is no such month.
fn days_of(year: u32, month: u32) -> u32 {
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_a_day_of_the_calendar() {
        for date in ["2026-01-31", "2024-02-29", "2000-02-29", "0001-12-01", "9999-12-31"] {
            assert!(is_date(date), "{date}");
        }
        for text in [
            "",
            "2026",
            "2026-02-29",
            "1900-02-29",
            "2026-04-31",
            "2026-13-01",
            "2026-00-01",
            "2026-01-00",
            "2026-1-1",
            "26-01-01",
            "2026-01-01-",
            "2026/01/01",
            " 2026-01-01",
            "2026-01-01T00:00:00Z",
            "２026-01-01",
            "+026-01-01",
        ] {
            assert!(!is_date(text), "{text}");
        }
    }

    #[test]
    fn a_moment_has_seconds_and_an_offset() {
        for moment in [
            "2026-02-28T13:45:00Z",
            "2026-02-28t13:45:00z",
            "2026-02-28T13:45:00.000Z",
            "2026-02-28T13:45:00.123456789+01:00",
            "2026-02-28T00:00:00-0530",
        ] {
            assert!(is_date_time(moment), "{moment}");
        }
        for text in [
            "2026-02-28",
            "2026-02-29T13:45:00Z",
            "2026-02-28T24:00:00Z",
            "2026-02-28T13:60:00Z",
            "2026-02-28T13:45:60Z",
            "2026-02-28T13:45Z",
            "2026-02-28T13:45:00",
            "2026-02-28 13:45:00Z",
            "2026-02-28T13:45:00.Z",
            "2026-02-28T13:45:00+1",
            "2026-02-28T13:45:00+24:00",
            "2026-02-28T13:45:00Zulu",
            "T",
            "2026-02-28T13:45:00+é",
        ] {
            assert!(!is_date_time(text), "{text}");
        }
    }
}
