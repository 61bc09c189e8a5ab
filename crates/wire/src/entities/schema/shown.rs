//! A version of a schema as answers and exports have it.

use crate::entities::schema::definition::JsonSchema;
use crate::json::fields::Fields;
use crate::parts::reference::BASE_PATH;
use crate::time::Iso;
use carnet_model::{DataSchema, SchemaKind};
use serde::{Serialize, Serializer};

/// What a line of an export says beyond the API: when the first version was made, who made this
/// one, and that the schema was removed.
pub(super) const FIRST_DATE: &str = "firstDateCreated";
pub(super) const VERSION_AUTHOR: &str = "versionCreatedBy";
pub(super) const REMOVED: &str = "removed";

pub(super) const APPLIES_TO: &str = "appliesTo";

/// The name of what a schema applies to.
fn applies_to(kind: SchemaKind) -> &'static str {
    match kind {
        SchemaKind::Contact => "CONTACT",
        SchemaKind::Organization => "EXTERNAL_ORGANIZATION",
    }
}

/// The path of the schemas of a kind.
pub(super) fn folder(kind: SchemaKind) -> &'static str {
    match kind {
        SchemaKind::Contact => "contacts/schemas",
        SchemaKind::Organization => "organizations/schemas",
    }
}

/// A version of a schema as answers have it.
#[derive(Clone, Copy, Debug)]
pub struct Schema<'a> {
    schema: &'a DataSchema,
    /// Whether the line of an export is written, and the schema was removed.
    exported: Option<bool>,
}

impl<'a> Schema<'a> {
    /// The answer for this version.
    pub fn new(schema: &'a DataSchema) -> Self {
        Schema { schema, exported: None }
    }

    /// As an export has it, with everything that an import brings back.
    pub fn exported(schema: &'a DataSchema, removed: bool) -> Self {
        Schema { schema, exported: Some(removed) }
    }
}

impl Serialize for Schema<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let schema = self.schema;
        let (id, folder) = (schema.id, folder(schema.kind));
        let mut out = Fields::begin(serializer)?;
        out.add("id", &id)?;
        out.add("name", &schema.name)?;
        out.add("version", &schema.version)?;
        out.add(APPLIES_TO, &[applies_to(schema.kind)])?;
        out.add("enabled", &schema.enabled)?;
        out.maybe("createdBy", author(&schema.created_by))?;
        out.add("dateCreated", &Iso(schema.modify_date))?;
        if let Some(removed) = self.exported {
            out.add(FIRST_DATE, &Iso(schema.create_date))?;
            out.maybe(VERSION_AUTHOR, author(&schema.modified_by))?;
            out.maybe(REMOVED, removed.then_some(true))?;
        }
        out.add("jsonSchema", &JsonSchema(&schema.definition))?;
        out.add("selfUri", &format_args!("{BASE_PATH}/{folder}/{id}"))?;
        out.end()
    }
}

/// Who made a schema; nobody for the command line.
fn author(id: &str) -> Option<Author<'_>> {
    (!id.is_empty()).then_some(Author { id })
}

#[derive(Serialize)]
struct Author<'a> {
    id: &'a str,
}
