//! Organisations: one at a time, and pages of them.

use crate::api::context::RequestContext;
use crate::api::route::{HandlerFuture, HandlerResult};
use crate::handlers::contacts::add_faults_of_fields;
use crate::handlers::editing::{Condition, edit_error};
use crate::handlers::expand::{self, Expand};
use crate::handlers::listing::{divisions, page, sort};
use crate::message::answer::Answer;
use crate::message::error::Failure;
use carnet_book::{BookError, EntityKind, OrganizationSearch, Snapshot};
use carnet_model::{Invalid, Organization, SchemaKind};
use carnet_wire::listing::Listing;
use carnet_wire::organization::{self, ExternalOrganization};
use carnet_wire::{Rules, patch, query};
use serde_json::Value;

/// `POST /organizations`.
pub(crate) fn add(context: RequestContext) -> HandlerFuture {
    Box::pin(async move {
        let snapshot = context.book().snapshot().await?;
        let organization = read_organization(&context.json()?, &context.rules, &snapshot)?;
        let organization =
            context.book().add_organization(&context.principal, organization).await?;
        Ok(Answer::record(&ExternalOrganization::new(&organization)))
    })
}

/// `GET /organizations/{externalOrganizationId}`.
pub(crate) fn read(context: &RequestContext, snapshot: &Snapshot) -> HandlerResult {
    let parameters = context.parameters()?;
    let mut invalid = Invalid::default();
    Expand::read(&parameters, expand::ORGANIZATION, &mut invalid);
    query::boolean(INCLUDE_TRUSTORS, parameters.first(INCLUDE_TRUSTORS), &mut invalid);
    if !invalid.is_empty() {
        return Err(invalid.into());
    }
    let id = context.id(0, EntityKind::Organization)?;
    let organization = snapshot.organization(id)?;
    let organization = organization.ok_or(BookError::NotFound(EntityKind::Organization))?;
    Ok(Answer::record(&ExternalOrganization::new(&organization)))
}

/// `PUT /organizations/{externalOrganizationId}`: what the body does not have is gone.
pub(crate) fn replace(context: RequestContext) -> HandlerFuture {
    Box::pin(async move {
        let id = context.id(0, EntityKind::Organization)?;
        let snapshot = context.book().snapshot().await?;
        let organization = read_organization(&context.json()?, &context.rules, &snapshot)?;
        let condition = Condition::of(&context)?;
        let replace = move |old: &Organization| {
            condition.check(|| ExternalOrganization::new(old)).map(|()| organization)
        };
        let organization =
            context.book().edit_organization(&context.principal, id, replace).await?;
        Ok(Answer::record(&ExternalOrganization::new(&organization)))
    })
}

/// `PATCH /organizations/{externalOrganizationId}`.
pub(crate) fn patch(context: RequestContext) -> HandlerFuture {
    Box::pin(async move {
        let id = context.id(0, EntityKind::Organization)?;
        let patch = patch::read(&context.json()?).into_result()?;
        let (rules, condition) = (context.rules, Condition::of(&context)?);
        let edit = move |old: &Organization| {
            condition.check(|| ExternalOrganization::new(old))?;
            patch::apply_organization(old, &patch, &rules).map_err(edit_error)
        };
        let organization = context.book().edit_organization(&context.principal, id, edit).await?;
        Ok(Answer::record(&ExternalOrganization::new(&organization)))
    })
}

/// `DELETE /organizations/{externalOrganizationId}`: its contacts stay, without it.
pub(crate) fn remove(context: RequestContext) -> HandlerFuture {
    Box::pin(async move {
        let id = context.id(0, EntityKind::Organization)?;
        let condition = Condition::of(&context)?;
        let check = move |old: &Organization| condition.check(|| ExternalOrganization::new(old));
        context.book().remove_organization_if(&context.principal, id, check).await?;
        Ok(Answer::empty_object())
    })
}

/// An organisation from a body, with every fault at once: those of its fields, and those of its custom
/// fields.
fn read_organization(
    body: &Value,
    rules: &Rules,
    snapshot: &Snapshot,
) -> Result<Organization, Failure> {
    let mut checked = organization::read(body, rules);
    if !checked.invalid.is_empty() {
        let (named, fields) = (checked.value.schema, checked.value.custom_fields.as_ref());
        let kind = SchemaKind::Organization;
        add_faults_of_fields(kind, named, fields, snapshot, &mut checked.invalid)?;
    }
    Ok(checked.into_result()?)
}

const INCLUDE_TRUSTORS: &str = "includeTrustors";

/// `GET /organizations`.
pub(crate) fn list(context: &RequestContext, snapshot: &Snapshot) -> HandlerResult {
    let parameters = context.parameters()?;
    let mut invalid = Invalid::default();
    let page = page(&parameters, &mut invalid);
    let divisions = divisions(&parameters, &mut invalid);
    let sort = sort(&parameters, query::ORGANIZATION_ORDERS, &mut invalid);
    Expand::read(&parameters, expand::ORGANIZATION, &mut invalid);
    query::boolean(INCLUDE_TRUSTORS, parameters.first(INCLUDE_TRUSTORS), &mut invalid);
    if !invalid.is_empty() {
        return Err(invalid.into());
    }
    let query = context.query();
    // Trustors win over the text. No organisation in carnet has one, so none is found by one.
    if !query::list(parameters.all("trustorId")).is_empty() {
        let none = Vec::<ExternalOrganization<'_>>::new();
        return Ok(Answer::json(&Listing::new(none, page, 0, context.path(), query)));
    }
    let found = snapshot.search_organizations(&OrganizationSearch {
        text: parameters.first("q"),
        divisions: &divisions,
        sort: &sort,
        page,
    })?;
    let entities = found.entries.iter().map(ExternalOrganization::new).collect();
    Ok(Answer::json(&Listing::<ExternalOrganization<'_>>::new(
        entities,
        page,
        found.total,
        context.path(),
        query,
    )))
}
