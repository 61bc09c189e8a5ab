"""A new user: from the link of the first start to a contact that is found by name and by number, through
all twelve steps of the vendor's form, in both languages."""

import pytest
from playwright.sync_api import expect

from conftest import Visitor
from daemon import Daemon

ENGLISH = {
    "locale": "en-GB", "add": "Add", "first": "First Name", "last": "Last Name", "title": "Title",
    "organization": "Organization", "add_organization": "Add “{}”", "work_email": "Work Email",
    "work_phone": "Work Phone", "cell_phone": "Cell Phone", "sms": "SMS enabled", "external": "External System",
    "screen_name": "X (Twitter): screen name", "address": "Address 1", "city": "City", "country": "Country",
    "survey": "Do not send surveys", "type": "Contact Type", "save": "Save", "note": "New note",
    "add_note": "Add note", "title_of_page": "Contacts",
}
FRENCH = {
    "locale": "fr-FR", "add": "Ajouter", "first": "Prénom", "last": "Nom", "title": "Fonction",
    "organization": "Organisation", "add_organization": "Ajouter « {} »", "work_email": "E-mail professionnel",
    "work_phone": "Téléphone professionnel", "cell_phone": "Téléphone mobile", "sms": "SMS activé",
    "external": "Système externe", "screen_name": "X (Twitter): nom d’utilisateur", "address": "Adresse 1",
    "city": "Ville", "country": "Pays", "survey": "Ne pas envoyer d’enquêtes", "type": "Type de contact",
    "save": "Enregistrer", "note": "Nouvelle note", "add_note": "Ajouter la note", "title_of_page": "Contacts",
}


@pytest.mark.parametrize("words", [ENGLISH, FRENCH], ids=["english", "french"])
def test_the_twelve_steps_of_adding_a_contact(visit, words):
    language = words["locale"][:2]
    family = f"Lovelace-{language}"
    house = f"Analytical {language} & Sons"
    number = "+44 20 7946 0018" if language == "en" else "+33 1 23 45 67 89"
    visitor = visit(language=words["locale"])
    page = visitor.page
    assert page.locator("html").get_attribute("lang") == language

    # 1 and 2: the directory, and Add.
    page.get_by_role("complementary").get_by_role("link", name=words["add"], exact=True).click()
    form = page.locator("form.record-form")

    def field(name):
        return form.get_by_label(words[name], exact=True)

    # 3: the name.
    field("first").fill("Ada")
    form.get_by_role("textbox", name=words["last"]).and_(form.locator("[name=lastName]")).fill(family)
    field("title").fill("Countess")
    # 4: the organisation is not there yet, so it is added first, in place.
    combobox = form.get_by_role("combobox", name=words["organization"])
    combobox.fill(house)
    offer = form.get_by_role("option", name=words["add_organization"].format(house))
    offer.click()
    expect(combobox).to_have_value(house)
    # 5: e-mail.
    field("work_email").fill(f"ada@{language}.example.org")
    # 6: telephone numbers with their switches, which are off at first.
    field("work_phone").fill(number)
    expect(form.locator(".reading.good").first).to_contain_text(number)
    switch = form.get_by_role("switch", name=f"{words['sms']} – {words['work_phone']}")
    expect(switch).not_to_be_checked()
    switch.check()
    field("cell_phone").fill("ask the porter")
    expect(form.locator(".reading.kept")).to_be_visible()
    # 7: link to an external system.
    field("external").fill("https://crm.example.org/7")
    # 8: a social channel is created.
    form.get_by_role("button", name="X (Twitter)").click()
    field("screen_name").fill("ada")
    # 9: the address.
    field("address").fill("12 St James’s Square")
    field("city").fill("London")
    field("country").fill("GB")
    # 10: the survey preference.
    field("survey").check()
    # 11: there is no contact type yet to choose from.
    expect(field("type")).to_be_visible()
    visitor.shoot(f"form-filled-{language}")
    # 12: save.
    form.get_by_role("button", name=words["save"]).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Ada {family}")
    record = page.locator("article")
    expect(record.get_by_role("link", name=house)).to_be_visible()
    e164 = number.replace(" ", "")
    expect(record.get_by_role("link", name=number)).to_have_attribute("href", f"tel:{e164}")
    expect(record.get_by_role("link", name="SMS")).to_have_attribute("href", f"sms:{e164}")
    expect(record.get_by_role("link", name=f"ada@{language}.example.org")).to_have_attribute(
        "href", f"mailto:ada@{language}.example.org"
    )
    expect(record.get_by_role("link", name="crm.example.org/7")).to_have_attribute("rel", "noopener noreferrer")

    # Notes, with author and time.
    record.get_by_label(words["note"]).fill("Wrote the first program.")
    record.get_by_role("button", name=words["add_note"]).click()
    note = record.locator(".note")
    expect(note.locator(".note-text")).to_have_text("Wrote the first program.")
    expect(note.locator(".note-meta")).to_contain_text("Ada")
    visitor.shoot(f"contact-{language}")

    # Found by name and by number, and the parts that match are marked.
    for text in [family.lower(), number, number[-8:].replace(" ", "")]:
        page.locator("#search").fill(text)
        row = page.locator(".results a")
        expect(row).to_have_count(1)
        expect(row).to_contain_text(family)
        expect(row.locator("mark").first).to_be_visible()
    visitor.shoot(f"search-{language}")


