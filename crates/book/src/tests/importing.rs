//! Importing, and doing it again.

use super::*;
use crate::ImportOutcome;
use carnet_model::{
    ExternalId, ExternalSource, ImportContact, ImportItem, ImportNote, ImportOrganization,
    InvalidReference, Note, Subject, Timestamp,
};

fn item(contact: Contact, organization_name: Option<&str>) -> ImportItem {
    ImportItem::Contact(ImportContact {
        contact,
        organization_name: organization_name.map(str::to_owned),
        create_date: Some(Timestamp(1_000)),
        modify_date: None,
        mentioned: None,
        names_required: false,
    })
}

fn import(fixture: &Fixture, items: Vec<ImportItem>) -> Vec<ImportOutcome> {
    fixture.wait(fixture.book.import(&Principal::command_line(), items)).unwrap()
}

fn with_external_id(contact: Contact, value: &str) -> Contact {
    let source = ExternalSource { id: None, name: Some("CRM".into()) };
    Contact { external_ids: vec![ExternalId { source, value: value.into() }], ..contact }
}

#[test]
fn importing_twice_changes_nothing() {
    let mut fixture = fixture();
    let id = Uuid::now_v7();
    let items = vec![
        item(Contact { id, ..contact("Ann", "First") }, Some("Acme")),
        item(with_external_id(contact("Bea", "Second"), "7"), Some(" acme ")),
    ];
    assert_eq!(import(&fixture, items.clone()), [ImportOutcome::Added, ImportOutcome::Added]);
    assert_eq!(
        import(&fixture, items.clone()),
        [ImportOutcome::Unchanged, ImportOutcome::Unchanged]
    );
    fixture.reopen();
    assert_eq!(import(&fixture, items), [ImportOutcome::Unchanged, ImportOutcome::Unchanged]);
    let snapshot = fixture.snapshot();
    assert_eq!((snapshot.contact_count().unwrap(), snapshot.organization_count().unwrap()), (2, 1));
    let first = snapshot.contact(id).unwrap().unwrap();
    assert_eq!((first.create_date, first.modify_date), (Timestamp(1_000), Timestamp(1_000)));
    assert_eq!(fixture.search("acme").len(), 2);
    fixture.check();
}

#[test]
fn names_of_organizations_differ_by_more_than_blanks_and_composition() {
    let fixture = fixture();
    let names = [
        "Caf\u{e9} Noir",
        "Cafe\u{301} Noir",
        "Caf\u{e9}  Noir",
        "CAF\u{c9}\u{a0}NOIR",
        " Cafe\u{301}\u{2009}Noir ",
        "Caf\u{e9}\u{3000}Noir",
    ];
    let items = names.iter().map(|name| item(contact("Ann", "Bell"), Some(*name))).collect();
    assert_eq!(import(&fixture, items), vec![ImportOutcome::Added; names.len()]);
    assert_eq!(fixture.snapshot().organization_count().unwrap(), 1);
    // Another accent is another name.
    import(&fixture, vec![item(contact("Bea", "Bell"), Some("Cafe Noir"))]);
    assert_eq!(fixture.snapshot().organization_count().unwrap(), 2);
    // A record without an id is the one that is there, and keeps its name.
    let organization = Organization { name: "Cafe\u{301} Noir".into(), ..Organization::default() };
    let record = ImportItem::Organization(ImportOrganization {
        organization,
        create_date: None,
        modify_date: None,
    });
    assert_eq!(import(&fixture, vec![record]), [ImportOutcome::Unchanged]);
    fixture.check();
}

