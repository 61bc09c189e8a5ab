//! External ids: found by the system that gave them out, and reported where several contacts have one.
//! The store itself forbids none of that; stores of before the rule have it.

use super::opening::{STAMP, open, place};
use super::sample;
use crate::{AddError, Readable, SharedExternalId, SharedExternalIds, Store, check};
use carnet_model::{
    Contact, ContactNo, ExternalId, ExternalSource, Organization, OrganizationNo, Timestamp, Uuid,
};

/// The external id of a system with this id and name, where they are not empty.
fn id(source: &str, name: &str, value: &str) -> ExternalId {
    let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    ExternalId {
        source: ExternalSource { id: some(source), name: some(name) },
        value: value.into(),
    }
}

/// Adds a contact with these external ids, made at that time.
fn add(store: &Store, no: u64, created: i64, ids: &[ExternalId]) -> Uuid {
    let contact = Contact {
        external_ids: ids.to_vec(),
        create_date: Timestamp(created),
        ..sample::contact(no, no, None)
    };
    let added: Result<ContactNo, AddError> = store.write(|txn| txn.add_contact(&contact, &STAMP));
    assert_eq!(added.unwrap(), ContactNo(no));
    contact.id
}

#[test]
fn the_oldest_holder_is_found_by_either_name_of_its_system() {
    let (_directory, path) = place();
    let store = open(&path).unwrap();
    add(&store, 1, 30, &[id("1", "CRM", "a")]);
    add(&store, 2, 20, &[id("2", "CRM", "a")]);
    add(&store, 3, 40, &[id("", "crm", "a"), id("1", "", "b")]);
    let txn = store.read().unwrap();
    let holder = |id: ExternalId, except: Option<u64>| {
        let found = txn.contact_by_external_id(&id, except.map(ContactNo)).unwrap();
        found.map(|(no, _)| no.0)
    };
    for (asked, except, expected) in [
        (id("1", "CRM", "a"), None, Some(1)),
        (id("2", "CRM", "a"), None, Some(2)),
        // By its name two systems answer, and the older contact is the holder.
        (id("", "CRM", "a"), None, Some(2)),
        (id("", "CRM", "a"), Some(2), Some(1)),
        // Another system of that name, as far as its id tells; the third has none.
        (id("3", "CRM", "a"), None, Some(3)),
        (id("3", "CRM", "a"), Some(3), None),
        (id("1", "", "a"), None, Some(1)),
        (id("1", "ERP", "b"), None, Some(3)),
        (id("1", "CRM", "a"), Some(1), Some(3)),
        (id("3", "", "a"), None, None),
        (id("1", "CRM", "c"), None, None),
    ] {
        assert_eq!(holder(asked.clone(), except), expected, "{asked:?} {except:?}");
    }
}

#[test]
fn a_holder_is_found_behind_many_of_another_system_of_that_name() {
    let (_directory, path) = place();
    let store = open(&path).unwrap();
    for no in 1..=40 {
        add(&store, no, 0, &[id(&no.to_string(), "CRM", "a")]);
    }
    let txn = store.read().unwrap();
    let found = txn.contact_by_external_id(&id("40", "CRM", "a"), None).unwrap();
    assert_eq!(found.map(|(no, _)| no), Some(ContactNo(40)));
}

#[test]
fn an_external_id_of_several_contacts_is_reported_once_and_is_no_problem() {
    let (_directory, path) = place();
    let store = open(&path).unwrap();
    let ids: Vec<Uuid> = [
        (1, vec![id("", "CRM", "a")]),
        (2, vec![id("", "crm", "a"), id("1", "ERP", "x")]),
        (3, vec![id("", "CRM", "ab"), id("1", "ERP", "x")]),
        // Two systems of one name share nothing.
        (4, vec![id("7", "Shop", "s")]),
        (5, vec![id("8", "Shop", "s")]),
        (6, vec![id("", "CRM", "A")]),
    ]
    .into_iter()
    .map(|(no, ids)| add(&store, no, 10 - no.cast_signed(), &ids))
    .collect();
    let report = check(&store.read().unwrap(), &mut |_| {}).unwrap();
    assert_eq!((report.problem_count, report.shared_by_contacts.count), (0, 2));
    let mut shared = report.shared_by_contacts.listed;
    shared.sort_by(|one, other| one.id.value.cmp(&other.id.value));
    // Oldest first: the later ones were made to be older.
    let expected = [
        SharedExternalId { id: id("", "crm", "a"), holders: vec![ids[1], ids[0]] },
        SharedExternalId { id: id("1", "ERP", "x"), holders: vec![ids[2], ids[1]] },
    ];
    assert_eq!(shared, expected);
}

#[test]
fn nothing_is_shared_where_each_has_its_own() {
    let (_directory, path) = place();
    let store = open(&path).unwrap();
    for no in 1..=3 {
        add(&store, no, 0, &[id("1", "CRM", &no.to_string()), id("", "ERP", &no.to_string())]);
    }
    let report = check(&store.read().unwrap(), &mut |_| {}).unwrap();
    assert_eq!(report.shared_by_contacts, SharedExternalIds::default());
    assert_eq!(report.shared_by_organizations, SharedExternalIds::default());
}

#[test]
fn organisations_share_external_ids_among_themselves_only() {
    let (_directory, path) = place();
    let store = open(&path).unwrap();
    add(&store, 1, 0, &[id("1", "CRM", "a")]);
    let holders: Vec<Uuid> = (1..=3_u64)
        .map(|no| {
            let external_ids = vec![id("1", "CRM", if no == 2 { "b" } else { "a" })];
            let create_date = Timestamp(10 - no.cast_signed());
            let organization =
                Organization { external_ids, create_date, ..sample::organization(no, no) };
            store.write(|txn| txn.add_organization(&organization, &STAMP)).unwrap();
            organization.id
        })
        .collect();
    let txn = store.read().unwrap();
    for (asked, except, expected) in [
        (id("", "crm", "a"), None, Some(3)),
        (id("1", "", "a"), Some(3), Some(1)),
        (id("1", "CRM", "b"), Some(2), None),
        (id("2", "CRM", "a"), None, None),
    ] {
        let found = txn.organization_by_external_id(&asked, except.map(OrganizationNo)).unwrap();
        assert_eq!(found.map(|(no, _)| no.0), expected, "{asked:?} {except:?}");
    }
    let report = check(&txn, &mut |_| {}).unwrap();
    let shared =
        SharedExternalId { id: id("1", "CRM", "a"), holders: vec![holders[2], holders[0]] };
    let expected = SharedExternalIds { listed: vec![shared], count: 1 };
    assert_eq!(report.shared_by_organizations, expected);
    assert_eq!((report.problem_count, report.shared_by_contacts.count), (0, 0));
}
