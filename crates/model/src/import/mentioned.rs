//! Which fields of a contact a record of an import says something about. With it the other fields of
//! a known contact stay as they are. How a format mentions a field is not known here.

use crate::limits::EXTERNAL_IDS_MAX;
use crate::{Address, Contact, ExternalId, InvalidReference};
use std::collections::BTreeSet;

/// A field of a contact, or a part of one that can be left alone by itself. A number is one field:
/// an extension belongs to the number that it was given with.
#[allow(missing_docs, reason = "named as the fields of a contact")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ContactField {
    Division,
    FirstName,
    MiddleName,
    LastName,
    Salutation,
    Title,
    Organization,
    WorkEmail,
    PersonalEmail,
    OtherEmail,
    WorkPhone,
    CellPhone,
    HomePhone,
    OtherPhone,
    ExternalSystemUrl,
    Twitter,
    Line,
    WhatsApp,
    Facebook,
    Instagram,
    AppleOpaqueIds,
    Address1,
    Address2,
    City,
    State,
    PostalCode,
    CountryCode,
    SurveyOptOut,
    Schema,
    /// All custom fields: those that the record does not name are to go.
    CustomFields,
    ExternalIds,
    Kind,
}

/// The fields that a record mentions, empty ones included.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mentioned {
    /// The fields.
    pub fields: BTreeSet<ContactField>,
    /// Custom fields that are mentioned one by one.
    pub custom_fields: BTreeSet<String>,
}

impl Mentioned {
    /// Gives `new` what `old` has in the fields that are not mentioned.
    ///
    /// # Errors
    /// When the contact would have too many external ids.
    pub fn keep_missing(&self, new: &mut Contact, old: &Contact) -> Result<(), InvalidReference> {
        let is_missing = |field| !self.fields.contains(&field);
        macro_rules! keep {
            ($($name:ident: $field:ident,)*) => {
                $(if is_missing(ContactField::$name) {
                    new.$field.clone_from(&old.$field);
                })*
            };
        }
        keep! {
            Division: division,
            FirstName: first_name,
            MiddleName: middle_name,
            LastName: last_name,
            Salutation: salutation,
            Title: title,
            WorkEmail: work_email,
            PersonalEmail: personal_email,
            OtherEmail: other_email,
            WorkPhone: work_phone,
            CellPhone: cell_phone,
            HomePhone: home_phone,
            OtherPhone: other_phone,
            ExternalSystemUrl: external_system_url,
            Twitter: twitter,
            Line: line,
            WhatsApp: whats_app,
            Facebook: facebook,
            Instagram: instagram,
            AppleOpaqueIds: apple_opaque_ids,
            SurveyOptOut: survey_opt_out,
            Schema: schema,
            Kind: kind,
        }
        // The organisation of the record's name, if it has one, is linked already.
        if is_missing(ContactField::Organization) {
            new.organization = old.organization;
        }
        keep_address(new, old, is_missing);
        if is_missing(ContactField::CustomFields) {
            let given = new.custom_fields.take().unwrap_or_default();
            let mut all = old.custom_fields.clone().unwrap_or_default();
            all.retain(|key, _| !self.custom_fields.contains(key));
            all.extend(given);
            new.custom_fields = Some(all).filter(|fields| !fields.is_empty());
        }
        // A list that is mentioned and empty is to be empty.
        let ids = &mut new.external_ids;
        if is_missing(ContactField::ExternalIds) || !ids.is_empty() {
            let of_others = |id: &&ExternalId| !ids.iter().any(|new| is_of_one_source(new, id));
            let others: Vec<ExternalId> =
                old.external_ids.iter().filter(of_others).cloned().collect();
            ids.extend(others);
            if ids.len() > EXTERNAL_IDS_MAX {
                return Err(InvalidReference::ExternalIds);
            }
        }
        Ok(())
    }
}

