"""The recipes of crates/http/SWITCHES.md, word for word, with only the address and a key filled in.

Kamailio runs its own. PHP runs the source for Superfecta. The others are not in Debian: their files are
read here as their programs read them, as far as the recipes go (what that is stands beside each reader,
with the file that it was learnt from), and the requests that come of it are sent with their library.
"""

import json
import re
import signal
import subprocess
import time
import xml.etree.ElementTree as xml
from pathlib import Path
from urllib.parse import quote, quote_plus, urlsplit

import pytest

from conftest import ADMIN, AS_DIALLED, HERE, Daemon, Switch, carnet

PAGE = HERE.parents[1] / "crates/http/SWITCHES.md"
BLOCKS = dict(re.findall(r"^```\w+ (\S+)\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL))
# What stands in the recipes for the address of carnet, as an address and as its two halves.
ADDRESS, HOST, PORT = "http://127.0.0.1:8420", "127.0.0.1", "8420"
# The number of the page's examples, and one that no contact has.
KNOWN, UNKNOWN, NAME = "+33612345678", "+33612345679", "Zoë, née Østergård: (sales)"
# What the provider sends as the caller's name.
PROVIDER = "Acme, Inc: (Paris)"
# FreePBX/cidlookup module.xml: characters of the columns.
FREEPBX_COLUMNS = {"Host": 100, "Port": 30, "Username": 50, "Password": 50, "Path": 100, "Query": 100}


@pytest.fixture(scope="module", autouse=True)
def people(daemon):
    daemon.add("Zoë, née", "Østergård: (sales)", KNOWN)


@pytest.fixture(scope="module")
def client(daemon):
    """What `carnet client add` prints for a switch, as the page says to make it."""
    sign_in = ["--url", daemon.url, "--as-id", ADMIN[0], "--as-secret", ADMIN[1]]
    printed = carnet("client", "add", "PBX", "--role", "lookup", *sign_in)
    return dict(re.findall(r"^(id|secret|key)\s+(\S+)$", printed, re.MULTILINE))


@pytest.fixture
def recipe(daemon, client):
    """A recipe with the address of the running carnet and the key, or another one."""

    def fill(name, key=None, url=daemon.url):
        return filled(BLOCKS[name], {**client, "key": key or client["key"]}, url)

    return fill


def filled(text, client, url):
    text = text.replace(ADDRESS, url)
    for place in ("KEY", "ID", "SECRET"):
        text = re.sub(rf"\b{place}\b", client[place.lower()], text)
    return text


def body(answer):
    return answer["body"].decode()


def test_the_page_has_every_recipe():
    assert list(BLOCKS) == [
        "carnet.toml",
        "cidlookup.conf.xml",
        "00_carnet.xml",
        "carnet.conf",
        "freepbx",
        "source-Carnet.module",
        "carnet.cfg",
        "carnet-opensips.cfg",
        "carnet.xml",
    ]


def test_every_request_of_the_page_is_answered(daemon, client):
    requests = re.findall(r"curl (?:-u '[^'\n]*' )?'[^'\n]*'", PAGE.read_text())
    assert len(requests) == 3
    for request in requests:
        words = filled(request, client, daemon.url).replace("curl", "curl --disable --silent --fail --noproxy '*'", 1)
        done = subprocess.run(["bash", "-c", words], stdout=subprocess.PIPE, text=True, timeout=60)
        assert done.returncode == 0, request
        assert done.stdout == NAME if "/cid" in request else "Østergård" in done.stdout


# A carnet on another machine


def test_a_switch_on_the_list_needs_no_key(curl, tmp_path):
    settings = BLOCKS["carnet.toml"].replace("192.0.2.10:8420", "127.0.0.1:0").replace("192.0.2.20", "127.0.0.1")
    (tmp_path / "carnet.toml").write_text(settings)
    shown = carnet("config", "--config", str(tmp_path / "carnet.toml"))
    assert "\ninsecure_listen = true\n" in shown
    daemon = Daemon(str(tmp_path / "data"), "--config", str(tmp_path / "carnet.toml"))
    try:
        daemon.add("Zoë, née", "Østergård: (sales)", KNOWN)
        dialplan = BLOCKS["carnet.conf"].replace(ADDRESS, daemon.url).replace("key=KEY&", "")
        assert Asterisk(curl, dialplan).call(KNOWN, PROVIDER) == NAME
        assert Asterisk(curl, dialplan).call(UNKNOWN, PROVIDER) == PROVIDER
    finally:
        daemon.stop()


def test_carnet_takes_the_settings_as_they_stand(tmp_path):
    (tmp_path / "carnet.toml").write_text(BLOCKS["carnet.toml"])
    shown = carnet("config", "--config", str(tmp_path / "carnet.toml"))
    assert 'listen = "192.0.2.10:8420"\n' in shown and 'allow = ["192.0.2.20"]\n' in shown


# FreeSWITCH


class FreeSwitch:
    """src/mod/applications/mod_cidlookup/mod_cidlookup.c and mod_dialplan_xml.c: the address with the
    digits of the number; any body is the name; without one UNKNOWN, and the name that was there is kept
    in a variable. Conditions are tried in their order, actions with `inline` run at once."""

    def __init__(self, curl, config, dialplan):
        self.curl = curl
        params = {param.get("name"): param.get("value") for param in xml.fromstring(config).iter("param")}
        self.url = params["url"]
        # CURLOPT_TIMEOUT_MS is no macro, so the module always takes whole seconds; 0 is no limit.
        self.seconds = int(params["curl-timeout"]) // 1000
        assert self.seconds > 0
        self.extensions = list(xml.fromstring(dialplan).iter("extension"))

    def call(self, number, name):
        self.variables = {"caller_id_number": number, "caller_id_name": name}
        for extension in self.extensions:
            assert extension.get("continue") == "true"
            for condition in extension.iter("condition"):
                field, expression = condition.get("field", ""), condition.get("expression", "")
                if re.search(expression, self.expanded(field)):
                    for action in condition.iter("action"):
                        assert action.get("inline") == "true"
                        getattr(self, action.get("application"))(self.expanded(action.get("data")))
        return self.variables["caller_id_name"]

    def expanded(self, text):
        return re.sub(r"\$\{(\w+)\}", lambda found: self.variables.get(found[1], ""), text)

    def cidlookup(self, number):
        url = self.url.replace("${caller_id_number}", re.sub(r"\D", "", number))
        options = ["--location", "--max-redirs", "10", "--max-time", str(self.seconds)]
        shown = body(self.curl([*options, "--user-agent", "freeswitch-cidlookup/1.0"], url)[0])
        self.variables["original_caller_id_name"] = self.variables["caller_id_name"]
        self.variables["cidlookup_source"] = "url" if shown else "UNKNOWN"
        self.variables["caller_id_name"] = shown or "UNKNOWN"

    def set_profile_var(self, text):
        name, _, value = text.partition("=")
        self.variables[name] = value


@pytest.mark.parametrize(
    "number, key, shown",
    [(KNOWN, None, NAME), (KNOWN[1:], None, NAME), (UNKNOWN, None, PROVIDER), ("", None, PROVIDER), (KNOWN, "wrong", PROVIDER)],
)
def test_freeswitch_shows_the_name_or_what_the_provider_sent(curl, recipe, number, key, shown):
    switch = FreeSwitch(curl, recipe("cidlookup.conf.xml", key), recipe("00_carnet.xml"))
    assert switch.call(number, PROVIDER) == shown


# Asterisk


class Asterisk:
    """main/pbx.c, func_curl.c, func_strings.c, func_uri.c: expressions in braces from the inside out,
    `CURL` gives the body without blanks behind it, GotoIf takes 0 and an empty text for no. A comma in the
    argument of `CURL` would begin the data of a POST."""

    def __init__(self, curl, dialplan):
        self.send = curl
        lines = [line.strip() for line in dialplan.splitlines() if line.strip() and not line.startswith("[")]
        self.steps = []
        for line in lines:
            assert ";" not in line, "the rest would be a comment"
            label, name, data = re.fullmatch(r"(?:exten|same) => (?:s,1|n(?:\((\w+)\))?),(\w+)\((.*)\)", line).groups()
            self.steps.append((label, name, data))

    def call(self, number, name):
        self.variables, self.options = {"CALLERID(num)": number, "CALLERID(name)": name}, {}
        place = 0
        while True:
            _, application, data = self.steps[place]
            place += 1
            if application == "Return":
                return self.variables["CALLERID(name)"]
            if application == "Set":
                variable, _, value = data.partition("=")
                self.variables[variable] = self.expanded(value)
                option = re.fullmatch(r"CURLOPT\((\w+)\)", variable)
                if option:
                    self.options[option[1]] = value
            elif application == "GotoIf":
                left, right, label = re.fullmatch(r"\$\[(\S+) = (\S+)\]\?(\w+)", data).groups()
                if self.expanded(left) == right:
                    place = [one for one, _, _ in self.steps].index(label)
            else:
                raise AssertionError(application)

    def expanded(self, text):
        """The innermost expression first; what it gives is not looked through again."""
        begin = text.find("${")
        if begin < 0:
            return text
        depth, end = 0, begin
        while True:
            depth += {"{": 1, "}": -1}.get(text[end], 0)
            if text[end] == "}" and depth == 0:
                break
            end += 1
        inside = text[begin + 2 : end]
        function = re.fullmatch(r"(CURL|LEN|URIENCODE)\((.*)\)", inside)
        if function:
            value = getattr(self, function[1].lower())(self.expanded(function[2]))
        else:
            value = self.variables[inside]
        return text[:begin] + value + self.expanded(text[end + 1 :])

    def len(self, text):
        return str(len(text.encode()))

    def uriencode(self, text):
        return quote(text, safe="")

    def curl(self, url):
        assert "," not in url
        options = ["--connect-timeout", self.options["conntimeout"], "--max-time", self.options["httptimeout"]]
        return body(self.send([*options, "--user-agent", "asterisk-libcurl-agent/1.0"], url)[0]).rstrip()


@pytest.mark.parametrize(
    "number, key, shown",
    [
        (KNOWN, None, NAME),
        ("0033612345678", None, NAME),
        (UNKNOWN, None, PROVIDER),
        ("anonymous", None, PROVIDER),
        ("", None, PROVIDER),
        ("1,2;x=y&key=z", None, PROVIDER),
        (KNOWN, "wrong", PROVIDER),
    ],
)
def test_asterisk_shows_the_name_or_what_the_provider_sent(curl, recipe, number, key, shown):
    assert Asterisk(curl, recipe("carnet.conf", key)).call(number, PROVIDER) == shown


def test_asterisk_goes_on_when_carnet_is_gone(curl, recipe):
    assert Asterisk(curl, recipe("carnet.conf", url="http://127.0.0.1:9")).call(KNOWN, PROVIDER) == PROVIDER


# FreePBX


def freepbx_fields(recipe, wire_url):
    fields = dict(re.findall(r"^([\w ]+):\s+(\S.*)$", recipe("freepbx"), re.MULTILINE))
    assert (fields["Host"], fields["Port"]) == (HOST, PORT)
    server = urlsplit(wire_url)
    return {**fields, "Host": server.hostname, "Port": str(server.port)}


def freepbx_url(fields, number, name):
    """functions.inc.php of FreePBX/cidlookup 16: a plus of the number, blanks and commas of the name are
    escaped, and the password."""
    sign_in = f"{fields['Username']}:{quote_plus(fields['Password'])}@" if fields["Username"] else ""
    values = {"[NUMBER]": number.replace("+", "%2B"), "[NAME]": name.replace(" ", "%20").replace(",", "%2C")}
    query = fields["Query"]
    for token, value in values.items():
        query = query.replace(token, value)
    return f"http://{sign_in}{fields['Host']}:{fields['Port']}/{fields['Path']}?{query}"


FREEPBX = ["--max-time", "7", "--user-agent", "asterisk-libcurl-agent/1.0"]


def test_freepbx_has_room_for_every_field_and_for_the_key(recipe, client, daemon):
    fields = freepbx_fields(recipe, daemon.url)
    for field, characters in FREEPBX_COLUMNS.items():
        assert len(fields[field]) <= characters, (field, fields[field])
    assert client["key"] == f"{client['id']}.{client['secret']}"
    assert len(f"key={client['key']}&number=[NUMBER]") <= FREEPBX_COLUMNS["Query"]
    assert f"{len(client['key'])} characters" in PAGE.read_text()


@pytest.mark.parametrize(
    "number, name, shown",
    [
        (KNOWN, PROVIDER, NAME),
        (KNOWN, "", NAME),
        (UNKNOWN, PROVIDER, PROVIDER),
        (UNKNOWN, "Société Générale", "Société Générale"),
        (UNKNOWN, "Marks & Spencer", "Marks"),
        (UNKNOWN, '"A"', "A"),
        (UNKNOWN, '"Acme GmbH" <0123>', "Acme GmbH 0123"),
        (UNKNOWN, "", ""),
        ("anonymous", PROVIDER, PROVIDER),
    ],
)
def test_freepbx_shows_the_name_or_what_the_provider_sent(curl, recipe, daemon, number, name, shown):
    url = freepbx_url(freepbx_fields(recipe, daemon.url), number, name)
    # Asterisk takes blanks off the end of what CURL gives.
    assert body(curl(FREEPBX, url)[0]).rstrip() == shown


# Superfecta


@pytest.mark.parametrize("number, key, shown", [(KNOWN, None, NAME), (UNKNOWN, None, ""), ("", None, ""), (KNOWN, "wrong", "")])
def test_superfecta_gets_the_name_or_nothing(recipe, tmp_path, number, key, shown):
    source = tmp_path / "source-Carnet.module"
    source.write_text(recipe(source.name, key))
    done = subprocess.run(["php", HERE / "superfecta.php", source, number], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, shown, "")


# Kamailio


@pytest.fixture
def kamailio(tmp_path):
    """Kamailio with its recipe; ends what it began."""
    begun = []

    def begin(text):
        place = tmp_path / str(len(begun))
        place.mkdir()
        (place / "carnet.cfg").write_text(text)
        config = place / "recipe.cfg"
        config.write_text((HERE / config.name).read_text())
        begun.append(Switch(ADDRESS, "none", place, config=config))
        return begun[-1]

    yield begin
    for switch in begun:
        switch.stop()


def shown_by(invite):
    return re.match(r'("[^"]*") <', invite.header("From"))[1]


def test_kamailio_shows_the_name_or_what_the_provider_sent(recipe, kamailio):
    switch = kamailio(recipe("carnet.cfg"))
    for number in (KNOWN, KNOWN[1:], "00" + KNOWN[1:]):
        assert shown_by(switch.call(number)) == f'"{NAME}"'
    for number in (UNKNOWN, "anonymous", "%00"):
        assert shown_by(switch.call(number)) == AS_DIALLED


def test_kamailio_goes_on_with_a_wrong_key_and_with_a_carnet_that_hangs_or_is_gone(recipe, kamailio, tmp_path):
    assert shown_by(kamailio(recipe("carnet.cfg", "wrong")).call(KNOWN)) == AS_DIALLED
    daemon = Daemon(str(tmp_path / "data"))
    try:
        daemon.add("Zoë", "Østergård", KNOWN)
        switch = kamailio(recipe("carnet.cfg", daemon.key, daemon.url))
        assert shown_by(switch.call(KNOWN)) == '"Zoë Østergård"'
        daemon.process.send_signal(signal.SIGSTOP)
        begun = time.monotonic()
        assert shown_by(switch.call(KNOWN)) == AS_DIALLED
        # The time-out is one second; the rest is what a busy machine may take for a call.
        assert time.monotonic() - begun < 6
    finally:
        daemon.stop()
    assert shown_by(switch.call(KNOWN)) == AS_DIALLED


def test_kamailio_takes_the_recipe_into_the_file_that_it_comes_with(recipe, tmp_path):
    text = Path("/etc/kamailio/kamailio.cfg").read_text()
    for line, more in (("request_route {\n", 'include_file "carnet.cfg"\n'), ("\troute(SIPOUT);\n", "\troute(CARNET);\n")):
        assert text.count("\n" + line) == 1, line
        text = text.replace("\n" + line, f"\n{more}{line}")
    (tmp_path / "kamailio.cfg").write_text(text)
    (tmp_path / "carnet.cfg").write_text(recipe("carnet.cfg"))
    words = ["kamailio", "-c", "-f", tmp_path / "kamailio.cfg", "-Y", tmp_path]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0 and "ERROR" not in done.stderr, done.stderr
    # Would it notice? A function that no module has is an error.
    (tmp_path / "carnet.cfg").write_text(recipe("carnet.cfg").replace("uac_replace_from", "uac_replace_form"))
    assert subprocess.run(words, capture_output=True, timeout=60).returncode != 0


# OpenSIPS


@pytest.mark.parametrize("number, key, shown", [(KNOWN, None, NAME), (UNKNOWN, None, ""), ("<null>", None, ""), (KNOWN, "wrong", "")])
def test_opensips_gets_the_name_or_nothing(curl, recipe, number, key, shown):
    """modules/rest_client: the body and the status code; the time-outs are whole seconds."""
    text = recipe("carnet-opensips.cfg", key)
    seconds = dict(re.findall(r'^modparam\("rest_client", "(\w+)", (\d+)\)$', text, re.MULTILINE))
    options = ["--connect-timeout", seconds["connection_timeout"], "--max-time", seconds["curl_timeout"]]
    (url,) = re.findall(r'rest_get\("([^"]*)", \$var\(name\), , \$var\(code\)\)', text)
    answer = curl(options, url.replace("$(fU{s.escape.param})", quote(number, safe="")))[0]
    assert (answer["response_code"] == 200) == (key is None)
    assert body(answer) == shown


# 3CX


def threecx_contacts(curl, template, number):
    """The manual of 3CX, "CRM template XML description": variables in brackets; the one scenario without
    an id asks by number; its rule must find something; an array gives a contact for each of its entries."""
    crm = xml.fromstring(template)
    assert crm.find("Number").attrib == {"Prefix": "AsIs", "MaxLength": ""}
    settings = {one.get("Name"): one.get("Default") for one in crm.iter("Parameter")}
    (scenario,) = crm.iter("Scenario")

    def expanded(text, values):
        return re.sub(r"\[(\w+)\]", lambda found: values[found[1]] or "", text)

    url = expanded(scenario.find("Request").get("Url"), {**settings, "Number": number})
    answer = curl([], url)[0]
    if answer["response_code"] != 200:
        return []
    (rule,) = scenario.iter("Rule")
    contacts = []
    for entry in json.loads(answer["body"])["contacts"]:
        values = dict(settings)
        for variable in scenario.iter("Variable"):
            array, field = variable.get("Path").split(".")
            assert array == "contacts" and field in entry
            values[variable.get("Name")] = entry[field]
        assert entry[rule.text.removeprefix("contacts.")]
        contacts.append({one.get("Type"): expanded(one.get("Value"), values) for one in scenario.iter("Output")})
    return contacts


@pytest.mark.parametrize("number", [KNOWN, KNOWN[1:], "00" + KNOWN[1:]])
def test_3cx_finds_a_contact_with_the_number_as_it_asked(curl, recipe, daemon, number):
    (contact,) = threecx_contacts(curl, recipe("carnet.xml"), number)
    assert contact["PhoneBusiness"] == number
    assert (contact["FirstName"], contact["LastName"]) == ("Zoë, née", "Østergård: (sales)")
    assert contact["ContactUrl"] and contact["EntityId"]


@pytest.mark.parametrize("number, key", [(UNKNOWN, None), ("anonymous", None), (KNOWN, "wrong")])
def test_3cx_finds_nobody(curl, recipe, number, key):
    assert threecx_contacts(curl, recipe("carnet.xml", key), number) == []
