"""Slow and lost answers: nothing is saved twice, nothing typed meanwhile is lost, nothing wrong is chosen."""

import pytest
from playwright.sync_api import expect

from slow import Slow

API = "/api/v2/externalcontacts"


def count(visitor, path, query):
    return visitor.call("GET", f"{API}/{path}?q={query}")["total"]


def test_a_form_is_saved_once_however_often_one_asks(visit):
    visitor = visit()
    page = visitor.open("/contact/new")
    page.keyboard.type("Oncely")
    page.locator("[name=lastName]").fill("Saved")
    slow = Slow(page, "POST", "/contacts")
    page.keyboard.press("Control+Enter")
    page.keyboard.press("Control+Enter")
    slow.wait()
    page.keyboard.press("Control+Enter")
    # A letter that is typed meanwhile goes nowhere, and leads nowhere.
    page.keyboard.press("n")
    expect(page.locator("form.record-form")).to_have_js_property("inert", True)
    slow.let_go()
    expect(page.locator("article h1")).to_have_text("Oncely Saved")
    assert (slow.count, count(visitor, "contacts", "Oncely")) == (1, 1)


def test_the_focus_stays_in_the_form_when_saving_failed(visit):
    visitor = visit()
    page = visitor.open("/contact/new")
    page.locator("[name=firstName]").fill("Busy")
    page.locator("[name=lastName]").fill("Daemon")
    refuse = lambda route: route.fulfill(status=503, json={"message": "busy", "code": "busy", "status": 503})
    page.route("**/externalcontacts/contacts", refuse)
    page.locator("[name=title]").focus()
    page.keyboard.press("Control+Enter")
    form = page.locator("form.record-form")
    # A fault that belongs to no field is said in sight, not at the end of the form.
    expect(form.get_by_role("alert")).to_be_in_viewport()
    expect(form.get_by_role("alert")).to_contain_text("carnet is busy")
    expect(page.locator("[name=title]")).to_be_focused()
    page.keyboard.type("still here")
    expect(page.locator("[name=title]")).to_have_value("still here")
    visitor.shoot("fault-in-sight")


def test_a_note_is_added_once_by_a_double_click(visit):
    visitor = visit()
    contact = visitor.add("Double", "Clicked")
    page = visitor.open(f"/contact/{contact['id']}")
    slow = Slow(page, "POST", "/notes")
    page.get_by_label("New note").fill("only one")
    page.get_by_role("button", name="Add note").dblclick()
    slow.wait()
    expect(page.locator(".note-form")).to_have_js_property("inert", True)
    slow.let_go()
    expect(page.locator(".note")).to_have_count(1)
    assert visitor.call("GET", f"{API}/contacts/{contact['id']}/notes")["total"] == 1


def test_an_organization_is_added_once_in_place(visit):
    visitor = visit()
    page = visitor.open("/contact/new")
    slow = Slow(page, "POST", "/organizations")
    input = page.locator("[name=externalOrganization]")
    input.fill("Singular Works")
    expect(page.locator(".offers").get_by_role("option", name="Add “Singular Works”")).to_be_visible()
    input.press("Enter")
    page.keyboard.press("Enter")
    slow.wait()
    page.keyboard.press("Enter")
    slow.let_go()
    expect(page.get_by_text("Singular Works was added.").first).to_be_visible()
    expect(input).to_have_value("Singular Works")
    expect(input).to_be_focused()
    assert (slow.count, count(visitor, "organizations", "Singular")) == (1, 1)


@pytest.mark.parametrize("exists", [True, False])
def test_enter_waits_for_the_organizations_of_what_was_typed(visit, exists):
    visitor = visit()
    short, long = ("Zeta", "Zeta Corp") if exists else ("Theta", "Theta Corp")
    for name in [short, long] if exists else [short]:
        visitor.call("POST", f"{API}/organizations", {"name": name})
    page = visitor.open("/contact/new")
    input = page.locator("[name=externalOrganization]")
    input.fill(short[:-1])
    expect(page.locator(".offers").get_by_role("option", name=short, exact=True)).to_be_visible()
    slow = Slow(page, "GET", "/organizations?")
    input.fill(long)
    # What was offered for the beginning is gone.
    expect(page.locator(".offers").get_by_role("option")).to_have_count(0)
    input.press("Enter")
    slow.wait()
    with page.expect_response("**/organizations?*"):
        slow.let_go()
    if exists:
        expect(page.locator(".offers").get_by_role("option")).to_have_count(0)
        page.locator("[name=firstName]").fill("Chosen")
        page.locator("[name=lastName]").fill("Well")
        page.get_by_role("button", name="Save").click()
        expect(page.locator("article header")).to_contain_text(long)
    else:
        # Nobody saw this offer when Enter was pressed.
        expect(page.locator(".offers").get_by_role("option", name=f"Add “{long}”")).to_be_visible()
        assert count(visitor, "organizations", "Theta Corp") == 0


def test_a_contact_whose_answer_was_lost_is_offered_before_it_is_made_again(visit):
    visitor = visit()
    page = visitor.open("/contact/new")
    form = page.locator("form.record-form")
    page.locator("[name=firstName]").fill("Perhaps")
    page.locator("[name=lastName]").fill("Made")
    Slow(page, "POST", "/contacts", lose=True)
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_role("alert")).to_contain_text("not known whether this was saved")
    page.unroute_all()
    expect(page.locator(".banner")).to_be_hidden()
    # It does not look saved.
    expect(form.get_by_role("alert")).to_be_in_viewport()
    form.get_by_role("button", name="Save").click()
    link = form.get_by_role("alert").get_by_role("link", name="Perhaps Made")
    expect(link).to_be_visible()
    visitor.shoot("perhaps-made")
    assert count(visitor, "contacts", "Perhaps Made") == 1
    # Who wants another one saves again.
    form.get_by_role("button", name="Save").click()
    expect(page.locator("article h1")).to_have_text("Perhaps Made")
    assert count(visitor, "contacts", "Perhaps Made") == 2


def test_a_contact_that_was_not_made_is_saved_again_without_a_question(visit):
    visitor = visit()
    page = visitor.open("/contact/new")
    form = page.locator("form.record-form")
    page.locator("[name=firstName]").fill("Never")
    page.locator("[name=lastName]").fill("Arrived")
    page.route("**/externalcontacts/contacts", lambda route: route.abort())
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_role("alert")).to_be_visible()
    page.unroute_all()
    form.get_by_role("button", name="Save").click()
    expect(page.locator("article h1")).to_have_text("Never Arrived")
