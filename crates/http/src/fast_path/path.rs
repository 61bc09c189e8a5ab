//! The fast path: whole requests for exact look-ups, answered from the bytes of a connection into
//! the bytes of the answer, below hyper. Pure: no socket, no runtime.
//!
//! Only what is plain is taken: a complete head of HTTP/1.1 without a body, for an operation that
//! the table of routes marks as fast, with credentials that were seen to be good, and an answer
//! that is a success. Everything else, every refusal and every doubt included, goes to hyper with
//! the same bytes, and the connection stays there. So nothing is decided here that is not decided
//! there in the same way. The answers are those of [`crate::engine::render`], as they are there; the
//! tests ask both ways and compare the bytes.
//!
//! It can be switched off (`[server] fast_path = false`), and then hyper answers everything.

use crate::api::route::{Fast, Route};
use crate::auth::credentials::principal_of_key;
use crate::caller_id::line::plain_line;
use crate::caller_id::settings::MATCHES;
use crate::engine::render;
use crate::engine::state::State;
use crate::fast_path::head::{self, Head, PlainHead, ReadHead};
use crate::limits::NAME_CHARS_DEFAULT;
use crate::message::answer::{JSON, TEXT, UNCACHED};
use crate::message::correlation::{ID_BYTES, Series};
use crate::message::parameters::{KEY, LOOKUP_VALUE, NUMBER, form_decoded_into};
use crate::metrics::registry::{FastPathTally, RouteNo};
use crate::routes;
use carnet_book::{Form, Origin, PREFETCH_MAX, Principal, Renderings};
use carnet_model::Permissions;
use carnet_phone::{DIGITS_MAX, E164, Region};
use memchr::memchr;
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

/// The outcome of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// A request of this many bytes was answered.
    Answered(usize),
    /// A request of this many bytes was answered, and it was the client's last.
    Last(usize),
    /// The head is not complete.
    Partial,
    /// hyper is to see these bytes.
    Other,
}

/// The fast path of one connection.
pub(crate) struct FastPath {
    state: Arc<State>,
    region: Region,
    memo: Option<CredentialMemo>,
    found: Renderings,
    ids: Series,
    pub(crate) tally: FastPathTally,
}

/// The credentials that this connection has shown, so that they need not be verified for each
/// request.
struct CredentialMemo {
    kind: Credential,
    text: Vec<u8>,
    principal: Arc<Principal>,
    expires: Instant,
    epoch: u64,
}

/// The way in which a client shows who it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Credential {
    /// The value of the `Authorization` header.
    Header,
    /// The parameter that carries a key.
    Key,
}

/// The operations that are answered here.
static FAST: LazyLock<Vec<Operation>> = LazyLock::new(|| {
    let operation = |(fast, no, route): (Fast, RouteNo, &'static Route)| Operation {
        fast,
        no,
        path: route.path,
        permissions: Permissions::of(route.permissions),
    };
    routes::fast().map(operation).collect()
});

/// The columns of the table of routes that the fast path needs.
struct Operation {
    fast: Fast,
    no: RouteNo,
    path: &'static str,
    /// Of which a client needs one.
    permissions: Permissions,
}

/// Bytes of a number, decoded. Longer texts go to hyper.
const NUMBER_BYTES_MAX: usize = 64;
/// The escaped plus with which a number in E.164 begins in an address, and what is before it.
const PLUS_BEGINS: &[u8] = b"=%2B";
/// The time for which a key is believed before it is verified again, unless it was taken back.
const KEY_LIFE: Duration = Duration::from_secs(60);

impl FastPath {
    /// The fast path of a connection, which must stay on this thread.
    pub(crate) fn new(state: Arc<State>) -> FastPath {
        let region = state.book.records().default_region;
        let tally = state.metrics.tally();
        let (found, ids) = (Renderings::default(), Series::default());
        FastPath { state, region, memo: None, found, ids, tally }
    }

    /// Answers the request at the front of `bytes` at the end of `out`. `now` is the present.
    pub(crate) fn step(&mut self, bytes: &[u8], now: Instant, out: &mut Vec<u8>) -> Step {
        let head = match head::read(bytes) {
            ReadHead::Plain(head) => head,
            ReadHead::Partial => return Step::Partial,
            ReadHead::Other => return Step::Other,
        };
        // Bytes behind the last request are read on for a while before the end, by hyper's side.
        if head.last && bytes.len() > head.length {
            return Step::Other;
        }
        match self.answer(&head, now, out) {
            None => Step::Other,
            Some(()) if head.last => Step::Last(head.length),
            Some(()) => Step::Answered(head.length),
        }
    }

    /// Prefetches the memory that the look-ups in `bytes` will read, as far as they can be seen at
    /// a glance. A wrong guess costs a little time.
    pub(crate) fn prefetch(&self, bytes: &[u8]) {
        let mut form = Form::Short;
        let number = |at: usize| {
            if bytes[..at].ends_with(LOOKUP_VALUE.as_bytes()) {
                // One reverse look-up among them is enough to fetch the long form for all.
                form = Form::Long;
            }
            let digits = bytes[at + PLUS_BEGINS.len()..].iter().take_while(|b| b.is_ascii_digit());
            // One digit more than a number has, so that a longer text is seen to be none.
            let digits = digits.take(DIGITS_MAX + 1);
            E164::from_digits(digits.fold(0, |n, digit| n * 10 + u64::from(digit & 15)))
        };
        let starts = memchr::memmem::find_iter(bytes, PLUS_BEGINS).take(PREFETCH_MAX);
        let numbers: Vec<E164> = starts.filter_map(number).collect();
        self.state.book.prefetch(&numbers, form);
    }

