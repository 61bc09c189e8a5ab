"""A real switch that asks carnet who is calling: Kamailio with its http_client module, called by sipp.

    caller (sipp) -> Kamailio -> callee (sipp), which keeps the INVITE as it arrived
                        |
                      Wire -> carnet

The binary under test is the one that CARNET_BIN names. Everything listens on free ports of the
loop-back address, keeps its files in a temporary directory, and is ended by the fixture that began it.
"""

import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request
import uuid

import pytest

HERE = pathlib.Path(__file__).parent
ADMIN, SWITCH = ("switch-tests", "a secret for these tests only"), ("kamailio", "another-secret-for-these-tests")
START_SECONDS = 60
CALL_SECONDS = 20
# What a caller shows who is not in the book; caller.xml says the same.
AS_DIALLED = '"As dialled"'


def free_port(kind):
    with socket.socket(socket.AF_INET, kind) as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def until(true, process, what):
    """Waits for a process to get somewhere."""
    end = time.monotonic() + START_SECONDS
    while not true():
        assert process.poll() is None, f"{what}: ended with {process.returncode}"
        assert time.monotonic() < end, what
        time.sleep(0.01)


def hears(port):
    """Whether some process has this UDP port of the loop-back address; asking it would be a call."""
    entry = f" 0100007F:{port:04X} "
    return entry in pathlib.Path("/proc/net/udp").read_text()


def end(process):
    """Ends a process and what it started."""
    try:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(10)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    except ProcessLookupError:
        process.wait()


def carnet(*words):
    done = subprocess.run([os.environ["CARNET_BIN"], *words], check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout


class Daemon:
    """A running carnet with a client for the tests and one of role `lookup` for the switch."""

    def __init__(self, data, *options):
        for role, (client, secret) in (("admin", ADMIN), ("lookup", SWITCH)):
            carnet("client", "add", client, "--role", role, "--id", client, "--secret", secret, "--data", data)
        self.process = subprocess.Popen(
            [os.environ["CARNET_BIN"], "serve", "--data", data, *(options or ("--listen", "127.0.0.1:0"))],
            env={**os.environ, "CARNET_CONTACTS_DEFAULT_REGION": "DE"},
            stdout=subprocess.PIPE,
            stderr=sys.stderr,
            text=True,
        )
        watch = threading.Timer(START_SECONDS, self.process.kill)
        watch.start()
        try:
            self.url = next(m[0] for line in self.process.stdout if (m := re.search(r"http://127\.0\.0\.1:\d+", line)))
        finally:
            watch.cancel()
        self.token = self.sign_in(ADMIN)
        # What a switch has in its configuration; unlike a token it does not end.
        self.key = ".".join(SWITCH)

    def sign_in(self, client):
        form = {"grant_type": "client_credentials", "client_id": client[0], "client_secret": client[1]}
        return self.ask("POST", "/oauth/token", urllib.parse.urlencode(form).encode(), {})["access_token"]

    def ask(self, method, path, body, headers):
        asked = urllib.request.Request(self.url + path, body, headers, method=method)
        with urllib.request.urlopen(asked, timeout=START_SECONDS) as answer:
            return json.load(answer)

    def edit(self, method, path, body):
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        return self.ask(method, "/api/v2/externalcontacts/contacts" + path, json.dumps(body).encode(), headers)

    def add(self, first, last, number):
        return self.edit("POST", "", {"firstName": first, "lastName": last, "cellPhone": {"display": number}})

    def rename(self, contact, first):
        return self.edit("PUT", "/" + contact["id"], {**contact, "firstName": first})

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.terminate()
        assert self.process.wait(60) == 0


class Wire:
    """Passes bytes on to carnet and keeps what was sent there, an entry for each connection."""

    def __init__(self, url):
        self.carnet = urllib.parse.urlsplit(url)
        self.connections = []
        self.door = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.door.getsockname()[1]}"
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                near, _ = self.door.accept()
            except OSError:
                return
            far = socket.create_connection((self.carnet.hostname, self.carnet.port))
            sent = bytearray()
            self.connections.append(sent)
            threading.Thread(target=pump, args=(near, far, sent), daemon=True).start()
            threading.Thread(target=pump, args=(far, near, bytearray()), daemon=True).start()

    def since(self, mark):
        """What was sent over the connections after the first `mark`, one text each."""
        return [sent.decode("latin-1") for sent in self.connections[mark:]]

    def close(self):
        self.door.shutdown(socket.SHUT_RDWR)
        self.door.close()


def pump(source, sink, kept):
    try:
        while data := source.recv(65536):
            kept += data
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        # One side has gone; the other learns it from its own thread.
        pass


class Invite:
    """An INVITE as the callee received it."""

    def __init__(self, text):
        self.text = text
        self.lines = text.split("\r\n")

    def header(self, name):
        """The one value of a header, None if there is none."""
        values = [line.partition(": ")[2] for line in self.lines if line.startswith(name + ":")]
        assert len(values) < 2, self.text
        return values[0] if values else None


