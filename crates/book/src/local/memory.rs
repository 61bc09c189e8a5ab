//! The look-up memory: look-ups are answered from it without a lock that the writer holds, and
//! without a snapshot while everything asked for is in memory. It does not know how a rendering is
//! made, nor when a book is opened or closed.
//!
//! Its parts and their protocols:
//!
//! - The [seqlock](seqlock) lies over all of the rest. A reader ([`LookupMemory::read`]) that began
//!   and ended with the same version has seen one state; else it reads again, and after
//!   [`LOOKUP_TRIES_MAX`] times asks a snapshot. A writer ([`LookupMemory::change`]) holds the mutex
//!   of the working state: that is the book's writer after a commit or when it opens the store
//!   again, the number builder when it is done, and who closes the book. The writer ends its change
//!   before it acknowledges a commit, so every look-up that begins later sees it.
//! - The [number index](numbers) is a hash table of atomics, changed in place under the seqlock only.
//! - The [render cache](cache) takes renderings from readers at any time, outside of the seqlock: so
//!   each has a generation, taken before the snapshot from which it is made. The writer publishes
//!   the new snapshot first and then moves the generation, so a rendering of an older state is
//!   either not kept, or thrown away after it was kept. Slots and log entries are checked by their
//!   readers in the manner of a seqlock of their own.
//!
//! In one order, then: snapshot published, generations moved, number index changed, all of it between
//! the two steps of the seqlock; and only then the answer to the caller who edited.

pub(crate) mod cache;
pub(crate) mod invalidation;
pub(crate) mod numbers;
pub(crate) mod prefetch;
pub(crate) mod rendering;
pub(crate) mod seqlock;
pub(crate) mod sync;

use crate::limits::LOOKUP_TRIES_MAX;
use crate::local::data_dir::render_cache_folder;
use crate::local::memory::cache::{Capacity, RenderCache};
use crate::local::memory::invalidation::{Invalidation, NumberChange};
use crate::local::memory::numbers::{NumberIndex, Owners};
use crate::local::memory::seqlock::Seqlock;
use crate::local::memory::sync::ArcSwapOption;
use crate::settings::Settings;
use carnet_model::ContactNo;
use carnet_model::limits::LOOKUP_CONTACTS_MAX;
use carnet_phone::E164;
use carnet_storage::{ReadTxn, Readable, StoreError};
use std::sync::Arc;

/// The look-up memory.
pub(crate) struct LookupMemory {
    /// Over all of the rest. The holder of the working state's mutex writes.
    seqlock: Seqlock,
    /// None until it is built; meanwhile the store is asked.
    numbers: ArcSwapOption<NumberIndex>,
    pub(crate) cache: RenderCache,
}

impl LookupMemory {
    /// An empty memory, with the folder of the render cache.
    pub(crate) fn open(settings: &Settings) -> LookupMemory {
        LookupMemory {
            seqlock: Seqlock::default(),
            numbers: ArcSwapOption::empty(),
            cache: RenderCache::open(
                render_cache_folder(settings),
                Capacity { memory: settings.ready_memory_bytes, file: settings.ready_file_bytes },
            ),
        }
    }

    /// Whether the number index is built.
    pub(crate) fn has_numbers(&self) -> bool {
        self.numbers.load().is_some()
    }

    /// Takes over a number index that was built. To be called within [`LookupMemory::change`].
    pub(crate) fn set_numbers(&self, numbers: NumberIndex) {
        self.numbers.store(Some(Arc::new(numbers)));
    }

    /// Runs `read` until it has seen one state, [`LOOKUP_TRIES_MAX`] times at most. False when it
    /// never did, or when the number index is not there: then the store must be asked.
    ///
    /// # Errors
    /// The first error of `read`.
    pub(crate) fn read<E>(
        &self,
        mut read: impl FnMut(&NumberIndex) -> Result<(), E>,
    ) -> Result<bool, E> {
        for _ in 0..LOOKUP_TRIES_MAX {
            let Some(version) = self.seqlock.optimistic_read() else {
                break;
            };
            let numbers = self.numbers.load();
            let Some(numbers) = numbers.as_ref() else {
                break;
            };
            read(numbers)?;
            if self.seqlock.validate_read(version) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Runs a change of the parts under the seqlock. The caller holds the mutex of the working
    /// state, so there is one at a time.
    pub(crate) fn change(&self, change: impl FnOnce(&LookupMemory)) {
        self.seqlock.write(|| change(self));
    }

    /// Takes in a commit that `read` sees already. Without a number index the numbers that changed
    /// are added to `unindexed`, if a builder is running. To be called within [`LookupMemory::change`], after the snapshot
    /// was published.
    pub(crate) fn apply(
        &self,
        read: &ReadTxn,
        unindexed: &mut Option<Vec<E164>>,
        invalidation: &Invalidation,
    ) {
        invalidation.contacts.iter().for_each(|no| self.cache.invalidate(*no));
        if let Err(error) = self.apply_with_store(read, unindexed, invalidation) {
            // Another read of the store reports the fault; without this memory look-ups ask it.
            tracing::error!(%error, "look-ups are answered from the store from now on");
            self.clear();
        }
    }

    fn apply_with_store(
        &self,
        read: &ReadTxn,
        unindexed: &mut Option<Vec<E164>>,
        invalidation: &Invalidation,
    ) -> Result<(), StoreError> {
        for organization in &invalidation.organizations {
            for no in read.organization_contacts(*organization, None, usize::MAX)? {
                self.cache.invalidate(no);
            }
        }
        let numbers = self.numbers.load();
        let Some(numbers) = numbers.as_ref() else {
            if let Some(unindexed) = unindexed {
                unindexed.extend(invalidation.numbers.iter().map(|(number, ..)| number));
            }
            return Ok(());
        };
        for (number, no, change) in &invalidation.numbers {
            match (change, numbers.find(*number)) {
                // The only contact that has the number, or had it: no need to ask the store. Right
                // for several edits of one batch, too, as each starts from what the earlier left.
                (NumberChange::Added, Owners::Nobody) => numbers.put(*number, &[*no]),
                (NumberChange::Removed, Owners::One(owner)) if owner == *no => {
                    numbers.put(*number, &[])
                }
                _ => numbers.put(*number, &owners(read, *number)?),
            }
        }
        Ok(())
    }

    /// Forgets everything: the store was opened again, or the book closes.
    pub(crate) fn clear(&self) {
        self.numbers.store(None);
        self.cache.clear();
    }

    /// Bytes of memory.
    pub(crate) fn memory_bytes(&self) -> usize {
        let numbers = self.numbers.load().as_ref().map_or(0, |numbers| numbers.bytes());
        numbers + self.cache.memory_bytes()
    }
}

/// The contacts that have a number, as the number index holds them.
pub(crate) fn owners(read: &ReadTxn, number: E164) -> Result<Vec<ContactNo>, StoreError> {
    read.contact_nos_by_number(number, LOOKUP_CONTACTS_MAX)
}
