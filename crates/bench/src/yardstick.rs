//! The yardstick: a bare hyper server that answers the same bytes to everything. It is what the
//! network, the system and the HTTP library cost here; carnet's own figure is read against it.
//! Its runtime layout, allocator and socket options are the product's.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;

use bytes::Bytes;
use carnet_http::layout;
use http_body_util::{BodyExt, Full};
use hyper::body::{Body, Incoming};
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};

use crate::error::BenchError;

/// What it answers.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    /// The body.
    pub(crate) body: Bytes,
    /// Its kind.
    pub(crate) media_type: HeaderValue,
}

/// Listens, says where, and answers until the process ends.
pub(crate) fn run<E: From<BenchError>>(
    listen: SocketAddr,
    told: &Told,
    listens: impl FnOnce(SocketAddr) -> Result<(), E>,
) -> Result<(), E> {
    let failed = |error: io::Error| BenchError::file(format!("cannot listen on {listen}"), &error);
    serve(listen, layout::cores(), told, listens).map_err(failed)?
}

/// The server as such, laid out as the product is: by the product's own functions.
fn serve<E: From<BenchError>>(
    listen: SocketAddr,
    cores: usize,
    told: &Told,
    ready: impl FnOnce(SocketAddr) -> Result<(), E>,
) -> io::Result<Result<(), E>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let listeners = {
        let _inside = runtime.enter();
        layout::listeners(listen, cores)?
    };
    let address = listeners.first().ok_or(io::ErrorKind::AddrNotAvailable)?.local_addr()?;
    let mut threads = Vec::new();
    for listener in listeners {
        let told = told.clone();
        let serve = |listener| accept(listener, told);
        threads.push(layout::spawn("yardstick".to_owned(), listener, serve)?);
    }
    if let Err(failure) = ready(address) {
        return Ok(Err(failure));
    }
    for thread in threads {
        if thread.join().is_err() {
            return Ok(Err(BenchError::failed("the yardstick broke").into()));
        }
    }
    Ok(Ok(()))
}

async fn accept(listener: TcpListener, told: Told) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                tokio::spawn(talk(stream, told.clone()));
            }
            // Out of sockets, for example: some will be given back.
            Err(_) => tokio::time::sleep(std::time::Duration::from_millis(10)).await,
        }
    }
}

async fn talk(stream: TcpStream, told: Told) {
    if stream.set_nodelay(true).is_err() {
        return;
    }
    let answer = service_fn(|request: Request<Incoming>| {
        let told = &told;
        async move { Ok::<_, Infallible>(answer(request, told).await) }
    });
    // A client that goes away ends its connection, and nobody else's.
    let _ = http1::Builder::new()
        .half_close(true)
        .pipeline_flush(true)
        .serve_connection(TokioIo::new(stream), answer)
        .await;
}

async fn answer(request: Request<Incoming>, told: &Told) -> Response<Full<Bytes>> {
    let mut body = request.into_body();
    // A body is read, as whoever answers it must.
    while !body.is_end_stream() {
        match body.frame().await {
            Some(Ok(_)) => {}
            Some(Err(_)) | None => break,
        }
    }
    let mut response = Response::new(Full::new(told.body.clone()));
    response.headers_mut().insert(CONTENT_TYPE, told.media_type.clone());
    response
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use std::sync::mpsc::sync_channel;
    use std::thread;

    /// A yardstick on threads of this process, which end with it.
    pub(crate) fn start(body: &'static str) -> SocketAddr {
        let told = Told {
            body: Bytes::from_static(body.as_bytes()),
            media_type: HeaderValue::from_static("text/plain"),
        };
        let (tell, told_address) = sync_channel(1);
        let listen: SocketAddr = "127.0.0.1:0".parse().unwrap();
        thread::spawn(move || {
            let served = serve(listen, 2, &told, |address| {
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
