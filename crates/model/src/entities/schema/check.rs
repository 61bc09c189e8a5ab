//! The check of a record's custom fields against one version of a schema. Every fault is named by the
//! key of its field. What the core types allow is little, so this is a match over them; a library for
//! JSON Schema would know more than may be said, and less of tags and options.

use crate::entities::contact::CustomFields;
use crate::entities::schema::core_type::{CoreType, Restrictions};
use crate::entities::schema::{DataSchema, Property};
use crate::limits::WHOLE_DIGITS_MAX;
use crate::parts::calendar::{is_date, is_date_time};
use crate::parts::numeral::{Numeral, large_whole, numeral_text};
use crate::parts::url::is_web_url;
use crate::{FaultKind, Invalid};
use serde_json::Value;
use std::cmp::Ordering;

impl DataSchema {
    /// Everything that is wrong with these custom fields. `None` are no fields.
    pub fn check(&self, fields: Option<&CustomFields>) -> Invalid {
        let mut invalid = Invalid::default();
        let value = |key: &str| fields.and_then(|fields| fields.get(key));
        let required = &self.definition.required;
        for key in required {
            if value(key).is_none_or(is_blank) {
                invalid.add(key, FaultKind::Required);
            }
        }
        for (key, value) in fields.into_iter().flatten() {
            match self.definition.property(key) {
                // It was named above.
                Some(_) if is_blank(value) && required.contains(key) => {}
                Some(property) => property.check(value, &mut invalid),
                None => {
                    let why = format!("the schema {} has no such field", self.name);
                    invalid.add(key, FaultKind::Value(why));
                }
            }
        }
        invalid
    }
}

/// Whether a value says nothing.
fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(entries) => entries.is_empty(),
        _ => false,
    }
}

impl Property {
    fn check(&self, value: &Value, invalid: &mut Invalid) {
        let (key, core_type) = (self.key.as_str(), self.core_type);
        let wrong_type = FaultKind::WrongType { expected: core_type.expected() };
        match core_type {
            CoreType::Checkbox => {
                if !value.is_boolean() {
                    invalid.add(key, wrong_type);
                }
            }
            CoreType::Number | CoreType::Integer => self.check_number(value, invalid),
            CoreType::Tag => match value {
                Value::Array(entries) => self.check_tags(entries, invalid),
                _ => invalid.add(key, wrong_type),
            },
            _ => match text_of(value) {
                Some(text) => {
                    if let Err(kind) = check_text(core_type, &self.restrictions, text) {
                        invalid.add(key, kind);
                    }
                }
                None => invalid.add(key, wrong_type),
            },
        }
    }

    fn check_number(&self, value: &Value, invalid: &mut Invalid) {
        let key = self.key.as_str();
        let Some(number) = Numeral::of(value) else {
            let kind = match large_whole(value) {
                Some(_) => FaultKind::Value(too_many_digits()),
                None => FaultKind::WrongType { expected: self.core_type.expected() },
            };
            return invalid.add(key, kind);
        };
        if self.core_type == CoreType::Integer && !number.is_whole() {
            return invalid.add(key, FaultKind::WrongType { expected: self.core_type.expected() });
        }
        let Restrictions { minimum, maximum, .. } = &self.restrictions;
        for (bound, beyond, words) in
            [(minimum, Ordering::Less, "less"), (maximum, Ordering::Greater, "more")]
        {
            let Some(bound) = bound else { continue };
            if Numeral::of(bound).is_some_and(|bound| number.order(bound) == beyond) {
                let why = format!("it is {words} than {}", numeral_text(bound));
                invalid.add(key, FaultKind::Value(why));
            }
        }
    }

    fn check_tags(&self, tags: &[Value], invalid: &mut Invalid) {
        let (key, rules) = (self.key.as_str(), &self.restrictions);
        let max = rules.max_items.or(self.core_type.entries_max()).unwrap_or(usize::MAX);
        if tags.len() > max {
            invalid.add(key, FaultKind::TooLong { max });
        }
        if let Some(min) = rules.min_items.filter(|min| tags.len() < *min) {
            invalid.add(key, FaultKind::Value(format!("it has fewer than {min} tags")));
        }
        // Those beyond the bound are refused already.
        for (index, tag) in tags.iter().take(max).enumerate() {
            let place = || format!("{key}[{index}]");
            let Some(text) = text_of(tag) else {
                invalid.add(place(), FaultKind::WrongType { expected: "a text" });
                continue;
            };
            if let Err(kind) = check_tag(self.core_type, rules, text) {
                invalid.add(place(), kind);
            } else if rules.unique_items != Some(false) && tags[..index].contains(tag) {
                invalid.add(place(), FaultKind::Value("this tag is there already".to_owned()));
            }
        }
    }
}

/// The sentence about a whole number that is too long to be kept.
pub fn too_many_digits() -> String {
    format!("a whole number has at most {WHOLE_DIGITS_MAX} digits")
}

/// The text of a value; a number that is kept as a text is none.
fn text_of(value: &Value) -> Option<&str> {
    value.as_str().filter(|_| large_whole(value).is_none())
}

fn check_text(core_type: CoreType, rules: &Restrictions, text: &str) -> Result<(), FaultKind> {
    let may_have_lines = core_type == CoreType::LongText;
    let is_forbidden = |c: char| c.is_control() && !(may_have_lines && "\n\r\t".contains(c));
    if text.contains(is_forbidden) {
        return Err(FaultKind::Value("control characters are not allowed".to_owned()));
    }
    check_length(text, rules.min_length, rules.max_length.or(core_type.chars_max()))?;
    let why = match core_type {
        CoreType::Date if !is_date(text) => "there is no such date; it is written as 2026-01-31",
        CoreType::DateTime if !is_date_time(text) => {
            "there is no such moment; it is written as 2026-01-31T12:30:00Z"
        }
        CoreType::Url if !is_web_url(text) => "this is not an http or https address with a host",
        CoreType::Enum => match rules.options.iter().find(|option| option.value == text) {
            Some(option) if option.disabled == Some(true) => "this can no longer be chosen",
            Some(_) => return Ok(()),
            None => "this is none of the texts that may be chosen",
        },
        _ => return Ok(()),
    };
    Err(FaultKind::Value(why.to_owned()))
}

fn check_tag(core_type: CoreType, rules: &Restrictions, tag: &str) -> Result<(), FaultKind> {
    if tag.trim().is_empty() {
        return Err(FaultKind::Required);
    }
    if tag.contains(char::is_control) {
        return Err(FaultKind::Value("control characters are not allowed".to_owned()));
    }
    let max = rules.item_max_length.or(core_type.entry_chars_max());
    check_length(tag, rules.item_min_length, max)
}

fn check_length(text: &str, min: Option<usize>, max: Option<usize>) -> Result<(), FaultKind> {
    let length = text.chars().count();
    if let Some(max) = max.filter(|max| length > *max) {
        return Err(FaultKind::TooLong { max });
    }
    match min.filter(|min| length < *min) {
        Some(min) => Err(FaultKind::Value(format!("it is shorter than {min}"))),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests;
