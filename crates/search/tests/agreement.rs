//! Index and overlay are one: random contacts, organisations, changes and texts, and whatever is
//! flushed and whatever still waits, the answer is the same, hit for hit.

#![allow(clippy::unwrap_used, reason = "tests say what they expect by unwrapping it")]

use crate::house::{House, named, phone};
use carnet_model::{
    Contact, ContactNo, Direction, Division, ExternalId, ExternalSource, InternalNumbers,
    Organization, OrganizationNo, Sort, SortField,
};
use carnet_phone::Region;
use carnet_search::{
    ContactQuery, Entry, Found, OrganizationEntry, OrganizationQuery, Update, View,
};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Few words, near to each other, so that random texts meet random contacts in every way.
const NAMES: &[&str] = &[
    "Anna",
    "Ann",
    "Annabel",
    "Anne-Marie",
    "Hanna",
    "Müller",
    "Muller",
    "Mueller",
    "Mühlbauer",
    "O'Brien",
    "Obrien",
    "van den Berg",
    "Berg",
    "Bergmann",
    "Vandenberg",
    "Bergmannsheil",
    "Bergmannsheilanstalt",
    "Γιώργος",
    "Giorgos",
    "Юрий",
    "Iurii",
    "山田",
    "山",
    "김철수",
    "김",
    "철수",
    "太郎",
    "علي",
    "على",
    "ﾔﾏﾀﾞ",
    "やまだ",
    "Kim",
    "Yamada",
    "Åse",
    "Aase",
    "",
];
const COMPANIES: &[&str] = &[
    "Acme",
    "Acme Berg",
    "Anna & Co",
    "Müller GmbH",
    "Bergmannsheil Klinik",
    "Northwind",
    "山田 Corp",
];
const EMAILS: &[&str] = &[
    "anna.berg@example.org",
    "anna@example.org",
    "mueller@berg.example",
    "BERG@example.com",
    "ann-berg@müller.example",
];
const PHONES: &[&str] =
    &["+33612345678", "+33612345670", "+13172222222", "+4930123456", "+493012345", "not a number"];
const EXTERNAL: &[&str] = &[
    "CRM-1001",
    "CRM 1002",
    "anna",
    "0123456789abcdef0123456789abcdef",
    "0123456789abcdef0123456789",
];
const TAGS: &[&str] = &["Gold", "M-77", "Anna Berg", "33612345678"];
const TEXTS: &[&str] = &[
    "a",
    "an",
    "ann",
    "anna",
    "anna berg",
    "berg anna",
    "anne-m",
    "annemarie",
    "mü",
    "mue",
    "mull",
    "müller",
    "muler",
    "brien",
    "o'brien",
    "o'b",
    "vanden",
    "van den berg",
    "bergmann",
    "bergmanns",
    "bergmannsheil",
    "bergmanheil",
    "bergmannshiel",
    "γιωργος",
    "giorg",
    "юр",
    "yury",
    "山",
    "山田",
    "김철",
    "김철수",
    "철수김",
    "kimchulsoo",
    "山田太郎",
    "太郎山田",
    "yamadataro",
    "yamadatar",
    "yamadataroo",
    "علي",
    "ali",
    "ヤマダ",
    "kim",
    "giorgos γιω",
    "\"山田\"",
    "\"yamada taro\"",
    "acme",
    "acme ann",
    "acne",
    "northwnid",
    "co",
    "corp",
    "example",
    "anna@example.org",
    "berg@example",
    "org com",
    "+33612345678",
    "+33 6 12 34 56 78",
    "33612345678",
    "3172222222",
    "(317) 222-2222",
    "1234",
    "12345",
    "6123",
    "0123",
    "234 567",
    "+3361",
    "+33612",
    "(317)222",
    "317-2222",
    "030 12",
    "0301",
    "1-317-CAB",
    "anna berg@example.org",
    "ann-berg@xn--mller-kva.example",
    "crm",
    "crm1001",
    "crm-10",
    "0123456789abcdef0123456789abcdef",
    "0123456789abcdef01234567",
    "0123456789abcdef0123456789a",
    "gold",
    "m-77",
    "anna gold",
    "\"anna\"",
    "\"anna berg\"",
    "\"van den\" berg",
    "\"crm 1002\"",
    "\"33612345678\"",
    "\"anna@example.org\"",
    "\"müller gmbh\"",
    "\"acme",
    "&",
    "berg & anna",
    "xyzzy",
    "hana mueler",
    "bergmansheilanstalt",
    "berkmannn",
    "",
    "  ",
];

