//! What the daemon counts: requests, their times, connections. Rendered by [`mod@page`].
//!
//! Each thread that answers has a block of its own, on cache lines of its own, and is the only one
//! that writes there: a count is a load and a store, and no processor waits for another. A scrape
//! reads all blocks and sums up. Nothing that a request says becomes a label: requests are counted
//! in a table of routes and statuses, as large at the end as it was at the start.
//!
//! The look-up path under hyper takes about a microsecond, so the clock is not read twice for a
//! request there: requests that came together are timed together, from the moment at which their
//! bytes were read, which the front takes note of anyway, until all their answers are written out;
//! each counts with the mean. A lone request so costs one reading of the clock. See the decisions
//! in `crates/README.md` for what all of it costs.

mod process;
mod prometheus;

pub(crate) use prometheus::page;

use crate::routes::{self, ROUTES, Route};
use carnet_book::{Count, Origin, Times, Timings};
use hyper::{Method, StatusCode};
use std::cell::RefCell;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;
use tokio::time::Instant;

/// Statuses that are told apart; all others are one.
const STATUSES: [u16; 15] =
    [200, 204, 400, 401, 403, 404, 405, 408, 409, 413, 414, 415, 431, 500, 503];
const OTHER_STATUS: usize = STATUSES.len();

/// Operations that look exact keys up, and are timed as such where they answer 200.
const LOOK_UPS: [(Method, &str); 5] = [
    (Method::GET, REVERSE),
    (Method::POST, "/api/v2/externalcontacts/identifierlookup/contacts"),
    (Method::GET, CALLER_ID),
    (Method::GET, "/cid/{number}"),
    (Method::GET, "/lookup/{number}"),
];
const REVERSE: &str = "/api/v2/externalcontacts/reversewhitepageslookup";
const CALLER_ID: &str = "/cid";

/// Operations that search, the same way: listings too, which are searches with or without words.
const SEARCHES: [(Method, &str); 3] = [
    (Method::POST, "/api/v2/externalcontacts/contacts/search"),
    (Method::GET, "/api/v2/externalcontacts/contacts"),
    (Method::GET, "/api/v2/externalcontacts/organizations"),
];

/// As what a request is timed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    LookUp,
    Search,
    Other,
}

/// By the place in the table of routes.
static KINDS: LazyLock<Vec<Kind>> = LazyLock::new(|| {
    let is_one = |all: &[(Method, &str)], route: &Route| {
        all.iter().any(|(method, path)| route.method == *method && route.path == *path)
    };
    let kind = |route: &Route| match route {
        route if is_one(&LOOK_UPS, route) => Kind::LookUp,
        route if is_one(&SEARCHES, route) => Kind::Search,
        _ => Kind::Other,
    };
    ROUTES.iter().map(kind).collect()
});

/// Rows of the table of requests: each route, each route asked with HEAD, and no route.
fn rows() -> usize {
    ROUTES.len() * 2 + 1
}

/// What one thread counts. The alignment keeps other threads' data off its cache lines, and off the
/// neighbours that processors fetch with them.
#[derive(Debug)]
#[repr(align(128))]
pub(crate) struct Block {
    /// Requests that the look-up path answered, each with 200.
    reverse: Count,
    caller_id: Count,
    /// By [`Origin`].
    origins: [Count; 4],
    lookups: Timings,
    searches: Timings,
    accepted: Count,
    closed: Count,
    refused: Count,
    http2: Count,
    /// By row and status.
    requests: Box<[[Count; OTHER_STATUS + 1]]>,
}

impl Block {
    fn new() -> Block {
        Block {
            reverse: Count::default(),
            caller_id: Count::default(),
            origins: Default::default(),
            lookups: Timings::default(),
            searches: Timings::default(),
            accepted: Count::default(),
            closed: Count::default(),
            refused: Count::default(),
            http2: Count::default(),
            requests: (0..rows()).map(|_| Default::default()).collect(),
        }
    }

    fn count(&self, row: usize, status: StatusCode) {
        let status = STATUSES.iter().position(|known| *known == status.as_u16());
        if let Some(row) = self.requests.get(row) {
            row[status.unwrap_or(OTHER_STATUS)].add(1);
        }
    }
}

/// The blocks of all threads that serve one address book.
#[derive(Debug, Default)]
pub(crate) struct Metrics {
    blocks: Mutex<Vec<Arc<Block>>>,
}