def test_the_link_of_the_first_start_signs_in_once_and_is_not_kept(browser, tmp_path):
    daemon = Daemon(tmp_path / "carnet-data")
    try:
        link = daemon.first_link()
        visitor = Visitor(browser, daemon)
        visitor.page.goto(link)
        expect(visitor.page.get_by_role("dialog")).to_be_visible()
        visitor.shoot("first-start")
        assert "first=" not in visitor.page.url
        dialog = visitor.page.get_by_role("dialog")
        dialog.locator("[name=name]").fill("Ada")
        dialog.locator("[name=password]").fill("short")
        dialog.get_by_role("button").click()
        expect(dialog.locator(".fault:not(:empty)")).to_have_count(1)
        visitor.fill_sign_in()
        expect(visitor.page.locator("#search")).to_be_visible()
        again = Visitor(browser, daemon)
        again.page.goto(link)
        dialog = again.page.get_by_role("dialog")
        dialog.locator("[name=name]").fill("Eve")
        dialog.locator("[name=password]").fill("another good password")
        dialog.get_by_role("button").click()
        expect(dialog.get_by_role("alert")).to_be_visible()
        for one in (visitor, again):
            one.context.close()
            assert one.troubles == []
    finally:
        daemon.stop()


def test_a_wrong_password_is_said_at_the_field_and_keeps_the_name(visit):
    page = visit(sign_in=False).page
    page.goto("/")
    dialog = page.get_by_role("dialog")
    dialog.locator("[name=name]").fill("Ada")
    dialog.locator("[name=password]").fill("not this one")
    dialog.get_by_role("button", name="Sign in").click()
    expect(dialog.locator(".fault:not(:empty)")).to_have_text("Name or password is wrong.")
    expect(dialog.locator("[name=password]")).to_be_focused()
    expect(dialog.locator("[name=name]")).to_have_value("Ada")


def test_the_language_is_the_browsers_until_another_is_chosen(visit):
    visitor = visit(language="fr-CA")
    page = visitor.page
    expect(page.locator("#search")).to_have_attribute("placeholder", "Nom, numéro ou e-mail")
    page.get_by_role("button", name="English").click()
    expect(page.locator("#search")).to_have_attribute("placeholder", "Name, number or e-mail")
    page.reload()
    expect(page.locator("html")).to_have_attribute("lang", "en")


@pytest.mark.parametrize(
    "locale, text", [("en-GB", "Nobody can sign in yet"), ("fr-FR", "Personne ne peut encore se connecter")]
)
def test_who_comes_before_there_is_a_person_is_told_what_to_do(browser, tmp_path, locale, text):
    daemon = Daemon(tmp_path / "carnet-data")
    try:
        visitor = Visitor(browser, daemon, language=locale)
        visitor.page.goto("/")
        expect(visitor.page.get_by_role("dialog")).to_contain_text(text)
        visitor.context.close()
    finally:
        daemon.stop()
