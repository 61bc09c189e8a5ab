//! A postal address.

use serde::{Deserialize, Serialize};

/// A postal address, free text line by line.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// Street and house.
    #[serde(rename = "a1", default, skip_serializing_if = "Option::is_none")]
    pub address1: Option<String>,
    /// Second line.
    #[serde(rename = "a2", default, skip_serializing_if = "Option::is_none")]
    pub address2: Option<String>,
    /// City.
    #[serde(rename = "ci", default, skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// State, province or department.
    #[serde(rename = "st", default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// Postal code.
    #[serde(rename = "pc", default, skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<String>,
    /// Country, as the client writes it.
    #[serde(rename = "cc", default, skip_serializing_if = "Option::is_none")]
    pub country_code: Option<String>,
}

impl Address {
    /// True when no line is filled in.
    pub fn is_empty(&self) -> bool {
        *self == Address::default()
    }
}
