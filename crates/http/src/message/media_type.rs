//! Media types: what a body may be, and the refusal of everything else.

use crate::message::error::Failure;
use hyper::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderValue};
use hyper::http::request::Parts;

/// Bodies that carry records.
pub(crate) const JSON_TYPES: &[&str] = &["application/json"];
/// Bodies of the token endpoint.
pub(crate) const FORM_TYPES: &[&str] = &["application/x-www-form-urlencoded"];
/// Bodies that carry numbers, as a JSON array or one a line.
pub(crate) const NUMBERS_TYPES: &[&str] = &["application/json", "text/plain"];
/// Bodies of records that are read one by one: a table, or lines of JSON under each of the names that
/// are in use.
pub(crate) const LINES_TYPES: &[&str] = &[
    "application/x-ndjson",
    TABLE_TYPE,
    "application/ndjson",
    "application/jsonl",
    "application/x-jsonlines",
    "application/json",
    "application/octet-stream",
    "text/plain",
];
/// A table, as CSV.
const TABLE_TYPE: &str = "text/csv";

/// Whether a body says that it is a table.
pub(crate) fn is_table(parts: &Parts) -> bool {
    let given = parts.headers.get(CONTENT_TYPE).and_then(|given| given.to_str().ok());
    let name = given.and_then(|given| given.split(';').next()).unwrap_or_default();
    is_one_of(name.trim(), &[TABLE_TYPE])
}

/// Refuses a body of another type than `accepted`, of another charset than UTF-8, and one that
/// is compressed. A client that names none of them is believed.
pub(crate) fn check_type(parts: &Parts, accepted: &[&str]) -> Result<(), Failure> {
    if !parts.headers.get_all(CONTENT_ENCODING).iter().all(is_identity) {
        let message = "The body must come without a Content-Encoding.";
        return Err(Failure::unsupported_media_type(message));
    }
    let Some(given) = parts.headers.get(CONTENT_TYPE) else {
        return Ok(());
    };
    let given = given.to_str().unwrap_or("?");
    let mut given = given.split(';').map(str::trim);
    let name = given.next().unwrap_or_default();
    if !is_one_of(name, accepted) {
        let expected = accepted.first().copied().unwrap_or_default();
        return Err(Failure::unsupported_media_type(format!("The body must be {expected}.")));
    }
    if !given.filter_map(charset).all(|charset| is_one_of(charset, CHARSETS)) {
        return Err(Failure::unsupported_media_type("The charset of the body must be utf-8."));
    }
    Ok(())
}

/// The charsets that JSON and forms are read in; the second is a part of the first.
const CHARSETS: &[&str] = &["utf-8", "us-ascii"];

/// The value of a `charset` parameter.
fn charset(parameter: &str) -> Option<&str> {
    let (name, value) = parameter.split_once('=')?;
    let is_charset = name.trim().eq_ignore_ascii_case("charset");
    is_charset.then(|| value.trim().trim_matches('"'))
}

/// Whether a `Content-Encoding` leaves the body as it is.
fn is_identity(header: &HeaderValue) -> bool {
    let header = header.to_str().unwrap_or("?");
    header.split(',').all(|coding| is_one_of(coding.trim(), &["identity", ""]))
}

fn is_one_of(text: &str, known: &[&str]) -> bool {
    known.iter().any(|known| known.eq_ignore_ascii_case(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use hyper::Request;

    #[test]
    fn other_types_are_refused() {
        for (given, fine) in [
            ("application/json", true),
            ("Application/JSON; charset=utf-8", true),
            ("application/json;Charset=\"UTF-8\"; v=1", true),
            ("application/json; charset=us-ascii", true),
            ("application/json; charset=latin1", false),
            ("application/json; v=1; charset=utf-16", false),
            ("text/plain", false),
            ("application/x-www-form-urlencoded", false),
            ("", false),
        ] {
            let request = Request::builder().header(CONTENT_TYPE, given).body(());
            let (parts, ()) = request.unwrap().into_parts();
            assert_eq!(check_type(&parts, &["application/json"]).is_ok(), fine, "{given}");
        }
        let (parts, ()) = Request::new(()).into_parts();
        assert!(check_type(&parts, &["application/json"]).is_ok());
    }

    #[test]
    fn encoded_bodies_are_refused() {
        for (given, fine) in [
            (&["identity"][..], true),
            (&["Identity", ""], true),
            (&["gzip"], false),
            (&["identity, br"], false),
            (&["identity", "gzip"], false),
        ] {
            let request = given.iter().fold(Request::builder(), |request, coding| {
                request.header(CONTENT_ENCODING, *coding)
            });
            let (parts, ()) = request.body(()).unwrap().into_parts();
            let outcome = check_type(&parts, &["application/json"]);
            let status = outcome.as_ref().err().map(|failure| failure.status().as_u16());
            assert_eq!(status, (!fine).then_some(415), "{given:?}");
        }
    }
}
