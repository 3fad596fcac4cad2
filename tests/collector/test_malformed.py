"""Whatever arrives, the collector answers as always, drops what is no hit, and goes on."""

import json
import logging
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import quote_from_bytes, urlencode

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.collector import fuzzing
from tests.collector.hits import HEADERS, PAGE, new_site, seal, stored
from tests.support import PATIENCE, RunningServer

DEEP = 5000
PRINTABLE = bytes(range(0x21, 0x7F)).decode()


def dropped(server: RunningServer) -> int:
    return server.leadline.collector.rejected["invalid_json"]


@pytest.mark.parametrize(
    "rest",
    [
        '"u":["https://shop.example/"]',
        '"u":7',
        '"u":"https://shop.example/\\x"',
        '"a":[]',
        '"a":"SITE","a":{}',
        '"s":5',
        '"t":false',
        '"r":{}',
        '"z":1',
        '"g":["docs"]',
        '"e":1',
        '"c":"1"',
        '"c":1.5',
        '"v":"5"',
        '"v":true',
        '"v":NaN',
        '"v":Infinity',
        '"v":1e999',
        '"e":"buy","v":1e13',
        '"e":"buy","v":-1e300',
        '"e":"buy","v":' + "9" * 4000,
        '"e":"buy","x":[]',
        '"e":"buy","x":"text"',
        '"e":"buy","x":{"a":1e999}',
        '"e":"buy","p":{"a":1}',
        f'"x":{{"a":{"[" * DEEP}{"]" * DEEP}}}',
        "DANGLING",
        '"u":"https://shop.example/"} trailing',
    ],
)
def test_a_payload_of_another_shape_is_dropped(server: RunningServer, rest: str) -> None:
    site = new_site(server)
    body = f'{{"a":"{site.slug}","u":"{PAGE}",{rest}}}'.replace("SITE", site.slug)
    before = dropped(server)
    answer = httpx.post(server.url + "/event", content=body, headers=HEADERS, verify=False)
    assert answer.status_code == 204
    assert dropped(server) == before + 1
    assert stored(server, site.id) == []


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b"7", b'"text"', b"[{}]", b"\x00", b"\xff\xfe", b"d={}", b"["],
)
def test_a_body_that_is_no_object_is_dropped(server: RunningServer, body: bytes) -> None:
    before = dropped(server)
    answer = httpx.post(server.url + "/event", content=body, headers=HEADERS, verify=False)
    assert answer.status_code == 204
    assert dropped(server) == before + 1


@pytest.mark.parametrize(
    "form",
    [
        b"",
        b"d=",
        b"d",
        b"e={}",
        b"d=%7B%zz%7D",
        b"d=%7B%7D%",
        b"d=%7B%7D;x=1",
        b"d=%ff%fe",
        b"d=[]",
        "d={é}".encode(),
        b"x=1&x=2",
    ],
)
def test_a_form_without_json_is_dropped(server: RunningServer, form: bytes) -> None:
    headers = HEADERS | {"Content-Type": "application/x-www-form-urlencoded"}
    before = dropped(server)
    answer = httpx.post(server.url + "/event", content=form, headers=headers, verify=False)
    assert answer.status_code == 204
    assert dropped(server) == before + 1


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"h": ""},
        {"p": "/alone"},
        {"h": PAGE, "gcode": "X", "gval": "ten"},
        {"h": PAGE, "gcode": "X", "gval": "NaN"},
        {"h": PAGE, "gcode": "X", "gval": "-Infinity"},
        {"h": PAGE, "gcode": "X", "gval": "1e400"},
        {"h": PAGE, "gcode": "X", "gval": "9" * 5000},
        {"h": PAGE, "gcode": "X", "gval": "9" * 16},
        {"h": PAGE, "name": "buy", "payload": '{"_value":1e300}'},
        {"h": PAGE, "name": "buy", "payload": '{"_value":1' + "0" * 40 + "}"},
        {"h": PAGE + "x" * 40_000},
    ],
)
def test_a_query_that_is_no_hit_is_dropped(server: RunningServer, fields: dict[str, str]) -> None:
    site = new_site(server)
    before = dropped(server)
    query = urlencode({"sid": site.code} | fields)
    answer = httpx.get(f"{server.url}/?{query}", headers=HEADERS, verify=False)
    assert answer.status_code == 200
    assert dropped(server) == before + 1
    assert stored(server, site.id) == []


