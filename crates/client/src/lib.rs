//! A client of the API of a running daemon: it signs in, asks over HTTP, and turns refusals into
//! sentences. It knows paths and JSON values, and no type of the other crates.

mod access;
mod credentials;
mod error;
mod paths;

use std::cell::RefCell;
use std::io::Read;
use std::time::Duration;

use serde_json::Value;
use ureq::http::Response;
use ureq::{Agent, Body};

pub use access::Access;
pub use credentials::{ID_HELP, SECRET_HELP, credentials};
pub use error::{ClientError, reason};
pub use paths::{CARNET_PATH, CONTACTS_PATH, segment};

/// How long a connection may take to come about. Answers may take as long as they need:
/// checking a large directory takes minutes.
const CONNECT_TIME_MAX: Duration = Duration::from_secs(10);

/// Largest answer that is read whole. Streams are not bounded.
const ANSWER_BYTES_MAX: u64 = 256 << 20;

/// A running daemon, signed in to.
pub struct Remote {
    agent: Agent,
    base: String,
    id: String,
    secret: String,
    token: RefCell<String>,
}

impl Remote {
    /// Signs in at the daemon of `url`, such as `http://127.0.0.1:8420`.
    ///
    /// # Errors
    /// An address that is none, one where no carnet answers, and a client that is refused.
    pub fn sign_in(url: &str, id: String, secret: String) -> Result<Remote, ClientError> {
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

    /// The bearer token of this sign-in.
    pub fn token(&self) -> String {
        self.token.borrow().clone()
    }

    /// Asks for a value.
    ///
    /// # Errors
    /// No answer, a refusal, and an answer that is no JSON or is too large.
    pub fn get(&self, path: &str, query: &[(&str, &str)]) -> Result<Value, ClientError> {
        whole(self.ask(|token| self.get_once(path, query, token))?)
    }

    /// Asks for the bytes of a value, for who reads JSON in a way of their own.
    ///
    /// # Errors
    /// No answer, a refusal, and an answer that is cut off or too large.
    pub fn get_bytes(&self, path: &str, query: &[(&str, &str)]) -> Result<Vec<u8>, ClientError> {
        let mut answer = self.ask(|token| self.get_once(path, query, token))?;
        let body = answer.body_mut().with_config().limit(ANSWER_BYTES_MAX).read_to_vec();
        body.map_err(ClientError::Unreadable)
    }

    /// Asks for a stream, which may be of any length.
    ///
    /// # Errors
    /// No answer, and a refusal.
    pub fn stream(&self, path: &str) -> Result<impl Read + use<>, ClientError> {
        let answer = self.ask(|token| self.get_once(path, &[], token))?;
        Ok(answer.into_body().into_with_config().limit(u64::MAX).reader())
    }

    /// Sends bytes of the media type `kind` and reads a value.
    ///
    /// # Errors
    /// Those of [`Remote::get`].
    pub fn post(&self, path: &str, kind: &str, body: &[u8]) -> Result<Value, ClientError> {
        let answer = self.ask(|token| {
            let request = self.agent.post(format!("{}{path}", self.base));
            request.header("authorization", bearer(token)).header("content-type", kind).send(body)
        })?;
        whole(answer)
    }

    /// Has a body put in place of what is there, and reads a value.
    ///
    /// # Errors
    /// Those of [`Remote::get`].
    pub fn put(&self, path: &str, kind: &str, body: &[u8]) -> Result<Value, ClientError> {
        let answer = self.ask(|token| {
            let request = self.agent.put(format!("{}{path}", self.base));
            request.header("authorization", bearer(token)).header("content-type", kind).send(body)
        })?;
        whole(answer)
    }

    /// Has something removed and reads a value.
    ///
    /// # Errors
    /// Those of [`Remote::get`].
    pub fn delete(&self, path: &str) -> Result<Value, ClientError> {
        let answer = self.ask(|token| {
            let request = self.agent.delete(format!("{}{path}", self.base));
            request.header("authorization", bearer(token)).call()
        })?;
        whole(answer)
    }

    /// Whether the daemon says that everything in it can be asked, search too.
    pub fn is_ready(&self) -> bool {
        let answer = self.agent.get(format!("{}/readyz", self.base)).call();
        answer.is_ok_and(|answer| answer.status() == 200)
    }

    fn get_once(&self, path: &str, query: &[(&str, &str)], token: &str) -> UreqResult {
        let request = self.agent.get(format!("{}{path}", self.base));
        let request = request.query_pairs(query.iter().copied());
        request.header("authorization", bearer(token)).call()
    }

    /// Asks once, and once more with a new token when the old one has ended.
    fn ask(&self, request: impl Fn(&str) -> UreqResult) -> Result<Response<Body>, ClientError> {
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
        Err(ClientError::Refused { status, message: refusal(&body) })
    }

    fn renew_token(&self) -> Result<(), ClientError> {
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
            _ if status == 400 || status == 401 => {
                Err(ClientError::UnknownClient { base: self.base.clone() })
            }
            _ => Err(ClientError::NotCarnet { base: self.base.clone(), status }),
        }
    }

    fn heard(&self, answer: UreqResult) -> Result<Response<Body>, ClientError> {
        let base = || self.base.clone();
        answer.map_err(|error| match error {
            ureq::Error::Io(error) => ClientError::NoAnswer { base: base(), error },
            error => ClientError::Request { base: base(), error },
        })
    }
}

type UreqResult = Result<Response<Body>, ureq::Error>;

fn bearer(token: &str) -> String {
    format!("Bearer {token}")
}

fn whole(mut answer: Response<Body>) -> Result<Value, ClientError> {
    let body = answer.body_mut().with_config().limit(ANSWER_BYTES_MAX).read_json();
    body.map_err(ClientError::Unreadable)
}

/// The daemon's address without a path or a slash at the end.
fn base(url: &str) -> Result<String, ClientError> {
    let url = url.trim().trim_end_matches('/');
    let host = url.strip_prefix("http://").ok_or_else(|| {
        ClientError::Address(format!("--url {url}: the address of a daemon begins with http://"))
    })?;
    if host.is_empty() || host.contains(['/', '?', '#', '@', ' ']) {
        return Err(ClientError::Address(format!(
            "--url {url}: this is not a host and a port, such as http://127.0.0.1:8420"
        )));
    }
    Ok(url.to_owned())
}

/// The reason in an error body of the API, with the fields that it leaves out.
fn refusal(body: &Value) -> String {
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
    format!("{message}{fields}")
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
            assert!(base(url).unwrap_err().is_usage(), "{url}");
        }
    }

    #[test]
    fn a_refusal_names_the_fields_that_its_message_leaves_out() {
        let body = serde_json::json!({
            "message": "firstName is required",
            "details": [{"fieldName": "firstName"}, {"fieldName": "lastName"}],
        });
        let expected = "the daemon refused with status 400: firstName is required (lastName)";
        let refused = ClientError::Refused { status: 400, message: refusal(&body) };
        assert_eq!(refused.to_string(), expected);
    }

    #[test]
    fn an_address_without_a_daemon_is_named() {
        // A port that was free a moment ago: bound, seen, and given back.
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        drop(listener);
        let error = Remote::sign_in(&url, "id".into(), "secret".into()).err().unwrap();
        let sentence = error.to_string();
        assert!(sentence.starts_with(&format!("no carnet answers at {url}: ")), "{sentence}");
    }
}
