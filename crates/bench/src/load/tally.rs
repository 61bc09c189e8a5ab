//! The figures of a load: times in an HDR histogram, counts, faults, processor time. It knows
//! nothing of HTTP.
//!
//! Times count from when a request was meant to be sent. With a rate (`--rate`) that moment is
//! on a schedule which does not wait for the server, so a server that stalls is charged for every
//! request that fell into the stall: the histogram is free of coordinated omission without any
//! correction afterwards. Without a rate each connection asks again when it was answered; then
//! there is no schedule from which missing requests could be inferred, and nothing is invented:
//! such times are those of a client that waits, and the report says so.

use std::collections::BTreeMap;
use std::time::Duration;

use hdrhistogram::Histogram;
use serde_json::{Value, json};

use crate::error::BenchError;

/// Decimal digits to which times are kept.
const DIGITS: u8 = 3;

/// Ten minutes: longer times are kept as that.
const LONGEST_NANOSECONDS: u64 = 600_000_000_000;

/// The quantiles that are shown, and their names.
pub(crate) const QUANTILES: &[(f64, &str)] =
    &[(0.5, "p50"), (0.9, "p90"), (0.99, "p99"), (0.999, "p99.9"), (1.0, "max")];

/// An empty histogram of times.
pub(crate) fn histogram() -> Result<Histogram<u64>, BenchError> {
    // Bounded from the start, so that it never grows while it measures.
    let made = Histogram::new_with_bounds(1, LONGEST_NANOSECONDS, DIGITS);
    made.map_err(|error| BenchError::failed(format!("times cannot be kept: {error}")))
}

/// The counts of one thread, or of all.
#[derive(Clone, Debug)]
pub(crate) struct Tally {
    /// Times of the answers within the window, in nanoseconds.
    pub(crate) times: Histogram<u64>,
    /// Requests that were answered well within the window.
    pub(crate) requests: u64,
    /// Questions that these answered: more than one each where a request carries many.
    pub(crate) answers: u64,
    /// Bytes of these answers' bodies.
    pub(crate) bytes: u64,
    /// Faults, also before and after the window: which, and how often.
    pub(crate) errors: BTreeMap<String, u64>,
}

impl Tally {
    /// Nothing yet.
    pub(crate) fn new() -> Result<Tally, BenchError> {
        let times = histogram()?;
        Ok(Tally { times, requests: 0, answers: 0, bytes: 0, errors: BTreeMap::new() })
    }

    /// Counts a good answer.
    pub(crate) fn answered(&mut self, time: Duration, answers: u32, bytes: usize) {
        let nanoseconds = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        self.times.saturating_record(nanoseconds.max(1));
        self.requests += 1;
        self.answers += u64::from(answers);
        self.bytes += u64::try_from(bytes).unwrap_or_default();
    }

    /// Counts a fault.
    pub(crate) fn failed(&mut self, what: impl Into<String>, times: u64) {
        if times > 0 {
            *self.errors.entry(what.into()).or_default() += times;
        }
    }

    /// Adds the counts of another.
    pub(crate) fn add(&mut self, other: &Tally) {
        // All histograms have the same bounds and digits, so adding cannot fail.
        let _ = self.times.add(&other.times);
        self.requests += other.requests;
        self.answers += other.answers;
        self.bytes += other.bytes;
        for (what, times) in &other.errors {
            self.failed(what.clone(), *times);
        }
    }
}

/// A load on one server, from the first to the last measured moment.
#[derive(Clone, Debug)]
pub(crate) struct Measured {
    /// The client's counts.
    pub(crate) tally: Tally,
    /// How long was measured.
    pub(crate) window: Duration,
    /// Processor time of the server within the window; `None` where the system does not say.
    pub(crate) cpu: Option<Duration>,
    /// Processor time of the client.
    pub(crate) client_cpu: Option<Duration>,
}

impl Measured {
    /// Nothing yet.
    pub(crate) fn empty() -> Result<Measured, BenchError> {
        let zero = Some(Duration::ZERO);
        Ok(Measured { tally: Tally::new()?, window: Duration::ZERO, cpu: zero, client_cpu: zero })
    }

    /// Adds another round.
    pub(crate) fn add(&mut self, other: &Measured) {
        let both = |one: Option<Duration>, other: Option<Duration>| Some(one? + other?);
        self.tally.add(&other.tally);
        self.window += other.window;
        self.cpu = both(self.cpu, other.cpu);
        self.client_cpu = both(self.client_cpu, other.client_cpu);
    }

    /// Requests a second.
    pub(crate) fn rate(&self) -> f64 {
        per(self.tally.requests as f64, self.window.as_secs_f64())
    }

    /// Answered questions a second.
    pub(crate) fn answer_rate(&self) -> f64 {
        per(self.tally.answers as f64, self.window.as_secs_f64())
    }

    /// Microseconds of the server's processor time for each request.
    pub(crate) fn cpu_micros(&self) -> Option<f64> {
        micros_each(self.cpu, self.tally.requests)
    }

