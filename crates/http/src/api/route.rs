//! A row of the table of routes: one operation, and everything that others must know of it.

use crate::api::context::RequestContext;
use crate::message::answer::Answer;
use crate::message::error::Failure;
use crate::metrics::registry::Timed;
use carnet_book::Snapshot;
use carnet_model::Permission;
use hyper::Method;
use std::future::Future;
use std::pin::Pin;

/// The result of a handler.
pub(crate) type HandlerResult = Result<Answer, Failure>;

/// The future of a handler that waits.
pub(crate) type HandlerFuture = Pin<Box<dyn Future<Output = HandlerResult> + Send>>;

/// One operation.
#[derive(Debug)]
pub(crate) struct Route {
    pub(crate) method: Method,
    pub(crate) path: &'static str,
    /// Any of these lets a client in.
    pub(crate) permissions: &'static [Permission],
    pub(crate) access: Access,
    pub(crate) body: BodyUse,
    pub(crate) run: Run,
    /// The histogram that its successes count in.
    pub(crate) timed: Timed,
    pub(crate) errors: ErrorShape,
    /// The look-up of the fast path that answers it, when it is asked for plainly.
    pub(crate) fast: Option<Fast>,
}

/// Who may use an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// Every client.
    Public,
    /// Every client that brings a client's id and secret.
    Token,
    /// A program with a token, or a person with a session, and one of the route's permissions.
    Authenticated,
    /// Everybody with a token or a session, whatever the permissions.
    SignedIn,
    /// A client with a token, with its id and secret in the request, or with a key; and one of the
    /// route's permissions. Telephone switches have no way to sign in first.
    Keyed,
    /// As [`Access::Keyed`], and every client in a network that needs no key.
    CallerId,
}

/// The use that an operation makes of a request's body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BodyUse {
    /// None; it is not read.
    None,
    /// JSON of at most this many bytes, read before the handler runs.
    Json(usize),
    /// A form of at most this many bytes, read before the handler runs.
    Form(usize),
    /// Numbers, as JSON or one a line, of at most this many bytes; read before the handler runs.
    Numbers(usize),
    /// Lines without end, which the handler reads.
    Lines,
}

/// The way in which a handler runs.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Run {
    /// Answers on the request's own task, from memory where it can: it is asked with
    /// [`Source::Memory`] first, and when it has no answer with the store.
    Lookup(fn(&RequestContext, Source<'_>) -> Result<Option<Answer>, Failure>),
    /// Answers from one snapshot, on the request's own task: single records.
    Read(fn(&RequestContext, &Snapshot) -> HandlerResult),
    /// Answers from one snapshot where it may take a while: searches, listings, scans.
    LongRead(fn(&RequestContext, &Snapshot) -> HandlerResult),
    /// Waits: for the writer, or for more of the body.
    Wait(fn(RequestContext) -> HandlerFuture),
}

/// The place from which a look-up is answered.
#[derive(Clone, Copy)]
pub(crate) enum Source<'s> {
    /// The answers that are kept in memory. A handler that needs more returns `None`.
    Memory,
    /// The store at one moment, from which everything can be answered.
    Store(&'s Snapshot),
}

/// The form of an operation's failures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ErrorShape {
    /// The API's error body.
    Api,
    /// The error body of OAuth.
    OAuth,
    /// A status without a body.
    Silent,
}

/// The look-ups that the fast path answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fast {
    /// Reverse white pages.
    Reverse,
    /// Caller ID.
    CallerId,
}
