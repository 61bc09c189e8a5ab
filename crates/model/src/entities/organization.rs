//! An organisation that contacts belong to.

use crate::{Address, CustomFields, Division, ExternalId, Phone, SchemaRef, Timestamp, Twitter};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A listing on a stock exchange.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticker {
    /// The symbol there.
    #[serde(rename = "s")]
    pub symbol: String,
    /// The exchange.
    #[serde(rename = "x")]
    pub exchange: String,
}

/// One organisation. Only the name is required.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Organization {
    /// The identifier that the API knows.
    #[serde(rename = "id")]
    pub id: Uuid,
    /// Whose organisation it is.
    #[serde(rename = "d", default, skip_serializing_if = "Division::is_unassigned")]
    pub division: Division,
    /// Its name.
    #[serde(rename = "n")]
    pub name: String,
    /// The kind of company.
    #[serde(rename = "ct", default, skip_serializing_if = "Option::is_none")]
    pub company_type: Option<String>,
    /// The industry.
    #[serde(rename = "in", default, skip_serializing_if = "Option::is_none")]
    pub industry: Option<String>,
    /// Postal address.
    #[serde(rename = "ad", default, skip_serializing_if = "Option::is_none")]
    pub address: Option<Address>,
    /// Its number.
    #[serde(rename = "p", default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<Phone>,
    /// Its fax.
    #[serde(rename = "f", default, skip_serializing_if = "Option::is_none")]
    pub fax: Option<Phone>,
    /// How many people work there.
    #[serde(rename = "ec", default, skip_serializing_if = "Option::is_none")]
    pub employee_count: Option<i64>,
    /// Yearly revenue, in a currency of the client's choice.
    #[serde(rename = "re", default, skip_serializing_if = "Option::is_none")]
    pub revenue: Option<i64>,
    /// Tags.
    #[serde(rename = "tg", default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Web sites.
    #[serde(rename = "ws", default, skip_serializing_if = "Vec::is_empty")]
    pub websites: Vec<String>,
    /// Listings on stock exchanges.
    #[serde(rename = "tk", default, skip_serializing_if = "Vec::is_empty")]
    pub tickers: Vec<Ticker>,
    /// Twitter.
    #[serde(rename = "tw", default, skip_serializing_if = "Option::is_none")]
    pub twitter: Option<Twitter>,
    /// Where another system shows this organisation.
    #[serde(rename = "url", default, skip_serializing_if = "Option::is_none")]
    pub external_system_url: Option<String>,
    /// Which schema the custom fields follow.
    #[serde(rename = "sc", default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<SchemaRef>,
    /// Custom fields.
    #[serde(rename = "cf", default, skip_serializing_if = "Option::is_none")]
    pub custom_fields: Option<CustomFields>,
    /// The organisation's ids in other systems.
    #[serde(rename = "xi", default, skip_serializing_if = "Vec::is_empty")]
    pub external_ids: Vec<ExternalId>,
    /// When it was added.
    #[serde(rename = "c")]
    pub create_date: Timestamp,
    /// When it was last edited.
    #[serde(rename = "m")]
    pub modify_date: Timestamp,
}

impl Organization {
    /// Makes this the next state of `old`: identity and date of creation stay, and so does what
    /// was typed for a number that came back in the form in which it was shown.
    pub fn succeed(&mut self, old: &Organization) {
        self.id = old.id;
        self.create_date = old.create_date;
        for (new, old) in [(&mut self.phone, &old.phone), (&mut self.fax, &old.fax)] {
            if let Some(new) = new {
                new.keep_input_of(old.as_ref());
            }
        }
    }
}
