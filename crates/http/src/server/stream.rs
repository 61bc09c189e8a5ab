//! The stream between hyper and the socket: time limits that hyper does not know, and the answers
//! that it would give without a body. It knows bytes and their times, not requests.
//!
//! - A head must be there within a time from its first byte, and the next request begin within
//!   another.
//! - A client that takes nothing of its answer for a time is given up.
//! - hyper answers a head that it cannot read by itself, with a status and nothing else; that
//!   answer is replaced by one with the API's error body.
//! - What a switch puts into an address without escaping it is escaped.
//! - A connection that is closed while its client still sends is read on for a moment. Closing at
//!   once would reset it, and the client would lose the answer that says why.

use crate::caller_id::silence::{OPENING_BYTES_MAX, Silence};
use crate::engine::state::State;
use crate::message::correlation::CORRELATION;
use crate::server::deadlines::{Alarm, Deadlines};
use crate::server::phase::Phase;
use crate::server::refusal::{bare_answer, unreadable};
use crate::server::request_line;
use bytes::{Buf, Bytes};
use hyper::StatusCode;
use std::future::poll_fn;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::Instant;

#[cfg(test)]
mod tests;

/// The stream under hyper.
pub(super) struct GuardedStream {
    stream: TcpStream,
    phase: Arc<Phase>,
    state: Arc<State>,
    deadlines: Deadlines,
    /// Wakes the task for a head, the next request, and the end of lingering.
    receiving: Alarm,
    /// Wakes the task for a client that takes nothing.
    sending: Alarm,
    /// The requests before the present head.
    requests: u64,
    /// An answer of our own that is sent in place of hyper's.
    own: Bytes,
    sent_own: bool,
    opening: Opening,
    /// Bytes that were read before hyper came, to be read again.
    ahead: Bytes,
    /// HTTP/2 has no heads of text; its times are kept by [`crate::server::http2`].
    framed: bool,
}

/// The bytes that a client sends first when it speaks HTTP/2 without having asked (RFC 9113, 3.4).
const HTTP2_PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
/// Bytes that are read at once for that: most requests come whole with it.
const SNIFF_BYTES: usize = 1 << 10;

/// The beginning of the present head, as far as is needed to know whether it asks for a caller's
/// name: then an answer of our own has no body either.
#[derive(Debug)]
struct Opening {
    bytes: [u8; OPENING_BYTES_MAX],
    length: usize,
    /// A switch stays one for as long as it is connected.
    silent: bool,
}

impl Default for Opening {
    fn default() -> Opening {
        Opening { bytes: [0; OPENING_BYTES_MAX], length: 0, silent: false }
    }
}

impl Opening {
    fn take(&mut self, read: &[u8], begins: bool, silence: &Silence) {
        if begins {
            self.length = 0;
        }
        for (byte, place) in read.iter().zip(&mut self.bytes[self.length..]) {
            *place = *byte;
            self.length += 1;
        }
        self.silent |= silence.covers_head(&self.bytes[..self.length]);
    }
}

impl GuardedStream {
    /// Guards a stream that opens now; `ahead` was read from it already.
    pub(super) fn new(
        stream: TcpStream,
        mut ahead: Bytes,
        phase: Arc<Phase>,
        state: Arc<State>,
    ) -> GuardedStream {
        let now = Instant::now();
        let mut deadlines = Deadlines::new(state.timeouts, now);
        if !ahead.is_empty() {
            deadlines.received(now);
        }
        let mut opening = Opening::default();
        opening.take(&ahead, true, &state.silence);
        if opening.silent
            && let Some(escaped) = request_line::escaped(&ahead)
        {
            ahead = escaped.into();
        }
        GuardedStream {
            stream,
            phase,
            state,
            deadlines,
            receiving: Alarm::default(),
            sending: Alarm::default(),
            requests: 0,
            own: Bytes::new(),
            sent_own: false,
            opening,
            ahead,
            framed: false,
        }
    }