#[test]
fn a_record_without_a_field_of_a_contact_empties_none() {
    let fixture = fixture();
    let id = Uuid::now_v7();
    import(
        &fixture,
        vec![item(with_external_id(Contact { id, ..contact("Ann", "Full") }, "7"), None)],
    );
    let bare = Contact { id, ..Contact::default() };
    let north = carnet_model::Division { id: "north".into(), name: None };
    for record in [
        bare.clone(),
        Contact { division: north, ..bare.clone() },
        with_external_id(bare.clone(), "8"),
        with_external_id(Contact::default(), "7"),
        Contact { kind: carnet_model::ContactKind::Identified, ..bare.clone() },
    ] {
        let outcomes = import(&fixture, vec![item(record.clone(), None)]);
        assert_eq!(outcomes, [ImportOutcome::Skipped(InvalidReference::NoField)], "{record:?}");
    }
    assert_eq!(fixture.search("full").len(), 1);
    // One that says only its organisation says something.
    assert_eq!(import(&fixture, vec![item(bare, Some("Acme"))]), [ImportOutcome::Updated]);
}

#[test]
fn what_a_record_does_not_mention_stays_where_that_is_wanted() {
    use carnet_model::{ContactField, Mentioned};
    let fixture = fixture();
    let full = Contact { title: Some("Boss".into()), ..contact("Ann", "Full") };
    import(&fixture, vec![item(with_external_id(full, "7"), Some("Acme"))]);
    let partial = |value: &str, names_required: bool| {
        let new = Contact { work_email: Some("a@x.fr".into()), ..Contact::default() };
        let fields = [ContactField::WorkEmail, ContactField::ExternalIds].into();
        let mentioned = Mentioned { fields, ..Mentioned::default() };
        ImportItem::Contact(ImportContact {
            contact: with_external_id(new, value),
            mentioned: Some(mentioned),
            names_required,
            ..ImportContact::default()
        })
    };
    let outcomes = import(&fixture, vec![partial("7", true), partial("7", true)]);
    assert_eq!(outcomes, [ImportOutcome::Updated, ImportOutcome::Unchanged]);
    assert_eq!((fixture.search("full acme").len(), fixture.search("a@x.fr").len()), (1, 1));
    let outcomes = import(&fixture, vec![partial("8", true), partial("9", false)]);
    let unknown = ImportOutcome::Skipped(InvalidReference::Contact);
    assert_eq!(outcomes, [unknown, ImportOutcome::Added]);
    fixture.check();
}

#[test]
fn what_a_record_mentions_never_empties_a_contact() {
    use carnet_model::{ContactField, Mentioned};
    let fixture = fixture();
    let titled = Contact { title: Some("Boss".into()), ..Contact::default() };
    import(&fixture, vec![item(with_external_id(titled, "7"), None)]);
    import(&fixture, vec![item(with_external_id(contact("Ann", "Named"), "8"), None)]);
    let emptied = |value: &str, field: ContactField, names_required: bool| {
        let fields = [field, ContactField::ExternalIds].into();
        let mentioned = Mentioned { fields, ..Mentioned::default() };
        let contact = with_external_id(Contact::default(), value);
        let mentioned = Some(mentioned);
        let item = ImportContact { contact, mentioned, names_required, ..ImportContact::default() };
        import(&fixture, vec![ImportItem::Contact(item)])
    };
    let skipped = |why| [ImportOutcome::Skipped(why)];
    assert_eq!(emptied("7", ContactField::Title, false), skipped(InvalidReference::NoField));
    let lost = |first: bool| skipped(InvalidReference::NameLost { first, last: !first });
    assert_eq!(emptied("8", ContactField::LastName, true), lost(false));
    assert_eq!(emptied("8", ContactField::FirstName, true), lost(true));
    // Where names are not required, one of them is enough.
    assert_eq!(emptied("8", ContactField::FirstName, false), [ImportOutcome::Updated]);
    assert_eq!(emptied("8", ContactField::LastName, false), skipped(InvalidReference::NoField));
    assert_eq!(fixture.search("named").len(), 1);
    fixture.check();
}

