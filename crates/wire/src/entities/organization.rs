//! Organisations: a body to the model's `Organization`, and back.

use crate::json::exact::ExactFields;
use crate::json::fields::Fields;
use crate::json::reader::{Reader, read_body};
use crate::parts::phone::{self, PhoneNumber, Reading};
use crate::parts::reference::{
    BASE_PATH, DataSchema, WireExternalId, WritableDivision, read_custom_fields, read_date,
    read_division, read_external_ids, read_id, read_schema, read_url,
};
use crate::parts::{address, social};
use crate::time::Iso;
use crate::{Checked, Rules};
use carnet_model::limits::{IDENTIFIER_CHARS_MAX, NAME_CHARS_MAX, ORGANIZATION_LIST_MAX};
use carnet_model::{ImportOrganization, Organization, PhoneStyle, Ticker};
use serde::{Serialize, Serializer};
use serde_json::Value;

/// Reads the body of a create or replace. The organisation has a nil id, and its dates are zero.
pub fn read(body: &Value, rules: &Rules) -> Checked<Organization> {
    let reading = Reading { rules, keep_input: false };
    read_body(body, |at| match at.body() {
        Some(at) => read_fields(at, reading),
        None => Organization::default(),
    })
}

/// Reads an organisation to be imported: as [`read`] does, and its id, dates, and what was once
/// typed for its numbers.
pub fn read_import(body: &Value, rules: &Rules) -> Checked<ImportOrganization> {
    let reading = Reading { rules, keep_input: true };
    read_body(body, |at| {
        let mut import = ImportOrganization {
            organization: Organization::default(),
            create_date: None,
            modify_date: None,
        };
        if let Some(at) = at.body() {
            import.organization = read_fields(at, reading);
            import.organization.id = read_id(&at.field("id"));
            import.create_date = read_date(&at.field("createDate"));
            import.modify_date = read_date(&at.field("modifyDate"));
        }
        import
    })
}

/// Everything that a client may write.
fn read_fields(at: &Reader<'_>, reading: Reading<'_>) -> Organization {
    let text = |name: &str| at.field(name).text(NAME_CHARS_MAX);
    let phone = |name: &str| phone::read(&at.field(name), reading, PhoneStyle::Typed);
    at.field("name").require_name();
    let employees = at.field("employeeCount");
    let employee_count = employees.integer();
    if employee_count.is_some_and(|count| count < 0) {
        employees.refuse("there cannot be fewer than 0");
    }
    Organization {
        division: read_division(&at.field("division")),
        name: at.field("name").name(NAME_CHARS_MAX).unwrap_or_default(),
        company_type: text("companyType"),
        industry: text("industry"),
        address: address::read(&at.field("address")),
        phone: phone("phoneNumber"),
        fax: phone("faxNumber"),
        employee_count,
        revenue: at.field("revenue").integer(),
        tags: read_texts(&at.field("tags")),
        websites: read_texts(&at.field("websites")),
        tickers: read_tickers(&at.field("tickers")),
        twitter: social::read_twitter(&at.field("twitterId")),
        external_system_url: read_url(&at.field("externalSystemUrl")),
        schema: read_schema(&at.field("schema")),
        custom_fields: read_custom_fields(&at.field("customFields")),
        external_ids: read_external_ids(&at.field("externalIds")),
        ..Organization::default()
    }
}

fn read_texts(at: &Reader<'_>) -> Vec<String> {
    at.list(ORGANIZATION_LIST_MAX).filter_map(|entry| entry.text(NAME_CHARS_MAX)).collect()
}

fn read_tickers(at: &Reader<'_>) -> Vec<Ticker> {
    at.list(ORGANIZATION_LIST_MAX)
        .filter_map(|entry| {
            let entry = entry.object()?;
            let (symbol, exchange) = (entry.field("symbol"), entry.field("exchange"));
            symbol.require();
            exchange.require();
            let symbol = symbol.text(IDENTIFIER_CHARS_MAX);
            let exchange = exchange.text(IDENTIFIER_CHARS_MAX);
            Some(Ticker { symbol: symbol?, exchange: exchange? })
        })
        .collect()
}

/// An organisation as answers have it. It borrows everything, and leaves out what is absent.
#[derive(Clone, Copy, Debug)]
pub struct ExternalOrganization<'a>(&'a Organization);

impl<'a> ExternalOrganization<'a> {
    /// The answer for `organization`.
    pub fn new(organization: &'a Organization) -> Self {
        ExternalOrganization(organization)
    }
}

impl Serialize for ExternalOrganization<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let organization = self.0;
        let mut out = Fields::begin(serializer)?;
        out.add("id", &organization.id)?;
        out.add("division", &WritableDivision(&organization.division))?;
        out.add("name", &organization.name)?;
        out.text("companyType", &organization.company_type)?;
        out.text("industry", &organization.industry)?;
        out.maybe("address", organization.address.as_ref().map(address::ContactAddress))?;
        out.maybe("phoneNumber", organization.phone.as_ref().map(PhoneNumber))?;
        out.maybe("faxNumber", organization.fax.as_ref().map(PhoneNumber))?;
        out.maybe("employeeCount", organization.employee_count)?;
        out.maybe("revenue", organization.revenue)?;
        out.list("tags", &organization.tags, String::as_str)?;
        out.list("websites", &organization.websites, String::as_str)?;
        out.list("tickers", &organization.tickers, WireTicker::new)?;
        out.maybe("twitterId", organization.twitter.as_ref().map(social::TwitterId))?;
        out.text("externalSystemUrl", &organization.external_system_url)?;
        out.maybe("schema", organization.schema.as_ref().map(DataSchema::new))?;
        out.maybe("customFields", organization.custom_fields.as_ref().map(ExactFields))?;
        out.list("externalIds", &organization.external_ids, WireExternalId::new)?;
        out.add("createDate", &Iso(organization.create_date))?;
        out.add("modifyDate", &Iso(organization.modify_date))?;
        let id = organization.id;
        out.add("selfUri", &format_args!("{BASE_PATH}/organizations/{id}"))?;
        out.end()
    }
}

/// A listing on a stock exchange as answers have it.
#[derive(Serialize)]
struct WireTicker<'a> {
    symbol: &'a str,
    exchange: &'a str,
}

impl<'a> WireTicker<'a> {
    fn new(ticker: &'a Ticker) -> Self {
        WireTicker { symbol: &ticker.symbol, exchange: &ticker.exchange }
    }
}

#[cfg(test)]
mod tests;
