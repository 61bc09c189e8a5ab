"""Nothing typed is lost: by a fault, by a quicker editor, by an ended session, by a daemon that is gone,
or by a step in the wrong direction."""

import pytest
from playwright.sync_api import expect

from conftest import Visitor
from daemon import NAME, PASSWORD, Daemon


def edit(visitor, contact):
    visitor.open(f"/contact/{contact['id']}/edit")
    expect(visitor.page.locator("form.record-form")).to_be_visible()
    return visitor.page.locator("form.record-form")


FAULTS = [
    ("workEmail", "nobody", "This is not an e-mail address."),
    ("personalEmail", "@", "This is not an e-mail address."),
    ("otherEmail", "a b", "This is not an e-mail address."),
    ("workPhone", "x123", "This is only an extension."),
    ("cellPhone", "ext. 4", "This is only an extension."),
    ("homePhone", "x123", "This is only an extension."),
    ("otherPhone", "x123", "This is only an extension."),
    ("externalSystemUrl", "javascript:alert(1)", "This is not an address that begins with http:// or https://."),
    ("externalOrganization", "Nobody & Co", "Choose one from the list, or add it."),
    ("firstName", "", "This is required."),
    ("lastName", "  ", "This is required."),
]


def test_each_fault_is_said_at_its_field_and_nothing_typed_is_lost(visit):
    visitor = visit()
    page = visitor.open("/contact/new")
    form = page.locator("form.record-form")
    form.locator("[name=title]").fill("kept")
    for name, text, _ in FAULTS:
        form.locator(f"[name={name}]").fill(text)
    form.get_by_role("button", name="Save").click()
    for name, text, fault in FAULTS:
        field = form.locator(f"[name={name}]")
        expect(field).to_have_attribute("aria-invalid", "true")
        described = field.get_attribute("aria-describedby").split()[-1]
        expect(page.locator(f"#{described}")).to_have_text(fault)
        expect(field).to_have_value(text)
    expect(form.locator("[name=title]")).to_have_value("kept")
    expect(form.locator("[name=firstName]")).to_be_focused()
    expect(form.get_by_role("alert")).to_contain_text(f"{len(FAULTS)} fields")
    visitor.shoot("faults")
    for name, _, _ in FAULTS:
        form.locator(f"[name={name}]").fill("Mended" if name.endswith("Name") else "")
    form.get_by_role("button", name="Save").click()
    expect(page.locator("main h1")).to_have_text("Mended Mended")


def test_the_second_of_two_editors_is_shown_both_versions_and_chooses(visit):
    first, second = visit(), visit()
    contact = first.add("Grace", "Hopper", title="Officer", workEmail="grace@example.org")
    ours, theirs = edit(first, contact), edit(second, contact)
    theirs.locator("[name=title]").fill("Rear Admiral")
    theirs.locator("[name=middleName]").fill("Brewster")
    theirs.get_by_role("button", name="Save").click()
    expect(second.page.locator("article h1")).to_have_text("Grace Brewster Hopper")
    ours.locator("[name=title]").fill("Computer scientist")
    ours.locator("[name=personalEmail]").fill("grace@home.example")
    ours.get_by_role("button", name="Save").click()
    dialog = first.page.get_by_role("dialog")
    rows = dialog.locator("tbody tr")
    expect(rows).to_have_count(3)
    title = rows.filter(has_text="Title")
    expect(title).to_contain_text("Rear Admiral")
    expect(title).to_contain_text("Computer scientist")
    first.shoot("conflict")
    # What only one of the two touched is chosen as that one left it.
    expect(dialog.get_by_role("radio", name="Middle Name: Saved meanwhile")).to_be_checked()
    expect(dialog.get_by_role("radio", name="Personal Email: Yours")).to_be_checked()
    dialog.get_by_role("radio", name="Title: Saved meanwhile").check()
    dialog.get_by_role("button", name="Save this choice").click()
    expect(first.page.locator("article h1")).to_have_text("Grace Brewster Hopper")
    kept = first.call("GET", f"/api/v2/externalcontacts/contacts/{contact['id']}")
    assert (kept["title"], kept["personalEmail"]) == ("Rear Admiral", "grace@home.example")
    assert kept["workEmail"] == "grace@example.org"


def test_going_on_after_a_quicker_editor_keeps_what_was_typed(visit):
    visitor = visit()
    contact = visitor.add("Alan", "Turing")
    form = edit(visitor, contact)
    path = f"/api/v2/externalcontacts/contacts/{contact['id']}"
    visitor.call("PUT", path, {"firstName": "Alan", "lastName": "Turing", "title": "OBE"})
    form.locator("[name=title]").fill("Fellow")
    form.get_by_role("button", name="Save").click()
    visitor.page.get_by_role("button", name="Go on editing").click()
    expect(form.locator("[name=title]")).to_have_value("Fellow")


