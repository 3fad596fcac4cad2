"""Fathom's wire: a query string becomes a stored hit."""

from decimal import Decimal
from http.client import HTTPConnection
from typing import Any

import httpx
import pytest

from tests.collector.hits import HEADERS, fathom, new_site, stored
from tests.support import BROWSER, PATIENCE, RunningServer


def test_a_pageview_with_everything(server: RunningServer) -> None:
    site = new_site(server)
    answer = fathom(
        server,
        site.code,
        h="https://shop.example",
        p="/docs/transform",
        r="https://news.example:8443/item?id=1",
        qs='{"utm_source":"letter","utm_medium":"mail","utm_campaign":"spring sale",'
        '"utm_term":"shoes","utm_content":"a+b","ref":"friend","keyword":"boots","q":"x","tab":"2"}',
        cid="62743028",
    )
    assert answer.status_code == 200
    (hit,) = stored(server, site.id)
    assert not hit.differs(
        {
            "kind": "pageview",
            "origin": "https://shop.example",
            "path": "/docs/transform",
            "name": "",
            "amount": None,
            "properties": None,
            "content_group": "",
            "browser_timezone": "",
            "referrer": "https://news.example",
            "referrer_path": "/item",
            "utm_source": "letter",
            "utm_medium": "mail",
            "utm_campaign": "spring sale",
            "utm_term": "shoes",
            "utm_content": "a+b",
            "ref": "friend",
            "keyword": "boots",
            "wire": "fathom",
        }
    )


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"p": "/a/b"}, {"origin": "https://shop.example", "path": "/a/b"}),
        ({"p": "a"}, {"path": "/a"}),
        ({"p": ""}, {"path": "/"}),
        ({"p": "//other.example/x"}, {"origin": "https://shop.example"}),
        ({"p": "/caf%C3%A9"}, {"path": "/caf%C3%A9"}),
        ({"h": "http://SHOP.example:8080"}, {"origin": "http://shop.example"}),
        ({"h": "https://bücher.example"}, {"origin": "https://xn--bcher-kva.example"}),
        # A sender on a server puts the whole address into `h`; a path in `p` goes first.
        ({"h": "https://shop.example/whole?x=1", "p": "/p"}, {"path": "/p"}),
        ({"h": "https://shop.example?utm_source=h", "p": "/"}, {"utm_source": "h"}),
        ({"p": "/a?utm_source=letter&x=1"}, {"path": "/a", "utm_source": "letter"}),
        ({"p": "/?utm_source=p", "qs": '{"utm_source":"qs"}'}, {"utm_source": "qs"}),
        ({"p": "/?utm_source=p", "qs": '{"utm_medium":"qs"}'}, {"utm_source": "p"}),
        ({"qs": "no JSON"}, {"utm_source": "", "kind": "pageview"}),
        ({"qs": '["utm_source"]'}, {"utm_source": ""}),
        ({"qs": '{"utm_source":7,"utm_medium":null,"ref":"r"}'}, {"utm_source": "", "ref": "r"}),
        ({"qs": ""}, {"utm_source": ""}),
        ({"qs": '{"UTM_SOURCE":"x"}'}, {"utm_source": ""}),
        ({"r": "https://shop.example/before"}, {"referrer": "", "referrer_path": ""}),
        ({"r": "https://www.shop.example/before"}, {"referrer": ""}),
        ({"r": "https://blog.shop.example/x"}, {"referrer": "https://blog.shop.example"}),
        ({"r": "https://news.example"}, {"referrer": "https://news.example", "referrer_path": "/"}),
        ({"r": "no address"}, {"referrer": ""}),
        ({"r": "https://[broken"}, {"referrer": ""}),
        ({"name": ""}, {"kind": "pageview", "name": ""}),
        ({"payload": '{"_value":5}'}, {"kind": "pageview", "amount": None}),
        (
            {"name": "Buy", "payload": '{"plan":"pro","seats":2,"_site_id":"X","a":[{"b":null}]}'},
            {"kind": "micro", "properties": {"plan": "pro", "seats": "2", "a": '[{"b":null}]'}},
        ),
        ({"p": "/#/about?x=1"}, {"path": "/#/about"}),
        ({"p": "/a%23b"}, {"path": "/a#b"}),
        ({"qs": '{"utm_campaign":"a\\nb\\u0000c\\u200cd"}'}, {"utm_campaign": "abc\u200cd"}),
        ({"p": "/" + "x" * 3000}, {"path": "/" + "x" * 2047}),
    ],
)
def test_a_pageview(
    server: RunningServer, fields: dict[str, str], expected: dict[str, Any]
) -> None:
    site = new_site(server)
    fathom(server, site.code, **fields)
    (hit,) = stored(server, site.id)
    assert not hit.differs({"kind": "pageview"} | expected)


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ("?h=https%3A%2F%2Fshop.example%2Fa&sid={}", "/a"),
        ("?sid={}&h=https%3A%2F%2Fshop.example%2Fwhole%3Fx%3D1", "/whole"),
        ("?sid={}&h=https%3A%2F%2Fshop.example&p=%2Ffirst&p=%2Fsecond", "/first"),
        ("?sid={}&sid=OTHER&h=https%3A%2F%2Fshop.example&p=%2Fplus+sign", "/plus sign"),
        ("?sid={}&h=https%3A%2F%2Fshop.example&p=%2F%zz", "/%zz"),
        ("?sid={}&h=https%3A%2F%2Fshop.example&p=%2F%ff", "/\ufffd"),
        ("?sid={}&h=https%3A%2F%2Fshop.example&p=%2F&p&=&&&x", "/"),
    ],
)
def test_a_query_as_written(server: RunningServer, query: str, path: str) -> None:
    site = new_site(server)
    assert get(server, query.format(site.code)) == 200
    (hit,) = stored(server, site.id)
    assert hit.path == path


