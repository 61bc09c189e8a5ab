#!/usr/bin/env python3
"""How carnet grows: the same measurements with 100,000, 1,000,000 and 10,000,000 contacts.

    cargo build --profile dist
    benches/growth.py [--sizes 100000,1000000,10000000] [--rounds 3]

`carnet bench` makes each size up, imports it, and measures look-ups beside the bare server in turn,
caller ID, searches, edits, disk, memory, and starts after a clean stop and after a kill amid edits.
This program prints its figures as a table in Markdown, a column for each size, and keeps its JSON,
its page of plots, and the plots over the number of contacts as one SVG for pages.

Ten million contacts want 30 GB of disk while they are imported, and an hour.
"""

import argparse
import html
import json
import os
import pathlib
import re
import subprocess
import sys

sys.dont_write_bytecode = True
from lib import system

ROOT = pathlib.Path(__file__).resolve().parent.parent

# Plots side by side in the SVG, their width in its units, and the room above each for its title.
COLUMNS, WIDTH, TITLE = 2, 760, 40


class Size:
    """The figures of one size."""

    def __init__(self, found, contacts):
        self.contacts = contacts
        self.runs = [run for run in found["runs"] if run["contacts"] == contacts]
        self.figures = {(one["what"], one["name"]): one["value"] for one in found["figures"] if one["contacts"] == contacts}

    def figure(self, what, name, scale=1, digits=0):
        """A single figure, in a unit that is `scale` times smaller than that of `carnet bench`."""
        value = self.figures.get((what, name))
        return "unknown" if value is None else f"{value * scale:,.{digits}f}"

    def run(self, what):
        """The first load of a kind: for look-ups, the one without misses."""
        return next(run for run in self.runs if run["what"] == what)

    def cpu(self, what):
        return self.run(what)["carnet"]["cpuMicrosPerRequest"]

    def times(self, what):
        """p50 and p99 in milliseconds."""
        micros = self.run(what)["carnet"]["timesMicros"]
        return f"{micros['p50'] / 1e3:.2f} / {micros['p99'] / 1e3:.2f}"

    def ratio(self):
        """Processor time of a look-up at the bare server ÷ that at carnet."""
        return self.run("lookup")["ratio"]["median"]


def table(sizes):
    """A row for each figure, a column for each size."""
    mib = 1 / 2**20
    of = lambda name, text: (name, [text(size) for size in sizes])
    rows = [
        of("import, contacts/s", lambda size: size.figure("import", "rate")),
        of("import, most memory, MiB", lambda size: size.figure("import", "resident at most", mib)),
        of("JSON that was imported, bytes a contact", lambda size: size.figure("import", "JSON")),
        of("on disk, bytes a contact", lambda size: size.figure("size", "on disk")),
        *(of(f"start after {how}, first look-up / ready, s",
             lambda size, how=how: f"{size.figure('start', f'first answer after {how}', 1, 3)} / {size.figure('start', f'ready after {how}', 1, 3)}")
          for how in ("a clean stop", "kill -9")),
        of("look-up, server CPU, µs", lambda size: f"{size.cpu('lookup'):.2f}"),
        of("look-up, CPU of the bare server ÷ carnet's", lambda size: f"{size.ratio():.2f}"),
        of("look-up, p50 / p99, ms", lambda size: size.times("lookup")),
        of("look-ups/s", lambda size: f"{size.run('lookup')['carnet']['answersPerSecond']:,.0f}"),
        of("search, server CPU, µs", lambda size: f"{size.cpu('search'):,.0f}"),
        of("search, p50 / p99, ms", lambda size: size.times("search")),
        *(of(f"resident {when} (without mapped files), MiB",
             lambda size, when=when: f"{size.figure('size', f'resident {when}', mib)} ({size.figure('size', f'resident {when}, without mapped files', mib)})")
          for when in ("at rest", "after a look-up of every number")),
    ]
    lines = ["| contacts | " + " | ".join(f"{size.contacts:,}" for size in sizes) + " |", "|---" * (len(sizes) + 1) + "|"]
    return "\n".join(lines + [f"| {name} | {' | '.join(values)} |" for name, values in rows])


