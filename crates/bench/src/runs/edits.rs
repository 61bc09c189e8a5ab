//! Edits that are durable and searchable when they are answered: half of them adds, half changes.
//! Afterwards a sample of what was acknowledged is looked up and searched for.

use std::sync::Arc;
use std::thread;

use carnet_client::CONTACTS_PATH;
use carnet_sample::Random;
use serde_json::{Value, json};

use crate::error::{BenchError, Stop};
use crate::load::tally::Measured;
use crate::load::{Load, Questions};
use crate::options::Options;
use crate::questions::Question;
use crate::questions::edit::{Edit, Ledger, lock, name};
use crate::report::results::{Results, Run};
use crate::runs::lookups;
use crate::runs::rounds::{load, merged};
use crate::sut::Sut;

/// Acknowledged edits that are looked up afterwards, at most.
const LOOKED_UP_MAX: usize = 500;

/// Acknowledged edits that are searched for afterwards, at most.
const SEARCHED_MAX: usize = 50;

/// Connections that add while others look up.
const ADDING_CONNECTIONS: usize = 16;

/// Contacts that one request removes.
const REMOVE_AT_ONCE: usize = 1_000;

/// Edits to be made on a directory, with the ledger of those that were acknowledged.
pub(crate) struct Edits<'a> {
    sut: &'a Sut,
    ledger: Arc<Ledger>,
    changes: bool,
    seed: u64,
}