@pytest.mark.parametrize(
    "fields",
    [
        {"qs": "[" * DEEP},
        {"qs": '{"a":' * (DEEP // 4)},
        {"name": "buy", "payload": "[" * DEEP},
        {"name": "buy", "payload": '{"_value":NaN}'},
        {"name": "buy", "payload": '{"_value":1e999}'},
    ],
)
def test_a_broken_extra_does_not_cost_the_hit(
    server: RunningServer, fields: dict[str, str]
) -> None:
    site = new_site(server)
    query = urlencode({"sid": site.code, "h": PAGE} | fields)
    answer = httpx.get(f"{server.url}/?{query}", headers=HEADERS, verify=False)
    assert answer.status_code == 200
    (hit,) = stored(server, site.id)
    assert not hit.differs({"utm_source": "", "amount": None})


def test_a_body_of_any_length_is_answered(server: RunningServer) -> None:
    body = b'{"a":"' + b"x" * 3_000_000 + b'"}'
    answer = httpx.post(server.url + "/event", content=body, headers=HEADERS, verify=False)
    assert answer.status_code == 204


HOSTS = st.sampled_from(["shop.example", "SHOP.example:80", "[::1]", "[", "xn--", "a b", "", "é.x"])
TEXTS = st.text(max_size=40) | st.sampled_from(
    ["", "{", "%zz", "\x00", "👩\u200d💻", "1e999", "-1"]
)
ADDRESSES = st.builds("{}://{}{}".format, st.sampled_from(["https", "ftp", ""]), HOSTS, TEXTS)
VALUES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS
    | ADDRESSES
    | st.recursive(st.none() | TEXTS, lambda inner: st.lists(inner, max_size=3), max_leaves=8)
    | st.dictionaries(TEXTS, st.floats(allow_nan=False) | TEXTS, max_size=3)
)
PAYLOADS = st.dictionaries(st.sampled_from(list("astuzcrgevmxp")), VALUES).map(
    lambda payload: json.dumps(payload).encode("utf-8", "surrogatepass")
)
QUERIES = st.dictionaries(
    st.sampled_from(["h", "p", "r", "qs", "cid", "name", "payload", "gcode", "gval"]),
    TEXTS | ADDRESSES | PAYLOADS.map(lambda payload: payload.decode("latin-1")),
).map(lambda fields: urlencode(fields, errors="surrogatepass").encode())


def test_nothing_breaks_the_collector(
    server: RunningServer, caplog: pytest.LogCaptureFixture
) -> None:
    site = new_site(server)
    host, port = server.url.removeprefix("http://").split(":")
    connection = HTTPConnection(host, int(port), timeout=PATIENCE)

    def ask(method: str, target: str, body: bytes = b"", **headers: str) -> int:
        connection.request(method, target, body=body, headers=headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status

    @settings(max_examples=200, deadline=None)
    @given(
        body=st.binary(max_size=200) | PAYLOADS,
        content_type=st.sampled_from(["text/plain", "application/x-www-form-urlencoded"]),
    )
    def post(body: bytes, content_type: str) -> None:
        named = body.replace(b"{", b'{"a":"%b",' % site.slug.encode(), 1)
        for sent in (body, named, b"d=" + quote_from_bytes(named).encode()):
            assert ask("POST", "/event", sent, **{"Content-Type": content_type}) == 204

    @settings(max_examples=200, deadline=None)
    @given(query=st.binary(max_size=200) | QUERIES)
    def get(query: bytes) -> None:
        target = f"/?sid={site.code}&{quote_from_bytes(query, safe=PRINTABLE)}"
        assert ask("GET", target.replace("#", "%23")) == 200

    try:
        post()
        get()
    finally:
        connection.close()
    seal(server, site.slug, u="https://shop.example/at-the-end")
    assert stored(server, site.id)[-1].path == "/at-the-end"
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


def test_what_is_stored_of_odd_texts_can_be_read(server: RunningServer) -> None:
    site = new_site(server)
    odd: dict[str, Any] = {"\u2028key": "\x85va\ud7ff\ue000l\U0010ffffue", "": "", "'\"\\": "\t"}
    seal(server, site.slug, e="odd\x00", x=odd)
    (hit,) = stored(server, site.id)
    expected = {"key": "va\ud7ff\ue000l\U0010ffffue", "": "", "'\"\\": ""}
    assert not hit.differs({"name": "odd", "properties": expected})


def test_chance_finds_nothing_that_is_not_specified(tmp_path: Path) -> None:
    statuses = fuzzing.run(tmp_path, 3000)
    assert statuses[200] > 500
    assert statuses[204] > 500
