"""Import: what a file is taken for, what of it is sent, and what the page says while and after that."""

import csv
import io
import json
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

IMPORT = "**/api/v2/carnet/import*"


@pytest.fixture
def table(tmp_path):
    def write(text, encoding="utf-8", name="people.csv"):
        file = tmp_path / name
        file.write_bytes(text.encode(encoding))
        return file

    return write


def choose(page, file):
    page.locator("input[type=file]").set_input_files(file)


class Taker:
    """Takes what the page sends in place of the daemon, and answers with the reports that it is given."""

    def __init__(self, page, *reports):
        self.reports, self.bodies, self.queries, self.types = list(reports), [], [], []
        page.route(IMPORT, self.take)

    def take(self, route):
        self.bodies.append(route.request.post_data)
        self.queries.append({name: value for name, [value] in parse_qs(urlsplit(route.request.url).query).items()})
        self.types.append(route.request.headers["content-type"])
        counts = dict.fromkeys(["added", "updated", "unchanged", "skipped", "numbersUnread"], 0)
        report = self.reports.pop(0) if self.reports else {}
        route.fulfill(json={**counts, "errors": [], **report})

    def tables(self):
        return [list(csv.reader(io.StringIO(body, newline=""))) for body in self.bodies]


def try_it(page):
    page.get_by_role("button", name="Try without changing anything").click()
    expect(page.get_by_role("heading", name="nothing was changed")).to_be_visible()


def test_a_table_is_sent_as_one_with_the_names_of_carnet(visit, table):
    page = visit().open("/admin/import")
    taker = Taker(page)
    rows = ["Prénom;Nom;Remarque;Téléphone;workPhone.acceptsSMS;externalIds[0].value"]
    rows += ['"Zoé ""la seule""";"Une; deux, trois";x;+33 1 23 45 67 89;VRAI;a', " ;Nur\tHier;;;;"]
    choose(page, table("\n".join(rows)))
    try_it(page)
    assert taker.types == ["text/csv"]
    # Who keeps what is sent as it is keeps everything; the daemon reads the cells.
    assert taker.tables() == [[
        ["firstName", "lastName", "workPhone.display", "workPhone.acceptsSMS", "externalIds.0.value"],
        ['Zoé "la seule"', "Une; deux, trois", "+33 1 23 45 67 89", "true", "a"],
        [" ", "Nur\tHier", "", "", ""],
    ]]


def test_the_columns_of_an_export_are_taken_as_they_are(visit, table):
    page = visit().open("/admin/import")
    taker = Taker(page)
    names = [
        "id", "firstName", "externalOrganization.id", "workPhone.normalizationCountryCode", "workPhone.userInput",
        "twitterId.verified", "whatsAppId.phoneNumber.extension", "appleOpaqueIds.0.value", "schema.id", "schema.version",
        "customFields", "customFields.c_number", "customFields.g_checkbox", "customFields.j_tag",
        "externalIds.9.externalSource.name", "type", "division.id", "createDate", "modifyDate",
    ]
    cells = [f"cell {number}" for number in range(len(names))]
    choose(page, table(",".join(names) + "\n" + ",".join(cells)))
    try_it(page)
    assert taker.tables() == [[names, cells]]


def test_the_lines_of_the_answer_are_those_of_the_file(visit, table):
    page = visit().open("/admin/import")
    report = {
        "skipped": 2, "unknownFields": {"shoeSize": 3},
        "errors": [{"line": 2, "field": "lastName", "reason": "lastName is required"}, {"line": 6, "field": "workEmail", "reason": "workEmail: this is odd"}],
        "notices": [{"line": 5, "field": "workPhone.display", "reason": "several numbers in one field; the others are in cellPhone now"}],
    }
    Taker(page, report)
    text = 'sep=;\nfirstName;title;lastName\n"A\nA";x;\n\n;"a\r\nb";B\nC;x;C\n'
    choose(page, table(text))
    # The line of the separator is no row.
    expect(page.locator(".mapping tbody tr")).to_have_count(3)
    try_it(page)
    remarks = page.locator(".remarks li")
    # What is sent: 1 the header, 2-3 the first row, 4-5 the second one, 6 the third one.
    expect(remarks).to_have_text([
        "Line 3 · Last Name – This is required.",
        "Line 6 · Work Phone – Several numbers in one field; the others are in cellPhone now. (imported all the same)",
        "Line 8 · Work Email – This is odd.",
    ])
    expect(page.get_by_text("Left out, not known: shoeSize")).to_be_visible()


