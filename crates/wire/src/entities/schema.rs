//! Schemas of custom fields: a body to a draft, and the line of an export to a version. Answers lie in the
//! files of this room.

mod answers;
mod definition;
mod shown;

pub use answers::{CoreTypes, Listing, core_type, limits};
pub use shown::Schema;

use crate::Checked;
use crate::json::reader::{Reader, read_body};
use crate::parts::reference::{read_date, read_id};
use carnet_model::limits::{IDENTIFIER_CHARS_MAX, SCHEMA_NAME_CHARS_MAX};
use carnet_model::{DataSchema, ImportSchema, SchemaDraft, SchemaKind};
use definition::read_definition;
use serde_json::Value;
use shown::{APPLIES_TO, FIRST_DATE, REMOVED, VERSION_AUTHOR};

/// Reads the body of a new schema. The version in it counts nothing.
pub fn read(body: &Value) -> Checked<SchemaDraft> {
    read_body(body, |at| at.body().map(read_draft).unwrap_or_default())
}

/// Reads the body of the next version of a schema, which names the present one.
pub fn read_next(body: &Value) -> Checked<SchemaDraft> {
    read_body(body, |at| {
        let Some(at) = at.body() else {
            return SchemaDraft::default();
        };
        at.field("version").require();
        read_draft(at)
    })
}

/// Reads a version of a schema to be imported: with its id, its number, its dates and authors.
pub fn read_import(body: &Value) -> Checked<ImportSchema> {
    read_body(body, |at| {
        let mut import = ImportSchema { schema: DataSchema::default(), removed: false };
        let Some(at) = at.body() else {
            return import;
        };
        at.field("id").require();
        let version = at.field("version");
        version.require();
        let draft = read_draft(at);
        if draft.version.is_some_and(|version| version < 1) {
            version.refuse("versions count from 1");
        }
        let author = |name: &str| {
            let by = at.field(name);
            by.object().and_then(|by| by.field("id").text(IDENTIFIER_CHARS_MAX)).unwrap_or_default()
        };
        let made = read_date(&at.field("dateCreated")).unwrap_or_default();
        import.schema = DataSchema {
            id: read_id(&at.field("id")),
            kind: kind_of(at),
            name: draft.name,
            version: draft.version.unwrap_or_default(),
            enabled: draft.enabled.unwrap_or(true),
            definition: draft.definition,
            create_date: read_date(&at.field(FIRST_DATE)).unwrap_or(made),
            created_by: author("createdBy"),
            modify_date: made,
            modified_by: author(VERSION_AUTHOR),
        };
        import.removed = at.field(REMOVED).boolean().unwrap_or_default();
        import
    })
}

fn read_draft(at: &Reader<'_>) -> SchemaDraft {
    let json_schema = at.field("jsonSchema");
    json_schema.require();
    let definition = read_definition(&json_schema);
    let name = at.field("name");
    // The title of the document is a name as good as any.
    let name = match definition.title.as_ref() {
        Some(title) if name.is_blank() => title.clone(),
        _ => {
            name.require_name();
            name.name(SCHEMA_NAME_CHARS_MAX).unwrap_or_default()
        }
    };
    SchemaDraft {
        name,
        version: at.field("version").integer(),
        enabled: at.field("enabled").boolean(),
        definition,
    }
}

/// The kind of a schema of an export: what it applies to, else what the link to it says.
fn kind_of(at: &Reader<'_>) -> SchemaKind {
    let applies = at.field(APPLIES_TO);
    let applies: Vec<&str> = applies
        .value()
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let link = at.field("selfUri").value().and_then(Value::as_str).unwrap_or_default();
    let of_organizations = match applies.is_empty() {
        true => link.contains("/organizations/schemas/"),
        // Both names are in use.
        false => applies.iter().any(|name| name.ends_with("ORGANIZATION")),
    };
    if of_organizations { SchemaKind::Organization } else { SchemaKind::Contact }
}

#[cfg(test)]
mod tests;
