//! One connection's bytes. hyper reads requests and writes answers through this; here stand the
//! time limits that hyper does not know, and the answers that it would give without a body.
//!
//! - A head must be there within a time from its first byte (hyper's own timer counts idle time).
//! - A client that takes nothing of its answer for a time is given up.
//! - hyper answers a head that it cannot read by itself, with a status and nothing else; that
//!   answer is replaced by one with the API's error body.
//! - A connection that is closed while its client still sends is read on for a moment. Closing at
//!   once would reset it, and the client would lose the answer that says why.

use crate::message::correlation::{CORRELATION, Correlations};
use crate::message::error::Failure;
use crate::metrics::Metrics;
use crate::server::Patience;
use bytes::{Buf, Bytes};
use hyper::StatusCode;
use std::future::{Future, poll_fn};
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep, sleep_until};

#[cfg(test)]
mod tests;

/// What a connection and the service that answers on it tell each other.
#[derive(Debug, Default)]
pub(crate) struct Phase {
    /// A request was handed over and its answer is not all written.
    serving: AtomicBool,
    /// The last request was answered before its body was read.
    unread: AtomicBool,
    /// Requests that were handed over so far.
    requests: AtomicU64,
}

/// Held while a request is being answered.
#[derive(Debug)]
pub(crate) struct Serving(Arc<Phase>);

impl Serving {
    pub(crate) fn start(phase: &Arc<Phase>) -> Serving {
        phase.serving.store(true, Ordering::Release);
        phase.unread.store(false, Ordering::Release);
        phase.requests.fetch_add(1, Ordering::Release);
        Serving(Arc::clone(phase))
    }

    /// The answer goes out while the client may still be sending.
    pub(crate) fn leaves_body_unread(&self) {
        self.0.unread.store(true, Ordering::Release);
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.0.serving.store(false, Ordering::Release);
    }
}

/// A time limit that is only made into a timer when something waits on it.
#[derive(Debug, Default)]
struct Deadline {
    at: Option<Instant>,
    timer: Option<Pin<Box<Sleep>>>,
}

impl Deadline {
    fn set(&mut self, at: Instant) {
        if self.at.is_none() {
            self.at = Some(at);
        }
    }

    fn clear(&mut self) {
        self.at = None;
    }

    /// Ready when it was set and has passed.
    fn poll_passed(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let Some(at) = self.at else {
            return Poll::Pending;
        };
        let timer = self.timer.get_or_insert_with(|| Box::pin(sleep_until(at)));
        if timer.deadline() != at {
            timer.as_mut().reset(at);
        }
        timer.as_mut().poll(cx)
    }
}

/// The stream under hyper.
#[derive(Debug)]
pub(crate) struct Guarded {
    stream: TcpStream,
    phase: Arc<Phase>,
    patience: Patience,
    correlations: Arc<Correlations>,
    metrics: Arc<Metrics>,
    /// Until when the head must be there.
    head: Deadline,
    /// Whether anything of the head is there.
    head_begun: bool,
    /// The requests before the present head.
    requests: u64,
    /// Until when the client must take something.
    write: Deadline,
    /// Until when the client is read on after the end.
    linger: Deadline,
    /// An answer of our own that stands in for hyper's.
    own: Bytes,
    sent_own: bool,
    opening: Opening,
    /// What was read before hyper came, to be read again.
    ahead: Bytes,
    /// HTTP/2 has no heads of text; its times are kept by who serves it.
    framed: bool,
}

/// What a client sends first when it speaks HTTP/2 without having asked (RFC 9113, 3.4).
const HTTP2_PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
/// Bytes that are read at once for that: most requests come whole with it.
const SNIFF_BYTES: usize = 1 << 10;

/// How the present head begins, as far as is needed to know whether it asks for a caller's name:
/// then an answer of our own has no body either.
#[derive(Debug, Default)]
struct Opening {
    bytes: [u8; OPENING_BYTES],
    length: usize,
    /// A switch stays one for as long as it is connected.
    silent: bool,
}

/// The longest method and the path, with what ends it.
const OPENING_BYTES: usize = "OPTIONS /cid?".len();

