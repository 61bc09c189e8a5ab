//! Tries to sign in, slowed down by name and by address: after some failures each further one makes
//! the next wait twice as long. In memory only; it does not know what a password is.

use hyper::HeaderMap;
use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Failures of one name from one address that cost nothing: fingers slip.
const PAIR_FAILURES_FREE: u32 = 5;
/// Failures of one name from all addresses together that cost nothing. More than one address can make
/// before it waits by itself, so that it does not lock the owner of the name out; few enough to slow
/// guesses that come from many addresses.
const NAME_FAILURES_FREE: u32 = 100;
/// Failures from one address that cost nothing: an office may share one.
const ADDRESS_FAILURES_FREE: u32 = 20;
/// The first wait.
const WAIT_MIN: Duration = Duration::from_secs(1);
/// The longest wait. At this pace a year has half a million tries.
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
    /// A name from one address, or from one that is not known.
    Pair(String, Option<IpAddr>),
    /// An address; of IPv6 the network, because one host has all of its addresses.
    Address(IpAddr),
}

impl TriedBy {
    /// Everything that a try is counted by.
    pub(crate) fn all(name: &str, address: Option<IpAddr>) -> Vec<TriedBy> {
        let address = address.map(network);
        let mut by = vec![TriedBy::Name(name.to_owned()), TriedBy::Pair(name.to_owned(), address)];
        by.extend(address.map(TriedBy::Address));
        by
    }

    fn failures_free(&self) -> u32 {
        match self {
            TriedBy::Name(_) => NAME_FAILURES_FREE,
            TriedBy::Pair(..) => PAIR_FAILURES_FREE,
            TriedBy::Address(_) => ADDRESS_FAILURES_FREE,
        }
    }
}

/// What of an address stands for one place.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => v4.into(),
            None => {
                let [a, b, c, d, ..] = v6.segments();
                Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
            }
        },
        v4 @ IpAddr::V4(_) => v4,
    }
}

/// The address of a client. A proxy on this machine, which asks from the loopback, says for whom.
pub(crate) fn client_address(peer: IpAddr, headers: &HeaderMap) -> IpAddr {
    let last = headers.get_all(FORWARDED_FOR).iter().next_back();
    let last = last.and_then(|header| header.to_str().ok()?.rsplit(',').next());
    match peer.to_canonical().is_loopback() {
        true => last.and_then(|address| address.trim().parse().ok()).unwrap_or(peer),
        false => peer,
    }
}

/// The header in which a proxy adds the address of who asked it, behind what it was told.
const FORWARDED_FOR: &str = "x-forwarded-for";

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
        TriedBy::Pair(name.into(), None)
    }

    fn from(name: &str, address: &str) -> Vec<TriedBy> {
        TriedBy::all(name, Some(address.parse().unwrap()))
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
        for n in 0..21 {
            throttle.failed(&from(&n.to_string(), "2001:db8::1"), start);
        }
        assert_eq!(throttle.wait(&from("new", "2001:db8::ffff"), start), WAIT_MIN);
        assert_eq!(throttle.wait(&from("new", "2001:db8:0:1::1"), start), Duration::ZERO);
        assert_eq!(from("a", "::ffff:192.0.2.1"), from("a", "192.0.2.1"));
    }

    #[test]
    fn who_tries_a_name_from_elsewhere_does_not_stop_its_owner() {
        let (throttle, start) = (Throttle::default(), Instant::now());
        for _ in 0..20 {
            throttle.failed(&from("ada", "192.0.2.1"), start);
        }
        assert_eq!(throttle.wait(&from("ada", "192.0.2.1"), start), WAIT_MAX);
        assert_eq!(throttle.wait(&from("ada", "192.0.2.2"), start), Duration::ZERO);
        // Who tries from very many is slowed all the same.
        for n in 0..=NAME_FAILURES_FREE {
            throttle.failed(&from("ada", &format!("198.51.100.{n}")), start);
        }
        assert!(throttle.wait(&from("ada", "192.0.2.2"), start) >= WAIT_MIN);
    }

    #[test]
    fn a_proxy_on_this_machine_says_for_whom_it_asks() {
        let asked = |peer: &str, forwarded: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for value in forwarded {
                headers.append(FORWARDED_FOR, hyper::header::HeaderValue::from_static(value));
            }
            client_address(peer.parse().unwrap(), &headers).to_string()
        };
        assert_eq!(asked("127.0.0.1", &["192.0.2.9"]), "192.0.2.9");
        // What stands before its own word is what it was told.
        assert_eq!(asked("::1", &["192.0.2.1", "192.0.2.2, 2001:db8::7"]), "2001:db8::7");
        assert_eq!(asked("127.0.0.1", &["nobody"]), "127.0.0.1");
        assert_eq!(asked("127.0.0.1", &[]), "127.0.0.1");
        assert_eq!(asked("192.0.2.5", &["192.0.2.9"]), "192.0.2.5");
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
