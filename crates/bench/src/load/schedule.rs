//! The time of a load: its window, the moments of a schedule, and a stop before the end.
//! It knows no socket.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use tokio::sync::mpsc::UnboundedSender;

/// How often a sleeping thread looks whether the load is stopped.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// The times of a measurement.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Window {
    /// The first request may go out.
    pub(crate) start: Instant,
    /// Answers count from here on.
    pub(crate) open: Instant,
    /// Nothing is asked from here on, and no answer counts.
    pub(crate) close: Instant,
}

/// Whether the load ends early. The measuring thread alone sets it; the threads of the client look
/// at it before each request.
#[derive(Clone, Debug, Default)]
pub(crate) struct StopFlag(Arc<AtomicBool>);

impl StopFlag {
    /// Ends the load.
    pub(crate) fn set(&self) {
        // Relaxed, like the load in `is_set`: no other memory is read because of the flag.
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether the load shall end.
    pub(crate) fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Sleeps until `moment`, or until `stopped`, which is asked every [`LOOK_EVERY`].
pub(crate) fn sleep_until(moment: Instant, stopped: impl Fn() -> bool) {
    while !stopped() {
        let left = moment.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return;
        }
        thread::sleep(left.min(LOOK_EVERY));
    }
}

/// The moments at which one of some threads sends, at a rate for all of them together.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Schedule {
    /// The moment of the first request.
    pub(crate) start: Instant,
    /// The end.
    pub(crate) close: Instant,
    /// Requests a second of all threads.
    pub(crate) rate: f64,
    /// This thread, from 0.
    pub(crate) thread: usize,
    /// How many there are.
    pub(crate) threads: usize,
}

impl Schedule {
    /// The moment of this thread's request of this number; `None` after the end.
    fn moment(&self, number: u64) -> Option<Instant> {
        // Threads take turns: request 0 is that of thread 0, request 1 that of thread 1, and so on.
        let place = number as f64 * self.threads as f64 + self.thread as f64;
        let moment =
            self.start.checked_add(Duration::try_from_secs_f64(place / self.rate).ok()?)?;
        (moment < self.close).then_some(moment)
    }

    /// Wakes the connections in turn when their moments come. A thread that sleeps wakes within
    /// some 0.1 ms; the runtime's own clock only knows whole milliseconds.
    pub(crate) fn keep(self, connections: &[UnboundedSender<Instant>], stop: &StopFlag) {
        let mut turns = connections.iter().cycle();
        let mut number = 0;
        while let Some(moment) = self.moment(number) {
            sleep_until(moment, || stop.is_set());
            if stop.is_set() {
                return;
            }
            // A connection that is gone has counted its fault.
            let _ = turns.next().map(|turn| turn.send(moment));
            number += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schedule_is_kept_whatever_the_server_does() {
        let (start, rate) = (Instant::now(), 1_000.0);
        let close = start + Duration::from_millis(100);
        let moments = |thread| {
            let schedule = Schedule { start, close, rate, thread, threads: 2 };
            (0..).map_while(move |number| schedule.moment(number))
        };
        let mut all: Vec<Instant> = moments(0).chain(moments(1)).collect();
        all.sort();
        assert_eq!(all.len(), 100);
        for (place, moment) in (0_u32..).zip(all) {
            let due = Duration::from_millis(1) * place;
            let off = (moment - start).abs_diff(due);
            assert!(off < Duration::from_micros(1), "{place}: {off:?}");
        }
    }
}
