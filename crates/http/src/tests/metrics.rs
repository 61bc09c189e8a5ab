//! Metrics count each request once, whether the fast path or hyper answered it, and tell nothing
//! else.

mod format;

use super::connections::fast_path::{BY_HYPER, CLOSE};
use super::connections::sockets::{Daemon, FOREVER, HEALTH, status};
use super::*;
use crate::routes::ROUTES;
use format::Page;
use hyper::Request;
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};
use tokio::time::sleep;

const REQUESTS: &str = "carnet_http_requests_total";
const REVERSE: &str = "/api/v2/externalcontacts/reversewhitepageslookup";
const SCRAPE: &str = "GET /metrics HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";

/// A daemon with two contacts that answers look-ups from memory.
async fn peopled() -> Daemon {
    let daemon = Daemon::new().await;
    for (name, number) in [("Ann", "+13172222222"), ("Bob", "+13173333333")] {
        let body = json!({"firstName": name, "lastName": "L", "cellPhone": {"userInput": number}});
        daemon.house.add(body).await;
    }
    until(|| daemon.house.book.numbers_are_in_memory()).await;
    daemon
}

/// Waits until it is so.
async fn until(so: impl Fn() -> bool) {
    let end = Instant::now() + FOREVER;
    while !so() {
        assert!(Instant::now() < end, "it never is so");
        sleep(Duration::from_millis(5)).await;
    }
}

async fn scrape(daemon: &Daemon) -> Page {
    let answer = daemon.say(SCRAPE).await;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert_eq!(status(head), 200, "{answer}");
    assert!(head.contains("content-type: text/plain; version=0.0.4; charset=utf-8"), "{head}");
    Page::read(body)
}

impl House {
    async fn metrics(&self) -> Page {
        let reply = self.ask_raw("GET", "/metrics", &[], RequestBody::empty()).await;
        assert_eq!(reply.status, 200);
        Page::read(std::str::from_utf8(&reply.bytes).unwrap())
    }
}

impl Page {
    fn requests(&self, method: &str, route: &str, status: &str) -> f64 {
        self.sum(REQUESTS, &[("method", method), ("route", route), ("status", status)])
    }

    fn outcomes(&self) -> [f64; 4] {
        ["nobody", "ready", "made", "store"]
            .map(|outcome| self.sum("carnet_ready_answers_total", &[("outcome", outcome)]))
    }
}

#[tokio::test]
async fn the_page_is_what_prometheus_reads() {
    let house = House::new().await;
    let page = house.metrics().await;
    assert_eq!(page.requests("GET", "/metrics", "200"), 0.0);
    let page = house.metrics().await;
    assert_eq!(page.requests("GET", "/metrics", "200"), 1.0);
    assert_eq!(page.sum("carnet_build_info", &[("version", env!("CARGO_PKG_VERSION"))]), 1.0);
    assert!(page.sum("carnet_store_bytes", &[]) > 0.0);
    assert!(page.sum("carnet_index_bytes", &[]) > 0.0);
    assert!(page.sum("carnet_lookup_memory_bytes", &[]) > 0.0);
}

#[tokio::test]
async fn head_is_answered_without_the_page_and_counted_for_itself() {
    let house = House::new().await;
    let reply = house.ask_raw("HEAD", "/metrics", &[], RequestBody::empty()).await;
    assert_eq!((reply.status, reply.bytes.len()), (200, 0));
    assert!(reply.header("content-length").parse::<usize>().unwrap() > 1_000);
    let page = house.metrics().await;
    assert_eq!(page.requests("HEAD", "/metrics", "200"), 1.0);
    assert_eq!(page.requests("GET", "/metrics", "200"), 0.0);
}

