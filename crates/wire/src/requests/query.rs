//! The values of query parameters, and of the same things in search requests: lists, numbers,
//! choices and orders. It knows nothing of URLs; what comes in is already percent-decoded.

use carnet_model::{Direction, FaultKind, Invalid, Sort, SortField};
use std::num::{IntErrorKind, ParseIntError};

#[cfg(test)]
mod tests;

/// The orders in which contacts are listed.
pub const CONTACT_ORDERS: &[(&str, SortField)] = &[
    ("firstName", SortField::FirstName),
    ("lastName", SortField::LastName),
    ("middleName", SortField::MiddleName),
    ("title", SortField::Title),
];

/// The orders in which organisations are listed.
pub const ORGANIZATION_ORDERS: &[(&str, SortField)] = &[
    ("companyType", SortField::CompanyType),
    ("industry", SortField::Industry),
    ("name", SortField::Name),
];

/// The orders in which notes are listed.
pub const NOTE_ORDERS: &[(&str, SortField)] = &[("createDate", SortField::CreateDate)];

/// A list, however it was sent: comma-joined in one value, as the SDKs do, or repeated. Each
/// entry once, without blanks around it, in the order given; empty entries are dropped.
pub fn list<'a>(values: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let mut entries = Vec::new();
    for entry in values.into_iter().flat_map(|value| value.split(',')) {
        let entry = entry.trim();
        if !entry.is_empty() && !entries.contains(&entry) {
            entries.push(entry);
        }
    }
    entries
}

/// A whole number; an absent or empty value is none. Anything else is a fault of `field`. A number
/// too large for the type becomes its bound, and the caller, who knows the real bounds, refuses it
/// by them.
pub fn integer(field: &str, value: Option<&str>, invalid: &mut Invalid) -> Option<i64> {
    let value = value.map(str::trim).filter(|value| !value.is_empty())?;
    let number = value.parse().or_else(|error: ParseIntError| match error.kind() {
        IntErrorKind::PosOverflow => Ok(i64::MAX),
        IntErrorKind::NegOverflow => Ok(i64::MIN),
        _ => Err(error),
    });
    let number = number.ok();
    if number.is_none() {
        invalid.add(field, FaultKind::WrongType { expected: "a whole number" });
    }
    number
}

/// `true` or `false` in any case; an absent or empty value is none. Anything else is a fault of
/// `field`.
pub fn boolean(field: &str, value: Option<&str>, invalid: &mut Invalid) -> Option<bool> {
    let value = value.map(str::trim).filter(|value| !value.is_empty())?;
    if value.eq_ignore_ascii_case("true") {
        return Some(true);
    }
    if value.eq_ignore_ascii_case("false") {
        return Some(false);
    }
    invalid.add(field, FaultKind::WrongType { expected: "true or false" });
    None
}

/// Every choice of a list, as with `expand`; each unknown one is a fault of `field` that names
/// the allowed ones.
pub fn choices<'a, T: Copy>(
    field: &str,
    values: impl IntoIterator<Item = &'a str>,
    allowed: &[(&str, T)],
    invalid: &mut Invalid,
) -> Vec<T> {
    let mut chosen = Vec::new();
    for entry in list(values) {
        match allowed.iter().find(|(name, _)| *name == entry) {
            Some((_, choice)) => chosen.push(*choice),
            None => invalid.add(field, unknown(entry, allowed)),
        }
    }
    chosen
}

/// The order of a listing, first key first: `field:asc`, `field:desc` or a bare `field`, in any
/// case. An unknown field is a fault of `field` that names the allowed ones; a field named twice
/// counts once, at its first place.
pub fn sort<'a>(
    field: &str,
    values: impl IntoIterator<Item = &'a str>,
    allowed: &[(&str, SortField)],
    invalid: &mut Invalid,
) -> Vec<Sort> {
    let mut orders: Vec<Sort> = Vec::new();
    for entry in list(values) {
        let (name, direction) = entry.split_once(':').unwrap_or((entry, "asc"));
        let key = allowed.iter().find(|(known, _)| known.eq_ignore_ascii_case(name.trim()));
        let Some((_, key)) = key else {
            invalid.add(field, unknown(name.trim(), allowed));
            continue;
        };
        let Some(direction) = direction_of(direction.trim()) else {
            let why = format!("the order of {name} is either asc or desc");
            invalid.add(field, FaultKind::Value(why));
            continue;
        };
        if orders.iter().all(|order| order.field != *key) {
            orders.push(Sort { field: *key, direction });
        }
    }
    orders
}

fn direction_of(text: &str) -> Option<Direction> {
    let is = |words: [&str; 2]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    if text.is_empty() || is(["asc", "ascending"]) {
        Some(Direction::Ascending)
    } else if is(["desc", "descending"]) {
        Some(Direction::Descending)
    } else {
        None
    }
}

/// The fault of a choice that there is not.
fn unknown<T>(entry: &str, allowed: &[(&str, T)]) -> FaultKind {
    let names: Vec<&str> = allowed.iter().map(|(name, _)| *name).collect();
    // A stranger's text is repeated only so far.
    let entry: String = entry.chars().take(ENTRY_CHARS_SHOWN_MAX).collect();
    FaultKind::Value(format!("{entry} is not known; allowed: {}", names.join(", ")))
}

/// Characters of an unknown value that its fault repeats.
const ENTRY_CHARS_SHOWN_MAX: usize = 64;
