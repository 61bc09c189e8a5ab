//! The daemon: the API served over HTTP/1.1, HTTP/1.0, and HTTP/2 by prior knowledge.
//!
//! The only crate that serves HTTP. [`Server`] accepts connections, bounds what they may cost
//! and stops gracefully; [`Service`] turns a request into an answer without any socket; one table
//! of routes carries the method, the path, the permission and the function of every operation.
//! Nothing here knows how contacts are stored or found: that is carnet-book.

mod answer;
mod base64;
mod body;
mod cid;
mod connection;
mod correlation;
mod cursor;
mod date;
mod error;
mod expand;
mod front;
mod handlers;
mod http2;
mod keys;
pub mod layout;
pub mod limits;
mod metrics;
mod oauth;
mod quick;
mod request;
mod router;
mod routes;
mod server;
mod service;

pub use answer::AnswerBody;
pub use body::RequestBody;
pub use cid::{BadFormat, CallerId, NameFormat, Network, UnknownNetwork};
pub use keys::Peer;
pub use routes::routes;
pub use server::{Patience, ServeError, Server, ServerSettings};
pub use service::Service;

#[cfg(test)]
mod tests;
