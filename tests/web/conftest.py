"""The page in a real browser: Debian's chromium, driven by Playwright, against a running carnet.

The daemon under test is the binary that CARNET_BIN names. Screenshots go to CARNET_SHOTS. A test fails
when the page throws, or when the browser reports something that its policy forbids.
"""

import json
import os
import pathlib
import shutil

import pytest
from playwright.sync_api import expect, sync_playwright

from daemon import NAME, PASSWORD, Daemon

WIDE, NARROW = {"width": 1280, "height": 860}, {"width": 360, "height": 740}
SHOTS = pathlib.Path(os.environ.get("CARNET_SHOTS", "target/web"))
# Longer than anything takes on a busy machine; what comes is not waited for any longer.
expect.set_options(timeout=10_000)


class Visitor:
    """A browser of its own, with its own cookies: one person at one desk."""

    def __init__(self, browser, daemon, language="en-GB", viewport=WIDE, scheme="light", **options):
        self.context = browser.new_context(
            locale=language, viewport=viewport, color_scheme=scheme, base_url=daemon.url, **options
        )
        self.context.set_default_timeout(10_000)
        self.daemon = daemon
        self.troubles = []
        self.page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))
        self.page.on("console", self._hear)

    def _hear(self, message):
        # Answers of the daemon that are no success are part of many tests.
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self.troubles.append(message.text)

    def sign_in(self, name=NAME, password=PASSWORD):
        self.page.goto("/")
        self.fill_sign_in(name, password)
        expect(self.page.locator("#search")).to_be_visible()
        return self.page

    def fill_sign_in(self, name=NAME, password=PASSWORD):
        dialog = self.page.get_by_role("dialog")
        dialog.locator("[name=name]").fill(name)
        dialog.locator("[name=password]").fill(password)
        dialog.locator("[name=password]").press("Enter")
        expect(dialog).to_be_hidden()

    def call(self, method, path, body=None):
        """Asks the API as the person who is signed in."""
        options = {"method": method, "headers": {"Origin": self.daemon.url}}
        if body is not None:
            options["data"] = json.dumps(body)
            options["headers"]["Content-Type"] = "application/json"
        answer = self.context.request.fetch(path, **options)
        assert answer.ok, f"{method} {path}: {answer.status} {answer.text()}"
        return answer.json()

    def add(self, first, last, **fields):
        body = {"firstName": first, "lastName": last, **fields}
        return self.call("POST", "/api/v2/externalcontacts/contacts", body)

    def open(self, place):
        """Goes to a view and waits until it is there."""
        self.page.goto(f"/#{place}")
        expect(self.page.locator("body")).to_have_attribute("data-shown", place)
        return self.page

    def shoot(self, name):
        SHOTS.mkdir(parents=True, exist_ok=True)
        # A ring or a shade that is on its way is not to be on one picture and not on the next.
        self.page.screenshot(path=SHOTS / f"{name}.png", animations="disabled", caret="hide")


@pytest.fixture(scope="session")
def browser():
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        # Inside of a container there is no sandbox to be had; the only site is our own.
        yield playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-dev-shm-usage"])


@pytest.fixture(scope="session")
def daemon(tmp_path_factory):
    """A daemon whose first administrator is there."""
    running = Daemon(tmp_path_factory.mktemp("data") / "carnet-data")
    yield running
    running.stop()


@pytest.fixture(scope="session")
def administrator(browser, daemon):
    """The first person, made by the link of the first start as a new user does it."""
    visitor = Visitor(browser, daemon)
    visitor.page.goto(daemon.first_link())
    visitor.fill_sign_in()
    expect(visitor.page.locator("#search")).to_be_visible()
    yield visitor
    visitor.context.close()


@pytest.fixture
def visit(browser, daemon, administrator):
    """Makes visitors, and looks at the end whether their pages were in trouble."""
    visitors = []

    def make(sign_in=True, **options):
        visitor = Visitor(browser, daemon, **options)
        visitors.append(visitor)
        if sign_in:
            visitor.sign_in()
        return visitor

    yield make
    for visitor in visitors:
        visitor.context.close()
        assert visitor.troubles == []
