//! Edits that are durable and searchable when they are answered: half of them adds, half changes.
//! Afterwards a sample of what was acknowledged is looked up and searched for.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Value, json};

use crate::error::{BenchError, Stop};
use crate::load::Load;
use crate::options::Options;
use crate::questions::{Ask, Expected, contains};
use crate::report::results::{Results, Run};
use crate::runs::lookups as numbers;
use crate::runs::rounds::{load, merged};
use crate::sut::Subject;
use carnet_client::{Access, CONTACTS_PATH};
use carnet_sample::Random;

/// Acknowledged edits that are looked up afterwards, at most.
const LOOKED_UP_MAX: usize = 500;

/// Acknowledged edits that are searched for afterwards, at most.
const SEARCHED_MAX: usize = 50;

/// Contacts that one request removes.
const REMOVE_AT_ONCE: usize = 1_000;

/// Where the numbers of edits begin: an international network's, so that they are nobody's.
const FIRST_NUMBER: u64 = 8_829_900_000_000;

/// How many different ones there are.
const NUMBERS: u64 = 100_000_000;

/// What was acknowledged, for all connections together.
#[derive(Debug, Default)]
struct Ledger {
    /// The newest number of each contact, by its id.
    newest: Mutex<HashMap<String, u64>>,
    /// The contacts among these that the measurement has added.
    added: Mutex<Vec<String>>,
    next_number: AtomicU64,
}

impl Ledger {
    /// With numbers that an earlier measurement of the same directory did not use, most likely.
    fn new() -> Ledger {
        let first = uuid::Uuid::new_v4().as_u64_pair().0 % NUMBERS;
        Ledger { next_number: AtomicU64::new(first), ..Ledger::default() }
    }

