//! The page that Prometheus reads.

use crate::api::context::RequestContext;
use crate::api::offload::offload;
use crate::api::route::HandlerFuture;
use crate::message::answer::Answer;
use crate::metrics::prometheus;

/// The text format that Prometheus has read since its beginnings.
const TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// `GET /metrics`: every count and time, without data of any person. Open like `/healthz`, so it
/// takes its turn as a search does: asked often, it does not hold up other requests.
pub(crate) fn all(context: RequestContext) -> HandlerFuture {
    Box::pin(async move {
        let turn = context.state.long_read().await?;
        offload(move || {
            let _turn = turn;
            Ok(Answer::whole(TYPE, prometheus::page(&context.state.metrics, context.book())))
        })
        .await
    })
}
