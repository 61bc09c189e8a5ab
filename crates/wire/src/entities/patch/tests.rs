use super::*;
use carnet_model::{Subject, Timestamp};
use serde_json::json;

fn contact() -> Contact {
    let body = json!({
        "firstName": "Anna", "lastName": "Blum", "workEmail": "anna@example.org",
        "workPhone": { "display": "(317) 222-2222", "extension": 5 },
        "cellPhone": { "display": "020-2672-6670" },
        "twitterId": { "screenName": "anna" },
        "address": { "city": "Paris" },
        "externalIds": [
            { "externalSource": { "id": "s-1", "name": "CRM" }, "value": "A-1" },
            { "externalSource": { "name": "ERP" }, "value": "4711" },
        ],
        "customFields": { "kinds_tag": ["a", "b"], "tier_text": "gold" },
    });
    Contact {
        id: "01890a5d-ac96-774b-bcce-b302099a8057".parse().unwrap(),
        create_date: Timestamp(1),
        modify_date: Timestamp(2),
        ..contact::read(&body, &Rules::default()).into_result().unwrap()
    }
}

fn patched(old: &Contact, changes: Value) -> Result<Contact, PatchError> {
    let patch = read(&json!({ "changes": changes })).into_result()?;
    apply_contact(old, &patch, &Rules::default())
}

/// Patches the contact above, and checks it against what `expected` makes of it.
#[track_caller]
fn check(changes: Value, expected: impl FnOnce(&mut Contact)) {
    let mut wanted = contact();
    expected(&mut wanted);
    assert_eq!(patched(&contact(), changes).unwrap(), wanted);
}

/// Checks that the contact above cannot be patched so, and which fields that is said of.
#[track_caller]
fn refused(changes: Value, expected: &[&str]) {
    let Err(PatchError::Invalid(invalid)) = patched(&contact(), changes) else {
        panic!("not refused as invalid");
    };
    let fields: Vec<_> = invalid.faults.iter().map(|fault| fault.field.as_str()).collect();
    assert_eq!(fields, expected);
}

fn change(field: &str, action: &str, value: Value) -> Value {
    json!([{ "field": field, "action": action, "value": value }])
}

#[test]
fn no_change_changes_nothing() {
    check(json!([]), |_| {});
}

#[test]
fn update_sets_and_remove_clears() {
    check(change("$.title", "Update", json!(" Dr ")), |c| c.title = Some("Dr".into()));
    check(change("$.address.city", "Update", json!("Lyon")), |c| {
        c.address.as_mut().unwrap().city = Some("Lyon".into());
    });
    let line = json!({ "ids": [{ "userId": "U1" }], "displayName": "anna" });
    check(change("$.lineId", "Update", line), |c| {
        let (ids, display_name) = (vec!["U1".into()], Some("anna".into()));
        c.line = Some(carnet_model::Line { ids, display_name });
    });
    // An account has ids.
    refused(change("$.lineId.displayName", "Update", json!("anna")), &["lineId.ids"]);
    check(change("$.workEmail", "Remove", json!(null)), |c| c.work_email = None);
    check(change("$.address.city", "Remove", json!(null)), |c| c.address = None);
    check(change("$.middleName", "Remove", json!(null)), |_| {});
    check(change("$.customFields.tier_text", "Update", json!("silver")), |c| {
        c.custom_fields.as_mut().unwrap().insert("tier_text".into(), json!("silver"));
    });
}

#[test]
fn a_division_changes_with_its_name() {
    let mut old = contact();
    old.division = Division { id: "d1".into(), name: Some("Div".into()) };
    let set =
        |field: &str, value: &str| json!({ "field": field, "action": "Update", "value": value });
    let (id, name) = ("$.division.id", "$.division.name");
    let remove = json!({ "field": id, "action": "Remove" });
    for (changes, new_id, new_name) in [
        (json!([set(id, "d2")]), "d2", None),
        (json!([set(id, " d1 ")]), "d1", Some("Div")),
        (json!([set(id, "d2"), set(name, "New")]), "d2", Some("New")),
        (json!([set(name, "New")]), "d1", Some("New")),
        (json!([remove]), Division::default().id.as_str(), None),
    ] {
        let new = patched(&old, changes.clone()).unwrap();
        let wanted = Division { id: new_id.into(), name: new_name.map(Into::into) };
        assert_eq!(new, Contact { division: wanted, ..old.clone() }, "{changes}");
    }
    let rules = Rules::default();
    let body = json!({ "name": "Acme", "division": { "id": "d1", "name": "Div" } });
    let acme = organization::read(&body, &rules).into_result().unwrap();
    let patch = read(&json!({ "changes": [set(id, "d2")] })).into_result().unwrap();
    let new = apply_organization(&acme, &patch, &rules).unwrap();
    assert_eq!((new.division.id.as_str(), new.division.name), ("d2", None));
}

