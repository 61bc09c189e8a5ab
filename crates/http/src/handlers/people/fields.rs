//! The texts in a small body, with every fault named by its field.

use carnet_model::{FaultKind, Invalid};
use serde_json::{Map, Value};

/// The fields of an object.
pub(crate) struct Fields<'a> {
    fields: &'a Map<String, Value>,
    invalid: Invalid,
}

impl<'a> Fields<'a> {
    /// The fields of a body.
    ///
    /// # Errors
    /// When it is no object.
    pub(crate) fn of(body: &'a Value) -> Result<Fields<'a>, Invalid> {
        match body {
            Value::Object(fields) => Ok(Fields { fields, invalid: Invalid::default() }),
            _ => Err(Invalid::one("$", FaultKind::WrongType { expected: "an object" })),
        }
    }

    /// The text in a field; `null` is the same as nothing.
    pub(crate) fn optional(&mut self, field: &str) -> Option<String> {
        match self.fields.get(field)? {
            Value::Null => None,
            Value::String(text) => Some(text.clone()),
            _ => {
                self.invalid.add(field, FaultKind::WrongType { expected: "a text" });
                None
            }
        }
    }

    /// The text in a field, which is not blank. Empty when it has a fault.
    pub(crate) fn required(&mut self, field: &str) -> String {
        let faults = self.invalid.faults.len();
        let text = self.optional(field).filter(|text| !text.trim().is_empty());
        if text.is_none() && self.invalid.faults.len() == faults {
            self.invalid.add(field, FaultKind::Required);
        }
        text.unwrap_or_default()
    }

    /// The faults so far, for who has more to say about the same body.
    pub(crate) fn into_faults(self) -> Invalid {
        self.invalid
    }

    /// Refuses the body if a field had a fault.
    ///
    /// # Errors
    /// All the faults.
    pub(crate) fn end(self) -> Result<(), Invalid> {
        if self.invalid.is_empty() { Ok(()) } else { Err(self.invalid) }
    }
}
