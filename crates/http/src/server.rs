//! The socket: bind, accept, bound, stop. What is said on it is the service's matter.

pub(crate) mod fast;
pub(crate) mod http2;
pub(crate) mod stream;
pub mod threads;

use crate::auth::Peer;
use crate::caller_id::CallerId;
use crate::limits;
use crate::message::answer::AnswerBody;
use crate::message::body::RequestBody;
use crate::server::fast::End;
use crate::server::stream::{Guarded, Phase, Serving, asks_for_name};
use crate::service::Service;
use bytes::Bytes;
use carnet_book::AddressBook;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::convert::Infallible;
use std::fmt;
use std::future::{Future, poll_fn};
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::time::{sleep, timeout};

/// Where and how the daemon listens.
#[derive(Clone, Debug)]
pub struct ServerSettings {
    /// The address; port 0 takes any free one.
    pub listen: SocketAddr,
    /// Allows an address that other machines reach, without TLS.
    pub insecure_listen: bool,
    /// Connections that are open at once.
    pub connections: usize,
    /// How long the daemon waits for clients.
    pub patience: Patience,
    /// How callers are named, and who may ask without a key.
    pub caller_id: CallerId,
}

impl ServerSettings {
    /// The defaults of [`crate::limits`], on this address.
    pub fn new(listen: SocketAddr) -> ServerSettings {
        ServerSettings {
            listen,
            insecure_listen: false,
            connections: limits::CONNECTIONS_MAX,
            patience: Patience::default(),
            caller_id: CallerId::default(),
        }
    }
}

/// How long the daemon waits for clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// For a request's head, from its first byte; for a new connection's first byte.
    pub head: Duration,
    /// For the next request on a kept-alive connection.
    pub idle: Duration,
    /// For a body; for each piece of a streamed one.
    pub body: Duration,
    /// For a client to take something of its answer.
    pub write_stall: Duration,
    /// For requests to end, once the daemon stops.
    pub stop: Duration,
    /// For a client to stop sending, once its connection ends.
    pub linger: Duration,
}

impl Default for Patience {
    fn default() -> Patience {
        Patience {
            head: limits::HEAD_TIME_MAX,
            idle: limits::IDLE_TIME_MAX,
            body: limits::BODY_TIME_MAX,
            write_stall: limits::WRITE_STALL_MAX,
            stop: limits::STOP_TIME_MAX,
            linger: limits::LINGER_TIME_MAX,
        }
    }
}

/// Why the daemon does not serve. Its text is one sentence for the person who started it.
#[derive(Debug)]
pub enum ServeError {
    /// Other machines reach the address, and nobody said that they may.
    Insecure(SocketAddr),
    /// Something listens there already.
    InUse(SocketAddr),
    /// The system has no room for the threads that serve.
    Threads(io::Error),
    /// The address cannot be listened on.
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system says.
        why: io::Error,
    },
}

impl fmt::Display for ServeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ServeError::Insecure(address) => write!(
                f,
                "{address} can be reached from other machines and carnet speaks no TLS; put a \
                 proxy before it, or allow this with --insecure-listen"
            ),
            ServeError::InUse(address) => write!(
                f,
                "something listens on {address} already, perhaps another carnet; choose another \
                 address with --listen"
            ),
            ServeError::Threads(why) => write!(f, "the daemon cannot start its threads: {why}"),
            ServeError::Listen { address, why } => {
                write!(f, "cannot listen on {address}: {why}")
            }
        }
    }
}

impl std::error::Error for ServeError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            ServeError::Listen { why, .. } | ServeError::Threads(why) => Some(why),
            ServeError::Insecure(_) | ServeError::InUse(_) => None,
        }
    }
}

/// A daemon that has its port.
pub struct Server {
    listeners: Vec<std::net::TcpListener>,
    address: SocketAddr,
    settings: ServerSettings,
    service: Service,
}