def test_what_the_file_does_not_mention_is_kept_unless_that_is_switched_off(visit, table):
    page = visit().open("/admin/import")
    taker = Taker(page)
    keep = page.get_by_role("switch", name="Keep what the file does not mention")
    choose(page, table("firstName,lastName\nA,B\n"))
    expect(keep).to_be_hidden()
    try_it(page)
    choose(page, table("id,title\n01a21f0b-d67f-76cf-a7bf-22631541b6db,Boss\n", name="by-id.csv"))
    expect(keep).to_be_checked()
    expect(page.get_by_text("Without this, a contact that is there is replaced whole.")).to_be_visible()
    try_it(page)
    keep.uncheck()
    # What was tried was something else.
    expect(page.get_by_role("button", name="Import now")).to_have_count(0)
    try_it(page)
    page.get_by_role("button", name="Import now").click()
    expect(page.get_by_role("heading", name="Imported: 1 lines")).to_be_visible()
    choose(page, table('{"firstName":"A","lastName":"B"}', name="people.jsonl"))
    expect(keep).not_to_be_checked()
    assert taker.queries == [{"dryRun": "true"}, {"dryRun": "true", "keepMissing": "true"}, {"dryRun": "true"}, {}]


@pytest.fixture
def contract(administrator):
    """A type of contacts with two fields."""
    fields = {
        key: {"allOf": [{"$ref": f"#/definitions/{key.split('_')[-1]}"}], "title": title, "description": title, **more}
        for key, title, more in [
            ("seats_integer", "Seats", {"minimum": 0, "maximum": 9}),
            ("paid_checkbox", "Has paid", {}),
        ]
    }
    shape = {"$schema": "http://json-schema.org/draft-04/schema#", "title": "Contract", "description": "Contract", "properties": fields}
    path = "/api/v2/externalcontacts/contacts/schemas"
    added = administrator.call("POST", path, {"name": "Contract of a table", "version": 0, "enabled": True, "jsonSchema": shape})
    yield added
    administrator.call("DELETE", f"{path}/{added['id']}")


def test_custom_fields_are_fields_of_a_column_and_bring_their_type(visit, table, contract):
    page = visit().open("/admin/import")
    taker = Taker(page)
    choose(page, table("firstName,lastName,Seats,Remark\nA,B,4,oui\n"))
    expect(page.get_by_label("Field of the column Seats")).to_have_value("customFields.seats_integer")
    kind = page.get_by_label("Contact type of all rows")
    expect(kind).to_have_value(contract["id"])
    page.get_by_label("Field of the column Remark").select_option(label="Has paid (Contract of a table)")
    try_it(page)
    kind.select_option("")
    try_it(page)
    names = ["firstName", "lastName", "customFields.seats_integer", "customFields.paid_checkbox"]
    assert taker.tables() == [
        [[*names, "schema.id", "schema.version"], ["A", "B", "4", "true", contract["id"], str(contract["version"])]],
        [names, ["A", "B", "4", "true"]],
    ]


def test_two_columns_of_one_field_are_not_imported(visit, table):
    page = visit().open("/admin/import")
    choose(page, table("email,email,lastName\na@example.org,b@example.org,C\n"))
    expect(page.get_by_role("alert").filter(has_text="Two columns are the field “Work Email”.")).to_be_visible()
    button = page.get_by_role("button", name="Try without changing anything")
    expect(button).to_be_disabled()
    page.get_by_label("Field of the column email").nth(1).select_option("otherEmail")
    expect(button).to_be_enabled()
    for column in page.get_by_label("Field of the column").all():
        column.select_option("")
    expect(button).to_be_disabled()


@pytest.mark.parametrize(
    "name, text, kind",
    [
        ("people.json", '[\n {"firstName": "A"}\n]', "JSON that is not one record a line"),
        ("person.json", '{\n "firstName": "A"\n}', "JSON that is not one record a line"),
        ("people.pdf", "%PDF-1.7\nx,y\n1,2", "a PDF"),
        ("people.vcf", "BEGIN:VCARD\nVERSION:3.0\nN:A;B\nEND:VCARD", "a vCard"),
        ("people.xlsx", "PK\x03\x04\n,,\n", "a workbook"),
    ],
)
def test_a_file_that_is_something_else_is_refused_by_name(visit, table, name, text, kind):
    page = visit().open("/admin/import")
    choose(page, table(text, name=name))
    expect(page.get_by_role("alert")).to_contain_text(f"{name} is neither a table nor lines of JSON. It is {kind}")
    expect(page.locator(".mapping")).to_have_count(0)


