//! Contacts: one at a time, and pages of them.

use crate::api::context::RequestContext;
use crate::api::route::{HandlerFuture, HandlerResult};
use crate::handlers::editing::{Condition, edit_error};
use crate::handlers::expand::{self, Expand, Shown};
use crate::handlers::listing::{divisions, named, page, sort};
use crate::message::answer::Answer;
use crate::message::error::Failure;
use carnet_book::{BookError, ContactSearch, EntityKind, Snapshot};
use carnet_model::{
    Contact, CustomFields, Invalid, InvalidFields, InvalidReference, Page, SchemaKind, SchemaRef,
    Sort, Uuid,
};
use carnet_wire::contact::{self, ExternalContact, Linked};
use carnet_wire::error::{invalid_fields, invalid_reference};
use carnet_wire::listing::Listing;
use carnet_wire::{Rules, patch, query, search as wire_search};
use serde_json::Value;

/// `POST /contacts`.
pub(crate) fn add(context: RequestContext) -> HandlerFuture {
    Box::pin(async move {
        let body = context.json()?;
        let contact = read_contact(&body, &context.rules, &*context.book().snapshot().await?)?;
        let contact = context.book().add_contact(&context.principal, contact).await?;
        Ok(plain(&contact))
    })
}

/// `GET /contacts/{contactId}`.
pub(crate) fn read(context: &RequestContext, snapshot: &Snapshot) -> HandlerResult {
    let expand = Expand::alone(&context.parameters()?, expand::CONTACT)?;
    let id = context.id(0, EntityKind::Contact)?;
    let contact = snapshot.contact(id)?.ok_or(BookError::NotFound(EntityKind::Contact))?;
    if expand == Expand::default() {
        return Ok(plain(&contact));
    }
    // Another form of it, which changes with the organisation, too.
    let shown = Shown::new(expand, [&contact], snapshot)?;
    Ok(Answer::form_of_record(&form(&contact), &shown.contact(&contact)))
}

/// `PUT /contacts/{contactId}`: what the body does not have is gone.
pub(crate) fn replace(context: RequestContext) -> HandlerFuture {
    Box::pin(async move {
        let id = context.id(0, EntityKind::Contact)?;
        let body = context.json()?;
        let contact = read_contact(&body, &context.rules, &*context.book().snapshot().await?)?;
        let condition = Condition::of(&context)?;
        let replace = move |old: &Contact| condition.check(|| form(old)).map(|()| contact);
        let contact = context.book().edit_contact(&context.principal, id, replace).await?;
        Ok(plain(&contact))
    })
}

/// `PATCH /contacts/{contactId}`: changes of single fields, applied to the newest state.
pub(crate) fn patch(context: RequestContext) -> HandlerFuture {
    Box::pin(async move {
        let id = context.id(0, EntityKind::Contact)?;
        let patch = patch::read(&context.json()?).into_result()?;
        let (rules, condition) = (context.rules, Condition::of(&context)?);
        let edit = move |old: &Contact| {
            condition.check(|| form(old))?;
            patch::apply_contact(old, &patch, &rules).map_err(edit_error)
        };
        let contact = context.book().edit_contact(&context.principal, id, edit).await?;
        Ok(plain(&contact))
    })
}

/// `DELETE /contacts/{contactId}`.
pub(crate) fn remove(context: RequestContext) -> HandlerFuture {
    Box::pin(async move {
        let id = context.id(0, EntityKind::Contact)?;
        let condition = Condition::of(&context)?;
        let check = move |old: &Contact| condition.check(|| form(old));
        context.book().remove_contact_if(&context.principal, id, check).await?;
        Ok(Answer::empty_object())
    })
}

/// `GET /contacts`.
pub(crate) fn list(context: &RequestContext, snapshot: &Snapshot) -> HandlerResult {
    list_within(context, snapshot, None)
}

/// `GET /organizations/{externalOrganizationId}/contacts`.
pub(crate) fn list_of_organization(context: &RequestContext, snapshot: &Snapshot) -> HandlerResult {
    let id = context.id(0, EntityKind::Organization)?;
    list_within(context, snapshot, Some(id))
}

