//! How the index keeps up: changes, organisations under new names, opening again, damage.

#![allow(clippy::unwrap_used, reason = "tests say what they expect by unwrapping it")]

use crate::house::{House, everything, named, numbers, options, organization};
use carnet_model::{ChangeNo, ContactNo, OrganizationNo, Uuid};
use carnet_search::{
    Committed, ContactQuery, Entry, OrganizationEntry, OrganizationQuery, Overlay, SearchIndex,
    Update, View,
};
use std::sync::Arc;

fn anna() -> Entry {
    Entry::new(&named("Anna", "", "Berg"), None)
}

#[test]
fn a_change_is_seen_before_and_after_it_is_flushed() {
    let mut house = House::new();
    house.put(1, false, Some(anna()));
    house.flush(Vec::new());
    house.put(1, true, Some(Entry::new(&named("Anne", "", "Berg"), None)));
    house.put(2, false, Some(anna()));
    for flushed in [false, true] {
        assert_eq!(numbers(&house.find("anna")), [2], "{flushed}");
        assert_eq!(numbers(&house.find("anne")), [1], "{flushed}");
        house.flush(Vec::new());
    }
    house.put(2, true, None);
    for flushed in [false, true] {
        assert_eq!(house.find("anna").total, 1, "{flushed}: forgiven");
        assert_eq!(numbers(&house.find("berg")), [1], "{flushed}");
        house.flush(Vec::new());
    }
}

#[test]
fn an_overlay_is_searched_before_there_is_an_index() {
    let mut overlay = Overlay::default();
    overlay.put_contact(ContactNo(3), ChangeNo(1), false, Some(Arc::new(anna())));
    let view = View::new(Committed::empty().unwrap(), Arc::new(overlay));
    let query = ContactQuery { text: Some("anna"), ..everything() };
    assert_eq!(numbers(&view.contacts(&query).unwrap()), [3]);
}

#[test]
fn a_view_does_not_change_when_more_is_flushed() {
    let mut house = House::new();
    house.put(1, false, Some(anna()));
    house.flush(Vec::new());
    let before = house.view();
    house.put(1, true, None);
    house.flush(Vec::new());
    let count = |view: &View| view.contacts(&everything()).unwrap().total;
    assert_eq!((count(&before), count(&house.view())), (1, 0));
}

#[test]
fn a_renamed_organisation_is_found_on_all_its_contacts_at_once() {
    let mut house = House::new();
    let acme = OrganizationEntry::new(&organization("Acme Widgets"));
    let apex = OrganizationEntry::new(&organization("Apex Widgets"));
    let employed = |org: &OrganizationEntry| {
        Entry::new(&named("Anna", "", "Berg"), Some((OrganizationNo(7), org.name())))
    };
    house.put_organization(7, false, Some(&acme));
    house.put(1, false, Some(employed(&acme)));
    house.put(2, false, Some(anna()));
    house.flush(Vec::new());
    house.put(3, false, Some(employed(&acme)));
    house.put_organization(7, true, Some(&apex));
    let of_it = ContactQuery { organization: Some(OrganizationNo(7)), ..everything() };
    for flushed in [false, true] {
        assert_eq!(numbers(&house.find("apex")), [1, 3], "{flushed}");
        assert_eq!(numbers(&house.find("apex anna widgets")), [1, 3], "{flushed}");
        assert_eq!(numbers(&house.find("acme")), [0u64; 0], "{flushed}");
        assert_eq!(numbers(&house.find("\"apex widgets\"")), [1, 3], "{flushed}");
        assert_eq!(numbers(&house.view().contacts(&of_it).unwrap()), [1, 3], "{flushed}");
        let query = OrganizationQuery {
            text: Some("apex"),
            divisions: &[],
            sort: &[],
            offset: 0,
            limit: 9,
        };
        let organizations = house.view().organizations(&query).unwrap();
        assert_eq!(organizations.hits.iter().map(|hit| hit.no.0).collect::<Vec<_>>(), [7]);
        assert_eq!(house.overlay.organizations_through(ChangeNo(99)).len(), usize::from(!flushed));
        // Its contacts go into the same flush, as the book sees to.
        let again = |no| Update::Contact {
            no: ContactNo(no),
            known: true,
            entry: Some(Arc::new(employed(&apex))),
        };
        if !flushed {
            house.put(3, true, Some(employed(&apex)));
            house.flush(vec![again(1)]);
        }
    }
    house.put_organization(7, true, None);
    assert_eq!(numbers(&house.find("apex")), [0u64; 0]);
    assert_eq!(numbers(&house.find("anna")), [1, 2, 3]);
}

