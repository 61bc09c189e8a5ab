#!/usr/bin/env python3
"""Measures every target that carnet has set itself, in one run, beside the systems it is compared with.

    cargo build --profile dist
    benches/targets.py [--contacts 1000000] [--data DIR] [--seconds 5] [--only lookup,search] [--skip-others]

Prints a table in Markdown (measured, target, best case, result, command) and keeps every raw figure
in a JSON file. `carnet bench` measures carnet and a bare server; wrk asks the same of both; Redis and
PostgreSQL answer from the same contacts. What is compared runs in turn, round by round, and the
medians count. wrk, Redis and PostgreSQL come from Debian; `--install` fetches those that are not
there, `--skip-others` leaves them out. Rows about growth come from benches/growth.py.

Everything happens in temporary directories and on free loop-back ports, and is gone afterwards. A
million contacts want 10 GB of disk, 4 GB of memory and about an hour.
"""

import argparse
import contextlib
import http.client
import json
import pathlib
import shlex
import sys
import tempfile
import time

sys.dont_write_bytecode = True
from lib import system
from lib.contacts import Contacts
from lib.postgres import QUERIES, postgres
from lib.product import Carnet, Question, wrk
from lib.redis import redis
from lib.system import median, say

ROOT = pathlib.Path(__file__).resolve().parent.parent

# Row → what is measured, its target, and the best case hoped for.
TARGETS = {
    "lookup": ("look-up of numbers that are there, uniformly at random, whole contact as JSON",
               "0.75, and more requests/s than Redis `GET`", "0.92"),
    "zipf": ("the same with callers as they come (Zipf, exponent 1.0)", "0.88", "0.95"),
    "misses": ("numbers that are not there", "0.92", "0.97"),
    "caller-id": ("caller ID in plain text", "0.92", "0.97"),
    "pipelined": ("pipelined by 16", "2 × less CPU than Redis pipelined by 16", "3 ×"),
    "batch": ("many numbers in one request, answered with names", "500,000 numbers/s", "2,000,000"),
    "connections": ("a new connection for each look-up", "0.90 of the bare server", "0.97"),
    "search": ("search as you type, 20 hits as JSON, 8 clients",
               "p99 2 ms; 5 × less CPU than PostgreSQL's prefix, 10 × less than pg_trgm", "p99 1 ms; 15 ×, 40 ×"),
    "typos": ("typing errors forgiven", "p99 5 ms", "2 ms"),
    "mixed": ("look-ups during 1,000 adds/s", "p99 at most 1.5 × that of rest", "1.1 ×"),
    "memory": ("resident memory at rest", "300 MiB", "120 MiB"),
    "disk": ("on disk, per contact", "1,300 bytes", "500"),
    "import": ("import with everything indexed", "30,000 contacts/s, memory under 600 MiB", "50,000"),
    "edits": ("durable, searchable edits (half adds, half changes)",
              "1,000/s by one client, 5,000/s by 64, p99 50 ms", "2,000 and 9,000, p99 20 ms"),
    "start": ("ready after a clean stop / after kill -9", "0.5 s / 1 s", "0.05 s / 0.1 s"),
}

# Rows about numbers: the words for `carnet bench`, the numbers that wrk asks (if it can), and how.
NUMBERS = {
    "lookup": (["lookup"], "uniform", {}),
    "zipf": (["lookup", "--numbers", "zipf"], "zipf", {}),
    "misses": (["lookup", "--misses", "1"], "misses", {}),
    "caller-id": (["cid"], "uniform", {"caller_id": True}),
    "pipelined": (["lookup", "--pipeline", "16"], "uniform", {"pipeline": 16}),
    # wrk posts, too, but reads no streamed answer line by line; the bench counts lines.
    "batch": (["lookup", "--batch", "1000", "--show", "names"], None, {}),
    "connections": (["lookup", "--new-connections"], "uniform", {"close": True}),
}

# Targets in server CPU, as bare server ÷ carnet.
RATIOS = {"lookup": (0.75, 0.92), "zipf": (0.88, 0.95), "misses": (0.92, 0.97), "caller-id": (0.92, 0.97),
          "connections": (0.90, 0.97)}

