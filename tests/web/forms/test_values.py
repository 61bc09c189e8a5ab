"""What is typed is what is saved: numbers, lists, dates and long texts are never changed without a word."""

import pytest
from playwright.sync_api import expect

CONTACTS = "/api/v2/externalcontacts/contacts"
EXACT = "12345678901234567890"


def field(kind, title, **more):
    return {"allOf": [{"$ref": f"#/definitions/{kind}"}], "title": title, "description": title, **more}


PROPERTIES = {
    "count_integer": field("integer", "Amount"),
    "rate_number": field("number", "Rate"),
    "labels_tag": field("tag", "Labels"),
    "birthday_date": field("date", "Birthday"),
    "call_datetime": field("datetime", "Next call"),
}


@pytest.fixture(scope="module")
def made(administrator):
    schema = {"$schema": "http://json-schema.org/draft-04/schema#", "title": "Values", "properties": PROPERTIES}
    body = {"name": "Values", "version": 0, "enabled": True, "jsonSchema": schema}
    return administrator.call("POST", f"{CONTACTS}/schemas", body)


def edit(visitor, made, first, **values):
    reference = {"id": made["id"], "version": made["version"]}
    contact = visitor.add(first, "Value", schema=reference, customFields=values)
    page = visitor.open(f"/contact/{contact['id']}/edit")
    return contact, page.locator("form.record-form")


def saved(visitor, contact, form):
    form.get_by_role("button", name="Save").click()
    expect(visitor.page.locator("article h1")).to_be_visible()
    return visitor.context.request.get(f"{CONTACTS}/{contact['id']}")


def fault(form, label):
    named = form.get_by_label(label).get_attribute("aria-describedby").split()[-1]
    return form.page.locator(f"#{named}")


@pytest.mark.parametrize("typed", ["1,000", "1.000", "12,345", "-1,500", "0x10", "1e3", "1 000", "1,000,000", "."])
def test_what_is_no_plain_number_is_refused_at_its_field(visit, made, typed):
    visitor = visit()
    contact, form = edit(visitor, made, "Refused", count_integer=7)
    form.get_by_label("Amount").fill(typed)
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_label("Amount")).to_have_attribute("aria-invalid", "true")
    expect(form.get_by_label("Amount")).to_have_value(typed)
    kept = visitor.call("GET", f"{CONTACTS}/{contact['id']}")
    assert kept["customFields"] == {"count_integer": 7}


@pytest.mark.parametrize(
    "label, typed, kept",
    [
        ("Amount", "+12", "12"),
        ("Amount", "007", "7"),
        ("Amount", EXACT, EXACT),
        ("Amount", f"-{EXACT}", f"-{EXACT}"),
        ("Amount", f"00000000000000000000{EXACT}", EXACT),
        ("Amount", "00000000000000000000005", "5"),
        ("Amount", "9007199254740993", "9007199254740993"),
        ("Rate", "12,5", "12.5"),
        ("Rate", "0,125", "0.125"),
        ("Rate", "1.125", "1.125"),
    ],
)
def test_a_plain_number_is_saved_as_it_was_typed(visit, made, label, typed, kept):
    visitor = visit()
    contact, form = edit(visitor, made, "Plain")
    form.get_by_label(label).fill(typed)
    assert f':{kept}}}' in saved(visitor, contact, form).text()


def test_a_browser_without_raw_numbers_keeps_those_it_would_round(visit, made):
    visitor = visit()
    visitor.context.add_init_script("delete JSON.rawJSON")
    body = f'{{"firstName":"Old","lastName":"Browser","title":"{EXACT} \\" {EXACT}",' \
        f'"schema":{{"id":"{made["id"]}","version":1}},"customFields":{{"count_integer":{EXACT}}}}}'
    headers = {"Content-Type": "application/json", "Origin": visitor.daemon.url}
    contact = visitor.context.request.post(CONTACTS, data=body, headers=headers).json()
    page = visitor.open("/help")
    page.reload()
    page = visitor.open(f"/contact/{contact['id']}/edit")
    form = page.locator("form.record-form")
    expect(form.get_by_label("Amount")).to_have_value(EXACT)
    form.locator("[name=middleName]").fill("kept")
    answer = saved(visitor, contact, form)
    assert f'"count_integer":{EXACT}' in answer.text()
    assert answer.json()["title"] == f'{EXACT} " {EXACT}'


def test_a_tag_with_a_comma_stays_one_tag(visit, made):
    visitor = visit()
    labels = ["Smith, John", 'the "best"', "plain"]
    contact, form = edit(visitor, made, "Listed", labels_tag=labels)
    expect(form.get_by_label("Labels")).to_have_value('"Smith, John", "the ""best""", plain')
    form.locator("[name=title]").fill("changed")
    assert saved(visitor, contact, form).json()["customFields"]["labels_tag"] == labels
    page = visitor.open(f"/contact/{contact['id']}/edit")
    form = page.locator("form.record-form")
    form.get_by_label("Labels").fill('a b, "Smith, John",  "x ""y"" z" , 5" disk')
    kept = saved(visitor, contact, form).json()["customFields"]["labels_tag"]
    assert kept == ["a b", "Smith, John", 'x "y" z', '5" disk']


@pytest.mark.parametrize("label, keys", [("Birthday", "12"), ("Next call", "12")])
def test_half_a_date_is_said_at_its_field(visit, made, label, keys):
    visitor = visit()
    contact, form = edit(visitor, made, "Half")
    form.get_by_label(label).focus()
    visitor.page.keyboard.type(keys)
    form.get_by_role("button", name="Save").click()
    expect(fault(form, label)).to_have_text("This value is not possible here.")
    expect(form.get_by_label(label)).to_be_focused()
    assert "customFields" not in visitor.call("GET", f"{CONTACTS}/{contact['id']}")


@pytest.mark.parametrize(
    "name, text, fault_text",
    [
        ("workEmail", f"{'a' * 300}@example.org", "longer than"),
        ("lastName", "n" * 1200, "longer than"),
        ("address.city", "c" * 120, "longer than"),
    ],
)
def test_a_text_that_is_too_long_is_refused_and_not_cut(visit, made, name, text, fault_text):
    visitor = visit()
    _, form = edit(visitor, made, "Long")
    input = form.locator(f"[name='{name}']")
    input.focus()
    visitor.page.keyboard.insert_text(text) if name != "lastName" else input.fill(text)
    form.get_by_role("button", name="Save").click()
    expect(input).to_have_attribute("aria-invalid", "true")
    expect(input).to_have_value(text)
    described = input.get_attribute("aria-describedby").split()[-1]
    expect(visitor.page.locator(f"#{described}")).to_contain_text(fault_text)


def test_a_note_that_is_too_long_is_refused_and_not_cut(visit):
    visitor = visit()
    contact = visitor.add("Long", "Note")
    page = visitor.open(f"/contact/{contact['id']}")
    area = page.get_by_label("New note")
    area.focus()
    page.keyboard.insert_text("n" * 32_005)
    page.get_by_role("button", name="Add note").click()
    expect(page.locator(".note-form").get_by_role("alert")).to_contain_text("longer than")
    assert len(area.input_value()) == 32_005
