"""What administrators do: settings, users, clients, contact types, import and export; and what others do
not see."""

import json
import re

import pytest
from playwright.sync_api import expect

from conftest import Visitor
from daemon import NAME, Daemon


def test_a_changed_country_is_in_force_at_once_and_offers_to_read_numbers_anew(visit):
    visitor = visit()
    visitor.add("Local", "Number", workPhone={"display": "030 901820"})
    page = visitor.open("/admin/settings")
    country = page.get_by_role("combobox", name="Default country")
    before = country.input_value()
    change_setting(page, "Default country", "DE")
    offer = page.get_by_role("heading", name="Read stored numbers anew?")
    expect(offer).to_be_visible()
    page.get_by_role("button", name="See what would change").click()
    # The number that a call will find is named, not that it is found by none.
    expect(page.locator("section.card li", has_text="030 901820")).to_have_text("030 901820 → +4930901820")
    page.get_by_role("button", name="Change them").click()
    expect(page.get_by_text("were changed")).to_be_visible()
    visitor.open("/caller")
    page.locator("#caller").fill("030 901820")
    expect(page.locator(".caller-line")).to_have_text("Local Number")
    visitor.open("/admin/settings")
    expect(page.locator("section", has_text="Changes").last).to_contain_text(f"{NAME} · Default country: DE")
    visitor.shoot("settings")
    change_setting(page, "Default country", before)
    expect(offer).to_be_visible()


def change_setting(page, name, value):
    field = page.get_by_role("combobox", name=name)
    field.select_option(value)
    page.get_by_role("button", name=f"Save: {name}").click()


def test_an_arrow_key_in_a_list_changes_nothing_before_it_is_saved(visit):
    visitor = visit()
    if "Arrow" not in [user["name"] for user in visitor.call("GET", "/api/v2/carnet/users")["users"]]:
        visitor.call("POST", "/api/v2/carnet/users", {"name": "Arrow", "role": "admin", "password": "a long password"})
    page = visitor.page
    sent = []
    page.on("request", lambda request: request.method == "PUT" and sent.append(request.url))
    for place, label in [("/admin/settings", "Default country"), ("/admin/users", "Role of Arrow")]:
        visitor.open(place)
        choice = page.get_by_role("combobox", name=label)
        save = page.get_by_role("button", name=f"Save: {label}")
        expect(save).to_be_disabled()
        before = choice.input_value()
        choice.focus()
        page.keyboard.press("ArrowDown")
        after = choice.input_value()
        assert after != before
        expect(save).to_be_enabled()
        assert sent == []
        with page.expect_response(lambda response: response.request.method == "PUT") as answered:
            save.press("Enter")
        assert answered.value.ok
        expect(save).to_be_disabled()
        expect(choice).to_be_focused()
        expect(choice).to_have_value(after)
        choice.select_option(before)
        save.click()
        expect(save).to_be_disabled()
        sent.clear()
    visitor.call("DELETE", "/api/v2/carnet/users/Arrow")


def test_a_setting_that_waits_for_its_button_is_not_left_without_a_question(visit):
    visitor = visit()
    page = visitor.open("/admin/settings")
    page.get_by_role("textbox", name="Internal numbers").fill("2-4")
    page.get_by_role("link", name="Who is calling?").click()
    expect(page.get_by_role("dialog")).to_contain_text("Leave without saving?")


def test_what_is_no_country_is_not_offered_as_one(visit):
    page = visit().open("/admin/settings")
    codes = page.get_by_label("Default country").locator("option").evaluate_all("all => all.map((one) => one.value)")
    assert {"FR", "DE", "GB", "US", "XK", "RU"} <= set(codes) and len(codes) > 240
    assert not {"DD", "FX", "UK", "SU", "EU", "EZ", "XA", "XB", "ZZ", "UN", "QO", "YU", "AN"} & set(codes)


