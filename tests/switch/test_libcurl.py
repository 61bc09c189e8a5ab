"""Requests of switches that Debian does not carry, replayed with the library that they use.

Asterisk, FreePBX and FreeSWITCH ask with libcurl, and so does Kamailio's request over HTTP/2. The
`curl` command sets the same options that they set; the rest is libcurl's default in both cases. For
Asterisk and FreeSWITCH, what arrives at carnet is compared byte for byte with what they send.
"""

import base64
from urllib.parse import quote, urlsplit

import pytest

from conftest import SWITCH

KNOWN, NAME = "+4915112345679", "Zoë Østergård"
UNKNOWN = "+4930999998"

# func_curl.c: the agent, a time-out of 180 s unless CURLOPT says otherwise, no redirects.
ASTERISK = ["--user-agent", "asterisk-libcurl-agent/1.0", "--max-time", "180"]
# mod_cidlookup.c: ten redirects, curl-timeout, the agent.
FREESWITCH = ["--location", "--max-redirs", "10", "--max-time", "2", "--user-agent", "freeswitch-cidlookup/1.0"]
# http_client's functions.c for http_client_request_v2pk("GET", ...).
KAMAILIO_2 = ["--http2-prior-knowledge", "--request", "GET", "--max-time", "4", "--location", "--max-redirs", "-1"]
# superfecta_base.php: an error of 400 or above is no answer; 3.5 s for connection and all.
SUPERFECTA = ["--fail", "--location", "--connect-timeout", "3.5", "--max-time", "3.5"]
# Every client of the table that sends a key, with what it sets.
CLIENTS = {"asterisk": ASTERISK, "freeswitch": FREESWITCH, "kamailio-h2": KAMAILIO_2, "superfecta": SUPERFECTA}


@pytest.fixture(scope="module", autouse=True)
def people(daemon):
    daemon.add("Zoë", "Østergård", KNOWN)


def address(wire, key, number):
    return f"{wire.url}/cid?key={key}&number={number}"


