//! A running daemon, asked over HTTP: signing in, asking, and turning its refusals into
//! sentences. It knows paths, not what stands behind them.

use std::cell::RefCell;
use std::fmt::Write;
use std::io::Read;
use std::time::Duration;

use serde_json::Value;
use ureq::http::Response;
use ureq::{Agent, Body};

use crate::exit::Failure;

/// How long a connection may take to come about. Answers may take as long as they need:
/// checking a large directory takes minutes.
const CONNECT_TIME_MAX: Duration = Duration::from_secs(10);

/// Largest answer that is read whole. Streams are not bounded.
const ANSWER_BYTES_MAX: u64 = 256 << 20;

/// Where the external contacts are in the API.
pub(crate) const CONTACTS_PATH: &str = "/api/v2/externalcontacts";

/// Where carnet's own operations are.
pub(crate) const CARNET_PATH: &str = "/api/v2/carnet";

/// A daemon that has let us in.
pub(crate) struct Remote {
    agent: Agent,
    base: String,
    id: String,
    secret: String,
    token: RefCell<String>,
}

impl Remote {
    /// Signs in at the daemon of `url`.
    pub(crate) fn sign_in(url: &str, id: String, secret: String) -> Result<Remote, Failure> {
        let base = base(url)?;
        // No proxy and no redirection: a secret goes to the daemon that was named, or nowhere.
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .proxy(None)
            .timeout_connect(Some(CONNECT_TIME_MAX))
            .build()
            .new_agent();
        let remote = Remote { agent, base, id, secret, token: RefCell::default() };
        remote.renew_token()?;
        Ok(remote)
    }

    /// The token that it gave us.
    pub(crate) fn token(&self) -> String {
        self.token.borrow().clone()
    }

    /// Asks for a value.
    pub(crate) fn get(&self, path: &str, query: &[(&str, &str)]) -> Result<Value, Failure> {
        whole(self.ask(|token| self.get_once(path, query, token))?)
    }

    /// Asks for a stream.
    pub(crate) fn stream(&self, path: &str) -> Result<impl Read + use<>, Failure> {
        let answer = self.ask(|token| self.get_once(path, &[], token))?;
        Ok(answer.into_body().into_with_config().limit(u64::MAX).reader())
    }

    /// Sends bytes and reads a value.
    pub(crate) fn post(&self, path: &str, kind: &str, body: &[u8]) -> Result<Value, Failure> {
        let answer = self.ask(|token| {
            let request = self.agent.post(format!("{}{path}", self.base));
            request.header("authorization", bearer(token)).header("content-type", kind).send(body)
        })?;
        whole(answer)
    }

    /// Has something removed and reads a value.
    pub(crate) fn delete(&self, path: &str) -> Result<Value, Failure> {
        let answer = self.ask(|token| {
            let request = self.agent.delete(format!("{}{path}", self.base));
            request.header("authorization", bearer(token)).call()
        })?;
        whole(answer)
    }

    fn get_once(&self, path: &str, query: &[(&str, &str)], token: &str) -> Answer {
        let request = self.agent.get(format!("{}{path}", self.base));
        let request = request.query_pairs(query.iter().copied());
        request.header("authorization", bearer(token)).call()
    }

    /// Asks once, and once more with a new token when the old one has ended.
    fn ask(&self, request: impl Fn(&str) -> Answer) -> Result<Response<Body>, Failure> {
        let mut answer = self.heard(request(&self.token.borrow()))?;
        if answer.status() == 401 {
            self.renew_token()?;
            answer = self.heard(request(&self.token.borrow()))?;
        }
        if answer.status().is_success() {
            return Ok(answer);
        }
        let status = answer.status().as_u16();
        let body = answer.body_mut().read_json::<Value>().unwrap_or_default();
        Err(Failure::failed(refusal(status, &body)))
    }

