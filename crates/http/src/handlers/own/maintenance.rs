//! Maintenance of a running daemon: its figures, and a check of all data.

use crate::api::context::RequestContext;
use crate::api::offload::offload;
use crate::api::route::HandlerFuture;
use crate::message::answer::Answer;
use carnet_book::{SharedExternalId, SharedExternalIds};
use carnet_model::{ExternalId, Uuid};
use serde::Serialize;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct StatsAnswer {
    contacts: u64,
    organizations: u64,
    notes: u64,
    numbers: u64,
    numbers_unread: u64,
    identifiers: u64,
    changes: u64,
    store_bytes: u64,
    index_bytes: u64,
    ready_bytes: u64,
    lookup_memory_bytes: u64,
    overlay: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CheckAnswer {
    contacts: u64,
    organizations: u64,
    notes: u64,
    problem_count: u64,
    /// The first of them, each a sentence.
    problems: Vec<String>,
    shared_external_id_count: u64,
    /// The first of them, from before each was the key of one contact.
    shared_external_ids: Vec<SharedByContacts>,
    shared_organization_external_id_count: u64,
    /// Those of organisations, likewise.
    shared_organization_external_ids: Vec<SharedByOrganizations>,
}

/// An external id that several contacts have.
#[derive(Serialize)]
struct SharedByContacts {
    /// The name of the system, else its id.
    source: Option<String>,
    value: String,
    /// Oldest first.
    contacts: Vec<Uuid>,
}

/// An external id that several organisations have.
#[derive(Serialize)]
struct SharedByOrganizations {
    source: Option<String>,
    value: String,
    /// Oldest first.
    organizations: Vec<Uuid>,
}

impl From<SharedExternalId> for SharedByContacts {
    fn from(SharedExternalId { id, holders }: SharedExternalId) -> SharedByContacts {
        let ExternalId { source, value } = id;
        SharedByContacts { source: source.name.or(source.id), value, contacts: holders }
    }
}

impl From<SharedExternalId> for SharedByOrganizations {
    fn from(SharedExternalId { id, holders }: SharedExternalId) -> SharedByOrganizations {
        let ExternalId { source, value } = id;
        SharedByOrganizations { source: source.name.or(source.id), value, organizations: holders }
    }
}

fn listed<T: From<SharedExternalId>>(shared: SharedExternalIds) -> Vec<T> {
    shared.listed.into_iter().map(T::from).collect()
}

/// `GET /api/v2/carnet/stats`: what the book holds, in figures.
pub(crate) fn stats(context: RequestContext) -> HandlerFuture {
    Box::pin(offload(move || {
        let stats = context.book().stats()?;
        Ok(Answer::json(&StatsAnswer {
            contacts: stats.contacts,
            organizations: stats.organizations,
            notes: stats.notes,
            numbers: stats.numbers,
            numbers_unread: stats.numbers_unread,
            identifiers: stats.identifiers,
            changes: stats.changes,
            store_bytes: stats.store_bytes,
            index_bytes: stats.index_bytes,
            ready_bytes: stats.ready_bytes,
            lookup_memory_bytes: stats.lookup_memory_bytes,
            overlay: stats.overlay,
        }))
    }))
}

/// `GET /api/v2/carnet/check`: compares store and index under one snapshot. Problems are an
/// answer, not a failure.
pub(crate) fn check(context: RequestContext) -> HandlerFuture {
    Box::pin(async move {
        let place = context.state.job()?;
        offload(move || {
            let _place = place;
            let report = context.book().check(&mut |_, _| {})?;
            Ok(Answer::json(&CheckAnswer {
                contacts: report.contacts,
                organizations: report.organizations,
                notes: report.notes,
                problem_count: report.problem_count,
                problems: report.problems,
                shared_external_id_count: report.shared_by_contacts.count,
                shared_external_ids: listed(report.shared_by_contacts),
                shared_organization_external_id_count: report.shared_by_organizations.count,
                shared_organization_external_ids: listed(report.shared_by_organizations),
            }))
        })
        .await
    })
}
