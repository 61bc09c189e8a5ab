"""carnet as it is measured: a daemon with two clients, `carnet bench` against it or alone, and wrk
against it and against the bare server. It does not know the targets."""

import http.client
import json
import os
import pathlib
import re
import subprocess
import sys
import time
from contextlib import contextmanager
from urllib.parse import quote

from . import system

API = "/api/v2/externalcontacts"
ID, LOOKUP_ID, SECRET = "targets", "targets-lookup", "a secret for this run only"


def listening(process):
    """The host and port that a program says it listens on."""
    for line in process.stdout:
        if found := re.search(r"http://(127\.0\.0\.1:\d+)", line):
            return found.group(1)
    raise RuntimeError("what was to be measured did not start")


class Carnet:
    """A binary, and the clients by which a run signs in to a directory."""

    def __init__(self, binary, folder):
        self.binary, self.folder = pathlib.Path(binary).resolve(), pathlib.Path(folder)
        # The settings of the person who runs this are not measured.
        self.clean = {name: value for name, value in os.environ.items() if not name.startswith("CARNET_")}

    def run(self, *words, **more):
        """Runs a command of the binary and answers what it says."""
        return system.run([self.binary, *words], cwd=self.folder, env={**self.clean, **more})

    def bench(self, *words, **more):
        """Runs `carnet bench`; wrong answers make it fail, and this too."""
        return json.loads(self.run("bench", *words, "--json", **more))

    def sample(self, contacts, seed, file):
        """Has contacts made up into a file, line by line."""
        with open(file, "wb") as out:
            subprocess.run([self.binary, "sample", str(contacts), "--seed", str(seed)], stdout=out, check=True)

    def import_(self, file, data):
        """Imports a file. Answers seconds, the most bytes resident, and processor seconds."""
        begun = time.perf_counter()
        words = [str(word) for word in (self.binary, "import", file, "--data", data, "--json")]
        child = subprocess.Popen(words, stdout=subprocess.PIPE, env=self.clean, cwd=self.folder, text=True)
        with child.stdout as out:
            said = json.loads(out.read())
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode != 0:
            raise RuntimeError("the import failed")
        return {"seconds": time.perf_counter() - begun, "peakBytes": usage.ru_maxrss * 1024,
                "cpuSeconds": usage.ru_utime + usage.ru_stime, "added": said.get("added")}

    @contextmanager
    def serving(self, data):
        """A daemon on a directory, just started."""
        begun = time.perf_counter()
        words = [self.binary, "serve", "--data", data, "--listen", "127.0.0.1:0"]
        with system.process(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                            env=self.clean, cwd=self.folder) as process:
            yield Daemon(self, process, begun)

    @contextmanager
    def clients(self, data):
        """Clients to sign in with, which are gone from the directory afterwards."""
        for role, name in (("admin", ID), ("lookup", LOOKUP_ID)):
            self.run("client", "add", "targets", "--role", role, "--id", name, "--secret", SECRET, "--data", data)
        try:
            yield
        finally:
            for name in (ID, LOOKUP_ID):
                self.run("client", "remove", name, "--data", data)

    @contextmanager
    def daemon(self, data):
        """A daemon that is ready, signed in."""
        with self.clients(data), self.serving(data) as daemon:
            daemon.ready()
            daemon.token, daemon.key = daemon.sign_in(ID), daemon.sign_in(LOOKUP_ID)
            # It warms up the render cache first of all.
            system.rest(daemon.pid)
            yield daemon

    @contextmanager
    def bare_server(self, body, media_type):
        """The bare server that answers these bytes to everything: its address and process id."""
        file = self.folder / "bare-server-body"
        file.write_bytes(body)
        words = [self.binary, "bench", "bare-server", "--listen", "127.0.0.1:0", "--bytes", file, "--media-type", media_type]
        with system.process(words, stdout=subprocess.PIPE, text=True) as process:
            yield listening(process), process.pid


