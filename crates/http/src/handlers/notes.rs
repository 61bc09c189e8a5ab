//! Notes of contacts and of organisations: the same functions, told which of the two by the path.

use super::contacts::{page, sort};
use crate::api::context::{Act, Ask};
use crate::handlers::expand::{self, Expand};
use crate::message::answer::Answer;
use crate::message::error::Failure;
use crate::routes::{Acting, Outcome};
use carnet_book::{BookError, Snapshot, Thing};
use carnet_model::{Direction, Invalid, Note as ModelNote, Subject};
use carnet_wire::listing::Listing;
use carnet_wire::note::{self, Note};
use carnet_wire::{patch, query};

/// Whose note it is, from the path.
type Whose = fn(&Ask) -> Result<Subject, Failure>;

fn contact(ask: &Ask) -> Result<Subject, Failure> {
    ask.id(0, Thing::Contact).map(Subject::Contact)
}

fn organization(ask: &Ask) -> Result<Subject, Failure> {
    ask.id(0, Thing::Organization).map(Subject::Organization)
}

/// `GET /contacts/{contactId}/notes`.
pub(crate) fn list_of_contact(ask: &Ask, snapshot: &Snapshot) -> Outcome {
    list(ask, snapshot, contact)
}

/// `GET /organizations/{externalOrganizationId}/notes`.
pub(crate) fn list_of_organization(ask: &Ask, snapshot: &Snapshot) -> Outcome {
    list(ask, snapshot, organization)
}

/// `POST /contacts/{contactId}/notes`.
pub(crate) fn add_to_contact(act: Act) -> Acting {
    add(act, contact)
}

/// `POST /organizations/{externalOrganizationId}/notes`.
pub(crate) fn add_to_organization(act: Act) -> Acting {
    add(act, organization)
}

/// `GET /contacts/{contactId}/notes/{noteId}`.
pub(crate) fn read_of_contact(ask: &Ask, snapshot: &Snapshot) -> Outcome {
    read(ask, snapshot, contact)
}

/// `GET /organizations/{externalOrganizationId}/notes/{noteId}`.
pub(crate) fn read_of_organization(ask: &Ask, snapshot: &Snapshot) -> Outcome {
    read(ask, snapshot, organization)
}

/// `PUT /contacts/{contactId}/notes/{noteId}`.
pub(crate) fn replace_of_contact(act: Act) -> Acting {
    replace(act, contact)
}

/// `PUT /organizations/{externalOrganizationId}/notes/{noteId}`.
pub(crate) fn replace_of_organization(act: Act) -> Acting {
    replace(act, organization)
}

/// `PATCH /contacts/{contactId}/notes/{noteId}`.
pub(crate) fn patch_of_contact(act: Act) -> Acting {
    patch(act, contact)
}

/// `PATCH /organizations/{externalOrganizationId}/notes/{noteId}`.
pub(crate) fn patch_of_organization(act: Act) -> Acting {
    patch(act, organization)
}

/// `DELETE /contacts/{contactId}/notes/{noteId}`.
pub(crate) fn remove_of_contact(act: Act) -> Acting {
    remove(act, contact)
}

/// `DELETE /organizations/{externalOrganizationId}/notes/{noteId}`.
pub(crate) fn remove_of_organization(act: Act) -> Acting {
    remove(act, organization)
}

fn list(ask: &Ask, snapshot: &Snapshot, whose: Whose) -> Outcome {
    let parameters = ask.parameters()?;
    let mut invalid = Invalid::default();
    let page = page(&parameters, &mut invalid);
    let orders = sort(&parameters, query::NOTE_ORDERS, &mut invalid);
    Expand::read(&parameters, expand::NOTE, &mut invalid);
    if !invalid.is_empty() {
        return Err(invalid.into());
    }
    let subject = whose(ask)?;
    let mut notes = snapshot.notes(subject)?.ok_or(BookError::NotFound(match subject {
        Subject::Contact(_) => Thing::Contact,
        Subject::Organization(_) => Thing::Organization,
    }))?;
    // They come oldest first, and there is no other field to order them by.
    if orders.first().is_some_and(|order| order.direction == Direction::Descending) {
        notes.reverse();
    }
    let entities = notes.iter().skip(page.offset()).take(page.limit()).map(Note::new);
    let query = ask.parts.uri.query();
    Ok(Answer::json(&Listing::new(entities.collect(), page, notes.len(), ask.path(), query)))
}

fn add(act: Act, whose: Whose) -> Acting {
    Box::pin(async move {
        let subject = whose(&act.ask)?;
        let body = note::read(&act.ask.json()?, &act.who.client).into_result()?;
        let note = act.book.add_note(&act.who, subject, body.text, body.author).await?;
        Ok(Answer::json(&Note::new(&note)))
    })
}

fn read(ask: &Ask, snapshot: &Snapshot, whose: Whose) -> Outcome {
    Expand::alone(&ask.parameters()?, expand::NOTE)?;
    let subject = whose(ask)?;
    let note = snapshot.note(subject, ask.id(1, Thing::Note)?)?;
    let note = note.ok_or(BookError::NotFound(Thing::Note))?;
    Ok(Answer::json(&Note::new(&note)))
}

fn replace(act: Act, whose: Whose) -> Acting {
    Box::pin(async move {
        let subject = whose(&act.ask)?;
        let id = act.ask.id(1, Thing::Note)?;
        let body = note::read(&act.ask.json()?, "").into_result()?;
        // Whoever does not say who wrote it does not take the note over.
        let author = Some(body.author).filter(|author| !author.is_empty());
        let note = act.book.replace_note(&act.who, subject, id, body.text, author).await?;
        Ok(Answer::json(&Note::new(&note)))
    })
}

fn patch(act: Act, whose: Whose) -> Acting {
    Box::pin(async move {
        let subject = whose(&act.ask)?;
        let id = act.ask.id(1, Thing::Note)?;
        let patch = patch::read(&act.ask.json()?).into_result()?;
        let edit = move |old: &ModelNote| patch::apply_note(old, &patch).map_err(super::edit_error);
        let note = act.book.edit_note(&act.who, subject, id, edit).await?;
        Ok(Answer::json(&Note::new(&note)))
    })
}

fn remove(act: Act, whose: Whose) -> Acting {
    Box::pin(async move {
        let subject = whose(&act.ask)?;
        let id = act.ask.id(1, Thing::Note)?;
        act.book.remove_note(&act.who, subject, id).await?;
        Ok(Answer::empty_object())
    })
}
