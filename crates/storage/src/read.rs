//! Reading: the questions to the committed state, and to the state inside a write alike.
//!
//! The questions are declared here, once; their answers are in the file of the entity that they are
//! about, written once for committed and pending tables.

use crate::error::StoreError;
use crate::tables::{Committed, Mode, Pending, Tables};
use crate::write::WriteTxn;
use carnet_model::{
    Change, ChangeNo, Client, Contact, ContactNo, DataSchema, ExternalId, IdentifierKey, Note,
    NoteNo, Organization, OrganizationNo, SettingChange, Subject, Token, User,
};
use carnet_phone::E164;
use redb::ReadableTableMetadata;
use uuid::Uuid;

use crate::error::OrStoreError;

/// One moment of the store. It is made once and shared: every table is open, and nothing that is
/// written later shows. While it lives, the pages that it sees are not used again, so let it go.
///
/// Dropping the [`Store`](crate::Store) closes the file under it: from then on its answers are
/// [`StoreError::Broken`], or still right where the page was in memory, and never wrong.
pub struct ReadTxn {
    pub(crate) tables: Tables<Committed>,
}

impl std::fmt::Debug for ReadTxn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ReadTxn").finish_non_exhaustive()
    }
}

/// The tables behind a transaction.
pub(crate) trait HasTables {
    type Mode: Mode;
    fn tables(&self) -> &Tables<Self::Mode>;
}

impl HasTables for ReadTxn {
    type Mode = Committed;
    fn tables(&self) -> &Tables<Committed> {
        &self.tables
    }
}

impl<'t> HasTables for WriteTxn<'t> {
    type Mode = Pending<'t>;
    fn tables(&self) -> &Tables<Pending<'t>> {
        &self.tables
    }
}

/// The questions to a transaction: to a [`ReadTxn`] about the committed state, to a [`WriteTxn`]
/// about the state so far, its own edits included.
///
/// "Oldest first" is by `createDate`, then by number. `limit` bounds how many come back. "After"
/// is the last number already seen, `None` to begin.
pub trait Readable {
    /// The contact with this number.
    fn contact(&self, no: ContactNo) -> Result<Option<Contact>, StoreError>;
    /// The number of the contact with this id.
    fn contact_no(&self, id: Uuid) -> Result<Option<ContactNo>, StoreError>;
    /// The contact with this id.
    fn contact_by_id(&self, id: Uuid) -> Result<Option<(ContactNo, Contact)>, StoreError>;
    /// The contacts with this telephone number, oldest first.
    fn contacts_by_number(
        &self,
        number: E164,
        limit: usize,
    ) -> Result<Vec<(ContactNo, Contact)>, StoreError>;
    /// Numbers of the contacts with this telephone number, oldest first; no record is decoded.
    fn contact_nos_by_number(
        &self,
        number: E164,
        limit: usize,
    ) -> Result<Vec<ContactNo>, StoreError>;
    /// The contacts with this identifier, oldest first.
    fn contacts_by_identifier(
        &self,
        key: &IdentifierKey,
        limit: usize,
    ) -> Result<Vec<(ContactNo, Contact)>, StoreError>;
    /// The oldest contact with this external id, `except` left out.
    fn contact_by_external_id(
        &self,
        id: &ExternalId,
        except: Option<ContactNo>,
    ) -> Result<Option<(ContactNo, Contact)>, StoreError>;
    /// Contacts by ascending number: the scan.
    fn contacts_after(
        &self,
        after: Option<ContactNo>,
        limit: usize,
    ) -> Result<Vec<(ContactNo, Contact)>, StoreError>;
    /// Numbers of contacts, ascending; no record is decoded.
    fn contact_nos_after(
        &self,
        after: Option<ContactNo>,
        limit: usize,
    ) -> Result<Vec<ContactNo>, StoreError>;
    /// How many contacts there are. It takes no longer with more of them.
    fn contact_count(&self) -> Result<u64, StoreError>;

    /// The organisation with this number.
    fn organization(&self, no: OrganizationNo) -> Result<Option<Organization>, StoreError>;
    /// The number of the organisation with this id.
    fn organization_no(&self, id: Uuid) -> Result<Option<OrganizationNo>, StoreError>;
    /// The organisation with this id.
    fn organization_by_id(
        &self,
        id: Uuid,
    ) -> Result<Option<(OrganizationNo, Organization)>, StoreError>;
    /// The organisations with exactly this name but for case and surrounding blanks, oldest first.
    fn organizations_by_name(
        &self,
        name: &str,
    ) -> Result<Vec<(OrganizationNo, Organization)>, StoreError>;
    /// The organisations with this identifier, oldest first, at most `limit`.
    fn organizations_by_identifier(
        &self,
        key: &IdentifierKey,
        limit: usize,
    ) -> Result<Vec<(OrganizationNo, Organization)>, StoreError>;
    /// The oldest organisation with this external id, `except` left out.
    fn organization_by_external_id(
        &self,
        id: &ExternalId,
        except: Option<OrganizationNo>,
    ) -> Result<Option<(OrganizationNo, Organization)>, StoreError>;
    /// Organisations by ascending number.
    fn organizations_after(
        &self,
        after: Option<OrganizationNo>,
        limit: usize,
    ) -> Result<Vec<(OrganizationNo, Organization)>, StoreError>;
    /// How many organisations there are.
    fn organization_count(&self) -> Result<u64, StoreError>;
    /// Numbers of the contacts that belong to this organisation, ascending.
    fn organization_contacts(
        &self,
        no: OrganizationNo,
        after: Option<ContactNo>,
        limit: usize,
    ) -> Result<Vec<ContactNo>, StoreError>;

