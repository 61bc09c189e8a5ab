//! Measures how fast the daemon starts, after a clean stop and after a kill.

use std::time::Duration;

use crate::error::{BenchError, Stop};
use crate::load::Load;
use crate::load::tally::Spread;
use crate::options::Options;
use crate::report::results::Results;
use crate::runs::edits::Edits;
use crate::sut::{StartTimes, Sut};

/// How long edits are made before the kill.
const WRITES_BEFORE_KILL: Duration = Duration::from_millis(500);

/// Connections that edit then.
const WRITERS: usize = 16;

/// Starts the daemon after a clean stop and after a kill amid edits, in turn.
pub(crate) fn start(
    options: &Options,
    sut: &mut Sut,
    results: &mut Results,
    stop: Stop,
) -> Result<(), BenchError> {
    let (mut clean, mut killed) = (Vec::new(), Vec::new());
    for _ in 0..options.rounds() {
        sut.stop_daemon()?;
        clean.push(sut.start(stop)?);
        // Only made-up data are written to for this.
        if sut.is_made_up() {
            let edits = Edits::new(sut, true, options.seed);
            let load = Load {
                address: sut.address,
                pid: None,
                connections: WRITERS,
                threads: 1,
                pipeline: 1,
                fresh: false,
                rate: None,
                warmup: Duration::ZERO,
                duration: WRITES_BEFORE_KILL,
            };
            let written = load.run(&|place| edits.question(place, WRITERS), stop)?;
            results.faults.extend(written.tally.errors);
        }
        sut.kill_daemon();
        killed.push(sut.start(stop)?);
    }
    for (how, starts) in [("a clean stop", clean), ("kill -9", killed)] {
        let pick = |time: fn(&StartTimes) -> Duration| {
            let times: Vec<f64> = starts.iter().map(|start| time(start).as_secs_f64()).collect();
            Spread::of(&times).map(|spread| spread.median)
        };
        let contacts = sut.people.contacts;
        let (answered, ready) = (pick(|start| start.answered), pick(|start| start.ready));
        results.figure("start", format!("first answer after {how}"), contacts, answered, "s");
        results.figure("start", format!("ready after {how}"), contacts, ready, "s");
    }
    Ok(())
}