@pytest.mark.parametrize(
    ("referer", "expected"),
    [
        (
            "https://shop.example/a/b?utm_source=letter&x=1",
            {"origin": "https://shop.example", "path": "/a/b", "utm_source": "letter"},
        ),
        ("https://shop.example/", {"path": "/", "kind": "pageview", "referrer": ""}),
    ],
)
def test_without_a_script_the_page_is_the_referer(
    server: RunningServer, referer: str, expected: dict[str, Any]
) -> None:
    site = new_site(server)
    for query in ("noscript=1", "x=1"):
        headers = HEADERS | {"Referer": referer}
        answer = httpx.get(f"{server.url}/?sid={site.code}&{query}", headers=headers, verify=False)
        assert answer.headers["content-type"] == "image/gif"
    no_page = httpx.get(f"{server.url}/?sid={site.code}&noscript=1", headers=HEADERS, verify=False)
    assert no_page.status_code == 200
    (hit,) = stored(server, site.id)
    assert not hit.differs(expected)


def get(server: RunningServer, target: str) -> int:
    """The status of a GET whose target no client library has tidied up."""
    host, port = server.url.removeprefix("http://").split(":")
    connection = HTTPConnection(host, int(port), timeout=PATIENCE)
    try:
        connection.putrequest("GET", "/" + target)
        connection.putheader("User-Agent", BROWSER)
        connection.endheaders()
        return connection.getresponse().status
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("fields", "kind", "name", "amount"),
    [
        ({"name": "Sign up", "payload": "{}"}, "micro", "Sign up", None),
        ({"name": "Sign up"}, "micro", "Sign up", None),
        ({"name": "Buy", "payload": '{"_value":1000}'}, "conversion", "Buy", "10"),
        ({"name": "Buy", "payload": '{"_value":0}'}, "conversion", "Buy", "0"),
        ({"name": "Buy", "payload": '{"_value":1}'}, "conversion", "Buy", "0.01"),
        ({"name": "Buy", "payload": '{"_value":12.5}'}, "conversion", "Buy", "0.125"),
        ({"name": "Refund", "payload": '{"_value":-250}'}, "conversion", "Refund", "-2.5"),
        ({"name": "Buy", "payload": '{"_value":"1000"}'}, "micro", "Buy", None),
        ({"name": "Buy", "payload": '{"_value":true}'}, "micro", "Buy", None),
        ({"name": "Buy", "payload": '{"_value":null}'}, "micro", "Buy", None),
        ({"name": "Buy", "payload": "[1]"}, "micro", "Buy", None),
        ({"name": "Buy", "payload": "{"}, "micro", "Buy", None),
        ({"gcode": "ABCDEFGH", "gval": "4999"}, "conversion", "ABCDEFGH", "49.99"),
        ({"gcode": "ABCDEFGH", "gval": "0"}, "conversion", "ABCDEFGH", "0"),
        ({"gcode": "ABCDEFGH", "gval": "1998.9999999999998"}, "conversion", "ABCDEFGH", "19.99"),
        ({"gcode": "ABCDEFGH", "gval": "-5e2"}, "conversion", "ABCDEFGH", "-5"),
        ({"gcode": "ABCDEFGH", "gval": ""}, "micro", "ABCDEFGH", None),
        ({"gcode": "ABCDEFGH", "gval": "undefined"}, "micro", "ABCDEFGH", None),
        ({"gcode": "ABCDEFGH"}, "micro", "ABCDEFGH", None),
        ({"name": "Ж" * 300}, "micro", "Ж" * 255, None),
        ({"name": "👩\u200d💻 – “é”"}, "micro", "👩\u200d💻 – “é”", None),
    ],
)
def test_an_event(
    server: RunningServer, fields: dict[str, str], kind: str, name: str, amount: str | None
) -> None:
    site = new_site(server)
    assert fathom(server, site.code, method="POST", p="/cart", **fields).status_code == 200
    (hit,) = stored(server, site.id)
    value = None if amount is None else Decimal(amount)
    assert not hit.differs({"kind": kind, "name": name, "amount": value, "path": "/cart"})


def test_a_departure_ping_is_no_hit(server: RunningServer) -> None:
    site = new_site(server)
    for ping in ({"dp": "1"}, {"dp": ""}, {"dp": "x", "name": "Sign up"}):
        assert fathom(server, site.code, method="POST", **ping).status_code == 200
    fathom(server, site.code, p="/counted")
    assert [hit.path for hit in stored(server, site.id)] == ["/counted"]


def test_a_site_is_found_by_either_name_in_any_case(server: RunningServer) -> None:
    site = new_site(server)
    for name in (site.code, site.slug, site.code.lower(), site.slug.upper()):
        fathom(server, name)
    assert len(stored(server, site.id)) == 4
