//! Bulk requests: up to a thousand contacts in one request and one transaction. One that is
//! refused leaves the others be; the answer has one result each, in the request's order.

use crate::api::context::RequestContext;
use crate::api::offload::offload;
use crate::api::route::{HandlerFuture, HandlerResult};
use crate::handlers::contacts::read_contact;
use crate::handlers::expand::{Expand, Shown};
use crate::message::answer::Answer;
use crate::message::error::Failure;
use carnet_book::{BookError, EntityKind, Snapshot};
use carnet_model::{Contact, Uuid};
use carnet_wire::Rules;
use carnet_wire::bulk::{self, BulkError, BulkRefusal, BulkResponse, BulkResult};
use carnet_wire::contact::{ExternalContact, Linked};
use serde_json::Value;
use std::sync::Arc;

const DONE: u16 = 200;

/// `POST /bulk/contacts`: contacts by their ids.
pub(crate) fn fetch(context: &RequestContext, snapshot: &Snapshot) -> HandlerResult {
    let body = context.json()?;
    let asked = bulk::read_ids(&body).map_err(refused)?.ids;
    let mut found = Vec::with_capacity(asked.len());
    for id in asked {
        found.push(match id {
            Ok(id) => match snapshot.contact(id)? {
                Some(contact) => Ok(contact),
                None => Err((Some(id), BookError::NotFound(EntityKind::Contact).into())),
            },
            Err(invalid) => Err((None, Failure::from(invalid))),
        });
    }
    let contacts = found.iter().filter_map(|found| found.as_ref().ok());
    let shown = Shown::new(Expand::default(), contacts, snapshot)?;
    let results = found.iter().zip(sent(&body)).map(|(found, sent)| match found {
        Ok(contact) => BulkResult::done(contact.id, DONE, Some(shown.contact(contact))),
        Err((id, failure)) => failed(*id, failure, sent),
    });
    Ok(Answer::json(&BulkResponse::new(results.collect())))
}

/// `POST /bulk/contacts/add`.
pub(crate) fn add(context: RequestContext) -> HandlerFuture {
    Box::pin(async move {
        let read = |entity: &Value, rules: &Rules, snapshot: &Snapshot| Entity {
            id: None,
            read: read_contact(entity, rules, snapshot),
        };
        let (book, principal) = (context.book().clone(), Arc::clone(&context.principal));
        let add = async |contacts| book.add_contacts(&principal, contacts).await;
        write_contacts(context, read, add).await
    })
}

/// `POST /bulk/contacts/update`: each takes the place of the one with its id.
pub(crate) fn update(context: RequestContext) -> HandlerFuture {
    Box::pin(async move {
        let (book, principal) = (context.book().clone(), Arc::clone(&context.principal));
        let replace = async |contacts| book.replace_contacts(&principal, contacts).await;
        write_contacts(context, read_update, replace).await
    })
}

/// A contact that replaces another, with every fault of both its id and its fields.
fn read_update(entity: &Value, rules: &Rules, snapshot: &Snapshot) -> Entity<(Uuid, Contact)> {
    let contact = read_contact(entity, rules, snapshot);
    match bulk::read_id(entity) {
        Ok(id) => Entity { id: Some(id), read: contact.map(|contact| (id, contact)) },
        Err(mut invalid) => {
            if let Err(failure) = contact {
                // Both readers report an entity that is no object; one fault is kept.
                for fault in &failure.invalid().faults {
                    if !invalid.faults.contains(fault) {
                        invalid.faults.push(fault.clone());
                    }
                }
            }
            Entity { id: None, read: Err(invalid.into()) }
        }
    }
}

/// Reads the contacts of a request and has the book write those that could be read.
async fn write_contacts<T: Send + 'static>(
    context: RequestContext,
    read: impl Fn(&Value, &Rules, &Snapshot) -> Entity<T> + Send + 'static,
    write: impl AsyncFnOnce(Vec<T>) -> Written<Arc<Contact>>,
) -> HandlerResult {
    let (body, entities) = read_entities(context, read).await?;
    let outcomes = write_good(entities, write).await?;
    Ok(contacts_answer(&body, outcomes))
}

/// Reads the entities of a request, away from the thread that serves connections.
async fn read_entities<T: Send + 'static>(
    context: RequestContext,
    read: impl Fn(&Value, &Rules, &Snapshot) -> Entity<T> + Send + 'static,
) -> Result<(Value, Vec<Entity<T>>), Failure> {
    let snapshot = context.book().snapshot().await?;
    offload(move || {
        let body = context.json()?;
        let entities = bulk::read_entities(&body).map_err(refused)?.iter();
        let read = entities.map(|entity| read(entity, &context.rules, &snapshot)).collect();
        Ok((body, read))
    })
    .await
}

