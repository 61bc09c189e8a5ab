//! Speed beside the two other libraries, over numbers of all regions mixed, in one run.
//!
//! The numbers are the valid ones of the sample of the corpus; each call takes the next, so that
//! no library answers the same question twice in a row. The lower bound is the strict path: reading
//! sixteen characters into an integer costs some 10 ns on the machine that made the table.

#![allow(clippy::print_stdout, reason = "the figures that criterion does not take are printed")]

use std::fs::File;
use std::hint::black_box;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use carnet_phone::{E164, Region, Rules, describe, normalise, normalise_with};
use criterion::{Criterion, criterion_group, criterion_main};
use flate2::read::GzDecoder;
use rlibphonenumber::PHONE_NUMBER_UTIL;

/// A valid number in the forms that are measured.
struct Sample {
    e164: String,
    international: String,
    national: String,
    number: E164,
    region: Region,
    region_theirs: rlibphonenumber::Region,
    region_other: phonenumber::country::Id,
}

fn samples() -> Vec<Sample> {
    let mut samples: Vec<Sample> = include_str!("../tests/data/sample.jsonl")
        .lines()
        .filter_map(|row| {
            let row: serde_json::Value = serde_json::from_str(row).expect("a row of the sample");
            let number = E164::parse(row.get(3)?.as_str()?)?;
            let description = describe(number);
            let region = description.region.filter(|_| description.valid)?;
            Some(Sample {
                e164: number.to_string(),
                international: number.international().to_string(),
                national: number.national().to_string(),
                number,
                region,
                region_theirs: rlibphonenumber::Region::try_from(region.as_str()).ok()?,
                region_other: region.as_str().parse().ok()?,
            })
        })
        .collect();
    // Neighbours in the sample are alike; a hash of the number mixes them, always the same way.
    samples.sort_by_key(|sample| sample.number.digits().wrapping_mul(0x9e37_79b9_7f4a_7c15));
    samples
}

/// Measures one call, each time with the next sample.
fn next<O>(c: &mut Criterion, name: &str, samples: &[Sample], mut call: impl FnMut(&Sample) -> O) {
    let mut at = 0;
    c.bench_function(name, |b| {
        b.iter(|| {
            at = if at + 1 < samples.len() { at + 1 } else { 0 };
            call(black_box(&samples[at]))
        });
    });
}

fn speed(c: &mut Criterion) {
    let samples = samples();
    println!("{} valid numbers of all regions", samples.len());

    next(c, "E164::parse, lower bound/carnet", &samples, |s| E164::parse(&s.e164));
    next(c, "strict E.164/carnet", &samples, |s| normalise(&s.e164, Region::US));
    next(c, "international text/carnet", &samples, |s| normalise(&s.international, Region::US));
    next(c, "national text/carnet", &samples, |s| normalise(&s.national, s.region));
    next(c, "describe/carnet", &samples, |s| describe(s.number));
    next(c, "international form/carnet", &samples, |s| s.number.international());
    next(c, "national form/carnet", &samples, |s| s.number.national());

    // Theirs parse only; validity, region and kind are questions of their own, asked here so
    // that the answers compare with carnet's.
    let theirs = |text: &str, region| {
        let number = PHONE_NUMBER_UTIL.parse(text, region).ok()?;
        Some((number.is_valid(), number.get_region_code(), number.get_type()))
    };
    // The first use of each region compiles its expressions; that is not what is measured.
    for s in &samples {
        black_box(theirs(&s.e164, None));
    }
    next(c, "strict E.164/rlibphonenumber", &samples, |s| theirs(&s.e164, None));
    next(c, "international text/rlibphonenumber", &samples, |s| theirs(&s.international, None));
    next(c, "national text/rlibphonenumber", &samples, |s| {
        theirs(&s.national, Some(s.region_theirs))
    });

    let other = |text: &str, region| {
        let number = phonenumber::parse(region, text).ok()?;
        Some((phonenumber::is_valid(&number), number.country().id()))
    };
    next(c, "strict E.164/phonenumber", &samples, |s| other(&s.e164, None));
    next(c, "international text/phonenumber", &samples, |s| other(&s.international, None));
    next(c, "national text/phonenumber", &samples, |s| other(&s.national, Some(s.region_other)));
}

/// Numbers a second on one thread and on two: a shared lock would show here.
fn scaling(_: &mut Criterion) {
    let samples = samples();
    let work = |rounds: usize| {
        for _ in 0..rounds {
            for sample in &samples {
                black_box(
                    normalise_with(black_box(&sample.national), Some(sample.region), Rules::CARNET)
                        .ok(),
                );
            }
        }
    };
    // Short turns, and the best of many: on a shared machine the others measure its other guests.
    const ROUNDS: usize = 10;
    let rate = |threads: usize| {
        let start = Instant::now();
        thread::scope(|scope| (0..threads).for_each(|_| drop(scope.spawn(|| work(ROUNDS)))));
        (threads * ROUNDS * samples.len()) as f64 / start.elapsed().as_secs_f64()
    };
    let best = |threads| (0..400).map(|_| rate(threads)).fold(0.0, f64::max);
    let (one, two) = (best(1), best(2));
    println!("scaling: {one:.0} numbers/s on one thread, {two:.0} on two: {:.2} times", two / one);
}

/// The growth of the process's memory after every text of the corpus was read, formatted and
/// described. Comes first, before anything has touched the tables.
fn memory(_: &mut Criterion) {
    let corpus =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/phones/corpus.jsonl.gz");
    let texts: Vec<(String, Option<Region>)> = match File::open(&corpus) {
        Ok(file) => BufReader::new(GzDecoder::new(file))
            .lines()
            .filter_map(|line| {
                let case: serde_json::Value = serde_json::from_str(&line.ok()?).ok()?;
                let region = case["region"].as_str().and_then(Region::parse);
                Some((case["input"].as_str()?.to_owned(), region))
            })
            .collect(),
        Err(_) => {
            println!("memory: NOT MEASURED, there is no {}", corpus.display());
            return;
        }
    };
    let before = resident_kib();
    let start = Instant::now();
    let mut read = 0;
    for (text, region) in &texts {
        if let Ok(number) = normalise_with(text, *region, Rules::GOOGLE) {
            black_box((number.international(), number.national(), describe(number.e164)));
            read += 1;
        }
    }
    let took = start.elapsed();
    let more = resident_kib() - before;
    println!(
        "memory: {more} KiB more after {} texts, {read} of them numbers, in {took:?}",
        texts.len()
    );
}

/// The memory of the process that is in use, by Linux's count.
fn resident_kib() -> i64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse().unwrap_or(0)
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2))
        .sample_size(20);
    targets = memory, speed, scaling
}
criterion_main!(benches);
