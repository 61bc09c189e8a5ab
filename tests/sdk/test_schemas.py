"""Schemas of custom fields through the vendor's SDK: its 19 operations, done and refused."""

import json
import uuid

import pytest

import PureCloudPlatformClientV2 as sdk
from PureCloudPlatformClientV2.rest import ApiException

from conftest import ID, SECRET, carnet
from test_contacts import change, contact, patch

# A value of every core type.
VALUES = {
    "contract_number_text": "0049",
    "story_longtext": "one\ntwo",
    "score_number": 1.5,
    "count_integer": 7,
    "level_enum": "gold",
    "member_identifier": "M-77",
    "vip_checkbox": True,
    "since_date": "2024-02-29",
    "called_datetime": "2026-01-31T12:30:00.000Z",
    "kinds_tag": ["a", "b c"],
    "site_url": "https://crm.example/7",
}


def schema(name, version=0, keys=VALUES):
    document = sdk.JsonSchemaDocument()
    document.schema = "http://json-schema.org/draft-04/schema#"
    document.title = name
    document.description = "made by a test"
    document.properties = {}
    for key in keys:
        field = {"allOf": [{"$ref": "#/definitions/" + key.rsplit("_", 1)[1]}], "title": key}
        if key.endswith("_enum"):
            field["enum"] = ["gold", "lead"]
            field["_enumProperties"] = {"gold": {"title": "Gold", "_disabled": False}}
        document.properties[key] = field
    body = sdk.DataSchema()
    body.name, body.version, body.enabled, body.json_schema = name, version, True, document
    return body


def operations(api, kind):
    """The calls of the schemas of a kind, by the rest of their names."""

    def call(verb, rest, *arguments):
        return getattr(api, f"{verb}_externalcontacts_{kind}_schema{rest}")(*arguments)

    return call


def refused(status, call, *arguments):
    with pytest.raises(ApiException) as refusal:
        call(*arguments)
    assert refusal.value.status == status, refusal.value.body
    return json.loads(refusal.value.body)


@pytest.mark.parametrize("kind", ["contacts", "organizations"])
def test_a_schema_from_first_to_last(api, kind):
    call = operations(api, kind)
    made = call("post", "s", schema("Customer"))
    assert (made.version, made.enabled, made.name) == (1, True, "Customer")
    assert made.json_schema.properties["level_enum"]["enum"] == ["gold", "lead"]
    assert made.created_by.id == ID and made.date_created is not None
    assert call("get", "", made.id).json_schema.title == "Customer"
    next_one = call("put", "", made.id, schema("Client", 1, ["a_text"]))
    assert (next_one.version, next_one.name) == (2, "Client")
    assert made.id in [one.id for one in call("get", "s").entities]
    versions = call("get", "_versions", made.id)
    assert ([one.version for one in versions.entities], versions.total) == ([1, 2], 2)
    assert call("get", "_version", made.id, "1").name == "Customer"
    types = call("get", "s_coretypes")
    assert types.total == 11 and "identifier" in [one.name for one in types.entities]
    text = call("get", "s_coretype", "text")
    assert text.validation_limits.max_length.max == 100
    assert call("get", "s_coretype", "tag").item_validation_limits.max_length.max == 100
    assert call("get", "s_limits").max_number_of_fields_per_schema == 50

    assert refused(409, call, "put", "", made.id, schema("Late", 1))["code"] == "conflict"
    bad = schema("")
    bad.json_schema.title = None
    bad.json_schema.properties["contract_number_text"]["maxLength"] = 101
    named = [one["fieldName"] for one in refused(400, call, "post", "s", bad)["details"]]
    assert named == ["jsonSchema.properties.contract_number_text.maxLength", "name"]
    stranger = str(uuid.uuid4())
    for arguments in [
        ("get", "", stranger),
        ("put", "", stranger, schema("x", 1)),
        ("get", "_versions", stranger),
        ("get", "_version", made.id, "3"),
        ("get", "s_coretype", "shoe"),
    ]:
        assert refused(404, call, *arguments)["code"] == "not.found"


def test_a_removed_schema_stays_readable(api):
    made = api.post_externalcontacts_contacts_schemas(schema("Gone"))
    api.delete_externalcontacts_contacts_schema(made.id)
    refused(404, api.delete_externalcontacts_contacts_schema, made.id)
    refused(404, api.get_externalcontacts_contacts_schema, made.id)
    assert api.get_externalcontacts_contacts_schema_version(made.id, "1").name == "Gone"


def test_a_value_of_every_core_type_is_kept_found_and_checked(api):
    made = api.post_externalcontacts_contacts_schemas(schema("Every type"))
    reference = sdk.DataSchema()
    reference.id, reference.version = made.id, 1
    member = "M-" + uuid.uuid4().hex[:8]
    values = {**VALUES, "member_identifier": member}
    kept = api.post_externalcontacts_contacts(contact(schema=reference, custom_fields=values))
    assert kept.custom_fields == values and kept.schema.version == 1
    found = api.get_externalcontacts_contacts(q=member.lower())
    assert [one.id for one in found.entities] == [kept.id]
    patched = api.patch_externalcontacts_contact(
        kept.id, patch(change("$.customFields.count_integer", "Update", 8))
    )
    assert patched.custom_fields["count_integer"] == 8
    # Reading and putting back is no change.
    assert api.put_externalcontacts_contact(kept.id, patched).custom_fields == patched.custom_fields

    wrong = {key: [] for key in VALUES if key != "kinds_tag"} | {"kinds_tag": ["a", "a"], "shoe_text": "x"}
    body = refused(400, api.post_externalcontacts_contacts, contact(schema=reference, custom_fields=wrong))
    named = {one["fieldName"] for one in body["details"]}
    assert named == {f"customFields.{key}" for key in VALUES if key != "kinds_tag"} | {
        "customFields.kinds_tag[1]",
        "customFields.shoe_text",
    }
    free = refused(400, api.post_externalcontacts_contacts, contact(custom_fields={"a": 1}))
    assert [one["fieldName"] for one in free["details"]] == ["customFields"]


def test_who_lacks_the_permission_may_do_none_of_it(api, daemon):
    words = ["client", "add", "Weak", "--role", "lookup", "--id", "weak-sdk", "--secret", SECRET]
    carnet(*words, "--url", daemon.url, "--as-id", ID, "--as-secret", SECRET)
    client = sdk.api_client.ApiClient(host=daemon.url)
    weak = sdk.ExternalContactsApi(client.get_client_credentials_token("weak-sdk", SECRET))
    some, body = str(uuid.uuid4()), schema("x", 1)
    count = 0
    for kind in ["contacts", "organizations"]:
        call = operations(weak, kind)
        calls = [
            ("get", "s"),
            ("post", "s", body),
            ("get", "", some),
            ("put", "", some, body),
            ("get", "_versions", some),
            ("get", "_version", some, "1"),
            ("get", "s_coretypes"),
            ("get", "s_coretype", "text"),
            ("get", "s_limits"),
        ]
        if kind == "contacts":
            calls.append(("delete", "", some))
        for arguments in calls:
            assert refused(403, call, *arguments)["code"] == "missing.permissions"
            count += 1
    assert count == 19
