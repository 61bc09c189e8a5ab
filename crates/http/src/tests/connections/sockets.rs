//! Through a real socket: framing, limits of time and size, and the end of the daemon.

use super::House;
use crate::limits::{BODY_BYTES_MAX, HEADERS_MAX};
use crate::{ServeError, Server, ServerSettings, Timeouts};
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

/// Long enough for any machine; a test that gets here has failed.
pub(in crate::tests) const FOREVER: Duration = Duration::from_secs(60);
/// Short, where a test waits for the limit itself.
pub(in crate::tests) const SOON: Duration = Duration::from_millis(250);

/// The setting of the fast path, as `carnet serve` reads it; here it is that of every daemon.
const FAST_PATH: &str = "CARNET_SERVER_FAST_PATH";

/// The proof that the fast path is a transport and nothing else: every test of the daemon passes
/// without it, too.
#[test]
fn everything_holds_without_the_fast_path() {
    if std::env::var(FAST_PATH).is_ok() {
        // This is the second run.
        return;
    }
    let tests = std::env::current_exe().unwrap();
    let run = std::process::Command::new(tests).arg("tests::").env(FAST_PATH, "false").output();
    let run = run.unwrap();
    let told = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success(), "{told}{}", String::from_utf8_lossy(&run.stderr));
    let passed = told.lines().find_map(|line| line.strip_prefix("test result: ok. "));
    let passed: usize = passed.and_then(|line| line.split(' ').next()?.parse().ok()).unwrap();
    assert!(passed > 100, "{told}");
}

/// A daemon on a port of its own.
pub(in crate::tests) struct Daemon {
    pub(in crate::tests) house: House,
    pub(in crate::tests) address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    running: JoinHandle<Result<(), ServeError>>,
}

impl Daemon {
    pub(in crate::tests) async fn new() -> Daemon {
        Daemon::with(|_| {}).await
    }

    pub(in crate::tests) async fn with(change: impl FnOnce(&mut ServerSettings)) -> Daemon {
        Daemon::start(House::new().await, change).await
    }

    /// Of a book with other settings.
    pub(in crate::tests) async fn of(change: impl FnOnce(&mut carnet_book::Settings)) -> Daemon {
        Daemon::start(House::with(change).await, |_| {}).await
    }

    async fn start(house: House, change: impl FnOnce(&mut ServerSettings)) -> Daemon {
        let mut settings = ServerSettings::new("127.0.0.1:0".parse().unwrap());
        settings.timeouts = Timeouts {
            head: FOREVER,
            idle: FOREVER,
            body: FOREVER,
            write_stall: FOREVER,
            stop: FOREVER,
            linger: FOREVER,
        };
        settings.fast_path = !std::env::var(FAST_PATH).is_ok_and(|value| value == "false");
        change(&mut settings);
        let server = Server::bind(settings, house.book.clone()).await.unwrap();
        let address = server.address();
        let (stop, stopped) = oneshot::channel();
        let running = tokio::spawn(server.run(async move {
            let _ = stopped.await;
        }));
        Daemon { house, address, stop: Some(stop), running }
    }

    pub(in crate::tests) async fn connect(&self) -> Talk {
        let stream = TcpStream::connect(self.address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Talk { stream, read: Vec::new() }
    }

    /// Sends this, ends sending, and returns all that comes back.
    pub(in crate::tests) async fn say(&self, text: impl AsRef<[u8]>) -> String {
        let mut talk = self.connect().await;
        talk.send(text).await;
        talk.stream.shutdown().await.unwrap();
        talk.rest().await
    }

    pub(in crate::tests) fn stop(&mut self) {
        let _ = self.stop.take().unwrap().send(());
    }

    pub(in crate::tests) async fn stopped(self) {
        timeout(FOREVER, self.running).await.unwrap().unwrap().unwrap();
    }

    /// A request for something that is there, with these headers.
    pub(in crate::tests) fn request(&self, method: &str, path: &str, headers: &str) -> String {
        let token = &self.house.token;
        format!(
            "{method} {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n{headers}\r\n"
        )
    }

    fn add(&self, headers: &str) -> String {
        self.request("POST", "/api/v2/externalcontacts/contacts", headers)
    }
}

/// The client's end of a connection.
pub(in crate::tests) struct Talk {
    pub(in crate::tests) stream: TcpStream,
    read: Vec<u8>,
}

impl Talk {
    pub(in crate::tests) async fn send(&mut self, text: impl AsRef<[u8]>) {
        self.stream.write_all(text.as_ref()).await.unwrap();
    }