thread_local! {
    /// This thread's blocks: one for each service that answered here, which is one in a daemon.
    static HERE: RefCell<Vec<(Weak<Metrics>, Arc<Block>)>> = const { RefCell::new(Vec::new()) };
}

impl Metrics {
    /// Works with this thread's block.
    fn here<T>(self: &Arc<Metrics>, work: impl FnOnce(&Arc<Block>) -> T) -> T {
        HERE.with_borrow_mut(|here| {
            let place = here.iter().position(|(of, _)| Weak::as_ptr(of) == Arc::as_ptr(self));
            let place = place.unwrap_or_else(|| {
                here.retain(|(of, _)| of.strong_count() > 0);
                here.push((Arc::downgrade(self), self.enter()));
                here.len() - 1
            });
            work(&here[place].1)
        })
    }

    /// A block for a thread that has none: one whose thread is gone, or a new one.
    fn enter(&self) -> Arc<Block> {
        let mut blocks = self.blocks();
        let left = |block: &mut Arc<Block>| Arc::get_mut(block).is_some();
        if let Some(block) = blocks.iter_mut().find_map(|b| left(b).then(|| Arc::clone(b))) {
            return block;
        }
        let block = Arc::new(Block::new());
        blocks.push(Arc::clone(&block));
        block
    }

    /// The blocks. Only ever pushed to, so a panic elsewhere breaks nothing.
    fn blocks(&self) -> MutexGuard<'_, Vec<Arc<Block>>> {
        self.blocks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the look-up path of a connection counts with. It must stay on this thread.
    pub(crate) fn tally(self: &Arc<Metrics>) -> Tally {
        Tally { block: self.here(Arc::clone), untimed: 0 }
    }

    /// A request was answered; `took` is the time until the answer was there, not until it was
    /// sent.
    pub(crate) fn answered(
        self: &Arc<Metrics>,
        route: Option<&'static Route>,
        method: &Method,
        status: StatusCode,
        took: Duration,
    ) {
        let Some(place) = route.map(routes::place) else {
            return self.here(|block| block.count(rows() - 1, status));
        };
        self.here(|block| {
            block.count(place * 2 + usize::from(*method == Method::HEAD), status);
            match KINDS.get(place) {
                Some(Kind::LookUp) if status == StatusCode::OK => {
                    block.lookups.note(took, 1);
                    block.origins[Origin::Store as usize].add(1);
                }
                Some(Kind::Search) if status == StatusCode::OK => block.searches.note(took, 1),
                _ => {}
            }
        });
    }

    /// A head that could not be read was answered.
    pub(crate) fn unreadable(self: &Arc<Metrics>, status: StatusCode) {
        self.here(|block| block.count(rows() - 1, status));
    }

    /// A connection was accepted. It is open until what this returns is dropped, on this thread.
    pub(crate) fn opened(self: &Arc<Metrics>) -> Open {
        let block = self.here(Arc::clone);
        block.accepted.add(1);
        Open(block)
    }

    /// A connection was accepted and has no place.
    pub(crate) fn refused(self: &Arc<Metrics>) {
        self.here(|block| block.refused.add(1));
    }

    /// A connection speaks HTTP/2.
    pub(crate) fn speaks_http2(self: &Arc<Metrics>) {
        self.here(|block| block.http2.add(1));
    }

    /// All blocks together.
    fn totals(&self) -> Totals {
        let blocks = self.blocks();
        let sum = |count: fn(&Block) -> &Count| -> u64 {
            blocks.iter().map(|block| count(block).get()).sum()
        };
        let times = |of: fn(&Block) -> &Timings| {
            blocks.iter().fold(Times::default(), |mut all, block| {
                all.add(&of(block).read());
                all
            })
        };
        // First: whoever closes meanwhile was open, and never less than none.
        let closed = sum(|block| &block.closed);
        let accepted = sum(|block| &block.accepted);
        let mut requests = vec![[0; OTHER_STATUS + 1]; rows()];
        let mut origins = [0; 4];
        for block in blocks.iter() {
            for (row, counts) in requests.iter_mut().zip(&block.requests) {
                row.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count.get());
            }
            origins.iter_mut().zip(&block.origins).for_each(|(sum, count)| *sum += count.get());
        }
        // 200 is the first of the statuses.
        requests[*REVERSE_PLACE * 2][0] += sum(|block| &block.reverse);
        requests[*CALLER_ID_PLACE * 2][0] += sum(|block| &block.caller_id);
        Totals {
            requests,
            origins,
            lookups: times(|block| &block.lookups),
            searches: times(|block| &block.searches),
            accepted,
            open: accepted.saturating_sub(closed),
            refused: sum(|block| &block.refused),
            http2: sum(|block| &block.http2),
        }
    }
}

