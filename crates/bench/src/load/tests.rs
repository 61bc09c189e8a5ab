//! Loads on servers that are made for it: one that answers, one that stalls, one that breaks off.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;

use super::*;
use crate::bare_server;
use crate::questions::FixedSize;
use crate::questions::lookup::Lookup;
use crate::questions::numbers::NumberSource;
use carnet_client::Access;

/// A load of some hundred milliseconds.
fn load(address: SocketAddr) -> Load {
    Load {
        address,
        pid: None,
        connections: 4,
        threads: 1,
        pipeline: 1,
        fresh: false,
        rate: None,
        warmup: Duration::ZERO,
        duration: Duration::from_millis(300),
    }
}

/// Asks for numbers, and expects four bytes.
fn question(_: usize) -> Box<dyn Question> {
    let access = Access { host: "h".to_owned(), token: "T".to_owned() };
    let source = Arc::new(NumberSource::uniform(vec![33_612_345_678], Vec::new(), 0.0, 1));
    Box::new(FixedSize::new(Box::new(Lookup::new(&access, NumberSource::draw(&source))), 4, 1))
}

fn measure(load: &Load) -> Measured {
    load.run(&question, &|| false).unwrap()
}

/// A server that does something with each connection, on a thread of its own.
fn server(talk: impl Fn(std::net::TcpStream) + Send + Sync + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let talk = Arc::new(talk);
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let talk = Arc::clone(&talk);
            thread::spawn(move || talk(stream));
        }
    });
    address
}

#[test]
fn every_manner_of_asking_is_answered() {
    let address = bare_server::tests::start("four");
    let plain = load(address);
    for (load, name) in [
        (plain.clone(), "keep-alive"),
        (Load { fresh: true, ..plain.clone() }, "new connections"),
        (Load { pipeline: 16, ..plain.clone() }, "pipelined"),
        (Load { threads: 3, ..plain.clone() }, "threads"),
        (Load { rate: Some(500.0), pipeline: 4, ..plain.clone() }, "on schedule"),
    ] {
        let measured = measure(&load);
        assert_eq!(measured.errors(), 0, "{name}: {:?}", measured.tally.errors);
        assert!(measured.tally.requests > 0, "{name}");
        assert_eq!(measured.tally.requests, measured.tally.times.len(), "{name}");
        assert_eq!(measured.tally.bytes, measured.tally.requests * 4, "{name}");
    }
}

/// A server that stalls once is charged for every request that was due meanwhile, not for the one
/// that it happened to be busy with.
#[test]
fn a_stall_counts_for_all_who_waited() {
    const STALL: Duration = Duration::from_millis(200);
    let address = server(|mut stream| {
        let mut request = [0; 4_096];
        let mut first = true;
        while stream.read(&mut request).is_ok_and(|count| count > 0) {
            if std::mem::take(&mut first) {
                thread::sleep(STALL);
            }
            if stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nfour").is_err() {
                return;
            }
        }
    });
    let rate = 200.0;
    let scheduled = Load { connections: 1, rate: Some(rate), ..load(address) };
    let measured = measure(&Load { duration: Duration::from_secs(1), ..scheduled });
    assert_eq!(measured.errors(), 0, "{:?}", measured.tally.errors);
    // Of the forty requests that fell into the stall, half waited for more than half of it.
    let times = &measured.tally.times;
    let half = u64::try_from((STALL / 2).as_nanos()).unwrap();
    let slow = times.count_between(half, times.max());
    assert!(slow >= 15, "{slow} of {} took long", times.len());
}

#[test]
fn nothing_that_goes_wrong_is_passed_over() {
    let closes = server(|mut stream| {
        let _ = stream.read(&mut [0; 4_096]);
    });
    let refuses = server(|mut stream| {
        while stream.read(&mut [0; 4_096]).is_ok_and(|count| count > 0) {
            let answer = b"HTTP/1.1 503 Full\r\ncontent-length: 4\r\n\r\nfull";
            if stream.write_all(answer).is_err() {
                return;
            }
        }
    });
    let other = bare_server::tests::start("another answer");
    for (address, expected) in [
        (closes, "the connection was closed"),
        (refuses, "status 503"),
        (other, "14 bytes instead of 4"),
    ] {
        let measured = measure(&load(address));
        assert_eq!(measured.tally.requests, 0, "{expected}");
        let errors = &measured.tally.errors;
        assert!(errors.get(expected).is_some_and(|times| *times > 0), "{expected}: {errors:?}");
    }
}

#[test]
fn who_does_not_listen_is_said_so() {
    // A port that was free a moment ago: bound, seen, and given back.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let failure = load(address).run(&question, &|| false).unwrap_err();
    let sentence = failure.to_string();
    assert!(sentence.contains("does not take connections: connection refused"), "{sentence}");
}
