//! The load: connections on a few threads that ask and wait, or keep to a schedule. The client
//! shares the machine with the server, so it does as little as it can: raw sockets, requests
//! written into one buffer, answers parsed no further than needed. It does not know what is
//! asked.

pub(crate) mod response;
pub(crate) mod tally;

use std::cell::RefCell;
use std::collections::VecDeque;
use std::io::{self, Read, Write};
use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Barrier, OnceLock};
use std::thread;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::LocalSet;

use crate::error::{BenchError, Stop};
use crate::load::response::Parser;
use crate::load::tally::{Measured, Tally};
use crate::questions::{Ask, Expected};
use crate::sut::process;
use carnet_client::reason;

/// How long answers are waited for after the last request.
const GRACE: Duration = Duration::from_secs(10);

/// How long a connection rests after a fault: a server that is gone is not asked in a busy loop.
const PAUSE_AFTER_FAULT: Duration = Duration::from_millis(5);

/// Room for what comes with one read.
const READ_BYTES: usize = 32 << 10;

/// Questions that go out together where only the answers matter, not their times.
const ASK_AT_ONCE: usize = 16;

/// How often the measuring thread looks whether it was told to stop.
const LOOK_EVERY: Duration = Duration::from_millis(50);

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

/// When is measured.
#[derive(Clone, Copy, Debug)]
struct Window {
    start: Instant,
    open: Instant,
    close: Instant,
}

/// Where threads and measurer wait for one another.
struct Gate {
    connected: Barrier,
    told: Barrier,
    window: OnceLock<Window>,
    ended: Ended,
}

/// Whether the load shall end early. The measuring thread alone asks for that and sets it; the
/// threads of the client look at it before each request.
#[derive(Clone, Debug, Default)]
struct Ended(Arc<AtomicBool>);

