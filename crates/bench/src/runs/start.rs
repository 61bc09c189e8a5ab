//! How fast the daemon starts, after a clean stop and after a kill.

use std::time::Duration;

use crate::error::{BenchError, Stop};
use crate::load::Load;
use crate::load::tally::Spread;
use crate::options::Options;
use crate::report::results::Results;
use crate::runs::edits::Edits;
use crate::sut::{Started, Subject};

/// How long is written before the power is cut.
const WRITES_BEFORE_KILL: Duration = Duration::from_millis(500);

/// Connections that write then.
const WRITERS: usize = 16;

/// Starts the daemon again and again: after a clean stop, and after it was killed amid writes.
pub(crate) fn start(
    options: &Options,
    subject: &mut Subject,
    results: &mut Results,
    stop: Stop,
) -> Result<(), BenchError> {
    let (mut clean, mut killed) = (Vec::new(), Vec::new());
    for _ in 0..options.rounds() {
        subject.stop_daemon()?;
        clean.push(subject.start(stop)?);
        // A directory of somebody else is not written to for this.
        if subject.is_ours() {
            let edits = Edits::new(subject, true, options.seed);
            let load = Load {
                address: subject.address,
                pid: None,
                connections: WRITERS,
                threads: 1,
                pipeline: 1,
                fresh: false,
                rate: None,
                warmup: Duration::ZERO,
                duration: WRITES_BEFORE_KILL,
            };
            let written = load.run(&|place| edits.asker(place, WRITERS), stop)?;
            results.faults.extend(written.tally.errors);
        }
        subject.kill_daemon();
        killed.push(subject.start(stop)?);
    }
    for (how, starts) in [("a clean stop", clean), ("kill -9", killed)] {
        let pick = |time: fn(&Started) -> Duration| {
            let times: Vec<f64> = starts.iter().map(|start| time(start).as_secs_f64()).collect();
            Spread::of(&times).map(|spread| spread.median)
        };
        let contacts = subject.people.contacts;
        let (answered, ready) = (pick(|start| start.answered), pick(|start| start.ready));
        results.figure("start", format!("first answer after {how}"), contacts, answered, "s");
        results.figure("start", format!("ready after {how}"), contacts, ready, "s");
    }
    Ok(())
}
