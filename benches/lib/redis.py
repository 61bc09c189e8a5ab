"""Redis from Debian with the same contacts: `GET` of ready JSON, from memory, nothing written."""

import csv
import io
import subprocess
import time
from contextlib import contextmanager

from . import system

CALIBRATION = 50_000


@contextmanager
def redis(contacts, folder):
    """A server with `key:<12 digits>` → the JSON of a contact, as redis-benchmark names keys."""
    port = system.free_port()
    place = folder / "redis"
    place.mkdir()
    words = ["redis-server", "--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", place]
    with system.process(words, stdout=subprocess.DEVNULL) as process:
        answers = lambda: subprocess.run(["redis-cli", "-p", str(port), "ping"], capture_output=True).stdout == b"PONG\n"
        system.until(answers, "Redis' first answer", 30)
        yield Redis(port, process.pid, contacts)


class Redis:
    """A running Redis."""

    def __init__(self, port, pid, contacts):
        self.port, self.pid, self.count = port, pid, contacts.count
        system.say("loading Redis")
        begun = time.perf_counter()
        pipe = subprocess.Popen(["redis-cli", "-p", str(port), "--pipe"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for place, line in enumerate(contacts.lines()):
            pipe.stdin.write(b"*3\r\n$3\r\nSET\r\n$16\r\nkey:%012d\r\n$%d\r\n%b\r\n" % (place, len(line), line))
        said, _ = pipe.communicate()
        if pipe.returncode != 0 or f"replies: {self.count}".encode() not in said:
            raise RuntimeError(f"Redis took not everything: {said.decode()}")
        self.load_seconds = time.perf_counter() - begun
        self.resident_bytes = system.resident(pid)[0]

    def facts(self):
        return {"loadSeconds": self.load_seconds, "residentBytes": self.resident_bytes}

    def ask(self, requests, pipeline):
        before = system.cpu(self.pid)
        said = system.run(["redis-benchmark", "-p", self.port, "-c", 64, "-n", requests, "-r", self.count,
                           "-P", pipeline, "--csv", "GET", "key:__rand_int__"])
        used = system.cpu(self.pid) - before
        row = list(csv.DictReader(io.StringIO(said)))[-1]
        return {"perSecond": float(row["rps"]), "cpuMicros": used / requests * 1e6, "requests": requests,
                "p50Micros": float(row["p50_latency_ms"]) * 1e3, "p99Micros": float(row["p99_latency_ms"]) * 1e3}

    def get(self, seconds, pipeline=1):
        """Random `GET`s of keys that are there for about this many seconds, by 64 connections."""
        rate = self.ask(CALIBRATION, pipeline)["perSecond"]
        return self.ask(max(CALIBRATION, int(rate * seconds)), pipeline)