# Look-ups a second on schedule, for the pace of a busy switchboard beside that of a full machine.
STEADY = 10_000


def grade(*checks):
    """The grade of a row: each check is a value, its target, its best case, and whether more is better."""
    grades = set()
    for value, target, best, more in checks:
        reaches = lambda bound: value >= bound if more else value <= bound
        grades.add("unknown" if value is None else "best case" if reaches(best) else "met" if reaches(target) else "missed")
    return next(grade for grade in ("missed", "unknown", "met", "best case") if grade in grades)


def spread(values, digits=2):
    values = [value for value in values if value is not None]
    if not values:
        return "unknown"
    return f"{median(values):.{digits}f} ({min(values):.{digits}f}–{max(values):.{digits}f})"


def figures(side):
    """Requests, CPU and times of one side, as medians over its rounds."""
    of = lambda name: median([one[name] for one in side])
    return f"{of('perSecond'):,.0f}/s, {of('cpuMicros'):.1f} µs CPU, p50 {of('p50Micros') / 1e3:.2f} ms, p99 {of('p99Micros') / 1e3:.2f} ms"


def of_bench(side):
    """A side of `carnet bench` in the words of the other clients."""
    return {"perSecond": side["answersPerSecond"], "cpuMicros": side["cpuMicrosPerRequest"],
            "p50Micros": side["timesMicros"]["p50"], "p99Micros": side["timesMicros"]["p99"],
            "requests": side["requests"]}


