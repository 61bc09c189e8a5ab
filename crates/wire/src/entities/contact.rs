//! Contacts: a body to the model's `Contact`, and a `Contact` to an answer.

use crate::entities::identifier::Identifiers;
use crate::json::exact::ExactFields;
use crate::json::fields::Fields;
use crate::json::reader::{Reader, read_body};
use crate::parts::phone::{self, PhoneNumber, Reading};
use crate::parts::reference::{
    BASE_PATH, DataSchema, WireExternalId, WritableDivision, read_custom_fields, read_date,
    read_division, read_email, read_external_ids, read_id, read_schema, read_url,
};
use crate::parts::{address, social};
use crate::time::Iso;
use crate::{Checked, Rules};
use carnet_model::limits::NAME_CHARS_MAX;
use carnet_model::{
    Contact, ContactKind, FaultKind, ImportContact, Organization, PhoneStyle, Uuid,
};
use serde::{Serialize, Serializer};
use serde_json::Value;

/// The field that names the organisation of a contact.
const ORGANIZATION: &str = "externalOrganization";

/// Reads the body of a create or replace. The contact has a nil id, and its dates are zero; its
/// organisation is the one of `externalOrganization.id`, which need not exist.
pub fn read(body: &Value, rules: &Rules) -> Checked<Contact> {
    let reading = Reading { rules, keep_input: false };
    read_body(body, |at| {
        let Some(at) = at.body() else {
            return Contact::default();
        };
        let contact = read_fields(at, reading, rules.require_names);
        let organization = at.field(ORGANIZATION);
        if !organization.field("name").is_blank() {
            organization.field("id").require();
        }
        contact
    })
}

/// Reads a contact to be imported: as [`read`] does, and its id, dates, type, organisation's
/// name, and what was once typed for its numbers. One with an id was kept somewhere before,
/// perhaps under other rules, and so needs no names, unless it takes them from a contact.
pub fn read_import(body: &Value, rules: &Rules) -> Checked<ImportContact> {
    let reading = Reading { rules, keep_input: true };
    read_body(body, |at| {
        let Some(at) = at.body() else {
            return ImportContact::default();
        };
        let id = read_id(&at.field("id"));
        let mut contact = read_fields(at, reading, rules.require_names && id.is_nil());
        contact.id = id;
        if let Some(kind) = at.field("type").value().and_then(Value::as_str) {
            contact.kind = kind_of(kind).unwrap_or_default();
        }
        ImportContact {
            contact,
            organization_name: at.field(ORGANIZATION).field("name").text(NAME_CHARS_MAX),
            create_date: read_date(&at.field("createDate")),
            modify_date: read_date(&at.field("modifyDate")),
            mentioned: None,
            names_required: rules.require_names,
        }
    })
}

/// Everything that a client may write.
fn read_fields(at: &Reader<'_>, reading: Reading<'_>, names_required: bool) -> Contact {
    let faults = at.fault_count();
    let name = |name: &str| at.field(name).name(NAME_CHARS_MAX);
    let email = |name: &str| read_email(&at.field(name));
    let phone = |name: &str| phone::read(&at.field(name), reading, PhoneStyle::Typed);
    if names_required {
        at.field("firstName").require_name();
        at.field("lastName").require_name();
    }
    let contact = Contact {
        division: read_division(&at.field("division")),
        first_name: name("firstName"),
        middle_name: name("middleName"),
        last_name: name("lastName"),
        salutation: name("salutation"),
        title: name("title"),
        organization: read_organization(&at.field(ORGANIZATION)),
        work_email: email("workEmail"),
        personal_email: email("personalEmail"),
        other_email: email("otherEmail"),
        work_phone: phone("workPhone"),
        cell_phone: phone("cellPhone"),
        home_phone: phone("homePhone"),
        other_phone: phone("otherPhone"),
        external_system_url: read_url(&at.field("externalSystemUrl")),
        twitter: social::read_twitter(&at.field("twitterId")),
        line: social::read_line(&at.field("lineId"), reading),
        whats_app: social::read_whats_app(&at.field("whatsAppId"), reading),
        facebook: social::read_facebook(&at.field("facebookId"), reading),
        instagram: social::read_instagram(&at.field("instagramId"), reading),
        apple_opaque_ids: social::read_apple_ids(&at.field("appleOpaqueIds")),
        address: address::read(&at.field("address")),
        survey_opt_out: at.field("surveyOptOut").boolean(),
        schema: read_schema(&at.field("schema")),
        custom_fields: read_custom_fields(&at.field("customFields")),
        external_ids: read_external_ids(&at.field("externalIds")),
        ..Contact::default()
    };
    if contact == Contact::default()
        && at.fault_count() == faults
        && at.field(ORGANIZATION).field("name").is_blank()
    {
        at.fault(FaultKind::Value("a contact needs at least one field".into()));
    }
    contact
}

