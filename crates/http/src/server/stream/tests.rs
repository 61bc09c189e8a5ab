//! The stream between hyper and the socket.

use super::*;
use crate::caller_id::settings::CallerId;
use crate::engine::timeouts::Timeouts;
use crate::message::cors::Origins;
use carnet_book::{AddressBook, Settings};
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;
use tokio::time::timeout;

#[test]
fn only_hypers_own_refusals_are_replaced() {
    for (head, status) in [
        ("HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\n\r\n", Some(431)),
        ("HTTP/1.0 400 Bad Request\r\n\r\n", Some(400)),
        ("HTTP/1.1 400 Bad Request\r\nInin-Correlation-Id: 1\r\n\r\n", None),
        ("HTTP/1.1 100 Continue\r\n\r\n", None),
        ("HTTP/1.1 200 OK\r\n\r\n", None),
        ("{\"message\": \"HTTP/1.1 400\"}", None),
        // The rest of a body after a part of it was written.
        ("HTTP/1.1 400 HTTP/1.1 400 \"}", None),
        ("HTTP/1.1 431 Request Header Fields Too Large\\r\\n\\r\\n\"}", None),
        ("HTTP/1.", None),
        ("", None),
    ] {
        let found = bare_status(head.as_bytes()).map(|status| status.as_u16());
        assert_eq!(found, status, "{head}");
    }
}

#[tokio::test]
async fn a_client_that_takes_nothing_is_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
    let (stream, _) = listener.accept().await.unwrap();
    let timeouts = Timeouts { write_stall: Duration::from_millis(50), ..Timeouts::default() };
    let folder = tempfile::tempdir().unwrap();
    let book = AddressBook::open(Settings::new(folder.path().join("data"))).unwrap();
    let caller_id = CallerId::default();
    let state = State::new(
        book.clone(),
        timeouts,
        caller_id,
        Origins::default(),
        Vec::new(),
        Silence::default(),
    );
    let mut stream = GuardedStream::new(stream, Bytes::new(), Arc::default(), Arc::new(state));
    let piece = [b' '; 64 << 10];
    let writing = async {
        loop {
            if let Err(error) = stream.write_all(&piece).await {
                return error.kind();
            }
        }
    };
    let given_up = timeout(Duration::from_secs(60), writing).await;
    assert_eq!(given_up, Ok(io::ErrorKind::TimedOut));
    drop(client);
    book.close();
}

#[test]
fn a_head_that_asks_for_a_name_is_known_by_its_first_bytes() {
    for (pieces, silent) in [
        (&["GET /cid?number=1 HTTP/1.1\r\n"][..], true),
        (&["G", "ET /c", "id/1"], true),
        (&["HEAD /cid HTTP/1.0\r\n"], true),
        (&["OPTIONS /cid?x"], true),
        (&["GET /cider HTTP/1.1\r\n"], false),
        (&["GET /lookup/1 HTTP/1.1\r\n"], false),
        (&["\u{16}\u{3}\u{1}/cid"], false),
    ] {
        let silence = Silence::new(["/cid"].into_iter());
        let mut opening = Opening::default();
        for (i, piece) in pieces.iter().enumerate() {
            opening.take(piece.as_bytes(), i == 0, &silence);
        }
        assert_eq!(opening.silent, silent, "{pieces:?}");
    }
}
