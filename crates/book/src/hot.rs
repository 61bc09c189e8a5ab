//! The look-up path: from a number to ready answers, without a lock that the writer holds and
//! without a snapshot while everything asked for is in memory.
//!
//! What it reads (the number index, the words of the ready answers) changes under its hands. A
//! seqlock tells: a reader that began and ended with the same version has seen one state; any other
//! asks again, and then a snapshot. The writer ends its change before it answers, so that what was
//! acknowledged is seen.

use crate::core::{Core, Desk};
use crate::edit::Effect;
use crate::limits::{LOOKUP_TRIES_MAX, NUMBERS_CHECK};
use crate::numbers::{NumberIndex, Owners};
use crate::open::ready_folder;
use crate::ready::{Ready, Room};
use crate::seqlock::Seqlock;
use crate::sync::{ArcSwapOption, Guard};
use crate::{AddressBook, BookError, Settings, Snapshot};
use carnet_model::limits::LOOKUP_CONTACTS_MAX;
use carnet_model::{Contact, ContactNo, OrganizationNo};
use carnet_phone::E164;
use carnet_storage::{ReadTxn, Readable, StoreError};
use std::ops::{ControlFlow, Range};
use std::sync::Arc;
use std::time::Instant;

/// What look-ups are answered from.
pub(crate) struct Hot {
    /// Over all of the rest. Who holds the desk writes.
    seqlock: Seqlock,
    /// None until it is built: then the store is asked.
    numbers: ArcSwapOption<NumberIndex>,
    pub(crate) ready: Ready,
}

/// The two forms of an answer about one contact.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prepared {
    /// A line.
    pub short: Vec<u8>,
    /// Everything.
    pub long: Vec<u8>,
}

/// Which of the two forms is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// The line.
    Short,
    /// Everything.
    Long,
}

impl Prepared {
    fn in_form(&self, form: Form) -> &[u8] {
        match form {
            Form::Short => &self.short,
            Form::Long => &self.long,
        }
    }
}

/// The answers to one look-up, oldest contact first. To be used again for the next.
#[derive(Clone, Debug, Default)]
pub struct Answers {
    bytes: Vec<u8>,
    runs: Vec<Range<usize>>,
    origin: Origin,
}

/// Where the answers to a look-up came from, the quickest way first. Of several contacts the
/// slowest tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// Nowhere: nobody has the number.
    #[default]
    Nobody,
    /// All were kept ready.
    Ready,
    /// Some were made anew.
    Made,
    /// From the store, because the number index is not in memory or was just being changed.
    Store,
}

impl Answers {
    /// How many contacts were found, at most [`LOOKUP_CONTACTS_MAX`].
    pub fn len(&self) -> usize {
        self.runs.len()
    }

    /// Whether nobody was found.
    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// The answers, in the form that was asked for.
    pub fn iter(&self) -> impl Iterator<Item = &[u8]> {
        self.runs.iter().map(|run| &self.bytes[run.clone()])
    }

    /// Where they came from.
    pub fn origin(&self) -> Origin {
        self.origin
    }

    /// Nobody, with the memory kept.
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.runs.clear();
        self.origin = Origin::Nobody;
    }

    fn push(&mut self, bytes: &[u8]) {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(bytes);
        self.runs.push(start..self.bytes.len());
    }
}

impl AddressBook {
    /// The answers about the contacts with this number, oldest first: those that are kept ready,
    /// and for the others what `make` says, which is kept in its turn. `make` must say the same
    /// for the same contact and organisation.
    ///
    /// # Errors
    /// When the store fails or is being opened again; what `make` fails with.
    pub fn answers(
        &self,
        number: E164,
        form: Form,
        make: impl Fn(&Snapshot, &Contact) -> Result<Prepared, BookError>,
        into: &mut Answers,
    ) -> Result<(), BookError> {
        let hot = &self.core.hot;
        for _ in 0..LOOKUP_TRIES_MAX {
            into.clear();
            let Some(version) = hot.seqlock.optimistic_read() else {
                break;
            };
            let numbers = hot.numbers.load();
            let Some(numbers) = numbers.as_ref() else {
                break;
            };
            match numbers.find(number) {
                Owners::Nobody => {}
                Owners::One(no) => self.answer_about(no, form, &make, into)?,
                Owners::Several(all) => {
                    all.iter().try_for_each(|no| self.answer_about(*no, form, &make, into))?;
                }
            }
            if hot.seqlock.validate_read(version) {
                return Ok(());
            }
        }
        into.clear();
        into.origin = Origin::Store;
        let snapshot = self.snapshot_now()?;
        let find = |snapshot: &Snapshot| snapshot.contacts_by_number(number, LOOKUP_CONTACTS_MAX);
        for contact in self.ask(&snapshot, find)? {
            into.push(make(&snapshot, &contact)?.in_form(form));
        }
        Ok(())
    }

    fn answer_about(
        &self,
        no: ContactNo,
        form: Form,
        make: &impl Fn(&Snapshot, &Contact) -> Result<Prepared, BookError>,
        into: &mut Answers,
    ) -> Result<(), BookError> {
        let ready = &self.core.hot.ready;
        if let Some(run) = ready.read(no, form, &mut into.bytes) {
            into.runs.push(run);
            into.origin = into.origin.max(Origin::Ready);
            return Ok(());
        }
        // Before the snapshot: what is made from an older state is then not kept.
        let tags = ready.tags(no);
        let snapshot = self.snapshot_now()?;
        // Nothing when it was removed just now, and then the seqlock has moved.
        if let Some(contact) = self.ask(&snapshot, |snapshot| snapshot.read.contact(no))? {
            let prepared = make(&snapshot, &contact)?;
            ready.keep(no, tags, &prepared);
            into.push(prepared.in_form(form));
            into.origin = Origin::Made;
        }
        Ok(())
    }

