//! A snapshot: the store and the index at one moment, and the queries that it answers. It does not
//! know who takes it, nor when the next one comes.

use crate::limits::{NUMBERS_CONTACTS, NUMBERS_FOUND_MAX, SCAN_RECORDS};
use crate::queries::{
    ContactSearch, Found, Listing, OrganizationSearch, RereadPage, ScanPage, UnreadPage,
};
use crate::spelling::{internal_numbers, is_uri, try_readings, with_plus};
use crate::{BookError, EntityKind};
use carnet_model::limits::LOOKUP_CONTACTS_MAX;
use carnet_model::{
    ChangeNo, Client, Contact, ContactNo, CustomFields, DataSchema, ExternalId, IdentifierKey,
    IdentifierKind, Invalid, Note, NoteNo, NumberRules, Organization, OrganizationNo, Page,
    SchemaKind, SchemaRef, SettingChange, Subject, Token, User, bare_email, email_spellings,
};
use carnet_phone::{E164, Region, normalise};
use carnet_search::{ContactQuery, OrganizationQuery, View};
use carnet_storage::{ReadTxn, Readable, StoreError};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;
use uuid::Uuid;

/// Store and index at one moment. It does not change while it is held; one that is held for long
/// keeps the store from using freed pages again.
pub struct Snapshot {
    pub(crate) read: Arc<ReadTxn>,
    pub(crate) view: Option<View>,
    pub(crate) change: ChangeNo,
    /// Counts openings of the store; a snapshot of an older opening is stale.
    pub(crate) opening: u64,
    /// How numbers are read.
    pub(crate) rules: NumberRules,
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

    /// A page of the contacts that match.
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
        let text = words_of(query.text);
        if plain && text.is_none() && query.sort.is_empty() {
            return self.first_contacts(query.page);
        }
        let organization = match query.organization {
            Some(id) => {
                let no = self.read.organization_no(id)?;
                Some(no.ok_or(BookError::NotFound(EntityKind::Organization))?)
            }
            None => None,
        };
        let ids = query.ids.map(|ids| self.contact_nos(ids)).transpose()?;
        let found = self.view()?.contacts(&ContactQuery {
            text,
            default_region: self.rules.default_region,
            internal_numbers: self.rules.internal_numbers,
            divisions: query.divisions,
            ids: ids.as_deref(),
            organization,
            sort: query.sort,
            offset: query.page.offset(),
            limit: query.page.limit(),
        })?;
        listing(found, |no| self.read.contact(no))
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

    /// A page of the organisations that match.
    ///
    /// # Errors
    /// [`BookError::Unavailable`] while the index is being built.
    pub fn search_organizations(
        &self,
        query: &OrganizationSearch<'_>,
    ) -> Result<Listing<Organization>, BookError> {
        let found = self.view()?.organizations(&OrganizationQuery {
            text: words_of(query.text),
            divisions: query.divisions,
            sort: query.sort,
            offset: query.page.offset(),
            limit: query.page.limit(),
        })?;
        listing(found, |no| self.read.organization(no))
    }

    pub(crate) fn view(&self) -> Result<&View, BookError> {
        let level = "the index is being brought level with the store";
        self.view.as_ref().ok_or(BookError::Unavailable(level))
    }

    /// A page of a scan of all contacts, by ascending number: `limit` contacts after `after`, of one
    /// division where one is given. No page but the last is short.
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

    /// The number of contacts.
    pub fn contact_count(&self) -> Result<u64, BookError> {
        Ok(self.read.contact_count()?)
    }

    /// The number of organisations.
    pub fn organization_count(&self) -> Result<u64, BookError> {
        Ok(self.read.organization_count()?)
    }

    /// The number of notes.
    pub fn note_count(&self) -> Result<u64, BookError> {
        Ok(self.read.note_count()?)
    }
}

impl Snapshot {
    /// The contacts with this number, oldest first, at most `limit`.
    ///
    /// # Errors
    /// When the store fails; so for every function here.
    pub fn contacts_by_number(
        &self,
        number: E164,
        limit: usize,
    ) -> Result<Vec<Contact>, BookError> {
        let rows = self.read.contacts_by_number(number, limit)?;
        Ok(rows.into_iter().map(|(_, contact)| contact).collect())
    }

    /// The oldest contact with this external id.
    pub fn contact_by_external_id(&self, id: &ExternalId) -> Result<Option<Contact>, BookError> {
        let found = self.read.contact_by_external_id(id, None)?;
        Ok(found.map(|(_, contact)| contact))
    }

    /// The contacts with this identifier, oldest first, at most `limit`.
    pub fn contacts_by_identifier(
        &self,
        key: &IdentifierKey,
        limit: usize,
    ) -> Result<Vec<Contact>, BookError> {
        let rows = self.read.contacts_by_identifier(key, limit)?;
        Ok(rows.into_iter().map(|(_, contact)| contact).collect())
    }

    /// The contacts with the number that `text` spells, read in `region` when it carries no
    /// country code, as [`Snapshot::look_up`] finds them.
    pub fn contacts_by_spelling(
        &self,
        text: &str,
        region: Region,
    ) -> Result<Vec<Contact>, BookError> {
        Ok(self.look_up(text, region)?.contacts)
    }