#[test]
fn a_record_takes_no_name_that_is_required() {
    let fixture = fixture();
    let id = Uuid::now_v7();
    let strictly = |contact: Contact, organization: Option<&str>| {
        let ImportItem::Contact(one) = item(contact, organization) else { panic!("a contact") };
        import(&fixture, vec![ImportItem::Contact(ImportContact { names_required: true, ..one })])
    };
    let lost = |first, last| [ImportOutcome::Skipped(InvalidReference::NameLost { first, last })];
    // Into an empty book one comes without names.
    let nameless = Contact { id: Uuid::now_v7(), title: Some("Dr.".into()), ..Contact::default() };
    assert_eq!(strictly(nameless.clone(), None), [ImportOutcome::Added]);
    assert_eq!(strictly(nameless, None), [ImportOutcome::Unchanged]);
    assert_eq!(strictly(Contact { id, ..contact("Ann", "Full") }, None), [ImportOutcome::Added]);
    let bare = Contact { id, ..Contact::default() };
    let titled = Contact { title: Some("Dr.".into()), ..bare.clone() };
    let mailed = Contact { work_email: Some("a@x.fr".into()), ..bare.clone() };
    for record in [titled, mailed] {
        assert_eq!(strictly(record, None), lost(true, true));
    }
    // No organisation is left behind either.
    assert_eq!(strictly(bare.clone(), Some("Left Behind")), lost(true, true));
    assert_eq!(fixture.snapshot().organization_count().unwrap(), 0);
    let first = Contact { first_name: Some("Ann".into()), ..bare.clone() };
    assert_eq!(strictly(first, None), lost(false, true));
    let last = Contact { last_name: Some("Full".into()), ..bare };
    assert_eq!(strictly(last, None), lost(true, false));
    assert_eq!(fixture.search("ann full").len(), 1);
    fixture.check();
}

#[test]
fn the_same_external_id_updates() {
    let fixture = fixture();
    import(&fixture, vec![item(with_external_id(contact("Ann", "Old"), "7"), None)]);
    let again = import(&fixture, vec![item(with_external_id(contact("Ann", "New"), "7"), None)]);
    assert_eq!(again, [ImportOutcome::Updated]);
    assert_eq!((fixture.search("old").len(), fixture.search("new").len()), (0, 1));
}

#[test]
fn an_id_of_another_kind_is_refused_by_name() {
    let fixture = fixture();
    let (ann, acme) = (Uuid::now_v7(), Uuid::now_v7());
    let organization = |id: Uuid| {
        let organization = Organization { id, name: "Acme".into(), ..Organization::default() };
        let item = ImportOrganization { organization, create_date: None, modify_date: None };
        ImportItem::Organization(item)
    };
    let person = |id: Uuid| item(Contact { id, ..contact("Ann", "Bell") }, None);
    let of = |organization: Uuid, name: Option<&str>| {
        item(Contact { organization: Some(organization), ..contact("Bea", "Cole") }, name)
    };
    let note = |id: Uuid| {
        let note = Note {
            id,
            subject: Subject::Contact(ann),
            text: "one".into(),
            author: String::new(),
            create_date: Timestamp(0),
            modify_date: Timestamp(0),
        };
        ImportItem::Note(ImportNote { note, create_date: None, modify_date: None })
    };
    assert_eq!(
        import(&fixture, vec![person(ann), organization(acme)]),
        [ImportOutcome::Added, ImportOutcome::Added]
    );
    use InvalidReference::{IdOfContact, IdOfOrganization, OrganizationIsContact};
    let records = vec![
        organization(ann),
        person(acme),
        of(ann, None),
        of(ann, Some("Brand new")),
        note(ann),
        note(acme),
    ];
    let expected = [
        IdOfContact,
        IdOfOrganization,
        OrganizationIsContact,
        OrganizationIsContact,
        IdOfContact,
        IdOfOrganization,
    ];
    assert_eq!(import(&fixture, records), expected.map(ImportOutcome::Skipped));
    let snapshot = fixture.snapshot();
    assert_eq!(snapshot.contact_count().unwrap(), 1);
    assert_eq!(snapshot.organization_count().unwrap(), 1);
    fixture.check();
}