def check(answer, body, status=200):
    assert answer["response_code"] == status, answer
    assert answer["body"] == body.encode()
    assert answer["num_redirects"] == 0
    if body:
        assert answer["content_type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize("client", CLIENTS)
def test_a_known_number_gets_the_name_and_nothing_after_it(curl, wire, daemon, client):
    check(curl(CLIENTS[client], address(wire, daemon.key, quote(KNOWN)))[0], NAME)


@pytest.mark.parametrize("client", CLIENTS)
def test_an_unknown_number_gets_no_bytes(curl, wire, daemon, client):
    check(curl(CLIENTS[client], address(wire, daemon.key, quote(UNKNOWN)))[0], "")


@pytest.mark.parametrize("client", CLIENTS)
def test_an_error_gets_no_bytes(curl, wire, client):
    check(curl(CLIENTS[client], address(wire, "a-wrong-key", KNOWN))[0], "", 401)
    check(curl(CLIENTS[client], f"{wire.url}/cid?number={KNOWN}")[0], "", 401)


def test_freeswitch_sends_digits_over_a_new_connection_for_each_call(curl, wire, daemon):
    mark = len(wire.connections)
    digits = KNOWN[1:]
    for _ in range(3):
        check(curl(FREESWITCH, address(wire, daemon.key, digits))[0], NAME)
    host = urlsplit(wire.url).netloc
    line = f"GET /cid?key={daemon.key}&number={digits} HTTP/1.1"
    expect = f"{line}\r\nHost: {host}\r\nUser-Agent: freeswitch-cidlookup/1.0\r\nAccept: */*\r\n\r\n"
    assert wire.since(mark) == [expect] * 3


def test_freeswitch_may_carry_id_and_secret_in_the_address(curl, wire):
    mark = len(wire.connections)
    user, secret = SWITCH
    url = f"http://{user}:{secret}@{urlsplit(wire.url).netloc}/cid?number={KNOWN[1:]}"
    check(curl(FREESWITCH, url)[0], NAME)
    assert basic() in wire.since(mark)[0]


def test_asterisk_keeps_its_connection_from_call_to_call(curl, wire, daemon):
    mark = len(wire.connections)
    numbers = [KNOWN, UNKNOWN, "0" + KNOWN[3:]]
    answers = curl(ASTERISK, *(address(wire, daemon.key, quote(number)) for number in numbers))
    for answer, body in zip(answers, [NAME, "", NAME], strict=True):
        check(answer, body)
    (sent,) = wire.since(mark)
    host = urlsplit(wire.url).netloc
    assert sent == "".join(
        f"GET /cid?key={daemon.key}&number={quote(number)} HTTP/1.1\r\nHost: {host}\r\n"
        "User-Agent: asterisk-libcurl-agent/1.0\r\nAccept: */*\r\n\r\n"
        for number in numbers
    )


def test_asterisk_sends_curlopt_userpwd_at_once(curl, wire):
    mark = len(wire.connections)
    check(curl([*ASTERISK, "--user", ":".join(SWITCH)], f"{wire.url}/cid?number={quote(KNOWN)}")[0], NAME)
    (sent,) = wire.since(mark)
    assert sent.count("GET ") == 1 and basic() in sent


def test_a_request_with_a_body_gets_no_bytes(curl, wire, daemon):
    """CURL(url,post-data) in a dialplan posts; whatever comes back would be shown."""
    url = f"{wire.url}/cid?key={daemon.key}"
    check(curl([*ASTERISK, "--data", f"number={KNOWN}"], url)[0], "", 405)


@pytest.mark.parametrize("number", [KNOWN, "%20" + KNOWN[1:], "00" + KNOWN[1:], "tel:" + KNOWN, f"sip:{KNOWN}@pbx.example"])
def test_freepbx_puts_the_number_in_as_it_came(curl, wire, daemon, number):
    mark = len(wire.connections)
    check(curl(ASTERISK, address(wire, daemon.key, number))[0], NAME)
    assert f"&number={number} HTTP/1.1\r\n" in wire.since(mark)[0]


def test_kamailio_speaks_http_2_without_asking_first(curl, wire, daemon):
    mark = len(wire.connections)
    for number, body in ((KNOWN, NAME), (UNKNOWN, ""), (KNOWN[1:], NAME)):
        answer = curl(KAMAILIO_2, address(wire, daemon.key, number))[0]
        check(answer, body)
        assert answer["http_version"] == "2"
    sent = wire.since(mark)
    assert len(sent) == 3
    assert all(request.startswith("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n") for request in sent)


def test_a_client_of_http_1_0_gets_the_name(curl, wire, daemon):
    mark = len(wire.connections)
    check(curl(["--http1.0"], address(wire, daemon.key, KNOWN))[0], NAME)
    assert " HTTP/1.0\r\n" in wire.since(mark)[0]


def test_head_says_what_get_would_and_sends_no_body(curl, wire, daemon):
    answer = curl(["--head"], address(wire, daemon.key, KNOWN))[0]
    assert answer["response_code"] == 200 and answer["size_download"] == 0
    assert f"content-length: {len(NAME.encode())}\r\n".encode() in answer["body"].lower()


def test_a_token_serves_as_a_key(curl, wire, daemon):
    check(curl(FREESWITCH, address(wire, daemon.sign_in(SWITCH), KNOWN))[0], NAME)


def test_a_key_that_may_do_more_than_look_up_is_refused(curl, wire, daemon):
    answer = curl(FREESWITCH, address(wire, daemon.token, KNOWN))[0]
    assert 400 <= answer["response_code"] < 500 and answer["body"] == b""


def basic():
    return f"\r\nAuthorization: Basic {base64.b64encode(':'.join(SWITCH).encode()).decode()}\r\n"
