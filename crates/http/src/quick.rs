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

use crate::correlation::{CORRELATION, Correlations};
use crate::date::date;
use crate::handlers::lookup;
use crate::limits::QUICK_HEADERS_MAX;
use crate::request::form_decoded_in;
use carnet_book::{AddressBook, Answers, Who};
use carnet_model::Permissions;
use carnet_phone::Region;
use std::sync::Arc;
use tokio::time::Instant;

/// What became of the bytes at the front.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// A request of so many bytes was answered.
    Answered(usize),
    /// The head is not complete.
    Partial,
    /// hyper is to see these bytes.
    Other,
}

/// The look-up path of one connection.
pub(crate) struct Quick {
    book: AddressBook,
    region: Region,
    correlations: Arc<Correlations>,
    memo: Option<Memo>,
    answers: Answers,
}

/// A token that this connection has shown, so that the next request need not ask for it.
struct Memo {
    authorization: Vec<u8>,
    who: Arc<Who>,
    expires: Instant,
    epoch: u64,
}

const REVERSE: &str = "/api/v2/externalcontacts/reversewhitepageslookup?lookupVal=";
const LOOKUP_CHARS_MAX: usize = 64;

impl Quick {
    pub(crate) fn new(book: AddressBook, correlations: Arc<Correlations>) -> Quick {
        let region = book.settings().default_region;
        Quick { book, region, correlations, memo: None, answers: Answers::default() }
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
        let Some(authorization) = plain_headers(request.headers) else {
            return Step::Other;
        };
        let answered = match path.strip_prefix(REVERSE) {
            Some(text) => self.reverse(text, authorization, now, out),
            None => None,
        };
        answered.map_or(Step::Other, |()| Step::Answered(length))
    }

    /// `None` when hyper is to answer.
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
        self.admit(authorization?, lookup::PERMISSIONS, now)?;
        let Quick { book, region, answers, .. } = self;
        let read = book.answers_by_spelling(text, *region, lookup::prepare, answers).ok()?;
        if !read {
            return None;
        }
        let body = lookup::FOUND_FRAME_BYTES + answers.long().map(<[u8]>::len).sum::<usize>();
        let commas = answers.len().saturating_sub(1);
        self.head("application/json", body + commas, now, out);
        lookup::write_found(&self.answers, out);
        Some(())
    }

    /// Whether the token in this header carries one of the permissions.
    fn admit(
        &mut self,
        authorization: &[u8],
        permissions: Permissions,
        now: Instant,
    ) -> Option<()> {
        let epoch = self.book.tokens_epoch();
        let known = self.memo.as_ref().is_some_and(|memo| {
            memo.epoch == epoch && now < memo.expires && memo.authorization == authorization
        });
        if !known {
            self.memo = None;
            let token = std::str::from_utf8(authorization).ok()?.strip_prefix("Bearer ")?;
            let (who, life) = self.book.authenticate_until(token).ok()??;
            let authorization = authorization.to_vec();
            self.memo = Some(Memo { authorization, who, expires: now + life, epoch });
        }
        self.memo.as_ref()?.who.permissions.meets(permissions).then_some(())
    }

    /// The head of a success, as hyper and [`crate::answer`] write it.
    fn head(&self, media_type: &str, length: usize, now: Instant, out: &mut Vec<u8>) {
        let mut id = [0; 36];
        let mut digits = [0; 20];
        for part in [
            b"HTTP/1.1 200 OK\r\ncontent-type: ".as_slice(),
            media_type.as_bytes(),
            b"\r\ncontent-length: ",
            decimal(length, &mut digits),
            b"\r\ncache-control: no-cache, no-store, must-revalidate\r\n",
            CORRELATION.as_str().as_bytes(),
            b": ",
            self.correlations.next_in(&mut id).as_bytes(),
            b"\r\ndate: ",
            &date(now),
            b"\r\n\r\n",
        ] {
            out.extend_from_slice(part);
        }
    }
}

/// The `Authorization` of a request whose other headers say nothing that changes the answer or the
/// connection. `None` where one may.
fn plain_headers<'a>(headers: &[httparse::Header<'a>]) -> Option<Option<&'a [u8]>> {
    let mut authorization = None;
    for header in headers {
        let is = |name: &str| header.name.eq_ignore_ascii_case(name);
        // By length first: a browser sends many that mean nothing here.
        match header.name.len() {
            13 if is("authorization") => {
                let another = authorization.replace(header.value);
                another.is_none().then_some(())?;
            }
            10 if is("connection") => {
                header.value.eq_ignore_ascii_case(b"keep-alive").then_some(())?;
            }
            6 if is("expect") => return None,
            7 if is("upgrade") => return None,
            14 if is("content-length") => return None,
            17 if is("transfer-encoding") => return None,
            19 if header.name.eq_ignore_ascii_case(CORRELATION.as_str()) => return None,
            _ => {}
        }
    }
    Some(authorization)
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
        assert_eq!(plain_headers(&plain), Some(Some(&b"a"[..])));
        assert_eq!(plain_headers(&[header("connection", "Keep-Alive")]), Some(None));
        for (name, value) in [
            ("Connection", "close"),
            ("connection", "keep-alive, upgrade"),
            ("Content-Length", "0"),
            ("Transfer-Encoding", "chunked"),
            ("Expect", "100-continue"),
            ("Upgrade", "h2c"),
            ("ININ-Correlation-Id", "mine"),
        ] {
            assert_eq!(plain_headers(&[header(name, value)]), None, "{name}: {value}");
        }
        let twice = [header("authorization", "a"), header("authorization", "b")];
        assert_eq!(plain_headers(&twice), None);
    }
}
