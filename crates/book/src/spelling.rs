//! Spelling: the telephone numbers that a text may mean, the likeliest first. Pure; whether somebody
//! has a number is asked of the caller.

use crate::BookError;
use carnet_phone::{Number, Region, normalise};

/// Tries what a text may spell, the likeliest first, until somebody has it. Returns the number that
/// was found, or else the likeliest.
pub(crate) fn try_readings(
    text: &str,
    region: Region,
    mut find: impl FnMut(Number) -> Result<bool, BookError>,
) -> Result<Option<Number>, BookError> {
    let mut tried = [None; 3];
    let readings = [as_it_stands, with_plus, without_blanks];
    for (n, reading) in readings.iter().enumerate() {
        let Some(number) = reading(text, region) else {
            continue;
        };
        if tried.iter().flatten().any(|tried: &Number| tried.e164 == number.e164) {
            continue;
        }
        if find(number)? {
            return Ok(Some(number));
        }
        tried[n] = Some(number);
    }
    Ok(tried.into_iter().flatten().next())
}

fn as_it_stands(text: &str, region: Region) -> Option<Number> {
    normalise(text, region).ok()
}

/// Whether a switch sends its caller as a URI: then what follows an `@` is a host.
pub(crate) fn is_uri(text: &str) -> bool {
    let scheme = text.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
    scheme.is_some_and(|scheme| matches!(&*scheme, "tel" | "sip" | "sips"))
}

/// Bare digits read as if they had a plus before them, those of a URI too.
pub(crate) fn with_plus(text: &str, region: Region) -> Option<Number> {
    let mut text = text.trim();
    if is_uri(text) {
        let (_, rest) = text.split_once(':')?;
        text = rest.split(['@', ';']).next()?;
    }
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    normalise(&format!("+{text}"), region).ok()
}

/// Without the blank that may have been a plus.
fn without_blanks(text: &str, region: Region) -> Option<Number> {
    let trimmed = text.trim_start();
    (trimmed.len() < text.len()).then(|| normalise(trimmed, region).ok())?
}
