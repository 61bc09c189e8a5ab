"""Processes: started, awaited, ended, with their processor time and memory as the system shows them.
It does not know what is measured."""

import contextlib
import os
import pathlib
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import time

TICKS = os.sysconf("SC_CLK_TCK")

# Program → the Debian package it comes from.
PACKAGES = {"wrk": "wrk", "redis-server": "redis-server", "redis-benchmark": "redis-tools", "pgbench": "postgresql"}


def say(text):
    """Prints to standard error how far the run is; the table alone goes to standard output."""
    print(f"[{time.strftime('%H:%M:%S')}] {text}", file=sys.stderr, flush=True)


def end_on_signals():
    """A stop from outside runs every clean-up, as Ctrl-C does."""

    def stop(*_):
        sys.exit("stopped")

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGHUP, stop)


def missing_packages():
    """Debian packages that the comparison wants and that are not installed."""
    missing = [package for program, package in PACKAGES.items() if not shutil.which(program)]
    if not postgres_programs():
        missing.append("postgresql")
    if not list(pathlib.Path("/usr/share/postgresql").glob("*/extension/pg_trgm.control")):
        missing.append("postgresql-contrib")
    return sorted(set(missing))


def install(packages):
    """Installs Debian packages, as root or by sudo."""
    words = [] if os.geteuid() == 0 else ["sudo"]
    subprocess.run([*words, "apt-get", "install", "-y", "--no-install-recommends", *packages],
                   check=True, stdout=sys.stderr, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"})


def postgres_programs():
    """The folder of the newest PostgreSQL's programs, or nothing."""
    found = [path.parent for path in pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    return max(found, key=lambda path: float(path.parent.name), default=None)


def free_port():
    """A loop-back port that is free at the moment."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def run(words, **more):
    """Runs a program to its end; anything but success is an error that shows its last words."""
    words = [str(word) for word in words]
    done = subprocess.run(words, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(words)[:300]}: status {done.returncode}\n{done.stderr[-800:]}{done.stdout[-200:]}")
    return done.stdout


@contextlib.contextmanager
def process(words, patience=120, end_by=signal.SIGTERM, **more):
    """A program that runs meanwhile and is ended afterwards, whatever happened."""
    started = subprocess.Popen([str(word) for word in words], **more)
    try:
        yield started
    finally:
        if started.poll() is None:
            started.send_signal(end_by)
            try:
                started.wait(patience)
            except subprocess.TimeoutExpired:
                started.kill()
                started.wait()
        if started.stdout:
            started.stdout.close()


def until(true, what, seconds=120):
    """Waits until something is so."""
    patience = time.monotonic() + seconds
    while not true():
        if time.monotonic() > patience:
            raise RuntimeError(f"{what} did not happen within {seconds} s")
        # Short, because some waits are measured.
        time.sleep(0.002)


def stat(pid):
    """Processor seconds of a process: its own, and those of its children that have ended."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    user, system, ended_user, ended_system = (int(field) / TICKS for field in fields[11:15])
    return user + system, ended_user + ended_system


def cpu(pid):
    """Processor seconds of a process, all threads."""
    return stat(pid)[0]


def rest(pid, seconds=300):
    """Waits until a process, busy after its start, has hardly anything more to do."""
    end, quiet, before = time.monotonic() + seconds, 0, cpu(pid)
    while quiet < 3 and time.monotonic() < end:
        time.sleep(0.2)
        now = cpu(pid)
        quiet = quiet + 1 if now - before < 0.02 else 0
        before = now


def children(pid):
    """Processes started by a process that still run."""
    found = []
    for path in pathlib.Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if int(path.read_text().rpartition(")")[2].split()[1]) == pid:
                found.append(int(path.parent.name))
    return found


def cpu_of_all(pid):
    """Processor seconds of a process and its children, ended ones too."""
    seconds = sum(stat(pid))
    for child in children(pid):
        with contextlib.suppress(OSError):
            seconds += sum(stat(child))
    return seconds


def resident(pid):
    """Bytes of memory that a process has now: all, and without mapped files."""
    lines = pathlib.Path(f"/proc/{pid}/status").read_text().splitlines()
    kib = {name: value.split()[0] for name, _, value in (line.partition(":") for line in lines) if value.endswith("kB")}
    return int(kib["VmRSS"]) * 1024, int(kib["RssAnon"]) * 1024


def median(values):
    """The median of those that are there; nothing of nothing."""
    values = [value for value in values if value is not None]
    return statistics.median(values) if values else None


def machine():
    """The machine, as it belongs beside every figure."""
    with open("/proc/cpuinfo", encoding="utf-8") as lines:
        model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")
    return {
        "processor": model,
        "cores": os.cpu_count(),
        "memoryBytes": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        "kernel": os.uname().release,
        "time": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
        "load": os.getloadavg(),
    }
