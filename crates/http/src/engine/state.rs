//! The state that all requests of a daemon share: the book, the settings, and the limits of what
//! runs at once.

use crate::caller_id::settings::CallerId;
use crate::caller_id::silence::Silence;
use crate::engine::throttle::Throttle;
use crate::engine::timeouts::Timeouts;
use crate::limits::REQUESTS_MAX;
use crate::limits::{JOBS_MAX, LONG_READS_PER_CORE_MAX, LOOKUP_STREAMS_MAX, PASSWORD_WAITS_MAX};
use crate::message::body::Budget;
use crate::message::correlation::Correlations;
use crate::message::cors::Origins;
use crate::message::error::Failure;
use crate::metrics::registry::{Label, Metrics};
use carnet_book::{AddressBook, Principal};
use carnet_model::Permissions;
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, SemaphorePermit};

/// The state of a daemon.
pub(crate) struct State {
    pub(crate) book: AddressBook,
    pub(crate) timeouts: Timeouts,
    pub(crate) caller_id: CallerId,
    /// The pages of browsers that may ask.
    pub(crate) cors: Origins,
    pub(crate) silence: Silence,
    pub(crate) correlations: Correlations,
    pub(crate) metrics: Arc<Metrics>,
    /// The principal of requests that need none.
    pub(crate) anonymous: Arc<Principal>,
    /// The memory for the bodies of requests.
    pub(crate) bodies: Budget,
    /// Failed tries to sign in.
    pub(crate) throttle: Throttle,
    requests: Semaphore,
    long_reads: Arc<Semaphore>,
    jobs: Arc<Semaphore>,
    streams: Arc<Semaphore>,
    /// One password is hashed at a time.
    passwords: Arc<Semaphore>,
    password_waits: Semaphore,
}

impl State {
    /// The state of a daemon whose operations have these labels, and whose failures are silent
    /// where `silence` says so.
    pub(crate) fn new(
        book: AddressBook,
        timeouts: Timeouts,
        caller_id: CallerId,
        cors: Origins,
        labels: Vec<Label>,
        silence: Silence,
    ) -> State {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let anonymous = Principal::client(String::new(), Permissions::NONE);
        State {
            book,
            timeouts,
            caller_id,
            cors,
            silence,
            correlations: Correlations::new(),
            metrics: Arc::new(Metrics::new(labels)),
            anonymous: Arc::new(anonymous),
            bodies: Budget::new(),
            throttle: Throttle::default(),
            passwords: Arc::new(Semaphore::new(1)),
            password_waits: Semaphore::new(PASSWORD_WAITS_MAX),
            requests: Semaphore::new(REQUESTS_MAX),
            long_reads: Arc::new(Semaphore::new(cores * LONG_READS_PER_CORE_MAX)),
            jobs: Arc::new(Semaphore::new(JOBS_MAX)),
            streams: Arc::new(Semaphore::new(LOOKUP_STREAMS_MAX)),
        }
    }

    /// A permit to work on a request.
    pub(crate) fn request(&self) -> Result<SemaphorePermit<'_>, Failure> {
        self.requests.try_acquire().map_err(|_| Failure::busy())
    }

    /// A permit for an import, an export or a check.
    pub(crate) fn job(&self) -> Result<OwnedSemaphorePermit, Failure> {
        let jobs = Arc::clone(&self.jobs);
        jobs.try_acquire_owned().map_err(|_| Failure::busy())
    }

    /// A permit for a look-up of many numbers, held while it is being answered.
    pub(crate) fn stream(&self) -> Result<OwnedSemaphorePermit, Failure> {
        let streams = Arc::clone(&self.streams);
        streams.try_acquire_owned().map_err(|_| Failure::busy())
    }

    /// Waits for the turn to hash a password: that takes memory and a processor, which look-ups
    /// want, so it is one at a time, and few may wait.
    pub(crate) async fn password_turn(&self) -> Result<OwnedSemaphorePermit, Failure> {
        let _waits = self.password_waits.try_acquire().map_err(|_| Failure::busy())?;
        let turn = Arc::clone(&self.passwords).acquire_owned().await;
        turn.map_err(|_| Failure::busy())
    }

    /// Waits for a permit for long work.
    pub(crate) async fn long_read(&self) -> Result<OwnedSemaphorePermit, Failure> {
        let turn = Arc::clone(&self.long_reads).acquire_owned().await;
        turn.map_err(|_| Failure::busy())
    }
}
