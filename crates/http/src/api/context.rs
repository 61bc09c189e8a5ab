//! The context of a request: everything that a handler is given.

use crate::api::router::Variables;
use crate::caller_id::network::Peer;
use crate::engine::state::State;
use crate::message::body::{RequestBody, Share};
use crate::message::error::Failure;
use crate::message::json;
use crate::message::parameters::Parameters;
use bytes::Bytes;
use carnet_book::{AddressBook, BookError, EntityKind, Principal};
use carnet_model::Uuid;
use carnet_wire::Rules;
use hyper::http::request::Parts;
use serde_json::Value;
use std::sync::Arc;

/// A request that was let in.
pub(crate) struct RequestContext {
    pub(crate) parts: Parts,
    pub(crate) variables: Variables,
    /// How bodies are read: the administrator's rules for records.
    pub(crate) rules: Rules,
    /// The whole body, where the route wants one.
    pub(crate) body: Bytes,
    /// The memory that the body was allotted.
    pub(crate) share: Share,
    /// The body, where the handler reads it by itself.
    pub(crate) stream: RequestBody,
    /// The client that asks; on a public route one without a name and without permissions.
    pub(crate) principal: Arc<Principal>,
    /// The address that it comes from, where that is known.
    pub(crate) peer: Option<Peer>,
    pub(crate) state: Arc<State>,
}

impl RequestContext {
    /// The address book.
    pub(crate) fn book(&self) -> &AddressBook {
        &self.state.book
    }

    /// The identifier in the path at `index`. A text that is no UUID identifies nothing.
    pub(crate) fn id(&self, index: usize, thing: EntityKind) -> Result<Uuid, Failure> {
        let id = Uuid::try_parse(self.variables.get(index));
        id.map_err(|_| BookError::NotFound(thing).into())
    }

    /// The path as it was asked for.
    pub(crate) fn path(&self) -> &str {
        self.parts.uri.path()
    }

    /// The query as it was asked for, without the question mark; `None` without one.
    pub(crate) fn query(&self) -> Option<&str> {
        self.parts.uri.query()
    }

    /// The query's parameters.
    pub(crate) fn parameters(&self) -> Result<Parameters, Failure> {
        Parameters::read(self.query().unwrap_or_default())
    }

    /// The body as JSON.
    pub(crate) fn json(&self) -> Result<Value, Failure> {
        json::read(&self.body)
    }
}
