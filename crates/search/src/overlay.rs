//! The newest changes, in memory: those that the index does not have yet. It knows nothing of
//! tantivy.
//!
//! A new overlay is published with every batch of writes, so a copy must be cheap: the entries are
//! in 256 buckets that copies share, and a change copies the one bucket that it touches. Every
//! search looks at every entry: 4,000 of them add some 0.3 ms to one for a word and 2 ms to one
//! that forgives typing errors (figures in `benches/search.rs`), so it must be flushed into the
//! index before there are many more.

use crate::{Entry, OrganizationEntry};
use carnet_model::{ChangeNo, ContactNo, OrganizationNo};
use std::sync::Arc;

/// One change that the index has to take.
#[derive(Clone, Debug)]
pub enum Update {
    /// A contact was added, edited or removed.
    Contact {
        /// The contact's number.
        no: ContactNo,
        /// Whether the index may hold an older state of it, which is then deleted first.
        known: bool,
        /// Its new state; `None` when it is removed.
        entry: Option<Arc<Entry>>,
    },
    /// An organisation was added, edited or removed.
    Organization {
        /// The organisation's number.
        no: OrganizationNo,
        /// Whether the index may hold an older state of it, which is then deleted first.
        known: bool,
        /// Its new state; `None` when it is removed.
        entry: Option<Arc<OrganizationEntry>>,
    },
}

/// The newest state of every contact and organisation that changed since the index was last
/// committed. An entry here hides the document of the same number in the index.
#[derive(Clone, Debug, Default)]
pub struct Overlay {
    pub(crate) contacts: Shelf<Entry>,
    pub(crate) organizations: Shelf<OrganizationEntry>,
}

impl Overlay {
    /// Notes the state of a contact as of the change `at`; `None` when it is gone. `known` says
    /// that the index may hold an older state: false only for a contact that was just added.
    pub fn put_contact(
        &mut self,
        no: ContactNo,
        at: ChangeNo,
        known: bool,
        entry: Option<Arc<Entry>>,
    ) {
        self.contacts.put(Slot { no: no.0, at, known, entry });
    }

    /// Notes the state of an organisation as of the change `at`; `None` when it is gone. From
    /// now on its contacts are found by this name alone, those in the index too.
    pub fn put_organization(
        &mut self,
        no: OrganizationNo,
        at: ChangeNo,
        known: bool,
        entry: Option<Arc<OrganizationEntry>>,
    ) {
        self.organizations.put(Slot { no: no.0, at, known, entry });
    }

    /// Contacts and organisations in it.
    pub fn len(&self) -> usize {
        self.contacts.len + self.organizations.len
    }

    /// True when the index has everything.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Drops the entries that were flushed: all that last changed at `through` or before.
    pub fn drop_through(&mut self, through: ChangeNo) {
        self.contacts.drop_through(through);
        self.organizations.drop_through(through);
    }

    /// The updates that [`SearchIndex::flush`](crate::SearchIndex::flush) needs to have every
    /// change up to `through`, contacts first, both by ascending number. Entries that changed again
    /// later are left out: they stay here, and hide the document in the index.
    pub fn updates_through(&self, through: ChangeNo) -> Vec<Update> {
        let contacts = self.contacts.through(through).into_iter().map(|slot| Update::Contact {
            no: ContactNo(slot.no),
            known: slot.known,
            entry: slot.entry.clone(),
        });
        let organizations =
            self.organizations.through(through).into_iter().map(|slot| Update::Organization {
                no: OrganizationNo(slot.no),
                known: slot.known,
                entry: slot.entry.clone(),
            });
        contacts.chain(organizations).collect()
    }

    /// The organisations among these that the index may know under another name, ascending: all of
    /// their contacts belong into the same flush, because after it the organisation's name in the
    /// index counts again.
    pub fn organizations_through(&self, through: ChangeNo) -> Vec<OrganizationNo> {
        let slots = self.organizations.through(through);
        slots.iter().filter(|slot| slot.known).map(|slot| OrganizationNo(slot.no)).collect()
    }
}

/// The newest state of a contact or an organisation.
#[derive(Debug)]
pub(crate) struct Slot<E> {
    pub(crate) no: u64,
    at: ChangeNo,
    pub(crate) known: bool,
    pub(crate) entry: Option<Arc<E>>,
}

// Not derived, because that would ask the entry itself to be `Clone`.
impl<E> Clone for Slot<E> {
    fn clone(&self) -> Self {
        Slot { no: self.no, at: self.at, known: self.known, entry: self.entry.clone() }
    }
}

const BUCKETS: usize = 256;

/// Slots by number, in buckets that copies share.
#[derive(Debug)]
pub(crate) struct Shelf<E> {
    /// None until the first slot comes, then [`BUCKETS`]; each by ascending number.
    buckets: Vec<Arc<Vec<Slot<E>>>>,
    /// For each bucket one bit of 64 for every number in it: most numbers that are asked for are
    /// not here, and the answer is then one look at two kilobytes.
    blooms: Vec<u64>,
    len: usize,
}

impl<E> Clone for Shelf<E> {
    fn clone(&self) -> Self {
        Shelf { buckets: self.buckets.clone(), blooms: self.blooms.clone(), len: self.len }
    }
}

impl<E> Default for Shelf<E> {
    fn default() -> Self {
        Shelf { buckets: Vec::new(), blooms: Vec::new(), len: 0 }
    }
}