fn list_within(
    context: &RequestContext,
    snapshot: &Snapshot,
    organization: Option<Uuid>,
) -> HandlerResult {
    let parameters = context.parameters()?;
    let mut invalid = Invalid::default();
    let wanted = Wanted {
        page: page(&parameters, &mut invalid),
        text: parameters.first("q").map(str::to_owned),
        divisions: divisions(&parameters, &mut invalid),
        sort: sort(&parameters, query::CONTACT_ORDERS, &mut invalid),
        expand: Expand::read(&parameters, expand::CONTACT, &mut invalid),
        ids: None,
        organization,
    };
    if !invalid.is_empty() {
        return Err(invalid.into());
    }
    wanted.answer(context, snapshot)
}

/// `POST /contacts/search`. The links of its answer name the page in the address; the vendor's API has
/// no such parameters, and a link is followed with the body that it was an answer to.
pub(crate) fn search(context: &RequestContext, snapshot: &Snapshot) -> HandlerResult {
    let parameters = context.parameters()?;
    let mut invalid = Invalid::default();
    let mut integer = |name| query::integer(name, parameters.first(name), &mut invalid);
    let (number, size) = (integer("pageNumber"), integer("pageSize"));
    let mut checked = wire_search::read_at(&context.json()?, number, size);
    checked.invalid.faults.append(&mut invalid.faults);
    let asked = &checked.value.expand;
    let asked = asked.iter().map(String::as_str);
    let expand = Expand::of(asked, expand::CONTACT, &mut checked.invalid);
    let request = checked.into_result()?;
    let wanted = Wanted {
        page: request.page,
        text: request.query,
        divisions: named(request.divisions),
        sort: request.sort,
        expand,
        ids: request.ids,
        organization: None,
    };
    wanted.answer(context, snapshot)
}

/// A page of contacts, however it was asked for.
struct Wanted {
    page: Page,
    text: Option<String>,
    divisions: Vec<String>,
    sort: Vec<Sort>,
    expand: Expand,
    /// Only these; `None` for all.
    ids: Option<Vec<Uuid>>,
    organization: Option<Uuid>,
}

impl Wanted {
    fn answer(&self, context: &RequestContext, snapshot: &Snapshot) -> HandlerResult {
        let found = snapshot.search_contacts(&ContactSearch {
            text: self.text.as_deref(),
            divisions: &self.divisions,
            ids: self.ids.as_deref(),
            organization: self.organization,
            sort: &self.sort,
            page: self.page,
        })?;
        let shown = Shown::new(self.expand, &found.entries, snapshot)?;
        let entities = found.entries.iter().map(|contact| shown.contact(contact)).collect();
        let query = context.query();
        Ok(Answer::json(&Listing::new(entities, self.page, found.total, context.path(), query)))
    }
}

/// A contact from a body, with every fault at once: those of its fields, and an organisation
/// that does not exist.
pub(crate) fn read_contact(
    body: &Value,
    rules: &Rules,
    snapshot: &Snapshot,
) -> Result<Contact, Failure> {
    let mut checked = contact::read(body, rules);
    // A contact without other faults meets this check in the writer, on the newest state.
    if !checked.invalid.is_empty() {
        let (named, fields) = (checked.value.schema, checked.value.custom_fields.as_ref());
        add_faults_of_fields(SchemaKind::Contact, named, fields, snapshot, &mut checked.invalid)?;
    }
    if !checked.invalid.is_empty()
        && let Some(id) = checked.value.organization
        && snapshot.organization(id)?.is_none()
    {
        let missing = invalid_reference(InvalidReference::Organization);
        checked.invalid.faults.extend(missing.faults);
    }
    Ok(checked.into_result()?)
}

/// Adds what the schema that a record names says against its custom fields. A record without other
/// faults meets this check in the writer, on the newest state.
pub(crate) fn add_faults_of_fields(
    kind: SchemaKind,
    named: Option<SchemaRef>,
    fields: Option<&CustomFields>,
    snapshot: &Snapshot,
    invalid: &mut Invalid,
) -> Result<(), Failure> {
    let Some(named) = named else { return Ok(()) };
    let of_fields = snapshot.faults_of_fields(kind, named, fields)?;
    if !of_fields.is_empty() {
        let of_fields = invalid_fields(&InvalidFields::Fields(of_fields));
        invalid.faults.extend(of_fields.faults);
    }
    Ok(())
}

/// A contact with nothing expanded.
fn form(contact: &Contact) -> ExternalContact<'_> {
    ExternalContact::new(contact, &Linked::default())
}

fn plain(contact: &Contact) -> Answer {
    Answer::record(&form(contact))
}
