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
        ("workPhone.normalizationCountryCode", "workPhone.normalizationCountryCode"),
        ("customFields", "customFields"),
        ("appleOpaqueIds.3.value", "appleOpaqueIds.3.value"),
        ("schema.version", "schema.version"),
        ("E.Mail", ""),
        ("Remarks", ""),
    ],
)
def test_a_column_is_known_by_the_names_that_programs_give_it(call, column, field):
    assert call("admin/columns.js", "targetOf", column) == field


def test_a_table_is_sent_with_the_columns_that_are_chosen(call):
    targets = ["firstName", "workPhone.acceptsSMS", "", "title"]
    text = "sep=;\na;b;c;d\n Ann ;Oui;left out;'=Boss\n;;x;\n\"B;\nb\""
    assert call("admin/columns.js", "tableOf", text, ";", targets, [["schema.id", "s"]]) == {
        "head": {"line": 2, "text": "firstName,workPhone.acceptsSMS,title,schema.id"},
        "records": [
            {"line": 3, "text": " Ann ,true,'=Boss,s"},
            {"line": 4, "text": ",,,s"},
            {"line": 5, "text": '"B;\nb",,,s'},
        ],
    }
    # One empty cell is a row and no empty line.
    assert call("admin/columns.js", "tableOf", "a,b\n,1", ",", ["firstName", ""], [])["records"] == [{"line": 2, "text": '""'}]


@pytest.mark.parametrize(
    "text, form, separator",
    [
        ("a,b\n1,2", "table", ","),
        ('"a,b,c";d\n1;2', "table", ";"),
        ("sep=;\na,b,c;d\n", "table", ";"),
        ('"sep=\t"\r\na\tb\r\n', "table", "\t"),
        ("sep=|\na|b\n", "table", "|"),
        ('{"a":1}\n{"b":2}', "lines", ""),
        ('[{"a":1},\n{"b":2}]', "unknown", ""),
        ("only words", "unknown", ","),
        ("", "unknown", ","),
    ],
)
def test_a_file_is_taken_for_what_it_is(call, text, form, separator):
    taken = call("admin/file.js", "takenFor", text)
    assert (taken["form"], taken["separator"]) == (form, separator)


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
