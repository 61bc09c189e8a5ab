//! A contact: one person that the organisation deals with.

use crate::{
    Address, Division, ExternalId, Facebook, Instagram, Line, Phone, PhoneLabel, SchemaRef,
    Timestamp, Twitter, WhatsApp,
};
use carnet_phone::E164;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Custom fields as they were given: any JSON value under any key.
pub type CustomFields = serde_json::Map<String, serde_json::Value>;

/// How a contact came to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ContactKind {
    /// Made for one conversation.
    #[serde(rename = "e")]
    Ephemeral,
    /// Known by an identifier only.
    #[serde(rename = "i")]
    Identified,
    /// Made or edited by someone.
    #[default]
    #[serde(rename = "c")]
    Curated,
}

/// One person. An empty text is kept as `None`; everything but the names is optional, and the
/// names are too where the administrator says so.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Contact {
    /// The identifier that the API knows.
    #[serde(rename = "id")]
    pub id: Uuid,
    /// Whose contact it is.
    #[serde(rename = "d", default, skip_serializing_if = "Division::is_unassigned")]
    pub division: Division,
    /// First name.
    #[serde(rename = "fn", default, skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    /// Middle name.
    #[serde(rename = "mn", default, skip_serializing_if = "Option::is_none")]
    pub middle_name: Option<String>,
    /// Last name.
    #[serde(rename = "ln", default, skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// Salutation, as in `Mrs`.
    #[serde(rename = "sa", default, skip_serializing_if = "Option::is_none")]
    pub salutation: Option<String>,
    /// The person's role in the organisation.
    #[serde(rename = "ti", default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The organisation that the person belongs to. It exists, or carnet-book refuses the edit.
    #[serde(rename = "o", default, skip_serializing_if = "Option::is_none")]
    pub organization: Option<Uuid>,
    /// E-mail at work.
    #[serde(rename = "we", default, skip_serializing_if = "Option::is_none")]
    pub work_email: Option<String>,
    /// Private e-mail.
    #[serde(rename = "pe", default, skip_serializing_if = "Option::is_none")]
    pub personal_email: Option<String>,
    /// Any other e-mail.
    #[serde(rename = "oe", default, skip_serializing_if = "Option::is_none")]
    pub other_email: Option<String>,
    /// Number at work.
    #[serde(rename = "wp", default, skip_serializing_if = "Option::is_none")]
    pub work_phone: Option<Phone>,
    /// Number of the mobile phone.
    #[serde(rename = "cp", default, skip_serializing_if = "Option::is_none")]
    pub cell_phone: Option<Phone>,
    /// Number at home.
    #[serde(rename = "hp", default, skip_serializing_if = "Option::is_none")]
    pub home_phone: Option<Phone>,
    /// Any other number.
    #[serde(rename = "op", default, skip_serializing_if = "Option::is_none")]
    pub other_phone: Option<Phone>,
    /// Where another system shows this person.
    #[serde(rename = "url", default, skip_serializing_if = "Option::is_none")]
    pub external_system_url: Option<String>,
    /// Twitter.
    #[serde(rename = "tw", default, skip_serializing_if = "Option::is_none")]
    pub twitter: Option<Twitter>,
    /// LINE.
    #[serde(rename = "li", default, skip_serializing_if = "Option::is_none")]
    pub line: Option<Line>,
    /// WhatsApp.
    #[serde(rename = "wa", default, skip_serializing_if = "Option::is_none")]
    pub whats_app: Option<WhatsApp>,
    /// Facebook.
    #[serde(rename = "fb", default, skip_serializing_if = "Option::is_none")]
    pub facebook: Option<Facebook>,
    /// Instagram.
    #[serde(rename = "ig", default, skip_serializing_if = "Option::is_none")]
    pub instagram: Option<Instagram>,
    /// Opaque identifiers of Apple's messenger.
    #[serde(rename = "ap", default, skip_serializing_if = "Vec::is_empty")]
    pub apple_opaque_ids: Vec<String>,
    /// Postal address.
    #[serde(rename = "ad", default, skip_serializing_if = "Option::is_none")]
    pub address: Option<Address>,
    /// True when the person does not want to be asked in surveys; `None` when not stated.
    #[serde(rename = "so", default, skip_serializing_if = "Option::is_none")]
    pub survey_opt_out: Option<bool>,
    /// The contact type: which schema the custom fields follow.
    #[serde(rename = "sc", default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<SchemaRef>,
    /// Custom fields.
    #[serde(rename = "cf", default, skip_serializing_if = "Option::is_none")]
    pub custom_fields: Option<CustomFields>,
    /// The person's ids in other systems.
    #[serde(rename = "xi", default, skip_serializing_if = "Vec::is_empty")]
    pub external_ids: Vec<ExternalId>,
    /// How the contact came to be.
    #[serde(rename = "k", default)]
    pub kind: ContactKind,
    /// When it was added.
    #[serde(rename = "c")]
    pub create_date: Timestamp,
    /// When it was last edited.
    #[serde(rename = "m")]
    pub modify_date: Timestamp,
}

