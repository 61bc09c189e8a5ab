//! Identifiers: the body of an exact look-up to the keys to look under, and the identifiers of
//! a contact to an answer.

use crate::Checked;
use crate::json::fields::Fields;
use crate::json::reader::{Reader, read_body};
use crate::parts::phone::read_international;
use crate::parts::reference::{WireExternalSource, read_external_source};
use carnet_model::limits::{EMAIL_CHARS_MAX, IDENTIFIER_CHARS_MAX, PHONE_CHARS_MAX};
use carnet_model::{
    Contact, ExternalId, ExternalSource, IdentifierKey, IdentifierKind, InternalNumbers,
    PhoneLabel, PhoneStyle, email_spellings,
};
use carnet_phone::{E164, equivalents};
use serde::{Serialize, Serializer};
use serde_json::Value;

/// Every kind with its name in the API.
const KINDS: [(IdentifierKind, &str); 12] = [
    (IdentifierKind::Phone, "Phone"),
    (IdentifierKind::Email, "Email"),
    (IdentifierKind::SocialLine, "SocialLine"),
    (IdentifierKind::SocialFacebook, "SocialFacebook"),
    (IdentifierKind::SocialTwitter, "SocialTwitter"),
    (IdentifierKind::SocialWhatsapp, "SocialWhatsapp"),
    (IdentifierKind::SocialWhatsappBsuid, "SocialWhatsappBsuid"),
    (IdentifierKind::SocialInstagram, "SocialInstagram"),
    (IdentifierKind::SocialInstagramHandle, "SocialInstagramHandle"),
    (IdentifierKind::AppleOpaqueId, "AppleOpaqueId"),
    (IdentifierKind::Cookie, "Cookie"),
    (IdentifierKind::ExternalId, "ExternalId"),
];

/// Characters of the longest value of any kind.
const VALUE_CHARS_MAX: usize = PHONE_CHARS_MAX;

/// An identifier that someone looks up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identifier {
    /// Its kind.
    pub kind: IdentifierKind,
    /// Its value: as given, but for telephone numbers, which are in E.164 or bare digits.
    pub value: String,
    /// Which system gave it out; always there for an external id.
    pub source: Option<ExternalSource>,
}

/// Where to look an identifier up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    /// Among the telephone numbers.
    Phone(E164),
    /// Among the ids of other systems.
    External(ExternalId),
    /// Among the other identifiers.
    Other(IdentifierKey),
}

impl Identifier {
    /// The key to look under; `None` for a number that is none.
    pub fn key(&self) -> Option<Key> {
        match (self.kind, &self.source) {
            (IdentifierKind::Phone, _) => Some(match E164::parse(&self.value) {
                Some(number) => Key::Phone(number),
                None => Key::Other(IdentifierKey::new(IdentifierKind::Internal, &self.value)),
            }),
            (IdentifierKind::ExternalId, Some(source)) => {
                let id = ExternalId { source: source.clone(), value: self.value.clone() };
                Some(Key::External(id))
            }
            (kind, _) => Some(Key::Other(IdentifierKey::new(kind, &self.value))),
        }
    }
}

impl Identifier {
    /// The keys by which the contact may be known instead: where the numbering plan of a number has
    /// changed, and where an e-mail has a blank, which was a plus or slipped in.
    pub fn equivalent_keys(&self) -> Vec<Key> {
        let number = E164::parse(&self.value);
        let numbers = number.into_iter().flat_map(equivalents);
        match self.kind {
            IdentifierKind::Phone => numbers.map(Key::Phone).collect(),
            IdentifierKind::SocialWhatsapp => {
                let key = |number: E164| IdentifierKey::new(self.kind, &number.to_string());
                numbers.map(key).map(Key::Other).collect()
            }
            IdentifierKind::Email => {
                let spellings = email_spellings(&self.value).into_iter();
                let keys = spellings.map(|email| IdentifierKey::new(self.kind, &email));
                keys.map(Key::Other).collect()
            }
            _ => Vec::new(),
        }
    }
}

/// Reads an identifier. A telephone number must carry its country code and a plus, a WhatsApp
/// number its country code; an external id must name its source. Bare digits are an internal number
/// where `internal` says that there are some of this length.
pub fn read(body: &Value, internal: Option<InternalNumbers>) -> Checked<Identifier> {
    read_body(body, |at| {
        let mut identifier =
            Identifier { kind: IdentifierKind::Phone, value: String::new(), source: None };
        let Some(at) = at.body() else {
            return identifier;
        };
        let kind = read_kind(&at.field("type"));
        let value = at.field("value");
        value.require();
        if let Some(kind) = kind {
            identifier.kind = kind;
            identifier.value = read_value(&value, kind, internal).unwrap_or_default();
            let source = at.field("externalSource");
            if kind == IdentifierKind::ExternalId || source.value().is_some() {
                identifier.source = read_external_source(&source);
            }
        } else {
            // The type is wrong already; reading the value adds its faults, so that all are
            // reported.
            value.line(VALUE_CHARS_MAX);
        }
        identifier
    })
}

