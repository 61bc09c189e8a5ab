//! `expand`: what an answer shows with each record beyond the record itself.

use crate::message::error::Failure;
use crate::message::parameters::Parameters;
use carnet_book::{BookError, Snapshot};
use carnet_model::{Contact, Invalid, Organization, Uuid};
use carnet_wire::contact::{ExternalContact, Linked};
use carnet_wire::query;
use std::collections::HashMap;

const EXPAND: &str = "expand";

/// Something that can be shown beside a record. Of the choices of the vendor, carnet shows some
/// always and does not keep others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Choice {
    Organization,
    Identifiers,
    /// Shown anyway, or not kept.
    Nothing,
}

use Choice::{Identifiers, Nothing};

/// With a contact.
pub(crate) const CONTACT: &[(&str, Choice)] = &[
    ("externalOrganization", Choice::Organization),
    ("externalDataSources", Nothing),
    ("identifiers", Identifiers),
    ("externalSources", Nothing),
    ("division", Nothing),
];

/// With a contact that was found by reverse look-up. The vendor puts `contacts.` before one.
pub(crate) const REVERSE: &[(&str, Choice)] = &[
    ("contacts.externalOrganization", Choice::Organization),
    ("externalOrganization", Choice::Organization),
    ("externalDataSources", Nothing),
    ("identifiers", Identifiers),
    ("division", Nothing),
];

/// With an organisation.
pub(crate) const ORGANIZATION: &[(&str, Choice)] = &[
    ("externalDataSources", Nothing),
    ("division", Nothing),
    ("identifiers", Nothing),
    ("externalSources", Nothing),
];

/// With a note.
pub(crate) const NOTE: &[(&str, Choice)] = &[
    ("author", Nothing),
    ("externalDataSources", Nothing),
    ("division", Nothing),
    ("mergeset", Nothing),
];

/// The choices of a request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Expand {
    pub(crate) organization: bool,
    pub(crate) identifiers: bool,
}

impl Expand {
    /// From the query. Unknown choices are faults that name the known ones.
    pub(crate) fn read(
        parameters: &Parameters,
        allowed: &[(&str, Choice)],
        invalid: &mut Invalid,
    ) -> Expand {
        Expand::of(parameters.all(EXPAND), allowed, invalid)
    }

    /// From a list.
    pub(crate) fn of<'a>(
        values: impl IntoIterator<Item = &'a str>,
        allowed: &[(&str, Choice)],
        invalid: &mut Invalid,
    ) -> Expand {
        let mut expand = Expand::default();
        for choice in query::choices(EXPAND, values, allowed, invalid) {
            match choice {
                Choice::Organization => expand.organization = true,
                Identifiers => expand.identifiers = true,
                Nothing => {}
            }
        }
        expand
    }

    /// From the query of a request that has nothing else to be wrong.
    pub(crate) fn alone(
        parameters: &Parameters,
        allowed: &[(&str, Choice)],
    ) -> Result<Expand, Failure> {
        let mut invalid = Invalid::default();
        let expand = Expand::read(parameters, allowed, &mut invalid);
        if invalid.is_empty() { Ok(expand) } else { Err(invalid.into()) }
    }
}

/// The records that the contacts of one answer are shown with: each organisation is read once.
#[derive(Debug)]
pub(crate) struct Shown {
    expand: Expand,
    organizations: HashMap<Uuid, Organization>,
}

impl Shown {
    pub(crate) fn new<'c>(
        expand: Expand,
        contacts: impl IntoIterator<Item = &'c Contact>,
        snapshot: &Snapshot,
    ) -> Result<Shown, BookError> {
        let organizations = match expand.organization {
            true => snapshot.organizations_of(contacts)?,
            false => HashMap::new(),
        };
        Ok(Shown { expand, organizations })
    }

    /// The contact as the answer has it.
    pub(crate) fn contact<'a>(&'a self, contact: &'a Contact) -> ExternalContact<'a> {
        let organization = contact.organization.and_then(|id| self.organizations.get(&id));
        ExternalContact::new(
            contact,
            &Linked { organization, identifiers: self.expand.identifiers, ..Linked::default() },
        )
    }
}
