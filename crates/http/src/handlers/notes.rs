//! Notes of contacts and of organisations: the same functions, told which of the two by the path.

use crate::api::context::RequestContext;
use crate::api::route::{HandlerFuture, HandlerResult};
use crate::handlers::editing::{Condition, edit_error};
use crate::handlers::expand::{self, Expand};
use crate::handlers::listing::{page, sort};
use crate::message::answer::Answer;
use crate::message::error::Failure;
use carnet_book::{BookError, EntityKind, Principal, Snapshot};
use carnet_model::{Account, Direction, Invalid, Note as ModelNote, Subject};
use carnet_wire::listing::Listing;
use carnet_wire::note::{self, Note};
use carnet_wire::{patch, query};

/// Whose note it is, from the path.
type Whose = fn(&RequestContext) -> Result<Subject, Failure>;

fn contact(context: &RequestContext) -> Result<Subject, Failure> {
    context.id(0, EntityKind::Contact).map(Subject::Contact)
}

fn organization(context: &RequestContext) -> Result<Subject, Failure> {
    context.id(0, EntityKind::Organization).map(Subject::Organization)
}

/// `GET /contacts/{contactId}/notes`.
pub(crate) fn list_of_contact(context: &RequestContext, snapshot: &Snapshot) -> HandlerResult {
    list(context, snapshot, contact)
}

/// `GET /organizations/{externalOrganizationId}/notes`.
pub(crate) fn list_of_organization(context: &RequestContext, snapshot: &Snapshot) -> HandlerResult {
    list(context, snapshot, organization)
}

/// `POST /contacts/{contactId}/notes`.
pub(crate) fn add_to_contact(context: RequestContext) -> HandlerFuture {
    add(context, contact)
}

/// `POST /organizations/{externalOrganizationId}/notes`.
pub(crate) fn add_to_organization(context: RequestContext) -> HandlerFuture {
    add(context, organization)
}

/// `GET /contacts/{contactId}/notes/{noteId}`.
pub(crate) fn read_of_contact(context: &RequestContext, snapshot: &Snapshot) -> HandlerResult {
    read(context, snapshot, contact)
}

/// `GET /organizations/{externalOrganizationId}/notes/{noteId}`.
pub(crate) fn read_of_organization(context: &RequestContext, snapshot: &Snapshot) -> HandlerResult {
    read(context, snapshot, organization)
}

/// `PUT /contacts/{contactId}/notes/{noteId}`.
pub(crate) fn replace_of_contact(context: RequestContext) -> HandlerFuture {
    replace(context, contact)
}

/// `PUT /organizations/{externalOrganizationId}/notes/{noteId}`.
pub(crate) fn replace_of_organization(context: RequestContext) -> HandlerFuture {
    replace(context, organization)
}

/// `PATCH /contacts/{contactId}/notes/{noteId}`.
pub(crate) fn patch_of_contact(context: RequestContext) -> HandlerFuture {
    patch(context, contact)
}

/// `PATCH /organizations/{externalOrganizationId}/notes/{noteId}`.
pub(crate) fn patch_of_organization(context: RequestContext) -> HandlerFuture {
    patch(context, organization)
}

/// `DELETE /contacts/{contactId}/notes/{noteId}`.
pub(crate) fn remove_of_contact(context: RequestContext) -> HandlerFuture {
    remove(context, contact)
}

/// `DELETE /organizations/{externalOrganizationId}/notes/{noteId}`.
pub(crate) fn remove_of_organization(context: RequestContext) -> HandlerFuture {
    remove(context, organization)
}

