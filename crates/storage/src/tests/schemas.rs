//! Schemas and their versions, fields of type identifier, and files from before there were any.

use super::opening::{STAMP, open, place};
use super::sample;
use crate::tables::meta;
use crate::{Readable, Store, StoreError, check};
use carnet_model::{
    Contact, CoreType, DataSchema, Definition, IdentifierKey, Organization, Property, Restrictions,
    SchemaKind, Timestamp, Uuid,
};
use serde_json::json;
use std::path::Path;

fn schema(id: u128, version: i64) -> DataSchema {
    let restrictions = Restrictions {
        min_length: Some(2),
        minimum: Some(carnet_model::whole_value("18446744073709551616")),
        ..Restrictions::default()
    };
    let property = Property {
        key: "member_identifier".into(),
        title: Some("Żółć".into()),
        description: None,
        core_type: CoreType::Identifier,
        restrictions,
    };
    DataSchema {
        id: Uuid::from_u128(id),
        kind: SchemaKind::Organization,
        name: format!("version {version}"),
        version,
        enabled: version % 2 == 1,
        definition: Definition { properties: vec![property], ..Definition::default() },
        create_date: Timestamp(1),
        created_by: "one".into(),
        modify_date: Timestamp(version),
        modified_by: String::new(),
    }
}

fn put(store: &Store, schema: &DataSchema, removed: bool) {
    store.write(|txn| txn.put_schema_version(schema, removed)).unwrap();
}

fn assert_sound(store: &Store) {
    let report = check(&store.read().unwrap(), &mut |_| {}).unwrap();
    assert_eq!(report.problems, Vec::<String>::new());
}

#[test]
fn every_version_stays_and_the_newest_is_the_schema() {
    let (_directory, path) = place();
    let store = open(&path).unwrap();
    for (id, version) in [(1, 1), (1, 2), (2, 1), (1, 3)] {
        put(&store, &schema(id, version), false);
    }
    drop(store);
    let store = open(&path).unwrap();
    let txn = store.read().unwrap();
    let one = Uuid::from_u128(1);
    assert_eq!(txn.schema(one).unwrap(), Some(schema(1, 3)));
    assert_eq!(txn.schemas().unwrap(), [schema(1, 3), schema(2, 1)]);
    assert_eq!(txn.schema_versions(one).unwrap(), [1, 2, 3].map(|version| schema(1, version)));
    assert_eq!(txn.schema_version(one, 2).unwrap(), Some(schema(1, 2)));
    for version in [0, 4, -1] {
        assert_eq!(txn.schema_version(one, version).unwrap(), None);
    }
    let rest = txn.schema_versions_after(Some((one, 2)), 9).unwrap();
    assert_eq!(rest, [schema(1, 3), schema(2, 1)]);
    assert_eq!(txn.schema_versions_after(None, 1).unwrap(), [schema(1, 1)]);
    assert_sound(&store);
}

#[test]
fn a_removed_schema_keeps_its_versions() {
    let (_directory, path) = place();
    let store = open(&path).unwrap();
    put(&store, &schema(1, 1), false);
    put(&store, &schema(2, 1), true);
    let one = Uuid::from_u128(1);
    let removed: Result<bool, StoreError> = store.write(|txn| txn.remove_schema(one));
    assert!(removed.unwrap());
    let again: Result<bool, StoreError> = store.write(|txn| txn.remove_schema(one));
    assert!(!again.unwrap());
    let txn = store.read().unwrap();
    assert_eq!((txn.schema(one).unwrap(), txn.schemas().unwrap()), (None, vec![]));
    assert_eq!(txn.schema_version(one, 1).unwrap(), Some(schema(1, 1)));
    assert_eq!(txn.schema_versions(Uuid::from_u128(2)).unwrap(), [schema(2, 1)]);
    assert_sound(&store);
}

