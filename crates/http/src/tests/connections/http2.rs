//! HTTP/2 by prior knowledge through a real socket: answers, limits of time, and the end.

use super::person;
use super::sockets::{Daemon, FOREVER, SOON, status};
use crate::limits::{HEAD_BYTES_MAX, LOOKUP_NUMBERS_MAX, UNREAD_BODY_BYTES_MAX};
use bytes::Bytes;
use h2::client::SendRequest;
use hyper::{Request, Response};
use serde_json::json;
use std::future::poll_fn;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio::time::timeout;

const PREFACE: &str = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

struct Client {
    send: SendRequest<Bytes>,
    /// Ends with the connection.
    connection: JoinHandle<Result<(), h2::Error>>,
}

async fn connect(daemon: &Daemon) -> Client {
    let stream = TcpStream::connect(daemon.address).await.unwrap();
    let (send, connection) = h2::client::handshake(stream).await.unwrap();
    Client { send, connection: tokio::spawn(connection) }
}

impl Client {
    async fn send(
        &mut self,
        request: Request<Bytes>,
    ) -> Result<Response<h2::RecvStream>, h2::Error> {
        let (parts, body) = request.into_parts();
        let request = Request::from_parts(parts, ());
        let mut send = timeout(FOREVER, self.send.clone().ready()).await.unwrap()?;
        let (response, mut stream) = send.send_request(request, body.is_empty())?;
        if !body.is_empty() {
            stream.send_data(body, true)?;
        }
        timeout(FOREVER, response).await.unwrap()
    }

    /// Asks, and reads the answer to its end.
    async fn ask(&mut self, request: Request<Bytes>) -> (u16, Vec<u8>) {
        let response = self.send(request).await.unwrap();
        let status = response.status().as_u16();
        let mut body = response.into_body();
        let mut bytes = Vec::new();
        while let Some(piece) = timeout(FOREVER, body.data()).await.unwrap() {
            let piece = piece.unwrap();
            body.flow_control().release_capacity(piece.len()).unwrap();
            bytes.extend_from_slice(&piece);
        }
        (status, bytes)
    }

    /// Waits for the daemon to end the connection.
    async fn ended(self) {
        let Client { send, connection } = self;
        let ended = timeout(FOREVER, connection).await;
        drop(send);
        // However it ends, it must.
        let _ = ended.unwrap().unwrap();
    }
}

fn get(target: &str, authorization: &str) -> Request<Bytes> {
    let request = Request::get(format!("http://carnet{target}"));
    request.header("authorization", authorization).body(Bytes::new()).unwrap()
}

async fn daemon_with(change: impl FnOnce(&mut crate::ServerSettings)) -> (Daemon, String) {
    let daemon = Daemon::with(change).await;
    let mut caller = person("Zoë", "Moreau");
    caller["cellPhone"] = json!({"display": "+33612345678"});
    daemon.house.add(caller).await;
    let authorization = format!("Bearer {}", daemon.house.token);
    (daemon, authorization)
}

