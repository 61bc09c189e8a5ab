//! Work that must not hold up, or take down, the thread that serves connections.

use crate::api::route::HandlerResult;
use crate::message::error::Failure;
use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;

/// Runs long work on a thread of the pool for such work.
///
/// # Errors
/// Those of `run`; 500 when it panics, 503 when the daemon stops before it began.
pub(crate) async fn offload<T: Send + 'static>(
    run: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    match tokio::task::spawn_blocking(run).await {
        Ok(outcome) => outcome,
        Err(error) if error.is_panic() => Err(panicked()),
        Err(_) => Err(Failure::unavailable("The daemon is stopping.")),
    }
}

/// Turns a panic of a handler into a failure: the daemon goes on.
pub(crate) async fn catch_panic(work: impl Future<Output = HandlerResult>) -> HandlerResult {
    let mut work = pin!(work);
    poll_fn(move |cx| {
        // No state of a request outlives its panic, so none can be found broken.
        match catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(cx))) {
            Ok(poll) => poll,
            Err(_) => Poll::Ready(Err(panicked())),
        }
    })
    .await
}

fn panicked() -> Failure {
    // The panic hook has logged message and place.
    Failure::internal("the handler panicked")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::answer::Answer;
    use hyper::StatusCode;

    #[tokio::test]
    async fn a_panic_is_an_answer() {
        let quiet = catch_panic(async { Ok(Answer::empty_object()) }).await;
        assert!(quiet.is_ok());
        let panics = async {
            tokio::task::yield_now().await;
            panic!("on purpose")
        };
        let failure = catch_panic(panics).await.unwrap_err();
        assert_eq!(
            (failure.status(), failure.code()),
            (StatusCode::INTERNAL_SERVER_ERROR, "internal.server.error")
        );
        assert!(!failure.message().contains("on purpose"));
        let failure = offload::<()>(|| panic!("on purpose")).await.unwrap_err();
        assert_eq!(failure.status(), StatusCode::INTERNAL_SERVER_ERROR);
    }
}
