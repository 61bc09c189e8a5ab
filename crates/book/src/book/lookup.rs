//! Looking up: exact keys in, contacts out, oldest first. The hot path; kept short.

use crate::{AddressBook, Answers, BookError, Form, Prepared, Snapshot};
use carnet_model::limits::LOOKUP_CONTACTS_MAX;
use carnet_model::{Contact, IdentifierKey, IdentifierKind};
use carnet_phone::{E164, Number, Region, normalise, strict_e164};
use carnet_storage::Readable;

/// What a look-up came to.
#[derive(Clone, Debug)]
pub struct Found {
    /// The number as it was read: where somebody has it, the reading that was found. `None` for
    /// a text that is no number.
    pub number: Option<Number>,
    /// Who has it, oldest first, at most [`LOOKUP_CONTACTS_MAX`].
    pub contacts: Vec<Contact>,
}

impl Snapshot {
    /// The contacts with this number, oldest first, at most `limit`.
    ///
    /// # Errors
    /// When the store fails; so for every function here.
    pub fn contacts_by_number(
        &self,
        number: E164,
        limit: usize,
    ) -> Result<Vec<Contact>, BookError> {
        let rows = self.read.contacts_by_number(number, limit)?;
        Ok(rows.into_iter().map(|(_, contact)| contact).collect())
    }

    /// The contacts with this identifier, oldest first, at most `limit`.
    pub fn contacts_by_identifier(
        &self,
        key: &IdentifierKey,
        limit: usize,
    ) -> Result<Vec<Contact>, BookError> {
        let rows = self.read.contacts_by_identifier(key, limit)?;
        Ok(rows.into_iter().map(|(_, contact)| contact).collect())
    }

    /// The contacts with the number that `text` spells, read in `region` when it carries no
    /// country code, as [`Snapshot::look_up`] finds them.
    pub fn contacts_by_spelling(
        &self,
        text: &str,
        region: Region,
    ) -> Result<Vec<Contact>, BookError> {
        Ok(self.look_up(text, region)?.contacts)
    }

    /// Who has the number that `text` spells, read in `region` when it carries no country code.
    /// Where nobody has it, two other readings are tried: bare digits as `+` and the digits, as
    /// switches drop the plus, and a blank before the number as no more than a blank.
    pub fn look_up(&self, text: &str, region: Region) -> Result<Found, BookError> {
        let mut contacts = Vec::new();
        let number = try_readings(text, region, |number| {
            contacts = self.contacts_by_number(number.e164, LOOKUP_CONTACTS_MAX)?;
            Ok(!contacts.is_empty())
        })?;
        Ok(Found { number, contacts })
    }

    /// Reverse white pages: an e-mail, a telephone number, or a Twitter screen name, told apart
    /// by their form. At most [`LOOKUP_CONTACTS_MAX`] contacts.
    pub fn reverse_lookup(&self, text: &str, region: Region) -> Result<Vec<Contact>, BookError> {
        let trimmed = text.trim();
        if is_uri(trimmed) {
            return self.contacts_by_spelling(text, region);
        }
        if trimmed.find('@').is_some_and(|at| at > 0) {
            let key = IdentifierKey::new(IdentifierKind::Email, trimmed);
            return self.contacts_by_identifier(&key, LOOKUP_CONTACTS_MAX);
        }
        if normalise(text, region).is_ok() || with_plus(text, region).is_some() {
            return self.contacts_by_spelling(text, region);
        }
        if trimmed.is_empty() {
            return Ok(Vec::new());
        }
        let key = IdentifierKey::new(IdentifierKind::SocialTwitter, trimmed);
        self.contacts_by_identifier(&key, LOOKUP_CONTACTS_MAX)
    }
}

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

/// Tries what a text may spell, the likeliest first, until somebody has it. Returns the number that
/// was found, or else the likeliest.
fn try_readings(
    text: &str,
    region: Region,
    mut find: impl FnMut(Number) -> Result<bool, BookError>,
) -> Result<Option<Number>, BookError> {
    let mut tried = [None; 3];
    let readings = [as_it_stands, with_plus, without_blanks];
    for (n, reading) in readings.iter().enumerate() {
        let Some(number) = reading(text, region) else {
            continue;
        };
        if tried.iter().flatten().any(|tried: &Number| tried.e164 == number.e164) {
            continue;
        }
        if find(number)? {
            return Ok(Some(number));
        }
        tried[n] = Some(number);
    }
    Ok(tried.into_iter().flatten().next())
}

fn as_it_stands(text: &str, region: Region) -> Option<Number> {
    normalise(text, region).ok()
}

/// Whether a switch sends its caller as a URI: then what follows an `@` is a host.
fn is_uri(text: &str) -> bool {
    let scheme = text.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
    scheme.is_some_and(|scheme| matches!(&*scheme, "tel" | "sip" | "sips"))
}

/// Bare digits read as if they had a plus before them, those of a URI too.
fn with_plus(text: &str, region: Region) -> Option<Number> {
    let mut text = text.trim();
    if is_uri(text) {
        let (_, rest) = text.split_once(':')?;
        text = rest.split(['@', ';']).next()?;
    }
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    normalise(&format!("+{text}"), region).ok()
}

/// Without the blank that may have been a plus.
fn without_blanks(text: &str, region: Region) -> Option<Number> {
    let trimmed = text.trim_start();
    (trimmed.len() < text.len()).then(|| normalise(trimmed, region).ok())?
}
