//! Custom fields in columns of their own, `customFields.KEY`: how a cell is read by the core type at the
//! end of the key, and how a value is written so that reading gives it back.

use crate::csv::cell::read_truth;
use crate::csv::columns::{CUSTOM_FIELDS, CellKind, custom_kind};
use carnet_model::{
    CoreType, CustomFields, DataSchema, FaultKind, SchemaKind, numeral_text, whole_value,
};
use carnet_wire::exact;
use serde_json::Value;

/// What stands between tags in a cell.
const BETWEEN_TAGS: char = ';';

/// The columns of custom fields beside those of every table: one for each field of the schemas of
/// contacts, in the order in which the versions are taken in.
#[derive(Clone, Debug, Default)]
pub struct FieldColumns {
    keys: Vec<String>,
}

impl FieldColumns {
    /// Takes in the fields of a version of a schema.
    pub fn add(&mut self, schema: &DataSchema) {
        if schema.kind != SchemaKind::Contact {
            return;
        }
        for property in &schema.definition.properties {
            if !self.keys.contains(&property.key) {
                self.keys.push(property.key.clone());
            }
        }
    }

    /// The names of the columns.
    pub fn names(&self) -> impl Iterator<Item = String> {
        self.keys.iter().map(|key| format!("{CUSTOM_FIELDS}.{key}"))
    }

    /// How many columns there are.
    pub(super) fn len(&self) -> usize {
        self.keys.len()
    }

    /// The texts of the cells of these fields, and the fields that no cell of their own can hold: one
    /// that has no column, or whose cell would be read as another value. `has_schema` tells whether
    /// the row names a schema.
    pub(super) fn split(
        &self,
        fields: &CustomFields,
        has_schema: bool,
    ) -> (Vec<String>, CustomFields) {
        let mut cells = vec![String::new(); self.keys.len()];
        let mut rest = CustomFields::new();
        for (key, value) in fields {
            let place = self.keys.iter().position(|known| known == key);
            let cell = place.and_then(|place| Some((place, cell_of(key, value, has_schema)?)));
            match cell {
                Some((place, cell)) => cells[place] = cell,
                None => drop(rest.insert(key.clone(), value.clone())),
            }
        }
        (cells, rest)
    }
}

/// The cell of a value that reading gives back; `None` where there is none.
fn cell_of(key: &str, value: &Value, has_schema: bool) -> Option<String> {
    let kind = custom_kind(key);
    let cell = match (kind, value) {
        (CellKind::Tags, Value::Array(tags)) => tags_cell(tags),
        (_, Value::String(text)) if carnet_model::large_whole(value).is_none() => text.clone(),
        (_, Value::String(_) | Value::Number(_)) => numeral_text(value),
        (_, Value::Bool(truth)) => truth.to_string(),
        (_, Value::Null | Value::Array(_) | Value::Object(_)) => return None,
    };
    // An empty cell is an absent field, and a blank at an end may fall to a spreadsheet.
    if cell.trim().is_empty() || cell.trim() != cell {
        return None;
    }
    (read(kind, &cell, has_schema).as_ref() == Ok(value)).then_some(cell)
}

/// Tags as people write them; as JSON where that would be read as others.
fn tags_cell(tags: &[Value]) -> String {
    let plain: Option<Vec<&str>> = tags.iter().map(Value::as_str).collect();
    let plain = plain.filter(|tags| {
        tags.iter().all(|tag| {
            !tag.contains(BETWEEN_TAGS)
                && !tag.starts_with('[')
                && tag.trim() == *tag
                && !tag.is_empty()
        })
    });
    match plain {
        Some(tags) if !tags.is_empty() => tags.join("; "),
        _ => exact::to_text(&Value::from(tags.to_vec())),
    }
}

/// Reads the cell of a custom field. `has_schema` tells whether the row names a schema: without one a
/// field has no type, but for what could be read in no other way.
pub(super) fn read(kind: CellKind, cell: &str, has_schema: bool) -> Result<Value, FaultKind> {
    match kind {
        CellKind::Number if has_schema => read_number(cell.trim(), CoreType::Number),
        CellKind::Integer => read_number(cell.trim(), CoreType::Integer),
        CellKind::Tags if has_schema => read_tags(cell),
        CellKind::Boolean => read_truth(cell),
        _ => Ok(Value::from(cell)),
    }
}