#[tokio::test(flavor = "multi_thread")]
async fn both_ways_count_exactly_what_was_asked() {
    let daemon = peopled().await;
    let reverse =
        |n: &str, more: &str| daemon.request("GET", &format!("{REVERSE}?lookupVal={n}"), more);
    let before = scrape(&daemon).await;
    assert_eq!((before.requests("GET", REVERSE, "200"), before.outcomes()), (0.0, [0.0; 4]));
    // Under hyper: one by one, and many at once.
    let mut talk = daemon.connect().await;
    for n in ["3172222222", "3172222222", "3174444444"] {
        talk.send(reverse(n, "")).await;
        assert_eq!(status(&talk.answer().await.0), 200);
    }
    talk.send(reverse("3173333333", "").repeat(40)).await;
    talk.send(daemon.request("GET", "/cid?number=3172222222", "").repeat(7)).await;
    for _ in 0..47 {
        assert_eq!(status(&talk.answer().await.0), 200);
    }
    let quick = scrape(&daemon).await;
    assert_eq!(quick.requests("GET", REVERSE, "200"), 43.0);
    assert_eq!(quick.requests("GET", "/cid", "200"), 7.0);
    assert_eq!(quick.sum("carnet_lookup_seconds_count", &[]), 50.0);
    // Ann and Bob are made once, unless the warm-up did so, and in the render cache ever after.
    let [nobody, ready, made, store] = quick.outcomes();
    assert_eq!((nobody, ready + made, store), (1.0, 49.0, 0.0));
    assert!(made <= 2.0, "{made}");
    // By hyper, on a connection of its own each.
    for _ in 0..5 {
        let answer = daemon.say(reverse("3172222222", BY_HYPER)).await;
        assert_eq!(status(&answer), 200);
    }
    let close = "connection: close\r\n";
    daemon.say(daemon.request("GET", "/lookup/3172222222", close)).await;
    daemon.say(daemon.request("HEAD", "/cid/3172222222", close)).await;
    // Refused ones are counted, but not among the times.
    daemon.say(format!("GET {REVERSE}?lookupVal=1 HTTP/1.1\r\nhost: x\r\n\r\n")).await;
    let both = scrape(&daemon).await;
    assert_eq!(both.requests("GET", REVERSE, "200"), 48.0);
    assert_eq!(both.requests("GET", REVERSE, "401"), 1.0);
    assert_eq!(both.requests("GET", "/lookup/{number}", "200"), 1.0);
    assert_eq!(both.requests("HEAD", "/cid/{number}", "200"), 1.0);
    assert_eq!(both.sum("carnet_lookup_seconds_count", &[]), 57.0);
    // Memory answers either way.
    assert_eq!(both.outcomes(), [1.0, ready + 7.0, made, 0.0]);
    // Every request but the scrape itself: 58 look-ups and two scrapes before it.
    let all = both.sum(REQUESTS, &[]) - before.sum(REQUESTS, &[]);
    assert_eq!(all, 58.0 + 2.0);
}

#[tokio::test]
async fn searches_and_listings_are_timed_where_they_are_answered() {
    let house = House::new().await;
    house.add(person("Ann", "L")).await;
    house.post("/contacts/search", json!({"query": "ann"})).await;
    house.get("/contacts?q=ann").await;
    house.get("/contacts").await;
    house.get("/organizations").await;
    assert_eq!(house.ask("GET", "/contacts?pageSize=none", None).await.status, 400);
    let page = house.metrics().await;
    assert_eq!(page.sum("carnet_search_seconds_count", &[]), 4.0);
    assert_eq!(page.sum("carnet_lookup_seconds_count", &[]), 0.0);
    assert_eq!(page.requests("GET", "/api/v2/externalcontacts/contacts", "400"), 1.0);
}

