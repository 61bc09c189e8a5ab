"""PostgreSQL from Debian with the same contacts: 20 contacts by the beginning of a name, through a
B-tree, and by a part of it, through pg_trgm. Statements are prepared, the index fits its memory."""

import csv
import json
import os
import pathlib
import pwd
import shutil
import subprocess
import tempfile
import time
from contextlib import contextmanager

from . import system

CLIENTS = 8

SCHEMA = """
create extension pg_trgm;
create table contacts (id uuid, first_name text, last_name text, names text, body text);
create table words (n int primary key, lo text, hi text, part text);
"""

INDEXES = """
alter table contacts add primary key (id);
create index on contacts (lower(last_name) text_pattern_ops);
create index on contacts using gin (names gin_trgm_ops);
vacuum analyze contacts;
vacuum analyze words;
alter database bench set enable_seqscan = off;
alter database bench set jit = off;
checkpoint;
"""

# The texts to search for stand in a table, as pgbench makes up numbers only; its row costs some
# microseconds. `~>=~` is what LIKE 'abc%' becomes. Sequential scans are off, because the planner,
# which does not see the text, would sometimes choose one and be slower.
QUERIES = {
    "prefix": "c.body from words w, lateral (select body from contacts where lower(last_name) ~>=~ w.lo "
              "and lower(last_name) ~<~ w.hi limit 20) c",
    "prefix in order": "c.body from words w, lateral (select body from contacts where lower(last_name) ~>=~ w.lo "
                       "and lower(last_name) ~<~ w.hi order by last_name, first_name limit 20) c",
    "pg_trgm": "c.body from words w, lateral (select body from contacts where names like '%' || w.part || '%' "
               "order by last_name, first_name limit 20) c",
}


@contextmanager
def postgres(contacts):
    """A server with the contacts in it, on a socket in a directory of its own."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="targets-pg-"))
    try:
        # It refuses to run as root.
        as_user = {}
        if os.geteuid() == 0:
            names = {one.pw_name for one in pwd.getpwall()}
            user = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
            os.chown(folder, user.pw_uid, user.pw_gid)
            as_user = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        server = Postgres(folder, as_user)
        server.load(contacts)
        with server.running("on"):
            yield server
    finally:
        shutil.rmtree(folder)


class Postgres:
    """A cluster in a directory."""

    def __init__(self, folder, as_user):
        self.folder, self.as_user, self.programs = folder, as_user, system.postgres_programs()
        self.pid = self.texts = self.facts = None
        system.run([self.programs / "initdb", "-D", folder / "data", "-U", "bench", "--auth", "trust", "--no-sync",
                    "-E", "UTF8", "--locale", "C.UTF-8"], cwd=folder, **as_user)

    @contextmanager
    def running(self, fsync):
        """The server while it runs."""
        words = [self.programs / "postgres", "-D", self.folder / "data", "-k", self.folder, "-c", "listen_addresses=",
                 "-c", "shared_buffers=1GB", "-c", f"fsync={fsync}", "-c", "maintenance_work_mem=512MB",
                 "-c", "max_wal_size=4GB", "-c", "max_parallel_workers_per_gather=0"]
        # Its interrupt is the fast shut-down, which does not wait for clients.
        with system.process(words, end_by=2, cwd=self.folder, stdout=subprocess.DEVNULL,
                            stderr=subprocess.DEVNULL, **self.as_user) as process:
            self.pid = process.pid
            ready = [self.programs / "pg_isready", "-q", "-h", self.folder, "-U", "bench"]
            system.until(lambda: subprocess.run(ready).returncode == 0, "PostgreSQL's start", 60)
            yield

    def sql(self, text, database="bench", **more):
        words = [self.programs / "psql", "-q", "-v", "ON_ERROR_STOP=1", "-h", self.folder, "-U", "bench", "-d", database]
        return system.run([*words, "-c", text] if "input" not in more else words, **more)

    def load(self, contacts):
        """Loads the contacts without waiting for the disk, and indexes them."""
        system.say("loading PostgreSQL")
        with self.running("off"):
            self.sql("create database bench", "postgres")
            self.sql(None, input=SCHEMA)
            begun = time.perf_counter()
            self.copy("contacts", people(contacts))
            copied = time.perf_counter()
            self.texts = self.copy("words", words(contacts))
            self.sql(None, input=INDEXES)
            size = self.sql("copy (select pg_database_size('bench')) to stdout")
            self.facts = {"copySeconds": copied - begun, "indexSeconds": time.perf_counter() - copied,
                          "bytesPerContact": int(size) / contacts.count}

    def copy(self, table, rows):
        command = [self.programs / "psql", "-q", "-v", "ON_ERROR_STOP=1", "-h", self.folder, "-U", "bench", "-d", "bench"]
        pipe = subprocess.Popen([*command, "-c", f"copy {table} from stdin csv"], stdin=subprocess.PIPE, text=True)
        writer, count = csv.writer(pipe.stdin), 0
        for row in rows:
            writer.writerow(row)
            count += 1
        pipe.stdin.close()
        if pipe.wait() != 0:
            raise RuntimeError(f"PostgreSQL did not take {table}")
        return count

    def search(self, kind, seconds):
        """One kind of search by 8 clients: rate, processor time of all its processes for each, times."""
        place = self.folder / "pgbench"
        place.mkdir(exist_ok=True)
        script = place / "query.sql"
        script.write_text(f"\\set n random(1, {self.texts})\nselect {QUERIES[kind]} where w.n = :n;\n")
        seconds = max(1, round(seconds))
        idle = len(system.children(self.pid))
        before = system.cpu_of_all(self.pid)
        said = system.run(["pgbench", "-n", "-M", "prepared", "-c", CLIENTS, "-j", 1, "-T", seconds,
                           "-f", script, "-l", "--log-prefix", place / "log", "-h", self.folder, "-U", "bench", "bench"])
        # Those that served it are counted once the server has taken them back.
        system.until(lambda: len(system.children(self.pid)) <= idle, "the end of PostgreSQL's backends", 30)
        used = system.cpu_of_all(self.pid) - before
        times = []
        for log in place.glob("log*"):
            with open(log, encoding="ascii") as lines:
                times.extend(int(line.split()[2]) for line in lines)
            log.unlink()
        if not times:
            raise RuntimeError(f"pgbench measured nothing: {said}")
        times.sort()
        at = lambda share: times[min(len(times) - 1, int(len(times) * share))]
        return {"perSecond": len(times) / seconds, "cpuMicros": used / len(times) * 1e6, "requests": len(times),
                "p50Micros": at(0.5), "p99Micros": at(0.99)}


def people(contacts):
    """A row for each contact."""
    for line in contacts.lines():
        one = json.loads(line)
        first, last = one.get("firstName", ""), one.get("lastName", "")
        yield one["id"], first, last, f"{first} {last}".lower(), line.decode()


def words(contacts):
    """A row for each text that is searched for."""
    for n, (prefix, part) in enumerate(contacts.texts(), 1):
        # The last character there is: nothing that begins with the prefix lies behind it.
        yield n, prefix, prefix + "\U0010ffff", part