    /// The contacts that have the number that `text` spells, read in `region` when it carries no
    /// country code. If none has it, two other readings are tried: bare digits as `+` and the
    /// digits, as switches drop the plus, and the number without a blank before it. Before all of
    /// them comes the internal number of a house that has such.
    pub fn look_up(&self, text: &str, region: Region) -> Result<Found, BookError> {
        let internal = self.contacts_by_internal_number(text)?;
        if !internal.is_empty() {
            return Ok(Found { number: None, contacts: internal });
        }
        let mut contacts = Vec::new();
        let number = try_readings(text, region, |number| {
            contacts = self.contacts_by_number(number.e164, LOOKUP_CONTACTS_MAX)?;
            Ok(!contacts.is_empty())
        })?;
        Ok(Found { number, contacts })
    }

    /// The contacts with the internal number that `text` spells.
    fn contacts_by_internal_number(&self, text: &str) -> Result<Vec<Contact>, BookError> {
        for key in internal_numbers(text, self.rules.internal_numbers) {
            let contacts = self.contacts_by_identifier(&key, LOOKUP_CONTACTS_MAX)?;
            if !contacts.is_empty() {
                return Ok(contacts);
            }
        }
        Ok(Vec::new())
    }

    /// The contacts with the e-mail that `text` spells; a blank in it may have been a plus.
    fn contacts_by_email(&self, text: &str) -> Result<Vec<Contact>, BookError> {
        for email in email_spellings(text) {
            let key = IdentifierKey::new(IdentifierKind::Email, &email);
            let contacts = self.contacts_by_identifier(&key, LOOKUP_CONTACTS_MAX)?;
            if !contacts.is_empty() {
                return Ok(contacts);
            }
        }
        Ok(Vec::new())
    }

    /// Reverse white pages: an e-mail, a telephone number, or a Twitter screen name, told apart
    /// by their form. At most [`LOOKUP_CONTACTS_MAX`] contacts.
    pub fn reverse_lookup(&self, text: &str, region: Region) -> Result<Vec<Contact>, BookError> {
        let trimmed = text.trim();
        // Behind the `@` of a URI a host follows.
        if is_uri(trimmed) {
            return self.contacts_by_spelling(text, region);
        }
        // An `@` at the start is that of a screen name.
        let bare = bare_email(text);
        if bare.find('@').is_some_and(|at| at > 0) {
            return self.contacts_by_email(&bare);
        }
        if normalise(text, region).is_ok() || with_plus(text, region).is_some() {
            return self.contacts_by_spelling(text, region);
        }
        // A short one is an internal number and no other.
        let internal = self.contacts_by_internal_number(text)?;
        if !internal.is_empty() {
            return Ok(internal);
        }
        if trimmed.is_empty() {
            return Ok(Vec::new());
        }
        let key = IdentifierKey::new(IdentifierKind::SocialTwitter, trimmed);
        self.contacts_by_identifier(&key, LOOKUP_CONTACTS_MAX)
    }
}

/// Schemas and fields.
impl Snapshot {
    /// The newest version of every schema of a kind, the oldest schema first.
    ///
    /// # Errors
    /// When the store fails; so for every function here.
    pub fn schemas(&self, kind: SchemaKind) -> Result<Vec<DataSchema>, BookError> {
        let mut schemas = self.read.schemas()?;
        schemas.retain(|schema| schema.kind == kind);
        schemas.sort_by_key(|schema| (schema.create_date, schema.id));
        Ok(schemas)
    }

    /// The newest version of a schema; `None` also when it was removed.
    pub fn schema(&self, kind: SchemaKind, id: Uuid) -> Result<Option<DataSchema>, BookError> {
        Ok(self.read.schema(id)?.filter(|schema| schema.kind == kind))
    }

    /// Every version of a schema, the oldest first; none when there never was one. Those of a schema
    /// that was removed can be read as before.
    pub fn schema_versions(
        &self,
        kind: SchemaKind,
        id: Uuid,
    ) -> Result<Vec<DataSchema>, BookError> {
        let mut versions = self.read.schema_versions(id)?;
        versions.retain(|schema| schema.kind == kind);
        Ok(versions)
    }

    /// One version of a schema, removed or not.
    pub fn schema_version(
        &self,
        kind: SchemaKind,
        id: Uuid,
        version: i64,
    ) -> Result<Option<DataSchema>, BookError> {
        let schema = self.read.schema_version(id, version)?;
        Ok(schema.filter(|schema| schema.kind == kind))
    }

    /// What the schema that a record names says against its custom fields, each fault named by its
    /// key. A schema that is not known says nothing: whether it may be named is decided by the
    /// write, on the newest state.
    pub fn faults_of_fields(
        &self,
        kind: SchemaKind,
        named: SchemaRef,
        fields: Option<&CustomFields>,
    ) -> Result<Invalid, BookError> {
        let schema = match named.version {
            SchemaRef::NEWEST => self.schema(kind, named.id)?,
            version => self.schema_version(kind, named.id, version)?,
        };
        Ok(schema.map(|schema| schema.check(fields)).unwrap_or_default())
    }

