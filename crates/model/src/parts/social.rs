//! Accounts on social networks and messengers.

use crate::Phone;
use serde::{Deserialize, Serialize};

/// An account on Twitter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Twitter {
    /// The network's own identifier of the user.
    #[serde(rename = "i", default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The name shown there.
    #[serde(rename = "n", default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The screen name, with or without `@`, as it was given.
    #[serde(rename = "s", default, skip_serializing_if = "Option::is_none")]
    pub screen_name: Option<String>,
    /// Whether the account was verified.
    #[serde(rename = "v", default, skip_serializing_if = "Option::is_none")]
    pub verified: Option<bool>,
    /// The profile's address.
    #[serde(rename = "u", default, skip_serializing_if = "Option::is_none")]
    pub profile_url: Option<String>,
}

/// An account on Facebook.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facebook {
    /// Identifiers, each scoped to one page or app.
    #[serde(rename = "i", default, skip_serializing_if = "Vec::is_empty")]
    pub ids: Vec<String>,
    /// The name shown there.
    #[serde(rename = "n", default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
}

/// An account on LINE.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Identifiers, each scoped to one channel.
    #[serde(rename = "i", default, skip_serializing_if = "Vec::is_empty")]
    pub ids: Vec<String>,
    /// The name shown there.
    #[serde(rename = "n", default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
}

/// An account on WhatsApp.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WhatsApp {
    /// The number of the account.
    #[serde(rename = "p")]
    pub phone: Phone,
    /// The name shown there.
    #[serde(rename = "n", default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
}

/// An account on Instagram.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instagram {
    /// Identifiers, each scoped to one page or app.
    #[serde(rename = "i", default, skip_serializing_if = "Vec::is_empty")]
    pub ids: Vec<String>,
    /// The name shown there.
    #[serde(rename = "n", default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// The handle.
    #[serde(rename = "h", default, skip_serializing_if = "Option::is_none")]
    pub handle: Option<String>,
}