def test_an_ended_session_asks_over_the_form_and_saves_then(visit):
    visitor = visit()
    page = visitor.open("/contact/new")
    form = page.locator("form.record-form")
    form.locator("[name=firstName]").fill("Katherine")
    form.locator("[name=lastName]").fill("Johnson")
    visitor.context.clear_cookies()
    form.get_by_role("button", name="Save").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Your session has ended")
    visitor.shoot("session-ended")
    expect(dialog.locator("[name=name]")).to_have_value(NAME)
    dialog.locator("[name=password]").fill(PASSWORD)
    dialog.get_by_role("button", name="Sign in").click()
    expect(page.locator("article h1")).to_have_text("Katherine Johnson")


def test_a_daemon_that_is_gone_loses_nothing_and_saves_when_it_is_back(browser, tmp_path):
    daemon = Daemon(tmp_path / "carnet-data")
    try:
        visitor = Visitor(browser, daemon)
        page = visitor.page
        page.goto(daemon.first_link())
        visitor.fill_sign_in()
        page = visitor.open("/contact/new")
        form = page.locator("form.record-form")
        form.locator("[name=firstName]").fill("Radia")
        form.locator("[name=lastName]").fill("Perlman")
        daemon.stop()
        form.get_by_role("button", name="Save").click()
        expect(form.get_by_role("alert")).to_be_visible()
        expect(page.locator(".banner")).to_be_visible()
        expect(form.locator("[name=lastName]")).to_have_value("Perlman")
        visitor.shoot("connection-lost")
        daemon.start()
        expect(page.locator(".banner")).to_be_hidden()
        form.get_by_role("button", name="Save").click()
        expect(page.locator("article h1")).to_have_text("Radia Perlman")
        visitor.context.close()
        assert visitor.troubles == []
    finally:
        daemon.stop()


def test_leaving_with_unsaved_changes_asks_first(visit):
    visitor = visit()
    page = visitor.open("/contact/new")
    form = page.locator("form.record-form")
    form.locator("[name=firstName]").fill("Half")
    page.get_by_role("link", name="Who is calling?").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("has not been saved")
    dialog.get_by_role("button", name="Stay").click()
    expect(form.locator("[name=firstName]")).to_have_value("Half")
    page.get_by_role("link", name="Who is calling?").click()
    dialog.get_by_role("button", name="Leave", exact=True).click()
    expect(page.locator("main h1")).to_have_text("Who is calling?")


def test_an_untouched_form_is_left_without_a_question(visit):
    visitor = visit()
    contact = visitor.add("Still", "Untouched", workPhone={"display": "+44 20 7946 0555", "acceptsSMS": False})
    edit(visitor, contact).get_by_role("link", name="Cancel").click()
    expect(visitor.page.locator("article h1")).to_have_text("Still Untouched")


def test_saving_an_untouched_contact_changes_none_of_its_fields(visit):
    visitor = visit()
    contact = visitor.add(
        "Whole",
        "Contact",
        salutation="Dr",
        workPhone={"display": "0791 2345678 ext. 12", "normalizationCountryCode": "DE", "acceptsSMS": True},
        twitterId={"screenName": "whole"},
        facebookId={"ids": [{"scopedId": "7"}], "displayName": "W"},
        externalIds=[{"externalSource": {"name": "CRM"}, "value": "whole-1"}],
        surveyOptOut=True,
        address={"city": "Köln"},
    )
    form = edit(visitor, contact)
    form.get_by_role("button", name="Save").click()
    expect(visitor.page.locator("article h1")).to_have_text("Dr Whole Contact")
    kept = visitor.call("GET", f"/api/v2/externalcontacts/contacts/{contact['id']}")
    contact.pop("modifyDate"), kept.pop("modifyDate")
    assert kept == contact


@pytest.mark.parametrize("field, value", [("workPhone", "+44 20 7946 0999"), ("workEmail", "shared@example.org")])
def test_a_number_or_an_e_mail_that_belongs_to_somebody_is_said_so(visit, field, value):
    visitor = visit()
    owner = visitor.add("First", "Owner", **{field: {"display": value} if field == "workPhone" else value})
    page = visitor.open("/contact/new")
    page.locator(f"[name={field}]").fill(value)
    hint = page.locator(".owners a")
    expect(hint.first).to_have_text("First Owner")
    expect(hint.first).to_have_attribute("target", "_blank")
    # Not to its owner.
    form = edit(visit(), owner)
    form.locator(f"[name={field}]").fill(value)
    expect(form.locator(".reading.good")).to_have_count(1 if field == "workPhone" else 0)
    expect(form.locator(".owners a")).to_have_count(0)