fn many_numbers(authorization: &str) -> Request<Bytes> {
    let body = "+33612345678\n".repeat(LOOKUP_NUMBERS_MAX);
    Request::post("http://carnet/lookup?show=contacts")
        .header("authorization", authorization)
        .header("content-type", "text/plain")
        .body(body.into())
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn kamailio_asks_by_prior_knowledge() {
    let (daemon, authorization) = daemon_with(|_| {}).await;
    let mut client = connect(&daemon).await;
    for (target, authorization, status, body) in [
        ("/cid?number=%2B33612345678", &*authorization, 200, "Zoë Moreau"),
        ("/cid?number=33612345678&ascii=1", &authorization, 200, "Zoe Moreau"),
        ("/cid?number=33612345679", &authorization, 200, ""),
        ("/cid?number=33612345678", "Bearer wrong", 401, ""),
        ("/cid/1/2", &authorization, 404, ""),
    ] {
        let answer = client.ask(get(target, authorization)).await;
        assert_eq!(answer, (status, body.as_bytes().to_vec()), "{target}");
    }
    let head =
        Request::head("http://carnet/cid/33612345678").header("authorization", &authorization);
    let response = client.send(head.body(Bytes::new()).unwrap()).await.unwrap();
    assert_eq!(response.headers()["content-length"], "11");
    assert_eq!(response.headers()["x-carnet-matches"], "1");
    assert!(response.body().is_end_stream());
}

#[tokio::test(flavor = "multi_thread")]
async fn many_requests_share_a_connection() {
    let (daemon, authorization) = daemon_with(|_| {}).await;
    let client = connect(&daemon).await;
    let tasks: Vec<_> = (0..50)
        .map(|_| {
            let (send, authorization) = (client.send.clone(), authorization.clone());
            tokio::spawn(async move {
                let idle = tokio::spawn(async { Ok(()) });
                let mut client = Client { send, connection: idle };
                client.ask(get("/cid/33612345678", &authorization)).await
            })
        })
        .collect();
    for task in tasks {
        assert_eq!(task.await.unwrap(), (200, "Zoë Moreau".as_bytes().to_vec()));
    }
    let mut client = client;
    let (status, lines) = client.ask(many_numbers(&authorization)).await;
    assert_eq!(status, 200);
    assert_eq!(lines.iter().filter(|byte| **byte == b'\n').count(), LOOKUP_NUMBERS_MAX);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_preface_may_come_in_pieces_and_other_words_are_no_preface() {
    let (daemon, _) = daemon_with(|_| {}).await;
    let mut stream = TcpStream::connect(daemon.address).await.unwrap();
    stream.set_nodelay(true).unwrap();
    for byte in PREFACE.as_bytes() {
        stream.write_all(&[*byte]).await.unwrap();
        tokio::task::yield_now().await;
    }
    // An empty frame of settings, then the daemon's own comes: length, type 4.
    stream.write_all(&[0, 0, 0, 4, 0, 0, 0, 0, 0]).await.unwrap();
    let mut head = [0; 9];
    timeout(FOREVER, stream.read_exact(&mut head)).await.unwrap().unwrap();
    assert_eq!(head[3], 4, "{head:?}");
    for text in ["PRI * HTTP/2.0\r\n\r\nGET", "PRI /healthz HTTP/1.1\r\nhost: x\r\n\r\n"] {
        let answer = daemon.say(text).await;
        assert!(matches!(status(&answer), 400 | 405), "{text}: {answer}");
    }
    assert_eq!(status(&daemon.say("POST /healthz HTTP/1.1\r\nhost: x\r\n\r\n").await), 405);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_preface_and_a_silent_client_are_closed() {
    let slow = |settings: &mut crate::ServerSettings| {
        settings.timeouts.head = SOON;
        settings.timeouts.idle = SOON;
    };
    let (daemon, authorization) = daemon_with(slow).await;
    for begin in [&PREFACE[..1], &PREFACE[..20], PREFACE] {
        let mut stream = TcpStream::connect(daemon.address).await.unwrap();
        stream.write_all(begin.as_bytes()).await.unwrap();
        let mut rest = Vec::new();
        // Ended or broken, but over.
        let _ = timeout(FOREVER, stream.read_to_end(&mut rest)).await.unwrap();
    }
    let client = connect(&daemon).await;
    client.ended().await;
    let mut client = connect(&daemon).await;
    assert_eq!(client.ask(get("/cid/33612345678", &authorization)).await.0, 200);
    client.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_opens_no_window_is_given_up() {
    let (daemon, authorization) =
        daemon_with(|settings| settings.timeouts.write_stall = SOON).await;
    let mut client = connect(&daemon).await;
    let response = client.send(many_numbers(&authorization)).await.unwrap();
    assert_eq!(response.status(), 200);
    // Nothing is read, so no window opens; the client answers pings all the same.
    let mut body = response.into_body();
    client.ended().await;
    let broken = async {
        while let Some(piece) = body.data().await {
            if piece.is_err() {
                return true;
            }
        }
        false
    };
    assert!(timeout(FOREVER, broken).await.unwrap(), "the answer looks whole");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_that_is_too_large_is_refused() {
    let (daemon, authorization) = daemon_with(|_| {}).await;
    let mut client = connect(&daemon).await;
    let mut request = get("/cid/33612345678", &authorization);
    let long = "a".repeat(2 * HEAD_BYTES_MAX);
    request.headers_mut().insert("x-long", long.parse().unwrap());
    // By a status or by a reset, and without a body.
    if let Ok(response) = client.send(request).await {
        assert_eq!(response.status(), 431);
        assert!(response.body().is_end_stream());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn stopping_closes_the_connection() {
    let (mut daemon, authorization) = daemon_with(|_| {}).await;
    let mut client = connect(&daemon).await;
    assert_eq!(client.ask(get("/cid/33612345678", &authorization)).await.0, 200);
    daemon.stop();
    client.ended().await;
    daemon.stopped().await;
}

/// Sends a body of this length as the window allows, and only then looks at the answer.
async fn send_all(client: &mut Client, request: Request<()>, length: usize) -> (u16, Vec<u8>) {
    let mut send = timeout(FOREVER, client.send.clone().ready()).await.unwrap().unwrap();
    let (response, mut stream) = send.send_request(request, false).unwrap();
    let mut left = length;
    while left > 0 {
        stream.reserve_capacity(left.min(16 << 10));
        let capacity = timeout(FOREVER, poll_fn(|cx| stream.poll_capacity(cx))).await.unwrap();
        let room = capacity.expect("the stream was reset").unwrap().min(left);
        left -= room;
        stream.send_data(vec![b' '; room].into(), left == 0).unwrap();
    }
    let response = timeout(FOREVER, response).await.unwrap().unwrap();
    let status = response.status().as_u16();
    let mut body = response.into_body();
    let mut bytes = Vec::new();
    while let Some(piece) = timeout(FOREVER, body.data()).await.unwrap() {
        bytes.extend_from_slice(&piece.unwrap());
    }
    (status, bytes)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_seen_by_a_client_that_sends_its_whole_body_first() {
    let (daemon, authorization) = daemon_with(|_| {}).await;
    let mut client = connect(&daemon).await;
    let contacts = "/api/v2/externalcontacts/contacts";
    for length in [2, 16 << 10, 70_000, 300_000, 1_500_000, UNREAD_BODY_BYTES_MAX] {
        for (method, target, authorization, media_type, expect) in [
            ("POST", contacts, "Bearer wrong", "application/json", 401),
            ("POST", "/api/v2/nothing", &*authorization, "application/json", 404),
            ("DELETE", contacts, &authorization, "application/json", 405),
            ("POST", contacts, &authorization, "text/csv", 415),
        ] {
            let request = Request::builder().method(method).uri(format!("http://carnet{target}"));
            let request = request.header("authorization", authorization);
            let request = request.header("content-type", media_type).body(()).unwrap();
            let (status, body) = send_all(&mut client, request, length).await;
            assert_eq!(status, expect, "{method} {target} {length}");
            let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
            assert_eq!(body["status"], expect, "{method} {target} {length}");
        }
    }
    // Beyond the bound the answer comes first, and the rest is dropped for a moment.
    let length = 5 << 20;
    let request = Request::post(format!("http://carnet{contacts}"));
    let request = request.header("content-length", length).header("authorization", &authorization);
    let request = request.header("content-type", "application/json").body(()).unwrap();
    assert_eq!(send_all(&mut client, request, length).await.0, 413);
    // The connection is as good as new.
    let answer = client.ask(get("/cid?number=33612345678", &authorization)).await;
    assert_eq!(answer, (200, "Zoë Moreau".as_bytes().to_vec()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_without_an_end_is_reset_without_an_error_behind_the_answer() {
    let (daemon, _) = daemon_with(|settings| settings.timeouts.linger = SOON).await;
    let mut client = connect(&daemon).await;
    let request = Request::post("http://carnet/api/v2/externalcontacts/contacts");
    let request = request.header("content-length", "99999999").body(()).unwrap();
    let mut send = timeout(FOREVER, client.send.clone().ready()).await.unwrap().unwrap();
    let (response, mut stream) = send.send_request(request, false).unwrap();
    let response = timeout(FOREVER, response).await.unwrap().unwrap();
    assert_eq!(response.status(), 401);
    let reset = timeout(FOREVER, poll_fn(|cx| stream.poll_reset(cx))).await.unwrap();
    assert_eq!(reset.unwrap(), h2::Reason::NO_ERROR);
    let answer = client.ask(get("/healthz", "")).await;
    assert_eq!(answer.0, 200);
}
