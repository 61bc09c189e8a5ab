//! Pages of browsers: asked as a browser asks.

use super::sockets::{Daemon, status};
use crate::Origins;

const CONTACTS: &str = "/api/v2/externalcontacts/contacts";

async fn daemon(origins: &[&str]) -> Daemon {
    let origins: Origins = origins.iter().map(|origin| origin.parse().unwrap()).collect();
    Daemon::with(|settings| settings.cors = origins).await
}

/// The question of a browser before a page's request.
fn preflight(path: &str, origin: &str) -> String {
    format!(
        "OPTIONS {path} HTTP/1.1\r\nhost: x\r\norigin: {origin}\r\n\
         access-control-request-method: PUT\r\n\
         access-control-request-headers: authorization,purecloud-sdk\r\n\r\n"
    )
}

async fn ask(daemon: &Daemon, request: String) -> String {
    let mut talk = daemon.connect().await;
    talk.send(request).await;
    talk.answer().await.0
}

fn get(daemon: &Daemon, path: &str, origin: &str) -> String {
    daemon.request("GET", path, &format!("origin: {origin}\r\n"))
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_granted_unless_an_origin_is_listed() {
    let daemon = daemon(&[]).await;
    for request in
        [preflight(CONTACTS, "https://a.example"), get(&daemon, CONTACTS, "https://a.example")]
    {
        let head = ask(&daemon, request).await;
        assert!(!head.contains("access-control") && !head.contains("vary"), "{head}");
    }
    let head = ask(&daemon, preflight(CONTACTS, "https://a.example")).await;
    assert_eq!(status(&head), 405);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listed_page_is_told_what_it_may_ask() {
    let daemon = daemon(&["https://a.example"]).await;
    let one = format!("{CONTACTS}/00000000-0000-4000-8000-000000000000");
    for (path, methods) in [
        (CONTACTS, "POST, GET, HEAD"),
        (one.as_str(), "GET, HEAD, PUT, PATCH, DELETE"),
        ("/oauth/token", "POST"),
        ("/cid", "GET, HEAD"),
    ] {
        let head = ask(&daemon, preflight(path, "https://a.example")).await;
        assert_eq!(status(&head), 200, "{path}: {head}");
        for line in [
            "access-control-allow-origin: https://a.example",
            "vary: origin",
            "access-control-allow-headers: authorization,purecloud-sdk",
            "access-control-max-age: 600",
            &format!("access-control-allow-methods: {methods}"),
        ] {
            assert!(head.lines().any(|found| found == line), "{path} lacks {line}: {head}");
        }
        assert!(!head.contains("credentials"), "{head}");
    }
    let nowhere = ask(&daemon, preflight("/nowhere", "https://a.example")).await;
    assert_eq!(status(&nowhere), 404);
    let stranger = ask(&daemon, preflight(CONTACTS, "https://b.example")).await;
    assert_eq!(status(&stranger), 405);
    assert!(!stranger.contains("access-control"), "{stranger}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listed_page_reads_answers_and_errors_and_another_does_not() {
    let daemon = daemon(&["https://a.example"]).await;
    let look_up = "/api/v2/externalcontacts/reversewhitepageslookup?lookupVal=%2B13172222222";
    for (path, expect) in
        [(CONTACTS, 200), (look_up, 200), ("/nowhere", 404), ("/cid?number=x&max=x", 400)]
    {
        let head = ask(&daemon, get(&daemon, path, "https://a.example")).await;
        assert_eq!(status(&head), expect, "{head}");
        for line in ["access-control-allow-origin: https://a.example", "vary: origin"] {
            assert!(head.lines().any(|found| found == line), "{path} lacks {line}: {head}");
        }
        assert!(head.contains("access-control-expose-headers: etag, "), "{head}");
        let head = ask(&daemon, get(&daemon, path, "https://b.example")).await;
        assert_eq!(status(&head), expect, "{head}");
        assert!(!head.contains("access-control"), "{head}");
    }
    let refused =
        format!("GET {CONTACTS} HTTP/1.1\r\nhost: x\r\norigin: https://a.example\r\n\r\n");
    let refused = ask(&daemon, refused).await;
    assert_eq!(status(&refused), 401);
    assert!(refused.contains("access-control-allow-origin"), "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_may_read_where_the_list_says_so() {
    let daemon = daemon(&["*"]).await;
    for origin in ["https://a.example", "null"] {
        let head = ask(&daemon, get(&daemon, CONTACTS, origin)).await;
        assert!(head.lines().any(|line| line == "access-control-allow-origin: *"), "{head}");
        assert!(!head.contains("vary"), "{head}");
    }
}
