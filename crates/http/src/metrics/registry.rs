//! Metrics of the daemon: requests, their times, connections. [`crate::metrics::prometheus`] writes them out.
//!
//! Each thread that answers has a block of its own, on cache lines of its own, and is the only one
//! that writes there: a count is a load and a store, and no processor waits for another. A scrape
//! reads all blocks and sums up. Nothing that a request says becomes a label: requests are counted
//! in a table of routes and statuses, as large at the end as it was at the start.
//!
//! The fast path takes about a microsecond for a request, so the clock is not read twice for each:
//! requests that came together are timed together, from the moment at which their bytes were read,
//! which the read loop takes note of anyway, until all their answers are written out; each counts
//! with the mean. A lone request so costs one reading of the clock. `benches/README.md` says what
//! all of it costs.

use carnet_book::{Counter, Histogram, HistogramValue, Origin};
use hyper::StatusCode;
use std::cell::RefCell;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

/// Statuses that are counted one by one; all others are one. 200 comes first.
pub(super) const STATUSES: [u16; 15] =
    [200, 204, 400, 401, 403, 404, 405, 408, 409, 413, 414, 415, 431, 500, 503];
const OK: usize = 0;
const OTHER_STATUS: usize = STATUSES.len();

/// The place of an operation in the table of routes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RouteNo(pub(crate) usize);

/// The histogram that an operation's successes count in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Timed {
    /// None.
    No,
    /// That of exact look-ups.
    Lookup,
    /// That of searches; of listings, too, which are searches with or without words.
    Search,
}

/// An operation as the metrics show it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Label {
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    pub(crate) timed: Timed,
}

/// A request that was answered.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Answered {
    /// The operation; `None` where there is none.
    pub(crate) route: Option<RouteNo>,
    /// It was asked with HEAD.
    pub(crate) is_head: bool,
    pub(crate) status: StatusCode,
    /// The place from which a look-up was answered.
    pub(crate) origin: Origin,
    /// The time until the answer was there, not until it was sent.
    pub(crate) took: Duration,
}

/// The counts of one thread. The alignment keeps other threads' data off its cache lines, and off the
/// neighbours that processors fetch with them.
#[derive(Debug)]
#[repr(align(128))]
pub(crate) struct Block {
    /// By [`Origin`].
    origins: [Counter; 4],
    lookups: Histogram,
    searches: Histogram,
    accepted: Counter,
    closed: Counter,
    refused: Counter,
    http2: Counter,
    /// By row and status.
    requests: Box<[[Counter; OTHER_STATUS + 1]]>,
}