#[test]
fn a_forgiven_text_finds_the_new_name_too() {
    let mut house = House::new();
    let old = OrganizationEntry::new(&organization("Acme"));
    let new = OrganizationEntry::new(&organization("Northwind"));
    house.put_organization(7, false, Some(&old));
    house.put(
        1,
        false,
        Some(Entry::new(&named("A", "", "B"), Some((OrganizationNo(7), old.name())))),
    );
    house.flush(Vec::new());
    house.put_organization(7, true, Some(&new));
    let found = house.find("nortwhind");
    assert_eq!((numbers(&found), found.forgiven), (vec![1], true));
    assert_eq!(numbers(&house.find("acne")), [0u64; 0]);
}

#[test]
fn the_last_word_on_a_contact_counts_within_one_flush() {
    let mut house = House::new();
    house.put(1, false, Some(anna()));
    house.put(2, false, Some(anna()));
    let again = Entry::new(&named("Anne", "", "Berg"), None);
    let again = Update::Contact { no: ContactNo(1), known: false, entry: Some(Arc::new(again)) };
    house.flush(vec![again]);
    assert_eq!(numbers(&house.find("anna")), [2]);
    assert_eq!(numbers(&house.find("anne")), [1]);
}

#[test]
fn an_index_is_opened_again_where_it_was() {
    let dir = tempfile::tempdir().unwrap();
    let store = Uuid::from_u128(1);
    let mut opened = SearchIndex::open(dir.path(), store, &options()).unwrap();
    let update = Update::Contact { no: ContactNo(5), known: false, entry: Some(Arc::new(anna())) };
    opened.index.flush([update], ChangeNo(17)).unwrap();
    drop(opened);
    let opened = SearchIndex::open(dir.path(), store, &options()).unwrap();
    assert_eq!(opened.through, Some(ChangeNo(17)));
    let count = |index: &SearchIndex| {
        let view = View::new(index.committed(), Arc::new(Overlay::default()));
        view.contacts(&everything()).unwrap().total
    };
    assert_eq!(count(&opened.index), 1);
    drop(opened);
    // Another store's index is of no use.
    let opened = SearchIndex::open(dir.path(), Uuid::from_u128(2), &options()).unwrap();
    assert_eq!((opened.through, count(&opened.index)), (None, 0));
}

#[test]
fn what_is_fed_shows_with_the_next_commit_and_once() {
    let dir = tempfile::tempdir().unwrap();
    let mut opened = SearchIndex::open(dir.path(), Uuid::nil(), &options()).unwrap();
    let update = |no, known, first: &str| Update::Contact {
        no: ContactNo(no),
        known,
        entry: Some(Arc::new(Entry::new(&named(first, "", "Berg"), None))),
    };
    let found = |index: &SearchIndex, text| {
        let view = View::new(index.committed(), Arc::new(Overlay::default()));
        numbers(&view.contacts(&ContactQuery { text: Some(text), ..everything() }).unwrap())
    };
    opened.index.feed([update(1, false, "Anna"), update(2, false, "Bea")]).unwrap();
    // A second word on one of them, whether it is said to be known or not.
    opened.index.feed([update(1, true, "Clara"), update(3, false, "Dora")]).unwrap();
    opened.index.feed([update(2, false, "Emma")]).unwrap();
    assert_eq!(found(&opened.index, "berg"), Vec::<u64>::new());
    opened.index.flush([], ChangeNo(5)).unwrap();
    let mut all = found(&opened.index, "berg");
    all.sort_unstable();
    assert_eq!(all, [1, 2, 3]);
    assert_eq!((found(&opened.index, "clara"), found(&opened.index, "emma")), (vec![1], vec![2]));
    // Updates that were fed and never committed are lost, and the number of the commit says so.
    opened.index.feed([update(4, false, "Frida")]).unwrap();
    drop(opened);
    let opened = SearchIndex::open(dir.path(), Uuid::nil(), &options()).unwrap();
    assert_eq!((opened.through, found(&opened.index, "frida")), (Some(ChangeNo(5)), vec![]));
}

#[test]
fn a_damaged_index_is_thrown_away() {
    let damages: [fn(&std::path::Path); 3] = [
        |dir| std::fs::write(dir.join("meta.json"), b"{ not json").unwrap(),
        |dir| {
            let mut files = std::fs::read_dir(dir).unwrap().map(|file| file.unwrap().path());
            let term = files.find(|path| path.extension().is_some_and(|e| e == "term")).unwrap();
            std::fs::write(term, b"").unwrap();
        },
        |dir| {
            for file in std::fs::read_dir(dir).unwrap() {
                let path = file.unwrap().path();
                if path.extension().is_some_and(|e| e == "fast") {
                    std::fs::remove_file(path).unwrap();
                }
            }
        },
    ];
    for damage in damages {
        let dir = tempfile::tempdir().unwrap();
        let mut opened = SearchIndex::open(dir.path(), Uuid::nil(), &options()).unwrap();
        let update =
            Update::Contact { no: ContactNo(5), known: false, entry: Some(Arc::new(anna())) };
        opened.index.flush([update.clone()], ChangeNo(1)).unwrap();
        drop(opened);
        damage(dir.path());
        let mut opened = SearchIndex::open(dir.path(), Uuid::nil(), &options()).unwrap();
        assert_eq!(opened.through, None);
        opened.index.flush([update], ChangeNo(1)).unwrap();
    }
}

