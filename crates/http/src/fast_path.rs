//! The look-up path under hyper: whole requests for exact look-ups, answered from the bytes of the
//! connection into the bytes of the answer.
//!
//! Only what is plain is taken: a complete head of HTTP/1.1 without a body, for one of the paths
//! below, with a token that was seen to be good, and an answer that is a success. Everything else,
//! every refusal and every doubt included, goes to hyper with the same bytes, and the connection
//! stays there. So nothing is decided here that is not decided there in the same way; the tests ask
//! both and compare the bytes.
//!
//! Measured against hyper alone, with the same service: see the table of decisions in
//! `crates/README.md`.

pub(crate) mod date;

use crate::api::context::form_decoded_in;
use crate::auth;
use crate::caller_id::{self, plain_line};
use crate::fast_path::date::date;
use crate::handlers::lookup;
use crate::limits::{NAME_CHARS_DEFAULT, QUICK_HEADERS_MAX};
use crate::message::answer::{JSON, TEXT, UNCACHED};
use crate::message::correlation::{CORRELATION, Series};
use crate::metrics::{Asked, Tally};
use crate::routes::LOOK_UP;
use crate::service::Shared;
use carnet_book::{AddressBook, Answers, FETCHED_TOGETHER, Form, Who};
use carnet_model::Permissions;
use carnet_phone::{DIGITS_MAX, E164, Region};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// What became of the bytes at the front.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// A request of so many bytes was answered.
    Answered(usize),
    /// The same, and the client has said that it was its last; nothing follows it.
    Last(usize),
    /// The head is not complete.
    Partial,
    /// hyper is to see these bytes.
    Other,
}

/// The look-up path of one connection.
pub(crate) struct Quick {
    book: AddressBook,
    shared: Arc<Shared>,
    region: Region,
    memo: Option<Memo>,
    answers: Answers,
    ids: Series,
    /// The client has said that the present request is its last.
    last: bool,
    pub(crate) tally: Tally,
}

/// What this connection has shown for itself, so that it need not be verified for each request.
struct Memo {
    shown: Shown,
    text: Vec<u8>,
    who: Arc<Who>,
    expires: Instant,
    epoch: u64,
}

/// How a client shows who it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shown {
    /// The value of the `Authorization` header.
    Header,
    /// The parameter `key`.
    Key,
}

const REVERSE: &str = "/api/v2/externalcontacts/reversewhitepageslookup?lookupVal=";
const CALLER_ID: &str = "/cid?";
/// Characters of a number, decoded. Longer texts are read elsewhere.
const LOOKUP_CHARS_MAX: usize = 64;
/// How a number in E.164 begins in an address.
const PLUS_BEGINS: &[u8] = b"=%2B";
/// How long a key is believed before it is verified again, unless it was taken back.
const KEY_LIFE: Duration = Duration::from_secs(60);

impl Quick {
    pub(crate) fn new(book: AddressBook, shared: Arc<Shared>) -> Quick {
        let region = book.settings().default_region;
        let tally = shared.metrics.tally();
        let (answers, ids) = (Answers::default(), Series::default());
        Quick { book, shared, region, memo: None, answers, ids, last: false, tally }
    }

    /// Answers the request at the front of `bytes` at the end of `out`.
    pub(crate) fn step(&mut self, bytes: &[u8], now: Instant, out: &mut Vec<u8>) -> Step {
        let mut headers = [httparse::EMPTY_HEADER; QUICK_HEADERS_MAX];
        let mut request = httparse::Request::new(&mut headers);
        let length = match request.parse(bytes) {
            Ok(httparse::Status::Complete(length)) => length,
            Ok(httparse::Status::Partial) => return Step::Partial,
            Err(_) => return Step::Other,
        };
        let plain = request.method == Some("GET") && request.version == Some(1);
        let Some(path) = request.path.filter(|_| plain) else {
            return Step::Other;
        };
        let Some(Plain { authorization, last }) = plain_headers(request.headers) else {
            return Step::Other;
        };
        // What follows the last request is read on for a while before the end, elsewhere.
        if last && bytes.len() > length {
            return Step::Other;
        }
        self.last = last;
        let answered = if let Some(text) = path.strip_prefix(REVERSE) {
            self.reverse(text, authorization, now, out)
        } else if let Some(query) = path.strip_prefix(CALLER_ID) {
            self.caller_id(query, authorization, now, out)
        } else {
            None
        };
        match answered {
            None => Step::Other,
            Some(()) if last => Step::Last(length),
            Some(()) => Step::Answered(length),
        }
    }

