//! Bulk requests: many entities in, one result for each out, in the request's order. It knows
//! nothing of what an entity is or of what is done with it.

use crate::json::reader::{ROOT, parse_uuid};
use carnet_model::limits::BULK_ENTITIES_MAX;
use carnet_model::{Fault, FaultKind, Invalid, Uuid};
use serde::Serialize;
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
        BulkResult {
            id,
            success: false,
            status: error.status,
            entity: None,
            error: Some(BulkError {
                entity: error.entity.or(id.map(|id| EntityRef { id })),
                ..error
            }),
        }
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
    /// Which entity it was, when its id is known. What was sent is not repeated: a wrong type in
    /// it would break the client that reads the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entity: Option<EntityRef>,
}

impl<'a> BulkError<'a> {
    /// An error with a detail for every fault; `sent` is the entity that they speak of.
    /// Retryable are those whose status says so: 409, 429 and from 500 on.
    pub fn new(
        code: impl Into<Cow<'a, str>>,
        message: impl Into<Cow<'a, str>>,
        status: u16,
        invalid: &Invalid,
        sent: Option<&Value>,
    ) -> BulkError<'a> {
        BulkError {
            code: code.into(),
            message: message.into(),
            status,
            retryable: matches!(status, 409 | 429 | 500..),
            details: invalid.faults.iter().map(|fault| BulkDetail::new(fault, sent)).collect(),
            entity: None,
        }
    }
}

/// A reference to an entity by its id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct EntityRef {
    /// The id.
    pub id: Uuid,
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
    path.split('.').try_fold(entity, |value, step| {
        let (name, indexes) = step.split_once('[').unwrap_or((step, ""));
        let value = value.get(name)?;
        let indexes = indexes.split('[').filter(|index| !index.is_empty());
        indexes.into_iter().try_fold(value, |value, index| {
            let index: usize = index.strip_suffix(']')?.parse().ok()?;
            value.get(index)
        })
    })
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.chars().take(VALUE_CHARS_SHOWN_MAX).collect()),
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