#[tokio::test]
async fn writes_show_in_the_pulse_of_the_book() {
    let house = House::new().await;
    let before = house.metrics().await;
    for n in 0..5 {
        house.add(person("Ann", &format!("L{n}"))).await;
    }
    let after = house.metrics().await;
    let more = |name| after.sum(name, &[]) - before.sum(name, &[]);
    assert_eq!(more("carnet_commit_writes_total"), 5.0);
    // Each waited for the one before.
    assert_eq!(more("carnet_commit_seconds_count"), 5.0);
    assert_eq!(more("carnet_commit_failures_total"), 0.0);
    assert_eq!(after.sum("carnet_writes_waiting", &[]), 0.0);
    let age = after.sum("carnet_snapshot_age_seconds", &[]);
    assert!(age < FOREVER.as_secs_f64(), "{age}");
    // Later the index has them.
    let end = Instant::now() + FOREVER;
    loop {
        let page = house.metrics().await;
        if page.sum("carnet_index_lag_changes", &[]) == 0.0 {
            assert_eq!(page.sum("carnet_overlay_entries", &[]), 0.0);
            assert!(page.sum("carnet_fold_seconds_count", &[]) >= 1.0);
            break;
        }
        assert!(Instant::now() < end, "the index never has them");
        sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_a_client_says_becomes_a_label() {
    let daemon = peopled().await;
    for request in [
        "GET /secret HTTP/1.1\r\nhost: secret\r\n\r\n".to_owned(),
        "SECRET /metrics HTTP/1.1\r\nhost: x\r\n\r\n".to_owned(),
        "DELETE /healthz HTTP/1.1\r\nhost: x\r\n\r\n".to_owned(),
        "GET /healthz?q=<secret> HTTP/1.1\r\nhost: x\r\n\r\n".to_owned(),
        daemon.request("GET", "/lookup/secret?key=secret", "connection: close\r\n"),
        daemon.request("GET", "/lookup/secret%22%0A", "connection: close\r\n"),
        daemon.request("GET", &format!("{API}/contacts/secret"), "connection: close\r\n"),
        daemon.request("GET", "/cid?number=secret", ""),
        "GET /cid/1?key=secret HTTP/1.1\r\nhost: x\r\n\r\n".to_owned(),
    ] {
        daemon.say(request).await;
    }
    let text = daemon.say(SCRAPE).await;
    assert!(!text.to_ascii_lowercase().contains("secret"), "{text}");
    let page = Page::read(text.split_once("\r\n\r\n").unwrap().1);
    // Nothing there, no such method twice, and what is no request.
    assert_eq!(page.sum(REQUESTS, &[("route", "none")]), 4.0);
    assert_eq!(page.requests("any", "none", "405"), 2.0);
    assert_eq!(page.requests("any", "none", "400"), 1.0);
    let routes: BTreeSet<&str> = ROUTES.iter().map(|route| route.path).chain(["none"]).collect();
    assert_eq!(page.values_of("route"), routes);
    let methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "any"];
    assert!(page.values_of("method").is_subset(&methods.into()));
    let labels = ["route", "method", "status", "le", "outcome", "version"];
    let named = text.lines().filter(|line| !line.starts_with('#'));
    let named = named.filter_map(|line| line.split_once('{')?.1.split_once('=')).map(|(l, _)| l);
    assert!(named.collect::<BTreeSet<_>>().is_subset(&labels.into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_are_counted_while_they_are_open_and_when_they_are_refused() {
    let daemon = Daemon::with(|settings| settings.connections = 3).await;
    let mut first = daemon.connect().await;
    first.send(HEALTH).await;
    first.answer().await;
    let mut second = daemon.connect().await;
    second.send(HEALTH).await;
    second.answer().await;
    let mut scraper = daemon.connect().await;
    let ask = "GET /metrics HTTP/1.1\r\nhost: x\r\n\r\n";
    scraper.send(ask).await;
    let page = Page::read(&scraper.answer().await.1);
    let connections = |page: &Page| {
        ["open", "accepted_total", "refused_total", "http2_total"]
            .map(|name| page.sum(&format!("carnet_connections_{name}"), &[]))
    };
    assert_eq!(connections(&page), [3.0, 3.0, 0.0, 0.0]);
    assert_eq!(status(&daemon.say(HEALTH).await), 503);
    drop((first, second));
    let end = Instant::now() + FOREVER;
    loop {
        scraper.send(ask).await;
        let page = Page::read(&scraper.answer().await.1);
        if connections(&page) == [1.0, 3.0, 1.0, 0.0] {
            break;
        }
        assert!(Instant::now() < end, "{:?}", connections(&page));
        sleep(Duration::from_millis(5)).await;
    }
    let stream = tokio::net::TcpStream::connect(daemon.address).await.unwrap();
    let (client, connection) = h2::client::handshake(stream).await.unwrap();
    let connection = tokio::spawn(connection);
    let mut client = client.ready().await.unwrap();
    let request = Request::get("http://x/healthz").body(()).unwrap();
    let (answer, _) = client.send_request(request, true).unwrap();
    assert_eq!(answer.await.unwrap().status(), 200);
    scraper.send(ask).await;
    let page = Page::read(&scraper.answer().await.1);
    assert_eq!(connections(&page), [2.0, 4.0, 1.0, 1.0]);
    assert_eq!(page.requests("GET", "/healthz", "200"), 3.0);
    connection.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scrape_while_requests_run_sees_whole_counts_that_never_fall() {
    const CLIENTS: u32 = 4;
    const ROUNDS: u32 = 60;
    let daemon = peopled().await;
    let path = format!("{REVERSE}?lookupVal=3172222222");
    let quick = daemon.request("GET", &path, "").repeat(5);
    let usual = daemon.request("GET", &path, &format!("{BY_HYPER}{CLOSE}"));
    let mut clients = Vec::new();
    for _ in 0..CLIENTS {
        let mut talk = daemon.connect().await;
        let (quick, usual) = (quick.clone(), usual.clone());
        clients.push(tokio::spawn(async move {
            for _ in 0..ROUNDS {
                talk.send(&quick).await;
                for _ in 0..5 {
                    assert_eq!(status(&talk.answer().await.0), 200);
                }
            }
            talk.send(&usual).await;
            assert_eq!(status(&talk.rest().await), 200);
        }));
    }
    let mut last: BTreeMap<String, f64> = BTreeMap::new();
    while !clients.iter().all(tokio::task::JoinHandle::is_finished) {
        for (name, value) in scrape(&daemon).await.growing() {
            let before = last.insert(name.clone(), value);
            assert!(before.is_none_or(|before| before <= value), "{name} fell from {before:?}");
        }
    }
    for client in clients {
        client.await.unwrap();
    }
    let page = scrape(&daemon).await;
    let all = f64::from(CLIENTS * (ROUNDS * 5 + 1));
    assert_eq!(page.requests("GET", REVERSE, "200"), all);
    assert_eq!(page.sum("carnet_lookup_seconds_count", &[]), all);
    assert_eq!(page.outcomes().iter().sum::<f64>(), all);
}
