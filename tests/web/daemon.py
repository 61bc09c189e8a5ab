"""A carnet in a directory of its own, as a new user starts it."""

import os
import pathlib
import re
import subprocess
import sys
import threading

START_SECONDS = 60
# The person that the link of the first start makes.
NAME, PASSWORD = "Ada", "a good password"


def carnet(*words, **options):
    return subprocess.run([os.environ["CARNET_BIN"], *words], check=True, **options)


class Daemon:
    """The daemon that CARNET_BIN names, on a free port, and on the same one when it is started again."""

    def __init__(self, data):
        self.data = pathlib.Path(data)
        self.port = 0
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            [os.environ["CARNET_BIN"], "serve", "--data", str(self.data), "--listen", f"127.0.0.1:{self.port}"],
            stdout=subprocess.PIPE,
            stderr=sys.stderr,
            text=True,
        )
        watch = threading.Timer(START_SECONDS, self.process.kill)
        watch.start()
        try:
            for line in self.process.stdout:
                found = re.search(r"http://127\.0\.0\.1:(\d+)", line)
                if found:
                    self.url, self.port = found.group(), int(found.group(1))
                    return
        finally:
            watch.cancel()
        raise AssertionError("carnet did not say where it listens")

    def first_link(self):
        """The link that makes the first administrator."""
        return re.search(r"http://\S+/#first=\S+", (self.data / "first-client.txt").read_text()).group()

    def stop(self):
        self.process.terminate()
        assert self.process.wait(60) == 0