    /// Microseconds of the client's processor time for each request.
    pub(crate) fn client_micros(&self) -> Option<f64> {
        micros_each(self.client_cpu, self.tally.requests)
    }

    /// The number of faults.
    pub(crate) fn errors(&self) -> u64 {
        self.tally.errors.values().sum()
    }

    /// The time below which this part of the answers came, in microseconds; `None` without any.
    pub(crate) fn micros_at(&self, quantile: f64) -> Option<f64> {
        let times = &self.tally.times;
        (!times.is_empty()).then(|| times.value_at_quantile(quantile) as f64 / 1e3)
    }

    /// For machines.
    pub(crate) fn json(&self) -> Value {
        let mut times = serde_json::Map::new();
        for (quantile, name) in QUANTILES {
            times.insert((*name).to_owned(), json!(self.micros_at(*quantile)));
        }
        json!({
            "requests": self.tally.requests,
            "answers": self.tally.answers,
            "bodyBytes": self.tally.bytes,
            "seconds": self.window.as_secs_f64(),
            "requestsPerSecond": self.rate(),
            "answersPerSecond": self.answer_rate(),
            "cpuMicrosPerRequest": self.cpu_micros(),
            "clientCpuMicrosPerRequest": self.client_micros(),
            "timesMicros": times,
            "errors": self.tally.errors,
        })
    }
}

fn micros_each(cpu: Option<Duration>, requests: u64) -> Option<f64> {
    (requests > 0).then(|| Some(cpu?.as_secs_f64() * 1e6 / requests as f64)).flatten()
}

fn per(count: f64, seconds: f64) -> f64 {
    if seconds > 0.0 { count / seconds } else { 0.0 }
}

/// Least, middle and greatest of some figures.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Spread {
    /// The least.
    pub(crate) min: f64,
    /// The middle one; of an even number, the mean of the two in the middle.
    pub(crate) median: f64,
    /// The greatest.
    pub(crate) max: f64,
}

impl Spread {
    /// Of these; `None` of none.
    pub(crate) fn of(figures: &[f64]) -> Option<Spread> {
        let mut sorted = figures.to_vec();
        sorted.sort_by(f64::total_cmp);
        let (min, max) = (*sorted.first()?, *sorted.last()?);
        let upper = *sorted.get(sorted.len() / 2)?;
        let lower = *sorted.get((sorted.len() - 1) / 2)?;
        Some(Spread { min, median: (lower + upper) / 2.0, max })
    }

    /// For machines.
    pub(crate) fn json(self) -> Value {
        json!({ "min": self.min, "median": self.median, "max": self.max })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured(micros: &[u64], cpu: Option<u64>) -> Measured {
        let mut tally = Tally::new().unwrap();
        for time in micros {
            tally.answered(Duration::from_micros(*time), 2, 10);
        }
        let cpu = cpu.map(Duration::from_micros);
        Measured { tally, window: Duration::from_secs(2), cpu, client_cpu: None }
    }

    #[test]
    fn figures_come_from_the_counts() {
        let micros: Vec<u64> = (1..=1_000).collect();
        let measured = measured(&micros, Some(5_000));
        assert_eq!((measured.rate(), measured.answer_rate()), (500.0, 1_000.0));
        assert_eq!((measured.cpu_micros(), measured.client_micros()), (Some(5.0), None));
        for (quantile, expected) in [(0.5, 500.0), (0.99, 990.0), (1.0, 1_000.0)] {
            let found = measured.micros_at(quantile).unwrap();
            assert!((found / expected - 1.0).abs() < 2e-3, "{quantile}: {found}");
        }
        assert_eq!(measured.json()["bodyBytes"], 10_000);
    }

    #[test]
    fn without_an_answer_there_are_no_times() {
        let measured = measured(&[], Some(10));
        assert_eq!((measured.micros_at(0.5), measured.cpu_micros()), (None, None));
        assert_eq!(measured.json()["timesMicros"]["p50"], Value::Null);
    }

    #[test]
    fn rounds_add_up_and_unknown_stays_unknown() {
        let mut sum = Measured::empty().unwrap();
        sum.add(&measured(&[1, 2], Some(10)));
        let mut faulty = measured(&[3], Some(20));
        faulty.tally.failed("status 503", 2);
        sum.add(&faulty);
        assert_eq!((sum.tally.requests, sum.errors()), (3, 2));
        assert_eq!((sum.cpu_micros(), sum.client_micros()), (Some(10.0), None));
    }

    #[test]
    fn the_middle_of_an_even_number_lies_between_two() {
        let spread = |figures: &[f64]| Spread::of(figures).map(|s| (s.min, s.median, s.max));
        assert_eq!(spread(&[3.0, 1.0, 2.0]), Some((1.0, 2.0, 3.0)));
        assert_eq!(spread(&[4.0, 1.0]), Some((1.0, 2.5, 4.0)));
        assert_eq!(spread(&[]), None);
    }
}
