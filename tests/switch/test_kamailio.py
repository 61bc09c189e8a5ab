"""The caller's name in the INVITE: what carnet knows, what Kamailio's http_client makes of it, and that
a call never waits for more than the time-out.

Debian's Kamailio (5.6) has no http_client_request_v2pk, the request over HTTP/2 by prior knowledge of later
versions; test_libcurl.py sends what that function sends.
"""

import re
import signal
import time
import urllib.error

import pytest

from conftest import AS_DIALLED, Daemon, Switch

KNOWN, NAME = "+4915112345678", '"Żaneta Müller"'
# How long the switch may wait for a carnet that hangs, and the whole call with that.
WAIT_SECONDS, CALL_SECONDS_MAX = 1, 6


@pytest.fixture(scope="module", autouse=True)
def people(daemon):
    daemon.add("Żaneta", "Müller", KNOWN)
    daemon.add("李", "小龙", "+85221234567")


def check(invite, number, name):
    """From carries the name and is otherwise as it was sent; P-Asserted-Identity says the same or is absent."""
    sender = re.fullmatch(r'("[^"]*") <(sip:[^<>"; ]+)>;tag=[^;<>" ]+', invite.header("From"))
    assert sender, invite.text
    assert sender[1] == name
    user, _, _ = sender[2].removeprefix("sip:").partition("@")
    assert user == number
    asserted = None if name == AS_DIALLED else f"{name} <{sender[2]}>"
    assert invite.header("P-Asserted-Identity") == asserted


@pytest.mark.parametrize("number", [KNOWN, KNOWN[1:], "00" + KNOWN[1:], "0" + KNOWN[3:]])
def test_every_spelling_of_a_known_number_gets_its_name(switch, number):
    check(switch.call(number), number, NAME)


@pytest.mark.parametrize("way", ["query", "get", "kept", "signed"])
def test_every_function_of_http_client_gets_the_name(switch, way):
    check(switch.call(KNOWN, way), KNOWN, NAME)


def test_a_name_in_another_script_arrives_as_utf_8(switch):
    check(switch.call("+85221234567"), "+85221234567", '"李 小龙"')


@pytest.mark.parametrize("way", ["query", "get", "kept", "signed"])
def test_an_unknown_number_keeps_what_the_caller_shows(switch, way):
    check(switch.call("+4930999999", way), "+4930999999", AS_DIALLED)


@pytest.mark.parametrize("number", ["anonymous", "0", "%00", "+", "9" * 200, "+49%0d%0aX:y", "'--"])
def test_what_is_no_number_keeps_what_the_caller_shows(switch, number):
    check(switch.call(number), number, AS_DIALLED)


@pytest.mark.parametrize(
    "number, first, last, shown",
    [
        ("+4930200001", '"Eve" <sip:x@y>;tag=1', "Ex", '"Eve sip:x@ytag=1 Ex"'),
        ("+4930200002", "Eve", "Ex\\", '"Eve Ex"'),
        ("+4930200003", "$var(name) ${CALLERID(num)}", "`id`|", '"var(name) CALLERID(num) id"'),
    ],
)
def test_a_name_cannot_leave_its_quotes(daemon, switch, number, first, last, shown):
    daemon.add(first, last, number)
    check(switch.call(number), number, shown)


def test_a_name_is_one_line_and_no_header_of_its_own(daemon, switch):
    """A line break never gets into the book; what some programs take for one stays out of the answer."""
    with pytest.raises(urllib.error.HTTPError, match="400"):
        daemon.add("Eve\r\nX-Injected: yes", "Ex", "+4930200004")
    check(switch.call("+4930200004"), "+4930200004", AS_DIALLED)
    daemon.add("Eve\u2028X-Injected: yes", "Ex", "+4930200004")
    check(switch.call("+4930200004"), "+4930200004", '"EveX-Injected: yes Ex"')


def test_an_edit_is_in_the_next_call(daemon, switch):
    contact = daemon.add("Before", "Wedding", "+4930200005")
    check(switch.call("+4930200005", "kept"), "+4930200005", '"Before Wedding"')
    daemon.rename(contact, "After")
    check(switch.call("+4930200005", "kept"), "+4930200005", '"After Wedding"')


def test_a_wrong_key_names_nobody(wire, tmp_path):
    switch = Switch(wire.url, "a-wrong-key", tmp_path)
    try:
        for way in ["query", "get", "kept"]:
            check(switch.call(KNOWN, way), KNOWN, AS_DIALLED)
        assert switch.kamailio_log().count("carnet answered 401") == 3
    finally:
        switch.stop()


def test_kamailio_sends_a_plus_as_it_is_and_a_new_connection_for_each_call(switch, wire):
    mark = len(wire.connections)
    for way in ["query", "get"]:
        switch.call(KNOWN, way)
    sent = wire.since(mark)
    assert len(sent) == 2
    for request in sent:
        assert request.startswith("GET /cid?key=") and request.count("GET ") == 1
        assert f"&number={KNOWN} HTTP/1.1\r\n" in request
        assert "\r\nUser-Agent: kamailio (" in request


def test_a_kept_connection_carries_every_call(switch, wire):
    switch.call(KNOWN, "kept")
    mark = len(wire.connections)
    asked = sum(sent.count(b"GET ") for sent in wire.connections)
    for _ in range(3):
        check(switch.call(KNOWN, "kept"), KNOWN, NAME)
    assert len(wire.connections) == mark
    assert sum(sent.count(b"GET ") for sent in wire.connections) == asked + 3


def test_a_user_and_a_password_are_sent_only_when_asked_for(switch, wire):
    """Why a refusal must carry WWW-Authenticate: http_client allows Basic and Digest, so libcurl waits to
    be told which."""
    mark = len(wire.connections)
    check(switch.call(KNOWN, "signed"), KNOWN, NAME)
    first, second = "".join(wire.since(mark)).split("GET ")[1:]
    assert "Authorization" not in first
    assert "\r\nAuthorization: Basic " in second


def test_calls_pass_while_carnet_hangs_or_is_gone_and_names_return_with_it(tmp_path):
    (tmp_path / "switch").mkdir()
    daemon = Daemon(str(tmp_path / "data"))
    try:
        daemon.add("Żaneta", "Müller", KNOWN)
        switch = Switch(daemon.url, daemon.key, tmp_path / "switch", WAIT_SECONDS)
        try:
            check(switch.call(KNOWN), KNOWN, NAME)
            daemon.process.send_signal(signal.SIGSTOP)
            check(timely(switch), KNOWN, AS_DIALLED)
            daemon.process.send_signal(signal.SIGCONT)
            check(switch.call(KNOWN), KNOWN, NAME)
            daemon.stop()
            check(timely(switch), KNOWN, AS_DIALLED)
        finally:
            switch.stop()
    finally:
        daemon.stop()


def timely(switch):
    begun = time.monotonic()
    invite = switch.call(KNOWN)
    assert time.monotonic() - begun < CALL_SECONDS_MAX
    return invite
