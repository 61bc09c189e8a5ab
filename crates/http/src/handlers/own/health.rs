//! Whether the daemon lives, and whether it can do its work.

use crate::api::context::RequestContext;
use crate::api::route::HandlerFuture;
use crate::message::answer::Answer;
use crate::message::error::Failure;
use serde::Serialize;

#[derive(Serialize)]
struct Health {
    status: &'static str,
}

/// `GET /healthz`: the process answers.
pub(crate) fn alive(_: RequestContext) -> HandlerFuture {
    Box::pin(async { Ok(Answer::json(&Health { status: "ok" })) })
}

/// `GET /readyz`: store and index can be asked; else 503 that says why not.
pub(crate) fn ready(context: RequestContext) -> HandlerFuture {
    Box::pin(async move {
        let status = context.book().status();
        match status.why {
            None if status.readable && status.searchable => {
                Ok(Answer::json(&Health { status: "ready" }))
            }
            why => {
                Err(Failure::unavailable(why.unwrap_or_else(|| "carnet is starting".to_owned())))
            }
        }
    })
}