static REVERSE_PLACE: LazyLock<usize> = LazyLock::new(|| place_of(REVERSE));
static CALLER_ID_PLACE: LazyLock<usize> = LazyLock::new(|| place_of(CALLER_ID));

fn place_of(path: &str) -> usize {
    let found = ROUTES.iter().position(|route| route.method == Method::GET && route.path == path);
    // A test sees to it that they are there.
    found.unwrap_or_default()
}

/// The sums of all blocks.
struct Totals {
    requests: Vec<[u64; OTHER_STATUS + 1]>,
    origins: [u64; 4],
    lookups: Times,
    searches: Times,
    accepted: u64,
    open: u64,
    refused: u64,
    http2: u64,
}

/// What the look-up path answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// Reverse white pages.
    Reverse,
    /// Caller ID.
    CallerId,
}

/// The count of one connection's look-up path.
#[derive(Debug)]
pub(crate) struct Tally {
    block: Arc<Block>,
    /// Requests since the clock was read last.
    untimed: u32,
}

impl Tally {
    /// A request was answered.
    pub(crate) fn answered(&mut self, asked: Asked, origin: Origin) {
        match asked {
            Asked::Reverse => self.block.reverse.add(1),
            Asked::CallerId => self.block.caller_id.add(1),
        }
        self.block.origins[origin as usize].add(1);
        self.untimed += 1;
    }

    /// All of them so far were there at `since`, and their answers are written out now.
    pub(crate) fn time(&mut self, since: Instant) {
        if self.untimed > 0 {
            self.block.lookups.note(since.elapsed(), self.untimed);
            self.untimed = 0;
        }
    }
}

/// Held while a connection is open.
#[derive(Debug)]
pub(crate) struct Open(Arc<Block>);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.closed.add(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_timed_is_in_the_table_of_routes() {
        let of = |kind| KINDS.iter().filter(|found| **found == kind).count();
        assert_eq!((of(Kind::LookUp), of(Kind::Search)), (LOOK_UPS.len(), SEARCHES.len()));
        assert_eq!(ROUTES[*REVERSE_PLACE].path, REVERSE);
        assert_eq!(ROUTES[*CALLER_ID_PLACE].path, CALLER_ID);
        assert_eq!(STATUSES[0], 200);
    }

    #[test]
    fn threads_are_summed_up_and_a_thread_that_comes_later_takes_the_place_of_one_that_left() {
        let metrics = Arc::new(Metrics::default());
        for round in 1..=3 {
            let threads: Vec<_> = (0..4)
                .map(|_| {
                    let metrics = Arc::clone(&metrics);
                    std::thread::spawn(move || {
                        (0..1_000).for_each(|_| metrics.refused());
                        metrics
                    })
                })
                .collect();
            threads.into_iter().for_each(|thread| drop(thread.join().unwrap()));
            assert_eq!(metrics.totals().refused, round * 4_000);
        }
        assert!(metrics.blocks().len() <= 4, "{}", metrics.blocks().len());
    }

    #[test]
    fn services_on_one_thread_do_not_mix() {
        let (one, other) = (Arc::new(Metrics::default()), Arc::new(Metrics::default()));
        let open = one.opened();
        other.refused();
        let (totals, others) = (one.totals(), other.totals());
        assert_eq!((totals.accepted, totals.open, totals.refused), (1, 1, 0));
        assert_eq!((others.accepted, others.open, others.refused), (0, 0, 1));
        drop(open);
        assert_eq!((one.totals().accepted, one.totals().open), (1, 0));
    }

    #[test]
    fn an_unknown_status_and_an_unknown_route_have_their_places() {
        let metrics = Arc::new(Metrics::default());
        metrics.answered(None, &Method::PUT, StatusCode::IM_A_TEAPOT, Duration::ZERO);
        metrics.unreadable(StatusCode::BAD_REQUEST);
        let totals = metrics.totals();
        let none = totals.requests.last().unwrap();
        assert_eq!((none[OTHER_STATUS], none.iter().sum::<u64>()), (1, 2));
        assert_eq!(totals.requests.iter().flatten().sum::<u64>(), 2);
    }
}
