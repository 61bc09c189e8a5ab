use super::*;
use carnet_model::{ExternalId, ExternalSource};
use serde_json::json;

fn kinds(entry: &Entry, token: &str) -> Vec<Kind> {
    entry.tokens.iter().filter(|(t, _)| *t == token).map(|(_, kind)| kind).collect()
}

fn named(first: &str, last: &str) -> Contact {
    Contact {
        first_name: Some(first.to_owned()),
        last_name: Some(last.to_owned()),
        ..Contact::default()
    }
}

#[test]
fn a_last_name_is_kept_in_parts_and_as_a_whole() {
    let entry = Entry::new(&named("Jean-Pierre", "van den Berg"), None);
    assert_eq!(kinds(&entry, "berg"), [Kind::Last]);
    assert_eq!(kinds(&entry, "vandenberg"), [Kind::LastExact]);
    assert_eq!(kinds(&entry, "jean"), [Kind::First]);
    assert_eq!(kinds(&entry, "jeanpierre"), [Kind::First]);
    assert_eq!(kinds(&entry, &pair("pierre", "van")), [Kind::NamePair]);
    assert_eq!(kinds(&Entry::new(&named("A", "O'Brien"), None), "obrien"), [Kind::LastExact]);
}

#[test]
fn a_token_keeps_its_best_kind() {
    let mut contact = named("Anna", "Anna");
    contact.work_email = Some("anna@anna.example".into());
    assert_eq!(kinds(&Entry::new(&contact, None), "anna"), [Kind::LastExact]);
    // Another field is not the same token.
    contact.external_ids =
        vec![ExternalId { source: ExternalSource::default(), value: "ANNA".into() }];
    assert_eq!(kinds(&Entry::new(&contact, None), "anna"), [Kind::LastExact, Kind::External]);
}

#[test]
fn identifiers_and_tags_are_kept_whole() {
    let mut contact = named("Anna", "Berg");
    contact.custom_fields = json!({
        "vip_tag": ["Gold Member", 7], "no_identifier": "AB-1", "note_text": "secret",
        "large_identifier": carnet_model::whole_value("18446744073709551616"),
    })
    .as_object()
    .cloned();
    let entry = Entry::new(&contact, None);
    assert_eq!(
        entry.exact.iter().map(AsRef::as_ref).collect::<Vec<&str>>(),
        ["t18446744073709551616", "t7", "tab-1", "tgold member"]
    );
}

#[test]
fn a_fingerprint_tells_what_is_found_differently() {
    let name = OrganizationName::new("Acme");
    let entry = |contact: &Contact, name: &OrganizationName| {
        Entry::new(contact, Some((OrganizationNo(1), name))).fingerprint()
    };
    let anna = named("Anna", "Berg");
    assert_eq!(entry(&anna, &name), entry(&anna.clone(), &OrganizationName::new("acme")));
    assert_ne!(entry(&anna, &name), entry(&named("Anne", "Berg"), &name));
    let other = OrganizationName::new("Apex");
    assert_ne!(entry(&anna, &name), entry(&anna, &other));
    assert_eq!(entry(&anna, &name).with_name(Some(&other)), entry(&anna, &other));
}
