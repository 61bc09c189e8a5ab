//! The document of a schema: draft-04 of JSON Schema, of which only the core types and what narrows
//! them may be used. Whatever else stands in a document is a fault at its place: a rule that nobody
//! follows would be worse than none.

use crate::json::exact::Exact;
use crate::json::fields::Fields;
use crate::json::reader::Reader;
use carnet_model::limits::{
    DESCRIPTION_CHARS_MAX, FIELD_KEY_CHARS_MAX, FIELD_TITLE_CHARS_MAX, NAME_CHARS_MAX,
    SCHEMA_FIELDS_MAX, SCHEMA_NAME_CHARS_MAX, WHOLE_DIGITS_MAX,
};
use carnet_model::{
    CoreType, Definition, EnumOption, FaultKind, Numeral, Property, Restriction, Restrictions,
    large_whole, too_many_digits,
};
use serde::{Serialize, Serializer};
use serde_json::Value;
use std::cmp::Ordering;

/// The dialect of the documents.
const DIALECT: &str = "http://json-schema.org/draft-04/schema#";
/// Where a field names its core type.
const TYPE_PATH: &str = "#/definitions/";

const DOCUMENT_KEYS: &[&str] = &[
    "id",
    "$schema",
    "title",
    "description",
    "type",
    "required",
    "properties",
    "additionalProperties",
];

/// The keys of the object here.
fn keys<'a>(at: &Reader<'a>) -> impl Iterator<Item = &'a str> + use<'a> {
    let fields = at.value().and_then(Value::as_object);
    fields.into_iter().flat_map(|fields| fields.keys().map(String::as_str))
}

/// Refuses every key of the object here that is not known.
fn refuse_unknown(at: &Reader<'_>, is_known: impl Fn(&str) -> bool) {
    for key in keys(at).filter(|key| !is_known(key)) {
        let at = at.field(key);
        if at.value().is_some() {
            at.refuse("this is no part of a schema of custom fields");
        }
    }
}

/// Reads a document.
pub(super) fn read_definition(at: &Reader<'_>) -> Definition {
    let Some(at) = at.object() else {
        return Definition::default();
    };
    refuse_unknown(at, |key| DOCUMENT_KEYS.contains(&key));
    let dialect = at.field("$schema");
    if dialect
        .line(NAME_CHARS_MAX)
        .is_some_and(|uri| uri.trim_end_matches('#') != DIALECT.trim_end_matches('#'))
    {
        dialect.refuse(format!("the one dialect is {DIALECT}"));
    }
    let kind = at.field("type");
    if kind.line(NAME_CHARS_MAX).is_some_and(|kind| kind != "object") {
        kind.refuse("a record is an object");
    }
    let others = at.field("additionalProperties");
    let says_nothing = match others.value() {
        None | Some(Value::Bool(false)) => true,
        Some(Value::Object(fields)) => fields.is_empty(),
        Some(_) => false,
    };
    if !says_nothing {
        others.refuse("a record has only the fields of its schema");
    }
    let properties = read_properties(&at.field("properties"));
    let required = at.field("required");
    let required = required.list(SCHEMA_FIELDS_MAX).filter_map(|entry| {
        let key = entry.line(FIELD_KEY_CHARS_MAX)?;
        if !properties.iter().any(|property| property.key == key) {
            entry.refuse("there is no field with this key");
        }
        Some(key.to_owned())
    });
    Definition {
        id: at.field("id").text(NAME_CHARS_MAX),
        title: at.field("title").text(SCHEMA_NAME_CHARS_MAX),
        description: at.field("description").text(DESCRIPTION_CHARS_MAX),
        required: required.collect(),
        properties,
    }
}

fn read_properties(at: &Reader<'_>) -> Vec<Property> {
    let Some(at) = at.object() else {
        return Vec::new();
    };
    if keys(at).count() > SCHEMA_FIELDS_MAX {
        at.fault(FaultKind::TooLong { max: SCHEMA_FIELDS_MAX });
    }
    let read = keys(at).take(SCHEMA_FIELDS_MAX).filter_map(|key| {
        let at = at.field(key);
        at.require();
        read_property(key, at.object()?)
    });
    read.collect()
}

fn read_property(key: &str, at: &Reader<'_>) -> Option<Property> {
    let is_part_of_key = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    if !key.chars().all(is_part_of_key) {
        at.refuse("the key of a field has letters, digits, `_` and `-` only");
    }
    if key.chars().count() > FIELD_KEY_CHARS_MAX {
        at.refuse(format!("the key of a field has at most {FIELD_KEY_CHARS_MAX} characters"));
    }
    let core_type = read_core_type(&at.field("allOf"));
    let title = at.field("title").text(FIELD_TITLE_CHARS_MAX);
    let description = at.field("description").text(DESCRIPTION_CHARS_MAX);
    let core_type = core_type?;
    if CoreType::of_key(key) != Some(core_type) {
        let name = core_type.name();
        at.refuse(format!("the key of a field of this type ends with it, as in `vip_{name}`"));
    }
    refuse_unknown(at, |key| {
        matches!(key, "allOf" | "title" | "description")
            || core_type.restrictions().iter().any(|known| names_of(*known).contains(&key))
    });
    let restrictions = read_restrictions(core_type, at);
    Some(Property { key: key.to_owned(), title, description, core_type, restrictions })
}