def test_the_french_page_says_who_decides_a_setting_and_which_role_one_has(browser, tmp_path, monkeypatch):
    monkeypatch.setenv("CARNET_CONTACTS_REQUIRE_NAMES", "false")
    daemon = Daemon(tmp_path / "carnet-data")
    try:
        visitor = Visitor(browser, daemon, language="fr-FR")
        visitor.page.goto(daemon.first_link())
        visitor.fill_sign_in()
        page = visitor.open("/admin/settings")
        hint = page.locator(".setting .hint")
        expect(hint).to_contain_text("Décidé par CARNET_CONTACTS_REQUIRE_NAMES")
        visitor.open("/account")
        expect(page.get_by_text("Rôle : Administrateur")).to_be_visible()
        visitor.open("/caller")
        expect(page.get_by_text("Pays des numéros sans indicatif : États-Unis.")).to_be_visible()
        visitor.context.close()
        assert visitor.troubles == []
    finally:
        daemon.stop()


def test_a_wrong_setting_is_said_at_its_field_and_stays_typed(visit):
    page = visit().open("/admin/settings")
    numbers = page.get_by_role("textbox", name="Internal numbers")
    numbers.fill("many")
    numbers.press("Enter")
    expect(numbers).to_have_attribute("aria-invalid", "true")
    expect(page.locator(".setting .fault:not(:empty)")).to_have_count(1)
    expect(numbers).to_have_value("many")


def test_a_setting_of_the_environment_is_shown_and_not_changed_here(browser, tmp_path, monkeypatch):
    monkeypatch.setenv("CARNET_CONTACTS_REQUIRE_NAMES", "false")
    daemon = Daemon(tmp_path / "carnet-data")
    try:
        visitor = Visitor(browser, daemon)
        visitor.page.goto(daemon.first_link())
        visitor.fill_sign_in()
        page = visitor.open("/admin/settings")
        names = page.get_by_label("First and last name are required")
        expect(names).to_be_disabled()
        expect(names).not_to_be_checked()
        expect(page.locator(".setting .hint")).to_contain_text("CARNET_CONTACTS_REQUIRE_NAMES")
        visitor.context.close()
        assert visitor.troubles == []
    finally:
        daemon.stop()


def test_a_number_is_read_live_and_the_caller_is_explained(visit):
    visitor = visit()
    visitor.add("Caller", "Known", cellPhone={"display": "+49 1512 7700112"})
    page = visitor.open("/caller")
    page.locator("#caller").fill("+49 1512 7700112")
    expect(page.locator(".caller-line")).to_have_text("Caller Known")
    expect(page.locator("main .reading")).to_contain_text("Germany")
    expect(page.locator(".caller .took")).to_have_text(re.compile("µs"))
    lines = page.locator(".copy code")
    expect(lines.first).to_contain_text(f"{visitor.daemon.url}/cid?key=KEY&number=%2B49%201512%207700112")
    for system in ["FreeSWITCH", "Asterisk", "FreePBX", "Kamailio", "OpenSIPS", "3CX"]:
        expect(page.get_by_role("button", name=f"Copy: {system}")).to_be_visible()
    page.locator("#caller").fill("o'b")
    expect(lines.first).to_have_text(f"curl '{visitor.daemon.url}/cid?key=KEY&number=o%27b'")
    page.locator("#caller").fill("nobody at all")
    expect(page.locator(".caller-line")).to_have_text("Nobody that carnet knows")


