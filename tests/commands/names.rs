//! Names of made-up contacts in the scripts of the world, asked of a daemon as they are written.

use crate::support::{Daemon, Data, run};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Contacts of the sample, and of them how many full names, and names of each script, are asked for.
const CONTACTS: &str = "20000";
const NAMES_MAX: usize = 200;

/// The names of a contact.
type Names = (String, String);

fn names_of(contact: &Value) -> Names {
    let name = |field: &str| contact[field].as_str().unwrap_or_default().to_owned();
    (name("firstName"), name("lastName"))
}

fn find(daemon: &Daemon, text: &str) -> Vec<Names> {
    let coded: String = text.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let (status, found) = daemon.get(&format!("/contacts?pageSize=100&q={coded}"));
    assert_eq!(status, 200, "{text}: {found}");
    found["entities"].as_array().unwrap().iter().map(names_of).collect()
}

/// The script of a name, by a block of its first letter; `None` for Latin ones.
fn script(name: &str) -> Option<&'static str> {
    Some(match u32::from(name.chars().next()?) {
        0x0370..=0x03FF => "Greek",
        0x0400..=0x04FF => "Cyrillic",
        0x0590..=0x05FF => "Hebrew",
        0x0600..=0x06FF => "Arabic",
        0x0900..=0x097F => "Devanagari",
        0x0E00..=0x0E7F => "Thai",
        0x3040..=0x30FF => "kana",
        0x4E00..=0x9FFF => "Han",
        0xAC00..=0xD7A3 => "Hangul",
        _ => return None,
    })
}

/// google/personfinder#173, photoprism/photoprism#3239.
#[test]
fn names_of_every_script_are_found_as_they_are_written() {
    let data = Data::new().with_client("admin");
    let sample = data.file("sample.jsonl");
    let lines = run(&["sample", CONTACTS]);
    std::fs::write(&sample, &lines).unwrap();
    run(&["import", &sample, "--data", &data.dir()]);
    let mut daemon = Daemon::start(&data.path());
    let people: BTreeSet<Names> =
        lines.lines().map(|line| names_of(&serde_json::from_str(line).unwrap())).collect();
    let mut full: BTreeMap<&str, Vec<&Names>> = BTreeMap::new();
    let mut single: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for names in &people {
        let scripts = [script(&names.0), script(&names.1)];
        for (name, script) in [&names.0, &names.1].into_iter().zip(scripts) {
            single.entry(script.unwrap_or("Latin")).or_default().insert(name);
        }
        if let [Some("Han" | "kana"), Some("Han")] | [Some("Hangul"), Some("Hangul")] = scripts {
            full.entry(scripts[1].unwrap_or_default()).or_default().push(names);
        }
    }
    assert_eq!(full.keys().copied().collect::<Vec<_>>(), ["Han", "Hangul"]);
    for names in full.into_values().flat_map(|names| names.into_iter().take(NAMES_MAX)) {
        let (first, last) = names;
        for text in [format!("{last}{first}"), format!("{first}{last}")] {
            assert_eq!(find(&daemon, &text).first(), Some(names), "{text}");
        }
    }
    single.remove("Latin");
    assert_eq!(single.len(), 9, "{:?}", single.keys());
    for (script, names) in single {
        for name in names.into_iter().take(NAMES_MAX) {
            let holds = |(first, last): &Names| {
                let mut words = first.split(['-', ' ']).chain(last.split(['-', ' ']));
                first == name || last == name || words.any(|word| word == name)
            };
            let found = find(&daemon, name);
            let holders = found.iter().take_while(|names| holds(names)).count();
            assert!(holders > 0, "{name} of {script}: {found:?}");
            assert!(!found[holders..].iter().any(holds), "{name} of {script}: {found:?}");
        }
    }
    assert_eq!(daemon.stop(), Some(0));
}
