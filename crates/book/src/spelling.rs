//! Spelling: the telephone numbers that a text may mean, the likeliest first. Pure: whether a contact
//! has a number is asked of the caller.

use crate::BookError;
use carnet_model::{IdentifierKey, IdentifierKind, InternalNumbers};
use carnet_phone::{Number, Region, equivalents, normalise, uri_user};

/// Tries the readings of a text, the likeliest first, until `find` finds one. Returns the number that
/// was found, or else the likeliest. Of a number in its old or its new form the other is tried after
/// all readings, so the exact one wins.
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
    // Where the numbering plan has changed, a contact may be known by the other form of its number.
    for number in tried.iter().flatten().flat_map(|number| equivalents(number.e164)) {
        let number = Number::from(number);
        if find(number)? {
            return Ok(Some(number));
        }
    }
    Ok(tried.into_iter().flatten().next())
}

/// The text as it is.
fn as_it_stands(text: &str, region: Region) -> Option<Number> {
    normalise(text, region).ok()
}

/// The keys of the internal numbers that a text spells, nearly always one: bare digits, those of a URI
/// too, whose host is then the telephone system.
pub(crate) fn internal_numbers(
    text: &str,
    internal: Option<InternalNumbers>,
) -> Vec<IdentifierKey> {
    let Some(internal) = internal else { return Vec::new() };
    let numbers = internal.read(user_of(text)).into_iter();
    numbers.map(|digits| IdentifierKey::new(IdentifierKind::Internal, &digits)).collect()
}

/// The user of a URI, as some switches send their callers, also in angle brackets behind a name, and
/// without its scheme (`1047@10.0.0.1`); any other text whole.
fn user_of(text: &str) -> &str {
    let address = without_name(text);
    let user = uri_user(address).unwrap_or(address).trim();
    match user.split_once('@') {
        Some((digits, _)) if digits.bytes().all(|byte| byte.is_ascii_digit()) => digits,
        _ => user,
    }
}

/// The address in angle brackets behind a name; any other text whole.
fn without_name(text: &str) -> &str {
    match text.split_once('<') {
        Some((_, address)) => address.split('>').next().unwrap_or(address),
        None => text,
    }
}

/// Whether a text is a URI, with or without a name before it: behind its `@` a host follows.
pub(crate) fn is_uri(text: &str) -> bool {
    uri_user(without_name(text)).is_some()
}

/// Bare digits, of any script, read as if they had a plus before them, those of a URI too: switches
/// drop it.
pub(crate) fn with_plus(text: &str, region: Region) -> Option<Number> {
    let text = user_of(text);
    if text.is_empty() || !text.chars().all(char::is_numeric) {
        return None;
    }
    normalise(&format!("+{text}"), region).ok()
}

/// The text without blanks before it: in a URI a plus may have become one.
fn without_blanks(text: &str, region: Region) -> Option<Number> {
    let trimmed = text.trim_start();
    (trimmed.len() < text.len()).then(|| normalise(trimmed, region).ok())?
}
