//! Contacts: one at a time, and pages of them.

use crate::api::context::{Act, Ask, Parameters};
use crate::handlers::expand::{self, Expand, Shown};
use crate::message::answer::Answer;
use crate::message::error::Failure;
use crate::routes::{Acting, Outcome};
use carnet_book::{BookError, ContactSearch, Snapshot, Thing};
use carnet_model::{Contact, FaultKind, Invalid, Page, Sort, Uuid};
use carnet_wire::contact::{self, ExternalContact, Linked};
use carnet_wire::listing::Listing;
use carnet_wire::search::DIVISION_IDS_MAX;
use carnet_wire::{Rules, listing, patch, query, search as wire_search};
use serde_json::Value;

/// `POST /contacts`.
pub(crate) fn add(act: Act) -> Acting {
    Box::pin(async move {
        let body = act.ask.json()?;
        let contact = read_contact(&body, &act.ask.rules, &*act.book.snapshot().await?)?;
        let contact = act.book.add_contact(&act.who, contact).await?;
        Ok(plain(&contact))
    })
}

/// `GET /contacts/{contactId}`.
pub(crate) fn read(ask: &Ask, snapshot: &Snapshot) -> Outcome {
    let expand = Expand::alone(&ask.parameters()?, expand::CONTACT)?;
    let id = ask.id(0, Thing::Contact)?;
    let contact = snapshot.contact(id)?.ok_or(BookError::NotFound(Thing::Contact))?;
    let shown = Shown::new(expand, [&contact], snapshot)?;
    Ok(Answer::json(&shown.contact(&contact)))
}

/// `PUT /contacts/{contactId}`: what the body does not have is gone.
pub(crate) fn replace(act: Act) -> Acting {
    Box::pin(async move {
        let id = act.ask.id(0, Thing::Contact)?;
        let body = act.ask.json()?;
        let contact = read_contact(&body, &act.ask.rules, &*act.book.snapshot().await?)?;
        let contact = act.book.replace_contact(&act.who, id, contact).await?;
        Ok(plain(&contact))
    })
}

/// `PATCH /contacts/{contactId}`: changes of single fields, applied to the newest state.
pub(crate) fn patch(act: Act) -> Acting {
    Box::pin(async move {
        let id = act.ask.id(0, Thing::Contact)?;
        let patch = patch::read(&act.ask.json()?).into_result()?;
        let rules = act.ask.rules;
        let edit = move |old: &Contact| {
            patch::apply_contact(old, &patch, &rules).map_err(super::edit_error)
        };
        let contact = act.book.edit_contact(&act.who, id, edit).await?;
        Ok(plain(&contact))
    })
}

/// `DELETE /contacts/{contactId}`.
pub(crate) fn remove(act: Act) -> Acting {
    Box::pin(async move {
        let id = act.ask.id(0, Thing::Contact)?;
        act.book.remove_contact(&act.who, id).await?;
        Ok(Answer::empty_object())
    })
}

/// `GET /contacts`.
pub(crate) fn list(ask: &Ask, snapshot: &Snapshot) -> Outcome {
    list_within(ask, snapshot, None)
}

/// `GET /organizations/{externalOrganizationId}/contacts`.
pub(crate) fn list_of_organization(ask: &Ask, snapshot: &Snapshot) -> Outcome {
    let id = ask.id(0, Thing::Organization)?;
    list_within(ask, snapshot, Some(id))
}

fn list_within(ask: &Ask, snapshot: &Snapshot, organization: Option<Uuid>) -> Outcome {
    let parameters = ask.parameters()?;
    let mut invalid = Invalid::default();
    let wanted = Wanted {
        page: page(&parameters, &mut invalid),
        text: parameters.first("q").map(str::to_owned),
        divisions: divisions(&parameters, &mut invalid),
        sort: sort(&parameters, query::CONTACT_ORDERS, &mut invalid),
        expand: Expand::read(&parameters, expand::CONTACT, &mut invalid),
        ids: Vec::new(),
        organization,
    };
    if !invalid.is_empty() {
        return Err(invalid.into());
    }
    wanted.answer(ask, snapshot)
}

/// `POST /contacts/search`.
pub(crate) fn search(ask: &Ask, snapshot: &Snapshot) -> Outcome {
    let mut checked = wire_search::read(&ask.json()?);
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
    wanted.answer(ask, snapshot)
}

/// A page of contacts, however it was asked for.
struct Wanted {
    page: Page,
    text: Option<String>,
    divisions: Vec<String>,
    sort: Vec<Sort>,
    expand: Expand,
    /// Only these; empty for all.
    ids: Vec<Uuid>,
    organization: Option<Uuid>,
}

impl Wanted {
    fn answer(&self, ask: &Ask, snapshot: &Snapshot) -> Outcome {
        let found = snapshot.search_contacts(&ContactSearch {
            text: self.text.as_deref(),
            divisions: &self.divisions,
            ids: (!self.ids.is_empty()).then_some(&self.ids),
            organization: self.organization,
            sort: &self.sort,
            page: self.page,
        })?;
        let shown = Shown::new(self.expand, &found.entries, snapshot)?;
        let entities = found.entries.iter().map(|contact| shown.contact(contact)).collect();
        let query = ask.parts.uri.query();
        Ok(Answer::json(&Listing::new(entities, self.page, found.total, ask.path(), query)))
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
    if !checked.invalid.is_empty()
        && let Some(id) = checked.value.organization
        && snapshot.organization(id)?.is_none()
    {
        let why = "there is no organisation with this id; it must be added first";
        checked.invalid.add("externalOrganization.id", FaultKind::Value(why.to_owned()));
    }
    Ok(checked.into_result()?)
}

/// A contact that was just written: nothing expanded.
fn plain(contact: &Contact) -> Answer {
    Answer::json(&ExternalContact::new(contact, &Linked::default()))
}

/// Which page the query asks for.
pub(super) fn page(parameters: &Parameters, invalid: &mut Invalid) -> Page {
    let mut number = |name| query::integer(name, parameters.first(name), invalid);
    let (page, size) = (number("pageNumber"), number("pageSize"));
    listing::page(page, size, invalid)
}

/// The order that the query asks for.
pub(super) fn sort(
    parameters: &Parameters,
    orders: &[(&str, carnet_model::SortField)],
    invalid: &mut Invalid,
) -> Vec<Sort> {
    query::sort("sortOrder", parameters.all("sortOrder"), orders, invalid)
}

/// The divisions that the query names; empty for all.
pub(super) fn divisions(parameters: &Parameters, invalid: &mut Invalid) -> Vec<String> {
    let listed = query::list(parameters.all("divisionIds"));
    if listed.len() > DIVISION_IDS_MAX {
        invalid.add("divisionIds", FaultKind::TooLong { max: DIVISION_IDS_MAX });
    }
    named(listed.into_iter().map(str::to_owned).collect())
}

/// `*` is what the vendor's clients send when they mean no division in particular, and the
/// division of records that were given none: read as all, nothing is ever missed.
fn named(divisions: Vec<String>) -> Vec<String> {
    if divisions.iter().any(|id| id == "*") { Vec::new() } else { divisions }
}
