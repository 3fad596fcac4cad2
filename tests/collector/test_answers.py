"""What a page gets to see of the collector: the same whether a hit counts or not."""

import httpx
import pytest

from tests.collector.hits import HEADERS, PAGE, new_site
from tests.support import RunningServer

GIF = bytes.fromhex(
    "47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b"
)


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("query", ["h=https://shop.example&p=/", "h=", "dp=1", "h=nowhere", "qs={"])
@pytest.mark.parametrize("known", [True, False])
def test_fathoms_wire_answers_an_image(
    server: RunningServer, method: str, query: str, known: bool
) -> None:
    site = new_site(server).code if known else "NOBODYS"
    answer = httpx.request(
        method, f"{server.url}/?sid={site}&{query}", headers=HEADERS, verify=False
    )
    assert answer.status_code == 200
    assert answer.content == GIF
    assert len(GIF) == 43
    headers = dict(answer.headers)
    assert headers.pop("date")
    assert headers == {
        "content-type": "image/gif",
        "content-length": "43",
        "cache-control": "no-store",
        "access-control-allow-origin": "*",
    }


@pytest.mark.parametrize("body", [f'{{"a":"SITE","u":"{PAGE}"}}', "", "{", "[]"])
@pytest.mark.parametrize("known", [True, False])
def test_seals_wire_answers_204(server: RunningServer, body: str, known: bool) -> None:
    site = new_site(server).slug if known else "nobodys"
    content = body.replace("SITE", site)
    answer = httpx.post(server.url + "/event", content=content, headers=HEADERS, verify=False)
    assert answer.status_code == 204
    assert answer.content == b""
    headers = dict(answer.headers)
    assert headers.pop("date")
    assert headers == {"cache-control": "no-store", "access-control-allow-origin": "*"}


@pytest.mark.parametrize(("target", "methods"), [("/event", "POST"), ("/?sid=X", "GET, POST")])
def test_another_origin_may_ask_first(server: RunningServer, target: str, methods: str) -> None:
    answer = httpx.options(
        server.url + target,
        headers={
            "Origin": "https://shop.example",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type",
        },
        verify=False,
    )
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["access-control-allow-methods"] == methods
    assert answer.headers["access-control-allow-headers"] == "content-type"
    assert answer.headers["access-control-max-age"] == "86400"


@pytest.mark.parametrize(
    ("method", "target", "allowed"),
    [
        *((method, "/event", "POST, OPTIONS") for method in ("GET", "PUT", "PATCH", "DELETE")),
        *((method, "/?sid=X", "GET, HEAD, POST, OPTIONS") for method in ("PUT", "DELETE")),
    ],
)
def test_another_method_is_405(
    server: RunningServer, method: str, target: str, allowed: str
) -> None:
    answer = httpx.request(method, server.url + target, verify=False)
    assert answer.status_code == 405
    assert answer.headers["allow"] == allowed
    assert answer.headers["access-control-allow-origin"] == "*"


def test_head_is_no_hit_and_has_no_body(server: RunningServer) -> None:
    answer = httpx.head(server.url + "/?h=https://shop.example&p=/&sid=NOBODYS", verify=False)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/gif"
    assert answer.content == b""


def test_the_collector_sets_no_cookie(server: RunningServer) -> None:
    for answer in (
        httpx.get(server.url + "/?h=https://shop.example&p=/&sid=NOBODYS", verify=False),
        httpx.post(server.url + "/event", content=b"{}", verify=False),
    ):
        assert "set-cookie" not in answer.headers