class Switch:
    """Kamailio between a caller and a callee, with kamailio.cfg or a file that knows who to ask itself."""

    def __init__(self, url, key, directory, seconds=4, config=None):
        self.directory = directory
        self.port, callee = free_port(socket.SOCK_DGRAM), free_port(socket.SOCK_DGRAM)
        self.messages = directory / "callee.messages"
        sip = ["sipp", "-sf", HERE / "callee.xml", "-i", "127.0.0.1", "-ci", "127.0.0.1", "-p", str(callee)]
        sip += ["-nostdin", "-trace_msg", "-message_file", self.messages]
        self.callee = self.start("callee", sip)
        server = urllib.parse.urlsplit(url).netloc
        user, secret = SWITCH
        values = {
            "SECONDS": str(seconds),
            "CARNET": f"{url}/cid?key={key}&number=",
            "KEPT": f'"kept=>{url}"',
            "PATH": f"cid?key={key}&number=",
            "SIGNED": f'"signed=>http://{user}:{secret}@{server}"',
            "BARE": "cid?number=",
        }
        if config:
            values = {}
        values |= {"HERE": f"udp:127.0.0.1:{self.port}", "CALLEE": f"sip:127.0.0.1:{callee}"}
        config = config or HERE / "kamailio.cfg"
        run = ["kamailio", "-DD", "-E", "-f", config, "-w", directory, "-Y", directory, "-m", "32", "-M", "4"]
        for name, value in values.items():
            run += ["-A", f"{name}={value}"]
        self.kamailio = self.start("kamailio", run)
        try:
            until(lambda: hears(callee), self.callee, "sipp as callee")
            until(lambda: hears(self.port), self.kamailio, "Kamailio")
        except AssertionError:
            self.stop()
            raise AssertionError(self.logs()) from None

    def start(self, name, words):
        """Starts a program in a process group of its own, its output in a file."""
        with open(self.directory / f"{name}.log", "wb") as log:
            return subprocess.Popen(
                words, cwd=self.directory, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )

    def call(self, number, way="query"):
        """Calls `way` from `number`, to the end of the call; what the callee received."""
        call = str(uuid.uuid4())
        words = ["sipp", "-sf", HERE / "caller.xml", "-i", "127.0.0.1", "-ci", "127.0.0.1", "-m", "1", "-r", "100"]
        words += ["-p", str(free_port(socket.SOCK_DGRAM)), "-cid_str", call, "-key", "caller", number, "-key", "way", way]
        words += ["-nostdin", "-timeout", f"{CALL_SECONDS}s", "-timeout_error", f"127.0.0.1:{self.port}"]
        caller = self.start("caller", words)
        try:
            assert caller.wait(CALL_SECONDS + 5) == 0, self.logs()
        finally:
            end(caller)
        received = re.split(r"^-{10,}.*\n", self.messages.read_bytes().decode(), flags=re.MULTILINE)
        invites = [m for m in received if "\nINVITE " in m and f"\r\nCall-ID: {call}\r\n" in m]
        assert len(invites) == 1, invites
        return Invite(invites[0])

    def kamailio_log(self):
        return (self.directory / "kamailio.log").read_text(errors="replace")

    def logs(self):
        return "\n".join(f"== {log.name}\n{log.read_text(errors='replace')}" for log in sorted(self.directory.glob("*.log")))

    def stop(self):
        end(self.kamailio)
        end(self.callee)


@pytest.fixture(scope="session")
def daemon(tmp_path_factory):
    running = Daemon(str(tmp_path_factory.mktemp("data")))
    yield running
    running.stop()


@pytest.fixture(scope="session")
def wire(daemon):
    open_ = Wire(daemon.url)
    yield open_
    open_.close()


@pytest.fixture(scope="session")
def switch(daemon, wire, tmp_path_factory):
    running = Switch(wire.url, daemon.key, tmp_path_factory.mktemp("switch"))
    yield running
    running.stop()


@pytest.fixture
def curl(tmp_path):
    """Runs curl on some addresses with one handle; what came back for each."""

    def run(options, *urls):
        words = ["curl", "--disable", "--silent", "--noproxy", "*", *options]
        for place, url in enumerate(urls):
            words += ["--output", str(tmp_path / str(place)), url]
        words += ["--write-out", "%{json}\\n"]
        done = subprocess.run(words, stdout=subprocess.PIPE, text=True, timeout=60)
        answers = [json.loads(line) for line in done.stdout.splitlines()]
        assert len(answers) == len(urls), done
        for place, answer in enumerate(answers):
            file = tmp_path / str(place)
            answer["body"] = file.read_bytes() if file.exists() else b""
            file.unlink(missing_ok=True)
        return answers

    return run