    /// Everything up to the end of the connection, which must come.
    pub(in crate::tests) async fn rest(mut self) -> String {
        timeout(FOREVER, self.stream.read_to_end(&mut self.read)).await.unwrap().unwrap();
        String::from_utf8(self.read).unwrap()
    }

    /// Reads nothing, but waits until there is something to read.
    pub(in crate::tests) async fn wait_for_first_byte(&mut self) {
        timeout(FOREVER, self.stream.peek(&mut [0])).await.unwrap().unwrap();
    }

    pub(in crate::tests) async fn end_sending(&mut self) {
        self.stream.shutdown().await.unwrap();
    }

    /// Waits until the daemon has given the connection up, reading nothing before; then the part of
    /// the answer that is there.
    pub(in crate::tests) async fn given_up(mut self) -> String {
        let deadline = Instant::now() + FOREVER;
        // Sending fails once the connection is no more.
        while self.stream.write_all(b"\r\n").await.is_ok() {
            assert!(Instant::now() < deadline, "the connection is still there");
            sleep(Duration::from_millis(10)).await;
        }
        let read = timeout(FOREVER, self.stream.read_to_end(&mut self.read)).await;
        // Broken is as good as ended.
        let _ = read.unwrap();
        String::from_utf8_lossy(&self.read).into_owned()
    }