#[test]
fn a_record_with_the_id_of_a_note_is_refused() {
    let fixture = fixture();
    let [ann, noted] = [Uuid::now_v7(), Uuid::now_v7()];
    let person = |id| item(Contact { id, ..contact("Ann", "Bad") }, None);
    let note = Note {
        id: noted,
        subject: Subject::Contact(ann),
        text: "x".into(),
        author: "a".into(),
        create_date: Timestamp(0),
        modify_date: Timestamp(0),
    };
    let note = ImportItem::Note(ImportNote { note, create_date: None, modify_date: None });
    assert_eq!(
        import(&fixture, vec![person(ann), note, person(noted)]),
        [
            ImportOutcome::Added,
            ImportOutcome::Added,
            ImportOutcome::Skipped(InvalidReference::IdOfNote)
        ]
    );
    fixture.check();
}

#[test]
fn a_bad_item_does_not_keep_the_others() {
    let fixture = fixture();
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
        import(&fixture, vec![item(stranger, None), note, item(contact("Bea", "Good"), None)]);
    assert_eq!(outcomes[0], ImportOutcome::Skipped(InvalidReference::Organization));
    assert_eq!(outcomes[1], ImportOutcome::Skipped(InvalidReference::NoteContact));
    assert_eq!(outcomes[2], ImportOutcome::Added);
    assert_eq!(fixture.snapshot().contact_count().unwrap(), 1);
}

/// Imports in one transaction.
fn import_batches(fixture: &Fixture, batches: Vec<Vec<ImportItem>>) -> Vec<ImportOutcome> {
    let (sender, receiver) = std::sync::mpsc::sync_channel(batches.len());
    batches.into_iter().for_each(|batch| sender.send(batch).unwrap());
    drop(sender);
    fixture.wait(fixture.book.import_batches(&Principal::command_line(), receiver)).unwrap()
}

#[test]
fn batches_answer_in_order_and_know_each_other() {
    let fixture = fixture();
    let ann = |last: &str| item(with_external_id(contact("Ann", last), "7"), Some("Acme"));
    let stranger = Contact { organization: Some(Uuid::now_v7()), ..contact("Bea", "Bad") };
    let outcomes = import_batches(
        &fixture,
        vec![vec![ann("Old"), item(stranger, None)], vec![], vec![ann("Old"), ann("New")]],
    );
    assert_eq!(outcomes[0], ImportOutcome::Added);
    assert!(matches!(outcomes[1], ImportOutcome::Skipped(_)));
    assert_eq!(outcomes[2..], [ImportOutcome::Unchanged, ImportOutcome::Updated]);
    assert_eq!((fixture.search("old").len(), fixture.search("new").len()), (0, 1));
    fixture.check();
}

