//! The phase of a connection: what the stream below hyper and the service above it tell each other.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// The phase of one connection. Stream and service run on the same task; the atomics only make it
/// shareable.
#[derive(Debug, Default)]
pub(super) struct Phase {
    /// A request was handed over and its answer is not all taken.
    serving: AtomicBool,
    /// The last request was answered before its body was read.
    unread: AtomicBool,
    /// Requests that were handed over so far.
    requests: AtomicU64,
}

impl Phase {
    pub(super) fn is_serving(&self) -> bool {
        // Pairs with the stores in `RequestGuard`.
        self.serving.load(Ordering::Acquire)
    }

    pub(super) fn has_unread_body(&self) -> bool {
        // Pairs with the stores in `RequestGuard`.
        self.unread.load(Ordering::Acquire)
    }

    pub(super) fn requests(&self) -> u64 {
        // Pairs with the addition in `RequestGuard::new`.
        self.requests.load(Ordering::Acquire)
    }
}

/// Held while a request is being answered, until its answer is taken.
#[derive(Debug)]
pub(super) struct RequestGuard(Arc<Phase>);

impl RequestGuard {
    pub(super) fn new(phase: &Arc<Phase>) -> RequestGuard {
        // Each pairs with the load in the method of `Phase` that has its name.
        phase.serving.store(true, Ordering::Release);
        phase.unread.store(false, Ordering::Release);
        phase.requests.fetch_add(1, Ordering::Release);
        RequestGuard(Arc::clone(phase))
    }

    /// The answer goes out while the client may still be sending.
    pub(super) fn leaves_body_unread(&self) {
        // Pairs with the load in `Phase::has_unread_body`.
        self.0.unread.store(true, Ordering::Release);
    }
}

impl Drop for RequestGuard {
    fn drop(&mut self) {
        // Pairs with the load in `Phase::is_serving`.
        self.0.serving.store(false, Ordering::Release);
    }
}
