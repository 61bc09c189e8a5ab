//! The settings of caller ID. It knows nothing of requests.
//!
//! A switch shows any text that comes back as the caller's name, whatever the status. So a miss
//! has no body unless the switch asks for a text, and a failure has none ever. No answer ends with
//! a line break: it would be part of the name.

use crate::caller_id::format::NameFormat;
use crate::caller_id::network::Network;
use hyper::header::HeaderName;

/// The settings of caller ID.
#[derive(Clone, Debug, Default)]
pub struct CallerId {
    /// How names are written where the request does not say.
    pub format: NameFormat,
    /// Networks that may ask `/cid` without a key.
    pub allow: Vec<Network>,
    /// For how many seconds an answer of `/cid` may be kept; 0 for not at all.
    pub max_age_seconds: u32,
}

impl CallerId {
    /// The `Cache-Control` of an answer; `None` for not at all.
    pub(crate) fn cache_control(&self) -> Option<String> {
        let seconds = self.max_age_seconds;
        (seconds > 0).then(|| format!("private, max-age={seconds}"))
    }
}

/// The header with the number of contacts that have the number, at most
/// [`LOOKUP_CONTACTS_MAX`](carnet_model::limits::LOOKUP_CONTACTS_MAX).
pub(crate) const MATCHES: HeaderName = HeaderName::from_static("x-carnet-matches");