#[test]
fn a_file_left_behind_by_a_kill_does_not_stop_later_commits() {
    // A kill between writing a list of deletions and naming it in `meta.json` leaves a file
    // whose name the next process chooses again.
    let dir = tempfile::tempdir().unwrap();
    let mut opened = SearchIndex::open(dir.path(), Uuid::nil(), &options()).unwrap();
    let update = |no, known, entry| Update::Contact { no: ContactNo(no), known, entry };
    let both = [1, 2].map(|no| update(no, false, Some(Arc::new(anna()))));
    opened.index.flush(both, ChangeNo(1)).unwrap();
    drop(opened);
    let meta = std::fs::read(dir.path().join("meta.json")).unwrap();
    let mut opened = SearchIndex::open(dir.path(), Uuid::nil(), &options()).unwrap();
    opened.index.flush([update(1, true, None)], ChangeNo(2)).unwrap();
    drop(opened);
    // Back to the state before the rename, with the file already there.
    std::fs::write(dir.path().join("meta.json"), meta).unwrap();
    let mut opened = SearchIndex::open(dir.path(), Uuid::nil(), &options()).unwrap();
    assert_eq!(opened.through, Some(ChangeNo(1)));
    opened.index.flush([update(1, true, None)], ChangeNo(2)).unwrap();
    let view = View::new(opened.index.committed(), Arc::new(Overlay::default()));
    assert_eq!(numbers(&view.contacts(&everything()).unwrap()), [2]);
}

#[test]
fn two_processes_cannot_write_one_index() {
    let dir = tempfile::tempdir().unwrap();
    let _first = SearchIndex::open(dir.path(), Uuid::nil(), &options()).unwrap();
    let second = SearchIndex::open(dir.path(), Uuid::nil(), &options());
    assert!(matches!(second, Err(carnet_search::SearchError::InUse)));
}

#[test]
fn fingerprints_tell_whether_index_and_store_agree() {
    let mut house = House::new();
    let acme = OrganizationEntry::new(&organization("Acme"));
    let apex = OrganizationEntry::new(&organization("Apex"));
    let ben = |org: &OrganizationEntry| {
        Entry::new(&named("Ben", "", "Berg"), Some((OrganizationNo(7), org.name())))
    };
    house.put_organization(7, false, Some(&acme));
    house.put(1, false, Some(anna()));
    house.put(2, false, Some(ben(&acme)));
    house.flush(Vec::new());
    house.put(3, false, Some(ben(&acme)));
    house.put_organization(7, true, Some(&apex));
    let expected = [(1, anna()), (2, ben(&apex)), (3, ben(&apex))];
    let expected = expected.map(|(no, entry)| (ContactNo(no), entry.fingerprint()));
    assert_eq!(house.view().contact_fingerprints().unwrap(), expected);
    let organizations = house.view().organization_fingerprints().unwrap();
    assert_eq!(organizations, [(OrganizationNo(7), apex.fingerprint())]);
}

#[test]
fn what_is_kept_of_frequent_beginnings_is_never_out_of_date() {
    // The long prefix has enough terms for its result to be kept.
    let name = |no: u64, round: u64| format!("Elizabeth{}", (no + round) % 40);
    let mut house = House::new();
    for no in 1..=60 {
        house.put(no, false, Some(Entry::new(&named("Anna", "", &name(no, 0)), None)));
    }
    house.flush(Vec::new());
    for round in 1..5 {
        let gone = round * 10;
        house.put(gone, true, None);
        let changed = Entry::new(&named("Bella", "", &name(round, round)), None);
        house.put(round, true, Some(changed));
        for flushed in [false, true] {
            // Asked for the second time, it is what was kept.
            for text in ["an", "an", "elizabeth", "elizabeth", "an elizabeth", "el"] {
                let total = house.find(text).total as u64;
                let gone = if text.contains("an") { 2 * round } else { round };
                assert_eq!(total, 60 - gone, "{text} in round {round}, flushed: {flushed}");
            }
            assert_eq!(house.find("be").total as u64, round);
            house.flush(Vec::new());
        }
    }
}
