"""The commands and the Python of README.md, word for word but for the address and the place of the binary."""

import os
import pathlib
import re
import shlex
import subprocess
import sys

import pytest

from conftest import Daemon

README = (pathlib.Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
ADDRESS, BINARY = "http://127.0.0.1:8420", "target/release/carnet"
PYTHON_LINES_MAX = 8


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def commands(console):
    """The commands of a transcript, each with the output that is shown."""
    pieces = re.split(r"^\$ ", console, flags=re.MULTILINE)[1:]
    return [piece.partition("\n")[::2] for piece in pieces]


def shell(line, url):
    line = line.replace(ADDRESS, url).replace(BINARY, shlex.quote(os.environ["CARNET_BIN"]))
    return subprocess.run(["bash", "-euo", "pipefail", "-c", line], check=True, capture_output=True, text=True).stdout


@pytest.fixture(scope="module")
def daemon(tmp_path_factory):
    """A daemon that was begun as the README says."""
    data = str(tmp_path_factory.mktemp("readme"))
    (build, _), (add, shown), (serve, says) = commands(blocks("console")[0])
    assert build.startswith("cargo build") and serve == f"{BINARY} serve"
    assert shell(f"{add} --data {shlex.quote(data)}", ADDRESS) == shown
    running = Daemon(data)
    assert says == f"carnet listens on {ADDRESS}\n"
    yield running
    running.stop()


def test_the_lines_of_curl(daemon):
    found = shell(blocks("sh")[0], daemon.url)
    assert found.count('"firstName":"Ada"') == 2, found


def test_the_lines_of_python(daemon):
    (code,) = blocks("python")
    assert len(code.splitlines()) <= PYTHON_LINES_MAX
    done = subprocess.run(
        [sys.executable, "-c", code.replace(ADDRESS, daemon.url)], check=True, capture_output=True, text=True
    )
    assert done.stdout == "Hopper\n"


def test_the_lines_of_caller_id(daemon):
    shell(blocks("sh")[0], daemon.url)
    (add, printed), (ask, shown) = commands(blocks("console")[1])
    assert shell(add, daemon.url) == printed
    # No line break follows a name; the page must have one.
    assert shell(ask, daemon.url) == shown.rstrip("\n")


def test_the_lines_of_made_up_people(tmp_path):
    lines = blocks("sh")[1].replace(BINARY, shlex.quote(os.environ["CARNET_BIN"]))
    lines = lines.replace("sample 10000", "sample 500")
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", lines], cwd=tmp_path, check=True, capture_output=True, text=True
    )
    assert "Müller" in done.stdout