/// The keys by which a restriction is set.
pub(super) fn names_of(restriction: Restriction) -> &'static [&'static str] {
    match restriction {
        Restriction::MinLength => &["minLength"],
        Restriction::MaxLength => &["maxLength"],
        Restriction::Minimum => &["minimum"],
        Restriction::Maximum => &["maximum"],
        Restriction::MinItems => &["minItems"],
        Restriction::MaxItems => &["maxItems"],
        Restriction::Items => &["items"],
        Restriction::UniqueItems => &["uniqueItems"],
        Restriction::Options => &["enum", "_enumProperties"],
    }
}

/// Reads the one entry of `allOf`, which names the core type.
fn read_core_type(at: &Reader<'_>) -> Option<CoreType> {
    at.require();
    let mut entries = at.list(1);
    let Some(entry) = entries.next() else {
        // An empty list names no type either.
        if at.value().is_some_and(Value::is_array) {
            at.fault(FaultKind::Required);
        }
        return None;
    };
    let entry = entry.object()?;
    refuse_unknown(entry, |key| key == "$ref");
    let reference = entry.field("$ref");
    reference.require();
    let text = reference.line(NAME_CHARS_MAX)?;
    let core_type = text.strip_prefix(TYPE_PATH).and_then(CoreType::parse);
    if core_type.is_none() {
        let known = CoreType::ALL.map(CoreType::name).join(", ");
        reference.refuse(format!("it names a core type, as in {TYPE_PATH}text: {known}"));
    }
    core_type
}

fn read_restrictions(core_type: CoreType, at: &Reader<'_>) -> Restrictions {
    let mut rules = Restrictions::default();
    for restriction in core_type.restrictions() {
        let name = names_of(*restriction)[0];
        let here = at.field(name);
        let chars_max = core_type.chars_max().unwrap_or_default();
        let entries_max = core_type.entries_max().unwrap_or_default();
        match restriction {
            Restriction::MinLength => rules.min_length = read_count(&here, 0, chars_max),
            Restriction::MaxLength => {
                rules.max_length = read_upper(&here, rules.min_length, chars_max);
            }
            Restriction::Minimum => rules.minimum = read_bound(&here, core_type),
            Restriction::Maximum => {
                rules.maximum = read_bound(&here, core_type);
                let numbers = rules.minimum.as_ref().zip(rules.maximum.as_ref());
                let numbers =
                    numbers.and_then(|(low, high)| Numeral::of(low).zip(Numeral::of(high)));
                if numbers.is_some_and(|(low, high)| high.order(low) == Ordering::Less) {
                    here.refuse("it is less than the minimum");
                }
            }
            Restriction::MinItems => rules.min_items = read_count(&here, 0, entries_max),
            Restriction::MaxItems => {
                rules.max_items = read_upper(&here, rules.min_items, entries_max);
            }
            Restriction::Items => {
                let Some(items) = here.object() else { continue };
                refuse_unknown(items, |key| matches!(key, "minLength" | "maxLength"));
                let max = core_type.entry_chars_max().unwrap_or_default();
                rules.item_min_length = read_count(&items.field("minLength"), 0, max);
                rules.item_max_length =
                    read_upper(&items.field("maxLength"), rules.item_min_length, max);
            }
            Restriction::UniqueItems => rules.unique_items = here.boolean(),
            Restriction::Options => rules.options = read_options(core_type, at),
        }
    }
    rules
}

/// Reads a count from `min` to `max`.
fn read_count(at: &Reader<'_>, min: usize, max: usize) -> Option<usize> {
    let number = at.integer()?;
    let count = usize::try_from(number).ok().filter(|count| (min..=max).contains(count));
    if count.is_none() {
        at.refuse(format!("it is from {min} to {max}"));
    }
    count
}

/// Reads a count from 1, and not below the lower one of a pair.
fn read_upper(at: &Reader<'_>, lower: Option<usize>, max: usize) -> Option<usize> {
    read_count(at, lower.unwrap_or(1).max(1), max)
}