impl Contact {
    /// Every telephone number with its label, those included that could not be read as E.164.
    pub fn phones(&self) -> impl Iterator<Item = (PhoneLabel, &Phone)> {
        let whats_app = self.whats_app.as_ref().map(|account| &account.phone);
        [
            (PhoneLabel::Work, self.work_phone.as_ref()),
            (PhoneLabel::Cell, self.cell_phone.as_ref()),
            (PhoneLabel::Home, self.home_phone.as_ref()),
            (PhoneLabel::Other, self.other_phone.as_ref()),
            (PhoneLabel::WhatsApp, whats_app),
        ]
        .into_iter()
        .filter_map(|(label, phone)| Some((label, phone?)))
    }

    /// Every telephone number with its label, to be changed.
    pub(crate) fn phones_mut(&mut self) -> impl Iterator<Item = (PhoneLabel, &mut Phone)> {
        let whats_app = self.whats_app.as_mut().map(|account| &mut account.phone);
        [
            (PhoneLabel::Work, self.work_phone.as_mut()),
            (PhoneLabel::Cell, self.cell_phone.as_mut()),
            (PhoneLabel::Home, self.home_phone.as_mut()),
            (PhoneLabel::Other, self.other_phone.as_mut()),
            (PhoneLabel::WhatsApp, whats_app),
        ]
        .into_iter()
        .filter_map(|(label, phone)| Some((label, phone?)))
    }

    /// Every E.164 number by which the contact is found, each once, ascending.
    pub fn numbers(&self) -> Vec<E164> {
        let mut numbers: Vec<E164> = self.phones().flat_map(|(_, phone)| phone.numbers()).collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }

    /// Every e-mail, as it was given.
    pub fn emails(&self) -> impl Iterator<Item = &str> {
        [&self.work_email, &self.personal_email, &self.other_email]
            .into_iter()
            .filter_map(|email| email.as_deref())
    }

    /// Makes this the next state of `old`: identity, origin and date of creation stay, and so
    /// does what was typed for a number that came back in the form in which it was shown.
    pub fn succeed(&mut self, old: &Contact) {
        self.id = old.id;
        self.kind = old.kind;
        self.create_date = old.create_date;
        for (new, old) in [
            (&mut self.work_phone, &old.work_phone),
            (&mut self.cell_phone, &old.cell_phone),
            (&mut self.home_phone, &old.home_phone),
            (&mut self.other_phone, &old.other_phone),
        ] {
            if let Some(new) = new {
                new.keep_input_of(old.as_ref());
            }
        }
        if let Some(new) = &mut self.whats_app {
            let old = old.whats_app.as_ref().map(|account| &account.phone);
            new.phone.keep_input_of(old);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use carnet_phone::Region;

    fn phone(input: &str) -> Phone {
        let number = carnet_phone::normalise(input, Region::US).ok();
        Phone { input: input.to_owned(), e164: number.map(|n| n.e164), ..Phone::default() }
    }

    #[test]
    fn a_number_sent_back_as_shown_keeps_what_was_typed() {
        let old = Contact { cell_phone: Some(phone("(317) 222-2222")), ..Contact::default() };
        let shown = old.cell_phone.as_ref().unwrap().display();
        let mut new = Contact { cell_phone: Some(phone(&shown)), ..Contact::default() };
        new.succeed(&old);
        assert_eq!(new, old);
    }

    #[test]
    fn another_number_keeps_its_own_text() {
        let old = Contact { cell_phone: Some(phone("(317) 222-2222")), ..Contact::default() };
        let mut new = Contact { cell_phone: Some(phone("+1 317-222-2223")), ..Contact::default() };
        new.succeed(&old);
        assert_eq!(new.cell_phone.unwrap().input, "+1 317-222-2223");
    }

    #[test]
    fn a_number_held_twice_counts_once() {
        let contact = Contact {
            cell_phone: Some(phone("+13172222222")),
            work_phone: Some(phone("317-222-2222")),
            ..Contact::default()
        };
        assert_eq!(contact.phones().count(), 2);
        assert_eq!(contact.numbers().len(), 1);
    }
}