    /// Has the processor fetch what the requests in `bytes` will ask for, as far as that can be seen
    /// at a glance. A wrong guess costs a little time.
    pub(crate) fn fetch(&self, bytes: &[u8]) {
        let mut form = Form::Short;
        let number = |at: usize| {
            if bytes[..at].ends_with(b"lookupVal") {
                form = Form::Long;
            }
            let digits = bytes[at + PLUS_BEGINS.len()..].iter().take_while(|b| b.is_ascii_digit());
            let digits = digits.take(DIGITS_MAX + 1);
            E164::from_digits(digits.fold(0, |n, digit| n * 10 + u64::from(digit & 15)))
        };
        let starts = memchr::memmem::find_iter(bytes, PLUS_BEGINS).take(FETCHED_TOGETHER);
        let numbers: Vec<E164> = starts.filter_map(number).collect();
        self.book.fetch(&numbers, form);
    }

    /// Reverse white pages with a number. `None` when hyper is to answer, as for all below.
    fn reverse(
        &mut self,
        text: &str,
        authorization: Option<&[u8]>,
        now: Instant,
        out: &mut Vec<u8>,
    ) -> Option<()> {
        let mut decoded = [0; LOOKUP_CHARS_MAX];
        let text = form_decoded_in(text, &mut decoded)?;
        // Addresses and screen names are looked up elsewhere.
        if text.contains('@') {
            return None;
        }
        self.admit(Shown::Header, authorization?, now)?;
        self.find(text, Form::Long)?;
        let contacts: usize = self.answers.iter().map(<[u8]>::len).sum();
        let commas = self.answers.len().saturating_sub(1);
        let length = lookup::FOUND_FRAME_BYTES + contacts + commas;
        self.head(JSON, length, UNCACHED, None, now, out);
        lookup::write_found(&self.answers, out);
        self.tally.answered(Asked::Reverse, self.answers.origin());
        Some(())
    }

    /// Caller ID, in the form that the administrator chose.
    fn caller_id(
        &mut self,
        query: &str,
        authorization: Option<&[u8]>,
        now: Instant,
        out: &mut Vec<u8>,
    ) -> Option<()> {
        let (mut number, mut key) = (None, None);
        for pair in query.split('&') {
            let (name, value) = pair.split_once('=')?;
            let field = match name {
                "number" => &mut number,
                "key" => &mut key,
                _ => return None,
            };
            field.replace(value).is_none().then_some(())?;
        }
        let mut decoded = [0; LOOKUP_CHARS_MAX];
        let number = form_decoded_in(number?, &mut decoded)?;
        // A URI with a blank in it, where a plus may have been, is read elsewhere.
        if number.contains(": ") {
            return None;
        }
        match (authorization, key) {
            (Some(header), _) => self.admit(Shown::Header, header, now)?,
            (None, Some(key)) => self.admit(Shown::Key, key.as_bytes(), now)?,
            (None, None) => return None,
        }
        self.find(number, Form::Short)?;
        let name = std::str::from_utf8(self.answers.iter().next().unwrap_or_default()).ok()?;
        let line = plain_line(name, NAME_CHARS_DEFAULT);
        let settings = &self.shared.caller_id;
        let cache = settings.cache_control();
        let cache = cache.as_deref().unwrap_or(UNCACHED);
        self.head(TEXT, line.len(), cache, Some(self.answers.len()), now, out);
        out.extend_from_slice(line.as_bytes());
        self.tally.answered(Asked::CallerId, self.answers.origin());
        Some(())
    }

    /// Looks a number up; `None` for what is no number.
    fn find(&mut self, text: &str, form: Form) -> Option<()> {
        let Quick { book, shared, region, answers, .. } = self;
        let format = &shared.caller_id.format;
        let make = |snapshot: &_, contact: &_| lookup::prepare(snapshot, contact, format);
        let number = book.answers_by_spelling(text, *region, form, make, answers).ok()?;
        number.map(|_| ())
    }

    /// Whether this client may look up.
    fn admit(&mut self, shown: Shown, text: &[u8], now: Instant) -> Option<()> {
        // Before anything is verified: what is taken back meanwhile shows at the next request.
        let epoch = self.book.tokens_epoch();
        let known = self.memo.as_ref().is_some_and(|memo| {
            memo.epoch == epoch && now < memo.expires && memo.shown == shown && memo.text == text
        });
        if !known {
            self.memo = None;
            let credential = std::str::from_utf8(text).ok()?;
            let (who, life) = match shown {
                Shown::Header => {
                    let token = credential.strip_prefix("Bearer ")?;
                    self.book.authenticate_until(token).ok()??
                }
                Shown::Key => {
                    let plain = credential.bytes().all(|b| b.is_ascii_graphic() && b != b'%');
                    let key = Some(credential).filter(|key| plain && !key.contains('+'))?;
                    (auth::of_key(&self.book, key).ok()?, KEY_LIFE)
                }
            };
            self.memo = Some(Memo { shown, text: text.to_vec(), who, expires: now + life, epoch });
        }
        let permissions = self.memo.as_ref()?.who.permissions;
        permissions.meets(Permissions::of(LOOK_UP)).then_some(())
    }

