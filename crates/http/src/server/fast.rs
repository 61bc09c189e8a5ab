//! The front of a connection: look-ups are answered here, until something else is asked; then hyper
//! goes on with the bytes that were read.
//!
//! One buffer in, one buffer out: requests that came together are answered with one write.

use crate::fast_path::{Quick, Step};
use crate::limits::{
    CONNECTION_BUFFER_BYTES_MAX, QUICK_HEAD_BYTES_MAX, QUICK_MANY_BYTES, QUICK_OUT_BYTES_MAX,
    QUICK_READ_BYTES,
};
use crate::server::{Patience, Stage, stopping};
use bytes::Bytes;
use carnet_book::FETCHED_TOGETHER;
use std::future::{Future, poll_fn};
use std::io;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::{Instant, Sleep, sleep_until, timeout};

/// How the front ends.
#[derive(Debug)]
pub(crate) enum End {
    /// The connection is over.
    Over,
    /// hyper goes on, with what was read and not answered.
    Hyper(Bytes),
}

/// What a wait for bytes comes to.
enum Event {
    /// So many bytes; 0 at the end.
    Read(usize),
    /// The client said nothing for too long, or the connection broke.
    Gone,
    /// The daemon stops.
    Stop,
}

/// Answers look-ups until the client leaves, the daemon stops, or something else comes.
pub(crate) async fn serve(
    stream: &mut TcpStream,
    quick: &mut Quick,
    patience: Patience,
    stage: &watch::Receiver<Stage>,
) -> End {
    let mut waiter = Waiter::new(stage.clone());
    let mut own = stage.clone();
    let mut stopping = pin!(stopping(&mut own));
    let mut bytes = Vec::with_capacity(QUICK_READ_BYTES);
    let mut out = Vec::with_capacity(QUICK_READ_BYTES);
    // A connection that never says anything is as slow as a head that never ends.
    let mut limit = patience.head;
    let mut last = Instant::now();
    loop {
        let until = last + limit;
        let event = poll_fn(|cx| waiter.poll(stream, &mut bytes, until, stopping.as_mut(), cx));
        match event.await {
            Event::Read(1..) => {}
            Event::Gone => return End::Over,
            // What came before the end is still answered: closing over it would reset the client.
            Event::Stop if bytes.is_empty() && has_come(stream, &mut bytes, stage).await => {}
            // The client that closes amidst a head is told so by hyper, if by anybody.
            Event::Read(0) | Event::Stop => {
                return if bytes.is_empty() { End::Over } else { End::Hyper(bytes.into()) };
            }
        }
        last = Instant::now();
        let (mut at, mut fetched) = (0, 0);
        let other = loop {
            // A lone one has nothing to gain.
            if at > 0 || bytes.len() >= QUICK_MANY_BYTES {
                if fetched == 0 {
                    quick.fetch(&bytes[at..]);
                    fetched = FETCHED_TOGETHER;
                }
                fetched -= 1;
            }
            match quick.step(&bytes[at..], last, &mut out) {
                Step::Answered(length) => at += length,
                Step::Last(_) => {
                    quick.tally.time(last);
                    write(stream, &mut out, patience).await;
                    return End::Over;
                }
                Step::Partial => break at == 0 || bytes.len() - at > QUICK_HEAD_BYTES_MAX,
                Step::Other => break true,
            }
            if out.len() >= QUICK_OUT_BYTES_MAX {
                quick.tally.time(last);
                if !write(stream, &mut out, patience).await {
                    return End::Over;
                }
                // How long the client took is not the time of the requests that follow.
                last = Instant::now();
            }
            if at == bytes.len() {
                break false;
            }
        };
        quick.tally.time(last);
        if !out.is_empty() && !write(stream, &mut out, patience).await {
            return End::Over;
        }
        if other {
            return End::Hyper(Bytes::from(bytes).slice(at..));
        }
        bytes.drain(..at);
        // A head that has begun must be there in its time, too.
        limit = if bytes.is_empty() { patience.idle } else { patience.head };
    }
}

/// Whether something has come that the runtime has not noticed yet; it is put into `bytes`.
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

/// Sends what is there. False when the client takes nothing, or has gone.
async fn write(stream: &mut TcpStream, out: &mut Vec<u8>, patience: Patience) -> bool {
    let mut sent = 0;
    // Almost always there is room for all of it, and then no timer is needed.
    if let Ok(written) = stream.try_write(out) {
        sent = written;
    }
    while sent < out.len() {
        match timeout(patience.write_stall, stream.write(&out[sent..])).await {
            Ok(Ok(written)) if written > 0 => sent += written,
            _ => return false,
        }
    }
    out.clear();
    true
}

/// Waits for bytes, for too long a silence, and for the stop of the daemon. The latter two are
/// only registered once: the task is the same throughout, so they know whom to wake.
struct Waiter {
    stage: watch::Receiver<Stage>,
    sleep: Option<Pin<Box<Sleep>>>,
}

impl Waiter {
    fn new(stage: watch::Receiver<Stage>) -> Waiter {
        Waiter { stage, sleep: None }
    }

    fn poll(
        &mut self,
        stream: &mut TcpStream,
        bytes: &mut Vec<u8>,
        until: Instant,
        stopping: Pin<&mut impl Future<Output = ()>>,
        cx: &mut Context<'_>,
    ) -> Poll<Event> {
        match poll_read(stream, bytes, cx) {
            Poll::Ready(Ok(length)) => return Poll::Ready(Event::Read(length)),
            Poll::Ready(Err(_)) => return Poll::Ready(Event::Gone),
            Poll::Pending => {}
        }
        let first = self.sleep.is_none();
        let sleep = self.sleep.get_or_insert_with(|| Box::pin(sleep_until(until)));
        if first && stopping.poll(cx).is_ready() {
            return Poll::Ready(Event::Stop);
        }
        if self.stage.has_changed().unwrap_or(true) && *self.stage.borrow() != Stage::Running {
            return Poll::Ready(Event::Stop);
        }
        let passed = sleep.is_elapsed();
        if passed && sleep.deadline() >= until {
            return Poll::Ready(Event::Gone);
        }
        // There was life since it was set; or it was set for longer than is due now.
        let wrong = passed || sleep.deadline() > until;
        if wrong {
            sleep.as_mut().reset(until);
        }
        if (first || wrong) && sleep.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Event::Gone);
        }
        Poll::Pending
    }
}

/// Reads what is there to the end of the buffer.
fn poll_read(
    stream: &mut TcpStream,
    bytes: &mut Vec<u8>,
    cx: &mut Context<'_>,
) -> Poll<io::Result<usize>> {
    if bytes.capacity() - bytes.len() < QUICK_READ_BYTES / 4 {
        // More and more where many requests come at once.
        bytes.reserve(bytes.len().clamp(QUICK_READ_BYTES, CONNECTION_BUFFER_BYTES_MAX));
    }
    pin!(stream.read_buf(bytes)).poll(cx)
}
