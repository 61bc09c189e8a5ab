//! `GET /scan/contacts`: everything, by cursor, without the window that listings have.

use crate::api::context::RequestContext;
use crate::api::route::HandlerResult;
use crate::handlers::expand::{self, Expand, Shown};
use crate::limits::{SCAN_LIMIT_DEFAULT, SCAN_LIMIT_MAX, SCAN_LIMIT_MIN};
use crate::message::answer::Answer;
use crate::message::cursor::{self, BadCursor};
use crate::message::parameters::Parameters;
use carnet_book::Snapshot;
use carnet_model::{ContactNo, FaultKind, Invalid};
use carnet_wire::listing::CursorListing;
use carnet_wire::query;
use std::time::SystemTime;

/// A part of all contacts in the order in which they were added. No part is empty but that of an
/// empty book, and the last one has no cursor. `expand` goes beyond the vendor's API.
pub(crate) fn contacts(context: &RequestContext, snapshot: &Snapshot) -> HandlerResult {
    let parameters = context.parameters()?;
    let now = SystemTime::now();
    let mut invalid = Invalid::default();
    let limit = limit(&parameters, &mut invalid);
    let after = after(&parameters, now, &mut invalid);
    let expand = Expand::read(&parameters, expand::CONTACT, &mut invalid);
    if !invalid.is_empty() {
        return Err(invalid.into());
    }
    // `*` is the vendor's default and means no division in particular.
    let division = parameters.first("divisionId").filter(|id| !matches!(*id, "" | "*"));
    let page = snapshot.scan_contacts(after, limit, division)?;
    let shown = Shown::new(expand, &page.entries, snapshot)?;
    let entities = page.entries.iter().map(|contact| shown.contact(contact)).collect();
    let after = page.after.map(|after| cursor::write(after, now));
    let query = context.query();
    Ok(Answer::json(&CursorListing::new(entities, after, context.path(), query)))
}

fn limit(parameters: &Parameters, invalid: &mut Invalid) -> usize {
    let Some(limit) = query::integer("limit", parameters.first("limit"), invalid) else {
        return SCAN_LIMIT_DEFAULT;
    };
    let limit = usize::try_from(limit).unwrap_or(0);
    if !(SCAN_LIMIT_MIN..=SCAN_LIMIT_MAX).contains(&limit) {
        let why = format!("a part of a scan has {SCAN_LIMIT_MIN} to {SCAN_LIMIT_MAX} entries");
        invalid.add("limit", FaultKind::Value(why));
    }
    limit
}

/// The cursor, under the name that the API gives it or the one that some clients do.
fn after(parameters: &Parameters, now: SystemTime, invalid: &mut Invalid) -> Option<ContactNo> {
    let (name, text) = ["cursor", "after"]
        .into_iter()
        .filter_map(|name| Some((name, parameters.first(name)?)))
        .find(|(_, text)| !text.is_empty())?;
    match cursor::read(text, now) {
        Ok(after) => Some(after),
        Err(bad) => {
            let why = match bad {
                BadCursor::Unknown => "this is no cursor of a scan",
                BadCursor::Expired => "the cursor has expired; begin the scan anew",
            };
            invalid.add(name, FaultKind::Value(why.to_owned()));
            None
        }
    }
}