    /// Answers a request. `None` when hyper is to do so, as for all below.
    fn answer(&mut self, head: &PlainHead<'_>, now: Instant, out: &mut Vec<u8>) -> Option<()> {
        // Without parameters there is no number; the handler says what is missing.
        let (path, query) = head.target.split_at_checked(memchr(b'?', head.target.as_bytes())?)?;
        let query = query.get(1..)?;
        let operation = FAST.iter().find(|operation| operation.path == path)?;
        let permissions = operation.permissions;
        let origin = match operation.fast {
            Fast::Reverse => self.reverse(head, query, permissions, now, out)?,
            Fast::CallerId => self.caller_id(head, query, permissions, now, out)?,
        };
        self.tally.answered(operation.no, origin);
        Some(())
    }

    /// Reverse white pages with a number.
    fn reverse(
        &mut self,
        head: &PlainHead<'_>,
        query: &str,
        permissions: Permissions,
        now: Instant,
        out: &mut Vec<u8>,
    ) -> Option<Origin> {
        // The one parameter: a second one would bring `&`, which the decoding below refuses.
        let value = query.strip_prefix(LOOKUP_VALUE)?.strip_prefix('=')?;
        let mut decoded = [0; NUMBER_BYTES_MAX];
        let value = form_decoded_into(value, &mut decoded)?;
        self.admit(permissions, Credential::Header, head.authorization?, now)?;
        let FastPath { state, region, found, .. } = self;
        // A text that spells no number, and every error, is answered by the handler.
        render::reverse(state, value, *region, found).ok()??;
        let length = render::reverse_length(found);
        let mut id = [0; ID_BYTES];
        let written = Head {
            media_type: JSON,
            length,
            cache: UNCACHED,
            correlation: self.correlation(&mut id),
            extra: None,
            last: head.last,
        };
        head::write(&written, now, out);
        render::write_reverse(&self.found, out);
        Some(self.found.origin())
    }

    /// Caller ID, in the format that the administrator chose.
    fn caller_id(
        &mut self,
        head: &PlainHead<'_>,
        query: &str,
        permissions: Permissions,
        now: Instant,
        out: &mut Vec<u8>,
    ) -> Option<Origin> {
        let (mut number, mut key) = (None, None);
        for pair in query.split('&') {
            let (name, value) = pair.split_once('=')?;
            let field = match name {
                NUMBER => &mut number,
                KEY => &mut key,
                _ => return None,
            };
            // A parameter that comes twice is the handler's to judge.
            field.replace(value).is_none().then_some(())?;
        }
        let mut decoded = [0; NUMBER_BYTES_MAX];
        let number = form_decoded_into(number?, &mut decoded)?;
        // A URI with a blank in it, where a plus may have been, is read by the handler.
        if number.contains(": ") {
            return None;
        }
        // A header wins over a key, as in `credentials::principal`.
        match (head.authorization, key) {
            (Some(header), _) => self.admit(permissions, Credential::Header, header, now)?,
            (None, Some(key)) => self.admit(permissions, Credential::Key, key.as_bytes(), now)?,
            // The client may come from a network that needs no key, which only hyper's side knows.
            (None, None) => return None,
        }
        let FastPath { state, region, found, .. } = self;
        render::find(state, number, *region, Form::Short, found).ok()??;
        let line = plain_line(render::name(&self.found), NAME_CHARS_DEFAULT);
        let cache = self.state.caller_id.cache_control();
        let mut id = [0; ID_BYTES];
        let written = Head {
            media_type: TEXT,
            length: line.len(),
            cache: cache.as_deref().unwrap_or(UNCACHED),
            correlation: self.correlation(&mut id),
            extra: Some((MATCHES, self.found.len())),
            last: head.last,
        };
        head::write(&written, now, out);
        out.extend_from_slice(line.as_bytes());
        Some(self.found.origin())
    }

    /// Whether this client has one of these permissions.
    fn admit(
        &mut self,
        needed: Permissions,
        kind: Credential,
        text: &[u8],
        now: Instant,
    ) -> Option<()> {
        // Before anything is verified: a token that ends meanwhile shows at the next request.
        let epoch = self.state.book.tokens_epoch();
        let known = self.memo.as_ref().is_some_and(|memo| {
            memo.epoch == epoch && now < memo.expires && memo.kind == kind && memo.text == text
        });
        if !known {
            self.memo = None;
            let credential = std::str::from_utf8(text).ok()?;
            let (principal, life) = match kind {
                Credential::Header => {
                    // Basic credentials, and other spellings of the scheme, are read by hyper's
                    // side.
                    let token = credential.strip_prefix("Bearer ")?;
                    self.state.book.authenticate_until(token).ok()??
                }
                Credential::Key => {
                    // A key with escapes in it is decoded by the handler.
                    let plain = credential.bytes().all(|b| b.is_ascii_graphic() && b != b'%');
                    let key = Some(credential).filter(|key| plain && !key.contains('+'))?;
                    (principal_of_key(&self.state.book, key).ok()?, KEY_LIFE)
                }
            };
            let (text, expires) = (text.to_vec(), now + life);
            self.memo = Some(CredentialMemo { kind, text, principal, expires, epoch });
        }
        let permissions = self.memo.as_ref()?.principal.permissions;
        permissions.meets(needed).then_some(())
    }

    /// The correlation id of the next answer.
    fn correlation<'t>(&self, text: &'t mut [u8; ID_BYTES]) -> &'t str {
        self.state.correlations.next_of(&self.ids, text)
    }
}
