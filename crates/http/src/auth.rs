//! Who asks where the one who asks is a switch: it has no way to sign in first, so beside a token
//! it may send its id and secret with each request, or a key in the address, or come from a
//! network that needs neither.

use crate::api::context::Parameters;
use crate::caller_id::CallerId;
use crate::handlers::own::token;
use crate::message::error::Failure;
use carnet_book::{AddressBook, Who};
use carnet_model::{Permission, Permissions};
use hyper::header::AUTHORIZATION;
use hyper::http::request::Parts;
use std::net::IpAddr;
use std::sync::Arc;

/// Where a request comes from. The server puts it into the request's extensions; without it a
/// request comes from no network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer(pub IpAddr);

/// The parameter that carries a key.
const KEY: &str = "key";

const UNKNOWN: &str = "There is no client with this token, key, or id and secret.";

/// Whether the request comes from where no key is needed, and brings none.
pub(crate) fn needs_none(parts: &Parts, settings: &CallerId) -> bool {
    // A switch that brings one is held to it: a wrong key must show.
    let brings = || parts.headers.contains_key(AUTHORIZATION) || may_have_key(parts);
    let peer = parts.extensions.get::<Peer>();
    peer.is_some_and(|peer| settings.allow.iter().any(|network| network.has(peer.0))) && !brings()
}

/// The client that a token, an id with a secret, or a key stands for. A header wins over a key.
pub(crate) fn who(book: &AddressBook, parts: &Parts) -> Result<Arc<Who>, Failure> {
    if let Some(header) = parts.headers.get(AUTHORIZATION) {
        let header = header.to_str().unwrap_or_default();
        let found = match token::basic_pair(header) {
            Some(pair) => book.authenticate_pair(&pair, ':')?,
            None => book.authenticate(crate::service::bearer(&parts.headers).map_err(refused)?)?,
        };
        return found.ok_or_else(|| Failure::unidentified(UNKNOWN));
    }
    let parameters = if may_have_key(parts) {
        Parameters::read(parts.uri.query().unwrap_or_default())?
    } else {
        Parameters::default()
    };
    let Some(key) = parameters.first(KEY) else {
        return Err(Failure::unidentified("The request needs a token, a key, or id and secret."));
    };
    of_key(book, key)
}

/// The client that a key stands for: one that may do nothing but look up.
pub(crate) fn of_key(book: &AddressBook, key: &str) -> Result<Arc<Who>, Failure> {
    let found = match book.authenticate_pair(key, '.')? {
        Some(who) => Some(who),
        None => book.authenticate(key)?,
    };
    let who = found.ok_or_else(|| Failure::unidentified(UNKNOWN))?;
    if who.permissions == Permissions::of(&[Permission::Lookup]) {
        Ok(who)
    } else {
        Err(Failure::key_too_strong())
    }
}

fn refused(_: Failure) -> Failure {
    Failure::unidentified("The Authorization header is neither Bearer nor Basic.")
}

/// Whether the query may have a key, however its name is written.
fn may_have_key(parts: &Parts) -> bool {
    let query = parts.uri.query().unwrap_or_default();
    query.split('&').any(|pair| {
        let name = pair.split('=').next().unwrap_or_default();
        name == KEY || (name.contains('%') && crate::api::router::percent_decoded(name) == KEY)
    })
}
