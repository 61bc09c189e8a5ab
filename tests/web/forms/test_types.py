"""Contact types: an administrator makes one with a field of every kind, and the form has the right inputs."""

import pytest
from playwright.sync_api import expect

KINDS = {
    "Nickname": "text",
    "Story": "longtext",
    "Discount": "number",
    "Visits": "integer",
    "Tier": "enum",
    "Contract number": "identifier",
    "Newsletter": "checkbox",
    "Birthday": "date",
    "Next call": "datetime",
    "Interests": "tag",
    "Profile": "url",
}


@pytest.fixture(scope="module")
def made(administrator):
    """The type, made in the page."""
    page = administrator.open("/admin/contacts/new")
    page.get_by_label("Name").fill("Client")
    for title, kind in KINDS.items():
        page.get_by_role("button", name="Add a field").click()
        line = page.locator(".type-field").last
        line.get_by_label("Title").fill(title)
        line.get_by_label("Kind").select_option(kind)
        if kind == "enum":
            line.get_by_label("Choices").fill("gold, silver")
    administrator.shoot("type-filled")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name="Client", exact=True)).to_be_visible()
    expect(page.get_by_role("row", name="Client")).to_contain_text("11 fields")
    listed = administrator.call("GET", "/api/v2/externalcontacts/contacts/schemas")["entities"]
    return next(schema for schema in listed if schema["name"] == "Client")


def begin(visitor, first, last):
    page = visitor.open("/contact/new")
    form = page.locator("form.record-form")
    form.locator("[name=firstName]").fill(first)
    form.locator("[name=lastName]").fill(last)
    form.locator("[name=schema]").select_option(label="Client")
    return form


def test_every_kind_of_field_is_typed_kept_and_shown(visit, made):
    visitor = visit()
    form = begin(visitor, "Custom", "Fields")
    form.get_by_label("Nickname").fill("Cus")
    form.get_by_label("Story").fill("A long\nstory.")
    form.get_by_label("Discount").fill("12.5")
    form.get_by_label("Visits").fill("7")
    form.get_by_label("Tier").select_option("gold")
    form.get_by_label("Contract number").fill("C-4711")
    form.get_by_label("Newsletter").check()
    form.get_by_label("Birthday").fill("1990-02-28")
    form.get_by_label("Next call").fill("2026-12-24T10:30")
    form.get_by_label("Interests").fill("sailing, chess")
    form.get_by_label("Profile").fill("https://example.org/cus")
    visitor.shoot("form-with-type")
    form.get_by_role("button", name="Save").click()
    article = visitor.page.locator("article")
    expect(article.get_by_role("heading", level=1)).to_have_text("Custom Fields")
    card = article.locator("section", has=visitor.page.get_by_role("heading", name="Client"))
    for text in ["Cus", "12.5", "gold", "C-4711", "1990-02-28", "sailing, chess", "example.org/cus"]:
        expect(card).to_contain_text(text)
    visitor.shoot("contact-with-type")
    place = visitor.page.url.split("/contact/")[1]
    kept = visitor.call("GET", f"/api/v2/externalcontacts/contacts/{place}")
    assert kept["schema"]["id"] == made["id"]
    values = {key.rsplit("_", 1)[1]: value for key, value in kept["customFields"].items()}
    assert values["number"] == 12.5 and values["integer"] == 7 and values["checkbox"] is True
    assert values["tag"] == ["sailing", "chess"] and values["enum"] == "gold"
    # The identifier finds it.
    visitor.page.locator("#search").fill("C-4711")
    rows = visitor.page.locator(".results a")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("Custom Fields")


def test_a_fault_of_a_custom_field_is_said_at_its_field(visit, made):
    visitor = visit()
    form = begin(visitor, "Wrong", "Fields")
    form.get_by_label("Visits").fill("many")
    form.get_by_label("Profile").fill("nowhere")
    form.get_by_role("button", name="Save").click()
    for label in ["Visits", "Profile"]:
        expect(form.get_by_label(label)).to_have_attribute("aria-invalid", "true")
    expect(form.get_by_label("Visits")).to_have_value("many")


def test_a_fault_is_said_in_the_language_of_the_page(visit, made):
    form = begin(visit(language="fr-FR"), "Fausses", "Valeurs")
    form.get_by_label("Visits").fill("many")
    form.get_by_label("Discount").fill("beaucoup")
    form.get_by_role("button", name="Enregistrer").click()
    for label, fault in [("Visits", "Il faut un nombre entier."), ("Discount", "Il faut un nombre.")]:
        described = form.get_by_label(label).get_attribute("aria-describedby").split()[-1]
        expect(form.page.locator(f"#{described}")).to_have_text(fault)


def test_a_type_that_is_switched_off_is_not_offered(visit, made):
    visitor = visit()
    page = visitor.open("/admin/types")
    switch = page.get_by_role("switch", name="Offer Client")
    switch.uncheck()
    expect(page.get_by_text("Saved.").first).to_be_visible()
    visitor.open("/contact/new")
    expect(page.get_by_label("Contact Type").locator("option")).to_have_text(["None"])
    visitor.open("/admin/types")
    switch.check()
    expect(page.get_by_text("Saved.").first).to_be_visible()


def test_a_changed_type_is_a_new_version_and_old_records_keep_theirs(visit, made):
    visitor = visit()
    contact = visitor.add("Old", "Version", schema={"id": made["id"], "version": made["version"]})
    page = visitor.open("/admin/types")
    page.get_by_role("link", name="Client", exact=True).click()
    page.get_by_role("button", name="Add a field").click()
    page.locator(".type-field").last.get_by_label("Title").fill("Hat size")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("row", name="Client")).to_contain_text("12 fields")
    visitor.open(f"/contact/{contact['id']}/edit")
    expect(page.get_by_label("Nickname")).to_be_visible()
    expect(page.get_by_label("Hat size")).to_have_count(0)


def test_a_whole_number_that_javascript_would_round_is_sent_back_as_it_came(visit):
    visitor = visit()
    big = {"allOf": [{"$ref": "#/definitions/integer"}], "title": "Big", "description": "Big"}
    schema = visitor.call(
        "POST",
        "/api/v2/externalcontacts/contacts/schemas",
        {
            "name": "Large numbers", "version": 0, "enabled": True,
            "jsonSchema": {
                "$schema": "http://json-schema.org/draft-04/schema#", "title": "Large numbers",
                "properties": {"big_integer": big},
            },
        },
    )
    exact = "12345678901234567890"
    reference = f'{{"id":"{schema["id"]}","version":{schema["version"]}}}'
    body = f'{{"firstName":"Exact","lastName":"Number","schema":{reference},"customFields":{{"big_integer":{exact}}}}}'
    path = "/api/v2/externalcontacts/contacts"
    headers = {"Content-Type": "application/json", "Origin": visitor.daemon.url}
    added = visitor.context.request.post(path, data=body, headers=headers).json()
    page = visitor.open(f"/contact/{added['id']}/edit")
    expect(page.get_by_label("Big")).to_have_value(exact)
    page.locator("[name=title]").fill("kept")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("article")).to_contain_text(exact)
    assert exact in visitor.context.request.get(f"{path}/{added['id']}").text()
