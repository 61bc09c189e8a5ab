//! The tables against the readers: what a reader asks for is in the table, and what the table says to
//! be taken makes a difference.

use super::*;
use crate::import::{ImportOptions, Imported, read};
use crate::json::reader::asked;
use crate::{Checked, Rules};
use serde_json::json;

const KINDS: [RecordKind; 4] =
    [RecordKind::Contact, RecordKind::Organization, RecordKind::Note, RecordKind::Schema];
const ID: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

fn phone(last: u8) -> Value {
    json!({
        "display": format!("+1 317-222-222{last}"), "userInput": format!("(317) 222-222{last}"),
        "e164": format!("+1317222222{last}"), "extension": 7, "acceptsSMS": true,
        "normalizationCountryCode": "CA",
    })
}

/// A record with every field that is taken.
fn full(kind: RecordKind) -> Value {
    let date = "2026-01-02T03:04:05.678Z";
    let mut record =
        json!({ "id": ID, "createDate": date, "modifyDate": "2026-02-02T03:04:05.678Z" });
    let both = json!({
        "division": { "id": "north", "name": "North" }, "externalSystemUrl": "https://a.example",
        "twitterId": {
            "id": "1", "name": "n", "screenName": "s", "verified": true,
            "profileUrl": "https://t.example",
        },
        "address": {
            "address1": "1", "address2": "2", "city": "c", "state": "s", "postalCode": "p",
            "countryCode": "FR",
        },
        "schema": { "id": ID, "version": 1 }, "customFields": { "a": 1 },
        "externalIds": [{ "externalSource": { "id": "1", "name": "CRM" }, "value": "7" }],
    });
    let own = match kind {
        RecordKind::Contact => json!({
            "type": "Identified", "firstName": "A", "middleName": "M", "lastName": "B",
            "salutation": "S", "title": "T", "externalOrganization": { "id": ID, "name": "Acme" },
            "workEmail": "w@x.fr", "personalEmail": "p@x.fr", "otherEmail": "o@x.fr",
            "workPhone": phone(1), "cellPhone": phone(2), "homePhone": phone(3),
            "otherPhone": phone(4), "lineId": { "ids": [{ "userId": "u" }], "displayName": "l" },
            "whatsAppId": { "phoneNumber": phone(5), "displayName": "w" },
            "facebookId": { "ids": [{ "scopedId": "f" }], "displayName": "f" },
            "instagramId": { "ids": [{ "scopedId": "i" }], "displayName": "i", "handle": "h" },
            "appleOpaqueIds": [{ "value": "a" }], "surveyOptOut": true,
        }),
        RecordKind::Organization => json!({
            "name": "Acme", "companyType": "c", "industry": "i", "phoneNumber": phone(1),
            "faxNumber": phone(2), "employeeCount": 3, "revenue": 4, "tags": ["t"],
            "websites": ["w"], "tickers": [{ "symbol": "S", "exchange": "E" }],
        }),
        RecordKind::Note => json!({
            "entityId": ID, "entityType": "contact", "noteText": "t", "createdBy": { "id": "me" },
        }),
        RecordKind::Schema => {
            return json!({
                "id": ID, "version": 2, "name": "Customer", "appliesTo": ["EXTERNAL_ORGANIZATION"],
                "enabled": false, "createdBy": { "id": "me" }, "dateCreated": date,
                "jsonSchema": { "properties": { "a_text": { "allOf": [{ "$ref": "#/definitions/text" }] } } },
                "firstDateCreated": "2025-01-02T03:04:05.678Z", "versionCreatedBy": { "id": "you" },
                "removed": true,
                "selfUri": "/api/v2/externalcontacts/organizations/schemas/1",
            });
        }
    };
    let parts = if kind == RecordKind::Note { vec![own] } else { vec![both, own] };
    for part in parts {
        record.as_object_mut().unwrap().extend(part.as_object().unwrap().clone());
    }
    record
}

/// The fields without which a record of this kind is none.
fn bare(kind: RecordKind) -> Value {
    match kind {
        RecordKind::Contact => json!({ "firstName": "A", "lastName": "B" }),
        RecordKind::Organization => json!({ "name": "Acme" }),
        RecordKind::Note => json!({ "entityId": ID, "entityType": "contact", "noteText": "t" }),
        RecordKind::Schema => {
            json!({ "id": ID, "version": 1, "name": "Customer", "jsonSchema": { "properties": {} } })
        }
    }
}

fn read_as(kind: RecordKind, record: &Value) -> Checked<Imported> {
    let strict = ImportOptions { strict: true, ..ImportOptions::default() };
    read(kind, record, &Rules::default(), strict)
}

