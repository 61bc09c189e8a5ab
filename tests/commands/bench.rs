//! `carnet bench` from the outside: what it answers, and that the report is whole. How fast
//! anything was is not asked here.

use crate::support::{all_output, carnet};
use serde_json::Value;
use std::process::Command;
use std::time::{Duration, Instant};

/// Measures with these words, as briefly as can be, and answers the JSON.
fn measure(words: &[&str]) -> Value {
    let brief =
        ["--contacts", "300", "--duration", "0.3", "--warmup", "0.1", "--rounds", "1", "--json"];
    let output = carnet(&[&["bench"], words, &brief].concat()).output().unwrap();
    assert!(output.status.success(), "bench {words:?}: {}", all_output(&output));
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(answer["errors"], 0, "{words:?}: {}", answer["errorKinds"]);
    answer
}

/// Every element of a page that is opened is closed, in the right order.
fn assert_well_formed(page: &str) {
    let mut open: Vec<&str> = Vec::new();
    let body = page.strip_prefix("<!DOCTYPE html>").expect("the page says what it is");
    for piece in body.split('<').skip(1) {
        let (tag, _) = piece.split_once('>').unwrap_or_else(|| panic!("no end: <{piece}"));
        let name = tag.split([' ', '\n']).next().unwrap_or_default();
        match name.strip_prefix('/') {
            Some(closed) => assert_eq!(open.pop(), Some(closed), "before <{tag}>"),
            None if tag.ends_with('/') => {}
            None => open.push(name),
        }
    }
    assert!(open.is_empty(), "not closed: {open:?}");
}

#[test]
fn look_ups_are_measured_beside_the_bare_server_and_reported() {
    let folder = tempfile::tempdir().unwrap();
    let report = folder.path().join("report.html");
    let report_word = report.to_str().unwrap();
    let answer = measure(&["lookup", "--connections", "2,4", "--report", report_word]);
    assert!(answer["machine"]["cores"].as_u64().unwrap() > 0);
    for (run, connections) in answer["runs"].as_array().unwrap().iter().zip([2, 4]) {
        assert_eq!(run["what"], "lookup");
        assert_eq!((&run["contacts"], &run["connections"]), (&300.into(), &connections.into()));
        for side in ["carnet", "bareServer"] {
            let side = &run[side];
            assert!(side["requests"].as_u64().unwrap() > 0, "{side}");
            assert!(side["requestsPerSecond"].as_f64().unwrap() > 0.0, "{side}");
            let times = ["p50", "p90", "p99", "p99.9", "max"]
                .map(|name| side["timesMicros"][name].as_f64().unwrap());
            assert!(times.is_sorted() && times[0] > 0.0, "{side}");
        }
        // Processor time is told where there is a /proc.
        assert_eq!(run["ratio"]["median"].is_number(), cfg!(target_os = "linux"), "{run}");
    }
    assert_eq!(answer["runs"].as_array().unwrap().len(), 2);
    let page = std::fs::read_to_string(&report).unwrap();
    assert_well_formed(&page);
    for part in ["Time of an answer by percentile", "Throughput by connections", "<svg", "<table"] {
        assert!(page.contains(part), "the report lacks {part}");
    }
    for part in ["http://127", "https://", "<script", "src=", "href="] {
        assert!(!page.contains(part), "the report has {part}");
    }
}

#[test]
fn every_edit_that_is_measured_is_found_again() {
    let answer = measure(&["write", "--connections", "4"]);
    let run = &answer["runs"][0];
    assert!(run["carnet"]["requests"].as_u64().unwrap() > 0, "{run}");
    let asked = &answer["figures"][0];
    assert!(asked["name"].as_str().unwrap().starts_with("questions for acknowledged"), "{asked}");
    assert!(asked["value"].as_f64().unwrap() > 0.0, "{asked}");
}

#[test]
fn a_directory_is_left_as_it_was() {
    let data = crate::support::Data::new().with_client("admin");
    let file = data.file("people.jsonl");
    std::fs::write(&file, crate::support::run(&["sample", "50"])).unwrap();
    crate::support::run(&["import", &file, "--data", &data.dir()]);
    let before = crate::support::run(&["client", "list", "--data", &data.dir()]);
    let words = ["--data", &data.dir(), "--duration", "0.2", "--warmup", "0", "--rounds", "1"];
    let output = carnet(&[&["bench", "write", "--json"], &words[..]].concat()).output().unwrap();
    assert!(output.status.success(), "{}", all_output(&output));
    assert_eq!(crate::support::run(&["client", "list", "--data", &data.dir()]), before);
    let stats = crate::support::run(&["stats", "--json", "--data", &data.dir()]);
    let stats: Value = serde_json::from_str(&stats).unwrap();
    assert_eq!(stats["contacts"], 50, "{stats}");
}

/// Everything in a directory, by name.
#[cfg(target_os = "linux")]
fn entries(folder: &std::path::Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect()
}

#[cfg(target_os = "linux")]
#[test]
fn a_stop_leaves_no_process_and_no_directory() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().to_str().unwrap().to_owned();
    let mut bench = carnet(&["bench", "lookup", "--contacts", "200", "--duration", "600"])
        .env("TMPDIR", folder.path())
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    // Processes that work there: the daemon, and the bare server with its body.
    let working = || {
        let processes = std::fs::read_dir("/proc").unwrap().map_while(Result::ok);
        let lines = processes.filter_map(|p| std::fs::read(p.path().join("cmdline")).ok());
        lines.filter(|line| String::from_utf8_lossy(line).contains(&place)).count()
    };
    let patience = Instant::now() + Duration::from_secs(120);
    while entries(folder.path()).len() < 2 || working() < 2 {
        assert!(Instant::now() < patience, "it did not come so far");
        assert_eq!(bench.try_wait().unwrap(), None, "it ended by itself");
        std::thread::sleep(Duration::from_millis(20));
    }
    let pid = bench.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    assert_eq!(bench.wait().unwrap().code(), Some(1));
    assert_eq!(entries(folder.path()), Vec::<String>::new());
    assert_eq!(working(), 0);
}

#[test]
fn what_makes_no_sense_is_refused_before_anything_is_made() {
    for words in [
        &["lookup", "--data", "d", "--contacts", "5"][..],
        &["lookup", "--new-connections", "--pipeline", "4"],
        &["lookup", "--misses", "1.5"],
        &["lookup", "--numbers", "zipf:x"],
        &["import", "--url", "http://127.0.0.1:1", "--id", "a", "--secret", "b"],
        &["nothing"],
    ] {
        let output = carnet(&[&["bench"], words].concat()).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{words:?}: {}", all_output(&output));
    }
}
