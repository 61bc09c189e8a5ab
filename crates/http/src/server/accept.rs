//! Accepting connections: each gets a permit and a task, or a refusal.

use crate::caller_id::network::Peer;
use crate::fast_path::path::FastPath;
use crate::limits;
use crate::server::fast::{self, End};
use crate::server::http1;
use crate::server::refusal::refuse;
use crate::server::shutdown::Stage;
use crate::service::Service;
use bytes::Bytes;
use std::future::Future;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::time::sleep;

/// The acceptor of one thread.
pub(super) struct Acceptor {
    pub(super) service: Service,
    /// Whether look-ups are answered below hyper.
    pub(super) fast_path: bool,
    /// A permit for each open connection, of all threads.
    pub(super) connections: Arc<Semaphore>,
    /// A permit for each refusal that is being sent.
    pub(super) refusals: Arc<Semaphore>,
    pub(super) stage: watch::Receiver<Stage>,
}

impl Acceptor {
    /// Accepts connections until the daemon stops.
    pub(super) async fn accept(self, listener: TcpListener, mut accepts: watch::Receiver<bool>) {
        let mut stop = pin!(async move {
            // An error means that no sender is left, which is the end, too.
            let _ = accepts.wait_for(|accepting| !accepting).await;
            accepts
        });
        let mut pause = AcceptPause::default();
        loop {
            let accepted = tokio::select! {
                biased;
                accepted = listener.accept() => accepted,
                accepts = &mut stop => {
                    self.accept_waiting(listener);
                    drop(accepts);
                    return;
                }
            };
            match accepted {
                Ok((stream, peer)) => {
                    pause.reset();
                    self.spawn(stream, Peer(peer.ip()));
                }
                Err(error) if is_of_one_connection(&error) => {}
                Err(error) => pause.after(&error).await,
            }
        }
    }

    /// Takes in the connections that came before the end and have not been accepted: closing the
    /// socket would reset them.
    fn accept_waiting(&self, listener: TcpListener) {
        let Ok(listener) = listener.into_std() else {
            return;
        };
        while let Ok((stream, peer)) = listener.accept() {
            let stream = stream.set_nonblocking(true).and_then(|()| TcpStream::from_std(stream));
            if let Ok(stream) = stream {
                self.spawn(stream, Peer(peer.ip()));
            }
        }
    }

    fn spawn(&self, stream: TcpStream, peer: Peer) {
        let metrics = &self.service.state.metrics;
        if let Ok(permit) = Arc::clone(&self.connections).try_acquire_owned() {
            let (service, stage) = (self.service.clone(), self.stage.clone());
            let connection = serve_connection(stream, peer, service, self.fast_path, stage);
            tokio::spawn(hold((permit, metrics.opened()), connection));
            return;
        }
        metrics.refused();
        if let Ok(permit) = Arc::clone(&self.refusals).try_acquire_owned() {
            tokio::spawn(hold(permit, refuse(stream, Arc::clone(&self.service.state))));
        }
    }
}

/// Holds a permit while something runs.
async fn hold<P>(permit: P, run: impl Future<Output = ()>) {
    run.await;
    drop(permit);
}

/// Serves one connection to its end.
async fn serve_connection(
    mut stream: TcpStream,
    peer: Peer,
    service: Service,
    fast_path: bool,
    stage: watch::Receiver<Stage>,
) {
    // Without this a small answer waits for the acknowledgement of the one before it.
    if stream.set_nodelay(true).is_err() {
        return;
    }
    // At that level every request is in the log, and hyper's side writes it.
    let ahead = if !fast_path || tracing::enabled!(tracing::Level::DEBUG) {
        Bytes::new()
    } else {
        let mut path = FastPath::new(Arc::clone(&service.state));
        match fast::serve(&mut stream, &mut path, service.state.timeouts, &stage).await {
            End::Over => return,
            End::Hyper(ahead) => ahead,
        }
    };
    // In a box of its own: most connections of a switch end before they come here, and their task
    // need not carry the room for it.
    Box::pin(http1::serve(stream, ahead, peer, service, stage)).await;
}

/// Errors of `accept` that concern the connection and not the daemon.
fn is_of_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted)
}

/// Waits longer and longer while the system has no room, such as file descriptors: trying again
/// at once would only burn a core.
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
