//! The clients of caller ID, each with the bytes that it sends, and the answer byte for byte.

use super::super::connections::sockets::{Daemon, SOON, Talk};
use crate::limits::HEAD_BYTES_MAX;
use serde_json::json;

const SECRET: &str = "0123456789abcdef";
/// `pbx` and [`SECRET`] as Basic has them.
const BASIC: &str = "Basic cGJ4OjAxMjM0NTY3ODlhYmNkZWY=";
const KEY: &str = "pbx.0123456789abcdef";

/// A daemon that knows one caller, with a client that may look up.
async fn daemon() -> Daemon {
    let daemon = Daemon::new().await;
    add_caller(&daemon).await;
    daemon
}

async fn add_caller(daemon: &Daemon) {
    let caller = json!({
        "firstName": "Zoë", "lastName": "Moreau", "cellPhone": {"display": "+33612345678"}
    });
    daemon.house.add(caller).await;
    let (id, secret) = (Some("pbx".to_owned()), Some(SECRET.to_owned()));
    daemon.house.book.add_client("PBX", "lookup", id, secret).await.unwrap();
}

/// Compares an answer, but for the order of its headers, the date and the correlation id.
fn is(answer: &str, status: &str, headers: &str, body: &str) {
    let (head, found) = answer.split_once("\r\n\r\n").unwrap();
    let mut lines = head.lines();
    assert_eq!(lines.next(), Some(status), "{answer}");
    let changing = |line: &&str| !line.starts_with("date: ") && !line.starts_with("inin-");
    let sorted = |mut lines: Vec<&str>| {
        lines.sort_unstable();
        lines.join("\n")
    };
    let lines = sorted(lines.filter(changing).collect());
    assert_eq!(lines, sorted(headers.lines().collect()), "{answer}");
    assert_eq!(found, body);
}

const HIT: &str = "content-type: text/plain; charset=utf-8\ncontent-length: 11\n\
                   cache-control: no-cache, no-store, must-revalidate\nx-carnet-matches: 1";
const MISS: &str = "content-type: text/plain; charset=utf-8\ncontent-length: 0\n\
                    cache-control: no-cache, no-store, must-revalidate\nx-carnet-matches: 0";
const FAILURE: &str = "content-type: text/plain; charset=utf-8\ncontent-length: 0\n\
                       cache-control: no-cache, no-store, must-revalidate";

/// The next answer of a connection that stays open.
async fn next(talk: &mut Talk) -> String {
    let (head, body) = talk.answer().await;
    format!("{head}\r\n\r\n{body}")
}

#[tokio::test(flavor = "multi_thread")]
async fn freeswitch_asks_with_digits_only_on_a_new_connection_each_time() {
    let daemon = daemon().await;
    let ask = |number: &str, key: &str| {
        format!(
            "GET /cid?key={key}&number={number} HTTP/1.1\r\nHost: {}\r\n\
             User-Agent: freeswitch-cidlookup/1.0\r\nAccept: */*\r\n\r\n",
            daemon.address
        )
    };
    // libcurl keeps the connection until its handle ends, which is at once.
    for _ in 0..3 {
        is(&daemon.say(ask("33612345678", KEY)).await, "HTTP/1.1 200 OK", HIT, "Zoë Moreau");
    }
    is(&daemon.say(ask("33612345679", KEY)).await, "HTTP/1.1 200 OK", MISS, "");
    let refused = daemon.say(ask("33612345678", "pbx.wrong")).await;
    let headers = format!("{FAILURE}\nwww-authenticate: Basic realm=\"carnet\", Bearer");
    is(&refused, "HTTP/1.1 401 Unauthorized", &headers, "");
}

