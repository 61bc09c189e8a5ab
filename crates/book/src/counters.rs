//! Meters: counts and times that one thread writes and any other may read. Nothing is locked and no
//! instruction waits for another processor, so the look-up path can afford them.
//!
//! What they mean, and how they are shown, is the matter of whoever keeps them.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// A count that only grows. One thread at a time may add to it: a plain load and a plain store,
/// where two threads at once would lose something.
#[derive(Debug, Default)]
pub struct Count(AtomicU64);

impl Count {
    /// Adds to it.
    pub fn add(&self, more: u64) {
        let before = self.0.load(Ordering::Relaxed);
        self.0.store(before.wrapping_add(more), Ordering::Relaxed);
    }

    /// How many there were.
    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// The upper bounds of the classes that times are sorted into, each included, in nanoseconds: 1, 2
/// and 5 of each power of ten, from 1 µs to 10 s. Longer times have a class of their own.
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

/// How long things took, sorted into classes. One thread at a time may add.
#[derive(Debug, Default)]
pub struct Timings {
    classes: [Count; CLASSES],
    nanos: Count,
}

impl Timings {
    /// Adds so many things that took so long together. They are sorted by their mean.
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

    /// What was noted so far.
    pub fn read(&self) -> Times {
        let mut times = Times { nanos: self.nanos.get(), ..Times::default() };
        for (into, class) in times.classes.iter_mut().zip(&self.classes) {
            *into = class.get();
        }
        times
    }
}

/// [`Timings`] as they were read; several can be put together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Times {
    /// How many fell into each class of [`TIME_BOUNDS`]; the last were longer than all of them.
    pub classes: [u64; CLASSES],
    /// How long all of them took together, in nanoseconds.
    pub nanos: u64,
}

impl Times {
    /// Puts others to these.
    pub fn add(&mut self, others: &Times) {
        for (into, class) in self.classes.iter_mut().zip(others.classes) {
            *into += class;
        }
        self.nanos = self.nanos.wrapping_add(others.nanos);
    }

    /// How many there are.
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
            let timings = Timings::default();
            timings.note(Duration::from_nanos(nanos), 1);
            let times = timings.read();
            assert_eq!((times.classes[class], times.count()), (1, 1), "{nanos}");
            assert_eq!(times.nanos, nanos);
        }
    }

    #[test]
    fn things_that_came_together_are_sorted_by_their_mean() {
        let timings = Timings::default();
        timings.note(Duration::from_nanos(15_000), 10);
        timings.note(Duration::from_nanos(70), 0);
        let times = timings.read();
        assert_eq!((times.classes[1], times.count(), times.nanos), (10, 10, 15_000));
        let mut both = times;
        both.add(&times);
        assert_eq!((both.count(), both.nanos), (20, 30_000));
    }
}
