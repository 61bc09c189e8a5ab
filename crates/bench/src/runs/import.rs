//! Measurements of a directory as a whole: how fast it fills, how fast it starts, how large it is.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use crate::error::{BenchError, Stop};
use crate::load::tally::Spread;
use crate::load::{Load, ask_all};
use crate::options::Options;
use crate::progress::say;
use crate::questions::AboutNumbers;
use crate::questions::numbers::Callers;
use crate::report::results::Results;
use crate::report::text as table;
use crate::runs::edits::Edits;
use crate::sut::child::Ended;
use crate::sut::people::People;
use crate::sut::process;
use crate::sut::scratch::{self, Scratch};
use crate::sut::{self as subject, Started, Subject};

/// How long is written before the power is cut.
const WRITES_BEFORE_KILL: Duration = Duration::from_millis(500);

/// Connections that write then.
const WRITERS: usize = 16;

/// Imports made-up people of each size into an empty directory.
pub(crate) fn import(
    options: &Options,
    results: &mut Results,
    stop: Stop,
) -> Result<(), BenchError> {
    if options.data.is_some() || options.url.is_some() {
        return Err(BenchError::usage(
            "an import is measured with made-up contacts in a new directory; without --data and --url",
        ));
    }
    for contacts in options.sizes() {
        let scratch = Scratch::new(options.keep)?;
        let file = scratch.path().join("people.jsonl");
        say(&format!("making up and importing {} contacts", table::grouped(contacts as f64)));
        let people = People::make_up(contacts, options.seed, &file, stop)?;
        let ended = subject::import(scratch.path(), &file, stop)?;
        imported(&people, &ended, results);
        let files = scratch::files(&scratch.path().join("data"));
        let files = files.map_err(|error| BenchError::file("the directory", &error))?;
        let bytes: u64 = files.iter().map(|(_, bytes)| bytes).sum();
        results.figure("import", "on disk afterwards", contacts, Some(bytes as f64), "bytes");
    }
    Ok(())
}

/// Keeps how an import went.
pub(crate) fn imported(people: &People, ended: &Ended, results: &mut Results) {
    let contacts = people.contacts;
    let said: serde_json::Value = serde_json::from_str(ended.output.trim()).unwrap_or_default();
    let added = said["added"].as_u64().unwrap_or_default();
    if added != contacts {
        results
            .faults
            .push(("a made-up contact was not imported".to_owned(), contacts.abs_diff(added)));
    }
    let rate = contacts as f64 / ended.time.as_secs_f64();
    let cpu = ended.cpu.map(|cpu| cpu.as_secs_f64() * 1e6 / contacts.max(1) as f64);
    let peak = ended.memory.map(|memory| memory.peak as f64);
    let json = people.bytes as f64 / contacts.max(1) as f64;
    for (name, value, unit) in [
        ("rate", Some(rate), "contacts/s"),
        ("time", Some(ended.time.as_secs_f64()), "s"),
        ("processor time", cpu, "µs/contact"),
        ("resident at most", peak, "bytes"),
        ("JSON", Some(json), "bytes/contact"),
    ] {
        results.figure("import", name, contacts, value, unit);
    }
}

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

/// Measures bytes on disk and in memory: after a start, and after a look-up of every number.
pub(crate) fn size(
    subject: &mut Subject,
    results: &mut Results,
    stop: Stop,
) -> Result<(), BenchError> {
    let contacts = subject.people.contacts;
    if let Some(data) = subject.data() {
        subject.stop_daemon()?;
        let list =
            || scratch::files(&data).map_err(|error| BenchError::file(data.display(), &error));
        let sum = |files: &[(String, u64)]| files.iter().map(|(_, bytes)| bytes).sum::<u64>();
        let files = list()?;
        let all = sum(&files);
        let each = |bytes: u64| Some(bytes as f64 / contacts.max(1) as f64);
        results.figure("size", "on disk", contacts, each(all), "bytes/contact");
        for (kind, bytes) in kinds(&files) {
            results.figure(
                "size",
                format!("on disk, {kind}"),
                contacts,
                each(bytes),
                "bytes/contact",
            );
        }
        subject.start(stop)?;
        subject.wait_for_rest(stop)?;
        let more = sum(&list()?).saturating_sub(all);
        let what = "on disk, more while it runs, for answers kept ready";
        results.figure("size", what, contacts, each(more), "bytes/contact");
    }
    memory(subject, "at rest", results);
    let numbers = subject.people.numbers.clone();
    let count = numbers.len();
    let callers = Arc::new(Callers::uniform(numbers, Vec::new(), 0.0, 0).in_order());
    let mut asker = AboutNumbers::Lookup.asker(&subject.access, &callers);
    ask_all(subject.address, &mut *asker, count, stop)?;
    memory(subject, "after a look-up of every number", results);
    Ok(())
}

fn memory(subject: &Subject, when: &str, results: &mut Results) {
    let memory = subject.pid.and_then(process::memory);
    let contacts = subject.people.contacts;
    let figure = |bytes: fn(&process::Memory) -> u64| memory.as_ref().map(|m| bytes(m) as f64);
    results.figure("size", format!("resident {when}"), contacts, figure(|m| m.resident), "bytes");
    results.figure(
        "size",
        format!("resident {when}, without mapped files"),
        contacts,
        figure(|m| m.own),
        "bytes",
    );
}

/// Files by name, and those of the index, which are many, by their ending.
fn kinds(files: &[(String, u64)]) -> BTreeMap<String, u64> {
    let mut kinds = BTreeMap::new();
    for (name, bytes) in files {
        let kind = match name.split_once('/') {
            Some((folder, file)) => match file.rsplit_once('.') {
                Some((name, ending)) if !name.is_empty() => format!("{folder}/*.{ending}"),
                _ => format!("{folder}/{file}"),
            },
            None => name.clone(),
        };
        *kinds.entry(kind).or_default() += bytes;
    }
    kinds
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_the_index_are_told_by_their_endings() {
        let files =
            [("carnet.redb", 9), ("index/a.term", 1), ("index/b.term", 2), ("index/.lock", 0)];
        let files: Vec<(String, u64)> =
            files.iter().map(|(name, bytes)| ((*name).to_owned(), *bytes)).collect();
        let kinds: Vec<(String, u64)> = kinds(&files).into_iter().collect();
        let expected = [("carnet.redb", 9), ("index/*.term", 3), ("index/.lock", 0)];
        assert_eq!(kinds, expected.map(|(kind, bytes)| (kind.to_owned(), bytes)));
    }

    #[test]
    fn contacts_that_were_not_imported_are_a_fault() {
        let people = People { contacts: 10, ..People::default() };
        let ended = |output: &str| Ended {
            time: Duration::from_secs(2),
            memory: None,
            cpu: None,
            output: output.to_owned(),
        };
        for (output, missing) in [("{\"added\":10}\n", 0), ("{\"added\":7}\n", 3), ("", 10)] {
            let mut results = Results::default();
            imported(&people, &ended(output), &mut results);
            let faults: u64 = results.faults.iter().map(|(_, times)| times).sum();
            assert_eq!(faults, missing, "{output}");
            assert_eq!(results.figures[0].value, Some(5.0));
        }
    }
}
