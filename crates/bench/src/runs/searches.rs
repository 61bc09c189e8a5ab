//! Searches by name, of the product alone.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use carnet_sample::Random;

use crate::error::{BenchError, Stop};
use crate::options::Options;
use crate::questions::Ask;
use crate::questions::search::{HITS, Typing};
use crate::report::results::Run;
use crate::runs::rounds::{Question, alone};
use crate::sut::Subject;

/// Connections when nobody says how many.
pub(crate) const CONNECTIONS: u32 = 8;

/// Measures them for each count of connections.
pub(crate) fn run(
    options: &Options,
    subject: &Subject,
    stop: Stop,
) -> Result<Vec<Run>, BenchError> {
    let names = Arc::new(subject.people.names.clone());
    if names.is_empty() {
        return Err(BenchError::failed(
            "there is no name in the directory that could be searched for",
        ));
    }
    // As with numbers, no two connections and rounds ask the same.
    let next = AtomicU64::new(0);
    let askers = |_: usize| {
        let random = Random::at(options.seed, next.fetch_add(1, Ordering::Relaxed));
        Box::new(Typing::new(&subject.access, &names, options.typos, random)) as Box<dyn Ask>
    };
    let manner = match options.typos {
        true => format!("one typing error, {HITS} hits"),
        false => format!("as one types, {HITS} hits"),
    };
    let question =
        Question { what: "search", manner, askers: &askers, media_type: "", questions: 1 };
    // Numbers, batches and misses belong to look-ups; the rest is as with these.
    let counts = options.connections(CONNECTIONS).into_iter();
    counts.map(|connections| alone(options, subject, &question, connections, stop)).collect()
}
