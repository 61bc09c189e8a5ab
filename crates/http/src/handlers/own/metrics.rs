//! What the daemon counts, for Prometheus.

use crate::api::context::Act;
use crate::message::answer::Answer;
use crate::metrics;
use crate::routes::Acting;
use crate::service::blocking;

/// The text format that Prometheus has read since its beginnings.
const TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// `GET /metrics`: every count and time, of nobody in particular. Open like `/healthz`, so it takes
/// its turn as a search does: asked often, it holds up nobody.
pub(crate) fn all(act: Act) -> Acting {
    Box::pin(async move {
        let turn = act.shared.long_read().await?;
        blocking(move || {
            let _turn = turn;
            Ok(Answer::whole(TYPE, metrics::page(&act.shared.metrics, &act.book)))
        })
        .await
    })
}
