//! Invalidation: which numbers, contacts and organisations a batch of edits changed.

use crate::local::edit::effect::Effect;
use carnet_model::{ContactNo, OrganizationNo};
use carnet_phone::E164;

/// What a batch of edits touches of what look-ups are answered from.
#[derive(Default)]
pub(crate) struct Touched {
    /// Contacts that gained or lost a number, whether they are new, and whether they are gone.
    pub(super) numbers: Vec<(E164, ContactNo, Fate)>,
    pub(super) contacts: Vec<ContactNo>,
    pub(super) organizations: Vec<OrganizationNo>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Added,
    Edited,
    Removed,
}

impl Touched {
    pub(crate) fn note(&mut self, effect: &Effect) {
        match effect {
            Effect::Contact { no, known, entry, numbers, .. } => {
                let fate = match (known, entry) {
                    (false, _) => Fate::Added,
                    (true, Some(_)) => Fate::Edited,
                    (true, None) => Fate::Removed,
                };
                self.numbers.extend(numbers.iter().map(|number| (*number, *no, fate)));
                // Of one that is new nothing can be kept yet.
                self.contacts.extend((fate != Fate::Added).then_some(*no));
            }
            Effect::Organization { no, known, unlinked, .. } => {
                self.organizations.extend(known.then_some(*no));
                self.contacts.extend(unlinked);
            }
            Effect::Client { .. } => {}
        }
    }
}
