//! The loop that drives a connection of hyper until it ends, the daemon stops, or its client has
//! been watched long enough.

use crate::server::shutdown::Stage;
use hyper::rt::{Read, Write};
use hyper::server::conn::{http1, http2};
use hyper_util::rt::TokioExecutor;
use std::error::Error;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

/// A connection of hyper, whichever its protocol.
pub(super) trait Connection: Future<Output = hyper::Result<()>> {
    /// Ends it once what it is doing is done.
    fn shut_down(self: Pin<&mut Self>);
}

impl<I, S, B> Connection for http1::Connection<I, S>
where
    I: Read + Write + Unpin,
    S: hyper::service::HttpService<hyper::body::Incoming, ResBody = B>,
    S::Error: Into<Box<dyn Error + Send + Sync>>,
    B: hyper::body::Body + 'static,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    fn shut_down(self: Pin<&mut Self>) {
        self.graceful_shutdown();
    }
}

impl<I, S, B> Connection for http2::Connection<I, S, TokioExecutor>
where
    I: Read + Write + Unpin,
    S: hyper::service::HttpService<hyper::body::Incoming, ResBody = B>,
    S::Error: Into<Box<dyn Error + Send + Sync>>,
    S::Future: Send + 'static,
    B: hyper::body::Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    fn shut_down(self: Pin<&mut Self>) {
        self.graceful_shutdown();
    }
}

/// The state of a connection, as a [`Watch`] finds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Fine,
    /// It had no request for too long.
    Idle,
    /// Its client takes nothing of an answer.
    Stalled,
}

/// A look at a connection now and then.
pub(super) struct Watch<F> {
    pub(super) every: Duration,
    pub(super) look: F,
}

/// Drives a connection to its end. Without a watch its stream keeps the times by itself.
pub(super) async fn drive<C: Connection, F: FnMut() -> Verdict>(
    mut connection: Pin<&mut C>,
    stage: &mut watch::Receiver<Stage>,
    mut watch: Option<Watch<F>>,
) {
    let mut look = watch.as_ref().map(|watch| Instant::now() + watch.every);
    let mut ending = false;
    loop {
        let now = *stage.borrow_and_update();
        match now {
            Stage::Stopping if !ending => {
                ending = true;
                connection.as_mut().shut_down();
            }
            Stage::Running | Stage::Stopping => {}
            Stage::Over => return,
        }
        let pause = async {
            match look {
                Some(at) => sleep_until(at).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            ended = connection.as_mut() => {
                if let Err(error) = ended {
                    // The client went away or spoke no HTTP: its matter, not the daemon's.
                    tracing::trace!(%error, "a connection ended early");
                }
                return;
            }
            changed = stage.changed() => if changed.is_err() { return },
            () = pause => {
                let Some(watch) = &mut watch else { continue };
                look = Some(Instant::now() + watch.every);
                match (watch.look)() {
                    Verdict::Fine => {}
                    // Sends GOAWAY once; when the peer does not read it, the connection is dropped.
                    Verdict::Idle if !ending => {
                        ending = true;
                        connection.as_mut().shut_down();
                    }
                    Verdict::Idle | Verdict::Stalled => return,
                }
            }
        }
    }
}
