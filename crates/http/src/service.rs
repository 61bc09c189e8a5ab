//! A request in, an answer out, no socket.
//!
//! The order of checks: is there such a route, may this client use it, is there room for the
//! request, and only then the body. A read is answered from one snapshot, which is taken after
//! all of that, so it holds everything that was acknowledged before the request began. A look-up
//! is answered from memory where it can be; the book sees to it that this is as fresh.

use crate::api::context::RequestContext;
use crate::api::offload::{catch_panic, offload};
use crate::api::route::{BodyUse, ErrorShape, HandlerResult, Run, Source};
use crate::auth::admission;
use crate::caller_id::network::Peer;
use crate::caller_id::settings::CallerId;
use crate::engine::state::State;
use crate::engine::timeouts::Timeouts;
use crate::handlers::own::token;
use crate::message::answer::{Answer, AnswerBody};
use crate::message::body::{self, RequestBody, Share};
use crate::message::cors::Origins;
use crate::message::error::Failure;
use crate::message::media_type::{FORM_TYPES, JSON_TYPES, LINES_TYPES, NUMBERS_TYPES, check_type};
use crate::metrics::registry::{Answered, RouteNo, Timed};
use crate::routes;
use carnet_book::{AddressBook, Snapshot};
use carnet_wire::Rules;
use hyper::body::Body;
use hyper::header::{ACCESS_CONTROL_ALLOW_METHODS, HeaderValue};
use hyper::http::request::Parts;
use hyper::{Method, Request, Response};
use std::mem;
use std::sync::Arc;
use std::time::Instant;
use tracing::Level;

/// Answers requests from an address book. Cheap to clone; every clone shares the limits.
#[derive(Clone)]
pub struct Service {
    pub(crate) state: Arc<State>,
}

impl Service {
    /// A service on this address book, with the limits of [`crate::limits`].
    pub fn new(book: AddressBook) -> Service {
        Service::with_settings(book, Timeouts::default(), CallerId::default(), Origins::default())
    }

    pub(crate) fn with_settings(
        book: AddressBook,
        timeouts: Timeouts,
        caller_id: CallerId,
        cors: Origins,
    ) -> Service {
        let (labels, silence) = (routes::labels(), routes::silence());
        Service { state: Arc::new(State::new(book, timeouts, caller_id, cors, labels, silence)) }
    }

    /// Answers one request. Needs a tokio runtime for what takes longer; never fails and never
    /// panics: what goes wrong inside is an answer, too.
    pub async fn answer(&self, request: Request<RequestBody>) -> Response<AnswerBody> {
        let peer = request.extensions().get::<Peer>().copied();
        self.serve(request, peer).await.response
    }

    /// Answers one request from this address, and says what became of its body.
    pub(crate) async fn serve(&self, request: Request<RequestBody>, peer: Option<Peer>) -> Served {
        let started = Instant::now();
        let (parts, mut body) = request.into_parts();
        let state = &self.state;
        let correlation = state.correlations.of(&parts.headers);
        let method = parts.method.clone();
        let cors = state.cors.grant(&parts.headers);
        let mut progress = Progress { route: None, errors: ErrorShape::Api, lost: false };
        let outcome = match &cors {
            Some(grant) if grant.is_preflight(&method) => preflight(&parts),
            _ => catch_panic(self.respond(parts, &mut body, peer, &mut progress)).await,
        };
        let name = correlation.to_str().unwrap_or_default();
        let answer = outcome.unwrap_or_else(|failure| {
            failure.log(name);
            match progress.errors {
                ErrorShape::Silent => failure.into_silent_answer(),
                ErrorShape::OAuth => token::refuse(&failure),
                ErrorShape::Api => failure.into_answer(name),
            }
        });
        let is_head = method == Method::HEAD;
        let (status, origin, took) = (answer.status, answer.origin, started.elapsed());
        let route = progress.route;
        state.metrics.answered(&Answered { route, is_head, status, origin, took });
        if tracing::enabled!(Level::DEBUG) {
            let route = progress.route.map_or("none", |no| routes::route(no).path);
            let milliseconds = took.as_secs_f64() * 1e3;
            let status = answer.status.as_u16();
            tracing::debug!(%method, route, status, milliseconds, correlation = name, "request");
        }
        let mut response = answer.into_response(correlation, is_head);
        if route.is_some_and(|no| routes::route(no).timed == Timed::Search) {
            // For the page, which shows it beside what was found.
            let shown = format!("carnet;dur={:.3}", took.as_secs_f64() * 1e3);
            if let Ok(shown) = HeaderValue::from_str(&shown) {
                response.headers_mut().insert("server-timing", shown);
            }
        }
        if let Some(grant) = cors {
            grant.write(response.headers_mut());
        }
        let rest = match progress.lost {
            true => Rest::Lost,
            false if body.is_end_stream() => Rest::None,
            false => Rest::Unread(body),
        };
        Served { response, rest }
    }

