"""Types and records have versions: of a record by two editors, of a type by its administrator."""

import pytest
from playwright.sync_api import expect

from slow import Slow

CONTACTS = "/api/v2/externalcontacts/contacts"


def field(kind, title, **more):
    return {"allOf": [{"$ref": f"#/definitions/{kind}"}], "title": title, "description": title, **more}


def make(visitor, name, properties, **more):
    schema = {"$schema": "http://json-schema.org/draft-04/schema#", "title": name, "properties": properties, **more}
    body = {"name": name, "version": 0, "enabled": True, "jsonSchema": schema}
    return visitor.call("POST", f"{CONTACTS}/schemas", body)


def reference(schema):
    return {"id": schema["id"], "version": schema["version"]}


def read(visitor, contact):
    return visitor.call("GET", f"{CONTACTS}/{contact['id']}")


def edit(visitor, contact):
    page = visitor.open(f"/contact/{contact['id']}/edit")
    return page, page.locator("form.record-form")


def replace(visitor, contact, **fields):
    body = {"firstName": contact["firstName"], "lastName": contact["lastName"], **fields}
    return visitor.call("PUT", f"{CONTACTS}/{contact['id']}", body)


def save(form):
    form.get_by_role("button", name="Save").click()


def choose(page):
    page.get_by_role("dialog").get_by_role("button", name="Save this choice").click()
    expect(page.locator("article h1")).to_be_visible()


@pytest.fixture(scope="module")
def member(administrator):
    properties = {"level_text": field("text", "Level"), "points_integer": field("integer", "Points")}
    return make(administrator, "Member", properties, required=["level_text"])


@pytest.fixture(scope="module")
def guest(administrator):
    return make(administrator, "Guest", {"host_text": field("text", "Host")})


VALUES = {"level_text": "gold", "points_integer": 12}


def test_a_type_that_another_gave_meanwhile_keeps_its_values(visit, member):
    visitor = visit()
    contact = visitor.add("Given", "Type")
    page, form = edit(visitor, contact)
    form.locator("[name=title]").fill("Mine")
    replace(visitor, contact, schema=reference(member), customFields=VALUES)
    save(form)
    dialog = page.get_by_role("dialog")
    rows = dialog.locator("tbody tr")
    expect(rows).to_have_count(4)
    expect(rows.filter(has_text="Contact Type")).to_contain_text("Member")
    expect(rows.filter(has_text="Level")).to_contain_text("gold")
    expect(rows.filter(has_text="Points")).to_contain_text("12")
    expect(dialog.get_by_role("radio", name="Contact Type: Saved meanwhile")).to_be_checked()
    visitor.shoot("conflict-of-types")
    choose(page)
    kept = read(visitor, contact)
    assert (kept["title"], kept["schema"]["id"], kept["customFields"]) == ("Mine", member["id"], VALUES)


def test_a_type_that_was_made_meanwhile_is_shown_with_its_values(visit):
    visitor = visit()
    contact = visitor.add("New", "Kind")
    page, form = edit(visitor, contact)
    form.locator("[name=title]").fill("Mine")
    made = make(visitor, "Latecomer", {"late_text": field("text", "How late")})
    replace(visitor, contact, schema=reference(made), customFields={"late_text": "very"})
    save(form)
    rows = page.get_by_role("dialog").locator("tbody tr")
    expect(rows.filter(has_text="Contact Type")).to_contain_text("Latecomer")
    expect(rows.filter(has_text="How late")).to_contain_text("very")
    choose(page)
    assert read(visitor, contact)["customFields"] == {"late_text": "very"}


@pytest.mark.parametrize("mine", [True, False])
def test_of_two_types_one_is_chosen_with_its_values(visit, member, guest, mine):
    visitor = visit()
    contact = visitor.add("Two", "Types")
    page, form = edit(visitor, contact)
    form.locator("[name=schema]").select_option(label="Guest")
    form.get_by_label("Host").fill("Hopper")
    replace(visitor, contact, schema=reference(member), customFields=VALUES)
    save(form)
    dialog = page.get_by_role("dialog")
    expect(dialog.locator("tbody tr").filter(has_text="Host")).to_contain_text("Hopper")
    expect(dialog.get_by_role("radio")).to_have_count(2)
    dialog.get_by_role("radio", name=f"Contact Type: {'Yours' if mine else 'Saved meanwhile'}").check()
    choose(page)
    kept = read(visitor, contact)
    assert kept["schema"]["id"] == (guest if mine else member)["id"]
    assert kept["customFields"] == ({"host_text": "Hopper"} if mine else VALUES)


def test_values_of_one_type_are_chosen_one_by_one(visit, member):
    visitor = visit()
    contact = visitor.add("One", "Type", schema=reference(member), customFields={"level_text": "tin"})
    page, form = edit(visitor, contact)
    form.get_by_label("Level").fill("silver")
    replace(visitor, contact, schema=reference(member), customFields=VALUES)
    save(form)
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("radio", name="Level: Yours")).to_be_checked()
    expect(dialog.get_by_role("radio", name="Points: Saved meanwhile")).to_be_checked()
    choose(page)
    assert read(visitor, contact)["customFields"] == {"level_text": "silver", "points_integer": 12}


def test_an_organization_that_nobody_changed_is_no_difference(visit):
    visitor = visit()
    organization = visitor.call("POST", "/api/v2/externalcontacts/organizations", {"name": "Same House"})
    contact = visitor.add("Same", "House", externalOrganization={"id": organization["id"]})
    page, form = edit(visitor, contact)
    form.locator("[name=title]").fill("Mine")
    replace(visitor, contact, externalOrganization={"id": organization["id"]}, middleName="Theirs")
    save(form)
    expect(page.get_by_role("dialog").locator("tbody tr")).to_have_count(2)
    choose(page)
    assert read(visitor, contact)["externalOrganization"]["id"] == organization["id"]


