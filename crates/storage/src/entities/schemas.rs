//! Schemas of custom fields: every version of each, and which of them is the newest. The versions of a
//! schema that was removed stay, for the records that have them. Schemas are not in the change log,
//! which is about what search and look-ups find.

use crate::error::{OrStoreError, StoreError};
use crate::record::{decode, encode};
use crate::tables::{Mode, Tables};
use crate::write::WriteTxn;
use carnet_model::DataSchema;
use redb::ReadableTable;
use std::ops::Bound;
use uuid::Uuid;

/// The number of a version in a key; 0, which no version has, for one that cannot be.
fn number(version: i64) -> u64 {
    u64::try_from(version).unwrap_or(0)
}

/// A version in errors.
pub(crate) fn name_of(id: &[u8; 16], version: u64) -> String {
    format!("{} version {version}", Uuid::from_bytes(*id))
}

impl<M: Mode> Tables<M> {
    pub(crate) fn schema_version(
        &self,
        id: Uuid,
        version: i64,
    ) -> Result<Option<DataSchema>, StoreError> {
        let key = (id.as_bytes(), number(version));
        match self.schema_versions.get(key).or_store_error()? {
            Some(bytes) => decode(bytes.value(), &name_of(key.0, key.1)).map(Some),
            None => Ok(None),
        }
    }

    pub(crate) fn newest_schema_version(&self, id: Uuid) -> Result<Option<i64>, StoreError> {
        let newest = self.schemas.get(id.as_bytes()).or_store_error()?.map(|row| row.value());
        Ok(newest.and_then(|newest| i64::try_from(newest).ok()))
    }

    pub(crate) fn schema(&self, id: Uuid) -> Result<Option<DataSchema>, StoreError> {
        let Some(newest) = self.newest_schema_version(id)? else {
            return Ok(None);
        };
        let schema = self.schema_version(id, newest)?;
        schema.map(Some).ok_or_else(|| {
            StoreError::Damaged(format!("schema {id} has no version {newest}, which is its newest"))
        })
    }

    pub(crate) fn schemas(&self) -> Result<Vec<DataSchema>, StoreError> {
        let mut schemas = Vec::new();
        for row in self.schemas.iter().or_store_error()? {
            let id = Uuid::from_bytes(*row.or_store_error()?.0.value());
            schemas.extend(self.schema(id)?);
        }
        Ok(schemas)
    }

    pub(crate) fn schema_versions(&self, id: Uuid) -> Result<Vec<DataSchema>, StoreError> {
        let all = (id.as_bytes(), 0)..=(id.as_bytes(), u64::MAX);
        let rows = self.schema_versions.range(all).or_store_error()?;
        let versions = rows.map(|row| {
            let (key, bytes) = row.or_store_error()?;
            let (id, version) = key.value();
            decode(bytes.value(), &name_of(id, version))
        });
        versions.collect()
    }

    pub(crate) fn schema_versions_after(
        &self,
        after: Option<(Uuid, i64)>,
        limit: usize,
    ) -> Result<Vec<DataSchema>, StoreError> {
        let first = match &after {
            Some((id, version)) => Bound::Excluded((id.as_bytes(), number(*version))),
            None => Bound::Unbounded,
        };
        let rest = (first, Bound::Unbounded);
        let rows = self.schema_versions.range::<(&[u8; 16], u64)>(rest).or_store_error()?;
        let versions = rows.take(limit).map(|row| {
            let (key, bytes) = row.or_store_error()?;
            let (id, version) = key.value();
            decode(bytes.value(), &name_of(id, version))
        });
        versions.collect()
    }
}

impl WriteTxn<'_> {
    /// Adds a version of a schema, which is the newest one from now on unless it is older than that.
    /// One that is `removed` is kept and is no version that records may be given.
    pub fn put_schema_version(
        &mut self,
        schema: &DataSchema,
        removed: bool,
    ) -> Result<(), StoreError> {
        let (id, version) = (schema.id.as_bytes(), number(schema.version));
        let bytes = encode(schema, &name_of(id, version))?;
        self.tables.schema_versions.insert((id, version), bytes.as_slice()).or_store_error()?;
        let newest = self.tables.newest_schema_version(schema.id)?;
        if !removed && newest.is_none_or(|newest| newest < schema.version) {
            self.tables.schemas.insert(id, version).or_store_error()?;
        }
        self.changed = true;
        Ok(())
    }

    /// Removes a schema; its versions stay. False when there is none with this id.
    pub fn remove_schema(&mut self, id: Uuid) -> Result<bool, StoreError> {
        let removed = self.tables.schemas.remove(id.as_bytes()).or_store_error()?.is_some();
        self.changed |= removed;
        Ok(removed)
    }
}