fn maybe<T: Clone + std::fmt::Debug + 'static>(
    from: &'static [T],
) -> impl Strategy<Value = Option<T>> {
    prop_oneof![Just(None), select(from).prop_map(Some)]
}

/// A contact, and the organisation that it belongs to.
fn contact() -> impl Strategy<Value = (Contact, Option<u64>)> {
    let names = (select(NAMES), select(NAMES), select(NAMES));
    let rest = (maybe(EMAILS), maybe(PHONES), maybe(PHONES), maybe(EXTERNAL), maybe(TAGS));
    let more =
        (proptest::option::of(1..5u64), select(&["*", "north", "south"][..]), maybe(COMPANIES));
    (names, rest, more).prop_map(
        |((first, middle, last), rest, (organization, division, title))| {
            let (email, work, cell, external, tag) = rest;
            let id =
                |value: &str| ExternalId { source: ExternalSource::default(), value: value.into() };
            let fields = tag.map(|tag| serde_json::json!({ "some_tag": [tag] }));
            let contact = Contact {
                title: title.map(str::to_owned),
                work_email: email.map(str::to_owned),
                work_phone: work.map(phone),
                cell_phone: cell.map(phone),
                external_ids: external.map(id).into_iter().collect(),
                custom_fields: fields.and_then(|fields| fields.as_object().cloned()),
                division: Division { id: division.into(), name: None },
                ..named(first, middle, last)
            };
            (contact, organization)
        },
    )
}

fn organization() -> impl Strategy<Value = Organization> {
    let parts = (select(COMPANIES), maybe(COMPANIES), select(&["*", "north"][..]));
    parts.prop_map(|(name, industry, division)| Organization {
        name: name.into(),
        industry: industry.map(str::to_owned),
        division: Division { id: division.into(), name: None },
        ..Organization::default()
    })
}

#[derive(Clone, Debug)]
enum Step {
    Put(u64, Box<Contact>, Option<u64>),
    Remove(u64),
    PutOrganization(u64, Box<Organization>),
    RemoveOrganization(u64),
    Fold,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => (1..24u64, contact()).prop_map(|(no, (contact, org))| Step::Put(no, Box::new(contact), org)),
        1 => (1..24u64).prop_map(Step::Remove),
        2 => (1..5u64, organization()).prop_map(|(no, org)| Step::PutOrganization(no, Box::new(org))),
        1 => (1..5u64).prop_map(Step::RemoveOrganization),
        2 => Just(Step::Fold),
    ]
}

/// The contacts and organisations as the store would have them.
#[derive(Default)]
struct Truth {
    contacts: BTreeMap<u64, (Contact, Option<u64>)>,
    organizations: BTreeMap<u64, OrganizationEntry>,
}

impl Truth {
    fn entry(&self, no: u64) -> Option<Entry> {
        let (contact, organization) = self.contacts.get(&no)?;
        let organization = organization
            .and_then(|no| Some((OrganizationNo(no), self.organizations.get(&no)?.name())));
        Some(Entry::new(contact, organization))
    }

    /// The updates that belong into the same flush as the overlay's: the contacts of its
    /// organisations.
    fn renamed(&self, house: &House) -> Vec<Update> {
        let renamed = house.overlay.organizations_through(carnet_model::ChangeNo(u64::MAX));
        let of_it = |org: &Option<u64>| org.is_some_and(|no| renamed.contains(&OrganizationNo(no)));
        let contacts = self.contacts.iter().filter(|(_, (_, org))| of_it(org));
        // All of them, even those that also wait in the overlay: the later word is the same.
        contacts
            .map(|(no, _)| Update::Contact {
                no: ContactNo(*no),
                known: true,
                entry: self.entry(*no).map(Arc::new),
            })
            .collect()
    }