fn read_number(cell: &str, core_type: CoreType) -> Result<Value, FaultKind> {
    let digits = cell.strip_prefix(['-', '+']).unwrap_or(cell);
    let are_digits = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if are_digits {
        // Spreadsheets lose zeros in front as well as add them.
        let significant = digits.trim_start_matches('0');
        let sign = if cell.starts_with('-') { "-" } else { "" };
        return Ok(match significant {
            "" => Value::from(0),
            digits => whole_value(&format!("{sign}{digits}")),
        });
    }
    let number = match core_type {
        CoreType::Integer => None,
        _ => exact::read(cell.as_bytes()).ok().filter(Value::is_number),
    };
    let expected = if core_type == CoreType::Integer { "a whole number" } else { "a number" };
    number.ok_or(FaultKind::WrongType { expected })
}

fn read_tags(cell: &str) -> Result<Value, FaultKind> {
    if cell.trim_start().starts_with('[') {
        let tags = exact::read(cell.as_bytes()).ok().filter(Value::is_array);
        return tags.ok_or(FaultKind::WrongType { expected: "a list of texts" });
    }
    let tags = cell.split(BETWEEN_TAGS).map(str::trim).filter(|tag| !tag.is_empty());
    Ok(tags.map(Value::from).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_cell_is_read_by_the_type_at_the_end_of_its_key() {
        for (key, cell, value) in [
            ("a_text", "0049", json!("0049")),
            ("a_number", "1.50", json!(1.5)),
            ("a_number", "-7", json!(-7)),
            ("a_integer", "007", json!(7)),
            ("a_integer", "-0", json!(0)),
            ("a_integer", "+7", json!(7)),
            ("a_integer", "18446744073709551616", whole_value("18446744073709551616")),
            ("a_checkbox", "yes", json!(true)),
            ("a_tag", "gold; long standing ;", json!(["gold", "long standing"])),
            ("a_tag", "[\"a;b\"]", json!(["a;b"])),
            ("a_date", "2026-01-31", json!("2026-01-31")),
        ] {
            assert_eq!(read(custom_kind(key), cell, true), Ok(value), "{key} {cell}");
        }
        for (key, cell) in
            [("a_number", "x"), ("a_integer", "1.5"), ("a_tag", "[x"), ("a_checkbox", "x")]
        {
            assert!(read(custom_kind(key), cell, true).is_err(), "{key} {cell}");
        }
        // Without a schema a customer number keeps its zeros.
        assert_eq!(read(custom_kind("customer_number"), "007", false), Ok(json!("007")));
        assert_eq!(read(custom_kind("a_tag"), "x;y", false), Ok(json!("x;y")));
    }

    #[test]
    fn a_value_has_a_cell_only_where_reading_gives_it_back() {
        for (key, value, cell) in [
            ("a_text", json!("x"), Some("x")),
            ("a_text", json!(7), None),
            ("a_text", json!(" x"), None),
            ("a_text", json!(""), None),
            ("a_number", json!(1.5), Some("1.5")),
            ("a_number", json!(3.0), Some("3.0")),
            ("a_number", json!("3"), None),
            ("a_integer", whole_value("-18446744073709551616"), Some("-18446744073709551616")),
            ("a_checkbox", json!(false), Some("false")),
            ("a_tag", json!(["a", "b c"]), Some("a; b c")),
            ("a_tag", json!(["a;b", " c"]), Some("[\"a;b\",\" c\"]")),
            ("a_tag", json!([]), Some("[]")),
            ("a_tag", json!("x"), None),
            ("a_deep", json!({"x": 1}), None),
        ] {
            assert_eq!(cell_of(key, &value, true).as_deref(), cell, "{key} {value}");
        }
        assert_eq!(cell_of("a_number", &json!(1.5), false), None);
    }
}
