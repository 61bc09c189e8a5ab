//! Google's own answers, one case a line: every one of them has to come out here as well, with
//! carnet's rules off. A sample lies in the crate; the whole corpus lies beside the project, and
//! is tested where it is found.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test says what it expects and what it found"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use carnet_phone::{Region, Rules, describe, normalise_with};
use flate2::read::GzDecoder;
use serde_json::Value;

/// The expected result: the fields that are compared.
#[derive(Debug, Default, PartialEq, Eq)]
struct Answer {
    /// Nothing else is compared of a text that is refused.
    possible: bool,
    e164: String,
    extension: Option<String>,
    valid: bool,
    /// Compared of valid numbers only: of others Google does not promise it.
    region: Option<String>,
    kind: u64,
    national: String,
    international: String,
}

struct Case {
    input: String,
    region: Option<String>,
    category: String,
    expected: Answer,
}

/// Differences that are known, by input, each with its reason. None of them is passed over when
/// the share of right answers is counted.
const KNOWN: [(&str, &str); 4] = [
    ("+1 650-253-0000 ｅｘｔ１２３", SCRIPT),
    ("+1 650-253-0000 ext １２３", SCRIPT),
    ("+34411234567", NEWER),
    ("411234567", NEWER),
];

/// How many cases of a category may become another number under carnet's own rules, and why.
const OTHER_UNDER_CARNET: [(&str, usize, &str); 7] = [
    ("ccnoplus/own", 5, HOME_CODE),
    ("nattrail/own", 17, WORDS),
    ("trail/none", 21, WORDS),
    ("lead2/none", 2, WORDS),
    ("junk", 1, WORDS),
    ("vanity/none", 1, KEYS),
    ("vanitylow/own", 2, KEYS),
];

const HOME_CODE: &str = "Digits that begin with home's code have lost their plus.";
const WORDS: &str = "Google dials the letters of a word behind a number, as in 0664 123454 (work).";
const KEYS: &str = "Letters behind a number that is valid without them are a word: 130012-dikn.";

const NEWER: &str = "The cases are Google's answers of version 9.0.33; since 9.0.34 Spain's numbers in \
    4 have a format, so that this one, which is only possible, is written 411 23 45 67.";

const SCRIPT: &str = "Google keeps an extension's digits in the script that they were typed in. \
    Here an extension is something to dial and to store, always in ASCII digits.";

#[test]
fn the_sample_is_read_as_google_reads_it() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/sample.jsonl");
    let lines = BufReader::new(File::open(path).unwrap()).lines();
    let cases: Vec<Case> = lines.map(|line| from_row(&line.unwrap())).collect();
    let categories: BTreeSet<&str> = cases.iter().map(|case| case.category.as_str()).collect();
    assert!(cases.len() >= 5_000, "{} cases", cases.len());
    assert!(categories.len() >= 132, "{} categories", categories.len());
    check(&cases);
    check_own_rules(&cases);
}

#[test]
fn the_whole_corpus_is_read_as_google_reads_it() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/phones/corpus.jsonl.gz");
    let Ok(file) = File::open(&path) else {
        println!("NOT TESTED: the whole corpus is missing, there is no {}.", path.display());
        println!("Only the sample in tests/data was tested.");
        return;
    };
    let lines = BufReader::new(GzDecoder::new(file)).lines();
    let cases: Vec<Case> = lines.map(|line| from_corpus(&line.unwrap())).collect();
    assert_eq!(cases.len(), 113_516);
    check(&cases);
    check_own_rules(&cases);
}

/// Carnet's own rules may refuse what Google takes for valid, and read more, but no other number.
fn check_own_rules(cases: &[Case]) {
    let mut by_category: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for case in cases.iter().filter(|case| case.expected.valid) {
        let region = case.region.as_deref().and_then(Region::parse);
        let Ok(number) = normalise_with(&case.input, region, Rules::CARNET) else { continue };
        if number.e164.to_string() != case.expected.e164 {
            let Case { input, expected, .. } = case;
            let line = format!("{input:?} in {region:?}: {}, not {}", number.e164, expected.e164);
            by_category.entry(&case.category).or_default().push(line);
        }
    }
    for (category, lines) in by_category {
        let known = OTHER_UNDER_CARNET.iter().find(|known| known.0 == category);
        let (most, reason) = known.map_or((0, "no reason"), |known| (known.1, known.2));
        assert!(lines.len() <= most, "{category} ({reason}): {lines:#?}");
    }
}

