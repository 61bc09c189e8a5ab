//! Authentication and authorisation: who asks, and may they use this operation.

use crate::api::route::{Access, Route};
use crate::auth::credentials;
use crate::caller_id::network::Peer;
use crate::engine::state::State;
use crate::message::error::Failure;
use carnet_book::Principal;
use carnet_model::Permissions;
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
        Access::Authenticated => {
            let principal = book.authenticate(credentials::bearer(&parts.headers)?)?;
            principal.ok_or_else(|| {
                Failure::unauthenticated("The token is unknown or has ended; sign in again.")
            })?
        }
    };
    if principal.permissions.meets(Permissions::of(route.permissions)) {
        Ok(principal)
    } else {
        Err(Failure::missing_permissions(route.permissions))
    }
}
