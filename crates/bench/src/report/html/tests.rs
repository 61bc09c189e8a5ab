//! The page is whole whatever was measured.

use std::time::Duration;

use super::*;
use crate::load::tally::Tally;

fn measured(micros: u64, count: u64) -> Measured {
    let mut tally = Tally::new().unwrap();
    for place in 0..count {
        tally.answered(Duration::from_micros(micros + place % 97), 1, 800);
    }
    let cpu = Some(Duration::from_micros(count * 12));
    Measured { tally, window: Duration::from_secs(1), cpu, client_cpu: cpu }
}

fn run(contacts: u64, connections: usize) -> Run {
    let mut run = Run::alone("lookup", "uniform", contacts, connections, measured(90, 20_000));
    run.bare = Some(measured(60, 20_000));
    run.ratios = vec![0.8, 0.9];
    run
}

fn of(runs: Vec<Run>) -> Results {
    Results { runs, ..Results::default() }
}

fn titles(results: &Results) -> Vec<String> {
    charts(results).into_iter().map(|chart| chart.title).collect()
}

/// Every element that is opened is closed, in the right order.
fn well_formed(page: &str) {
    let mut open: Vec<&str> = Vec::new();
    let body = page.split_once("<!DOCTYPE html>").unwrap().1;
    for piece in body.split('<').skip(1) {
        let (tag, _) = piece.split_once('>').unwrap_or_else(|| panic!("no end: <{piece}"));
        if tag.ends_with('/') {
            continue;
        }
        let name = tag.split([' ', '\n']).next().unwrap();
        match name.strip_prefix('/') {
            Some(closed) => assert_eq!(open.pop(), Some(closed), "before {tag}"),
            None => open.push(name),
        }
    }
    assert!(open.is_empty(), "{open:?}");
}

#[test]
fn one_run_gives_its_times_and_nothing_to_compare() {
    assert_eq!(titles(&of(vec![run(100, 64)])), ["Time of an answer by percentile"]);
}

#[test]
fn several_counts_of_connections_give_lines() {
    let results = of(vec![run(100, 64), run(100, 1), run(100, 8)]);
    let all = charts(&results);
    let throughput = all.iter().find(|chart| chart.title == "Throughput by connections").unwrap();
    let places: Vec<f64> = throughput.series[0].points.iter().map(|point| point.0).collect();
    assert_eq!(places, [1.0, 8.0, 64.0]);
    assert_eq!(throughput.series.len(), 2);
    assert!(throughput.series[1].dashed);
    assert!(!titles(&results).iter().any(|title| title.ends_with("by contacts")));
}

#[test]
fn several_sizes_give_the_growth() {
    let mut results = of(vec![run(100, 8), run(10_000, 8), run(1_000, 8)]);
    for contacts in [100, 1_000] {
        results.figure("size", "resident at rest", contacts, Some(1e6), "bytes");
        results.figure("size", "nobody tells", contacts, None, "bytes");
    }
    let titles = titles(&results);
    for expected in
        ["Throughput by contacts", "Processor time by contacts", "size by contacts (bytes)"]
    {
        assert!(titles.iter().any(|title| title == expected), "{expected} is not in {titles:?}");
    }
}

#[test]
fn curves_end_where_too_few_answers_tell() {
    let last = |count| curve(&measured(50, count)).last().unwrap().0;
    assert!(last(100_000) > 0.9998, "{}", last(100_000));
    assert!(last(1_000) < 0.998, "{}", last(1_000));
    assert_eq!(curve(&measured(50, 0)), []);
}

#[test]
fn the_page_is_well_formed_and_needs_nobody_else() {
    let machine = Machine::look();
    let mut results = of(vec![run(100, 1), run(100, 8), run(1_000, 8)]);
    results.figure("start", "<b>", 100, Some(0.5), "s");
    results.faults.push(("<lost & found>".to_owned(), 3));
    for results in [results, Results::default()] {
        let page = page(&machine, &results);
        well_formed(&page);
        for part in ["src=", "href=", "url(", "@import", "<script", "<b>", "<lost"] {
            assert!(!page.contains(part), "{part}");
        }
    }
}
