//! A connection outlives a request whose body nobody wanted. The vendor's JavaScript SDK, and every
//! client that keeps connections, sends its next request there.

use super::sockets::{Daemon, HEALTH, Talk, status};
use crate::limits::{BODY_BYTES_MAX, UNREAD_BODY_BYTES_MAX};

const JSON: &str = "content-type: application/json\r\n";

/// A client that may look up and nothing else.
async fn weak(daemon: &Daemon) -> String {
    daemon.house.token_of("lookup").await
}

fn head(method: &str, path: &str, token: &str, headers: &str) -> String {
    let authorization = match token {
        "" => String::new(),
        token => format!("authorization: Bearer {token}\r\n"),
    };
    format!("{method} {path} HTTP/1.1\r\nhost: x\r\n{authorization}{headers}")
}

fn framed(head: &str, body: &[u8], chunked: bool) -> (Vec<u8>, Vec<u8>) {
    if chunked {
        let mut bytes = format!("{:x}\r\n", body.len()).into_bytes();
        bytes.extend(body);
        bytes.extend(b"\r\n0\r\n\r\n");
        (format!("{head}transfer-encoding: chunked\r\n\r\n").into_bytes(), bytes)
    } else {
        (format!("{head}content-length: {}\r\n\r\n", body.len()).into_bytes(), body.to_vec())
    }
}

/// The answer to the request, and then on the same connection one to another.
async fn goes_on(talk: &mut Talk, what: &str) -> u16 {
    let (head, _) = talk.answer().await;
    assert!(!head.contains("connection: close"), "{what}: {head}");
    talk.send(HEALTH).await;
    let (next, _) = talk.answer().await;
    assert_eq!(status(&next), 200, "{what}");
    status(&head)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_body_leaves_the_connection_as_it_was() {
    let daemon = Daemon::new().await;
    let contacts = "/api/v2/externalcontacts/contacts";
    let (good, weak) = (daemon.house.token.clone(), weak(&daemon).await);
    let sizes = [2, 300, 4 << 10, 64 << 10, BODY_BYTES_MAX, UNREAD_BODY_BYTES_MAX];
    for (expect, method, path, token, headers) in [
        (401, "POST", contacts, "", JSON),
        (401, "POST", contacts, "nobody", JSON),
        (403, "POST", contacts, weak.as_str(), JSON),
        (404, "POST", "/nowhere", good.as_str(), JSON),
        (405, "PUT", contacts, good.as_str(), JSON),
        (415, "POST", contacts, good.as_str(), "content-type: text/xml\r\n"),
        (501, "POST", "/api/v2/externalcontacts/contacts/exports", good.as_str(), JSON),
        // Done, and the body was of no use.
        (200, "GET", contacts, good.as_str(), JSON),
    ] {
        for size in sizes {
            for chunked in [false, true] {
                let what = format!("{expect} {method} {path} {size} {chunked}");
                let head = head(method, path, token, headers);
                let (head, body) = framed(&head, &vec![b' '; size], chunked);
                // In one segment, as far as there are such, and in two.
                let mut talk = daemon.connect().await;
                talk.send([head.clone(), body.clone()].concat()).await;
                assert_eq!(goes_on(&mut talk, &what).await, expect, "{what}");
                talk.send(&head).await;
                tokio::task::yield_now().await;
                talk.send(&body).await;
                assert_eq!(goes_on(&mut talk, &what).await, expect, "{what}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_is_too_large_leaves_the_connection_as_it_was() {
    let daemon = Daemon::new().await;
    for size in [BODY_BYTES_MAX + 1, UNREAD_BODY_BYTES_MAX] {
        for chunked in [false, true] {
            let path = "/api/v2/externalcontacts/contacts";
            let head = head("POST", path, &daemon.house.token, JSON);
            let (head, body) = framed(&head, &vec![b' '; size], chunked);
            let mut talk = daemon.connect().await;
            talk.send(head).await;
            talk.send(body).await;
            assert_eq!(goes_on(&mut talk, &format!("{size} {chunked}")).await, 413);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_beyond_the_bound_ends_the_connection_and_the_answer_arrives() {
    let daemon = Daemon::new().await;
    for chunked in [false, true] {
        let head = head("POST", "/api/v2/externalcontacts/contacts", "", JSON);
        let (head, body) = framed(&head, &vec![b' '; 2 * UNREAD_BODY_BYTES_MAX], chunked);
        let answer = daemon.say([head, body].concat()).await;
        assert_eq!(status(&answer), 401);
        assert!(answer.contains("\r\nconnection: close\r\n"), "{answer}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_asks_first_is_not_told_to_send_what_nobody_wants() {
    let daemon = Daemon::new().await;
    let head = head("POST", "/api/v2/externalcontacts/contacts", "", JSON);
    let (head, _) = framed(&format!("{head}expect: 100-continue\r\n"), b"{}", false);
    let mut talk = daemon.connect().await;
    talk.send(head).await;
    let answer = talk.rest().await;
    assert_eq!(status(&answer), 401);
    assert!(answer.contains("\r\nconnection: close\r\n"), "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_breaks_ends_the_connection() {
    let daemon = Daemon::new().await;
    let head = head("POST", "/api/v2/externalcontacts/contacts", "", JSON);
    let mut talk = daemon.connect().await;
    talk.send(format!("{head}transfer-encoding: chunked\r\n\r\nzz\r\n{HEALTH}")).await;
    talk.end_sending().await;
    let answer = talk.rest().await;
    assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{answer}");
}
