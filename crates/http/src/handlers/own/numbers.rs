//! Numbers that no look-up finds: the list of them, and their texts read anew. Both go through all
//! contacts in parts, so a request is short, and what was done stays when a client breaks off.

use crate::api::context::RequestContext;
use crate::api::offload::offload;
use crate::api::route::{HandlerFuture, HandlerResult};
use crate::message::answer::Answer;
use crate::message::cursor::{self, BadCursor};
use crate::message::error::Failure;
use crate::message::parameters::{Parameters, region};
use carnet_book::Snapshot;
use carnet_model::{ContactNo, FaultKind, Invalid};
use carnet_phone::Region;
use carnet_wire::numbers::{Reread, Unread};
use serde::Serialize;
use std::time::SystemTime;

/// The parameter that says where the next part begins.
const AFTER: &str = "after";

#[derive(Serialize)]
struct UnreadAnswer {
    numbers: Vec<Unread>,
    /// Where the next part begins; absent when this is the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<String>,
}

#[derive(Serialize)]
struct RereadAnswer {
    /// Contacts that were looked at.
    contacts: u64,
    changes: Vec<Reread>,
    /// Valid numbers that their texts do not spell any more; they stay.
    kept: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<String>,
}

/// `GET /api/v2/carnet/numbers/unread`: a part of the numbers that no look-up finds, by contact. It
/// may be empty although others follow.
pub(crate) fn unread(context: &RequestContext, snapshot: &Snapshot) -> HandlerResult {
    let page = snapshot.unread_numbers(after(&context.parameters()?)?)?;
    let numbers = page.entries.into_iter().map(Unread::from).collect();
    Ok(Answer::json(&UnreadAnswer { numbers, after: cursor_of(page.after) }))
}

/// `POST /api/v2/carnet/numbers/reread`: the numbers of a part of the contacts, read anew.
pub(crate) fn reread(context: RequestContext) -> HandlerFuture {
    Box::pin(async move {
        let parameters = context.parameters()?;
        let after = after(&parameters)?;
        let asked = asked_region(&parameters)?;
        let dry_run = parameters.switch("dryRun")?;
        let book = context.book().clone();
        // A turn of long reads and no job: a pass of many parts waits instead of being refused.
        let turn = context.state.long_read().await?;
        let snapshot = book.snapshot().await?;
        let page = offload(move || {
            let _turn = turn;
            Ok(snapshot.numbers_to_reread(asked, after)?)
        });
        let page = page.await?;
        let changes = match dry_run || page.changed.is_empty() {
            true => page.changes,
            false => book.reread_numbers(&context.principal, asked, page.changed).await?,
        };
        Ok(Answer::json(&RereadAnswer {
            contacts: page.contacts,
            changes: changes.into_iter().map(Reread::from).collect(),
            kept: page.kept,
            after: cursor_of(page.after),
        }))
    })
}

/// The region that stands in for the default one.
fn asked_region(parameters: &Parameters) -> Result<Option<Region>, Failure> {
    let given = parameters.first("region").filter(|code| !code.is_empty());
    given.map(|code| region(Some(code), Region::WORLD)).transpose()
}

fn after(parameters: &Parameters) -> Result<Option<ContactNo>, Failure> {
    let Some(text) = parameters.first(AFTER).filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    let refuse = |why: &str| Invalid::one(AFTER, FaultKind::Value(why.to_owned())).into();
    match cursor::read(text, SystemTime::now()) {
        Ok(after) => Ok(Some(after)),
        Err(BadCursor::Unknown) => Err(refuse("an earlier answer has no such place")),
        Err(BadCursor::Expired) => Err(refuse("the place has expired; begin anew")),
    }
}

fn cursor_of(after: Option<ContactNo>) -> Option<String> {
    after.map(|after| cursor::write(after, SystemTime::now()))
}