    /// Takes a step; the house too, which flushes only if `flushing`.
    fn take(&mut self, step: &Step, houses: &mut [(House, bool)]) {
        match step {
            Step::Put(no, contact, organization) => {
                let known = self.contacts.contains_key(no);
                let there = organization.filter(|no| self.organizations.contains_key(no));
                self.contacts.insert(*no, (Contact::clone(contact), there));
                for (house, _) in houses {
                    house.put(*no, known, self.entry(*no));
                }
            }
            Step::Remove(no) => {
                if self.contacts.remove(no).is_some() {
                    houses.iter_mut().for_each(|(house, _)| house.put(*no, true, None));
                }
            }
            Step::PutOrganization(no, organization) => {
                let entry = OrganizationEntry::new(organization);
                let known = self.organizations.insert(*no, entry.clone()).is_some();
                for (house, _) in houses {
                    house.put_organization(*no, known, Some(&entry));
                }
            }
            Step::RemoveOrganization(no) => {
                if self.organizations.remove(no).is_some() {
                    // As in the store: its contacts are unlinked one by one, later or at once.
                    let linked = self.contacts.iter_mut().filter(|(_, (_, org))| *org == Some(*no));
                    let linked: Vec<u64> = linked
                        .map(|(no, (_, org))| {
                            *org = None;
                            *no
                        })
                        .collect();
                    for (house, _) in houses {
                        house.put_organization(*no, true, None);
                        for no in &linked {
                            house.put(*no, true, self.entry(*no));
                        }
                    }
                }
            }
            Step::Fold => {
                for (house, _) in houses.iter_mut().filter(|(_, flushing)| *flushing) {
                    let more = self.renamed(house);
                    house.flush(more);
                }
            }
        }
    }
}

fn sorts() -> impl Strategy<Value = Vec<Sort>> {
    let fields = [
        SortField::FirstName,
        SortField::LastName,
        SortField::MiddleName,
        SortField::Title,
        SortField::Name,
        SortField::Industry,
        SortField::CreateDate,
    ];
    let direction = prop_oneof![Just(Direction::Ascending), Just(Direction::Descending)];
    let sort = (select(fields.to_vec()), direction)
        .prop_map(|(field, direction)| Sort { field, direction });
    prop_oneof![2 => Just(Vec::new()), 1 => proptest::collection::vec(sort, 1..4)]
}

#[derive(Clone, Debug)]
struct Asked {
    text: Option<&'static str>,
    divisions: Vec<String>,
    ids: Option<Vec<ContactNo>>,
    organization: Option<OrganizationNo>,
    sort: Vec<Sort>,
    offset: usize,
    limit: usize,
}

fn asked() -> impl Strategy<Value = Asked> {
    let divisions = prop_oneof![3 => Just(vec![]), 1 => Just(vec!["north".to_owned()]),
        1 => Just(vec!["south".to_owned(), "*".to_owned()])];
    let ids = prop_oneof![5 => Just(None), 1 => proptest::collection::vec((1..30u64).prop_map(ContactNo), 0..9).prop_map(Some)];
    let organization =
        prop_oneof![5 => Just(None), 1 => (1..6u64).prop_map(|no| Some(OrganizationNo(no)))];
    let page = (0..5usize, prop_oneof![Just(3usize), Just(100)]);
    let text = prop_oneof![1 => Just(None), 9 => any::<Index>().prop_map(|i| Some(*i.get(TEXTS)))];
    (text, divisions, ids, organization, sorts(), page).prop_map(
        |(text, divisions, ids, organization, sort, (offset, limit))| Asked {
            text,
            divisions,
            ids,
            organization,
            sort,
            offset,
            limit,
        },
    )
}

