//! Look-ups for programs: `GET /lookup/{number}` for one number, `POST /lookup` for up to
//! [`LOOKUP_NUMBERS_MAX`](crate::limits::LOOKUP_NUMBERS_MAX), answered in order, a line each.
//!
//! The many are answered in pieces. Each piece comes from a snapshot of its own, which is let go
//! before the reader is waited for: however slow that is, it holds its numbers, a few pieces,
//! and nothing of the store.

mod numbers;

use crate::api::context::RequestContext;
use crate::api::offload::offload;
use crate::api::route::{HandlerFuture, Source};
use crate::engine::render;
use crate::engine::state::State;
use crate::handlers::own::number_lookup::numbers::Numbers;
use crate::limits::{LOOKUP_PIECE_BYTES, LOOKUP_PIECE_NUMBERS_MAX, LOOKUP_SNAPSHOT_TIME_MAX};
use crate::message::answer::{Answer, Broken, Pieces};
use crate::message::body::Share;
use crate::message::error::Failure;
use crate::message::parameters::{Parameters, region};
use bytes::Bytes;
use carnet_book::{AddressBook, Answers, BookError, FETCHED_TOGETHER, Form, Snapshot};
use carnet_model::{Contact, FaultKind, Invalid, Organization, Uuid};
use carnet_phone::{E164, Region};
use carnet_wire::lookup::{self, Show};
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;
use std::time::Instant;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::timeout;

/// `GET /lookup/{number}`: what is known of a number, and who has it.
pub(crate) fn one(context: &RequestContext, source: Source<'_>) -> Result<Option<Answer>, Failure> {
    let parameters = context.parameters()?;
    let region = region_of(&parameters, context)?;
    let mut out = Vec::with_capacity(512);
    match source {
        Source::Memory => return Ok(None),
        Source::Store(snapshot) => {
            write_number(snapshot, context.variables.get(0), region, Show::Contacts, &mut out)?;
        }
    }
    Ok(Some(Answer::json_bytes(out)))
}

/// `POST /lookup`: the same of many numbers, as much as `show` says.
pub(crate) fn many(context: RequestContext) -> HandlerFuture {
    Box::pin(async move {
        let parameters = context.parameters()?;
        let show = show(&parameters)?;
        let region = region_of(&parameters, &context)?;
        let numbers = Numbers::read(&context)?;
        let permit = context.state.stream()?;
        let (pieces, answer) = Answer::lines();
        let writing = Writing {
            state: context.state,
            numbers: Arc::new(numbers),
            show,
            region,
            _permit: permit,
            // The numbers are as long in memory as the body was.
            _share: context.share,
        };
        tokio::spawn(writing.run(pieces));
        Ok(answer)
    })
}

/// Writes the object of one number: all the work that a number is.
pub(crate) fn write_number(
    snapshot: &Snapshot,
    text: &str,
    region: Region,
    show: Show,
    out: &mut Vec<u8>,
) -> Result<(), BookError> {
    let found = snapshot.look_up(text, region)?;
    let number = found.number.map(|number| number.e164);
    let contacts = &found.contacts;
    match show {
        Show::Ids => lookup::write_ids(text, number, contacts, out),
        Show::Names | Show::Contacts => {
            let organizations = organizations(contacts, snapshot)?;
            let name = |contact: &Contact| {
                let organization = organizations.get(&contact.organization?)?;
                Some(organization.name.as_str())
            };
            lookup::write_contacts(text, found.number.as_ref(), contacts, name, out);
        }
    }
    Ok(())
}

/// The organisations of these contacts, each read once.
fn organizations(
    contacts: &[Contact],
    snapshot: &Snapshot,
) -> Result<HashMap<Uuid, Organization>, BookError> {
    let mut known = HashMap::new();
    for id in contacts.iter().filter_map(|contact| contact.organization) {
        if !known.contains_key(&id)
            && let Some(organization) = snapshot.organization(id)?
        {
            known.insert(id, organization);
        }
    }
    Ok(known)
}

fn region_of(parameters: &Parameters, context: &RequestContext) -> Result<Region, Failure> {
    let given = parameters.first("region").filter(|code| !code.is_empty());
    region(given, context.rules.default_region)
}

fn show(parameters: &Parameters) -> Result<Show, Failure> {
    let Some(name) = parameters.first("show") else {
        return Ok(Show::Names);
    };
    Show::parse(name).ok_or_else(|| {
        let known = Show::ALL.map(|(name, _)| name).join(", ");
        let why = format!("there is no such choice; known are {known}");
        Invalid::one("show", FaultKind::Value(why)).into()
    })
}

