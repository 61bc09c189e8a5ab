//! What is exported: a snapshot of an open book, or the lines of a running one.

use std::cell::RefCell;
use std::collections::HashMap;

use carnet_book::Snapshot;
use carnet_model::{Contact, ImportItem, Uuid};
use carnet_wire::line;

use crate::exit::Failure;

/// Names of organisations that are remembered while contacts are written.
const REMEMBERED_NAMES_MAX: usize = 50_000;

/// Takes a contact and the name of its organisation.
pub(super) type Keep<'a> = dyn FnMut(&Contact, Option<&str>) -> Result<(), Failure> + 'a;

/// A snapshot, read from the beginning to the end.
pub(super) struct Book<'a> {
    snapshot: &'a Snapshot,
    names: RefCell<HashMap<Uuid, Option<String>>>,
}

impl<'a> Book<'a> {
    /// Everything in a snapshot.
    pub(super) fn new(snapshot: &'a Snapshot) -> Book<'a> {
        Book { snapshot, names: RefCell::default() }
    }

    /// Gives every record as a line of JSON: organisations first, because contacts name them,
    /// then contacts, then the notes on both.
    pub(super) fn lines(
        &self,
        mut keep: impl FnMut(&[u8]) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let mut text = Vec::new();
        let mut after = None;
        loop {
            let page = self.snapshot.organizations_after(after)?;
            let Some((last, _)) = page.last() else { break };
            after = Some(*last);
            for (_, organization) in &page {
                text.clear();
                line::write_organization(organization, &mut text);
                keep(&text)?;
            }
        }
        self.contacts(|contact, name| {
            text.clear();
            line::write_contact(contact, name, &mut text);
            keep(&text)
        })?;
        let mut after = None;
        loop {
            let page = self.snapshot.notes_after(after)?;
            let Some((last, _)) = page.last() else { return Ok(()) };
            after = Some(*last);
            for (_, note) in &page {
                text.clear();
                line::write_note(note, &mut text);
                keep(&text)?;
            }
        }
    }

    /// Gives every contact with the name of its organisation.
    pub(super) fn contacts(
        &self,
        mut keep: impl FnMut(&Contact, Option<&str>) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let mut after = None;
        loop {
            let page = self.snapshot.contacts_after(after)?;
            let Some((last, _)) = page.last() else { return Ok(()) };
            after = Some(*last);
            for (_, contact) in &page {
                let name = match contact.organization {
                    Some(id) => self.name(id)?,
                    None => None,
                };
                keep(contact, name.as_deref())?;
            }
        }
    }

    fn name(&self, id: Uuid) -> Result<Option<String>, Failure> {
        let mut names = self.names.borrow_mut();
        if let Some(name) = names.get(&id) {
            return Ok(name.clone());
        }
        let name = self.snapshot.organization(id)?.map(|organization| organization.name);
        if names.len() >= REMEMBERED_NAMES_MAX {
            names.clear();
        }
        names.insert(id, name.clone());
        Ok(name)
    }
}

/// Gives the contact of an exported line; lines of other records are passed over.
pub(super) fn contact_of(text: &[u8], keep: &mut Keep<'_>) -> Result<(), Failure> {
    // What is stored is kept as it is, whatever the rules for new contacts are by now.
    let rules = carnet_wire::Rules { require_names: false, ..carnet_wire::Rules::default() };
    match line::read(text, &rules) {
        Ok(ImportItem::Contact(read)) => {
            // Read apart from the contact, because an import need not bring them.
            let contact = Contact {
                create_date: read.create_date.unwrap_or_default(),
                modify_date: read.modify_date.unwrap_or_default(),
                ..read.contact
            };
            keep(&contact, read.organization_name.as_deref())
        }
        Ok(_) => Ok(()),
        Err(_) => Err(Failure::failed("the daemon's export has a line that cannot be read")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use carnet_model::{ContactKind, Organization, Timestamp};

    #[test]
    fn a_contact_comes_out_of_its_line_as_it_was() {
        let contact = Contact {
            id: Uuid::from_u128(1),
            last_name: Some("Lovelace".into()),
            organization: Some(Uuid::from_u128(2)),
            kind: ContactKind::Identified,
            create_date: Timestamp(1_700_000_000_001),
            modify_date: Timestamp(1_700_000_000_002),
            ..Contact::default()
        };
        let mut text = Vec::new();
        line::write_contact(&contact, Some("Engines"), &mut text);
        let mut seen = Vec::new();
        let mut keep = |contact: &Contact, name: Option<&str>| {
            seen.push((contact.clone(), name.map(str::to_owned)));
            Ok(())
        };
        contact_of(&text, &mut keep).unwrap();
        let mut other = Vec::new();
        let id = Uuid::from_u128(2);
        let name = "Engines".to_owned();
        let organization = Organization { id, name, ..Organization::default() };
        line::write_organization(&organization, &mut other);
        contact_of(&other, &mut keep).unwrap();
        assert!(contact_of(b"{\"firstName\":", &mut keep).is_err());
        assert_eq!(seen, [(contact, Some("Engines".to_owned()))]);
    }
}
