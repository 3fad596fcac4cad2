"""SealMetrics' wire: a form with `d`, or the JSON itself, becomes a stored hit."""

import json
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from leadline.collector.seal import BODY_LENGTH
from tests.collector.hits import HEADERS, PAGE, new_site, seal, stored
from tests.support import RunningServer

FORM = "application/x-www-form-urlencoded"


def test_a_pageview_with_everything(server: RunningServer) -> None:
    site = new_site(server)
    address = (
        "https://www.shop.example:8443/docs/transform?utm_source=letter&utm_medium=mail"
        "&utm_campaign=spring%20sale&utm_term=shoes&utm_content=a%2Bb&ref=friend&keyword=boots#top"
    )
    answer = seal(
        server,
        site.slug,
        s="1123",
        t="MTc",
        u=address,
        r="https://news.example:8443/item?id=1",
        z="Europe/Madrid",
        c=1_774_000_000_000,
        g="docs",
    )
    assert answer.status_code == 204
    (hit,) = stored(server, site.id)
    assert not hit.differs(
        {
            "kind": "pageview",
            "origin": "https://www.shop.example",
            "path": "/docs/transform",
            "name": "",
            "amount": None,
            "properties": None,
            "content_group": "docs",
            "browser_timezone": "Europe/Madrid",
            "referrer": "https://news.example",
            "referrer_path": "/item",
            "utm_source": "letter",
            "utm_medium": "mail",
            "utm_campaign": "spring sale",
            "utm_term": "shoes",
            "utm_content": "a+b",
            "ref": "friend",
            "keyword": "boots",
            "wire": "seal",
        }
    )


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({"u": "//shop.example/a"}, {"origin": "http://shop.example", "path": "/a"}),
        ({"u": "https://shop.example"}, {"path": "/"}),
        ({"u": "https://me:secret@shop.example/"}, {"origin": "https://shop.example"}),
        ({"u": "https://shop.example/a\x00b"}, {"path": "/ab"}),
        ({"u": f"{PAGE}?utm_source=&utm_source=second"}, {"utm_source": ""}),
        ({"u": f"{PAGE}?utm_source=first&utm_source=second"}, {"utm_source": "first"}),
        (
            {"u": f"{PAGE}?utm_source=a+b&utm_medium=%zz"},
            {"utm_source": "a b", "utm_medium": "%zz"},
        ),
        ({"u": PAGE + "?utm_source=" + "x" * 600}, {"utm_source": "x" * 512}),
        ({"r": None}, {"referrer": ""}),
        ({"r": "https://shop.example/before"}, {"referrer": ""}),
        ({"s": None, "t": None, "z": None, "c": None, "g": None}, {"browser_timezone": ""}),
        ({"e": None}, {"kind": "pageview"}),
        ({"e": ""}, {"kind": "pageview"}),
        ({"m": 1}, {"kind": "pageview", "name": ""}),
        ({"v": 5}, {"kind": "pageview", "amount": None}),
        ({"unknown": [1]}, {"kind": "pageview"}),
    ],
)
def test_a_pageview(server: RunningServer, keys: dict[str, Any], expected: dict[str, Any]) -> None:
    site = new_site(server)
    seal(server, site.slug, **keys)
    (hit,) = stored(server, site.id)
    assert not hit.differs(expected)


ITEMS = [{"sku": f"article-{number}", "quantity": 2, "price": 9.5} for number in range(30)]
COMPACT: dict[str, Any] = {"separators": (",", ":"), "sort_keys": True}


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({"v": 129.99}, {"kind": "conversion", "amount": Decimal("129.99")}),
        ({"v": 5}, {"kind": "conversion", "amount": Decimal(5)}),
        ({"v": -3.5}, {"kind": "conversion", "amount": Decimal("-3.5")}),
        ({"v": 0.00005}, {"kind": "conversion", "amount": Decimal(0)}),
        ({}, {"kind": "conversion", "amount": Decimal(0)}),
        ({"v": None}, {"kind": "conversion", "amount": Decimal(0)}),
        ({"m": 1}, {"kind": "micro", "amount": None}),
        ({"m": True}, {"kind": "micro", "amount": None}),
        ({"m": 2.5, "v": 7}, {"kind": "micro", "amount": None}),
        ({"m": "true"}, {"kind": "micro"}),
        ({"m": "1"}, {"kind": "micro"}),
        ({"m": 0}, {"kind": "conversion"}),
        ({"m": False}, {"kind": "conversion"}),
        ({"m": "yes"}, {"kind": "conversion"}),
        ({"m": ""}, {"kind": "conversion"}),
        ({"m": None}, {"kind": "conversion"}),
        ({"m": []}, {"kind": "conversion"}),
        ({"m": {"true": True}}, {"kind": "conversion"}),
        ({"g": "docs"}, {"content_group": ""}),
        ({"x": {}}, {"properties": None}),
        ({"x": None, "p": {"plan": "pro"}}, {"properties": {"plan": "pro"}}),
        ({"p": {"plan": None}}, {"properties": {"plan": ""}}),
        ({"x": {"plan": "pro"}, "p": {"plan": "old"}}, {"properties": {"plan": "pro"}}),
        ({"x": {"a\x00b": "c\x00d"}}, {"properties": {"ab": "cd"}}),
        ({"x": {"long": "x" * 600}}, {"properties": {"long": "x" * 600}}),
        ({"x": {"items": ITEMS}}, {"properties": {"items": json.dumps(ITEMS, **COMPACT)}}),
        ({"x": {"half": "a\ud83d", "\udc00": ""}}, {"properties": {"half": "a�", "�": ""}}),
        ({"x": {"a": "\\ud83d 🎉 \ud83d"}}, {"properties": {"a": "\\ud83d 🎉 �"}}),
        ({"e": "Purchase ✓"}, {"name": "Purchase ✓"}),
        ({"e": "x" * 300}, {"name": "x" * 255}),
    ],
)
def test_an_event(server: RunningServer, keys: dict[str, Any], expected: dict[str, Any]) -> None:
    site = new_site(server)
    seal(server, site.slug, **{"e": "purchase"} | keys)
    (hit,) = stored(server, site.id)
    assert not hit.differs({"name": "purchase"} | expected)