#[tokio::test(flavor = "multi_thread")]
async fn asterisk_asks_with_an_escaped_number_and_keeps_its_connection() {
    let daemon = daemon().await;
    let mut talk = daemon.connect().await;
    for (number, headers, body) in [
        ("%2B33612345678", HIT, "Zoë Moreau"),
        ("anonymous", MISS, ""),
        ("33612345678", HIT, "Zoë Moreau"),
    ] {
        talk.send(format!(
            "GET /cid?key={KEY}&number={number} HTTP/1.1\r\nHost: {}\r\n\
             User-Agent: asterisk-libcurl-agent/1.0\r\nAccept: */*\r\n\r\n",
            daemon.address
        ))
        .await;
        is(&next(&mut talk).await, "HTTP/1.1 200 OK", headers, body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn freepbx_puts_the_number_in_raw_and_its_password_into_the_header() {
    let daemon = daemon().await;
    for (number, headers, body) in [
        ("+33612345678", HIT, "Zoë Moreau"),
        ("33612345678", HIT, "Zoë Moreau"),
        ("0033612345678", HIT, "Zoë Moreau"),
        ("", MISS, ""),
    ] {
        let answer = daemon
            .say(format!(
                "GET /cid?number={number} HTTP/1.1\r\nHost: {}\r\nAuthorization: {BASIC}\r\n\
                 User-Agent: asterisk-libcurl-agent/1.0\r\nAccept: */*\r\n\r\n",
                daemon.address
            ))
            .await;
        is(&answer, "HTTP/1.1 200 OK", headers, body);
    }
}

/// What a provider sends as the name stands in the address as it came, but for blanks and commas.
#[tokio::test(flavor = "multi_thread")]
async fn freepbx_puts_the_name_of_the_provider_in_raw() {
    for fast_path in [true, false] {
        let daemon = Daemon::with(|settings| settings.fast_path = fast_path).await;
        add_caller(&daemon).await;
        let mut talk = daemon.connect().await;
        for (number, name, headers, body) in [
            ("33612345679", "\"A\"", MISS, "A"),
            ("33612345679", "\"Acme%20GmbH\"", MISS, "Acme GmbH"),
            ("33612345679", "\"Acme GmbH\" <0123>", MISS, "Acme GmbH 0123"),
            ("33612345679", "Zoë\"", MISS, "Zoë"),
            ("33612345679", "O'Brien{}|^`~", MISS, "O'Brien^~"),
            ("33612345679", "100%", MISS, "100%"),
            ("33612345678", "\"A\"", HIT, "Zoë Moreau"),
        ] {
            talk.send(format!(
                "GET /cid?number={number}&miss={name} HTTP/1.1\r\nHost: {}\r\n\
                 Authorization: {BASIC}\r\nUser-Agent: asterisk-libcurl-agent/1.0\r\n\
                 Accept: */*\r\n\r\n",
                daemon.address
            ))
            .await;
            let headers =
                &headers.replace("content-length: 0", &format!("content-length: {}", body.len()));
            is(&next(&mut talk).await, "HTTP/1.1 200 OK", headers, body);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn superfecta_asks_as_a_browser_and_takes_a_failure_for_nothing() {
    let daemon = daemon().await;
    let ask = |path: &str| {
        format!(
            "GET {path} HTTP/1.1\r\nHost: {}\r\nUser-Agent: Mozilla/5.0 (Windows; U; Windows NT \
             5.1; en-US; rv:1.9.1.6) Gecko/20091201 Firefox/3.5.6 (.NET CLR 3.5.30729)\r\n\
             Accept: */*\r\n\r\n",
            daemon.address
        )
    };
    let good = daemon.say(ask(&format!("/cid/33612345678?key={KEY}&ascii=1"))).await;
    is(&good, "HTTP/1.1 200 OK", &HIT.replace("11", "10"), "Zoe Moreau");
    for (path, status) in [
        ("/cid/33612345678?key=x", "HTTP/1.1 401 Unauthorized"),
        ("/cid/1/2", "HTTP/1.1 404 Not Found"),
        ("/cid?key=pbx.0123456789abcdef", "HTTP/1.1 400 Bad Request"),
    ] {
        let answer = daemon.say(ask(path)).await;
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with(status) && head.contains("content-length: 0"), "{answer}");
        assert_eq!(body, "");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn kamailio_asks_what_it_may_use_and_comes_back_with_it() {
    let daemon = daemon().await;
    let mut talk = daemon.connect().await;
    let ask = |authorization: &str| {
        format!(
            "GET /cid?number=%2B33612345678 HTTP/1.1\r\nHost: {}\r\n{authorization}\
             User-Agent: kamailio (5.8.2 (x86_64/linux))\r\nAccept: */*\r\nX-Token: abc\r\n\r\n",
            daemon.address
        )
    };
    // With Basic and Digest both allowed, libcurl asks without either first.
    talk.send(ask("")).await;
    let headers = format!("{FAILURE}\nwww-authenticate: Basic realm=\"carnet\", Bearer");
    is(&next(&mut talk).await, "HTTP/1.1 401 Unauthorized", &headers, "");
    talk.send(ask(&format!("Authorization: {BASIC}\r\n"))).await;
    is(&next(&mut talk).await, "HTTP/1.1 200 OK", HIT, "Zoë Moreau");
}

#[tokio::test(flavor = "multi_thread")]
async fn opensips_asks_with_headers_of_its_script() {
    let daemon = daemon().await;
    let client = daemon.house.book.sign_in("pbx", SECRET).await.unwrap().unwrap();
    let answer = daemon
        .say(format!(
            "GET /cid/+33612345678 HTTP/1.1\r\nHost: {}\r\nAccept: */*\r\n\
             Authorization: Bearer {}\r\n\r\n",
            daemon.address, client.token
        ))
        .await;
    is(&answer, "HTTP/1.1 200 OK", HIT, "Zoë Moreau");
}

#[tokio::test(flavor = "multi_thread")]
async fn http_1_0_is_answered_with_and_without_keeping_the_connection() {
    let daemon = daemon().await;
    let ask = |more: &str| format!("GET /cid?key={KEY}&number=33612345678 HTTP/1.0\r\n{more}\r\n");
    let mut talk = daemon.connect().await;
    talk.send(ask("")).await;
    is(&talk.rest().await, "HTTP/1.0 200 OK", HIT, "Zoë Moreau");
    let mut talk = daemon.connect().await;
    for _ in 0..2 {
        talk.send(ask("Connection: keep-alive\r\n")).await;
        let answer = next(&mut talk).await;
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.0 200 OK"), "{head}");
        assert!(head.contains("connection: keep-alive"), "{head}");
        assert_eq!(body, "Zoë Moreau");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_or_has_no_place_is_silent_too() {
    let daemon = daemon().await;
    let long = "9".repeat(2 * HEAD_BYTES_MAX);
    for (target, status) in [
        (format!("/cid?number={long}"), "HTTP/1.1 431 "),
        ("/cid/<a>".to_owned(), "HTTP/1.1 400 "),
        ("/cid/1 2".to_owned(), "HTTP/1.1 400 "),
        ("/cid?number=\u{7f}\u{1}".to_owned(), "HTTP/1.1 400 "),
    ] {
        let answer = daemon.say(format!("GET {target} HTTP/1.1\r\nHost: x\r\n\r\n")).await;
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with(status) && head.contains("content-length: 0"), "{answer}");
        assert_eq!(body, "", "{answer}");
    }
    let hasty = Daemon::with(|settings| settings.timeouts.head = SOON).await;
    let mut talk = hasty.connect().await;
    talk.send("GET /cid?number=1 HTTP/1.1\r\nHost:").await;
    let answer = talk.rest().await;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 408 ") && head.contains("content-length: 0"), "{answer}");
    assert_eq!(body, "");
    let full = Daemon::with(|settings| settings.connections = 0).await;
    let answer = full.say("GET /cid?number=1 HTTP/1.1\r\nHost: x\r\n\r\n").await;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 503 ") && head.contains("content-length: 0"), "{answer}");
    assert_eq!(body, "");
    let answer = full.say("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").await;
    assert!(answer.ends_with('}'), "{answer}");
}
