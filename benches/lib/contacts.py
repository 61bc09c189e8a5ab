"""The contacts of a run: made up, imported, and read back out of the export as numbers, texts to
search for, and the JSON that the other systems store. A million of them are never held as objects."""

import array
import bisect
import itertools
import json
import pathlib
import random
import re
import subprocess
import sys

from . import system

# Numbers in a file for wrk: more than it asks before it begins again would only cost memory.
DRAWS = 200_000
# Texts in PostgreSQL's table of what is searched for.
WORDS = 20_000


class Contacts:
    """A directory and what is in it."""

    def __init__(self, carnet, folder, words):
        self.folder, self.random = pathlib.Path(folder), random.Random(words.seed)
        self.imported, self.input_bytes, self.file = [], None, None
        if words.data:
            self.data = pathlib.Path(words.data).resolve()
        else:
            self.data, self.file = self.folder / "data", self.folder / "contacts.jsonl"
            make_up(carnet, words, self.file)
            self.input_bytes = self.file.stat().st_size
            system.say("importing")
            self.imported.append(carnet.import_(self.file, self.data))
        self.export = self.folder / "export.jsonl"
        system.say("reading the contacts")
        carnet.run("export", "--data", self.data, "--output", self.export)
        self.numbers, self.count, self.bytes = array.array("Q"), 0, 0
        e164 = re.compile(rb'"e164":"\+(\d+)"')
        for line in self.lines():
            self.count += 1
            self.bytes += len(line)
            self.numbers.extend(int(digits) for digits in e164.findall(line))
        if not self.numbers:
            sys.exit("there is no number in the directory that could be asked")

    def lines(self):
        """The JSON of each contact, as bytes without the line's end."""
        with open(self.export, "rb") as lines:
            for line in lines:
                # Lines of organisations and notes begin with their kind; those of contacts do not.
                if not line.startswith(b'{"carnet":'):
                    yield line.rstrip(b"\n")

    def draw(self, how):
        """A file of numbers, one a line: uniform, zipf (exponent 1.0), or numbers of no contact."""
        file = self.folder / f"numbers-{how}"
        if file.exists():
            return file
        if how == "uniform":
            drawn = self.random.choices(self.numbers, k=DRAWS)
        elif how == "zipf":
            ranked = self.numbers[:]
            self.random.shuffle(ranked)
            weights = list(itertools.accumulate(1 / rank for rank in range(1, len(ranked) + 1)))
            drawn = self.random.choices(ranked, cum_weights=weights, k=DRAWS)
        else:
            taken = array.array("Q", sorted(self.numbers))
            drawn = []
            while len(drawn) < DRAWS:
                # The beginning of a number that is there keeps country and length right.
                number = self.random.choice(self.numbers) // 100_000 * 100_000 + self.random.randrange(100_000)
                place = bisect.bisect_left(taken, number)
                if place == len(taken) or taken[place] != number:
                    drawn.append(number)
        file.write_text("".join(f"{number}\n" for number in drawn))
        return file

    def texts(self):
        """Texts to search for: beginnings of last names, and of whole names as somebody types them."""
        every = max(1, self.count // WORDS)
        for line in itertools.islice(self.lines(), 0, None, every):
            one = json.loads(line)
            first, last = one.get("firstName", "").lower(), one.get("lastName", "").lower()
            whole = f"{first} {last}".strip()
            if len(last) >= 2 and len(whole) >= 3:
                yield last[: self.random.randint(2, 8)], whole[: self.random.randint(3, len(first) + 9)].rstrip()


def make_up(carnet, words, file):
    """Made-up contacts in a file: by the generator that is named, or by carnet itself."""
    system.say(f"making up {words.contacts:,} contacts")
    if words.generator == "sample":
        carnet.sample(words.contacts, words.seed, file)
    else:
        subprocess.run([sys.executable, words.generator, str(words.contacts), file, str(words.seed)],
                       check=True, stdout=subprocess.DEVNULL)