#[test]
fn updates_may_depend_on_what_is_there() {
    check(change("$.title", "UpdateIfEmpty", json!("Dr")), |c| c.title = Some("Dr".into()));
    check(change("$.firstName", "UpdateIfEmpty", json!("Eva")), |_| {});
    check(change("$.title", "UpdateIfExists", json!("Dr")), |_| {});
    check(change("$.firstName", "UpdateIfExists", json!("Eva")), |c| {
        c.first_name = Some("Eva".into());
    });
}

#[test]
fn lists_are_appended_to_and_removed_from() {
    let third = json!({ "externalSource": { "name": "HR" }, "value": "9" });
    let first = json!({ "externalSource": { "name": "CRM" }, "value": "A-1" });
    check(change("$.externalIds", "AppendToCollection", json!([third])), |c| {
        c.external_ids.push(carnet_model::ExternalId {
            source: carnet_model::ExternalSource { id: None, name: Some("HR".into()) },
            value: "9".into(),
        });
    });
    check(change("$.externalIds", "RemoveFromCollection", first), |c| {
        c.external_ids.remove(0);
    });
    check(change("$.externalIds", "RemoveFromCollection", third), |_| {});
    check(change("$.appleOpaqueIds", "AppendToCollection", json!({ "value": "x" })), |c| {
        c.apple_opaque_ids = vec!["x".into()];
    });
    check(change("$.appleOpaqueIds", "RemoveFromCollection", json!({ "value": "x" })), |_| {});
    check(change("$.customFields.kinds_tag", "AppendToCollection", json!(["b", "c"])), |c| {
        c.custom_fields.as_mut().unwrap().insert("kinds_tag".into(), json!(["a", "b", "c"]));
    });
    check(change("$.customFields.kinds_tag", "RemoveFromCollection", json!("a")), |c| {
        c.custom_fields.as_mut().unwrap().insert("kinds_tag".into(), json!(["b"]));
    });
}

#[test]
fn custom_fields_keep_their_order_when_one_leaves() {
    let mut old = contact();
    let fields = json!({ "z": 1, "y": 2, "a": 3, "b": 4 });
    old.custom_fields = fields.as_object().cloned();
    let new = patched(&old, change("$.customFields.z", "Remove", json!(null))).unwrap();
    let names: Vec<_> = new.custom_fields.iter().flat_map(|fields| fields.keys()).collect();
    let given = fields.as_object().unwrap().keys().filter(|name| *name != "z");
    assert_eq!(names, given.collect::<Vec<_>>());
}

#[test]
fn a_patched_number_is_read_again() {
    let new = patched(&contact(), change("$.workPhone.display", "Update", json!("317-222-2223")));
    let phone = new.unwrap().work_phone.unwrap();
    assert_eq!(phone.e164.unwrap().to_string(), "+13172222223");
    assert_eq!((phone.input.as_str(), phone.extension), ("317-222-2223", Some(5)));
    check(change("$.workPhone", "Remove", json!(null)), |c| c.work_phone = None);
}

#[test]
fn a_number_keeps_what_was_typed_unless_it_is_patched() {
    check(change("$.workPhone.acceptsSMS", "Update", json!(true)), |c| {
        c.work_phone.as_mut().unwrap().accepts_sms = true;
    });
    // A number that could not be read again keeps its number all the same.
    let mut old = contact();
    let kept = carnet_phone::E164::parse("+999123456789");
    old.cell_phone.as_mut().unwrap().e164 = kept;
    for (field, value) in [("$.title", json!("Dr")), ("$.cellPhone.acceptsSMS", json!(true))] {
        let new = patched(&old, change(field, "Update", value)).unwrap();
        let phone = new.cell_phone.unwrap();
        assert_eq!((phone.e164, phone.input.as_str()), (kept, "020-2672-6670"));
    }
}

#[test]
fn a_removed_display_does_not_come_back_from_what_was_typed() {
    check(change("$.cellPhone.display", "Remove", json!(null)), |c| c.cell_phone = None);
    // Its extension would be left alone.
    refused(change("$.workPhone.display", "Remove", json!(null)), &["workPhone.extension"]);
}

