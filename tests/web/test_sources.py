"""The sources of the page: they pass the type checker, speak both languages, and make no markup from text."""

import os
import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
WEB = ROOT / "crates" / "http" / "web"
LINES_MAX = 400
ENTRIES_MAX = 15

SOURCES = {path.relative_to(WEB).as_posix(): path.read_text() for path in WEB.rglob("*.js")}


def dictionary(language):
    pairs = re.findall(r"^    (?:'([^']+)'|(\w+)):\s+'(.*)',$", SOURCES[f"words/{language}.js"], re.M)
    return {quoted or plain: text for quoted, plain, text in pairs}


def test_the_page_passes_the_strict_type_checker():
    tsc = pathlib.Path(os.environ["CARNET_WEB_MODULES"]) / ".bin" / "tsc"
    done = subprocess.run([tsc, "-p", ROOT / "tests" / "web" / "tsconfig.json"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_both_dictionaries_have_the_same_keys_and_the_same_places_for_values():
    english, french = dictionary("en"), dictionary("fr")
    assert list(english) == list(french) and len(english) > 200
    for key, text in english.items():
        assert text.strip() and french[key].strip(), key
        places = re.findall(r"\{\w+\}", text)
        assert sorted(places) == sorted(re.findall(r"\{\w+\}", french[key])), key


def test_every_text_of_the_dictionary_is_used():
    code = "\n".join(text for name, text in SOURCES.items() if not name.startswith(("words/en", "words/fr")))
    # Keys whose last part is a word of the daemon's or of a table.
    made = [re.escape(stem).replace(r"\$\{\}", ".+") for stem in re.findall(r"[`(]((?:\w+\.)+)\$\{", code)]
    for key in dictionary("en"):
        plain = key.removesuffix(".one").removesuffix(".about")
        assert f"'{plain}'" in code or any(re.match(stem, plain) for stem in made), key


def test_every_french_fault_is_a_sentence_of_the_daemon():
    """A sentence that the daemon no longer says in this way would be shown in English."""
    patterns = re.findall(r"^ +\[?/(.+)/,", SOURCES["words/said.js"], re.M)
    assert len(patterns) > 20
    rust = "\n".join(path.read_text() for path in (ROOT / "crates").rglob("*.rs"))
    # What a sentence fills in is a number or a name.
    said = re.sub(r"\{[\w.]*\}", "1", rust)
    for pattern in patterns:
        assert re.search(pattern, said), pattern


def test_no_markup_is_made_from_text():
    for name, text in SOURCES.items():
        for way in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "DOMParser", ".style."]:
            assert way not in text, f"{name} has {way}"


def test_modules_are_short_and_no_folder_is_crowded():
    for name, text in SOURCES.items():
        assert len(text.splitlines()) <= LINES_MAX, name
    for folder in [WEB, *(path for path in WEB.iterdir() if path.is_dir())]:
        assert len(list(folder.iterdir())) <= ENTRIES_MAX, folder


def test_modules_import_each_other_without_circles():
    imports = {}
    for name, text in SOURCES.items():
        here = pathlib.PurePosixPath(name).parent
        named = re.findall(r"^(?:import .*|\}) from '([^']+)';$", text, re.M)
        imports[name] = {os.path.normpath(here / path) for path in named}
        assert imports[name] <= set(SOURCES), name
    # What imports nothing that is left can be taken away, until nothing is left.
    while imports:
        free = {name for name, named in imports.items() if not named & set(imports)}
        assert free, f"a circle in {sorted(imports)}"
        imports = {name: named for name, named in imports.items() if name not in free}