def growth(sizes):
    """The cost of a look-up in each size, compared with the one before: as it is, and in bare servers."""
    found = []
    for less, more in zip(sizes, sizes[1:]):
        found.append(f"A look-up among {more.contacts:,} contacts, compared with {less.contacts:,}: "
                     f"{more.cpu('lookup') / less.cpu('lookup'):.2f} × the CPU, {less.ratio() / more.ratio():.2f} × when each is "
                     "measured in bare servers (target for 10 M and 1 M: 1.3, best case 1.1).")
    return "\n".join(found)


def picture(page):
    """The plots over the number of contacts out of a page, as one SVG that needs no network."""
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL).group(1)
    charts = [chart for chart in re.findall(r"<svg .*?</svg>", page, re.DOTALL) if "by contacts" in chart.partition(">")[0]]
    drawn, top = [], 0
    for first in range(0, len(charts), COLUMNS):
        row, highest = charts[first : first + COLUMNS], 0
        for column, chart in enumerate(row):
            title = re.search(r"<title>(.*?)</title>", chart).group(1)
            height = float(re.search(r'viewBox="0 0 [\d.]+ ([\d.]+)"', chart).group(1))
            highest = max(highest, height)
            drawn.append(f'<text class="label" x="{(column + 0.5) * WIDTH}" y="{top + TITLE - 12}" text-anchor="middle">{title}</text>')
            drawn.append(chart.replace("<svg ", f'<svg x="{column * WIDTH}" y="{top + TITLE}" width="{WIDTH}" height="{height}" ', 1))
        top += TITLE + highest
    size = f"{COLUMNS * WIDTH} {top:.0f}"
    return "\n".join([f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}">', "<title>carnet by number of contacts</title>",
                      f"<style>{html.unescape(style)}</style>", '<rect width="100%" height="100%" fill="var(--paper)"/>', *drawn, "</svg>", ""])


def arguments():
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--binary", type=pathlib.Path, default=ROOT / "target/dist/carnet")
    words.add_argument("--sizes", default="100000,1000000,10000000")
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--seconds", type=float, default=5, help="of each round")
    words.add_argument("--warmup", type=float, default=2, help="seconds before each")
    words.add_argument("--rounds", type=int, default=3)
    words.add_argument("--json", type=pathlib.Path, default=pathlib.Path("growth.json"), help="where raw figures go")
    words.add_argument("--report", type=pathlib.Path, default=pathlib.Path("growth.html"), help="where the page goes")
    words.add_argument("--svg", type=pathlib.Path, default=pathlib.Path("growth.svg"), help="where the plots over contacts go")
    words = words.parse_args()
    words.sizes = sorted({int(size) for size in words.sizes.split(",")})
    if not words.binary.exists():
        sys.exit("growth: build it first: cargo build --profile dist")
    return words


def main():
    words = arguments()
    system.end_on_signals()
    command = [words.binary.resolve(), "bench", "--contacts", ",".join(map(str, words.sizes)), "--seed", words.seed,
               "--duration", words.seconds, "--warmup", words.warmup, "--rounds", words.rounds, "--json", "--report", words.report]
    # The settings of the person who runs this are not measured.
    clean = {name: value for name, value in os.environ.items() if not name.startswith("CARNET_")}
    with system.process(command, stdout=subprocess.PIPE, text=True, env=clean) as bench:
        said = bench.stdout.read()
        if bench.wait() != 0:
            sys.exit(f"growth: carnet bench ended with status {bench.returncode}")
    found = json.loads(said)
    words.json.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    words.svg.write_text(picture(words.report.read_text(encoding="utf-8")), encoding="utf-8")
    sizes = [Size(found, contacts) for contacts in words.sizes]
    print(table(sizes))
    print()
    print(growth(sizes))
    system.say(f"raw figures in {words.json}, plots in {words.report} and {words.svg}")


main()