    /// Whether the client begins with the preface of HTTP/2. Bytes that were read for it are read
    /// again. A client that is slow about it is as slow as one with a slow head.
    pub(super) async fn speaks_http2(&mut self) -> io::Result<bool> {
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
        // What did not fit in, where a line grew.
        read.extend_from_slice(&self.ahead);
        self.ahead = read.into();
        Ok(self.framed)
    }

    fn answer_ourselves(&mut self, status: StatusCode) {
        let silent = self.opening.silent;
        self.own = bare_answer(&unreadable(status), &self.state.correlations, silent);
        self.sent_own = true;
        self.state.metrics.unreadable(status);
    }

    /// Sends the rest of our own answer.
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

    /// Passes on the outcome of a write; gives up on a client that takes nothing.
    fn bound_write<T>(
        &mut self,
        cx: &mut Context<'_>,
        written: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.deadlines.took();
            return written;
        }
        self.deadlines.blocked(Instant::now());
        ready!(self.sending.poll_passed(self.deadlines.send(), cx));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for GuardedStream {
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
        if this.phase.is_serving() {
            return read;
        }
        // A head that was handed over was there in time, and its request is answered by now.
        let requests = this.phase.requests();
        if requests != this.requests {
            this.requests = requests;
            this.deadlines.idle(Instant::now());
        }
        if read.is_ready() {
            if buf.filled().len() > before {
                let begins = this.deadlines.received(Instant::now());
                let read = &buf.filled()[before..];
                this.opening.take(read, begins, &this.state.silence);
                if begins
                    && this.opening.silent
                    && let Some(escaped) = request_line::escaped(read)
                {
                    buf.set_filled(before);
                    let (fits, rest) = escaped.split_at(escaped.len().min(buf.remaining()));
                    buf.put_slice(fits);
                    this.ahead = Bytes::copy_from_slice(rest);
                }
            }
            return read;
        }
        ready!(this.receiving.poll_passed(this.deadlines.receive(), cx));
        if this.deadlines.has_head_begun() {
            this.answer_ourselves(StatusCode::REQUEST_TIMEOUT);
            // One attempt: a client that sends this slowly is not waited for.
            let _ = this.poll_own(cx);
        }
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncWrite for GuardedStream {
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
                    this.deadlines.took();
                    Poll::Ready(Ok(slices.iter().map(|slice| slice.len()).sum()))
                }
                Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
                Poll::Pending => this.bound_write(cx, Poll::Pending),
            };
        }
        let written = Pin::new(&mut this.stream).poll_write_vectored(cx, slices);
        this.bound_write(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        if this.deadlines.linger().is_none() {
            ready!(Pin::new(&mut this.stream).poll_shutdown(cx))?;
            if !this.sent_own && !this.phase.has_unread_body() {
                return Poll::Ready(Ok(()));
            }
            this.deadlines.ended(Instant::now());
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
            if this.receiving.poll_passed(this.deadlines.linger(), cx).is_ready() {
                return Poll::Ready(Ok(()));
            }
        }
        ready!(this.receiving.poll_passed(this.deadlines.linger(), cx));
        Poll::Ready(Ok(()))
    }
}

/// The status of an answer that hyper made by itself. Ours all carry a correlation id. A piece of a
/// body is none, even if its text begins as such an answer does: hyper writes the whole head at
/// once, to its empty line, and JSON has no line ends of that kind in it.
fn bare_status(head: &[u8]) -> Option<StatusCode> {
    let head = head.strip_suffix(b"\r\n\r\n")?;
    let rest = head.strip_prefix(b"HTTP/1.")?.get(1..)?.strip_prefix(b" ")?;
    let status = rest.get(..3).filter(|status| status[0] == b'4')?;
    let name = CORRELATION;
    let ours = name.as_str().as_bytes();
    let is_ours = head.windows(ours.len()).any(|part| part.eq_ignore_ascii_case(ours));
    (!is_ours).then(|| StatusCode::from_bytes(status).ok())?
}
