//! Sessions of people in browsers: a token in a cookie. A browser sends a cookie by itself, also when
//! another site's page makes it ask; so whatever changes something must come from our own pages.

use hyper::header::{COOKIE, HOST, HeaderValue, ORIGIN};
use hyper::http::request::Parts;
use hyper::{HeaderMap, Method, Uri};

/// The name of the cookie.
const NAME: &str = "carnet_session";
/// Cookies of this name that are tried.
pub(crate) const COOKIES_MAX: usize = 4;
/// The header in which browsers say how their page is related to us. No page can set it.
const FETCH_SITE: &str = "sec-fetch-site";
/// The header in which a proxy says how it was asked.
const FORWARDED_PROTO: &str = "x-forwarded-proto";

/// The tokens in the session's cookie. A browser may send several of its name: another site of the
/// same host can set one for a longer path, which comes first.
pub(crate) fn tokens(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    let cookies = headers.get_all(COOKIE).iter().filter_map(|header| header.to_str().ok());
    let pairs = cookies.flat_map(|header| header.split(';'));
    pairs.filter_map(|pair| {
        let (name, value) = pair.trim().split_once('=')?;
        (name == NAME && !value.is_empty()).then_some(value)
    })
}

/// Whether a request changes nothing, as its method says.
pub(crate) fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
}

/// Whether a request with a cookie may change something: it comes from a page of this very origin.
/// Every browser that knows `SameSite` says where from.
pub(crate) fn is_of_same_origin(parts: &Parts) -> bool {
    is_not_of_another_origin(parts)
        && [FETCH_SITE, ORIGIN.as_str()].iter().any(|name| parts.headers.contains_key(*name))
}

/// Whether nothing says that a request comes from a page of another origin; a program says nothing.
pub(crate) fn is_not_of_another_origin(parts: &Parts) -> bool {
    if let Some(site) = parts.headers.get(FETCH_SITE) {
        // `none` is what somebody typed into the address bar.
        return site == "same-origin" || site == "none";
    }
    let Some(origin) = parts.headers.get(ORIGIN) else {
        return true;
    };
    let origin: Option<Uri> = origin.to_str().ok().and_then(|origin| origin.parse().ok());
    let asked = parts.uri.authority().map(|authority| authority.as_str());
    let asked = asked.or_else(|| parts.headers.get(HOST)?.to_str().ok());
    match (origin.as_ref().and_then(Uri::authority), asked) {
        (Some(origin), Some(asked)) => origin.as_str().eq_ignore_ascii_case(asked),
        _ => false,
    }
}

/// The `Set-Cookie` of a new session that lasts so many seconds; with none it removes the cookie.
pub(crate) fn set_cookie(headers: &HeaderMap, token: &str, seconds: u64) -> Option<HeaderValue> {
    let encrypted = headers.get(FORWARDED_PROTO).is_some_and(|proto| proto == "https");
    let secure = if encrypted { "; Secure" } else { "" };
    let cookie =
        format!("{NAME}={token}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}");
    let mut value = HeaderValue::from_str(&cookie).ok()?;
    value.set_sensitive(true);
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use hyper::Request;

    fn parts(headers: &[(&str, &str)]) -> Parts {
        let mut request = Request::post("/x");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(()).unwrap().into_parts().0
    }

    #[test]
    fn the_token_is_found_among_other_cookies() {
        for (cookie, token) in [
            ("carnet_session=abc", Some("abc")),
            ("a=b; carnet_session=abc ; c=d", Some("abc")),
            ("carnet_session=", None),
            ("xcarnet_session=abc; carnet_sessionx=abc", None),
            ("", None),
        ] {
            let parts = parts(&[("cookie", cookie)]);
            assert_eq!(tokens(&parts.headers).next(), token, "{cookie}");
        }
        let two = parts(&[("cookie", "carnet_session=x; a=b"), ("cookie", "carnet_session=abc")]);
        assert_eq!(tokens(&two.headers).collect::<Vec<_>>(), ["x", "abc"]);
    }

    #[test]
    fn only_our_own_pages_may_change_something() {
        let host = ("host", "book.example:8420");
        for (headers, ours, program) in [
            (&[host, ("sec-fetch-site", "same-origin")][..], true, true),
            (&[host, ("sec-fetch-site", "same-site")], false, false),
            (&[host, ("sec-fetch-site", "cross-site")], false, false),
            // What browsers say of themselves wins: a proxy may have changed the host.
            (
                &[host, ("sec-fetch-site", "same-origin"), ("origin", "https://x.example")],
                true,
                true,
            ),
            (
                &[host, ("sec-fetch-site", "cross-site"), ("origin", "http://book.example:8420")],
                false,
                false,
            ),
            (&[host, ("origin", "http://book.example:8420")], true, true),
            (&[host, ("origin", "http://BOOK.example:8420")], true, true),
            (&[host, ("origin", "http://book.example")], false, false),
            (&[host, ("origin", "http://evil.example")], false, false),
            (&[host, ("origin", "null")], false, false),
            (&[("origin", "http://book.example:8420")], false, false),
            (&[host], false, true),
        ] {
            let parts = parts(headers);
            assert_eq!(is_of_same_origin(&parts), ours, "{headers:?}");
            assert_eq!(is_not_of_another_origin(&parts), program, "{headers:?}");
        }
    }

    #[test]
    fn the_cookie_is_out_of_reach_of_scripts_and_other_sites() {
        let plain = set_cookie(&HeaderMap::new(), "abc", 60).unwrap();
        let expected = "carnet_session=abc; Path=/; Max-Age=60; HttpOnly; SameSite=Strict";
        assert_eq!(plain, expected);
        let behind_tls = parts(&[("x-forwarded-proto", "https")]);
        let secure = set_cookie(&behind_tls.headers, "abc", 60).unwrap();
        assert_eq!(secure, format!("{expected}; Secure").as_str());
    }
}