    /// Whether the number index is in memory.
    pub fn numbers_are_in_memory(&self) -> bool {
        self.core.hot.numbers.load().is_some()
    }
}

/// What a batch of edits touches of what look-ups are answered from.
#[derive(Default)]
pub(crate) struct Touched {
    /// Contacts that gained or lost a number, whether they are new, and whether they are gone.
    numbers: Vec<(E164, ContactNo, Fate)>,
    contacts: Vec<ContactNo>,
    organizations: Vec<OrganizationNo>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
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

impl Hot {
    /// The number index, once it is built.
    pub(crate) fn numbers(&self) -> Guard<Option<Arc<NumberIndex>>> {
        self.numbers.load()
    }

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

    /// Runs a change. The caller holds the desk, so there is one at a time.
    pub(crate) fn change(&self, change: impl FnOnce(&Hot)) {
        self.seqlock.write(|| change(self));
    }

    /// Follows what was committed. The desk's transaction sees it already.
    pub(crate) fn show(&self, desk: &mut Desk, touched: &Touched) {
        touched.contacts.iter().for_each(|no| self.ready.forget(*no));
        if let Err(error) = self.show_in_store(desk, touched) {
            // The store's own trouble shows elsewhere; until then it answers by itself.
            tracing::error!(%error, "look-ups are answered from the store from now on");
            self.forget_everything();
        }
    }

    fn show_in_store(&self, desk: &mut Desk, touched: &Touched) -> Result<(), StoreError> {
        let Some(read) = &desk.read else {
            return Ok(());
        };
        for organization in &touched.organizations {
            for no in read.organization_contacts(*organization, None, usize::MAX)? {
                self.ready.forget(no);
            }
        }
        let numbers = self.numbers.load();
        let Some(numbers) = numbers.as_ref() else {
            desk.unindexed.extend(touched.numbers.iter().map(|(number, ..)| number));
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

fn owners(read: &ReadTxn, number: E164) -> Result<Vec<ContactNo>, StoreError> {
    read.contact_nos_by_number(number, LOOKUP_CONTACTS_MAX)
}

/// Builds the number index on a thread of its own. Until it is there the store is asked.
pub(crate) fn start_numbers(core: &Arc<Core>) {
    let shared = Arc::clone(core);
    let thread = std::thread::Builder::new().name("carnet-numbers".into());
    match thread.spawn(move || build_numbers(&shared)) {
        Ok(thread) => core.keep_thread(thread),
        Err(error) => tracing::error!(%error, "the number index cannot be built"),
    }
}

/// Builds the number index on this thread.
pub(crate) fn build_numbers(core: &Core) {
    let begun = Instant::now();
    let (read, opening) = {
        let mut desk = core.desk();
        // The transaction has them.
        desk.unindexed = Vec::new();
        (desk.read.clone(), desk.opening)
    };
    let Some(read) = read else {
        return;
    };
    let index = match all_numbers(core, &read) {
        Ok(Some(index)) => index,
        Ok(None) => return,
        Err(error) => {
            tracing::error!(%error, "the number index cannot be built");
            return;
        }
    };
    let mut desk = core.desk();
    if desk.opening != opening {
        // The store was opened again meanwhile, and another thread builds.
        return;
    }
    let late = std::mem::take(&mut desk.unindexed);
    let caught_up = desk.read.as_ref().is_some_and(|read| {
        late.into_iter().all(|number| {
            let owners = owners(read, number).map(|owners| index.put(number, &owners));
            owners.is_ok()
        })
    });
    if caught_up {
        tracing::debug!(
            bytes = index.bytes(),
            seconds = begun.elapsed().as_secs_f32(),
            "the number index is in memory"
        );
        core.hot.change(|hot| hot.numbers.store(Some(Arc::new(index))));
    }
}

/// Every number of the store; `None` when the book is closing.
fn all_numbers(core: &Core, read: &ReadTxn) -> Result<Option<NumberIndex>, StoreError> {
    let count = read.stats()?.contact_numbers;
    let index = NumberIndex::with_room_for(usize::try_from(count).unwrap_or(usize::MAX));
    let mut owners: (Option<E164>, Vec<ContactNo>) = (None, Vec::new());
    let mut rows = 0_usize;
    let mut put = |(number, owners): &(Option<E164>, Vec<ContactNo>)| {
        if let Some(number) = number {
            index.put(*number, owners);
        }
        rows += 1;
        if rows.is_multiple_of(NUMBERS_CHECK) && core.is_closing() {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    };
    let mut whole = ControlFlow::Continue(());
    read.each_contact_number(|number, no| {
        if owners.0 != Some(number) {
            whole = put(&owners);
            owners.0 = Some(number);
            owners.1.clear();
        }
        if owners.1.len() < LOOKUP_CONTACTS_MAX {
            owners.1.push(no);
        }
        whole
    })?;
    if whole.is_continue() {
        whole = put(&owners);
    }
    Ok(whole.is_continue().then_some(index))
}