class Run:
    """One run: its options, the systems that it measures, and the results."""

    def __init__(self, words, folder, stack):
        self.words, self.folder, self.stack = words, folder, stack
        self.carnet = Carnet(words.binary, folder)
        self.contacts = Contacts(self.carnet, folder, words)
        self.rows, self.others, self.failed = {}, {}, []
        self.redis = self.postgres = None
        timing = ["--duration", str(words.seconds), "--warmup", str(words.warmup)]
        self.once, self.several = [*timing, "--rounds", "1"], [*timing, "--rounds", str(words.rounds)]
        self.made_up = ["--contacts", str(self.contacts.count), "--seed", str(words.seed)]

    def wants(self, *rows):
        return any(row in self.words.only for row in rows)

    def row(self, name, result, grade, commands, **raw):
        measured, target, best = TARGETS[name]
        self.rows[name] = {"measured": measured, "target": target, "bestCase": best, "result": result, "grade": grade,
                           "commands": commands, "raw": raw}
        say(f"{name}: {grade}: {result}")

    def figure(self, told, *beginnings):
        """Single figures of `carnet bench`, by the beginnings of their names."""
        return [next(one["value"] for one in told["figures"] if one["name"].startswith(name)) for name in beginnings]

    # Rows about numbers.

    def numbers(self, daemon, name):
        words, draw, how = NUMBERS[name]
        say(f"{name}: {self.words.rounds} rounds")
        bench, ours, theirs, other = [], [], [], []
        pipeline = how.get("pipeline", 1)
        with contextlib.ExitStack() as stack:
            asked = self.words.wrk and draw
            if asked:
                numbers = self.contacts.draw(draw)
                question = Question(daemon, how.get("caller_id", False), how.get("close", False))
                with open(numbers, encoding="ascii") as lines:
                    sample = [next(lines).strip() for _ in range(65)]
                body = question.body(daemon, sample)
                bare, bare_pid = stack.enter_context(self.carnet.bare_server(body, question.media_type))
                ask = lambda host, pid, seconds: wrk(host, pid, question, numbers, self.folder, seconds, pipeline)
                ask(daemon.host, daemon.pid, self.words.warmup)
            for _ in range(self.words.rounds):
                bench.append(daemon.bench(*words, *self.once)["runs"][0])
                if self.redis and name in ("lookup", "pipelined"):
                    other.append(self.redis.get(self.words.seconds, pipeline))
                if asked:
                    ours.append(ask(daemon.host, daemon.pid, self.words.seconds))
                    theirs.append(ask(bare, bare_pid, self.words.seconds))
        self.about_numbers(name, words, bench, list(zip(ours, theirs)), other)

    def about_numbers(self, name, words, bench, by_wrk, redis):
        carnet = [of_bench(one["carnet"]) for one in bench]
        ratios = [one["ratio"]["median"] if one["ratio"] else None for one in bench]
        of = lambda sides, key: median([one[key] for one in sides])
        if name == "batch":
            times = [f"{name} {of(carnet, name + 'Micros') / 1e3:.1f} ms" for name in ("p50", "p99")]
            said = [f"{of(carnet, 'perSecond'):,.0f} numbers/s, {of(carnet, 'cpuMicros') / 1e3:.2f} µs CPU each; "
                    f"1,000 at once: {', '.join(times)}"]
        else:
            said = [f"{spread(ratios)} of the bare server; {figures(carnet)}"]
        commands = [" ".join(["carnet bench", *words])]
        checks = [(median(ratios), *RATIOS[name], True)] if name in RATIOS else []
        if name == "batch":
            checks.append((of(carnet, "perSecond"), 500_000, 2_000_000, True))
        if by_wrk:
            wrk_ratios = [theirs["cpuMicros"] / ours["cpuMicros"] if ours["cpuMicros"] else None for ours, theirs in by_wrk]
            said.append(f"by wrk {spread(wrk_ratios)}; {figures([ours for ours, _ in by_wrk])}")
            commands.append("wrk -t1 -c64")
        if redis:
            said.append(f"Redis {figures(redis)}")
            commands.append("redis-benchmark -c 64 -r N" + (" -P 16" if name == "pipelined" else ""))
        if name == "lookup":
            # More than Redis or not decides between met and missed only.
            more = of(carnet, "perSecond") / of(redis, "perSecond") if redis else None
            checks.append((more, 1, 1, True))
            said += [f"{more:.2f} × Redis' requests/s"] if redis else []
        if name == "pipelined":
            less = of(redis, "cpuMicros") / of(carnet, "cpuMicros") if redis else None
            checks.append((less, 2, 3, True))
            said += [f"{less:.1f} × less CPU than Redis"] if redis else []
        self.row(name, "; ".join(said), grade(*checks), commands, bench=bench,
                 wrk=[{"carnet": ours, "bareServer": theirs} for ours, theirs in by_wrk], redis=redis)

    # Rows about searches.

    def search(self, daemon):
        say(f"search: {self.words.rounds} rounds")
        bench, others = [], {kind: [] for kind in QUERIES} if self.postgres else {}
        for _ in range(self.words.rounds):
            bench.append(daemon.bench("search", *self.once)["runs"][0])
            for kind, measured in others.items():
                measured.append(self.postgres.search(kind, self.words.seconds))
        carnet = [of_bench(one["carnet"]) for one in bench]
        cpu = median([one["cpuMicros"] for one in carnet])
        p99 = median([one["p99Micros"] for one in carnet]) / 1e3
        said, checks = [figures(carnet)], [(p99, 2, 1, False)]
        for kind, measured in others.items():
            less = median([one["cpuMicros"] for one in measured]) / cpu
            said.append(f"PostgreSQL {kind}: {figures(measured)}, {less:.1f} × the CPU")
            # Carnet's hits come in an order; so the ordered query is the one to compare.
            if kind != "prefix":
                checks.append((less, *((5, 15) if kind == "prefix in order" else (10, 40)), True))
        if not others:
            checks.append((None, 0, 0, True))
        commands = ["carnet bench search"] + (["pgbench -M prepared -c 8"] if others else [])
        self.row("search", "; ".join(said), grade(*checks), commands, bench=bench, postgresql=others)

    def typos(self, daemon):
        bench = daemon.bench("search", "--typos", *self.several)["runs"]
        carnet = [of_bench(bench[0]["carnet"])]
        self.row("typos", figures(carnet), grade((carnet[0]["p99Micros"] / 1e3, 5, 2, False)),
                 ["carnet bench search --typos"], bench=bench)

    # Rows about writing.

    def mixed(self, daemon):
        say(f"mixed: {self.words.rounds} rounds")
        said, worst, raw = [], [], {}
        for name, pace in (("at full load", []), (f"at {STEADY:,} look-ups/s", ["--rate", str(STEADY)])):
            told = [daemon.bench("mixed", *pace, *self.once) for _ in range(self.words.rounds)]
            ratios = [self.figure(one, "p99 during adds")[0] for one in told]
            p99 = lambda place: median([one["runs"][place]["carnet"]["timesMicros"]["p99"] for one in told]) / 1e3
            adds = median([one["runs"][2]["carnet"]["answersPerSecond"] for one in told])
            said.append(f"{name} {spread(ratios)} × (p99 {p99(0):.2f} → {p99(1):.2f} ms, {adds:,.0f} adds/s)")
            # Adds that fell behind their schedule prove nothing.
            worst += [(median(ratios), 1.5, 1.1, False), (adds, 950, 990, True)]
            raw[name] = told
        self.row("mixed", "; ".join(said), grade(*worst),
                 ["carnet bench mixed", f"carnet bench mixed --rate {STEADY}"], bench=raw)

    def edits(self):
        say(f"edits: {self.words.rounds} rounds")
        told = [self.carnet.bench("write", "--connections", "1,64", *self.made_up, *self.once)
                for _ in range(self.words.rounds)]
        by = {n: [of_bench(run["carnet"]) for one in told for run in one["runs"] if run["connections"] == n] for n in (1, 64)}
        of = lambda n, key: median([one[key] for one in by[n]])
        p99 = of(64, "p99Micros") / 1e3
        self.row("edits", f"by one client {figures(by[1])}; by 64 {figures(by[64])}",
                 grade((of(1, "perSecond"), 1_000, 2_000, True), (of(64, "perSecond"), 5_000, 9_000, True), (p99, 50, 20, False)),
                 ["carnet bench write --connections 1,64 --contacts N"], bench=told)

    def imports(self):
        say(f"import: {self.words.rounds} rounds")
        told = [self.carnet.bench("import", *self.made_up) for _ in range(self.words.rounds)]
        rates, peaks = zip(*(self.figure(one, "rate", "resident at most") for one in told))
        peak = median(peaks) / 2**20
        said = f"{median(rates):,.0f} contacts/s, at most {peak:.0f} MiB"
        if self.contacts.imported and self.words.generator != "sample":
            one, size = self.contacts.imported[0], self.contacts.input_bytes / self.contacts.count
            said += (f"; contacts of {size:.0f} bytes {self.contacts.count / one['seconds']:,.0f}/s, "
                     f"at most {one['peakBytes'] / 2**20:.0f} MiB")
        self.row("import", said, grade((median(rates), 30_000, 50_000, True), (peak, 600, 600, False)),
                 ["carnet bench import --contacts N"], bench=told, imported=self.contacts.imported)

    # Rows about the whole.

    def size(self):
        say("memory and disk")
        told = self.carnet.bench("size", "--data", self.contacts.data)
        if self.wants("memory"):
            rest, own, after = (value / 2**20 for value in self.figure(
                told, "resident at rest", "resident at rest, without", "resident after a look-up"))
            self.row("memory", f"{rest:.0f} MiB ({own:.0f} without mapped files); {after:.0f} after a look-up of every number",
                     grade((rest, 300, 120, False)), ["carnet bench size --data DIR"], bench=told)
        if self.wants("disk"):
            disk, more = self.figure(told, "on disk", "on disk, more")
            export = self.contacts.bytes / self.contacts.count
            self.row("disk", f"{disk:,.0f} bytes (its JSON in the API: {export:,.0f}); while it runs {more:,.0f} more for the render cache", grade((disk, 1_300, 500, False)),
                     ["carnet bench size --data DIR"], bench=told, exportBytesPerContact=export)

    def start(self):
        say("start")
        told = self.carnet.bench("start", *self.made_up, *self.several)
        clean, killed = self.figure(told, "ready after a clean stop", "ready after kill -9")
        self.row("start", f"{clean:.3f} s / {killed:.3f} s", grade((clean, 0.5, 0.05, False), (killed, 1, 0.1, False)),
                 ["carnet bench start --contacts N"], bench=told)

    # All of them.

    def all(self):
        if not self.words.skip_others and self.wants("lookup", "pipelined"):
            self.redis = self.stack.enter_context(redis(self.contacts, self.folder))
            self.others["redis"] = self.redis.facts()
        if not self.words.skip_others and self.wants("search"):
            self.postgres = self.stack.enter_context(postgres(self.contacts))
            self.others["postgresql"] = self.postgres.facts
        if self.wants(*NUMBERS, "search", "typos", "mixed"):
            with self.carnet.daemon(self.contacts.data) as daemon:
                for name in NUMBERS:
                    self.attempt(lambda: self.numbers(daemon, name), name)
                for name in ("search", "typos", "mixed"):
                    self.attempt(lambda: getattr(self, name)(daemon), name)
        # The other systems have ended: no memory and no processor time is theirs from here on.
        self.stack.close()
        self.attempt(self.size, "memory", "disk")
        self.attempt(self.imports, "import")
        self.attempt(self.edits, "edits")
        self.attempt(self.start, "start")

    def attempt(self, measure, *rows):
        """Measures a row that is wanted. One that fails does not take the others with it."""
        if not self.wants(*rows):
            return
        try:
            measure()
        except (RuntimeError, OSError, http.client.HTTPException) as error:
            self.failed += rows
            say(f"{', '.join(rows)} failed: {error}")

    def table(self):
        lines = ["| measured | target | best case | result | command |", "|---|---|---|---|---|"]
        for row in self.rows.values():
            commands = ", ".join(f"`{command}`" for command in row["commands"])
            lines.append(f"| {row['measured']} | {row['target']} | {row['bestCase']} | **{row['grade']}**: {row['result']} | {commands} |")
        return "\n".join(lines)

    def json(self):
        words = {name: str(value) if isinstance(value, pathlib.Path) else value for name, value in vars(self.words).items()}
        return {"machine": system.machine(), "command": shlex.join(sys.argv), "options": words,
                "carnet": self.carnet.run("--version").strip(), "contacts": self.contacts.count,
                "numbers": len(self.contacts.numbers), "others": self.others, "rows": self.rows}