/// How far the daemon has come on its way to the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    Running,
    /// No new requests; those that run may end.
    Stopping,
    /// Time is up.
    Over,
}

impl Server {
    /// Takes the port. The address must be a loop-back one, or `insecure_listen` set.
    pub async fn bind(settings: ServerSettings, book: AddressBook) -> Result<Server, ServeError> {
        let address = settings.listen;
        if !address.ip().to_canonical().is_loopback() && !settings.insecure_listen {
            return Err(ServeError::Insecure(address));
        }
        let failed = |why: io::Error| match why.kind() {
            io::ErrorKind::AddrInUse => ServeError::InUse(address),
            _ => ServeError::Listen { address, why },
        };
        let listeners = threads::listeners(address, threads::cores()).map_err(failed)?;
        let first = listeners.first().ok_or_else(|| failed(io::ErrorKind::Other.into()))?;
        let address = first.local_addr().map_err(failed)?;
        let service = Service::with_settings(book, settings.patience, settings.caller_id.clone());
        Ok(Server { listeners, address, settings, service })
    }

    /// Where it listens, with the port that the system chose.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until `stop` ends. Then nothing new is accepted, idle connections are closed, and
    /// requests that run may end within [`Patience::stop`]. The address book stays open.
    ///
    /// # Errors
    /// [`ServeError::Threads`] when the system has no room for a thread a processor.
    pub async fn run(self, stop: impl Future<Output = ()>) -> Result<(), ServeError> {
        let Server { listeners, settings, service, .. } = self;
        let places = Arc::new(Semaphore::new(settings.connections));
        let refusals = Arc::new(Semaphore::new(limits::REFUSALS_MAX));
        let (accepting, accepts) = watch::channel(true);
        let (stage, watched) = watch::channel(Stage::Running);
        let (over, ended) = watch::channel(());
        service.make_ready_ahead();
        let mut threads = Vec::new();
        for (number, listener) in listeners.into_iter().enumerate() {
            let desk = Desk {
                service: service.clone(),
                patience: settings.patience,
                places: Arc::clone(&places),
                refusals: Arc::clone(&refusals),
                stage: watched.clone(),
            };
            let (accepts, mut ended) = (accepts.clone(), ended.clone());
            let serve = async move |listener| {
                desk.accept(listener, accepts).await;
                // The connections live on this thread. An error is the end, too.
                let _ = ended.changed().await;
            };
            let thread = threads::spawn(format!("carnet-http-{number}"), listener, serve);
            threads.push(thread.map_err(ServeError::Threads)?);
        }
        drop((accepts, watched, ended));
        stop.await;
        accepting.send_replace(false);
        // The port is given back before anybody is sent away.
        accepting.closed().await;
        stage.send_replace(Stage::Stopping);
        if timeout(settings.patience.stop, stage.closed()).await.is_err() {
            tracing::warn!("requests were cut off because the daemon stops");
            stage.send_replace(Stage::Over);
            stage.closed().await;
        }
        drop(over);
        let joined = tokio::task::spawn_blocking(move || {
            // One that panicked was logged by the panic hook.
            threads.into_iter().for_each(|thread| drop(thread.join()));
        });
        let _ = joined.await;
        Ok(())
    }
}

/// What a thread accepts connections with.
struct Desk {
    service: Service,
    patience: Patience,
    places: Arc<Semaphore>,
    refusals: Arc<Semaphore>,
    stage: watch::Receiver<Stage>,
}

impl Desk {
    /// Accepts connections until told not to.
    async fn accept(self, listener: TcpListener, mut accepts: watch::Receiver<bool>) {
        let mut stop = pin!(async move {
            // An error means that nobody is left to say it.
            let _ = accepts.wait_for(|accepting| !accepting).await;
            accepts
        });
        let mut pause = AcceptPause::default();
        loop {
            let accepted = tokio::select! {
                biased;
                accepted = listener.accept() => accepted,
                accepts = &mut stop => {
                    self.welcome_waiting(listener);
                    drop(accepts);
                    return;
                }
            };
            match accepted {
                Ok((stream, peer)) => {
                    pause.reset();
                    self.welcome(stream, Peer(peer.ip()));
                }
                Err(error) if is_of_one_connection(&error) => {}
                Err(error) => pause.after(&error).await,
            }
        }
    }