    fn renew_token(&self) -> Result<(), Failure> {
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", &self.id),
            ("client_secret", &self.secret),
        ];
        let request = self.agent.post(format!("{}/oauth/token", self.base));
        let mut answer = self.heard(request.send_form(form))?;
        let status = answer.status().as_u16();
        let body = answer.body_mut().read_json::<Value>().unwrap_or_default();
        match body["access_token"].as_str() {
            Some(token) if status == 200 => {
                token.clone_into(&mut self.token.borrow_mut());
                Ok(())
            }
            _ if status == 400 || status == 401 => Err(Failure::failed(format!(
                "{} does not know this client, or the secret is wrong",
                self.base
            ))),
            _ => Err(Failure::failed(format!(
                "{} does not answer as a carnet does (status {status})",
                self.base
            ))),
        }
    }

    fn heard(&self, answer: Answer) -> Result<Response<Body>, Failure> {
        answer.map_err(|error| match error {
            ureq::Error::Io(error) => {
                let why = crate::exit::reason(&error);
                Failure::failed(format!("no carnet answers at {}: {why}", self.base))
            }
            other => Failure::failed(format!("asking {} failed: {other}", self.base)),
        })
    }
}

/// A text as one segment of a path: everything but letters, digits, `-`, `_` and `~` escaped. The
/// dot too, so that no one on the way takes `..` for a step back.
pub(crate) fn segment(text: &str) -> String {
    let mut segment = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'~') {
            segment.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(segment, "%{byte:02X}");
        }
    }
    segment
}

type Answer = Result<Response<Body>, ureq::Error>;

fn bearer(token: &str) -> String {
    format!("Bearer {token}")
}

fn whole(mut answer: Response<Body>) -> Result<Value, Failure> {
    let body = answer.body_mut().with_config().limit(ANSWER_BYTES_MAX).read_json();
    body.map_err(|error| Failure::failed(format!("the daemon's answer cannot be read: {error}")))
}

/// The daemon's address without a path or a slash at the end.
fn base(url: &str) -> Result<String, Failure> {
    let url = url.trim().trim_end_matches('/');
    let host = url.strip_prefix("http://").ok_or_else(|| {
        Failure::usage(format!("--url {url}: the address of a daemon begins with http://"))
    })?;
    if host.is_empty() || host.contains(['/', '?', '#', '@', ' ']) {
        return Err(Failure::usage(format!(
            "--url {url}: this is not a host and a port, such as http://127.0.0.1:8420"
        )));
    }
    Ok(url.to_owned())
}

/// One sentence for an error body of the API.
fn refusal(status: u16, body: &Value) -> String {
    let message = body["message"].as_str().unwrap_or("the daemon gave no reason");
    let fields: Vec<&str> = body["details"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|detail| detail["fieldName"].as_str())
        .filter(|field| !message.contains(field))
        .collect();
    let fields = match fields.as_slice() {
        [] => String::new(),
        fields => format!(" ({})", fields.join(", ")),
    };
    format!("the daemon refused with status {status}: {message}{fields}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_host_with_http_is_a_daemon() {
        let ok = |url| base(url).ok();
        assert_eq!(ok("http://127.0.0.1:8420/").as_deref(), Some("http://127.0.0.1:8420"));
        assert_eq!(ok("http://[::1]:8420").as_deref(), Some("http://[::1]:8420"));
        for url in ["127.0.0.1:8420", "https://h:1", "http://", "http://h/path", "http://u:p@h"] {
            assert_eq!(base(url).unwrap_err().code, crate::exit::USAGE, "{url}");
        }
    }

    #[test]
    fn a_segment_holds_nothing_that_divides_an_address() {
        for (text, expected) in [
            ("tests-1_~", "tests-1_~"),
            ("../a%2Fb?c#d e", "%2E%2E%2Fa%252Fb%3Fc%23d%20e"),
            ("é", "%C3%A9"),
            ("", ""),
        ] {
            assert_eq!(segment(text), expected);
        }
    }

    #[test]
    fn a_refusal_names_the_fields_that_its_message_leaves_out() {
        let body = serde_json::json!({
            "message": "firstName is required",
            "details": [{"fieldName": "firstName"}, {"fieldName": "lastName"}],
        });
        let expected = "the daemon refused with status 400: firstName is required (lastName)";
        assert_eq!(refusal(400, &body), expected);
    }

    #[test]
    fn nobody_at_the_address_is_said_so() {
        // A port that was free a moment ago: bound, seen, and given back.
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        drop(listener);
        let failure = Remote::sign_in(&url, "id".into(), "secret".into()).err().unwrap();
        let sentence = failure.sentence.unwrap();
        assert!(sentence.starts_with(&format!("no carnet answers at {url}: ")), "{sentence}");
    }
}
