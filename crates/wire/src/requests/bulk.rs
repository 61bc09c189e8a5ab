//! Bulk requests: many entities in, one result for each out, in the request's order. It knows
//! nothing of what an entity is or of what is done with it.

use crate::json::exact::Exact;
use crate::json::reader::{ROOT, parse_uuid};
use carnet_model::limits::BULK_ENTITIES_MAX;
use carnet_model::{Fault, FaultKind, Invalid, Uuid, large_whole};
use serde::{Serialize, Serializer};
use serde_json::Value;
use std::borrow::Cow;

#[cfg(test)]
mod tests;

const ENTITIES: &str = "entities";

/// Why a bulk request is refused as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BulkRefusal {
    /// It carries more than `max` entities.
    TooLarge {
        /// The most that one request may carry.
        max: usize,
    },
    /// It is no list of entities, or an empty one.
    Invalid(Invalid),
}

/// The entities of a bulk request: at least one, at most [`BULK_ENTITIES_MAX`].
///
/// # Errors
/// [`BulkRefusal::TooLarge`] when there are more, [`BulkRefusal::Invalid`] when there is no list
/// or nothing in it.
pub fn read_entities(body: &Value) -> Result<&[Value], BulkRefusal> {
    let wrong = |field, kind| Err(BulkRefusal::Invalid(Invalid::one(field, kind)));
    let Some(body) = body.as_object() else {
        return wrong(ROOT, FaultKind::WrongType { expected: "an object" });
    };
    match body.get(ENTITIES) {
        None | Some(Value::Null) => wrong(ENTITIES, FaultKind::Required),
        Some(Value::Array(entities)) if entities.is_empty() => wrong(ENTITIES, FaultKind::Required),
        Some(Value::Array(entities)) if entities.len() > BULK_ENTITIES_MAX => {
            Err(BulkRefusal::TooLarge { max: BULK_ENTITIES_MAX })
        }
        Some(Value::Array(entities)) => Ok(entities),
        Some(_) => wrong(ENTITIES, FaultKind::WrongType { expected: "a list" }),
    }
}

/// The ids of a bulk fetch or removal, one for each entity; an entity without a good id has its
/// own fault and leaves the others be.
///
/// # Errors
/// As [`read_entities`].
pub fn read_ids(body: &Value) -> Result<BulkIds, BulkRefusal> {
    let entities = read_entities(body)?;
    Ok(BulkIds { ids: entities.iter().map(read_id).collect() })
}

/// The ids of a bulk request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BulkIds {
    /// One for each entity, in their order.
    pub ids: Vec<Result<Uuid, Invalid>>,
}

/// The id of one entity.
///
/// # Errors
/// The fault, when there is none or it is no UUID.
pub fn read_id(entity: &Value) -> Result<Uuid, Invalid> {
    let Some(entity) = entity.as_object() else {
        return Err(Invalid::one(ROOT, FaultKind::WrongType { expected: "an object" }));
    };
    match entity.get("id") {
        None | Some(Value::Null) => Err(Invalid::one("id", FaultKind::Required)),
        Some(Value::String(id)) if id.trim().is_empty() => {
            Err(Invalid::one("id", FaultKind::Required))
        }
        Some(Value::String(id)) => parse_uuid(id.trim())
            .ok_or_else(|| Invalid::one("id", FaultKind::Value("this is not a UUID".to_owned()))),
        Some(_) => Err(Invalid::one("id", FaultKind::WrongType { expected: "a text" })),
    }
}

/// The result for one entity.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BulkResult<'a, T> {
    /// The entity's id, when it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<Uuid>,
    /// Whether it was done.
    pub success: bool,
    /// The HTTP status that a request for this entity alone would have had.
    pub status: u16,
    /// The entity as it is now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entity: Option<T>,
    /// Why it was not done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<BulkError<'a>>,
}

impl<'a, T> BulkResult<'a, T> {
    /// It was done; a removal has no entity to show.
    pub fn done(id: Uuid, status: u16, entity: Option<T>) -> BulkResult<'a, T> {
        BulkResult { id: Some(id), success: true, status, entity, error: None }
    }

    /// It was not done.
    pub fn failed(id: Option<Uuid>, error: BulkError<'a>) -> BulkResult<'a, T> {
        BulkResult { id, success: false, status: error.status, entity: None, error: Some(error) }
    }
}

/// Why one entity of a bulk request was not done.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BulkError<'a> {
    /// For programs: `not.found`, `invalid.value`.
    pub code: Cow<'a, str>,
    /// A sentence for the caller.
    pub message: Cow<'a, str>,
    /// The HTTP status that a request for this entity alone would have had.
    pub status: u16,
    /// Whether the same may succeed later.
    pub retryable: bool,
    /// One entry a field that is wrong. Written even when empty, because clients count them.
    pub details: Vec<BulkDetail>,
    /// The entity as it was sent, if it was an object.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "write_exactly")]
    pub entity: Option<Cow<'a, Value>>,
}

