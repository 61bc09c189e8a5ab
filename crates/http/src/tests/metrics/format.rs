//! A strict reader of Prometheus's text format 0.0.4, as its page on exposition formats has it, and
//! of the conventions for names and histograms.

use std::collections::{BTreeMap, BTreeSet};

/// A page that was read.
#[derive(Debug)]
pub(super) struct Page {
    /// The type of each metric.
    pub(super) kinds: BTreeMap<String, String>,
    /// By name, with its labels in the order of the page.
    samples: BTreeMap<(String, Vec<(String, String)>), f64>,
}

impl Page {
    pub(super) fn read(text: &str) -> Page {
        let mut page = Page { kinds: BTreeMap::new(), samples: BTreeMap::new() };
        assert!(text.ends_with('\n') && !text.contains('\r'));
        let mut lines = text.lines().peekable();
        while let Some(line) = lines.next() {
            let help = line.strip_prefix("# HELP ").unwrap_or_else(|| panic!("no HELP: {line}"));
            let (name, what) = help.split_once(' ').unwrap();
            assert!(what.ends_with('.') && !what.contains('\\'), "{line}");
            let kind = lines.next().unwrap().strip_prefix("# TYPE ").unwrap();
            let kind = kind.strip_prefix(name).unwrap().strip_prefix(' ').unwrap();
            assert!(["counter", "gauge", "histogram"].contains(&kind), "{name} {kind}");
            assert_eq!(kind == "counter", name.ends_with("_total"), "{name} {kind}");
            assert!(is_name(name), "{name}");
            let known = page.kinds.insert(name.to_owned(), kind.to_owned());
            assert_eq!(known, None, "{name} stands there twice");
            let mut buckets = Vec::new();
            let mut tails = BTreeMap::new();
            while let Some(line) = lines.next_if(|line| !line.starts_with('#')) {
                let (found, labels, value) = sample(line);
                assert!(value >= 0.0 || kind == "gauge", "{line}");
                let tail = found.strip_prefix(name).unwrap_or_else(|| panic!("astray: {line}"));
                match (kind, tail) {
                    ("histogram", "_bucket") => {
                        assert_eq!((labels.len(), &*labels[0].0), (1, "le"), "{line}");
                        buckets.push((number(&labels[0].1), value));
                    }
                    ("histogram", "_sum" | "_count") => {
                        assert!(labels.is_empty());
                        tails.insert(tail.to_owned(), value);
                    }
                    ("counter" | "gauge", "") => {}
                    _ => panic!("astray: {line}"),
                }
                let twice = page.samples.insert((found, labels), value);
                assert_eq!(twice, None, "{line}");
            }
            if kind == "histogram" {
                assert!(buckets.is_sorted_by(|a, b| a.0 < b.0 && a.1 <= b.1), "{name} {buckets:?}");
                let (bound, all) = buckets.last().unwrap();
                assert_eq!((*bound, tails["_count"]), (f64::INFINITY, *all), "{name}");
                assert!(tails["_sum"] > 0.0 || *all == 0.0, "{name}");
            }
        }
        page
    }

    /// The sum of the samples of this name that have all these labels.
    pub(super) fn sum(&self, name: &str, wanted: &[(&str, &str)]) -> f64 {
        let has = |labels: &Vec<(String, String)>, (name, value): &(&str, &str)| {
            labels.iter().any(|(found, text)| found == name && text == value)
        };
        let samples = self.samples.iter().filter(|((found, labels), _)| {
            found == name && wanted.iter().all(|label| has(labels, label))
        });
        samples.map(|(_, value)| value).sum()
    }

    /// Every value that this label has anywhere.
    pub(super) fn values_of(&self, label: &str) -> BTreeSet<&str> {
        let labels = self.samples.keys().flat_map(|(_, labels)| labels);
        labels.filter(|(name, _)| name == label).map(|(_, value)| value.as_str()).collect()
    }

    /// The samples of counters and of histograms, which never fall.
    pub(super) fn growing(&self) -> impl Iterator<Item = (String, f64)> {
        let growing = self.samples.iter().filter(|((name, _), _)| {
            let ends = ["_total", "_bucket", "_count", "_sum"];
            ends.iter().any(|end| name.ends_with(end))
        });
        growing.map(|((name, labels), value)| (format!("{name}{labels:?}"), *value))
    }
}

fn is_name(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes.next().is_some_and(|b| b.is_ascii_lowercase())
        && bytes.all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// One line: name, labels, value. A time stamp is not expected.
fn sample(line: &str) -> (String, Vec<(String, String)>, f64) {
    let end = line.find(['{', ' ']).unwrap_or_else(|| panic!("no value: {line}"));
    let (name, mut rest) = line.split_at(end);
    assert!(is_name(name), "{line}");
    let mut labels = Vec::new();
    if let Some(inside) = rest.strip_prefix('{') {
        rest = inside;
        loop {
            let (label, value) = rest.split_once("=\"").unwrap();
            assert!(is_name(label), "{line}");
            // None of ours needs an escape; then there is none to be read.
            let (value, after) = value.split_once('"').unwrap();
            assert!(!value.contains('\\'), "{line}");
            labels.push((label.to_owned(), value.to_owned()));
            match after.strip_prefix(',') {
                Some(more) => rest = more,
                None => {
                    rest = after.strip_prefix('}').unwrap();
                    break;
                }
            }
        }
    }
    let value = rest.strip_prefix(' ').unwrap_or_else(|| panic!("no value: {line}"));
    (name.to_owned(), labels, number(value))
}

fn number(text: &str) -> f64 {
    if text == "+Inf" {
        return f64::INFINITY;
    }
    let digits = text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    assert!(digits, "{text} is no number");
    text.parse().unwrap()
}
