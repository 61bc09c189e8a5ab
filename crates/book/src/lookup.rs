//! Looking up: exact keys in, contacts out, oldest first. The hot path; kept short.

use crate::{AddressBook, Answers, BookError, Prepared, Snapshot};
use carnet_model::limits::LOOKUP_CONTACTS_MAX;
use carnet_model::{Contact, IdentifierKey, IdentifierKind};
use carnet_phone::{E164, Region, normalise};
use carnet_storage::Readable;

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
    /// country code. Bare digits that nobody has there are tried as `+` and the digits, as
    /// switches drop the plus.
    pub fn contacts_by_spelling(
        &self,
        text: &str,
        region: Region,
    ) -> Result<Vec<Contact>, BookError> {
        let read = normalise(text, region).ok();
        let mut contacts = match read {
            Some(number) => self.contacts_by_number(number.e164, LOOKUP_CONTACTS_MAX)?,
            None => Vec::new(),
        };
        if contacts.is_empty()
            && let Some(number) = with_plus(text, region)
            && read.is_none_or(|read| read.e164 != number)
        {
            contacts = self.contacts_by_number(number, LOOKUP_CONTACTS_MAX)?;
        }
        Ok(contacts)
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
    /// The answers about the contacts with the number that `text` spells, as
    /// [`Snapshot::contacts_by_spelling`] finds them and [`AddressBook::answers`] gives them. False
    /// when it spells none.
    ///
    /// # Errors
    /// As [`AddressBook::answers`].
    pub fn answers_by_spelling(
        &self,
        text: &str,
        region: Region,
        make: impl Fn(&Snapshot, &Contact) -> Result<Prepared, BookError>,
        into: &mut Answers,
    ) -> Result<bool, BookError> {
        into.clear();
        let read = normalise(text, region).ok();
        if let Some(number) = read {
            self.answers(number.e164, &make, into)?;
        }
        if into.is_empty()
            && let Some(number) = with_plus(text, region)
            && read.is_none_or(|read| read.e164 != number)
        {
            self.answers(number, &make, into)?;
            return Ok(true);
        }
        Ok(read.is_some())
    }
}

/// Whether a switch sends its caller as a URI: then what follows an `@` is a host.
fn is_uri(text: &str) -> bool {
    let scheme = text.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
    scheme.is_some_and(|scheme| matches!(&*scheme, "tel" | "sip" | "sips"))
}

/// Bare digits read as if they had a plus before them.
fn with_plus(text: &str, region: Region) -> Option<E164> {
    let text = text.trim();
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    normalise(&format!("+{text}"), region).ok().map(|number| number.e164)
}
