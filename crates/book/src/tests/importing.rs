//! Importing, and doing it again.

use super::*;
use crate::{ImportContact, ImportItem, ImportNote, ImportOutcome};
use carnet_model::{ExternalId, ExternalSource, Note, Subject, Timestamp};

fn item(contact: Contact, organization_name: Option<&str>) -> ImportItem {
    ImportItem::Contact(ImportContact {
        contact,
        organization_name: organization_name.map(str::to_owned),
        create_date: Some(Timestamp(1_000)),
        modify_date: None,
    })
}

fn import(desk: &Desk, items: Vec<ImportItem>) -> Vec<ImportOutcome> {
    desk.wait(desk.book.import(&Who::command_line(), items)).unwrap()
}

fn with_external_id(contact: Contact, value: &str) -> Contact {
    let source = ExternalSource { id: None, name: Some("CRM".into()) };
    Contact { external_ids: vec![ExternalId { source, value: value.into() }], ..contact }
}

#[test]
fn importing_twice_changes_nothing() {
    let mut desk = desk();
    let id = Uuid::now_v7();
    let items = vec![
        item(Contact { id, ..contact("Ann", "First") }, Some("Acme")),
        item(with_external_id(contact("Bea", "Second"), "7"), Some(" acme ")),
    ];
    assert_eq!(import(&desk, items.clone()), [ImportOutcome::Added, ImportOutcome::Added]);
    assert_eq!(import(&desk, items.clone()), [ImportOutcome::Unchanged, ImportOutcome::Unchanged]);
    desk.reopen();
    assert_eq!(import(&desk, items), [ImportOutcome::Unchanged, ImportOutcome::Unchanged]);
    let snapshot = desk.snapshot();
    assert_eq!((snapshot.contact_count().unwrap(), snapshot.organization_count().unwrap()), (2, 1));
    let first = snapshot.contact(id).unwrap().unwrap();
    assert_eq!((first.create_date, first.modify_date), (Timestamp(1_000), Timestamp(1_000)));
    assert_eq!(desk.search("acme").len(), 2);
    desk.check();
}

#[test]
fn the_same_external_id_updates() {
    let desk = desk();
    import(&desk, vec![item(with_external_id(contact("Ann", "Old"), "7"), None)]);
    let again = import(&desk, vec![item(with_external_id(contact("Ann", "New"), "7"), None)]);
    assert_eq!(again, [ImportOutcome::Updated]);
    assert_eq!((desk.search("old").len(), desk.search("new").len()), (0, 1));
}

#[test]
fn a_bad_item_does_not_keep_the_others() {
    let desk = desk();
    let stranger = Contact { organization: Some(Uuid::now_v7()), ..contact("Ann", "Bad") };
    let note = Note {
        id: Uuid::nil(),
        subject: Subject::Contact(Uuid::now_v7()),
        text: "lost".into(),
        author: "a".into(),
        create_date: Timestamp(0),
        modify_date: Timestamp(0),
    };
    let note = ImportItem::Note(ImportNote { note, create_date: None, modify_date: None });
    let outcomes =
        import(&desk, vec![item(stranger, None), note, item(contact("Bea", "Good"), None)]);
    assert!(
        matches!(&outcomes[0], ImportOutcome::Skipped(why) if why.faults[0].field == "externalOrganization.id")
    );
    assert!(
        matches!(&outcomes[1], ImportOutcome::Skipped(why) if why.faults[0].field == "entityId")
    );
    assert_eq!(outcomes[2], ImportOutcome::Added);
    assert_eq!(desk.snapshot().contact_count().unwrap(), 1);
}
