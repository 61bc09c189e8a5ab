#!/usr/bin/env python3
"""Measures the page in a real browser: a cold load, and from a key press to the result that is shown.

    cargo build --profile dist
    benches/page.py --data DIR [--bin target/dist/carnet] [--words 40]

DIR holds contacts, as `carnet sample 1000000 | carnet import --data DIR -` leaves them; no daemon may hold
it. A person named `page bench` is added for the run and removed at the end. The time of a key begins with
the browser's own stamp of the key press and ends with the frame after the list was filled; the daemon's
share is its `Server-Timing`. Wants Debian's chromium, and Playwright as in tests/web/requirements.txt.
"""

import argparse
import pathlib
import random
import re
import secrets
import shutil
import statistics
import subprocess

from playwright.sync_api import sync_playwright

ROOT = pathlib.Path(__file__).resolve().parent.parent
NAME = "page bench"
LETTERS_MAX = 5

# Stamps each key press, and the frame that shows the answer to it.
WATCH = """() => {
    window.shown = [];
    let pressed = 0;
    const input = document.querySelector('#search');
    input.addEventListener('input', (event) => { pressed = event.timeStamp; }, true);
    new MutationObserver(() => {
        const since = pressed;
        requestAnimationFrame(() => { const now = performance.now(); window.shown.push(now - since); });
    }).observe(document.querySelector('.summary'), { childList: true, subtree: true });
}"""


def options():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", required=True, help="a directory with contacts")
    parser.add_argument("--bin", default=str(ROOT / "target/dist/carnet"))
    parser.add_argument("--words", type=int, default=40, help="searches, typed letter by letter")
    return parser.parse_args()


def user(binary, data, *words, **given):
    subprocess.run([binary, "user", *words, "--data", data], check=True, stdout=subprocess.DEVNULL, **given)


def serve(binary, data):
    command = [binary, "serve", "--data", data, "--listen", "127.0.0.1:0"]
    daemon = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    for line in daemon.stdout:
        found = re.search(r"http://127\.0\.0\.1:\d+", line)
        if found:
            return daemon, found.group()
    raise SystemExit("carnet did not say where it listens")


def row(name, milliseconds):
    parts = statistics.quantiles(milliseconds, n=100)
    print(f"| {name} | {parts[49]:.1f} ms | {parts[94]:.1f} ms | {max(milliseconds):.1f} ms |")


def cold_load(context, url, password):
    """The first visit: files, bytes and the time until the search can be typed into."""
    page = context.new_page()
    sizes = []
    page.on("requestfinished", lambda request: sizes.append(request.sizes()["responseBodySize"]))
    page.goto(url)
    page.get_by_role("dialog").locator("[name=name]").wait_for()
    usable = page.evaluate("() => performance.now()")
    print(f"cold load: {len(sizes)} requests, {sum(sizes):,} bytes, {usable:.0f} ms until the sign-in can be typed into")
    page.locator("[name=name]").fill(NAME)
    page.locator("[name=password]").fill(password)
    page.keyboard.press("Enter")
    page.locator(".results a").first.wait_for()
    return page


def type_words(page, words):
    """Types each word letter by letter, waiting for each result."""
    shares = []
    page.on("response", lambda response: shares.append(response.header_value("server-timing") or ""))
    page.evaluate(WATCH)
    for word in words:
        page.locator("#search").fill("")
        for letter in word[:LETTERS_MAX]:
            count = page.evaluate("() => window.shown.length")
            page.keyboard.type(letter)
            page.wait_for_function("count => window.shown.length > count", arg=count)
    shown = page.evaluate("() => window.shown")
    return shown, [float(found.group(1)) for found in map(re.compile(r"dur=([\d.]+)").search, shares) if found]


def main():
    given = options()
    password = secrets.token_urlsafe(16)
    user(given.bin, given.data, "add", NAME, "--role", "viewer", input=password + "\n", text=True)
    daemon, url = serve(given.bin, given.data)
    try:
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            page = cold_load(chromium.new_context(), url, password)
            names = page.locator(".results .row-name").all_text_contents()
            words = [word for name in names for word in name.split() if word.isalpha() and len(word) > 2]
            words = random.Random(1).sample(words, min(given.words, len(words)))
            shown, shares = type_words(page, words)
            print("| | p50 | p95 | most |\n|---|---|---|---|")
            row(f"key press to shown result, {len(shown)} keys", shown)
            row("of it the daemon", shares)
    finally:
        daemon.terminate()
        daemon.wait()
        user(given.bin, given.data, "remove", NAME)


if __name__ == "__main__":
    main()
