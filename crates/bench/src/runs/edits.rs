//! Edits that are durable and searchable when they are answered: half of them adds, half changes.
//! Afterwards a sample of what was acknowledged is looked up and searched for.

use std::sync::Arc;

use carnet_client::CONTACTS_PATH;
use carnet_sample::Random;
use serde_json::{Value, json};

use crate::error::{BenchError, Stop};
use crate::load::Load;
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
        let ids = if self.sut.is_ours() { &self.sut.people.ids[..] } else { &[] };
        let ids = ids.iter().skip(place).step_by(connections.max(1));
        let theirs = if self.changes { ids.cloned().collect() } else { Vec::new() };
        let random = Random::at(self.seed, u64::try_from(place).unwrap_or_default());
        Box::new(Edit::new(&self.sut.access, &self.ledger, theirs, self.changes, random))
    }

    /// Looks up and searches for a sample of the acknowledged edits. Answers how many questions that
    /// took; an edit that is missing becomes a fault.
    pub(crate) fn verify(&self, results: &mut Results) -> Result<usize, BenchError> {
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
    pub(crate) fn clear_up(&self) -> Result<(), BenchError> {
        if self.sut.is_ours() {
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

/// Measures them for each count of connections.
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
        // Also after a failure: what was added goes.
        let measured = measured.and_then(|measured| Ok((measured, edits.verify(results)?)));
        let cleared = edits.clear_up();
        let (measured, asked) = measured?;
        cleared?;
        let manner = "half adds, half changes".to_owned();
        let contacts = sut.people.contacts;
        let asked = u32::try_from(asked).unwrap_or(u32::MAX);
        let name = format!("questions for acknowledged edits, {connections} connections");
        results.figure("write", name, contacts, Some(f64::from(asked)), "");
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
    for connections in options.connections(lookups::CONNECTIONS) {
        let lookups = load(options, sut.address, sut.pid, connections);
        let rest = merged(options.rounds(), || lookups.run(&questions, stop))?;
        let edits = Edits::new(sut, false, options.seed);
        let adding = Load {
            connections: ADDING_CONNECTIONS,
            threads: 1,
            pipeline: 1,
            fresh: false,
            rate: Some(options.adds),
            // Its processor time is the same process's.
            pid: None,
            ..lookups.clone()
        };
        let mut added = None;
        let busy = merged(options.rounds(), || {
            std::thread::scope(|scope| {
                let adding = scope
                    .spawn(|| adding.run(&|place| edits.question(place, ADDING_CONNECTIONS), stop));
                let busy = lookups.run(&questions, stop);
                let adds = adding.join().map_err(|_| BenchError::failed("the client broke"))??;
                match &mut added {
                    None => added = Some(adds),
                    Some(sum) => sum.add(&adds),
                }
                busy
            })
        });
        let busy = busy.and_then(|busy| Ok((busy, edits.verify(results)?)));
        let cleared = edits.clear_up();
        let (busy, asked) = busy?;
        cleared?;
        let p99 = |run: &crate::load::tally::Measured| run.micros_at(0.99);
        let ratio = p99(&busy).zip(p99(&rest)).map(|(busy, rest)| busy / rest);
        let manner = options.manner();
        let run = |how: &str, measured| {
            Run::alone("mixed", format!("{manner}, {how}"), contacts, connections, measured)
        };
        results.runs.push(run("at rest", rest));
        results.runs.push(run("look-ups while contacts are added, whose CPU is in it", busy));
        if let Some(added) = added {
            let rate = options.adds;
            let manner = format!("adds, {rate}/s on schedule");
            results.runs.push(Run::alone("mixed", manner, contacts, ADDING_CONNECTIONS, added));
        }
        let asked = u32::try_from(asked).unwrap_or(u32::MAX);
        let name = format!("questions for acknowledged adds, {connections} connections");
        results.figure("mixed", name, contacts, Some(f64::from(asked)), "");
        let name = format!("p99 during adds ÷ at rest, {connections} connections");
        results.figure("mixed", name, contacts, ratio, "");
    }
    Ok(())
}

/// Connections that add while others look up.
const ADDING_CONNECTIONS: usize = 16;
