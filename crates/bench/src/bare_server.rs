//! A bare hyper server that answers the same bytes to everything: the cost of the network, the
//! system and the HTTP library on this machine, with which carnet's own figure is compared. Its
//! threads, allocator and socket options are those of the daemon. It knows nothing of contacts.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;

use bytes::Bytes;
use carnet_http::threads;
use http_body_util::{BodyExt, Full};
use hyper::body::{Body, Incoming};
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};

use crate::error::BenchError;

/// The one answer.
#[derive(Clone, Debug)]
pub(crate) struct FixedAnswer {
    /// The body.
    pub(crate) body: Bytes,
    /// Its media type.
    pub(crate) media_type: HeaderValue,
}

/// Listens, calls `listens` with the address, and answers until the process ends.
pub(crate) fn run<E: From<BenchError>>(
    listen: SocketAddr,
    fixed: &FixedAnswer,
    listens: impl FnOnce(SocketAddr) -> Result<(), E>,
) -> Result<(), E> {
    let failed = |error: io::Error| BenchError::file(format!("cannot listen on {listen}"), &error);
    serve(listen, threads::cores(), fixed, listens).map_err(failed)?
}

/// The server itself, on as many threads as the daemon has, which are made by the same functions.
fn serve<E: From<BenchError>>(
    listen: SocketAddr,
    cores: usize,
    fixed: &FixedAnswer,
    ready: impl FnOnce(SocketAddr) -> Result<(), E>,
) -> io::Result<Result<(), E>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let listeners = {
        let _inside = runtime.enter();
        threads::listeners(listen, cores)?
    };
    let address = listeners.first().ok_or(io::ErrorKind::AddrNotAvailable)?.local_addr()?;
    let mut threads = Vec::new();
    for listener in listeners {
        let fixed = fixed.clone();
        let serve = |listener| accept(listener, fixed);
        threads.push(threads::spawn("bare server".to_owned(), listener, serve)?);
    }
    if let Err(failure) = ready(address) {
        return Ok(Err(failure));
    }
    for thread in threads {
        if thread.join().is_err() {
            return Ok(Err(BenchError::failed("the bare server broke").into()));
        }
    }
    Ok(Ok(()))
}

async fn accept(listener: TcpListener, fixed: FixedAnswer) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                tokio::spawn(serve_connection(stream, fixed.clone()));
            }
            // Out of sockets, for example: some will be given back.
            Err(_) => tokio::time::sleep(std::time::Duration::from_millis(10)).await,
        }
    }
}

async fn serve_connection(stream: TcpStream, fixed: FixedAnswer) {
    if stream.set_nodelay(true).is_err() {
        return;
    }
    let answer = service_fn(|request: Request<Incoming>| {
        let fixed = &fixed;
        async move { Ok::<_, Infallible>(answer(request, fixed).await) }
    });
    // A client that goes away ends its own connection only.
    let _ = http1::Builder::new()
        .half_close(true)
        .pipeline_flush(true)
        .serve_connection(TokioIo::new(stream), answer)
        .await;
}

async fn answer(request: Request<Incoming>, fixed: &FixedAnswer) -> Response<Full<Bytes>> {
    let mut body = request.into_body();
    // The daemon reads bodies too.
    while !body.is_end_stream() {
        match body.frame().await {
            Some(Ok(_)) => {}
            Some(Err(_)) | None => break,
        }
    }
    let mut response = Response::new(Full::new(fixed.body.clone()));
    response.headers_mut().insert(CONTENT_TYPE, fixed.media_type.clone());
    response
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use std::sync::mpsc::sync_channel;
    use std::thread;

    /// A bare server on threads of this process, which end with it.
    pub(crate) fn start(body: &'static str) -> SocketAddr {
        let fixed = FixedAnswer {
            body: Bytes::from_static(body.as_bytes()),
            media_type: HeaderValue::from_static("text/plain"),
        };
        let (tell, told_address) = sync_channel(1);
        let listen: SocketAddr = "127.0.0.1:0".parse().unwrap();
        thread::spawn(move || {
            let served = serve(listen, 2, &fixed, |address| {
                tell.send(address).unwrap();
                Ok::<(), BenchError>(())
            });
            served.unwrap().unwrap();
        });
        told_address.recv().unwrap()
    }

    #[test]
    fn everything_gets_the_same_answer() {
        let url = format!("http://{}", start("the same"));
        for _ in 0..8 {
            let mut answer = ureq::get(format!("{url}/any?thing=1")).call().unwrap();
            assert_eq!(answer.headers()["content-type"], "text/plain");
            assert_eq!(answer.body_mut().read_to_string().unwrap(), "the same");
        }
        let mut answer = ureq::post(url).send("a body").unwrap();
        assert_eq!(answer.body_mut().read_to_string().unwrap(), "the same");
    }
}
