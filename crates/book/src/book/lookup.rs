//! Looking up: exact keys in, contacts out, oldest first.

use crate::book::AddressBook;
use crate::error::BookError;
use crate::local::memory::rendering::{Answers, Form, Prepared};
use crate::local::snapshot::Snapshot;
use crate::local::workers::warm_up;
use carnet_model::Contact;
use carnet_phone::{E164, Region};

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
        self.inner.answers(number, form, make, into)
    }

    /// The answers about the contacts with the number that `text` spells, found as
    /// [`Snapshot::look_up`] finds them and given as [`AddressBook::answers`] gives them. Returns
    /// the number: where somebody has it, the reading that was found; `None` for no number.
    ///
    /// # Errors
    /// As [`AddressBook::answers`].
    pub fn answers_by_spelling(
        &self,
        text: &str,
        region: Region,
        form: Form,
        make: impl Fn(&Snapshot, &Contact) -> Result<Prepared, BookError>,
        into: &mut Answers,
    ) -> Result<Option<E164>, BookError> {
        self.inner.answers_by_spelling(text, region, form, make, into)
    }

    /// Whether the number index is in memory.
    pub fn numbers_are_in_memory(&self) -> bool {
        self.inner.hot.has_numbers()
    }

    /// Has the processor fetch what look-ups of these numbers will read, of which there are
    /// [`FETCHED_TOGETHER`](crate::FETCHED_TOGETHER) at most; more are ignored.
    pub fn fetch(&self, numbers: &[E164], form: Form) {
        self.inner.hot.fetch(numbers, form);
    }

    /// Makes answers ready for every contact that has a number, on a thread of its own that ends
    /// with the book. `make` is what [`AddressBook::answers`] is given.
    pub fn make_ready_ahead(
        &self,
        make: impl Fn(&Snapshot, &Contact) -> Result<Prepared, BookError> + Send + 'static,
    ) {
        warm_up::start(&self.inner, make);
    }
}
