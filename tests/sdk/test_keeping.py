"""Connections that are kept: urllib3, on which requests and the SDK stand, and curl.

A request that is refused before its body was read must leave the connection as it was.
"""

import json
import shutil
import subprocess

import pytest
import urllib3

CONTACTS = "/api/v2/externalcontacts/contacts"
JSON = "application/json"
SIZES = [2, 16 << 10, 256 << 10, 2 << 20]

# Status, method, path, whether a good token is sent, type of the body, sizes of the body.
REFUSALS = [
    (401, "POST", CONTACTS, False, JSON, SIZES),
    (404, "POST", "/nowhere", True, JSON, SIZES),
    (405, "PUT", CONTACTS, True, JSON, SIZES),
    (413, "POST", CONTACTS, True, JSON, SIZES[-1:]),
    (415, "POST", CONTACTS, True, "text/xml", SIZES),
    (501, "POST", f"{CONTACTS}/exports", True, JSON, SIZES),
]


@pytest.fixture
def bearer(api):
    return {"authorization": f"Bearer {api.api_client.access_token}"}


@pytest.mark.parametrize("status, method, path, signed, kind, sizes", REFUSALS)
def test_urllib3_uses_its_connection_again(daemon, bearer, status, method, path, signed, kind, sizes):
    for size in sizes:
        with urllib3.HTTPConnectionPool(daemon.url.removeprefix("http://"), maxsize=1) as pool:
            headers = {"content-type": kind, **(bearer if signed else {})}
            refused = pool.request(method, path, body=b" " * size, headers=headers, retries=False)
            assert refused.status == status, refused.data
            answer = pool.request("GET", CONTACTS, headers=bearer, retries=False)
            assert (answer.status, pool.num_connections) == (200, 1), size


@pytest.mark.parametrize("status, method, path, signed, kind, sizes", REFUSALS)
def test_curl_uses_its_connection_again(
    daemon, bearer, tmp_path, status, method, path, signed, kind, sizes
):
    curl = shutil.which("curl")
    assert curl, "tests/run installs curl"
    token = f"authorization: {bearer['authorization']}"
    for size in sizes:
        body = tmp_path / "body"
        body.write_bytes(b" " * size)
        # Without the question whether a body is wanted, to which a refusal is the answer.
        request = ["-X", method, "--data-binary", f"@{body}", "-H", "expect:"]
        request += ["-H", f"content-type: {kind}"] + (["-H", token] if signed else [])
        shape = ["-s", "-o", "/dev/null", "-w", '{"status": %{http_code}, "connects": %{num_connects}}\n']
        words = [curl, *shape, *request, daemon.url + path]
        words += ["--next", *shape, "-H", token, daemon.url + CONTACTS]
        lines = subprocess.run(words, check=True, capture_output=True, text=True).stdout.splitlines()
        assert [json.loads(line) for line in lines] == [
            {"status": status, "connects": 1},
            {"status": 200, "connects": 0},
        ], size
