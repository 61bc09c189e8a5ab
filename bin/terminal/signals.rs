//! The signals by which people and service managers end a command: SIGTERM and SIGINT. It does
//! not know what the command does then.

use std::io::{self, Read};
use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::thread;
use std::time::Duration;

use crate::failure::{self, Failure};

/// Interval between two looks at the request to stop while an input gives nothing.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// Bytes that a pipe gives at a time.
const CHUNK_BYTES: usize = 64 << 10;

/// Handlers for the signals, from when this is made.
pub(crate) struct Signals {
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
}

impl Signals {
    /// Installs handlers for SIGTERM and SIGINT, which from then on do not end the process.
    /// Needs a tokio runtime.
    #[cfg(unix)]
    pub(crate) fn install() -> io::Result<Signals> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Signals {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    /// Does nothing yet: on this system [`Signals::next`] waits for Ctrl-C.
    #[cfg(not(unix))]
    pub(crate) fn install() -> io::Result<Signals> {
        Ok(Signals {})
    }

    /// Waits for the next one, and names it.
    #[cfg(unix)]
    pub(crate) async fn next(&mut self) -> &'static str {
        tokio::select! {
            _ = self.terminate.recv() => "SIGTERM",
            _ = self.interrupt.recv() => "SIGINT",
        }
    }

    /// Waits for the next one, and names it.
    #[cfg(not(unix))]
    pub(crate) async fn next(&mut self) -> &'static str {
        // Without a handler there is no gentle stop; the process goes on until it is ended.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
        "Ctrl-C"
    }

    /// Waits for the next one, and ends the process at once.
    pub(crate) async fn end_at_next(mut self) {
        self.next().await;
        process::exit(i32::from(failure::FAILED));
    }
}

/// A request to stop, made by the first signal. A second one ends the process at once.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Installs handlers for signals, with a thread of its own that waits for them.
    pub(crate) fn on_signal() -> Result<Stop, Failure> {
        let not_installed = |error: io::Error| Failure::file("signals cannot be heard", &error);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(not_installed)?;
        let mut signals = {
            let _inside = runtime.enter();
            Signals::install().map_err(not_installed)?
        };
        let stop = Stop::default();
        let requested = stop.clone();
        thread::spawn(move || {
            runtime.block_on(async {
                signals.next().await;
                requested.0.store(true, Ordering::Relaxed);
                signals.end_at_next().await;
            });
        });
        Ok(stop)
    }

    /// Whether a signal has come.
    pub(crate) fn is_requested(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// An input that may give nothing for long, such as a terminal: reading it fails soon after
    /// a stop. The thread that waits for it ends with the input or with the process.
    pub(crate) fn interrupts(&self, mut input: impl Read + Send + 'static) -> Interruptible {
        let (give, chunks) = sync_channel(1);
        thread::spawn(move || {
            loop {
                let mut chunk = vec![0; CHUNK_BYTES];
                let read = match input.read(&mut chunk) {
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                    read => read,
                };
                let goes_on = matches!(read, Ok(1..));
                let read = read.map(|count| {
                    chunk.truncate(count);
                    chunk
                });
                if give.send(read).is_err() || !goes_on {
                    return;
                }
            }
        });
        Interruptible { chunks, chunk: Vec::new(), given: 0, stop: self.clone() }
    }
}

/// An input that a stop interrupts.
pub(crate) struct Interruptible {
    chunks: Receiver<io::Result<Vec<u8>>>,
    chunk: Vec<u8>,
    /// Bytes of the chunk that were read.
    given: usize,
    stop: Stop,
}

impl Read for Interruptible {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given >= self.chunk.len() {
            if self.stop.is_requested() {
                return Err(io::Error::other("reading was stopped"));
            }
            match self.chunks.recv_timeout(LOOK_EVERY) {
                Ok(Ok(chunk)) if chunk.is_empty() => return Ok(0),
                Ok(chunk) => (self.chunk, self.given) = (chunk?, 0),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Ok(0),
            }
        }
        let mut rest = self.chunk.get(self.given..).unwrap_or_default();
        let count = rest.read(buffer)?;
        self.given += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_input_comes_through_whole() {
        let text: Vec<u8> = (0..200_000_u32).map(|n| n.to_le_bytes()[0]).collect();
        let mut read = Vec::new();
        let input = io::Cursor::new(text.clone());
        Stop::default().interrupts(input).read_to_end(&mut read).unwrap();
        assert!(read == text, "{} bytes of {}", read.len(), text.len());
    }

    #[test]
    fn a_stop_ends_the_wait_for_an_input_that_gives_nothing() {
        struct Silent(Receiver<()>);
        impl Read for Silent {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                let _ = self.0.recv();
                Ok(0)
            }
        }
        let (_held, never) = sync_channel(1);
        let stop = Stop::default();
        let mut input = stop.interrupts(Silent(never));
        stop.0.store(true, Ordering::Relaxed);
        assert!(input.read(&mut [0; 8]).is_err());
    }
}
