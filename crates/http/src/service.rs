//! A request in, an answer out, no socket.
//!
//! The order of checks: is there such a route, may this client use it, is there room for the
//! request, and only then the body. A read is answered from one snapshot, which is taken after
//! all of that, so it holds everything that was acknowledged before the request began.

use crate::api::context::{Act, Ask, check_type};
use crate::auth::{self, Peer};
use crate::caller_id::CallerId;
use crate::fast_path::Quick;
use crate::handlers::lookup::prepare;
use crate::limits::{JOBS_MAX, LONG_READS_PER_CORE_MAX, LOOKUP_STREAMS_MAX, REQUESTS_MAX};
use crate::message::answer::AnswerBody;
use crate::message::body::{self, Budget, RequestBody, Share};
use crate::message::correlation::Correlations;
use crate::message::error::Failure;
use crate::metrics::Metrics;
use crate::routes::{self, Access, BodyUse, Outcome, Route, Run};
use crate::server::Patience;
use carnet_book::{AddressBook, Snapshot, Who};
use carnet_model::Permissions;
use carnet_wire::Rules;
use hyper::body::Body;
use hyper::header::AUTHORIZATION;
use hyper::http::request::Parts;
use hyper::{HeaderMap, Method, Request, Response, StatusCode};
use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Instant;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tracing::Level;

const JSON_TYPES: &[&str] = &["application/json"];
const FORM_TYPES: &[&str] = &["application/x-www-form-urlencoded"];
const NUMBERS_TYPES: &[&str] = &["application/json", "text/plain"];
const LINES_TYPES: &[&str] = &[
    "application/x-ndjson",
    "application/ndjson",
    "application/jsonl",
    "application/x-jsonlines",
    "application/json",
    "application/octet-stream",
    "text/plain",
];

/// Answers requests from an address book. Cheap to clone; every clone shares the limits.
#[derive(Clone)]
pub struct Service {
    book: AddressBook,
    patience: Patience,
    shared: Arc<Shared>,
}

/// What all requests share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) correlations: Arc<Correlations>,
    pub(crate) metrics: Arc<Metrics>,
    requests: Semaphore,
    long_reads: Arc<Semaphore>,
    jobs: Arc<Semaphore>,
    streams: Arc<Semaphore>,
    bodies: Budget,
    nobody: Arc<Who>,
    pub(crate) caller_id: CallerId,
}

impl Shared {
    /// Room for an import, an export or a check. Given back when dropped.
    pub(crate) fn job(&self) -> Result<OwnedSemaphorePermit, Failure> {
        let jobs = Arc::clone(&self.jobs);
        jobs.try_acquire_owned().map_err(|_| Failure::busy())
    }

    /// Room for a look-up of many numbers, for as long as it is being answered.
    pub(crate) fn stream(&self) -> Result<OwnedSemaphorePermit, Failure> {
        let streams = Arc::clone(&self.streams);
        streams.try_acquire_owned().map_err(|_| Failure::busy())
    }

    /// A turn at what takes a while.
    pub(crate) async fn long_read(&self) -> Result<OwnedSemaphorePermit, Failure> {
        let turn = Arc::clone(&self.long_reads).acquire_owned().await;
        turn.map_err(|_| Failure::busy())
    }
}

impl Service {
    /// A service on this address book, with the limits of [`crate::limits`].
    pub fn new(book: AddressBook) -> Service {
        Service::with_settings(book, Patience::default(), CallerId::default())
    }

    /// The same where caller ID has settings of its own.
    pub fn with_caller_id(book: AddressBook, caller_id: CallerId) -> Service {
        Service::with_settings(book, Patience::default(), caller_id)
    }

    pub(crate) fn with_settings(
        book: AddressBook,
        patience: Patience,
        caller_id: CallerId,
    ) -> Service {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let nobody = Who { client: String::new(), permissions: Permissions::NONE };
        let shared = Shared {
            correlations: Arc::new(Correlations::new()),
            metrics: Arc::default(),
            requests: Semaphore::new(REQUESTS_MAX),
            long_reads: Arc::new(Semaphore::new(cores * LONG_READS_PER_CORE_MAX)),
            jobs: Arc::new(Semaphore::new(JOBS_MAX)),
            streams: Arc::new(Semaphore::new(LOOKUP_STREAMS_MAX)),
            bodies: Budget::new(),
            nobody: Arc::new(nobody),
            caller_id,
        };
        Service { book, patience, shared: Arc::new(shared) }
    }

    /// Has answers to look-ups made before they are asked for.
    pub(crate) fn make_ready_ahead(&self) {
        let format = self.shared.caller_id.format.clone();
        self.book.make_ready_ahead(move |snapshot, contact| prepare(snapshot, contact, &format));
    }

