//! Core types: the sorts of values from which all custom fields are built, and what may narrow them.

use crate::limits::{
    ENUM_OPTIONS_MAX, IDENTIFIER_FIELD_CHARS_MAX, LONG_TEXT_CHARS_MAX, OPTION_CHARS_MAX,
    TAG_CHARS_MAX, TAGS_MAX, TEXT_CHARS_MAX, URL_FIELD_CHARS_MAX,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A sort of value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum CoreType {
    /// A text on one line.
    #[serde(rename = "te")]
    Text,
    /// A text on any number of lines.
    #[serde(rename = "lt")]
    LongText,
    /// A number.
    #[serde(rename = "nu")]
    Number,
    /// A whole number.
    #[serde(rename = "in")]
    Integer,
    /// One of some texts.
    #[serde(rename = "en")]
    Enum,
    /// A text by which a record is found.
    #[serde(rename = "id")]
    Identifier,
    /// True or false.
    #[serde(rename = "ch")]
    Checkbox,
    /// A day.
    #[serde(rename = "da")]
    Date,
    /// A moment.
    #[serde(rename = "dt")]
    DateTime,
    /// Some short texts.
    #[serde(rename = "ta")]
    Tag,
    /// An address of the web.
    #[serde(rename = "ur")]
    Url,
}

impl CoreType {
    /// Every core type.
    pub const ALL: [CoreType; 11] = [
        CoreType::Text,
        CoreType::LongText,
        CoreType::Number,
        CoreType::Integer,
        CoreType::Enum,
        CoreType::Identifier,
        CoreType::Checkbox,
        CoreType::Date,
        CoreType::DateTime,
        CoreType::Tag,
        CoreType::Url,
    ];

    /// Its name, with which the keys of its fields end.
    pub fn name(self) -> &'static str {
        match self {
            CoreType::Text => "text",
            CoreType::LongText => "longtext",
            CoreType::Number => "number",
            CoreType::Integer => "integer",
            CoreType::Enum => "enum",
            CoreType::Identifier => "identifier",
            CoreType::Checkbox => "checkbox",
            CoreType::Date => "date",
            CoreType::DateTime => "datetime",
            CoreType::Tag => "tag",
            CoreType::Url => "url",
        }
    }

    /// The core type of that name.
    pub fn parse(name: &str) -> Option<CoreType> {
        CoreType::ALL.into_iter().find(|core_type| core_type.name() == name)
    }

    /// The core type with which a key ends: `vip_checkbox` is one of a checkbox. A key that is only
    /// the name of a type has none.
    pub fn of_key(key: &str) -> Option<CoreType> {
        let (key, name) = key.rsplit_once('_')?;
        if key.is_empty() { None } else { CoreType::parse(name) }
    }

    /// Characters of a text of this type at most; `None` where it is no text.
    pub fn chars_max(self) -> Option<usize> {
        match self {
            CoreType::Text => Some(TEXT_CHARS_MAX),
            CoreType::LongText => Some(LONG_TEXT_CHARS_MAX),
            CoreType::Identifier => Some(IDENTIFIER_FIELD_CHARS_MAX),
            CoreType::Url => Some(URL_FIELD_CHARS_MAX),
            _ => None,
        }
    }

    /// What a value of this type is, in words.
    pub(crate) fn expected(self) -> &'static str {
        match self {
            CoreType::Number => "a number",
            CoreType::Integer => "a whole number",
            CoreType::Checkbox => "true or false",
            CoreType::Tag => "a list of texts",
            _ => "a text",
        }
    }
}

/// What narrows a core type. Those that its type does not know are `None`, or empty.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Restrictions {
    /// Characters of a text, at least.
    #[serde(rename = "nl", default, skip_serializing_if = "Option::is_none")]
    pub min_length: Option<usize>,
    /// Characters of a text, at most.
    #[serde(rename = "xl", default, skip_serializing_if = "Option::is_none")]
    pub max_length: Option<usize>,
    /// The smallest number.
    #[serde(rename = "n", default, skip_serializing_if = "Option::is_none")]
    pub minimum: Option<Value>,
    /// The largest number.
    #[serde(rename = "x", default, skip_serializing_if = "Option::is_none")]
    pub maximum: Option<Value>,
    /// Tags, at least.
    #[serde(rename = "ni", default, skip_serializing_if = "Option::is_none")]
    pub min_items: Option<usize>,
    /// Tags, at most.
    #[serde(rename = "xi", default, skip_serializing_if = "Option::is_none")]
    pub max_items: Option<usize>,
    /// Characters of a tag, at least.
    #[serde(rename = "il", default, skip_serializing_if = "Option::is_none")]
    pub item_min_length: Option<usize>,
    /// Characters of a tag, at most.
    #[serde(rename = "ix", default, skip_serializing_if = "Option::is_none")]
    pub item_max_length: Option<usize>,
    /// Whether no tag may be there twice; not said is true.
    #[serde(rename = "u", default, skip_serializing_if = "Option::is_none")]
    pub unique_items: Option<bool>,
    /// The texts that may be chosen.
    #[serde(rename = "o", default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<EnumOption>,
}

/// A text that may be chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnumOption {
    /// The text that a record keeps.
    #[serde(rename = "v")]
    pub value: String,
    /// What people see instead of it.
    #[serde(rename = "t", default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Whether it can no longer be chosen; `None` where that is not said.
    #[serde(rename = "d", default, skip_serializing_if = "Option::is_none")]
    pub disabled: Option<bool>,
}

/// A restriction that an author may set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Restriction {
    /// The shortest text.
    MinLength,
    /// The longest text.
    MaxLength,
    /// The smallest number.
    Minimum,
    /// The largest number.
    Maximum,
    /// The fewest tags.
    MinItems,
    /// The most tags.
    MaxItems,
    /// The length of each tag.
    Items,
    /// Whether tags are there once.
    UniqueItems,
    /// The texts that may be chosen.
    Options,
}

impl CoreType {
    /// The restrictions that it knows.
    pub fn restrictions(self) -> &'static [Restriction] {
        use Restriction::{
            Items, MaxItems, MaxLength, Maximum, MinItems, MinLength, Minimum, Options, UniqueItems,
        };
        match self {
            CoreType::Text | CoreType::LongText | CoreType::Identifier | CoreType::Url => {
                &[MinLength, MaxLength]
            }
            CoreType::Number | CoreType::Integer => &[Minimum, Maximum],
            CoreType::Enum => &[Options],
            CoreType::Tag => &[MinItems, MaxItems, Items, UniqueItems],
            CoreType::Checkbox | CoreType::Date | CoreType::DateTime => &[],
        }
    }

    /// Entries of a value at most: tags, or texts that may be chosen; `None` where there are none.
    pub fn entries_max(self) -> Option<usize> {
        match self {
            CoreType::Tag => Some(TAGS_MAX),
            CoreType::Enum => Some(ENUM_OPTIONS_MAX),
            _ => None,
        }
    }

    /// Characters of each entry at most.
    pub fn entry_chars_max(self) -> Option<usize> {
        match self {
            CoreType::Tag => Some(TAG_CHARS_MAX),
            CoreType::Enum => Some(OPTION_CHARS_MAX),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_key_names_its_type() {
        for core_type in CoreType::ALL {
            let key = format!("a_b_{}", core_type.name());
            assert_eq!(CoreType::of_key(&key), Some(core_type));
        }
        for key in ["text", "_text", "a_shoe", "a_Text", "atext", ""] {
            assert_eq!(CoreType::of_key(key), None, "{key}");
        }
    }
}
