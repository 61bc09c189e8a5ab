//! What a handler is given: the path's variables, the query, and the body that was read for it.

use crate::api::router::{Variables, hex_byte, percent_decoded};
use crate::limits::{JSON_DEPTH_MAX, PARAMETERS_MAX};
use crate::message::body::{RequestBody, Share, json_depth};
use crate::message::error::Failure;
use crate::server::Patience;
use crate::service::Shared;
use bytes::Bytes;
use carnet_book::{AddressBook, BookError, Thing, Who};
use carnet_model::Uuid;
use carnet_wire::Rules;
use hyper::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderValue};
use hyper::http::request::Parts;
use serde_json::Value;
use std::sync::Arc;

/// A request that was let in.
#[derive(Debug)]
pub(crate) struct Ask {
    pub(crate) parts: Parts,
    pub(crate) variables: Variables,
    /// How bodies are read: the administrator's rules for records.
    pub(crate) rules: Rules,
    /// The whole body, where the route wants one.
    pub(crate) body: Bytes,
    /// The memory that the body was allotted.
    pub(crate) share: Share,
    /// The settings among what all requests share.
    pub(crate) shared: Arc<Shared>,
}

impl Ask {
    /// The identifier in the path at `index`. What is no UUID is nobody's identifier.
    pub(crate) fn id(&self, index: usize, thing: Thing) -> Result<Uuid, Failure> {
        let id = Uuid::try_parse(self.variables.get(index));
        id.map_err(|_| BookError::NotFound(thing).into())
    }

    /// The path as it was asked for.
    pub(crate) fn path(&self) -> &str {
        self.parts.uri.path()
    }

    /// The query as it was asked for, without the question mark.
    pub(crate) fn query_text(&self) -> &str {
        self.parts.uri.query().unwrap_or_default()
    }

    /// The query's parameters.
    pub(crate) fn parameters(&self) -> Result<Parameters, Failure> {
        Parameters::read(self.query_text())
    }

    /// The body as JSON.
    pub(crate) fn json(&self) -> Result<Value, Failure> {
        read_json(&self.body)
    }
}

/// A request whose handler waits: for the writer, or for more of the body.
pub(crate) struct Act {
    pub(crate) ask: Ask,
    pub(crate) book: AddressBook,
    /// Who asks; on a public route nobody, with no permission.
    pub(crate) who: Arc<Who>,
    /// The body, where the route reads it by itself.
    pub(crate) stream: RequestBody,
    pub(crate) patience: Patience,
    pub(crate) shared: Arc<Shared>,
}

fn read_json(body: &[u8]) -> Result<Value, Failure> {
    if body.iter().all(u8::is_ascii_whitespace) {
        return Err(Failure::bad_request("The request needs a JSON body."));
    }
    if json_depth(body) > JSON_DEPTH_MAX {
        let message = format!("The body is nested more than {JSON_DEPTH_MAX} levels deep.");
        return Err(Failure::bad_request(message));
    }
    serde_json::from_slice(body).map_err(|error| {
        // The parser's sentence names line and column, and no part of the body.
        Failure::bad_request(format!("The body is not JSON: {error}."))
    })
}

/// The parameters of a query string or form, decoded, in order.
#[derive(Debug, Default)]
pub(crate) struct Parameters {
    pairs: Vec<(String, String)>,
}

impl Parameters {
    /// Reads all of them; more than [`PARAMETERS_MAX`] are refused, because one that was passed
    /// over might have said whom an answer may show.
    pub(crate) fn read(text: &str) -> Result<Parameters, Failure> {
        let pairs = text.split('&').filter(|pair| !pair.is_empty());
        if pairs.clone().count() > PARAMETERS_MAX {
            let message = format!("A query or form has at most {PARAMETERS_MAX} parameters.");
            return Err(Failure::bad_request(message));
        }
        let pairs = pairs.map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (form_decoded(name), form_decoded(value))
        });
        Ok(Parameters { pairs: pairs.collect() })
    }

    /// The first value of that name.
    pub(crate) fn first(&self, name: &str) -> Option<&str> {
        let pair = self.pairs.iter().find(|(found, _)| found == name);
        pair.map(|(_, value)| value.as_str())
    }

    /// Every value of that name.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let pairs = self.pairs.iter().filter(move |(found, _)| found == name);
        pairs.map(|(_, value)| value.as_str())
    }
}

/// `+` is a blank in a query, an escape is resolved afterwards.
fn form_decoded(text: &str) -> String {
    if text.contains('+') {
        percent_decoded(&text.replace('+', " ")).into_owned()
    } else {
        percent_decoded(text).into_owned()
    }
}

/// The same into a buffer: for a value alone, which fits, is UTF-8, and has only characters that an
/// address may have.
pub(crate) fn form_decoded_in<'b>(text: &str, buffer: &'b mut [u8]) -> Option<&'b str> {
    let mut bytes = text.bytes();
    let mut length = 0;
    while let Some(byte) = bytes.next() {
        *buffer.get_mut(length)? = match byte {
            b'+' => b' ',
            b'%' => hex_byte(&[bytes.next()?, bytes.next()?])?,
            byte if byte.is_ascii_alphanumeric() || b"-._~*()!':@/,;$?".contains(&byte) => byte,
            _ => return None,
        };
        length += 1;
    }
    std::str::from_utf8(&buffer[..length]).ok()
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
    fn parameters_are_decoded_in_order() {
        let text = "a=1&b=x%2Cy&a=2&flag&=none&c=+33+1&d=%2B33&a%20b=%26=";
        let parameters = Parameters::read(text).unwrap();
        let all = |name| parameters.all(name).collect::<Vec<_>>();
        assert_eq!(all("a"), ["1", "2"]);
        assert_eq!(all("b"), ["x,y"]);
        assert_eq!(all("flag"), [""]);
        assert_eq!(all("c"), [" 33 1"]);
        assert_eq!(all("d"), ["+33"]);
        assert_eq!(all("a b"), ["&="]);
        assert_eq!(parameters.first("e"), None);
    }

    #[test]
    fn malformed_json_is_named_by_line_and_column() {
        for (body, message) in [
            ("", "needs a JSON body"),
            (" \n", "needs a JSON body"),
            ("{\n \"a\": }", "line 2 column 7"),
            ("{\"a\":1}}", "line 1 column 8"),
            ("{\"a\":\"\u{1}\"}", "line 1 column"),
            (&"[".repeat(65), "nested"),
        ] {
            let failure = read_json(body.as_bytes()).unwrap_err();
            assert_eq!(failure.status(), 400);
            assert!(failure.message().contains(message), "{}", failure.message());
        }
        assert_eq!(read_json(b"null").unwrap(), Value::Null);
        let deep = "[".repeat(64) + &"]".repeat(64);
        assert!(read_json(deep.as_bytes()).is_ok());
    }

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

    #[test]
    fn too_many_parameters_are_refused_and_the_limit_named() {
        let fits = "a=1&".repeat(PARAMETERS_MAX);
        assert_eq!(Parameters::read(&fits).unwrap().all("a").count(), PARAMETERS_MAX);
        let failure = Parameters::read(&(fits + "b=2")).unwrap_err();
        assert_eq!(failure.status(), 400);
        assert!(failure.message().contains("64"), "{}", failure.message());
    }
}
