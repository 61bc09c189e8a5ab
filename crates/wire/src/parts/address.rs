//! Postal addresses.

use crate::json::fields::Fields;
use crate::json::reader::Reader;
use carnet_model::Address;
use carnet_model::limits::{
    ADDRESS_LINE_CHARS_MAX, CITY_CHARS_MAX, POSTAL_CODE_CHARS_MAX, STATE_CHARS_MAX,
};
use serde::{Serialize, Serializer};

/// Reads the address at `at`; `None` when no line is filled in. The two lines of the street may
/// come with line breaks within, as address books export them.
pub(crate) fn read(at: &Reader<'_>) -> Option<Address> {
    let at = at.object()?;
    let text = |name: &str, max| at.field(name).text(max);
    let line = |name: &str| at.field(name).joined(ADDRESS_LINE_CHARS_MAX);
    let address = Address {
        address1: line("address1"),
        address2: line("address2"),
        city: text("city", CITY_CHARS_MAX),
        state: text("state", STATE_CHARS_MAX),
        postal_code: text("postalCode", POSTAL_CODE_CHARS_MAX),
        country_code: text("countryCode", POSTAL_CODE_CHARS_MAX),
    };
    Some(address).filter(|address| !address.is_empty())
}

/// An address as answers have it.
pub(crate) struct ContactAddress<'a>(pub(crate) &'a Address);

impl Serialize for ContactAddress<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = Fields::begin(serializer)?;
        out.text("address1", &self.0.address1)?;
        out.text("address2", &self.0.address2)?;
        out.text("city", &self.0.city)?;
        out.text("state", &self.0.state)?;
        out.text("postalCode", &self.0.postal_code)?;
        out.text("countryCode", &self.0.country_code)?;
        out.end()
    }
}