/// Writes an entity as it was sent, with the whole numbers that no parser holds.
fn write_exactly<S: Serializer>(
    entity: &Option<Cow<'_, Value>>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    entity.as_deref().map(Exact).serialize(serializer)
}

impl<'a> BulkError<'a> {
    /// An error with a detail for every fault; `sent` is the entity that they speak of.
    /// Retryable are those whose status says so, 409, 429 and from 500 on, unless a field is at
    /// fault: that would be refused again.
    pub fn new(
        code: impl Into<Cow<'a, str>>,
        message: impl Into<Cow<'a, str>>,
        status: u16,
        invalid: &Invalid,
        sent: Option<&'a Value>,
    ) -> BulkError<'a> {
        BulkError {
            code: code.into(),
            message: message.into(),
            status,
            retryable: matches!(status, 409 | 429 | 500..) && invalid.is_empty(),
            details: invalid.faults.iter().map(|fault| BulkDetail::new(fault, sent)).collect(),
            entity: sent.filter(|sent| sent.is_object()).map(|sent| repeated(sent, invalid)),
        }
    }
}

/// An entity as it was sent, without what would break a client that reads it as an entity: values of
/// a wrong type, and `null`, which stands for nothing. Borrowed where it has nothing of that.
fn repeated<'v>(sent: &'v Value, invalid: &Invalid) -> Cow<'v, Value> {
    let is_wrong = |fault: &&Fault| matches!(fault.kind, FaultKind::WrongType { .. });
    let wrong: Vec<&str> =
        invalid.faults.iter().filter(is_wrong).map(|fault| fault.field.as_str()).collect();
    if wrong.is_empty() && !has_null(sent) {
        return Cow::Borrowed(sent);
    }
    let mut entity = sent.clone();
    for path in wrong {
        if let Some(place) = find_mut(&mut entity, path) {
            *place = Value::Null;
        }
    }
    drop_nulls(&mut entity);
    Cow::Owned(entity)
}

fn has_null(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(entries) => entries.iter().any(has_null),
        Value::Object(fields) => fields.values().any(has_null),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

fn drop_nulls(value: &mut Value) {
    match value {
        Value::Array(entries) => {
            entries.retain(|entry| !entry.is_null());
            entries.iter_mut().for_each(drop_nulls);
        }
        Value::Object(fields) => {
            fields.retain(|_, field| !field.is_null());
            fields.values_mut().for_each(drop_nulls);
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// One field of an entity that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BulkDetail {
    /// Its path within the entity.
    pub field_name: String,
    /// The value that was sent, if it was a text, a number or a truth value; long texts are cut.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// The fault, in a sentence.
    pub message: String,
}

/// Characters of a wrong value that its detail repeats.
const VALUE_CHARS_SHOWN_MAX: usize = 100;

impl BulkDetail {
    fn new(fault: &Fault, sent: Option<&Value>) -> BulkDetail {
        let value = sent.and_then(|sent| find(sent, &fault.field)).and_then(scalar);
        BulkDetail { field_name: fault.field.clone(), value, message: fault.to_string() }
    }
}

/// The value at a fault's path, `externalIds[2].value`.
fn find<'v>(entity: &'v Value, path: &str) -> Option<&'v Value> {
    entity.pointer(&pointer(path))
}

fn find_mut<'v>(entity: &'v mut Value, path: &str) -> Option<&'v mut Value> {
    entity.pointer_mut(&pointer(path))
}

/// A fault's path as serde_json has it: `/externalIds/2/value`. No field that is read has a name
/// with a dot, a bracket or a slash in it.
fn pointer(path: &str) -> String {
    let steps = path.split(['.', '[']).map(|step| step.strip_suffix(']').unwrap_or(step));
    steps.fold(String::new(), |pointer, step| pointer + "/" + step)
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => match large_whole(value) {
            Some(digits) => Some(digits.to_owned()),
            None => Some(text.chars().take(VALUE_CHARS_SHOWN_MAX).collect()),
        },
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// The answer to a bulk request.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BulkResponse<'a, T> {
    /// One result an entity, in the request's order.
    pub results: Vec<BulkResult<'a, T>>,
    /// How many of them failed.
    pub error_count: usize,
    /// Which of them failed, as places in `results` from 0.
    pub error_indexes: Vec<usize>,
}

impl<'a, T> BulkResponse<'a, T> {
    /// Counts the failures.
    pub fn new(results: Vec<BulkResult<'a, T>>) -> BulkResponse<'a, T> {
        let failed = results.iter().enumerate().filter(|(_, result)| !result.success);
        let error_indexes: Vec<usize> = failed.map(|(index, _)| index).collect();
        BulkResponse { error_count: error_indexes.len(), error_indexes, results }
    }
}