    /// The contacts with this value of a field of type identifier, oldest first, at most
    /// [`LOOKUP_CONTACTS_MAX`]. Case and blanks around the value do not count.
    pub fn contacts_by_field(&self, key: &str, value: &str) -> Result<Vec<Contact>, BookError> {
        self.contacts_by_identifier(&IdentifierKey::field(key, value), LOOKUP_CONTACTS_MAX)
    }

    /// The organisations with this value of a field of type identifier, as
    /// [`Snapshot::contacts_by_field`] finds contacts.
    pub fn organizations_by_field(
        &self,
        key: &str,
        value: &str,
    ) -> Result<Vec<Organization>, BookError> {
        let key = IdentifierKey::field(key, value);
        let rows = self.read.organizations_by_identifier(&key, LOOKUP_CONTACTS_MAX)?;
        Ok(rows.into_iter().map(|(_, organization)| organization).collect())
    }

    /// The next versions of all schemas, for an export, each with whether its schema was removed.
    pub(crate) fn schema_versions_after(
        &self,
        after: Option<(Uuid, i64)>,
        limit: usize,
    ) -> Result<Vec<(DataSchema, bool)>, BookError> {
        let versions = self.read.schema_versions_after(after, limit)?;
        let mut known = Vec::with_capacity(versions.len());
        for schema in versions {
            let removed = self.read.schema(schema.id)?.is_none();
            known.push((schema, removed));
        }
        Ok(known)
    }
}

/// Numbers that are kept as they were typed.
impl Snapshot {
    /// A part of the numbers that no look-up finds, each with its reason, by ascending contact: those
    /// of the contacts after `after`.
    ///
    /// # Errors
    /// When the store fails; so for every function here.
    pub fn unread_numbers(&self, after: Option<ContactNo>) -> Result<UnreadPage, BookError> {
        let mut entries = Vec::new();
        let after = self.walk(after, |_, contact| {
            entries.extend(contact.unread_numbers(self.rules));
            entries.len() < NUMBERS_FOUND_MAX
        })?;
        Ok(UnreadPage { entries, after })
    }

    /// What it would change to read the numbers of the contacts after `after` anew. `region` stands
    /// in for the default region.
    pub fn numbers_to_reread(
        &self,
        region: Option<Region>,
        after: Option<ContactNo>,
    ) -> Result<RereadPage, BookError> {
        let rules = self.rules.in_region(region);
        let mut page = RereadPage::default();
        page.after = self.walk(after, |no, mut contact| {
            let anew = contact.read_numbers_anew(rules);
            page.contacts += 1;
            page.kept += anew.kept;
            if !anew.changes.is_empty() {
                page.changed.push(no);
                page.changes.extend(anew.changes);
            }
            page.changed.len() < NUMBERS_FOUND_MAX
        })?;
        Ok(page)
    }

    /// Visits the contacts after `after`, until `visit` has enough or as many were visited as one
    /// part has. Returns the last of them; `None` when there are no more.
    fn walk(
        &self,
        mut after: Option<ContactNo>,
        mut visit: impl FnMut(ContactNo, Contact) -> bool,
    ) -> Result<Option<ContactNo>, BookError> {
        let mut visited = 0;
        loop {
            let contacts = self.contacts_after(after)?;
            if contacts.is_empty() {
                return Ok(None);
            }
            for (no, contact) in contacts {
                after = Some(no);
                visited += 1;
                if !visit(no, contact) || visited == NUMBERS_CONTACTS {
                    return Ok(after);
                }
            }
        }
    }
}

/// Clients, people and their tokens, for the doors of this crate only.
impl Snapshot {
    pub(crate) fn clients(&self) -> Result<Vec<Client>, BookError> {
        Ok(self.read.clients()?)
    }

    pub(crate) fn client(&self, id: &str) -> Result<Option<Client>, BookError> {
        Ok(self.read.client(id)?)
    }

    pub(crate) fn setting_changes(&self) -> Result<Vec<SettingChange>, BookError> {
        Ok(self.read.setting_changes()?)
    }

    pub(crate) fn users(&self) -> Result<Vec<User>, BookError> {
        Ok(self.read.users()?)
    }

    pub(crate) fn user(&self, key: &str) -> Result<Option<User>, BookError> {
        Ok(self.read.user(key)?)
    }

    pub(crate) fn token(&self, sha256: &[u8; 32]) -> Result<Option<Token>, BookError> {
        Ok(self.read.token(sha256)?)
    }
}

/// The text of a query, unless it has no words.
fn words_of(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !text.trim().is_empty())
}

/// The records of a page of hits.
fn listing<N: Copy, T>(
    found: carnet_search::Found<N>,
    record: impl Fn(N) -> Result<Option<T>, StoreError>,
) -> Result<Listing<T>, BookError> {
    let mut entries = Vec::with_capacity(found.hits.len());
    for hit in &found.hits {
        // Index and store are of one moment, so the record is there.
        entries.extend(record(hit.no)?);
    }
    Ok(Listing { total: found.total, entries })
}
