//! The sockets: bind, run, stop. Only this room touches them; what is said on a connection is the
//! service's matter.

mod accept;
mod deadlines;
mod drive;
mod fast;
mod http1;
mod http2;
mod phase;
mod refusal;
mod request_line;
mod shutdown;
mod stream;
pub mod threads;
mod tracked;

use crate::caller_id::settings::CallerId;
use crate::engine::render;
use crate::engine::timeouts::Timeouts;
use crate::limits;
use crate::message::cors::Origins;
use crate::server::accept::Acceptor;
use crate::server::shutdown::Stage;
use crate::service::Service;
use carnet_book::AddressBook;
use std::fmt;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::sync::{Semaphore, watch};
use tokio::time::timeout;

/// Where and how the daemon listens.
#[derive(Clone, Debug)]
pub struct ServerSettings {
    /// The address; port 0 takes any free one.
    pub listen: SocketAddr,
    /// Allows an address that other machines reach, without TLS.
    pub insecure_listen: bool,
    /// Whether plain look-ups are answered below hyper. Without, they are answered by it, with the
    /// same bytes and about as much more work as HTTP is.
    pub fast_path: bool,
    /// Connections that are open at once.
    pub connections: usize,
    /// How long the daemon waits for clients.
    pub timeouts: Timeouts,
    /// How callers are named, and who may ask without a key.
    pub caller_id: CallerId,
    /// The pages of browsers that may ask.
    pub cors: Origins,
}

impl ServerSettings {
    /// The defaults of [`crate::limits`], on this address.
    pub fn new(listen: SocketAddr) -> ServerSettings {
        ServerSettings {
            listen,
            insecure_listen: false,
            fast_path: true,
            connections: limits::CONNECTIONS_MAX,
            timeouts: Timeouts::default(),
            caller_id: CallerId::default(),
            cors: Origins::default(),
        }
    }
}

/// Why the daemon does not serve. Its text is one sentence for the person who started it.
#[derive(Debug)]
pub enum ServeError {
    /// Other machines reach the address, and the settings do not allow that.
    Insecure(SocketAddr),
    /// Something listens there already.
    InUse(SocketAddr),
    /// The system has no room for the threads that serve.
    Threads(io::Error),
    /// The address cannot be listened on.
    Listen {
        /// The address.
        address: SocketAddr,
        /// The error of the system.
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
        let (caller_id, cors) = (settings.caller_id.clone(), settings.cors.clone());
        let service = Service::with_settings(book, settings.timeouts, caller_id, cors);
        Ok(Server { listeners, address, settings, service })
    }

    /// Where it listens, with the port that the system chose.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until `stop` ends. Then nothing new is accepted, idle connections are closed, and
    /// requests that run may end within [`Timeouts::stop`]. The address book stays open.
    ///
    /// # Errors
    /// [`ServeError::Threads`] when the system has no room for a thread a processor.
    pub async fn run(self, stop: impl Future<Output = ()>) -> Result<(), ServeError> {
        let Server { listeners, settings, service, .. } = self;
        let connections = Arc::new(Semaphore::new(settings.connections));
        let refusals = Arc::new(Semaphore::new(limits::REFUSALS_MAX));
        let (accepting, accepts) = watch::channel(true);
        let (stage, watched) = watch::channel(Stage::Running);
        let (over, ended) = watch::channel(());
        render::warm_up(&service.state);
        let mut running = Vec::new();
        for (number, listener) in listeners.into_iter().enumerate() {
            let acceptor = Acceptor {
                service: service.clone(),
                fast_path: settings.fast_path,
                connections: Arc::clone(&connections),
                refusals: Arc::clone(&refusals),
                stage: watched.clone(),
            };
            let (accepts, mut ended) = (accepts.clone(), ended.clone());
            let serve = async move |listener| {
                acceptor.accept(listener, accepts).await;
                // The connections live on this thread. An error is the end, too.
                let _ = ended.changed().await;
            };
            let thread = threads::spawn(format!("carnet-http-{number}"), listener, serve);
            running.push(thread.map_err(ServeError::Threads)?);
        }
        drop((accepts, watched, ended));
        stop.await;
        accepting.send_replace(false);
        // The port is given back before any connection is closed.
        accepting.closed().await;
        stage.send_replace(Stage::Stopping);
        if timeout(settings.timeouts.stop, stage.closed()).await.is_err() {
            tracing::warn!("requests were cut off because the daemon stops");
            stage.send_replace(Stage::Over);
            stage.closed().await;
        }
        drop(over);
        let joined = tokio::task::spawn_blocking(move || {
            // One that panicked was logged by the panic hook.
            running.into_iter().for_each(|thread| drop(thread.join()));
        });
        let _ = joined.await;
        Ok(())
    }
}