impl Block {
    fn new(rows: usize) -> Block {
        Block {
            origins: Default::default(),
            lookups: Histogram::default(),
            searches: Histogram::default(),
            accepted: Counter::default(),
            closed: Counter::default(),
            refused: Counter::default(),
            http2: Counter::default(),
            requests: (0..rows).map(|_| Default::default()).collect(),
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
#[derive(Debug)]
pub(crate) struct Metrics {
    pub(super) labels: Vec<Label>,
    blocks: Mutex<Vec<Arc<Block>>>,
}

thread_local! {
    /// This thread's blocks: one for each service that answered here, which is one in a daemon.
    static HERE: RefCell<Vec<(Weak<Metrics>, Arc<Block>)>> = const { RefCell::new(Vec::new()) };
}

impl Metrics {
    /// Metrics of operations with these labels, in the order of their numbers.
    pub(crate) fn new(labels: Vec<Label>) -> Metrics {
        Metrics { labels, blocks: Mutex::default() }
    }

    /// Rows of the table of requests: each operation, each asked with HEAD, and no operation.
    fn rows(&self) -> usize {
        self.labels.len() * 2 + 1
    }

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
        let block = Arc::new(Block::new(self.rows()));
        blocks.push(Arc::clone(&block));
        block
    }

    /// The blocks. Only ever pushed to, so a panic elsewhere breaks nothing.
    fn blocks(&self) -> MutexGuard<'_, Vec<Arc<Block>>> {
        self.blocks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A tally for the fast path of a connection, which must stay on this thread.
    pub(crate) fn tally(self: &Arc<Metrics>) -> FastPathTally {
        FastPathTally { block: self.here(Arc::clone), untimed: 0 }
    }

    /// Counts a request.
    pub(crate) fn answered(self: &Arc<Metrics>, answered: &Answered) {
        let Answered { route, is_head, status, origin, took } = *answered;
        let Some(RouteNo(no)) = route else {
            return self.unreadable(status);
        };
        self.here(|block| {
            block.count(no * 2 + usize::from(is_head), status);
            match self.labels.get(no).map(|label| label.timed) {
                Some(Timed::Lookup) if status == StatusCode::OK => {
                    block.lookups.note(took, 1);
                    block.origins[origin as usize].add(1);
                }
                Some(Timed::Search) if status == StatusCode::OK => block.searches.note(took, 1),
                _ => {}
            }
        });
    }

    /// A head that could not be read was answered.
    pub(crate) fn unreadable(self: &Arc<Metrics>, status: StatusCode) {
        self.here(|block| block.count(self.rows() - 1, status));
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
    pub(super) fn totals(&self) -> Totals {
        let blocks = self.blocks();
        let sum = |count: fn(&Block) -> &Counter| -> u64 {
            blocks.iter().map(|block| count(block).get()).sum()
        };
        let times = |of: fn(&Block) -> &Histogram| {
            blocks.iter().fold(HistogramValue::default(), |mut all, block| {
                all.add(&of(block).read());
                all
            })
        };
        // Read `closed` first so that `open` never goes negative.
        let closed = sum(|block| &block.closed);
        let accepted = sum(|block| &block.accepted);
        let mut requests = vec![[0; OTHER_STATUS + 1]; self.rows()];
        let mut origins = [0; 4];
        for block in blocks.iter() {
            for (row, counts) in requests.iter_mut().zip(&block.requests) {
                row.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count.get());
            }
            origins.iter_mut().zip(&block.origins).for_each(|(sum, count)| *sum += count.get());
        }
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

/// The sums of all blocks.
pub(super) struct Totals {
    pub(super) requests: Vec<[u64; OTHER_STATUS + 1]>,
    pub(super) origins: [u64; 4],
    pub(super) lookups: HistogramValue,
    pub(super) searches: HistogramValue,
    pub(super) accepted: u64,
    pub(super) open: u64,
    pub(super) refused: u64,
    pub(super) http2: u64,
}

/// Counts the requests that one connection's fast path answers.
#[derive(Debug)]
pub(crate) struct FastPathTally {
    block: Arc<Block>,
    /// Requests since the clock was read last.
    untimed: u32,
}

impl FastPathTally {
    /// Counts a request for this operation that was answered with 200.
    pub(crate) fn answered(&mut self, RouteNo(no): RouteNo, origin: Origin) {
        if let Some(row) = self.block.requests.get(no * 2) {
            row[OK].add(1);
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
    fn threads_are_summed_up_and_a_thread_that_comes_later_takes_the_place_of_one_that_left() {
        let metrics = Arc::new(Metrics::new(Vec::new()));
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
        let (one, other) = (Arc::new(Metrics::new(Vec::new())), Arc::new(Metrics::new(Vec::new())));
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
        let metrics = Arc::new(Metrics::new(Vec::new()));
        let answered = Answered {
            route: None,
            is_head: false,
            status: StatusCode::IM_A_TEAPOT,
            origin: Origin::Store,
            took: Duration::ZERO,
        };
        metrics.answered(&answered);
        assert_eq!(STATUSES[OK], 200);
        metrics.unreadable(StatusCode::BAD_REQUEST);
        let totals = metrics.totals();
        let none = totals.requests.last().unwrap();
        assert_eq!((none[OTHER_STATUS], none.iter().sum::<u64>()), (1, 2));
        assert_eq!(totals.requests.iter().flatten().sum::<u64>(), 2);
    }
}
