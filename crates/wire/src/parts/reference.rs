//! Parts that contacts and organisations share beside their own data: ids and dates, the division,
//! external ids, the schema and its custom fields; and the two texts with a form of their own,
//! e-mails and URLs.

use crate::json::exact::ExactFields;
use crate::json::fields::Fields;
use crate::json::reader::Reader;
use crate::time;
use carnet_model::limits::{
    CUSTOM_FIELDS_BYTES_MAX, EMAIL_CHARS_MAX, EXTERNAL_IDS_MAX, IDENTIFIER_CHARS_MAX,
    NAME_CHARS_MAX, SOURCE_NAME_CHARS_MAX, WHOLE_DIGITS_MAX,
};
use carnet_model::{
    CustomFields, Division, ExternalId, ExternalSource, FaultKind, SchemaRef, Timestamp, Uuid,
    bare_email, is_web_url, large_whole, too_many_digits,
};
use carnet_phone::is_blank;
use serde::{Serialize, Serializer};
use serde_json::Value;
use std::io;

/// The common path of the operations on external contacts.
pub(crate) const BASE_PATH: &str = "/api/v2/externalcontacts";

/// Reads an e-mail, without what cannot be seen and without `mailto:`: a name, one `@`, a host,
/// without blanks and what separates or encloses addresses. Quoted names, which might hold these, are not taken. More is known only by writing
/// to it.
pub(crate) fn read_email(at: &Reader<'_>) -> Option<String> {
    let text = at.name(EMAIL_CHARS_MAX)?;
    let email = bare_email(&text).into_owned();
    if !is_email(&email) {
        at.refuse("this is not an e-mail address");
        return None;
    }
    Some(email)
}

/// Whether a text is one address, as [`read_email`] takes it.
pub(crate) fn is_email(text: &str) -> bool {
    let whole = text.split_once('@').is_some_and(|(name, host)| is_dotted(name) && is_dotted(host));
    whole && !text.contains(not_in_email)
}

/// Whether no e-mail has this character. A link may have written out a control character.
fn not_in_email(c: char) -> bool {
    is_blank(c) || c.is_control() || ",;<>\"".contains(c)
}

/// Whether a side of an e-mail is words with single dots between them; `@` is in neither.
fn is_dotted(side: &str) -> bool {
    !side.contains('@') && side.split('.').all(|word| !word.is_empty())
}

/// Reads the address of a page in another system.
pub(crate) fn read_url(at: &Reader<'_>) -> Option<String> {
    let url = at.text(NAME_CHARS_MAX)?;
    if !is_web_url(&url) {
        at.refuse("this is not an http or https address with a host");
        return None;
    }
    Some(url)
}

/// Reads a division; that of a record that names none is the unassigned one.
pub(crate) fn read_division(at: &Reader<'_>) -> Division {
    let Some(at) = at.object() else {
        return Division::default();
    };
    let name = at.field("name").text(NAME_CHARS_MAX);
    if name.is_some() {
        at.field("id").require();
    }
    match at.field("id").text(IDENTIFIER_CHARS_MAX) {
        Some(id) => Division { id, name },
        None => Division::default(),
    }
}

/// Reads what other systems call a record. One that stands there twice counts once.
pub(crate) fn read_external_ids(at: &Reader<'_>) -> Vec<ExternalId> {
    let mut ids: Vec<ExternalId> = Vec::new();
    for entry in at.list(EXTERNAL_IDS_MAX) {
        let Some(entry) = entry.object() else { continue };
        let source = read_external_source(&entry.field("externalSource"));
        let value = entry.field("value");
        value.require();
        let (Some(source), Some(value)) = (source, value.text(IDENTIFIER_CHARS_MAX)) else {
            continue;
        };
        let id = ExternalId { source, value };
        match ids.iter_mut().find(|known| is_same(known, &id)) {
            // The one that says more of its source stays.
            Some(known) if known.source.id.is_none() || known.source.name.is_none() => {
                known.source.id = known.source.id.take().or(id.source.id);
                known.source.name = known.source.name.take().or(id.source.name);
            }
            Some(_) => {}
            None => ids.push(id),
        }
    }
    ids
}

/// Whether two external ids are one: the same value of the same source, by its id where both have one,
/// else by its name.
fn is_same(one: &ExternalId, other: &ExternalId) -> bool {
    let same_source = match (&one.source.id, &other.source.id) {
        (Some(id), Some(other)) => id == other,
        _ => one.source.name.is_some() && one.source.name == other.source.name,
    };
    same_source && one.value == other.value
}

/// Reads a source, which must be there, by id or by name.
pub(crate) fn read_external_source(at: &Reader<'_>) -> Option<ExternalSource> {
    let faults = at.fault_count();
    let source = at.object().map(|at| ExternalSource {
        id: at.field("id").text(IDENTIFIER_CHARS_MAX),
        name: at.field("name").text(SOURCE_NAME_CHARS_MAX),
    });
    let source = source.filter(|source| source.id.is_some() || source.name.is_some());
    if source.is_none() && at.fault_count() == faults {
        at.fault(FaultKind::Required);
    }
    source
}