#[test]
fn the_profile_follows_a_patched_screen_name() {
    check(change("$.twitterId.screenName", "Update", json!("eva")), |c| {
        c.twitter.as_mut().unwrap().screen_name = Some("eva".into());
    });
}

#[test]
fn a_field_and_its_part_are_a_conflict() {
    let changes = json!([
        { "field": "$.address.city", "action": "Update", "value": "Lyon" },
        { "field": "$.title", "action": "Update", "value": "Dr" },
        { "field": "$.address", "action": "Remove" },
    ]);
    assert!(matches!(patched(&contact(), changes), Err(PatchError::Conflict(_))));
    let alike = json!([
        { "field": "$.addresses", "action": "Remove" },
        { "field": "$.address", "action": "Remove" },
    ]);
    refused(alike, &["changes[0].field"]);
    let twice = json!([
        { "field": "$.title", "action": "Update", "value": "Dr" },
        { "field": "$.title", "action": "UpdateIfEmpty", "value": "Prof" },
    ]);
    check(twice, |c| c.title = Some("Dr".into()));
}

#[test]
fn wrong_changes_are_named() {
    refused(json!([{}]), &["changes[0].field", "changes[0].action"]);
    refused(json!([7]), &["changes[0]"]);
    refused(json!([null, { "field": "$.shoeSize", "action": "Remove" }]), &["changes[1].field"]);
    for field in ["firstName", "$", "$.", "$..x", "$.a.", "firstName."] {
        refused(change(field, "Remove", json!(null)), &["changes[0].field"]);
    }
    for field in
        ["$.id", "$.workPhone.e164", "$.firstName.x", "$.customFields.a.b", "$.externalIds.0"]
    {
        refused(change(field, "Update", json!("x")), &["changes[0].field"]);
    }
    refused(change("$.title", "Upsert", json!("x")), &["changes[0].action"]);
    refused(change("$.title", "Update", json!(null)), &["changes[0].value"]);
    refused(change("$.title", "AppendToCollection", json!("x")), &["changes[0].action"]);
    let text = "$.customFields.tier_text";
    refused(change(text, "AppendToCollection", json!("x")), &["changes[0].action"]);
    let many = json!(vec![7; PATCH_VALUES_MAX + 1]);
    refused(change("$.externalIds", "RemoveFromCollection", many), &["changes[0].value"]);
    for body in [json!({}), json!(null), json!({ "changes": 7 })] {
        assert_eq!(read(&body).invalid.faults.len(), 1, "{body}");
    }
}

#[test]
fn a_patched_record_obeys_every_rule() {
    refused(change("$.firstName", "Remove", json!(null)), &["firstName"]);
    refused(change("$.workEmail", "Update", json!("anna")), &["workEmail"]);
    refused(change("$.address", "Update", json!("Paris")), &["address"]);
    refused(change("$.workPhone.extension", "Update", json!("5")), &["workPhone.extension"]);
}

#[test]
fn organizations_and_notes_are_patched_too() {
    let rules = Rules::default();
    let body =
        json!({ "name": "Acme", "faxNumber": { "display": "(317) 222-2222" }, "tags": ["a"] });
    let old = organization::read(&body, &rules).into_result().unwrap();
    let changes = change("$.tags", "AppendToCollection", json!("b"));
    let patch = read(&json!({ "changes": changes })).into_result().unwrap();
    let new = apply_organization(&old, &patch, &rules).unwrap();
    assert_eq!(new, Organization { tags: vec!["a".into(), "b".into()], ..old });

    let old = Note {
        id: "01890a5d-ac96-774b-bcce-b302099a8057".parse().unwrap(),
        subject: Subject::Contact("01890a5d-ac96-774b-bcce-b302099a8058".parse().unwrap()),
        text: "a".into(),
        author: "u-7".into(),
        create_date: Timestamp(1),
        modify_date: Timestamp(2),
    };
    let patch = read(&json!({ "changes": change("$.noteText", "Update", json!("b")) }));
    let new = apply_note(&old, &patch.into_result().unwrap()).unwrap();
    assert_eq!(new, Note { text: "b".into(), ..old.clone() });
    let patch = read(&json!({ "changes": change("$.noteText", "Remove", json!(null)) }));
    assert!(apply_note(&old, &patch.into_result().unwrap()).is_err());
}