impl Opening {
    fn take(&mut self, read: &[u8], begins: bool) {
        if begins {
            self.length = 0;
        }
        for (byte, place) in read.iter().zip(&mut self.bytes[self.length..]) {
            *place = *byte;
            self.length += 1;
        }
        self.silent |= asks_for_name(&self.bytes[..self.length]);
    }
}

/// Whether the first line of a head asks for a caller's name, as far as it is there.
pub(crate) fn asks_for_name(head: &[u8]) -> bool {
    let target = head.split(|byte| *byte == b' ').nth(1);
    target.is_some_and(crate::routes::fails_silently)
}

impl Guarded {
    pub(crate) fn new(
        stream: TcpStream,
        ahead: Bytes,
        phase: Arc<Phase>,
        patience: Patience,
        correlations: Arc<Correlations>,
        metrics: Arc<Metrics>,
    ) -> Guarded {
        let mut head = Deadline::default();
        // A connection that never says anything is as slow as a head that never ends.
        head.set(Instant::now() + patience.head);
        let mut opening = Opening::default();
        opening.take(&ahead, true);
        Guarded {
            stream,
            phase,
            patience,
            correlations,
            metrics,
            head,
            head_begun: !ahead.is_empty(),
            requests: 0,
            write: Deadline::default(),
            linger: Deadline::default(),
            own: Bytes::new(),
            sent_own: false,
            opening,
            ahead,
            framed: false,
        }
    }

    /// Whether the client begins with the preface of HTTP/2. What was read for it is read again.
    /// A client that is slow about it is as slow as one with a slow head.
    pub(crate) async fn speaks_http2(&mut self) -> io::Result<bool> {
        let mut read = std::mem::take(&mut self.ahead).to_vec();
        loop {
            let known = read.len().min(HTTP2_PREFACE.len());
            let same = read[..known] == HTTP2_PREFACE[..known];
            if !same || known == HTTP2_PREFACE.len() {
                self.framed = same;
                break;
            }
            let begin = read.len();
            read.resize(begin + SNIFF_BYTES, 0);
            let mut room = ReadBuf::new(&mut read[begin..]);
            poll_fn(|cx| Pin::new(&mut *self).poll_read(cx, &mut room)).await?;
            let length = room.filled().len();
            read.truncate(begin + length);
            if length == 0 {
                break;
            }
        }
        self.ahead = read.into();
        Ok(self.framed)
    }

    fn answer_ourselves(&mut self, status: StatusCode) {
        let correlation = self.correlations.next();
        let correlation = correlation.to_str().unwrap_or_default();
        self.own = bare_answer(&refusal(status), correlation, self.opening.silent);
        self.sent_own = true;
        self.metrics.unreadable(status);
    }