/// The bucket of a number. Neighbours go to different ones.
fn bucket_of(no: u64) -> usize {
    usize::from(no.to_le_bytes()[0])
}

fn bloom_of(no: u64) -> u64 {
    // The low eight bits are the same for all numbers of a bucket and would tell nothing.
    1 << ((no >> 8) & 63)
}

impl<E> Shelf<E> {
    fn put(&mut self, mut slot: Slot<E>) {
        // Only now: a shelf without slots needs no 256 allocations.
        if self.buckets.is_empty() {
            self.buckets.resize_with(BUCKETS, Arc::default);
            self.blooms.resize(BUCKETS, 0);
        }
        let at = bucket_of(slot.no);
        self.blooms[at] |= bloom_of(slot.no);
        // Copies the bucket if an older overlay shares it.
        let bucket = Arc::make_mut(&mut self.buckets[at]);
        match bucket.binary_search_by_key(&slot.no, |slot| slot.no) {
            Ok(place) => {
                // Once the index may hold the entity, that stays so until the slot is flushed.
                slot.known |= bucket[place].known;
                bucket[place] = slot;
            }
            Err(place) => {
                bucket.insert(place, slot);
                self.len += 1;
            }
        }
    }

    /// The entry of a number, which hides the document in the index.
    pub(crate) fn get(&self, no: u64) -> Option<&Slot<E>> {
        let at = bucket_of(no);
        // Before the first slot there are no blooms either, and the number is not here.
        if self.blooms.get(at)? & bloom_of(no) == 0 {
            return None;
        }
        let bucket = &self.buckets[at];
        let place = bucket.binary_search_by_key(&no, |slot| slot.no).ok()?;
        Some(&bucket[place])
    }

    /// Whether the document of this number in the index is out of date.
    pub(crate) fn hides(&self, no: u64) -> bool {
        self.get(no).is_some()
    }

    /// Every slot, in no particular order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Slot<E>> {
        self.buckets.iter().flat_map(|bucket| bucket.iter())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.len == 0
    }

    fn through(&self, through: ChangeNo) -> Vec<&Slot<E>> {
        let mut slots: Vec<_> = self.iter().filter(|slot| slot.at <= through).collect();
        slots.sort_unstable_by_key(|slot| slot.no);
        slots
    }

    fn drop_through(&mut self, through: ChangeNo) {
        self.len = 0;
        for (bucket, bloom) in self.buckets.iter_mut().zip(&mut self.blooms) {
            if bucket.iter().any(|slot| slot.at <= through) {
                // A new bucket, because older overlays may share this one; buckets that keep all
                // their slots stay shared.
                let left = bucket.iter().filter(|slot| slot.at > through).cloned().collect();
                *bucket = Arc::new(left);
                // No single bit can be taken back: other numbers of the bucket may have it, too.
                *bloom = bucket.iter().fold(0, |bloom, slot| bloom | bloom_of(slot.no));
            }
            self.len += bucket.len();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(overlay: &mut Overlay, no: u64, at: u64, known: bool) {
        overlay.put_contact(ContactNo(no), ChangeNo(at), known, None);
    }

    fn numbers(updates: &[Update]) -> Vec<(u64, bool)> {
        let number = |update: &Update| match update {
            Update::Contact { no, known, .. } => (no.0, *known),
            Update::Organization { no, known, .. } => (no.0, *known),
        };
        updates.iter().map(number).collect()
    }

    #[test]
    fn the_newest_state_counts_and_what_is_known_stays_known() {
        let mut overlay = Overlay::default();
        put(&mut overlay, 7, 1, true);
        put(&mut overlay, 7, 2, false);
        put(&mut overlay, 263, 3, false);
        assert_eq!(overlay.len(), 2);
        assert_eq!(numbers(&overlay.updates_through(ChangeNo(1))), []);
        assert_eq!(numbers(&overlay.updates_through(ChangeNo(9))), [(7, true), (263, false)]);
    }

    #[test]
    fn what_changed_again_stays_when_the_rest_is_flushed() {
        let mut overlay = Overlay::default();
        for no in 0..1_000 {
            put(&mut overlay, no, no + 1, true);
        }
        put(&mut overlay, 3, 2_000, true);
        overlay.drop_through(ChangeNo(1_000));
        assert_eq!(overlay.len(), 1);
        assert!(overlay.contacts.hides(3));
        assert!((0..1_000).filter(|no| *no != 3).all(|no| !overlay.contacts.hides(no)));
    }

    #[test]
    fn a_copy_does_not_see_what_is_put_later() {
        let mut overlay = Overlay::default();
        put(&mut overlay, 1, 1, false);
        let copy = overlay.clone();
        put(&mut overlay, 257, 2, false);
        assert!(overlay.contacts.hides(257));
        assert!(!copy.contacts.hides(257));
        assert_eq!((overlay.len(), copy.len()), (2, 1));
    }

    #[test]
    fn only_known_organisations_have_contacts_in_the_index() {
        let mut overlay = Overlay::default();
        overlay.put_organization(OrganizationNo(2), ChangeNo(1), true, None);
        overlay.put_organization(OrganizationNo(1), ChangeNo(2), false, None);
        overlay.put_organization(OrganizationNo(4), ChangeNo(3), true, None);
        assert_eq!(overlay.organizations_through(ChangeNo(2)), [OrganizationNo(2)]);
    }
}