#[test]
fn a_schema_without_its_newest_version_is_a_problem() {
    let (_directory, path) = place();
    let store = open(&path).unwrap();
    put(&store, &schema(1, 1), false);
    let spoilt: Result<(), StoreError> = store.write(|txn| {
        let id = Uuid::from_u128(1);
        txn.tables.schemas.insert(id.as_bytes(), 7).unwrap();
        let bytes = crate::record::encode(&schema(3, 1), &"").unwrap();
        txn.tables.schema_versions.insert((id.as_bytes(), 2), bytes.as_slice()).unwrap();
        txn.changed = true;
        Ok(())
    });
    spoilt.unwrap();
    let report = check(&store.read().unwrap(), &mut |_| {}).unwrap();
    assert_eq!(report.problem_count, 2, "{:?}", report.problems);
    assert!(store.read().unwrap().schema(Uuid::from_u128(1)).is_err());
}

fn member(id: u64, value: &str) -> Contact {
    let fields = json!({"member_identifier": value, "note_text": "x"});
    Contact { custom_fields: fields.as_object().cloned(), ..sample::contact(id, 0, None) }
}

/// The contacts that are found by this value of the field.
fn found(store: &Store, value: &str) -> usize {
    let key = IdentifierKey::field("member_identifier", value);
    store.read().unwrap().contacts_by_identifier(&key, usize::MAX).unwrap().len()
}

/// Makes a file what it was in format 2.
fn age(path: &Path) {
    let engine = redb::Database::open(path).unwrap();
    let txn = engine.begin_write().unwrap();
    {
        let mut tables = crate::tables::Tables::<crate::tables::Pending<'_>>::open(&txn).unwrap();
        let format = 2u64.to_be_bytes();
        tables.meta.insert(meta::FORMAT, format.as_slice()).unwrap();
        // The kind is the first byte of a row.
        tables.contact_identifiers.retain(|key, ()| key[0] != 14).unwrap();
        tables.organization_identifiers.retain(|key, ()| key[0] != 14).unwrap();
    }
    for name in ["schemas", "schema_versions"] {
        // Tables are removed by name, whatever their types.
        let table = redb::TableDefinition::<u64, u64>::new(name);
        assert!(txn.delete_table(table).unwrap(), "{name}");
    }
    txn.commit().unwrap();
}

#[test]
fn a_store_of_before_is_opened_and_its_identifiers_are_found() {
    let (_directory, path) = place();
    let store = open(&path).unwrap();
    let added: Result<(), StoreError> = store.write(|txn| {
        for (id, value) in [(1, "M-1"), (2, "m-1 "), (3, "M-3")] {
            txn.add_contact(&member(id, value), &STAMP).unwrap();
        }
        let custom_fields = member(4, "M-4").custom_fields;
        txn.add_organization(&Organization { custom_fields, ..sample::organization(4, 0) }, &STAMP)
            .unwrap();
        Ok(())
    });
    added.unwrap();
    drop(store);
    age(&path);
    let store = open(&path).unwrap();
    let key = IdentifierKey::field("member_identifier", "M-4");
    assert_eq!(store.read().unwrap().organizations_by_identifier(&key, 9).unwrap().len(), 1);
    assert_eq!((found(&store, "m-1"), found(&store, "M-3"), found(&store, "x")), (2, 1, 0));
    assert_eq!(store.read().unwrap().schemas().unwrap(), []);
    put(&store, &schema(1, 1), false);
    assert_sound(&store);
    drop(store);
    // It is of the present format now: nothing is done again.
    assert_eq!(open(&path).unwrap().read().unwrap().schemas().unwrap().len(), 1);
}

#[test]
fn the_rows_of_identifiers_follow_every_edit() {
    let (_directory, path) = place();
    let store = open(&path).unwrap();
    let edited: Result<(), StoreError> = store.write(|txn| {
        let no = txn.add_contact(&member(1, "M-1"), &STAMP).unwrap();
        txn.edit_contact(no, &member(1, "M-1"), &member(1, "M-2"), &STAMP).unwrap();
        let no = txn.add_contact(&member(2, "M-3"), &STAMP).unwrap();
        txn.remove_contact(no, &member(2, "M-3"), &STAMP).unwrap();
        Ok(())
    });
    edited.unwrap();
    assert_eq!(["m-1", "m-2", "m-3"].map(|value| found(&store, value)), [0, 1, 0]);
    assert_sound(&store);
}
