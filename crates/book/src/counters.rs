//! Counters and histograms that one thread writes and any other may read. Nothing is locked and no
//! instruction waits for another processor, so look-ups can afford them. Exported for carnet-http's
//! own metrics, until a third user warrants a crate.
//!
//! They do not know what is counted, nor how it is shown. All atomics are relaxed: a reader may see
//! one counter newer than another, and nothing is published through them.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// A counter that only grows. One thread at a time may add to it: it is a plain load and a plain
/// store, so of two threads at once one addition would be lost.
#[derive(Debug, Default)]
pub struct Counter(AtomicU64);

impl Counter {
    /// Adds to it.
    pub fn add(&self, more: u64) {
        let before = self.0.load(Ordering::Relaxed);
        self.0.store(before.wrapping_add(more), Ordering::Relaxed);
    }

    /// The count.
    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// The upper bounds of the classes of a histogram, each included, in nanoseconds: 1, 2 and 5 of each
/// power of ten, from 1 µs to 10 s. Longer times have a class of their own.
pub const TIME_BOUNDS: [u64; 22] = bounds();

/// Classes of times.
const CLASSES: usize = TIME_BOUNDS.len() + 1;

const fn bounds() -> [u64; 22] {
    let mut bounds = [0; 22];
    let mut power = 1_000;
    let mut i = 0;
    while i < bounds.len() {
        let step = [1, 2, 5][i % 3];
        bounds[i] = step * power;
        if step == 5 {
            power *= 10;
        }
        i += 1;
    }
    bounds
}

/// A histogram of durations. One thread at a time may add to it.
#[derive(Debug, Default)]
pub struct Histogram {
    classes: [Counter; CLASSES],
    nanos: Counter,
}

impl Histogram {
    /// Adds `things` that took `together` in all, to the class of their mean.
    pub fn note(&self, together: Duration, things: u32) {
        if things == 0 {
            return;
        }
        let nanos = u64::try_from(together.as_nanos()).unwrap_or(u64::MAX);
        let each = nanos / u64::from(things);
        let class = TIME_BOUNDS.iter().position(|bound| each <= *bound);
        self.classes[class.unwrap_or(CLASSES - 1)].add(things.into());
        self.nanos.add(nanos);
    }

    /// The present value.
    pub fn read(&self) -> HistogramValue {
        let mut times = HistogramValue { nanos: self.nanos.get(), ..HistogramValue::default() };
        for (into, class) in times.classes.iter_mut().zip(&self.classes) {
            *into = class.get();
        }
        times
    }
}

/// The value of a [`Histogram`]; several can be added up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HistogramValue {
    /// The count of each class of [`TIME_BOUNDS`], and of those that took longer than all bounds.
    pub classes: [u64; CLASSES],
    /// The sum of all durations, in nanoseconds.
    pub nanos: u64,
}

impl HistogramValue {
    /// Adds others to these.
    pub fn add(&mut self, others: &HistogramValue) {
        for (into, class) in self.classes.iter_mut().zip(others.classes) {
            *into += class;
        }
        self.nanos = self.nanos.wrapping_add(others.nanos);
    }

    /// The count of all classes.
    pub fn count(&self) -> u64 {
        self.classes.iter().sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_rise_from_a_microsecond_to_ten_seconds() {
        assert_eq!(TIME_BOUNDS[..4], [1_000, 2_000, 5_000, 10_000]);
        assert!(TIME_BOUNDS.is_sorted_by(|a, b| a < b));
        assert_eq!(TIME_BOUNDS.last(), Some(&10_000_000_000));
    }

    #[test]
    fn times_fall_into_the_first_class_that_holds_them() {
        for (nanos, class) in [
            (0, 0),
            (1_000, 0),
            (1_001, 1),
            (5_000, 2),
            (10_000_000_000, 21),
            (10_000_000_001, 22),
            (u64::MAX, 22),
        ] {
            let timings = Histogram::default();
            timings.note(Duration::from_nanos(nanos), 1);
            let times = timings.read();
            assert_eq!((times.classes[class], times.count()), (1, 1), "{nanos}");
            assert_eq!(times.nanos, nanos);
        }
    }

    #[test]
    fn things_that_came_together_are_sorted_by_their_mean() {
        let timings = Histogram::default();
        timings.note(Duration::from_nanos(15_000), 10);
        timings.note(Duration::from_nanos(70), 0);
        let times = timings.read();
        assert_eq!((times.classes[1], times.count(), times.nanos), (10, 10, 15_000));
        let mut both = times;
        both.add(&times);
        assert_eq!((both.count(), both.nanos), (20, 30_000));
    }
}