def test_a_running_import_is_covered_by_nothing_and_not_left_without_a_question(visit, table):
    visitor = visit()
    page = visitor.open("/admin/import")
    held = []
    page.route(IMPORT, lambda route: held.append(route))
    choose(page, table('{"firstName":"Slow","lastName":"Import"}', name="slow.jsonl"))
    try_button = page.get_by_role("button", name="Try without changing anything")
    try_button.click()
    stop = page.get_by_role("button", name="Stop")
    expect(stop).to_be_focused()
    held.pop().fulfill(json={"added": 1, "updated": 0, "unchanged": 0, "skipped": 0, "numbersUnread": 0, "errors": []})
    page.get_by_role("button", name="Import now").click()
    expect(page.get_by_role("heading", name="Importing")).to_be_visible()
    # Neither the plan nor another file takes the place of what runs.
    try_button = page.locator("button", has_text="Try without changing anything")
    box = try_button.bounding_box()
    page.mouse.click(box["x"] + 5, box["y"] + 5)
    choose(page, table("a,b\n1,2", name="other.csv"))
    expect(page.locator(".mapping")).to_have_count(0)
    expect(stop).to_be_visible()
    assert len(held) == 1
    page.get_by_role("link", name="Who is calling?").click()
    expect(page.get_by_role("dialog")).to_contain_text("Stop the import?")
    expect(page.get_by_role("dialog")).to_contain_text("What was imported stays")
    page.get_by_role("button", name="Stay").click()
    held.pop().fulfill(json={"added": 1, "updated": 0, "unchanged": 0, "skipped": 0, "numbersUnread": 0, "errors": []})
    expect(page.get_by_role("heading", name="Imported: 1 lines")).to_be_visible()
    try_button.click()
    expect(stop).to_be_visible()
    page.unroute(IMPORT)


DROP = """([where, name, text]) => {
    const data = new DataTransfer();
    data.items.add(new File([text], name));
    const told = ['dragover', 'drop'].map((kind) => {
        const event = new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true });
        document.querySelector(where).dispatchEvent(event);
        return event.defaultPrevented;
    });
    return told;
}"""


def test_a_file_dropped_beside_the_box_is_not_opened_in_place_of_the_page(visit):
    visitor = visit()
    for place in ["/admin/import", "/contact/new"]:
        page = visitor.open(place)
        assert page.evaluate(DROP, ["main h1", "people.csv", "a,b\n1,2"]) == [True, True]
    page = visitor.open("/admin/import")
    assert page.evaluate(DROP, [".drop", "people.csv", "email,lastName\n1,2"]) == [True, True]
    expect(page.locator(".mapping tbody tr")).to_have_count(2)


def test_the_reasons_of_an_import_are_french_on_the_french_page(visit, table):
    page = visit(language="fr-FR").open("/admin/import")
    Taker(page, {"skipped": 1, "errors": [
        {"line": 2, "field": "firstName", "reason": "firstName is required"},
        {"line": 2, "field": "surveyOptOut", "reason": "surveyOptOut must be true or false"},
        {"line": 2, "field": "workEmail", "reason": "workEmail: this is not an e-mail address"},
        {"line": 2, "field": "workPhone.display", "reason": "workPhone.display: several numbers in one field; the others are in cellPhone now"},
    ]})
    choose(page, table("firstName,lastName\n,x\n"))
    page.get_by_role("button", name="Essayer sans rien changer").click()
    expect(page.locator(".remarks li")).to_have_text([
        "Ligne 2 · Prénom – Ce champ est obligatoire.",
        "Ligne 2 · Ne pas envoyer d’enquêtes – Oui ou non.",
        "Ligne 2 · E-mail professionnel – Ce n’est pas une adresse e-mail.",
        "Ligne 2 · Téléphone professionnel – Plusieurs ; les autres sont dans cellPhone.",
    ])


def test_stopping_an_import_keeps_whole_batches(visit, table):
    visitor = visit()
    page = visitor.open("/admin/import")
    lines = [json.dumps({"firstName": f"Batch {number}", "lastName": "Stopped"}) for number in range(1500)]
    choose(page, table("\n".join(lines), name="people.jsonl"))
    expect(page.locator("section.card", has_text="What this is")).to_contain_text("lines of JSON")
    page.get_by_role("button", name="Try without changing anything").click()
    expect(page.get_by_role("heading", name="Tried: 1,500 lines")).to_be_visible()
    # The second batch is held back until the person has asked to stop.
    batches = []

    def hold(route):
        batches.append(route)
        if len(batches) == 2:
            page.get_by_role("button", name="Stop").dispatch_event("click")
        route.continue_()

    page.route("**/api/v2/carnet/import", hold)
    page.get_by_role("button", name="Import now").click()
    expect(page.get_by_role("heading", name="Stopped after 1,000 of 1,500 lines")).to_be_visible()
    assert visitor.call("GET", "/api/v2/externalcontacts/contacts?q=stopped&pageSize=1")["total"] == 1000


