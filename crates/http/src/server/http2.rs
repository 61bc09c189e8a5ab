//! One connection that speaks HTTP/2 by prior knowledge, as Kamailio does. hyper speaks it; its
//! limits are set here, and the times kept that hyper does not keep.
//!
//! A connection is closed when it had no request for the idle time, whatever else it sends, so a
//! head that never ends does not keep it open either; and when its client takes nothing of its
//! answers for the stall time, be it by the socket or by the flow control of HTTP/2.

use crate::caller_id::network::Peer;
use crate::limits::{
    CONNECTION_BUFFER_BYTES_MAX, HEAD_BYTES_MAX, HTTP2_PING_EVERY, HTTP2_PING_TIME_MAX,
    HTTP2_RESETS_MAX, HTTP2_STREAMS_MAX, HTTP2_WINDOW_BYTES,
};
use crate::message::body::RequestBody;
use crate::server::drive::{Verdict, Watch, drive};
use crate::server::shutdown::Stage;
use crate::server::stream::GuardedStream;
use crate::server::tracked::{Guard, Tracked};
use crate::service::{Rest, Served, Service};
use hyper::Request;
use hyper::body::Incoming;
use hyper::header::EXPECT;
use hyper::server::conn::http2;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use std::convert::Infallible;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::Instant;

/// Serves the connection to its end.
pub(super) async fn serve(
    stream: GuardedStream,
    peer: Peer,
    service: Service,
    mut stage: watch::Receiver<Stage>,
) {
    let timeouts = service.state.timeouts;
    let streams = Arc::new(Streams::new());
    let counted = Arc::clone(&streams);
    let answer = service_fn(move |request: Request<Incoming>| {
        let mut guard = StreamGuard::start(&counted);
        let service = service.clone();
        async move {
            let expects = request.headers().contains_key(EXPECT);
            let Served { response, rest } =
                service.serve(request.map(RequestBody::from), Some(peer)).await;
            // Many clients send their whole body before they look at an answer, and lose it when the
            // stream is reset meanwhile: dropping the body does that.
            let timeouts = service.state.timeouts;
            if let Rest::Unread(mut body) = rest
                && !body.read_on(expects, timeouts.body).await
                && !expects
            {
                tokio::spawn(body.drop_for(timeouts.linger));
            }
            guard.begin();
            Ok::<_, Infallible>(response.map(|body| Tracked { body, guard }))
        }
    });
    let head_bytes = u32::try_from(HEAD_BYTES_MAX).unwrap_or(u32::MAX);
    let connection = http2::Builder::new(TokioExecutor::new())
        .timer(TokioTimer::new())
        .max_concurrent_streams(HTTP2_STREAMS_MAX)
        .max_header_list_size(head_bytes)
        .max_pending_accept_reset_streams(HTTP2_RESETS_MAX)
        .max_local_error_reset_streams(HTTP2_RESETS_MAX)
        .initial_stream_window_size(HTTP2_WINDOW_BYTES)
        .initial_connection_window_size(HTTP2_WINDOW_BYTES)
        .max_send_buf_size(CONNECTION_BUFFER_BYTES_MAX)
        .keep_alive_interval(HTTP2_PING_EVERY)
        .keep_alive_timeout(HTTP2_PING_TIME_MAX)
        .serve_connection(TokioIo::new(stream), answer);
    let watch = Watch {
        // A look now and then is enough: a limit is kept to a quarter more.
        every: timeouts.idle.min(timeouts.write_stall) / 4,
        look: || streams.verdict(timeouts.idle, timeouts.write_stall),
    };
    drive(pin!(connection), &mut stage, Some(watch)).await;
}

/// The requests of a connection, as far as its time limits depend on them.
#[derive(Debug)]
struct Streams(Mutex<Counts>);

#[derive(Debug)]
struct Counts {
    /// Requests that are not wholly answered.
    active: usize,
    /// Answers that have begun and are not all taken.
    answers: usize,
    /// Those of them that wait for the handler and not for the client.
    waiting: usize,
    /// When a request began or ended, or something of an answer was taken.
    moved: Instant,
}

impl Streams {
    fn new() -> Streams {
        let moved = Instant::now();
        Streams(Mutex::new(Counts { active: 0, answers: 0, waiting: 0, moved }))
    }

    /// The counts. Each change is of plain numbers, so a panic elsewhere breaks nothing.
    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn verdict(&self, idle: Duration, stall: Duration) -> Verdict {
        let counts = self.counts();
        let still = counts.moved.elapsed();
        if counts.active == 0 && still >= idle {
            Verdict::Idle
        } else if counts.answers > counts.waiting && still >= stall {
            Verdict::Stalled
        } else {
            Verdict::Fine
        }
    }
}

/// Held while a request is being answered, and by its answer until that is taken.
#[derive(Debug)]
pub(super) struct StreamGuard {
    streams: Arc<Streams>,
    begun: bool,
    waiting: bool,
}

impl StreamGuard {
    fn start(streams: &Arc<Streams>) -> StreamGuard {
        let mut counts = streams.counts();
        counts.active += 1;
        counts.moved = Instant::now();
        drop(counts);
        StreamGuard { streams: Arc::clone(streams), begun: false, waiting: false }
    }

    /// There is an answer now.
    fn begin(&mut self) {
        self.begun = true;
        let mut counts = self.streams.counts();
        counts.answers += 1;
        counts.moved = Instant::now();
    }
}

impl Guard for StreamGuard {
    fn polled(&mut self, waiting: bool) {
        let mut counts = self.streams.counts();
        counts.moved = Instant::now();
        counts.waiting -= usize::from(self.waiting);
        counts.waiting += usize::from(waiting);
        drop(counts);
        self.waiting = waiting;
    }
}

impl Drop for StreamGuard {
    fn drop(&mut self) {
        let mut counts = self.streams.counts();
        counts.active -= 1;
        counts.answers -= usize::from(self.begun);
        counts.waiting -= usize::from(self.waiting);
        counts.moved = Instant::now();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_is_idle_without_requests_and_stalled_when_answers_are_not_taken() {
        let streams = Arc::new(Streams::new());
        let check = |expect| {
            assert_eq!(streams.verdict(Duration::ZERO, Duration::ZERO), expect);
            let long = Duration::from_secs(60);
            assert_eq!(streams.verdict(long, long), Verdict::Fine);
        };
        check(Verdict::Idle);
        let mut one = StreamGuard::start(&streams);
        // The handler has the request.
        check(Verdict::Fine);
        one.begin();
        check(Verdict::Stalled);
        one.polled(true);
        check(Verdict::Fine);
        let mut other = StreamGuard::start(&streams);
        other.begin();
        check(Verdict::Stalled);
        drop(other);
        check(Verdict::Fine);
        one.polled(false);
        check(Verdict::Stalled);
        drop(one);
        check(Verdict::Idle);
    }
}
