//! One connection of a load: it asks at its moments, reads the answers and counts them. It does
//! not know the other connections.

use std::cell::RefCell;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use carnet_client::reason;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc::UnboundedReceiver;

use crate::load::response::{Answer, Parser};
use crate::load::schedule::{StopFlag, Window};
use crate::load::tally::Tally;
use crate::questions::{Expected, Question};

/// How long a connection rests after a fault: a server that is gone is not asked in a busy loop.
const PAUSE_AFTER_FAULT: Duration = Duration::from_millis(5);

/// Room for the bytes of one read.
const READ_BYTES: usize = 32 << 10;

/// How a connection asks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Manner {
    /// The server.
    pub(crate) address: SocketAddr,
    /// Requests that go out before the first of them is answered.
    pub(crate) pipeline: usize,
    /// Whether each request has a connection of its own.
    pub(crate) fresh: bool,
}

/// Shared by the connections of a thread.
#[derive(Clone)]
pub(crate) struct Shared {
    /// When is asked and measured.
    pub(crate) window: Window,
    /// Where answers and faults are counted.
    pub(crate) tally: Rc<RefCell<Tally>>,
    /// Whether the load ends early.
    pub(crate) stop: StopFlag,
}

impl Shared {
    /// Counts a fault.
    pub(crate) fn failed(&self, what: impl Into<String>, times: u64) {
        self.tally.borrow_mut().failed(what, times);
    }
}

/// One connection, and its questions.
pub(crate) struct Connection {
    manner: Manner,
    question: Box<dyn Question>,
    stream: Option<TcpStream>,
    parser: Parser,
    out: Vec<u8>,
    /// Requests that were sent together, each with the moment from which its time counts.
    waiting: Vec<(Instant, Expected)>,
    /// Answers to these so far.
    answered: usize,
}

impl Connection {
    /// One that asks in a manner; it is not open yet.
    pub(crate) fn new(manner: Manner, question: Box<dyn Question>) -> Connection {
        Connection {
            manner,
            question,
            stream: None,
            parser: Parser::default(),
            out: Vec::new(),
            waiting: Vec::new(),
            answered: 0,
        }
    }

    /// Opens it, or opens it again.
    pub(crate) async fn connect(&mut self) -> Result<(), String> {
        let connected = TcpStream::connect(self.manner.address).await;
        let stream = connected.map_err(|error| reason(&error))?;
        stream.set_nodelay(true).map_err(|error| reason(&error))?;
        // The rest of an answer that broke off belongs to the old connection.
        self.parser.clear();
        self.stream = Some(stream);
        Ok(())
    }

    /// Asks until the window closes or the load is stopped: at `moments`, or without them as soon
    /// as the answers have come.
    pub(crate) async fn run(
        mut self,
        mut moments: Option<UnboundedReceiver<Instant>>,
        shared: Shared,
    ) {
        loop {
            self.out.clear();
            self.waiting.clear();
            self.answered = 0;
            match &mut moments {
                None => {
                    let now = Instant::now();
                    if now >= shared.window.close || shared.stop.is_set() {
                        return;
                    }
                    // Without a schedule a request is due when it is sent.
                    for _ in 0..self.manner.pipeline {
                        self.add(now);
                    }
                }
                Some(moments) => {
                    let Some(moment) = moments.recv().await else { return };
                    self.add(moment);
                    // Requests that fell due while the connection was busy go out together; each
                    // keeps the moment at which it was due.
                    while self.waiting.len() < self.manner.pipeline
                        && let Ok(moment) = moments.try_recv()
                    {
                        self.add(moment);
                    }
                }
            }
            if let Err(fault) = self.exchange(&shared).await {
                // Every request without an answer is a fault.
                let unanswered = self.waiting.len() - self.answered;
                shared.failed(fault, u64::try_from(unanswered).unwrap_or(1).max(1));
                self.stream = None;
                if shared.stop.is_set() {
                    return;
                }
                tokio::time::sleep(PAUSE_AFTER_FAULT).await;
            }
        }
    }

    fn add(&mut self, moment: Instant) {
        let expected = self.question.ask(&mut self.out);
        self.waiting.push((moment, expected));
    }

    /// Sends the requests that were put together and reads their answers.
    async fn exchange(&mut self, shared: &Shared) -> Result<(), String> {
        if self.manner.fresh || self.stream.is_none() {
            self.connect().await.map_err(|why| format!("no connection: {why}"))?;
        }
        let Some(stream) = &mut self.stream else { return Err("no connection".to_owned()) };
        let written = stream.write_all(&self.out).await;
        written.map_err(|error| format!("sending failed: {}", reason(&error)))?;
        while let Some((moment, expected)) = self.waiting.get(self.answered).copied() {
            let answer = receive(stream, &mut self.parser).await?;
            // Before the answer is judged, which is the client's time and not the server's.
            let now = Instant::now();
            let body = self.parser.body(&answer);
            self.answered += 1;
            match self.question.judge(expected, answer.status, body) {
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
            if answer.closes || self.manner.fresh {
                self.stream = None;
                return Ok(());
            }
        }
        Ok(())
    }
}

/// Reads the next answer; its body is in the parser.
async fn receive(stream: &mut TcpStream, parser: &mut Parser) -> Result<Answer, String> {
    loop {
        if let Some(answer) = parser.next()? {
            return Ok(answer);
        }
        let room = parser.room();
        room.reserve(READ_BYTES);
        let read = stream.read_buf(room).await;
        if read.map_err(|error| format!("receiving failed: {}", reason(&error)))? == 0 {
            return parser.end()?.ok_or_else(|| "the connection was closed".to_owned());
        }
    }
}
