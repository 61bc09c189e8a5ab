"""Search as one types: the newest question wins, matching parts are marked, and keys are enough."""

import json
import re

import pytest
from playwright.sync_api import expect


@pytest.fixture(scope="module")
def people(administrator):
    for first, last, number in [
        ("Żaneta", "Müller", "+49 176 53918401"),
        ("Zanetti", "Rossi", "+39 06 6982 0001"),
        ("Giorgos", "Papadopoulos", "+30 21 0331 2345"),
    ]:
        administrator.add(first, last, workPhone={"display": number}, workEmail=f"{last.lower()}@Example.org".replace("ü", "ue"))


@pytest.mark.parametrize(
    "typed, marked",
    [
        ("zaneta", "Żaneta"),
        ("mueller", "Müller"),
        ("muller", "Müller"),
        ("176 5391", "176 5391"),
        ("+49 176 53918401", "49 176 53918401"),
        ("papad", "Papad"),
    ],
)
def test_the_parts_that_match_are_marked(visit, people, typed, marked):
    page = visit().page
    page.locator("#search").fill(typed)
    expect(page.locator(".results mark").first).to_have_text(marked)


def test_a_late_answer_never_replaces_a_newer_one(visit, people):
    page = visit().page
    held = []

    def hold(route):
        # The answer to the first question is kept back until the second was answered.
        if re.search(r"[?&]q=zan(&|$)", route.request.url):
            held.append(route)
        else:
            route.continue_()

    page.route("**/externalcontacts/contacts?**", hold)
    page.locator("#search").fill("zan")
    expect(page.locator("#search")).to_have_value("zan")
    page.locator("#search").fill("giorgos")
    expect(page.locator(".results a")).to_have_count(1)
    expect(page.locator(".results a")).to_contain_text("Giorgos")
    assert len(held) == 1
    # The page has given this request up; an answer to it comes to nothing.
    body = {"entities": [{"id": "0" * 32, "firstName": "Late", "lastName": "Answer"}], "total": 1}
    held[0].fulfill(body=json.dumps(body), content_type="application/json")
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    expect(page.locator(".results a")).to_contain_text("Giorgos")


def test_keys_alone_find_open_and_come_back(visit, people):
    page = visit().page
    search, rows = page.locator("#search"), page.locator(".results a")
    page.keyboard.press("/")
    expect(search).to_be_focused()
    page.keyboard.type("zan")
    expect(rows).to_have_count(2)
    page.keyboard.press("ArrowDown")
    expect(rows.first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(rows.nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(search).to_be_focused()
    page.keyboard.press("Enter")
    heading = page.locator("main h1")
    expect(heading).to_be_focused()
    page.keyboard.press("Escape")
    expect(rows.first).to_be_focused()
    page.keyboard.press("Escape")
    expect(search).to_be_focused()
    page.keyboard.press("Escape")
    expect(search).to_have_value("")


def test_the_time_that_the_daemon_took_is_shown(visit, people):
    page = visit().page
    expect(page.locator(".summary .took")).to_have_text(re.compile(r"^[\d.,]+ ms$"))


def test_what_is_not_found_can_be_added_at_once(visit, people):
    page = visit().page
    page.locator("#search").fill("Grete Unbekannt")
    page.get_by_role("link", name="Add it").click()
    expect(page.locator("[name=firstName]")).to_have_value("Grete")
    expect(page.locator("[name=lastName]")).to_have_value("Unbekannt")
    page.locator("#search").fill("+49 30 999 888 77")
    page.get_by_role("link", name="Add it").click()
    expect(page.locator("[name=workPhone]")).to_have_value("+49 30 999 888 77")


def test_organizations_are_searched_too_and_list_their_contacts(visit, people):
    visitor = visit()
    house = visitor.call("POST", "/api/v2/externalcontacts/organizations", {"name": "Zwölf & Söhne"})
    for number in range(30):
        visitor.add(f"Worker {number:02}", "Zwölfer", externalOrganization={"id": house["id"]})
    page = visitor.page
    page.get_by_role("radio", name="Organizations").check()
    page.locator("#search").fill("zwolf")
    page.keyboard.press("Enter")
    expect(page.locator("main h1")).to_have_text("Zwölf & Söhne")
    members = page.locator("article .results a")
    expect(members).to_have_count(25)
    page.get_by_role("button", name="Next").click()
    expect(members).to_have_count(5)
    page.get_by_label("Search these contacts").fill("worker 07")
    expect(members).to_have_count(1)
    visitor.shoot("organization")


def test_the_groups_of_a_number_are_not_marked_in_another_number(visit):
    visitor = visit()
    visitor.add("Groups", "Ofdigits", workPhone={"display": "+33 1 12 99 34 00"}, cellPhone={"display": "+33 6 12 34 56 78"})
    page = visitor.page
    page.locator("#search").fill("06 12 34 56 78")
    row = page.locator(".results a", has_text="Ofdigits")
    expect(row.locator("mark")).to_have_text(["6 12 34 56 78"])
    expect(row).not_to_contain_text("12 99")


def test_a_search_without_an_answer_is_asked_again_when_there_is_one(visit, people):
    page = visit().page
    gone = ["**/externalcontacts/contacts?**", "**/healthz"]
    for path in gone:
        page.route(path, lambda route: route.abort())
    page.locator("#search").fill("giorgos")
    alert = page.locator(".more .alert")
    expect(alert).to_have_text("carnet does not answer. The search waits for it.")
    for path in gone:
        page.unroute(path)
    expect(page.locator(".results a")).to_have_count(1)
    expect(page.locator(".results a")).to_contain_text("Giorgos")
    expect(alert).to_have_count(0)


def test_a_house_with_thousands_says_how_many_are_listed_and_keeps_the_focus_while_paging(visit, people):
    visitor = visit()
    house = visitor.call("POST", "/api/v2/externalcontacts/organizations", {"name": "Thousands Ltd"})
    lines = [
        json.dumps({"firstName": f"One {number}", "lastName": "Ofthousands", "externalOrganization": {"id": house["id"]}})
        for number in range(1101)
    ]
    headers = {"Origin": visitor.daemon.url, "Content-Type": "application/x-ndjson"}
    done = visitor.context.request.post("/api/v2/carnet/import", data="\n".join(lines), headers=headers)
    assert done.json()["added"] == 1101
    page = visitor.open(f"/organization/{house['id']}")
    foot = page.get_by_role("navigation", name="Pages")
    expect(foot).to_contain_text("Page 1 of 40")
    expect(foot).to_contain_text("The first 1,000 of 1,101. Letters of a name find the others.")
    following = page.get_by_role("button", name="Next")
    following.press("Enter")
    expect(foot).to_contain_text("Page 2 of 40")
    expect(following).to_be_focused()
    page.get_by_role("button", name="Previous").press("Enter")
    expect(foot).to_contain_text("Page 1 of 40")
    # There is no page before; the focus goes to what is left.
    expect(following).to_be_focused()
    page.get_by_label("Search these contacts").fill("one 1100")
    expect(page.locator("article .results a")).to_have_count(1)
