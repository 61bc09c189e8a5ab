//! Addresses of the web.

/// Whether a text is the address of a page: `http` or `https`, a host, no blanks.
pub fn is_web_url(url: &str) -> bool {
    let Some((scheme, rest)) = url.split_once("://") else {
        return false;
    };
    let web = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    web && !host.is_empty() && !host.starts_with(':') && !url.contains(char::is_whitespace)
}
