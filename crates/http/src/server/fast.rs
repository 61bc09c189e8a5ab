//! The read loop of the fast path: look-ups are answered here, until something else is asked; then
//! hyper goes on with the bytes that were read.
//!
//! One buffer in, one buffer out: requests that came together are answered with one write.

use crate::engine::timeouts::Timeouts;
use crate::fast_path::path::{FastPath, Step};
use crate::limits::{
    CONNECTION_BUFFER_BYTES_MAX, FAST_HEAD_BYTES_MAX, FAST_MANY_BYTES, FAST_OUT_BYTES_MAX,
    FAST_READ_BYTES,
};
use crate::server::deadlines::{Alarm, Deadlines};
use crate::server::shutdown::{Stage, stopping};
use bytes::Bytes;
use carnet_book::PREFETCH_MAX;
use std::future::{Future, poll_fn};
use std::io;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::{Instant, timeout};

/// The end of the fast path on a connection.
#[derive(Debug)]
pub(super) enum End {
    /// The connection is over.
    Over,
    /// hyper goes on, with the bytes that were read and not answered.
    Hyper(Bytes),
}

/// The outcome of a wait for bytes.
enum Event {
    /// This many bytes; 0 at the end.
    Read(usize),
    /// The client said nothing for too long, or the connection broke.
    Gone,
    /// The daemon stops.
    Stop,
}

/// The outcome of answering the bytes that are there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Progress {
    /// More bytes are needed.
    More,
    /// hyper must go on.
    Other,
    /// Nothing follows: the client said so, or takes nothing.
    Over,
}

/// Answers look-ups until the client leaves, the daemon stops, or something else comes.
pub(super) async fn serve(
    stream: &mut TcpStream,
    path: &mut FastPath,
    timeouts: Timeouts,
    stage: &watch::Receiver<Stage>,
) -> End {
    let mut deadlines = Deadlines::new(timeouts, Instant::now());
    let mut waiter = Waiter::new(stage.clone());
    let mut own = stage.clone();
    let mut stopping = pin!(stopping(&mut own));
    let mut bytes = Vec::with_capacity(FAST_READ_BYTES);
    let mut out = Vec::with_capacity(FAST_READ_BYTES);
    loop {
        let until = deadlines.receive();
        let event = poll_fn(|cx| waiter.poll(stream, &mut bytes, until, stopping.as_mut(), cx));
        match event.await {
            Event::Read(1..) => {}
            Event::Gone => return End::Over,
            // Requests that came before the end are still answered: closing over them would reset
            // the client.
            Event::Stop if bytes.is_empty() && has_come(stream, &mut bytes, stage).await => {}
            // EOF in mid-head: let hyper decide how to answer.
            Event::Read(0) | Event::Stop => {
                return if bytes.is_empty() { End::Over } else { End::Hyper(bytes.into()) };
            }
        }
        let now = Instant::now();
        let stall = timeouts.write_stall;
        let (at, progress) = answer_all(stream, path, &bytes, &mut out, now, stall).await;
        match progress {
            Progress::More => {}
            Progress::Other => return End::Hyper(Bytes::from(bytes).slice(at..)),
            Progress::Over => return End::Over,
        }
        bytes.drain(..at);
        deadlines.idle(now);
        if !bytes.is_empty() {
            deadlines.received(now);
        }
    }
}

