//! A request's body: read whole within its limits, or piece by piece.

use crate::limits::{BODIES_BYTES_MAX, UNREAD_BODY_BYTES_MAX, UNREAD_PIECE_TIME_MAX};
use crate::message::error::Failure;
use bytes::Bytes;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full};
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
    /// Reading it has begun: a client that waited for that has been told to send it.
    begun: bool,
    /// It was read to its end, which hyper does not remember of a chunked one.
    ended: bool,
    /// It ended early or its framing is wrong: where the next request begins is not known.
    broken: bool,
}

#[derive(Debug)]
enum BodySource {
    Empty,
    Connection(Incoming),
    Made(UnsyncBoxBody<Bytes, Fault>),
}

impl RequestBody {
    /// No body at all.
    pub fn empty() -> RequestBody {
        RequestBody::new(BodySource::Empty)
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
        RequestBody::new(BodySource::Made(body.map_err(Into::into).boxed_unsync()))
    }

    fn new(source: BodySource) -> RequestBody {
        RequestBody { source, begun: false, ended: false, broken: false }
    }

    /// Reads on to the end and drops what comes, so that the connection can be kept though nobody
    /// wanted the body. Returns whether the end was reached: not where more than
    /// [`UNREAD_BODY_BYTES_MAX`] are left, where a piece or the whole is slow, and not where the
    /// client waits to be told to send it (`expects`).
    pub(crate) async fn read_on(&mut self, expects: bool, time: Duration) -> bool {
        if expects && !self.begun {
            return false;
        }
        let mut left = UNREAD_BODY_BYTES_MAX;
        let end = Instant::now() + time;
        while self.size_hint().lower() <= left as u64 {
            let until = end.min(Instant::now() + UNREAD_PIECE_TIME_MAX);
            match timeout_at(until, self.next()).await {
                Ok(None) => return !self.broken,
                Ok(Some(Ok(piece))) if piece.len() <= left => left -= piece.len(),
                _ => return false,
            }
        }
        false
    }

    /// Drops what still comes, for a time at most: for a client that has its answer and goes on sending
    /// before it looks.
    pub(crate) async fn drop_for(mut self, time: Duration) {
        let end = Instant::now() + time;
        while let Ok(Some(Ok(_))) = timeout_at(end, self.next()).await {}
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
        RequestBody::new(BodySource::Connection(body))
    }
}

impl Body for RequestBody {
    type Data = Bytes;
    type Error = Fault;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Fault>>> {
        self.begun = true;
        let frame = match &mut self.source {
            BodySource::Empty => None,
            BodySource::Connection(body) => {
                let frame = ready!(Pin::new(body).poll_frame(cx));
                frame.map(|frame| frame.map_err(Into::into))
            }
            BodySource::Made(body) => ready!(Pin::new(body).poll_frame(cx)),
        };
        self.ended = frame.is_none() && !self.broken;
        self.broken |= matches!(frame, Some(Err(_)));
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        let ended = match &self.source {
            BodySource::Empty => true,
            BodySource::Connection(body) => body.is_end_stream(),
            BodySource::Made(body) => body.is_end_stream(),
        };
        self.ended || ended
    }

    fn size_hint(&self) -> SizeHint {
        match &self.source {
            BodySource::Empty => SizeHint::with_exact(0),
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
    use std::convert::Infallible;
    use tokio::sync::mpsc;

    /// A body of pieces of these lengths, which ends only where it says so.
    fn pieces(lengths: &[usize], ends: bool) -> RequestBody {
        let (send, receive) = mpsc::unbounded_channel();
        for length in lengths {
            send.send(Bytes::from(vec![b' '; *length])).unwrap();
        }
        // Kept for ever where the body has no end.
        let open = if ends { None } else { Some(send) };
        RequestBody::made(Pieces { receive, _open: open })
    }

    struct Pieces {
        receive: mpsc::UnboundedReceiver<Bytes>,
        _open: Option<mpsc::UnboundedSender<Bytes>>,
    }

    impl Body for Pieces {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            cx: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            let piece = ready!(self.receive.poll_recv(cx));
            Poll::Ready(piece.map(|piece| Ok(Frame::data(piece))))
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_nobody_wanted_is_read_to_a_near_end_only() {
        let long = Duration::from_secs(60);
        let max = UNREAD_BODY_BYTES_MAX;
        for (lengths, ends, read) in [
            (&[][..], true, true),
            (&[2], true, true),
            (&[1, 1, 1], true, true),
            (&[max], true, true),
            (&[max / 2, max / 2], true, true),
            (&[max + 1], true, false),
            (&[max, 1], true, false),
            (&[1, max], true, false),
            (&[2], false, false),
            (&[], false, false),
        ] {
            let mut body = pieces(lengths, ends);
            assert_eq!(body.read_on(false, long).await, read, "{lengths:?} {ends}");
        }
        // Announced to be too much: not even begun.
        let mut body = RequestBody::whole(vec![0; max + 1]);
        assert!(!body.read_on(false, long).await && !body.begun);
        // A client that waits is not told to send.
        let mut body = pieces(&[2], true);
        assert!(!body.read_on(true, long).await && !body.begun);
        let mut body = pieces(&[2, 2], true);
        body.next().await.unwrap().unwrap();
        assert!(body.read_on(true, long).await);
    }

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