fn ask(view: &View, asked: &Asked) -> (Found<ContactNo>, Found<OrganizationNo>) {
    let contacts = ContactQuery {
        text: asked.text,
        default_region: Region::US,
        internal_numbers: InternalNumbers::parse("1-6").ok(),
        divisions: &asked.divisions,
        ids: asked.ids.as_deref(),
        organization: asked.organization,
        sort: &asked.sort,
        offset: asked.offset,
        limit: asked.limit,
    };
    let organizations = OrganizationQuery {
        text: asked.text,
        divisions: &asked.divisions,
        sort: &asked.sort,
        offset: asked.offset,
        limit: asked.limit,
    };
    (view.contacts(&contacts).unwrap(), view.organizations(&organizations).unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_flushed_the_answer_is_the_same(
        steps in proptest::collection::vec(step(), 1..60),
        questions in proptest::collection::vec(asked(), 60),
    ) {
        // One house never flushes: what it answers is the overlay's matcher alone. One flushes as
        // the steps say. The third is filled at the end, and has everything in the index.
        let mut truth = Truth::default();
        let mut houses = [(House::new(), false), (House::new(), true)];
        for step in &steps {
            truth.take(step, &mut houses);
        }
        let mut fresh = House::new();
        for (no, entry) in &truth.organizations {
            fresh.put_organization(*no, false, Some(entry));
        }
        for no in truth.contacts.keys() {
            fresh.put(*no, false, truth.entry(*no));
        }
        fresh.flush(Vec::new());
        prop_assert!(fresh.overlay.is_empty());
        let views = [houses[0].0.view(), houses[1].0.view(), fresh.view()];
        for asked in &questions {
            let of_fresh = ask(&views[2], asked);
            prop_assert_eq!(&ask(&views[0], asked), &of_fresh, "overlay alone: {:?}", asked);
            prop_assert_eq!(&ask(&views[1], asked), &of_fresh, "some of both: {:?}", asked);
        }
        let prints = views[2].contact_fingerprints().unwrap();
        let expected: Vec<_> = truth.contacts.keys()
            .map(|no| (ContactNo(*no), truth.entry(*no).unwrap().fingerprint())).collect();
        prop_assert_eq!(&prints, &expected);
        prop_assert_eq!(&views[0].contact_fingerprints().unwrap(), &expected);
        prop_assert_eq!(&views[1].contact_fingerprints().unwrap(), &expected);
    }
}

/// Lists of more than one block, and of more than one window, are walked in other ways than
/// short ones.
#[test]
fn long_lists_agree_too() {
    let contacts: Vec<Contact> = (0..3_000usize)
        .map(|no| Contact {
            work_email: Some(EMAILS[no * 7 % EMAILS.len()].to_owned()),
            cell_phone: Some(phone(PHONES[no * 5 % PHONES.len()])),
            external_ids: vec![ExternalId {
                source: ExternalSource::default(),
                value: EXTERNAL[no * 11 % EXTERNAL.len()].to_owned(),
            }],
            ..named(NAMES[no * 13 % NAMES.len()], "", NAMES[no * no % NAMES.len()])
        })
        .collect();
    let houses = crate::house::houses(&contacts);
    let views: Vec<View> = houses.iter().map(House::view).collect();
    let by_name = [Sort { field: SortField::LastName, direction: Direction::Descending }];
    for text in TEXTS {
        for (sort, offset, limit) in
            [(&[][..], 0, 20), (&[][..], 700, 5_000), (&by_name[..], 10, 50)]
        {
            let divisions = if offset == 10 { vec!["*".to_owned()] } else { Vec::new() };
            let asked = Asked {
                text: Some(text),
                divisions,
                ids: None,
                organization: None,
                sort: sort.to_vec(),
                offset,
                limit,
            };
            let of_index = ask(&views[0], &asked);
            assert_eq!(ask(&views[1], &asked), of_index, "overlay alone: {asked:?}");
            assert_eq!(ask(&views[2], &asked), of_index, "half and half: {asked:?}");
        }
    }
}
