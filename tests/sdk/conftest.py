"""The vendor's own Python SDK, unmodified, against a running carnet.

The daemon under test is the binary that CARNET_BIN names; it runs on a free port of the loop-back
address, in a temporary directory, and is stopped at the end.
"""

import os
import pathlib
import re
import subprocess
import sys
import threading

import pytest

import PureCloudPlatformClientV2 as sdk

ID, SECRET = "sdk-tests", "a secret for these tests only"
START_SECONDS = 60


def carnet(*words, **options):
    return subprocess.run([os.environ["CARNET_BIN"], *words], check=True, **options)


class Daemon:
    def __init__(self, data):
        self.data = data
        self.process = subprocess.Popen(
            [os.environ["CARNET_BIN"], "serve", "--data", data, "--listen", "127.0.0.1:0"],
            stdout=subprocess.PIPE,
            stderr=sys.stderr,
            text=True,
        )
        watch = threading.Timer(START_SECONDS, self.process.kill)
        watch.start()
        try:
            for line in self.process.stdout:
                found = re.search(r"http://127\.0\.0\.1:\d+", line)
                if found:
                    self.url = found.group()
                    return
        finally:
            watch.cancel()
        raise AssertionError("carnet did not say where it listens")

    def stop(self):
        self.process.terminate()
        assert self.process.wait(60) == 0


@pytest.fixture(scope="session")
def daemon(tmp_path_factory):
    data = str(tmp_path_factory.mktemp("data"))
    carnet("client", "add", "SDK tests", "--role", "admin", "--id", ID, "--secret", SECRET, "--data", data)
    running = Daemon(data)
    yield running
    running.stop()


@pytest.fixture(scope="session")
def api(daemon):
    """The SDK, signed in."""
    sdk.configuration.host = daemon.url
    client = sdk.api_client.ApiClient().get_client_credentials_token(ID, SECRET)
    return sdk.ExternalContactsApi(client)
