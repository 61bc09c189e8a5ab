//! A load: connections on a few threads that ask and wait, or keep to a schedule. The client
//! shares the machine with the server, so it does as little as it can: raw sockets, requests
//! written into one buffer, answers parsed no further than needed. It does not know the questions.

pub(crate) mod connection;
pub(crate) mod response;
pub(crate) mod schedule;
pub(crate) mod single;
pub(crate) mod tally;

use std::cell::RefCell;
use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::{Barrier, OnceLock};
use std::thread;
use std::time::{Duration, Instant};

use carnet_client::reason;
use tokio::runtime::Runtime;
use tokio::sync::mpsc::unbounded_channel;
use tokio::task::LocalSet;

use crate::error::{BenchError, Stop};
use crate::load::connection::{Connection, Manner, Shared};
use crate::load::schedule::{Schedule, StopFlag, Window, sleep_until};
use crate::load::tally::{Measured, Tally};
use crate::questions::Question;
use crate::sut::process;

/// How long answers are waited for after the last request.
const GRACE: Duration = Duration::from_secs(10);

/// A load on one server.
#[derive(Clone, Debug)]
pub(crate) struct Load {
    /// The server.
    pub(crate) address: SocketAddr,
    /// Its process, where that is known.
    pub(crate) pid: Option<u32>,
    /// Connections at once.
    pub(crate) connections: usize,
    /// Threads of the client.
    pub(crate) threads: usize,
    /// Requests that go out before the first of them is answered.
    pub(crate) pipeline: usize,
    /// A connection for each request, closed by the client as libcurl does, instead of one that
    /// is kept. Its time counts.
    pub(crate) fresh: bool,
    /// Requests a second on a schedule; `None` asks again after each answer.
    pub(crate) rate: Option<f64>,
    /// How long is asked before anything is measured.
    pub(crate) warmup: Duration,
    /// How long is measured.
    pub(crate) duration: Duration,
}

/// Makes the questions of a connection, by its number.
pub(crate) type Questions<'a> = &'a (dyn Fn(usize) -> Box<dyn Question> + Sync);

/// One thread of the client: its number, and how many there are.
#[derive(Clone, Copy, Debug)]
struct Share {
    thread: usize,
    threads: usize,
}

/// Where the client's threads and the measuring thread wait for one another.
struct Gate {
    /// Every connection is open, or has failed.
    connected: Barrier,
    /// The window is set.
    window_set: Barrier,
    window: OnceLock<Window>,
    stop: StopFlag,
}

impl Gate {
    fn new(threads: usize) -> Gate {
        Gate {
            connected: Barrier::new(threads + 1),
            window_set: Barrier::new(threads + 1),
            window: OnceLock::new(),
            stop: StopFlag::default(),
        }
    }

    /// Sleeps until `moment`, or until the measurement shall stop, which the flag passes on.
    fn sleep_until(&self, moment: Instant, stop: Stop) {
        sleep_until(moment, || {
            if stop() {
                self.stop.set();
            }
            self.stop.is_set()
        });
    }
}

impl Load {
    /// Runs it, until its window closes or `stop` answers that it shall end.
    ///
    /// # Errors
    /// A server that takes no connections, a client that cannot start, and a stop. Bad answers are
    /// counted instead.
    pub(crate) fn run(&self, questions: Questions, stop: Stop) -> Result<Measured, BenchError> {
        let threads = self.threads.clamp(1, self.connections.max(1));
        let gate = Gate::new(threads);
        thread::scope(|scope| {
            let gate = &gate;
            let workers: Vec<_> = (0..threads)
                .map(|thread| Share { thread, threads })
                .map(|share| scope.spawn(move || self.work(share, questions, gate)))
                .collect();
            // Connecting is not measured: the window is set when the last connection is open.
            gate.connected.wait();
            let start = Instant::now();
            let open = start + self.warmup;
            let window =
                *gate.window.get_or_init(|| Window { start, open, close: open + self.duration });
            gate.window_set.wait();
            gate.sleep_until(window.open, stop);
            // Read at the edges of the window only: reading /proc takes processor time itself.
            let before = self.spent();
            gate.sleep_until(window.close, stop);
            let after = self.spent();
            let mut measured = Measured::empty()?;
            measured.window = self.duration;
            measured.cpu = difference(before.0, after.0);
            measured.client_cpu = difference(before.1, after.1);
            for worker in workers {
                let tally = worker.join();
                measured.tally.add(&tally.map_err(|_| BenchError::failed("the client broke"))??);
            }
            if stop() { Err(BenchError::stopped()) } else { Ok(measured) }
        })
    }