def test_notes_are_added_edited_and_removed(visit):
    visitor = visit()
    contact = visitor.add("Noted", "Person")
    page = visitor.open(f"/contact/{contact['id']}")
    notes = page.locator(".note")
    for text in ["first\nof two lines", "second"]:
        page.get_by_label("New note").fill(text)
        page.get_by_role("button", name="Add note").click()
        expect(notes.first.locator(".note-text")).to_have_text(text)
    notes.first.get_by_role("button", name="Edit").click()
    page.get_by_label("Note", exact=True).fill("second, mended")
    page.get_by_role("button", name="Save").click()
    expect(notes.first).to_contain_text("second, mended")
    notes.first.get_by_role("button", name="Remove").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(notes).to_have_count(1)
    expect(notes).to_contain_text("of two lines")


def test_a_contact_is_removed_after_a_question(visit):
    visitor = visit()
    contact = visitor.add("Gone", "Soon")
    page = visitor.open(f"/contact/{contact['id']}")
    page.locator(".record-tools").get_by_role("button", name="Remove").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(page.locator(".welcome")).to_be_visible()
    page.locator("#search").fill("gone soon")
    expect(page.locator(".nothing")).to_be_visible()


def test_an_open_note_survives_that_another_is_added(visit):
    visitor = visit()
    contact = visitor.add("Open", "Notes")
    path = f"/api/v2/externalcontacts/contacts/{contact['id']}/notes"
    visitor.call("POST", path, {"noteText": "the first"})
    page = visitor.open(f"/contact/{contact['id']}")
    notes = page.locator(".note")
    notes.first.get_by_role("button", name="Edit").click()
    editor = page.get_by_label("Note", exact=True)
    expect(editor).to_be_focused()
    editor.fill("half a sent")
    page.get_by_label("New note").fill("the second")
    page.get_by_role("button", name="Add note").click()
    expect(notes).to_have_count(2)
    expect(editor).to_have_value("half a sent")
    editor.fill("a whole sentence")
    page.get_by_role("button", name="Save").click()
    expect(notes.locator(".note-text")).to_have_text(["the second", "a whole sentence"])


def test_a_note_of_two_editors_shows_both_texts(visit):
    visitor = visit()
    contact = visitor.add("Shared", "Note")
    path = f"/api/v2/externalcontacts/contacts/{contact['id']}/notes"
    note = visitor.call("POST", path, {"noteText": "at first"})
    page = visitor.open(f"/contact/{contact['id']}")
    page.locator(".note").get_by_role("button", name="Edit").click()
    editor = page.get_by_label("Note", exact=True)
    editor.fill("mine")
    visitor.call("PUT", f"{path}/{note['id']}", {"noteText": "theirs"})
    page.get_by_role("button", name="Save").click()
    alert = page.locator(".note").get_by_role("alert")
    expect(alert.locator(".note-text")).to_have_text("theirs")
    expect(editor).to_have_value("mine")
    visitor.shoot("note-of-two")
    editor.fill("theirs and mine")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".note .note-text")).to_have_text("theirs and mine")
    expect(page.locator(".note").get_by_role("alert")).to_have_count(0)


def test_typing_begins_at_the_first_field(visit):
    visitor = visit()
    contact = visitor.add("Typed", "Into")
    page = visitor.open(f"/contact/{contact['id']}")
    page.keyboard.press("n")
    expect(page.locator("[name=firstName]")).to_be_focused()
    page = visitor.open(f"/contact/{contact['id']}")
    page.keyboard.press("e")
    expect(page.locator("[name=firstName]")).to_be_focused()
    page.get_by_role("link", name="Cancel").click()
    page.get_by_role("link", name="Add", exact=True).click()
    expect(page.locator("[name=firstName]")).to_be_focused()
    page.get_by_role("link", name="Who is calling?").click()
    expect(page.locator("#caller")).to_be_focused()
    # The form of a note is not what a contact is opened for.
    visitor.open(f"/contact/{contact['id']}")
    expect(page.locator("article h1")).to_be_focused()


@pytest.mark.parametrize("place", ["/contact/new", "/contact/{}/edit", "/organization/new", "/organization/{}/edit"])
def test_who_may_only_look_gets_no_form(visit, administrator, place):
    name = "Vera" + str(abs(hash(place)))
    administrator.call("POST", "/api/v2/carnet/users", {"name": name, "role": "viewer", "password": PASSWORD})
    kind = "organizations" if "organization" in place else "contacts"
    body = {"name": "Looked At"} if kind == "organizations" else {"firstName": "Looked", "lastName": "At"}
    record = administrator.call("POST", f"/api/v2/externalcontacts/{kind}", body)
    viewer = visit(sign_in=False)
    page = viewer.sign_in(name)
    viewer.open(place.format(record["id"]))
    expect(page.locator("main").get_by_role("alert")).to_have_text("Your role does not allow this.")
    expect(page.locator("main form")).to_have_count(0)
