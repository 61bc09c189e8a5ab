//! A body that keeps a guard until it is dropped, so that a connection knows when its answer was
//! taken.

use hyper::body::{Body, Frame, SizeHint};
use std::pin::Pin;
use std::task::{Context, Poll};

/// Something that is held while an answer is being taken.
pub(super) trait Guard {
    /// The client had room for more of the answer; there was none yet where `waiting`.
    fn polled(&mut self, waiting: bool) {
        let _ = waiting;
    }
}

/// A body with its guard.
#[derive(Debug)]
pub(super) struct Tracked<B, G> {
    pub(super) body: B,
    pub(super) guard: G,
}

impl<B: Body + Unpin, G: Guard + Unpin> Body for Tracked<B, G> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        let frame = Pin::new(&mut self.body).poll_frame(cx);
        self.guard.polled(frame.is_pending());
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
