//! Credentials: a token, an id with its secret, or a key in the address. A telephone switch has no
//! way to sign in first, so it may send the latter two with each request, or come from a network
//! that needs neither.

use crate::caller_id::network::{Network, Peer};
use crate::message::error::Failure;
use crate::message::parameters::{KEY, Parameters, percent_decoded};
use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use carnet_book::{AddressBook, Principal};
use carnet_model::{Permission, Permissions};
use hyper::HeaderMap;
use hyper::header::AUTHORIZATION;
use hyper::http::request::Parts;
use std::sync::Arc;

const UNKNOWN: &str = "There is no client with this token, key, or id and secret.";

/// Basic headers come with and without padding.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Whether the request comes from a network that needs no credentials, and brings none.
pub(crate) fn are_needless(parts: &Parts, peer: Option<Peer>, allowed: &[Network]) -> bool {
    // A switch that brings some is held to them: a wrong key must show.
    let brings = || parts.headers.contains_key(AUTHORIZATION) || may_have_key(parts);
    peer.is_some_and(|peer| allowed.iter().any(|network| network.has(peer.0))) && !brings()
}

/// The client that a token, an id with a secret, or a key stands for. A header wins over a key.
pub(crate) fn principal(book: &AddressBook, parts: &Parts) -> Result<Arc<Principal>, Failure> {
    if let Some(header) = parts.headers.get(AUTHORIZATION) {
        let header = header.to_str().unwrap_or_default();
        let found = match basic_pair(header) {
            Some(pair) => match pair.split_once(':') {
                Some((id, secret)) => book.authenticate_basic(id, secret)?,
                None => None,
            },
            None => book.authenticate(bearer(&parts.headers).map_err(neither)?)?,
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
    principal_of_key(book, key)
}

/// The client that a key stands for: one that may look up and nothing else.
pub(crate) fn principal_of_key(book: &AddressBook, key: &str) -> Result<Arc<Principal>, Failure> {
    let found = match book.authenticate_key(key)? {
        Some(principal) => Some(principal),
        None => book.authenticate(key)?,
    };
    let principal = found.ok_or_else(|| Failure::unidentified(UNKNOWN))?;
    if principal.permissions == Permissions::of(&[Permission::Lookup]) {
        Ok(principal)
    } else {
        Err(Failure::key_too_strong())
    }
}

fn neither(_: Failure) -> Failure {
    Failure::unidentified("The Authorization header is neither Bearer nor Basic.")
}

/// Whether the query may have a key, however its name is written.
fn may_have_key(parts: &Parts) -> bool {
    let query = parts.uri.query().unwrap_or_default();
    query.split('&').any(|pair| {
        let name = pair.split('=').next().unwrap_or_default();
        name == KEY || (name.contains('%') && percent_decoded(name) == KEY)
    })
}

/// The token of the `Authorization` header.
pub(crate) fn bearer(headers: &HeaderMap) -> Result<&str, Failure> {
    const MESSAGE: &str =
        "The request needs a bearer token, as a client gets with its id and secret.";
    let value = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let (scheme, token) = value.and_then(|value| value.split_once(' ')).unwrap_or_default();
    let token = token.trim();
    if scheme.eq_ignore_ascii_case("bearer") && !token.is_empty() {
        Ok(token)
    } else {
        Err(Failure::unauthenticated(MESSAGE))
    }
}

/// The decoded credentials of a Basic header: an id, a colon, a secret. The alphabet for addresses
/// is understood, too, because some clients use it.
pub(crate) fn basic_pair(header: &str) -> Option<String> {
    let (scheme, encoded) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let encoded = encoded.trim().replace('-', "+").replace('_', "/");
    String::from_utf8(BASE64.decode(encoded).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use hyper::StatusCode;

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

    #[test]
    fn base64_is_read_with_and_without_padding_in_both_alphabets() {
        for (encoded, pair) in [
            ("", Some("")),
            ("YQ==", Some("a")),
            ("YQ", Some("a")),
            ("YWI6Yw==", Some("ab:c")),
            ("w78/w78", Some("ÿ?ÿ")),
            ("w78_w78", Some("ÿ?ÿ")),
            ("Y", None),
            // Bits that are left over would make two spellings of one value.
            ("YR", None),
            ("YQ===", None),
            ("Y Q=", None),
        ] {
            assert_eq!(basic_pair(&format!("Basic {encoded}")).as_deref(), pair, "{encoded}");
        }
    }
}