    /// Processor time of the server and of this process.
    fn spent(&self) -> (Option<Duration>, Option<Duration>) {
        (self.pid.and_then(process::cpu), process::own_cpu())
    }

    /// Does one thread's share of the load.
    fn work(&self, share: Share, questions: Questions, gate: &Gate) -> Result<Tally, BenchError> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let connections = match &runtime {
            Ok(runtime) => runtime.block_on(self.connect(share, questions)),
            Err(error) => Err(reason(error)),
        };
        // Every thread comes to both barriers, whatever failed before: the others wait there.
        gate.connected.wait();
        gate.window_set.wait();
        let (Ok(runtime), Some(window)) = (runtime, gate.window.get().copied()) else {
            return Err(BenchError::failed("the client cannot start"));
        };
        let connections = connections.map_err(|why| {
            BenchError::failed(format!("{} does not take connections: {why}", self.address))
        })?;
        self.measure(share, &runtime, connections, window, &gate.stop)
    }

    /// Opens the connections of one thread.
    async fn connect(
        &self,
        share: Share,
        questions: Questions<'_>,
    ) -> Result<Vec<Connection>, String> {
        let manner = Manner { address: self.address, pipeline: self.pipeline, fresh: self.fresh };
        let mut connections = Vec::new();
        for place in (share.thread..self.connections).step_by(share.threads) {
            let mut connection = Connection::new(manner, questions(place));
            if !self.fresh {
                connection.connect().await?;
            }
            connections.push(connection);
        }
        Ok(connections)
    }

    /// Asks on the connections of one thread until the window closes, and counts.
    fn measure(
        &self,
        share: Share,
        runtime: &Runtime,
        connections: Vec<Connection>,
        window: Window,
        stop: &StopFlag,
    ) -> Result<Tally, BenchError> {
        let tally = Rc::new(RefCell::new(Tally::new()?));
        let shared = Shared { window, tally: Rc::clone(&tally), stop: stop.clone() };
        let mut senders = Vec::new();
        // One thread runs all of its connections, so they share the tally without a lock.
        let local = LocalSet::new();
        let mut tasks = Vec::new();
        for connection in connections {
            let moments = self.rate.map(|_| {
                let (sender, receiver) = unbounded_channel();
                senders.push(sender);
                receiver
            });
            tasks.push(local.spawn_local(connection.run(moments, shared.clone())));
        }
        // On a thread of its own: it must not wait for a connection that is busy.
        let pacer = self.rate.filter(|_| !senders.is_empty()).map(|rate| {
            let Share { thread, threads } = share;
            let schedule =
                Schedule { start: window.start, close: window.close, rate, thread, threads };
            let stop = stop.clone();
            thread::spawn(move || schedule.keep(&senders, &stop))
        });
        let patience = window.close + GRACE;
        runtime.block_on(local.run_until(async {
            for task in tasks {
                if tokio::time::timeout_at(patience.into(), task).await.is_err() {
                    shared.failed("no answer in time", 1);
                }
            }
        }));
        if let Some(pacer) = pacer {
            // It ends by itself with the schedule.
            let _ = pacer.join();
        }
        // The tasks hold the tally too, until they are dropped with their set.
        drop(local);
        drop(shared);
        let tally = Rc::try_unwrap(tally).map(RefCell::into_inner);
        tally.map_err(|_| BenchError::failed("the client did not end"))
    }
}

fn difference(before: Option<Duration>, after: Option<Duration>) -> Option<Duration> {
    after?.checked_sub(before?)
}

#[cfg(test)]
mod tests;
