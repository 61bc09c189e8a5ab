"""Every view: no violation that axe-core knows, in light and dark, wide and at 360 pixels, and a picture of
each to look at."""

import os
import pathlib

import pytest
from playwright.sync_api import expect

from conftest import NARROW, SHOTS

AXE = pathlib.Path(os.environ["CARNET_WEB_MODULES"]) / "axe-core" / "axe.min.js"
VIEWS = {
    "start": "/",
    "contact": "/contact/{contact}",
    "contact-form": "/contact/{contact}/edit",
    "contact-new": "/contact/new",
    "organization-view": "/organization/{organization}",
    "organization-form": "/organization/{organization}/edit",
    "caller": "/caller",
    "settings": "/admin/settings",
    "users": "/admin/users",
    "clients": "/admin/clients",
    "types": "/admin/types",
    "type-new": "/admin/contacts/new",
    "import": "/admin/import",
    "export": "/admin/export",
    "account": "/account",
    "help": "/help",
    "nothing": "/no/such/view",
}


@pytest.fixture(scope="module")
def records(administrator):
    """A contact and an organisation with every field full."""
    house = administrator.call(
        "POST",
        "/api/v2/externalcontacts/organizations",
        {
            "name": "Sørensen & Filles GmbH", "industry": "Shipping", "phoneNumber": {"display": "+45 33 12 34 56"},
            "websites": ["https://example.org"], "employeeCount": 1200, "address": {"city": "København", "countryCode": "DK"},
        },
    )
    contact = administrator.add(
        "Jóhanna", "Guðmundsdóttir",
        title="Head of Purchasing",
        externalOrganization={"id": house["id"]},
        workPhone={"display": "+354 551 2345", "acceptsSMS": True},
        cellPhone={"display": "+354 691 2345", "acceptsSMS": True},
        homePhone={"display": "by way of her brother"},
        workEmail="johanna@example.org", personalEmail="a.very.long.address.of.somebody@a-very-long-name.example.org",
        address={"address1": "Laugavegur 1", "city": "Reykjavík", "postalCode": "101", "countryCode": "IS"},
        twitterId={"screenName": "johanna"}, externalSystemUrl="https://crm.example.org/people/4711", surveyOptOut=True,
    )
    path = f"/api/v2/externalcontacts/contacts/{contact['id']}/notes"
    administrator.call("POST", path, {"noteText": "Prefers to be called in the morning.\nSpeaks Danish, too."})
    return {"contact": contact["id"], "organization": house["id"]}


