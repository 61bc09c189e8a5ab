//! Schemas in a transaction, and the check of custom fields against them. Search does not know schemas,
//! so they have no effects.

use crate::error::{BookError, EntityKind};
use crate::local::edit::transaction::Transaction;
use crate::queries::ImportOutcome;
use carnet_model::limits::{ALL_FIELDS_MAX, SCHEMA_VERSIONS_MAX, SCHEMAS_MAX};
use carnet_model::{
    CustomFields, DataSchema, ImportSchema, InvalidFields, InvalidReference, SchemaDraft,
    SchemaFault, SchemaKind, SchemaRef,
};
use carnet_storage::{Readable, StoreError};
use std::sync::Arc;
use uuid::Uuid;

/// The part of a record that a schema is about.
#[derive(Clone, Copy, PartialEq)]
pub(crate) struct Fields<'r> {
    pub(crate) schema: Option<SchemaRef>,
    pub(crate) values: Option<&'r CustomFields>,
}

impl<'r> Fields<'r> {
    pub(crate) fn new(schema: Option<SchemaRef>, values: &'r Option<CustomFields>) -> Self {
        Fields { schema, values: values.as_ref() }
    }
}

/// How a record came here.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Coming {
    /// Somebody writes it now.
    Written,
    /// It was kept somewhere before, perhaps when its schema was switched on still.
    Restored,
}

impl Transaction<'_, '_> {
    /// Refuses custom fields that their schema refuses, and a schema that a record may not be given.
    /// What the record has already, `old` being its present state, stays: neither a schema that was
    /// switched off since nor fields from before there were schemas hinder an edit of other fields.
    /// Returns the schema with the version that counts.
    pub(super) fn check_fields(
        &mut self,
        kind: SchemaKind,
        old: Option<Fields<'_>>,
        new: Fields<'_>,
        coming: Coming,
    ) -> Result<Option<SchemaRef>, BookError> {
        if old == Some(new) {
            return Ok(new.schema);
        }
        let Some(named) = new.schema else {
            let stays = || old.is_some_and(|old| old.values == new.values && old.schema.is_none());
            return match new.values {
                Some(_) if !self.free_fields && !stays() => {
                    Err(BookError::InvalidFields(InvalidFields::NoSchema))
                }
                _ => Ok(None),
            };
        };
        let is_kept = old.is_some_and(|old| old.schema == Some(named));
        let may_be_off = is_kept || coming == Coming::Restored;
        let Some(schema) = self.schema_for(kind, named, may_be_off)? else {
            // Free fields may follow a schema that is kept elsewhere.
            return Ok(Some(named));
        };
        let invalid = schema.check(new.values);
        match invalid.is_empty() {
            true => Ok(Some(SchemaRef { id: schema.id, version: schema.version })),
            false => Err(BookError::InvalidFields(InvalidFields::Fields(invalid))),
        }
    }

    /// The version of a schema that a record names. `None` where none is known and none is needed.
    fn schema_for(
        &mut self,
        kind: SchemaKind,
        named: SchemaRef,
        may_be_off: bool,
    ) -> Result<Option<Arc<DataSchema>>, BookError> {
        let refused = |fault| Err(BookError::InvalidFields(InvalidFields::Schema(fault)));
        let newest = match self.txn.newest_schema_version(named.id)? {
            Some(newest) => self.schema_version(named.id, newest)?,
            None => None,
        };
        let version = match (&newest, named.version) {
            (Some(newest), SchemaRef::NEWEST) => newest.version,
            (None, SchemaRef::NEWEST) if self.free_fields => {
                return refused(SchemaFault::VersionMissing);
            }
            (None, SchemaRef::NEWEST) => return refused(SchemaFault::Unknown),
            (_, version) => version,
        };
        let Some(schema) = self.schema_version(named.id, version)? else {
            return match newest {
                Some(_) => refused(SchemaFault::UnknownVersion),
                None if self.free_fields => Ok(None),
                None => refused(SchemaFault::Unknown),
            };
        };
        if schema.kind != kind {
            return refused(SchemaFault::OtherKind);
        }
        match newest {
            _ if may_be_off => Ok(Some(schema)),
            Some(newest) if newest.enabled => Ok(Some(schema)),
            Some(_) => refused(SchemaFault::Disabled),
            None => refused(SchemaFault::Unknown),
        }
    }

    fn schema_version(
        &mut self,
        id: Uuid,
        version: i64,
    ) -> Result<Option<Arc<DataSchema>>, StoreError> {
        if let Some(schema) = self.schemas.get(id, version) {
            return Ok(Some(schema));
        }
        let Some(schema) = self.txn.schema_version(id, version)? else {
            return Ok(None);
        };
        let schema = Arc::new(schema);
        self.schemas.keep(&schema);
        Ok(Some(schema))
    }

