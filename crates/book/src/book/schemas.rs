//! Schemas of custom fields: adding, editing and removing them.

use crate::book::AddressBook;
use crate::error::BookError;
use crate::principal::Principal;
use carnet_model::{DataSchema, SchemaDraft, SchemaKind};
use uuid::Uuid;

impl AddressBook {
    /// Adds a schema, as its version 1. Its id and dates are set here; records may be given it unless
    /// the draft says otherwise.
    ///
    /// # Errors
    /// [`BookError::Conflict`] when there are too many schemas or fields,
    /// [`BookError::Unavailable`] when it could not be kept; so for every write.
    pub async fn add_schema(
        &self,
        by: &Principal,
        kind: SchemaKind,
        draft: SchemaDraft,
    ) -> Result<DataSchema, BookError> {
        let by = by.author.clone();
        self.inner.write(1, move |transaction| transaction.add_schema(kind, draft, &by)).await
    }

    /// Makes the next version of a schema. Records keep the version that they were written with.
    ///
    /// # Errors
    /// [`BookError::NotFound`], [`BookError::Conflict`] when the draft does not name the present
    /// version.
    pub async fn replace_schema(
        &self,
        by: &Principal,
        kind: SchemaKind,
        id: Uuid,
        draft: SchemaDraft,
    ) -> Result<DataSchema, BookError> {
        let by = by.author.clone();
        self.inner
            .write(1, move |transaction| transaction.replace_schema(kind, id, draft, &by))
            .await
    }

    /// Removes a schema. Records keep what they have, and its versions can be read as before.
    ///
    /// # Errors
    /// [`BookError::NotFound`].
    pub async fn remove_schema(&self, kind: SchemaKind, id: Uuid) -> Result<(), BookError> {
        self.inner.write(1, move |transaction| transaction.remove_schema(kind, id)).await
    }
}
