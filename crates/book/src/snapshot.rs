//! A snapshot: the store and the index at one moment, and the questions that it answers.

use crate::limits::SCAN_RECORDS;
use crate::{BookError, Thing};
use carnet_model::{
    ChangeNo, Contact, ContactNo, Note, NoteNo, Organization, OrganizationNo, Page, Sort, Subject,
};
use carnet_phone::Region;
use carnet_search::{ContactQuery, OrganizationQuery, View};
use carnet_storage::{ReadTxn, Readable};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;
use uuid::Uuid;

/// Store and index at one moment. It stays as it is while it is held; holding it for long keeps
/// the store from using freed pages again.
pub struct Snapshot {
    pub(crate) read: Arc<ReadTxn>,
    pub(crate) view: Option<View>,
    pub(crate) change: ChangeNo,
    /// For the how many-th time the store was open then.
    pub(crate) opening: u64,
    pub(crate) default_region: Region,
}

/// Entries of a listing, and how many there are in all.
#[derive(Clone, Debug)]
pub struct Listing<T> {
    /// How many match, over all pages.
    pub total: usize,
    /// Those of the page that was asked for.
    pub entries: Vec<T>,
}

/// A question for contacts. Without any of it: all of them, oldest first.
#[derive(Clone, Copy, Debug)]
pub struct ContactSearch<'a> {
    /// Words, each of which must match.
    pub text: Option<&'a str>,
    /// Only contacts of these divisions; empty for all.
    pub divisions: &'a [String],
    /// Only these contacts.
    pub ids: Option<&'a [Uuid]>,
    /// Only contacts of this organisation.
    pub organization: Option<Uuid>,
    /// The order; empty for best match first.
    pub sort: &'a [Sort],
    /// Which page.
    pub page: Page,
}

/// A question for organisations.
#[derive(Clone, Copy, Debug)]
pub struct OrganizationSearch<'a> {
    /// Words, each of which must match.
    pub text: Option<&'a str>,
    /// Only organisations of these divisions; empty for all.
    pub divisions: &'a [String],
    /// The order; empty for best match first.
    pub sort: &'a [Sort],
    /// Which page.
    pub page: Page,
}

/// A page of a scan.
#[derive(Clone, Debug)]
pub struct ScanPage {
    /// The contacts, by ascending number.
    pub entries: Vec<Contact>,
    /// Where the next page begins; `None` when this is the last.
    pub after: Option<ContactNo>,
}

impl Snapshot {
    /// The last change that this snapshot sees.
    pub fn change(&self) -> ChangeNo {
        self.change
    }

    /// The contact with this id.
    ///
    /// # Errors
    /// When the store fails; so for every function here.
    pub fn contact(&self, id: Uuid) -> Result<Option<Contact>, BookError> {
        Ok(self.read.contact_by_id(id)?.map(|(_, contact)| contact))
    }

    /// The organisation with this id.
    pub fn organization(&self, id: Uuid) -> Result<Option<Organization>, BookError> {
        Ok(self.read.organization_by_id(id)?.map(|(_, organization)| organization))
    }