    /// The head of a success, as hyper and [`crate::message::answer`] write it.
    fn head(
        &self,
        media_type: &str,
        length: usize,
        cache: &str,
        matches: Option<usize>,
        now: Instant,
        out: &mut Vec<u8>,
    ) {
        let mut id = [0; 36];
        let id = self.shared.correlations.next_of(&self.ids, &mut id);
        let mut digits = [0; 20];
        let mut put = |parts: &[&[u8]]| parts.iter().for_each(|part| out.extend_from_slice(part));
        put(&[b"HTTP/1.1 200 OK\r\ncontent-type: ", media_type.as_bytes()]);
        put(&[b"\r\ncontent-length: ", decimal(length, &mut digits)]);
        put(&[b"\r\ncache-control: ", cache.as_bytes(), b"\r\n"]);
        put(&[CORRELATION.as_str().as_bytes(), b": ", id.as_bytes()]);
        if let Some(matches) = matches {
            put(&[b"\r\n", caller_id::MATCHES.as_str().as_bytes(), b": "]);
            put(&[decimal(matches, &mut digits)]);
        }
        if self.last {
            put(&[b"\r\nconnection: close"]);
        }
        put(&[b"\r\ndate: ", &date(now), b"\r\n\r\n"]);
    }
}

/// What the headers of a plain request say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Plain<'a> {
    authorization: Option<&'a [u8]>,
    /// It is the last on its connection.
    last: bool,
}

/// What the headers say, where none of them says anything else that changes the answer or the
/// connection. `None` where one may.
fn plain_headers<'a>(headers: &[httparse::Header<'a>]) -> Option<Plain<'a>> {
    let mut authorization = None;
    let mut last = None;
    for header in headers {
        let is = |name: &str| header.name.eq_ignore_ascii_case(name);
        // By length first: a browser sends many that mean nothing here.
        match header.name.len() {
            13 if is("authorization") => {
                let another = authorization.replace(header.value);
                another.is_none().then_some(())?;
            }
            10 if is("connection") => {
                let close = header.value.eq_ignore_ascii_case(b"close");
                let known = close || header.value.eq_ignore_ascii_case(b"keep-alive");
                (known && last.replace(close).is_none()).then_some(())?;
            }
            6 if is("expect") => return None,
            7 if is("upgrade") => return None,
            14 if is("content-length") => return None,
            17 if is("transfer-encoding") => return None,
            19 if header.name.eq_ignore_ascii_case(CORRELATION.as_str()) => return None,
            _ => {}
        }
    }
    Some(Plain { authorization, last: last.unwrap_or(false) })
}

/// A length in decimal digits.
fn decimal(mut number: usize, digits: &mut [u8; 20]) -> &[u8] {
    let mut at = digits.len();
    loop {
        at -= 1;
        digits[at] = b"0123456789"[number % 10];
        number /= 10;
        if number == 0 {
            return &digits[at..];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_written_in_decimal() {
        for number in [0, 7, 10, 1_234, usize::MAX] {
            assert_eq!(decimal(number, &mut [0; 20]), number.to_string().as_bytes());
        }
    }

    #[test]
    fn headers_that_mean_something_are_left_to_hyper() {
        let header = |name: &'static str, value: &'static str| httparse::Header {
            name,
            value: value.as_bytes(),
        };
        let plain = [header("Host", "x"), header("Accept", "*/*"), header("AUTHORIZATION", "a")];
        let is = |authorization, last| Some(Plain { authorization, last });
        assert_eq!(plain_headers(&plain), is(Some(&b"a"[..]), false));
        assert_eq!(plain_headers(&[header("connection", "Keep-Alive")]), is(None, false));
        assert_eq!(plain_headers(&[header("Connection", "Close")]), is(None, true));
        for (name, value) in [
            ("Connection", "close, te"),
            ("connection", "keep-alive, upgrade"),
            ("Content-Length", "0"),
            ("Transfer-Encoding", "chunked"),
            ("Expect", "100-continue"),
            ("Upgrade", "h2c"),
            ("ININ-Correlation-Id", "mine"),
        ] {
            assert_eq!(plain_headers(&[header(name, value)]), None, "{name}: {value}");
        }
        for (name, one, other) in
            [("authorization", "a", "b"), ("connection", "keep-alive", "close")]
        {
            assert_eq!(plain_headers(&[header(name, one), header(name, other)]), None, "{name}");
        }
    }
}