NUMBERS = {
    "0": "0",
    "-7": "-7",
    "7.0": "7",
    "-0.0": "0",
    "1e3": "1000",
    "9007199254740993": "9007199254740993",
    "12.5": "12.5",
    "0.1": "0.1",
    "-0.25": "-0.25",
    "0.0001": "0.0001",
    "0.00012345": "0.00012345",
    "0.00001": "1e-05",
    "-0.000012345": "-1.2345e-05",
    "1234567.5": "1.2345675e+06",
    "123456.5": "123456.5",
    "999999.5": "999999.5",
    "1000000.5": "1.0000005e+06",
    "1e21": "1e+21",
    "1.5e300": "1.5e+300",
    "5e-324": "5e-324",
}
OTHERS = {
    "true": "true",
    "false": "false",
    "null": "",
    '""': "",
    '" As Sent "': " As Sent ",
    "[]": "[]",
    "{}": "{}",
    '[1, "two", null, true]': '[1,"two",null,true]',
    '{"b": 1, "a": {"d": 2, "c": 3}}': '{"a":{"c":3,"d":2},"b":1}',
    "[10.0, 1e21, 1e-7, -2.50, 0.1, 123456789.5]": "[10,1e+21,1e-7,-2.5,0.1,123456789.5]",
    '["<b>&</b>"]': '["\\u003cb\\u003e\\u0026\\u003c/b\\u003e"]',
    '"<b>&</b>"': "<b>&</b>",
}


@pytest.mark.parametrize("values", [NUMBERS, OTHERS], ids=["numbers", "others"])
def test_properties_are_stored_as_text(server: RunningServer, values: dict[str, str]) -> None:
    site = new_site(server)
    written = ",".join(f"{json.dumps(text)}:{text}" for text in values)
    body = f'{{"a":"{site.slug}","u":"{PAGE}","e":"buy","x":{{{written}}}}}'
    httpx.post(server.url + "/event", content=body, headers=HEADERS, verify=False)
    (hit,) = stored(server, site.id)
    assert not hit.differs({"properties": values})


@pytest.mark.parametrize(
    "content_type",
    [None, "text/plain;charset=UTF-8", "application/json", "application/octet-stream", "nonsense"],
)
def test_a_body_that_is_no_form_is_the_json_itself(
    server: RunningServer, content_type: str | None
) -> None:
    site = new_site(server)
    body = json.dumps({"a": site.slug, "u": "https://shop.example/é;%zz"}, ensure_ascii=False)
    headers = HEADERS | ({"Content-Type": content_type} if content_type else {})
    answer = httpx.post(server.url + "/event", content=body.encode(), headers=headers, verify=False)
    assert answer.status_code == 204
    (hit,) = stored(server, site.id)
    assert hit.path == "/é;%zz"


@pytest.mark.parametrize("content_type", [FORM, f"{FORM};charset=UTF-8", FORM.title()])
@pytest.mark.parametrize("form", ["d={}", "x=1&d={}", "d={}&d=second", "x&d={}&", "%64={}"])
def test_a_form_holds_the_json_in_d(server: RunningServer, content_type: str, form: str) -> None:
    site = new_site(server)
    payload = json.dumps({"a": site.slug, "u": "https://shop.example/a b"}).replace(" ", "+")
    body = form.format(quote(payload, safe="+")).replace("a+b", "a%20b")
    headers = HEADERS | {"Content-Type": content_type}
    assert (
        httpx.post(server.url + "/event", content=body, headers=headers, verify=False).status_code
        == 204
    )
    (hit,) = stored(server, site.id)
    assert hit.path == "/a b"


def test_the_longest_body(server: RunningServer) -> None:
    site = new_site(server)
    start = f'{{"a":"{site.slug}","u":"{PAGE}'
    for length in (BODY_LENGTH, BODY_LENGTH + 1):
        body = start + "x" * (length - len(start) - 2) + '"}'
        assert len(body) == length
        answer = httpx.post(server.url + "/event", content=body, headers=HEADERS, verify=False)
        assert answer.status_code == 204
    (hit,) = stored(server, site.id)
    assert len(hit.path) == 2048


def test_a_site_is_found_by_either_name_in_any_case(server: RunningServer) -> None:
    site = new_site(server)
    for name in (site.code, site.slug, site.code.lower(), site.slug.upper()):
        seal(server, name)
    assert len(stored(server, site.id)) == 4


@pytest.mark.parametrize("address", ["https://shop.example/café", "https://shop.example/caf%C3%A9"])
def test_a_form_may_have_what_is_not_ascii(server: RunningServer, address: str) -> None:
    site = new_site(server)
    form = f'd={{"a":"{site.slug}","u":"{address}"}}'.encode()
    headers = HEADERS | {"Content-Type": "application/x-www-form-urlencoded"}
    answer = httpx.post(server.url + "/event", content=form, headers=headers, verify=False)
    assert answer.status_code == 204
    (hit,) = stored(server, site.id)
    assert hit.path == "/café"
