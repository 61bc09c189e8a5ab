"""Contacts through the vendor's SDK: every operation, and what its models make of the answers."""

import uuid

import pytest

import PureCloudPlatformClientV2 as sdk
from PureCloudPlatformClientV2.rest import ApiException


def contact(first="Żaneta", last="Müller", **fields):
    made = sdk.ExternalContact()
    made.first_name, made.last_name = first, last
    for name, value in fields.items():
        setattr(made, name, value)
    return made


def phone(display, **fields):
    made = sdk.PhoneNumber()
    made.display = display
    for name, value in fields.items():
        setattr(made, name, value)
    return made


def change(field, action, value=None):
    made = sdk.ContactsPatchChange()
    made.field, made.action = field, action
    if value is not None:
        made.value = value
    return made


def patch(*changes):
    body = sdk.ExternalContactsPatchRequest()
    body.changes = list(changes)
    return body


def ids(*wanted):
    body = sdk.BulkIdsRequest()
    body.entities = [sdk.ExternalContactsEntity() for _ in wanted]
    for entity, one in zip(body.entities, wanted):
        entity.id = one
    return body


def organization(api, name):
    body = sdk.ExternalOrganization()
    body.name = name
    return api.post_externalcontacts_organizations(body)


def test_add_get_replace_remove(api):
    made = api.post_externalcontacts_contacts(
        contact(
            salutation="Frau",
            title="Einkauf",
            work_email="zaneta@example.org",
            cell_phone=phone("+49 (0)1511 2345678", accepts_sms=True),
            survey_opt_out=True,
        )
    )
    assert made.cell_phone.e164 == "+4915112345678"
    assert made.cell_phone.country_code == "DE"
    assert made.cell_phone.user_input == "+49 (0)1511 2345678"
    assert made.cell_phone.accepts_sms is True
    assert made.type == "Curated"
    read = api.get_externalcontacts_contact(made.id)
    assert read.to_dict() == made.to_dict()

    again = api.put_externalcontacts_contact(made.id, read)
    same, was = again.to_dict(), read.to_dict()
    assert same.pop("modify_date") >= was.pop("modify_date")
    assert same == was, "writing back what was read changes nothing but the date"

    read.last_name = "Nowak"
    read.title = None
    replaced = api.put_externalcontacts_contact(made.id, read)
    assert (replaced.last_name, replaced.title) == ("Nowak", None)

    api.delete_externalcontacts_contact(made.id)
    with pytest.raises(ApiException) as gone:
        api.get_externalcontacts_contact(made.id)
    assert gone.value.status == 404


def test_patch(api):
    made = api.post_externalcontacts_contacts(contact("Pat", "Chett", title="Buyer"))
    patched = api.patch_externalcontacts_contact(
        made.id,
        patch(
            change("$.firstName", "Update", "Patrick"),
            change("$.title", "UpdateIfEmpty", "ignored"),
            change("$.middleName", "UpdateIfEmpty", "Quentin"),
            change("$.cellPhone.display", "Update", "+33 6 12 34 56 78"),
        ),
    )
    assert (patched.first_name, patched.middle_name, patched.title) == ("Patrick", "Quentin", "Buyer")
    assert patched.cell_phone.e164 == "+33612345678"
    removed = api.patch_externalcontacts_contact(made.id, patch(change("$.title", "Remove")))
    assert removed.title is None


