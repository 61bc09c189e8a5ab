//! What a schema may be built from, and how much of it there may be, as answers have it.

use crate::entities::schema::definition::names_of;
use crate::entities::schema::shown::{Schema, folder};
use crate::json::fields::Fields;
use crate::parts::reference::BASE_PATH;
use carnet_model::limits::{
    ALL_FIELDS_MAX, DESCRIPTION_CHARS_MAX, FIELD_KEY_CHARS_MAX, FIELD_TITLE_CHARS_MAX,
    SCHEMA_FIELDS_MAX, SCHEMA_NAME_CHARS_MAX, SCHEMAS_MAX,
};
use carnet_model::{CoreType, DataSchema, Restriction, SchemaKind};
use serde::{Serialize, Serializer};

/// A list of schemas.
#[derive(Clone, Copy, Debug)]
pub struct Listing<'a> {
    schemas: &'a [DataSchema],
    path: &'a str,
}

impl<'a> Listing<'a> {
    /// All of these; `path` is that of the request.
    pub fn new(schemas: &'a [DataSchema], path: &'a str) -> Self {
        Listing { schemas, path }
    }
}

impl Serialize for Listing<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = Fields::begin(serializer)?;
        out.add("total", &self.schemas.len())?;
        out.all("entities", self.schemas, Schema::new)?;
        out.add("selfUri", self.path)?;
        out.end()
    }
}

/// The core types of a kind of schemas.
#[derive(Clone, Copy, Debug)]
pub struct CoreTypes(pub SchemaKind);

impl Serialize for CoreTypes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let entities = CoreType::ALL.map(|core_type| Described { core_type, kind: self.0 });
        let mut out = Fields::begin(serializer)?;
        out.add("total", &entities.len())?;
        out.add("entities", &entities)?;
        out.add("selfUri", &format_args!("{BASE_PATH}/{}/coretypes", folder(self.0)))?;
        out.end()
    }
}

/// The core type of this name as an answer; `None` where there is none.
pub fn core_type(name: &str, kind: SchemaKind) -> Option<impl Serialize + use<>> {
    CoreType::parse(name).map(|core_type| Described { core_type, kind })
}

struct Described {
    core_type: CoreType,
    kind: SchemaKind,
}

impl Serialize for Described {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let core_type = self.core_type;
        let name = core_type.name();
        let (chars, entries) = (core_type.chars_max(), core_type.entries_max());
        let of_tags = core_type == CoreType::Tag;
        let mut out = Fields::begin(serializer)?;
        out.add("id", name)?;
        out.add("name", name)?;
        out.add("version", &1)?;
        out.add("schema", &BaseSchema::of(core_type))?;
        out.add("current", &true)?;
        let restrictions = core_type.restrictions().iter();
        let fields: Vec<&str> = restrictions
            .filter(|restriction| **restriction != Restriction::Items)
            .map(|restriction| names_of(*restriction)[0])
            .collect();
        out.add("validationFields", &fields)?;
        let limits = Limits {
            min_length: chars.map(Bounds::from_zero),
            max_length: chars.map(Bounds::from_one),
            min_items: entries.filter(|_| of_tags).map(Bounds::from_zero),
            // Of an enum: the texts that may be chosen.
            max_items: entries.map(Bounds::from_one),
        };
        out.maybe("validationLimits", chars.or(entries).map(|_| limits))?;
        let entry_chars = core_type.entry_chars_max();
        if of_tags {
            out.add("itemValidationFields", &["minLength", "maxLength"])?;
        }
        out.maybe(
            "itemValidationLimits",
            entry_chars.map(|max| Limits {
                min_length: Some(Bounds::from_zero(max)),
                max_length: Some(Bounds::from_one(max)),
                min_items: None,
                max_items: None,
            }),
        )?;
        out.add("selfUri", &format_args!("{BASE_PATH}/{}/coretypes/{name}", folder(self.kind)))?;
        out.end()
    }
}