/// `POST /bulk/contacts/remove`.
pub(crate) fn remove(context: RequestContext) -> HandlerFuture {
    Box::pin(async move {
        let body = context.json()?;
        let asked = bulk::read_ids(&body).map_err(refused)?.ids;
        let read = asked
            .into_iter()
            .map(|id| Entity { id: id.as_ref().ok().copied(), read: id.map_err(Failure::from) });
        let (book, principal) = (context.book().clone(), Arc::clone(&context.principal));
        let remove = async |ids| book.remove_contacts(&principal, ids).await;
        let outcomes = write_good(read.collect(), remove).await?;
        let results = outcomes.iter().zip(sent(&body)).map(|((id, outcome), sent)| {
            match outcome {
                // A removed contact was asked for by its id.
                Ok(()) => BulkResult::<()>::done(id.unwrap_or_default(), DONE, None),
                Err(failure) => failed(*id, failure, sent),
            }
        });
        Ok(Answer::json(&BulkResponse::new(results.collect())))
    })
}

/// One entity of a request as far as it was read: what goes to the book, or why not.
struct Entity<T> {
    id: Option<Uuid>,
    read: Result<T, Failure>,
}

/// The id of an entity, and its failure before the book was asked; `None` when the book decides.
type Slot = (Option<Uuid>, Option<Failure>);

/// The id of an entity, where it is known, and its outcome.
type Done<T> = (Option<Uuid>, Result<T, Failure>);

/// The outcomes that the book gives, one for each entity that it was given.
type Written<T> = Result<Vec<Result<T, BookError>>, BookError>;

/// Has the book write what could be read; it is not asked when nothing could.
async fn write_good<T, R>(
    entities: Vec<Entity<T>>,
    write: impl AsyncFnOnce(Vec<T>) -> Written<R>,
) -> Result<Vec<Done<R>>, Failure> {
    let (good, slots) = split(entities);
    let done = match good.is_empty() {
        true => Vec::new(),
        false => write(good).await?,
    };
    Ok(join(slots, done))
}

/// Takes apart what the book is asked for and what need not be asked.
fn split<T>(entities: Vec<Entity<T>>) -> (Vec<T>, Vec<Slot>) {
    let mut good = Vec::with_capacity(entities.len());
    let slots = entities.into_iter().map(|Entity { id, read }| match read {
        Ok(value) => {
            good.push(value);
            (id, None)
        }
        Err(failure) => (id, Some(failure)),
    });
    let slots = slots.collect();
    (good, slots)
}

/// Puts the book's outcomes back between those that it was not asked for.
fn join<T>(slots: Vec<Slot>, done: Vec<Result<T, BookError>>) -> Vec<Done<T>> {
    let mut done = done.into_iter();
    let slots = slots.into_iter().map(|(id, failure)| match failure {
        Some(failure) => (id, Err(failure)),
        None => match done.next() {
            Some(outcome) => (id, outcome.map_err(Failure::from)),
            None => (id, Err(lost())),
        },
    });
    slots.collect()
}

fn lost() -> Failure {
    Failure::internal("the book gave fewer outcomes than it was given entities")
}

/// The answer of an operation that leaves contacts.
fn contacts_answer(body: &Value, outcomes: Vec<Done<Arc<Contact>>>) -> Answer {
    let results = outcomes.iter().zip(sent(body)).map(|((id, outcome), sent)| match outcome {
        Ok(contact) => {
            let shown = ExternalContact::new(contact, &Linked::default());
            BulkResult::done(contact.id, DONE, Some(shown))
        }
        Err(failure) => failed(*id, failure, sent),
    });
    Answer::json(&BulkResponse::new(results.collect()))
}

fn failed<'a, T>(id: Option<Uuid>, failure: &'a Failure, sent: &'a Value) -> BulkResult<'a, T> {
    failure.log("bulk");
    let (code, message) = (failure.code(), failure.message());
    let status = failure.status().as_u16();
    let error = BulkError::new(code, message, status, failure.invalid(), Some(sent));
    BulkResult::failed(id, error)
}

/// The entities as they were sent, once they are known to be a list.
fn sent(body: &Value) -> &[Value] {
    body.get("entities").and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn refused(refusal: BulkRefusal) -> Failure {
    match refusal {
        BulkRefusal::TooLarge { max } => Failure::bulk_too_large(max),
        BulkRefusal::Invalid(invalid) => invalid.into(),
    }
}
