//! The fast path answers as hyper's side does, to the byte.

use super::sockets::{Daemon, HEALTH, SOON, status};
use super::*;
use std::time::Duration;
use tokio::io::AsyncWriteExt;

const LOOK_UP: &str = "/api/v2/externalcontacts/reversewhitepageslookup?lookupVal=";

/// A header with which hyper answers a request, and which changes nothing that is compared.
pub(in crate::tests) const BY_HYPER: &str =
    "inin-correlation-id: 00000000-0000-4000-8000-000000000000\r\n";
pub(in crate::tests) const CLOSE: &str = "connection: close\r\n";

/// A daemon with some contacts, two of whom share a number.
async fn peopled() -> Daemon {
    people(Daemon::new().await).await
}

async fn people(daemon: Daemon) -> Daemon {
    for (name, number) in
        [("Ann", "+13172222222"), ("Bob", "+13173333333"), ("\u{c7}em \"x\"", "+13173333333")]
    {
        let body = json!({"firstName": name, "lastName": "L", "cellPhone": {"userInput": number}});
        daemon.house.add(body).await;
    }
    while !daemon.house.book.numbers_are_in_memory() {
        tokio::task::yield_now().await;
    }
    daemon
}

/// The answer without what differs from one to the next.
fn comparable(answer: &str) -> String {
    let changing = ["inin-correlation-id: ", "date: ", "connection: "];
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let lines = head.split("\r\n");
    let lines = lines.filter(|line| !changing.iter().any(|name| line.starts_with(name)));
    let mut lines: Vec<&str> = lines.collect();
    // hyper writes the length of nothing last.
    lines.sort_unstable();
    let kept = format!("{}\r\n\r\n{body}", lines.join("\r\n"));
    // An error repeats its correlation id.
    match kept.split_once("\"contextId\":\"") {
        Some((front, rest)) => format!("{front}{}", &rest[36..]),
        None => kept,
    }
}

/// Sends the last request of a connection, and nothing of its end. Returns all that comes until
/// the daemon closes it, as it says that it will.
async fn alone(daemon: &Daemon, request: &str) -> String {
    let mut talk = daemon.connect().await;
    talk.send(request).await;
    let answer = talk.rest().await;
    assert!(answer.contains("\r\nconnection: close\r\n"), "{answer}");
    answer
}