    fn number(&self) -> u64 {
        FIRST_NUMBER + self.next_number.fetch_add(1, Ordering::Relaxed) % NUMBERS
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    // Nobody panics while holding it, and what is in it is whole after each step.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Edits on one connection.
struct Editor {
    access: Access,
    ledger: Arc<Ledger>,
    /// Contacts that were there, for this connection only; else its own are changed.
    theirs: Vec<String>,
    own: Vec<String>,
    changes: bool,
    asked: u64,
    random: Random,
}

impl Ask for Editor {
    fn ask(&mut self, out: &mut Vec<u8>) -> Expected {
        let number = self.ledger.number();
        let body = contact(number).to_string();
        self.asked += 1;
        let targets = if self.theirs.is_empty() { &self.own } else { &self.theirs };
        let change = self.changes && self.asked.is_multiple_of(2);
        match self.random.pick(targets).filter(|_| change) {
            Some(id) => {
                let path = format!("{CONTACTS_PATH}/contacts/{id}");
                self.access.request("PUT", &path, body.as_bytes(), out);
            }
            None => {
                let path = format!("{CONTACTS_PATH}/contacts");
                self.access.request("POST", &path, body.as_bytes(), out);
            }
        }
        Expected::Present(number)
    }

    fn judge(&mut self, expected: Expected, status: u16, body: &[u8]) -> Result<u32, String> {
        if status != 200 {
            return Err(format!("status {status}"));
        }
        let Expected::Present(number) = expected else {
            return Err("an answer that nobody asked for".to_owned());
        };
        if !contains(body, format!("\"+{number}\"").as_bytes()) {
            return Err("the answer is not the contact that was sent".to_owned());
        }
        let id = body.strip_prefix(b"{\"id\":\"").and_then(|rest| rest.get(..36));
        let id = id.and_then(|id| str::from_utf8(id).ok());
        let id = id.ok_or_else(|| "the answer has no id".to_owned())?.to_owned();
        if lock(&self.ledger.newest).insert(id.clone(), number).is_none()
            && !self.theirs.contains(&id)
        {
            lock(&self.ledger.added).push(id.clone());
            self.own.push(id);
        }
        Ok(1)
    }
}

/// What is sent: a contact with an ordinary number of fields.
fn contact(number: u64) -> Value {
    let name = name(number);
    json!({
        "firstName": "Measured",
        "lastName": name,
        "title": "Made by carnet bench",
        "cellPhone": { "display": format!("+{number}"), "acceptsSMS": true },
        "workEmail": format!("measured.{name}@bench.example"),
        "address": {
            "address1": "12 Long Measure Street",
            "city": "Sèvres",
            "postalCode": "92310",
            "countryCode": "FR",
        },
    })
}

/// A word that no other edit has.
fn name(number: u64) -> String {
    let mut name = String::from("Q");
    let mut rest = number % NUMBERS;
    // Six letters tell three hundred million apart.
    for _ in 0..6 {
        name.push(char::from(b'a' + u8::try_from(rest % 26).unwrap_or_default()));
        rest /= 26;
    }
    name
}

/// Edits to be made on a directory, and what became of them.
pub(crate) struct Edits<'a> {
    subject: &'a Subject,
    ledger: Arc<Ledger>,
    changes: bool,
    seed: u64,
}

impl<'a> Edits<'a> {
    /// Adds, and with `changes` as many changes. In a directory of our own these fall on contacts
    /// anywhere in it; elsewhere only on those that were added here.
    pub(crate) fn new(subject: &'a Subject, changes: bool, seed: u64) -> Edits<'a> {
        Edits { subject, ledger: Arc::new(Ledger::new()), changes, seed }
    }

    /// What edits on the connection of a number, of so many.
    pub(crate) fn asker(&self, place: usize, connections: usize) -> Box<dyn Ask> {
        let ids = if self.subject.is_ours() { &self.subject.people.ids[..] } else { &[] };
        let ids = ids.iter().skip(place).step_by(connections.max(1));
        Box::new(Editor {
            access: self.subject.access.clone(),
            ledger: Arc::clone(&self.ledger),
            theirs: if self.changes { ids.cloned().collect() } else { Vec::new() },
            own: Vec::new(),
            changes: self.changes,
            asked: 0,
            random: Random::at(self.seed, u64::try_from(place).unwrap_or_default()),
        })
    }

    /// Looks up and searches for a sample of what was acknowledged. Answers how many were asked
    /// for; what is missing becomes a fault.
    pub(crate) fn verify(&self, results: &mut Results) -> Result<usize, BenchError> {
        let remote = self.subject.remote()?;
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

    /// Takes the added contacts out of a directory that is not ours.
    pub(crate) fn clear_up(&self) -> Result<(), BenchError> {
        if self.subject.is_ours() {
            return Ok(());
        }
        for ids in lock(&self.ledger.added).chunks(REMOVE_AT_ONCE) {
            let entities: Vec<Value> = ids.iter().map(|id| json!({ "id": id })).collect();
            let body = json!({ "entities": entities }).to_string();
            let path = format!("{CONTACTS_PATH}/bulk/contacts/remove");
            self.subject.remote()?.post(&path, "application/json", body.as_bytes())?;
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
    subject: &Subject,
    results: &mut Results,
    stop: Stop,
) -> Result<(), BenchError> {
    for connections in options.connections(numbers::CONNECTIONS) {
        let edits = Edits::new(subject, true, options.seed);
        let load = load(options, subject.address, subject.pid, connections);
        let measured =
            merged(options.rounds(), || load.run(&|place| edits.asker(place, connections), stop));
        // Also after a failure: what was added goes.
        let measured = measured.and_then(|measured| Ok((measured, edits.verify(results)?)));
        let cleared = edits.clear_up();
        let (measured, asked) = measured?;
        cleared?;
        let manner = "half adds, half changes".to_owned();
        let contacts = subject.people.contacts;
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
    subject: &Subject,
    results: &mut Results,
    stop: Stop,
) -> Result<(), BenchError> {
    let callers = numbers::callers(options, subject)?;
    let about = numbers::about(options);
    let askers = |_: usize| about.asker(&subject.access, &callers);
    let contacts = subject.people.contacts;
    for connections in options.connections(numbers::CONNECTIONS) {
        let lookups = load(options, subject.address, subject.pid, connections);
        let rest = merged(options.rounds(), || lookups.run(&askers, stop))?;
        let edits = Edits::new(subject, false, options.seed);
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
                    .spawn(|| adding.run(&|place| edits.asker(place, ADDING_CONNECTIONS), stop));
                let busy = lookups.run(&askers, stop);
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

#[cfg(test)]
mod tests {
    use super::*;

    fn editor(theirs: &[&str], changes: bool) -> Editor {
        Editor {
            access: Access { host: "h".to_owned(), token: "T".to_owned() },
            ledger: Arc::new(Ledger::new()),
            theirs: theirs.iter().map(|id| (*id).to_owned()).collect(),
            own: Vec::new(),
            changes,
            asked: 0,
            random: Random::at(1, 1),
        }
    }

    fn first_line(editor: &mut Editor) -> (String, u64) {
        let mut out = Vec::new();
        let Expected::Present(number) = editor.ask(&mut out) else { panic!("no number") };
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains(&format!("\"+{number}\"")), "{text}");
        (text.lines().next().unwrap().to_owned(), number)
    }

    #[test]
    fn adds_and_changes_take_turns() {
        let mut editor = editor(&["one"], true);
        let lines: Vec<String> = (0..4).map(|_| first_line(&mut editor).0).collect();
        let (post, put) = ("POST /api/v2/externalcontacts/contacts HTTP/1.1", "/contacts/one HTTP");
        assert!(lines[0] == post && lines[2] == post, "{lines:?}");
        assert!(lines[1].contains(put) && lines[3].contains(put), "{lines:?}");
    }

    #[test]
    fn only_own_contacts_are_changed_where_others_may_not_be() {
        let mut editor = editor(&[], true);
        let (_, number) = first_line(&mut editor);
        let id = "01a2048a-d5d3-764d-9b08-151511d5098d";
        let body = format!("{{\"id\":\"{id}\",\"cellPhone\":{{\"e164\":\"+{number}\"}}}}");
        let expected = Expected::Present(number);
        assert_eq!(editor.judge(expected, 200, body.as_bytes()), Ok(1));
        assert!(editor.judge(expected, 409, body.as_bytes()).is_err());
        assert!(editor.judge(expected, 200, b"{\"id\":\"x\"}").is_err());
        let (line, _) = first_line(&mut editor);
        assert!(line.starts_with("PUT ") && line.contains(id), "{line}");
        assert_eq!(*lock(&editor.ledger.added), [id]);
    }

    #[test]
    fn names_and_numbers_are_nobody_elses() {
        let ledger = Ledger::new();
        let numbers: Vec<u64> = (0..1_000).map(|_| ledger.number()).collect();
        let names: std::collections::HashSet<String> = numbers.iter().copied().map(name).collect();
        assert_eq!(names.len(), 1_000);
        for number in numbers {
            assert!(carnet_phone::E164::from_digits(number).is_some(), "{number}");
        }
    }
}
