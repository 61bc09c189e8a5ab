//! Invalidation: the numbers, contacts and organisations that a batch of edits changed, as far as
//! look-ups are answered from them. It is collected here and carried out by the look-up memory.

use crate::local::edit::effect::Effect;
use carnet_model::{ContactNo, OrganizationNo};
use carnet_phone::E164;

/// The changes of a batch of edits to what look-ups are answered from.
#[derive(Default)]
pub(crate) struct Invalidation {
    /// Contacts that gained or lost a number, and whether they are new or gone.
    pub(super) numbers: Vec<(E164, ContactNo, NumberChange)>,
    /// Contacts whose renderings are stale.
    pub(super) contacts: Vec<ContactNo>,
    /// Organisations of which the renderings of all contacts are stale.
    pub(super) organizations: Vec<OrganizationNo>,
}

/// The edit of a contact by which its numbers changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NumberChange {
    Added,
    Edited,
    Removed,
}

impl Invalidation {
    /// Adds the changes of one edit.
    pub(crate) fn note(&mut self, effect: &Effect) {
        match effect {
            Effect::Contact { no, known, entry, numbers, .. } => {
                let change = match (known, entry) {
                    (false, _) => NumberChange::Added,
                    (true, Some(_)) => NumberChange::Edited,
                    (true, None) => NumberChange::Removed,
                };
                self.numbers.extend(numbers.iter().map(|number| (*number, *no, change)));
                // A new contact has no renderings yet.
                self.contacts.extend((change != NumberChange::Added).then_some(*no));
            }
            Effect::Organization { no, known, unlinked, .. } => {
                self.organizations.extend(known.then_some(*no));
                self.contacts.extend(unlinked);
            }
            Effect::Account(_) | Effect::Setting { .. } => {}
        }
    }
}
