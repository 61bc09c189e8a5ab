//! Heads of plain requests, read and written. A head is plain when nothing in it changes the
//! answer or the connection but who asks, and whether the request is the last. hyper is the
//! measure: what is written here is what it writes.

use crate::fast_path::date::date;
use crate::limits::FAST_HEADERS_MAX;
use crate::message::correlation::CORRELATION;
use hyper::header::HeaderName;
use std::time::Instant;

/// A complete head of HTTP/1.1, plain, without a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PlainHead<'a> {
    /// Bytes of the head.
    pub(crate) length: usize,
    /// Path and query, as they were sent.
    pub(crate) target: &'a str,
    /// The value of the `Authorization` header.
    pub(crate) authorization: Option<&'a [u8]>,
    /// It is the last on its connection.
    pub(crate) last: bool,
}

/// The outcome of reading a head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ReadHead<'a> {
    /// It is plain.
    Plain(PlainHead<'a>),
    /// It is not complete.
    Partial,
    /// hyper must read it.
    Other,
}

/// Reads the head at the front of `bytes`.
pub(crate) fn read(bytes: &[u8]) -> ReadHead<'_> {
    let mut headers = [httparse::EMPTY_HEADER; FAST_HEADERS_MAX];
    let mut request = httparse::Request::new(&mut headers);
    let length = match request.parse(bytes) {
        Ok(httparse::Status::Complete(length)) => length,
        Ok(httparse::Status::Partial) => return ReadHead::Partial,
        // More headers than there is room for are an error here; hyper takes more.
        Err(_) => return ReadHead::Other,
    };
    // HTTP/1.0 closes by default, HEAD has no body in its answer, and other methods may have one in
    // the request.
    let plain = request.method == Some("GET") && request.version == Some(1);
    let target = request.path.filter(|_| plain);
    match (target, headers_of(request.headers)) {
        (Some(target), Some(PlainHeaders { authorization, last })) => {
            ReadHead::Plain(PlainHead { length, target, authorization, last })
        }
        _ => ReadHead::Other,
    }
}

/// The headers of a plain head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct PlainHeaders<'a> {
    authorization: Option<&'a [u8]>,
    /// It is the last on its connection.
    last: bool,
}

/// Reads the headers. `None` where one of them may change the answer or the connection.
fn headers_of<'a>(headers: &[httparse::Header<'a>]) -> Option<PlainHeaders<'a>> {
    let mut authorization = None;
    let mut last = None;
    for header in headers {
        let is = |name: &str| header.name.eq_ignore_ascii_case(name);
        // By length first: a browser sends many that mean nothing here.
        match header.name.len() {
            13 if is("authorization") => {
                // Two of them contradict each other; hyper's side decides.
                let another = authorization.replace(header.value);
                another.is_none().then_some(())?;
            }
            10 if is("connection") => {
                let close = header.value.eq_ignore_ascii_case(b"close");
                // Lists of options are left to hyper, and so is the header when it comes twice.
                let known = close || header.value.eq_ignore_ascii_case(b"keep-alive");
                (known && last.replace(close).is_none()).then_some(())?;
            }
            // A page of a browser is told whether it may read the answer.
            6 if is("origin") => return None,
            // These two want an answer of another kind first.
            6 if is("expect") => return None,
            7 if is("upgrade") => return None,
            // A body would have to be read before the next head.
            14 if is("content-length") => return None,
            17 if is("transfer-encoding") => return None,
            // The client's own id comes back in the answer.
            19 if header.name.eq_ignore_ascii_case(CORRELATION.as_str()) => return None,
            _ => {}
        }
    }
    Some(PlainHeaders { authorization, last: last.unwrap_or(false) })
}

/// The head of a success, as hyper and [`crate::message::answer`] write it.
pub(crate) struct Head<'a> {
    pub(crate) media_type: &'a str,
    /// Bytes of the body.
    pub(crate) length: usize,
    /// The value of `Cache-Control`.
    pub(crate) cache: &'a str,
    pub(crate) correlation: &'a str,
    /// The one header beside those that every answer has, with a number.
    pub(crate) extra: Option<(HeaderName, usize)>,
    /// Nothing follows on the connection.
    pub(crate) last: bool,
}

/// Writes a head at the end of `out`, with the date of `now`.
pub(crate) fn write(head: &Head<'_>, now: Instant, out: &mut Vec<u8>) {
    // A `usize` has 20 decimal digits at most.
    let mut digits = [0; 20];
    let mut put = |parts: &[&[u8]]| parts.iter().for_each(|part| out.extend_from_slice(part));
    put(&[b"HTTP/1.1 200 OK\r\ncontent-type: ", head.media_type.as_bytes()]);
    put(&[b"\r\ncontent-length: ", decimal(head.length, &mut digits)]);
    put(&[b"\r\ncache-control: ", head.cache.as_bytes(), b"\r\n"]);
    put(&[CORRELATION.as_str().as_bytes(), b": ", head.correlation.as_bytes()]);
    if let Some((name, number)) = &head.extra {
        put(&[b"\r\n", name.as_str().as_bytes(), b": ", decimal(*number, &mut digits)]);
    }
    if head.last {
        put(&[b"\r\nconnection: close"]);
    }
    put(&[b"\r\ndate: ", &date(now), b"\r\n\r\n"]);
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
        let is = |authorization, last| Some(PlainHeaders { authorization, last });
        assert_eq!(headers_of(&plain), is(Some(&b"a"[..]), false));
        assert_eq!(headers_of(&[header("connection", "Keep-Alive")]), is(None, false));
        assert_eq!(headers_of(&[header("Connection", "Close")]), is(None, true));
        for (name, value) in [
            ("Connection", "close, te"),
            ("connection", "keep-alive, upgrade"),
            ("Content-Length", "0"),
            ("Transfer-Encoding", "chunked"),
            ("Expect", "100-continue"),
            ("Origin", "https://crm.example.org"),
            ("Upgrade", "h2c"),
            ("ININ-Correlation-Id", "mine"),
        ] {
            assert_eq!(headers_of(&[header(name, value)]), None, "{name}: {value}");
        }
        for (name, one, other) in
            [("authorization", "a", "b"), ("connection", "keep-alive", "close")]
        {
            assert_eq!(headers_of(&[header(name, one), header(name, other)]), None, "{name}");
        }
    }
}