def test_the_same_edit_by_two_is_no_question(visit):
    visitor = visit()
    contact = visitor.add("Same", "Edit")
    page, form = edit(visitor, contact)
    form.locator("[name=title]").fill("Both")
    replace(visitor, contact, title="Both")
    save(form)
    expect(page.locator("article h1")).to_have_text("Same Edit")


def test_a_change_of_type_and_back_loses_nothing(visit, member, guest):
    visitor = visit()
    contact = visitor.add("To and", "Fro", schema=reference(member), customFields=VALUES)
    page, form = edit(visitor, contact)
    form.get_by_label("Level").fill("platinum")
    form.locator("[name=schema]").select_option(label="Guest")
    form.get_by_label("Host").fill("somebody")
    form.locator("[name=schema]").select_option(label="Member")
    expect(form.get_by_label("Level")).to_have_value("platinum")
    save(form)
    expect(page.locator("article h1")).to_be_visible()
    assert read(visitor, contact)["customFields"] == {"level_text": "platinum", "points_integer": 12}


def test_a_contact_moves_to_the_newest_version_with_its_values(visit):
    visitor = visit()
    old = make(visitor, "Growing", {"size_text": field("text", "Size"), "gone_text": field("text", "Gone")})
    values = {"size_text": "XL", "gone_text": "away"}
    contact = visitor.add("Grows", "Newer", schema=reference(old), customFields=values)
    properties = {"size_text": field("text", "Size"), "hat_text": field("text", "Hat")}
    newer = {**old, "jsonSchema": {**old["jsonSchema"], "properties": properties}}
    newest = visitor.call("PUT", f"{CONTACTS}/schemas/{old['id']}", newer)
    page, form = edit(visitor, contact)
    expect(form.get_by_label("Hat")).to_have_count(0)
    form.locator("[name=schema]").select_option(label="Growing (newest version)")
    expect(form.get_by_label("Size")).to_have_value("XL")
    form.get_by_label("Hat").fill("top")
    save(form)
    expect(page.locator("article")).to_contain_text("top")
    kept = read(visitor, contact)
    assert kept["schema"]["version"] == newest["version"] > old["version"]
    assert kept["customFields"] == {"size_text": "XL", "hat_text": "top"}
    # Now there is no newer one to offer.
    page, form = edit(visitor, contact)
    expect(form.locator("[name=schema] option").filter(has_text="Growing")).to_have_count(1)


def test_a_type_made_by_a_program_is_not_damaged_by_the_page(visit):
    visitor = visit()
    choices = ["gold", "Smith, John", "old"]
    titles = {"gold": {"title": "Gold card", "_disabled": False}, "old": {"title": "Old card", "_disabled": True}}
    bounds = {"minimum": 3, "maximum": 9}
    properties = {
        "card_enum": field("enum", "Card", enum=choices, _enumProperties=titles),
        "count_integer": {**field("integer", "Count", **bounds), "description": "How many"},
        "tags_tag": field("tag", "Tags", minItems=0, maxItems=3, uniqueItems=True,
                          items={"minLength": 2, "maxLength": 5}),
        "name_text": field("text", "Name it", minLength=2, maxLength=7),
        "gone_text": field("text", "Gone"),
    }
    made = make(visitor, "By a program", properties, required=["gone_text", "name_text"])
    page = visitor.open(f"/admin/contacts/{made['id']}")
    lines = page.locator(".type-field")
    expect(lines).to_have_count(5)
    page.locator("[name=name]").fill("Renamed")
    lines.nth(3).locator("[name=title]").fill("Call it")
    expect(lines.nth(3).get_by_role("switch", name="Required")).to_be_checked()
    lines.nth(1).get_by_role("switch", name="Required").check()
    # A field that was required is removed.
    lines.nth(4).get_by_role("button", name="Remove").click()
    visitor.shoot("type-required")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name="Renamed", exact=True)).to_be_visible()
    kept = visitor.call("GET", f"{CONTACTS}/schemas/{made['id']}")["jsonSchema"]
    was = made["jsonSchema"]["properties"]
    now = kept["properties"]
    assert now["card_enum"]["enum"] == choices
    for option, about in titles.items():
        assert now["card_enum"]["_enumProperties"][option] == about
    for key in ["count_integer", "tags_tag"]:
        assert now[key] == was[key]
    assert now["name_text"] == {**was["name_text"], "title": "Call it", "description": "Call it"}
    assert sorted(kept["required"]) == ["count_integer", "name_text"] and "gone_text" not in now


def test_a_field_of_a_type_needs_a_title(visit):
    visitor = visit()
    page = visitor.open("/admin/contacts/new")
    page.get_by_label("Name").fill("Nameless field")
    page.get_by_role("button", name="Add a field").click()
    page.get_by_role("button", name="Save").click()
    title = page.locator(".type-field [name=title]")
    expect(title).to_have_attribute("aria-invalid", "true")
    expect(title).to_be_focused()
    title.fill("Now it has one")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name="Nameless field", exact=True)).to_be_visible()


def test_a_type_is_saved_once_by_a_double_click(visit):
    visitor = visit()
    page = visitor.open("/admin/contacts/new")
    slow = Slow(page, "POST", "/schemas")
    page.get_by_label("Name").fill("Single")
    page.get_by_role("button", name="Save").dblclick()
    slow.wait()
    slow.let_go()
    expect(page.get_by_role("link", name="Single", exact=True)).to_have_count(1)
    assert slow.count == 1