    /// Takes in those that came before the end and have not been accepted: closing the socket
    /// would reset them.
    fn welcome_waiting(&self, listener: TcpListener) {
        let Ok(listener) = listener.into_std() else {
            return;
        };
        while let Ok((stream, peer)) = listener.accept() {
            let stream = stream.set_nonblocking(true).and_then(|()| TcpStream::from_std(stream));
            if let Ok(stream) = stream {
                self.welcome(stream, Peer(peer.ip()));
            }
        }
    }

    fn welcome(&self, stream: TcpStream, peer: Peer) {
        if let Ok(place) = Arc::clone(&self.places).try_acquire_owned() {
            let (service, stage) = (self.service.clone(), self.stage.clone());
            let talk = talk(stream, peer, service, self.patience, stage);
            tokio::spawn(in_place((place, self.service.metrics().opened()), talk));
            return;
        }
        self.service.metrics().refused();
        if let Ok(place) = Arc::clone(&self.refusals).try_acquire_owned() {
            tokio::spawn(in_place(place, refuse(stream, self.service.clone())));
        }
    }
}

/// Keeps a place taken while something runs.
async fn in_place<P>(place: P, run: impl Future<Output = ()>) {
    run.await;
    drop(place);
}

/// Serves one connection to its end.
async fn talk(
    mut stream: TcpStream,
    peer: Peer,
    service: Service,
    patience: Patience,
    stage: watch::Receiver<Stage>,
) {
    // Without this a small answer waits for the acknowledgement of the one before it.
    if stream.set_nodelay(true).is_err() {
        return;
    }
    // Every request is in the log at that level, and hyper's side writes it.
    let ahead = if tracing::enabled!(tracing::Level::DEBUG) {
        Bytes::new()
    } else {
        let mut quick = service.quick();
        match fast::serve(&mut stream, &mut quick, patience, &stage).await {
            End::Over => return,
            End::Hyper(ahead) => ahead,
        }
    };
    // In a box of its own: most connections of a switch end before they come here, and their task
    // need not carry the room for it.
    Box::pin(talk_with_hyper(stream, ahead, peer, service, patience, stage)).await;
}