    /// The note with this id.
    fn note_by_id(&self, id: Uuid) -> Result<Option<(NoteNo, Note)>, StoreError>;
    /// Every note on this subject, by ascending number.
    fn notes_of(&self, subject: &Subject) -> Result<Vec<(NoteNo, Note)>, StoreError>;
    /// Notes by ascending number.
    fn notes_after(
        &self,
        after: Option<NoteNo>,
        limit: usize,
    ) -> Result<Vec<(NoteNo, Note)>, StoreError>;
    /// How many notes there are.
    fn note_count(&self) -> Result<u64, StoreError>;

    /// The newest version of the schema with this id; `None` also when it was removed.
    fn schema(&self, id: Uuid) -> Result<Option<DataSchema>, StoreError>;
    /// The number of the newest version of the schema with this id; `None` also when it was removed.
    fn newest_schema_version(&self, id: Uuid) -> Result<Option<i64>, StoreError>;
    /// The newest version of every schema, by id.
    fn schemas(&self) -> Result<Vec<DataSchema>, StoreError>;
    /// This version of a schema, removed or not.
    fn schema_version(&self, id: Uuid, version: i64) -> Result<Option<DataSchema>, StoreError>;
    /// Every version of a schema, removed or not, the oldest first.
    fn schema_versions(&self, id: Uuid) -> Result<Vec<DataSchema>, StoreError>;
    /// Versions of all schemas, removed ones too, by ascending id and version.
    fn schema_versions_after(
        &self,
        after: Option<(Uuid, i64)>,
        limit: usize,
    ) -> Result<Vec<DataSchema>, StoreError>;

    /// The client with this id.
    fn client(&self, id: &str) -> Result<Option<Client>, StoreError>;
    /// Every client, by id.
    fn clients(&self) -> Result<Vec<Client>, StoreError>;
    /// The person with this [`User::key`].
    fn user(&self, key: &str) -> Result<Option<User>, StoreError>;
    /// Every person, by name.
    fn users(&self) -> Result<Vec<User>, StoreError>;
    /// Every change of a setting, oldest first.
    fn setting_changes(&self) -> Result<Vec<SettingChange>, StoreError>;
    /// The token with this SHA-256.
    fn token(&self, sha256: &[u8; 32]) -> Result<Option<Token>, StoreError>;

    /// The number of the last change ever made, its row dropped or not; 0 when there was none.
    fn last_change(&self) -> Result<ChangeNo, StoreError>;
    /// The number of the oldest change whose row is kept.
    fn first_change(&self) -> Result<Option<ChangeNo>, StoreError>;
    /// The changes that follow this one, ascending. Those whose rows were dropped are missing:
    /// compare with [`Readable::first_change`].
    fn changes_after(
        &self,
        after: ChangeNo,
        limit: usize,
    ) -> Result<Vec<(ChangeNo, Change)>, StoreError>;
}

