//! One connection that hyper serves: HTTP/1 here, HTTP/2 where its client begins with that.

use crate::caller_id::network::Peer;
use crate::limits;
use crate::message::answer::AnswerBody;
use crate::message::body::RequestBody;
use crate::server::drive::{Verdict, Watch, drive};
use crate::server::http2;
use crate::server::phase::{Phase, RequestGuard};
use crate::server::shutdown::{Stage, stopping};
use crate::server::stream::GuardedStream;
use crate::server::tracked::{Guard, Tracked};
use crate::service::{Rest, Served, Service};
use bytes::Bytes;
use hyper::body::Incoming;
use hyper::header::{CONNECTION, EXPECT, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use std::convert::Infallible;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use tokio::net::TcpStream;
use tokio::sync::watch;

impl Guard for RequestGuard {}

/// Serves a connection to its end; `ahead` was read from it already.
pub(super) async fn serve(
    stream: TcpStream,
    ahead: Bytes,
    peer: Peer,
    service: Service,
    mut stage: watch::Receiver<Stage>,
) {
    let phase = Arc::new(Phase::default());
    let mut stream =
        GuardedStream::new(stream, ahead, Arc::clone(&phase), Arc::clone(&service.state));
    let http2 = tokio::select! {
        biased;
        sniffed = stream.speaks_http2() => sniffed,
        () = stopping(&mut stage) => return,
    };
    match http2 {
        Ok(false) => {}
        Ok(true) => {
            service.state.metrics.speaks_http2();
            return http2::serve(stream, peer, service, stage).await;
        }
        Err(_) => return,
    }
    let answer = service_fn(|request: Request<Incoming>| {
        let guard = RequestGuard::new(&phase);
        let service = &service;
        async move { Ok::<_, Infallible>(answer(service, peer, request, guard).await) }
    });
    // The stream keeps the times, so hyper needs no timer.
    let connection = http1::Builder::new()
        .max_headers(limits::HEADERS_MAX)
        .max_header_size(limits::HEAD_BYTES_MAX)
        .max_buf_size(limits::CONNECTION_BUFFER_BYTES_MAX)
        .half_close(true)
        .serve_connection(TokioIo::new(stream), answer);
    let mut connection = pin!(connection);
    // A request that is here already is answered, whatever comes: an idle connection is closed
    // unread.
    if poll_fn(|cx| Poll::Ready(connection.as_mut().poll(cx).is_ready())).await {
        return;
    }
    drive(connection, &mut stage, None::<Watch<fn() -> Verdict>>).await;
}

async fn answer(
    service: &Service,
    peer: Peer,
    request: Request<Incoming>,
    guard: RequestGuard,
) -> Response<Tracked<AnswerBody, RequestGuard>> {
    let expects = request.headers().contains_key(EXPECT);
    let Served { mut response, rest } =
        service.serve(request.map(RequestBody::from), Some(peer)).await;
    let ended = match rest {
        Rest::None => true,
        // A client that sends everything before it looks, or that uses the connection again without
        // looking, must find it as it left it.
        Rest::Unread(mut body) => body.read_on(expects, service.state.timeouts.body).await,
        Rest::Lost => false,
    };
    if !ended {
        guard.leaves_body_unread();
        // The rest of the body would be read as the next request, so the connection ends here; a
        // client that knows does not send its next request into the end.
        let close = HeaderValue::from_static("close");
        response.headers_mut().insert(CONNECTION, close);
    }
    response.map(|body| Tracked { body, guard })
}
