"""Modules of the page on their own, in the browser that runs them: tables, columns, marks and paths."""

import pytest

CALL = """async ([path, name, given]) => {
    const main = document.querySelector('script[src$="/main.js"]').src;
    const module = await import(main.replace('main.js', path));
    const answer = module[name](...given);
    const plain = (value) => value?.node instanceof Node
        ? [...value.node.querySelectorAll('mark')].map((mark) => mark.textContent) : value;
    return plain(answer?.next ? [...answer] : answer);
}"""


@pytest.fixture(scope="module")
def call(administrator):
    administrator.open("/")
    return lambda path, name, *given: administrator.page.evaluate(CALL, [path, name, list(given)])


@pytest.mark.parametrize(
    "text, separator, expect",
    [
        ("a,b\n1,2\n", ",", [(1, ["a", "b"]), (2, ["1", "2"])]),
        ("a;b\r\n1;2", ";", [(1, ["a", "b"]), (2, ["1", "2"])]),
        ("a\tb\r1\t2\r", "\t", [(1, ["a", "b"]), (2, ["1", "2"])]),
        ('"a,""b""",c\n', ",", [(1, ['a,"b"', "c"])]),
        ('a,"two\nlines"\nb,c', ",", [(1, ["a", "two\nlines"]), (3, ["b", "c"])]),
        ('a, "b"\n', ",", [(1, ["a", "b"])]),
        ("a\n\n ,\nb", ",", [(1, ["a"]), (4, ["b"])]),
        ('a"b,c', ",", [(1, ['a"b', "c"])]),
        ("", ",", []),
    ],
)
def test_a_table_is_cut_into_rows_with_the_numbers_of_their_lines(call, text, separator, expect):
    got = call("admin/file.js", "rows", text, separator)
    assert [(row["line"], row["cells"]) for row in got] == expect


@pytest.mark.parametrize(
    "column, field",
    [
        ("First Name", "firstName"),
        ("first_name", "firstName"),
        ("\ufeffPrénom", "firstName"),
        ("workPhone", "workPhone.display"),
        ("Mobile Phone", "cellPhone.display"),
        ("organization", "externalOrganization.name"),
        ("Société", "externalOrganization.name"),
        ("address.city", "address.city"),
        ("customFields.contract_text", "customFields.contract_text"),
        ("externalIds[0].value", "externalIds.0.value"),
        ("Remarks", ""),
    ],
)
def test_a_column_is_known_by_the_names_that_programs_give_it(call, column, field):
    assert call("admin/file.js", "targetOf", column) == field


def test_a_row_becomes_a_contact_of_the_api(call):
    targets = ["firstName", "workPhone.display", "workPhone.acceptsSMS", "workPhone.extension", "", "title"]
    cells = [" Ann ", "+44 20 7946 0018", "yes", "12", "left out", "'=Boss"]
    assert call("admin/file.js", "contactOf", targets, cells) == {
        "firstName": "Ann",
        "workPhone": {"display": "+44 20 7946 0018", "acceptsSMS": True, "extension": 12},
        "title": "=Boss",
    }


@pytest.mark.parametrize(
    "text, query, marks",
    [
        ("Jürg Müller", "mul", ["Mül"]),
        ("Jürg Müller", "mueller", ["Müller"]),
        ("Weiß Straße", "strasse", ["Straße"]),
        ("Łukasz Żak", "lu za", ["Łu", "Ża"]),
        ("Γιώργος", "γιωργοσ", ["Γιώργος"]),
        ("Anna Hanna", "anna", ["Anna"]),
        ("anna@example.org", "example", ["example"]),
        ("+33 6 12 34 56 78", "0612345678", ["6 12 34 56 78"]),
        ("+33 6 12 34 56 78", "12", ["12"]),
        ("太郎 山田", "山", ["山"]),
        ("nothing", "", []),
    ],
)
def test_the_parts_that_match_are_marked_as_the_daemon_finds_them(call, text, query, marks):
    wanted = call("search/rows.js", "wanted", query)
    assert call("search/rows.js", "marked", text, wanted) == marks