fn read_organization(at: &Reader<'_>) -> Option<Uuid> {
    at.object()?.field("id").uuid()
}

fn kind_of(name: &str) -> Option<ContactKind> {
    [ContactKind::Ephemeral, ContactKind::Identified, ContactKind::Curated]
        .into_iter()
        .find(|kind| kind_name(*kind) == name)
}

fn kind_name(kind: ContactKind) -> &'static str {
    match kind {
        ContactKind::Ephemeral => "Ephemeral",
        ContactKind::Identified => "Identified",
        ContactKind::Curated => "Curated",
    }
}

/// The linked entities that an answer shows with a contact. By default only their ids.
#[derive(Clone, Copy, Debug, Default)]
pub struct Linked<'a> {
    /// The contact's organisation, to be shown whole.
    pub organization: Option<&'a Organization>,
    /// The name of the contact's organisation, to be shown beside its id where `organization`
    /// is not given. This is what exports use.
    pub organization_name: Option<&'a str>,
    /// Whether the identifiers are listed by which the contact is found.
    pub identifiers: bool,
}

/// A contact as answers have it. It borrows everything, and leaves out what is absent.
#[derive(Clone, Copy, Debug)]
pub struct ExternalContact<'a> {
    contact: &'a Contact,
    linked: Linked<'a>,
}

impl<'a> ExternalContact<'a> {
    /// The answer for `contact`.
    pub fn new(contact: &'a Contact, linked: &Linked<'a>) -> Self {
        ExternalContact { contact, linked: *linked }
    }
}

impl Serialize for ExternalContact<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let contact = self.contact;
        let mut out = Fields::begin(serializer)?;
        out.add("id", &contact.id)?;
        out.add("type", kind_name(contact.kind))?;
        out.add("division", &WritableDivision(&contact.division))?;
        out.text("firstName", &contact.first_name)?;
        out.text("middleName", &contact.middle_name)?;
        out.text("lastName", &contact.last_name)?;
        out.text("salutation", &contact.salutation)?;
        out.text("title", &contact.title)?;
        match (self.linked.organization, contact.organization) {
            (Some(organization), _) => {
                out.add(
                    ORGANIZATION,
                    &crate::entities::organization::ExternalOrganization::new(organization),
                )?;
            }
            (None, Some(id)) => {
                let name = self.linked.organization_name;
                out.add(ORGANIZATION, &OrganizationRef { id, name })?;
            }
            (None, None) => {}
        }
        out.text("workEmail", &contact.work_email)?;
        out.text("personalEmail", &contact.personal_email)?;
        out.text("otherEmail", &contact.other_email)?;
        out.maybe("workPhone", contact.work_phone.as_ref().map(PhoneNumber))?;
        out.maybe("cellPhone", contact.cell_phone.as_ref().map(PhoneNumber))?;
        out.maybe("homePhone", contact.home_phone.as_ref().map(PhoneNumber))?;
        out.maybe("otherPhone", contact.other_phone.as_ref().map(PhoneNumber))?;
        out.text("externalSystemUrl", &contact.external_system_url)?;
        out.maybe("twitterId", contact.twitter.as_ref().map(social::TwitterId))?;
        out.maybe("lineId", contact.line.as_ref().map(social::LineId))?;
        out.maybe("whatsAppId", contact.whats_app.as_ref().map(social::WhatsAppId))?;
        out.maybe("facebookId", contact.facebook.as_ref().map(social::FacebookId))?;
        out.maybe("instagramId", contact.instagram.as_ref().map(social::InstagramId))?;
        out.list("appleOpaqueIds", &contact.apple_opaque_ids, social::AppleOpaqueId::new)?;
        out.maybe("address", contact.address.as_ref().map(address::ContactAddress))?;
        out.maybe("surveyOptOut", contact.survey_opt_out)?;
        out.maybe("schema", contact.schema.as_ref().map(DataSchema::new))?;
        out.maybe("customFields", contact.custom_fields.as_ref().map(ExactFields))?;
        out.list("externalIds", &contact.external_ids, WireExternalId::new)?;
        if self.linked.identifiers {
            out.add("identifiers", &Identifiers::of(contact))?;
        }
        out.add("createDate", &Iso(contact.create_date))?;
        out.add("modifyDate", &Iso(contact.modify_date))?;
        let id = contact.id;
        out.add("selfUri", &format_args!("{BASE_PATH}/contacts/{id}"))?;
        out.end()
    }
}

/// An organisation that is only pointed at.
struct OrganizationRef<'a> {
    id: Uuid,
    name: Option<&'a str>,
}

impl Serialize for OrganizationRef<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let id = self.id;
        let mut out = Fields::begin(serializer)?;
        out.add("id", &id)?;
        out.maybe("name", self.name)?;
        out.add("selfUri", &format_args!("{BASE_PATH}/organizations/{id}"))?;
        out.end()
    }
}

#[cfg(test)]
mod tests;
