//! Looking up: exact keys in, contacts out, oldest first. The hot path; kept short.

use crate::spelling::try_readings;
use crate::{AddressBook, Answers, BookError, Form, Prepared, Snapshot};
use carnet_model::Contact;
use carnet_phone::{E164, Region, strict_e164};

impl AddressBook {
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
        into.clear();
        // With its plus a text has one reading.
        if let Some(number) = strict_e164(text) {
            self.answers(number, form, &make, into)?;
            return Ok(Some(number));
        }
        let number = try_readings(text, region, |number| {
            self.answers(number.e164, form, &make, into)?;
            Ok(!into.is_empty())
        })?;
        Ok(number.map(|number| number.e164))
    }
}