    async fn respond(
        &self,
        parts: Parts,
        body: &mut RequestBody,
        peer: Option<Peer>,
        progress: &mut Progress,
    ) -> HandlerResult {
        let state = &self.state;
        let path = parts.uri.path();
        let found = routes::find(&parts.method, path);
        if found.is_err() && state.silence.covers(path.as_bytes()) {
            // An unknown path or method fails as the paths around it do.
            progress.errors = ErrorShape::Silent;
        }
        let (no, variables) = found?;
        let route = routes::route(no);
        (progress.route, progress.errors) = (Some(no), route.errors);
        let principal = admission::admit(state, route, &parts, peer)?;
        let _permit = state.request()?;
        let (bytes, share) = self.take_body(route.body, &parts, body).await?;
        let stream = match route.body {
            BodyUse::Lines => {
                progress.lost = !body.is_end_stream();
                mem::replace(body, RequestBody::empty())
            }
            _ => RequestBody::empty(),
        };
        let context = RequestContext {
            parts,
            variables,
            rules: rules(&state.book),
            body: bytes,
            share,
            stream,
            principal,
            peer,
            state: Arc::clone(state),
        };
        match route.run {
            Run::Lookup(run) => self.look_up(run, context).await,
            Run::Read(run) => {
                let snapshot = state.book.snapshot().await?;
                self.reopen_if_broken(run(&context, &snapshot), &snapshot)
            }
            Run::LongRead(run) => {
                let turn = state.long_read().await?;
                let snapshot = state.book.snapshot().await?;
                let asked = Arc::clone(&snapshot);
                let outcome = offload(move || {
                    let _turn = turn;
                    run(&context, &asked)
                })
                .await;
                self.reopen_if_broken(outcome, &snapshot)
            }
            Run::Wait(run) => {
                let outcome = run(context).await;
                if route.body == BodyUse::Lines {
                    // A body that was refused midway may have more to come.
                    progress.lost = outcome.is_err();
                }
                outcome
            }
        }
    }

    /// Asks a look-up for an answer from memory, and when it has none for one from the store.
    async fn look_up(
        &self,
        run: fn(&RequestContext, Source<'_>) -> Result<Option<Answer>, Failure>,
        context: RequestContext,
    ) -> HandlerResult {
        if let Some(answer) = run(&context, Source::Memory)? {
            return Ok(answer);
        }
        let snapshot = self.state.book.snapshot().await?;
        let outcome = run(&context, Source::Store(&snapshot)).and_then(|answer| {
            answer.ok_or_else(|| Failure::internal("a look-up has no answer from the store"))
        });
        self.reopen_if_broken(outcome, &snapshot)
    }

    /// Passes an outcome on; where the snapshot's store proved broken, has it opened again.
    fn reopen_if_broken(&self, outcome: HandlerResult, snapshot: &Snapshot) -> HandlerResult {
        if outcome.as_ref().is_err_and(Failure::store_broke) {
            self.state.book.reopen_after(snapshot);
        }
        outcome
    }

    /// Reads the body where the operation wants it whole, and checks its type.
    async fn take_body(
        &self,
        wanted: BodyUse,
        parts: &Parts,
        body: &mut RequestBody,
    ) -> Result<(bytes::Bytes, Share), Failure> {
        let (limit, types) = match wanted {
            BodyUse::None => return Ok(Default::default()),
            BodyUse::Json(limit) => (limit, JSON_TYPES),
            BodyUse::Form(limit) => (limit, FORM_TYPES),
            BodyUse::Numbers(limit) => (limit, NUMBERS_TYPES),
            BodyUse::Lines => {
                check_type(parts, LINES_TYPES)?;
                return Ok(Default::default());
            }
        };
        if !body.is_end_stream() {
            check_type(parts, types)?;
        }
        let (time, budget) = (self.state.timeouts.body, &self.state.bodies);
        body::read(body, &parts.headers, limit, time, budget).await
    }
}

/// What this book asks of the records that it is sent.
fn rules(book: &AddressBook) -> Rules {
    let settings = book.records();
    Rules {
        default_region: settings.default_region,
        require_names: settings.require_names,
        internal_numbers: settings.internal_numbers,
    }
}

/// An answer, and what its connection must know.
pub(crate) struct Served {
    pub(crate) response: Response<AnswerBody>,
    pub(crate) rest: Rest,
}

/// The rest of a request's body.
pub(crate) enum Rest {
    /// There is none.
    None,
    /// Nobody wanted it.
    Unread(RequestBody),
    /// There may be one, and it is out of reach.
    Lost,
}

/// The answer to a browser that asks what its page may ask: what the path has.
fn preflight(parts: &Parts) -> HandlerResult {
    let mut answer = Answer::text("");
    let methods = HeaderValue::from_str(&routes::methods(parts.uri.path())?.join(", "));
    answer.header = methods.ok().map(|methods| (ACCESS_CONTROL_ALLOW_METHODS, methods));
    Ok(answer)
}

/// The course of a request so far.
struct Progress {
    route: Option<RouteNo>,
    /// The form of its failure.
    errors: ErrorShape,
    /// A handler took the body for itself and left something of it.
    lost: bool,
}
