//! Looking up by number, as rendered answers. What is in a rendering is known to the caller only.

use crate::book::AddressBook;
use crate::error::BookError;
use crate::local::memory::rendering::{Form, Rendering, Renderings};
use crate::local::snapshot::Snapshot;
use crate::local::workers::warm_up;
use carnet_model::Contact;
use carnet_phone::{E164, Region};

impl AddressBook {
    /// The answers about the contacts with this number, oldest first: from the render cache, and for
    /// the others what `make` makes, which is then kept. `make` must give the same bytes for the
    /// same contact and organisation.
    ///
    /// # Errors
    /// When the store fails or is being opened again; what `make` fails with.
    pub fn renderings(
        &self,
        number: E164,
        form: Form,
        make: impl Fn(&Snapshot, &Contact) -> Result<Rendering, BookError>,
        into: &mut Renderings,
    ) -> Result<(), BookError> {
        self.inner.renderings(number, form, make, into)
    }

    /// The answers about the contacts with the number that `text` spells, found as
    /// [`Snapshot::look_up`] finds them and given as [`AddressBook::renderings`] gives them. Returns
    /// the number, in the reading that a contact has if there is one; `None` when the text spells no
    /// number, and beside the answers about an internal number.
    ///
    /// # Errors
    /// As [`AddressBook::renderings`].
    pub fn renderings_by_spelling(
        &self,
        text: &str,
        region: Region,
        form: Form,
        make: impl Fn(&Snapshot, &Contact) -> Result<Rendering, BookError>,
        into: &mut Renderings,
    ) -> Result<Option<E164>, BookError> {
        self.inner.renderings_by_spelling(text, region, form, make, into)
    }

    /// Whether the number index is in memory.
    pub fn numbers_are_in_memory(&self) -> bool {
        self.inner.memory.has_numbers()
    }

    /// Has the processor load the memory that look-ups of these numbers will read. Numbers beyond
    /// [`PREFETCH_MAX`](crate::PREFETCH_MAX) are ignored.
    pub fn prefetch(&self, numbers: &[E164], form: Form) {
        self.inner.memory.prefetch(numbers, form);
    }

    /// Fills the render cache with every contact that has a number, on a thread of its own that ends
    /// with the book. `make` is that of [`AddressBook::renderings`].
    pub fn warm_up(
        &self,
        make: impl Fn(&Snapshot, &Contact) -> Result<Rendering, BookError> + Send + 'static,
    ) {
        warm_up::start(&self.inner, make);
    }
}
