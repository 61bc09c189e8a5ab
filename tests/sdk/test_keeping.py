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

# Status, method, path, whose token is sent, type of the body, sizes of the body.
REFUSALS = [
    (401, "POST", CONTACTS, "nobody", JSON, SIZES),
    (403, "POST", CONTACTS, "lookup", JSON, SIZES),
    (404, "POST", "/nowhere", "admin", JSON, SIZES),
    (405, "PUT", CONTACTS, "admin", JSON, SIZES),
    (413, "POST", CONTACTS, "admin", JSON, SIZES[-1:]),
    (415, "POST", CONTACTS, "admin", "text/xml", SIZES),
    (501, "POST", f"{CONTACTS}/exports", "admin", JSON, SIZES),
]


@pytest.fixture(scope="module")
def bearers(daemon, api):
    """The header that each client signs with."""
    admin = {"authorization": f"Bearer {api.api_client.access_token}"}
    body = json.dumps({"name": "looks up only", "role": "lookup"})
    headers = {"content-type": JSON, **admin}
    made = urllib3.request("POST", f"{daemon.url}/api/v2/carnet/clients", body=body, headers=headers)
    made = made.json()
    headers = urllib3.make_headers(basic_auth=f"{made['id']}:{made['secret']}")
    headers["content-type"] = "application/x-www-form-urlencoded"
    form = "grant_type=client_credentials"
    signed = urllib3.request("POST", f"{daemon.url}/oauth/token", body=form, headers=headers)
    token = signed.json()["access_token"]
    return {"admin": admin, "lookup": {"authorization": f"Bearer {token}"}, "nobody": {}}


@pytest.mark.parametrize("status, method, path, who, kind, sizes", REFUSALS)
def test_urllib3_uses_its_connection_again(daemon, bearers, status, method, path, who, kind, sizes):
    for size in sizes:
        with urllib3.HTTPConnectionPool(daemon.url.removeprefix("http://"), maxsize=1) as pool:
            headers = {"content-type": kind, **bearers[who]}
            refused = pool.request(method, path, body=b" " * size, headers=headers, retries=False)
            assert refused.status == status, refused.data
            answer = pool.request("GET", CONTACTS, headers=bearers["admin"], retries=False)
            assert (answer.status, pool.num_connections) == (200, 1), size


@pytest.mark.parametrize("status, method, path, who, kind, sizes", REFUSALS)
def test_curl_uses_its_connection_again(
    daemon, bearers, tmp_path, status, method, path, who, kind, sizes
):
    curl = shutil.which("curl")
    assert curl, "tests/run installs curl"
    signs = {who: [f"-Hauthorization: {one['authorization']}"] if one else [] for who, one in bearers.items()}
    for size in sizes:
        body = tmp_path / "body"
        body.write_bytes(b" " * size)
        # Without the question whether a body is wanted, to which a refusal is the answer.
        request = ["-X", method, "--data-binary", f"@{body}", "-H", "expect:"]
        request += ["-H", f"content-type: {kind}", *signs[who]]
        shape = ["-s", "-o", "/dev/null", "-w", '{"status": %{http_code}, "connects": %{num_connects}}\n']
        words = [curl, *shape, *request, daemon.url + path]
        words += ["--next", *shape, *signs["admin"], daemon.url + CONTACTS]
        lines = subprocess.run(words, check=True, capture_output=True, text=True).stdout.splitlines()
        assert [json.loads(line) for line in lines] == [
            {"status": status, "connects": 1},
            {"status": 200, "connects": 0},
        ], size
