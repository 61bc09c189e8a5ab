//! A request's body: read whole within its limits, or piece by piece.

use crate::limits::BODIES_BYTES_MAX;
use crate::message::error::Failure;
use bytes::Bytes;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Empty, Full};
use hyper::HeaderMap;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use hyper::header::CONTENT_LENGTH;
use std::error::Error;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout_at};

type Fault = Box<dyn Error + Send + Sync>;

/// The body of a request: as it comes from a connection, or made by a caller in this process.
#[derive(Debug)]
pub struct RequestBody {
    source: BodySource,
    /// It was read to its end, which hyper does not remember of a chunked one.
    ended: bool,
}

#[derive(Debug)]
enum BodySource {
    Connection(Incoming),
    Made(UnsyncBoxBody<Bytes, Fault>),
}

impl RequestBody {
    /// No body at all.
    pub fn empty() -> RequestBody {
        Self::made(Empty::new())
    }

    /// A body that is there already.
    pub fn whole(bytes: impl Into<Bytes>) -> RequestBody {
        Self::made(Full::new(bytes.into()))
    }

    /// Any other body.
    pub fn made<B>(body: B) -> RequestBody
    where
        B: Body<Data = Bytes> + Send + 'static,
        B::Error: Into<Fault>,
    {
        let source = BodySource::Made(body.map_err(Into::into).boxed_unsync());
        RequestBody { source, ended: false }
    }

    /// The next piece; `None` at the end, an error when the client broke off.
    pub(crate) async fn next(&mut self) -> Option<Result<Bytes, Fault>> {
        loop {
            // A frame without data is a trailer, for which there is no use here.
            match self.frame().await? {
                Ok(frame) => match frame.into_data() {
                    Ok(data) if data.is_empty() => {}
                    Ok(data) => return Some(Ok(data)),
                    Err(_) => {}
                },
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

impl From<Incoming> for RequestBody {
    fn from(body: Incoming) -> RequestBody {
        RequestBody { source: BodySource::Connection(body), ended: false }
    }
}

impl Body for RequestBody {
    type Data = Bytes;
    type Error = Fault;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Fault>>> {
        let frame = match &mut self.source {
            BodySource::Connection(body) => {
                let frame = ready!(Pin::new(body).poll_frame(cx));
                frame.map(|frame| frame.map_err(Into::into))
            }
            BodySource::Made(body) => ready!(Pin::new(body).poll_frame(cx)),
        };
        self.ended = frame.is_none();
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        let ended = match &self.source {
            BodySource::Connection(body) => body.is_end_stream(),
            BodySource::Made(body) => body.is_end_stream(),
        };
        self.ended || ended
    }

    fn size_hint(&self) -> SizeHint {
        match &self.source {
            BodySource::Connection(body) => body.size_hint(),
            BodySource::Made(body) => body.size_hint(),
        }
    }
}

/// The memory that all bodies share, in units of [`UNIT_BYTES`].
#[derive(Clone, Debug)]
pub(crate) struct Budget(Arc<Semaphore>);

const UNIT_BYTES: usize = 4 << 10;

/// A share of the budget. Given back when dropped, so it stays with the body.
#[derive(Debug, Default)]
pub(crate) struct Share {
    held: Option<OwnedSemaphorePermit>,
    bytes: usize,
}

impl Budget {
    pub(crate) fn new() -> Budget {
        Budget(Arc::new(Semaphore::new(BODIES_BYTES_MAX / UNIT_BYTES)))
    }

    /// Makes the share large enough for `bytes`.
    fn grow(&self, share: &mut Share, bytes: usize) -> Result<(), Failure> {
        let had = share.bytes.div_ceil(UNIT_BYTES);
        let units = bytes.div_ceil(UNIT_BYTES).saturating_sub(had);
        let units = u32::try_from(units).map_err(|_| Failure::busy())?;
        if units > 0 {
            let more = Arc::clone(&self.0).try_acquire_many_owned(units);
            let more = more.map_err(|_| Failure::busy())?;
            match &mut share.held {
                Some(held) => held.merge(more),
                held => *held = Some(more),
            }
        }
        share.bytes = bytes;
        Ok(())
    }
}

/// Reads a whole body of at most `limit` bytes within `time`. The memory for it comes out of
/// `budget` before it is read.
pub(crate) async fn read(
    body: &mut RequestBody,
    headers: &HeaderMap,
    limit: usize,
    time: Duration,
    budget: &Budget,
) -> Result<(Bytes, Share), Failure> {
    let mut share = Share::default();
    if let Some(announced) = announced(headers) {
        match usize::try_from(announced) {
            Ok(bytes) if bytes <= limit => budget.grow(&mut share, bytes)?,
            _ => return Err(Failure::body_too_large(announced, limit)),
        }
    }
    let end = Instant::now() + time;
    let mut first = Bytes::new();
    let mut rest: Vec<u8> = Vec::new();
    loop {
        let piece = timeout_at(end, body.next()).await;
        let Some(piece) = piece.map_err(|_| Failure::body_too_slow())? else {
            break;
        };
        let piece = piece.map_err(|_| Failure::body_broken())?;
        let length = first.len() + rest.len() + piece.len();
        if length > limit {
            return Err(Failure::body_too_large(length as u64, limit));
        }
        if length > share.bytes {
            budget.grow(&mut share, length)?;
        }
        // Most bodies come in one piece, which is then taken as it is.
        if first.is_empty() {
            first = piece;
        } else {
            rest.extend_from_slice(&piece);
        }
    }
    if rest.is_empty() {
        return Ok((first, share));
    }
    let whole = [&first[..], &rest[..]].concat();
    Ok((whole.into(), share))
}

/// The value of `Content-Length`; hyper has refused one that is no number.
fn announced(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_given_back_when_the_body_goes() {
        let budget = Budget::new();
        let all = budget.0.available_permits();
        let mut share = Share::default();
        for bytes in [1, UNIT_BYTES, UNIT_BYTES + 1, 10 * UNIT_BYTES] {
            budget.grow(&mut share, bytes).unwrap();
            let taken = all - budget.0.available_permits();
            assert_eq!(taken, bytes.div_ceil(UNIT_BYTES), "{bytes}");
        }
        assert!(budget.grow(&mut Share::default(), BODIES_BYTES_MAX).is_err());
        drop(share);
        assert_eq!(budget.0.available_permits(), all);
        assert!(budget.grow(&mut Share::default(), BODIES_BYTES_MAX).is_ok());
    }
}
