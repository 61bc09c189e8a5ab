//! Records of an import: which kind a line is, what of it is not kept, and what a person has to know
//! about a record that came in. It knows no lines, no files and no address book.
//!
//! [`crate::contact::read_import`] and its like read what carnet itself has written, to the letter.
//! What others have written is made such a record first (`tidy`).

mod addresses;
mod draft;
mod known;
mod lost;
mod mention;
mod models;
mod phones;
mod record;
mod tidy;
mod words;

use crate::entities::{contact, note, organization, schema};
use crate::json::reader::ROOT;
use crate::parts::numbers;
use crate::{Checked, Rules};
use carnet_model::{Contact, FaultKind, ImportContact, ImportItem, Invalid};
use serde_json::Value;

pub use record::{ImportOptions, Imported, Notice, NoticeKind, RecordKind, is_keyed};
pub use words::{Meaning, meaning};

/// The kind of a record that does not say it: by the link to itself, else by the fields that only
/// one kind has. A scan of the vendor's API gives such records.
///
/// # Errors
/// When it is no record of an address book, or it is not certain which it is.
pub fn kind_of(value: &Value) -> Result<RecordKind, Invalid> {
    let kind = match is_none(value) {
        Some(why) => Err(why),
        None => models::kind_of(value),
    };
    kind.map_err(|why| Invalid::one(ROOT, FaultKind::Value(why)))
}

/// Reads a record of this kind.
pub fn read(
    kind: RecordKind,
    value: &Value,
    rules: &Rules,
    options: ImportOptions,
) -> Checked<Imported> {
    if let Some(why) = is_none(value) {
        let item = ImportItem::Contact(ImportContact::default());
        let nothing = Imported { item, notices: Vec::new(), unknown: Vec::new() };
        let invalid = Invalid::one(ROOT, FaultKind::Value(why));
        return Checked { value: nothing, invalid };
    }
    let value = &*tidy::named(kind, value);
    let unknown = known::unknown_fields(kind, value);
    let mut notices = Vec::new();
    let tidied = tidy::tidy(kind, value, rules, options, &mut notices);
    let Checked { value: item, mut invalid } = match kind {
        RecordKind::Contact => {
            read_contact(&tidied, rules, options, &unknown).map(ImportItem::Contact)
        }
        RecordKind::Organization => {
            organization::read_import(&tidied, rules).map(ImportItem::Organization)
        }
        RecordKind::Note => note::read_import(&tidied, rules).map(ImportItem::Note),
        RecordKind::Schema => schema::read_import(&tidied).map(ImportItem::Schema),
    };
    if let ImportItem::Contact(item) = &item {
        notices.extend(unread(&item.contact, rules));
    }
    for fault in &mut invalid.faults {
        if let Some(why) = addresses::why_crowded(&fault.field, tidied.get(&fault.field)) {
            fault.kind = FaultKind::Value(why.to_owned());
        }
    }
    let lost = lost::faults(kind, value, &unknown, options);
    if options.strict {
        // What would be lost says more than that.
        for field in unknown.iter().filter(|field| lost.iter().all(|lost| lost.field != **field)) {
            invalid.add(field, FaultKind::Value(format!("{} has no such field", name_of(kind))));
        }
    }
    invalid.faults.extend(lost);
    Checked { value: Imported { item, notices, unknown }, invalid }
}

/// Why a value is no record of any kind, in a sentence; `None` where it may be one.
fn is_none(value: &Value) -> Option<String> {
    const NAMED_MAX: usize = 3;
    if value.is_array() {
        return Some(
            "this is a list; `jq -c '.[]'` makes a line of each of its records".to_owned(),
        );
    }
    if !known::is_foreign(value) {
        return None;
    }
    let Value::Object(fields) = value else { return None };
    for (list, filter) in
        [("entities", ".entities[]"), ("results", ".results[].entity"), ("contacts", ".contacts[]")]
    {
        if fields.get(list).is_some_and(Value::is_array) {
            return Some(format!(
                "this is a page of a list; `jq -c '{filter}'` makes a line of each of its records"
            ));
        }
    }
    if let Some(why) = models::other(value) {
        return Some(why);
    }
    let names: Vec<&str> = fields.keys().take(NAMED_MAX).map(String::as_str).collect();
    let more = if fields.len() > NAMED_MAX { " and others" } else { "" };
    Some(format!(
        "this has no field of a contact, an organisation or a note; it has {}{more}",
        names.join(", ")
    ))
}

/// The numbers of a contact that no look-up will find.
fn unread(contact: &Contact, rules: &Rules) -> impl Iterator<Item = Notice> {
    contact.unread_numbers(rules.numbers()).map(|unread| Notice {
        field: format!("{}.display", numbers::field(unread.label)),
        kind: NoticeKind::Unread,
        reason: format!("kept as typed, no look-up finds it: {}", unread.reason),
    })
}

fn name_of(kind: RecordKind) -> &'static str {
    match kind {
        RecordKind::Contact => "a contact",
        RecordKind::Organization => "an organisation",
        RecordKind::Note => "a note",
        RecordKind::Schema => "a schema",
    }
}

fn read_contact(
    value: &Value,
    rules: &Rules,
    options: ImportOptions,
    unknown: &[String],
) -> Checked<ImportContact> {
    let Some(body) = value.as_object().filter(|_| options.keep_missing) else {
        let mut read = contact::read_import(value, rules);
        if !unknown.is_empty() && read.invalid.is_empty() && is_bare(&read.value) {
            let why = format!("this is no contact: it has {}, and no field of one", unknown[0]);
            read.invalid = Invalid::one(ROOT, FaultKind::Value(why));
        }
        return read;
    };
    // The contact that the record changes may have the names; a field alone is enough, even empty.
    let named = Rules { require_names: false, ..*rules };
    let keyed = is_keyed(value);
    let mut read = contact::read_import(value, if keyed { &named } else { rules });
    let mentioned = mention::mentioned(body);
    read.value.names_required = rules.require_names;
    if keyed && !(mentioned.fields.is_empty() && mentioned.custom_fields.is_empty()) {
        read.invalid.faults.retain(|fault| fault.field != ROOT);
    }
    read.value.mentioned = Some(mentioned);
    read
}

/// Whether a contact has nothing but an id, a division and a kind.
fn is_bare(import: &ImportContact) -> bool {
    let contact = &import.contact;
    let bare = Contact {
        id: contact.id,
        division: contact.division.clone(),
        kind: contact.kind,
        ..Contact::default()
    };
    *contact == bare && import.organization_name.is_none()
}

#[cfg(test)]
mod tests;
