//! Searches by name, of the product alone.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use carnet_sample::Random;

use crate::error::{BenchError, Stop};
use crate::options::Options;
use crate::questions::Question;
use crate::questions::search::{HITS, Search};
use crate::report::results::Run;
use crate::runs::rounds::{Workload, alone};
use crate::sut::Sut;

/// Connections, unless the options say how many.
pub(crate) const CONNECTIONS: u32 = 8;

/// Measures searches for each count of connections.
pub(crate) fn run(options: &Options, sut: &Sut, stop: Stop) -> Result<Vec<Run>, BenchError> {
    let names = Arc::new(sut.people.names.clone());
    if names.is_empty() {
        return Err(BenchError::failed(
            "there is no name in the directory that could be searched for",
        ));
    }
    // As with numbers: no two connections, and no two rounds, ask the same.
    let next = AtomicU64::new(0);
    let questions = |_: usize| {
        let random = Random::at(options.seed, next.fetch_add(1, Ordering::Relaxed));
        Box::new(Search::new(&sut.access, &names, options.typos, random)) as Box<dyn Question>
    };
    let manner = match options.typos {
        true => format!("one typing error, {HITS} hits"),
        false => format!("as one types, {HITS} hits"),
    };
    let workload = Workload {
        what: "search",
        manner,
        questions: &questions,
        media_type: "",
        questions_per_request: 1,
    };
    // Numbers, batches and misses belong to look-ups; the rest is as with these.
    let counts = options.connections(CONNECTIONS).into_iter();
    counts.map(|connections| alone(options, sut, &workload, connections, stop)).collect()
}
