//! The check: every index row of the store against its records, and the search index against the
//! store, in one snapshot. It repairs nothing.

use crate::error::{BookError, STOPPING};
use crate::limits::FLUSH_AFTER;
use crate::local::index::entries::entry_of;
use crate::local::snapshot::Snapshot;
use crate::local::state::Inner;
use crate::queries::{CheckReport, SharedExternalId, SharedExternalIds};
use carnet_model::{ContactNo, OrganizationNo};
use carnet_search::{Fingerprint, OrganizationEntry};
use carnet_storage::PROBLEMS_MAX;
use std::sync::{Arc, PoisonError};

impl Inner {
    /// Checks everything, in a snapshot in which store and index are level.
    pub(crate) fn check(
        &self,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<CheckReport, BookError> {
        let snapshot = self.level_snapshot()?;
        self.ask(&snapshot, |snapshot| snapshot.check(progress))
    }

    /// A snapshot in which the index has every change of an organisation: before the flush contacts
    /// of a changed organisation are found rightly, but the index holds their older entries.
    fn level_snapshot(&self) -> Result<Arc<Snapshot>, BookError> {
        let mut state = self.working_state();
        while !state.overlay.organizations_through(state.change).is_empty() {
            if self.is_closing() {
                return Err(BookError::Unavailable(STOPPING));
            }
            state.flush_at = 0;
            self.flush_wanted.notify_all();
            let waited = self.flushed.wait_timeout(state, FLUSH_AFTER);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        // Published under the mutex of the working state, so the snapshot is of this state.
        self.snapshot_now()
    }
}

impl Snapshot {
    fn check(&self, progress: &mut dyn FnMut(u64, u64)) -> Result<CheckReport, BookError> {
        let view = self.view()?;
        let stats = self.read.stats()?;
        let rows = stats.contacts
            + stats.organizations
            + stats.notes
            + stats.schema_versions
            + stats.clients
            + stats.tokens
            + stats.changes;
        let all = rows + stats.contacts + stats.organizations;
        let store = carnet_storage::check(&self.read, &mut |done| progress(done, all))?;
        let mut report = CheckReport {
            contacts: stats.contacts,
            organizations: stats.organizations,
            notes: stats.notes,
            problems: store.problems,
            problem_count: store.problem_count,
            shared_by_contacts: store.shared_by_contacts.into(),
            shared_by_organizations: store.shared_by_organizations.into(),
        };
        let mut indexed = view.organization_fingerprints()?.into_iter().peekable();
        let mut after = None;
        loop {
            let page = self.organizations_after(after)?;
            let Some((last, _)) = page.last() else { break };
            after = Some(*last);
            for (no, organization) in page {
                let entry = OrganizationEntry::new(&organization);
                compare(&mut report, &mut indexed, "organisation", no, entry.fingerprint());
            }
        }
        surplus(&mut report, "organisation", indexed);
        let mut indexed = view.contact_fingerprints()?.into_iter().peekable();
        let (mut after, mut done) = (None, rows + stats.organizations);
        loop {
            let page = self.contacts_after(after)?;
            let Some((last, _)) = page.last() else { break };
            after = Some(*last);
            done += page.len() as u64;
            for (no, contact) in page {
                let entry = entry_of(&self.read, &contact)?;
                compare(&mut report, &mut indexed, "contact", no, entry.fingerprint());
            }
            progress(done, all);
        }
        surplus(&mut report, "contact", indexed);
        Ok(report)
    }
}

/// The number of an entity.
trait Number: Copy + Ord {
    fn value(self) -> u64;
}

impl Number for ContactNo {
    fn value(self) -> u64 {
        self.0
    }
}

impl Number for OrganizationNo {
    fn value(self) -> u64 {
        self.0
    }
}

/// Compares the next entry of the index with the next record of the store; both ascend.
fn compare<N: Number>(
    report: &mut CheckReport,
    indexed: &mut std::iter::Peekable<impl Iterator<Item = (N, Fingerprint)>>,
    thing: &str,
    no: N,
    fingerprint: Fingerprint,
) {
    while let Some((extra, _)) = indexed.next_if(|(next, _)| *next < no) {
        report.add(format!("the index has {thing} {}, the store has not", extra.value()));
    }
    match indexed.next_if(|(next, _)| *next == no) {
        Some((_, found)) if found == fingerprint => {}
        Some(_) => report.add(format!("the index has an older state of {thing} {}", no.value())),
        None => report.add(format!("the index does not have {thing} {}", no.value())),
    }
}

/// Reports entries of the index that have no record.
fn surplus<N: Number>(
    report: &mut CheckReport,
    thing: &str,
    indexed: impl Iterator<Item = (N, Fingerprint)>,
) {
    for (no, _) in indexed {
        report.add(format!("the index has {thing} {}, the store has not", no.value()));
    }
}

impl From<carnet_storage::SharedExternalIds> for SharedExternalIds {
    fn from(shared: carnet_storage::SharedExternalIds) -> SharedExternalIds {
        let one = |shared: carnet_storage::SharedExternalId| SharedExternalId {
            id: shared.id,
            holders: shared.holders,
        };
        SharedExternalIds {
            listed: shared.listed.into_iter().map(one).collect(),
            count: shared.count,
        }
    }
}

impl CheckReport {
    fn add(&mut self, problem: String) {
        self.problem_count += 1;
        if self.problems.len() < 2 * PROBLEMS_MAX {
            self.problems.push(problem);
        }
    }
}