def test_an_agent_is_added_signs_in_and_sees_no_administration(visit):
    visitor = visit()
    page = visitor.open("/admin/users")
    form = page.locator("form.small-form")
    form.get_by_label("Name").fill("Bea")
    form.get_by_label("Password").fill("short")
    form.get_by_role("button", name="Add a user").click()
    expect(form.locator(".fault:not(:empty)")).to_have_count(1)
    form.get_by_label("Password").fill("a long password")
    form.get_by_role("button", name="Add a user").click()
    expect(page.get_by_role("cell", name="Bea", exact=True)).to_be_visible()
    agent = visit(sign_in=False)
    agent.sign_in("Bea", "a long password")
    expect(agent.page.get_by_role("link", name="Administration")).to_have_count(0)
    contact = agent.add("Made", "ByBea")
    agent.open(f"/contact/{contact['id']}")
    expect(agent.page.get_by_role("button", name="Remove", exact=True)).to_have_count(0)
    agent.open("/admin/users")
    expect(agent.page.locator(".alert")).to_have_text("Your role does not allow this.")
    # The session ends with the user.
    page.get_by_role("button", name="Remove Bea").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(page.get_by_role("cell", name="Bea", exact=True)).to_have_count(0)
    agent.open("/")
    agent.page.locator("#search").fill("x")
    expect(agent.page.get_by_role("dialog")).to_contain_text("Please sign in again")
    # The name is there already; what is missing is where one types.
    expect(agent.page.get_by_role("dialog").locator("[name=name]")).to_have_value("Bea")
    expect(agent.page.get_by_role("dialog").locator("[name=password]")).to_be_focused()


def test_the_last_administrator_stays(visit):
    page = visit().open("/admin/users")
    role = page.get_by_role("combobox", name=f"Role of {NAME}")
    # This role is one of telephone systems: a person would see an empty page.
    assert "lookup" not in role.locator("option").evaluate_all("all => all.map((one) => one.value)")
    expect(page.locator("form.small-form option[value=lookup]")).to_have_count(0)
    role.select_option("viewer")
    page.get_by_role("button", name=f"Save: Role of {NAME}").click()
    expect(page.locator(".alert")).to_be_visible()
    expect(role).to_have_value("admin")


def test_a_clients_secret_is_shown_once(visit):
    visitor = visit()
    page = visitor.open("/admin/clients")
    page.get_by_label("Name").fill("PBX")
    page.get_by_role("button", name="Add a client").click()
    secret = page.locator(".secret")
    expect(secret.get_by_role("button", name="Copy: key")).to_be_visible()
    key = secret.locator("dd code").last.text_content()
    # The key names a caller.
    visitor.add("Known", "ToPbx", workPhone={"display": "+44 20 7946 0321"})
    answer = visitor.context.request.get(f"/cid?key={key}&number=442079460321")
    assert answer.text() == "Known ToPbx"
    visitor.open("/admin/users")
    visitor.open("/admin/clients")
    expect(page.get_by_role("cell", name="PBX", exact=True)).to_be_visible()
    expect(page.get_by_text(key)).to_have_count(0)


def test_an_export_holds_everything(visit):
    visitor = visit()
    visitor.add("Exported", "Person")
    page = visitor.open("/admin/export")
    with page.expect_download() as download:
        page.get_by_role("link", name="Save the file").click()
    lines = download.value.path().read_text().splitlines()
    assert any(json.loads(line).get("firstName") == "Exported" for line in lines)


def test_an_export_after_the_session_has_ended_asks_to_sign_in_and_then_saves(visit):
    visitor = visit()
    visitor.add("Exported", "Later")
    page = visitor.open("/admin/export")
    visitor.context.clear_cookies()
    page.get_by_role("link", name="Save the file").click()
    expect(page.get_by_role("dialog")).to_contain_text("Please sign in again")
    with page.expect_download() as download:
        visitor.fill_sign_in()
    assert "Later" in download.value.path().read_text()


def test_contacts_are_exported_for_spreadsheets_too(visit):
    page = visit().open("/admin/export")
    link = page.get_by_role("link", name="Contacts as CSV, for spreadsheets")
    assert link.get_attribute("href") == "/api/v2/carnet/export?format=csv&bom=true"
    assert re.fullmatch(r"carnet-\d{4}-\d\d-\d\d\.csv", link.get_attribute("download"))