class Daemon:
    """A running daemon, and a connection to it."""

    def __init__(self, carnet, process, begun):
        self.carnet, self.process, self.pid, self.begun = carnet, process, process.pid, begun
        self.host = listening(process)
        self.connection = http.client.HTTPConnection(self.host)
        self.token = self.key = None

    def ready(self):
        """Waits until it is ready; seconds from its start."""
        system.until(lambda: self.ask("GET", "/readyz")[0] == 200, "readiness", 900)
        return time.perf_counter() - self.begun

    def get(self, path):
        """Asks with everything allowed; anything but success is an error."""
        status, body = self.ask("GET", path, Authorization=f"Bearer {self.token}")
        if status != 200:
            raise RuntimeError(f"{path}: status {status}")
        return body

    def ask(self, method, path, body=None, **headers):
        # Afresh each time: the daemon closes connections that were silent during a measurement.
        self.connection.close()
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        return answer.status, answer.read()

    def sign_in(self, name):
        form = f"grant_type=client_credentials&client_id={name}&client_secret={quote(SECRET)}"
        _, body = self.ask("POST", "/oauth/token", form, **{"Content-Type": "application/x-www-form-urlencoded"})
        return json.loads(body)["access_token"]

    def bench(self, *words):
        """`carnet bench` on this daemon."""
        where = ["--url", f"http://{self.host}", "--pid", str(self.pid)]
        return self.carnet.bench(*words, *where, CARNET_ID=ID, CARNET_SECRET=SECRET)


class Question:
    """What wrk asks: a path around each number, and the head behind it."""

    def __init__(self, daemon, caller_id=False, close=False):
        if caller_id:
            self.begin, self.end, head = "/cid?number=%2B", f"&key={daemon.key}", []
            self.media_type = "text/plain; charset=utf-8"
        else:
            self.begin, self.end = f"{API}/reversewhitepageslookup?lookupVal=%2B", ""
            head = [f"Authorization: Bearer {daemon.token}"]
            self.media_type = "application/json"
        self.head = head + (["Connection: close"] if close else [])

    def body(self, daemon, numbers):
        """The answer of middle length of some, for the bare server."""
        headers = dict(line.split(": ", 1) for line in self.head if not line.startswith("Connection"))
        answers = []
        for number in numbers:
            status, body = daemon.ask("GET", f"{self.begin}{number}{self.end}", **headers)
            if status != 200:
                raise RuntimeError(f"status {status} for a look-up")
            answers.append(body)
        return sorted(answers, key=len)[len(answers) // 2]


# Requests are put together before the clock runs: only sending and reading them is measured.
LUA = """
local requests, at = {}, 0
function init()
  local group = {}
  for number in io.lines("%(numbers)s") do
    group[#group + 1] = "GET %(begin)s" .. number .. "%(end)s HTTP/1.1\\r\\nHost: %(host)s\\r\\n%(head)s\\r\\n"
    if #group == %(pipeline)d then
      requests[#requests + 1] = table.concat(group)
      group = {}
    end
  end
end
function request()
  at = at %% #requests + 1
  return requests[at]
end
function done(summary, latency)
  local e = summary.errors
  io.write(string.format('\\nRESULT {"requests":%%d,"micros":%%d,"errors":%%d,"p50":%%d,"p99":%%d}\\n', summary.requests,
    summary.duration, e.connect + e.read + e.write + e.status + e.timeout, latency:percentile(50), latency:percentile(99)))
end
"""


def wrk(host, pid, question, numbers, folder, seconds, pipeline=1, connections=64):
    """One run of wrk: requests a second, the server's processor time for each, and times."""
    script = pathlib.Path(folder) / "targets.lua"
    head = "".join(f"{line}\\r\\n" for line in question.head)
    script.write_text(LUA % {"numbers": numbers, "begin": question.begin, "end": question.end,
                             "host": host, "head": head, "pipeline": pipeline})
    before = system.cpu(pid)
    said = system.run(["wrk", "-t", 1, "-c", connections, "-d", f"{max(1, round(seconds))}s", "-s", script, f"http://{host}/"])
    used = system.cpu(pid) - before
    told = json.loads(said.rpartition("RESULT ")[2])
    if told["errors"] or not told["requests"]:
        print(f"wrk: {told['errors']} errors in {told['requests']} requests", file=sys.stderr)
    requests = max(1, told["requests"])
    return {"perSecond": told["requests"] / told["micros"] * 1e6, "cpuMicros": used / requests * 1e6,
            "p50Micros": told["p50"], "p99Micros": told["p99"], "requests": told["requests"], "errors": told["errors"]}
