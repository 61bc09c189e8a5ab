//! The check of schemas: each version is kept under its own id and number, and the newest one is there.

use crate::check::Checker;
use crate::entities::schemas::name_of;
use crate::error::{OrStoreError, StoreError};
use carnet_model::DataSchema;
use redb::ReadableTable;
use uuid::Uuid;

impl Checker<'_> {
    pub(super) fn schemas(&mut self) -> Result<(), StoreError> {
        let tables = self.tables;
        for row in tables.schema_versions.iter().or_store_error()? {
            let (key, bytes) = row.or_store_error()?;
            let (id, version) = key.value();
            let name = name_of(id, version);
            let Some(record) = self.record::<DataSchema>(bytes.value(), &name) else {
                continue;
            };
            if record.id.as_bytes() != id || u64::try_from(record.version) != Ok(version) {
                self.problem(format!("schema {name} is kept under another id or number"));
            }
        }
        for row in tables.schemas.iter().or_store_error()? {
            let (id, newest) = row.or_store_error()?;
            let (id, newest) = (*id.value(), newest.value());
            if tables.schema_versions.get((&id, newest)).or_store_error()?.is_none() {
                let id = Uuid::from_bytes(id);
                self.problem(format!("schema {id} has no version {newest}, which is its newest"));
            }
        }
        Ok(())
    }
}
