"""What the style sheets owe to a narrow page, a low one, a long name and a fault."""

from playwright.sync_api import expect

from conftest import NARROW
from daemon import PASSWORD


def style(locator, name, pseudo=None):
    return locator.evaluate("(node, [name, pseudo]) => getComputedStyle(node, pseudo)[name]", [name, pseudo])


def width(locator):
    return locator.bounding_box()["width"]


def test_at_360_pixels_cells_have_their_heads_and_the_chosen_page_is_in_sight(visit):
    visitor = visit(viewport=NARROW)
    for place in ["users", "export"]:
        page = visitor.open(f"/admin/{place}")
        box = page.locator(".admin nav a[aria-current]").bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= NARROW["width"], place
    page = visitor.open("/admin/users")
    cells = page.locator(".table tbody tr").first.locator("td")
    heads = [cell.evaluate("node => node.dataset.label ?? ''") for cell in cells.all()]
    assert heads == ["Name", "Role", "Since", ""]
    assert style(cells.first, "content", "::before") == '"Name"'


def test_the_columns_of_a_table_can_be_read_at_any_width(visit, tmp_path):
    file = tmp_path / "people.csv"
    file.write_text("a column with quite a long name,email\n" + "x" * 300 + ",b@example.org\n")
    for viewport in [NARROW, {"width": 1280, "height": 860}]:
        page = visit(viewport=viewport).open("/admin/import")
        page.locator("input[type=file]").set_input_files(file)
        row = page.locator(".mapping tbody tr").first
        assert width(row.locator("select")) >= 190
        assert width(row.locator("td").first) >= 100
        assert row.locator(".example").evaluate("node => node.scrollWidth > node.clientWidth")
        assert page.locator(".scroll", has=page.locator(".mapping")).evaluate("node => node.scrollWidth <= node.clientWidth")


def test_an_empty_place_for_a_message_leaves_no_gap(visit):
    page = visit().open("/admin/users")
    card = page.locator(".card").first
    expect(card.locator(".table")).to_be_visible()
    table, around = card.locator(".scroll").bounding_box(), card.bounding_box()
    below = around["y"] + around["height"] - table["y"] - table["height"]
    assert below == float(style(card, "paddingBottom").removesuffix("px"))


def test_the_buttons_of_a_form_do_not_cover_a_low_page(visit):
    page = visit(viewport={"width": 800, "height": 380}).open("/contact/new")
    assert style(page.locator(".actions.sticky"), "position") == "static"
    page.set_viewport_size({"width": 800, "height": 800})
    assert style(page.locator(".actions.sticky"), "position") == "sticky"


def test_a_name_of_a_thousand_letters_leaves_room_for_the_record(visit):
    visitor = visit()
    contact = visitor.add("N" * 500, "W" * 500)
    heading = visitor.open(f"/contact/{contact['id']}").locator("article h1")
    lines = heading.bounding_box()["height"] / float(style(heading, "lineHeight").removesuffix("px"))
    assert 3.9 < lines < 4.1


def test_a_fault_keeps_its_colour_under_the_focus_and_is_not_said_twice(visit):
    page = visit().open("/account")
    field = page.locator("[name=password]")
    page.locator("[name=old]").fill(PASSWORD)
    field.fill("short")
    hint = page.locator(".hint")
    expect(hint).to_be_visible()
    field.press("Enter")
    expect(field).to_have_attribute("aria-invalid", "true")
    field.focus()
    assert style(field, "outlineColor") == style(field, "borderTopColor") == style(page.locator(".fault:not(:empty)").first, "color")
    expect(hint).to_be_hidden()


def test_dates_are_those_of_the_browsers_country(visit):
    for language in ["en-GB", "en-US", "fr-CA"]:
        visitor = visit(language=language)
        contact = visitor.add("Dated", language)
        page = visitor.open(f"/contact/{contact['id']}")
        expected = page.evaluate(
            "([place, date]) => new Intl.DateTimeFormat(place, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(date))",
            [language, contact["createDate"]],
        )
        expect(page.locator(".record-foot")).to_contain_text(expected)
