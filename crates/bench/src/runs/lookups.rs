//! Measures look-ups of numbers: as JSON, as caller ID, many in one request.

use std::sync::Arc;

use carnet_client::Access;

use crate::error::{BenchError, Stop};
use crate::options::{Numbers, Options};
use crate::questions::Question;
use crate::questions::batch::NumberBatch;
use crate::questions::caller_id::CallerId;
use crate::questions::lookup::Lookup;
use crate::questions::numbers::{NumberSource, absent};
use crate::report::results::Run;
use crate::runs::rounds::{Workload, compared};
use crate::sut::Sut;

/// Connections, unless the options say how many.
pub(crate) const CONNECTIONS: u32 = 64;

/// A question about numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum NumberQuestion {
    /// The API's look-up.
    Lookup,
    /// Caller ID.
    CallerId,
    /// How many numbers in a request, and what to show of each contact.
    Batch(u32, String),
}

impl NumberQuestion {
    /// The questions of one connection.
    pub(crate) fn question(
        &self,
        access: &Access,
        source: &Arc<NumberSource>,
    ) -> Box<dyn Question> {
        let draw = NumberSource::draw(source);
        match self {
            NumberQuestion::Lookup => Box::new(Lookup::new(access, draw)),
            NumberQuestion::CallerId => Box::new(CallerId::new(access, draw)),
            NumberQuestion::Batch(numbers, show) => {
                Box::new(NumberBatch::new(access, draw, *numbers, show))
            }
        }
    }

    /// Questions in one request.
    pub(crate) fn questions(&self) -> u32 {
        match self {
            NumberQuestion::Batch(numbers, _) => *numbers,
            _ => 1,
        }
    }
}

/// The kind of question that the options name.
pub(crate) fn kind(options: &Options) -> NumberQuestion {
    match options.batch {
        Some(numbers) => NumberQuestion::Batch(numbers, options.show.clone()),
        None => NumberQuestion::Lookup,
    }
}

/// The numbers that the options choose.
pub(crate) fn number_source(options: &Options, sut: &Sut) -> Result<Arc<NumberSource>, BenchError> {
    let numbers = sut.people.numbers.clone();
    if numbers.is_empty() && options.recorded().is_none() {
        return Err(BenchError::failed("there is no number in the directory that could be asked"));
    }
    let misses = match options.misses > 0.0 {
        true => absent(&numbers, options.seed),
        false => Vec::new(),
    };
    if options.misses > 0.0 && misses.is_empty() {
        return Err(BenchError::failed("no number was found that nobody has"));
    }
    let source = NumberSource::uniform(numbers, misses, options.misses, options.seed);
    Ok(Arc::new(match &options.numbers {
        Numbers::Uniform => source,
        Numbers::Zipf(exponent) => source.zipf(*exponent)?,
        Numbers::File(path) => source.recorded(path)?,
    }))
}

/// Measures look-ups, carnet and the bare server in turn, for each count of connections.
pub(crate) fn run(
    options: &Options,
    sut: &Sut,
    kind: &NumberQuestion,
    stop: Stop,
) -> Result<Vec<Run>, BenchError> {
    let source = number_source(options, sut)?;
    let access = match kind {
        NumberQuestion::CallerId => &sut.key,
        _ => &sut.access,
    };
    let (what, media_type, manner) = match kind {
        NumberQuestion::Lookup => ("lookup", "application/json", options.manner()),
        NumberQuestion::CallerId => ("cid", "text/plain; charset=utf-8", options.manner()),
        NumberQuestion::Batch(numbers, show) => (
            "batch",
            "application/x-ndjson",
            format!("{numbers} a request, {show}, {}", options.manner()),
        ),
    };
    let workload = Workload {
        what,
        manner,
        questions: &|_| kind.question(access, &source),
        media_type,
        questions_per_request: kind.questions(),
    };
    let counts = options.connections(CONNECTIONS).into_iter();
    counts.map(|connections| compared(options, sut, &workload, connections, stop)).collect()
}