#[test]
fn a_dry_run_answers_as_the_import_does_and_keeps_nothing() {
    let fixture = fixture();
    let ann = |last: &str| item(with_external_id(contact("Ann", last), "7"), Some("Acme"));
    import(&fixture, vec![ann("Old")]);
    let stranger = Contact { organization: Some(Uuid::now_v7()), ..contact("Bea", "Bad") };
    let cid = Contact { id: Uuid::now_v7(), ..contact("Cid", "Fresh") };
    let note = Note {
        id: Uuid::nil(),
        subject: Subject::Contact(cid.id),
        text: "one".into(),
        author: String::new(),
        create_date: Timestamp(0),
        modify_date: Timestamp(0),
    };
    let note = ImportItem::Note(ImportNote { note, create_date: None, modify_date: None });
    let batches = vec![
        vec![ann("Old"), item(stranger, None), item(cid.clone(), Some("Brand new"))],
        vec![],
        vec![note.clone(), note, item(cid, Some("Brand new")), ann("New"), ann("New")],
    ];
    let before = fixture.snapshot().change();
    let (sender, receiver) = std::sync::mpsc::sync_channel(batches.len());
    let (answers, answered) = std::sync::mpsc::sync_channel(batches.len());
    batches.iter().cloned().for_each(|batch| sender.send(batch).unwrap());
    drop(sender);
    let principal = Principal::command_line();
    fixture.wait(fixture.book.import_dry_run(&principal, receiver, answers)).unwrap();
    let told: Vec<Vec<ImportOutcome>> = answered.into_iter().collect();
    assert_eq!(told.iter().map(Vec::len).collect::<Vec<_>>(), [3, 0, 5]);
    assert_eq!(fixture.snapshot().change(), before);
    assert_eq!(fixture.snapshot().organization_count().unwrap(), 1);
    assert_eq!((fixture.search("old").len(), fixture.search("new").len()), (1, 0));
    fixture.check();
    assert_eq!(import_batches(&fixture, batches), told.concat());
    assert_eq!(told[0][0], ImportOutcome::Unchanged);
    assert_eq!(
        told[2],
        [
            ImportOutcome::Added,
            ImportOutcome::Unchanged,
            ImportOutcome::Unchanged,
            ImportOutcome::Updated,
            ImportOutcome::Unchanged,
        ]
    );
    fixture.check();
}

#[test]
fn a_bulk_load_is_found_after_it_was_closed_and_after_it_was_cut_off() {
    let mut fixture = fixture_with(|settings| settings.bulk = true);
    let batch = |from: usize| -> Vec<ImportItem> {
        let one = |n| {
            item(
                with_external_id(contact("Ann", &format!("Last{n}")), &format!("{n}")),
                Some("Acme"),
            )
        };
        (from..from + 60).map(one).collect()
    };
    // Several times as much as is fed before a commit, and an update of what was only fed.
    for from in (0..600).step_by(120) {
        let outcomes = import_batches(&fixture, vec![batch(from), batch(from + 60)]);
        assert!(outcomes.iter().all(|outcome| *outcome == ImportOutcome::Added));
    }
    let again = item(with_external_id(contact("Bea", "Changed"), "599"), Some("Acme"));
    assert_eq!(import_batches(&fixture, vec![vec![again]]), [ImportOutcome::Updated]);
    // A kill would leave the files as they are, with any part of it in the index.
    let cut_off = tempfile::tempdir().unwrap();
    copy(&fixture.settings.data, cut_off.path());
    let whole = |book: &AddressBook| {
        book.wait_until_searchable().unwrap();
        let snapshot = fixture.wait(book.snapshot()).unwrap();
        assert_eq!(search(&snapshot, "changed"), ["Changed"]);
        assert_eq!(search(&snapshot, "last7")[0], "Last7");
        assert!(!search(&snapshot, "ann").contains(&"Last599".to_owned()));
        assert_eq!(snapshot.contact_count().unwrap(), 600);
        assert_eq!(book.check(&mut |_, _| {}).unwrap().problems, Vec::<String>::new());
    };
    let book = AddressBook::open(Settings::new(cut_off.path())).unwrap();
    whole(&book);
    book.close();
    fixture.book.close_compacted().unwrap();
    let book = AddressBook::open(Settings::new(&fixture.settings.data)).unwrap();
    whole(&book);
    book.close();
    fixture.settings.bulk = false;
    fixture.reopen();
    fixture.check();
}

/// Copies a data directory.
fn copy(from: &std::path::Path, to: &std::path::Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let (path, to) = {
            let entry = entry.unwrap();
            (entry.path(), to.join(entry.file_name()))
        };
        if path.is_dir() {
            std::fs::create_dir(&to).unwrap();
            copy(&path, &to);
        } else if let Err(error) = std::fs::copy(&path, &to) {
            // The index drops files of its own while it is being copied.
            assert_eq!(error.kind(), std::io::ErrorKind::NotFound, "{}", path.display());
        }
    }
}
