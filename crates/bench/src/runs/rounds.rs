//! Product and yardstick in turn, for some rounds: what a machine does meanwhile falls on both.

use std::net::SocketAddr;

use crate::error::{BenchError, Stop};
use crate::load::single::sample;
use crate::load::tally::Measured;
use crate::load::{Askers, Load};
use crate::options::Options;
use crate::questions::OfSize;
use crate::report::results::Run;
use crate::sut::Subject;
use crate::sut::child::{self, Child};
use crate::sut::scratch::Scratch;

/// Answers from which the one of middle length is taken.
const SAMPLES: usize = 65;

/// What is asked, and of whom the yardstick is made.
pub(crate) struct Question<'a> {
    /// Its name.
    pub(crate) what: &'static str,
    /// How it is asked, in words.
    pub(crate) manner: String,
    /// What asks it.
    pub(crate) askers: Askers<'a>,
    /// The kind of its answers.
    pub(crate) media_type: &'static str,
    /// Questions in one request.
    pub(crate) questions: u32,
}

/// Asks the product alone, for all rounds.
pub(crate) fn alone(
    options: &Options,
    subject: &Subject,
    question: &Question,
    connections: usize,
    stop: Stop,
) -> Result<Run, BenchError> {
    let load = load(options, subject.address, subject.pid, connections);
    let sum = merged(options.rounds(), || load.run(question.askers, stop))?;
    Ok(Run::alone(question.what, &question.manner, subject.people.contacts, connections, sum))
}

/// So many rounds of something, added up.
pub(crate) fn merged(
    rounds: u32,
    mut round: impl FnMut() -> Result<Measured, BenchError>,
) -> Result<Measured, BenchError> {
    let mut sum = Measured::nothing()?;
    for _ in 0..rounds {
        sum.add(&round()?);
    }
    Ok(sum)
}

/// Asks product and yardstick in turn.
pub(crate) fn compared(
    options: &Options,
    subject: &Subject,
    question: &Question,
    connections: usize,
    stop: Stop,
) -> Result<Run, BenchError> {
    let yardstick = Yardstick::start(subject, question)?;
    let (mut carnet, mut bare) = (Measured::nothing()?, Measured::nothing()?);
    let mut ratios = Vec::new();
    let same = |place: usize| {
        let asker = (question.askers)(place);
        Box::new(OfSize::new(asker, yardstick.bytes, question.questions)) as _
    };
    for _ in 0..options.rounds() {
        let product = load(options, subject.address, subject.pid, connections);
        let product = product.run(question.askers, stop)?;
        let pid = Some(yardstick.child.pid());
        let stick = load(options, yardstick.address, pid, connections).run(&same, stop)?;
        if let (Some(stick), Some(product)) = (stick.cpu_micros(), product.cpu_micros())
            && product > 0.0
        {
            ratios.push(stick / product);
        }
        carnet.add(&product);
        bare.add(&stick);
    }
    let run =
        Run::alone(question.what, &question.manner, subject.people.contacts, connections, carnet);
    Ok(Run { yardstick: Some(bare), ratios, ..run })
}

/// A load as the options say.
pub(crate) fn load(
    options: &Options,
    address: SocketAddr,
    pid: Option<u32>,
    connections: usize,
) -> Load {
    Load {
        address,
        pid,
        connections,
        threads: usize::try_from(options.threads).unwrap_or(1),
        pipeline: usize::try_from(options.pipeline).unwrap_or(1),
        fresh: options.new_connections,
        rate: options.rate,
        warmup: options.warmup(),
        duration: options.duration(),
    }
}

/// A bare server that answers what the product did.
struct Yardstick {
    child: Child,
    address: SocketAddr,
    bytes: usize,
    /// Keeps the body for as long as the server may want it.
    _scratch: Scratch,
}

impl Yardstick {
    fn start(subject: &Subject, question: &Question) -> Result<Yardstick, BenchError> {
        let mut bodies = sample(subject.address, &mut *(question.askers)(usize::MAX), SAMPLES)?;
        bodies.sort_by_key(Vec::len);
        let body = bodies.get(bodies.len() / 2).cloned().unwrap_or_default();
        let scratch = Scratch::new(false)?;
        let file = scratch.path().join("body");
        std::fs::write(&file, &body).map_err(|error| BenchError::file(file.display(), &error))?;
        let file = file.display().to_string();
        let words = [
            "bench",
            "yardstick",
            "--listen",
            "127.0.0.1:0",
            "--bytes",
            &file,
            "--media-type",
            question.media_type,
        ];
        let (child, address) = child::listening(&mut child::carnet(scratch.path(), &words)?)?;
        let address = address.parse();
        let address = address.map_err(|_| BenchError::failed("the yardstick listens nowhere"))?;
        Ok(Yardstick { child, address, bytes: body.len(), _scratch: scratch })
    }
}