/// An answer of many lines, being written.
struct Writing {
    state: Arc<State>,
    numbers: Arc<Numbers>,
    show: Show,
    region: Region,
    _permit: OwnedSemaphorePermit,
    _share: Share,
}

impl Writing {
    async fn run(self, pieces: Pieces) {
        // Reserves a slot for the final error, which must not have to wait.
        let Ok(last_word) = pieces.clone().reserve_owned().await else {
            return;
        };
        let mut from = 0;
        while from < self.numbers.len() {
            let (piece, next) = match self.piece(from).await {
                Ok(written) => written,
                Err(failure) => {
                    failure.log("");
                    tracing::warn!("the answer to a look-up of many numbers broke off");
                    last_word.send(Err(Broken));
                    return;
                }
            };
            from = next;
            match timeout(self.state.timeouts.write_stall, pieces.send(Ok(piece))).await {
                Ok(Ok(())) => {}
                // The client has gone.
                Ok(Err(_)) => return,
                Err(_) => {
                    last_word.send(Err(Broken));
                    return;
                }
            }
        }
    }

    /// The lines of the next numbers, and where those after them begin. The snapshot is gone when
    /// this returns.
    async fn piece(&self, from: usize) -> Result<(Bytes, usize), Failure> {
        let turn = self.state.long_read().await?;
        if self.show == Show::Names {
            let (numbers, state) = (Arc::clone(&self.numbers), Arc::clone(&self.state));
            let region = self.region;
            return offload(move || {
                let _turn = turn;
                Ok(write_names(&state, &numbers, from, region)?)
            })
            .await;
        }
        let book = self.state.book.clone();
        let snapshot = book.snapshot().await?;
        let (numbers, show) = (Arc::clone(&self.numbers), self.show);
        let region = self.region;
        offload(move || {
            let _turn = turn;
            let outcome = write_piece(&snapshot, &numbers, from, region, show);
            outcome.map_err(|error| {
                let failure = Failure::from(error);
                if failure.store_broke() {
                    book.mend(&snapshot);
                }
                failure
            })
        })
        .await
    }
}

/// The lines of names, which come from renderings, without a snapshot.
fn write_names(
    state: &State,
    numbers: &Numbers,
    from: usize,
    region: Region,
) -> Result<(Bytes, usize), BookError> {
    let mut out = Vec::with_capacity(LOOKUP_PIECE_BYTES / 2);
    let mut found = Answers::default();
    let end = numbers.len().min(from + LOOKUP_PIECE_NUMBERS_MAX);
    let mut next = from;
    while next < end && out.len() < LOOKUP_PIECE_BYTES {
        if (next - from).is_multiple_of(FETCHED_TOGETHER) {
            prefetch(&state.book, numbers, next..end.min(next + FETCHED_TOGETHER));
        }
        let text = numbers.get(next);
        let number = render::find(state, text, region, Form::Short, &mut found)?;
        let name = (!found.is_empty()).then(|| render::name(&found));
        lookup::write_name(text, number, name, found.len(), &mut out);
        out.push(b'\n');
        next += 1;
    }
    Ok((Bytes::from(out), next))
}

/// Prefetches the memory that look-ups of these numbers will read, as far as they are in E.164.
fn prefetch(book: &AddressBook, numbers: &Numbers, range: Range<usize>) {
    let read: Vec<E164> = range.filter_map(|at| E164::parse(numbers.get(at))).collect();
    book.fetch(&read, Form::Short);
}

fn write_piece(
    snapshot: &Snapshot,
    numbers: &Numbers,
    from: usize,
    region: Region,
    show: Show,
) -> Result<(Bytes, usize), BookError> {
    let begun = Instant::now();
    let mut out = Vec::with_capacity(LOOKUP_PIECE_BYTES / 2);
    let end = numbers.len().min(from + LOOKUP_PIECE_NUMBERS_MAX);
    let mut next = from;
    while next < end
        && out.len() < LOOKUP_PIECE_BYTES
        && (next == from || begun.elapsed() < LOOKUP_SNAPSHOT_TIME_MAX)
    {
        write_number(snapshot, numbers.get(next), region, show, &mut out)?;
        out.push(b'\n');
        next += 1;
    }
    Ok((Bytes::from(out), next))
}
