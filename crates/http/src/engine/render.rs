//! A contact's two renderings, and answers made of them: the one engine for look-ups by number.
//!
//! A rendering is made of a contact once and kept by the book until the contact or its organisation
//! changes. Every way to look a number up asks here first, whatever the protocol: the fast path, the
//! handlers of reverse white pages and caller ID, the look-up of many numbers. Nothing here knows a
//! request or a socket.

use crate::caller_id::format::NameFormat;
use crate::engine::state::State;
use carnet_book::{BookError, Form, OrganizationNames, Rendering, Renderings, Snapshot};
use carnet_model::Contact;
use carnet_phone::{E164, Region};
use carnet_wire::contact::{ExternalContact, Linked};
use carnet_wire::lookup::{FOUND_FRAME_BYTES, Rendered, write_found};
use std::cell::RefCell;

/// Renders a contact: in short its name, as caller ID gives it out; at length its JSON, as reverse
/// white pages show it when nothing more is asked for, and behind it the name of its organisation,
/// which look-ups for programs show.
///
/// ```text
/// long: | JSON | organisation's name | its length u16 |
/// ```
///
/// # Errors
/// When the contact's organisation cannot be read.
pub(crate) fn render(
    snapshot: &Snapshot,
    contact: &Contact,
    format: &NameFormat,
) -> Result<Rendering, BookError> {
    let organization = organization_name(contact, snapshot)?;
    render_with(contact, organization.as_deref(), format)
}

/// Renders a contact whose organisation has this name; `None` where it has none.
fn render_with(
    contact: &Contact,
    organization: Option<&str>,
    format: &NameFormat,
) -> Result<Rendering, BookError> {
    let shown = ExternalContact::new(contact, &Linked::default());
    // An answer has text keys only, so there is nothing that JSON cannot say.
    let unwritable = |_| BookError::Unavailable("a contact cannot be written as JSON");
    let mut long = serde_json::to_vec(&shown).map_err(unwritable)?;
    let name = organization.unwrap_or_default().as_bytes();
    // Names are far shorter; see carnet-model's limits.
    let length = u16::try_from(name.len());
    let length =
        length.map_err(|_| BookError::Unavailable("an organisation's name is too long"))?;
    long.extend_from_slice(name);
    long.extend_from_slice(&length.to_le_bytes());
    Ok(Rendering { short: format.write(contact, organization).into_bytes(), long })
}

/// The JSON and the organisation's name in a long form.
fn parts(long: &[u8]) -> (&[u8], &[u8]) {
    let parts = long.split_last_chunk::<2>().and_then(|(rest, length)| {
        rest.split_at_checked(rest.len().checked_sub(usize::from(u16::from_le_bytes(*length)))?)
    });
    // A long form is made by `render_with` and nowhere else.
    parts.unwrap_or_default()
}

/// The JSON of the contacts that were found in their long form.
fn json(found: &Renderings) -> impl Iterator<Item = &[u8]> {
    found.iter().map(|long| parts(long).0)
}

/// The contacts that were found in their long form.
pub(crate) fn contacts(found: &Renderings) -> impl Iterator<Item = Rendered<'_>> {
    found.iter().map(|long| {
        let (json, name) = parts(long);
        let organization = std::str::from_utf8(name).ok().filter(|name| !name.is_empty());
        Rendered { json, organization }
    })
}

/// The name of a contact's organisation.
fn organization_name(contact: &Contact, snapshot: &Snapshot) -> Result<Option<String>, BookError> {
    let organization = match contact.organization {
        Some(id) => snapshot.organization(id)?,
        None => None,
    };
    Ok(organization.map(|organization| organization.name))
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
    Ok(format.write(contact, organization_name(contact, snapshot)?.as_deref()))
}

/// Begins to render the contacts that have a number, in the background, before they are asked for.
pub(crate) fn warm_up(state: &State) {
    let format = state.caller_id.format.clone();
    // Each name is read once while nothing is edited.
    let names = RefCell::new(OrganizationNames::default());
    state.book.warm_up(move |snapshot, contact| {
        let mut names = names.borrow_mut();
        render_with(contact, names.of(contact, snapshot)?, &format)
    });
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
    found: &mut Renderings,
) -> Result<Option<E164>, BookError> {
    let format = &state.caller_id.format;
    let make = |snapshot: &_, contact: &_| render(snapshot, contact, format);
    state.book.renderings_by_spelling(text, region, form, make, found)
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
    found: &mut Renderings,
) -> Result<Option<E164>, BookError> {
    if value.contains('@') {
        return Ok(None);
    }
    find(state, value, region, Form::Long, found)
}

/// Bytes that [`write_reverse`] writes.
pub(crate) fn reverse_length(found: &Renderings) -> usize {
    let within: usize = json(found).map(<[u8]>::len).sum();
    let commas = found.len().saturating_sub(1);
    FOUND_FRAME_BYTES + within + commas
}

/// Writes the answer of reverse white pages.
pub(crate) fn write_reverse(found: &Renderings, out: &mut Vec<u8>) {
    write_found(json(found), out);
}

/// The name of the oldest contact that was found in its short form; empty when there is none.
pub(crate) fn name(found: &Renderings) -> &str {
    // The short form is made of text.
    std::str::from_utf8(found.iter().next().unwrap_or_default()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_form_is_taken_apart_as_it_was_put_together() {
        let format = NameFormat::default();
        let contact = Contact { first_name: Some("Ada".into()), ..Contact::default() };
        for organization in [None, Some("Acme \u{e9}")] {
            let made = render_with(&contact, organization, &format).unwrap();
            let (json, name) = parts(&made.long);
            assert_eq!(made.short, b"Ada");
            assert!(json.starts_with(b"{\"id\":") && json.ends_with(b"}"));
            assert_eq!(name, organization.unwrap_or_default().as_bytes());
        }
        // Bytes of another making give nothing instead of a panic.
        for bytes in [&b""[..], b"x", b"{}\xff\xff"] {
            assert_eq!(parts(bytes), (&b""[..], &b""[..]));
        }
    }
}
