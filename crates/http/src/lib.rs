//! The daemon: the API served over HTTP/1.1, HTTP/1.0, and HTTP/2 by prior knowledge.
//!
//! The only crate that serves HTTP. [`Server`] accepts connections, bounds what they may cost
//! and stops gracefully; [`Service`] turns a request into an answer without any socket; one table
//! of routes carries the method, the path, the permission and the function of every operation.
//! Nothing here knows how contacts are stored or found: that is carnet-book.

mod api;
mod auth;
mod caller_id;
mod fast_path;
mod handlers;
pub mod limits;
mod message;
mod metrics;
mod render;
mod routes;
mod server;
mod service;
mod state;
mod timeouts;

pub use caller_id::network::Peer;
pub use caller_id::{BadFormat, CallerId, NameFormat, Network, UnknownNetwork};
pub use message::answer::AnswerBody;
pub use message::body::RequestBody;
pub use routes::routes;
pub use server::threads;
pub use server::{ServeError, Server, ServerSettings};
pub use service::Service;
pub use timeouts::Timeouts;

#[cfg(test)]
mod tests;