def arguments():
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--binary", type=pathlib.Path, default=ROOT / "target/dist/carnet")
    words.add_argument("--contacts", type=int, default=1_000_000)
    words.add_argument("--data", type=pathlib.Path, help="a directory made by `carnet import`, instead of a new one; "
                       "what is added there while it is measured is removed again")
    words.add_argument("--generator", default="sample", help="a program that takes a count, a file and a seed, such as "
                       "../shared/data/gen_contacts.py [default: carnet sample]")
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--seconds", type=float, default=5, help="of each measurement")
    words.add_argument("--warmup", type=float, default=2, help="seconds before each")
    words.add_argument("--rounds", type=int, default=3)
    words.add_argument("--only", metavar="ROW,…", help=f"some of: {', '.join(TARGETS)}")
    words.add_argument("--skip-others", action="store_true", help="carnet and the bare server alone")
    words.add_argument("--install", action="store_true", help="install what is missing from Debian")
    words.add_argument("--json", type=pathlib.Path, default=pathlib.Path("targets.json"), help="where raw figures go")
    words = words.parse_args()
    words.only = words.only.split(",") if words.only else list(TARGETS)
    if unknown := set(words.only) - set(TARGETS):
        sys.exit(f"targets: there is no row {', '.join(sorted(unknown))}; there are {', '.join(TARGETS)}")
    if not words.binary.exists():
        sys.exit("targets: build it first: cargo build --profile dist")
    if words.generator != "sample":
        words.generator = str(pathlib.Path(words.generator).resolve())
    words.wrk = not words.skip_others
    missing = [] if words.skip_others else system.missing_packages()
    if missing and words.install:
        system.install(missing)
        missing = system.missing_packages()
    if missing:
        sys.exit(f"targets: missing from Debian: {' '.join(missing)}; --install installs them, --skip-others goes without")
    return words


def main():
    words = arguments()
    system.end_on_signals()
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="targets-") as folder, contextlib.ExitStack() as stack:
        run = Run(words, pathlib.Path(folder), stack)
        try:
            run.all()
        finally:
            # Also what was measured before a stop.
            if run.rows:
                words.json.write_text(json.dumps(run.json(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
                print(run.table())
    say(f"{len(run.rows)} rows in {time.monotonic() - begun:.0f} s; raw figures in {words.json}")
    sys.exit(f"targets: failed: {', '.join(run.failed)}" if run.failed else 0)


main()
