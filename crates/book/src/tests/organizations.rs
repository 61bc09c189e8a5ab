//! Organisations and their contacts.

use super::*;
use crate::OrganizationNames;
use carnet_model::InvalidReference;
use carnet_model::limits::BULK_ENTITIES_MAX;

const CONTACTS: usize = 1_500;

/// A book with one organisation of many contacts, and one contact of none.
fn fixture_of_many(name: &str) -> (Fixture, Uuid) {
    let fixture = fixture();
    let id = fixture.add_organization(name);
    let linked = (0..CONTACTS)
        .map(|n| Contact { organization: Some(id), ..contact("Ann", &format!("N{n:04}")) });
    let linked: Vec<Contact> = linked.collect();
    for some in linked.chunks(BULK_ENTITIES_MAX) {
        let principal = Principal::command_line();
        let added = fixture.wait(fixture.book.add_contacts(&principal, some.to_vec()));
        assert!(added.unwrap().iter().all(Result::is_ok));
    }
    fixture.add(contact("Bob", "Free"));
    (fixture, id)
}

fn total(fixture: &Fixture, text: &str, organization: Option<Uuid>) -> usize {
    let query = ContactSearch {
        text: (!text.is_empty()).then_some(text),
        divisions: &[],
        ids: None,
        organization,
        sort: &[],
        page: Page { number: 1, size: 10 },
    };
    fixture.snapshot().search_contacts(&query).unwrap().total
}

#[test]
fn a_new_name_is_found_at_once_on_all_its_contacts() {
    let (fixture, id) = fixture_of_many("Étoile Énergie");
    assert_eq!(total(&fixture, "etoile", None), CONTACTS);
    let renamed = Organization { name: "Möbel Krüger".into(), ..Organization::default() };
    fixture
        .wait(fixture.book.replace_organization(&Principal::command_line(), id, renamed))
        .unwrap();
    assert_eq!(total(&fixture, "etoile", None), 0);
    assert_eq!(total(&fixture, "moebel", None), CONTACTS);
    assert_eq!(total(&fixture, "krug ann", None), CONTACTS);
    assert_eq!(total(&fixture, "", Some(id)), CONTACTS);
    fixture.check();
}

#[test]
fn removing_one_unlinks_its_contacts() {
    let (mut fixture, id) = fixture_of_many("Étoile");
    fixture.wait(fixture.book.remove_organization(&Principal::command_line(), id)).unwrap();
    assert_eq!(total(&fixture, "etoile", None), 0);
    assert_eq!(total(&fixture, "ann", None), CONTACTS);
    let page = fixture.snapshot().scan_contacts(None, 2_000, None).unwrap();
    assert_eq!(page.entries.len(), CONTACTS + 1);
    assert!(page.entries.iter().all(|contact| contact.organization.is_none()));
    fixture.check();
    fixture.reopen();
    assert_eq!((total(&fixture, "etoile", None), total(&fixture, "ann", None)), (0, CONTACTS));
    fixture.check();
}

#[test]
fn the_organisations_of_contacts_come_by_id() {
    let fixture = fixture();
    let (one, other) = (fixture.add_organization("One"), fixture.add_organization("Other"));
    let of = |organization| Contact { organization, ..contact("Ann", "Some") };
    let contacts = [of(Some(one)), of(None), of(Some(other)), of(Some(one)), of(Some(Uuid::nil()))];
    let organizations = fixture.snapshot().organizations_of(&contacts).unwrap();
    let mut names: Vec<_> = organizations.iter().map(|(id, o)| (*id, o.name.as_str())).collect();
    names.sort_by_key(|(_, name)| *name);
    assert_eq!(names, [(one, "One"), (other, "Other")]);
}

#[test]
fn a_contact_of_an_unknown_organisation_is_refused() {
    let fixture = fixture();
    let stranger = Contact { organization: Some(Uuid::now_v7()), ..contact("Ann", "Other") };
    let refused = fixture.wait(fixture.book.add_contact(&Principal::command_line(), stranger));
    let Err(BookError::InvalidReference(reference)) = refused else {
        panic!("it was taken: {refused:?}");
    };
    assert_eq!(reference, InvalidReference::Organization);
    assert_eq!(fixture.snapshot().contact_count().unwrap(), 0);
}

#[test]
fn names_that_are_remembered_are_those_of_the_snapshot() {
    let fixture = fixture();
    let by = Principal::command_line();
    let id = fixture.add_organization("Acme");
    let contact = Contact { organization: Some(id), ..Contact::default() };
    let old = fixture.snapshot();
    let mut names = OrganizationNames::default();
    assert_eq!(names.of(&contact, &old).unwrap(), Some("Acme"));
    let renamed = Organization { name: "Ajax".to_owned(), ..Organization::default() };
    fixture.wait(fixture.book.replace_organization(&by, id, renamed)).unwrap();
    let new = fixture.snapshot();
    for _ in 0..2 {
        assert_eq!(names.of(&contact, &new).unwrap(), Some("Ajax"));
    }
    assert_eq!(names.of(&contact, &old).unwrap(), Some("Acme"));
    fixture.wait(fixture.book.remove_organization(&by, id)).unwrap();
    let without = fixture.snapshot();
    assert_eq!(names.of(&contact, &without).unwrap(), None);
    assert_eq!(names.of(&Contact::default(), &without).unwrap(), None);
}
