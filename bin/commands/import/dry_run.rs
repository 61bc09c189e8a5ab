//! A dry run: every rule that can be checked without writing. What the rows themselves would
//! add is remembered, so that a contact may name an organisation of an earlier row.

use std::collections::HashSet;
use std::sync::Arc;

use carnet_book::{ImportOutcome, Snapshot};
use carnet_model::{
    ExternalId, FaultKind, IdentifierKey, ImportContact, ImportItem, Invalid, Subject, Uuid,
};

use crate::failure::Failure;
use crate::target::open_book::OpenBook;

/// What is known of the book into which the rows would go.
pub(super) enum Against {
    /// Everything: it is open.
    Book {
        /// What it holds; dropped before the book is closed.
        snapshot: Arc<Snapshot>,
        /// Held open meanwhile.
        _book: OpenBook,
    },
    /// It does not exist yet, so it holds nothing.
    EmptyBook,
    /// Nothing: it belongs to a running daemon. Rows are checked by themselves.
    Nothing,
}

impl Against {
    /// An open book as it is now.
    pub(super) fn book(book: OpenBook) -> Result<Against, Failure> {
        Ok(Against::Book { snapshot: book.snapshot_now()?, _book: book })
    }

    fn snapshot(&self) -> Option<&Snapshot> {
        match self {
            Against::Book { snapshot, .. } => Some(snapshot),
            Against::EmptyBook | Against::Nothing => None,
        }
    }
}

/// A dry run under way. It remembers the ids of the rows, 16 bytes each, and their external ids;
/// nothing else grows.
pub(super) struct DryRun {
    against: Against,
    contacts: HashSet<Uuid>,
    organizations: HashSet<Uuid>,
    external_ids: HashSet<IdentifierKey>,
}

impl DryRun {
    /// Begins.
    pub(super) fn new(against: Against) -> DryRun {
        DryRun {
            against,
            contacts: HashSet::new(),
            organizations: HashSet::new(),
            external_ids: HashSet::new(),
        }
    }

    /// What would become of the items. Whether a known one would change is not compared: it is
    /// `Updated`.
    pub(super) fn check(&mut self, items: Vec<ImportItem>) -> Result<Vec<ImportOutcome>, Failure> {
        items.into_iter().map(|item| self.check_one(&item)).collect()
    }

    fn check_one(&mut self, item: &ImportItem) -> Result<ImportOutcome, Failure> {
        match item {
            ImportItem::Contact(item) => self.contact(item),
            ImportItem::Organization(item) => {
                let id = item.organization.id;
                let known = self.has_organization(id)?;
                self.organizations.insert(id);
                Ok(outcome(known))
            }
            ImportItem::Note(item) => {
                let (subject, thing) = match item.note.subject {
                    Subject::Contact(id) => (self.has_contact(id)?, "contact"),
                    Subject::Organization(id) => (self.has_organization(id)?, "organisation"),
                };
                if !subject && !matches!(self.against, Against::Nothing) {
                    return Ok(skipped(
                        "entityId",
                        format!("there is no such {thing} for this note"),
                    ));
                }
                let snapshot = self.against.snapshot();
                let known =
                    snapshot.map(|s| s.note(item.note.subject, item.note.id)).transpose()?;
                Ok(outcome(known.flatten().is_some()))
            }
        }
    }

    fn contact(&mut self, item: &ImportContact) -> Result<ImportOutcome, Failure> {
        let contact = &item.contact;
        if let Some(id) = contact.organization {
            let unknown = item.organization_name.is_none() && !self.has_organization(id)?;
            if unknown && !matches!(self.against, Against::Nothing) {
                let why = "there is no organisation with this id, and the row does not name it";
                return Ok(skipped("externalOrganization.id", why.to_owned()));
            }
            self.organizations.insert(id);
        }
        let known = self.has_contact(contact.id)? || self.has_external_id(item)?;
        self.contacts.insert(contact.id);
        self.external_ids.extend(contact.external_ids.iter().flat_map(ExternalId::keys));
        Ok(outcome(known))
    }

    fn has_contact(&self, id: Uuid) -> Result<bool, Failure> {
        if id.is_nil() {
            return Ok(false);
        }
        if self.contacts.contains(&id) {
            return Ok(true);
        }
        let known = self.against.snapshot().map(|snapshot| snapshot.contact(id)).transpose()?;
        Ok(known.flatten().is_some())
    }

    fn has_organization(&self, id: Uuid) -> Result<bool, Failure> {
        if id.is_nil() {
            return Ok(false);
        }
        if self.organizations.contains(&id) {
            return Ok(true);
        }
        let known =
            self.against.snapshot().map(|snapshot| snapshot.organization(id)).transpose()?;
        Ok(known.flatten().is_some())
    }

    /// As the import has it: an external id makes a row without an id of its own known.
    fn has_external_id(&self, item: &ImportContact) -> Result<bool, Failure> {
        if !item.contact.id.is_nil() {
            return Ok(false);
        }
        for key in item.contact.external_ids.iter().flat_map(ExternalId::keys) {
            if self.external_ids.contains(&key) {
                return Ok(true);
            }
            let Some(snapshot) = self.against.snapshot() else { continue };
            if !snapshot.contacts_by_identifier(&key, 1)?.is_empty() {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

fn outcome(known: bool) -> ImportOutcome {
    if known { ImportOutcome::Updated } else { ImportOutcome::Added }
}

fn skipped(field: &str, why: String) -> ImportOutcome {
    ImportOutcome::Skipped(Invalid::one(field, FaultKind::Value(why)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use carnet_model::Contact;

    fn contact(id: u128, organization: Option<u128>, name: Option<&str>) -> ImportItem {
        ImportItem::Contact(ImportContact {
            contact: Contact {
                id: Uuid::from_u128(id),
                organization: organization.map(Uuid::from_u128),
                ..Contact::default()
            },
            organization_name: name.map(str::to_owned),
            create_date: None,
            modify_date: None,
        })
    }

    #[test]
    fn a_row_may_name_what_an_earlier_row_brings() {
        let mut dry_run = DryRun::new(Against::EmptyBook);
        let rows = vec![
            contact(1, Some(7), None),
            contact(2, Some(7), Some("Engines")),
            contact(3, Some(7), None),
            contact(3, None, None),
            contact(0, None, None),
            contact(0, None, None),
        ];
        let outcomes = dry_run.check(rows).unwrap();
        assert!(matches!(outcomes[0], ImportOutcome::Skipped(_)));
        use ImportOutcome::{Added, Updated};
        assert_eq!(outcomes[1..], [Added, Added, Updated, Added, Added]);
    }

    #[test]
    fn an_external_id_of_an_earlier_row_is_known() {
        let source = carnet_model::ExternalSource { name: Some("CRM".into()), id: None };
        let external_id = ExternalId { source, value: "A-1".into() };
        let row = || {
            let mut item = contact(0, None, None);
            if let ImportItem::Contact(item) = &mut item {
                item.contact.external_ids.push(external_id.clone());
            }
            item
        };
        let mut dry_run = DryRun::new(Against::Nothing);
        let outcomes = dry_run.check(vec![row(), row()]).unwrap();
        assert_eq!(outcomes, [ImportOutcome::Added, ImportOutcome::Updated]);
    }

    #[test]
    fn what_only_a_daemon_knows_is_not_judged() {
        let mut dry_run = DryRun::new(Against::Nothing);
        let outcomes = dry_run.check(vec![contact(1, Some(7), None)]).unwrap();
        assert_eq!(outcomes, [ImportOutcome::Added]);
    }
}