def test_a_file_that_is_no_table_is_refused_by_name(visit, table):
    page = visit().open("/admin/import")
    choose(page, table("\0\1\2", name="photo.csv"))
    expect(page.get_by_role("alert")).to_contain_text("photo.csv")


# The daemon’s own part: tables that it takes by POST /api/v2/carnet/import and that it exports.


def test_a_table_is_tried_then_imported_and_its_report_saved(visit, table):
    visitor = visit()
    page = visitor.open("/admin/import")
    rows = ["Prénom;Nom;Société;Téléphone;E-mail privé;Remarque"]
    rows += [f"Importée {number};Œuvre;Éts. Import;+33 1 23 45 {number:02} 00;;x" for number in range(20, 40)]
    rows.append('"Zoé ""la seule""";"Une; deux";Éts. Import;kein Telefon;;"two\nlines"')
    rows.append(";Sans prénom;;;;")
    choose(page, table("\r\n".join(rows), "windows-1252"))
    card = page.locator("section.card", has_text="What this is")
    expect(card).to_contain_text("separated by semicolons")
    expect(page.get_by_label("Encoding")).to_have_value("windows-1252")
    offered = page.get_by_label("Field of the column Nom").locator("option")
    for label in ["Work Phone: SMS enabled", "Cell Phone: Extension", "WhatsApp: number"]:
        expect(offered.filter(has_text=label)).to_have_count(1)
    for column, field in [("Prénom", "firstName"), ("Société", "externalOrganization.name"), ("Téléphone", "workPhone.display")]:
        expect(page.get_by_label(f"Field of the column {column}")).to_have_value(field)
    page.get_by_label("Field of the column E-mail privé").select_option("personalEmail")
    visitor.shoot("import-columns")
    page.get_by_role("button", name="Try without changing anything").click()
    expect(page.get_by_role("heading", name="nothing was changed")).to_be_visible()
    counts = page.locator(".counts")
    expect(counts).to_contain_text("21")
    expect(page.locator(".remarks")).to_contain_text("Line 24 · First Name – This is required.")
    visitor.shoot("import-tried")
    assert visitor.call("GET", "/api/v2/externalcontacts/contacts?q=oeuvre")["total"] == 0
    page.get_by_role("button", name="Import now").click()
    expect(page.get_by_role("heading", name="Imported: 22 lines")).to_be_visible()
    found = visitor.call("GET", "/api/v2/externalcontacts/contacts?q=zoe&expand=externalOrganization")["entities"]
    assert [one["firstName"] for one in found] == ['Zoé "la seule"']
    assert found[0]["lastName"] == "Une; deux"
    assert found[0]["externalOrganization"]["name"] == "Éts. Import"
    with page.expect_download() as download:
        page.get_by_role("button", name="Save the report").click()
    assert "24,firstName" in download.value.path().read_text("utf-8-sig")


def test_a_table_that_carnet_exported_comes_back_without_a_loss(visit, table, contract):
    visitor = visit()
    added = visitor.add(
        "Round", "Trip", surveyOptOut=True, workPhone={"display": "+33 1 23 45 67 89", "extension": 12, "acceptsSMS": True},
        schema={"id": contract["id"], "version": contract["version"]}, customFields={"seats_integer": 4, "paid_checkbox": False},
    )
    with_ids = visitor.call("GET", f"/api/v2/externalcontacts/contacts/{added['id']}")
    page = visitor.open("/admin/export")
    with page.expect_download() as download:
        page.get_by_role("link", name="Contacts as CSV, for spreadsheets").click()
    head, *lines = download.value.path().read_text("utf-8-sig").splitlines()
    exported = [line for line in lines if line.startswith(added["id"])]
    assert len(exported) == 1 and "schema.id" in head.split(",")
    visitor.call("DELETE", f"/api/v2/externalcontacts/contacts/{added['id']}")
    page = visitor.open("/admin/import")
    choose(page, table("\n".join([head, *exported])))
    try_it(page)
    page.get_by_role("button", name="Import now").click()
    expect(page.get_by_role("heading", name="Imported: 1 lines")).to_be_visible()
    back = visitor.call("GET", f"/api/v2/externalcontacts/contacts/{added['id']}")
    # A type that a record has cannot be removed; the next test makes its own.
    visitor.call("DELETE", f"/api/v2/externalcontacts/contacts/{added['id']}")
    for name in ["firstName", "lastName", "surveyOptOut", "schema", "customFields"]:
        assert back[name] == with_ids[name], name
    assert {name: back["workPhone"][name] for name in ["display", "extension", "acceptsSMS"]} == {
        name: with_ids["workPhone"][name] for name in ["display", "extension", "acceptsSMS"]
    }
