//! Identifiers: exact keys other than telephone numbers by which a contact is found.

use crate::entities::contact::CustomFields;
use crate::entities::schema::core_type::CoreType;
use crate::limits::IDENTIFIER_CHARS_MAX;
use crate::parts::email::fold_email;
use crate::parts::numeral::large_whole;
use crate::{Contact, ExternalId, Organization};
use serde::{Deserialize, Serialize};

/// The kinds of identifier that the API can look up. The number is part of the file format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[repr(u8)]
pub enum IdentifierKind {
    /// A telephone number; kept apart, by its E.164.
    Phone = 1,
    /// An e-mail.
    Email = 2,
    /// A user of LINE.
    SocialLine = 3,
    /// A user of Facebook, scoped to a page.
    SocialFacebook = 4,
    /// A screen name of Twitter.
    SocialTwitter = 5,
    /// The number of a WhatsApp account.
    SocialWhatsapp = 6,
    /// A business-scoped user of WhatsApp.
    SocialWhatsappBsuid = 7,
    /// A user of Instagram, scoped to a page.
    SocialInstagram = 8,
    /// A handle of Instagram.
    SocialInstagramHandle = 9,
    /// An opaque id of Apple's messenger.
    AppleOpaqueId = 10,
    /// A web browser's cookie.
    Cookie = 11,
    /// The contact's id in another system.
    ExternalId = 12,
    /// An internal number of a telephone system: bare digits, no more than six. Not in the API.
    Internal = 13,
    /// A custom field of type identifier: its key and its value. Not in the API.
    Field = 14,
}

/// An identifier in the one form in which it is kept and compared.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IdentifierKey {
    /// Its kind.
    pub kind: IdentifierKind,
    /// Its value, folded as the kind asks.
    pub value: String,
}

impl IdentifierKey {
    /// The key of a value of `kind` as someone typed it. E-mails compare as [`fold_email`] says and
    /// handles without case, everything else letter for letter. For external ids use [`ExternalId::keys`], for
    /// telephone numbers the number.
    pub fn new(kind: IdentifierKind, value: &str) -> IdentifierKey {
        let value = value.trim();
        let value = match kind {
            IdentifierKind::Email => fold_email(value),
            IdentifierKind::SocialTwitter | IdentifierKind::SocialInstagramHandle => {
                fold_handle(value)
            }
            _ => value.to_owned(),
        };
        IdentifierKey { kind, value }
    }

    /// The key of a custom field of type identifier: its own key counts letter for letter, its value
    /// without case and without blanks around it.
    pub fn field(key: &str, value: &str) -> IdentifierKey {
        let value = format!("{key}\n{}", value.trim().to_lowercase());
        IdentifierKey { kind: IdentifierKind::Field, value }
    }
}

/// A screen name or handle as it is compared: without `@` and case.
pub fn fold_handle(handle: &str) -> String {
    let handle = handle.trim();
    handle.strip_prefix('@').unwrap_or(handle).to_lowercase()
}

impl ExternalId {
    /// The keys under which this id is kept: one by the source's id, one by its name (which
    /// compares without case).
    pub fn keys(&self) -> impl Iterator<Item = IdentifierKey> {
        let by_id = self.source.id.as_ref().map(|id| format!("i{id}"));
        let by_name = self.source.name.as_ref();
        let by_name = by_name.map(|name| format!("n{}", name.to_lowercase()));
        [by_id, by_name].into_iter().flatten().map(|source| IdentifierKey {
            kind: IdentifierKind::ExternalId,
            value: format!("{source}\n{}", self.value),
        })
    }

    /// Whether both name one record of one system. Where both know the system's id it decides, and
    /// a name may be an older one or stand for two systems; else their names are compared, without
    /// case.
    pub fn is_same(&self, other: &ExternalId) -> bool {
        let same_source = match (&self.source.id, &other.source.id) {
            (Some(one), Some(other)) => one == other,
            _ => match (&self.source.name, &other.source.name) {
                (Some(one), Some(other)) => one.to_lowercase() == other.to_lowercase(),
                _ => false,
            },
        };
        same_source && self.value == other.value
    }
}

impl Contact {
    /// Every key but the telephone numbers by which this contact is found exactly, each once,
    /// ascending.
    pub fn identifier_keys(&self) -> Vec<IdentifierKey> {
        use IdentifierKind as Kind;
        let mut keys = Vec::new();
        let mut add = |kind, value: &str| keys.push(IdentifierKey::new(kind, value));
        for email in self.emails() {
            add(Kind::Email, email);
        }
        if let Some(name) = self.twitter.as_ref().and_then(|t| t.screen_name.as_ref()) {
            add(Kind::SocialTwitter, name);
        }
        for id in self.line.iter().flat_map(|account| &account.ids) {
            add(Kind::SocialLine, id);
        }
        for id in self.facebook.iter().flat_map(|account| &account.ids) {
            add(Kind::SocialFacebook, id);
        }
        if let Some(account) = &self.instagram {
            for id in &account.ids {
                add(Kind::SocialInstagram, id);
            }
            if let Some(handle) = &account.handle {
                add(Kind::SocialInstagramHandle, handle);
            }
        }
        for number in self.whats_app.iter().flat_map(|account| account.phone.numbers()) {
            add(Kind::SocialWhatsapp, &number.to_string());
        }
        for id in &self.apple_opaque_ids {
            add(Kind::AppleOpaqueId, id);
        }
        // Always kept, and asked for only where the settings say what an internal number is.
        for digits in self.internal_numbers() {
            add(Kind::Internal, &digits);
        }
        keys.extend(self.external_ids.iter().flat_map(ExternalId::keys));
        keys.extend(self.custom_fields.iter().flat_map(field_keys));
        keys.sort_unstable();
        keys.dedup();
        keys
    }
}