    /// The look-up path for one connection.
    pub(crate) fn quick(&self) -> Quick {
        Quick::new(self.book.clone(), Arc::clone(&self.shared))
    }

    /// Lets a request know where it comes from, if anything depends on it.
    pub(crate) fn tell_peer<B>(&self, peer: Peer, request: &mut Request<B>) {
        if !self.shared.caller_id.allow.is_empty() {
            request.extensions_mut().insert(peer);
        }
    }

    pub(crate) fn correlations(&self) -> Arc<Correlations> {
        Arc::clone(&self.shared.correlations)
    }

    pub(crate) fn metrics(&self) -> &Arc<Metrics> {
        &self.shared.metrics
    }

    /// Answers one request. Needs a tokio runtime for what takes longer; never fails and never
    /// panics: what goes wrong inside is an answer, too.
    pub async fn answer(&self, request: Request<RequestBody>) -> Response<AnswerBody> {
        self.answer_knowing(request).await.0
    }

    /// The same, and whether the body was left unread.
    pub(crate) async fn answer_knowing(
        &self,
        request: Request<RequestBody>,
    ) -> (Response<AnswerBody>, bool) {
        let started = Instant::now();
        let (parts, body) = request.into_parts();
        let correlation = self.shared.correlations.of(&parts.headers);
        let method = parts.method.clone();
        let silent = routes::fails_silently(parts.uri.path().as_bytes());
        let mut progress = Progress { route: None, unread: !body.is_end_stream() };
        let outcome = caught(self.respond(parts, body, &mut progress)).await;
        let name = correlation.to_str().unwrap_or_default();
        let answer = outcome.unwrap_or_else(|failure| {
            failure.log(name);
            match progress.route {
                _ if silent => failure.into_silent_answer(),
                Some(route) if route.access == Access::Token => {
                    crate::handlers::own::token::refuse(&failure)
                }
                _ => failure.into_answer(name),
            }
        });
        let took = started.elapsed();
        self.shared.metrics.answered(progress.route, &method, answer.status, took);
        if tracing::enabled!(Level::DEBUG) {
            let route = progress.route.map_or("none", |route| route.path);
            let milliseconds = took.as_secs_f64() * 1e3;
            let status = answer.status.as_u16();
            tracing::debug!(%method, route, status, milliseconds, correlation = name, "request");
        }
        let head_only = method == Method::HEAD;
        (answer.into_response(correlation, head_only), progress.unread)
    }

    async fn respond(
        &self,
        parts: Parts,
        mut body: RequestBody,
        progress: &mut Progress,
    ) -> Outcome {
        let (route, variables) = routes::find(&parts.method, parts.uri.path())?;
        progress.route = Some(route);
        let who = self.admit(route, &parts)?;
        let _room = self.shared.requests.try_acquire().map_err(|_| Failure::busy())?;
        let mut ask = Ask {
            parts,
            variables,
            rules: Rules {
                default_region: self.book.settings().default_region,
                require_names: self.book.settings().require_names,
            },
            body: bytes::Bytes::new(),
            share: Share::default(),
            shared: Arc::clone(&self.shared),
        };
        match route.body {
            BodyUse::None => {}
            BodyUse::Json(limit) => self.take_body(&mut ask, &mut body, limit, JSON_TYPES).await?,
            BodyUse::Form(limit) => self.take_body(&mut ask, &mut body, limit, FORM_TYPES).await?,
            BodyUse::Numbers(limit) => {
                self.take_body(&mut ask, &mut body, limit, NUMBERS_TYPES).await?;
            }
            BodyUse::Lines => check_type(&ask.parts, LINES_TYPES)?,
        }
        progress.unread = !body.is_end_stream();
        match route.run {
            Run::Read(run) => {
                let snapshot = self.book.snapshot().await?;
                self.watched(run(&ask, &snapshot), &snapshot)
            }
            Run::LongRead(run) => {
                let turn = self.shared.long_read().await?;
                let snapshot = self.book.snapshot().await?;
                let asked = Arc::clone(&snapshot);
                let outcome = blocking(move || {
                    let _turn = turn;
                    run(&ask, &asked)
                })
                .await;
                self.watched(outcome, &snapshot)
            }
            Run::Act(run) => {
                let act = Act {
                    ask,
                    book: self.book.clone(),
                    who,
                    stream: body,
                    patience: self.patience,
                    shared: Arc::clone(&self.shared),
                };
                let outcome = run(act).await;
                if matches!(route.body, BodyUse::Lines) {
                    // What was refused midway may have more to come.
                    progress.unread = outcome.is_err();
                }
                outcome
            }
        }
    }

    /// Passes an outcome on; where the snapshot's store proved broken, has it opened again.
    fn watched(&self, outcome: Outcome, snapshot: &Snapshot) -> Outcome {
        if outcome.as_ref().is_err_and(Failure::store_broke) {
            self.book.mend(snapshot);
        }
        outcome
    }

