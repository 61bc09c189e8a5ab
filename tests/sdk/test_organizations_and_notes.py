"""Organisations, and the notes of contacts, through the vendor's SDK."""

import uuid

import pytest

import PureCloudPlatformClientV2 as sdk
from PureCloudPlatformClientV2.rest import ApiException

from test_contacts import change, contact, organization, patch


def note(text):
    body = sdk.Note()
    body.note_text = text
    body.created_by = sdk.User()
    body.created_by.id = str(uuid.uuid4())
    return body


def test_an_organisation_from_first_to_last(api):
    name = "Étoile " + uuid.uuid4().hex[:8]
    made = organization(api, name)
    read = api.get_externalcontacts_organization(made.id)
    assert read.name == name
    member = api.post_externalcontacts_contacts(contact("Mem", "Ber", external_organization=made))
    assert member.external_organization.id == made.id

    read.name, read.industry, read.employee_count = name + " SA", "Steel", 12
    read.tags = ["gold"]
    renamed = api.put_externalcontacts_organization(made.id, read)
    assert (renamed.name, renamed.industry, renamed.employee_count) == (name + " SA", "Steel", 12)
    listed = api.get_externalcontacts_organizations(q=name, sort_order="name:asc")
    assert [one.id for one in listed.entities] == [made.id]
    patched = api.patch_externalcontacts_organization(made.id, patch(change("$.industry", "Update", "Paper")))
    assert patched.industry == "Paper"

    api.delete_externalcontacts_organization(made.id)
    with pytest.raises(ApiException) as gone:
        api.get_externalcontacts_organization(made.id)
    assert gone.value.status == 404
    assert api.get_externalcontacts_contact(member.id).external_organization is None


def test_an_unknown_organisation_is_refused_by_name(api):
    stranger = sdk.ExternalOrganization()
    stranger.id, stranger.name = str(uuid.uuid4()), "Nobody"
    with pytest.raises(ApiException) as refused:
        api.post_externalcontacts_contacts(contact(external_organization=stranger))
    assert refused.value.status == 400
    assert "externalOrganization.id" in refused.value.body


def test_notes_of_a_contact(api):
    owner = api.post_externalcontacts_contacts(contact("No", "Ted"))
    first = api.post_externalcontacts_contact_notes(owner.id, note("called, no answer"))
    second = api.post_externalcontacts_contact_notes(owner.id, note("called again"))
    assert first.note_text == "called, no answer"
    assert api.get_externalcontacts_contact_note(owner.id, first.id).created_by.id == first.created_by.id
    listed = api.get_externalcontacts_contact_notes(owner.id, sort_order="createDate:desc")
    assert [one.id for one in listed.entities] == [second.id, first.id]

    first.note_text = "called, engaged"
    assert api.put_externalcontacts_contact_note(owner.id, first.id, first).note_text == "called, engaged"
    patched = api.patch_externalcontacts_contact_note(
        owner.id, first.id, patch(change("$.noteText", "Update", "called, spoke to Ted"))
    )
    assert patched.note_text == "called, spoke to Ted"
    api.delete_externalcontacts_contact_note(owner.id, first.id)
    assert [one.id for one in api.get_externalcontacts_contact_notes(owner.id).entities] == [second.id]


def test_notes_of_an_organisation(api):
    owner = organization(api, "Notes " + uuid.uuid4().hex[:8])
    made = api.post_externalcontacts_organization_notes(owner.id, note("pays late"))
    assert [one.id for one in api.get_externalcontacts_organization_notes(owner.id).entities] == [made.id]
    assert api.get_externalcontacts_organization_note(owner.id, made.id).note_text == "pays late"
    api.delete_externalcontacts_organization_note(owner.id, made.id)
    assert api.get_externalcontacts_organization_notes(owner.id).entities == []


def test_a_wrong_secret_gets_no_token(daemon):
    with pytest.raises(ApiException) as refused:
        sdk.api_client.ApiClient(host=daemon.url).get_client_credentials_token("sdk-tests", "wrong")
    assert refused.value.status == 401