impl Organization {
    /// The keys under which the organisation is found: external ids and custom fields of type
    /// identifier. Sorted, each once.
    pub fn identifier_keys(&self) -> Vec<IdentifierKey> {
        let mut keys: Vec<IdentifierKey> =
            self.external_ids.iter().flat_map(ExternalId::keys).collect();
        keys.extend(self.custom_fields.iter().flat_map(field_keys));
        keys.sort_unstable();
        keys.dedup();
        keys
    }
}

/// The keys of the fields of type identifier, known by the ends of their own keys, whatever the schema:
/// an index row depends on the record alone.
fn field_keys(fields: &CustomFields) -> impl Iterator<Item = IdentifierKey> {
    fields.iter().filter_map(|(key, value)| {
        if CoreType::of_key(key) != Some(CoreType::Identifier) {
            return None;
        }
        let value = large_whole(value).or_else(|| value.as_str())?;
        // Fields without a schema may be longer than anyone looks up.
        let fits = !value.trim().is_empty() && value.chars().count() <= IDENTIFIER_CHARS_MAX;
        fits.then(|| IdentifierKey::field(key, value))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ExternalSource, Twitter};

    #[test]
    fn emails_and_handles_compare_without_case() {
        let contact = Contact {
            work_email: Some("Anna@Example.ORG".into()),
            personal_email: Some("anna@example.org".into()),
            twitter: Some(Twitter { screen_name: Some("@AnnaB".into()), ..Twitter::default() }),
            ..Contact::default()
        };
        let keys = contact.identifier_keys();
        assert_eq!(keys.len(), 2);
        assert!(keys.contains(&IdentifierKey::new(IdentifierKind::Email, "ANNA@example.org")));
        assert!(keys.contains(&IdentifierKey::new(IdentifierKind::SocialTwitter, "annab")));
    }

    #[test]
    fn a_field_of_type_identifier_is_a_key_without_case() {
        let fields = serde_json::json!({
            "member_identifier": " M-77 ", "member_text": "x", "identifier": "y",
            "b_identifier": "", "c_identifier": 7, "d_identifier": "x".repeat(300),
        });
        let contact = Contact { custom_fields: fields.as_object().cloned(), ..Contact::default() };
        let expected = [IdentifierKey::field("member_identifier", "m-77")];
        assert_eq!(contact.identifier_keys(), expected);
        assert_ne!(expected[0], IdentifierKey::field("Member_identifier", "m-77"));
    }

    #[test]
    fn an_external_id_is_found_by_the_name_of_its_source_too() {
        let id = ExternalId {
            source: ExternalSource { id: Some("42".into()), name: Some("CRM".into()) },
            value: "A-1".into(),
        };
        let by_name = ExternalId {
            source: ExternalSource { id: None, name: Some("crm".into()) },
            value: "A-1".into(),
        };
        let keys: Vec<_> = id.keys().collect();
        assert_eq!(keys.len(), 2);
        assert!(by_name.keys().all(|key| keys.contains(&key)));
    }

    #[test]
    fn a_source_is_known_by_its_id_and_where_one_lacks_it_by_its_name() {
        let id = |id: &str, name: &str, value: &str| {
            let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
            ExternalId {
                source: ExternalSource { id: some(id), name: some(name) },
                value: value.into(),
            }
        };
        for (one, other, same) in [
            (("1", "CRM", "a"), ("1", "CRM", "a"), true),
            // The name may be an older one.
            (("1", "CRM", "a"), ("1", "Sales", "a"), true),
            (("1", "", "a"), ("1", "CRM", "a"), true),
            // Two systems of one name.
            (("1", "CRM", "a"), ("2", "CRM", "a"), false),
            (("1", "CRM", "a"), ("", "crm", "a"), true),
            (("", "CRM", "a"), ("", "Crm", "a"), true),
            (("", "CRM", "a"), ("", "ERP", "a"), false),
            (("1", "", "a"), ("", "CRM", "a"), false),
            (("1", "CRM", "a"), ("1", "CRM", "A"), false),
        ] {
            let ids = (id(one.0, one.1, one.2), id(other.0, other.1, other.2));
            assert_eq!(ids.0.is_same(&ids.1), same, "{one:?} {other:?}");
            assert_eq!(ids.1.is_same(&ids.0), same, "{other:?} {one:?}");
        }
    }
}