impl Ended {
    // Relaxed suffices: nothing else is read because of it.
    fn set(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Makes what asks on the connection of this number.
pub(crate) type Askers<'a> = &'a (dyn Fn(usize) -> Box<dyn Ask> + Sync);

impl Load {
    /// Runs it.
    pub(crate) fn run(&self, askers: Askers, stop: Stop) -> Result<Measured, BenchError> {
        let threads = self.threads.clamp(1, self.connections.max(1));
        let gate = Gate {
            connected: Barrier::new(threads + 1),
            told: Barrier::new(threads + 1),
            window: OnceLock::new(),
            ended: Ended::default(),
        };
        thread::scope(|scope| {
            let gate = &gate;
            let workers: Vec<_> = (0..threads)
                .map(|thread| scope.spawn(move || self.work(thread, threads, askers, gate)))
                .collect();
            gate.connected.wait();
            let start = Instant::now();
            let open = start + self.warmup;
            let window =
                *gate.window.get_or_init(|| Window { start, open, close: open + self.duration });
            gate.told.wait();
            gate.sleep_until(window.open, stop);
            let before = self.spent();
            gate.sleep_until(window.close, stop);
            let after = self.spent();
            let mut measured = Measured::nothing()?;
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

    fn work(
        &self,
        thread: usize,
        threads: usize,
        askers: Askers,
        gate: &Gate,
    ) -> Result<Tally, BenchError> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        // Nobody may be missing at the gates, whatever failed.
        let prepared = match &runtime {
            Ok(runtime) => {
                let places = (thread..self.connections).step_by(threads);
                runtime.block_on(async {
                    let mut talks = Vec::new();
                    for place in places {
                        let mut talk = Talk::new(self.clone(), askers(place));
                        if !self.fresh {
                            talk.connect().await?;
                        }
                        talks.push(talk);
                    }
                    Ok(talks)
                })
            }
            Err(error) => Err(reason(error)),
        };
        gate.connected.wait();
        gate.told.wait();
        let (Ok(runtime), Some(window)) = (runtime, gate.window.get().copied()) else {
            return Err(BenchError::failed("the client cannot start"));
        };
        let talks = prepared.map_err(|why| {
            BenchError::failed(format!("{} does not take connections: {why}", self.address))
        })?;
        let tally = Rc::new(RefCell::new(Tally::new()?));
        let shared = Shared { window, tally: Rc::clone(&tally), ended: gate.ended.clone() };
        let mut senders = Vec::new();
        let local = LocalSet::new();
        let mut talking = Vec::new();
        for talk in talks {
            let pace = self.rate.map(|_| {
                let (sender, receiver) = unbounded_channel();
                senders.push(sender);
                receiver
            });
            talking.push(local.spawn_local(talk.go_on(pace, shared.clone())));
        }
        let pacer = self.rate.filter(|_| !senders.is_empty()).map(|rate| {
            let schedule =
                Schedule { start: window.start, close: window.close, rate, thread, threads };
            let ended = gate.ended.clone();
            thread::spawn(move || schedule.keep(&senders, &ended))
        });
        let patience = window.close + GRACE;
        runtime.block_on(local.run_until(async {
            for talk in talking {
                let ended = tokio::time::timeout_at(patience.into(), talk).await;
                if ended.is_err() {
                    shared.failed("no answer in time", 1);
                }
            }
        }));
        if let Some(pacer) = pacer {
            // It ends by itself with the schedule.
            let _ = pacer.join();
        }
        drop(local);
        drop(shared);
        let tally = Rc::try_unwrap(tally).map(RefCell::into_inner);
        tally.map_err(|_| BenchError::failed("the client did not end"))
    }
}

/// Asks so many times on one connection and answers the bodies. A bad answer is an error: what
/// cannot be answered once need not be measured.
pub(crate) fn sample(
    address: SocketAddr,
    asker: &mut dyn Ask,
    count: usize,
) -> Result<Vec<Vec<u8>>, BenchError> {
    let mut bodies = Vec::with_capacity(count);
    each_answer(address, asker, count, |body| {
        bodies.push(body.to_vec());
        Ok(())
    })?;
    Ok(bodies)
}

/// Asks so many times on one connection, and wants good answers.
pub(crate) fn ask_all(
    address: SocketAddr,
    asker: &mut dyn Ask,
    count: usize,
    stop: Stop,
) -> Result<(), BenchError> {
    each_answer(address, asker, count, |_| if stop() { Err(BenchError::stopped()) } else { Ok(()) })
}

fn each_answer(
    address: SocketAddr,
    asker: &mut dyn Ask,
    count: usize,
    mut take: impl FnMut(&[u8]) -> Result<(), BenchError>,
) -> Result<(), BenchError> {
    let failed = |error: io::Error| BenchError::file(format!("{address} does not answer"), &error);
    let mut stream = std::net::TcpStream::connect(address).map_err(failed)?;
    stream.set_read_timeout(Some(GRACE)).map_err(failed)?;
    stream.set_nodelay(true).map_err(failed)?;
    let (mut out, mut parser, mut waiting) = (Vec::new(), Parser::default(), VecDeque::new());
    let mut piece = vec![0; READ_BYTES];
    let mut left = count;
    while left > 0 || !waiting.is_empty() {
        if waiting.is_empty() {
            out.clear();
            let now = left.min(ASK_AT_ONCE);
            waiting.extend((0..now).map(|_| asker.ask(&mut out)));
            left -= now;
            stream.write_all(&out).map_err(failed)?;
        }
        let Some(answer) = parser.next().map_err(BenchError::failed)? else {
            let read = stream.read(&mut piece).map_err(failed)?;
            if read == 0 {
                return Err(BenchError::failed(format!("{address} closed the connection")));
            }
            parser.room().extend_from_slice(piece.get(..read).unwrap_or_default());
            continue;
        };
        let body = parser.body(&answer);
        let expected = waiting.pop_front().unwrap_or(Expected::Any);
        asker.judge(expected, answer.status, body).map_err(|fault| {
            let text = String::from_utf8_lossy(body.get(..body.len().min(200)).unwrap_or_default());
            BenchError::failed(format!("a first question was answered badly: {fault}: {text}"))
        })?;
        take(body)?;
    }
    Ok(())
}

fn difference(before: Option<Duration>, after: Option<Duration>) -> Option<Duration> {
    after?.checked_sub(before?)
}

impl Gate {
    /// Sleeps until then, or until it shall stop, which the threads are told.
    fn sleep_until(&self, moment: Instant, stop: Stop) {
        sleep_until(moment, || {
            if stop() {
                self.ended.set();
            }
            self.ended.is_set()
        });
    }
}

fn sleep_until(moment: Instant, ended: impl Fn() -> bool) {
    while !ended() {
        let left = moment.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return;
        }
        thread::sleep(left.min(LOOK_EVERY));
    }
}

/// The moments at which one of some threads sends, at a rate for all of them together.
#[derive(Clone, Copy, Debug)]
struct Schedule {
    start: Instant,
    close: Instant,
    rate: f64,
    thread: usize,
    threads: usize,
}

impl Schedule {
    /// The moment of this thread's request of this number; `None` when it is over.
    fn moment(&self, number: u64) -> Option<Instant> {
        let place = number as f64 * self.threads as f64 + self.thread as f64;
        let moment =
            self.start.checked_add(Duration::try_from_secs_f64(place / self.rate).ok()?)?;
        (moment < self.close).then_some(moment)
    }

    /// Tells the connections in turn when their moments come. A thread that sleeps wakes within
    /// some 0.1 ms; the runtime's own clock only knows whole milliseconds.
    fn keep(self, connections: &[UnboundedSender<Instant>], ended: &Ended) {
        let mut turns = connections.iter().cycle();
        let mut number = 0;
        while let Some(moment) = self.moment(number) {
            sleep_until(moment, || ended.is_set());
            if ended.is_set() {
                return;
            }
            // A connection that is gone has counted its fault.
            let _ = turns.next().map(|turn| turn.send(moment));
            number += 1;
        }
    }
}

/// What the connections of a thread share.
#[derive(Clone)]
struct Shared {
    window: Window,
    tally: Rc<RefCell<Tally>>,
    ended: Ended,
}

impl Shared {
    fn failed(&self, what: impl Into<String>, times: u64) {
        self.tally.borrow_mut().failed(what, times);
    }
}

/// One connection, and what asks on it.
struct Talk {
    load: Load,
    asker: Box<dyn Ask>,
    stream: Option<TcpStream>,
    parser: Parser,
    out: Vec<u8>,
    /// What was asked and is not answered, with the moment from which its time counts.
    waiting: Vec<(Instant, Expected)>,
    /// How many of these are answered.
    answered: usize,
}

impl Talk {
    fn new(load: Load, asker: Box<dyn Ask>) -> Talk {
        Talk {
            load,
            asker,
            stream: None,
            parser: Parser::default(),
            out: Vec::new(),
            waiting: Vec::new(),
            answered: 0,
        }
    }

    async fn connect(&mut self) -> Result<(), String> {
        let connected = TcpStream::connect(self.load.address).await;
        let stream = connected.map_err(|error| reason(&error))?;
        stream.set_nodelay(true).map_err(|error| reason(&error))?;
        self.parser.clear();
        self.stream = Some(stream);
        Ok(())
    }

    /// Asks until it is over: at the moments of the schedule, or without one again and again.
    async fn go_on(mut self, mut pace: Option<UnboundedReceiver<Instant>>, shared: Shared) {
        loop {
            self.out.clear();
            self.waiting.clear();
            self.answered = 0;
            match &mut pace {
                None => {
                    let now = Instant::now();
                    if now >= shared.window.close || shared.ended.is_set() {
                        return;
                    }
                    for _ in 0..self.load.pipeline {
                        self.add(now);
                    }
                }
                Some(pace) => {
                    let Some(moment) = pace.recv().await else { return };
                    self.add(moment);
                    while self.waiting.len() < self.load.pipeline
                        && let Ok(moment) = pace.try_recv()
                    {
                        self.add(moment);
                    }
                }
            }
            if let Err(fault) = self.exchange(&shared).await {
                let unanswered = self.waiting.len() - self.answered;
                shared.failed(fault, u64::try_from(unanswered).unwrap_or(1).max(1));
                self.stream = None;
                if shared.ended.is_set() {
                    return;
                }
                tokio::time::sleep(PAUSE_AFTER_FAULT).await;
            }
        }
    }

    fn add(&mut self, moment: Instant) {
        let expected = self.asker.ask(&mut self.out);
        self.waiting.push((moment, expected));
    }

    /// Sends what waits and reads the answers.
    async fn exchange(&mut self, shared: &Shared) -> Result<(), String> {
        if self.load.fresh || self.stream.is_none() {
            self.connect().await.map_err(|why| format!("no connection: {why}"))?;
        }
        let Some(stream) = &mut self.stream else { return Err("no connection".to_owned()) };
        let written = stream.write_all(&self.out).await;
        written.map_err(|error| format!("sending failed: {}", reason(&error)))?;
        while let Some((moment, expected)) = self.waiting.get(self.answered).copied() {
            let answer = loop {
                if let Some(answer) = self.parser.next()? {
                    break answer;
                }
                let room = self.parser.room();
                room.reserve(READ_BYTES);
                let read = stream.read_buf(room).await;
                if read.map_err(|error| format!("receiving failed: {}", reason(&error)))? == 0 {
                    match self.parser.end()? {
                        Some(answer) => break answer,
                        None => return Err("the connection was closed".to_owned()),
                    }
                }
            };
            let now = Instant::now();
            let body = self.parser.body(&answer);
            self.answered += 1;
            match self.asker.judge(expected, answer.status, body) {
                Ok(answers) => {
                    if (shared.window.open..shared.window.close).contains(&now) {
                        let time = now.saturating_duration_since(moment);
                        shared.tally.borrow_mut().answered(time, answers, body.len());
                    }
                }
                Err(fault) => shared.failed(fault, 1),
            }
            if answer.closes && self.answered < self.waiting.len() {
                return Err("the connection was closed".to_owned());
            }
            if answer.closes || self.load.fresh {
                self.stream = None;
                return Ok(());
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
