//! An answer: a status, a body that is there or comes piece by piece, and the headers that every
//! answer has.

use crate::limits::STREAM_PIECES_MAX;
use crate::message::correlation::CORRELATION;
use crate::message::etag;
use bytes::Bytes;
use carnet_book::Origin;
use hyper::body::{Body, Frame, SizeHint};
use hyper::header::{CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, ETAG};
use hyper::header::{HeaderName, HeaderValue};
use hyper::{Response, StatusCode};
use serde::Serialize;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::sync::mpsc;

/// A streamed answer broke off after it had begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Broken;

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the answer broke off")
    }
}

impl std::error::Error for Broken {}

/// The sending end of a streamed answer.
pub(crate) type Pieces = mpsc::Sender<Result<Bytes, Broken>>;

/// A header that is the same in every answer of its kind.
pub(crate) type Fixed = (HeaderName, &'static str);

/// The answer of a handler.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    /// One header beside those that every answer has.
    pub(crate) header: Option<(HeaderName, HeaderValue)>,
    /// Headers that all answers of its kind have.
    pub(crate) fixed: &'static [Fixed],
    /// How long it may be kept; `None` for not at all.
    pub(crate) cache: Option<HeaderValue>,
    /// The place from which a look-up was answered.
    pub(crate) origin: Origin,
    media_type: &'static str,
    content: Content,
}

#[derive(Debug)]
enum Content {
    Whole(Bytes),
    Stream(mpsc::Receiver<Result<Bytes, Broken>>),
}

pub(crate) const JSON: &str = "application/json";
pub(crate) const TEXT: &str = "text/plain; charset=utf-8";
/// The `Cache-Control` of answers that set no other.
pub(crate) const UNCACHED: &str = "no-cache, no-store, must-revalidate";
const JSON_LINES: &str = "application/x-ndjson";
const TABLE: &str = "text/csv; charset=utf-8; header=present";

impl Answer {
    /// 200 with this as JSON.
    pub(crate) fn json(value: &impl Serialize) -> Answer {
        match serde_json::to_vec(value) {
            Ok(bytes) => Answer::whole(JSON, bytes),
            // Answers have text keys only, so there is nothing that JSON cannot say.
            Err(error) => {
                tracing::error!(%error, "an answer could not be written as JSON");
                let mut answer = Answer::whole(JSON, Bytes::from_static(b"{}"));
                answer.status = StatusCode::INTERNAL_SERVER_ERROR;
                answer
            }
        }
    }

    /// 200 with a record as JSON, and the tag of its present state.
    pub(crate) fn record(value: &impl Serialize) -> Answer {
        let mut answer = Answer::json(value);
        let tag = answer.bytes().map(|bytes| etag::of(bytes));
        answer.header = tag.and_then(|tag| Some((ETAG, etag::header(&tag)?)));
        answer
    }

    /// 200 with another form of a record as JSON, and the tag of both.
    pub(crate) fn form_of_record(record: &impl Serialize, form: &impl Serialize) -> Answer {
        let mut answer = Answer::json(form);
        let record = serde_json::to_vec(record).ok();
        let tag = answer.bytes().zip(record).map(|(form, record)| etag::of_form(&record, form));
        answer.header = tag.and_then(|tag| Some((ETAG, etag::header(&tag)?)));
        answer
    }

    /// 200 with what is JSON already.
    pub(crate) fn json_bytes(bytes: Vec<u8>) -> Answer {
        Answer::whole(JSON, bytes)
    }

    /// 200 with an empty object, as removals answer.
    pub(crate) fn empty_object() -> Answer {
        Answer::whole(JSON, Bytes::from_static(b"{}"))
    }

    /// 200 with JSON lines that are sent piece by piece through the other end.
    pub(crate) fn lines() -> (Pieces, Answer) {
        Answer::stream(JSON_LINES)
    }

    /// 200 with a table as CSV that is sent piece by piece through the other end.
    pub(crate) fn table() -> (Pieces, Answer) {
        Answer::stream(TABLE)
    }

    fn stream(media_type: &'static str) -> (Pieces, Answer) {
        let (pieces, content) = mpsc::channel(STREAM_PIECES_MAX);
        let answer = Answer {
            status: StatusCode::OK,
            header: None,
            fixed: &[],
            cache: None,
            origin: Origin::Store,
            media_type,
            content: Content::Stream(content),
        };
        (pieces, answer)
    }

    /// 200 with this text, as it is.
    pub(crate) fn text(text: impl Into<Bytes>) -> Answer {
        Answer::whole(TEXT, text)
    }

    /// 200 with these bytes of this type.
    pub(crate) fn whole(media_type: &'static str, bytes: impl Into<Bytes>) -> Answer {
        Answer {
            status: StatusCode::OK,
            header: None,
            fixed: &[],
            cache: None,
            origin: Origin::Store,
            media_type,
            content: Content::Whole(bytes.into()),
        }
    }

    /// The answer, as one that came from here.
    pub(crate) fn with_origin(self, origin: Origin) -> Answer {
        Answer { origin, ..self }
    }

    /// The bytes of the answer where they are there already.
    pub(crate) fn bytes(&self) -> Option<&Bytes> {
        match &self.content {
            Content::Whole(bytes) => Some(bytes),
            Content::Stream(_) => None,
        }
    }

    /// The answer as HTTP. To a HEAD request the body is left out, its length is not.
    pub(crate) fn into_response(
        self,
        correlation: HeaderValue,
        head_only: bool,
    ) -> Response<AnswerBody> {
        let length = self.bytes().map(Bytes::len);
        let content = if head_only { Content::Whole(Bytes::new()) } else { self.content };
        let body = AnswerBody { content };
        let mut response = Response::new(body);
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.reserve(6);
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(self.media_type));
        if let Some(length) = length {
            headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
        }
        let uncached = HeaderValue::from_static(UNCACHED);
        headers.insert(CACHE_CONTROL, self.cache.unwrap_or(uncached));
        headers.insert(CORRELATION, correlation);
        for (name, value) in self.fixed {
            headers.insert(name, HeaderValue::from_static(value));
        }
        if let Some((name, value)) = self.header {
            headers.insert(name, value);
        }
        response
    }
}

/// The body of an answer.
#[derive(Debug)]
pub struct AnswerBody {
    content: Content,
}

impl Body for AnswerBody {
    type Data = Bytes;
    type Error = Box<dyn std::error::Error + Send + Sync>;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        match &mut self.content {
            Content::Whole(bytes) if bytes.is_empty() => Poll::Ready(None),
            Content::Whole(bytes) => Poll::Ready(Some(Ok(Frame::data(std::mem::take(bytes))))),
            Content::Stream(pieces) => Poll::Ready(match ready!(pieces.poll_recv(cx)) {
                Some(Ok(piece)) => Some(Ok(Frame::data(piece))),
                Some(Err(broken)) => Some(Err(broken.into())),
                None => None,
            }),
        }
    }

    fn is_end_stream(&self) -> bool {
        matches!(&self.content, Content::Whole(bytes) if bytes.is_empty())
    }

    fn size_hint(&self) -> SizeHint {
        match &self.content {
            Content::Whole(bytes) => SizeHint::with_exact(bytes.len() as u64),
            Content::Stream(_) => SizeHint::default(),
        }
    }
}
