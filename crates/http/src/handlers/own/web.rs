//! The page in the browser: its files, which lie in the binary. What they are and how they are packed
//! is the business of `build.rs`; this only answers them, so that no other site can frame the page,
//! and nothing but its own files runs on it.

use crate::api::context::RequestContext;
use crate::api::route::{HandlerFuture, HandlerResult};
use crate::message::answer::{Answer, Fixed};
use crate::message::error::Failure;
use hyper::StatusCode;
use hyper::header::{
    ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, ETAG, HeaderMap, HeaderValue,
    IF_NONE_MATCH, REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};

/// A file of the page.
#[derive(Debug)]
pub(crate) struct File {
    /// Its path from the folder of the page on.
    pub(crate) name: &'static str,
    pub(crate) media_type: &'static str,
    pub(crate) plain: &'static [u8],
    pub(crate) gzip: &'static [u8],
    pub(crate) brotli: &'static [u8],
}

include!(concat!(env!("OUT_DIR"), "/web.rs"));

/// The file that is answered at `/`.
const INDEX: &str = "index.html";

/// No script, style, picture or request but the page's own; no frame; no markup made from text.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
                      connect-src 'self'; form-action 'self'; base-uri 'none'; \
                      frame-ancestors 'none'; require-trusted-types-for 'script'; \
                      trusted-types 'none'";

const CSP: Fixed = (CONTENT_SECURITY_POLICY, POLICY);
const REFERRER: Fixed = (REFERRER_POLICY, "no-referrer");
const SNIFF: Fixed = (X_CONTENT_TYPE_OPTIONS, "nosniff");
const FRAME: Fixed = (X_FRAME_OPTIONS, "DENY");
const VARIES: Fixed = (VARY, "accept-encoding");

/// Headers of every file.
static PLAIN: [Fixed; 5] = [CSP, REFERRER, SNIFF, FRAME, VARIES];
/// Headers of every file that is answered as gzip.
static GZIP: [Fixed; 6] = [CSP, REFERRER, SNIFF, FRAME, VARIES, (CONTENT_ENCODING, "gzip")];
/// Headers of every file that is answered as Brotli.
static BROTLI: [Fixed; 6] = [CSP, REFERRER, SNIFF, FRAME, VARIES, (CONTENT_ENCODING, "br")];

/// For files whose name carries their version.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// For the index, which names the version.
const ASK_FIRST: HeaderValue = HeaderValue::from_static("no-cache");

/// `GET /`: the index; 304 for a browser that has it. It asks nothing of the book: the page is there
/// while the store is being opened again, and says so.
pub(crate) fn index(context: RequestContext) -> HandlerFuture {
    Box::pin(async move {
        let headers = &context.parts.headers;
        let tag = format!("\"{VERSION}\"");
        let mut answer = match has(headers, &tag) {
            true => {
                let mut answer = Answer::text("");
                answer.status = StatusCode::NOT_MODIFIED;
                answer.fixed = &PLAIN;
                answer
            }
            false => file(INDEX, headers)?,
        };
        answer.cache = Some(ASK_FIRST);
        answer.header = HeaderValue::from_str(&tag).ok().map(|tag| (ETAG, tag));
        Ok(answer)
    })
}

/// `GET /assets/{version}/{name}` and `GET /assets/{version}/{folder}/{name}`: a file of this
/// version. Those of another version are gone with its binary.
pub(crate) fn asset(context: RequestContext) -> HandlerFuture {
    Box::pin(async move {
        let [version, folder, name] = [0, 1, 2].map(|at| context.variables.get(at));
        if version != VERSION {
            let message = "The page has another version by now; load it again.";
            return Err(Failure::new(StatusCode::GONE, "gone", message));
        }
        let path = if name.is_empty() { folder.to_owned() } else { format!("{folder}/{name}") };
        let mut answer = file(&path, &context.parts.headers)?;
        answer.cache = Some(FOR_EVER);
        Ok(answer)
    })
}

fn file(name: &str, headers: &HeaderMap) -> HandlerResult {
    let file = FILES.iter().find(|file| file.name == name);
    let file = file.ok_or_else(|| Failure::not_found("The page has no such file."))?;
    // Browsers say `br` to a server of the same machine, or behind TLS.
    let (bytes, fixed): (_, &[Fixed]) = match () {
        () if takes(headers, "br") => (file.brotli, &BROTLI),
        () if takes(headers, "gzip") => (file.gzip, &GZIP),
        () => (file.plain, &PLAIN),
    };
    let mut answer = Answer::whole(file.media_type, bytes);
    answer.fixed = fixed;
    Ok(answer)
}

/// Whether the client has the state of this tag. How it was packed does not matter.
fn has(headers: &HeaderMap, tag: &str) -> bool {
    let values = headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|known| {
        let known = known.trim();
        known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag
    })
}

/// Whether the client says that it reads this coding, and not that it does not.
fn takes(headers: &HeaderMap, wanted: &str) -> bool {
    let values = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|coding| {
        let (name, quality) = coding.split_once(';').unwrap_or((coding, "q=1"));
        let refused = quality.trim().strip_prefix("q=").is_some_and(|q| q.parse() == Ok(0.0));
        name.trim().eq_ignore_ascii_case(wanted) && !refused
    })
}