    /// The organisations of these contacts, by id, each read once. An id without an organisation
    /// is left out.
    pub fn organizations_of<'c>(
        &self,
        contacts: impl IntoIterator<Item = &'c Contact>,
    ) -> Result<HashMap<Uuid, Organization>, BookError> {
        let mut organizations = HashMap::new();
        for id in contacts.into_iter().filter_map(|contact| contact.organization) {
            if let Entry::Vacant(entry) = organizations.entry(id)
                && let Some(organization) = self.organization(id)?
            {
                entry.insert(organization);
            }
        }
        Ok(organizations)
    }

    /// A note of this contact or organisation.
    pub fn note(&self, subject: Subject, id: Uuid) -> Result<Option<Note>, BookError> {
        let note = self.read.note_by_id(id)?.map(|(_, note)| note);
        Ok(note.filter(|note| note.subject == subject))
    }

    /// Every note of this contact or organisation, oldest first; `None` when there is no such
    /// contact or organisation.
    pub fn notes(&self, subject: Subject) -> Result<Option<Vec<Note>>, BookError> {
        let known = match subject {
            Subject::Contact(id) => self.read.contact_no(id)?.is_some(),
            Subject::Organization(id) => self.read.organization_no(id)?.is_some(),
        };
        if !known {
            return Ok(None);
        }
        let mut notes: Vec<Note> =
            self.read.notes_of(&subject)?.into_iter().map(|(_, note)| note).collect();
        notes.sort_by_key(|note| note.create_date);
        Ok(Some(notes))
    }

    /// Contacts that match, a page of them.
    ///
    /// # Errors
    /// [`BookError::NotFound`] when the organisation does not exist, [`BookError::Unavailable`]
    /// while the index is being built (a plain listing is answered all the same).
    pub fn search_contacts(
        &self,
        query: &ContactSearch<'_>,
    ) -> Result<Listing<Contact>, BookError> {
        let plain =
            query.divisions.is_empty() && query.ids.is_none() && query.organization.is_none();
        let text = query.text.filter(|text| !text.trim().is_empty());
        if plain && text.is_none() && query.sort.is_empty() {
            return self.first_contacts(query.page);
        }
        let organization = match query.organization {
            Some(id) => {
                let no = self.read.organization_no(id)?;
                Some(no.ok_or(BookError::NotFound(Thing::Organization))?)
            }
            None => None,
        };
        let ids = query.ids.map(|ids| self.contact_nos(ids)).transpose()?;
        let found = self.view()?.contacts(&ContactQuery {
            text,
            default_region: self.default_region,
            divisions: query.divisions,
            ids: ids.as_deref(),
            organization,
            sort: query.sort,
            offset: query.page.offset(),
            limit: query.page.limit(),
        })?;
        let mut entries = Vec::with_capacity(found.hits.len());
        for hit in &found.hits {
            // Index and store are of one moment, so the contact is there.
            entries.extend(self.read.contact(hit.no)?);
        }
        Ok(Listing { total: found.total, entries })
    }

    fn first_contacts(&self, page: Page) -> Result<Listing<Contact>, BookError> {
        let total = usize::try_from(self.read.contact_count()?).unwrap_or(usize::MAX);
        let nos = self.read.contact_nos_after(None, page.offset() + page.limit())?;
        let mut entries = Vec::with_capacity(page.limit());
        for no in nos.into_iter().skip(page.offset()) {
            entries.extend(self.read.contact(no)?);
        }
        Ok(Listing { total, entries })
    }

    fn contact_nos(&self, ids: &[Uuid]) -> Result<Vec<ContactNo>, BookError> {
        let mut nos = Vec::with_capacity(ids.len());
        for id in ids {
            nos.extend(self.read.contact_no(*id)?);
        }
        Ok(nos)
    }

    /// Organisations that match, a page of them.
    ///
    /// # Errors
    /// [`BookError::Unavailable`] while the index is being built.
    pub fn search_organizations(
        &self,
        query: &OrganizationSearch<'_>,
    ) -> Result<Listing<Organization>, BookError> {
        let found = self.view()?.organizations(&OrganizationQuery {
            text: query.text.filter(|text| !text.trim().is_empty()),
            divisions: query.divisions,
            sort: query.sort,
            offset: query.page.offset(),
            limit: query.page.limit(),
        })?;
        let mut entries = Vec::with_capacity(found.hits.len());
        for hit in &found.hits {
            entries.extend(self.read.organization(hit.no)?);
        }
        Ok(Listing { total: found.total, entries })
    }

    pub(crate) fn view(&self) -> Result<&View, BookError> {
        let level = "the index is being brought level with the store";
        self.view.as_ref().ok_or(BookError::Unavailable(level))
    }

    /// Everything, a page at a time, by ascending number: `limit` contacts after `after`, of one
    /// division where one is named. No page but the last is short.
    pub fn scan_contacts(
        &self,
        after: Option<ContactNo>,
        limit: usize,
        division: Option<&str>,
    ) -> Result<ScanPage, BookError> {
        let mut entries = Vec::with_capacity(limit);
        let mut last = after;
        let mut from = after;
        loop {
            let rows = self.read.contacts_after(from, limit + 1)?;
            let end = rows.len() <= limit;
            for (no, contact) in rows {
                from = Some(no);
                if division.is_some_and(|id| contact.division.id != id) {
                    continue;
                }
                if entries.len() == limit {
                    return Ok(ScanPage { entries, after: last });
                }
                entries.push(contact);
                last = Some(no);
            }
            if end {
                return Ok(ScanPage { entries, after: None });
            }
        }
    }

    /// The next contacts of the store, for an export.
    pub(crate) fn contacts_after(
        &self,
        after: Option<ContactNo>,
    ) -> Result<Vec<(ContactNo, Contact)>, BookError> {
        Ok(self.read.contacts_after(after, SCAN_RECORDS)?)
    }

    /// The next organisations of the store, for an export.
    pub(crate) fn organizations_after(
        &self,
        after: Option<OrganizationNo>,
    ) -> Result<Vec<(OrganizationNo, Organization)>, BookError> {
        Ok(self.read.organizations_after(after, SCAN_RECORDS)?)
    }

    /// The next notes of the store, for an export.
    pub(crate) fn notes_after(
        &self,
        after: Option<NoteNo>,
    ) -> Result<Vec<(NoteNo, Note)>, BookError> {
        Ok(self.read.notes_after(after, SCAN_RECORDS)?)
    }

    /// How many contacts there are.
    pub fn contact_count(&self) -> Result<u64, BookError> {
        Ok(self.read.contact_count()?)
    }

    /// How many organisations there are.
    pub fn organization_count(&self) -> Result<u64, BookError> {
        Ok(self.read.organization_count()?)
    }

    /// How many notes there are.
    pub fn note_count(&self) -> Result<u64, BookError> {
        Ok(self.read.note_count()?)
    }
}
