//! The look-up path: from a number to ready answers, without a lock that the writer holds and
//! without a snapshot while everything asked for is in memory.
//!
//! What it reads (the number index, the words of the ready answers) changes under its hands. A
//! seqlock tells: a reader that began and ended with the same version has seen one state; any other
//! asks again, and then a snapshot. The writer ends its change before it answers, so that what was
//! acknowledged is seen.

pub(crate) mod cache;
pub(crate) mod invalidation;
pub(crate) mod numbers;
pub(crate) mod prefetch;
pub(crate) mod rendering;
pub(crate) mod seqlock;
pub(crate) mod sync;

use crate::limits::LOOKUP_TRIES_MAX;
use crate::local::data_dir::ready_folder;
use crate::local::memory::cache::{Ready, Room};
use crate::local::memory::invalidation::{Fate, Touched};
use crate::local::memory::numbers::{NumberIndex, Owners};
use crate::local::memory::seqlock::Seqlock;
use crate::local::memory::sync::ArcSwapOption;
use crate::settings::Settings;
use carnet_model::ContactNo;
use carnet_model::limits::LOOKUP_CONTACTS_MAX;
use carnet_phone::E164;
use carnet_storage::{ReadTxn, Readable, StoreError};
use std::sync::Arc;

/// What look-ups are answered from.
pub(crate) struct Hot {
    /// Over all of the rest. Who holds the working state writes.
    seqlock: Seqlock,
    /// None until it is built: then the store is asked.
    numbers: ArcSwapOption<NumberIndex>,
    pub(crate) ready: Ready,
}

impl Hot {
    pub(crate) fn open(settings: &Settings) -> Hot {
        Hot {
            seqlock: Seqlock::default(),
            numbers: ArcSwapOption::empty(),
            ready: Ready::open(
                ready_folder(settings),
                Room { memory: settings.ready_memory_bytes, file: settings.ready_file_bytes },
            ),
        }
    }

    /// Whether the number index is built.
    pub(crate) fn has_numbers(&self) -> bool {
        self.numbers.load().is_some()
    }

    /// Takes over a number index that was built. To be called within [`Hot::change`].
    pub(crate) fn set_numbers(&self, numbers: NumberIndex) {
        self.numbers.store(Some(Arc::new(numbers)));
    }

    /// Runs `read` until it has seen one state, [`LOOKUP_TRIES_MAX`] times at most. False when it
    /// never did, or when the number index is not there: then the store must be asked.
    ///
    /// # Errors
    /// What `read` fails with, at once.
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

    /// Runs a change. The caller holds the state, so there is one at a time.
    pub(crate) fn change(&self, change: impl FnOnce(&Hot)) {
        self.seqlock.write(|| change(self));
    }

    /// Follows what was committed and `read` sees. Without a number index the numbers that changed
    /// are added to `unindexed`.
    pub(crate) fn show(&self, read: &ReadTxn, unindexed: &mut Vec<E164>, touched: &Touched) {
        touched.contacts.iter().for_each(|no| self.ready.forget(*no));
        if let Err(error) = self.show_in_store(read, unindexed, touched) {
            // The store's own trouble shows elsewhere; until then it answers by itself.
            tracing::error!(%error, "look-ups are answered from the store from now on");
            self.forget_everything();
        }
    }

    fn show_in_store(
        &self,
        read: &ReadTxn,
        unindexed: &mut Vec<E164>,
        touched: &Touched,
    ) -> Result<(), StoreError> {
        for organization in &touched.organizations {
            for no in read.organization_contacts(*organization, None, usize::MAX)? {
                self.ready.forget(no);
            }
        }
        let numbers = self.numbers.load();
        let Some(numbers) = numbers.as_ref() else {
            unindexed.extend(touched.numbers.iter().map(|(number, ..)| number));
            return Ok(());
        };
        for (number, no, fate) in &touched.numbers {
            match (fate, numbers.find(*number)) {
                // The only one that has it, or had it. Several edits of one batch end well: each
                // later one starts from what the earlier ones left.
                (Fate::Added, Owners::Nobody) => numbers.put(*number, &[*no]),
                (Fate::Removed, Owners::One(owner)) if owner == *no => numbers.put(*number, &[]),
                _ => numbers.put(*number, &owners(read, *number)?),
            }
        }
        Ok(())
    }

    /// Starts from nothing: the store was opened again.
    pub(crate) fn forget_everything(&self) {
        self.numbers.store(None);
        self.ready.clear();
    }

    /// Bytes of memory.
    pub(crate) fn memory_bytes(&self) -> usize {
        let numbers = self.numbers.load().as_ref().map_or(0, |numbers| numbers.bytes());
        numbers + self.ready.memory_bytes()
    }
}

/// The contacts that have a number, as the number index holds them.
pub(crate) fn owners(read: &ReadTxn, number: E164) -> Result<Vec<ContactNo>, StoreError> {
    read.contact_nos_by_number(number, LOOKUP_CONTACTS_MAX)
}
