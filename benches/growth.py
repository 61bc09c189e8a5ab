#!/usr/bin/env python3
"""How carnet grows: the same questions with 100,000, 1,000,000 and 10,000,000 contacts.

    cargo build --profile dist
    benches/growth [--sizes 100000,1000000,10000000] [--keep DIR]

For each size: contacts are made up by `carnet sample`, imported into a fresh directory (time, most
memory, bytes on disk), started after a clean stop and after a kill amid writes, looked up and
searched. Prints a table in Markdown, draws the figures as one SVG, and keeps every raw figure in a
JSON file. Look-ups and searches are measured by `carnet bench`, look-ups beside its yardstick in turn; imports, starts and memory by
this script, because `carnet bench` would make up and import the contacts anew for each of them.

With --keep the directories stay, and the next run uses them again. Ten million contacts want 30 GB
of disk while they are imported, and up to an hour.
"""

import argparse
import contextlib
import http.client
import json
import pathlib
import shlex
import shutil
import sys
import tempfile
import threading
import time

sys.dont_write_bytecode = True
from lib import plot, system
from lib.product import API, ID, Carnet
from lib.system import median, say

ROOT = pathlib.Path(__file__).resolve().parent.parent

# Connections that add contacts when the daemon is killed.
WRITERS = 8
# How long they write before it.
WRITING_SECONDS = 1
# Memory at rest is what is resident so long after readiness.
REST_SECONDS = 2


class Size:
    """A directory of so many contacts, and what is measured of it."""

    def __init__(self, carnet, contacts, place, words):
        self.carnet, self.contacts, self.place, self.words = carnet, contacts, place, words
        self.data, self.facts = place / "data", place / "import.json"
        self.found = {"contacts": contacts}

    def prepare(self):
        """Makes the directory, unless an earlier run has kept it whole."""
        if self.facts.exists():
            say(f"{self.contacts:,}: using {self.place} again")
        else:
            shutil.rmtree(self.place, ignore_errors=True)
            self.place.mkdir(parents=True)
            file = self.place / "contacts.jsonl"
            say(f"{self.contacts:,}: making up")
            self.carnet.sample(self.contacts, self.words.seed, file)
            size = file.stat().st_size
            say(f"{self.contacts:,}: importing {size / 1e9:.1f} GB")
            facts = self.carnet.import_(file, self.data)
            if facts["added"] != self.contacts:
                raise RuntimeError(f"{facts['added']} of {self.contacts} contacts were imported")
            facts |= {"jsonBytes": size, "diskBytes": system.bytes_in(self.data)}
            file.unlink()
            # Last: where it stands, everything before it was done.
            self.facts.write_text(json.dumps(facts))
        self.found["import"] = json.loads(self.facts.read_text())

    def start(self):
        """Starts after a clean stop and, in turn, after a kill amid writes."""
        found, added = {"clean": [], "killed": []}, []
        with self.carnet.clients(self.data):
            with self.carnet.serving(self.data) as daemon:
                number = self.number(daemon)
            for _ in range(self.words.rounds):
                found["clean"].append(self.started(number))
                with self.carnet.serving(self.data) as daemon:
                    added += self.kill(daemon)
                found["killed"].append(self.started(number))
        # Another run finds the directory as it was made, but for the last adds that nobody answered.
        with self.carnet.daemon(self.data) as daemon:
            for at in range(0, len(added), 1_000):
                entities = [{"id": name} for name in added[at : at + 1_000]]
                daemon.post(f"{API}/bulk/contacts/remove", {"entities": entities})
        self.found["start"] = found | {"addedBeforeKills": len(added)}

    def number(self, daemon):
        """A number that is there, to look up first."""
        daemon.ready()
        daemon.token = daemon.sign_in(ID)
        page = json.loads(daemon.get(f"{API}/contacts?pageSize=20"))["entities"]
        return next(value["e164"] for one in page for value in one.values() if isinstance(value, dict) and "e164" in value)

    def started(self, number):
        """Seconds from the start of the process to the first answered look-up and to readiness."""
        with self.carnet.serving(self.data) as daemon:
            return {"answered": daemon.first_look_up(number), "ready": daemon.ready()}

    def kill(self, daemon):
        """Kills it while contacts are added. Answers those that it had acknowledged."""
        daemon.ready()
        daemon.token, added = daemon.sign_in(ID), []
        threads = [threading.Thread(target=add_until_it_ends, args=(daemon, n, added)) for n in range(WRITERS)]
        for thread in threads:
            thread.start()
        time.sleep(WRITING_SECONDS)
        daemon.process.kill()
        daemon.process.wait()
        for thread in threads:
            thread.join()
        return added

    def questions(self):
        """Look-ups and searches, and memory before and after them."""
        timing = ["--duration", str(self.words.seconds), "--warmup", str(self.words.warmup), "--rounds", str(self.words.rounds)]
        with self.carnet.daemon(self.data) as daemon:
            time.sleep(REST_SECONDS)
            self.found["residentAtRest"] = system.resident(daemon.pid)
            for name in ("lookup", "search"):
                say(f"{self.contacts:,}: {name}")
                self.found[name] = daemon.bench(name, *timing)["runs"][0]
            self.found["residentAfter"] = system.resident(daemon.pid)