/// The schema of a core type itself.
#[derive(Serialize)]
struct BaseSchema {
    title: &'static str,
    description: &'static str,
    #[serde(rename = "type")]
    kinds: [&'static str; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    items: Option<BaseItems>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pattern: Option<&'static str>,
}

#[derive(Serialize)]
struct BaseItems {
    #[serde(rename = "type")]
    kind: &'static str,
}

impl BaseSchema {
    fn of(core_type: CoreType) -> BaseSchema {
        let (description, kind) = match core_type {
            CoreType::Text => ("A text on one line", "string"),
            CoreType::LongText => ("A text on any number of lines", "string"),
            CoreType::Number => ("A number", "number"),
            CoreType::Integer => ("A whole number", "integer"),
            CoreType::Enum => ("One of some texts", "string"),
            CoreType::Identifier => ("A text by which a record is found", "string"),
            CoreType::Checkbox => ("True or false", "boolean"),
            CoreType::Date => ("A day, as 2026-01-31", "string"),
            CoreType::DateTime => ("A moment, as 2026-01-31T12:30:00Z", "string"),
            CoreType::Tag => ("Short texts, each there once", "array"),
            CoreType::Url => ("An http or https address", "string"),
        };
        let pattern = match core_type {
            CoreType::Date => Some("^[0-9]{4}-[0-9]{2}-[0-9]{2}$"),
            CoreType::DateTime => Some(
                "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,9})?(Z|[+-][0-9]{2}:?[0-9]{2})$",
            ),
            _ => None,
        };
        let items = (core_type == CoreType::Tag).then_some(BaseItems { kind: "string" });
        BaseSchema { title: core_type.name(), description, kinds: [kind], items, pattern }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Limits {
    #[serde(skip_serializing_if = "Option::is_none")]
    min_length: Option<Bounds>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_length: Option<Bounds>,
    #[serde(skip_serializing_if = "Option::is_none")]
    min_items: Option<Bounds>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_items: Option<Bounds>,
}

/// From where to where a restriction may be set.
#[derive(Serialize)]
struct Bounds {
    min: usize,
    max: usize,
}

impl Bounds {
    fn from_zero(max: usize) -> Bounds {
        Bounds { min: 0, max }
    }

    fn from_one(max: usize) -> Bounds {
        Bounds { min: 1, max }
    }
}

/// How many schemas, fields and characters there may be, as an answer.
pub fn limits(kind: SchemaKind) -> impl Serialize {
    QuantityLimits {
        id: "limits",
        name: "limits",
        min_field_name_characters: 1,
        max_field_name_characters: FIELD_KEY_CHARS_MAX,
        min_field_title_characters: 0,
        max_field_title_characters: FIELD_TITLE_CHARS_MAX,
        min_field_description_characters: 0,
        max_field_description_characters: DESCRIPTION_CHARS_MAX,
        min_schema_name_characters: 1,
        max_schema_name_characters: SCHEMA_NAME_CHARS_MAX,
        min_schema_description_characters: 0,
        max_schema_description_characters: DESCRIPTION_CHARS_MAX,
        max_number_of_schemas_per_org: SCHEMAS_MAX,
        max_number_of_fields_per_schema: SCHEMA_FIELDS_MAX,
        max_number_of_fields_per_org: ALL_FIELDS_MAX,
        self_uri: format!("{BASE_PATH}/{}/limits", folder(kind)),
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct QuantityLimits {
    id: &'static str,
    name: &'static str,
    min_field_name_characters: usize,
    max_field_name_characters: usize,
    min_field_title_characters: usize,
    max_field_title_characters: usize,
    min_field_description_characters: usize,
    max_field_description_characters: usize,
    min_schema_name_characters: usize,
    max_schema_name_characters: usize,
    min_schema_description_characters: usize,
    max_schema_description_characters: usize,
    max_number_of_schemas_per_org: usize,
    max_number_of_fields_per_schema: usize,
    max_number_of_fields_per_org: usize,
    self_uri: String,
}
