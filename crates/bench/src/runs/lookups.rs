//! Questions about numbers: look-ups as JSON, caller ID, many in one request.

use std::sync::Arc;

use crate::error::{BenchError, Stop};
use crate::options::{Numbers, Options};
use carnet_client::Access;

use crate::questions::Ask;
use crate::questions::batch::Batch;
use crate::questions::caller_id::CallerId;
use crate::questions::lookup::Lookup;
use crate::questions::numbers::{self as callers, Callers};
use crate::report::results::Run;
use crate::runs::rounds::{Question, compared};
use crate::sut::Subject;

/// Connections when nobody says how many.
pub(crate) const CONNECTIONS: u32 = 64;

/// What is asked about numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum AboutNumbers {
    /// The API's look-up.
    Lookup,
    /// Caller ID.
    CallerId,
    /// So many numbers in a request, and what to show.
    Batch(u32, String),
}

impl AboutNumbers {
    /// What asks this on one connection.
    pub(crate) fn asker(&self, access: &Access, callers: &Arc<Callers>) -> Box<dyn Ask> {
        let draw = Callers::draw(callers);
        match self {
            AboutNumbers::Lookup => Box::new(Lookup::new(access, draw)),
            AboutNumbers::CallerId => Box::new(CallerId::new(access, draw)),
            AboutNumbers::Batch(numbers, show) => {
                Box::new(Batch::new(access, draw, *numbers, show))
            }
        }
    }

    /// Questions in one request.
    pub(crate) fn questions(&self) -> u32 {
        match self {
            AboutNumbers::Batch(numbers, _) => *numbers,
            _ => 1,
        }
    }
}

/// What the options ask about.
pub(crate) fn about(options: &Options) -> AboutNumbers {
    match options.batch {
        Some(numbers) => AboutNumbers::Batch(numbers, options.show.name().to_owned()),
        None => AboutNumbers::Lookup,
    }
}

/// The numbers that the options choose.
pub(crate) fn callers(options: &Options, subject: &Subject) -> Result<Arc<Callers>, BenchError> {
    let numbers = subject.people.numbers.clone();
    if numbers.is_empty() && options.recorded().is_none() {
        return Err(BenchError::failed("there is no number in the directory that could be asked"));
    }
    let absent = match options.misses > 0.0 {
        true => callers::absent(&numbers, options.seed),
        false => Vec::new(),
    };
    if options.misses > 0.0 && absent.is_empty() {
        return Err(BenchError::failed("no number was found that nobody has"));
    }
    let callers = Callers::uniform(numbers, absent, options.misses, options.seed);
    Ok(Arc::new(match &options.numbers {
        Numbers::Uniform => callers,
        Numbers::Zipf(exponent) => callers.zipf(*exponent),
        Numbers::File(path) => callers.recorded(path)?,
    }))
}

/// Measures them, product and yardstick in turn, for each count of connections.
pub(crate) fn run(
    options: &Options,
    subject: &Subject,
    about: &AboutNumbers,
    stop: Stop,
) -> Result<Vec<Run>, BenchError> {
    let callers = callers(options, subject)?;
    let access = match about {
        AboutNumbers::CallerId => &subject.key,
        _ => &subject.access,
    };
    let (what, media_type, manner) = match about {
        AboutNumbers::Lookup => ("lookup", "application/json", options.manner()),
        AboutNumbers::CallerId => ("cid", "text/plain; charset=utf-8", options.manner()),
        AboutNumbers::Batch(numbers, show) => (
            "batch",
            "application/x-ndjson",
            format!("{numbers} a request, {show}, {}", options.manner()),
        ),
    };
    let question = Question {
        what,
        manner,
        askers: &|_| about.asker(access, &callers),
        media_type,
        questions: about.questions(),
    };
    let counts = options.connections(CONNECTIONS).into_iter();
    counts.map(|connections| compared(options, subject, &question, connections, stop)).collect()
}
