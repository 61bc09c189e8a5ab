//! Authentication and authorisation: who asks, and may they use this operation.

use crate::api::route::{Access, Route};
use crate::auth::credentials;
use crate::auth::session::{self, COOKIES_MAX};
use crate::caller_id::network::Peer;
use crate::engine::state::State;
use crate::message::error::Failure;
use carnet_book::{AddressBook, Principal};
use carnet_model::Permissions;
use hyper::StatusCode;
use hyper::header::AUTHORIZATION;
use hyper::http::request::Parts;
use std::sync::Arc;

/// The principal of a request, if the route lets it in.
///
/// # Errors
/// 401 without credentials or with wrong ones, 403 without a permission of the route, 503 while
/// the store is being opened again.
pub(crate) fn admit(
    state: &State,
    route: &Route,
    parts: &Parts,
    peer: Option<Peer>,
) -> Result<Arc<Principal>, Failure> {
    let book = &state.book;
    let principal = match route.access {
        Access::Public | Access::Token => return Ok(Arc::clone(&state.anonymous)),
        Access::CallerId if credentials::are_needless(parts, peer, &state.caller_id.allow) => {
            return Ok(Arc::clone(&state.anonymous));
        }
        Access::CallerId | Access::Keyed => credentials::principal(book, parts)?,
        Access::Authenticated => signed_in(book, parts)?,
        Access::SignedIn => {
            return signed_in(book, parts).map_err(|failure| unless_nobody(book, failure));
        }
    };
    if principal.permissions.meets(Permissions::of(route.permissions)) {
        Ok(principal)
    } else {
        Err(Failure::missing_permissions(route.permissions))
    }
}

/// Says instead of a refusal that there is no person who could sign in, where that is so: who sees the
/// page first must know what to do.
fn unless_nobody(book: &AddressBook, failure: Failure) -> Failure {
    let is_refusal = failure.status() == StatusCode::UNAUTHORIZED;
    match is_refusal && book.users().is_ok_and(|people| people.is_empty()) {
        true => Failure::nobody(),
        false => failure,
    }
}

/// The principal of a token, or of a session's cookie where there is no `Authorization` header.
fn signed_in(book: &AddressBook, parts: &Parts) -> Result<Arc<Principal>, Failure> {
    let message = "The token or session is unknown or has ended; sign in again.";
    let mut cookies = session::tokens(&parts.headers).take(COOKIES_MAX).peekable();
    if parts.headers.contains_key(AUTHORIZATION) || cookies.peek().is_none() {
        let principal = book.authenticate(credentials::bearer(&parts.headers)?)?;
        return principal.ok_or_else(|| Failure::unauthenticated(message));
    }
    // A browser sends the cookie whoever makes it ask.
    if !session::is_safe(&parts.method) && !session::is_of_same_origin(parts) {
        return Err(Failure::other_origin());
    }
    for token in cookies {
        if let Some(principal) = book.authenticate(token)? {
            return Ok(principal);
        }
    }
    Err(Failure::unauthenticated(message))
}
