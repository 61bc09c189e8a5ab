//! Contacts as people read them in a terminal, and as machines do.

use std::collections::HashMap;

use carnet_client::Remote;
use carnet_formats::json_lines;
use carnet_model::{Contact, ImportItem, Organization, PhoneLabel, Uuid};
use carnet_wire::contact::{ExternalContact, Linked};
use serde_json::Value;

use crate::failure::Failure;

/// A contact with the name of its organisation.
#[derive(Debug)]
pub(crate) struct ContactText {
    /// The contact.
    pub(crate) contact: Contact,
    /// The name of its organisation, if it has one that is known.
    pub(crate) organization: Option<String>,
}

/// The contacts in the form of the API, their organisations whole.
pub(crate) fn values_of(
    contacts: &[Contact],
    organizations: &HashMap<Uuid, Organization>,
) -> Result<Vec<Value>, Failure> {
    let value = |contact: &Contact| {
        let organization = contact.organization.and_then(|id| organizations.get(&id));
        let linked = Linked { organization, ..Linked::default() };
        carnet_wire::exact::to_value(&ExternalContact::new(contact, &linked))
    };
    let values: Result<Vec<Value>, _> = contacts.iter().map(value).collect();
    values.map_err(|error| Failure::failed(format!("the answer cannot be written: {error}")))
}

/// The contacts with the names of their organisations.
pub(crate) fn texts_of(
    contacts: Vec<Contact>,
    organizations: &HashMap<Uuid, Organization>,
) -> Vec<ContactText> {
    let named = |contact: Contact| {
        let organization = contact.organization.and_then(|id| organizations.get(&id));
        let organization = organization.map(|organization| organization.name.clone());
        ContactText { contact, organization }
    };
    contacts.into_iter().map(named).collect()
}

/// A daemon's answer, with whole numbers as long as they are.
pub(crate) fn ask(remote: &Remote, path: &str, query: &[(&str, &str)]) -> Result<Value, Failure> {
    let answer = remote.get_bytes(path, query)?;
    let unreadable = |error| Failure::failed(format!("the daemon's answer is no JSON: {error}"));
    carnet_wire::exact::read(&answer).map_err(unreadable)
}

/// The contacts of a daemon's answer.
pub(crate) fn read_answer(answer: &Value) -> Result<Vec<ContactText>, Failure> {
    let rules = carnet_wire::Rules { require_names: false, ..carnet_wire::Rules::default() };
    let mut texts = Vec::new();
    for value in answer.as_array().into_iter().flatten() {
        match json_lines::read(carnet_wire::exact::to_text(value).as_bytes(), &rules) {
            Ok(ImportItem::Contact(read)) => texts
                .push(ContactText { contact: read.contact, organization: read.organization_name }),
            _ => {
                return Err(Failure::failed(
                    "the daemon's answer has a contact that cannot be read",
                ));
            }
        }
    }
    Ok(texts)
}

impl ContactText {
    /// The contact's name; its e-mail or id where it has none.
    pub(crate) fn name(&self) -> String {
        let contact = &self.contact;
        let names = [&contact.first_name, &contact.middle_name, &contact.last_name];
        let name: Vec<&str> = names.into_iter().filter_map(|name| name.as_deref()).collect();
        match name.is_empty() {
            false => name.join(" "),
            true => {
                let email = contact.emails().next().map(str::to_owned);
                email.unwrap_or_else(|| contact.id.to_string())
            }
        }
    }

    /// Several lines: name, position, organisation, every number with its label, e-mails, id.
    pub(crate) fn text(&self) -> String {
        let mut text = self.name();
        let place = [self.contact.title.as_deref(), self.organization.as_deref()];
        let place: Vec<&str> = place.into_iter().flatten().collect();
        if !place.is_empty() {
            text.push_str("\n    ");
            text.push_str(&place.join(", "));
        }
        for (label, phone) in self.contact.phones() {
            let extension = phone.extension.map(|e| format!(" ext. {e}")).unwrap_or_default();
            let row = format!("\n    {:10}{}{extension}", label_name(label), phone.display());
            text.push_str(&row);
        }
        for email in self.contact.emails() {
            text.push_str(&format!("\n    {:10}{email}", "e-mail"));
        }
        text.push_str(&format!("\n    {:10}{}", "id", self.contact.id));
        text
    }

    /// One line: name, organisation, and the first number or e-mail.
    pub(crate) fn line(&self) -> String {
        let reached = self.contact.phones().next().map(|(_, phone)| phone.display());
        let reached = reached.or_else(|| self.contact.emails().next().map(str::to_owned));
        let parts = [Some(self.name()), self.organization.clone(), reached];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        parts.join("  ·  ")
    }
}

fn label_name(label: PhoneLabel) -> &'static str {
    match label {
        PhoneLabel::Work => "work",
        PhoneLabel::Cell => "cell",
        PhoneLabel::Home => "home",
        PhoneLabel::Other => "other",
        PhoneLabel::WhatsApp => "WhatsApp",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use carnet_model::Phone;
    use carnet_phone::E164;

    fn engineer() -> ContactText {
        let phone = Phone {
            input: "+442079460018".into(),
            e164: E164::parse("+442079460018"),
            extension: Some(12),
            ..Phone::default()
        };
        let contact = Contact {
            first_name: Some("Ada".into()),
            last_name: Some("Lovelace".into()),
            title: Some("Analyst".into()),
            work_phone: Some(phone),
            personal_email: Some("ada@example.org".into()),
            ..Contact::default()
        };
        ContactText { contact, organization: Some("Engines Ltd".into()) }
    }

    #[test]
    fn a_text_has_organisation_labels_and_numbers() {
        let text = engineer().text();
        for part in ["Ada Lovelace\n", "Analyst, Engines Ltd", "work", "ext. 12", "ada@example.org"]
        {
            assert!(text.contains(part), "{text}");
        }
    }

    #[test]
    fn a_contact_without_names_is_called_by_its_email() {
        let mut contact = engineer();
        contact.contact.first_name = None;
        contact.contact.last_name = None;
        assert_eq!(contact.name(), "ada@example.org");
        contact.contact.personal_email = None;
        assert_eq!(contact.name(), contact.contact.id.to_string());
    }
}