/// Serves what is left of a connection to its end.
async fn talk_with_hyper(
    stream: TcpStream,
    ahead: Bytes,
    peer: Peer,
    service: Service,
    patience: Patience,
    mut stage: watch::Receiver<Stage>,
) {
    let phase = Arc::new(Phase::default());
    let (correlations, metrics) = (service.correlations(), Arc::clone(service.metrics()));
    let guarded = Guarded::new(stream, ahead, Arc::clone(&phase), patience, correlations, metrics);
    let mut stream = guarded;
    let http2 = tokio::select! {
        biased;
        sniffed = stream.speaks_http2() => sniffed,
        () = stopping(&mut stage) => return,
    };
    match http2 {
        Ok(false) => {}
        Ok(true) => {
            service.metrics().speaks_http2();
            return http2::talk(stream, peer, service, patience, stage).await;
        }
        Err(_) => return,
    }
    let answer = service_fn(|request: Request<Incoming>| {
        let serving = Serving::start(&phase);
        let service = &service;
        async move { Ok::<_, Infallible>(answer(service, peer, request, serving).await) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(patience.idle)
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
    let mut stopping = false;
    loop {
        let now = *stage.borrow_and_update();
        match now {
            Stage::Running => {}
            Stage::Stopping if !stopping => {
                stopping = true;
                connection.as_mut().graceful_shutdown();
            }
            Stage::Stopping => {}
            Stage::Over => return,
        }
        tokio::select! {
            ended = connection.as_mut() => {
                if let Err(error) = ended {
                    // The client went away or spoke no HTTP: its matter, not the daemon's.
                    tracing::trace!(%error, "a connection ended early");
                }
                return;
            }
            changed = stage.changed() => if changed.is_err() { return },
        }
    }
}

/// Ends when the daemon begins to stop.
pub(crate) async fn stopping(stage: &mut watch::Receiver<Stage>) {
    while *stage.borrow_and_update() == Stage::Running {
        if stage.changed().await.is_err() {
            return;
        }
    }
}

async fn answer(
    service: &Service,
    peer: Peer,
    mut request: Request<Incoming>,
    serving: Serving,
) -> Response<AnswerBody> {
    service.tell_peer(peer, &mut request);
    let (response, unread) = service.answer_knowing(request.map(RequestBody::from)).await;
    if unread {
        serving.leaves_body_unread();
    }
    response.map(|body| body.hold(serving))
}

/// Tells a client that there is no place for its connection.
async fn refuse(mut stream: TcpStream, service: Service) {
    // What it asks for is looked at, as far as it is there at once: a switch would show the
    // sentence as its caller's name.
    let mut head = [0; 16];
    let peeked = timeout(REFUSAL_PEEK_TIME, stream.peek(&mut head)).await;
    let head = &head[..peeked.map_or(0, Result::unwrap_or_default)];
    let answer = service.too_many_connections(asks_for_name(head));
    let told = async {
        stream.write_all(&answer).await?;
        stream.shutdown().await
    };
    // A client that does not even take this is not waited for.
    let _ = timeout(Duration::from_secs(1), told).await;
}

/// How long a refused connection may take to say what it wants.
const REFUSAL_PEEK_TIME: Duration = Duration::from_millis(250);

/// Errors of `accept` that concern the connection and not the daemon.
fn is_of_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted)
}

/// Waits longer and longer while the system has no room, such as file descriptors: trying again
/// at once would burn a core and help nobody.
#[derive(Debug, Default)]
struct AcceptPause {
    last: Option<Duration>,
}

impl AcceptPause {
    fn reset(&mut self) {
        self.last = None;
    }

    async fn after(&mut self, error: &io::Error) {
        if self.last.is_none() {
            tracing::warn!(%error, "connections cannot be accepted for now");
        }
        sleep(self.next()).await;
    }

    fn next(&mut self) -> Duration {
        let next = self.last.map_or(ACCEPT_PAUSE_FIRST, |last| last * 2);
        let next = next.min(limits::ACCEPT_PAUSE_MAX);
        self.last = Some(next);
        next
    }
}

const ACCEPT_PAUSE_FIRST: Duration = Duration::from_millis(10);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_their_bound_and_begin_anew() {
        let mut pause = AcceptPause::default();
        let first: Vec<u128> = (0..4).map(|_| pause.next().as_millis()).collect();
        assert_eq!(first, [10, 20, 40, 80]);
        let last = (0..100).map(|_| pause.next()).last();
        assert_eq!(last, Some(limits::ACCEPT_PAUSE_MAX));
        pause.reset();
        assert_eq!(pause.next(), ACCEPT_PAUSE_FIRST);
    }

    #[test]
    fn errors_of_one_connection_do_not_pause_the_others() {
        for (kind, own) in [
            (io::ErrorKind::ConnectionAborted, true),
            (io::ErrorKind::ConnectionReset, true),
            (io::ErrorKind::Other, false),
        ] {
            assert_eq!(is_of_one_connection(&kind.into()), own, "{kind}");
        }
        // Too many open files, of the process and of the system.
        for number in [24, 23] {
            assert!(!is_of_one_connection(&io::Error::from_raw_os_error(number)));
        }
    }
}
