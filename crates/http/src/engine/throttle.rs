//! Tries to sign in, slowed down by name and by address: after some failures each further one makes
//! the next wait twice as long. In memory only; it does not know what a password is.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Failures of one name that cost nothing: fingers slip.
const NAME_FAILURES_FREE: u32 = 5;
/// Failures from one address that cost nothing: an office may share one.
const ADDRESS_FAILURES_FREE: u32 = 20;
/// The first wait.
const WAIT_MIN: Duration = Duration::from_secs(1);
/// The longest wait: whoever knows a name can make its owner wait so long, and not longer. At this
/// pace a year has half a million tries.
const WAIT_MAX: Duration = Duration::from_secs(60);
/// How long failures are remembered.
const MEMORY: Duration = Duration::from_secs(60 * 60);
/// Names and addresses that are remembered. Beyond it those whose last failure is oldest are
/// forgotten.
const ENTRIES_MAX: usize = 10_000;

/// What tries are counted by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum TriedBy {
    /// A person's name, in the form in which names are compared.
    Name(String),
    /// An address; of IPv6 the network, because one host has all of its addresses.
    Address(IpAddr),
}

impl TriedBy {
    pub(crate) fn address(address: IpAddr) -> TriedBy {
        TriedBy::Address(match address {
            IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
                Some(v4) => v4.into(),
                None => {
                    let [a, b, c, d, ..] = v6.segments();
                    std::net::Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
                }
            },
            v4 @ IpAddr::V4(_) => v4,
        })
    }

    fn failures_free(&self) -> u32 {
        match self {
            TriedBy::Name(_) => NAME_FAILURES_FREE,
            TriedBy::Address(_) => ADDRESS_FAILURES_FREE,
        }
    }
}

#[derive(Clone, Copy)]
struct Failures {
    count: u32,
    last: Instant,
    /// The moment before which no try is looked at.
    until: Instant,
}

/// The failures that are remembered.
#[derive(Default)]
pub(crate) struct Throttle(Mutex<HashMap<TriedBy, Failures>>);

impl Throttle {
    /// How long all of these have to wait before the next try; zero when it may come now.
    pub(crate) fn wait(&self, by: &[TriedBy], now: Instant) -> Duration {
        let failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let waits = by.iter().filter_map(|by| failures.get(by));
        waits.map(|f| f.until.saturating_duration_since(now)).max().unwrap_or_default()
    }

    /// Counts a failure.
    pub(crate) fn failed(&self, by: &[TriedBy], now: Instant) {
        let mut failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for by in by {
            let known = failures.get(by).copied();
            let known = known.filter(|f| now.saturating_duration_since(f.last) < MEMORY);
            let count = known.map_or(0, |f| f.count).saturating_add(1);
            let wait = match count.checked_sub(by.failures_free() + 1) {
                None => Duration::ZERO,
                Some(doublings) => WAIT_MIN.saturating_mul(1 << doublings.min(16)).min(WAIT_MAX),
            };
            if known.is_none() {
                make_room(&mut failures, now);
            }
            failures.insert(by.clone(), Failures { count, last: now, until: now + wait });
        }
    }

    /// Forgets the failures: who signed in is who they say.
    pub(crate) fn succeeded(&self, by: &[TriedBy]) {
        let mut failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for by in by {
            failures.remove(by);
        }
    }
}

fn make_room(failures: &mut HashMap<TriedBy, Failures>, now: Instant) {
    if failures.len() < ENTRIES_MAX {
        return;
    }
    failures.retain(|_, f| now.saturating_duration_since(f.last) < MEMORY);
    if failures.len() < ENTRIES_MAX {
        return;
    }
    // Half at once, so that this is seldom done.
    let mut times: Vec<Instant> = failures.values().map(|f| f.last).collect();
    let middle = times.len() / 2;
    let (_, median, _) = times.select_nth_unstable(middle);
    let median = *median;
    failures.retain(|_, f| f.last > median);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(name: &str) -> TriedBy {
        TriedBy::Name(name.into())
    }

    #[test]
    fn failures_wait_longer_and_longer_until_one_signs_in() {
        let (throttle, start) = (Throttle::default(), Instant::now());
        let by = [name("ada")];
        for _ in 0..5 {
            throttle.failed(&by, start);
            assert_eq!(throttle.wait(&by, start), Duration::ZERO);
        }
        for seconds in [1, 2, 4, 8, 16, 32, 60, 60] {
            throttle.failed(&by, start);
            assert_eq!(throttle.wait(&by, start), Duration::from_secs(seconds));
        }
        assert_eq!(throttle.wait(&by, start + WAIT_MAX), Duration::ZERO);
        assert_eq!(throttle.wait(&[name("bob")], start), Duration::ZERO);
        throttle.succeeded(&by);
        assert_eq!(throttle.wait(&by, start), Duration::ZERO);
        // After an hour they are forgotten.
        (0..6).for_each(|_| throttle.failed(&by, start));
        throttle.failed(&by, start + MEMORY);
        assert_eq!(throttle.wait(&by, start + MEMORY), Duration::ZERO);
    }

    #[test]
    fn an_address_waits_for_what_it_does_to_many_names() {
        let (throttle, start) = (Throttle::default(), Instant::now());
        let from = |text: &str| TriedBy::address(text.parse().unwrap());
        for n in 0..21 {
            throttle.failed(&[name(&n.to_string()), from("2001:db8::1")], start);
        }
        assert_eq!(throttle.wait(&[name("new"), from("2001:db8::ffff")], start), WAIT_MIN);
        assert_eq!(throttle.wait(&[name("new"), from("2001:db8:0:1::1")], start), Duration::ZERO);
        assert_eq!(from("::ffff:192.0.2.1"), from("192.0.2.1"));
    }

    #[test]
    fn memory_is_bounded_and_the_newest_failures_stay() {
        let (throttle, start) = (Throttle::default(), Instant::now());
        for n in 0..3 * ENTRIES_MAX {
            let now = start + Duration::from_millis(u64::try_from(n).unwrap());
            throttle.failed(&[name(&n.to_string())], now);
            assert!(throttle.0.lock().unwrap().len() <= ENTRIES_MAX);
        }
        let last = name(&(3 * ENTRIES_MAX - 1).to_string());
        assert!(throttle.0.lock().unwrap().contains_key(&last));
    }
}