/// The paths of a table with their shapes; `true` for those in lists.
fn paths(
    groups: &[Rows],
    above: &[(&'static str, bool)],
) -> Vec<(Vec<(&'static str, bool)>, Shape)> {
    let mut all = Vec::new();
    for (name, shape) in groups.iter().copied().flatten() {
        let path = |in_list| [above, &[(*name, in_list)]].concat();
        match shape {
            Taken | Over => all.push((path(false), *shape)),
            Object(below) => all.extend(paths(&[below], &path(false))),
            List(below) => all.extend(paths(&[below], &path(true))),
        }
    }
    all
}

/// Sets the value at a path, or takes it away; objects and lists on the way are made.
fn put(record: &mut Value, path: &[(&'static str, bool)], value: Option<&Value>) {
    let Some(((name, in_list), rest)) = path.split_first() else { return };
    let fields = record.as_object_mut().unwrap();
    if rest.is_empty() {
        match value {
            Some(value) => drop(fields.insert((*name).to_owned(), value.clone())),
            None => drop(fields.remove(*name)),
        }
        return;
    }
    let empty = if *in_list { json!([{}]) } else { json!({}) };
    let below = fields.entry(*name).or_insert(empty);
    put(if *in_list { &mut below[0] } else { below }, rest, value);
}

fn get<'a>(record: &'a Value, path: &[(&'static str, bool)]) -> Option<&'a Value> {
    path.iter().try_fold(record, |at, (name, in_list)| match in_list {
        true => at.get(name)?.get(0),
        false => at.get(name),
    })
}

fn text_of(path: &[(&'static str, bool)]) -> String {
    path.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(".")
}

#[test]
fn a_record_of_all_fields_is_good_and_has_no_unknown_one() {
    for kind in KINDS {
        let read = read_as(kind, &full(kind)).into_result().unwrap();
        assert_eq!(read.unknown, Vec::<String>::new(), "{kind:?}");
    }
}

#[test]
fn every_field_that_is_known_as_taken_makes_a_difference() {
    for kind in KINDS {
        let whole = read_as(kind, &full(kind));
        for (path, shape) in paths(fields(kind), &[]) {
            let name = text_of(&path);
            if !matches!(shape, Taken) {
                continue;
            }
            let value =
                get(&full(kind), &path).unwrap_or_else(|| panic!("{kind:?}: {name}")).clone();
            let mut without = full(kind);
            put(&mut without, &path, None);
            let differs = |one: &Checked<Imported>, other: &Checked<Imported>| {
                (&one.value, &one.invalid) != (&other.value, &other.invalid)
            };
            // Some count only where others are not given: the number where nothing was typed.
            let (mut alone, mut nothing) = (bare(kind), bare(kind));
            put(&mut alone, &path, Some(&value));
            put(&mut nothing, &path, None);
            assert!(
                differs(&whole, &read_as(kind, &without))
                    || differs(&read_as(kind, &alone), &read_as(kind, &nothing)),
                "{kind:?}: {name} is known and not taken"
            );
        }
    }
}

#[test]
fn a_field_that_is_read_over_makes_no_difference() {
    for kind in KINDS {
        let whole = read_as(kind, &full(kind));
        for (path, shape) in paths(fields(kind), &[]) {
            if !matches!(shape, Over) {
                continue;
            }
            let mut with = full(kind);
            put(&mut with, &path, Some(&json!("x")));
            let read = read_as(kind, &with);
            let same = (read.value, read.invalid) == (whole.value.clone(), whole.invalid.clone());
            assert!(same, "{kind:?}: {} is taken", text_of(&path));
        }
    }
}

#[test]
fn every_field_that_a_reader_asks_for_is_known_as_taken() {
    for kind in KINDS {
        asked::forget();
        let _ = read_as(kind, &full(kind));
        let asked = asked::paths();
        assert!(asked.len() >= 8, "{kind:?}: {asked:?}");
        for path in asked {
            let mut groups = fields(kind).to_vec();
            for name in path.split('.') {
                match find(&groups, name) {
                    // Below a value that is read as a whole no field is told apart.
                    Some(Taken) => break,
                    Some(Object(below) | List(below)) => groups = vec![below],
                    Some(Over) => panic!("{kind:?}: {path} is taken and known as read over"),
                    None => panic!("{kind:?}: {path} is taken and not known"),
                }
            }
        }
    }
}

#[test]
fn a_field_that_is_in_two_groups_of_a_kind_is_there_once() {
    for kind in KINDS {
        let mut names: Vec<&str> =
            fields(kind).iter().copied().flatten().map(|(name, _)| *name).collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count, "{kind:?}");
    }
}