def add_until_it_ends(daemon, writer, added):
    connection = http.client.HTTPConnection(daemon.host)
    headers = {"Authorization": f"Bearer {daemon.token}", "Content-Type": "application/json"}
    # An answer that broke off in the middle is no JSON.
    with contextlib.suppress(OSError, http.client.HTTPException, json.JSONDecodeError):
        for n in range(1_000_000):
            body = json.dumps({"firstName": "Grown", "lastName": f"By{writer}of{n}"})
            connection.request("POST", f"{API}/contacts", body, headers)
            added.append(json.loads(connection.getresponse().read())["id"])
    connection.close()


def table(sizes):
    """A row for each figure, a column for each size."""
    mib, micros = 2**20, 1e3
    of = lambda name, text: (name, [text(one) for one in sizes])
    start = lambda one, how, what: median([each[what] for each in one["start"][how]])
    times = lambda run, share: run["carnet"]["timesMicros"][share]
    rows = [
        of("import, contacts/s", lambda one: f"{one['contacts'] / one['import']['seconds']:,.0f}"),
        of("import, most memory, MiB", lambda one: f"{one['import']['peakBytes'] / mib:,.0f}"),
        of("JSON that was imported, bytes a contact", lambda one: f"{one['import']['jsonBytes'] / one['contacts']:,.0f}"),
        of("on disk, bytes a contact", lambda one: f"{one['import']['diskBytes'] / one['contacts']:,.0f}"),
        *(of(f"start after {text}, first look-up / ready, s",
             lambda one, how=how: f"{start(one, how, 'answered'):.3f} / {start(one, how, 'ready'):.3f}")
          for how, text in (("clean", "a clean stop"), ("killed", "kill -9 amid writes"))),
        of("look-up, server CPU, µs", lambda one: f"{one['lookup']['carnet']['cpuMicrosPerRequest']:.2f}"),
        of("look-up, of the yardstick", lambda one: f"{one['lookup']['ratio']['median']:.2f}"),
        of("look-up, p50 / p99, ms", lambda one: f"{times(one['lookup'], 'p50') / micros:.2f} / {times(one['lookup'], 'p99') / micros:.2f}"),
        of("look-ups/s", lambda one: f"{one['lookup']['carnet']['answersPerSecond']:,.0f}"),
        of("search, server CPU, µs", lambda one: f"{one['search']['carnet']['cpuMicrosPerRequest']:,.0f}"),
        of("search, p50 / p99, ms", lambda one: f"{times(one['search'], 'p50') / micros:.2f} / {times(one['search'], 'p99') / micros:.2f}"),
        of("resident at rest (without mapped files), MiB",
           lambda one: f"{one['residentAtRest'][0] / mib:,.0f} ({one['residentAtRest'][1] / mib:,.0f})"),
        of("resident after an export, look-ups and searches, MiB",
           lambda one: f"{one['residentAfter'][0] / mib:,.0f} ({one['residentAfter'][1] / mib:,.0f})"),
    ]
    lines = ["| contacts | " + " | ".join(f"{one['contacts']:,}" for one in sizes) + " |", "|---" * (len(sizes) + 1) + "|"]
    return "\n".join(lines + [f"| {name} | {' | '.join(values)} |" for name, values in rows])


