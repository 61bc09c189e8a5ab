//! A contact's two renderings, and answers made of them: the one engine for look-ups by number.
//!
//! A rendering is made of a contact once and kept by the book until the contact or its organisation
//! changes. Every way to look a number up asks here first, whatever the protocol: the fast path, the
//! handlers of reverse white pages and caller ID, the look-up of many numbers. Nothing here knows a
//! request or a socket.

use crate::caller_id::format::NameFormat;
use crate::engine::state::State;
use carnet_book::{Answers, BookError, Form, Prepared, Snapshot};
use carnet_model::Contact;
use carnet_phone::{E164, Region};
use carnet_wire::contact::{ExternalContact, Linked};

/// Renders a contact: in short its name, as caller ID gives it out; at length its JSON, as reverse
/// white pages show it when nothing more is asked for.
///
/// # Errors
/// When the contact's organisation cannot be read.
pub(crate) fn render(
    snapshot: &Snapshot,
    contact: &Contact,
    format: &NameFormat,
) -> Result<Prepared, BookError> {
    let shown = ExternalContact::new(contact, &Linked::default());
    // An answer has text keys only, so there is nothing that JSON cannot say.
    let unwritable = |_| BookError::Unavailable("a contact cannot be written as JSON");
    let long = serde_json::to_vec(&shown).map_err(unwritable)?;
    Ok(Prepared { short: name_of(contact, format, snapshot)?.into_bytes(), long })
}

/// The name that a contact goes by. Reads its organisation only where the name depends on it.
///
/// # Errors
/// When the organisation cannot be read.
pub(crate) fn name_of(
    contact: &Contact,
    format: &NameFormat,
    snapshot: &Snapshot,
) -> Result<String, BookError> {
    if !format.names_organization() {
        let name = format.write(contact, None);
        if !name.is_empty() {
            return Ok(name);
        }
    }
    let organization = match contact.organization {
        Some(id) => snapshot.organization(id)?,
        None => None,
    };
    let organization = organization.as_ref().map(|organization| organization.name.as_str());
    Ok(format.write(contact, organization))
}

/// Begins to render the contacts that have a number, in the background, before they are asked for.
pub(crate) fn warm_up(state: &State) {
    let format = state.caller_id.format.clone();
    state.book.make_ready_ahead(move |snapshot, contact| render(snapshot, contact, &format));
}

/// Finds the contacts with the number that `text` spells, read in `region` where it carries no
/// country code, and puts their renderings into `found`. Returns the number; `None` for a text that
/// spells none.
///
/// # Errors
/// When the store is needed and fails, or is being opened again.
pub(crate) fn find(
    state: &State,
    text: &str,
    region: Region,
    form: Form,
    found: &mut Answers,
) -> Result<Option<E164>, BookError> {
    let format = &state.caller_id.format;
    let make = |snapshot: &_, contact: &_| render(snapshot, contact, format);
    state.book.answers_by_spelling(text, region, form, make, found)
}

/// Reverse white pages: finds who has a number. `None` where the value may be something other than
/// a number, an e-mail or a screen name, which the store must be asked for.
///
/// # Errors
/// As [`find`].
pub(crate) fn reverse(
    state: &State,
    value: &str,
    region: Region,
    found: &mut Answers,
) -> Result<Option<E164>, BookError> {
    if value.contains('@') {
        return Ok(None);
    }
    find(state, value, region, Form::Long, found)
}

const REVERSE_START: &[u8] = br#"{"contacts":["#;
const REVERSE_END: &[u8] = b"]}";

/// Bytes that [`write_reverse`] writes.
pub(crate) fn reverse_length(found: &Answers) -> usize {
    let contacts: usize = found.iter().map(<[u8]>::len).sum();
    let commas = found.len().saturating_sub(1);
    REVERSE_START.len() + contacts + commas + REVERSE_END.len()
}

/// Writes the answer of reverse white pages.
pub(crate) fn write_reverse(found: &Answers, out: &mut Vec<u8>) {
    out.extend_from_slice(REVERSE_START);
    for (n, contact) in found.iter().enumerate() {
        if n > 0 {
            out.push(b',');
        }
        out.extend_from_slice(contact);
    }
    out.extend_from_slice(REVERSE_END);
}

/// The name of the oldest contact that was found in its short form; empty when there is none.
pub(crate) fn name(found: &Answers) -> &str {
    // The short form is made of text.
    std::str::from_utf8(found.iter().next().unwrap_or_default()).unwrap_or_default()
}
