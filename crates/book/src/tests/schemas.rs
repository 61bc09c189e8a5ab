//! Schemas, and custom fields at every door of the book.

use super::*;
use crate::ImportOutcome;
use carnet_model::{
    CoreType, CustomFields, DataSchema, Definition, ImportContact, ImportItem, ImportOrganization,
    ImportSchema, InvalidFields, InvalidReference, Mentioned, Property, Restrictions, SchemaDraft,
    SchemaFault, SchemaKind, SchemaRef,
};
use std::collections::BTreeSet;

/// A draft of a schema of these fields, the first of which every record must have.
fn draft(keys: &[&str]) -> SchemaDraft {
    let property = |key: &&str| Property {
        key: (*key).to_owned(),
        title: None,
        description: None,
        core_type: CoreType::of_key(key).unwrap(),
        restrictions: Restrictions::default(),
    };
    let definition = Definition {
        required: keys.iter().take(1).map(|key| (*key).to_owned()).collect(),
        properties: keys.iter().map(property).collect(),
        ..Definition::default()
    };
    SchemaDraft { name: "type".into(), version: None, enabled: None, definition }
}

fn fields(pairs: &[(&str, &str)]) -> Option<CustomFields> {
    Some(pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).into())).collect())
}

impl Fixture {
    fn add_schema(&self, kind: SchemaKind, keys: &[&str]) -> DataSchema {
        let by = Principal::command_line();
        self.wait(self.book.add_schema(&by, kind, draft(keys))).unwrap()
    }

    /// The next version of a schema.
    fn next(&self, schema: &DataSchema, keys: &[&str], enabled: bool) -> DataSchema {
        let draft =
            SchemaDraft { version: Some(schema.version), enabled: Some(enabled), ..draft(keys) };
        let by = Principal::command_line();
        self.wait(self.book.replace_schema(&by, schema.kind, schema.id, draft)).unwrap()
    }
}

fn newest(schema: &DataSchema) -> Option<SchemaRef> {
    Some(SchemaRef { id: schema.id, version: SchemaRef::NEWEST })
}

fn exactly(schema: &DataSchema) -> Option<SchemaRef> {
    Some(SchemaRef { id: schema.id, version: schema.version })
}

fn typed(schema: Option<SchemaRef>, pairs: &[(&str, &str)]) -> Contact {
    Contact { schema, custom_fields: fields(pairs), ..contact("Ann", "Bell") }
}

/// Why a write was refused.
fn fault<T: std::fmt::Debug>(result: Result<T, BookError>) -> InvalidFields {
    match result {
        Err(BookError::InvalidFields(invalid)) => invalid,
        other => panic!("it was not refused for its fields: {other:?}"),
    }
}

