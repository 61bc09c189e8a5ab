//! Organisations: one at a time, and pages of them.

use super::contacts::{divisions, page, sort};
use crate::api::context::{Act, Ask};
use crate::handlers::expand::{self, Expand};
use crate::message::answer::Answer;
use crate::routes::{Acting, Outcome};
use carnet_book::{BookError, OrganizationSearch, Snapshot, Thing};
use carnet_model::{Invalid, Organization};
use carnet_wire::listing::Listing;
use carnet_wire::organization::{self, ExternalOrganization};
use carnet_wire::{patch, query};

/// `POST /organizations`.
pub(crate) fn add(act: Act) -> Acting {
    Box::pin(async move {
        let organization = organization::read(&act.ask.json()?, &act.ask.rules).into_result()?;
        let organization = act.book.add_organization(&act.who, organization).await?;
        Ok(Answer::json(&ExternalOrganization::new(&organization)))
    })
}

/// `GET /organizations/{externalOrganizationId}`.
pub(crate) fn read(ask: &Ask, snapshot: &Snapshot) -> Outcome {
    let parameters = ask.parameters()?;
    let mut invalid = Invalid::default();
    Expand::read(&parameters, expand::ORGANIZATION, &mut invalid);
    query::boolean(INCLUDE_TRUSTORS, parameters.first(INCLUDE_TRUSTORS), &mut invalid);
    if !invalid.is_empty() {
        return Err(invalid.into());
    }
    let id = ask.id(0, Thing::Organization)?;
    let organization = snapshot.organization(id)?;
    let organization = organization.ok_or(BookError::NotFound(Thing::Organization))?;
    Ok(Answer::json(&ExternalOrganization::new(&organization)))
}

/// `PUT /organizations/{externalOrganizationId}`: what the body does not have is gone.
pub(crate) fn replace(act: Act) -> Acting {
    Box::pin(async move {
        let id = act.ask.id(0, Thing::Organization)?;
        let organization = organization::read(&act.ask.json()?, &act.ask.rules).into_result()?;
        let organization = act.book.replace_organization(&act.who, id, organization).await?;
        Ok(Answer::json(&ExternalOrganization::new(&organization)))
    })
}

/// `PATCH /organizations/{externalOrganizationId}`.
pub(crate) fn patch(act: Act) -> Acting {
    Box::pin(async move {
        let id = act.ask.id(0, Thing::Organization)?;
        let patch = patch::read(&act.ask.json()?).into_result()?;
        let rules = act.ask.rules;
        let edit = move |old: &Organization| {
            patch::apply_organization(old, &patch, &rules).map_err(super::edit_error)
        };
        let organization = act.book.edit_organization(&act.who, id, edit).await?;
        Ok(Answer::json(&ExternalOrganization::new(&organization)))
    })
}

/// `DELETE /organizations/{externalOrganizationId}`: its contacts stay, without it.
pub(crate) fn remove(act: Act) -> Acting {
    Box::pin(async move {
        let id = act.ask.id(0, Thing::Organization)?;
        act.book.remove_organization(&act.who, id).await?;
        Ok(Answer::empty_object())
    })
}

const INCLUDE_TRUSTORS: &str = "includeTrustors";

/// `GET /organizations`.
pub(crate) fn list(ask: &Ask, snapshot: &Snapshot) -> Outcome {
    let parameters = ask.parameters()?;
    let mut invalid = Invalid::default();
    let page = page(&parameters, &mut invalid);
    let divisions = divisions(&parameters, &mut invalid);
    let sort = sort(&parameters, query::ORGANIZATION_ORDERS, &mut invalid);
    Expand::read(&parameters, expand::ORGANIZATION, &mut invalid);
    query::boolean(INCLUDE_TRUSTORS, parameters.first(INCLUDE_TRUSTORS), &mut invalid);
    if !invalid.is_empty() {
        return Err(invalid.into());
    }
    let query = ask.parts.uri.query();
    // Trustors win over the text. No organisation in carnet has one, so none is found by one.
    if !query::list(parameters.all("trustorId")).is_empty() {
        let none = Vec::<ExternalOrganization<'_>>::new();
        return Ok(Answer::json(&Listing::new(none, page, 0, ask.path(), query)));
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
        ask.path(),
        query,
    )))
}