#[tokio::test(flavor = "multi_thread")]
async fn what_follows_the_last_request_is_not_answered_and_does_not_lose_the_answer() {
    let daemon = peopled().await;
    let path = format!("{LOOK_UP}3172222222");
    let last = daemon.request("GET", &path, CLOSE);
    let more = daemon.request("GET", &path, "").repeat(3);
    let answer = daemon.say(format!("{}{last}{more}", daemon.request("GET", &path, ""))).await;
    assert_eq!(answer.matches("HTTP/1.1 200").count(), 2, "{answer}");
    assert_eq!(answer.matches("connection: close").count(), 1, "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn both_ways_give_the_same_bytes() {
    let daemon = peopled().await;
    for value in [
        "%2B13172222222",
        "+13172222222",
        "13172222222",
        "0013172222222",
        "(317)%20222-2222",
        "tel:+1-317-222-2222",
        "sip:3172222222",
        "sip:+13172222222@gateway",
        "%2B13173333333",
        "%2B13174444444",
        "3174444444",
        "ann",
        "x@y.org",
        "",
        "%",
        "%GG",
        "%00",
        "%2B1317222222200000000000000000000000000000000000000000000000000000000000000",
        "%2B13172222222&expand=contacts.externalOrganization",
        "%2B13172222222&divisionId=other",
        "%2B13172222222&expand=nonsense",
        "%F0%9F%98%80",
        "%C3",
    ] {
        let path = format!("{LOOK_UP}{value}");
        // Twice: made, and from the render cache.
        for _ in 0..2 {
            let quick = daemon.say(daemon.request("GET", &path, "")).await;
            let usual = daemon.say(daemon.request("GET", &path, BY_HYPER)).await;
            assert_eq!(comparable(&quick), comparable(&usual), "{value}");
            let last = alone(&daemon, &daemon.request("GET", &path, CLOSE)).await;
            assert_eq!(comparable(&last), comparable(&usual), "{value}");
            // A division, even if it is any, is asked of the store: no rendering is in this answer.
            let stored = daemon.request("GET", &format!("{path}&divisionId=*"), BY_HYPER);
            let stored = daemon.say(stored).await;
            if !value.contains("divisionId") {
                assert_eq!(comparable(&stored), comparable(&usual), "{value}");
            }
        }
    }
    let found = daemon.say(daemon.request("GET", &format!("{LOOK_UP}3173333333"), "")).await;
    assert_eq!(found.matches("\"firstName\"").count(), 2, "{found}");
    assert!(found.contains("inin-correlation-id: ") && found.contains("date: "), "{found}");
}

/// The daemon's own format of a name, `{first} {last}`, in an address.
const FORMAT: &str = "%7Bfirst%7D%20%7Blast%7D";

#[tokio::test(flavor = "multi_thread")]
async fn both_ways_give_the_same_name() {
    let daemon = peopled().await;
    let client = daemon.house.book.add_client("switch", "lookup", None, None).await.unwrap();
    let key = client.key.unwrap();
    let strong = daemon.house.token.clone();
    for query in [
        format!("number=13172222222&key={key}"),
        format!("key={key}&number=%2B13173333333"),
        format!("key={key}&number=+13172222222"),
        format!("key={key}&number=tel:+13172222222"),
        format!("key={key}&number=sip:3172222222@gateway"),
        format!("key={key}&number=3174444444"),
        format!("key={key}&number=anonymous"),
        format!("key={key}&number="),
        format!("key={key}"),
        format!("key={key}x&number=3172222222"),
        format!("key={strong}&number=3172222222"),
        "key=&number=3172222222".to_owned(),
        format!("number=3172222222&key={key}&max=2"),
        format!("number=3174444444&key={key}&miss=nobody"),
        format!("number=3172222222&number=3173333333&key={key}"),
    ] {
        let ask = |headers: &str| format!("GET /cid?{query} HTTP/1.1\r\nhost: x\r\n{headers}\r\n");
        for _ in 0..2 {
            let quick = daemon.say(ask("")).await;
            let usual = daemon.say(ask(BY_HYPER)).await;
            assert_eq!(comparable(&quick), comparable(&usual), "{query}");
            let last = alone(&daemon, &ask(CLOSE)).await;
            assert_eq!(comparable(&last), comparable(&usual), "{query}");
            // A format, even if it is the daemon's own, is written from what the store has.
            let stored = format!("GET /cid?{query}&format={FORMAT} HTTP/1.1\r\nhost: x\r\n\r\n");
            let stored = daemon.say(stored).await;
            assert_eq!(comparable(&stored), comparable(&usual), "{query}");
        }
    }
    let found = daemon.say(daemon.request("GET", "/cid?number=3172222222", "")).await;
    assert!(found.ends_with("\r\n\r\nAnn L") && found.contains("x-carnet-matches: 1"), "{found}");
    // Taken back, it is refused on the same connection.
    let mut talk = daemon.connect().await;
    let ask = format!("GET /cid?number=3172222222&key={key} HTTP/1.1\r\nhost: x\r\n\r\n");
    talk.send(&ask).await;
    assert_eq!(talk.answer().await.1, "Ann L");
    daemon.house.book.rotate_client(&client.id).await.unwrap();
    talk.send(&ask).await;
    assert_eq!(status(&talk.answer().await.0), 401);
}

/// zammad/zammad#4555: the slower way answers them, and both say the same.
#[tokio::test(flavor = "multi_thread")]
async fn both_ways_know_the_internal_numbers_of_a_house() {
    let daemon = Daemon::of(|settings| {
        settings.default_region = carnet_phone::Region::parse("DE").unwrap();
        settings.internal_numbers = carnet_model::InternalNumbers::parse("2-5").ok();
    });
    let daemon = people(daemon.await).await;
    let inside = json!({"firstName": "Empfang", "lastName": "L", "workPhone": {"display": "1047"}});
    daemon.house.add(inside).await;
    for (number, name) in [
        ("1047", "Empfang L"),
        ("10%2047", "Empfang L"),
        ("sip:1047@pbx", "Empfang L"),
        ("1048", ""),
        ("%2B491047", ""),
        ("%2B13172222222", "Ann L"),
    ] {
        for path in [format!("/cid?number={number}"), format!("{LOOK_UP}{number}")] {
            let quick = daemon.say(daemon.request("GET", &path, "")).await;
            let usual = daemon.say(daemon.request("GET", &path, BY_HYPER)).await;
            assert_eq!(comparable(&quick), comparable(&usual), "{path}");
            let first = name.split(' ').next().unwrap();
            assert!(quick.contains(" 200 OK") && quick.contains(first), "{path}: {quick}");
            assert!(!name.is_empty() || !quick.contains("Empfang"), "{path}: {quick}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_in_a_row_are_answered_in_their_order_on_both_ways() {
    let daemon = peopled().await;
    let look_up = |n: &str| daemon.request("GET", &format!("{LOOK_UP}{n}"), "");
    let mut all = String::new();
    for _ in 0..40 {
        all += &look_up("3172222222");
        all += &look_up("3174444444");
    }
    // From here on hyper answers, and the look-ups among it.
    all += HEALTH;
    all += &look_up("3172222222");
    all += HEALTH;
    let mut talk = daemon.connect().await;
    // In pieces that end in the middle of heads.
    for piece in all.as_bytes().chunks(1_777) {
        talk.send(piece).await;
    }
    for n in 0..40 {
        assert!(talk.answer().await.1.contains("Ann"), "{n}");
        assert_eq!(talk.answer().await.1, r#"{"contacts":[]}"#, "{n}");
    }
    assert!(talk.answer().await.1.contains("ok"));
    assert!(talk.answer().await.1.contains("Ann"));
    assert!(talk.answer().await.1.contains("ok"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_and_the_end_of_a_token_are_seen_on_an_open_connection() {
    let daemon = peopled().await;
    let look_up = daemon.request("GET", &format!("{LOOK_UP}3172222222"), "");
    let mut talk = daemon.connect().await;
    talk.send(&look_up).await;
    let (_, body) = talk.answer().await;
    let found: Value = serde_json::from_str(&body).unwrap();
    let id = found["contacts"][0]["id"].as_str().unwrap();
    let next =
        json!({"firstName": "Anna", "lastName": "N", "cellPhone": {"userInput": "+13172222222"}});
    daemon.house.good("PUT", &format!("/contacts/{id}"), Some(next)).await;
    talk.send(&look_up).await;
    assert!(talk.answer().await.1.contains("Anna"));
    for client in daemon.house.book.clients().unwrap() {
        daemon.house.book.remove_client(&client.id).await.unwrap();
    }
    talk.send(&look_up).await;
    assert_eq!(status(&talk.answer().await.0), 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_that_come_together_are_answered_as_alone() {
    let daemon = peopled().await;
    let client = daemon.house.book.add_client("switch", "lookup", None, None).await.unwrap();
    let key = client.key.unwrap();
    let values = [
        "%2B13172222222",
        "%2B13173333333",
        "%2B13174444444",
        "3172222222",
        "%2B",
        "%2B0",
        "%2B99999999999999999999999",
        "%2B1317222222%32",
        "ann",
    ];
    let requests: Vec<String> = values
        .iter()
        .flat_map(|value| {
            let long = daemon.request("GET", &format!("{LOOK_UP}{value}"), "");
            let short = format!("GET /cid?number={value}&key={key} HTTP/1.1\r\nhost: x\r\n\r\n");
            [long, short]
        })
        .collect();
    let mut single = Vec::new();
    for request in &requests {
        let mut talk = daemon.connect().await;
        talk.send(request).await;
        let (head, body) = talk.answer().await;
        single.push(comparable(&format!("{head}\r\n\r\n{body}")));
    }
    // More than are fetched at once, in another order each time.
    for first in 0..requests.len() {
        let order = (0..3 * requests.len()).map(|n| (first + n * 7) % requests.len());
        let mut talk = daemon.connect().await;
        let all: String = order.clone().map(|n| requests[n].as_str()).collect();
        talk.send(&all).await;
        for n in order {
            let (head, body) = talk.answer().await;
            let answer = comparable(&format!("{head}\r\n\r\n{body}"));
            assert_eq!(answer, single[n], "{}", requests[n]);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_look_up_is_refused() {
    let mut daemon = peopled().await;
    daemon.house.token = daemon.house.token_of("but carnet:lookup").await;
    let path = format!("{LOOK_UP}3172222222");
    assert_eq!(status(&daemon.say(daemon.request("GET", &path, "")).await), 200);
    daemon.house.token = daemon.house.token_of("only externalContacts:contact:add").await;
    assert_eq!(status(&daemon.say(daemon.request("GET", &path, "")).await), 403);
    daemon.house.token = "nonsense".into();
    assert_eq!(status(&daemon.say(daemon.request("GET", &path, "")).await), 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn idle_connections_end_after_their_time_and_silent_ones_sooner() {
    let daemon = people(Daemon::with(|settings| settings.timeouts.idle = SOON).await).await;
    let mut talk = daemon.connect().await;
    talk.send(daemon.request("GET", &format!("{LOOK_UP}3172222222"), "")).await;
    assert!(talk.answer().await.1.contains("Ann"));
    assert_eq!(talk.rest().await, "");
    let daemon = Daemon::with(|settings| settings.timeouts.head = SOON).await;
    assert_eq!(daemon.connect().await.rest().await, "");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_takes_nothing_is_given_up_and_holds_little() {
    let daemon = people(Daemon::with(|settings| settings.timeouts.write_stall = SOON).await).await;
    let mut talk = daemon.connect().await;
    let look_up = daemon.request("GET", &format!("{LOOK_UP}3172222222"), "");
    let many = look_up.repeat(100);
    // Until the daemon no longer reads, and then gives up.
    let sent = tokio::time::timeout(Duration::from_secs(60), async {
        while talk.stream.write_all(many.as_bytes()).await.is_ok() {}
    });
    assert!(sent.await.is_ok(), "the daemon keeps the connection");
}

#[tokio::test(flavor = "multi_thread")]
async fn stopping_closes_connections_that_wait_for_look_ups() {
    let mut daemon = peopled().await;
    let mut talk = daemon.connect().await;
    talk.send(daemon.request("GET", &format!("{LOOK_UP}3172222222"), "")).await;
    talk.answer().await;
    daemon.stop();
    assert_eq!(talk.rest().await, "");
    daemon.stopped().await;
}
