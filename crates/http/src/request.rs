//! What a handler is given: the path's variables, the query, and the body that was read for it.

use crate::body::{RequestBody, Share, json_depth};
use crate::error::Failure;
use crate::limits::{JSON_DEPTH_MAX, PARAMETERS_MAX};
use crate::router::{Variables, percent_decoded};
use crate::server::Patience;
use crate::service::Shared;
use bytes::Bytes;
use carnet_book::{AddressBook, BookError, Thing, Who};
use carnet_model::Uuid;
use carnet_wire::Rules;
use hyper::header::CONTENT_TYPE;
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
    pub(crate) fn parameters(&self) -> Parameters {
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
    pub(crate) fn read(text: &str) -> Parameters {
        let pairs = text.split('&').filter(|pair| !pair.is_empty()).take(PARAMETERS_MAX);
        let pairs = pairs.map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (form_decoded(name), form_decoded(value))
        });
        Parameters { pairs: pairs.collect() }
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

/// Refuses a body of another type than `accepted`. A client that names none is believed.
pub(crate) fn check_type(parts: &Parts, accepted: &[&str]) -> Result<(), Failure> {
    let Some(given) = parts.headers.get(CONTENT_TYPE) else {
        return Ok(());
    };
    let given = given.to_str().unwrap_or("?");
    let given = given.split(';').next().unwrap_or_default().trim();
    if accepted.iter().any(|accepted| accepted.eq_ignore_ascii_case(given)) {
        return Ok(());
    }
    Err(Failure::unsupported_media_type(accepted.first().copied().unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use hyper::Request;

    #[test]
    fn parameters_are_decoded_in_order() {
        let parameters = Parameters::read("a=1&b=x%2Cy&a=2&flag&=none&c=+33+1&d=%2B33&a%20b=%26=");
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
}