impl<T: HasTables> Readable for T {
    fn contact(&self, no: ContactNo) -> Result<Option<Contact>, StoreError> {
        self.tables().contact(no)
    }
    fn contact_no(&self, id: Uuid) -> Result<Option<ContactNo>, StoreError> {
        self.tables().contact_no(id)
    }
    fn contact_by_id(&self, id: Uuid) -> Result<Option<(ContactNo, Contact)>, StoreError> {
        self.tables().contact_by_id(id)
    }
    fn contacts_by_number(
        &self,
        number: E164,
        limit: usize,
    ) -> Result<Vec<(ContactNo, Contact)>, StoreError> {
        self.tables().contacts_by_number(number, limit)
    }
    fn contact_nos_by_number(
        &self,
        number: E164,
        limit: usize,
    ) -> Result<Vec<ContactNo>, StoreError> {
        self.tables().contact_nos_by_number(number, limit)
    }
    fn contacts_by_identifier(
        &self,
        key: &IdentifierKey,
        limit: usize,
    ) -> Result<Vec<(ContactNo, Contact)>, StoreError> {
        self.tables().contacts_by_identifier(key, limit)
    }
    fn contact_by_external_id(
        &self,
        id: &ExternalId,
        except: Option<ContactNo>,
    ) -> Result<Option<(ContactNo, Contact)>, StoreError> {
        self.tables().contact_by_external_id(id, except)
    }
    fn contacts_after(
        &self,
        after: Option<ContactNo>,
        limit: usize,
    ) -> Result<Vec<(ContactNo, Contact)>, StoreError> {
        self.tables().contacts_after(after, limit)
    }
    fn contact_nos_after(
        &self,
        after: Option<ContactNo>,
        limit: usize,
    ) -> Result<Vec<ContactNo>, StoreError> {
        self.tables().contact_nos_after(after, limit)
    }
    fn contact_count(&self) -> Result<u64, StoreError> {
        self.tables().contacts.len().or_store_error()
    }
    fn organization(&self, no: OrganizationNo) -> Result<Option<Organization>, StoreError> {
        self.tables().organization(no)
    }
    fn organization_no(&self, id: Uuid) -> Result<Option<OrganizationNo>, StoreError> {
        self.tables().organization_no(id)
    }
    fn organization_by_id(
        &self,
        id: Uuid,
    ) -> Result<Option<(OrganizationNo, Organization)>, StoreError> {
        self.tables().organization_by_id(id)
    }
    fn organizations_by_name(
        &self,
        name: &str,
    ) -> Result<Vec<(OrganizationNo, Organization)>, StoreError> {
        self.tables().organizations_by_name(name)
    }
    fn organizations_by_identifier(
        &self,
        key: &IdentifierKey,
        limit: usize,
    ) -> Result<Vec<(OrganizationNo, Organization)>, StoreError> {
        self.tables().organizations_by_identifier(key, limit)
    }
    fn organization_by_external_id(
        &self,
        id: &ExternalId,
        except: Option<OrganizationNo>,
    ) -> Result<Option<(OrganizationNo, Organization)>, StoreError> {
        self.tables().organization_by_external_id(id, except)
    }
    fn organizations_after(
        &self,
        after: Option<OrganizationNo>,
        limit: usize,
    ) -> Result<Vec<(OrganizationNo, Organization)>, StoreError> {
        self.tables().organizations_after(after, limit)
    }
    fn organization_count(&self) -> Result<u64, StoreError> {
        self.tables().organizations.len().or_store_error()
    }
    fn organization_contacts(
        &self,
        no: OrganizationNo,
        after: Option<ContactNo>,
        limit: usize,
    ) -> Result<Vec<ContactNo>, StoreError> {
        self.tables().organization_contacts(no, after, limit)
    }
    fn note_by_id(&self, id: Uuid) -> Result<Option<(NoteNo, Note)>, StoreError> {
        self.tables().note_by_id(id)
    }
    fn notes_of(&self, subject: &Subject) -> Result<Vec<(NoteNo, Note)>, StoreError> {
        self.tables().notes_of(subject)
    }
    fn notes_after(
        &self,
        after: Option<NoteNo>,
        limit: usize,
    ) -> Result<Vec<(NoteNo, Note)>, StoreError> {
        self.tables().notes_after(after, limit)
    }
    fn note_count(&self) -> Result<u64, StoreError> {
        self.tables().notes.len().or_store_error()
    }
    fn schema(&self, id: Uuid) -> Result<Option<DataSchema>, StoreError> {
        self.tables().schema(id)
    }
    fn newest_schema_version(&self, id: Uuid) -> Result<Option<i64>, StoreError> {
        self.tables().newest_schema_version(id)
    }
    fn schemas(&self) -> Result<Vec<DataSchema>, StoreError> {
        self.tables().schemas()
    }
    fn schema_version(&self, id: Uuid, version: i64) -> Result<Option<DataSchema>, StoreError> {
        self.tables().schema_version(id, version)
    }
    fn schema_versions(&self, id: Uuid) -> Result<Vec<DataSchema>, StoreError> {
        self.tables().schema_versions(id)
    }
    fn schema_versions_after(
        &self,
        after: Option<(Uuid, i64)>,
        limit: usize,
    ) -> Result<Vec<DataSchema>, StoreError> {
        self.tables().schema_versions_after(after, limit)
    }
    fn client(&self, id: &str) -> Result<Option<Client>, StoreError> {
        self.tables().client(id)
    }
    fn clients(&self) -> Result<Vec<Client>, StoreError> {
        self.tables().clients()
    }
    fn user(&self, key: &str) -> Result<Option<User>, StoreError> {
        self.tables().user(key)
    }
    fn users(&self) -> Result<Vec<User>, StoreError> {
        self.tables().users()
    }
    fn setting_changes(&self) -> Result<Vec<SettingChange>, StoreError> {
        self.tables().setting_changes()
    }
    fn token(&self, sha256: &[u8; 32]) -> Result<Option<Token>, StoreError> {
        self.tables().token(sha256)
    }
    fn last_change(&self) -> Result<ChangeNo, StoreError> {
        self.tables().last_change()
    }
    fn first_change(&self) -> Result<Option<ChangeNo>, StoreError> {
        self.tables().first_change()
    }
    fn changes_after(
        &self,
        after: ChangeNo,
        limit: usize,
    ) -> Result<Vec<(ChangeNo, Change)>, StoreError> {
        self.tables().changes_after(after, limit)
    }
}