fn list(context: &RequestContext, snapshot: &Snapshot, whose: Whose) -> HandlerResult {
    let parameters = context.parameters()?;
    let mut invalid = Invalid::default();
    let page = page(&parameters, &mut invalid);
    let orders = sort(&parameters, query::NOTE_ORDERS, &mut invalid);
    Expand::read(&parameters, expand::NOTE, &mut invalid);
    if !invalid.is_empty() {
        return Err(invalid.into());
    }
    let subject = whose(context)?;
    let mut notes = snapshot.notes(subject)?.ok_or(BookError::NotFound(match subject {
        Subject::Contact(_) => EntityKind::Contact,
        Subject::Organization(_) => EntityKind::Organization,
    }))?;
    // They come oldest first, and there is no other field to order them by.
    if orders.first().is_some_and(|order| order.direction == Direction::Descending) {
        notes.reverse();
    }
    let entities = notes.iter().skip(page.offset()).take(page.limit()).map(Note::new);
    let query = context.query();
    Ok(Answer::json(&Listing::new(entities.collect(), page, notes.len(), context.path(), query)))
}

/// Whether the body may say who wrote a note: a program writes for others, a person in their own name
/// only.
fn names_author(context: &RequestContext) -> bool {
    matches!(context.principal.account, Account::Client(_))
}

fn add(context: RequestContext, whose: Whose) -> HandlerFuture {
    Box::pin(async move {
        let subject = whose(&context)?;
        let body = note::read(&context.json()?, &context.principal.author).into_result()?;
        let Principal { author, .. } = &*context.principal;
        let author = if names_author(&context) { body.author } else { author.clone() };
        let note = context.book().add_note(&context.principal, subject, body.text, author).await?;
        Ok(Answer::record(&Note::new(&note)))
    })
}

fn read(context: &RequestContext, snapshot: &Snapshot, whose: Whose) -> HandlerResult {
    Expand::alone(&context.parameters()?, expand::NOTE)?;
    let subject = whose(context)?;
    let note = snapshot.note(subject, context.id(1, EntityKind::Note)?)?;
    let note = note.ok_or(BookError::NotFound(EntityKind::Note))?;
    Ok(Answer::record(&Note::new(&note)))
}

fn replace(context: RequestContext, whose: Whose) -> HandlerFuture {
    Box::pin(async move {
        let subject = whose(&context)?;
        let id = context.id(1, EntityKind::Note)?;
        let body = note::read(&context.json()?, "").into_result()?;
        // Without an author in the body the old one stays.
        let author =
            Some(body.author).filter(|author| !author.is_empty() && names_author(&context));
        let condition = Condition::of(&context)?;
        let replace = move |old: &ModelNote| {
            condition.check(|| Note::new(old))?;
            let author = author.unwrap_or_else(|| old.author.clone());
            Ok(ModelNote { text: body.text, author, ..old.clone() })
        };
        let note = context.book().edit_note(&context.principal, subject, id, replace).await?;
        Ok(Answer::record(&Note::new(&note)))
    })
}

fn patch(context: RequestContext, whose: Whose) -> HandlerFuture {
    Box::pin(async move {
        let subject = whose(&context)?;
        let id = context.id(1, EntityKind::Note)?;
        let patch = patch::read(&context.json()?).into_result()?;
        let condition = Condition::of(&context)?;
        let names_author = names_author(&context);
        let edit = move |old: &ModelNote| {
            condition.check(|| Note::new(old))?;
            let mut new = patch::apply_note(old, &patch).map_err(edit_error)?;
            if !names_author {
                new.author.clone_from(&old.author);
            }
            Ok(new)
        };
        let note = context.book().edit_note(&context.principal, subject, id, edit).await?;
        Ok(Answer::record(&Note::new(&note)))
    })
}

fn remove(context: RequestContext, whose: Whose) -> HandlerFuture {
    Box::pin(async move {
        let subject = whose(&context)?;
        let id = context.id(1, EntityKind::Note)?;
        let condition = Condition::of(&context)?;
        let check = move |old: &ModelNote| condition.check(|| Note::new(old));
        context.book().remove_note_if(&context.principal, subject, id, check).await?;
        Ok(Answer::empty_object())
    })
}
