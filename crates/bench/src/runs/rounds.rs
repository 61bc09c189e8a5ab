//! Rounds: carnet and the bare server in turn, so that a change of the machine falls on both.

use std::net::SocketAddr;

use crate::error::{BenchError, Stop};
use crate::load::single::sample;
use crate::load::tally::Measured;
use crate::load::{Load, Questions};
use crate::options::Options;
use crate::questions::FixedSize;
use crate::report::results::Run;
use crate::sut::Sut;
use crate::sut::child::{self, Child};
use crate::sut::scratch::Scratch;

/// Answers from which the one of middle length is taken.
const SAMPLES: usize = 65;

/// A kind of question, as it is asked in a load.
pub(crate) struct Workload<'a> {
    /// The name of the measurement.
    pub(crate) what: &'static str,
    /// How it is asked, in words.
    pub(crate) manner: String,
    /// Makes the questions of each connection.
    pub(crate) questions: Questions<'a>,
    /// The media type of the answers.
    pub(crate) media_type: &'static str,
    /// Questions in one request.
    pub(crate) questions_per_request: u32,
}

/// Asks carnet alone, for all rounds.
pub(crate) fn alone(
    options: &Options,
    sut: &Sut,
    workload: &Workload,
    connections: usize,
    stop: Stop,
) -> Result<Run, BenchError> {
    let load = load(options, sut.address, sut.pid, connections);
    let sum = merged(options.rounds(), || load.run(workload.questions, stop))?;
    Ok(Run::alone(workload.what, &workload.manner, sut.people.contacts, connections, sum))
}

/// The sum of some rounds.
pub(crate) fn merged(
    rounds: u32,
    mut round: impl FnMut() -> Result<Measured, BenchError>,
) -> Result<Measured, BenchError> {
    let mut sum = Measured::empty()?;
    for _ in 0..rounds {
        sum.add(&round()?);
    }
    Ok(sum)
}

/// Asks carnet and the bare server in turn.
pub(crate) fn compared(
    options: &Options,
    sut: &Sut,
    workload: &Workload,
    connections: usize,
    stop: Stop,
) -> Result<Run, BenchError> {
    let server = BareServer::start(sut, workload)?;
    let (mut carnet, mut bare_sum) = (Measured::empty()?, Measured::empty()?);
    let mut ratios = Vec::new();
    let same = |place: usize| {
        let question = (workload.questions)(place);
        Box::new(FixedSize::new(question, server.bytes, workload.questions_per_request)) as _
    };
    for _ in 0..options.rounds() {
        let product = load(options, sut.address, sut.pid, connections);
        let product = product.run(workload.questions, stop)?;
        let pid = Some(server.child.pid());
        let bare = load(options, server.address, pid, connections).run(&same, stop)?;
        if let (Some(bare), Some(product)) = (bare.cpu_micros(), product.cpu_micros())
            && product > 0.0
        {
            // A ratio for each round: the median of rounds is steadier than the ratio of sums.
            ratios.push(bare / product);
        }
        carnet.add(&product);
        bare_sum.add(&bare);
    }
    let run = Run::alone(workload.what, &workload.manner, sut.people.contacts, connections, carnet);
    Ok(Run { bare: Some(bare_sum), ratios, ..run })
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

/// A bare server that answers as carnet did.
struct BareServer {
    child: Child,
    address: SocketAddr,
    bytes: usize,
    /// Keeps the body for as long as the server may want it.
    _scratch: Scratch,
}

impl BareServer {
    /// Starts it with the answer of middle length out of a sample of carnet's.
    fn start(sut: &Sut, workload: &Workload) -> Result<BareServer, BenchError> {
        let mut bodies = sample(sut.address, &mut *(workload.questions)(usize::MAX), SAMPLES)?;
        // One body stands for all, so that the bare server has nothing to choose.
        bodies.sort_by_key(Vec::len);
        let body = bodies.get(bodies.len() / 2).cloned().unwrap_or_default();
        let scratch = Scratch::new(false)?;
        let file = scratch.path().join("body");
        std::fs::write(&file, &body).map_err(|error| BenchError::file(file.display(), &error))?;
        let file = file.display().to_string();
        let words = [
            "bench",
            "bare-server",
            "--listen",
            "127.0.0.1:0",
            "--bytes",
            &file,
            "--media-type",
            workload.media_type,
        ];
        let (child, address) = child::listening(&mut child::carnet(scratch.path(), &words)?)?;
        let address = address.parse();
        let address = address.map_err(|_| BenchError::failed("the bare server listens nowhere"))?;
        Ok(BareServer { child, address, bytes: body.len(), _scratch: scratch })
    }
}
