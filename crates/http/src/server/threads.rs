//! How the daemon lies on the machine: one thread a processor, each with a runtime and a listening
//! socket of its own, so that a connection is accepted, read and answered where it is. The system
//! spreads the connections.
//!
//! The first socket takes the address for itself before the others join it: two daemons cannot
//! share one by mistake.

use crate::limits::BACKLOG;
use std::future::Future;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::thread::{self, JoinHandle};
use tokio::net::TcpSocket;

/// The number of threads that serve: one a processor.
pub fn cores() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// As many sockets that listen on one address; port 0 takes any free one. Needs a tokio runtime.
///
/// # Errors
/// The system's, such as that another process listens there already.
pub fn listeners(address: SocketAddr, count: usize) -> io::Result<Vec<TcpListener>> {
    let first = socket(address)?;
    first.bind(address)?;
    // From here on it may be joined, and only by who says the same before binding.
    first.set_reuseport(true)?;
    let address = first.local_addr()?;
    let mut sockets = vec![first];
    for _ in 1..count {
        let next = socket(address)?;
        next.set_reuseport(true)?;
        next.bind(address)?;
        sockets.push(next);
    }
    sockets.into_iter().map(|socket| socket.listen(BACKLOG)?.into_std()).collect()
}

fn socket(address: SocketAddr) -> io::Result<TcpSocket> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // Connections of a daemon that has just stopped do not keep the address.
    socket.set_reuseaddr(true)?;
    Ok(socket)
}

/// Runs `serve` to its end on a thread and a runtime of its own, with this listener.
///
/// # Errors
/// When the system has no room for the thread or the runtime.
pub fn spawn<F>(
    name: String,
    listener: TcpListener,
    serve: impl FnOnce(tokio::net::TcpListener) -> F + Send + 'static,
) -> io::Result<JoinHandle<()>>
where
    F: Future<Output = ()>,
{
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let listener = {
        let _inside = runtime.enter();
        tokio::net::TcpListener::from_std(listener)?
    };
    thread::Builder::new().name(name).spawn(move || runtime.block_on(serve(listener)))
}
