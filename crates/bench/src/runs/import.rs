//! Measures the import of made-up contacts into an empty directory: time, processor time, memory.

use crate::error::{BenchError, Stop};
use crate::options::Options;
use crate::progress::say;
use crate::report::results::Results;
use crate::report::text;
use crate::sut;
use crate::sut::child::Finished;
use crate::sut::people::People;
use crate::sut::scratch::{self, Scratch};

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
        say(&format!("making up and importing {} contacts", text::grouped(contacts as f64)));
        let people = People::make_up(contacts, options.seed, &file, stop)?;
        let ended = sut::import(scratch.path(), &file, stop)?;
        imported(&people, &ended, results);
        let files = scratch::files(&scratch.path().join("data"));
        let files = files.map_err(|error| BenchError::file("the directory", &error))?;
        let bytes: u64 = files.iter().map(|(_, bytes)| bytes).sum();
        results.figure("import", "on disk afterwards", contacts, Some(bytes as f64), "bytes");
    }
    Ok(())
}

/// Adds the figures of an import to the results.
pub(crate) fn imported(people: &People, ended: &Finished, results: &mut Results) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn contacts_that_were_not_imported_are_a_fault() {
        let people = People { contacts: 10, ..People::default() };
        let ended = |output: &str| Finished {
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