    /// Who asks, if the route's row of the table lets them.
    fn admit(&self, route: &Route, parts: &Parts) -> Result<Arc<Who>, Failure> {
        let who = match route.access {
            Access::Public | Access::Token => return Ok(Arc::clone(&self.shared.nobody)),
            Access::CallerId if auth::needs_none(parts, &self.shared.caller_id) => {
                return Ok(Arc::clone(&self.shared.nobody));
            }
            Access::CallerId | Access::Keyed => auth::who(&self.book, parts)?,
            Access::Authenticated => {
                let who = self.book.authenticate(bearer(&parts.headers)?)?;
                who.ok_or_else(|| {
                    Failure::unauthenticated("The token is unknown or has ended; sign in again.")
                })?
            }
        };
        if who.permissions.meets(Permissions::of(route.permissions)) {
            Ok(who)
        } else {
            Err(Failure::missing_permissions(route.permissions))
        }
    }

    async fn take_body(
        &self,
        ask: &mut Ask,
        body: &mut RequestBody,
        limit: usize,
        types: &[&str],
    ) -> Result<(), Failure> {
        let time = self.patience.body;
        if !body.is_end_stream() {
            check_type(&ask.parts, types)?;
        }
        let budget = &self.shared.bodies;
        (ask.body, ask.share) = body::read(body, &ask.parts.headers, limit, time, budget).await?;
        Ok(())
    }
}

/// What became known of a request on its way.
struct Progress {
    route: Option<&'static Route>,
    unread: bool,
}

/// The token of the `Authorization` header.
pub(crate) fn bearer(headers: &HeaderMap) -> Result<&str, Failure> {
    const MESSAGE: &str = "The request needs a bearer token, as /oauth/token gives out.";
    let value = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let (scheme, token) = value.and_then(|value| value.split_once(' ')).unwrap_or_default();
    let token = token.trim();
    if scheme.eq_ignore_ascii_case("bearer") && !token.is_empty() {
        Ok(token)
    } else {
        Err(Failure::unauthenticated(MESSAGE))
    }
}

/// Runs what may take a while where it holds up nobody else.
pub(crate) async fn blocking<T: Send + 'static>(
    run: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    match tokio::task::spawn_blocking(run).await {
        Ok(outcome) => outcome,
        Err(error) if error.is_panic() => Err(panicked()),
        Err(_) => Err(Failure::unavailable("The daemon is stopping.")),
    }
}

/// Turns a panic of a handler into a failure: the daemon goes on.
async fn caught(work: impl Future<Output = Outcome>) -> Outcome {
    let mut work = pin!(work);
    poll_fn(move |cx| {
        // Nothing of a request outlives its panic, so there is nothing to find broken.
        match catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(cx))) {
            Ok(poll) => poll,
            Err(_) => Poll::Ready(Err(panicked())),
        }
    })
    .await
}

fn panicked() -> Failure {
    // The panic hook has logged message and place.
    Failure::internal("the handler panicked")
}

impl Service {
    /// What a connection beyond the limit is told.
    pub(crate) fn too_many_connections(&self, silent: bool) -> bytes::Bytes {
        let correlation = self.shared.correlations.next();
        let correlation = correlation.to_str().unwrap_or_default();
        let failure = Failure::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "service.unavailable",
            "The daemon has as many connections as it may have; try again.",
        );
        crate::server::stream::bare_answer(&failure, correlation, silent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::answer::Answer;

    #[tokio::test]
    async fn a_panic_is_an_answer() {
        let quiet = caught(async { Ok(Answer::empty_object()) }).await;
        assert!(quiet.is_ok());
        let panics = async {
            tokio::task::yield_now().await;
            panic!("on purpose")
        };
        let failure = caught(panics).await.unwrap_err();
        assert_eq!(
            (failure.status(), failure.code()),
            (StatusCode::INTERNAL_SERVER_ERROR, "internal.server.error")
        );
        assert!(!failure.message().contains("on purpose"));
        let failure = blocking::<()>(|| panic!("on purpose")).await.unwrap_err();
        assert_eq!(failure.status(), StatusCode::INTERNAL_SERVER_ERROR);
    }

    #[test]
    fn a_token_is_read_from_a_bearer_header_only() {
        for (header, token) in [
            ("Bearer abc", Some("abc")),
            ("bearer  abc ", Some("abc")),
            ("Bearer", None),
            ("Bearer ", None),
            ("Basic abc", None),
            ("abc", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(AUTHORIZATION, header.parse().unwrap());
            assert_eq!(bearer(&headers).ok(), token, "{header}");
        }
        assert_eq!(bearer(&HeaderMap::new()).unwrap_err().status(), StatusCode::UNAUTHORIZED);
    }
}