    /// Sends what is left of our own answer.
    fn poll_own(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.own.is_empty() {
            let written = ready!(Pin::new(&mut self.stream).poll_write(cx, &self.own));
            match written {
                Ok(0) => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                Ok(written) => self.own.advance(written),
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
        Poll::Ready(Ok(()))
    }

    /// Passes on what a write came to; gives up on a client that takes nothing.
    fn watched<T>(
        &mut self,
        cx: &mut Context<'_>,
        written: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.write.clear();
            return written;
        }
        self.write.set(Instant::now() + self.patience.write_stall);
        ready!(self.write.poll_passed(cx));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Guarded {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        if !this.ahead.is_empty() {
            let part = this.ahead.split_to(this.ahead.len().min(buf.remaining()));
            buf.put_slice(&part);
            return Poll::Ready(Ok(()));
        }
        let before = buf.filled().len();
        let read = Pin::new(&mut this.stream).poll_read(cx, buf);
        if this.framed {
            return read;
        }
        // A head that was handed over was there in time. Its request may have been answered since
        // the last reading, so that it is not being served any more.
        let requests = this.phase.requests.load(Ordering::Acquire);
        if requests != this.requests {
            this.requests = requests;
            this.head.clear();
            this.head_begun = false;
        }
        if this.phase.serving.load(Ordering::Acquire) {
            return read;
        }
        if read.is_ready() {
            if buf.filled().len() > before {
                this.opening.take(&buf.filled()[before..], !this.head_begun);
                this.head_begun = true;
                this.head.set(Instant::now() + this.patience.head);
            }
            return read;
        }
        ready!(this.head.poll_passed(cx));
        if this.head_begun {
            this.answer_ourselves(StatusCode::REQUEST_TIMEOUT);
            // One attempt: whoever sends this slowly need not be waited for.
            let _ = this.poll_own(cx);
        }
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncWrite for Guarded {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.poll_write_vectored(cx, &[IoSlice::new(bytes)])
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = &mut *self;
        if !this.sent_own
            && let Some(status) = slices.first().and_then(|head| bare_status(head))
        {
            this.answer_ourselves(status);
        }
        if this.sent_own {
            // Nothing follows an answer to a head that could not be read.
            return match this.poll_own(cx) {
                Poll::Ready(Ok(())) => {
                    this.write.clear();
                    Poll::Ready(Ok(slices.iter().map(|slice| slice.len()).sum()))
                }
                Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
                Poll::Pending => this.watched(cx, Poll::Pending),
            };
        }
        let written = Pin::new(&mut this.stream).poll_write_vectored(cx, slices);
        this.watched(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        if this.linger.at.is_none() {
            ready!(Pin::new(&mut this.stream).poll_shutdown(cx))?;
            if !this.sent_own && !this.phase.unread.load(Ordering::Acquire) {
                return Poll::Ready(Ok(()));
            }
            this.linger.set(Instant::now() + this.patience.linger);
        }
        let mut waste = [0; 8 << 10];
        loop {
            let mut waste = ReadBuf::new(&mut waste);
            match Pin::new(&mut this.stream).poll_read(cx, &mut waste) {
                Poll::Ready(Ok(())) if !waste.filled().is_empty() => {}
                Poll::Ready(_) => return Poll::Ready(Ok(())),
                Poll::Pending => break,
            }
            // The time counts for a client that never stops sending, too.
            if this.linger.poll_passed(cx).is_ready() {
                return Poll::Ready(Ok(()));
            }
        }
        ready!(this.linger.poll_passed(cx));
        Poll::Ready(Ok(()))
    }
}

/// The status of an answer that hyper made by itself. Ours all carry a correlation id.
fn bare_status(head: &[u8]) -> Option<StatusCode> {
    let rest = head.strip_prefix(b"HTTP/1.")?.get(1..)?.strip_prefix(b" ")?;
    let status = rest.get(..3).filter(|status| status[0] == b'4')?;
    let name = CORRELATION;
    let ours = name.as_str().as_bytes();
    let is_ours = head.windows(ours.len()).any(|part| part.eq_ignore_ascii_case(ours));
    (!is_ours).then(|| StatusCode::from_bytes(status).ok())?
}

/// What is said to a head that could not be read.
fn refusal(status: StatusCode) -> Failure {
    match status {
        StatusCode::REQUEST_TIMEOUT => {
            let message = "The head of the request did not arrive in time.";
            Failure::new(status, "request.timeout", message)
        }
        StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE => {
            let message = "The head of the request has too many bytes or headers.";
            Failure::new(status, "request.header.too.large", message)
        }
        StatusCode::URI_TOO_LONG => {
            Failure::new(status, "request.uri.too.long", "The address is too long.")
        }
        status => {
            // hyper does not tell which of them it was.
            let message = "The request line or a header cannot be read; characters such as \" < > \
                           in an address must be percent-encoded.";
            Failure::new(status, "bad.request", message)
        }
    }
}

/// A whole answer in bytes, for where there is no request to answer; without a body where it has
/// to be silent.
pub(crate) fn bare_answer(failure: &Failure, correlation: &str, silent: bool) -> Bytes {
    let status = failure.status();
    let body = if silent { Vec::new() } else { failure.to_json(correlation) };
    let media_type = if silent { "text/plain; charset=utf-8" } else { "application/json" };
    let head = format!(
        "HTTP/1.1 {} {}\r\ncontent-type: {media_type}\r\ncontent-length: {}\r\n\
         cache-control: no-cache, no-store, must-revalidate\r\n{CORRELATION}: {correlation}\r\n\
         connection: close\r\n\r\n",
        status.as_u16(),
        status.canonical_reason().unwrap_or_default(),
        body.len(),
    );
    [head.into_bytes(), body].concat().into()
}
