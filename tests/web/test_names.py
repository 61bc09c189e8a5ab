"""Names of many scripts are shown as they are, right-to-left ones from the right, and no text of a record
does anything on the page."""

import pytest
from playwright.sync_api import expect

SCRIPTS = [
    ("Άννα", "Παπαδοπούλου", "ltr"),
    ("Анна", "Ковальчук", "ltr"),
    ("محمد", "الخوارزمي", "rtl"),
    ("יעל", "כהן", "rtl"),
    ("太郎", "山田", "ltr"),
    ("小明", "王", "ltr"),
    ("민준", "김", "ltr"),
    ("สมชาย", "ใจดี", "ltr"),
    ("अनीता", "शर्मा", "ltr"),
    ("ნინო", "ბერიძე", "ltr"),
]

HOSTILE = [
    '<script>document.title="taken"</script>',
    '<img src=x onerror="document.title=1">',
    '"><svg onload=alert(1)>',
    '=HYPERLINK("http://example.org","x")',
    "{{7*7}}${7*7}",
]


@pytest.mark.parametrize("first, last, direction", SCRIPTS)
def test_a_name_is_shown_in_its_own_direction(visit, first, last, direction):
    visitor = visit()
    contact = visitor.add(first, last)
    page = visitor.open(f"/contact/{contact['id']}")
    name = page.locator("article h1 bdi")
    expect(name).to_have_text(f"{first} {last}")
    assert name.evaluate("node => getComputedStyle(node).direction") == direction
    page.locator("#search").fill(first)
    expect(page.locator(".results a").first).to_contain_text(last)
    page.get_by_role("link", name="Edit", exact=True).click()
    field = page.locator("[name=firstName]")
    expect(field).to_have_value(first)
    assert field.evaluate("node => getComputedStyle(node).direction") == direction
    if direction == "rtl":
        visitor.shoot(f"rtl-{SCRIPTS.index((first, last, direction))}")


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_that_looks_like_a_program_is_only_a_text(visit, text):
    visitor = visit()
    house = visitor.call("POST", "/api/v2/externalcontacts/organizations", {"name": text})
    contact = visitor.add(text, text, title=text, externalOrganization={"id": house["id"]}, address={"city": text})
    visitor.call("POST", f"/api/v2/externalcontacts/contacts/{contact['id']}/notes", {"noteText": text})
    page = visitor.open(f"/contact/{contact['id']}")
    expect(page.locator("article h1")).to_have_text(f"{text} {text}")
    expect(page.locator(".note-text")).to_have_text(text)
    expect(page.get_by_role("link", name=text).first).to_be_visible()
    page.locator(".record-tools").get_by_role("button", name="Remove").click()
    expect(page.get_by_role("dialog")).to_contain_text(text)
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Edit", exact=True).click()
    expect(page.locator("[name=title]")).to_have_value(text)
    visitor.open(f"/organization/{house['id']}")
    expect(page.locator("article h1")).to_have_text(text)
    assert page.locator("main script, main img, main svg[onload]").count() == 0
    assert "taken" not in page.title() or text in page.title()


def test_an_address_that_is_none_of_the_web_is_no_link(visit):
    visitor = visit()
    house = {"name": "Linked", "websites": ["javascript:alert(1)"]}
    organization = visitor.call("POST", "/api/v2/externalcontacts/organizations", house)
    page = visitor.open(f"/organization/{organization['id']}")
    for link in page.locator("article a").all():
        assert not (link.get_attribute("href") or "").lower().startswith("javascript:")


@pytest.mark.parametrize("place", ["/contact/..", "/contact/%2e%2e%2forganizations", "/contact/%", "/%00", "/admin/x/y", "/contact/a/b/c"])
def test_an_address_that_leads_nowhere_says_so(visit, place):
    page = visit().open(place)
    expect(page.locator("main h1")).to_be_visible()
    assert page.locator("main .alert, main a[href='#/'], main .admin").count() > 0