impl<'a> Edits<'a> {
    /// Adds, and with `changes` as many changes. In made-up data these fall on contacts anywhere in
    /// it; elsewhere only on those that were added here.
    pub(crate) fn new(sut: &'a Sut, changes: bool, seed: u64) -> Edits<'a> {
        Edits { sut, ledger: Arc::new(Ledger::new()), changes, seed }
    }

    /// The edits of one connection, by its number, of `connections`.
    pub(crate) fn question(&self, place: usize, connections: usize) -> Box<dyn Question> {
        let ids = if self.sut.is_made_up() { &self.sut.people.ids[..] } else { &[] };
        let ids = ids.iter().skip(place).step_by(connections.max(1));
        let theirs = if self.changes { ids.cloned().collect() } else { Vec::new() };
        let random = Random::at(self.seed, u64::try_from(place).unwrap_or_default());
        Box::new(Edit::new(&self.sut.access, &self.ledger, theirs, self.changes, random))
    }

    /// Ends a measurement, also one that failed: what was acknowledged is verified, what was added
    /// is removed. Answers how many questions the verification took, too.
    fn finish<T>(
        &self,
        measured: Result<T, BenchError>,
        results: &mut Results,
    ) -> Result<(T, f64), BenchError> {
        let verified = measured.and_then(|measured| Ok((measured, self.verify(results)?)));
        let cleared = self.clear_up();
        let (measured, asked) = verified?;
        cleared?;
        Ok((measured, f64::from(u32::try_from(asked).unwrap_or(u32::MAX))))
    }

    /// Looks up and searches for a sample of the acknowledged edits. Answers how many questions that
    /// took; an edit that is missing becomes a fault.
    fn verify(&self, results: &mut Results) -> Result<usize, BenchError> {
        let remote = self.sut.remote()?;
        let newest = lock(&self.ledger.newest);
        let every = (newest.len() / LOOKED_UP_MAX).max(1);
        let mut missing = [0_u64; 2];
        let mut asked = 0;
        for (place, (id, number)) in newest.iter().step_by(every).enumerate() {
            let number = format!("+{number}");
            let path = format!("{CONTACTS_PATH}/reversewhitepageslookup");
            let found = remote.get(&path, &[("lookupVal", &number)])?;
            missing[0] += u64::from(!holds(&found["contacts"], id));
            asked += 1;
            if place < SEARCHED_MAX {
                let word = name(number[1..].parse().unwrap_or_default());
                let found = remote.get(&format!("{CONTACTS_PATH}/contacts"), &[("q", &word)])?;
                missing[1] += u64::from(!holds(&found["entities"], id));
                asked += 1;
            }
        }
        for (times, how) in missing.into_iter().zip(["look-up", "search"]) {
            if times > 0 {
                results
                    .faults
                    .push((format!("an acknowledged edit was not found by {how}"), times));
            }
        }
        Ok(asked)
    }

    /// Removes the added contacts, except from made-up data.
    fn clear_up(&self) -> Result<(), BenchError> {
        if self.sut.is_made_up() {
            return Ok(());
        }
        for ids in lock(&self.ledger.added).chunks(REMOVE_AT_ONCE) {
            let entities: Vec<Value> = ids.iter().map(|id| json!({ "id": id })).collect();
            let body = json!({ "entities": entities }).to_string();
            let path = format!("{CONTACTS_PATH}/bulk/contacts/remove");
            self.sut.remote()?.post(&path, "application/json", body.as_bytes())?;
        }
        Ok(())
    }
}

fn holds(contacts: &Value, id: &str) -> bool {
    contacts.as_array().is_some_and(|contacts| contacts.iter().any(|contact| contact["id"] == id))
}

/// Measures edits for each count of connections.
pub(crate) fn run(
    options: &Options,
    sut: &Sut,
    results: &mut Results,
    stop: Stop,
) -> Result<(), BenchError> {
    for connections in options.connections(lookups::CONNECTIONS) {
        let edits = Edits::new(sut, true, options.seed);
        let load = load(options, sut.address, sut.pid, connections);
        let measured = merged(options.rounds(), || {
            load.run(&|place| edits.question(place, connections), stop)
        });
        let (measured, asked) = edits.finish(measured, results)?;
        let manner = "half adds, half changes".to_owned();
        let contacts = sut.people.contacts;
        let name = format!("questions for acknowledged edits, {connections} connections");
        results.figure("write", name, contacts, Some(asked), "");
        results.runs.push(Run::alone("write", manner, contacts, connections, measured));
    }
    Ok(())
}

/// Measures look-ups at rest, and while contacts are added.
pub(crate) fn mixed(
    options: &Options,
    sut: &Sut,
    results: &mut Results,
    stop: Stop,
) -> Result<(), BenchError> {
    let source = lookups::number_source(options, sut)?;
    let kind = lookups::kind(options);
    let questions = |_: usize| kind.question(&sut.access, &source);
    let contacts = sut.people.contacts;
    let (manner, adds) = (options.manner(), format!("adds, {}/s on schedule", options.adds));
    for connections in options.connections(lookups::CONNECTIONS) {
        let lookups = load(options, sut.address, sut.pid, connections);
        let rest = merged(options.rounds(), || lookups.run(&questions, stop))?;
        let edits = Edits::new(sut, false, options.seed);
        let busy = while_adding(options, &lookups, &questions, &edits, stop);
        let ((busy, added), asked) = edits.finish(busy, results)?;
        let p99 = |run: &Measured| run.micros_at(0.99);
        let ratio = p99(&busy).zip(p99(&rest)).map(|(busy, rest)| busy / rest);
        let run = |how: &str, measured| {
            Run::alone("mixed", format!("{manner}, {how}"), contacts, connections, measured)
        };
        results.runs.push(run("at rest", rest));
        results.runs.push(run("look-ups while contacts are added, whose CPU is in it", busy));
        results.runs.push(Run::alone("mixed", &adds, contacts, ADDING_CONNECTIONS, added));
        let name = format!("questions for acknowledged adds, {connections} connections");
        results.figure("mixed", name, contacts, Some(asked), "");
        let name = format!("p99 during adds ÷ at rest, {connections} connections");
        results.figure("mixed", name, contacts, ratio, "");
    }
    Ok(())
}

/// Runs look-ups while contacts are added on a schedule, for all rounds. Answers both loads.
fn while_adding(
    options: &Options,
    lookups: &Load,
    questions: Questions,
    edits: &Edits,
    stop: Stop,
) -> Result<(Measured, Measured), BenchError> {
    let adding = Load {
        connections: ADDING_CONNECTIONS,
        threads: 1,
        pipeline: 1,
        fresh: false,
        rate: Some(options.adds),
        // One process serves both loads, so its processor time cannot be divided between them.
        pid: None,
        ..lookups.clone()
    };
    let mut added = Measured::empty()?;
    let busy = merged(options.rounds(), || {
        thread::scope(|scope| {
            let adding = scope
                .spawn(|| adding.run(&|place| edits.question(place, ADDING_CONNECTIONS), stop));
            let busy = lookups.run(questions, stop);
            let adds = adding.join().map_err(|_| BenchError::failed("the client broke"))??;
            added.add(&adds);
            busy
        })
    })?;
    Ok((busy, added))
}