/// Reads the smallest or largest number.
fn read_bound(at: &Reader<'_>, core_type: CoreType) -> Option<Value> {
    let value = at.value()?;
    let number = Numeral::of(value);
    if number.is_none() && large_whole(value).is_some() || has_many_digits(value) {
        at.refuse(too_many_digits());
        return None;
    }
    let is_good = number.is_some_and(|number| core_type == CoreType::Number || number.is_whole());
    if !is_good {
        let whole = core_type == CoreType::Integer;
        at.fault(FaultKind::WrongType {
            expected: if whole { "a whole number" } else { "a number" },
        });
    }
    is_good.then(|| value.clone())
}

fn has_many_digits(value: &Value) -> bool {
    large_whole(value).is_some_and(|digits| digits.trim_start_matches('-').len() > WHOLE_DIGITS_MAX)
}

/// Reads the texts that may be chosen, and what is said about each.
fn read_options(core_type: CoreType, at: &Reader<'_>) -> Vec<EnumOption> {
    let (values, about) = (at.field("enum"), at.field("_enumProperties"));
    values.require();
    let count_max = core_type.entries_max().unwrap_or_default();
    let chars_max = core_type.entry_chars_max().unwrap_or_default();
    let mut options: Vec<EnumOption> = Vec::new();
    for entry in values.list(count_max) {
        entry.require();
        let Some(value) = entry.text(chars_max) else { continue };
        if options.iter().any(|option| option.value == value) {
            entry.refuse("this text is there already");
        }
        options.push(EnumOption { value, ..EnumOption::default() });
    }
    if options.is_empty() {
        if values.value().and_then(Value::as_array).is_some_and(Vec::is_empty) {
            values.refuse("there is nothing to choose");
        }
        return options;
    }
    if let Some(about) = about.object() {
        refuse_unknown(about, |key| options.iter().any(|option| option.value == key));
        for option in &mut options {
            let at = about.field(&option.value);
            let Some(at) = at.object() else { continue };
            refuse_unknown(at, |key| matches!(key, "title" | "_disabled"));
            let (title, disabled) =
                (at.field("title").text(FIELD_TITLE_CHARS_MAX), at.field("_disabled").boolean());
            (option.title, option.disabled) = (title, disabled);
        }
    }
    options
}

/// The document of a schema as answers have it.
pub(super) struct JsonSchema<'a>(pub(super) &'a Definition);

impl Serialize for JsonSchema<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let definition = self.0;
        let mut out = Fields::begin(serializer)?;
        out.text("id", &definition.id)?;
        out.add("$schema", DIALECT)?;
        out.text("title", &definition.title)?;
        out.text("description", &definition.description)?;
        out.list("required", &definition.required, String::as_str)?;
        out.add("properties", &Properties(&definition.properties))?;
        out.end()
    }
}

struct Properties<'a>(&'a [Property]);

impl Serialize for Properties<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let entries = self.0.iter().map(|property| (&property.key, Field(property)));
        serializer.collect_map(entries)
    }
}

struct Field<'a>(&'a Property);

impl Serialize for Field<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Property { title, description, core_type, restrictions: rules, .. } = self.0;
        let mut out = Fields::begin(serializer)?;
        out.add("allOf", &[TypeReference { path: format!("{TYPE_PATH}{}", core_type.name()) }])?;
        out.text("title", title)?;
        out.text("description", description)?;
        out.maybe("minLength", rules.min_length)?;
        out.maybe("maxLength", rules.max_length)?;
        out.maybe("minimum", rules.minimum.as_ref().map(Exact))?;
        out.maybe("maximum", rules.maximum.as_ref().map(Exact))?;
        out.maybe("minItems", rules.min_items)?;
        out.maybe("maxItems", rules.max_items)?;
        let items = Items { min_length: rules.item_min_length, max_length: rules.item_max_length };
        out.maybe("items", (items.min_length.or(items.max_length).is_some()).then_some(items))?;
        out.maybe("uniqueItems", rules.unique_items)?;
        out.list("enum", &rules.options, |option| option.value.as_str())?;
        let about = rules
            .options
            .iter()
            .filter(|option| option.title.is_some() || option.disabled.is_some());
        let about: Vec<&EnumOption> = about.collect();
        out.maybe("_enumProperties", (!about.is_empty()).then_some(AboutOptions(about)))?;
        out.end()
    }
}

#[derive(Serialize)]
struct TypeReference {
    #[serde(rename = "$ref")]
    path: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Items {
    #[serde(skip_serializing_if = "Option::is_none")]
    min_length: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_length: Option<usize>,
}

struct AboutOptions<'a>(Vec<&'a EnumOption>);

impl Serialize for AboutOptions<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let about = |option: &&'_ EnumOption| AboutOption {
            title: option.title.clone(),
            disabled: option.disabled,
        };
        serializer.collect_map(self.0.iter().map(|option| (&option.value, about(option))))
    }
}

#[derive(Serialize)]
struct AboutOption {
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    #[serde(rename = "_disabled", skip_serializing_if = "Option::is_none")]
    disabled: Option<bool>,
}