/// Reads which schema the custom fields follow; the newest version where none is named.
pub(crate) fn read_schema(at: &Reader<'_>) -> Option<SchemaRef> {
    let at = at.object()?;
    let (id, version) = (at.field("id"), at.field("version"));
    if id.is_blank() && version.is_blank() {
        return None;
    }
    id.require();
    let is_newest = version.is_blank();
    let (id, version) = (id.uuid(), version.integer());
    let version = version.or(is_newest.then_some(SchemaRef::NEWEST));
    Some(SchemaRef { id: id?, version: version? })
}

/// Reads custom fields: kept as they are given, but for those that are `null`.
pub(crate) fn read_custom_fields(at: &Reader<'_>) -> Option<CustomFields> {
    let Some(Value::Object(given)) = at.object()?.value() else {
        return None;
    };
    let max = CUSTOM_FIELDS_BYTES_MAX;
    if json_bytes(&ExactFields(given)) > max {
        at.fault(FaultKind::TooLong { max });
        return None;
    }
    let mut fields = CustomFields::new();
    for (key, value) in given {
        if key.contains('\0') {
            at.field(key).refuse(CONTROL);
        } else if let Some(why) = unwritable(value) {
            at.field(key).refuse(why);
        } else if !value.is_null() {
            fields.insert(key.clone(), value.clone());
        }
    }
    Some(fields).filter(|fields| !fields.is_empty())
}

const CONTROL: &str = "control characters are not allowed";

/// Why a value cannot be kept: a NUL, or a whole number of more digits than are kept.
fn unwritable(value: &Value) -> Option<String> {
    if let Some(digits) = large_whole(value) {
        let count = digits.trim_start_matches('-').len();
        return (count > WHOLE_DIGITS_MAX).then(too_many_digits);
    }
    match value {
        Value::String(text) => text.contains('\0').then(|| CONTROL.to_owned()),
        Value::Array(entries) => entries.iter().find_map(unwritable),
        Value::Object(fields) => fields.iter().find_map(|(key, value)| {
            key.contains('\0').then(|| CONTROL.to_owned()).or_else(|| unwritable(value))
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

/// Bytes of a value as JSON. It is not written anywhere.
fn json_bytes(value: &impl Serialize) -> usize {
    struct Count(usize);
    impl io::Write for Count {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 += bytes.len();
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut count = Count(0);
    match serde_json::to_writer(&mut count, value) {
        Ok(()) => count.0,
        // Counting does not fail, and neither do JSON values; if they did, they would not fit.
        Err(_) => usize::MAX,
    }
}

/// Reads the id that an imported record brings along.
pub(crate) fn read_id(at: &Reader<'_>) -> Uuid {
    let id = at.uuid();
    if id.is_some_and(|id| id.is_nil()) {
        at.refuse("the id of zeros belongs to no record");
    }
    id.unwrap_or_default()
}

/// Reads a date that an imported record brings along.
pub(crate) fn read_date(at: &Reader<'_>) -> Option<Timestamp> {
    let text = at.line(IDENTIFIER_CHARS_MAX)?;
    let date = time::parse(text);
    if date.is_none() {
        at.refuse("this is not a date and time of ISO 8601, such as 2026-01-02T03:04:05.678Z");
    }
    date
}

/// A division as answers have it.
pub(crate) struct WritableDivision<'a>(pub(crate) &'a Division);

impl Serialize for WritableDivision<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Division { id, name } = self.0;
        let mut out = Fields::begin(serializer)?;
        out.add("id", id)?;
        out.text("name", name)?;
        out.add("selfUri", &format_args!("/api/v2/authorization/divisions/{id}"))?;
        out.end()
    }
}

/// An external id as answers have it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WireExternalId<'a> {
    external_source: WireExternalSource<'a>,
    value: &'a str,
}

impl<'a> WireExternalId<'a> {
    pub(crate) fn new(id: &'a ExternalId) -> Self {
        WireExternalId { external_source: WireExternalSource(&id.source), value: &id.value }
    }
}

/// An external source as answers have it.
pub(crate) struct WireExternalSource<'a>(pub(crate) &'a ExternalSource);

impl Serialize for WireExternalSource<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = Fields::begin(serializer)?;
        out.text("id", &self.0.id)?;
        out.text("name", &self.0.name)?;
        out.end()
    }
}

/// A reference to a schema as answers have it.
#[derive(Serialize)]
pub(crate) struct DataSchema {
    id: Uuid,
    version: i64,
}

impl DataSchema {
    pub(crate) fn new(schema: &SchemaRef) -> Self {
        DataSchema { id: schema.id, version: schema.version }
    }
}

#[cfg(test)]
mod tests;
