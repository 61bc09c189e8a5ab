//! Answers where there is no request to answer: a head that could not be read, and a connection too
//! many.

use crate::caller_id::silence::OPENING_BYTES_MAX;
use crate::engine::state::State;
use crate::message::answer::{JSON, TEXT, UNCACHED};
use crate::message::correlation::{CORRELATION, Correlations};
use crate::message::error::Failure;
use bytes::Bytes;
use hyper::StatusCode;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// The time in which a refused connection may say what it wants.
const PEEK_TIME: Duration = Duration::from_millis(250);
/// The time in which it may take the refusal.
const TELL_TIME: Duration = Duration::from_secs(1);

/// Tells a client that there is no room for its connection.
pub(super) async fn refuse(mut stream: TcpStream, state: Arc<State>) {
    // The request is looked at, as far as it is there at once: a switch would show the sentence
    // as its caller's name.
    let mut head = [0; OPENING_BYTES_MAX];
    let peeked = timeout(PEEK_TIME, stream.peek(&mut head)).await;
    let head = &head[..peeked.map_or(0, Result::unwrap_or_default)];
    let failure = Failure::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "service.unavailable",
        "The daemon has as many connections as it may have; try again.",
    );
    let silent = state.silence.covers_head(head);
    let answer = bare_answer(&failure, &state.correlations, silent);
    let told = async {
        stream.write_all(&answer).await?;
        stream.shutdown().await?;
        // Closing over bytes that were not read would reset the connection, and the client would lose
        // the answer.
        let mut waste = [0; 4 << 10];
        while stream.read(&mut waste).await? > 0 {}
        std::io::Result::Ok(())
    };
    // A client that does not even take this, or never stops sending, is not waited for.
    let _ = timeout(TELL_TIME, told).await;
}

/// The failure that a head is answered with that could not be read.
pub(super) fn unreadable(status: StatusCode) -> Failure {
    match status {
        StatusCode::REQUEST_TIMEOUT => {
            let message = "The head of the request did not arrive in time.";
            Failure::new(status, "request.timeout", message)
        }
        StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE => {
            let message = "The head of the request has too many bytes or headers.";
            Failure::new(status, "request.header.too.large", message)
        }
        StatusCode::URI_TOO_LONG => {
            Failure::new(status, "request.uri.too.long", "The address is too long.")
        }
        status => {
            // hyper does not tell which of them it was.
            let message = "The request line or a header cannot be read; characters such as \" < > \
                           in an address must be percent-encoded.";
            Failure::new(status, "bad.request", message)
        }
    }
}

/// A whole answer in bytes; without a body where it has to be silent.
pub(super) fn bare_answer(failure: &Failure, correlations: &Correlations, silent: bool) -> Bytes {
    let correlation = correlations.next();
    let correlation = correlation.to_str().unwrap_or_default();
    let status = failure.status();
    let body = if silent { Vec::new() } else { failure.to_json(correlation) };
    let media_type = if silent { TEXT } else { JSON };
    let head = format!(
        "HTTP/1.1 {} {}\r\ncontent-type: {media_type}\r\ncontent-length: {}\r\n\
         cache-control: {UNCACHED}\r\n{CORRELATION}: {correlation}\r\n\
         connection: close\r\n\r\n",
        status.as_u16(),
        status.canonical_reason().unwrap_or_default(),
        body.len(),
    );
    [head.into_bytes(), body].concat().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_that_hyper_refuses_is_not_called_another_protocol() {
        let failure = unreadable(StatusCode::BAD_REQUEST);
        let expected = "The request line or a header cannot be read; characters such as \" < > in \
                        an address must be percent-encoded.";
        assert_eq!(failure.message(), expected);
    }

    #[test]
    fn a_bare_answer_is_whole() {
        let failure = unreadable(StatusCode::URI_TOO_LONG);
        let answer = bare_answer(&failure, &Correlations::new(), false);
        let text = std::str::from_utf8(&answer).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.1 414 "));
        assert!(head.contains(&format!("content-length: {}\r\n", body.len())));
        let body: serde_json::Value = serde_json::from_str(body).unwrap();
        assert_eq!(body["status"], 414);
        let id = body["contextId"].as_str().unwrap();
        assert!(head.contains(&format!("{CORRELATION}: {id}\r\n")));
    }
}