def drawing(sizes):
    """The same figures as plots over the number of contacts."""
    mib = 2**20
    of = lambda name, value: (name, [value(one) for one in sizes])
    figures = [
        of("look-up, server CPU, µs", lambda one: one["lookup"]["carnet"]["cpuMicrosPerRequest"]),
        of("look-up, p99, ms", lambda one: one["lookup"]["carnet"]["timesMicros"]["p99"] / 1e3),
        of("search, p50, ms", lambda one: one["search"]["carnet"]["timesMicros"]["p50"] / 1e3),
        of("resident at rest, MiB", lambda one: one["residentAtRest"][0] / mib),
        of("on disk, bytes a contact", lambda one: one["import"]["diskBytes"] / one["contacts"]),
        of("import, contacts/s", lambda one: one["contacts"] / one["import"]["seconds"]),
        of("import, most memory, MiB", lambda one: one["import"]["peakBytes"] / mib),
        *(of(f"ready after {text}, ms", lambda one, how=how: 1e3 * median([each["ready"] for each in one["start"][how]]))
          for how, text in (("clean", "a clean stop"), ("killed", "kill -9"))),
    ]
    return plot.svg("carnet by number of contacts", [one["contacts"] for one in sizes], figures)


def growth(sizes):
    """The cost of a look-up in each size against the one before: as it is, and by the yardstick."""
    found = []
    for less, more in zip(sizes, sizes[1:]):
        cpu = [one["lookup"]["carnet"]["cpuMicrosPerRequest"] for one in (less, more)]
        ratio = [one["lookup"]["ratio"]["median"] for one in (less, more)]
        found.append(f"Look-up at {more['contacts']:,} against {less['contacts']:,}: {cpu[1] / cpu[0]:.2f} × the CPU, "
                     f"{ratio[0] / ratio[1]:.2f} × when each is measured by its yardstick (aim for 10 M against 1 M: "
                     "bar 1.3, dream 1.1).")
    return "\n".join(found)


def arguments():
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--binary", type=pathlib.Path, default=ROOT / "target/dist/carnet")
    words.add_argument("--sizes", default="100000,1000000,10000000")
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--seconds", type=float, default=5, help="of each round")
    words.add_argument("--warmup", type=float, default=2, help="seconds before each")
    words.add_argument("--rounds", type=int, default=3)
    words.add_argument("--keep", type=pathlib.Path, metavar="DIR", help="keep directories here, and use those that are here")
    words.add_argument("--json", type=pathlib.Path, default=pathlib.Path("growth.json"), help="where raw figures go")
    words.add_argument("--svg", type=pathlib.Path, default=pathlib.Path("growth.svg"), help="where plots go")
    words = words.parse_args()
    words.sizes = sorted({int(size) for size in words.sizes.split(",")})
    if not words.binary.exists():
        sys.exit("growth: build it first: cargo build --profile dist")
    return words


def main():
    words = arguments()
    system.end_on_signals()
    found = []
    with tempfile.TemporaryDirectory(prefix="growth-") as folder:
        carnet = Carnet(words.binary, folder)
        for contacts in words.sizes:
            place = (words.keep.resolve() if words.keep else pathlib.Path(folder)) / f"carnet-{contacts}"
            size = Size(carnet, contacts, place, words)
            size.prepare()
            # Questions before the kills, which add contacts.
            size.questions()
            say(f"{contacts:,}: starts")
            size.start()
            found.append(size.found)
            if not words.keep:
                shutil.rmtree(place)
            # After each: the largest takes longest, and what is known before it is kept.
            everything = {"machine": system.machine(), "command": shlex.join(sys.argv),
                          "carnet": carnet.run("--version").strip(), "sizes": found}
            words.json.write_text(json.dumps(everything, indent=1) + "\n", encoding="utf-8")
    words.svg.write_text(drawing(found), encoding="utf-8")
    print(table(found))
    print()
    print(growth(found))
    say(f"raw figures in {words.json}, plots in {words.svg}")


main()
