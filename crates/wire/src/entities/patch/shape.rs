//! Which fields a patch may name: the writable part of each resource, as a tree.

use Shape::{Leaf, List, Object, Open};

/// The kind of value that a field has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// One value.
    Leaf,
    /// A list, whose entries have no names of their own.
    List,
    /// An object with these fields.
    Object(&'static [(&'static str, Shape)]),
    /// An object with fields of any name, which hold anything.
    Open,
}

impl Shape {
    /// The shape at the end of `path`; `None` where no client may write.
    pub(super) fn at(self, path: &[&str]) -> Option<Shape> {
        let Some((name, rest)) = path.split_first() else {
            return Some(self);
        };
        match self {
            Object(fields) => {
                let (_, shape) = fields.iter().find(|(known, _)| known == name)?;
                shape.at(rest)
            }
            // The value of a custom field is patched as a whole; it may be a list.
            Open if rest.is_empty() => Some(List),
            Open | Leaf | List => None,
        }
    }
}

const DIVISION: Shape = Object(&[("id", Leaf), ("name", Leaf)]);

const PHONE: Shape = Object(&[
    ("display", Leaf),
    ("extension", Leaf),
    ("acceptsSMS", Leaf),
    ("normalizationCountryCode", Leaf),
]);

const ADDRESS: Shape = Object(&[
    ("address1", Leaf),
    ("address2", Leaf),
    ("city", Leaf),
    ("state", Leaf),
    ("postalCode", Leaf),
    ("countryCode", Leaf),
]);

const TWITTER: Shape = Object(&[
    ("id", Leaf),
    ("name", Leaf),
    ("screenName", Leaf),
    ("verified", Leaf),
    ("profileUrl", Leaf),
]);

const MESSENGER: Shape = Object(&[("ids", List), ("displayName", Leaf)]);

const SCHEMA: Shape = Object(&[("id", Leaf), ("version", Leaf)]);

/// A contact.
pub(super) const CONTACT: Shape = Object(&[
    ("division", DIVISION),
    ("firstName", Leaf),
    ("middleName", Leaf),
    ("lastName", Leaf),
    ("salutation", Leaf),
    ("title", Leaf),
    ("externalOrganization", Object(&[("id", Leaf)])),
    ("workEmail", Leaf),
    ("personalEmail", Leaf),
    ("otherEmail", Leaf),
    ("workPhone", PHONE),
    ("cellPhone", PHONE),
    ("homePhone", PHONE),
    ("otherPhone", PHONE),
    ("externalSystemUrl", Leaf),
    ("twitterId", TWITTER),
    ("lineId", MESSENGER),
    ("whatsAppId", Object(&[("phoneNumber", PHONE), ("displayName", Leaf)])),
    ("facebookId", MESSENGER),
    ("instagramId", Object(&[("ids", List), ("displayName", Leaf), ("handle", Leaf)])),
    ("appleOpaqueIds", List),
    ("address", ADDRESS),
    ("surveyOptOut", Leaf),
    ("schema", SCHEMA),
    ("customFields", Open),
    ("externalIds", List),
]);

/// An organisation.
pub(super) const ORGANIZATION: Shape = Object(&[
    ("division", DIVISION),
    ("name", Leaf),
    ("companyType", Leaf),
    ("industry", Leaf),
    ("address", ADDRESS),
    ("phoneNumber", PHONE),
    ("faxNumber", PHONE),
    ("employeeCount", Leaf),
    ("revenue", Leaf),
    ("tags", List),
    ("websites", List),
    ("tickers", List),
    ("twitterId", TWITTER),
    ("externalSystemUrl", Leaf),
    ("schema", SCHEMA),
    ("customFields", Open),
    ("externalIds", List),
]);

/// A note.
pub(super) const NOTE: Shape =
    Object(&[("noteText", Leaf), ("createdBy", Object(&[("id", Leaf)]))]);