/// Asks carnet every case and prints what differs.
fn check(cases: &[Case]) {
    let mut by_category: BTreeMap<&str, usize> = BTreeMap::new();
    let mut unknown = 0;
    for case in cases {
        let answer = ask(case);
        if answer == case.expected {
            continue;
        }
        *by_category.entry(&case.category).or_default() += 1;
        if let Some((input, reason)) = KNOWN.iter().find(|known| known.0 == case.input) {
            println!("known: {input:?} in {:?}: {reason}", case.region);
            continue;
        }
        unknown += 1;
        if unknown <= 20 {
            let Case { input, region, expected, .. } = case;
            println!("{input:?} in {region:?}\n  expected {expected:?}\n  answered {answer:?}");
        }
    }
    println!("differences by category: {by_category:?}");
    let count: usize = by_category.values().sum();
    let right = 100.0 * (cases.len() - count) as f64 / cases.len() as f64;
    println!("{} cases, {count} differ, {right:.4} % right", cases.len());
    assert_eq!(unknown, 0, "differences without a reason");
    assert!(right >= 99.99);
}

fn ask(case: &Case) -> Answer {
    // Google takes a region that it does not know for none at all.
    let region = case.region.as_deref().and_then(Region::parse);
    let Ok(number) = normalise_with(&case.input, region, Rules::GOOGLE) else {
        return Answer::default();
    };
    let description = describe(number.e164);
    assert_eq!(description.valid, number.valid, "{}", number.e164);
    assert_eq!(description.region, number.region, "{}", number.e164);
    assert_eq!(description.kind, number.kind, "{}", number.e164);
    Answer {
        possible: true,
        e164: number.e164.to_string(),
        extension: number.extension.map(|extension| extension.to_string()),
        valid: number.valid,
        region: number.region.filter(|_| number.valid).map(|region| region.to_string()),
        kind: KINDS
            .iter()
            .position(|kind| *kind == number.kind.as_str())
            .map_or(99, |kind| kind as u64),
        national: number.national().to_string(),
        international: number.international().to_string(),
    }
}

/// Google's numbers for the kinds; 99 is unknown.
const KINDS: [&str; 11] = [
    "fixed_line",
    "mobile",
    "fixed_line_or_mobile",
    "toll_free",
    "premium_rate",
    "shared_cost",
    "voip",
    "personal_number",
    "pager",
    "uan",
    "voicemail",
];

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn optional(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

/// A line of the corpus, with names.
fn from_corpus(line: &str) -> Case {
    let case: Value = serde_json::from_str(line).unwrap();
    let expect = &case["expect"];
    let expected = match expect["is_possible"] == true {
        false => Answer::default(),
        true => Answer {
            possible: true,
            e164: text(&expect["e164"]),
            extension: optional(&expect["ext"]),
            valid: expect["is_valid"].as_bool().unwrap(),
            region: optional(&expect["region_code"]).filter(|_| expect["is_valid"] == true),
            kind: expect["type"].as_u64().unwrap(),
            national: text(&expect["national"]),
            international: text(&expect["international"]),
        },
    };
    Case {
        input: text(&case["input"]),
        region: optional(&case["region"]),
        category: text(&case["cat"]),
        expected,
    }
}

/// A line of the sample: category, input, region, and for possible numbers E.164, extension,
/// validity, region, kind, national and international form.
fn from_row(line: &str) -> Case {
    let row: Value = serde_json::from_str(line).unwrap();
    let expected = match row.get(3) {
        None => Answer::default(),
        Some(_) => Answer {
            possible: true,
            e164: text(&row[3]),
            extension: optional(&row[4]),
            valid: row[5].as_bool().unwrap(),
            region: optional(&row[6]),
            kind: row[7].as_u64().unwrap(),
            national: text(&row[8]),
            international: text(&row[9]),
        },
    };
    Case { category: text(&row[0]), input: text(&row[1]), region: optional(&row[2]), expected }
}