/// Answers the requests in `bytes`, which were read at `now`. Returns the length of those that were
/// answered.
async fn answer_all(
    stream: &mut TcpStream,
    path: &mut FastPath,
    bytes: &[u8],
    out: &mut Vec<u8>,
    mut now: Instant,
    stall: Duration,
) -> (usize, Progress) {
    let (mut at, mut prefetched) = (0, 0);
    let progress = loop {
        // A lone request has nothing to gain.
        if at > 0 || bytes.len() >= FAST_MANY_BYTES {
            if prefetched == 0 {
                path.prefetch(&bytes[at..]);
                prefetched = PREFETCH_MAX;
            }
            prefetched -= 1;
        }
        match path.step(&bytes[at..], now.into_std(), out) {
            Step::Answered(length) => at += length,
            Step::Last(_) => break Progress::Over,
            // A head that comes in pieces at the front is hyper's, so that a slow client gets 408.
            Step::Partial if at == 0 || bytes.len() - at > FAST_HEAD_BYTES_MAX => {
                break Progress::Other;
            }
            Step::Partial => break Progress::More,
            Step::Other => break Progress::Other,
        }
        if out.len() >= FAST_OUT_BYTES_MAX {
            path.tally.time(now.into_std());
            if !write(stream, out, stall).await {
                return (at, Progress::Over);
            }
            // The time that the client took is not that of the requests that follow.
            now = Instant::now();
        }
        if at == bytes.len() {
            break Progress::More;
        }
    };
    path.tally.time(now.into_std());
    if !out.is_empty() && !write(stream, out, stall).await {
        return (at, Progress::Over);
    }
    (at, progress)
}

/// Whether bytes have come that the runtime has not noticed yet; they are put into `bytes`.
async fn has_come(
    stream: &mut TcpStream,
    bytes: &mut Vec<u8>,
    stage: &watch::Receiver<Stage>,
) -> bool {
    if *stage.borrow() == Stage::Over {
        return false;
    }
    // Lets the runtime ask the system.
    tokio::task::yield_now().await;
    let read = poll_fn(|cx| Poll::Ready(poll_read(stream, bytes, cx))).await;
    matches!(read, Poll::Ready(Ok(1..)))
}

/// Sends `out` and empties it. False when the client takes nothing for `stall`, or has gone.
async fn write(stream: &mut TcpStream, out: &mut Vec<u8>, stall: Duration) -> bool {
    let mut sent = 0;
    // Almost always there is room for all of it, and then no timer is needed.
    if let Ok(written) = stream.try_write(out) {
        sent = written;
    }
    while sent < out.len() {
        match timeout(stall, stream.write(&out[sent..])).await {
            Ok(Ok(written)) if written > 0 => sent += written,
            _ => return false,
        }
    }
    out.clear();
    true
}

/// Waits for bytes, for too long a silence, and for the stop of the daemon.
struct Waiter {
    stage: watch::Receiver<Stage>,
    alarm: Alarm,
    /// The stop is registered once: the task is the same throughout, so it knows which to wake.
    registered: bool,
}

impl Waiter {
    fn new(stage: watch::Receiver<Stage>) -> Waiter {
        Waiter { stage, alarm: Alarm::default(), registered: false }
    }

    fn poll(
        &mut self,
        stream: &mut TcpStream,
        bytes: &mut Vec<u8>,
        until: Option<Instant>,
        stopping: Pin<&mut impl Future<Output = ()>>,
        cx: &mut Context<'_>,
    ) -> Poll<Event> {
        match poll_read(stream, bytes, cx) {
            Poll::Ready(Ok(length)) => return Poll::Ready(Event::Read(length)),
            Poll::Ready(Err(_)) => return Poll::Ready(Event::Gone),
            Poll::Pending => {}
        }
        if !std::mem::replace(&mut self.registered, true) && stopping.poll(cx).is_ready() {
            return Poll::Ready(Event::Stop);
        }
        if self.stage.has_changed().unwrap_or(true) && *self.stage.borrow() != Stage::Running {
            return Poll::Ready(Event::Stop);
        }
        self.alarm.poll_passed(until, cx).map(|()| Event::Gone)
    }
}

/// Reads the bytes that are there to the end of the buffer.
fn poll_read(
    stream: &mut TcpStream,
    bytes: &mut Vec<u8>,
    cx: &mut Context<'_>,
) -> Poll<io::Result<usize>> {
    if bytes.capacity() - bytes.len() < FAST_READ_BYTES / 4 {
        // Grows where many requests come at once.
        bytes.reserve(bytes.len().clamp(FAST_READ_BYTES, CONNECTION_BUFFER_BYTES_MAX));
    }
    pin!(stream.read_buf(bytes)).poll(cx)
}