def check(page):
    """Looks for what axe-core knows to be wrong. It runs beside the page's own policy."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("() => axe.run(document, { resultTypes: ['violations'] })")
    wrong = [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found["violations"]]
    assert wrong == []


@pytest.mark.parametrize("look", ["light", "dark", "narrow"])
def test_no_view_has_a_violation_that_axe_knows(visit, records, look):
    viewport = {"viewport": NARROW} if look == "narrow" else {}
    visitor = visit(scheme="dark" if look == "dark" else "light", **viewport)
    page = visitor.page
    wrong = {}
    for name, place in VIEWS.items():
        visitor.open(place.format(**records))
        if name == "caller":
            page.locator("#caller").fill("+354 691 2345")
            expect(page.locator(".caller-line")).to_have_text("Jóhanna Guðmundsdóttir")
        expect(page.locator("[aria-busy=true], .waiting")).to_have_count(0)
        page.wait_for_load_state("networkidle")
        visitor.shoot(f"{name}-{look}")
        try:
            check(page)
        except AssertionError as error:
            wrong[name] = str(error)
        if look == "narrow":
            wide = page.evaluate("() => document.documentElement.scrollWidth")
            assert wide <= NARROW["width"], f"{name} is {wide} pixels wide"
    assert wrong == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_dialogs_have_no_violation_that_axe_knows(visit, records, scheme):
    visitor = visit(sign_in=False, scheme=scheme)
    page = visitor.page
    page.goto("/")
    expect(page.get_by_role("dialog")).to_be_visible()
    visitor.shoot(f"sign-in-{scheme}")
    check(page)
    visitor.fill_sign_in()
    visitor.open(f"/contact/{records['contact']}")
    page.locator(".record-tools").get_by_role("button", name="Remove").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    visitor.shoot(f"question-{scheme}")
    check(page)


def test_the_page_asks_nobody_but_the_daemon(visit, records):
    visitor = visit(sign_in=False)
    asked = []
    visitor.page.on("request", lambda request: asked.append(request.url))
    visitor.sign_in()
    for place in VIEWS.values():
        visitor.open(place.format(**records))
    assert asked and all(url.startswith(visitor.daemon.url) for url in asked)


def test_at_360_pixels_list_and_record_take_turns(visit, records):
    visitor = visit(viewport=NARROW)
    page = visitor.page
    page.locator("#search").fill("gudmundsdottir")
    page.locator(".results a").first.click()
    expect(page.locator("article h1")).to_be_visible()
    expect(page.locator("#search")).to_be_hidden()
    page.locator("a.back").click()
    expect(page.locator("#search")).to_be_visible()
    expect(page.locator("#search")).to_have_value("gudmundsdottir")


def test_nothing_moves_where_that_is_asked_for(visit):
    page = visit(reduced_motion="reduce").page
    moving = page.evaluate(
        "() => [...document.querySelectorAll('*')].filter((node) => getComputedStyle(node).transitionDuration !== '0s').length"
    )
    assert moving == 0


def test_a_contact_is_added_and_edited_by_the_keyboard_alone(visit):
    page = visit().page
    page.keyboard.press("Escape")
    page.locator("#search").blur()
    page.keyboard.press("n")
    form = page.locator("form.record-form")
    expect(form).to_be_visible()

    def tab_to(selector):
        for _ in range(60):
            if page.evaluate("selector => document.activeElement?.matches(selector) ?? false", selector):
                return
            page.keyboard.press("Tab")
        raise AssertionError(f"{selector} is not reached")

    tab_to("[name=firstName]")
    page.keyboard.type("Barbara")
    tab_to("[name=lastName]")
    page.keyboard.type("Liskov")
    tab_to("[name=externalOrganization]")
    page.keyboard.type("Keyboard Institute")
    expect(form.get_by_role("listbox").get_by_role("option").last).to_contain_text("Keyboard Institute")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(form.get_by_role("listbox")).to_be_hidden()
    tab_to("[name='workPhone']")
    page.keyboard.type("+44 20 7946 0777")
    tab_to("[name='workPhone.acceptsSMS']")
    page.keyboard.press("Space")
    page.keyboard.press("Control+Enter")
    expect(page.locator("article h1")).to_have_text("Barbara Liskov")
    expect(page.locator("article h1")).to_be_focused()
    expect(page.get_by_role("link", name="SMS")).to_be_visible()
    page.keyboard.press("e")
    expect(page.locator("form.record-form h1")).to_have_text("Edit Barbara Liskov")
    page.keyboard.press("Escape")
    expect(page.locator("#search")).to_be_visible()


def test_single_keys_can_be_switched_off(visit):
    visitor = visit()
    page = visitor.open("/account")
    page.get_by_role("switch").uncheck()
    page.locator("main h1").click()
    page.keyboard.press("?")
    expect(page.locator("main h1")).to_have_text("Ada")
    page.get_by_role("switch").check()
    page.locator("main h1").click()
    page.keyboard.press("?")
    expect(page.locator("main h1")).to_have_text("Help")


def test_the_picture_of_the_readme_is_small(visit):
    visitor = visit(viewport={"width": 1200, "height": 720})
    house = visitor.call("POST", "/api/v2/externalcontacts/organizations", {"name": "Atelier Soleil"})
    people = [
        ("Jürg", "Müller", "Architect", "+41 44 668 18 00"),
        ("Aylin", "Müller-Yıldız", "Head of Purchasing", "+49 30 9018 2044"),
        ("Ewa", "Mulerczyk", "Accountant", "+48 22 555 01 23"),
        ("Mulan", "Fa", "Interpreter", "+86 10 6552 9988"),
        ("Tomáš", "Müllner", "Carpenter", "+420 224 372 434"),
    ]
    for first, last, title, number in people:
        added = visitor.add(
            first, last, title=title, externalOrganization={"id": house["id"]},
            workPhone={"display": number}, workEmail=f"{first.lower()}@soleil.example",
        )
        if last == "Müller":
            chosen = added
    patch = {
        **chosen,
        "cellPhone": {"display": "+41 79 220 00 13", "acceptsSMS": True},
        "address": {"address1": "Seestrasse 12", "postalCode": "8002", "city": "Zürich", "countryCode": "CH"},
    }
    visitor.call("PUT", f"/api/v2/externalcontacts/contacts/{chosen['id']}", patch)
    page = visitor.page
    page.locator("#search").fill("mul")
    row = page.locator(".results a", has_text="Architect")
    row.click()
    expect(page.locator("article h1")).to_have_text("Jürg Müller")
    expect(page.locator("article .notes")).to_be_attached()
    page.wait_for_load_state("networkidle")
    page.locator("article h1").blur()
    visitor.shoot("readme")
    assert (SHOTS / "readme.png").stat().st_size <= 150_000