    /// The next answer: its head and its body, as long as the head says.
    pub(in crate::tests) async fn answer(&mut self) -> (String, String) {
        loop {
            let text = String::from_utf8_lossy(&self.read).into_owned();
            if let Some((head, body)) = text.split_once("\r\n\r\n") {
                let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
                let length: usize = length.unwrap().parse().unwrap();
                if body.len() >= length {
                    let answer = (head.to_owned(), body[..length].to_owned());
                    self.read.drain(..head.len() + 4 + length);
                    return answer;
                }
            }
            let read =
                timeout(FOREVER, self.stream.read_buf(&mut self.read)).await.unwrap().unwrap();
            assert!(read > 0, "the connection ended: {text}");
        }
    }
}

pub(in crate::tests) fn status(answer: &str) -> u16 {
    answer.split(' ').nth(1).map_or(0, |status| status.parse().unwrap())
}

fn code(answer: &str) -> String {
    let (_, body) = answer.split_once("\r\n\r\n").unwrap();
    let body: serde_json::Value = serde_json::from_str(body).unwrap();
    assert_eq!(body["status"], status(answer));
    body["code"].as_str().unwrap().to_owned()
}

pub(in crate::tests) const HEALTH: &str = "GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n";

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_is_never_silent_is_not_taken_for_a_slow_one() {
    let daemon = Daemon::with(|settings| settings.timeouts.head = SOON).await;
    let request = daemon.request("GET", "/api/v2/externalcontacts/contacts?q=a", "");
    let mut talk = daemon.connect().await;
    let end = Instant::now() + 4 * SOON;
    while Instant::now() < end {
        talk.send(&request).await;
        let (head, _) = talk.answer().await;
        assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_that_cannot_be_read_is_answered_with_the_error_body() {
    let daemon = Daemon::new().await;
    let many = "a: b\r\n".repeat(HEADERS_MAX + 1);
    let long = "a".repeat(40_000);
    for (head, expect, expect_code) in [
        ("nonsense\r\n\r\n".to_owned(), 400, "bad.request"),
        ("GET /healthz HTTP/1.1\r\nno colon\r\n\r\n".to_owned(), 400, "bad.request"),
        ("\u{16}\u{3}\u{1}\r\n\r\n".to_owned(), 400, "bad.request"),
        ("GET /healthz?q=<a> HTTP/1.1\r\nhost: x\r\n\r\n".to_owned(), 400, "bad.request"),
        (format!("GET /healthz HTTP/1.1\r\n{many}\r\n"), 431, "request.header.too.large"),
        (format!("GET /healthz HTTP/1.1\r\na: {long}\r\n\r\n"), 431, "request.header.too.large"),
        (format!("GET /{long} HTTP/1.1\r\n\r\n"), 431, "request.header.too.large"),
        (format!("GET /healthz HTTP/1.1\r\na: {long}{long}"), 431, "request.header.too.large"),
    ] {
        let answer = daemon.say(&head).await;
        let what = &head[..head.len().min(60)];
        assert_eq!(status(&answer), expect, "{what}: {answer}");
        assert_eq!(code(&answer), expect_code, "{what}");
        assert!(answer.contains("\r\nconnection: close\r\n"), "{what}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ambiguous_framing_smuggles_nothing() {
    let daemon = Daemon::new().await;
    let chunked = "transfer-encoding: chunked\r\n";
    let smuggled = format!("0\r\n\r\n{HEALTH}");
    for (headers, body, first) in [
        // Both framings: the chunks count, and nothing after them is a request.
        (format!("content-length: {}\r\n{chunked}", smuggled.len()), smuggled.as_str(), 400),
        (format!("{chunked}content-length: {}\r\n", smuggled.len()), smuggled.as_str(), 400),
        ("content-length: 2\r\ncontent-length: 3\r\n".into(), "{}x", 400),
        ("content-length: -1\r\n".into(), "{}", 400),
        ("content-length: 1x\r\n".into(), "{}", 400),
        ("transfer-encoding: gzip\r\n".into(), smuggled.as_str(), 400),
        (chunked.into(), "zz\r\n{}\r\n0\r\n\r\n", 400),
    ] {
        let answer = daemon.say(daemon.add(&headers) + body).await;
        assert_eq!(status(&answer), first, "{headers}: {answer}");
        assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{headers}: {answer}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_in_a_row_are_answered_in_a_row() {
    let daemon = Daemon::new().await;
    let body = r#"{"firstName":"A","lastName":"B"}"#;
    let length = format!("content-length: {}\r\n", body.len());
    let chunks = format!("{:x}\r\n{body}\r\n0\r\n\r\n", body.len());
    let list = daemon.request("GET", "/api/v2/externalcontacts/contacts", "");
    let all = [
        HEALTH.to_owned(),
        daemon.add(&length) + body,
        list.clone(),
        daemon.add("transfer-encoding: chunked\r\n") + &chunks,
        daemon.request("HEAD", "/api/v2/externalcontacts/contacts", ""),
        list,
    ];
    let answer = daemon.say(all.concat()).await;
    assert_eq!(answer.matches("HTTP/1.1 200 OK").count(), all.len(), "{answer}");
    let totals: Vec<&str> = answer.split("\"total\":").skip(1).map(|rest| &rest[..1]).collect();
    assert_eq!(totals, ["1", "2"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn http_1_0_is_spoken() {
    let daemon = Daemon::new().await;
    let mut talk = daemon.connect().await;
    talk.send("GET /healthz HTTP/1.0\r\n\r\n").await;
    let answer = talk.rest().await;
    assert!(answer.starts_with("HTTP/1.0 200 OK\r\n"), "{answer}");
    assert!(answer.ends_with(r#"{"status":"ok"}"#));

    let mut talk = daemon.connect().await;
    for _ in 0..2 {
        talk.send("GET /healthz HTTP/1.0\r\nconnection: keep-alive\r\n\r\n").await;
        let (head, _) = talk.answer().await;
        assert!(head.contains("connection: keep-alive"), "{head}");
    }
    let token = &daemon.house.token;
    let export =
        format!("GET /api/v2/carnet/export HTTP/1.0\r\nauthorization: Bearer {token}\r\n\r\n");
    let answer = daemon.say(export).await;
    assert_eq!(status(&answer), 200);
    assert!(!answer.contains("chunked"), "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_leaves_in_one_piece() {
    let daemon = Daemon::new().await;
    let mut talk = daemon.connect().await;
    talk.send(HEALTH).await;
    let mut piece = vec![0; 8 << 10];
    let read = timeout(FOREVER, talk.stream.read(&mut piece)).await.unwrap().unwrap();
    assert!(piece[..read].ends_with(br#"{"status":"ok"}"#));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_over_the_limit_is_refused_and_the_answer_arrives() {
    let daemon = Daemon::new().await;
    let body = vec![b' '; 3 * BODY_BYTES_MAX];
    let length = format!("content-length: {}\r\n", body.len());

    // Announced only: nothing of the body is waited for.
    let mut talk = daemon.connect().await;
    talk.send(daemon.add(&length)).await;
    let (head, _) = talk.answer().await;
    assert_eq!(status(&head), 413);

    // `Expect` is answered by the refusal, not by an invitation.
    let mut talk = daemon.connect().await;
    talk.send(daemon.add(&format!("{length}expect: 100-continue\r\n"))).await;
    let (head, _) = talk.answer().await;
    assert_eq!(status(&head), 413);

    // Sent whole before the client looks: the answer is not lost to a reset.
    for framing in ["content-length", "chunked"] {
        let mut request = match framing {
            "chunked" => daemon.add("transfer-encoding: chunked\r\n").into_bytes(),
            _ => daemon.add(&length).into_bytes(),
        };
        if framing == "chunked" {
            request.extend(format!("{:x}\r\n", body.len()).bytes());
        }
        request.extend(&body);
        let answer = daemon.say(request).await;
        assert_eq!(
            (status(&answer), code(&answer).as_str()),
            (413, "request.too.large"),
            "{framing}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_before_the_body_is_read_arrives_too() {
    let daemon = Daemon::new().await;
    let head = "POST /api/v2/externalcontacts/contacts HTTP/1.1\r\nhost: x\r\ncontent-length: 900000\r\n\r\n";
    let mut request = head.as_bytes().to_vec();
    request.extend(vec![b' '; 900_000]);
    let answer = daemon.say(request).await;
    assert_eq!((status(&answer), code(&answer).as_str()), (401, "authentication.required"));
}

/// A client that keeps its connection must not send its next request into the end of this one.
/// Where the body comes at once the connection is kept: see `keeping.rs`.
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_before_the_body_came_says_that_the_connection_ends() {
    let daemon = Daemon::new().await;
    let key = daemon.house.token_of("lookup").await;
    let contacts = "/api/v2/externalcontacts/contacts";
    for (method, path, headers, expected) in [
        ("POST", contacts, String::new(), 401),
        ("POST", contacts, format!("authorization: Bearer {key}\r\n"), 403),
        ("POST", "/nowhere", String::new(), 404),
        ("DELETE", contacts, String::new(), 405),
        ("POST", "/oauth/token", "content-type: text/plain\r\n".to_owned(), 415),
    ] {
        // A client that waits for the answer before it sends the body, and one that sends too much.
        for (length, apart) in [(2, true), (2 << 20, true), (3 << 20, false)] {
            let case = format!("{expected} with {length} bytes, apart {apart}");
            let head = format!(
                "{method} {path} HTTP/1.1\r\nhost: x\r\n{headers}content-length: {length}\r\n\r\n"
            );
            let mut request = head.into_bytes();
            let mut talk = daemon.connect().await;
            if apart {
                talk.send(&request).await;
                talk.wait_for_first_byte().await;
                request.clear();
            }
            request.resize(request.len() + length, b' ');
            // The daemon may have closed its side before all of it was sent.
            let _ = talk.stream.write_all(&request).await;
            let (head, _) = talk.answer().await;
            assert_eq!(status(&head), expected, "{case}");
            assert!(head.contains("\r\nconnection: close"), "{case}: {head}");
        }
    }
    // A body that was read leaves the connection as it is, however it was framed.
    let mut talk = daemon.connect().await;
    for framed in ["content-length: 2\r\n", "transfer-encoding: chunked\r\n"] {
        let body = if framed.starts_with('c') { "{}" } else { "2\r\n{}\r\n0\r\n\r\n" };
        talk.send(daemon.add(framed) + body).await;
        let (head, _) = talk.answer().await;
        assert_eq!(status(&head), 400);
        assert!(!head.contains("connection: close"), "{head}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_clients_are_given_up() {
    let daemon = Daemon::with(|settings| settings.timeouts.head = SOON).await;
    // Nothing at all: closed without a word.
    assert_eq!(daemon.connect().await.rest().await, "");
    // Half a head, on a new connection and on one that was used.
    for before in ["", HEALTH] {
        let mut talk = daemon.connect().await;
        if !before.is_empty() {
            talk.send(before).await;
            talk.answer().await;
        }
        talk.send("GET /healthz HT").await;
        let answer = talk.rest().await;
        assert_eq!((status(&answer), code(&answer).as_str()), (408, "request.timeout"), "{before}");
    }
    // A head that never ends, though something of it comes all the time.
    let mut talk = daemon.connect().await;
    talk.send("GET /healthz HTTP/1.1\r\n").await;
    while talk.stream.write_all(b"a: b\r\n").await.is_ok() {
        let came = timeout(SOON / 20, talk.stream.read_buf(&mut talk.read)).await;
        if matches!(came, Ok(Ok(0) | Err(_))) {
            break;
        }
    }
    assert_eq!(status(&String::from_utf8(talk.read).unwrap()), 408);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_does_not_come_is_given_up() {
    let daemon = Daemon::with(|settings| settings.timeouts.body = SOON).await;
    for (path, headers, part) in [
        ("/api/v2/externalcontacts/contacts", "content-length: 100\r\n", "{\"first"),
        ("/api/v2/externalcontacts/contacts", "transfer-encoding: chunked\r\n", "3\r\n{\"f"),
        ("/api/v2/carnet/import", "transfer-encoding: chunked\r\n", "3\r\n{}\n\r\n"),
    ] {
        let mut talk = daemon.connect().await;
        talk.send(daemon.request("POST", path, headers) + part).await;
        let (head, body) = talk.answer().await;
        assert_eq!(status(&head), 408, "{path} {headers}: {body}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_idle_connection_is_closed_after_its_time() {
    let daemon = Daemon::with(|settings| settings.timeouts.idle = SOON).await;
    let mut talk = daemon.connect().await;
    talk.send(HEALTH).await;
    talk.answer().await;
    assert_eq!(talk.rest().await, "");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_connection_too_many_is_told_so() {
    let daemon = Daemon::with(|settings| settings.connections = 1).await;
    let mut first = daemon.connect().await;
    first.send(HEALTH).await;
    first.answer().await;
    let answer = daemon.connect().await.rest().await;
    assert_eq!((status(&answer), code(&answer).as_str()), (503, "service.unavailable"));
    first.send(HEALTH).await;
    assert_eq!(status(&first.answer().await.0), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn stopping_lets_requests_end_and_closes_idle_connections() {
    let mut daemon = Daemon::new().await;
    let mut idle = daemon.connect().await;
    idle.send(HEALTH).await;
    idle.answer().await;
    let silent = daemon.connect().await;
    let mut busy = daemon.connect().await;
    let body = r#"{"firstName":"A","lastName":"B"}"#;
    let headers = format!("content-length: {}\r\nexpect: 100-continue\r\n", body.len());
    busy.send(daemon.add(&headers)).await;
    // The invitation to send the body shows that the request is being worked on.
    let mut invitation = [0; 25];
    timeout(FOREVER, busy.stream.read_exact(&mut invitation)).await.unwrap().unwrap();
    assert_eq!(&invitation, b"HTTP/1.1 100 Continue\r\n\r\n");

    daemon.stop();
    assert_eq!(idle.rest().await, "");
    assert_eq!(silent.rest().await, "");
    // Both were closed, so the port is given back already.
    assert!(TcpStream::connect(daemon.address).await.is_err());
    busy.send(body).await;
    let answer = busy.rest().await;
    assert_eq!(status(&answer), 200, "{answer}");
    daemon.stopped().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn stopping_does_not_wait_for_ever() {
    let mut daemon = Daemon::with(|settings| settings.timeouts.stop = SOON).await;
    let mut busy = daemon.connect().await;
    busy.send(daemon.add("content-length: 100\r\nexpect: 100-continue\r\n")).await;
    // It waits for the body now, and has left nothing unread: closing with that would be a reset.
    busy.wait_for_first_byte().await;
    daemon.stop();
    assert_eq!(busy.rest().await, "HTTP/1.1 100 Continue\r\n\r\n");
    daemon.stopped().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_daemon_takes_only_an_address_that_is_its_to_take() {
    let daemon = Daemon::new().await;
    let bind = async |listen: &str, insecure: bool| {
        let mut settings = ServerSettings::new(listen.parse().unwrap());
        settings.insecure_listen = insecure;
        Server::bind(settings, daemon.house.book.clone()).await
    };
    let taken = daemon.address.to_string();
    assert!(matches!(bind(&taken, false).await, Err(ServeError::InUse(_))));
    for (listen, insecure, fine) in [
        ("127.0.0.1:0", false, true),
        ("127.1.2.3:0", false, true),
        ("0.0.0.0:0", false, false),
        ("0.0.0.0:0", true, true),
        ("[::]:0", false, false),
        ("192.0.2.1:80", false, false),
    ] {
        match bind(listen, insecure).await {
            Ok(server) => {
                assert!(fine, "{listen}");
                assert_ne!(server.address().port(), 0);
            }
            Err(error) => {
                assert!(!fine && matches!(error, ServeError::Insecure(_)), "{listen}: {error}");
                assert!(error.to_string().contains("--insecure-listen"));
            }
        }
    }
}
