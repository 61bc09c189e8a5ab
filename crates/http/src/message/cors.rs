//! Pages of browsers that ask across origins: which of them may read answers, and what they are told.
//! Off unless the administrator lists origins. No page is given credentials of the browser: a page
//! brings its own token.

use crate::limits::CORS_MAX_AGE_SECONDS;
use hyper::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS,
    ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, ORIGIN,
    VARY,
};
use hyper::{HeaderMap, Method, Uri, header::HeaderValue};
use std::fmt;
use std::str::FromStr;

/// The headers of answers that a page may read beside those that every page may.
const EXPOSED: &str = "etag, retry-after, allow, inin-correlation-id, x-carnet-matches";
/// The headers that a page may send when it does not say which.
const ACCEPTED: &str = "authorization, content-type, if-match, inin-correlation-id";

/// An origin whose pages may ask: scheme, host and port; or every origin, written `*`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebOrigin(String);

/// A text is no origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownOrigin;

impl fmt::Display for UnknownOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("is not an origin such as https://crm.example.org, without a path; or *")
    }
}

impl std::error::Error for UnknownOrigin {}

impl FromStr for WebOrigin {
    type Err = UnknownOrigin;

    fn from_str(text: &str) -> Result<WebOrigin, UnknownOrigin> {
        // As browsers send it: in lower case, without a path.
        let origin = text.trim().to_ascii_lowercase();
        if origin == ANY {
            return Ok(WebOrigin(origin));
        }
        let uri: Uri = origin.parse().map_err(|_| UnknownOrigin)?;
        let web = matches!(uri.scheme_str(), Some("http" | "https"));
        let authority = uri.authority().map_or("", |authority| authority.as_str());
        let bare = uri.scheme_str().map(|scheme| format!("{scheme}://{authority}"));
        let named = !authority.is_empty() && !authority.contains(['@', '*']);
        if web && named && bare.as_ref() == Some(&origin) {
            Ok(WebOrigin(origin))
        } else {
            Err(UnknownOrigin)
        }
    }
}

const ANY: &str = "*";

/// The origins whose pages may ask; none by default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origins(Vec<WebOrigin>);

impl FromIterator<WebOrigin> for Origins {
    fn from_iter<I: IntoIterator<Item = WebOrigin>>(origins: I) -> Origins {
        Origins(origins.into_iter().collect())
    }
}

impl Origins {
    /// What a request is granted whose page may ask.
    pub(crate) fn grant(&self, headers: &HeaderMap) -> Option<Grant> {
        let origin = headers.get(ORIGIN).filter(|_| !self.0.is_empty())?;
        let listed =
            |listed: &WebOrigin| origin.as_bytes().eq_ignore_ascii_case(listed.0.as_bytes());
        let any = self.0.iter().any(|listed| listed.0 == ANY);
        let origin = match any {
            true => HeaderValue::from_static(ANY),
            false => Some(origin.clone()).filter(|_| self.0.iter().any(listed))?,
        };
        let asks = headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD).then(|| {
            let named = headers.get(ACCESS_CONTROL_REQUEST_HEADERS).cloned();
            named.unwrap_or(HeaderValue::from_static(ACCEPTED))
        });
        Some(Grant { origin, any, asks })
    }
}

/// What the page of a request may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Grant {
    origin: HeaderValue,
    any: bool,
    /// The headers that the page wants to send, where its browser asks first.
    asks: Option<HeaderValue>,
}

impl Grant {
    /// Whether the browser asks what the page may ask, and nothing else.
    pub(crate) fn is_preflight(&self, method: &Method) -> bool {
        *method == Method::OPTIONS && self.asks.is_some()
    }

    /// Writes the headers of an answer.
    pub(crate) fn write(self, headers: &mut HeaderMap) {
        if !self.any {
            // What is kept for one page must not be given to another.
            headers.append(VARY, HeaderValue::from_static("origin"));
        }
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, self.origin);
        match self.asks {
            Some(named) => {
                headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, named);
                headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from(CORS_MAX_AGE_SECONDS));
            }
            None => {
                let exposed = HeaderValue::from_static(EXPOSED);
                headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, exposed);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_a_scheme_and_a_host() {
        for (text, origin) in [
            ("https://crm.example.org", Some("https://crm.example.org")),
            (" HTTPS://CRM.example.org ", Some("https://crm.example.org")),
            ("http://localhost:5173", Some("http://localhost:5173")),
            ("http://[::1]:80", Some("http://[::1]:80")),
            ("*", Some("*")),
            ("https://crm.example.org/", None),
            ("https://crm.example.org/app", None),
            ("https://crm.example.org?x", None),
            ("https://user@crm.example.org", None),
            ("crm.example.org", None),
            ("//crm.example.org", None),
            ("https://", None),
            ("ftp://crm.example.org", None),
            ("null", None),
            ("https://*.example.org", None),
            ("", None),
        ] {
            let read = text.parse::<WebOrigin>().ok();
            assert_eq!(read.as_ref().map(|origin| origin.0.as_str()), origin, "{text}");
        }
    }

    #[test]
    fn a_page_is_granted_what_its_origin_is() {
        let origins = |list: &[&str]| list.iter().map(|one| one.parse().unwrap()).collect();
        for (list, origin, granted) in [
            (&[][..], "https://a.example", None),
            (&["https://a.example"], "https://a.example", Some("https://a.example")),
            (&["https://a.example"], "https://b.example", None),
            (&["https://a.example"], "https://a.example.evil", None),
            (&["https://a.example"], "http://a.example", None),
            (&["https://a.example"], "https://a.example:444", None),
            (
                &["https://a.example", "http://b.example"],
                "http://b.example",
                Some("http://b.example"),
            ),
            (&["*"], "https://b.example", Some("*")),
            (&["*"], "null", Some("*")),
        ] {
            let origins: Origins = origins(list);
            let mut headers = HeaderMap::new();
            assert_eq!(origins.grant(&headers), None);
            headers.insert(ORIGIN, origin.parse().unwrap());
            let found = origins.grant(&headers).map(|grant| grant.origin);
            assert_eq!(found, granted.map(HeaderValue::from_static), "{list:?} {origin}");
        }
    }
}
