//! The cost of a look-up by number, depth by depth: a bare hash map as the lower bound, the
//! contact out of the store, the answer of the address book when it is ready and when it must be
//! made, the service with a request's head and its token, and the same over loop-back HTTP.
//!
//! `cargo bench --bench lookup`. Numbers are asked uniformly at random. The last depth has one
//! connection whose client shares the core with the server: it is a time, not a rate.

#![allow(missing_docs, reason = "criterion's macros make functions without them")]
#![allow(clippy::panic, reason = "a measurement may fail")]

mod common;

use carnet_book::{AddressBook, BookError, Form, Rendering, Renderings, Snapshot};
use carnet_http::{RequestBody, Server, ServerSettings, Service};
use carnet_model::Contact;
use carnet_phone::Region;
use carnet_wire::contact::{ExternalContact, Linked};
use common::{CONTACTS, number, open, random, runtime};
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, criterion_group, criterion_main};
use http_body_util::BodyExt;
use hyper::Request;
use std::collections::HashMap;
use std::hint::black_box;
use std::io::{Read, Write};
use std::net::TcpStream;
use tokio::sync::oneshot;

type Group<'a> = BenchmarkGroup<'a, WallTime>;

/// Contacts of one answer, at most.
const FOUND_MAX: usize = 25;

/// Bytes of an answer, at most.
const ANSWER_BYTES_MAX: usize = 64 << 10;

fn lookup(c: &mut Criterion) {
    let folder = common::full();
    let mut group = c.benchmark_group("lookup");
    hash_map(&mut group);
    // Without a place to keep them no answer is ever ready.
    let book = open(&folder, |settings| {
        (settings.ready_file_bytes, settings.ready_memory_bytes) = (0, 0);
    });
    store(&mut group, &book);
    answers(&mut group, &book, "book, answer made");
    book.close();
    let book = open(&folder, |_| {});
    ask_everything_once(&book);
    answers(&mut group, &book, "book, answer ready");
    service(&mut group, &book);
    http(&mut group, &book);
    book.close();
    group.finish();
}

fn hash_map(group: &mut Group) {
    let map: HashMap<_, _> = (0..CONTACTS).map(|n| (number(n), n)).collect();
    let mut random = random();
    group.bench_function("hash map", |b| {
        b.iter(|| black_box(map.get(&number(random.below(CONTACTS)))));
    });
}

fn store(group: &mut Group, book: &AddressBook) {
    let mut random = random();
    group.bench_function("store", |b| {
        b.iter(|| {
            let snapshot = book.snapshot_now().expect("a snapshot");
            let found = snapshot.contacts_by_number(number(random.below(CONTACTS)), FOUND_MAX);
            assert_eq!(black_box(found.expect("contacts")).len(), 1);
        });
    });
}

/// A contact as the API shows it, and its name.
fn prepare(_: &Snapshot, contact: &Contact) -> Result<Rendering, BookError> {
    let long = serde_json::to_vec(&ExternalContact::new(contact, &Linked::default()));
    let short = contact.last_name.clone().unwrap_or_default().into_bytes();
    Ok(Rendering { short, long: long.expect("JSON") })
}

fn ask(book: &AddressBook, text: &str, answers: &mut Renderings) {
    let region = Region::parse("DE").expect("a region");
    let found = book.renderings_by_spelling(text, region, Form::Long, prepare, answers);
    found.expect("a look-up").expect("a number");
    assert_eq!(black_box(&*answers).len(), 1);
}

fn ask_everything_once(book: &AddressBook) {
    let mut answers = Renderings::default();
    (0..CONTACTS).for_each(|n| ask(book, &number(n).to_string(), &mut answers));
}

fn answers(group: &mut Group, book: &AddressBook, name: &str) {
    let (mut random, mut answers) = (random(), Renderings::default());
    group.bench_function(name, |b| {
        b.iter(|| ask(book, &number(random.below(CONTACTS)).to_string(), &mut answers));
    });
}

/// A token of a client that may do everything.
fn token(book: &AddressBook) -> String {
    runtime().block_on(async {
        let client = book.add_client("bench", "admin", None, None).await.expect("a client");
        let token = book.sign_in(&client.id, &client.secret).await.expect("a sign-in");
        token.expect("a token").token
    })
}

fn path(n: u64) -> String {
    let digits = number(n).to_string().replace('+', "%2B");
    format!("/api/v2/externalcontacts/reversewhitepageslookup?lookupVal={digits}")
}

fn service(group: &mut Group, book: &AddressBook) {
    let (service, runtime) = (Service::new(book.clone()), runtime());
    let authorization = format!("Bearer {}", token(book));
    let mut random = random();
    group.bench_function("service, no socket", |b| {
        b.iter(|| {
            let request = Request::get(path(random.below(CONTACTS)))
                .header("authorization", authorization.as_str())
                .body(RequestBody::empty());
            runtime.block_on(async {
                let response = service.answer(request.expect("a request")).await;
                assert_eq!(response.status(), 200);
                black_box(response.into_body().collect().await.expect("a body"));
            });
        });
    });
}

fn http(group: &mut Group, book: &AddressBook) {
    let (tell, address) = std::sync::mpsc::sync_channel(1);
    let (stop, stopped) = oneshot::channel::<()>();
    let served = book.clone();
    let server = std::thread::spawn(move || {
        runtime().block_on(async {
            let settings = ServerSettings::new(([127, 0, 0, 1], 0).into());
            let server = Server::bind(settings, served).await.expect("a port");
            tell.send(server.address()).expect("a listener");
            let stop = async { stopped.await.unwrap_or_default() };
            server.run(stop).await.expect("a server");
        });
    });
    let address = address.recv().expect("an address");
    let end =
        format!(" HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {}\r\n\r\n", token(book));
    let mut stream = TcpStream::connect(address).expect("a connection");
    stream.set_nodelay(true).expect("a socket");
    let (mut random, mut answer) = (random(), vec![0; ANSWER_BYTES_MAX]);
    group.bench_function("loop-back HTTP", |b| {
        b.iter(|| {
            let request = format!("GET {}{end}", path(random.below(CONTACTS)));
            stream.write_all(request.as_bytes()).expect("a question");
            black_box(read(&mut stream, &mut answer));
        });
    });
    drop(stream);
    stop.send(()).expect("a running server");
    if server.join().is_err() {
        panic!("the server broke");
    }
}

/// Reads one answer, and returns how many bytes it has.
fn read(stream: &mut TcpStream, into: &mut [u8]) -> usize {
    let mut there = 0;
    loop {
        let got = stream.read(&mut into[there..]).expect("an answer");
        assert!(got > 0, "the connection ended");
        there += got;
        let text = &into[..there];
        let Some(head) = text.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        let lines = std::str::from_utf8(&text[..head]).expect("a head");
        assert!(lines.starts_with("HTTP/1.1 200"), "{lines}");
        let length = lines.lines().find_map(|line| {
            let (name, value) = line.split_once(": ")?;
            name.eq_ignore_ascii_case("content-length").then(|| value.parse::<usize>())?.ok()
        });
        if there >= head + 4 + length.expect("a length") {
            return there;
        }
    }
}

criterion_group!(benches, lookup);
criterion_main!(benches);