/// The keys of the fields that are at fault.
fn faulty(invalid: InvalidFields) -> Vec<String> {
    match invalid {
        InvalidFields::Fields(invalid) => {
            invalid.faults.into_iter().map(|fault| fault.field).collect()
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_door_of_a_contact_checks_its_fields() {
    let fixture = fixture();
    let by = Principal::command_line();
    let schema = fixture.add_schema(SchemaKind::Contact, &["a_text", "b_date"]);
    let good = typed(newest(&schema), &[("a_text", "x")]);
    let bad = typed(newest(&schema), &[("b_date", "2026-02-30"), ("c_text", "x")]);
    let all = ["a_text", "b_date", "c_text"];
    let book = &fixture.book;

    let added = fixture.add(good.clone());
    assert_eq!(added.schema, exactly(&schema));
    assert_eq!(faulty(fault(fixture.wait(book.add_contact(&by, bad.clone())))), all);
    let replaced = fixture.wait(book.replace_contact(&by, added.id, bad.clone()));
    assert_eq!(faulty(fault(replaced)), all);
    let new = bad.clone();
    let edited = fixture.wait(book.edit_contact(&by, added.id, move |_| Ok(new)));
    assert_eq!(faulty(fault(edited)), all);
    let added = fixture.wait(book.add_contacts(&by, vec![bad.clone(), good.clone()])).unwrap();
    let [refused, kept] = <[_; 2]>::try_from(added).unwrap();
    assert_eq!(faulty(fault(refused)), all);
    let kept = kept.unwrap().id;
    let replaced = vec![(kept, bad.clone()), (kept, good.clone())];
    let mut replaced = fixture.wait(book.replace_contacts(&by, replaced)).unwrap();
    assert!(replaced.pop().unwrap().is_ok());
    assert_eq!(faulty(fault(replaced.pop().unwrap())), all);
    let item = |contact| ImportItem::Contact(ImportContact { contact, ..Default::default() });
    let imported = fixture.wait(book.import(&by, vec![item(bad), item(good)])).unwrap();
    assert_eq!(imported[1], ImportOutcome::Added);
    let ImportOutcome::Fields(invalid) = &imported[0] else { panic!("{imported:?}") };
    assert_eq!(faulty(invalid.clone()), all);
    assert_eq!(fixture.snapshot().contact_count().unwrap(), 3);
    fixture.check();
}

#[test]
fn every_door_of_an_organisation_checks_its_fields() {
    let fixture = fixture();
    let by = Principal::command_line();
    let schema = fixture.add_schema(SchemaKind::Organization, &["a_text"]);
    let of = |schema, pairs: &[(&str, &str)]| Organization {
        name: "Acme".into(),
        schema,
        custom_fields: fields(pairs),
        ..Organization::default()
    };
    let (good, bad) = (of(newest(&schema), &[("a_text", "x")]), of(newest(&schema), &[]));
    let book = &fixture.book;
    let added = fixture.wait(book.add_organization(&by, good.clone())).unwrap();
    assert_eq!(added.schema, exactly(&schema));
    assert_eq!(faulty(fault(fixture.wait(book.add_organization(&by, bad.clone())))), ["a_text"]);
    let replaced = fixture.wait(book.replace_organization(&by, added.id, bad.clone()));
    assert_eq!(faulty(fault(replaced)), ["a_text"]);
    let free = of(None, &[("a_text", "x")]);
    let edited = fixture.wait(book.edit_organization(&by, added.id, move |_| Ok(free)));
    assert_eq!(fault(edited), InvalidFields::NoSchema);
    let item = |organization| {
        ImportItem::Organization(ImportOrganization {
            organization,
            create_date: None,
            modify_date: None,
        })
    };
    let imported = fixture.wait(book.import(&by, vec![item(bad), item(good)])).unwrap();
    assert!(matches!(imported[0], ImportOutcome::Fields(_)), "{imported:?}");
    assert_eq!(imported[1], ImportOutcome::Unchanged);
    // One of contacts is none of organisations.
    let other = fixture.add_schema(SchemaKind::Contact, &["a_text"]);
    let wrong = fixture.wait(book.add_organization(&by, of(newest(&other), &[("a_text", "x")])));
    assert_eq!(fault(wrong), InvalidFields::Schema(SchemaFault::OtherKind));
}

#[test]
fn a_schema_that_cannot_be_given_is_named() {
    let fixture = fixture();
    let by = Principal::command_line();
    let schema = fixture.add_schema(SchemaKind::Contact, &["a_text"]);
    let off =
        fixture.next(&fixture.add_schema(SchemaKind::Contact, &["a_text"]), &["a_text"], false);
    let gone = fixture.add_schema(SchemaKind::Contact, &["a_text"]);
    fixture.wait(fixture.book.remove_schema(SchemaKind::Contact, gone.id)).unwrap();
    let unknown = Some(SchemaRef { id: Uuid::now_v7(), version: 1 });
    let later = Some(SchemaRef { id: schema.id, version: 2 });
    let first = Some(SchemaRef { id: off.id, version: 1 });
    for (named, expected) in [
        (unknown, SchemaFault::Unknown),
        (
            unknown.map(|named| SchemaRef { version: SchemaRef::NEWEST, ..named }),
            SchemaFault::Unknown,
        ),
        (later, SchemaFault::UnknownVersion),
        (newest(&off), SchemaFault::Disabled),
        (exactly(&off), SchemaFault::Disabled),
        (first, SchemaFault::Disabled),
        (newest(&gone), SchemaFault::Unknown),
        (exactly(&gone), SchemaFault::Unknown),
    ] {
        let added = fixture.wait(fixture.book.add_contact(&by, typed(named, &[("a_text", "x")])));
        assert_eq!(fault(added), InvalidFields::Schema(expected), "{named:?}");
    }
}

#[test]
fn a_record_keeps_the_version_that_it_was_written_with() {
    let fixture = fixture();
    let by = Principal::command_line();
    let first = fixture.add_schema(SchemaKind::Contact, &["a_text"]);
    let old = fixture.add(typed(newest(&first), &[("a_text", "x")]));
    let second = fixture.next(&first, &["b_text", "a_text"], true);
    assert_eq!((second.version, second.create_date), (2, first.create_date));
    // An edit of another field changes neither version nor fields.
    let renamed = Contact { last_name: Some("Cole".into()), ..(*old).clone() };
    let renamed = fixture.wait(fixture.book.replace_contact(&by, old.id, renamed)).unwrap();
    assert_eq!(renamed.schema, exactly(&first));
    // Its fields may change under the old version, and a new one is checked under the new.
    let changed = typed(exactly(&first), &[("a_text", "y")]);
    assert!(fixture.wait(fixture.book.replace_contact(&by, old.id, changed)).is_ok());
    let moved = typed(newest(&first), &[("a_text", "y")]);
    let moved = fixture.wait(fixture.book.replace_contact(&by, old.id, moved));
    assert_eq!(faulty(fault(moved)), ["b_text"]);
    // Neither switching it off nor removing it takes anything from the record.
    let off = fixture.next(&second, &["b_text"], false);
    let again = typed(exactly(&first), &[("a_text", "z")]);
    assert!(fixture.wait(fixture.book.replace_contact(&by, old.id, again)).is_ok());
    fixture.wait(fixture.book.remove_schema(SchemaKind::Contact, first.id)).unwrap();
    let last = typed(exactly(&first), &[("a_text", "last")]);
    assert!(fixture.wait(fixture.book.replace_contact(&by, old.id, last)).is_ok());
    let snapshot = fixture.snapshot();
    assert_eq!(snapshot.schema(SchemaKind::Contact, first.id).unwrap(), None);
    let versions = snapshot.schema_versions(SchemaKind::Contact, first.id).unwrap();
    assert_eq!(versions, [first.clone(), second, off]);
    assert_eq!(
        snapshot.schema_version(SchemaKind::Contact, first.id, 1).unwrap(),
        Some(first.clone())
    );
    assert_eq!(snapshot.schema_version(SchemaKind::Organization, first.id, 1).unwrap(), None);
    fixture.check();
}

#[test]
fn fields_without_a_schema_are_refused_unless_they_were_there() {
    let mut fixture = fixture_with(|settings| settings.free_fields = true);
    let by = Principal::command_line();
    let unknown = Some(SchemaRef { id: Uuid::from_u128(7), version: 3 });
    let free = fixture.add(typed(None, &[("shoe", "42")]));
    let stray = fixture.add(typed(unknown, &[("shoe", "42")]));
    // A schema that is known is followed all the same; one without a version must be known.
    let schema = fixture.add_schema(SchemaKind::Contact, &["a_text"]);
    let added = fixture.wait(fixture.book.add_contact(&by, typed(newest(&schema), &[])));
    assert_eq!(faulty(fault(added)), ["a_text"]);
    let nameless = unknown.map(|named| SchemaRef { version: SchemaRef::NEWEST, ..named });
    let added = fixture.wait(fixture.book.add_contact(&by, typed(nameless, &[])));
    assert_eq!(fault(added), InvalidFields::Schema(SchemaFault::VersionMissing));

    fixture.settings.free_fields = false;
    fixture.reopen();
    for old in [&free, &stray] {
        let renamed = Contact { last_name: Some("Cole".into()), ..(**old).clone() };
        assert!(fixture.wait(fixture.book.replace_contact(&by, old.id, renamed)).is_ok());
    }
    let changed = typed(None, &[("shoe", "43")]);
    let changed = fixture.wait(fixture.book.replace_contact(&by, free.id, changed));
    assert_eq!(fault(changed), InvalidFields::NoSchema);
    let changed = typed(unknown, &[("shoe", "43")]);
    let changed = fixture.wait(fixture.book.replace_contact(&by, stray.id, changed));
    assert_eq!(fault(changed), InvalidFields::Schema(SchemaFault::Unknown));
    let added = fixture.wait(fixture.book.add_contact(&by, typed(None, &[("shoe", "1")])));
    assert_eq!(fault(added), InvalidFields::NoSchema);
    let bare = fixture.wait(fixture.book.replace_contact(&by, free.id, contact("Ann", "Bell")));
    assert_eq!(bare.unwrap().custom_fields, None);
}

#[test]
fn a_next_version_needs_the_present_one() {
    let fixture = fixture();
    let by = Principal::command_line();
    let schema = fixture.add_schema(SchemaKind::Contact, &["a_text"]);
    let book = &fixture.book;
    for version in [None, Some(0), Some(2)] {
        let draft = SchemaDraft { version, ..draft(&["a_text"]) };
        let replaced =
            fixture.wait(book.replace_schema(&by, SchemaKind::Contact, schema.id, draft));
        assert!(matches!(replaced, Err(BookError::Conflict(_))), "{replaced:?}");
    }
    for (kind, id) in [(SchemaKind::Organization, schema.id), (SchemaKind::Contact, Uuid::now_v7())]
    {
        let draft = SchemaDraft { version: Some(1), ..draft(&["a_text"]) };
        let replaced = fixture.wait(book.replace_schema(&by, kind, id, draft));
        assert!(matches!(replaced, Err(BookError::NotFound(_))), "{replaced:?}");
        assert!(fixture.wait(book.remove_schema(kind, id)).is_err());
    }
    // What the draft does not say stays as it is.
    let off = fixture.next(&schema, &["a_text"], false);
    let silent = SchemaDraft { version: Some(2), ..draft(&["a_text"]) };
    let silent =
        fixture.wait(book.replace_schema(&by, SchemaKind::Contact, schema.id, silent)).unwrap();
    assert_eq!((off.enabled, silent.enabled, silent.version), (false, false, 3));
}

#[test]
fn there_are_no_more_schemas_than_there_may_be() {
    let fixture = fixture();
    let by = Principal::command_line();
    let schema = |n: u128| DataSchema {
        id: Uuid::from_u128(n),
        name: n.to_string(),
        version: 1,
        enabled: true,
        definition: draft(&["a_text"]).definition,
        ..DataSchema::default()
    };
    let item = |n| ImportItem::Schema(ImportSchema { schema: schema(n), removed: false });
    let items: Vec<ImportItem> = (1..=101).map(item).collect();
    let outcomes = fixture.wait(fixture.book.import(&by, items)).unwrap();
    assert!(outcomes[..100].iter().all(|outcome| *outcome == ImportOutcome::Added));
    assert_eq!(outcomes[100], ImportOutcome::Skipped(InvalidReference::TooManySchemas));
    let added = fixture.wait(fixture.book.add_schema(&by, SchemaKind::Contact, draft(&["a_text"])));
    assert!(matches!(added, Err(BookError::Conflict(_))), "{added:?}");
    // Those of organisations have room of their own.
    fixture.add_schema(SchemaKind::Organization, &["a_text"]);
    fixture.check();
}

#[test]
fn an_import_brings_schemas_with_their_ids_and_versions() {
    let fixture = fixture();
    let by = Principal::command_line();
    let version = |version: i64, keys: &[&str], enabled| DataSchema {
        id: Uuid::from_u128(7),
        name: "type".into(),
        version,
        enabled,
        definition: draft(keys).definition,
        ..DataSchema::default()
    };
    let item = |schema: &DataSchema, removed| {
        ImportItem::Schema(ImportSchema { schema: schema.clone(), removed })
    };
    let (first, second) = (version(1, &["a_text"], true), version(2, &["b_text"], false));
    let gone = DataSchema { id: Uuid::from_u128(8), ..first.clone() };
    let kept = |schema: &DataSchema, pairs: &[(&str, &str)], id| {
        let contact = Contact { id: Uuid::from_u128(id), ..typed(exactly(schema), pairs) };
        ImportItem::Contact(ImportContact { contact, ..ImportContact::default() })
    };
    let items = vec![
        item(&second, false),
        item(&first, false),
        item(&gone, true),
        // What was kept somewhere before may follow what is switched off or gone by now.
        kept(&first, &[("a_text", "x")], 1),
        kept(&gone, &[("a_text", "x")], 2),
        kept(&first, &[("b_text", "x")], 3),
    ];
    let outcomes = fixture.wait(fixture.book.import(&by, items.clone())).unwrap();
    assert_eq!(outcomes[..5], vec![ImportOutcome::Added; 5]);
    assert!(matches!(outcomes[5], ImportOutcome::Fields(_)), "{outcomes:?}");
    let again = fixture.wait(fixture.book.import(&by, items)).unwrap();
    assert_eq!(again[..5], vec![ImportOutcome::Unchanged; 5]);
    let other = version(1, &["c_text"], true);
    let refused = fixture.wait(fixture.book.import(&by, vec![item(&other, false)])).unwrap();
    assert_eq!(refused, [ImportOutcome::Skipped(InvalidReference::SchemaVersion)]);
    let snapshot = fixture.snapshot();
    assert_eq!(snapshot.schemas(SchemaKind::Contact).unwrap(), std::slice::from_ref(&second));
    let mut exported = Vec::new();
    let taken: Result<(), BookError> = snapshot.export_schemas(|schema, removed| {
        exported.push((schema.clone(), removed));
        Ok(())
    });
    taken.unwrap();
    assert_eq!(exported, [(first, false), (second, false), (gone, true)]);
    fixture.check();
}

#[test]
fn a_next_version_writes_over_none_that_an_import_brought() {
    let fixture = fixture();
    let by = Principal::command_line();
    let first = fixture.add_schema(SchemaKind::Contact, &["a_text"]);
    let brought = DataSchema { version: 2, name: "elsewhere".into(), ..first.clone() };
    let item = ImportItem::Schema(ImportSchema { schema: brought.clone(), removed: true });
    let outcomes = fixture.wait(fixture.book.import(&by, vec![item])).unwrap();
    assert_eq!(outcomes, [ImportOutcome::Added]);
    let next = fixture.next(&first, &["b_text"], true);
    assert_eq!(next.version, 3);
    let versions = fixture.snapshot().schema_versions(SchemaKind::Contact, first.id).unwrap();
    assert_eq!(versions, [first, brought, next]);
}

#[test]
fn a_version_that_is_the_last_one_has_no_next() {
    let fixture = fixture();
    let by = Principal::command_line();
    let schema = DataSchema {
        id: Uuid::from_u128(7),
        version: 1_000,
        enabled: true,
        ..DataSchema::default()
    };
    let item = ImportItem::Schema(ImportSchema { schema: schema.clone(), removed: false });
    fixture.wait(fixture.book.import(&by, vec![item])).unwrap();
    let draft = SchemaDraft { version: Some(1_000), ..draft(&["a_text"]) };
    let kind = SchemaKind::Contact;
    let replaced = fixture.wait(fixture.book.replace_schema(&by, kind, schema.id, draft));
    assert!(matches!(replaced, Err(BookError::Conflict(_))), "{replaced:?}");
}

#[test]
fn an_import_of_some_fields_is_checked_as_the_contact_will_be() {
    let fixture = fixture();
    let by = Principal::command_line();
    let schema = fixture.add_schema(SchemaKind::Contact, &["a_text", "b_date"]);
    let old = fixture.add(typed(newest(&schema), &[("a_text", "x")]));
    let import = |pairs: &[(&str, &str)], mentioned: &[&str]| {
        let contact = Contact { id: old.id, custom_fields: fields(pairs), ..Contact::default() };
        let custom_fields: BTreeSet<String> =
            mentioned.iter().map(|key| (*key).to_owned()).collect();
        let mentioned = Some(Mentioned { custom_fields, ..Mentioned::default() });
        let item = ImportContact { contact, mentioned, ..ImportContact::default() };
        fixture.wait(fixture.book.import(&by, vec![ImportItem::Contact(item)])).unwrap().remove(0)
    };
    assert_eq!(import(&[("b_date", "2026-01-31")], &["b_date"]), ImportOutcome::Updated);
    let ImportOutcome::Fields(invalid) = import(&[], &["a_text"]) else {
        panic!("a required field was taken away");
    };
    assert_eq!(faulty(invalid), ["a_text"]);
    let now = fixture.snapshot().contact(old.id).unwrap().unwrap();
    assert_eq!(now.custom_fields, fields(&[("a_text", "x"), ("b_date", "2026-01-31")]));
}

#[test]
fn a_field_of_type_identifier_is_found_exactly_and_by_search() {
    let fixture = fixture();
    let by = Principal::command_line();
    let keys = ["m_identifier", "k_text"];
    let schema = fixture.add_schema(SchemaKind::Contact, &keys);
    let one =
        fixture.add(typed(newest(&schema), &[("m_identifier", "M-77"), ("k_text", "secret")]));
    let two = fixture.add(typed(newest(&schema), &[("m_identifier", "m-77")]));
    let found = |value: &str| -> Vec<Uuid> {
        let contacts = fixture.snapshot().contacts_by_field("m_identifier", value).unwrap();
        contacts.iter().map(|contact| contact.id).collect()
    };
    assert_eq!(
        (found(" M-77 "), found("M-7"), found("secret")),
        (vec![one.id, two.id], vec![], vec![])
    );
    assert_eq!(fixture.search("m-77").len(), 2);
    assert_eq!(fixture.search("secret").len(), 0);
    let moved = typed(newest(&schema), &[("m_identifier", "M-78")]);
    fixture.wait(fixture.book.replace_contact(&by, one.id, moved)).unwrap();
    fixture.wait(fixture.book.remove_contact(&by, two.id)).unwrap();
    assert_eq!((found("m-77"), found("m-78")), (vec![], vec![one.id]));
    assert_eq!((fixture.search("m-77").len(), fixture.search("m-78").len()), (0, 1));
    fixture.check();
}
