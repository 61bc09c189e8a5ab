//! Look-ups for programs: `GET /lookup/{number}` for one number, `POST /lookup` for up to
//! [`LOOKUP_NUMBERS_MAX`](crate::limits::LOOKUP_NUMBERS_MAX), answered in order, a line each.
//!
//! Both are written from renderings. Many numbers are answered in pieces, and no snapshot outlives
//! a number: a slow reader holds its numbers, a few pieces, and nothing of the store.

mod numbers;

use crate::api::context::RequestContext;
use crate::api::offload::offload;
use crate::api::route::{HandlerFuture, Source};
use crate::engine::render;
use crate::engine::state::State;
use crate::handlers::own::number_lookup::numbers::Numbers;
use crate::limits::{LOOKUP_PIECE_BYTES, LOOKUP_PIECE_NUMBERS_MAX};
use crate::message::answer::{Answer, Broken, Pieces};
use crate::message::body::Share;
use crate::message::error::Failure;
use crate::message::parameters::{Parameters, region};
use bytes::Bytes;
use carnet_book::{AddressBook, BookError, Form, PREFETCH_MAX, Renderings};
use carnet_model::{Contact, FaultKind, Invalid};
use carnet_phone::{E164, Region};
use carnet_wire::lookup::{self, Show};
use std::ops::Range;
use std::sync::Arc;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::timeout;

/// `GET /lookup/{number}`: what is known of a number, and who has it.
pub(crate) fn one(context: &RequestContext, source: Source<'_>) -> Result<Option<Answer>, Failure> {
    let parameters = context.parameters()?;
    let region = region_of(&parameters, context)?;
    let (text, mut out) = (context.variables.get(0), Vec::with_capacity(512));
    match source {
        Source::Memory => {
            let mut found = Renderings::default();
            let written =
                write_one(&context.state, text, region, Show::Contacts, &mut found, &mut out);
            let answer = written.is_ok().then(|| Answer::json_bytes(out));
            Ok(answer.map(|answer| answer.with_origin(found.origin())))
        }
        Source::Store(snapshot) => {
            let found = snapshot.look_up(text, region)?;
            let number = found.number.map(|number| number.e164);
            let organizations = snapshot.organizations_of(&found.contacts)?;
            let name =
                |contact: &Contact| Some(organizations.get(&contact.organization?)?.name.as_str());
            lookup::write_contacts(text, number, &found.contacts, name, &mut out);
            Ok(Some(Answer::json_bytes(out)))
        }
    }
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

/// Writes the object of one number from renderings, without a snapshot where they are kept.
fn write_one(
    state: &State,
    text: &str,
    region: Region,
    show: Show,
    found: &mut Renderings,
    out: &mut Vec<u8>,
) -> Result<(), BookError> {
    let number = render::find(state, text, region, form_of(show), found)?;
    let written = match (show, number) {
        (Show::Names, number) => {
            let name = (!found.is_empty()).then(|| render::name(found));
            lookup::write_name(text, number, name, found.len(), out);
            Some(())
        }
        (Show::Contacts, number) => {
            lookup::write_rendered_contacts(text, number, render::contacts(found), out)
        }
        (Show::Ids, number) => {
            lookup::write_rendered_ids(text, number, render::contacts(found), out)
        }
    };
    // Renderings are made by this program, so all of them can be read.
    written.ok_or(BookError::Unavailable("a rendering cannot be read"))
}

/// The form of the renderings that an object of this much is written from.
fn form_of(show: Show) -> Form {
    if show == Show::Names { Form::Short } else { Form::Long }
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

    /// The lines of the next numbers, and where those after them begin.
    async fn piece(&self, from: usize) -> Result<(Bytes, usize), Failure> {
        let turn = self.state.long_read().await?;
        // Waits while the store is being opened again: what is not in memory comes from it.
        self.state.book.snapshot().await?;
        let (numbers, state) = (Arc::clone(&self.numbers), Arc::clone(&self.state));
        let (region, show) = (self.region, self.show);
        offload(move || {
            let _turn = turn;
            Ok(write_piece(&state, &numbers, from, region, show)?)
        })
        .await
    }
}

fn write_piece(
    state: &State,
    numbers: &Numbers,
    from: usize,
    region: Region,
    show: Show,
) -> Result<(Bytes, usize), BookError> {
    let mut out = Vec::with_capacity(LOOKUP_PIECE_BYTES / 2);
    let mut found = Renderings::default();
    let end = numbers.len().min(from + LOOKUP_PIECE_NUMBERS_MAX);
    let mut next = from;
    while next < end && out.len() < LOOKUP_PIECE_BYTES {
        if (next - from).is_multiple_of(PREFETCH_MAX) {
            prefetch(&state.book, numbers, next..end.min(next + PREFETCH_MAX), form_of(show));
        }
        write_one(state, numbers.get(next), region, show, &mut found, &mut out)?;
        out.push(b'\n');
        next += 1;
    }
    Ok((Bytes::from(out), next))
}

/// Prefetches the memory that look-ups of these numbers will read, as far as they are in E.164.
fn prefetch(book: &AddressBook, numbers: &Numbers, range: Range<usize>, form: Form) {
    let read: Vec<E164> = range.filter_map(|at| E164::parse(numbers.get(at))).collect();
    book.prefetch(&read, form);
}