    /// The newest version of the schema of this kind with this id.
    fn schema(&self, kind: SchemaKind, id: Uuid) -> Result<DataSchema, BookError> {
        let found = self.txn.schema(id)?.filter(|schema| schema.kind == kind);
        found.ok_or(BookError::NotFound(EntityKind::Schema))
    }

    /// Refuses fields with which the schemas of a kind, `except` left out, would have too many.
    fn check_room(
        &self,
        kind: SchemaKind,
        except: Option<Uuid>,
        fields: usize,
    ) -> Result<(), BookError> {
        let mut others = self.txn.schemas()?;
        others.retain(|schema| schema.kind == kind && Some(schema.id) != except);
        let too_many = |what: String| Err(BookError::Conflict(what));
        if others.len() >= SCHEMAS_MAX {
            return too_many(format!("there are {SCHEMAS_MAX} schemas already, and no more fit"));
        }
        let all: usize = others.iter().map(|schema| schema.definition.properties.len()).sum();
        if all + fields > ALL_FIELDS_MAX {
            return too_many(format!("the schemas would have more than {ALL_FIELDS_MAX} fields"));
        }
        Ok(())
    }

    /// Adds a schema under a new id, as version 1.
    pub(crate) fn add_schema(
        &mut self,
        kind: SchemaKind,
        draft: SchemaDraft,
        by: &str,
    ) -> Result<DataSchema, BookError> {
        self.check_room(kind, None, draft.definition.properties.len())?;
        let schema = DataSchema {
            id: Uuid::now_v7(),
            kind,
            name: draft.name,
            version: 1,
            enabled: draft.enabled.unwrap_or(true),
            definition: draft.definition,
            create_date: self.at,
            created_by: by.to_owned(),
            modify_date: self.at,
            modified_by: by.to_owned(),
        };
        self.txn.put_schema_version(&schema, false)?;
        Ok(schema)
    }

    /// Makes the next version of a schema. The draft must name the present one.
    pub(crate) fn replace_schema(
        &mut self,
        kind: SchemaKind,
        id: Uuid,
        draft: SchemaDraft,
        by: &str,
    ) -> Result<DataSchema, BookError> {
        let old = self.schema(kind, id)?;
        if draft.version != Some(old.version) {
            let why = format!("the schema has version {} now; read it again", old.version);
            return Err(BookError::Conflict(why));
        }
        // An import may have brought a later one of a schema that was removed elsewhere: no version is
        // ever written over.
        let last = self.txn.schema_versions(id)?.last().map_or(old.version, |last| last.version);
        let versions_max = i64::try_from(SCHEMA_VERSIONS_MAX).unwrap_or(i64::MAX);
        if last >= versions_max {
            let why = format!("a schema has at most {SCHEMA_VERSIONS_MAX} versions");
            return Err(BookError::Conflict(why));
        }
        self.check_room(kind, Some(id), draft.definition.properties.len())?;
        let schema = DataSchema {
            name: draft.name,
            version: last + 1,
            enabled: draft.enabled.unwrap_or(old.enabled),
            definition: draft.definition,
            modify_date: self.at,
            modified_by: by.to_owned(),
            ..old
        };
        self.txn.put_schema_version(&schema, false)?;
        Ok(schema)
    }

    /// Removes a schema. Records keep it, and its versions can be read.
    pub(crate) fn remove_schema(&mut self, kind: SchemaKind, id: Uuid) -> Result<(), BookError> {
        self.schema(kind, id)?;
        self.txn.remove_schema(id)?;
        Ok(())
    }

    /// Imports a version of a schema under its own id and number.
    pub(super) fn import_schema(&mut self, item: ImportSchema) -> Result<ImportOutcome, BookError> {
        let ImportSchema { schema, removed } = item;
        let refused = |why| Err(BookError::InvalidReference(why));
        if let Some(known) = self.schema_version(schema.id, schema.version)? {
            // Dates and names of clients may be those of another place.
            let is_same = known.kind == schema.kind
                && known.name == schema.name
                && known.enabled == schema.enabled
                && known.definition == schema.definition;
            return match is_same {
                true => Ok(ImportOutcome::Unchanged),
                false => refused(InvalidReference::SchemaVersion),
            };
        }
        let newest = self.txn.schema(schema.id)?;
        if newest.as_ref().is_some_and(|newest| newest.kind != schema.kind) {
            return refused(InvalidReference::SchemaVersion);
        }
        let fields = schema.definition.properties.len();
        if !removed && self.check_room(schema.kind, Some(schema.id), fields).is_err() {
            return refused(InvalidReference::TooManySchemas);
        }
        self.txn.put_schema_version(&schema, removed)?;
        Ok(ImportOutcome::Added)
    }
}