fn read_kind(at: &Reader<'_>) -> Option<IdentifierKind> {
    at.require();
    let name = at.line(IDENTIFIER_CHARS_MAX)?;
    let kind = KINDS.iter().find(|(_, known)| *known == name);
    if kind.is_none() {
        let known = KINDS.map(|(_, name)| name).join(", ");
        at.refuse(format!("the types of identifier are {known}"));
    }
    kind.map(|(kind, _)| *kind)
}

fn read_value(
    at: &Reader<'_>,
    kind: IdentifierKind,
    internal: Option<InternalNumbers>,
) -> Option<String> {
    let value = at.line(chars_max(kind))?;
    if kind == IdentifierKind::Phone
        && let Some([digits]) = internal.map(|internal| internal.read(value)).as_deref()
    {
        return Some(digits.clone());
    }
    let number = match kind {
        IdentifierKind::Phone if value.starts_with('+') => {
            read_international(value, PhoneStyle::Typed)
        }
        IdentifierKind::Phone => None,
        IdentifierKind::SocialWhatsapp => read_international(value, PhoneStyle::WhatsApp),
        _ => return Some(value.to_owned()),
    };
    if number.is_none() {
        at.refuse("this is not a telephone number with its country code, such as +1 704 298 4733");
    }
    number.map(|number| number.to_string())
}

/// Characters of a value of that kind: as many as a record may hold.
fn chars_max(kind: IdentifierKind) -> usize {
    match kind {
        IdentifierKind::Email => EMAIL_CHARS_MAX,
        IdentifierKind::Phone | IdentifierKind::SocialWhatsapp => PHONE_CHARS_MAX,
        _ => IDENTIFIER_CHARS_MAX,
    }
}

/// The name of a kind in the API.
fn kind_name(kind: IdentifierKind) -> &'static str {
    let row = KINDS.iter().find(|(known, _)| *known == kind);
    row.map_or("", |(_, name)| name)
}

/// One identifier of a contact as answers have it.
struct ContactIdentifier<'a> {
    kind: IdentifierKind,
    value: ValueText<'a>,
    source: Option<&'a ExternalSource>,
}

/// A value that is there already, or a number that is still to be written.
enum ValueText<'a> {
    Given(&'a str),
    Number(E164),
}

impl Serialize for ContactIdentifier<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = Fields::begin(serializer)?;
        out.add("type", kind_name(self.kind))?;
        match self.value {
            ValueText::Given(text) => out.add("value", text)?,
            ValueText::Number(number) => out.add("value", &format_args!("{number}"))?,
        }
        out.maybe("externalSource", self.source.map(WireExternalSource))?;
        out.end()
    }
}

/// The identifiers by which a contact is found, as answers have them.
pub(crate) struct Identifiers<'a>(Vec<ContactIdentifier<'a>>);

impl<'a> Identifiers<'a> {
    /// The identifiers of `contact`, in the order of its fields; each number and e-mail once.
    pub(crate) fn of(contact: &'a Contact) -> Self {
        use IdentifierKind as Kind;
        let mut list = Vec::new();
        let mut add = |kind, value, source| list.push(ContactIdentifier { kind, value, source });
        for number in contact.numbers() {
            add(Kind::Phone, ValueText::Number(number), None);
        }
        let mut seen: Vec<&str> = Vec::new();
        for email in contact.emails() {
            if !seen.contains(&email) {
                seen.push(email);
                add(Kind::Email, ValueText::Given(email), None);
            }
        }
        if let Some(name) = contact.twitter.as_ref().and_then(|t| t.screen_name.as_deref()) {
            add(Kind::SocialTwitter, ValueText::Given(name), None);
        }
        for id in contact.line.iter().flat_map(|account| &account.ids) {
            add(Kind::SocialLine, ValueText::Given(id), None);
        }
        let whats_app = contact.phones().filter(|(label, _)| *label == PhoneLabel::WhatsApp);
        for number in whats_app.flat_map(|(_, phone)| phone.numbers()) {
            add(Kind::SocialWhatsapp, ValueText::Number(number), None);
        }
        for id in contact.facebook.iter().flat_map(|account| &account.ids) {
            add(Kind::SocialFacebook, ValueText::Given(id), None);
        }
        if let Some(account) = &contact.instagram {
            for id in &account.ids {
                add(Kind::SocialInstagram, ValueText::Given(id), None);
            }
            if let Some(handle) = &account.handle {
                add(Kind::SocialInstagramHandle, ValueText::Given(handle), None);
            }
        }
        for id in &contact.apple_opaque_ids {
            add(Kind::AppleOpaqueId, ValueText::Given(id), None);
        }
        for id in &contact.external_ids {
            add(Kind::ExternalId, ValueText::Given(&id.value), Some(&id.source));
        }
        Identifiers(list)
    }
}

impl Serialize for Identifiers<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(&self.0)
    }
}

#[cfg(test)]
mod tests;