/// Keeps the lines of the address that are missing.
fn keep_address(new: &mut Contact, old: &Contact, is_missing: impl Fn(ContactField) -> bool) {
    let mut address = new.address.take().unwrap_or_default();
    let old = old.address.clone().unwrap_or_default();
    for (field, new, old) in [
        (ContactField::Address1, &mut address.address1, old.address1),
        (ContactField::Address2, &mut address.address2, old.address2),
        (ContactField::City, &mut address.city, old.city),
        (ContactField::State, &mut address.state, old.state),
        (ContactField::PostalCode, &mut address.postal_code, old.postal_code),
        (ContactField::CountryCode, &mut address.country_code, old.country_code),
    ] {
        if is_missing(field) {
            *new = old;
        }
    }
    new.address = Some(address).filter(|address| *address != Address::default());
}

/// Whether two ids are of the same system: by its id where both have one, else by its name.
fn is_of_one_source(one: &ExternalId, other: &ExternalId) -> bool {
    match (&one.source.id, &other.source.id) {
        (Some(one), Some(other)) => one == other,
        _ => one.source.name.is_some() && one.source.name == other.source.name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ExternalSource;

    fn id(source: &str, value: &str) -> ExternalId {
        let source = ExternalSource { id: None, name: Some(source.to_owned()) };
        ExternalId { source, value: value.to_owned() }
    }

    fn mentioned(fields: &[ContactField]) -> Mentioned {
        Mentioned { fields: fields.iter().copied().collect(), ..Mentioned::default() }
    }

    #[test]
    fn what_is_not_mentioned_stays_and_what_is_mentioned_and_empty_goes() {
        let old = Contact {
            first_name: Some("Ann".into()),
            title: Some("Boss".into()),
            work_email: Some("ann@example.com".into()),
            address: Some(Address {
                city: Some("Bonn".into()),
                state: Some("NW".into()),
                ..Address::default()
            }),
            custom_fields: serde_json::json!({"a": 1, "b": 2}).as_object().cloned(),
            external_ids: vec![id("CRM", "1"), id("ERP", "2")],
            ..Contact::default()
        };
        let mut new = Contact {
            last_name: Some("Bell".into()),
            address: Some(Address { city: Some("Ulm".into()), ..Address::default() }),
            custom_fields: serde_json::json!({"c": 3}).as_object().cloned(),
            external_ids: vec![id("CRM", "9")],
            ..Contact::default()
        };
        use ContactField::{City, ExternalIds, LastName, Title};
        let custom_fields = ["a".into(), "c".into()].into();
        let mentioned =
            Mentioned { custom_fields, ..mentioned(&[LastName, Title, City, ExternalIds]) };
        mentioned.keep_missing(&mut new, &old).unwrap();
        let expect = Contact {
            last_name: Some("Bell".into()),
            title: None,
            address: Some(Address { city: Some("Ulm".into()), ..old.address.clone().unwrap() }),
            custom_fields: serde_json::json!({"b": 2, "c": 3}).as_object().cloned(),
            external_ids: vec![id("CRM", "9"), id("ERP", "2")],
            ..old
        };
        assert_eq!(new, expect);
    }

    #[test]
    fn a_record_that_mentions_nothing_changes_nothing() {
        let old = Contact {
            title: Some("Boss".into()),
            organization: Some(uuid::Uuid::from_u128(7)),
            external_ids: vec![id("CRM", "1")],
            survey_opt_out: Some(true),
            ..Contact::default()
        };
        let mut new = Contact::default();
        mentioned(&[]).keep_missing(&mut new, &old).unwrap();
        assert_eq!(new, old);
    }

    #[test]
    fn more_external_ids_than_fit_are_told() {
        let ids = |from: usize| (from..from + 10).map(|n| id(&format!("S{n}"), "1")).collect();
        let old = Contact { external_ids: ids(0), ..Contact::default() };
        let mentioned = mentioned(&[ContactField::ExternalIds]);
        let mut new = Contact { external_ids: ids(1), ..Contact::default() };
        let kept = mentioned.keep_missing(&mut new, &old);
        assert_eq!(kept, Err(InvalidReference::ExternalIds));
        let mut same = Contact { external_ids: ids(0), ..Contact::default() };
        assert_eq!(mentioned.keep_missing(&mut same, &old), Ok(()));
    }
}