def test_list_search_and_sort(api):
    marker = "Q" + uuid.uuid4().hex[:10]
    acme = organization(api, marker)
    for first in ["Cosima", "Anton", "Bela"]:
        linked = contact(first, marker, external_organization=acme)
        api.post_externalcontacts_contacts(linked)
    listed = api.get_externalcontacts_contacts(
        q=marker, sort_order="firstName:asc", page_size=2, page_number=1, expand=["externalOrganization"]
    )
    assert [one.first_name for one in listed.entities] == ["Anton", "Bela"]
    assert (listed.total, listed.page_count, listed.page_size) == (3, 2, 2)
    assert listed.entities[0].external_organization.name == marker
    second = api.get_externalcontacts_contacts(q=marker, sort_order="firstName:asc", page_size=2, page_number=2)
    assert [one.first_name for one in second.entities] == ["Cosima"]

    request = sdk.ContactSearchRequest()
    request.page_size, request.page_number = 10, 1
    request.operation = sdk.ContactSearchOperation()
    request.operation.simple_search = sdk.ContactSimpleSearch()
    request.operation.simple_search.query = f"{marker} bel"
    request.operation.simple_search.sort_order = ["lastName:asc"]
    found = api.post_externalcontacts_contacts_search(request)
    assert [one.first_name for one in found.entities] == ["Bela"]

    of_organization = api.get_externalcontacts_organization_contacts(acme.id, sort_order="firstName:desc")
    assert [one.first_name for one in of_organization.entities] == ["Cosima", "Bela", "Anton"]


def test_reverse_white_pages_and_identifiers(api):
    made = api.post_externalcontacts_contacts(
        contact("Rita", "Rückwärts", work_phone=phone("+44 20 7946 0018"), work_email="Rita@Example.org")
    )
    for value in ["+442079460018", "+44 20 7946 0018", "rita@example.ORG"]:
        found = api.get_externalcontacts_reversewhitepageslookup(value)
        assert made.id in [one.id for one in found.contacts], value
    assert api.get_externalcontacts_reversewhitepageslookup("+442079460019").contacts == []

    identifier = sdk.ContactIdentifier()
    identifier.type, identifier.value = "Phone", "+44 20 7946 0018"
    assert api.post_externalcontacts_identifierlookup_contacts(identifier).id == made.id
    identifier.type, identifier.value = "Email", "nobody@example.org"
    with pytest.raises(ApiException) as nobody:
        api.post_externalcontacts_identifierlookup_contacts(identifier)
    assert nobody.value.status == 404


def test_scan_walks_everything_once(api):
    made = {api.post_externalcontacts_contacts(contact("Scan", f"Number {n}")).id for n in range(25)}
    seen, cursor = [], None
    while True:
        page = api.get_externalcontacts_scan_contacts(limit=10, **({"cursor": cursor} if cursor else {}))
        seen += [one.id for one in page.entities]
        cursor = page.cursors.after if page.cursors else None
        if not cursor:
            break
    assert len(seen) == len(set(seen))
    assert made <= set(seen)


def test_bulk(api):
    body = sdk.BulkContactsRequest()
    body.entities = [contact("Bulk", "One"), contact("Bulk", None), contact("Bulk", "Three")]
    added = api.post_externalcontacts_bulk_contacts_add(body)
    assert [one.success for one in added.results] == [True, False, True]
    assert (added.error_count, added.error_indexes) == (1, [1])
    assert added.results[1].error.details[0].field_name == "lastName"
    kept = [one.entity for one in added.results if one.success]

    fetched = api.post_externalcontacts_bulk_contacts(ids(kept[0].id, kept[1].id, str(uuid.uuid4())))
    assert [one.success for one in fetched.results] == [True, True, False]

    kept[0].title = "Head of Bulk"
    update = sdk.BulkContactsRequest()
    update.entities = [kept[0]]
    assert api.post_externalcontacts_bulk_contacts_update(update).results[0].entity.title == "Head of Bulk"

    removed = api.post_externalcontacts_bulk_contacts_remove(ids(kept[0].id, kept[1].id))
    assert removed.error_count == 0
    with pytest.raises(ApiException) as gone:
        api.get_externalcontacts_contact(kept[0].id)
    assert gone.value.status == 404


def test_every_fault_is_named_at_once(api):
    bad = contact("x" * 1001, None, work_phone=phone("ext. 12"))
    bad.survey_opt_out = "perhaps"
    with pytest.raises(ApiException) as refused:
        api.post_externalcontacts_contacts(bad)
    assert refused.value.status == 400
    for field in ["firstName", "lastName", "surveyOptOut", "workPhone"]:
        assert field in refused.value.body, field
