//! The daemon: the API served over HTTP/1.1, HTTP/1.0, and HTTP/2 by prior knowledge.
//!
//! The only crate that serves HTTP. [`Server`] accepts connections, bounds what they may cost
//! and stops gracefully; [`Service`] turns a request into an answer without any socket; one table
//! of routes carries the method, the path, the permission and the function of every operation.
//! Nothing here knows how contacts are stored or found: that is carnet-book.

/// The parts of which an operation is made: its row in the table, the way from a path to it, and
/// what its handler is given.
mod api {
    pub(crate) mod context;
    pub(crate) mod missing;
    pub(crate) mod offload;
    pub(crate) mod route;
    pub(crate) mod router;
}
/// Who asks, and whether they may.
mod auth {
    pub(crate) mod admission;
    pub(crate) mod credentials;
    pub(crate) mod session;
}
/// A contact's name as one line of plain text, for telephone switches. Pure.
mod caller_id {
    pub(crate) mod format;
    pub(crate) mod line;
    pub(crate) mod network;
    pub(crate) mod settings;
    pub(crate) mod silence;
}
/// The state that all requests share, and the one engine for look-ups by number.
mod engine {
    pub(crate) mod render;
    pub(crate) mod state;
    pub(crate) mod throttle;
    pub(crate) mod timeouts;
}
/// Look-ups answered below hyper, from bytes into bytes. No socket.
mod fast_path {
    pub(crate) mod date;
    pub(crate) mod head;
    pub(crate) mod path;
}
/// The handlers of the operations, one file a resource. They read with carnet-wire, ask the address
/// book once, and write with carnet-wire; statuses and codes are made in `message::error`.
mod handlers {
    pub(crate) mod bulk;
    pub(crate) mod contacts;
    pub(crate) mod editing;
    pub(crate) mod expand;
    pub(crate) mod listing;
    pub(crate) mod lookup;
    pub(crate) mod notes;
    pub(crate) mod organizations;
    pub(crate) mod scan;
    pub(crate) mod schemas;

    /// People who sign in by name and password.
    pub(crate) mod people {
        pub(crate) mod fields;
        pub(crate) mod session;
        pub(crate) mod settings;
        pub(crate) mod users;
    }

    /// The operations that are carnet's own, beside those of the vendor's API.
    pub(crate) mod own {
        pub(crate) mod caller_id;
        pub(crate) mod clients;
        pub(crate) mod export;
        pub(crate) mod field_lookup;
        pub(crate) mod health;
        pub(crate) mod import;
        pub(crate) mod maintenance;
        pub(crate) mod metrics;
        pub(crate) mod number_lookup;
        pub(crate) mod numbers;
        pub(crate) mod reading;
        pub(crate) mod token;
        pub(crate) mod web;
    }
}
pub mod limits;
/// The parts of a request and of an answer, whatever the operation.
mod message {
    pub(crate) mod answer;
    pub(crate) mod body;
    pub(crate) mod correlation;
    pub(crate) mod cors;
    pub(crate) mod cursor;
    pub(crate) mod error;
    pub(crate) mod etag;
    pub(crate) mod json;
    pub(crate) mod media_type;
    pub(crate) mod parameters;
}
/// The daemon's counts and times, and the page that shows them.
mod metrics {
    pub(crate) mod process;
    pub(crate) mod prometheus;
    pub(crate) mod registry;
}
mod routes;
mod server;
mod service;

pub use caller_id::format::{BadFormat, NameFormat};
pub use caller_id::network::{Network, Peer, UnknownNetwork};
pub use caller_id::settings::CallerId;
pub use engine::timeouts::Timeouts;
pub use message::answer::AnswerBody;
pub use message::body::RequestBody;
pub use message::cors::{Origins, UnknownOrigin, WebOrigin};
pub use routes::routes;
pub use server::threads;
pub use server::{ServeError, Server, ServerSettings};
pub use service::Service;

/// Tests that ask the product: through the service without a socket, or through one.
#[cfg(test)]
mod tests {
    /// Who is let in: programs with tokens, people with sessions.
    mod access {
        use super::*;

        mod clients;
        mod operations;
        mod sessions;
        mod settings;
        mod users;
    }
    mod bulk;
    /// Through real sockets.
    mod connections {
        use super::*;

        mod cors;
        pub(super) mod fast_path;
        mod http2;
        mod keeping;
        pub(super) mod sockets;
    }
    mod contacts;
    /// What an edit must find: nobody quicker, and no other holder of its keys.
    mod editing {
        use super::*;

        mod external_ids;
        mod if_match;
        mod organization_keys;
        mod schemas;
    }
    mod errors;
    mod house;
    mod jobs;
    mod log;
    mod lookups;
    mod metrics;
    mod pages;
    /// As telephone switches ask.
    mod switches {
        use super::*;

        mod cid;
        mod clients_of_cid;
        mod numbers;
        mod spellings;
    }
    mod web;

    use crate::RequestBody;
    use house::*;
    use serde_json::{Value, json};
}
